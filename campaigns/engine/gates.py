"""The checks between a fired trigger and a push: the first objection wins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.content import MAX_PAYLOAD_BYTES, Rendered, Withheld, payload_bytes
from campaigns.content import choose_locale as chosen
from campaigns.content import render as rendered
from campaigns.engine.cancelling import canceller
from campaigns.engine.candidate import Candidate, words
from campaigns.engine.crossing import not_open, visited_lately
from campaigns.engine.quiet import is_quiet
from campaigns.engine.states import MomentState, Reason
from triggers.clock import local_date
from triggers.trigger import PlaceTrigger


@dataclass(frozen=True, kw_only=True)
class Pass:
    """`content` is set by the gate that renders, `note` says what it chose."""

    content: Rendered | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Skip:
    reason: str
    detail: str = ""
    state: MomentState = MomentState.SKIPPED


Answer = Pass | Skip
PASS = Pass()
MAX_CHAIN = 5  # messages that start one another


def event_age(candidate: Candidate) -> Answer:
    event, trigger = candidate.event, candidate.campaign.definition.trigger
    if event.received_at - event.occurred_at > timedelta(seconds=trigger.max_age_s):
        return Skip(reason=Reason.EVENT_TOO_OLD)
    return PASS


def chain(candidate: Candidate) -> Answer:
    if candidate.event.chain > MAX_CHAIN:
        return Skip(reason=Reason.CHAIN_TOO_LONG)
    return PASS


def reachable(candidate: Candidate) -> Answer:
    if candidate.reachable:
        return PASS
    troubles = [device.trouble for device in candidate.state.devices]
    return Skip(reason=troubles[-1] if troubles else Reason.NO_DEVICE)


def re_entry(candidate: Candidate) -> Answer:
    """How often one person, or one person and key, can get this."""
    rule = candidate.campaign.definition.trigger.re_entry
    last = last_passed(candidate)
    if rule.mode == "always" or last is None:
        return PASS
    now = candidate.event.decided_at
    if rule.mode == "once":
        return Skip(reason=Reason.ALREADY_RECEIVED)
    if rule.mode == "daily":
        same = local_date(last, candidate.zone) == local_date(now, candidate.zone)
        return Skip(reason=Reason.TOO_SOON) if same else PASS
    soon = now - last < timedelta(seconds=rule.every_s)
    return Skip(reason=Reason.TOO_SOON) if soon else PASS


def cooldown(candidate: Candidate) -> Answer:
    """How soon after a message about this place, or one with a tag in common."""
    trigger = candidate.campaign.definition.trigger
    if not isinstance(trigger, PlaceTrigger):
        return PASS
    lately = visited_lately(
        trigger, candidate.campaign.id, candidate.key, candidate.event, candidate.state
    )
    return Skip(reason=Reason.COOLDOWN, detail=lately) if lately else PASS


def opening_hours(candidate: Candidate) -> Answer:
    trigger = candidate.campaign.definition.trigger
    if not isinstance(trigger, PlaceTrigger):
        return PASS
    reason, detail = not_open(trigger, candidate.event)
    return Skip(reason=reason, detail=detail) if reason else PASS


def quiet_hours(candidate: Candidate) -> Answer:
    """Only what is about a place keeps quiet so far; it would be stale in the morning."""
    trigger = candidate.campaign.definition.trigger
    if not isinstance(trigger, PlaceTrigger) or trigger.quiet_hours == "send":
        return PASS
    quiet = is_quiet(candidate.quiet, candidate.event.decided_at, candidate.zone)
    return Skip(reason=Reason.QUIET_HOURS) if quiet else PASS


def last_passed(candidate: Candidate) -> datetime | None:
    by_key = candidate.campaign.definition.trigger.re_entry.scope == "key"
    times = [
        at
        for (campaign_id, key), moments in candidate.state.passed.items()
        if campaign_id == candidate.campaign.id and (not by_key or key == candidate.key)
        for at in moments.values()
    ]
    return max(times, default=None)


def not_cancelled(candidate: Candidate) -> Answer:
    name = canceller(candidate.campaign, candidate.event, candidate.state, candidate.zone)
    if name is None:
        return PASS
    return Skip(reason=Reason.CANCELLED_BY_EVENT, detail=name, state=MomentState.CANCELLED)


def fresh(candidate: Candidate) -> Answer:
    if candidate.event.decided_at < candidate.expires_at:
        return PASS
    return Skip(reason=Reason.EXPIRED, state=MomentState.EXPIRED)


def render(candidate: Candidate) -> Answer:
    messages = candidate.campaign.definition.messages
    locale = chosen(messages, candidate.state.locale)
    result = rendered(messages[locale], words(candidate), allowed_schemes=candidate.link_schemes)
    if isinstance(result, Withheld):
        return Skip(reason=result.code, detail=result.detail)
    size = payload_bytes({"title": result.title, "body": result.body, "link": result.deep_link})
    if size > MAX_PAYLOAD_BYTES:
        return Skip(reason=Reason.PAYLOAD_TOO_BIG, detail=f"{size} bytes")
    return Pass(content=result, note=locale)


Gate = Callable[[Candidate], Answer]
GATES: tuple[tuple[str, Gate], ...] = (
    ("event_age", event_age),
    ("chain", chain),
    ("cancelled", not_cancelled),
    ("reachable", reachable),
    ("re_entry", re_entry),
    ("cooldown", cooldown),
    ("fresh", fresh),
    ("opening_hours", opening_hours),
    ("quiet_hours", quiet_hours),
    ("render", render),
)
