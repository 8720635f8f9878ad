"""The admin pages of campaigns: the campaign page, the list, Activity, and Segments."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.admin import AdminSite

if TYPE_CHECKING:
    from campaigns.models import Campaign

__all__ = ["registrations"]


def registrations(
    site: AdminSite,
    *,
    clock: Callable[[], datetime],
    link_schemes: Collection[str],
    panels: Sequence[Callable[["Campaign"], str]] = (),
) -> None:
    """Put this app's pages on a site.

    `clock` gives the aware time of a request; `link_schemes` are those a push may open; `panels`
    give HTML for the top of a campaign's page.
    """
    # Models can only be imported once Django has loaded all apps.
    from campaigns.admin.activity import ActivityAdmin
    from campaigns.admin.campaign import CampaignAdmin
    from campaigns.admin.segments import SegmentAdmin
    from campaigns.models import Campaign, Moment
    from triggers.models import Segment

    given = {"clock": staticmethod(clock), "link_schemes": frozenset(link_schemes)}
    site.register(Campaign, CampaignAdmin, panels=tuple(panels), **given)
    site.register(Moment, ActivityAdmin, **given)
    site.register(Segment, SegmentAdmin, clock=given["clock"])
