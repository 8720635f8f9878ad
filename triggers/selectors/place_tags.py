"""The tags of a workspace's places."""

from audience.sql import run


def tags_of(*, workspace_id: int) -> dict[str, int]:
    """How many places have each, those of most places first."""
    rows = run(
        """
        SELECT tag, count(*) FROM triggers_place CROSS JOIN unnest(tags) AS tag
        WHERE workspace_id = %(workspace)b AND removed_at IS NULL
        GROUP BY tag ORDER BY count(*) DESC, tag
        """,
        workspace=workspace_id,
    )
    return dict(rows)
