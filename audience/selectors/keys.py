"""Who a key belongs to."""

from dataclasses import dataclass

from audience.models import ApiKey, UserTokenKey
from audience.services.workspaces import digest


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A key that was recognised, and the workspace it opens."""

    key_id: int
    kind: str
    workspace_id: int
    workspace_key: str
    verified: bool


def caller(*, value: str) -> Caller | None:
    """None for a key that does not exist or was revoked."""
    key = (
        ApiKey.objects.select_related("workspace")
        .filter(digest=digest(value), revoked_at=None)
        .first()
    )
    if key is None:
        return None
    return Caller(
        key_id=key.pk,
        kind=key.kind,
        workspace_id=key.workspace_id,
        workspace_key=key.workspace.key,
        verified=key.workspace.mode == "verified",
    )


def token_keys(*, workspace_id: int) -> dict[str, str]:
    """Public keys in use, by key id."""
    rows = UserTokenKey.objects.filter(workspace_id=workspace_id, revoked_at=None)
    return dict(rows.values_list("key_id", "public_pem"))
