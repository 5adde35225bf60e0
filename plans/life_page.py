"""What the page of a plan's life and the comparison with a past day show: steps, changes before and after.

Each is read in a fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.enums import Chain, Deliverable, Kind, Level, SignState, VersionOf
from plans.history import HistoryLine, history_lines
from plans.labels import plan_period_label
from plans.models import (
    Deadline,
    Plan,
    PlanAmendment,
    PlanClosing,
    RecordVersion,
    Schedule,
    SignOff,
    Solution,
)
from plans.plan_page import figures_of_solutions
from plans.rights import may_manage
from plans.sentences import rule_words
from plans.sign_offs import Standing, standing_of
from plans.standing import standing_plans
from plans.statistics import FIGURES, THEN, Figures, as_of, figures_by
from plans.word_diff import Part, word_diff
from units.models import AuditEvent, User
from units.models.audit import AuditAction
from units.permissions import Permission

#: Words by which the log says that a last day moved.
DAY_ACTS = (AuditAction.RESCHEDULED, AuditAction.LATER_GRANTED, AuditAction.DATED)
DAYS_SHOWN = 100
#: Columns whose kept value is one of a list.
_CHOICES: dict[str, Any] = {"kind": Kind, "chain": Chain, "level": Level, "deliverable": Deliverable}
_MODELS: dict[str, Any] = {
    VersionOf.PLAN: Plan,
    VersionOf.SOLUTION: Solution,
    VersionOf.SCHEDULE: Schedule,
    VersionOf.OCCURRENCE: Schedule,
}


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value of a record before and after, in words; `pieces` of a text, word by word."""

    label: str
    before: str
    after: str
    pieces: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What became of one record: added, dropped or changed; its values, what it did to deadlines, who and why."""

    kind: str
    act: str  # added, dropped, changed
    label: str
    values: list[ValueChange]
    effects: list[str]
    reason: str
    by: str
    at: dt.datetime
    amendment: PlanAmendment | None


def sees_whole(user: User, plan: Plan) -> bool:
    """Return whether `user` sees all of a plan: then counts over all its units are shown too."""
    return user.may(Permission.VIEW, plan.issuing_unit) or plan.pk in standing_plans(user)


def changes_of(versions: Iterable[RecordVersion], *, whole: bool) -> list[RecordChange]:
    """Return versions as a page shows them; `whole`: with what they did to the deadlines of all units."""
    return [_change(version, version.before, version.after, whole=whole) for version in versions]


def collapsed(versions: Iterable[RecordVersion]) -> list[RecordChange]:
    """Return one change a record: from before its first version to after its last; nothing where it is as it was."""
    groups: dict[tuple[str, int], list[RecordVersion]] = {}
    single: list[RecordChange] = []
    for version in versions:
        if version.kind == VersionOf.OCCURRENCE:
            single += changes_of([version], whole=False)
        else:
            groups.setdefault((version.kind, version.record_id), []).append(version)
    found = []
    for rows in groups.values():
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for row in rows:
            before = {**row.before, **before}
            after = {**after, **row.after}
        added, dropped = not rows[0].before, not rows[-1].after
        if added and dropped:
            continue
        before, after = ({} if added else before), ({} if dropped else after)
        if not added and not dropped:
            differing = [name for name in after if before.get(name) != after[name]]
            before, after = ({name: values.get(name) for name in differing} for values in (before, after))
        if before or after:
            found.append(_change(rows[-1], before, after, whole=False))
    return found + single


def _change(version: RecordVersion, before: dict[str, Any], after: dict[str, Any], *, whole: bool) -> RecordChange:
    act = "changed" if before and after else "added" if after else "dropped"
    names = list(dict.fromkeys([*before, *after]))
    return RecordChange(
        kind=str(VersionOf(version.kind).label),
        act=act,
        label=version.label,
        values=[_value(version.kind, name, before.get(name), after.get(name), act) for name in names],
        effects=_effects(version.effects) if whole else [],
        reason=version.reason,
        by=str(version.by),
        at=version.at,
        amendment=version.amendment,
    )


def _value(kind: str, name: str, before: Any, after: Any, act: str) -> ValueChange:
    texts = worded(name, before), worded(name, after)
    pieces = word_diff(*texts) if name == "text" and act == "changed" else []
    return ValueChange(_label(kind, name), *texts, pieces)


def _label(kind: str, name: str) -> str:
    """Return how people call a column."""
    try:
        words = str(_MODELS[kind]._meta.get_field(name).verbose_name)  # noqa: SLF001  # Django's documented model API
    except FieldDoesNotExist:
        return name
    return words[:1].upper() + words[1:]


def worded(name: str, value: Any) -> str:
    """Return a kept value as a person reads it; a dash for none."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "; ".join(map(str, value)) if isinstance(value, list) else _worded_text(name, str(value))


def _worded_text(name: str, value: str) -> str:
    if name in _CHOICES and value in _CHOICES[name].values:
        return str(_CHOICES[name](value).label)
    if name == "rule":
        return rule_words(value)
    try:
        return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value


def _effects(counts: dict[str, int]) -> list[str]:
    """Return what a change did to deadlines, in words."""
    n = {name: counts.get(name, 0) for name in ("moved", "new", "cancelled", "removed", "kept")}
    words = {
        "moved": ngettext("%(n)s deadline moved", "%(n)s deadlines moved", n["moved"]),
        "new": ngettext("%(n)s new deadline", "%(n)s new deadlines", n["new"]),
        "cancelled": ngettext("%(n)s deadline called off", "%(n)s deadlines called off", n["cancelled"]),
        "removed": ngettext("%(n)s deadline taken away", "%(n)s deadlines taken away", n["removed"]),
        "kept": ngettext("%(n)s deadline kept its day", "%(n)s deadlines kept their day", n["kept"]),
    }
    return [sentence % {"n": n[name]} for name, sentence in words.items() if n[name]]


def versions_of(plan: Plan, user: User) -> Any:  # a queryset of versions
    """Return the versions of a plan's records that `user` sees, with who made them, the oldest first."""
    return (
        RecordVersion.objects.visible_to(user).filter(plan=plan).select_related("by", "amendment").order_by("at", "pk")
    )


# --- the steps ---


@dataclass(frozen=True, slots=True)
class Step:
    """One step in a plan's life: when, what, said by whom in which words, and where more of it stands."""

    at: dt.datetime
    icon: str
    title: str
    by: str = ""
    words: str = ""
    href: str = ""
    link: str = ""


def life_of(plan: Plan, user: User) -> dict[str, Any]:
    """Return what the page of a plan's life shows; a fixed number of queries."""
    whole, manages = sees_whole(user, plan), may_manage(user, plan)
    amendments = list(
        plan.amendments.select_related("made_by", "issued_by").annotate(changes=Count("versions")).order_by("ordinal")
    )
    closings = list(plan.closings.select_related("closed_by", "reopened_by"))
    related = Q(copied_from=plan) | Q(parent=plan) | Q(pk__in=[plan.copied_from_id or 0, plan.parent_id or 0])
    around = list(Plan.objects.visible_to(user).filter(related).select_related("issuing_unit").order_by("pk"))
    asked = SignOff.objects.visible_to(user).filter(plan=plan).select_related("asked_of", "asked_by", "decided_by")
    drafted = Step(plan.created_at, "pencil", _("Drafted"), str(plan.created_by or ""))
    steps = [*_published(plan), *_signed(asked), *_amended(amendments), *_closed(plan, closings, whole=whole)]
    loose = versions_of(plan, user).filter(amendment__isnull=True)
    return {
        "steps": [drafted, *sorted(steps, key=lambda step: step.at)],
        "open_amendment": next((a for a in amendments if a.is_open), None) if manages else None,
        "loose": changes_of(loose, whole=whole),
        "standing": standing_of(plan) if plan.is_draft else Standing(),
        "period": plan_period_label(plan.period_start, plan.period_end),
        "copied_from": next((p for p in around if p.pk == plan.copied_from_id), None),
        "parent": next((p for p in around if p.pk == plan.parent_id), None),
        "copies": [p for p in around if p.copied_from_id == plan.pk],
        "children": [p for p in around if p.parent_id == plan.pk],
        "may_manage": manages,
    }


def _published(plan: Plan) -> list[Step]:
    """Return when the plan was published, once it is."""
    if plan.published_at is None:
        return []
    return [Step(plan.published_at, "flag", _("Published"), str(plan.published_by or ""))]


def _signed(asked: Iterable[SignOff]) -> list[Step]:
    """Return when a draft was put before whom, and what was said."""
    steps = []
    for row in asked:
        of = str(row.asked_of or _("any leader of the issuing unit"))
        steps.append(
            Step(row.asked_at, "send", _("Put before: %(person)s") % {"person": of}, str(row.asked_by), row.note)
        )
        if row.decided_at:
            icon = "circle-check" if row.state == SignState.AGREED else "arrow-back-up"
            facts = {"by": str(row.decided_by), "words": row.reason}
            steps.append(Step(row.decided_at, icon, str(row.get_state_display()), **facts))
    return steps


def _amended(amendments: Iterable[Any]) -> list[Step]:
    """Return the amendments that were issued, each with how many changes it made."""
    return [
        Step(
            at=row.issued_at,
            icon="file-text",
            title=_("Amendment %(number)s: %(symbol)s of %(day)s")
            % {"number": row.ordinal, "symbol": row.symbol, "day": f"{row.issued_on:%d/%m/%Y}"},
            by=str(row.issued_by),
            words=row.title,
            href=row.get_absolute_url(),
            link=ngettext("%(n)s change", "%(n)s changes", row.changes) % {"n": row.changes},
        )
        for row in amendments
        if row.issued_at
    ]


def _closed(plan: Plan, closings: Iterable[PlanClosing], *, whole: bool) -> list[Step]:
    """Return the closings with their final reports, and when the plan was opened again."""
    steps, known = [], False
    for row in closings:
        known = known or row.reopened_at is None
        href = reverse("plans:final_report", args=[plan.pk, row.pk]) if row.file else row.link
        report = {"href": href, "link": str(row) if href else ""} if whole else {}
        words = [row.document_number and f"{row.document_number}, {row.document_day:%d/%m/%Y}"]
        if row.open_count and whole:
            left = ngettext("%(n)s deadline was open", "%(n)s deadlines were open", row.open_count)
            words.append(f"{left % {'n': row.open_count}} – {row.get_open_work_display()}")
        words.append(row.reason)
        said = "; ".join(filter(None, words))
        steps.append(
            Step(row.closed_at, "circle-check", _("Closed with the final report"), str(row.closed_by), said, **report)
        )
        if row.reopened_at:
            again = _("Opened again")
            steps.append(Step(row.reopened_at, "history", again, str(row.reopened_by), row.reopen_reason))
    if plan.closed_at and not known:
        steps.append(Step(plan.closed_at, "circle-check", _("Closed"), str(plan.closed_by or "")))
    return steps


# --- a past day ---


@dataclass(frozen=True, slots=True)
class FigureThenNow:
    """One figure on the past day and now."""

    label: str
    then: int
    now: int

    @property
    def difference(self) -> str:
        """Return how it changed, with its sign."""
        return f"{self.now - self.then:+d}".replace("-", "−") if self.now != self.then else "0"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan on a past day and now."""

    day: dt.date
    figures: list[FigureThenNow]
    rate_then: str
    rate_now: str
    changes: list[RecordChange]
    days: list[HistoryLine]
    more_days: bool


def compare_with(plan: Plan, day: dt.date, *, user: User, today: dt.date) -> Comparison:
    """Compare a plan as `user` sees it with the end of a past day; five queries at most."""
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    mine = Deadline.objects.visible_to(user).filter(plan=plan)
    then = sum(figures_by(as_of(mine, day), "plan_id", today=day, columns=THEN).values(), Figures())
    _by_solution, now = figures_of_solutions(mine, today=today)
    figures = [FigureThenNow(str(label), getattr(then, name), getattr(now, name)) for name, label in FIGURES]
    log = AuditEvent.objects.visible_to(user, plans=standing_plans(user))
    moved = log.filter(Q(plan_id=plan.pk, action__in=DAY_ACTS, object_type="deadline"), at__gte=end)
    events = list(moved.select_related("actor")[: DAYS_SHOWN + 1])
    return Comparison(
        day=day,
        figures=figures,
        rate_then=then.rate_text,
        rate_now=now.rate_text,
        changes=collapsed(versions_of(plan, user).filter(at__gte=end)),
        days=history_lines(events[:DAYS_SHOWN]),
        more_days=len(events) > DAYS_SHOWN,
    )
