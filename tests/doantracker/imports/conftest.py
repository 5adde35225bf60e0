"""English words in the tests, and workbooks read in this process: one test of its own starts the child."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from doantracker.imports import actions
from doantracker.imports.sheet import Cell, Sheet, cells_of


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read workbooks without a child process, which takes half a second each."""

    def read(data: bytes) -> Sheet:
        answer = cells_of(data)
        rows = tuple((number, tuple(Cell(*cell) for cell in cells)) for number, cells in answer["rows"])
        return Sheet(rows, answer["too_many"], answer["name"])

    monkeypatch.setattr(actions, "read_sheet", read)
