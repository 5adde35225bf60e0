"""From content to a paper: head, signature, recipients, as the unit signs its papers."""

from __future__ import annotations

import datetime as dt
from typing import Final

from doantracker.papers.gather.content import KEPT, Content
from doantracker.papers.paper import Head, Paper, Signature, annexes_last, symbol
from plans.models import Plan
from units.models import Appointment, Unit
from units.roles import Role

AUTHORITY: Final = "TM. Ban Thường vụ"
POST: Final = "Bí thư"


def composed(content: Content, today: dt.date, number: int | None = None) -> Paper:
    """Return the paper; three queries. Signs that the content's plan does not give come from the unit's last plan."""
    unit = content.unit
    signs = content.plan or last_plan(unit)
    above = Unit.objects.get_parent(unit)
    body_code = signs.symbol_body if signs else ""
    department = signs.symbol_department if signs else ""
    kept = f"{KEPT}, {department}" if department else KEPT
    paper = Paper(
        kind=content.code,
        head=Head(
            superior=above.name if above else "",
            body=(signs.issuing_body if signs else "") or unit.name,
            place=unit.place or (signs.place if signs else ""),
            day=content.day or today,
            number=symbol(number, content.code, body_code, department),
        ),
        abstract=content.abstract,
        blocks=annexes_last(content.blocks),
        signature=content.signature
        or Signature(
            authority=(signs.signer_authority if signs else "") or AUTHORITY,
            post=(signs.signer_title if signs else "") or POST,
            name=signer_of(unit, today),
        ),
        recipients=_recipients(content, kept),
        addressees=content.addressees,
        landscape=content.landscape,
    )
    return paper.cleaned


def _recipients(content: Content, kept: str) -> tuple[str, ...]:
    """Return who receives the paper and where it is kept; what a plan or letter has of its own stays as it is."""
    if content.recipients:
        lines = tuple(kept if line == KEPT else line for line in content.recipients)
        return lines if content.plan or KEPT in content.recipients else (*lines, kept)
    return ("Như trên" if content.addressees else "Các đơn vị liên quan", kept)


def last_plan(unit: Unit) -> Plan | None:
    """Return the plan of a unit that was issued last with a number: as it was signed, others are."""
    numbered = Plan.objects.filter(issuing_unit=unit).exclude(symbol_body="")
    return numbered.order_by("-issued_on", "-pk").first()


def signer_of(unit: Unit, today: dt.date) -> str:
    """Return who holds the first post of a unit that signs, else the first one; "" where nobody does."""
    held = Appointment.objects.in_force(today).filter(post__unit=unit).exclude(post__role=Role.ADMINISTRATOR)
    held = held.order_by("-post__signs", "post__rank", "pk")
    return held.values_list("user__full_name", flat=True).first() or ""
