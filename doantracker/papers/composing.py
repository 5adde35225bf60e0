"""From content to a paper: head, signature, recipients, as the unit signs its papers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from doantracker.papers.gather.content import KEPT, Content
from doantracker.papers.gather.parts import in_sentence
from doantracker.papers.paper import Block, Head, Paper, Signature, Table, Text, annexes_last, symbol
from plans import citing
from plans.models import Plan
from units.models import Appointment, Unit
from units.roles import Role

AUTHORITY: Final = "TM. Ban Thường vụ"
POST: Final = "Bí thư"
MINUTES: Final = "BB"  # of a meeting, of a hand-over: they end with who signs
REPORT: Final = "BC"
END: Final = "./."
REPORTED: Final = " (để báo cáo)"
COLLECTIVE: Final = "TM."  # signed for a body; only this may be taken from another paper of the unit


def composed(content: Content, today: dt.date, number: int | None = None) -> Paper:
    """Return the paper; three queries, one more for a plan without a number.

    What the content's plan does not give of the issuing body comes from the unit's last plan. The department in the
    number is that of the content's own plan: no other knows who made the paper. What was issued before keeps its
    number and day.
    """
    unit, issued = content.unit, content.issued
    day = issued.day if issued else content.day or today
    signs = content.plan or last_plan(unit)
    above = Unit.objects.get_parent(unit)
    department = content.plan.symbol_department if content.plan else ""
    kept = f"{KEPT}, {department}" if department else KEPT
    signature = content.signature or _signature(unit, content.plan, signs, day)
    blocks = annexes_last(content.blocks)
    paper = Paper(
        kind=content.code,
        head=Head(
            superior=above.name if above else "",
            body=(citing.issuing_body(signs) if signs else "") or unit.name,
            place=unit.place or (signs.place if signs else ""),
            day=day,
            number=issued.symbol if issued else symbol(number, content.code, _body_code(unit, signs), department),
        ),
        abstract=content.abstract,
        blocks=blocks if content.code == MINUTES else ended(closed(blocks, content)),
        signature=signature,
        recipients=_recipients(content, kept, signature),
        addressees=content.addressees,
        landscape=content.landscape,
    )
    return paper.cleaned


def _body_code(unit: Unit, signs: Plan | None) -> str:
    """Return the code of the issuing body; a plan that has no number yet does not tell it, the last one does."""
    if signs is None or signs.symbol_body:
        return signs.symbol_body if signs else ""
    last = last_plan(unit)
    return last.symbol_body if last else ""


def closed(blocks: tuple[Block, ...], content: Content) -> tuple[Block, ...]:
    """Return the blocks of a paper; a report whose body ends with a table gets a sentence to end it."""
    body = [n for n, block in enumerate(blocks) if not (isinstance(block, Table) and block.is_annex)]
    if content.code != REPORT or not body or not isinstance(blocks[body[-1]], Table):
        return blocks
    words = Text(f"Trên đây là {in_sentence(content.abstract)}.", "end")
    return (*blocks[: body[-1] + 1], words, *blocks[body[-1] + 1 :])


def ended(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks; the last sentence of the body ends with "./." as the papers of the Union do."""
    body = [n for n, block in enumerate(blocks) if not (isinstance(block, Table) and block.is_annex)]
    last = blocks[body[-1]] if body else None
    if not isinstance(last, Text) or not last.text.endswith(".") or last.text.endswith(END):
        return blocks
    return (*blocks[: body[-1]], replace(last, text=last.text[:-1] + END), *blocks[body[-1] + 1 :])


def _recipients(content: Content, kept: str, signature: Signature) -> tuple[str, ...]:
    """Return who receives the paper and where it is kept; what a plan or letter has of its own stays as it is.

    The body for which it is signed does not report to itself.
    """
    if content.recipients:
        body = signature.authority[len(COLLECTIVE) :].strip()
        itself = {f"{name}{REPORTED}".casefold() for name in (body, f"{body} {content.unit.label}")}
        others = [line for line in content.recipients if line.casefold() not in itself]
        lines = tuple(kept if line == KEPT else line for line in others)
        return lines if content.plan or KEPT in content.recipients else (*lines, kept)
    return ("Như trên" if content.addressees else "Các đơn vị liên quan", kept)


def last_plan(unit: Unit) -> Plan | None:
    """Return the plan of a unit that was issued last with a number: as it was signed, others are."""
    numbered = Plan.objects.filter(issuing_unit=unit).exclude(symbol_body="")
    return numbered.order_by("-issued_on", "-pk").first()


def _signature(unit: Unit, plan: Plan | None, signs: Plan | None, day: dt.date) -> Signature:
    """Return who signs on `day`, post and name of one appointment; one query.

    That is who holds the post under which the content's plan was signed, where somebody does; else the first post of
    the unit that signs. Where nobody holds any the name stays open.
    """
    held = _signing(unit, day)
    if plan and plan.signer_title:
        same = [row for row in held if _same(row.post.title, plan.signer_title)]
        same.sort(key=lambda row: row.user.full_name != plan.signer_name)  # of several, who signed it
        if same:
            return _of(same[0], citing.authority(plan) or AUTHORITY)
    authority = citing.authority(signs) if signs else ""
    authority = authority if authority.upper().startswith(COLLECTIVE) else AUTHORITY
    return _of(held[0], authority) if held else Signature(authority, POST)


def _signing(unit: Unit, day: dt.date) -> list[Appointment]:
    """Return who holds posts of a unit, who signs first, then by rank."""
    held = Appointment.objects.in_force(day).filter(post__unit=unit).exclude(post__role=Role.ADMINISTRATOR)
    return list(held.select_related("post", "user").order_by("-post__signs", "post__rank", "pk"))


def signer_of(unit: Unit, day: dt.date) -> str:
    """Return who signs for a unit on `day`; "" where nobody holds a post of it."""
    return next((row.user.full_name for row in _signing(unit, day)), "")


def _of(row: Appointment, authority: str) -> Signature:
    return Signature(authority, row.post.title, row.user.full_name)


def _same(one: str, other: str) -> bool:
    """Return whether two titles name one post: plans write theirs in capitals."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
