"""The admin pages of this app; that of an event name is in orchestrator: it shows campaigns."""

from django.contrib.admin import AdminSite


def registrations(site: AdminSite) -> None:
    """Put this app's pages on the site."""
    from triggers.admin.events import EventAdmin
    from triggers.admin.places import PlaceAdmin
    from triggers.models import Event, Place

    site.register(Event, EventAdmin)
    site.register(Place, PlaceAdmin)
