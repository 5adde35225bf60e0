"""Acts on feedback rounds: prepare, open, close each step in its order.

The log says nothing of whom a round is about or who is asked: more people read it than the round.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doantracker.lib import clock
from plans.actions.programmes import add_work
from plans.enums import Deliverable, Kind
from plans.errors import ActionRefused, Stale
from plans.models import Plan, Schedule
from reviews.actions.made import made_before
from reviews.actions.meetings import plan_meeting
from reviews.actions.programmes import programme_for
from reviews.bodies import require_body
from reviews.enums import FeedbackStep, InvitationKind
from reviews.feedback_steps import STEPS, ends_early, out_of_order, step_after, too_few
from reviews.models import FeedbackInvitation, FeedbackRound, FeedbackTarget, FeedbackTopic
from reviews.rights import may_run_feedback
from reviews.titles import contribution_text, reply_text, review_meeting_title, self_review_text, until_phrase
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

#: What a person may say of a round while it is prepared.
FACTS: Final = (
    "title", "body", "year", "plan", "anonymous", "names_to_targets", "consolidated_by", "contributions_by",
    "report_by", "meeting_on", "reply_by",
)  # fmt: skip
MOST_TARGETS: Final = 60
MOST_TOPICS: Final = 20
MOST_INVITED: Final = 500
MOST_TEXTS: Final = 600  # targets times topics: what one person can be asked to read
NAMED_IN_REFUSAL: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a round is about, under which topics, and who is asked.

    Targets are (unit, body, person, title of the post): a body of a unit, a whole unit (body ""), or a person.
    """

    targets: tuple[tuple[Unit, str, User | None, str], ...] = ()
    topics: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    bodies: tuple[tuple[Unit, str], ...] = ()
    people: tuple[User, ...] = ()
    guests: tuple[str, ...] = ()


def plan_round(*, unit: Unit, values: Mapping[str, Any], asked: Asked, by: User, key: str = "") -> FeedbackRound:
    """Prepare a round; `values` are of FACTS. Nobody is asked before it is opened.

    With the `key` of a form that was sent before, the round it made then is returned.
    """
    require(may_run_feedback(by, unit))
    try:
        with transaction.atomic():
            made = made_before(FeedbackRound, key, by=by)
            if made is not None:
                return made
            row = FeedbackRound(unit=unit, created_by=by, created_at=clock.now(), form_key=key)
            _give(row, values)
            row.save()
            _ask(row, asked)
            audit.record(AuditAction.CREATED, by=by, obj=row, unit_id=unit.pk)
    except IntegrityError:  # the same form was sent twice at once, and the other one was first
        made = made_before(FeedbackRound, key, by=by)
        if made is None:
            raise
        return made
    return row


def change_round(
    *, feedback: FeedbackRound, values: Mapping[str, Any], asked: Asked, by: User, version: int | None = None
) -> FeedbackRound:
    """Change a round that is still being prepared."""
    with locked_round(feedback, version) as row:
        require(may_run_feedback(by, row.unit))
        if row.step != FeedbackStep.DRAFT:
            raise ActionRefused(_("The round is open: its days, targets and topics stay as they were announced."))
        _give(row, values)
        _ask(row, asked)
        save(row)
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id)
    return row


def open_round(
    *,
    feedback: FeedbackRound,
    by: User,
    version: int | None = None,
    confirmed: bool = True,
    today: dt.date | None = None,
) -> FeedbackRound:
    """Ask for contributions: from now on what is owed stands in the register, the review meeting in the calendar.

    Without `confirmed` an anonymous round that asks too few to stay unknown is refused.
    """
    today = today or clock.today()
    with locked_round(feedback, version) as row:
        require(may_run_feedback(by, row.unit))
        if row.step != FeedbackStep.DRAFT:
            raise Stale(_("This round is open already."))
        _require_whole(row, today)
        if not confirmed and row.anonymous and too_few(row.invitations.count()):
            raise ActionRefused(
                _("Fewer than three are asked. Tick that you open the round anonymously all the same.")
            )
        plan = programme_for(row.unit, row.body, row.reply_by.year, by=by)
        units = [i.unit for i in row.invitations.filter(kind=InvitationKind.UNIT).select_related("unit") if i.unit]
        owe = partial(_work, row, plan=plan, by=by, today=today)
        if units:
            row.contribution_work = owe(contribution_text(row.title), row.contributions_by, units)
        row.report_work = owe(self_review_text(row.title), row.report_by)
        row.reply_work = owe(reply_text(row.title), row.reply_by)
        title = review_meeting_title(row.year, row.title)
        row.meeting = plan_meeting(
            unit=row.unit, body=row.body, by=by, day=row.meeting_on, values={"title": title}, today=today
        )
        row.step = FeedbackStep.CONTRIBUTING
        save(row)
        audit.record(AuditAction.ISSUED, by=by, obj=row, unit_id=row.unit_id)
    return row


def close_step(
    *,
    feedback: FeedbackRound,
    step: FeedbackStep,
    by: User,
    version: int | None = None,
    confirmed: bool = True,
    today: dt.date | None = None,
) -> FeedbackRound:
    """Close a step, the one the round is in: the next begins. What is still missing is said in the refusal.

    Without `confirmed` a step is not closed before its day.
    """
    today = today or clock.today()
    with locked_round(feedback, version) as row:
        require(may_run_feedback(by, row.unit))
        now = FeedbackStep(row.step)
        if STEPS.index(step) > STEPS.index(now):
            raise ActionRefused(
                _("A step is closed after the one before it. Close “%(step)s” first.") % {"step": now.label}
            )
        if step != now or now in (FeedbackStep.DRAFT, FeedbackStep.CLOSED):
            raise Stale(_("This step is closed already. Look at where the round stands now."))
        _MISSING[now](row, today)
        day = row.day_of(now)
        if not confirmed and ends_early(now, day, today):
            raise ActionRefused(
                _("This step runs until %(day)s. Tick that you close it before its day.") % {"day": f"{day:%d/%m/%Y}"}
            )
        row.step = step_after(now)
        save(row)
        audit.record(AuditAction.STEP_CLOSED, by=by, obj=row, unit_id=row.unit_id, data={"step": now.value})
    return row


@contextmanager
def locked_round(feedback: FeedbackRound, version: int | None = None) -> Iterator[FeedbackRound]:
    """Yield the round, held until the end of the transaction; with `version` another one by now is refused."""
    with transaction.atomic():
        rows = FeedbackRound.objects.select_for_update(of=("self",)).select_related("unit", "consolidated_by")
        row: FeedbackRound = rows.get(pk=feedback.pk)
        if version is not None and row.version != version:
            raise Stale(_("Somebody changed this round meanwhile. Look at it as it is now, then do it again."))
        yield row


def save(row: FeedbackRound) -> None:
    """Save a round in its next version."""
    row.version += 1
    row.save()


# --- preparing ---


def _give(row: FeedbackRound, values: Mapping[str, Any]) -> None:
    for name in FACTS:
        if name in values:
            setattr(row, name, values[name])
    row.title = " ".join(row.title.split())[:300]
    if not row.title:
        raise ActionRefused(_("Give the round a title."))
    if row.anonymous:
        row.names_to_targets = False
    if not row.unit.covers(row.consolidated_by):
        raise ActionRefused(_("Who consolidates the contributions must be the unit itself or one below it."))
    late = out_of_order([day for _step, day in row.days])
    if late is not None:
        words = {"day": str(row.days[late][0].label), "before": str(row.days[late - 1][0].label)}
        raise ActionRefused(_("The day of “%(day)s” lies before that of “%(before)s”. Put them in order.") % words)


def _ask(row: FeedbackRound, asked: Asked) -> None:
    """Write anew whom the round is about and who is asked."""
    topics = tuple(dict.fromkeys(" ".join(text.split())[:500] for text in asked.topics if text.strip()))
    guests = tuple(dict.fromkeys(" ".join(name.split())[:200] for name in asked.guests if name.strip()))
    if len(asked.targets) > MOST_TARGETS or len(topics) > MOST_TOPICS or len(asked.targets) * len(topics) > MOST_TEXTS:
        raise ActionRefused(
            _("A round is about at most %(targets)d targets and %(topics)d topics, %(texts)d questions in all.")
            % {"targets": MOST_TARGETS, "topics": MOST_TOPICS, "texts": MOST_TEXTS}
        )
    row.invitations.all().delete()
    row.targets.all().delete()
    row.topics.all().delete()
    targets = [dict(zip(("unit", "body", "person", "post_title"), facts, strict=True)) for facts in asked.targets]
    FeedbackTarget.objects.bulk_create(
        FeedbackTarget(round=row, ordinal=n, **facts) for n, facts in enumerate(targets, start=1)
    )
    FeedbackTopic.objects.bulk_create(
        FeedbackTopic(round=row, ordinal=n, text=text) for n, text in enumerate(topics, start=1)
    )
    invited = [
        *(FeedbackInvitation(round=row, kind=InvitationKind.UNIT, unit=unit) for unit in asked.units),
        *(FeedbackInvitation(round=row, kind=InvitationKind.BODY, unit=u, body=body) for u, body in asked.bodies),
        *(FeedbackInvitation(round=row, kind=InvitationKind.PERSON, person=person) for person in asked.people),
        *(FeedbackInvitation(round=row, kind=InvitationKind.GUEST, name=name) for name in guests),
    ]
    if len(invited) > MOST_INVITED:
        raise ActionRefused(_("At most %(most)d are asked in one round.") % {"most": MOST_INVITED})
    FeedbackInvitation.objects.bulk_create(invited)


def _require_whole(row: FeedbackRound, today: dt.date) -> None:
    if not row.targets.exists():
        raise ActionRefused(_("Say whom the round is about: choose a collective or a person."))
    if not row.topics.exists():
        raise ActionRefused(_("Write at least one topic."))
    if not row.invitations.exists():
        raise ActionRefused(_("Say who is asked to contribute: units, bodies, persons, or guests by a link."))
    if row.contributions_by < today:
        raise ActionRefused(_("The day for contributions has passed. Choose a later one."))
    require_body(row.unit, row.body, today)


def _work(
    row: FeedbackRound, text: str, due: dt.date, units: Sequence[Unit] = (), *, plan: Plan, by: User, today: dt.date
) -> Schedule:
    """Let `units`, or who consolidates, owe something by a day; the words name the round and nobody in it."""
    when: dict[str, Any] = {"kind": Kind.BY_DATE, "due": due, "phrase": until_phrase(due)}
    if units:
        when["owner_units"] = list(units)
    return add_work(
        plan=plan,
        by=by,
        text=text,
        group=row.title,
        lead_unit=row.consolidated_by,
        deliverable=Deliverable.RESULT,
        when=when,
        today=today,
    )


# --- what is missing before a step can be closed ---


def _contributions_missing(row: FeedbackRound, today: dt.date) -> None:
    waiting = row.invitations.filter(handed_in=False).count()
    if today <= row.contributions_by and waiting:
        raise ActionRefused(
            _("Contributions are taken until %(day)s and %(count)d are still to come. Close the step after that day.")
            % {"day": f"{row.contributions_by:%d/%m/%Y}", "count": waiting}
        )


def _reports_missing(row: FeedbackRound, _today: dt.date) -> None:
    missing = row.targets.filter(report_given_on__isnull=True).select_related("unit", "person")
    if missing:
        raise ActionRefused(
            _("The self-review report is missing of: %(targets)s.") % {"targets": _listed([t.label for t in missing])}
        )


def _meeting_missing(row: FeedbackRound, today: dt.date) -> None:
    day = row.meeting.planned_on if row.meeting else row.meeting_on
    if day is None or day > today:
        raise ActionRefused(
            _("The review meeting has not taken place yet. Close this step on its day or later, or move the meeting.")
        )
    if row.meeting and row.meeting.held_on is None:
        raise ActionRefused(
            _("Record first, on the page of the review meeting, that it was held. Then close this step.")
        )


def _replies_missing(row: FeedbackRound, _today: dt.date) -> None:
    open_ones = row.contributions.filter(reply__isnull=True).select_related("target__unit", "target__person", "topic")
    places = Counter(f"{c.target.label} ({_('topic')} {c.topic.ordinal})" for c in open_ones)
    if places:
        words = {"count": places.total(), "places": _listed([f"{place}: {n}" for place, n in places.items()])}
        message = ngettext(
            "%(count)d contribution has no reply yet: %(places)s. Answer it first.",
            "%(count)d contributions have no reply yet: %(places)s. Answer them first.",
            places.total(),
        )
        raise ActionRefused(message % words)
    if not row.result.strip():
        raise ActionRefused(_("Write the result of the review first: what was taken up."))


def _listed(names: Collection[str]) -> str:
    shown = list(names)[:NAMED_IN_REFUSAL]
    more = len(names) - len(shown)
    return "; ".join(shown) + (f"; + {more}" if more else "")


_MISSING: Final = {
    FeedbackStep.CONTRIBUTING: _contributions_missing,
    FeedbackStep.REPORTING: _reports_missing,
    FeedbackStep.REVIEWING: _meeting_missing,
    FeedbackStep.REPLYING: _replies_missing,
}
