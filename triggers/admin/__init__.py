"""The admin pages of this app."""

from django.contrib.admin import AdminSite


def registrations(site: AdminSite) -> None:
    """Put this app's pages on the site."""
    from triggers.admin.events import EventAdmin
    from triggers.admin.names import EventNameAdmin
    from triggers.models import Event, EventName

    site.register(Event, EventAdmin)
    site.register(EventName, EventNameAdmin)
