"""What would have had to differ, as a sentence that a marketer reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from triggers.rules.nearest import Difference, Trace
from triggers.rules.operators import OPERATORS, Operator
from triggers.rules.sentence import segment_words, value_words
from triggers.rules.values import Kind, as_instant, kind_of, printable
from triggers.rules.verdict import MATCH, UNKNOWN

NOT_KNOWN: Final = "not known"
SHOWN: Final = 5
# What the fact would have had to be, and, where the test had to fail, not to be.
_HAD: Final[dict[str, tuple[str, str]]] = {
    "equals": ("had been", "had not been"),
    "one_of": ("had been one of", "had been none of"),
    "more_than": ("had been more than", "had been at most"),
    "at_least": ("had been at least", "had been less than"),
    "between": ("had been from", "had not been from"),
    "contains": ("had contained", "had not contained"),
    "starts_with": ("had started with", "had not started with"),
    "ends_with": ("had ended with", "had not ended with"),
    "matches": ("had matched", "had not matched"),
    "has": ("had included", "had not included"),
    "has_any": ("had included any of", "had included none of"),
    "has_all": ("had included all of", "had not included all of"),
    "before": ("had been before", "had not been before"),
    "after": ("had been after", "had not been after"),
    "within_last": ("had been within the last", "had not been within the last"),
    "within_next": ("had been within the next", "had not been within the next"),
    "is_true": ("had been true", "had been false"),
}
_OPPOSITES: Final = {
    "not_equals": "equals",
    "not_one_of": "one_of",
    "less_than": "at_least",
    "at_most": "more_than",
    "not_contains": "contains",
    "is_false": "is_true",
    "is_not_set": "is_set",
}
_ORDERED: Final = ("more_than", "at_least", "between", "before", "after")
_STRICT: Final = (("more_than", True), ("at_least", False))  # the number itself is not enough
_SUBJECTS: Final = {"person.first_seen_at": "the time we first saw them"}
_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def nearest_sentence(differences: Sequence[Difference]) -> str:
    """It would have matched if the cart value had been at least 50 (it was 20; 30 more was needed).

    "" for no differences. After SHOWN of them the others are only counted.
    """
    if not differences:
        return ""
    parts = [_part(_Change(one)) for one in differences[:SHOWN]]
    if len(differences) > SHOWN:
        parts.append(f"{len(differences) - SHOWN} more conditions had been different")
    *first, last = parts
    joined = f"{', '.join(first)} and {last}" if first else last
    return f"It would have matched if {joined}."


def seen_words(leaf: Trace) -> str:
    """What a leaf of a trace saw: 20, "Utrecht", from 1 to 3, not known."""
    operator = OPERATORS[leaf["operator"]]
    if "actual" in leaf:
        return _shown(leaf["actual"], operator)
    if options := leaf.get("options"):
        return f"perhaps {' or '.join(_shown(one, operator) for one in options)}"
    ends = {name: _shown(leaf[name], operator) for name in ("low", "high") if name in leaf}
    if len(ends) == 2:
        return f"from {ends['low']} to {ends['high']}"
    if "low" in ends:
        return f"at least {ends['low']}"
    return f"at most {ends['high']}" if ends else NOT_KNOWN


@dataclass(frozen=True, slots=True)
class _Change:
    """A difference in terms of the operator's positive twin: "less than" is not "at least"."""

    of: Difference

    @property
    def leaf(self) -> Trace:
        return self.of.leaf

    @property
    def operator(self) -> Operator:
        return OPERATORS[self.leaf["operator"]]

    @property
    def name(self) -> str:
        return _OPPOSITES.get(self.operator.name, self.operator.name)

    @property
    def positive(self) -> bool:
        return (self.of.needed is MATCH) is (self.name == self.operator.name)

    @property
    def value(self) -> str:
        return value_words(self.operator, self.leaf["value"])

    @property
    def subject(self) -> str:
        test = f" {self.operator.words} {self.value}".rstrip()
        bare = self.leaf["sentence"].removesuffix(test)
        return _SUBJECTS.get(self.leaf["field"], f"the {bare}")


def _part(change: _Change) -> str:
    field = change.leaf["field"]
    if change.name == "is_set":
        return _known(change)
    if field.startswith("segment."):
        been = "had been" if change.positive else "had not been"
        return f"the person {been} in {segment_words(field.removeprefix('segment.'))}"
    if field == "history.count":
        had = " had happened " if change.of.needed is MATCH else " had not happened "
        return f"{change.leaf['sentence'].replace(' happened ', had, 1)} ({_was(change)})"
    had = _HAD[change.name][0 if change.positive else 1]
    return f"{f'{change.subject} {had} {change.value}'.rstrip()} ({_was(change)})"


def _known(change: _Change) -> str:
    if change.positive:
        return f"we had known {change.subject}"
    return f"we had not known {change.subject} (it was {seen_words(change.leaf)})"


def _was(change: _Change) -> str:
    seen = seen_words(change.leaf)
    if seen == NOT_KNOWN:
        return "we don't know it"
    if change.leaf["verdict"] == UNKNOWN.value and change.leaf.get("actual") is not None:
        return f"it was {seen}, which cannot be compared"
    gap = _gap(change) if change.name in _ORDERED else ""
    return f"it was {seen}; {gap} was needed" if gap else f"it was {seen}"


def _gap(change: _Change) -> str:
    """By how much: 30 more, more than 2 less, 3 days earlier; "" where nothing can be said."""
    value, actual = change.leaf["value"], change.leaf.get("actual")
    if change.name in ("before", "after"):
        return _time_gap(as_instant(actual), as_instant(value))
    wanted = value if isinstance(value, list) else [value]
    if change.name == "between" and not change.positive:
        return ""
    if any(kind_of(one) is not Kind.NUMBER for one in (actual, *wanted)):
        return ""
    gaps = [Decimal(str(one)) - Decimal(str(actual)) for one in wanted]
    gap = min(gaps, key=abs)
    least = "more than " if (change.name, change.positive) in _STRICT else ""
    return f"{least}{abs(gap):f} {'more' if gap > 0 else 'less'}" if gap else ""


def _time_gap(actual: datetime | None, wanted: datetime | None) -> str:
    if actual is None or wanted is None or actual == wanted:
        return ""
    return f"{_lasting(abs(wanted - actual))} {'later' if wanted > actual else 'earlier'}"


def _lasting(span: timedelta) -> str:
    seconds = max(1, round(span.total_seconds()))
    unit, size = next(one for one in _UNITS if seconds >= one[1])
    number = -(-seconds // size)  # rounded up: less would not be enough
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _shown(seen: Any, operator: Operator) -> str:
    if seen is None:
        return "empty"
    if isinstance(seen, bool):
        return "true" if seen else "false"
    if not isinstance(seen, str):
        return str(seen)
    if operator.facts == (Kind.LIST,):
        return printable(seen).strip("[]") or "an empty list"
    instant = as_instant(seen) if operator.facts == (Kind.DATE,) else None
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if instant else f'"{seen}"'
