"""Why a message could not be written: the codes that are stored, and what carries them inside."""

from enum import StrEnum


class WithheldCode(StrEnum):
    """Why one person does not get a message."""

    MISSING = "missing"
    ABORTED = "aborted"
    BAD_LINK = "bad_link"
    TEMPLATE_FAILED = "template_failed"


class Failure(StrEnum):
    """The detail of `template_failed`."""

    TEMPLATE_TOO_LONG = "template_too_long"
    TEMPLATE_UNREADABLE = "template_unreadable"
    UNKNOWN_TAG = "unknown_tag"
    UNKNOWN_FILTER = "unknown_filter"
    UNKNOWN_NAME = "unknown_name"
    RESERVED_NAME = "reserved_name"
    RANGE_OUTSIDE_FOR = "range_outside_for"
    RANGE_TOO_LONG = "range_too_long"
    LIST_PRINTED = "list_printed"
    LIST_TOO_LONG = "list_too_long"
    TEXT_TOO_LONG = "text_too_long"
    NUMBER_TOO_BIG = "number_too_big"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    DATE_PATTERN = "date_pattern"
    WRONG_TYPE = "wrong_type"
    TOO_MUCH_WORK = "too_much_work"
    OUTPUT_TOO_LONG = "output_too_long"
    EMPTY_MESSAGE = "empty_message"


class MissingValueError(Exception):
    """A value that has to be shown is not known."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class AbortedError(Exception):
    """The author's own `abort_message`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadLinkError(Exception):
    """The finished link may not be opened."""


class TemplateFailedError(Exception):
    """The template cannot be read, or cannot be filled in with these values."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure
