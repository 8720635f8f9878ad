"""The answers of why() as sentences, for the page and for the command."""

from campaigns import reasons
from campaigns.engine.crossing import Unconcerned
from campaigns.engine.effects import Decision
from campaigns.engine.states import MomentState
from campaigns.models import Campaign, CampaignState
from campaigns.reasons import Explanation
from orchestrator.pipeline.why import Today, Told
from triggers.rules import Verdict
from triggers.rules.nearest import nearest
from triggers.rules.nearest_words import nearest_sentence

NEVER_PUBLISHED = "This campaign was never published, so nobody could get it."
NOT_LIVE = "It is {} now: nothing is sent. What it says of an event is as if it were live."
UNREADABLE = "This campaign cannot be read, so nothing can be said of what it would do."
NOT_HEARD = "Today this campaign does not listen to this event."
DID_NOT_HOLD = "Nothing opened: “Only if” did not hold."
NOT_DECIDED = "Nothing opened: “Only if” could not be decided, because something is not known."
NOT_TRUSTED = "Nothing opened: the campaign does not count events from where this one came."
UNCONCERNED = {
    Unconcerned.OTHER_TAGS: "Nothing opened: the place has none of the campaign's tags.",
    Unconcerned.NOT_SURE: "Nothing opened: the position was not sure enough.",
    Unconcerned.SHORT_VISIT: "Nothing opened: the visit was too short.",
}
NOR_TODAY = "Nothing opened. Today “Only if” would not hold either."
HOLDS_TODAY = "Nothing opened when it arrived, though today “Only if” holds."
WOULD_BE_SENT = "Today it would be sent."
WOULD_WAIT = "Today it would wait first."
NOT_YET = "The campaign was not published yet when this event arrived; today {} is live."
CHANGED = "When this event arrived, {} was live; today {} is."
PAUSED_THEN = "The campaign may have been paused when this event arrived."


def about_campaign(campaign: Campaign) -> str:
    """What has to be known before anything else is read; "" for a live campaign."""
    if campaign.live_version is None:
        return NEVER_PUBLISHED
    if campaign.state == CampaignState.LIVE:
        return ""
    return NOT_LIVE.format(campaign.get_state_display().lower())


def about_then(told: Told, campaign: Campaign) -> str:
    """How the campaign of that time differs from today's, or ""."""
    live = campaign.live_version
    then = told.moment.version if told.moment else told.version
    if then is None:
        return NOT_YET.format(str(live).lower())
    if then.pk != campaign.live_version_id:
        return CHANGED.format(str(then).lower(), str(live).lower())
    since = campaign.live_since
    paused = told.moment is None and since is not None and told.event.decided_at < since
    return PAUSED_THEN if paused else ""


def became(told: Told) -> Explanation:
    """What became of the event, or why nothing opened."""
    if told.moment:
        moment = told.moment
        return reasons.explain(state=moment.state, reason=moment.reason, detail=moment.detail)
    if told.today is None:
        return plain(NOT_HEARD)
    if lacking := lacked(told.today, was_published=told.version is not None):
        return plain(lacking)
    would = would_be(told.today.decision)
    return Explanation(
        sentence=f"{HOLDS_TODAY} {would.sentence}".strip(), next=would.next, place=would.place
    )


def lacked(today: Today, *, was_published: bool) -> str:
    """What the event lacks for today's campaign; "" where it would open a moment."""
    if not today.trusted:
        return NOT_TRUSTED
    if today.unconcerned:
        return UNCONCERNED[today.unconcerned]
    verdict = today.answer.verdict
    if verdict is Verdict.MATCH:
        return ""
    if not was_published:
        return NOR_TODAY
    return DID_NOT_HOLD if verdict is Verdict.NO_MATCH else NOT_DECIDED


def would_be(decision: Decision | None) -> Explanation:
    if decision is None:
        return plain("")
    if decision.state is MomentState.PUSHING:
        return plain(WOULD_BE_SENT)
    if decision.state is MomentState.WAITING:
        return plain(WOULD_WAIT)
    told = reasons.explain(state=decision.state, reason=decision.reason, detail=decision.detail)
    sentence = f"Today it would be: {told.sentence[:1].lower()}{told.sentence[1:]}"
    return Explanation(sentence=sentence, next=told.next, place=told.place)


def nearest_of(told: Told) -> str:
    """What would have had to differ where “Only if” did not hold."""
    if told.moment or told.today is None or not told.today.trusted or told.today.unconcerned:
        return ""
    return nearest_sentence(nearest(told.today.answer.trace))


def plain(sentence: str) -> Explanation:
    return Explanation(sentence=sentence, next="", place="none")
