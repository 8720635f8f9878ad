"""Where the embedded server keeps things."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_LIMIT = 90  # the kernel takes 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class DataFolder:
    """DATA_DIR and what lies in it."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def postgres_log(self) -> Path:
        return self.path / "postgres" / "server.log"

    @property
    def secret(self) -> Path:
        return self.path / "secret_key"

    @property
    def socket_folder(self) -> Path:
        """Beside the data, or, where that path is too long for a socket, in the temp folder."""
        inside = self.path / "run"
        if len(str(inside).encode()) <= SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.blake2b(str(self.path).encode(), digest_size=8).hexdigest()
        return Path(tempfile.gettempdir()) / f"moments-{name}"
