"""A template, read once: its parse tree, the variables it asks for, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from liquid import BoundTemplate, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions import LoopExpression, StringLiteral
from liquid.builtin.expressions.logical import EqExpression, NeExpression
from liquid.builtin.expressions.primitive import Blank, Empty, RangeLiteral
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.static_analysis import TemplateAnalysis
from liquid.undefined import Undefined

from campaigns.content import fault
from campaigns.content.context import ROOTS
from campaigns.content.engine import engine
from campaigns.content.fault import Fault
from campaigns.content.values import is_blank

MAX_TEMPLATE_BYTES = 4_096
KEPT_TEMPLATES = 512


@dataclass(frozen=True, slots=True)
class Template:
    """What `read` found. Plain text has no parse tree; with any fault nothing is rendered."""

    parsed: BoundTemplate | None
    variables: frozenset[str]
    faults: tuple[Fault, ...]


PLAIN = Template(parsed=None, variables=frozenset(), faults=())


class OrBlank(Expression):
    """One side of `== blank` or `== ''`, where the engine would say that missing is not blank."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        super().__init__(inner.token)
        self.inner = inner

    def evaluate(self, context: RenderContext) -> object:
        value = self.inner.evaluate(context)
        return "" if isinstance(value, Undefined) else value

    def children(self) -> list[Expression]:
        return [self.inner]


def is_plain(source: str) -> bool:
    """True for text that needs no engine."""
    return "{{" not in source and "{%" not in source


def is_too_long(source: str) -> bool:
    return len(source.encode("utf-8", "surrogatepass")) > MAX_TEMPLATE_BYTES


def read(source: str) -> Template:
    """Parse and examine a template. Kept by its source, a failure too; never raises."""
    if is_too_long(source):
        return _unreadable(fault.too_long(MAX_TEMPLATE_BYTES))
    if is_plain(source):
        return PLAIN
    return _read(source)


@lru_cache(maxsize=KEPT_TEMPLATES)
def _read(source: str) -> Template:
    if unclosed := fault.unclosed(source):
        return _unreadable(unclosed)
    try:
        parsed = engine().from_string(source)
        return _examined(parsed, source)
    except LiquidError as error:
        return _unreadable(fault.from_engine(error, source))
    except RecursionError:
        return _unreadable(fault.too_deep())


def _unreadable(found: Fault) -> Template:
    return Template(parsed=None, variables=frozenset(), faults=(found,))


def _examined(parsed: BoundTemplate, source: str) -> Template:
    nodes = list(_nodes(parsed.nodes, RenderContext(parsed)))
    expressions = [part for node in nodes for top in node.expressions() for part in _parts(top)]
    analysis = parsed.analyze(include_partials=False)
    outside = [place for root in ROOTS for place in analysis.globals.get(root, ())]
    for expression in expressions:
        _let_missing_be_blank(expression)
    faults = sorted(
        [
            *_stray_ranges(expressions, source),
            *_reserved_names(nodes, source),
            *_unknown_filters(analysis, source),
            *_unknown_names(analysis, source),
        ],
        key=lambda found: (found.line, found.column),
    )
    return Template(parsed, frozenset(str(place) for place in outside), tuple(faults))


def _nodes(nodes: Iterator[Node] | list[Node], context: RenderContext) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _nodes(list(node.children(context)), context)


def _parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in expression.children():
        yield from _parts(child)


def _let_missing_be_blank(expression: Expression) -> None:
    if not isinstance(expression, EqExpression | NeExpression):
        return
    if _means_blank(expression.right):
        expression.left = OrBlank(expression.left)
    elif _means_blank(expression.left):
        expression.right = OrBlank(expression.right)


def _means_blank(expression: Expression) -> bool:
    if isinstance(expression, StringLiteral):
        return is_blank(expression.value)
    return isinstance(expression, Blank | Empty)


def _stray_ranges(expressions: list[Expression], source: str) -> Iterator[Fault]:
    looped = {id(part.iterable) for part in expressions if isinstance(part, LoopExpression)}
    for part in expressions:
        if isinstance(part, RangeLiteral) and id(part) not in looped:
            yield fault.stray_range(source, part.token.start_index)


def _reserved_names(nodes: list[Node], source: str) -> Iterator[Fault]:
    for node in nodes:
        for name in (*node.template_scope(), *node.block_scope()):
            if name in ROOTS:
                yield fault.reserved_name(source, name.token.start_index, name)


def _unknown_filters(analysis: TemplateAnalysis, source: str) -> Iterator[Fault]:
    known = engine().filters
    for name, places in analysis.filters.items():
        if name not in known:
            for place in places:
                yield fault.unknown_filter(source, place.index, name, list(known))


def _unknown_names(analysis: TemplateAnalysis, source: str) -> Iterator[Fault]:
    known = {*ROOTS, *analysis.locals}
    for name, places in analysis.globals.items():
        if name not in known:
            for place in places:
                yield fault.unknown_name(source, place.span.index, name, ROOTS)
