"""Numbers and symbols of official documents: "245-BC/TĐTN-TCKT" (29-HD/TWĐTN-VP). Pure and lenient."""

import re
from dataclasses import dataclass

from doantracker.lib.text import nfc

_SYMBOL = re.compile(r"^(\d{1,5})?\s*[-– ]?\s*([^\W\d_]{1,6})\s*/\s*([^\W\d_]{1,12})(?:\s*[-–]\s*(.{1,25}))?$")


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
    text = re.sub(r"^\s*số\s*:?\s*", "", nfc(raw).strip(), flags=re.IGNORECASE)
    found = _SYMBOL.match(text)
    if not found:
        return Symbol()
    number, kind, body, department = found.groups()
    return Symbol(int(number) if number else None, kind, body, re.sub(r"\s+", "", department or ""))
