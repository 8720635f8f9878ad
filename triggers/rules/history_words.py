"""A test of past events as words: Order Completed happened at least 2 times today."""

from typing import Final

from triggers.rules.fields import find_fact, in_words
from triggers.rules.history import Calendar, History, Join, Window
from triggers.rules.tree import HistoryLeaf
from triggers.rules.values import printable

_TIMES: Final = {"equals": "exactly", "not_equals": "not exactly"}
_PERIODS: Final = {"day": "today", "week": "this week", "month": "this month"}


def history_words(leaf: HistoryLeaf, *, value: str, where: str) -> str:
    """value and where: the operator's value and the nested rule in words, "" for none."""
    history = leaf.history
    subject = leaf.measure.words.format(
        event=printable(history.event), path=in_words(history.path or "")
    )
    window = _window(history.window)
    conditions = _conditions(history, where)
    if not leaf.measure.of:
        return f"{subject} {_times(leaf, value)}{window}{conditions}"
    comma = "," if conditions else ""
    test = f"{leaf.operator.words} {value}" if value else leaf.operator.words
    return f"{subject}{window}{conditions}{comma} {test}"


def span_words(n: int, unit: str) -> str:
    return f"{n} {unit.removesuffix('s') if n == 1 else unit}"


def _times(leaf: HistoryLeaf, value: str) -> str:
    words = _TIMES.get(leaf.operator.name, leaf.operator.words.removeprefix("is "))
    return f"{words} {value} {'time' if value == '1' else 'times'}"


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    if isinstance(window, Calendar):
        return f" {_PERIODS[window.period]}"
    return f" in the last {span_words(window.n, window.unit)}"


def _conditions(history: History, where: str) -> str:
    joined = " and ".join(map(_join, history.joins))
    return (f" where {where}" if where else "") + (f", {joined}" if joined else "")


def _join(join: Join) -> str:
    past = in_words(join.path)
    fact = find_fact(join.equals)
    now = fact.words() if fact else join.equals
    return f"with the same {past}" if now == past else f"with {past} equal to the event's {now}"
