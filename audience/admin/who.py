"""The name by which a person is recognised: the user id, else an anonymous one."""

from collections.abc import Iterable

from audience.models import Identity, IdentityKind, Person


def names_of(people: Iterable[int]) -> dict[int, str]:
    """By any id a person ever had; two queries, however many people."""
    asked = set(people)
    canonical = {
        id_: merged or id_
        for id_, merged in Person.objects.filter(pk__in=asked).values_list("id", "merged_into_id")
    }
    known: dict[int, Identity] = {}
    for one in Identity.objects.filter(person_id__in=asked | set(canonical.values())):
        best = known.get(one.person_id)
        if best is None or (one.kind == IdentityKind.USER and best.kind != IdentityKind.USER):
            known[one.person_id] = one
    return {id_: name(id_, canonical.get(id_, id_), known) for id_ in asked}


def name(person: int, canonical: int, known: dict[int, Identity]) -> str:
    found = [known[one] for one in (canonical, person) if one in known]
    users = [one for one in found if one.kind == IdentityKind.USER]
    return (users or found)[0].value if found else f"Person {person}"
