"""The one command: what it refuses, what it installs again, and that it leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import start

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups are those of POSIX")

# A child that ignores the polite signal and has a child of its own; both write down their process ids.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}")
time.sleep(60)
"""
SUPERVISE = """
import os, sys, start
start.GRACE_SECONDS = float(sys.argv[4])
supervisor = start.Supervisor(dict(os.environ))
supervisor.listen_to_signals()
supervisor.start("web", [sys.executable, "-c", sys.argv[1], sys.argv[2]])
supervisor.start("beat", [sys.executable, "-c", sys.argv[3]])
sys.exit(supervisor.watch())
"""


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and waits to be collected does not."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_pids(file: Path) -> list[int]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        pids = file.read_text(encoding="utf-8").split() if file.exists() else []
        if len(pids) == 2:
            return [int(pid) for pid in pids]
        time.sleep(0.02)
    pytest.fail("the child never wrote its process ids")


def supervise(pid_file: Path, second_child: str, grace: float = start.GRACE_SECONDS) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, STUBBORN, str(pid_file), second_child, str(grace)],
        cwd=start.ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind((start.HOST, 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def empty_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two locks and an environment that holds nothing yet."""
    (tmp_path / ".venv").mkdir()
    for name in (start.RUN_LOCK, start.DEVELOPERS_LOCK):
        (tmp_path / name).write_text(f"{name}\n", encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "STAMP", tmp_path / ".venv" / "installed-locks")
    return tmp_path


@posix_only
@pytest.mark.parametrize(
    ("wish", "grace"), [(signal.SIGTERM, start.GRACE_SECONDS), (signal.SIGINT, 0.2), (signal.SIGHUP, 0.2)]
)
def test_a_signal_ends_every_process_within_four_seconds(tmp_path: Path, wish: signal.Signals, grace: float) -> None:
    with supervise(tmp_path / "pids", "import time; time.sleep(60)", grace) as supervisor:
        pids = wait_for_pids(tmp_path / "pids")
        asked = time.monotonic()
        supervisor.send_signal(wish)
        supervisor.communicate(timeout=20)

    assert time.monotonic() - asked < 4
    assert supervisor.returncode == 0
    assert [is_alive(pid) for pid in pids] == [False, False]


@posix_only
def test_a_process_that_ends_by_itself_ends_all(tmp_path: Path) -> None:
    ends_when_the_other_runs = (
        f"import pathlib, time\nwhile not pathlib.Path({str(tmp_path / 'pids')!r}).exists(): time.sleep(0.02)\n"
        "print('no database'); raise SystemExit(7)"
    )
    with supervise(tmp_path / "pids", ends_when_the_other_runs, grace=0.2) as supervisor:
        output, _ = supervisor.communicate(timeout=20)

    assert supervisor.returncode == 1
    assert "beat   | no database" in output
    assert "beat ended, code 7" in output
    assert [is_alive(pid) for pid in wait_for_pids(tmp_path / "pids")] == [False, False]


@posix_only
def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    with supervise(tmp_path / "pids", "import time; time.sleep(60)") as supervisor:
        wait_for_pids(tmp_path / "pids")
        asked = time.monotonic()
        supervisor.send_signal(signal.SIGINT)
        time.sleep(0.3)
        supervisor.send_signal(signal.SIGINT)
        supervisor.communicate(timeout=20)

    assert time.monotonic() - asked < 2


def test_a_busy_port_is_named_with_another_one(busy_port: int) -> None:
    with pytest.raises(start.CannotStartError, match=f"PORT={busy_port + 1} python3 start.py"):
        start.refuse_busy_port(busy_port)


@pytest.mark.parametrize("raw", ["0", "65536", "http", "-1", "80 80"])
def test_a_port_that_is_none_is_refused(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", raw)

    with pytest.raises(start.CannotStartError, match="PORT="):
        start.chosen_port()


def test_the_port_is_8000_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert start.chosen_port() == 8000

    monkeypatch.setenv("PORT", "8123")
    assert start.chosen_port() == 8123


@pytest.mark.usefixtures("empty_project")
def test_nothing_counts_as_installed_in_a_new_environment() -> None:
    assert not start.is_installed(start.RUN_LOCK)


@pytest.mark.usefixtures("empty_project")
def test_the_developers_lock_covers_the_run_time() -> None:
    start.STAMP.write_text(start.lock_line(start.DEVELOPERS_LOCK), encoding="utf-8")

    assert start.is_installed(start.RUN_LOCK)
    assert start.is_installed(start.DEVELOPERS_LOCK)


@pytest.mark.usefixtures("empty_project")
def test_the_run_time_does_not_cover_the_developers_lock() -> None:
    start.STAMP.write_text(start.lock_line(start.RUN_LOCK), encoding="utf-8")

    assert start.is_installed(start.RUN_LOCK)
    assert not start.is_installed(start.DEVELOPERS_LOCK)


def test_a_changed_lock_is_installed_again(empty_project: Path) -> None:
    start.STAMP.write_text(start.lock_line(start.DEVELOPERS_LOCK), encoding="utf-8")
    (empty_project / start.DEVELOPERS_LOCK).write_text("django==0\n", encoding="utf-8")

    assert not start.is_installed(start.DEVELOPERS_LOCK)
    assert not start.is_installed(start.RUN_LOCK)


def test_a_python_without_venv_gets_the_one_line_that_cures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)

    with pytest.raises(start.CannotStartError, match=r"sudo apt install python3\.\d+-venv"):
        start.require_venv_module()


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "OLDEST_PYTHON", (99, 0))

    assert start.main([]) == 2
    assert "Python 99.0 or newer is needed" in capsys.readouterr().out


def test_tests_never_see_the_settings_of_a_real_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://office@db/doantracker")
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    monkeypatch.setenv("PRODUCTION", "1")

    environment = start.test_environment()

    assert environment["DATABASE_URL"].startswith("sqlite:///")
    assert (environment["REDIS_URL"], environment["PRODUCTION"]) == ("", "0")
