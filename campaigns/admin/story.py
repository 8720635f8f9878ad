"""One moment from event to phone: what happened, which conditions held, which checks passed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from audience.models import Device
from campaigns.admin.durations import SECONDS
from campaigns.admin.kinds import EVENT, kind_of, no_conditions
from campaigns.admin.preview import Phone
from campaigns.admin.properties import short
from campaigns.admin.sheet import definition_from
from campaigns.engine.states import MomentState, PushState
from campaigns.models import Moment, Push
from campaigns.reasons import Explanation, Place, because, explain
from campaigns.services.trigger_checks.re_entry import told_apart_by
from campaigns.state_names import CHECK_NAMES, PUSH_STATE_NAMES, STATE_NAMES
from triggers.models import Event

MOST_SHOWN = 200  # characters of one property
MOST_MS = 10_000  # beyond that milliseconds are no longer read
STILL_WAITS = "Nothing yet. When the wait is over, the message is filled in and shown here."
SECTIONS = ("message", "when", "limits", "publish")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check in the order in which they were asked."""

    name: str
    passed: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One instant on the way; `after` is the time since the step before it, in words."""

    name: str
    at: datetime
    after: str


@dataclass(frozen=True, kw_only=True)
class PushStory:
    device: str
    state: str
    badge: str
    why: str
    error: str
    resent: bool
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Story:
    """Everything the page of one moment shows."""

    moment: Moment
    state_name: str
    waits_until: datetime | None
    key_name: str
    no_conditions: str
    told: Explanation
    next_url: str
    event: Event | None
    properties: list[tuple[str, str]]
    checks: list[Check]
    phone: Phone
    platform: str
    pushes: list[PushStory]
    steps: list[Step]

    def as_context(self) -> dict[str, Any]:
        names = self.__dataclass_fields__
        rule = self.moment.trace.get("rule") if isinstance(self.moment.trace, dict) else None
        return {**{name: getattr(self, name) for name in names}, "rule": rule}


def story(moment: Moment, *, app: str) -> Story:
    told = explain(state=moment.state, reason=moment.reason, detail=moment.detail)
    event = event_of(moment)
    pushes = list(Push.objects.filter(moment=moment).order_by("created_at", "id"))
    devices = {
        device.pk: device
        for device in Device.objects.filter(pk__in=[push.device_id for push in pushes])
    }
    known = moment.state in set(MomentState)
    return Story(
        moment=moment,
        state_name=STATE_NAMES[MomentState(moment.state)] if known else moment.state,
        waits_until=moment.due_at if moment.state == MomentState.WAITING else None,
        key_name=_key_name(moment),
        no_conditions=_no_conditions(moment),
        told=told,
        next_url=next_step_url(moment, told.place),
        event=event,
        properties=_properties(event),
        checks=checks_of(moment),
        phone=_phone(moment, told, app),
        platform=next((device.platform for device in devices.values()), ""),
        pushes=[_push(moment, push, devices.get(push.device_id)) for push in pushes],
        steps=_steps(_before(moment)),
    )


def event_of(moment: Moment) -> Event | None:
    """By both parts of its key, so that one partition is read; None once it is too old."""
    if moment.event_id is None:
        return None
    found = Event.objects.filter(
        workspace_id=moment.workspace_id, received_at=moment.received_at, id=moment.event_id
    )
    return found.first()


def next_step_url(moment: Moment, place: Place) -> str:
    """Where the next step is done, or "" if not in the admin."""
    if place == "person":
        return reverse("admin:audience_person_change", args=[moment.person_id])
    if place in SECTIONS:
        page = reverse("admin:campaigns_campaign_change", args=[moment.campaign_id])
        return f"{page}#{place}"
    return ""


def _properties(event: Event | None) -> list[tuple[str, str]]:
    found = event.properties if event and isinstance(event.properties, dict) else {}
    return [(str(name)[:MOST_SHOWN], str(value)[:MOST_SHOWN]) for name, value in found.items()]


def checks_of(moment: Moment) -> list[Check]:
    trace = moment.trace if isinstance(moment.trace, dict) else {}
    return [_check(one) for one in trace.get("checks", []) if isinstance(one, dict)]


def _check(one: dict[str, Any]) -> Check:
    passed = one.get("verdict") == "pass"
    code, detail = str(one.get("check", "")), str(one.get("detail", ""))
    told = because(reason=str(one.get("reason", "")), detail=detail).why
    language = f"Message: {detail}" if code == "render" and detail else ""
    return Check(name=CHECK_NAMES.get(code, code), passed=passed, note=language if passed else told)


def _phone(moment: Moment, told: Explanation, app: str) -> Phone:
    if moment.state == MomentState.WAITING:
        return Phone(app=app, why=STILL_WAITS, waiting=True)
    content = moment.content
    if not isinstance(content, dict):
        why = because(reason=moment.reason, detail=moment.detail).why or told.sentence
        return Phone(app=app, why=f"{why[:1].upper()}{why[1:].removesuffix('.')}.")
    return Phone(
        app=app,
        title=str(content.get("title", "")),
        body=str(content.get("body", "")),
        link=str(content.get("deep_link", "")),
    )


def _push(moment: Moment, push: Push, device: Device | None) -> PushStory:
    known = push.state in set(PushState)
    told = because(reason=push.reason).why if push.reason else ""
    marks = [
        ("Decided", moment.passed_at or moment.opened_at),
        ("Sent to Firebase", push.sent_at),
        (PUSH_STATE_NAMES[PushState(push.state)] if known else push.state, push.settled_at),
    ]
    return PushStory(
        device=device.get_platform_display() if device else "A phone that is gone",
        state=PUSH_STATE_NAMES[PushState(push.state)] if known else push.state,
        badge=push.state,
        why="" if push.state == PushState.ACCEPTED else told,
        error=push.error_code,
        resent=push.resent,
        steps=_steps(marks),
    )


def _key_name(moment: Moment) -> str:
    """What the moment's key is called, such as cart_id; "" if it has none."""
    definition = definition_from(moment.version.definition) if moment.key else None
    return short(told_apart_by(definition.trigger)) if definition else ""


def _no_conditions(moment: Moment) -> str:
    definition = definition_from(moment.version.definition)
    return no_conditions(kind_of(definition.trigger) if definition else EVENT)


def _before(moment: Moment) -> list[tuple[str, datetime | None]]:
    """Up to the decision; where there was a wait, up to its end and what became of it."""
    begin: list[tuple[str, datetime | None]] = [
        ("Happened on the phone", moment.occurred_at),
        ("Received", moment.received_at),
    ]
    if moment.due_at is None:
        return [*begin, ("Decided", moment.opened_at)]
    begin.append(("Began to wait", moment.opened_at))
    if moment.state == MomentState.WAITING:
        return [*begin, ("Waits until", moment.due_at)]
    if moment.passed_at:
        return [*begin, ("Due", moment.due_at), ("All checks passed", moment.passed_at)]
    over = (STATE_NAMES.get(MomentState(moment.state), "Over"), moment.ended_at)
    if moment.ended_at and moment.ended_at < moment.due_at:
        return [*begin, over, ("Would have been due", moment.due_at)]
    return [*begin, ("Due", moment.due_at), over]


def _steps(marks: list[tuple[str, datetime | None]]) -> list[Step]:
    steps: list[Step] = []
    for name, at in marks:
        if at is None:
            continue
        after = _after(at - steps[-1].at) if steps else ""
        steps.append(Step(name=name, at=at, after=after))
    return steps


def _after(passed: timedelta) -> str:
    """120 ms; from ten seconds on 45 minutes 3 seconds"""
    milliseconds = round(passed.total_seconds() * 1000)
    if milliseconds < MOST_MS:
        return f"{milliseconds} ms"
    left, words = round(milliseconds / 1000), []
    for unit, size in reversed(SECONDS.items()):
        number, left = divmod(left, size)
        if number:
            words.append(f"{number} {unit.removesuffix('s') if number == 1 else unit}")
    return " ".join(words[:2])
