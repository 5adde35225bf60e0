"""Drawings of the overview pages as SVG, made of counts. Pure: dataclasses in, markup out.

Nothing is told by colour alone: every part has a pattern of its own (templates/overview/patterns.html), every drawing
a sentence, and the numbers stand beside it or in a table behind it. No text of people's gets in here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.parts import Parts

#: The parts of a bar in order: the property of `Parts`, the name of the pattern.
BAR = (
    ("done_on_time", "on_time"),
    ("done_late", "late"),
    ("in_time", "open"),
    ("overdue", "overdue"),
    ("undated", "undated"),
)
SPARK_WIDTH, SPARK_HEIGHT, EDGE = 240, 48, 4  # the drawing's own units; the page scales it
DRAWN = 4096  # bars remembered: most cells of a matrix look alike


def sentence(parts: Parts) -> str:
    """Return what a bar shows, as a sentence."""
    return _(
        "%(total)s in all: %(on_time)s done on time, %(late)s done late, %(open)s not done and in time,"
        " %(overdue)s overdue, %(undated)s without a date"
    ) % {"total": parts.total, **{name: getattr(parts, part) for part, name in BAR}}


def bar(parts: Parts) -> SafeString:
    """Return a bar of four parts and one for what has no date; nothing where nothing is counted."""
    if not parts.total:
        return SafeString("")
    return format_html('<svg class="ov-bar" role="img" aria-label="{}">{}</svg>', sentence(parts), _rects(parts))


@lru_cache(DRAWN)
def _rects(parts: Parts) -> SafeString:
    x, rects = 0.0, []
    for part, name in BAR:
        width = 100 * getattr(parts, part) / parts.total
        if width:
            rects.append(f'<rect x="{x:.2f}%" width="{width:.2f}%" height="100%" fill="url(#ov-{name})"/>')
        x += width
    return SafeString("".join(rects))


def cell(parts: Parts | None, url: str) -> SafeString:
    """Return a cell of the matrix: the bar, how many, and how many of them are overdue; each number is a link.

    `url` is the list of exactly these rows up to the name of the figure.
    """
    if not parts or not parts.total:
        return SafeString('<span class="quiet" aria-hidden="true">–</span>')
    total = link(parts.total, f"{url}total")
    over = link(parts.overdue, f"{url}overdue", _("overdue"), "t-overdue") if parts.overdue else ""
    return format_html('{}<span class="ov-numbers">{} {}</span>', bar(parts), total, over)


def link(number: int, url: str, word: str = "", css: str = "") -> SafeString:
    """Return a number, with a word where it needs one, that leads to its rows; a dash for nothing."""
    if not number:
        return SafeString('<span class="quiet">–</span>')
    shown = number_format(number)
    if not word:
        word_html = format_html('<span class="visually-hidden"> {}</span>', ngettext("row", "rows", number))
    else:
        word_html = format_html(" {}", word)
    return format_html('<a class="{}" href="{}">{}{}</a>', css, url, shown, word_html)


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line: its points as SVG takes them, its last point, its sentence."""

    points: str
    x: str
    y: str
    words: str


def spark(name: str, days: Sequence[dt.date], numbers: Sequence[int], shown: Sequence[str], top: int) -> Spark:
    """Return a line of `numbers` (0 to `top`) over `days`, which lie as far apart as in the calendar."""
    span = max((days[-1] - days[0]).days, 1)
    places = [
        (
            f"{EDGE + (SPARK_WIDTH - 2 * EDGE) * (day - days[0]).days / span:.1f}",
            f"{SPARK_HEIGHT - EDGE - (SPARK_HEIGHT - 2 * EDGE) * number / max(top, 1):.1f}",
        )
        for day, number in zip(days, numbers, strict=True)
    ]
    words = _("%(name)s: from %(first)s on %(from)s to %(last)s on %(to)s") % {
        "name": name,
        "first": shown[0],
        "from": f"{days[0]:%d/%m/%Y}",
        "last": shown[-1],
        "to": f"{days[-1]:%d/%m/%Y}",
    }
    return Spark(" ".join(f"{x},{y}" for x, y in places), *places[-1], words)
