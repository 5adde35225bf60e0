"""How official papers name a plan: what kind of document it is, by its number or its name, and which body issued it.

Papers are Vietnamese whatever the language of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from plans.models import Plan

PLAN: Final = "Kế hoạch"
#: Kinds of document by their code in a number.
KINDS: Final = {
    "CT": "Chỉ thị",
    "CTr": "Chương trình",
    "ĐA": "Đề án",
    "HD": "Hướng dẫn",
    "KH": PLAN,
    "KL": "Kết luận",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
}
_NAMED: Final = re.compile(rf"({'|'.join(KINDS.values())})\b", re.IGNORECASE)


def code_of(symbol_kind: str, title: str) -> str:
    """Return the code of what a plan is: as its number says, else as its title begins, else that of a plan."""
    named = _NAMED.match(title)
    said = named[1].capitalize() if named else PLAN
    return symbol_kind if symbol_kind in KINDS else next(code for code, kind in KINDS.items() if kind == said)


def kind_of(symbol_kind: str, title: str) -> str:
    """Return what a plan is, in words: "Kế hoạch", "Chương trình"."""
    return KINDS[code_of(symbol_kind, title)]


def about(kind: str, title: str) -> str:
    """Return a title without its kind, where it begins with that."""
    begins = re.compile(rf"{kind}\b\s*", re.IGNORECASE).match(title)
    return (title[begins.end() :] if begins else "") or title


def issuing_body(plan: Plan) -> str:
    """Return which body issued a plan, "" where it does not say; that of a programme is named with its unit."""
    body = plan.issuing_body
    return f"{body} {plan.issuing_unit.label}" if body and plan.is_programme else body


def authority(plan: Plan) -> str:
    """Return for whom a plan is signed, "" where it does not say; a programme, which nobody signed, for its body."""
    return plan.signer_authority or (f"TM. {issuing_body(plan)}" if plan.is_programme and plan.issuing_body else "")
