"""Activity in one line each, for pages that show a little of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audience.admin.who import names_of
from campaigns.admin.still_waiting import told_of
from campaigns.engine.states import MomentState
from campaigns.models import Moment

TONES = {
    MomentState.SENT: "good",
    MomentState.FAILED: "bad",
    MomentState.ERROR: "bad",
    MomentState.WAITING: "calm",
    MomentState.PUSHING: "calm",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one campaign did about one person."""

    id: UUID
    at: datetime
    campaign: str
    person_id: int
    who: str
    sentence: str
    next: str
    tone: str


def lines_of(moments: Iterable[Moment]) -> list[Line]:
    """Moments with their campaign loaded."""
    rows = list(moments)
    names = names_of(row.person_id for row in rows)
    return [line_of(row, names[row.person_id]) for row in rows]


def line_of(moment: Moment, who: str) -> Line:
    told = told_of(moment)
    return Line(
        id=moment.id,
        at=moment.opened_at,
        campaign=moment.campaign.name,
        person_id=moment.person_id,
        who=who,
        sentence=told.sentence,
        next=told.next,
        tone=TONES.get(MomentState(moment.state), "quiet"),
    )
