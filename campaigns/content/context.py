"""What one rendering sees and how much it may do."""

from collections.abc import Mapping
from typing import Any

from liquid import BoundTemplate, RenderContext, Token
from liquid.undefined import UNDEFINED, Undefined
from liquid.utils import ReadOnlyChainMap

from campaigns.content.failure import Failure, TemplateFailedError
from campaigns.content.values import MOST_ITEMS, Missing, is_blank, tidy, tidy_text

ROOTS = ("person", "event", "device", "place", "campaign", "now")

MOST_STEPS = 5_000
MOST_TURNS = MOST_ITEMS


class Context(RenderContext):
    """Tidies every value from outside as it is looked up, and counts the work.

    `link` says that what is printed becomes part of a link. The engine limits the turns of nested
    loops only; here all loops of a rendering share one allowance, and so do all look-ups.
    """

    __slots__ = ("link", "steps", "turns")

    def __init__(self, template: BoundTemplate, values: Mapping[str, Any], *, link: bool) -> None:
        super().__init__(template, globals=values)
        # The engine's own scope also answers `now` and `today` from the clock.
        self.scope = ReadOnlyChainMap(self.locals, self.globals)
        self.link = link
        self.steps = 0
        self.turns = 0

    def spend(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TemplateFailedError(Failure.TOO_MUCH_WORK)

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self.turns += length
        if self.turns > MOST_TURNS:
            raise TemplateFailedError(Failure.TOO_MUCH_WORK)

    def filter(self, name: str, token: Token | None) -> Any:
        self.spend()
        return super().filter(name, token)

    def get(
        self, path: list[object], *, token: Token | None, default: object = UNDEFINED
    ) -> object:
        """The value at a path, tidied if it comes from outside; Missing if there is none."""
        self.spend()
        value = self._find(path)
        if path[0] in ROOTS:
            value = tidy(value, self.spend)
        elif self.is_own(path):
            return value
        if not is_blank(value):
            return value
        return value if isinstance(value, Undefined) else Missing(dotted(path))

    def is_own(self, path: list[Any]) -> bool:
        """True for a name that the template assigned: its author may well want it blank."""
        return len(path) == 1 and path[0] in self.locals

    def _find(self, path: list[object]) -> object:
        unknown = next((key for key in path if isinstance(key, Undefined)), None)
        if unknown is not None or not isinstance(path[0], str):
            return unknown
        value = self.scope.get(path[0])
        for key in path[1:]:
            try:
                value = self.get_item(value, key)
            except (LookupError, TypeError):
                return None
        return value


def dotted(path: list[object]) -> str:
    """A path as a template writes it: `event.properties.items[0]`."""
    text = str(path[0])
    for key in path[1:]:
        text += f".{key}" if isinstance(key, str) else f"[{key}]"
    return tidy_text(text)
