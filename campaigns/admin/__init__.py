"""The admin pages of campaigns: the campaign page, the list, and Activity."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.contrib.admin import AdminSite

__all__ = ["registrations"]


def registrations(
    site: AdminSite, *, clock: Callable[[], datetime], link_schemes: Collection[str]
) -> None:
    """Put this app's pages on a site.

    `clock` gives the aware time of a request; `link_schemes` are those a push may open.
    """
    # Models can only be imported once Django has loaded all apps.
    from campaigns.admin.activity import ActivityAdmin
    from campaigns.admin.campaign import CampaignAdmin
    from campaigns.models import Campaign, Moment

    given = {"clock": staticmethod(clock), "link_schemes": frozenset(link_schemes)}
    site.register(Campaign, CampaignAdmin, **given)
    site.register(Moment, ActivityAdmin, **given)
