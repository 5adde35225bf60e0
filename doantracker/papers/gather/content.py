"""What a gathering returns, before it has a head and a number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from doantracker.papers.paper import Block, Signature
from plans.models import Plan
from units.models import Unit
from units.permissions import Permission

#: The last line of the recipients; the department that keeps the paper is added where the unit has one.
KEPT: Final = "Lưu VT"


@dataclass(frozen=True, slots=True)
class Issued:
    """The number and day under which something was issued before its paper was gathered: the paper carries them."""

    symbol: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Content:
    """The body of a paper, and what its head and foot follow from.

    `plan` lends its signs (body code, who signs, recipients); `right` is needed over the unit to see it. With a
    `signature` somebody else signs than who signs for the unit: the head of a team. Without a plan `recipients` need
    no line of where it is kept.
    """

    unit: Unit
    code: str  # of the number: BC, CV, KH
    abstract: str
    blocks: tuple[Block, ...]
    plan: Plan | None = None
    recipients: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    right: Permission = Permission.MANAGE_PLANS
    landscape: bool = False
    signature: Signature | None = None
    day: dt.date | None = None  # that the paper tells of, as minutes do; None: today
    issued: Issued | None = None  # such a paper gets no other number
    as_of: dt.date | None = None  # up to which day it counts: it can't bear an earlier one; None: any day fits
    subject: str = ""  # as it is kept, see `sources.gathered`
