"""How far back a search in the event log looks, so that it ends."""

from datetime import datetime

from triggers.models import Event


def newest_since(*, workspace_id: int, rows: int) -> datetime | None:
    """When the oldest of the newest so many events was received; None if there are fewer.

    Read from the index alone: a filter without an index then has a bounded number to look at.
    """
    times = (
        Event.objects.filter(workspace_id=workspace_id)
        .order_by("-received_at", "-id")
        .values_list("received_at", flat=True)
    )
    return times[rows : rows + 1].first()
