"""The embedded server's SECRET_KEY: made once, readable by its owner alone."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from orchestrator.embedded.layout import DataFolder


def secret_key(data: DataFolder) -> str:
    """The key in DATA_DIR, made at the first call; two processes that call at once agree."""
    if not data.secret.exists():
        data.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=data.path)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, data.secret)
        Path(draft).unlink()
    return data.secret.read_text()
