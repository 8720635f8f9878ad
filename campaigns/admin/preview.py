"""The phone beside the message: what one person would read, or exactly why nothing comes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from campaigns import reasons
from campaigns.admin.samples import Sample, completed
from campaigns.content import (
    MAX_PAYLOAD_BYTES,
    Rendered,
    Withheld,
    WithheldCode,
    payload_bytes,
    render,
)
from campaigns.definition import Definition, Message
from campaigns.engine.candidate import Candidate, facts, words, zone
from campaigns.engine.compiled import CompiledCampaign, compiled
from campaigns.engine.states import Reason
from triggers.rules import RuleError, Verdict, Why
from triggers.segments import FAMILY
from triggers.trigger import BusinessTrigger, EventTrigger, PlaceTrigger

BLANK_MESSAGE = "Write a title or a text, and it appears here."
NOT_HERE = "“Only if” does not hold here, so nothing would be sent."
NOT_KNOWN = "“Only if” asks about something that is not known here, so nothing would be sent."
UNSEEN = "This preview does not look at a person's past or segments, which “Only if” asks about."
TRY_IT = "“Try it on recent events” does."
CAN_BE_TRIED = (EventTrigger, BusinessTrigger, PlaceTrigger)


@dataclass(frozen=True, kw_only=True)
class Phone:
    """What the lock screen shows. `why` is set, and the words are empty, if nothing comes.

    `fits` warns that the rule would let nothing out; `unseen` says that it was not all asked.
    """

    app: str
    title: str = ""
    body: str = ""
    link: str = ""
    why: str = ""
    fix: str = ""
    fits: str = ""
    unseen: str = ""
    when: str = "now"
    waiting: bool = False


def phone(
    *,
    definition: Definition,
    message: Message,
    sample: Sample,
    campaign: tuple[str, str],
    app: str,
    link_schemes: Collection[str],
) -> Phone:
    """`campaign` is its key and name, `app` the name above the push."""
    if not message.title.strip() and not message.body.strip():
        return Phone(app=app, why=BLANK_MESSAGE, waiting=True)
    sample = completed(sample, message)
    candidate = _candidate(definition, sample, campaign, link_schemes)
    result = render(message, words(candidate), allowed_schemes=link_schemes)
    fits, unseen = _fits(candidate)
    if isinstance(result, Withheld):
        return Phone(app=app, fits=fits, unseen=unseen, why=_why(result), fix=_fix(result))
    size = _size(result)
    if size > MAX_PAYLOAD_BYTES:
        told = reasons.because(reason=Reason.PAYLOAD_TOO_BIG, detail=f"{size:,} bytes")
        why = _sentence(told.why)
        return Phone(app=app, fits=fits, unseen=unseen, why=why, fix=told.next)
    return Phone(
        app=app,
        fits=fits,
        unseen=unseen,
        title=result.title,
        body=result.body,
        link=result.deep_link,
    )


def _candidate(
    definition: Definition,
    sample: Sample,
    campaign: tuple[str, str],
    link_schemes: Collection[str],
) -> Candidate:
    return Candidate(
        campaign=_compiled(definition, campaign),
        state=sample.state,
        event=sample.event,
        key="",
        expires_at=sample.event.occurred_at,
        zone=zone(sample.state, "UTC"),
        quiet=(),
        link_schemes=frozenset(link_schemes),
    )


def _compiled(definition: Definition, campaign: tuple[str, str]) -> CompiledCampaign:
    """The draft as it would be asked; a rule or a cancel that is half written asks nothing."""
    key, name = campaign
    try:
        return compiled(id=0, key=key, name=name, version_id=0, number=0, definition=definition)
    except RuleError:
        trigger = msgspec.structs.replace(definition.trigger, rule=None, cancel_on=())
        return compiled(
            id=0,
            key=key,
            name=name,
            version_id=0,
            number=0,
            definition=msgspec.structs.replace(definition, trigger=trigger),
        )


def _fits(candidate: Candidate) -> tuple[str, str]:
    """Nothing while the rule matches; else why nothing would be sent, or what was not asked."""
    rule = candidate.campaign.rule
    known = facts(candidate.state, candidate.event, candidate.zone)
    verdict = rule.verdict(known)
    if verdict is Verdict.NO_MATCH:
        return NOT_HERE, ""
    if verdict is Verdict.MATCH:
        return "", ""
    if not _was_not_loaded(rule.trace(known)):
        return NOT_KNOWN, ""
    can_be_tried = isinstance(candidate.campaign.definition.trigger, CAN_BE_TRIED)
    return "", f"{UNSEEN} {TRY_IT}" if can_be_tried else UNSEEN


def _was_not_loaded(trace: Mapping[str, Any]) -> bool:
    """Whether the preview itself left out what a condition asks for."""
    if "rules" in trace:
        return any(_was_not_loaded(rule) for rule in trace["rules"])
    of_segment = trace["field"].startswith(FAMILY) and trace["verdict"] == Verdict.UNKNOWN.value
    return of_segment or trace.get("reason") == Why.NOT_LOADED.value


def _size(result: Rendered) -> int:
    return payload_bytes({"title": result.title, "body": result.body, "link": result.deep_link})


def _why(withheld: Withheld) -> str:
    if withheld.code is WithheldCode.MISSING:
        return _sentence(f"{reasons.in_words(withheld.detail)} is missing")
    return _sentence(reasons.because(reason=withheld.code, detail=withheld.detail).why)


def _fix(withheld: Withheld) -> str:
    if withheld.code is WithheldCode.MISSING:
        return f"Add a fallback like {reasons.fallback(withheld.detail)}"
    return ""


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
