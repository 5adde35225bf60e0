"""Statements of every request, written once: Django takes longer to write one than the database to answer it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet


class Statement(NamedTuple):
    """A query as the database gets it; keep it under everything its rows depend on."""

    sql: str
    values: tuple[Any, ...]

    def rows(self) -> list[tuple[Any, ...]]:
        """Ask the database. Whole numbers and texts only: nothing converts what it answers."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def written(rows: QuerySet[Any, Any]) -> Statement:
    """Return the statement of `rows`."""
    sql, values = rows.query.sql_with_params()
    return Statement(sql, tuple(values))
