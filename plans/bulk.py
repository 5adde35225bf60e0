"""The acts a person does on many rows of a list at once. A further act is one more entry of `ACTS`.

`why_not` says before the click what the act itself would refuse; the act checks again, each row in a transaction of
its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.actions import deadlines
from plans.actions.bulk import Chosen, Outcome, each, letters_about, remind
from plans.enums import OPEN, PlanStatus
from plans.forms.bulk import BulkDateForm, BulkForm, BulkHoldForm, BulkLetterForm, BulkReasonForm, BulkResumeForm
from plans.models import Deadline
from plans.rights import may_manage, may_remind
from plans.workflow import may, refusal
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission

WhyNot = Callable[[Deadline, User, dt.date], str]


class Run(Protocol):
    """Does the act on rows; `facts` are what the act's form said."""

    def __call__(self, chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One act on many rows: its words, its form, whom it is offered to, what hinders it, how it is done.

    `needs` are the permissions of which one opens the act at all; `in_queue` offers it in the queue of results too.
    """

    name: str
    label: str | Promise
    icon: str
    needs: tuple[Permission, ...]
    why_not: WhyNot
    run: Run
    done: Callable[[int], str]
    form: type[BulkForm] = BulkForm
    hint: str | Promise = ""
    danger: bool = False
    in_queue: bool = False

    def offered_to(self, user: User) -> bool:
        """Return whether `user` may do this to any row at all."""
        return any(user.may(permission) for permission in self.needs)


def hinders(action: AuditAction) -> WhyNot:
    """Return what hinders an act of the table of acts (`plans.workflow`), in its own words."""

    def why_not(row: Deadline, user: User, _today: dt.date) -> str:
        if not may(user, action, row):
            return _("You may not decide about this one.")
        refused = refusal(action, row)
        return str(refused.message) if refused else ""

    return why_not


def _hindered(row: Deadline, *, allowed: bool) -> str:
    """Return what hinders an act that chases open work."""
    if not allowed:
        return _("You may not decide about this one.")
    if row.plan.status != PlanStatus.PUBLISHED:
        return _("The plan is not being followed up: it is a draft or closed.")
    if row.status not in OPEN:
        return _("This is not possible now: the deadline is “%(state)s”.") % {"state": row.get_status_display()}
    return ""


def _remind_why(row: Deadline, user: User, _today: dt.date) -> str:
    hindered = _hindered(row, allowed=may_remind(user, row))
    return hindered or ("" if row.due_on else _("It has no date yet. Give it a date first."))


def _letter_why(row: Deadline, user: User, today: dt.date) -> str:
    hindered = _hindered(row, allowed=may_manage(user, row.plan))
    late = row.due_on is not None and row.due_on < today
    return hindered or ("" if late else _("It is not overdue: a chasing letter lists overdue work only."))


def _confirm(chosen: Sequence[Chosen], *, by: User, today: dt.date, **_facts: Any) -> Outcome:
    return each(chosen, lambda c: deadlines.confirm(deadline=c.row, by=by, version=c.version, today=today))


def _return(chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome:  # noqa: ARG001  # a Run
    return each(chosen, lambda c: deadlines.return_result(deadline=c.row, by=by, version=c.version, **facts))


def _cancel(chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome:  # noqa: ARG001  # a Run
    return each(chosen, lambda c: deadlines.cancel(deadline=c.row, by=by, version=c.version, **facts))


def _give_date(chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome:  # noqa: ARG001  # a Run
    return each(chosen, lambda c: deadlines.give_date(deadline=c.row, by=by, version=c.version, **facts))


def _hold(chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome:
    return each(chosen, lambda c: deadlines.hold(deadline=c.row, by=by, version=c.version, today=today, **facts))


def _resume(chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome:
    return each(chosen, lambda c: deadlines.resume(deadline=c.row, by=by, version=c.version, today=today, **facts))


def _remind(chosen: Sequence[Chosen], *, by: User, today: dt.date, **_facts: Any) -> Outcome:
    return each(chosen, lambda c: remind(deadline=c.row, by=by, version=c.version, today=today))


def _letters(chosen: Sequence[Chosen], *, by: User, today: dt.date, **facts: Any) -> Outcome:
    return letters_about(chosen=chosen, by=by, today=today, **facts)


_DECIDING = (Permission.CONFIRM,)
_MANAGING = (Permission.MANAGE_PLANS,)

ACTS: Final[dict[str, BulkAct]] = {
    act.name: act
    for act in (
        BulkAct(
            name="confirm",
            label=gettext_lazy("Confirm"),
            icon="circle-check",
            needs=_DECIDING,
            why_not=hinders(AuditAction.CONFIRMED),
            run=_confirm,
            done=lambda n: ngettext("%(count)s result confirmed.", "%(count)s results confirmed.", n),
            in_queue=True,
        ),
        BulkAct(
            name="return",
            label=gettext_lazy("Return"),
            icon="arrow-back-up",
            needs=_DECIDING,
            why_not=hinders(AuditAction.RETURNED),
            run=_return,
            done=lambda n: ngettext("%(count)s result returned.", "%(count)s results returned.", n),
            form=BulkReasonForm,
            hint=gettext_lazy("The units owe the work again, by the same day, and read the reason."),
            in_queue=True,
        ),
        BulkAct(
            name="remind",
            label=gettext_lazy("Remind now"),
            icon="bell",
            needs=(*_DECIDING, *_MANAGING),
            why_not=_remind_why,
            run=_remind,
            done=lambda n: ngettext("%(count)s reminder given.", "%(count)s reminders given.", n),
            hint=gettext_lazy(
                "Whoever reports for the unit finds the reminder on their page at once and in their next mail; the "
                "log of reminders keeps it. Once a day at most."
            ),
        ),
        BulkAct(
            name="letter",
            label=gettext_lazy("Prepare a chasing letter"),
            icon="file-text",
            needs=_MANAGING,
            why_not=_letter_why,
            run=_letters,
            done=lambda n: ngettext(
                "%(count)s deadline stands in a chasing letter.", "%(count)s deadlines stand in chasing letters.", n
            ),
            form=BulkLetterForm,
            hint=gettext_lazy("One letter for each plan. Nothing is sent: you number, sign and send it."),
        ),
        BulkAct(
            name="date",
            label=gettext_lazy("Give a date"),
            icon="calendar-event",
            needs=_MANAGING,
            why_not=hinders(AuditAction.DATED),
            run=_give_date,
            done=lambda n: ngettext("%(count)s date given.", "%(count)s dates given.", n),
            form=BulkDateForm,
        ),
        BulkAct(
            name="hold",
            label=gettext_lazy("Put on hold"),
            icon="player-pause",
            needs=_MANAGING,
            why_not=hinders(AuditAction.HELD),
            run=_hold,
            done=lambda n: ngettext("%(count)s deadline put on hold.", "%(count)s deadlines put on hold.", n),
            form=BulkHoldForm,
            hint=gettext_lazy("Nobody is reminded of it until it goes on; its day stays."),
        ),
        BulkAct(
            name="resume",
            label=gettext_lazy("Take off hold"),
            icon="send",
            needs=_MANAGING,
            why_not=hinders(AuditAction.RESUMED),
            run=_resume,
            done=lambda n: ngettext("%(count)s deadline goes on.", "%(count)s deadlines go on.", n),
            form=BulkResumeForm,
        ),
        BulkAct(
            name="cancel",
            label=gettext_lazy("Cancel the deadline"),
            icon="circle-x",
            needs=_MANAGING,
            why_not=hinders(AuditAction.CANCELLED),
            run=_cancel,
            done=lambda n: ngettext("%(count)s deadline cancelled.", "%(count)s deadlines cancelled.", n),
            form=BulkReasonForm,
            hint=gettext_lazy("The work is called off and counts nowhere any more. This can't be taken back."),
            danger=True,
        ),
    )
}


def acts_for(user: User, *, queue: bool = False) -> list[BulkAct]:
    """Return the acts a list offers to `user`; `queue`: those of the queue of results."""
    return [act for act in ACTS.values() if act.offered_to(user) and (act.in_queue or not queue)]
