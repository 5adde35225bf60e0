"""Everything CI runs, in order: `python3 start.py check [NAME …] [--skip NAME] [--list]`.

A step that lacks a program fails and says what to install: nothing is skipped in silence.
"""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from scripts import services

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS_COLLECTED = 5
COLLECT_STATIC = """
import sys, django
from django.conf import settings
from django.core.management import call_command
django.setup()
settings.STATIC_ROOT = sys.argv[1]
# as in production, but for the compression, which refuses nothing and takes half a minute
hashed = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": hashed}}
call_command("collectstatic", "--noinput", "--verbosity", "0")
"""


@dataclass(frozen=True)
class Step:
    """One thing to check. `light`: keeps one core busy and shares nothing, so that another may run beside it."""

    name: str
    heading: str
    act: Callable[[], bool]
    light: bool = False


def say(text: str) -> None:
    """Print a line at once, before the output of the program that follows."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def succeeds(*command: str, **environment: str) -> bool:
    """Run a command with some environment added and tell whether it succeeded."""
    done = subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **environment})  # noqa: S603 - written here
    return done.returncode == 0


def python(*arguments: str, **environment: str) -> bool:
    """Run a module or script with this environment's Python."""
    return succeeds(sys.executable, *arguments, **environment)


def pytest(*arguments: str, **environment: str) -> bool:
    """Run tests; to run none is a failure."""
    command = [sys.executable, "-m", "pytest", *arguments]
    code = subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **environment}).returncode  # noqa: S603
    if code == NO_TESTS_COLLECTED:
        say(f"No test was found for: pytest {' '.join(arguments)}")
    return code == 0


def production_environment() -> dict[str, str]:
    """Return what an installation would set, made up for the check; nothing listens at these addresses."""
    return {
        "PRODUCTION": "1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "doantracker.example",
        "SITE_URL": "https://doantracker.example",
        "DATABASE_URL": "postgres://doantracker:secret@127.0.0.1:9/doantracker",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "EMAIL_URL": "smtp+tls://user:secret@127.0.0.1:9",
    }


def check_deployment() -> bool:
    """Django's own deployment checks, and the static files as production keeps them: hashed, no reference missing."""
    environment = production_environment()
    with tempfile.TemporaryDirectory() as folder:
        return python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment) & python(
            "-c", COLLECT_STATIC, folder, **environment
        )


#: A worker that has nothing left takes tests of another: some take as long as hundreds of others.
ON_EVERY_CORE = ("-n", "auto", "--dist", "worksteal")
#: The demo on days of the calendar; made once it is tested on both databases.
DAYS_OF_THE_CALENDAR = "tests/doantracker/test_seed_demo.py"


def test_with_servers() -> bool:
    """The suite on a real PostgreSQL and Redis, those marked postgresql included.

    Without what asks no database (`pure`), and what asks nothing of it that other tests don't: the demo on days of the
    calendar, and the walks through every page for every role.
    """
    with ExitStack() as stack:
        database = stack.enter_context(services.postgresql())
        broker = stack.enter_context(services.redis())
        options = ("-m", "not e2e and not walk and not office and not pure", "--ignore", DAYS_OF_THE_CALENDAR)
        return pytest(*ON_EVERY_CORE, *options, DATABASE_URL=database, REDIS_URL=broker)


def chromium() -> str:
    """Return the browser of the journeys."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise services.MissingProgramError("Chromium was not found. Debian: sudo apt install chromium; or set CHROMIUM=")


def walk_journeys() -> bool:
    """The journeys, two at a time, each half on a site of its own whose rows are put back after each journey."""
    return pytest("tests/e2e", "-n", "2", "--dist", "worksteal", "-m", "e2e", CHROMIUM=chromium())


def open_in_office() -> bool:
    """Every paper opened by LibreOffice, set on pages and read."""
    if not shutil.which("soffice"):
        raise services.MissingProgramError(
            "LibreOffice was not found. Debian: sudo apt install --no-install-recommends libreoffice-writer-nogui"
        )
    return pytest("tests/doantracker/papers/test_libreoffice.py", "-m", "office")


STEPS = (
    Step("types", "mypy, strict", lambda: python("-m", "mypy", "."), light=True),  # the longest of them begins first
    Step("lint", "ruff check", lambda: python("-m", "ruff", "check", "--output-format", "concise", "."), light=True),
    Step("format", "ruff format", lambda: python("-m", "ruff", "format", "--check", "."), light=True),
    Step(
        "migrations",
        "every model has its migration",
        lambda: python("manage.py", "makemigrations", "--check", "--dry-run"),
        light=True,
    ),
    Step("messages", "both languages complete", lambda: python("-m", "scripts.messages", "--check"), light=True),
    Step("deploy", "production settings and static files", check_deployment, light=True),
    Step(
        "reading",
        "scores over the real plans, where they are",
        lambda: python("-m", "tests.benchmarks.scores"),
        light=True,
    ),
    Step("office", "papers in LibreOffice", open_in_office, light=True),
    Step(
        "tests", "tests on SQLite", lambda: pytest(*ON_EVERY_CORE, "-m", "not postgresql and not e2e and not office")
    ),
    Step("services", "tests on PostgreSQL, Redis and Celery", test_with_servers),
    Step("browser", "journeys in Chromium", walk_journeys),
)


def run(step: Step) -> tuple[bool, float]:
    """Run one step under a heading; return whether it passed and its seconds."""
    say(f"\n━━ {step.name}: {step.heading} " + "━" * max(0, 60 - len(step.name) - len(step.heading)))
    started = time.monotonic()
    try:
        passed = step.act()
    except (services.MissingProgramError, RuntimeError) as error:
        say(str(error))
        passed = False
    seconds = time.monotonic() - started
    say(f"── {step.name} {'passed' if passed else 'FAILED'} in {seconds:.1f} s")
    return passed, seconds


def run_apart(step: Step) -> tuple[bool, float]:
    """Run one step in a process of its own and print what it said in one piece."""
    started = time.monotonic()
    command = [sys.executable, "-m", "scripts.check", step.name]
    done = subprocess.run(  # noqa: S603 - written here
        command, check=False, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    say(done.stdout.partition("\n━━ summary")[0])
    return done.returncode == 0, time.monotonic() - started


def run_all(steps: list[Step]) -> list[tuple[Step, bool, float]]:
    """Run the light steps two at a time, then the others one after the other; return how each went."""
    light = [step for step in steps if step.light]
    if len(light) == 1:  # alone, its words need not wait for its end
        light = []
    lanes = ThreadPoolExecutor(max_workers=2)
    try:
        done = dict(zip([step.name for step in light], lanes.map(run_apart, light), strict=True))
    finally:
        lanes.shutdown(cancel_futures=True)  # after Ctrl-C none begins that has not begun
    return [(step, *(done.get(step.name) or run(step))) for step in steps]


def chosen_steps(arguments: list[str]) -> list[Step]:
    """Return the steps asked for, in their own order."""
    names = [step.name for step in STEPS]
    parser = argparse.ArgumentParser(prog="start.py check", description="Run what CI runs, or only the named steps.")
    parser.add_argument("only", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--skip", action="append", default=[], metavar="NAME", help="leave one step out")
    parser.add_argument("--list", action="store_true", help="print the steps and run none")
    options = parser.parse_args(arguments)
    unknown = {*options.only, *options.skip} - set(names)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}. Known: {', '.join(names)}")
    if options.list:
        say("\n".join(f"{step.name:<12}{step.heading}" for step in STEPS))
        sys.exit(0)
    return [step for step in STEPS if step.name not in options.skip and step.name in (options.only or names)]


def end_politely(*_: object) -> None:
    """Turn SIGTERM into an ordinary exit, so that the servers are stopped."""
    sys.exit(128 + signal.SIGTERM)


def main(arguments: list[str]) -> int:
    """Run the steps, then list how each went."""
    signal.signal(signal.SIGTERM, end_politely)
    results = run_all(chosen_steps(arguments))
    say("\n━━ summary " + "━" * 52)
    for step, passed, seconds in results:
        say(f"{'ok    ' if passed else 'FAILED'}  {step.name:<12}{seconds:7.1f} s  {step.heading}")
    failed = [step.name for step, passed, _ in results if not passed]
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nAll steps passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
