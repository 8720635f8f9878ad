"""What one campaign made of an event: its rule, the checks, the outcome, and how long it took."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from campaigns import reasons
from campaigns.engine.states import MomentState, Reason
from campaigns.models import Moment, Push
from campaigns.state_names import CHECK_NAMES
from orchestrator.pipeline.explain import Answer
from triggers.models import Event
from triggers.rules import parse
from triggers.rules.values import printable

Tone = Literal["sent", "wait", "no"]


class Leaf(msgspec.Struct, kw_only=True):
    """A condition that decided: what it asks, and what was there ("" for nothing)."""

    sentence: str
    verdict: str
    actual: str


class Check(msgspec.Struct, kw_only=True):
    name: str
    passed: bool
    note: str


class Step(msgspec.Struct, kw_only=True):
    """A point on the way of a push, in milliseconds after the event was received."""

    name: str
    at_ms: float


class Outcome(msgspec.Struct, kw_only=True):
    """How it ended; `next` is what to do about it, at `url`, by writing `hint`.

    `until` is set while it waits.
    """

    tone: Tone
    sentence: str
    until: datetime | None = None
    next: str = ""
    url: str = ""
    hint: str = ""


class Line(msgspec.Struct, kw_only=True):
    """One campaign that listened to the event."""

    campaign: str
    url: str
    rule: str
    verdict: str
    later: bool = False
    deciding: list[Leaf] = []
    checks: list[Check] = []
    outcome: Outcome | None = None
    title: str = ""
    body: str = ""
    steps: list[Step] = []


def fired_line(event: Event, moment: Moment, pushes: Sequence[Push]) -> Line:
    """A campaign whose rule matched: what was written down when it was decided."""
    trigger = moment.version.definition.get("trigger", {})
    content = moment.content or {}
    return Line(
        campaign=moment.campaign.name,
        url=campaign_url(moment.campaign_id),
        rule=parse(trigger.get("rule")).sentence(),
        verdict="match",
        checks=[check(one) for one in moment.trace.get("checks", [])],
        outcome=outcome(moment),
        title=content.get("title", ""),
        body=content.get("body", ""),
        steps=steps(event, moment, pushes),
    )


def silent_line(answer: Answer) -> Line:
    """A campaign that listened and did nothing."""
    return Line(
        campaign=answer.campaign_name,
        url=campaign_url(answer.campaign_id),
        rule=answer.rule,
        verdict=answer.verdict.value,
        later=answer.later,
        deciding=[
            Leaf(sentence=one["sentence"], verdict=one["verdict"], actual=shown(one.get("actual")))
            for one in answer.deciding
        ],
    )


def check(traced: Mapping[str, str]) -> Check:
    passed, detail = traced["verdict"] == "pass", traced.get("detail", "")
    note = f"({detail})" if passed and detail not in {"", "default"} else ""
    name = traced["check"]
    return Check(name=CHECK_NAMES.get(name, name), passed=passed, note=note)


def outcome(moment: Moment) -> Outcome:
    told = reasons.explain(state=moment.state, reason=moment.reason, detail=moment.detail)
    missing = moment.reason == Reason.MISSING and moment.detail
    return Outcome(
        tone=tone(moment.state),
        sentence=told.sentence,
        until=moment.due_at if moment.state == MomentState.WAITING else None,
        next=told.next,
        url=place_url(told.place, moment),
        hint=reasons.fallback(moment.detail) if missing else "",
    )


def tone(state: str) -> Tone:
    if state == MomentState.SENT:
        return "sent"
    return "wait" if state in {MomentState.WAITING, MomentState.PUSHING} else "no"


def place_url(place: reasons.Place, moment: Moment) -> str:
    if place == "person":
        return f"/admin/audience/person/{moment.person_id}/change/"
    return "" if place in {"app", "none"} else campaign_url(moment.campaign_id)


def campaign_url(campaign_id: int) -> str:
    return f"/admin/campaigns/campaign/{campaign_id}/change/"


def steps(event: Event, moment: Moment, pushes: Sequence[Push]) -> list[Step]:
    """The way of the push that arrived first; the wait is a part of it, where there was one."""
    first = min(pushes, key=lambda push: push.settled_at or push.expires_at, default=None)
    if first is None or first.sent_at is None:
        return []
    way = [
        ("received", event.received_at),
        ("decided", event.decided_at),
        *([("wait over", moment.passed_at)] if moment.due_at and moment.passed_at else []),
        ("handed to FCM", first.sent_at),
    ]
    if first.settled_at:
        way.append((first.state, first.settled_at))
    return [Step(name=name, at_ms=since(event, at)) for name, at in way]


def since(event: Event, at: datetime) -> float:
    """Milliseconds; never below zero, since two processes read the clock."""
    return round(max(0.0, (at - event.received_at).total_seconds() * 1000), 1)


def shown(value: Any) -> str:
    """A value of an event as text; nothing is ""."""
    if value is None:
        return ""
    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
