"""logout: a device belongs to nobody from now on, and what waits for it does not go."""

from datetime import datetime

from django.db import transaction

from audience.services import devices
from campaigns.engine.states import Reason
from campaigns.services import pushes
from orchestrator.pipeline import settle


def log_out(*, workspace_id: int, installation_id: str, now: datetime) -> None:
    """Written at once, not through the inbox: the next push must not show on this phone."""
    with transaction.atomic():
        device = devices.log_out(
            workspace_id=workspace_id, installation_id=installation_id, now=now
        )
        ended = pushes.cancel_for_device(device_id=device, reason=Reason.LOGGED_OUT, now=now)
        settle.tell(ended, now=now)
