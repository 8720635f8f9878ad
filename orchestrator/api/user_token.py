"""User tokens: a JWT, signed by the brand's server, whose `sub` is the user id. Never stored."""

from datetime import datetime
from typing import Any

import jwt

from audience.selectors.keys import token_keys

ALGORITHMS = ["ES256", "RS256", "EdDSA"]  # public keys only: no shared secret to keep
LEEWAY_S = 60


class BadUserToken(ValueError):
    """A token that proves nothing; the sentence says why."""


def subject(token: str, *, workspace_id: int, now: datetime) -> str:
    """The user id a token speaks for."""
    try:
        key_id = jwt.get_unverified_header(token).get("kid", "")
        keys = token_keys(workspace_id=workspace_id)
        pem = keys.get(key_id) or (next(iter(keys.values())) if len(keys) == 1 else None)
        if pem is None:
            raise BadUserToken("No key of this workspace made the user token")
        claims = jwt.decode(
            token, pem, algorithms=ALGORITHMS, options={"verify_exp": False, "verify_nbf": False,
                                                        "verify_iat": False, "verify_aud": False},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise BadUserToken(f"The user token is not valid: {error}") from error
    return in_time(claims, now=now)


def in_time(claims: dict[str, Any], *, now: datetime) -> str:
    """By the database's clock, not this machine's."""
    epoch = now.timestamp()
    expires, begins = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(expires, int | float) or isinstance(expires, bool):
        raise BadUserToken("The user token has no expiry")
    if epoch > expires + LEEWAY_S:
        raise BadUserToken("The user token has expired")
    if isinstance(begins, int | float) and epoch < begins - LEEWAY_S:
        raise BadUserToken("The user token is not valid yet")
    return str(claims.get("sub", ""))
