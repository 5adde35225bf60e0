"""What is long in the making is made once a process; later tests get its rows and files put back."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

T = TypeVar("T")
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class _Made:
    """What was made, how many rows each table had before, every row and file after."""

    what: Any
    before: dict[str, int]
    rows: Rows
    files: dict[str, bytes]


_made: dict[str, _Made] = {}


def once(name: str, make: Callable[[], T]) -> T:
    """Return what `make` makes of the tables as they are: made the first time, then put back as a copy.

    Only where the tables hold as many rows as they did then, and on SQLite, which has no sequences of its own to set.
    """
    if connection.vendor != "sqlite":
        return make()
    before = {table: len(rows) for table, rows in _rows().items()}
    found = _made.get(name)
    if found is None or found.before != before:
        what = make()
        _made[name] = _Made(copy.deepcopy(what), before, _rows(), _files())
        return what
    with connection.cursor() as cursor:
        for table, rows in found.rows.items():
            names, marks = _columns(cursor, table), ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - our tables
    for path, content in found.files.items():
        file = Path(settings.MEDIA_ROOT) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return copy.deepcopy(found.what)  # type: ignore[no-any-return]  # what this name was given by `make`


def _rows() -> Rows:
    """Return the rows of every table that has some."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT {_columns(cursor, table)} FROM "{table}"')  # noqa: S608 - our tables
            if rows := cursor.fetchall():
                found[table] = rows
    return found


def _columns(cursor: Any, table: str) -> str:
    """Return the columns that are written, not those that the database works out itself."""
    cursor.execute(f'PRAGMA table_info("{table}")')
    return ", ".join(f'"{column[1]}"' for column in cursor.fetchall())


def _files() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}
