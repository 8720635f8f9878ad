"""What: campaigns, their immutable versions, and what became of them."""

from campaigns.models.campaign import (
    Campaign,
    CampaignState,
    CampaignVersion,
    Intent,
    ProgramVersion,
)
from campaigns.models.circumstance import Circumstance
from campaigns.models.moment import Moment
from campaigns.models.push import Push

__all__ = [
    "Campaign",
    "CampaignState",
    "CampaignVersion",
    "Circumstance",
    "Intent",
    "Moment",
    "ProgramVersion",
    "Push",
]
