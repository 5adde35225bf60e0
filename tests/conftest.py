"""Fixtures for every test: the cast, fast passwords, a folder for files, a fixed today."""

import datetime as dt
import gc
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client

from plans.actions import imports, reimports
from plans.reading.isolation import read_isolated
from plans.views import imports as import_views
from tests.cast import Cast, make_cast
from tests.factories import AppointmentFactory, PostFactory
from units.models import User
from units.roles import Role

TODAY = dt.date(2026, 3, 16)  # a Monday

ASKS_A_DATABASE = {"db", "transactional_db", "django_db_setup"}  # fixtures
NEEDS_A_SERVER = ("django_db", "postgresql", "e2e")  # marks

Login = Callable[[User | None], Client]


def pytest_configure() -> None:
    """Give each process of the tests a cache of its own: to empty one is to empty a whole database of Redis."""
    cache, number = settings.CACHES["default"], int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if settings.REDIS_URL:
        cache["LOCATION"] = f"{settings.REDIS_URL.rpartition('/')[0]}/{1 + number % 15}"  # the broker keeps number 0


@pytest.hookimpl(tryfirst=True)  # before the choice by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks no database: on which one the others run is nothing to it."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if ASKS_A_DATABASE.isdisjoint(fixtures) and not any(map(item.get_closest_marker, NEEDS_A_SERVER)):
            item.add_marker(pytest.mark.pure)


def pytest_collection_finish() -> None:
    """Look less often for what has become garbage, and never among what was there before the first test: a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with the reason, what needs a PostgreSQL where there is none."""
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run python3 start.py check")


@pytest.fixture(scope="session", autouse=True)
def _same_file_read_once() -> Iterator[None]:
    """Let the child process of the reader read each file once a run; a draft can't be changed. Errors are not kept."""
    read = lru_cache(maxsize=100)(read_isolated)
    with pytest.MonkeyPatch.context() as patch:
        for module in (imports, reimports, import_views):
            patch.setattr(module, "read_isolated", read)
        yield


@pytest.fixture(autouse=True)
def _plain_settings(settings: LazySettings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LANGUAGE_CODE = "vi"
    settings.WHITENOISE_AUTOREFRESH = True  # else every new client reads all static files: 50 ms


@pytest.fixture
def today() -> Iterator[dt.date]:
    """Stop the clock at nine in the morning of TODAY, in Vietnam."""
    with time_machine.travel(dt.datetime(2026, 3, 16, 2, 0, tzinfo=dt.UTC), tick=False):
        yield TODAY


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the fixed cast."""
    return make_cast()


@pytest.fixture
def both_trees(cast: Cast) -> User:
    """Return the administrator, who administers the foreign province too: all there is."""
    post = PostFactory(unit=cast.foreign_province, role=Role.ADMINISTRATOR)
    AppointmentFactory(user=cast.administrator, post=post)
    return cast.administrator


@pytest.fixture
def login() -> Login:
    """Return a function that gives a client logged in as a person; None: nobody."""

    def as_user(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="units.backends.AppointmentBackend")
        return client

    return as_user
