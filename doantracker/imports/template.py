"""The file to fill in: a sheet with the header only, one that explains each column, one with the codes to choose from.

Every text is written as a text: a name that begins with "=" stays a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range_abs

from doantracker.imports.kinds.base import Codes
from doantracker.imports.sheet import MOST_ROWS
from doantracker.imports.table import Column, code, day, text, whole, yes

#: Nothing that a person wrote becomes a formula, a link or a number by itself.
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NARROW, WIDE, WIDEST = 16, 32, 60  # characters
HEAD: Final = {"bold": True, "bg_color": "#DCE9F7", "border": 1, "text_wrap": True, "valign": "vcenter"}
_NEEDED: Final = HEAD | {"bg_color": "#FCE4C8"}


def workbook(
    columns: Sequence[Column], codes: Sequence[Codes], *, title: str, begun: Sequence[Mapping[str, str]] = ()
) -> bytes:
    """Return the template as a file; `begun` are rows with what is known already, by column."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": title})
        rows = book.add_worksheet(_("Rows")[:31])
        guide = book.add_worksheet(_("How to fill in")[:31])
        lists = book.add_worksheet(_("Codes")[:31])
        places = _write_lists(book, lists, columns, codes)
        _write_header(book, rows, columns, places)
        _write_rows(rows, columns, begun)
        _write_guide(book, guide, columns, title)
        if not places:
            lists.hide()
    return out.getvalue()


def _write_header(book: Any, sheet: Any, columns: Sequence[Column], places: dict[str, str]) -> None:
    """Write the header, frozen; below it cells of the right form that offer what may stand in them."""
    formats = {"text": book.add_format({"num_format": "@"}), "day": book.add_format({"num_format": "dd/mm/yyyy"})}
    head, needed = book.add_format(HEAD), book.add_format(_NEEDED)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        width = WIDE if column.reads is text and column.length > NARROW else NARROW
        form = formats["day"] if column.reads is day else formats["text"] if _is_text(column) else None
        sheet.set_column(place, place, width, form)
        heading = f"{column.heading} *" if column.required else str(column.heading)
        sheet.write_string(0, place, heading, needed if column.required else head)
        sheet.write_comment(0, place, str(column.what), {"x_scale": 2})
        if column.name in places:
            rule = {"validate": "list", "source": places[column.name], "error_type": _strictness(column)}
            rule |= {"error_title": str(column.heading)[:32], "error_message": _("Choose a value of the list.")}
            sheet.data_validation(1, place, MOST_ROWS - 1, place, rule)


def _write_rows(sheet: Any, columns: Sequence[Column], rows: Sequence[Mapping[str, str]]) -> None:
    """Write what is known already."""
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            if column.name in row:
                _write(sheet, number, place, column, row[column.name])


def _write(sheet: Any, row: int, place: int, column: Column, value: str) -> None:
    """Write a value as people would type it: a whole number as a number, everything else as a text."""
    if column.reads is whole:
        sheet.write_number(row, place, int(value))
    else:
        sheet.write_string(row, place, value)


def _write_lists(book: Any, sheet: Any, columns: Sequence[Column], codes: Sequence[Codes]) -> dict[str, str]:
    """Write the lists side by side; return where the values of each column stand."""
    head = book.add_format(HEAD)
    named = {column.name: column for column in columns}
    lists = [(column, [(str(words), "") for _value, words in _choices(column)]) for column in columns]
    lists += [(named[found.column], [*found.rows]) for found in codes]
    places: dict[str, str] = {}
    at = 0
    sheet.freeze_panes(1, 0)
    for column, rows in lists:
        if not rows:
            continue
        sheet.set_column(at, at, NARROW)
        sheet.set_column(at + 1, at + 1, WIDE)
        sheet.write_string(0, at, str(column.heading), head)
        for number, (value, meaning) in enumerate(rows, start=1):
            _write(sheet, number, at, column, value)
            if meaning:
                sheet.write_string(number, at + 1, meaning)
        if any(meaning for _value, meaning in rows):
            sheet.write_string(0, at + 1, _("Meaning"), head)
        places[column.name] = f"='{sheet.get_name()}'!{xl_range_abs(1, at, len(rows), at)}"
        at += 3
    return places


def _write_guide(book: Any, sheet: Any, columns: Sequence[Column], title: str) -> None:
    """Write what each column takes, with an example."""
    head, bold = book.add_format(HEAD), book.add_format({"bold": True, "font_size": 14})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, title, bold)
    notes = (
        _("Fill in the first sheet only. Leave its first row as it is; the order of the columns does not matter."),
        _("Columns marked with * are needed. An empty cell leaves what stands in the system as it is."),
        _how_to_empty([str(column.heading) for column in columns if column.clears]),
        _("Days are written dd/mm/yyyy, numbers 1.234,5. Write values, no formulas."),
        _("Where yes or no is asked for, Có, Yes, x, Đúng and 1 say yes; Không, No, Sai, - and 0 say no."),
        _("Nothing is imported before you have seen what the file would do. All rows are imported or none."),
    )
    for number, note in enumerate(notes, start=1):
        sheet.write_string(number, 0, note)
    top = len(notes) + 2
    for place, words in enumerate((_("Column"), _("Needed"), _("What it holds"), _("Example"))):
        sheet.write_string(top, place, words, head)
    for number, column in enumerate(columns, start=top + 1):
        sheet.write_string(number, 0, str(column.heading), wrap)
        sheet.write_string(number, 1, _("Yes") if column.required else "", wrap)
        sheet.write_string(number, 2, str(column.what), wrap)
        sheet.write_string(number, 3, column.example, wrap)
    for place, width in enumerate((WIDE, NARROW, WIDEST, WIDE)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(top + 1, 0)


def _how_to_empty(headings: Sequence[str]) -> str:
    """Return in which columns, by their headings, what stands in the system is emptied, and how."""
    if not headings:
        return _("What stands in the system can be emptied in no column.")
    words = _("To empty what stands in the system, write (clear) into the cell. It works in: %(columns)s.")
    return words % {"columns": "; ".join(headings)}


def _choices(column: Column) -> Sequence[tuple[str, Any]]:
    """Return the closed list of a column."""
    return (("yes", _("Yes")), ("no", _("No"))) if column.reads is yes else column.choices


def _strictness(column: Column) -> str:
    """Return whether the spreadsheet refuses other values: not where new ones may come, such as codes."""
    return "stop" if _choices(column) else "warning"


def _is_text(column: Column) -> bool:
    """Return whether cells are texts for the spreadsheet: codes keep their zeros then."""
    return column.reads in {text, code} or bool(column.length and not column.choices and column.reads is not day)
