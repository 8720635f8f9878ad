"""The filter `distance`: metres as people say them."""

from collections.abc import Callable
from typing import Final

from liquid import RenderContext
from liquid.filter import with_context

from campaigns.content.failure import Failure, TemplateFailedError
from campaigns.content.filters import own_filter
from campaigns.content.values import as_number, as_text

FINE_UNTIL: Final = 200  # up to here in tens, from here on in fifties
FEET_A_METRE: Final = 3.280839895
METRES_A_MILE: Final = 1609.344
FEET_UNTIL: Final = 1_000


@own_filter("distance")
@with_context
def distance(
    value: object, unit: object = "m", *, nearby: object = "nearby", context: RenderContext
) -> str:
    """150.4 is "150 m", 1234 is "1.2 km"; `unit` is m, km, ft or mi.

    Where it is not sure that the person is there at all, it says `nearby` instead of a number.
    """
    if context.get(["place", "confidence"], token=None) == "low":
        return as_text(nearby)
    write = WRITERS.get(as_text(unit))
    if write is None:
        raise TemplateFailedError(Failure.WRONG_TYPE)
    return write(float(as_number(value)))


def rounded(length: float) -> int:
    """To tens or fifties: a phone knows no better."""
    step = 10 if length < FINE_UNTIL else 50
    return max(step, round(length / step) * step)


def metres(length: float) -> str:
    return f"{rounded(length)} m" if rounded(length) < 1_000 else kilometres(length)


def kilometres(length: float) -> str:
    return f"{max(0.1, length / 1_000):.1f} km"


def feet(length: float) -> str:
    told = rounded(length * FEET_A_METRE)
    return f"{told} ft" if told < FEET_UNTIL else miles(length)


def miles(length: float) -> str:
    return f"{max(0.1, length / METRES_A_MILE):.1f} mi"


WRITERS: Final[dict[str, Callable[[float], str]]] = {
    "m": metres,
    "km": kilometres,
    "ft": feet,
    "mi": miles,
}
