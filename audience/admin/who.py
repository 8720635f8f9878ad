"""The name by which a person is recognised: the user id, else a guest, else a number."""

from collections import defaultdict
from collections.abc import Iterable

from audience.models import Identity, IdentityKind, Person

SHOWN_OF_GUEST = 8


def names_of(people: Iterable[int]) -> dict[int, str]:
    """By any id a person ever had, what to call who they are now; two queries, however many."""
    asked = set(people)
    merged = Person.objects.filter(pk__in=asked, merged_into__isnull=False)
    canonical = {id_: id_ for id_ in asked} | dict(merged.values_list("id", "merged_into_id"))
    ids: dict[int, list[Identity]] = defaultdict(list)
    for one in Identity.objects.filter(person_id__in=set(canonical.values())):
        ids[one.person_id].append(one)
    return {id_: name(person, ids[person]) for id_, person in canonical.items()}


def name(person: int, ids: Iterable[Identity]) -> str:
    """`ids` are those of this person; of several of a kind the oldest is used."""
    known = sorted(ids, key=lambda one: (one.kind != IdentityKind.USER, one.pk))
    if not known:
        return f"Person {person}"
    if known[0].kind == IdentityKind.USER:
        return known[0].value
    return f"Guest {known[0].value[:SHOWN_OF_GUEST]}"
