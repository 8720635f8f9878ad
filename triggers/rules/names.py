"""Looks up the keys, fields and operators that a document names, and says what was meant."""

from collections.abc import Iterable
from enum import Enum
from typing import Any, Final

from triggers.rules.errors import RuleError, closest
from triggers.rules.fields import FIELDS, MAX_PATH_CHARS, Fact, find_fact
from triggers.rules.measures import MEASURES, Measure
from triggers.rules.operands import has_unstorable
from triggers.rules.operators import OPERATORS, OTHER_NAMES, Operator
from triggers.rules.values import printable

# What react-querybuilder keeps beside the rule for itself; it never changes the verdict.
BOOKKEEPING: Final = frozenset({"id", "path", "valueSource", "disabled", "muted"})

_ROOTS: Final = {
    "user": "person.traits",
    "traits": "person.traits",
    "person": "person.traits",
    "properties": "event.properties",
    "event": "event.properties",
    "context": "event.context",
    "segments": "segment",
    "place": "place.attributes",
}


class Scope(Enum):
    """Whose facts a rule can ask: where it stands decides."""

    EVENT = "event"  # a trigger's rule
    SEGMENT = "segment"  # a person at any time, without an event
    PAST = "past"  # one past event by itself


_FAMILIES: Final = {
    Scope.EVENT: ("event", "person", "device", "place", "local", "segment", "history"),
    Scope.SEGMENT: ("person", "local", "segment", "history"),
    Scope.PAST: ("event",),
}
_ONLY: Final = {
    Scope.SEGMENT: "A segment is about a person at any time, not about one event.",
    Scope.PAST: "Only the past event itself can be asked here.",
}


def field_names(scope: Scope = Scope.EVENT) -> tuple[str, ...]:
    """Every name a document may use, families with <path>, for messages."""
    plain = (f"{field.name}.<path>" if field.takes_path else field.name for field in FIELDS)
    return tuple(name for name in (*plain, *MEASURES) if _family(name) in _FAMILIES[scope])


def read_field(name: Any, pointer: str, scope: Scope) -> Fact | Measure:
    if not isinstance(name, str) or not name:
        raise RuleError(pointer, "Choose a field.")
    field = MEASURES.get(name) or find_fact(name)
    if field is None:
        known = listed(field_names(scope))
        message = f'There is no field "{printable(name)}". Use {known}.'
        raise RuleError(pointer, message, _closest_field(name))
    if _family(name) not in _FAMILIES[scope]:
        raise RuleError(pointer, f"{_ONLY[scope]} Use {listed(field_names(scope))}.")
    if isinstance(field, Fact):
        check_path(field.path, pointer)
    return field


def read_operator(name: Any, pointer: str) -> Operator:
    if not isinstance(name, str) or not name:
        raise RuleError(pointer, "Choose an operator.")
    operator = OPERATORS.get(name)
    if operator is None:
        message = f'There is no operator "{printable(name)}". Use {listed(OPERATORS)}.'
        raise RuleError(pointer, message, OTHER_NAMES.get(name) or closest(name, OPERATORS))
    return operator


def check_path(path: str, pointer: str) -> None:
    if len(path) > MAX_PATH_CHARS or has_unstorable(path):
        raise RuleError(pointer, f"Use a name of at most {MAX_PATH_CHARS} plain characters.")


def check_keys(
    raw: dict[str, Any], known: frozenset[str], pointer: str, *, what: str = "a rule"
) -> None:
    for key in raw:
        if key not in known and key not in BOOKKEEPING:
            escaped = printable(key).replace("~", "~0").replace("/", "~1")
            message = f"Remove this key; {what} has {listed(sorted(known))}."
            raise RuleError(f"{pointer}/{escaped}", message, closest(key, known))
    if raw.get("valueSource", "value") != "value":
        message = "Type a value; a field cannot be compared with another field."
        raise RuleError(f"{pointer}/valueSource", message)


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _family(name: str) -> str:
    return name.partition(".")[0]


def _closest_field(name: str) -> str | None:
    """event.propertys.venue -> event.properties.venue; user.city -> person.traits.city."""
    family, _, path = printable(name).partition(".")
    head, _, rest = path.partition(".")
    takes_path = {field.name for field in FIELDS if field.takes_path}
    known = (*(field.name for field in FIELDS), *MEASURES)
    siblings = [one for one in known if one.startswith(f"{family.lower()}.")]
    near = closest(f"{family}.{head}", siblings, cutoff=0.8)
    if near:
        return f"{near}.{rest or '<path>'}" if near in takes_path else near
    if path and family in _ROOTS:
        return f"{_ROOTS[family]}.{path}"
    return closest(name, field_names())
