"""Which campaigns ask which segments: as they are being edited, and as they are live."""

from collections import defaultdict
from dataclasses import dataclass

from audience.sql import run
from triggers.segments import FAMILY


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A campaign that asks a segment in its draft, in its live version, or in both."""

    id: int
    name: str
    in_draft: bool
    in_live: bool

    def __str__(self) -> str:
        where = "live" if self.in_live else "draft"
        return f"campaign “{self.name}” ({where})"


def asking_of(*, workspace_id: int) -> dict[str, list[Asking]]:
    """By key of a segment, the campaigns that ask it; one query."""
    rows = run(
        f"""
        SELECT asked.field, c.id, c.name, bool_or(NOT asked.live), bool_or(asked.live)
        FROM campaigns_campaign c
        LEFT JOIN campaigns_campaignversion v ON v.id = c.live_version_id
        CROSS JOIN LATERAL (
            SELECT jsonb_path_query(c.draft, {_FIELDS}) #>> '{{}}', false
            UNION SELECT jsonb_path_query(v.definition, {_FIELDS}) #>> '{{}}', true
        ) AS asked (field, live)
        WHERE c.workspace_id = %(workspace)b
        GROUP BY asked.field, c.id, c.name ORDER BY c.name, c.id
        """,
        workspace=workspace_id,
    )
    found: dict[str, list[Asking]] = defaultdict(list)
    for field, id, name, in_draft, in_live in rows:
        asking = Asking(id=id, name=name, in_draft=in_draft, in_live=in_live)
        found[field.removeprefix(FAMILY)].append(asking)
    return dict(found)


# Wherever in a trigger a condition stands: in its rule, however deep, or in any to come.
_FIELDS = f"""'$.trigger.**.field ? (@ starts with "{FAMILY}")'"""
