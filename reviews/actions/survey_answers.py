"""Answers to a survey: entered by the unit itself or by who conducts it, one unit or many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.deadlines import submit
from plans.actions.indicator_results import RowsRefused
from plans.errors import ActionRefused
from plans.models import Deadline
from plans.pasting import TOO_LONG, fits
from plans.result_words import shown
from plans.workflow import offered
from reviews.enums import SAID_OUTLOOK
from reviews.models import Survey, SurveyAnswer, SurveyUnit
from reviews.models.survey import LONGEST_NOTE
from reviews.rights import may_answer_for
from reviews.titles import SURVEY_ANSWERED
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

GREATEST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one indicator; nothing at all takes the answer back. `note` None: the note stays."""

    completion: Decimal | None = None
    outlook: str = ""
    note: str | None = None

    @property
    def fault(self) -> str:
        """Return what is wrong with it; nothing where nothing is."""
        if self.completion is not None and self.completion < 0:
            return _("A figure is 0 or more.")
        if self.completion is not None and not fits(self.completion):
            return str(TOO_LONG)
        return _("Choose one of the three outlooks.") if self.outlook not in {"", *SAID_OUTLOOK} else ""


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """What one unit says: by the key of what is asked, and the ideas supported and commended; None: they stay."""

    unit_id: int
    version: int
    answers: Mapping[int, Said] = field(default_factory=dict)
    ideas: tuple[int | None, int | None] | None = None


def answer_survey(
    *, survey: Survey, rows: Sequence[UnitSaid], by: User, today: dt.date | None = None
) -> list[SurveyUnit]:
    """Save what units say, all of them or none; who has answered everything has handed in by that.

    Return the rows that were changed. Raises `RowsRefused` with what is wrong by unit.
    """
    with transaction.atomic():
        locked: Survey = (
            Survey.objects.select_for_update(of=("self",)).select_related("unit", "lead_unit").get(pk=survey.pk)
        )
        units = list(
            locked.units.select_for_update(of=("self",))
            .select_related("unit")
            .filter(unit__in=[r.unit_id for r in rows])
            .order_by("pk")
        )
        found = {r.unit_id: r for r in units}
        require(len(found) == len(rows) and all(may_answer_for(by, locked, r.unit) for r in units))
        _require_running(locked)
        asked = {q.pk for q in locked.questions.all()}
        _refuse(rows, found, asked)
        changed = _write(rows, found, asked, by)
        _hand_in(locked, changed, by=by, today=today or clock.today())
        audit.record_many(
            audit.Entry(AuditAction.SURVEY_ANSWERED, by, r, unit_id=r.unit_id, data={"complete": r.complete})
            for r in changed
        )
    return changed


def _require_running(survey: Survey) -> None:
    if survey.started_on is None:
        raise ActionRefused(_("This survey has not started yet: nobody has been asked."))
    if survey.finished_on is not None:
        raise ActionRefused(_("This survey is finished: answers can't be changed any more. Tell who conducts it."))


def _refuse(rows: Sequence[UnitSaid], found: Mapping[int, SurveyUnit], asked: Collection[int]) -> None:
    """Refuse everything where a row is older than what is stored, or can't be kept."""
    require(all(pk in asked for row in rows for pk in row.answers))
    stale = _("Somebody saved answers of this unit meanwhile. Look at them, then save again.")
    older = {row.unit_id: stale for row in rows if found[row.unit_id].version != row.version}
    if older:
        raise RowsRefused(older, stale=True)
    wrong = {row.unit_id: fault for row in rows if (fault := _fault(row))}
    if wrong:
        raise RowsRefused(wrong)


def _fault(row: UnitSaid) -> str:
    faults = [said.fault for said in row.answers.values() if said.fault]
    counts = [n for n in row.ideas or () if n is not None]
    if any(not 0 <= n <= GREATEST_COUNT for n in counts):
        most = shown(Decimal(GREATEST_COUNT))
        faults.append(_("A count of ideas is a whole number from 0 to %(most)s.") % {"most": most})
    return faults[0] if faults else ""


def _write(
    rows: Sequence[UnitSaid], found: Mapping[int, SurveyUnit], asked: Collection[int], by: User
) -> list[SurveyUnit]:
    """Write what differs; return the units it changed."""
    stored = {(a.surveyed_id, a.question_id): a for a in SurveyAnswer.objects.filter(surveyed__in=found.values())}
    new: list[SurveyAnswer] = []
    kept: list[SurveyAnswer] = []
    gone: list[int] = []
    changed: list[SurveyUnit] = []
    for row in rows:
        unit, moved = found[row.unit_id], _count(found[row.unit_id], row)
        for question, said in row.answers.items():
            before = stored.get((unit.pk, question))
            after = _answer(unit, question, said, before)
            if _same(before, after):
                continue
            moved = True
            if after is None:
                assert before is not None  # noqa: S101  # else they are the same
                gone.append(before.pk)
                del stored[unit.pk, question]
                continue
            (kept if after.pk else new).append(after)
            stored[unit.pk, question] = after
        if moved:
            _sign(unit, {q for (u, q), a in stored.items() if u == unit.pk and a.outlook} >= set(asked), by)
            changed.append(unit)
    SurveyAnswer.objects.filter(pk__in=gone).delete()
    SurveyAnswer.objects.bulk_create(new)
    SurveyAnswer.objects.bulk_update(kept, ["completion", "outlook", "note"])
    SurveyUnit.objects.bulk_update(
        changed, ["ideas_supported", "ideas_commended", "answered_at", "answered_by", "complete", "version"]
    )
    return changed


def _count(unit: SurveyUnit, row: UnitSaid) -> bool:
    """Enter the two counts; return whether one differs."""
    if row.ideas is None or row.ideas == (unit.ideas_supported, unit.ideas_commended):
        return False
    unit.ideas_supported, unit.ideas_commended = row.ideas
    return True


def _answer(unit: SurveyUnit, question: int, said: Said, before: SurveyAnswer | None) -> SurveyAnswer | None:
    """Return the answer as it is to be stored; None: nothing is said."""
    note = (before.note if before else "") if said.note is None else nfc(said.note.strip())[:LONGEST_NOTE]
    if said.completion is None and not said.outlook and not note:
        return None
    answer = SurveyAnswer(pk=before.pk if before else None, surveyed=unit, question_id=question)
    answer.completion, answer.outlook, answer.note = said.completion, said.outlook, note
    return answer


def _same(before: SurveyAnswer | None, after: SurveyAnswer | None) -> bool:
    if before is None or after is None:
        return before is after
    return (before.completion, before.outlook, before.note) == (after.completion, after.outlook, after.note)


def _sign(unit: SurveyUnit, outlooks: bool, by: User) -> None:  # noqa: FBT001  # whether each indicator has one
    counted = unit.ideas_supported is not None and unit.ideas_commended is not None
    if unit.complete and not (outlooks and counted):
        words = _("This unit has handed in its answers: each indicator keeps an outlook, each count a number.")
        raise RowsRefused({unit.unit_id: words})
    unit.complete = outlooks and counted
    unit.answered_at, unit.answered_by = clock.now(), by
    unit.version += 1


def _hand_in(survey: Survey, changed: Sequence[SurveyUnit], *, by: User, today: dt.date) -> None:
    """Submit what the units owed, where they have answered whole and the person may report for them."""
    whole = {r.unit_id for r in changed if r.complete}
    if not whole:
        return
    related = ("unit", "plan__issuing_unit", "solution", "schedule")
    owed = Deadline.objects.filter(schedule=survey.answering_id, unit__in=whole).select_related(*related)
    for row in owed.order_by("pk"):
        if offered(by, AuditAction.SUBMITTED, row):
            submit(deadline=row, by=by, version=row.version, text=SURVEY_ANSWERED, today=today)
