"""The phone beside the message: what one person would read, or exactly why nothing comes."""

from collections.abc import Collection
from dataclasses import dataclass

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
from triggers.rules import RuleError, Verdict

BLANK_MESSAGE = "Write a title or a text, and it appears here."


@dataclass(frozen=True, kw_only=True)
class Phone:
    """What the lock screen shows. `why` is set, and the words are empty, if nothing comes."""

    app: str
    title: str = ""
    body: str = ""
    link: str = ""
    why: str = ""
    fix: str = ""
    fits: str = ""
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
    fits = _fits(candidate)
    if isinstance(result, Withheld):
        return Phone(app=app, fits=fits, why=_why(result), fix=_fix(result))
    size = _size(result)
    if size > MAX_PAYLOAD_BYTES:
        told = reasons.because(reason=Reason.PAYLOAD_TOO_BIG, detail=f"{size:,} bytes")
        return Phone(app=app, fits=fits, why=_sentence(told.why), fix=told.next)
    return Phone(app=app, fits=fits, title=result.title, body=result.body, link=result.deep_link)


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


def _fits(candidate: Candidate) -> str:
    """Nothing while the rule matches; else why this happening would start nothing."""
    verdict = candidate.campaign.rule.verdict(
        facts(candidate.state, candidate.event, candidate.zone)
    )
    if verdict is Verdict.MATCH:
        return ""
    if verdict is Verdict.UNKNOWN:
        return "“Only if” asks about something that is not known here, so nothing would be sent."
    return "“Only if” does not hold here, so nothing would be sent."


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
