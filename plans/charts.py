"""Lines over days as numbers a template draws. Pure: values in, places in a drawing out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220  # the drawing's own units; the page scales it
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 28
GRID = 4  # lines across


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name for colour and dash, its word, its points as SVG takes them, and its last point."""

    name: str
    label: str
    points: str
    x: str
    y: str
    last: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing: lines, the marks of the upright axis as (place, number), and the days at both ends."""

    series: list[Series]
    marks: list[tuple[str, int]]
    first: dt.date
    last: dt.date


def line_chart(days: Sequence[dt.date], lines: Sequence[tuple[str, str, Sequence[int]]]) -> Chart:
    """Return the drawing of `lines` (name, word, one number a day); days lie as far apart as in the calendar."""
    top = _round_up(max((number for _, _, numbers in lines for number in numbers), default=0))
    span = max((days[-1] - days[0]).days, 1)

    def x(day: dt.date) -> str:
        return f"{LEFT + (WIDTH - LEFT - RIGHT) * (day - days[0]).days / span:.1f}"

    def y(number: int) -> str:
        return f"{HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * number / top:.1f}"

    series = [
        Series(
            name,
            label,
            " ".join(f"{x(d)},{y(n)}" for d, n in zip(days, numbers, strict=True)),
            x(days[-1]),
            y(numbers[-1]),
            numbers[-1],
        )
        for name, label, numbers in lines
    ]
    return Chart(series, [(y(top * n // GRID), top * n // GRID) for n in range(GRID + 1)], days[0], days[-1])


def _round_up(number: int) -> int:
    """Return the next number that four equal steps reach: 4, 8, 20, 40, 80, 200 …"""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if GRID * step * factor >= number:
                return GRID * step * factor
        step *= 10
