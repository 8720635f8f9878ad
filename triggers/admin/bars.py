"""Counts by day as a small picture: people would rather look than read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, GAP, HEIGHT = 8, 2, 28
THOUSAND = 1_000


@dataclass(frozen=True)
class Bar:
    """One day; `height` is 0 to 100, `label` what fits above a narrow column."""

    day: date
    events: int
    height: int

    @property
    def label(self) -> str:
        return shortened(self.events) if self.events else ""

    @property
    def top(self) -> int:
        return 100 - self.height


def bars_of(days: Sequence[date], events: Sequence[int]) -> list[Bar]:
    most = max(events, default=0)
    return [
        Bar(day, number, height_of(number, most)) for day, number in zip(days, events, strict=True)
    ]


def height_of(events: int, most: int) -> int:
    """Of 100; a single event is still to be seen beside a million."""
    return max(4, round(100 * events / most)) if events else 0


def shortened(events: int) -> str:
    """999, 1.2k, 12k, 3.4M"""
    if events < THOUSAND:
        return str(events)
    thousands = events / THOUSAND
    if round(thousands) >= THOUSAND:
        return f"{thousands / THOUSAND:.3g}M"
    return f"{thousands:.2g}k" if thousands < 10 else f"{round(thousands)}k"


def picture(days: Sequence[date], events: Sequence[int]) -> SafeString:
    """The bars in a line of a list; what it shows is also said."""
    rows = (
        (
            number * (WIDTH + GAP),
            HEIGHT - (tall := round(bar.height * HEIGHT / 100, 1)),
            WIDTH,
            tall,
            f"{date_format(bar.day, 'D j M')}: {bar.events:,}",
        )
        for number, bar in enumerate(bars_of(days, events))
    )
    lines = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        rows,
    )
    wide = len(days) * (WIDTH + GAP) - GAP
    return format_html(
        '<svg class="ec-bars" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{words}"><path d="M0 {line}H{w}"/>{lines}</svg>',
        w=wide,
        h=HEIGHT,
        line=HEIGHT,
        words=in_words(days, events),
        lines=lines,
    )


def in_words(days: Sequence[date], events: Sequence[int]) -> str:
    most = max(events, default=0)
    if not most:
        return f"None in the last {len(days)} days"
    peak = date_format(days[list(events).index(most)], "j M")
    return f"{sum(events):,} in the last {len(days)} days, most on {peak}: {most:,}"
