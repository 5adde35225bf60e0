"""The proposal to commend a unit or a person, as the tờ trình of who proposes."""

from __future__ import annotations

import datetime as dt

from doantracker.papers.gather.content import KEPT, Content
from doantracker.papers.gather.parts import in_sentence
from doantracker.papers.paper import Block, Heading, Level, Text
from reviews.models import CommendationProposal
from units.models import User


def commendation(proposal: CommendationProposal, _by: User, _today: dt.date) -> Content:
    """Gather a proposal. The title names no person: it stands in the log and in lists."""
    unit, level = proposal.proposing_unit, proposal.level.name
    merits = [line.strip() for line in proposal.merits.splitlines() if line.strip()]
    blocks: list[Block] = [
        Text(
            f"Căn cứ thành tích đạt được trong năm {proposal.year}, {unit.name} kính trình {level} xem xét, khen "
            f"thưởng {_nominee(proposal)}; hình thức đề nghị: {in_sentence(proposal.award)}.",
            "opening",
        ),
        Heading(Level.ITEM, "Tóm tắt thành tích"),
        *[Text(line, f"merit{n}") for n, line in enumerate(merits)],
        Text(f"Kính trình {level} xem xét, quyết định.", "closing"),
    ]
    abstract = f"Đề nghị khen thưởng năm {proposal.year}"
    return Content(unit, "TTr", abstract, tuple(blocks), addressees=(level,), recipients=("Như trên", KEPT))


def _nominee(proposal: CommendationProposal) -> str:
    if proposal.person:
        return f"đồng chí {proposal.person}, {proposal.unit.name}"
    return str(proposal.unit.name)
