"""Kinds of reports: set up, changed, and asked for year by year as work of the one register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.programmes import add_work
from plans.calendars import working_calendar
from plans.enums import Deliverable, Kind
from plans.errors import ActionRefused, Stale
from plans.models import Schedule
from plans.validators import FIRST_YEAR, LAST_YEAR
from reviews.actions.made import made_before
from reviews.actions.programmes import programme_for
from reviews.bodies import require_body
from reviews.enums import ReportPeriod, SectionSource
from reviews.models import ReportKind, ReportSection, ReportYear
from reviews.report_periods import owed_between
from reviews.rights import may_ask_reports
from reviews.titles import REPORTS_GROUP, report_text
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

_LINKS: Final = ("owner_kinds", "owner_units")
#: What may still be changed once units owe the report; the rest is another report.
CHANGEABLE: Final = ("name", "active_until", "goes_into")

Sections = Sequence[tuple[str, str]]  # heading, what it is filled from


def create_kind(
    *, unit: Unit, values: Mapping[str, Any], sections: Sections, by: User, key: str = "", today: dt.date | None = None
) -> ReportKind:
    """Set up a kind of report and ask for what falls due in its first year.

    With the `key` of a form that was sent before, the kind it made then is returned.
    """
    today = today or clock.today()
    require(may_ask_reports(by, unit))
    plain = {name: value for name, value in values.items() if name not in _LINKS}
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if (made := made_before(ReportKind, key, by=by)) is not None:
            return made
        _require_owners(values)
        kind = ReportKind(unit=unit, created_by=by, created_at=clock.now(), form_key=key, **plain)
        require_body(unit, kind.body, today)
        _require_department(kind)
        require_higher(kind)
        _check(kind)
        kind.save()
        for name in _LINKS:
            getattr(kind, name).set(values.get(name, ()))
        _write_sections(kind, sections)
        audit.record(AuditAction.CREATED, by=by, obj=kind, unit_id=unit.pk)
        ask_for_year(kind=kind, year=_first_year(kind, today), by=by, today=today)
    return kind


def change_kind(*, kind: ReportKind, values: Mapping[str, Any], by: User, version: int) -> ReportKind:
    """Change what may change of a kind that units owe (`CHANGEABLE`)."""
    with locked_kind(kind, by, version) as row:
        before = {name: str(getattr(row, name) or "") for name in CHANGEABLE}
        for name in CHANGEABLE:
            setattr(row, name, values[name])
        require_higher(row)
        _check(row)
        row.version += 1
        row.save()
        link_years(row)
        changes = audit.changes(before, {name: str(getattr(row, name) or "") for name in CHANGEABLE})
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id, data=changes)
    return row


def ask_for_year(*, kind: ReportKind, year: int, by: User, today: dt.date | None = None) -> ReportYear:
    """Ask for the reports of a kind that fall due in `year`: one commitment in the programme of the body."""
    today = today or clock.today()
    with locked_kind(kind, by) as row:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ActionRefused(
                _("Give a year between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        if row.years.filter(year=year).exists():
            raise Stale(_("The reports of this year are asked for already."))
        days = due_days(row, year, today)
        if not days:
            raise ActionRefused(
                _("No report of this kind falls due in %(year)d any more. Choose a later year, or mend the last day.")
                % {"year": year}
            )
        plan = programme_for(row.unit, row.body, year, by=by)
        schedule = add_work(
            plan=plan,
            by=by,
            text=report_text(row.name, row.body, str(row.unit.label), str(row.via_unit.name) if row.via_unit else ""),
            group=REPORTS_GROUP,
            lead_unit=row.via_unit or row.unit,
            when=_when(row, days),
            deliverable=Deliverable.REPORT,
            today=today,
            until=days[-1],  # a yearly report is far ahead, and still asked for now
        )
        made = ReportYear.objects.create(kind=row, year=year, schedule=schedule)
        link_years(row)
        for part in row.parts.all():
            link_years(part)
        data = {"year": year, "deadlines": schedule.deadlines.count()}
        audit.record(AuditAction.REPORT_ASKED, by=by, obj=row, plan_id=plan.pk, unit_id=row.unit_id, data=data)
    return made


def _first_year(kind: ReportKind, today: dt.date) -> int:
    """Return the year in which the first report falls due: this one, or the next where this one's day has passed."""
    year = max(today, kind.active_from).year
    return year if due_days(kind, year, today) else year + 1


def due_days(kind: ReportKind, year: int, today: dt.date) -> list[dt.date]:
    """Return the last days of the reports that fall due in `year`, from `today` on, while the kind is asked for."""
    first = max(dt.date(year, 1, 1), kind.active_from, today)
    last = min(dt.date(year, 12, 31), kind.active_until or dt.date.max)
    if first > last:
        return []
    if kind.due_on:
        return [kind.due_on] if first <= kind.due_on <= last else []
    return [due for _period, due in owed_between(kind.rule, first, last, working_calendar())]


def link_years(kind: ReportKind) -> None:
    """Let the commitments of a kind go into those of the report that is compiled from it, year by year."""
    wholes = dict(kind.goes_into.years.values_list("year", "schedule")) if kind.goes_into else {}
    for own in kind.years.select_related("schedule"):
        Schedule.objects.filter(pk=own.schedule_id).update(compiled_into=wholes.get(own.year))


@contextmanager
def locked_kind(kind: ReportKind, by: User, version: int | None = None) -> Iterator[ReportKind]:
    """Yield the kind, locked, where `by` sets it up and, with `version`, saw it as it is."""
    with transaction.atomic():
        rows = ReportKind.objects.select_for_update(of=("self",)).select_related("unit", "via_unit", "goes_into")
        row: ReportKind = rows.get(pk=kind.pk)
        require(may_ask_reports(by, row.unit))
        if version is not None and row.version != version:
            raise Stale(
                _("Somebody changed this kind of report meanwhile. Look at it as it is now, then do it again.")
            )
        yield row


def require_higher(kind: ReportKind) -> None:
    """Refuse a report to go into one that is not owed to a level above its unit."""
    whole = kind.goes_into
    if whole is None:
        return
    if whole.unit_id == kind.unit_id or not whole.unit.covers(kind.unit):
        raise ActionRefused(
            _("A report goes into one that the unit itself owes to a level above. Choose one of those.")
        )


def _require_owners(values: Mapping[str, Any]) -> None:
    if not any(values.get(name) for name in _LINKS):
        raise ActionRefused(_("Say who owes the report: name units, or tick kinds of units."))


def _require_department(kind: ReportKind) -> None:
    via = kind.via_unit
    if via is not None and (via.kind.has_subtree or not kind.unit.covers(via) or via.depth != kind.unit.depth + 1):
        raise ActionRefused(_("Reports go through a department of the unit that gets them. Choose one of those."))


def _check(kind: ReportKind) -> None:
    """Refuse what the columns and the rules between them do not allow, in their words."""
    try:
        kind.full_clean(exclude=["unit", "via_unit", "created_by", "created_at", "form_key"])
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages)) from error


def _write_sections(kind: ReportKind, sections: Sections) -> None:
    given = [(heading.strip(), source) for heading, source in sections if heading.strip()]
    if not given:
        raise ActionRefused(_("Give the form at least one section with a heading."))
    if any(source not in SectionSource.values for _heading, source in given):
        raise ActionRefused(_("Say of each section what it is filled from."))
    ReportSection.objects.bulk_create(
        ReportSection(kind=kind, ordinal=n, heading=heading, source=source)
        for n, (heading, source) in enumerate(given, start=1)
    )


def _when(kind: ReportKind, days: Sequence[dt.date]) -> dict[str, Any]:
    """Return the values of the commitment: the days themselves, for no rule of recurrence knows working days."""
    owners = {"owner_units": list(kind.owner_units.all()), "owner_kinds": list(kind.owner_kinds.all())}
    values: dict[str, Any] = {"phrase": kind.due_words, **owners}
    if kind.period == ReportPeriod.ONCE:
        return {**values, "kind": Kind.BY_DATE, "due": days[0]}
    listed = "RDATE:" + ",".join(f"{day:%Y%m%d}" for day in days)
    return {**values, "kind": Kind.RECURRING, "start": days[0], "due": days[-1], "rule": listed}
