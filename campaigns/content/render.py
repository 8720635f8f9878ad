"""Fills a message in for one person, or says why that person does not get it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from liquid.exceptions import (
    ContextDepthError,
    LiquidError,
    LocalNamespaceLimitError,
    OutputStreamLimitError,
)
from liquid.output import LimitedStringIO

from campaigns.content.context import Context
from campaigns.content.engine import Engine
from campaigns.content.failure import (
    AbortedError,
    BadLinkError,
    Failure,
    MissingValueError,
    TemplateFailedError,
    WithheldCode,
)
from campaigns.content.link import may_open
from campaigns.content.template import read
from campaigns.definition import Message

# What filters and comparisons of the engine raise on values of an unexpected kind or size.
_VALUE_ERRORS = (
    LiquidError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_TOO_MUCH = (ContextDepthError, LocalNamespaceLimitError, RecursionError)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words one person reads. `deep_link` is "" where there is none."""

    title: str
    body: str
    deep_link: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why there are none. The detail is a variable's path, the author's reason, or a Failure."""

    code: WithheldCode
    detail: str


def render(
    message: Message, values: Mapping[str, Any], *, allowed_schemes: Collection[str]
) -> Rendered | Withheld:
    """The message with `values` filled in.

    They are by namespace: person, event, device, place, campaign, now.
    Values may hold anything an app can send; whatever they hold, this returns and never raises.
    """
    try:
        return _rendered(message, values, allowed_schemes)
    except MissingValueError as missing:
        return Withheld(WithheldCode.MISSING, missing.path)
    except AbortedError as aborted:
        return Withheld(WithheldCode.ABORTED, aborted.reason)
    except BadLinkError:
        return Withheld(WithheldCode.BAD_LINK, "deep_link")
    except TemplateFailedError as failed:
        return Withheld(WithheldCode.TEMPLATE_FAILED, failed.failure)
    except _VALUE_ERRORS as error:
        return Withheld(WithheldCode.TEMPLATE_FAILED, _named(error))


def _rendered(
    message: Message, values: Mapping[str, Any], allowed_schemes: Collection[str]
) -> Rendered:
    title = _filled(message.title, values, link=False)
    body = _filled(message.body, values, link=False)
    if not title and not body:
        raise TemplateFailedError(Failure.EMPTY_MESSAGE)
    deep_link = _filled(message.deep_link, values, link=True)
    if not may_open(deep_link, allowed_schemes):
        raise BadLinkError
    return Rendered(title, body, deep_link)


def _filled(source: str, values: Mapping[str, Any], *, link: bool) -> str:
    template = read(source)
    if template.faults:
        raise TemplateFailedError(template.faults[0].failure)
    if template.parsed is None:
        return source.strip()
    written = LimitedStringIO(Engine.output_stream_limit)
    context = Context(template.parsed, values, link=link)
    template.parsed.render_with_context(context, written)
    return written.getvalue().strip()


def _named(error: Exception) -> Failure:
    if isinstance(error, OutputStreamLimitError):
        return Failure.OUTPUT_TOO_LONG
    return Failure.TOO_MUCH_WORK if isinstance(error, _TOO_MUCH) else Failure.WRONG_TYPE
