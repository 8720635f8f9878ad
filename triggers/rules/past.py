"""Compiles a test of past events: finds those it is about, and what their measure may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from triggers.rules.fields import Facts, Reader, find_fact, held_in
from triggers.rules.history import Calendar, History, Join, PastEvent, PastEvents, Window
from triggers.rules.local_time import period_start
from triggers.rules.measures import Chosen, Measure, Value
from triggers.rules.operators import Operator
from triggers.rules.possible import EARLIEST, LATEST, Options, Possible, agreed
from triggers.rules.tree import Group, HistoryLeaf, Look, Test, Why
from triggers.rules.values import Kind, as_instant, kind_of
from triggers.rules.verdict import MATCH, NO_MATCH, UNKNOWN, Verdict

Take = Callable[[PastEvent, Facts], Any]

_JOINED_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN)
_PROPERTY = held_in("event", "properties")


def make_history_leaf(
    *,
    measure: Measure,
    history: History,
    where: Group | None,
    operator: Operator,
    value: Any,
    operand: Any,
) -> HistoryLeaf:
    """value: as in the document. operand: what the operator's check takes."""
    question = _Question(
        history=history,
        choose=_Choice(
            take=_taker(measure, history),
            where=where.test if where else None,
            joins=tuple(_readers(join) for join in history.joins),
        ),
        possible=measure.take,
        check=operator.build(operand),
        needs_now=operator.needs_now,
        marks=_numbers(value),
    )
    return HistoryLeaf(
        name=measure.name,
        measure=measure,
        history=history,
        where=where,
        operator=operator,
        value=value,
        look=question.look,
        test=lambda facts: question.look(facts).verdict,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Choice:
    """Which of the loaded events count, and what each brings."""

    take: Take
    where: Test | None
    joins: tuple[tuple[Reader, Reader], ...]

    def wanted(self, facts: Facts) -> tuple[Any, ...] | None:
        """The triggering event's values to join by, or None where one is missing or a list."""
        values = tuple(equals(facts) for _, equals in self.joins)
        return values if all(kind_of(value) in _JOINED_KINDS for value in values) else None

    def value(self, event: PastEvent, wanted: tuple[Any, ...], now: Any) -> Value | None:
        """None for an event that certainly does not count."""
        facts = {
            "event": {
                "name": event.name,
                "properties": event.properties,
                "context": event.context,
            },
            "now": now,
        }
        pairs = zip(self.joins, wanted, strict=True)
        if not all(_same(past(facts), value) for (past, _), value in pairs):
            return None
        counts = self.where(facts) if self.where else MATCH
        if counts is NO_MATCH:
            return None
        return Value(self.take(event, facts), sure=counts is MATCH)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    history: History
    choose: _Choice
    possible: Callable[[Chosen], Possible]
    check: Callable[..., Verdict]
    needs_now: bool
    marks: tuple[float, ...]

    def look(self, facts: Facts) -> Look:
        loaded = _loaded(facts, self.history.event)
        if loaded is None:
            return Look(verdict=UNKNOWN, why=Why.NOT_LOADED)
        looked_at = len(loaded.events)
        period = _period(self.history.window, facts)
        if period is None or (self.needs_now and as_instant(facts.get("now")) is None):
            return Look(verdict=UNKNOWN, looked_at=looked_at, why=Why.NO_NOW)
        wanted = self.choose.wanted(facts)
        if wanted is None:
            return Look(verdict=UNKNOWN, looked_at=looked_at, why=Why.NO_JOIN_VALUE)
        chosen = self._chosen(loaded, period, wanted, facts.get("now"))
        possible = self.possible(chosen)
        verdict = self._verdict(possible, facts.get("now"))
        why = _why(chosen) if verdict is UNKNOWN else None
        return Look(verdict=verdict, looked_at=looked_at, possible=possible, why=why)

    def _chosen(
        self,
        loaded: PastEvents,
        period: tuple[datetime, datetime],
        wanted: tuple[Any, ...],
        now: Any,
    ) -> Chosen:
        since, until = period
        inside = [event for event in loaded.events if since <= event.occurred_at <= until]
        values = (self.choose.value(event, wanted, now) for event in inside)
        return Chosen(
            values=tuple(value for value in values if value),
            complete=loaded.complete or _reaches_back(loaded, since),
        )

    def _verdict(self, possible: Possible, now: Any) -> Verdict:
        if isinstance(possible, Options) and possible.unlike:
            return UNKNOWN
        probes = possible.probes(self.marks, as_instant(now))
        if self.needs_now:
            return agreed(self.check(probe, now) for probe in probes)
        return agreed(self.check(probe) for probe in probes)


def _loaded(facts: Facts, event: str) -> PastEvents | None:
    history = facts.get("history")
    return history.get(event) if isinstance(history, Mapping) else None


def _period(window: Window | None, facts: Facts) -> tuple[datetime, datetime] | None:
    """First and last instant, in UTC; None for a window without an aware now."""
    if window is None:
        return EARLIEST, LATEST
    now = as_instant(facts.get("now"))
    if now is None:
        return None
    # Two times in one zone would be compared by their wall clocks, wrongly around a fold.
    now = now.astimezone(UTC)
    if isinstance(window, Calendar):
        zone = facts.get("zone")
        known = zone if isinstance(zone, tzinfo) else UTC
        return period_start(window.period, now=now, zone=known), now
    return now - window.span, now


def _reaches_back(loaded: PastEvents, since: datetime) -> bool:
    """Events left out are older than these, so they may all lie before the window."""
    return bool(loaded.events) and loaded.events[-1].occurred_at < since


def _why(chosen: Chosen) -> Why:
    if not chosen.complete:
        return Why.HISTORY_LIMIT
    if not all(value.sure for value in chosen.values):
        return Why.WHERE_UNKNOWN
    return Why.NO_VALUE


def _taker(measure: Measure, history: History) -> Take:
    if measure.of == "time":
        return lambda event, _facts: event.occurred_at
    if measure.of == "property" and history.path:
        read = _PROPERTY(history.path)
        return lambda _event, facts: read(facts)
    return lambda _event, _facts: None


def _readers(join: Join) -> tuple[Reader, Reader]:
    """How to read the past event's value, and the triggering event's."""
    equals = find_fact(join.equals)
    if equals is None:
        raise ValueError(join.equals)
    return _PROPERTY(join.path), equals.reader()


def _same(past: Any, wanted: Any) -> bool:
    return kind_of(past) is kind_of(wanted) and past == wanted


def _numbers(value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(number for number in values if kind_of(number) is Kind.NUMBER)
