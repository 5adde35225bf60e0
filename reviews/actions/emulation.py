"""Score sheets of emulation: set up, own points, checked points, objections settled by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from reviews.emulation import COUNTED
from reviews.enums import EmulationCriterionKind
from reviews.models import EmulationBand, EmulationCriterion, EmulationDispute, EmulationScore, EmulationSheet
from reviews.rights import may_give_own_points, may_score
from units import audit
from units.access import require
from units.models import Unit, UnitKind, User
from units.models.audit import AuditAction
from units.permissions import Permission

Bands = Sequence[tuple[Decimal, int, int, int, int]]  # points, then what may fail by month, quarter, half-year, year


@dataclass(frozen=True, slots=True)
class Content:
    """What a sheet scores: the name, the bands of the reports (none: no such criterion), and judged criteria."""

    title: str
    year: int
    unit_kinds: Sequence[UnitKind]
    reports: str = ""
    bands: Bands = ()
    late_counts: bool = True
    judged: Sequence[tuple[str, Decimal]] = ()


def create_sheet(*, unit: Unit, content: Content, by: User, key: str = "") -> EmulationSheet:
    """Set a sheet up; with the `key` of a form that was sent before, the sheet it made then is returned."""
    require(by.may(Permission.MANAGE_PLANS, unit))
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if (made := made_before(EmulationSheet, key, by=by)) is not None:
            return made
        sheet = EmulationSheet(unit=unit, created_by=by, created_at=clock.now(), form_key=key)
        _write(sheet, content)
        audit.record(AuditAction.CREATED, by=by, obj=sheet, unit_id=unit.pk)
    return sheet


def change_sheet(*, sheet: EmulationSheet, content: Content, by: User, version: int) -> EmulationSheet:
    """Change a sheet while nobody has entered points."""
    with transaction.atomic():
        rows = EmulationSheet.objects.select_for_update(of=("self",)).select_related("unit")
        row: EmulationSheet = rows.get(pk=sheet.pk)
        require(may_score(by, row))
        if row.version != version:
            raise Stale(_("Somebody changed this sheet meanwhile. Look at it as it is now, then do it again."))
        if EmulationScore.objects.filter(criterion__sheet=row).exists():
            raise ActionRefused(
                _("Points are entered in this sheet already, so its criteria stay. Set up another one.")
            )
        row.criteria.all().delete()
        row.version += 1
        _write(row, content)
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id)
    return row


def give_own_points(
    *, criterion: EmulationCriterion, unit: Unit, points: Decimal, proof: str, by: User, version: int
) -> EmulationScore:
    """Enter what a unit gives itself under a judged criterion, with the document that proves it."""
    require(may_give_own_points(by, unit))
    _require_judged(criterion)
    if not proof.strip():
        raise ActionRefused(_("Name the document that proves the points, with its number and date."))
    with _locked_score(criterion, unit, version) as score:
        if score.checked_points is not None:
            raise ActionRefused(_("The points are checked already. If they are wrong, object to them."))
        score.own_points, score.proof, score.own_by = _within(points, criterion), proof.strip(), by
        _save(score)
        _log(AuditAction.EMULATION_OWN, score, by)
    return score


def check_points(
    *, criterion: EmulationCriterion, unit: Unit, points: Decimal, note: str, by: User, version: int
) -> EmulationScore:
    """Enter the points after checking; never by who gave the own points."""
    require(may_score(by, criterion.sheet))
    _require_judged(criterion)
    with _locked_score(criterion, unit, version) as score:
        _require_other(by, criterion, score.own_by_id)
        score.checked_points, score.note, score.checked_by = _within(points, criterion), note.strip(), by
        _save(score)
        _log(AuditAction.EMULATION_CHECKED, score, by)
    return score


def raise_dispute(*, criterion: EmulationCriterion, unit: Unit, text: str, by: User) -> EmulationDispute:
    """Object to the points of a unit; the figure stays until the objection is settled."""
    require(may_give_own_points(by, unit))
    if not text.strip():
        raise ActionRefused(_("Say what is wrong with the points, and which document shows it."))
    with _locked_score(criterion, unit, None) as score:
        if score.pk and score.disputes.filter(settled_at__isnull=True).exists():
            raise Stale(_("An objection to these points waits already."))
        _save(score)
        dispute = EmulationDispute(score=score, text=text.strip(), raised_by=by, raised_at=clock.now())
        _checked(dispute, "score", "raised_by")
        dispute.save()
        _log(AuditAction.DISPUTE_RAISED, score, by)
    return dispute


def settle_dispute(*, dispute: EmulationDispute, points: Decimal | None, reason: str, by: User) -> EmulationDispute:
    """Settle an objection by hand, with a reason: `points` stand from now on; None leaves the figure as it is."""
    criterion = dispute.score.criterion
    require(may_score(by, criterion.sheet))
    if not reason.strip():
        raise ActionRefused(_("Give the reason of the decision: the unit reads it."))
    with transaction.atomic():
        rows = EmulationDispute.objects.select_for_update(of=("self",)).select_related("score__unit")
        row: EmulationDispute = rows.get(pk=dispute.pk)
        _require_other(by, criterion, row.raised_by_id)
        if row.settled_at is not None:
            raise Stale(_("Somebody settled this objection meanwhile. Look at how it stands now."))
        row.points = None if points is None else _within(points, criterion)
        row.reason, row.settled_by, row.settled_at = reason.strip(), by, clock.now()
        _checked(row, "score", "raised_by", "settled_by")
        row.save()
        _log(AuditAction.DISPUTE_SETTLED, row.score, by)
    return row


def _write(sheet: EmulationSheet, content: Content) -> None:
    if not content.unit_kinds:
        raise ActionRefused(_("Tick the kinds of units that are scored."))
    if not content.bands and not content.judged:
        raise ActionRefused(_("Give the sheet at least one criterion."))
    sheet.title, sheet.year = content.title.strip(), content.year
    _checked(sheet, "unit", "created_by")
    sheet.save()
    sheet.unit_kinds.set(content.unit_kinds)
    if content.bands:
        _write_reports(sheet, content)
    for n, (name, most) in enumerate(content.judged, start=sheet.criteria.count() + 1):
        _criterion(sheet, n, name=name.strip(), most=most)


def _write_reports(sheet: EmulationSheet, content: Content) -> None:
    limits = [tuple(limit) for _points, *limit in content.bands]
    if len(set(limits)) < len(limits):
        raise ActionRefused(_("Two bands allow the same reports to fail. Leave one of them out."))
    most = max(points for points, *_limits in content.bands)
    kind = EmulationCriterionKind.REPORTS
    made = _criterion(sheet, 1, name=content.reports, most=most, kind=kind, late_counts=content.late_counts)
    for points, *limit in content.bands:
        EmulationBand.objects.create(criterion=made, points=points, **dict(zip(COUNTED, limit, strict=True)))


def _criterion(sheet: EmulationSheet, ordinal: int, **facts: object) -> EmulationCriterion:
    made = EmulationCriterion(sheet=sheet, ordinal=ordinal, **facts)
    _checked(made, "sheet")
    made.save()
    return made


@contextmanager
def _locked_score(criterion: EmulationCriterion, unit: Unit, version: int | None) -> Iterator[EmulationScore]:
    """Yield the row of points, locked, in the version that was seen (0: none yet), for a unit that is scored."""
    sheet = criterion.sheet
    kinds = sheet.unit_kinds.values_list("pk", flat=True)
    require(sheet.unit.covers(unit) and unit.kind_id in set(kinds))
    stale = Stale(_("Somebody entered points meanwhile. Look at them as they are now, then do it again."))
    try:
        with transaction.atomic():
            rows = EmulationScore.objects.select_for_update(of=("self",))
            score = rows.filter(criterion=criterion, unit=unit).first()
            if version is not None and (score.version if score else 0) != version:
                raise stale
            yield score or EmulationScore(criterion=criterion, unit=unit, version=0)
    except IntegrityError as error:  # another window was first
        raise stale from error


def _save(score: EmulationScore) -> None:
    score.version += 1
    _checked(score, "criterion", "unit", "own_by", "checked_by")
    score.save()


def _checked(record: EmulationSheet | EmulationCriterion | EmulationScore | EmulationDispute, *known: str) -> None:
    """Refuse what the columns and the rules between them do not allow, in their words."""
    try:
        record.full_clean(exclude=known)
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages)) from error


def _require_judged(criterion: EmulationCriterion) -> None:
    if criterion.kind != EmulationCriterionKind.JUDGED:
        raise ActionRefused(_("These points are counted from the reports. Only an objection can change them."))


def _require_other(by: User, criterion: EmulationCriterion, asker: int | None) -> None:
    """Refuse that somebody decides about what they gave or raised themselves, also through another's post."""
    if not by.may(Permission.MANAGE_PLANS, criterion.sheet.unit, asker=asker):
        raise ActionRefused(_("Somebody else must decide: you entered this for the unit yourself."))


def _within(points: Decimal, criterion: EmulationCriterion) -> Decimal:
    if not 0 <= points <= criterion.most:
        most = number_format(criterion.most)
        raise ActionRefused(_("Give between 0 and %(most)s points.") % {"most": most})
    return points


def _log(action: AuditAction, score: EmulationScore, by: User) -> None:
    """Log that it happened, never how many points: the log is read by more people than the sheet."""
    audit.record(action, by=by, obj=score, unit_id=score.unit_id)
