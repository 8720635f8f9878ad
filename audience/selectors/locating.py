"""What a workspace says about the positions of its people."""

from collections.abc import Collection
from typing import NamedTuple

from audience.models import LocationConsent
from audience.sql import run


class Locating(NamedTuple):
    """`places_version` is that of the workspace's places."""

    workspace_id: int
    places_version: int
    location_consent: str
    keep_fixes_days: int

    def may_use(self, *, consent: bool | None) -> bool:
        """`consent` is what the person said, None if nothing."""
        if consent is None:
            return self.location_consent == LocationConsent.ASKED
        return consent


def locating(*, workspaces: Collection[int]) -> dict[int, Locating]:
    rows = run(
        "SELECT id, places_version, location_consent, keep_fixes_days FROM audience_workspace "
        "WHERE id = ANY(%(ids)b::bigint[])",
        ids=sorted(workspaces),
    )
    return {row[0]: Locating(*row) for row in rows}
