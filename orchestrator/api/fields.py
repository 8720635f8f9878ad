"""Reading one field of what was posted, or saying what is wrong with it."""

from typing import Any

from audience.identities import is_accident

MAX_ID = 200


class Fault(ValueError):
    """Why one message does not get in."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


def text(value: Any, longest: int = 200) -> str:
    return value[:longest] if isinstance(value, str) else ""


def identifier(posted: dict[str, Any], name: str) -> str | None:
    """An id as text; None for an absent one and for accidents such as `undefined`."""
    value = posted.get(name)
    if value is None or isinstance(value, bool | float | list | dict):
        if isinstance(value, list | dict):
            raise Fault("wrong_type", f"`{name}` must be text", f"Send {name} as text")
        return None
    if len(str(value)) > MAX_ID:
        raise Fault("id_too_long", f"`{name}` has at most {MAX_ID} characters", "Send a short id")
    return None if is_accident(str(value)) else str(value)
