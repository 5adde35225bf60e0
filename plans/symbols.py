"""Numbers and symbols of official documents: "245-BC/TĐTN-TCKT" (29-HD/TWĐTN-VP). Pure and lenient."""

import re
from dataclasses import dataclass

from doantracker.lib.text import nfc

_SYMBOL = re.compile(r"^(\d{1,5})?\s*[-– ]?\s*([^\W\d_]{1,6})\s*/\s*([^\W\d_]{1,12})(?:\s*[-–]\s*(.{1,25}))?$")
#: As the State writes it: "12/QĐ-UBND", "45/2025/NĐ-CP"; Party and Union put the hyphen first: "245-BC/TĐTN-TCKT".
_STATE = re.compile(r"^\d{1,5}[a-z]?\s*/\s*(?:\d{4}\s*/\s*)?[^\W\d_]{1,10}(?:\s*[-–]\s*[^\W_][^\s,;]{0,24})?$")
_PREFIX = re.compile(r"^\s*số\s*:?\s*", re.IGNORECASE)
_DATED = re.compile(r",?\s+ngày\s+\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Symbol:
    """Parts of a symbol; what is not printed is None or empty."""

    number: int | None = None
    kind: str = ""
    body: str = ""
    department: str = ""


def parse_symbol(raw: str) -> Symbol:
    """Return the parts of a symbol as printed; all empty when it has another shape (it is then kept as text only).

    Accepts what real documents hold: space or hyphen after the number, no number yet, no department, "Số:".
    """
    text = _PREFIX.sub("", nfc(raw).strip())
    found = _SYMBOL.match(text)
    if not found:
        return Symbol()
    number, kind, body, department = found.groups()
    return Symbol(int(number) if number else None, kind, body, re.sub(r"\s+", "", department or ""))


def is_document_number(raw: str) -> bool:
    """Return whether `raw` is the number of one document, as the Party, the Union or the State writes it.

    A day may follow: "245-BC/TĐTN-TCKT ngày 05/3/2026".
    """
    text = _DATED.sub("", _PREFIX.sub("", nfc(raw).strip()))
    return parse_symbol(text).number is not None or bool(_STATE.match(text))
