"""Messages: Liquid content checked, filled in for one person, and measured. Pure."""

from campaigns.content.failure import Failure, WithheldCode
from campaigns.content.lint import Problem, check, variables
from campaigns.content.locale import choose_locale
from campaigns.content.payload import MAX_PAYLOAD_BYTES, payload_bytes
from campaigns.content.render import Rendered, Withheld, render

__all__ = [
    "MAX_PAYLOAD_BYTES",
    "Failure",
    "Problem",
    "Rendered",
    "Withheld",
    "WithheldCode",
    "check",
    "choose_locale",
    "payload_bytes",
    "render",
    "variables",
]
