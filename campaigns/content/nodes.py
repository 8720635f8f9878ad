"""The tags whose behaviour is ours: printing, assigning, looping and aborting."""

import re
from io import StringIO
from typing import TextIO
from urllib.parse import quote

from liquid import RenderContext, TokenStream
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.assign_tag import AssignNode, AssignTag
from liquid.builtin.tags.capture_tag import CaptureNode, CaptureTag
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.builtin.tags.for_tag import ForNode, ForTag
from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression
from liquid.tag import Tag
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG, Token
from liquid.undefined import Undefined

from campaigns.content.context import Context
from campaigns.content.failure import (
    AbortedError,
    Failure,
    MissingValueError,
    TemplateFailedError,
)
from campaigns.content.values import MOST_ITEMS, LinkPart, Missing, as_text, is_blank, tidy_text

LONGEST_REASON = 100

# Braze writes the reason in parentheses; others do not.
_REASON = re.compile(r"""(\()?\s*(["'])(?P<reason>.*?)\2\s*(?(1)\))""", re.DOTALL)


def settled(expression: Expression, context: RenderContext) -> object:
    """The value of an expression; Missing when a variable without `default` comes to nothing."""
    value = expression.evaluate(context)
    if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, Path):
        return value
    if any(step.name == "default" for step in expression.filters or ()):
        return value
    own = isinstance(context, Context) and context.is_own(expression.left.path)
    if value is None or (isinstance(value, str) and is_blank(value) and not own):
        return Missing(tidy_text(str(expression.left)))
    return value


def _print(expression: Expression, context: RenderContext, buffer: TextIO) -> int:
    value = settled(expression, context)
    text = as_text(value)
    if isinstance(context, Context) and context.link and not isinstance(value, LinkPart):
        text = quote(text, safe="")
    return buffer.write(text)


class PrintNode(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return _print(self.expression, context, buffer)


class PrintTag(Output):
    node_class = PrintNode


class TidyEchoNode(EchoNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return _print(self.expression, context, buffer)


class TidyEchoTag(EchoTag):
    node_class = TidyEchoNode


class SettledAssignNode(AssignNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        context.assign(self.name, settled(self.expression, context))
        return 0


class SettledAssignTag(AssignTag):
    node_class = SettledAssignNode


class EscapedCaptureNode(CaptureNode):
    def _assign(self, context: RenderContext, buf: StringIO) -> None:
        # What a link captured has been escaped piece by piece as it was printed.
        link = isinstance(context, Context) and context.link
        context.assign(self.name, LinkPart(buf.getvalue()) if link else buf.getvalue())


class EscapedCaptureTag(CaptureTag):
    node_class = EscapedCaptureNode


class ShortForNode(ForNode):
    """A loop over at most 200 items, checked before the engine walks or copies them."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        items = self.expression.iterable.evaluate(context)
        if isinstance(items, Undefined) and self.default is None:
            raise MissingValueError(items.name)
        if isinstance(items, range) and items.stop - items.start > MOST_ITEMS:
            raise TemplateFailedError(Failure.RANGE_TOO_LONG)
        return super().render_to_output(context, buffer)


class ShortForTag(ForTag):
    node_class = ShortForNode


class AbortNode(Node):
    __slots__ = ("reason",)

    def __init__(self, token: Token, reason: str) -> None:
        super().__init__(token)
        self.reason = reason

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        raise AbortedError(self.reason)


class AbortTag(Tag):
    """`{% abort_message 'reason' %}`: this person does not get the message."""

    name = "abort_message"
    block = False

    def parse(self, stream: TokenStream) -> AbortNode:
        token = stream.expect(TOKEN_TAG)
        if stream.peek.kind != TOKEN_EXPRESSION:
            return AbortNode(token, "")
        next(stream)
        found = _REASON.fullmatch(stream.current.value)
        if found is None:
            raise LiquidSyntaxError("expected a quoted reason", token=stream.current)
        return AbortNode(token, found["reason"][:LONGEST_REASON])


OWN_TAGS: tuple[type[Tag], ...] = (
    PrintTag,
    TidyEchoTag,
    SettledAssignTag,
    EscapedCaptureTag,
    ShortForTag,
    AbortTag,
)
