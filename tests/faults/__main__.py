"""Sweep and senders killed at random moments: `python -m tests.faults [--kills 200] [--seed 7]`.

On a throw-away PostgreSQL and Redis, with a mail server in a process of its own. Each round is one day of a small
union: a sweep, a sender beside it, and a Celery worker that finds the same jobs in Redis; each is killed with SIGKILL
(or loses its connections to the database) at a random moment of its run. Then an undisturbed run follows, ten minutes
later by the clock of the union, as beat would start it, and everything is counted. Prints a table; ends with 1 when
anything is lost or doubled.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from scripts import services
from tests.faults.redis import RestartableRedis
from tests.smtp_sink import mail_server

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Set up the servers, run the rounds, print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(services.postgresql())
        redis = stack.enter_context(RestartableRedis(folder))
        mails = folder / "mails"
        port = stack.enter_context(mail_server(mails, pause=0.01))
        settings(database, redis.url, folder, port)
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django  # noqa: PLC0415  # the environment must be set first

        django.setup()
        from tests.faults.rounds import Rounds  # noqa: PLC0415  # after django.setup

        rounds = Rounds(seed=options.seed, mails=mails, redis=redis, log=folder / "log")
        rounds.run(options.kills)
        return rounds.report()


def settings(database: str, redis: str, folder: Path, mail_port: int) -> None:
    """Put the installation into the environment: no quiet hours, for the rounds run at any time."""
    os.environ.update(
        DATABASE_URL=database,
        REDIS_URL=redis,
        VAR_DIR=str(folder),
        EMAIL_URL=f"smtp://127.0.0.1:{mail_port}",
        QUIET_FROM="00:00",
        QUIET_UNTIL="00:00",
        HORIZON_DAYS="31",
        LOG_LEVEL="ERROR",
        DJANGO_SETTINGS_MODULE="doantracker.settings",
    )


if __name__ == "__main__":
    sys.exit(main())
