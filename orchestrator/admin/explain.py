"""Why did, or didn't, they get it: one person, one campaign, and each event it listens to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from audience.models import Person
from campaigns.admin.still_waiting import told_of
from campaigns.admin.story import Check, checks_of, next_step_url
from campaigns.admin.trace_tree import Tree, tree_of
from campaigns.models import Campaign
from campaigns.reasons import Explanation
from campaigns.state_names import STATE_NAMES
from orchestrator.pipeline.why import Told, Why, why
from orchestrator.pipeline.why_words import about_campaign, about_then, became, nearest_of
from triggers.admin.events import url_of

DAYS = (1, 7, 14, 30)
USUAL_DAYS = 7
MOST_EVENTS = 50
MOST_CAMPAIGNS = 1_000
MAX_DIGITS = 18
NOTHING_OPENED = "Nothing opened"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One event as the page shows it. `then` says how the campaign differed at that time."""

    name: str
    url: str
    at: datetime
    then: str
    badge: str
    state: str
    told: Explanation
    next_url: str
    nearest: str
    moment_url: str = ""
    rule: Tree | None = None
    checks: list[Check] = field(default_factory=list)


def shown(request: HttpRequest, person: Person, *, now: datetime) -> dict[str, Any]:
    """What the page shows; without a campaign in the address, only what to choose from."""
    mine = Campaign.objects.filter(workspace_id=person.workspace_id)
    campaign = chosen(request, mine.select_related("live_version"))
    days = days_of(request)
    page = {
        "person": person,
        "campaigns": list(mine.order_by("name", "pk").values_list("pk", "name")[:MOST_CAMPAIGNS]),
        "campaign": campaign,
        "days": days,
        "all_days": DAYS,
    }
    if campaign is None:
        return page
    since = now - timedelta(days=days)
    found = why(campaign=campaign, person=person, since=since, most=MOST_EVENTS)
    return page | answered(found, campaign)


def chosen(request: HttpRequest, mine: Any) -> Campaign | None:
    """Raises Http404 for what is no campaign of this workspace."""
    asked = request.GET.get("campaign", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= MAX_DIGITS):
        raise Http404
    found: Campaign | None = mine.filter(pk=asked).first()
    if found is None:
        raise Http404
    return found


def days_of(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, DAYS) else USUAL_DAYS


def answered(found: Why, campaign: Campaign) -> dict[str, Any]:
    return {
        "found": found,
        "notice": about_campaign(campaign),
        "cards": [card(told, campaign) for told in found.told],
        "most": MOST_EVENTS,
    }


def card(told: Told, campaign: Campaign) -> Card:
    event, said = told.event, told_of(told.moment) if told.moment else became(told)
    shared: dict[str, Any] = {
        "name": event.name,
        "url": url_of(event),
        "at": event.received_at,
        "then": about_then(told, campaign),
        "told": said,
        "nearest": nearest_of(told),
    }
    if told.moment is None:
        rule = tree_of(told.today.answer.trace) if told.today else None
        return Card(**shared, badge=NOTHING_OPENED, state="nothing", next_url="", rule=rule)
    moment = told.moment
    trace = moment.trace.get("rule") if isinstance(moment.trace, dict) else None
    return Card(
        **shared,
        badge=dict(STATE_NAMES).get(moment.state, moment.state),  # type: ignore[call-overload]
        state=moment.state,
        next_url=next_step_url(moment, said.place),
        moment_url=reverse("admin:campaigns_moment_change", args=[moment.pk]),
        rule=tree_of(trace) if trace else None,
        checks=checks_of(moment),
    )
