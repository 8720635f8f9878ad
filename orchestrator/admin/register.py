"""Which page shows which model."""

from typing import TypeVar

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model

import audience.admin
import campaigns.admin
import triggers.admin
from audience.models import Person
from orchestrator import clock
from orchestrator.admin import going_out
from orchestrator.admin.event_names import EventNameAdmin
from orchestrator.admin.people import PersonAdmin
from orchestrator.admin.place_imports import PlaceImportAdmin
from orchestrator.admin.quarantine import QuarantineAdmin
from orchestrator.admin.uploads import UploadAdmin
from orchestrator.admin.users import UserAdmin
from orchestrator.models import PlaceImport, Quarantine, Upload
from triggers.models import EventName

AnySite = TypeVar("AnySite", bound=AdminSite)


def register(site: AnySite) -> AnySite:
    """The site with every page on it."""
    audience.admin.registrations(site)
    triggers.admin.registrations(site)
    campaigns.admin.registrations(
        site, clock=clock.now, link_schemes=settings.LINK_SCHEMES, panels=[going_out.panel]
    )
    site.register(Person, PersonAdmin)
    site.register(EventName, EventNameAdmin)
    site.register(Quarantine, QuarantineAdmin)
    site.register(Upload, UploadAdmin)
    site.register(PlaceImport, PlaceImportAdmin)
    site.register(get_user_model(), UserAdmin)
    return site
