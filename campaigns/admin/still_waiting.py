"""What waits: how many people in a campaign, and until when a moment does."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from audience.admin.columns import TIME
from audience.admin.paginator import up_to
from campaigns.engine.states import MomentState
from campaigns.models import Campaign, Moment
from campaigns.reasons import Explanation, explain


def waiting_moments(campaign: Campaign) -> str:
    """ "0", "12", or "1,000+"."""
    return up_to(Moment.objects.filter(campaign=campaign, state=MomentState.WAITING))


def told_of(moment: Moment) -> Explanation:
    """What became of it; of one that waits, until when by the clock of the workspace."""
    if moment.state == MomentState.WAITING and moment.due_at:
        until = date_format(localtime(moment.due_at), TIME)
        return Explanation(sentence=f"Waits until {until}.", next="", place="none")
    return explain(state=moment.state, reason=moment.reason, detail=moment.detail)
