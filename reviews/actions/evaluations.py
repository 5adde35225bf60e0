"""The steps of a monthly evaluation: opened, opinions, put before the meeting, decided, locked, opened again.

No step is left out. The log names the round, never a person together with a score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import submit
from plans.actions.programmes import add_work
from plans.enums import OPEN, Kind, PlanStatus
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from reviews.actions.programmes import programme_for
from reviews.actions.score_cards import card_for
from reviews.bodies import SITTING, require_body
from reviews.enums import RoundState
from reviews.evaluation_register import month_end
from reviews.evaluation_scores import Sheet, sheets_of
from reviews.models import Evaluation, EvaluationRound, EvaluationTerm, Meeting
from reviews.rights import may_decide_evaluations, may_depart, may_run_evaluations
from reviews.titles import evaluation_group, self_score_text
from units import audit
from units.access import require
from units.models import Appointment, Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission


@contextmanager
def locked_round(row: EvaluationRound, version: int | None = None) -> Iterator[EvaluationRound]:
    """Yield the round, held until the end of the transaction; another `version` by now is refused."""
    with transaction.atomic():
        rows = EvaluationRound.objects.select_for_update(of=("self",)).select_related("unit", "card", "meeting__event")
        fresh: EvaluationRound = rows.get(pk=row.pk)
        if version is not None and fresh.version != version:
            raise _stale()
        yield fresh


def open_round(
    *,
    unit: Unit,
    body: str,
    month: dt.date,
    self_by: dt.date,
    by: User,
    key: str = "",
    today: dt.date | None = None,
) -> EvaluationRound:
    """Open the evaluation of a body for a month: the self scores are owed by a day, which the register reminds of.

    With the `key` of a form that was sent before, the round it made then is returned.
    """
    today, month = today or clock.today(), month.replace(day=1)
    require(may_run_evaluations(by, unit))
    made = made_before(EvaluationRound, key, by=by)
    if made is not None:
        return made
    require_body(unit, body, today)
    if self_by < today:
        raise ActionRefused(_("The last day for self scores has passed. Choose today or a later day."))
    if month > today:
        raise ActionRefused(_("This month has not begun yet. Evaluate it when it is over, or in its last days."))
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)  # the same form twice at once: one waits
        if EvaluationRound.objects.filter(unit=unit, body=body, month=month).exists():
            raise ActionRefused(_("The evaluation of this month is open already. Find it in the list."))
        card = card_for(unit, body, month)
        seats = _seats(unit, body, min(today, month_end(month)))
        if not seats:
            raise ActionRefused(_("Nobody sat in this body in that month. Appoint its members first."))
        work = add_work(
            plan=programme_for(unit, body, self_by.year, by=by),
            by=by,
            text=self_score_text(body, month),
            group=evaluation_group(self_by.year),
            lead_unit=unit,
            when={"kind": Kind.BY_DATE, "due": self_by},
            today=today,
        )
        facts = {"created_by": by, "created_at": clock.now(), "form_key": key}
        row = EvaluationRound.objects.create(
            unit=unit, body=body, month=month, card=card, self_by=self_by, work=work, **facts
        )
        Evaluation.objects.bulk_create(Evaluation(round=row, person_id=pk, post=post) for pk, post in seats.items())
        audit.record(AuditAction.CREATED, by=by, obj=row, unit_id=unit.pk, data={"members": len(seats)})
    return row


def ask_opinions(*, row: EvaluationRound, by: User, version: int, today: dt.date | None = None) -> EvaluationRound:
    """End the self scores and let colleagues speak. Who has not scored themself is waited for until the last day."""
    today = today or clock.today()
    with locked_round(row, version) as fresh:
        require(may_run_evaluations(by, fresh.unit))
        _require_state(fresh, RoundState.SELF)
        if today <= fresh.self_by and fresh.evaluations.filter(self_at__isnull=True).exists():
            raise ActionRefused(
                _("Some members have not scored themselves yet. Wait for them, or until %(day)s has passed.")
                % {"day": f"{fresh.self_by:%d/%m/%Y}"}
            )
        _step(fresh, RoundState.OPINIONS, by)
        _hand_in(fresh, by)
    return fresh


def put_before_meeting(
    *, row: EvaluationRound, meeting: Meeting, by: User, version: int, today: dt.date | None = None
) -> EvaluationRound:
    """End the opinions: what counts is kept as it stands, and the meeting decides about the proposed scores."""
    today = today or clock.today()
    with locked_round(row, version) as fresh:
        require(may_run_evaluations(by, fresh.unit))
        _require_state(fresh, RoundState.OPINIONS)
        if (meeting.unit_id, meeting.body) != (fresh.unit_id, fresh.body) or meeting.event.cancelled:
            raise ActionRefused(_("Choose a meeting of this body that takes place."))
        if meeting.event.day is not None and meeting.event.day < month_end(fresh.month):
            raise ActionRefused(_("This meeting is before the end of the month. Choose a later one."))
        sheets = sheets_of(fresh, list(fresh.evaluations.all()), today=today)
        _keep_terms(fresh, sheets)
        for sheet in sheets:
            sheet.evaluation.proposed = sheet.total
            sheet.evaluation.version += 1
        Evaluation.objects.bulk_update([s.evaluation for s in sheets], ["proposed", "version"])
        fresh.meeting = meeting
        _step(fresh, RoundState.DECISION, by)
    return fresh


def decide_scores(
    *,
    row: EvaluationRound,
    scores: Mapping[int, tuple[Decimal, str]],
    by: User,
    version: int,
    today: dt.date | None = None,
) -> EvaluationRound:
    """Record what the meeting decided: of each evaluation (its key) the score and, where it differs, the reason."""
    with locked_round(row, version) as fresh:
        require(may_decide_evaluations(by, fresh.unit))
        _require_state(fresh, RoundState.DECISION)
        _require_met(fresh, today or clock.today())
        changed = []
        for found in fresh.evaluations.select_for_update(of=("self",)).select_related("person").filter(pk__in=scores):
            score, reason = scores[found.pk]
            _decide(found, fresh, score, " ".join(reason.split()), by)
            changed.append(found)
        if not changed:
            raise ActionRefused(_("Enter the score of at least one member."))
        Evaluation.objects.bulk_update(changed, ["decided", "reason", "decided_by", "version"])
        _touch(fresh)
        audit.record(
            AuditAction.EVALUATION_DECIDED, by=by, obj=fresh, unit_id=fresh.unit_id, data={"members": len(changed)}
        )
    return fresh


def lock_round(*, row: EvaluationRound, by: User, version: int) -> EvaluationRound:
    """Lock the month: every member has a decided score, and nothing changes any more."""
    with locked_round(row, version) as fresh:
        require(may_decide_evaluations(by, fresh.unit))
        _require_state(fresh, RoundState.DECISION)
        if fresh.evaluations.filter(decided__isnull=True).exists():
            raise ActionRefused(_("Some members have no decided score yet. Record them first."))
        fresh.locked_by, fresh.locked_at = by, clock.now()
        _step(fresh, RoundState.LOCKED, by)
    return fresh


def reopen_round(*, row: EvaluationRound, by: User, version: int, reason: str) -> EvaluationRound:
    """Open a locked month again, with a reason: the meeting's decisions can be corrected; what counted stays kept."""
    if not reason.strip():
        raise ActionRefused(_("Say why the month is opened again."))
    with locked_round(row, version) as fresh:
        require(may_decide_evaluations(by, fresh.unit))
        _require_state(fresh, RoundState.LOCKED)
        fresh.locked_by, fresh.locked_at, fresh.reason = None, None, reason.strip()
        fresh.state = RoundState.DECISION
        _touch(fresh)
        audit.record(AuditAction.REOPENED, by=by, obj=fresh, unit_id=fresh.unit_id)
    return fresh


def note_reading(*, evaluations: Iterable[tuple[int, int]], unit: Unit, label: str, by: User) -> None:
    """Log that `by` read evaluations (keys and persons) of others. One row a request; nothing for the own one."""
    read = sorted(pk for pk, person in evaluations if person != by.pk)
    if read:
        data = {"evaluations": read}
        audit.record(AuditAction.EVALUATION_READ, by=by, label=label, unit_id=unit.pk, data=data)


# --- one step ---


def _seats(unit: Unit, body: str, day: dt.date) -> dict[int, str]:
    """Return who sat in the body on a day with their first post in it."""
    held = Appointment.objects.in_force(day).filter(post__unit=unit, post__body__in=SITTING[body])
    rows = held.order_by("-post__rank", "-user__sort_key", "-pk").values_list("user_id", "post__title")
    found = dict(rows)  # the first in rank last: it stays
    return dict(reversed(list(found.items())))


def _require_state(row: EvaluationRound, wanted: RoundState) -> None:
    if row.state != wanted:
        raise ActionRefused(
            _("The evaluation stands at “%(state)s”. Take its steps one after the other.")
            % {"state": row.get_state_display()}
        )


def _require_met(row: EvaluationRound, today: dt.date) -> None:
    day = (row.meeting.held_on or row.meeting.event.day) if row.meeting else None
    if day is None or day > today:
        raise ActionRefused(_("The meeting has not taken place yet. Record its decisions on its day or later."))


def _decide(found: Evaluation, row: EvaluationRound, score: Decimal, reason: str, by: User) -> None:
    differs = score != found.proposed
    if differs and not may_depart(by, row.unit, found.person_id):
        raise ActionRefused(
            _("About yourself you can only record the proposed score. Another leader records a different one.")
        )
    if differs and not reason:
        raise ActionRefused(
            _("Say why the decided score of %(person)s differs from the proposed one.") % {"person": found.person}
        )
    found.decided, found.reason, found.decided_by = score, reason if differs else "", by
    found.version += 1


def _step(row: EvaluationRound, state: RoundState, by: User) -> None:
    row.state = state
    _touch(row)
    audit.record(AuditAction.EVALUATION_STEP, by=by, obj=row, unit_id=row.unit_id, data={"state": state.value})


def _touch(row: EvaluationRound) -> None:
    row.version += 1
    row.save()


def _hand_in(row: EvaluationRound, by: User) -> None:
    """Hand in what the register owes for the self scores, so that nobody is reminded of it any more."""
    owed = row.work.deadlines.filter(status__in=OPEN, plan__status=PlanStatus.PUBLISHED).select_related("unit").first()
    if owed is not None and by.may(Permission.REPORT, owed.unit):
        submit(deadline=owed, by=by, version=owed.version)


def _stale() -> Stale:
    return Stale(_("Somebody changed this evaluation meanwhile. Look at it as it is now, then do it again."))


def _keep_terms(row: EvaluationRound, sheets: Iterable[Sheet]) -> None:
    """Write down the terms of each sheet as they stand now; those of an earlier time go."""
    EvaluationTerm.objects.filter(evaluation__round=row).delete()
    EvaluationTerm.objects.bulk_create(
        EvaluationTerm(
            evaluation=sheet.evaluation,
            criterion=line.criterion,
            label=term.label,
            deadline_id=term.deadline,
            due_on=term.due_on,
            done=term.piece.done,
            delays=term.piece.delays,
            returns=term.piece.returns,
            excused=term.excused,
        )
        for sheet in sheets
        for line in sheet.lines
        for term in line.terms
    )
