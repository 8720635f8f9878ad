"""Home: are messages going out, what needs attention, what happened last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from audience.admin.paginator import up_to
from audience.admin.plain import lasted
from audience.models import ApiKey, Mode, Workspace
from audience.sql import run
from campaigns.models import Campaign, CampaignState, Moment
from campaigns.reasons import because
from orchestrator.admin.activity import lines_of
from orchestrator.admin.zone import zone_of
from orchestrator.models import Quarantine
from orchestrator.pipeline.counting import oldest_in_inbox

RECENT = 10
LOOKED_AT = 1_000  # newest moments; what Home tells of pushes is about these
PENDING_LOOKED_AT = 10_000
WAITING_LOOKED_AT = 10_000
SLOW_AFTER = timedelta(seconds=30)
FAILING_FOR = timedelta(hours=1)
EVENT_WAITS = "Events have waited for {}. Ask whoever runs Moments whether its worker is running."


@dataclass(frozen=True)
class Note:
    """Something that needs attention, and the page where it is dealt with."""

    text: str
    link: str = ""
    tone: str = "warn"


@dataclass(frozen=True)
class Ahead:
    """How many messages wait for their time, and when the first of them is due."""

    number: str
    next_at: datetime | None


@dataclass(frozen=True)
class Pushes:
    """What the newest pushes of a workspace did."""

    accepted_at: datetime | None
    failing: list[tuple[str, int]]


def glance(*, workspace: Workspace | None, now: datetime) -> dict[str, Any]:
    """What Home shows; a fixed number of queries, each of them bounded."""
    if workspace is None:
        return {"first_workspace": True}
    pushes = pushes_of(workspace, now=now)
    oldest = oldest_in_inbox()
    waited = now - oldest if oldest else timedelta(0)
    moments = Moment.objects.filter(workspace_id=workspace.pk).order_by("-opened_at", "-id")
    return {
        "now": now,
        "accepted_at": pushes.accepted_at,
        "accepted_ago": lasted(now - pushes.accepted_at) if pushes.accepted_at else "",
        "ready": ready_pushes(workspace, now=now),
        "ahead": ahead(workspace),
        "inbox_age": lasted(waited) if oldest else "",
        "stuck": waited > SLOW_AFTER,
        "stuck_text": EVENT_WAITS.format(lasted(waited)),
        "sent_today": sent_today(workspace, now=now),
        "notes": notes(workspace, pushes),
        "has_campaigns": Campaign.objects.filter(workspace=workspace).exists(),
        "has_keys": ApiKey.objects.filter(workspace=workspace, revoked_at=None).exists(),
        "recent": lines_of(moments.select_related("campaign")[:RECENT]),
        "demo": settings.DEMO,
    }


def pushes_of(workspace: Workspace, *, now: datetime) -> Pushes:
    rows = run(
        """
        SELECT p.state, p.reason, max(p.settled_at),
               count(*) FILTER (WHERE p.settled_at > %(since)b)
        FROM (SELECT id FROM campaigns_moment WHERE workspace_id = %(workspace)b
              ORDER BY opened_at DESC, id DESC LIMIT %(most)b) m
        JOIN campaigns_push p ON p.moment_id = m.id
        WHERE p.state IN ('accepted', 'failed') GROUP BY p.state, p.reason
        """,
        workspace=workspace.pk,
        since=now - FAILING_FOR,
        most=LOOKED_AT,
    )
    accepted = [row[2] for row in rows if row[0] == "accepted" and row[2]]
    failing = [(row[1], row[3]) for row in rows if row[0] == "failed" and row[3]]
    return Pushes(max(accepted, default=None), sorted(failing, key=lambda one: -one[1]))


def ready_pushes(workspace: Workspace, *, now: datetime) -> str:
    """Pushes that could go out now, looked for among the first so many of all workspaces."""
    rows = run(
        """
        SELECT count(*) FILTER (WHERE workspace_id = %(workspace)b), count(*)
        FROM (SELECT workspace_id FROM campaigns_push
              WHERE state = 'pending' AND due_at <= %(now)b ORDER BY due_at LIMIT %(most)b) p
        """,
        workspace=workspace.pk,
        now=now,
        most=PENDING_LOOKED_AT,
    )
    ours, all_of_them = rows[0]
    return f"{ours:,}+" if all_of_them == PENDING_LOOKED_AT else f"{ours:,}"


def ahead(workspace: Workspace) -> Ahead:
    """Looked for among the first so many of all workspaces."""
    rows = run(
        """
        SELECT count(*) FILTER (WHERE workspace_id = %(workspace)b), count(*),
               min(due_at) FILTER (WHERE workspace_id = %(workspace)b)
        FROM (SELECT workspace_id, due_at FROM campaigns_moment
              WHERE state = 'waiting' ORDER BY due_at LIMIT %(most)b) m
        """,
        workspace=workspace.pk,
        most=WAITING_LOOKED_AT,
    )
    ours, all_of_them, next_at = rows[0]
    more = "+" if ours and all_of_them == WAITING_LOOKED_AT else ""
    return Ahead(number=f"{ours:,}{more}", next_at=next_at)


def sent_today(workspace: Workspace, *, now: datetime) -> str:
    """Sent since midnight where the workspace is: "12", or "1,000+" on a busy day."""
    rows = run(
        """
        SELECT count(*) FILTER (WHERE state = 'sent'), count(*)
        FROM (SELECT state FROM campaigns_moment
              WHERE workspace_id = %(workspace)b AND opened_at >= %(midnight)b
              ORDER BY opened_at DESC LIMIT %(most)b) m
        """,
        workspace=workspace.pk,
        midnight=midnight(workspace, now=now),
        most=LOOKED_AT,
    )
    sent, looked_at = rows[0]
    return f"{sent:,}+" if looked_at == LOOKED_AT else f"{sent:,}"


def midnight(workspace: Workspace, *, now: datetime) -> datetime:
    local = now.astimezone(zone_of(workspace))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def notes(workspace: Workspace, pushes: Pushes) -> list[Note]:
    """What needs attention, the worst first."""
    found = [
        Note(f"{count:,} messages failed in the last hour: {because(reason=reason).why}.")
        for reason, count in pushes.failing
    ]
    aside = up_to(Quarantine.objects.filter(workspace_id=workspace.pk))
    if aside != "0":
        url = reverse("admin:orchestrator_quarantine_changelist")
        found.append(Note(f"Messages set aside: {aside}. They could not be evaluated.", url))
    paused = Campaign.objects.filter(workspace=workspace, state=CampaignState.PAUSED)
    for pk, name in paused.order_by("name").values_list("pk", "name")[:RECENT]:
        url = reverse("admin:campaigns_campaign_change", args=[pk])
        found.append(Note(f"“{name}” is paused. Nobody gets its messages.", url, "calm"))
    if settings.MODE == "production" and workspace.mode == Mode.OPEN:
        url = reverse("admin:audience_workspace_change", args=[workspace.pk])
        text = "This workspace is open: whoever has its write key can act as any customer."
        found.append(Note(text, url))
    return found
