"""The project as in production, with the benchmark's own addresses beside its own."""

from doantracker.settings import *  # noqa: F403  # a settings module is a list of names

ROOT_URLCONF = "tests.benchmarks.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests/benchmarks/templates")  # type: ignore[attr-defined]  # noqa: F405  # see above
