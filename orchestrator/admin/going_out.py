"""What goes out to many people now, and what did last: a panel on the campaign page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from audience.models import Person
from campaigns.models import Campaign
from orchestrator import clock
from orchestrator.models import Expansion, ExpansionState

SHOWN = 5
COUNTED = 1_000_000  # more people than this are "more than a million"
NAMES = {
    ExpansionState.RUNNING: ("Running", "calm"),
    ExpansionState.DONE: ("Done", "good"),
    ExpansionState.STOPPED: ("Stopped", "warn"),
}
WHY = {
    "audience_limit": (
        "Stopped: more than {max_people} people matched, the limit of this campaign. "
        "Raise the limit to go on."
    ),
    "hourly_limit": (
        "Stopped: more than {max_per_hour} reports came within an hour, the limit of this "
        "campaign. Look at what your server sends, or raise the limit."
    ),
    "replaced": "Stopped: a newer revision of this campaign starts in another way.",
    "expired": "Stopped: it was too late for the rest of the people.",
}


@dataclass(frozen=True, kw_only=True)
class Going:
    """One time that the campaign went out."""

    at: datetime
    name: str
    tone: str
    sentence: str


def panel(campaign: Campaign) -> str:
    """HTML; "" while nothing has gone out to many people."""
    newest = Expansion.objects.filter(workspace_id=campaign.workspace_id, campaign_id=campaign.pk)
    rows = list(newest.order_by("-due_at", "-id")[:SHOWN])
    if not rows:
        return ""
    shown = going_of(rows, campaign=campaign, now=clock.now())
    return render_to_string("admin_pages/going_out.html", {"rows": shown})


def going_of(rows: Sequence[Expansion], *, campaign: Campaign, now: datetime) -> list[Going]:
    running = any(row.state == ExpansionState.RUNNING for row in rows)
    people = people_of(campaign.workspace_id) if running else ""
    return [_going(row, campaign=campaign, people=people, now=now) for row in rows]


def people_of(workspace_id: int) -> str:
    """about 200,000 people: two figures are enough, and a million is counted no further."""
    everyone = Person.objects.filter(workspace_id=workspace_id, merged_into=None)
    found = everyone[: COUNTED + 1].count()
    if found > COUNTED:
        return f"more than {COUNTED:,} people"
    rounded = round(found, 2 - len(str(found)))
    return f"{f'about {rounded:,}' if found >= 100 else f'{found:,}'} people"


def _going(row: Expansion, *, campaign: Campaign, people: str, now: datetime) -> Going:
    name, tone = NAMES[ExpansionState(row.state)]
    if row.state == ExpansionState.RUNNING and row.due_at > now:
        return Going(at=row.due_at, name="Planned", tone="quiet", sentence="Has not begun yet.")
    return Going(
        at=row.due_at, name=name, tone=tone, sentence=_sentence(row, campaign=campaign, all=people)
    )


def _sentence(row: Expansion, *, campaign: Campaign, all: str) -> str:
    messages = f"{row.moments:,} message{'' if row.moments == 1 else 's'}"
    if row.state == ExpansionState.RUNNING:
        return f"Now going out: {row.people:,} of {all} looked at, {messages}."
    looked_at = f"{row.people:,} {'person' if row.people == 1 else 'people'} looked at, {messages}."
    if row.state == ExpansionState.DONE:
        return f"Went out: {looked_at}"
    return f"{_why(row.reason, campaign)} Until then: {looked_at}"


def _why(reason: str, campaign: Campaign) -> str:
    version = campaign.live_version
    trigger = version.definition["trigger"] if version else {}
    known = {name: trigger.get(name) for name in ("max_people", "max_per_hour")}
    said = {name: f"{number:,}" if number else "so many" for name, number in known.items()}
    return WHY.get(reason, "Stopped.").format(**said)
