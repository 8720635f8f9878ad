"""The demo: its workspace, stores, campaigns and login, loaded once."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from audience.models import LocationConsent, Workspace
from audience.services.workspaces import change
from orchestrator import clock
from orchestrator.recipes.apply import apply_file
from triggers.places.given import PlaceInput, read_place
from triggers.services.places import put_places

WORKSPACE = "demo"
RECIPE = settings.BASE_DIR / "templates" / "recipes" / "demo.yaml"
# As PUT /v1/places takes them.
STORES = settings.BASE_DIR / "orchestrator" / "embedded" / "demo_stores.json"
LOGIN = "admin"


def load(say: Callable[[str], None]) -> None:
    """Nothing that somebody changed in the demo is put back."""
    users = get_user_model()
    if not users.objects.exists():
        users.objects.create_superuser(LOGIN, password=LOGIN)
    if Workspace.objects.filter(key=WORKSPACE).exists():
        return
    say("Loading the demo …")
    with transaction.atomic():
        fill(now=clock.now())


def fill(*, now: datetime) -> None:
    """The campaigns and stores as they come; a second time it changes nothing."""
    apply_file(
        RECIPE.read_text(),
        name=RECIPE.name,
        workspace_key=None,
        publish=True,
        allow_key_values=True,
        now=now,
    )
    workspace = Workspace.objects.get(key=WORKSPACE)
    if workspace.location_consent != LocationConsent.ASKED:  # who drags a phone has agreed
        change(workspace=workspace, location_consent=LocationConsent.ASKED)
    put_places(workspace=workspace, places=stores(), now=now)


def stores() -> list[PlaceInput]:
    """Sixty, in five countries, open day and night but one.

    Damrak 12 closes for the minute after nine in the evening, so that a push can always name a
    closing time.
    """
    return [read_place(one) for one in msgspec.json.decode(STORES.read_bytes())]
