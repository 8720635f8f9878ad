"""The clock on the wall of a workspace."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audience.models import Workspace

UTC = ZoneInfo("UTC")


def zone_of(workspace: Workspace | None) -> ZoneInfo:
    """Its time zone; UTC without one, or when this machine does not know it."""
    try:
        return ZoneInfo(workspace.time_zone) if workspace else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
