"""Tables of a PDF page: drawn lines make a grid, words fall into its cells. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plans.reading.pdf_pages import Page, Stroke, Word

_NEAR = 3.0  # points between lines that are one
_MOST_LINES = 400  # level or upright lines of one page; beyond, it is a drawing
_MOST_CELLS = 4_000
_SMALLEST = 12.0  # a table is no narrower and no lower


@dataclass(slots=True)
class Grid:
    """One table of a page: the x of its upright lines and the y of its level ones (from the top), words by cell."""

    xs: list[float]
    ys: list[float]
    cells: dict[tuple[int, int], list[Word]] = field(default_factory=lambda: defaultdict(list))

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    def holds(self, word: Word) -> bool:
        """Say whether the middle of `word` lies inside the table."""
        x, y = _middle(word)
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]


def tables_of(page: Page) -> tuple[list[Grid], list[Word]]:
    """Return the tables of `page` from the top down, and the words outside them."""
    level = _merged(s for s in page.strokes if s.level and s.end - s.start < page.width)
    upright = _merged(s for s in page.strokes if not s.level and s.end - s.start < page.height)
    if not level or not upright or max(len(level), len(upright)) > _MOST_LINES:
        return [], page.words
    grids: list[Grid] = []
    rest = page.words
    for lines in _joined(level, upright):
        grid = _grid(lines)
        if grid is None:
            continue
        inside = [word for word in rest if grid.holds(word)]
        if not inside:
            continue
        _fill(grid, lines, inside)
        rest = [word for word in rest if not grid.holds(word)]
        grids.append(grid)
    return sorted(grids, key=lambda grid: -grid.top), rest


def _middle(word: Word) -> tuple[float, float]:
    return (word.x0 + word.x1) / 2, word.y + word.size * 0.25


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Return `strokes` with pieces and doubles of one line put together."""
    merged: list[Stroke] = []
    group: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda s: s.at):
        if group and stroke.at - group[0].at > _NEAR:
            merged.extend(_chained(group))
            group = []
        group.append(stroke)
    return merged + _chained(group)


def _chained(group: Sequence[Stroke]) -> list[Stroke]:
    """Return the lines that pieces lying on one straight make."""
    chained: list[Stroke] = []
    for stroke in sorted(group, key=lambda s: s.start):
        last = chained[-1] if chained else None
        if last is not None and stroke.start <= last.end + _NEAR:
            chained[-1] = Stroke(last.level, last.at, last.start, max(last.end, stroke.end))
        else:
            chained.append(stroke)
    return chained


def _joined(level: Sequence[Stroke], upright: Sequence[Stroke]) -> list[list[Stroke]]:
    """Return the lines in groups that touch each other: one group is one table."""
    lines = [*level, *upright]
    leader = list(range(len(lines)))

    def root(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for i, across in enumerate(level):
        for j, down in enumerate(upright, start=len(level)):
            touch_x = across.start - _NEAR <= down.at <= across.end + _NEAR
            if touch_x and down.start - _NEAR <= across.at <= down.end + _NEAR:
                leader[root(i)] = root(j)
    groups: dict[int, list[Stroke]] = defaultdict(list)
    for index, line in enumerate(lines):
        groups[root(index)].append(line)
    return list(groups.values())


def _grid(lines: Sequence[Stroke]) -> Grid | None:
    """Return the grid of touching `lines`, None for a frame without columns or a mere ornament.

    A side that no line closes (a row the page cuts, a table without outer border) ends where the other lines end.
    """
    level, upright = [line for line in lines if line.level], [line for line in lines if not line.level]
    if len(level) < 1 or len(upright) < 1:
        return None
    ends_x = (min(line.start for line in level), max(line.end for line in level))
    ends_y = (min(line.start for line in upright), max(line.end for line in upright))
    xs = _places([*(line.at for line in upright), *ends_x])
    ys = _places([*(line.at for line in level), *ends_y])
    if len(xs) < 3 or len(ys) < 2:  # noqa: PLR2004 - two columns need three lines, a row two
        return None
    if xs[-1] - xs[0] < _SMALLEST or ys[-1] - ys[0] < _SMALLEST:
        return None
    if len(xs) * len(ys) > _MOST_CELLS:
        return None
    return Grid(xs, ys[::-1])


def _places(values: Iterable[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _fill(grid: Grid, lines: Sequence[Stroke], words: Iterable[Word]) -> None:
    """Put `words` into the cells; a cell that spans several takes its words at its first row and column."""
    upright = [line for line in lines if not line.level]
    level = [line for line in lines if line.level]
    rising = grid.ys[::-1]
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(grid.ys) - 1):
        for column in range(len(grid.xs) - 1):
            home = (row, column)
            if column and not _parts(upright, grid.xs[column], (grid.ys[row] + grid.ys[row + 1]) / 2):
                home = first[row, column - 1]
            elif row and not _parts(level, grid.ys[row], (grid.xs[column] + grid.xs[column + 1]) / 2):
                home = first[row - 1, column]
            first[row, column] = home
    for word in words:
        x, y = _middle(word)
        column = min(max(bisect_right(grid.xs, x) - 1, 0), len(grid.xs) - 2)
        row = min(max(len(grid.ys) - 1 - bisect_right(rising, y), 0), len(grid.ys) - 2)
        grid.cells[first[row, column]].append(word)


def _parts(lines: Sequence[Stroke], at: float, along: float) -> bool:
    """Say whether one of `lines` runs at `at` past the place `along`."""
    return any(abs(line.at - at) <= _NEAR and line.start <= along <= line.end for line in lines)
