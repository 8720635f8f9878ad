"""How many people are in a segment, and some of them, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from audience.admin.who import names_of
from campaigns.admin.trace_tree import Tree, tree_of
from campaigns.selectors.headcount import MOST_COUNTED, Example, Headcount
from triggers.rules import Verdict
from triggers.rules.nearest import nearest
from triggers.rules.nearest_words import nearest_sentence

NOBODY_YET = "There is nobody yet. People appear with the first event that names them."
NOT_KNOWN = "Not known, so not in it"
OUTSIDE = "Not in it"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One person of the examples."""

    person_id: int
    name: str
    tree: Tree
    note: str
    nearest: str


@dataclass(frozen=True, kw_only=True)
class People:
    """`sentence` is the answer, `notes` say how far it can be trusted."""

    sentence: str
    notes: list[str]
    inside: list[Shown]
    outside: list[Shown]


def people_of(count: Headcount) -> People:
    examples = [*count.inside_examples, *count.outside_examples]
    names = names_of(one.person_id for one in examples)
    return People(
        sentence=sentence(count),
        notes=notes(count),
        inside=_shown(count.inside_examples, names),
        outside=_shown(count.outside_examples, names),
    )


def sentence(count: Headcount) -> str:
    if not count.looked_at:
        return NOBODY_YET
    if count.exact:
        return f"{count.inside:,} of {_people(count.people)} {_are(count.inside)} in it now."
    if count.people >= MOST_COUNTED:
        share = 100 * count.inside / count.looked_at
        return f"About {share:.0f} of every 100 people are in it now."
    about = rounded(count.inside * count.people / count.looked_at)
    return f"About {about:,} of {_people(count.people)} are in it now."


def notes(count: Headcount) -> list[str]:
    found = []
    if not count.exact:
        why = ", and stopped when it took too long" if count.hurried else ""
        found.append(f"{_asked(count)}{why}: {count.inside:,} {_are(count.inside)} in it.")
    if count.unknown:
        found.append(
            f"Of {_people(count.unknown)} we cannot tell, because something that the conditions "
            "ask is not known. They are not in it."
        )
    return found


def _asked(count: Headcount) -> str:
    there = "over a million" if count.people >= MOST_COUNTED else f"{count.people:,}"
    if count.spread:
        return f"We asked {count.looked_at:,} of {there} people, spread over all of them"
    return f"Of {there} people we asked the {count.looked_at:,} who came first"


def rounded(number: float) -> int:
    """Two digits that mean something: 31,847 is about 32,000."""
    whole = round(number)
    return round(whole, 2 - len(str(whole)))


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _shown(examples: Iterable[Example], names: dict[int, str]) -> list[Shown]:
    return [
        Shown(
            person_id=one.person_id,
            name=names.get(one.person_id, f"Person {one.person_id}"),
            tree=tree_of(one.trace),
            note=_NOTES[one.verdict],
            nearest=nearest_sentence(nearest(one.trace)),
        )
        for one in examples
    ]


_NOTES = {Verdict.MATCH: "", Verdict.NO_MATCH: OUTSIDE, Verdict.UNKNOWN: NOT_KNOWN}
