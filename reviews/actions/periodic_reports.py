"""Periodic reports: opened from the deadline, filled from the records, edited, sent; compiled by who receives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import submit
from plans.actions.proof import Proof
from plans.errors import ActionRefused, Stale
from plans.models import Deadline
from plans.validators import LONGEST_TEXT
from plans.workflow import may, refusal
from reviews.models import Compilation, PeriodicReport, ReportPart, ReportYear
from reviews.report_fill import digest_of, filled_texts
from reviews.rights import may_compile
from reviews.titles import period_title
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction


def open_report(*, deadline: Deadline, by: User, today: dt.date | None = None) -> PeriodicReport:
    """Open the report that a deadline asks for, filled from the records of its period; once opened, it is found."""
    today = today or clock.today()
    with transaction.atomic():
        row = _locked_deadline(deadline.pk)
        require(may(by, AuditAction.REPORTED, row))
        found: PeriodicReport | None = PeriodicReport.objects.filter(deadline=row).first()
        if found is not None:
            return found
        year = ReportYear.objects.select_related("kind__unit").filter(schedule=row.schedule_id).first()
        if year is None:
            raise ActionRefused(_("No periodic report is asked for here. Report the work done instead."))
        _require_open(row)
        report = PeriodicReport.objects.create(deadline=row, kind=year.kind, created_by=by, created_at=clock.now())
        texts = filled_texts(report, user=by, today=today)
        for section, text in texts.items():
            ReportPart.objects.create(report=report, section=section, filled=text, text=text)
        audit.record(AuditAction.CREATED, by=by, obj=report, plan_id=row.plan_id, unit_id=row.unit_id)
    return report


def save_report(*, report: PeriodicReport, texts: Mapping[int, str], by: User, version: int) -> PeriodicReport:
    """Keep what the unit wrote, by part; nothing is sent yet."""
    with locked_report(report, by, version) as row:
        changed = _write(row, texts)
        _next_version(row)
        data = {"sections": changed}
        deadline = row.deadline
        audit.record(
            AuditAction.CHANGED, by=by, obj=row, plan_id=deadline.plan_id, unit_id=deadline.unit_id, data=data
        )
    return row


def send_report(
    *,
    report: PeriodicReport,
    texts: Mapping[int, str],
    by: User,
    version: int,
    proof: Proof | None = None,
    today: dt.date | None = None,
) -> PeriodicReport:
    """Send the report: its deadline is reported done, on this day, with the number or file of the paper as proof."""
    with locked_report(report, by, version) as row:
        _write(row, texts)
        if not row.parts.exclude(text="").exists():
            raise ActionRefused(_("The report is empty. Write at least one section, then send it."))
        _next_version(row)
        words = period_title(row.kind.name, row.kind.period_of(row.deadline.occurrence))
        submit(deadline=row.deadline, by=by, version=row.deadline.version, text=words, proof=proof, today=today)
    return row


def refill_report(
    *, report: PeriodicReport, take: Collection[int], seen: str, by: User, version: int, today: dt.date | None = None
) -> PeriodicReport:
    """Fill a report anew: the parts in `take` get the new text, the others keep what the unit wrote.

    `seen` is the digest of the texts that were shown; the records may have changed since.
    """
    with locked_report(report, by, version) as row:
        texts = filled_texts(row, user=by, today=today or clock.today())
        if digest_of(texts.values()) != seen:
            raise Stale(_("The records changed meanwhile. Look at the new texts, then choose again."))
        by_section = {section.pk: text for section, text in texts.items()}
        taken = 0
        for part in row.parts.all():
            part.filled = by_section[part.section_id]
            if part.pk in take:
                part.text, taken = part.filled, taken + 1
            part.save()
        _next_version(row)
        deadline, data = row.deadline, {"filled_anew": taken}
        audit.record(
            AuditAction.CHANGED, by=by, obj=row, plan_id=deadline.plan_id, unit_id=deadline.unit_id, data=data
        )
    return row


def introduce(*, year: ReportYear, occurrence: str, text: str, by: User, version: int) -> Compilation:
    """Write what stands over the compiled reports of one period; `version`: the one seen, 0 for none yet."""
    require(may_compile(by, year.kind))
    if not text.strip():
        raise ActionRefused(_("Write the introduction, then save it."))
    stale = Stale(_("Somebody wrote the introduction meanwhile. Look at it as it is now, then save yours again."))
    facts = {"year": year, "occurrence": occurrence}
    try:
        with transaction.atomic():
            row = Compilation.objects.select_for_update().filter(**facts).first()
            if (row.version if row else 0) != version:
                raise stale
            if row is None:
                row = Compilation(created_by=by, created_at=clock.now(), **facts)
            else:
                row.version += 1
            row.introduction = text.strip()
            row.full_clean(exclude=["year", "created_by", "created_at"], validate_unique=False)
            row.save()
            audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=year.kind.unit_id)
    except IntegrityError as error:  # another window was first
        raise stale from error
    return row


@contextmanager
def locked_report(report: PeriodicReport, by: User, version: int) -> Iterator[PeriodicReport]:
    """Yield the report and its deadline, locked, while the unit still owes it and `by` saw it as it is."""
    with transaction.atomic():
        deadline = _locked_deadline(report.deadline_id)
        require(may(by, AuditAction.REPORTED, deadline))
        rows = PeriodicReport.objects.select_for_update(of=("self",)).select_related("kind__unit")
        row: PeriodicReport = rows.get(pk=report.pk)
        row.deadline = deadline
        if row.version != version:
            raise Stale(_("Somebody changed this report meanwhile. Compare it with yours, then save again."))
        _require_open(deadline)
        yield row


def _locked_deadline(pk: int) -> Deadline:
    related = ("unit", "plan__issuing_unit", "solution")
    row: Deadline = Deadline.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)
    return row


def _require_open(row: Deadline) -> None:
    if (why := refusal(AuditAction.REPORTED, row)) is not None:
        raise why


def _write(report: PeriodicReport, texts: Mapping[int, str]) -> int:
    """Enter the texts of parts; return how many differ from before."""
    changed = 0
    for part in report.parts.all():
        text = texts.get(part.pk, part.text).strip()
        if len(text) > LONGEST_TEXT:
            raise ActionRefused(
                _("A section is longer than %(most)d characters. Shorten it.") % {"most": LONGEST_TEXT}
            )
        if text != part.text:
            part.text, changed = text, changed + 1
            part.save()
    return changed


def _next_version(report: PeriodicReport) -> None:
    report.version += 1
    report.save(update_fields=["version"])
