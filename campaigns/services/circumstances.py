"""Writing down what decisions rested on and the event log does not tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from audience.sql import run
from campaigns.models.circumstance import CircumstanceKind


@dataclass(frozen=True, kw_only=True)
class CircumstanceRow:
    workspace_id: int
    person_id: int
    sequence: int
    kind: CircumstanceKind
    document: Any
    program_version: int


def append(*, circumstances: Sequence[CircumstanceRow], now: datetime) -> None:
    """`now` is when they were decided."""
    run(
        """
        INSERT INTO campaigns_circumstance (workspace_id, person_id, sequence, kind, document,
                                            decided_at, program_version)
        SELECT workspace_id, person_id, sequence, kind, document::jsonb, %(now)b, program_version
        FROM unnest(%(workspaces)b::bigint[], %(people)b::bigint[], %(sequences)b::bigint[],
                    %(kinds)b::text[], %(documents)b::text[], %(programs)b::bigint[])
             AS c (workspace_id, person_id, sequence, kind, document, program_version)
        """,
        workspaces=[one.workspace_id for one in circumstances],
        people=[one.person_id for one in circumstances],
        sequences=[one.sequence for one in circumstances],
        kinds=[one.kind.value for one in circumstances],
        documents=[msgspec.json.encode(one.document).decode() for one in circumstances],
        programs=[one.program_version for one in circumstances],
        now=now,
    )
