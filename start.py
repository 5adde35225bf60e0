#!/usr/bin/env python3
"""Khởi động doantracker, chỉ cần Python (start doantracker; nothing but Python is needed).

python3 start.py                     môi trường, cơ sở dữ liệu, tỉnh mẫu, rồi web + worker + beat; Ctrl-C dừng tất cả
                                     (environment, database, demo province, then web + worker + beat)
python3 start.py test [pytest …]     mọi kiểm thử không cần máy chủ (all tests that need no server)
python3 start.py check [NAME …]      như CI; --list, --skip NAME (what CI runs)

PORT=8001 python3 start.py           cổng khác (another port)
"""

# Must still be read by an old Python, so that the old Python can say what is needed: no newer syntax than 3.7's.
from __future__ import annotations

import contextlib
import hashlib
import http.client
import importlib.util
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-locks"
RUN_LOCK = "requirements.lock"
DEVELOPERS_LOCK = "requirements-dev.lock"  # contains all of RUN_LOCK
HOST = "127.0.0.1"
GRACE_SECONDS = 3.0  # an idle Celery worker looks up every two seconds; the whole stop stays under four
READY_SECONDS = 60
HIGHEST_PORT = 65535
WINDOWS = sys.platform == "win32"


class CannotStartError(Exception):
    """Something a person must cure first; the message says how."""


def say(vietnamese: str, english: str) -> None:
    """Tell the person, in Vietnamese with English after."""
    print(f"{vietnamese} ({english})", flush=True)


# --- the environment in .venv ---


def venv_python() -> Path:
    """Return the interpreter of the project's own environment."""
    return VENV / "Scripts" / "python.exe" if WINDOWS else VENV / "bin" / "python"


def venv_works() -> bool:
    """Tell whether the environment's interpreter runs: after an upgrade of Python or a moved folder it doesn't."""
    if not venv_python().exists():
        return False
    probe = [str(venv_python()), "-c", f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"]
    return subprocess.run(probe, check=False, stderr=subprocess.DEVNULL).returncode == 0


def lock_line(name: str) -> str:
    """Return what is stamped into the environment once the lock is installed."""
    return f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}"


def is_installed(name: str) -> bool:
    """Tell whether this very lock, or the larger one that contains it, is in the environment."""
    stamped = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() else []
    return any(lock_line(lock) in stamped for lock in (name, DEVELOPERS_LOCK))


def require_venv_module() -> None:
    """Debian and Ubuntu ship Python without the part that makes environments: say the one line that cures it."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    major, minor = sys.version_info[:2]
    raise CannotStartError(
        "Python này thiếu mô-đun venv. Hãy chạy (this Python lacks the venv module; run):\n"
        f"    sudo apt install python{major}.{minor}-venv"
    )


def make_venv(uv: str | None) -> None:
    """Make .venv with the interpreter that runs this file."""
    say("Đang tạo môi trường .venv …", "making the environment .venv")
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    else:
        require_venv_module()
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, check=False, cwd=ROOT, env=installer_environment()).returncode:
        raise CannotStartError(
            "Không tạo được môi trường .venv; lý do ở ngay trên (could not make .venv; the reason stands above)."
        )


def installer_environment() -> dict[str, str]:
    """Return the environment for pip and uv: neither may fetch another Python nor chatter about its own version."""
    return {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def install_command(name: str, uv: str | None) -> list[str]:
    """Return the command that installs a lock: checked by hash, nothing resolved, nothing compiled."""
    python = str(venv_python())
    only_locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", name]
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", python, *only_locked]
    if subprocess.run([python, "-c", "import pip"], check=False, stderr=subprocess.DEVNULL).returncode:
        # an environment once made by uv has no pip
        subprocess.run([python, "-m", "ensurepip"], check=False, stdout=subprocess.DEVNULL)
    return [python, "-m", "pip", "install", "-qq", "--retries", "2", *only_locked]  # -qq: errors only


def ensure_environment(name: str) -> None:
    """Make .venv hold what the lock lists; takes no time when it already does."""
    uv = shutil.which("uv")
    if not venv_works():
        make_venv(uv)
    if is_installed(name):
        return
    say("Đang cài các gói đã khóa, lần đầu khoảng một phút …", "installing the locked packages, about a minute once")
    if subprocess.run(install_command(name, uv), check=False, cwd=ROOT, env=installer_environment()).returncode:
        raise CannotStartError(
            "Không cài được các gói Python; lý do ở ngay trên. Lần đầu cần mạng tới kho gói Python: kiểm tra\n"
            "kết nối, proxy (HTTPS_PROXY) hoặc địa chỉ kho gói (PIP_INDEX_URL), rồi chạy lại.\n"
            "(The packages could not be installed; the reason stands above. The first start needs a Python package\n"
            "index: check the connection, HTTPS_PROXY or PIP_INDEX_URL and run this again; no data is touched.)"
        )
    STAMP.write_text(lock_line(name) + "\n", encoding="utf-8")


# --- start: web, worker and beat in one terminal ---


def chosen_port() -> int:
    """Return the port asked for with PORT=, 8000 by default."""
    raw = os.environ.get("PORT") or "8000"
    if not raw.isdecimal() or not 1 <= int(raw) <= HIGHEST_PORT:
        raise CannotStartError(f"PORT={raw!r} không phải số từ 1 đến {HIGHEST_PORT} (is no number from 1 to that).")
    return int(raw)


def refuse_busy_port(port: int) -> None:
    """Stop before anything is touched when another program holds the port."""
    with socket.socket() as probe:
        if not WINDOWS:  # there the option would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStartError(
                f"Không mở được cổng {port}: {error.strerror}. Có thể doantracker đang chạy ở cửa sổ khác; dừng nó"
                f" hoặc chọn cổng khác (port {port} is taken; stop the other program or choose another port):\n"
                f"    PORT={port + 1 if port < HIGHEST_PORT else 8000} python3 start.py"
            ) from error


def project_environment(port: int) -> dict[str, str]:
    """Return the environment of the project's processes: embedded, never production, whatever .env says."""
    own = {
        "DJANGO_SETTINGS_MODULE": "doantracker.settings",
        "PRODUCTION": "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    return {"SITE_URL": f"http://{HOST}:{port}", **os.environ, **own}


def manage(*arguments: str) -> list[str]:
    """Return a command line of Django's manage.py."""
    return [str(venv_python()), "manage.py", *arguments]


def prepare_database(environment: dict[str, str]) -> None:
    """Bring the tables up to date; a database without units gets the demo province."""
    say("Đang chuẩn bị cơ sở dữ liệu …", "preparing the database")
    for command in (manage("migrate", "--noinput", "--verbosity", "0"), manage("seed_demo", "--if-empty")):
        if subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode:
            raise CannotStartError(f"Lệnh «{' '.join(command[1:])}» lỗi; lý do ở ngay trên (failed; see above).")


def data_folder() -> Path:
    """Return the folder of the database and the files."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def service_commands(port: int) -> dict[str, list[str]]:
    """Return the three processes of the project by name."""
    celery = [str(venv_python()), "-m", "celery", "--quiet", "-A", "doantracker"]
    quiet_alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # one worker has nobody to talk to
    schedule = data_folder() / "celerybeat-schedule"
    return {
        "web": manage("serve", "--port", str(port)),
        "worker": [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO", *quiet_alone],
        "beat": [*celery, "beat", "--pidfile=", "--schedule", str(schedule)],
    }


class Supervisor:
    """Runs named processes together: one ends, all end; a signal ends all; none is left behind."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.children: dict[str, subprocess.Popen[str]] = {}
        self.stopping = threading.Event()
        self.hurried = threading.Event()
        self.print_lock = threading.Lock()

    def listen_to_signals(self) -> None:
        """Take Ctrl-C, a polite kill and a closed terminal as the wish to stop; a second one as hurry."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self.on_signal)

    def on_signal(self, *_: object) -> None:
        """Only set flags: a signal may arrive anywhere."""
        if self.stopping.is_set():
            self.hurried.set()
        self.stopping.set()

    def start(self, name: str, command: list[str]) -> None:
        """Start one process in a group of its own, so that Ctrl-C reaches only this supervisor."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=not WINDOWS,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self.children[name] = process
        threading.Thread(target=self.pass_on, args=(name, process), daemon=True).start()

    def pass_on(self, name: str, process: subprocess.Popen[str]) -> None:
        """Print what a process says, each line with its name before it."""
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for above
        for line in process.stdout:
            # A closed terminal must not stop the reading: the process would hang on a full pipe.
            with self.print_lock, contextlib.suppress(OSError, ValueError):
                print(f"{name:<6} | {line.rstrip()}", flush=True)

    def ended(self) -> str | None:
        """Return the name of a process that has ended by itself."""
        return next((name for name, process in self.children.items() if process.poll() is not None), None)

    def watch(self) -> int:
        """Wait for a signal or the end of any process, stop the others, return the exit code."""
        while not self.stopping.wait(0.1):
            name = self.ended()
            if name is not None:
                code = self.children[name].returncode
                say(
                    f"Tiến trình {name} đã dừng (mã {code}), dừng tất cả …", f"{name} ended, code {code}: stopping all"
                )
                self.stop()
                return 1
        say("Đang dừng …", "stopping")
        self.stop()
        say(f"Đã dừng. Dữ liệu được giữ trong thư mục {data_folder()}.", f"stopped; the data stays in {data_folder()}")
        return 0

    def stop(self) -> None:
        """Ask every process to end, wait a little, then end what remains."""
        self.stopping.set()
        for process in self.children.values():
            if process.poll() is None:
                ask_to_end(process)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and not self.hurried.is_set():
            if all(process.poll() is not None for process in self.children.values()):
                break
            time.sleep(0.05)
        for process in self.children.values():
            end_group(process)
            process.wait()


def ask_to_end(process: subprocess.Popen[str]) -> None:
    """Send the polite signal to a process and its children."""
    with contextlib.suppress(ProcessLookupError, OSError):
        if sys.platform == "win32":
            process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            os.killpg(process.pid, signal.SIGTERM)


def end_group(process: subprocess.Popen[str]) -> None:
    """End what is left of a process's group, its own children included."""
    if sys.platform == "win32":
        command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        if process.poll() is None:
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def answers(port: int) -> bool:
    """Tell whether the web process serves the log-in page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def welcome(supervisor: Supervisor, port: int) -> None:
    """Once the log-in page answers, print the address and one person of each role."""
    logins = subprocess.run(
        manage("demo_logins"), check=False, cwd=ROOT, env=supervisor.environment, capture_output=True, encoding="utf-8"
    )
    deadline = time.monotonic() + READY_SECONDS
    while not answers(port):
        if supervisor.stopping.wait(0.2):
            return
        if time.monotonic() > deadline:
            say("Trang đăng nhập chưa trả lời; xem các dòng ở trên.", "the log-in page does not answer; see above")
            return
    with supervisor.print_lock:
        line = "─" * 72
        print(f"\n{line}\n  doantracker: http://{HOST}:{port}/\n\n{logins.stdout.rstrip()}\n")
        say("  Ctrl-C để dừng.", "Ctrl-C stops everything")
        print(line + "\n", flush=True)


def run() -> int:
    """Prepare what is missing and run the whole project until told to stop."""
    port = chosen_port()
    refuse_busy_port(port)
    ensure_environment(RUN_LOCK)
    environment = project_environment(port)
    prepare_database(environment)
    supervisor = Supervisor(environment)
    supervisor.listen_to_signals()
    try:
        for name, command in service_commands(port).items():
            supervisor.start(name, command)
        threading.Thread(target=welcome, args=(supervisor, port), daemon=True).start()
        return supervisor.watch()
    finally:
        supervisor.stop()


# --- tests ---


def test_environment() -> dict[str, str]:
    """Return an environment in which tests see neither a developer's .env nor the data in var/."""
    folder = ROOT / "var" / "test"
    own = {
        "DATABASE_URL": f"sqlite:///{(folder / 'doantracker.sqlite3').as_posix()}",
        "REDIS_URL": "",
        "SECRET_KEY": "only-for-tests-" + "0" * 50,
        "VAR_DIR": str(folder),
    }
    environment = {**project_environment(8000), "SITE_URL": "http://127.0.0.1:8000", **own}
    # Containers switch bytecode off. Then every process of the check compiles all tests again, nine seconds each.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def hand_over(command: list[str]) -> int:
    """Become the given command, so that it gets every signal itself."""
    environment = test_environment()
    if WINDOWS:  # there exec would return to the shell at once
        return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
    os.chdir(ROOT)
    sys.stdout.flush()
    return os.execve(command[0], command, environment)  # noqa: S606 - no shell is wanted


def run_tests(arguments: list[str]) -> int:
    """Run the suite that needs no server."""
    ensure_environment(DEVELOPERS_LOCK)
    # the same as in scripts/check.py, which the Python of the system can't import
    without_servers = ["-n", "auto", "--dist", "worksteal", "-m", "not postgresql and not e2e and not office"]
    return hand_over([str(venv_python()), "-m", "pytest", *without_servers, *arguments])


def run_check(arguments: list[str]) -> int:
    """Run what CI runs."""
    ensure_environment(DEVELOPERS_LOCK)
    return hand_over([str(venv_python()), "-m", "scripts.check", *arguments])


def end_by_signal(*_: object) -> None:
    """Turn a polite kill during the preparation into an ordinary end, so that the running step ends too."""
    raise KeyboardInterrupt


def act(command: str, rest: list[str]) -> int:
    """Do what was asked; return the exit code."""
    if command == "run" and not rest:
        return run()
    if command == "test":
        return run_tests(rest)
    if command == "check":
        return run_check(rest)
    print(__doc__)
    return 0 if command in {"-h", "--help", "help"} else 2


def speak_utf8() -> None:
    """Make printing Vietnamese safe: a pipe on Windows may not know the letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main(arguments: list[str]) -> int:
    """Refuse an old Python, then act; a fault that a person can cure ends with its cure, not with a traceback."""
    speak_utf8()
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        say(f"Cần Python {wanted} trở lên, đây là {sys.version.split()[0]}.", f"Python {wanted} or newer is needed")
        return 2
    signal.signal(signal.SIGTERM, end_by_signal)
    command, *rest = arguments or ["run"]
    try:
        return act(command, rest)
    except CannotStartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Đã dừng.", "stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
