"""A throw-away PostgreSQL and Redis for tests: started on free ports, gone at the end whatever happens."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

START_SECONDS = 30
STOP_SECONDS = 15
HOST = "127.0.0.1"
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")


class MissingProgramError(Exception):
    """A program that has to be installed first; the message says how."""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def postgresql_programs() -> Path:
    """Return the folder of initdb and postgres: Debian keeps it off PATH, the newest version wins."""
    on_path = shutil.which("initdb")
    folders = sorted(
        (program.parent for program in DEBIAN_POSTGRESQL.glob("*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
        reverse=True,
    )
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "postgres").exists():
            return folder
    raise MissingProgramError(
        "PostgreSQL's server was not found (initdb and postgres, on PATH or in /usr/lib/postgresql/*/bin).\n"
        "Debian, Ubuntu: sudo apt install postgresql    macOS: brew install postgresql@17"
    )


def required_program(name: str, cure: str) -> str:
    """Return the path of a program, or say what to install."""
    found = shutil.which(name)
    if found is None:
        raise MissingProgramError(f"{name} was not found. {cure}")
    return found


def unprivileged() -> dict[str, Any]:
    """Return the arguments that make a process run as somebody else: PostgreSQL refuses to run as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - absent on Windows

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise MissingProgramError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")


@contextmanager
def scratch_folder(owner: dict[str, Any]) -> Iterator[Path]:
    """Give a folder that belongs to whoever the server runs as."""
    with tempfile.TemporaryDirectory(prefix="doantracker-", ignore_cleanup_errors=True) as name:
        if owner:
            os.chown(name, owner["user"], owner["group"])
        yield Path(name)


@contextmanager
def running(
    command: list[str], log: Path, *, folder: Path, owner: dict[str, Any]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a session of its own, so that Ctrl-C in the terminal lets the tests end first."""
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - the commands are written below
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **owner,
        )
    try:
        yield server
    finally:
        end(server)


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server: politely, then for good. PostgreSQL takes SIGINT as: cut the connections and stop."""
    with suppress(ProcessLookupError):
        server.send_signal(2 if sys.platform != "win32" else 15)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_until_up(server: subprocess.Popen[bytes], probe: list[str], log: Path) -> None:
    """Wait until the probe succeeds; a server that ended or stays silent is told with its own last lines."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if subprocess.run(probe, check=False, capture_output=True).returncode == 0:  # noqa: S603 - written below
            return
        time.sleep(0.1)
    raise RuntimeError(f"{server.args!r} did not start:\n" + log.read_text(encoding="utf-8", errors="replace")[-2000:])


@contextmanager
def postgresql() -> Iterator[str]:
    """Run an empty PostgreSQL and give its DATABASE_URL; speed before safety, the data is thrown away."""
    programs = postgresql_programs()
    owner = unprivileged()
    password = secrets.token_hex(16)
    with scratch_folder(owner) as folder:
        make_cluster(programs, folder, owner, password)
        port = str(free_port())
        fast = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=128MB"]
        places = [f"listen_addresses={HOST}", f"port={port}", f"unix_socket_directories={folder}"]
        options = [part for setting in (*places, *fast) for part in ("-c", setting)]
        command = [str(programs / "postgres"), "-D", str(folder / "data"), *options]
        probe = [str(programs / "pg_isready"), "-q", "-h", HOST, "-p", port]
        with running(command, folder / "log", folder=folder, owner=owner) as server:
            wait_until_up(server, probe, folder / "log")
            yield f"postgres://doantracker:{password}@{HOST}:{port}/postgres"


def make_cluster(programs: Path, folder: Path, owner: dict[str, Any], password: str) -> None:
    """Run initdb: a locale that folds Vietnamese letters, a password even here, for other users of the machine."""
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    if owner:
        os.chown(secret, owner["user"], owner["group"])
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "--encoding=UTF8", f"--locale={locale}"]
    login = ["--username=doantracker", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]
    made = subprocess.run(  # noqa: S603 - the command is written above
        [*command, *login], check=False, capture_output=True, encoding="utf-8", cwd=folder, **owner
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stderr}")


@contextmanager
def redis() -> Iterator[str]:
    """Run an empty Redis that writes nothing to disk and give its REDIS_URL."""
    server_program = required_program("redis-server", "Debian, Ubuntu: sudo apt install redis-server")
    client = required_program("redis-cli", "Debian, Ubuntu: sudo apt install redis-tools")
    port = str(free_port())
    with scratch_folder({}) as folder:
        command = [server_program, "--port", port, "--bind", HOST, "--save", "", "--appendonly", "no"]
        with running([*command, "--dir", str(folder)], folder / "log", folder=folder, owner={}) as server:
            wait_until_up(server, [client, "-h", HOST, "-p", port, "ping"], folder / "log")
            yield f"redis://{HOST}:{port}/0"
