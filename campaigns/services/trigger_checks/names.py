"""The names in a trigger: events, and properties of the event that starts the campaign."""

from typing import Final

from triggers.rules import find_fact
from triggers.rules.fields import MAX_PATH_CHARS
from triggers.rules.operands import has_unstorable
from triggers.rules.values import printable

MAX_EVENT_NAME: Final = 200
SUCH_AS: Final = "such as event.properties.cart_id"
PLAIN_NAME: Final = f"Use a name of at most {MAX_PATH_CHARS} plain characters."

Problem = tuple[str, str]


def event_problems(field: str, name: str, choose: str) -> list[Problem]:
    if not name.strip():
        return [(field, choose)]
    if len(name) > MAX_EVENT_NAME:
        return [(field, f"At most {MAX_EVENT_NAME} characters.")]
    return []


def path_problems(field: str, path: str, choose: str) -> list[Problem]:
    """Of the path of a property or trait, without what stands before it."""
    if not path.strip():
        return [(field, choose)]
    return [] if is_plain(path) else [(field, PLAIN_NAME)]


def is_plain(path: str) -> bool:
    return len(path) <= MAX_PATH_CHARS and not has_unstorable(path)


def property_problems(field: str, name: str) -> list[Problem]:
    """Only the event itself is known where moments are told apart and joined."""
    fact = find_fact(name)
    if fact is None:
        hint = "" if "." in name or not name.strip() else _meant(name)
        problem = f"There is no field “{printable(name)}”. Choose a property of the event,"
        return [(field, f"{problem} {SUCH_AS}.{hint}")]
    if not fact.field.name.startswith("event."):
        return [(field, f"Choose a property of the event itself, {SUCH_AS}.")]
    return [] if is_plain(fact.path) else [(field, PLAIN_NAME)]


def _meant(name: str) -> str:
    return f" Did you mean event.properties.{printable(name)}?"
