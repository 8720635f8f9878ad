"""Idempotency-Key: the same request is done once and answered alike, for 24 hours.

As Stripe and the IETF's draft have it: another request under the same key is a 422, one whose
twin is still in work a 409. What was refused left nothing, so its key may be used again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from audience.selectors.keys import Caller
from orchestrator.api import answers
from orchestrator.api.answers import Kept
from orchestrator.api.errors import ApiError
from orchestrator.pipeline.upkeep import KEEP_ANSWERS_FOR

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")  # visible ASCII
DONE = 202


@dataclass(frozen=True, kw_only=True)
class Once:
    """One request that must not be done twice, at `now`."""

    caller: Caller
    key: str
    fingerprint: bytes
    now: datetime

    def message_id(self, index: int) -> str:
        """Of the message at this place of the request; a later use of the key has others."""
        use = f"{self.caller.workspace_id}:{self.key}:{self.now.isoformat()}"
        return f"{blake2b(use.encode(), digest_size=16).hexdigest()}:{index}"


def key_of(request: Request) -> str:
    """Raises ApiError 400."""
    key = request.headers.get(HEADER, "")
    if not key:
        raise ApiError(
            400, "no_idempotency_key", f"The header {HEADER} is missing",
            "Send a new random text, such as a UUID, with each new request, and the same one "
            "when you send that request again",
        )  # fmt: skip
    if not KEY.fullmatch(key):
        raise ApiError(
            400, "bad_idempotency_key", f"The header {HEADER} cannot be used",
            "Send 1 to 255 letters, digits and signs of ASCII, without spaces",
        )  # fmt: skip
    return key


def fingerprint(request: Request, raw: bytes) -> bytes:
    """The same for the same method, path and (unpacked) body."""
    digest = blake2b(f"{request.method} {request.path}\n".encode(errors="replace"), digest_size=16)
    digest.update(raw)
    return digest.digest()


def once(asked: Once, work: Callable[[], dict[str, Any]]) -> Response:
    """Does the work and keeps its answer, or answers as before.

    Raises ApiError 409 or 422, and whatever `work` raises; then nothing is kept.
    """
    workspace_id = asked.caller.workspace_id
    with transaction.atomic():
        if not answers.lock(workspace_id=workspace_id, key=asked.key):
            raise ApiError(
                409, "still_working", "The first request with this key is still being worked on",
                "Send again after the time in Retry-After", retry_after_s=1,
            )  # fmt: skip
        kept = answers.find(workspace_id=workspace_id, key=asked.key)
        if kept and asked.now - kept.created_at < KEEP_ANSWERS_FOR:
            return replayed(kept, asked)
        if kept:
            answers.forget(id=kept.id)
        body = answers.keep(
            workspace_id=workspace_id,
            key=asked.key,
            fingerprint=asked.fingerprint,
            status=DONE,
            body=work(),
            now=asked.now,
        )
    return Response(body, status=DONE)


def replayed(kept: Kept, asked: Once) -> Response:
    if kept.fingerprint != asked.fingerprint:
        raise ApiError(
            422, "key_used_before", f"This {HEADER} was used with another request",
            "Send a new key with each new request",
        )  # fmt: skip
    return Response(kept.body, status=kept.status, headers={"Idempotent-Replayed": "true"})
