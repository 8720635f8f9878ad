"""Workspaces and their keys."""

import secrets
from datetime import datetime, time
from hashlib import sha256
from typing import TypedDict, Unpack

from django.db.models import F

from audience.models import ApiKey, KeyKind, Mode, UserTokenKey, Workspace

PREFIXES = {KeyKind.WRITE: "wk_", KeyKind.SECRET: "sk_"}
SHOWN_OF_SECRET = 6


def create(*, key: str, name: str, mode: Mode, now: datetime, time_zone: str = "UTC") -> Workspace:
    """A workspace; who creates one must choose its mode."""
    workspace = Workspace(key=key, name=name, mode=mode, time_zone=time_zone, created_at=now)
    workspace.full_clean()
    workspace.save()
    return workspace


class Settings(TypedDict, total=False):
    """What can change later; the key cannot. Quiet hours have both ends or none."""

    name: str
    mode: Mode
    time_zone: str
    location_consent: str
    keep_fixes_days: int
    quiet_from: time | None
    quiet_until: time | None


def change(*, workspace: Workspace, **settings: Unpack[Settings]) -> None:
    """Raises ValidationError for what is no such value."""
    for name, value in settings.items():
        setattr(workspace, name, value)
    workspace.full_clean()
    # Workers keep what they know of a workspace until its version moves.
    Workspace.objects.filter(pk=workspace.pk).update(
        **settings, program_version=F("program_version") + 1
    )


def add_key(
    *, workspace: Workspace, kind: KeyKind, name: str, now: datetime, value: str = ""
) -> tuple[ApiKey, str]:
    """A key and its value; of a secret key the value is never to be had again."""
    value = value or PREFIXES[kind] + secrets.token_urlsafe(24)
    shown = value if kind == KeyKind.WRITE else value[:SHOWN_OF_SECRET] + "…"
    key = ApiKey.objects.create(
        workspace=workspace,
        kind=kind,
        name=name,
        digest=digest(value),
        hint=shown,
        created_at=now,
    )
    return key, value


def revoke_key(*, key: ApiKey, now: datetime) -> None:
    """From now on the key opens nothing; what it sent stays."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def add_token_key(
    *, workspace: Workspace, key_id: str, public_pem: str, now: datetime
) -> UserTokenKey:
    """The public key with which user tokens of this workspace are checked."""
    token_key = UserTokenKey(
        workspace=workspace, key_id=key_id, public_pem=public_pem, created_at=now
    )
    token_key.full_clean()
    token_key.save()
    return token_key


def revoke_token_key(*, token_key: UserTokenKey, now: datetime) -> None:
    """From now on user tokens signed with it are refused."""
    UserTokenKey.objects.filter(pk=token_key.pk, revoked_at=None).update(revoked_at=now)


def digest(value: str) -> bytes:
    """Keys are long and random, so that one round of SHA-256 is enough to hide them."""
    return sha256(value.encode(errors="replace")).digest()
