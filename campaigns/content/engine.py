"""The Liquid engine as we allow it: python-liquid with fewer tags, fewer filters and limits."""

from functools import cache

from liquid import Environment, Token
from liquid.exceptions import LiquidError
from liquid.token import TOKEN_CONTENT, TOKEN_ILLEGAL, TOKEN_OUTPUT

from campaigns.content import distance  # noqa: F401 - registers its filter
from campaigns.content.filters import allowed_filters
from campaigns.content.nodes import OWN_TAGS
from campaigns.content.values import Missing

# `raw` never reaches the parser. Left out: include and render (there is nothing to include),
# cycle, increment, decrement, ifchanged and tablerow (no use in so short a text).
ALLOWED_TAGS = frozenset(
    {
        "if",
        "unless",
        "case",
        "for",
        "break",
        "continue",
        "assign",
        "capture",
        "echo",
        "liquid",
        "comment",
        "#",
        "abort_message",
    }
)
_INNER_TAGS = frozenset({TOKEN_CONTENT, TOKEN_OUTPUT, TOKEN_ILLEGAL})


class Engine(Environment):
    """An environment that allows only what ALLOWED_TAGS and the filter lists name."""

    block_nesting_limit = 20
    context_depth_limit = 20
    # In the engine's own measure, bytes of memory; a text of 2,048 letters takes 2,097.
    local_namespace_limit = 10_000
    output_stream_limit = 4_096

    def __init__(self) -> None:
        super().__init__(undefined=Missing)
        for tag in OWN_TAGS:
            self.add_tag(tag)
        allowed = ALLOWED_TAGS | _INNER_TAGS
        self.tags = {name: tag for name, tag in self.tags.items() if name in allowed}
        self.filters = allowed_filters(self)

    def error(
        self,
        exc: type[LiquidError] | LiquidError,
        msg: str | None = None,
        token: Token | None = None,
    ) -> None:
        """Raise, as always, but give an error at the end of an expression a place to point at."""
        nowhere = isinstance(exc, LiquidError) and exc.token and exc.token.start_index < 0
        if nowhere and token is not None and token.start_index >= 0:
            exc.token = token
        super().error(exc, msg, token)


@cache
def engine() -> Engine:
    """The one engine of the process; it holds no state of a rendering."""
    return Engine()
