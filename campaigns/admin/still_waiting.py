"""How many people wait in a campaign, counted as far as it is cheap."""

from audience.admin.paginator import up_to
from campaigns.engine.states import MomentState
from campaigns.models import Campaign, Moment


def waiting_moments(campaign: Campaign) -> str:
    """ "0", "12", or "1,000+"."""
    return up_to(Moment.objects.filter(campaign=campaign, state=MomentState.WAITING))
