"""Acts on the results of indicators: enter them for one unit or for many, close a period, reopen it.

Everything that changes the results of an indicator takes the lock of its row first, so that no result slips into a
period that is being closed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.rewriting import rewrite
from doantracker.lib.text import nfc
from plans.enums import IndicatorKind, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.indicator_figures import owing_units, periods_of
from plans.indicator_periods import Period, begun, period_at
from plans.indicator_rights import may_enter, may_lock
from plans.models import Indicator, IndicatorResult, PeriodLock
from plans.pasting import TOO_LONG, fits
from plans.result_words import shown, worded
from plans.secrecy import secrecy_mark
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction, AuditEvent

FIGURES: Final = ("value", "numerator", "denominator", "level_id")
PROOF: Final = ("note", "link", "document_number")
WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person enters for one unit: the figures of the indicator's kind; none of them takes the result back.

    `version` is the one that was seen, 0 where no result stood there. `note`, `link` and `document_number` are left as
    they are where they are None.
    """

    unit: Unit
    version: int = 0
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level_id: int | None = None
    note: str | None = None
    link: str | None = None
    document_number: str | None = None

    @property
    def empty(self) -> bool:
        """Return whether no figure is given."""
        return all(getattr(self, name) is None for name in FIGURES)


class RowsRefused(ActionRefused):
    """Nothing was saved, because of some rows: `rows` tells what is wrong by the key of the unit."""

    def __init__(self, rows: dict[int, str], *, stale: bool = False) -> None:
        super().__init__(_("Nothing was saved. Correct the rows that are marked, then save again."))
        self.rows = rows
        if stale:
            self.status = Stale.status


def enter_result(
    *, indicator: Indicator, period_start: dt.date, by: User, given: Given, today: dt.date | None = None
) -> None:
    """Enter, correct or take back the result of one unit."""
    try:
        enter_many(indicator=indicator, period_start=period_start, by=by, rows=[given], today=today)
    except RowsRefused as refusal:
        refusal.message = refusal.rows[given.unit.pk]
        raise


def enter_many(
    *, indicator: Indicator, period_start: dt.date, by: User, rows: Sequence[Given], today: dt.date | None = None
) -> int:
    """Enter the results of many units for one period, all or nothing; return how many changed.

    A row that says what stands there already changes nothing, whoever saved it meanwhile.
    """
    require(all(may_enter(by, row.unit) for row in rows))
    with _open_period(indicator, period_start, today or clock.today()) as (locked, period):
        units = [row.unit.pk for row in rows]
        owing = set(owing_units(locked, period.end).filter(pk__in=units).values_list("pk", flat=True))
        stored = IndicatorResult.objects.select_for_update(of=("self",)).filter(
            indicator=locked, period_start=period.start, unit__in=units
        )
        before = {result.unit_id: result for result in stored.select_related("level")}
        levels = {level.pk for level in locked.levels.all()}
        _refuse_wrong(locked, rows, owing=owing, levels=levels, before=before)
        changed = [row for row in rows if _differs(row, before.get(row.unit.pk))]
        stale = [row for row in changed if _version(before.get(row.unit.pk)) != row.version]
        if stale:
            raise RowsRefused({row.unit.pk: _stale(before.get(row.unit.pk)) for row in stale}, stale=True)
        _save(locked, period, changed, before, by)
    return len(changed)


def lock_period(*, indicator: Indicator, period_start: dt.date, by: User, today: dt.date | None = None) -> PeriodLock:
    """Close a period: its results are final until it is reopened."""
    require(may_lock(by, indicator))
    with _open_period(indicator, period_start, today or clock.today()) as (locked, period):
        lock = PeriodLock.objects.create(
            indicator=locked, period_start=period.start, period_end=period.end, locked_by=by, locked_at=clock.now()
        )
        _record(AuditAction.PERIOD_LOCKED, locked, by, {"period": period.label})
    return lock


def reopen_period(*, indicator: Indicator, period_start: dt.date, by: User, reason: str) -> PeriodLock:
    """Open a closed period again; the reason stays with the lock."""
    require(may_lock(by, indicator))
    reason = nfc(reason.strip())
    if not reason:
        raise ActionRefused(_("Say why the period is reopened."))
    with _locked(indicator) as locked:
        lock: PeriodLock | None = locked.locks.filter(period_start=period_start, reopened_at__isnull=True).first()
        if lock is None:
            raise Stale(_("This period is open: somebody has reopened it already."))
        lock.reopened_at, lock.reopened_by, lock.reason = clock.now(), by, reason[:500]
        lock.save()
        _record(AuditAction.PERIOD_REOPENED, locked, by, {"period": f"{period_start:%d/%m/%Y}", "reason": lock.reason})
    return lock


@contextmanager
def _locked(indicator: Indicator) -> Iterator[Indicator]:
    """Yield the indicator as it is now, locked; its plan is followed up."""
    with transaction.atomic():
        rows = Indicator.objects.select_for_update(of=("self",)).select_related("plan__issuing_unit")
        row: Indicator = rows.get(pk=indicator.pk)
        if row.plan.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("Results are entered while the plan is published. This one is a draft or closed."))
        yield row


@contextmanager
def _open_period(indicator: Indicator, start: dt.date, today: dt.date) -> Iterator[tuple[Indicator, Period]]:
    """Yield the locked indicator and its period, which has begun and is not closed."""
    with _locked(indicator) as row:
        if row.fed_by_id is not None:
            raise ActionRefused(
                _("This target is counted from deadlines. Report the work itself; the figures follow.")
            )
        period = period_at(begun(periods_of(row, today), today), start)
        if period is None:
            raise ActionRefused(_("This target asks nothing for that period yet. Choose another period."))
        lock = row.locks.filter(period_start=start, reopened_at__isnull=True).select_related("locked_by").first()
        if lock:
            raise ActionRefused(
                _(
                    "%(period)s is closed since %(day)s (%(person)s). Ask the issuing unit to reopen it, "
                    "with the reason."
                )
                % {
                    "period": period.label,
                    "day": f"{timezone.localtime(lock.locked_at):%d/%m/%Y}",
                    "person": lock.locked_by,
                }
            )
        yield row, period


def _refuse_wrong(
    indicator: Indicator,
    rows: Sequence[Given],
    *,
    owing: Collection[int],
    levels: Collection[int],
    before: dict[int, IndicatorResult],
) -> None:
    wrong = {}
    for row in rows:
        if row.unit.pk not in owing and row.unit.pk not in before:
            wrong[row.unit.pk] = _("This unit gives no results for this target in that period. Leave the row empty.")
        elif why := fault_of(indicator, row, levels):
            wrong[row.unit.pk] = why
    if wrong:
        raise RowsRefused(wrong)


def fault_of(indicator: Indicator, row: Given, levels: Collection[int] = ()) -> str:
    """Return what is wrong with a row and what to do; nothing for a sound or an empty one."""
    if row.document_number and secrecy_mark(row.document_number):
        return _("This number carries a mark of secrecy. Papers like this one must not be named here.")
    if row.empty:
        return ""
    match indicator.kind:
        case IndicatorKind.LEVEL:
            return "" if row.level_id in levels else _("Choose one of the levels of this target.")
        case IndicatorKind.NUMBER:
            return _("Give a number.") if row.value is None else _fault_of_number(row.value)
        case _:
            if row.numerator is None or row.denominator is None:
                return _("Give both figures of the share: how many, and of how many.")
            faults = _fault_of_number(row.numerator), _fault_of_number(row.denominator)
            return next(filter(None, faults), "") or _fault_of_share(indicator, row.numerator, row.denominator)


def _fault_of_number(number: Decimal) -> str:
    if number < 0:
        return _("A figure is 0 or more. Correct it.")
    return "" if fits(number) else str(TOO_LONG)


def _fault_of_share(indicator: Indicator, numerator: Decimal, denominator: Decimal) -> str:
    """Return what is wrong with a share. Only a target above 100 % lets more reach it than there are."""
    if denominator == 0 and numerator != 0:
        return _("Of 0 there is no share. Write of how many; a unit that has nobody to count gives 0 of 0.")
    may_exceed = indicator.value is not None and indicator.value > WHOLE
    if numerator <= denominator or may_exceed:
        return ""
    words = _("More reached it (%(numerator)s) than there are (%(denominator)s). Correct one of the two figures.")
    return words % {"numerator": shown(numerator), "denominator": shown(denominator)}


def _differs(row: Given, stored: IndicatorResult | None) -> bool:
    """Return whether a row says something else than what stands there."""
    if stored is None:
        return not row.empty
    given = {name: getattr(row, name) for name in FIGURES}
    said = {name: getattr(row, name) for name in PROOF if getattr(row, name) is not None}
    return any(getattr(stored, name) != value for name, value in {**given, **said}.items())


def _version(stored: IndicatorResult | None) -> int:
    return stored.version if stored else 0


def _stale(stored: IndicatorResult | None) -> str:
    if stored is None:
        return _("Somebody took this result back meanwhile. Save again to enter yours.")
    return _("Somebody entered %(shown)s meanwhile. Save again to replace it by yours.") % {"shown": worded(stored)}


def _save(
    indicator: Indicator, period: Period, rows: Sequence[Given], before: dict[int, IndicatorResult], by: User
) -> None:
    """Write the rows that change, and each into the log."""
    entries, gone = [], []
    added: list[IndicatorResult] = []
    kept: list[IndicatorResult] = []
    levels = {level.pk: level for level in indicator.levels.all()}
    last = _last_versions(indicator, period, [row.unit.pk for row in rows if row.unit.pk not in before])
    for row in rows:
        stored = before.get(row.unit.pk)
        was = worded(stored) if stored else ""
        if row.empty and stored:
            gone.append(stored.pk)
            now = ""
        else:
            result = stored or IndicatorResult(
                indicator=indicator, unit=row.unit, unit_path=row.unit.path, version=last[row.unit.pk]
            )
            _give(result, row, period, by)
            result.level = levels.get(row.level_id or 0)
            (kept if stored else added).append(result)
            now = worded(result)
        of = {"period": period.label, "start": period.start, "indicator": indicator.pk}
        data = {**of, "figure": [was, now]}
        entries.append((row.unit, data))
    IndicatorResult.objects.filter(pk__in=gone).delete()
    IndicatorResult.objects.bulk_create(added)
    rewrite(kept, [*FIGURES[:3], "level", *PROOF, "entered_by", "entered_at", "version", "period_end"])
    audit.record_many(
        audit.Entry(AuditAction.RESULTS_ENTERED, by, indicator, plan_id=indicator.plan_id, unit_id=unit.pk, data=data)
        for unit, data in entries
    )


def _last_versions(indicator: Indicator, period: Period, units: Sequence[int]) -> Counter[int]:
    """Return by unit without a result a version that none it had before exceeds; 0 where there never was one.

    A result taken back and entered anew goes on counting, so that who saw the old one does not overwrite the new one.
    Each version has its row in the log.
    """
    if not units:
        return Counter()
    start = period.start.isoformat()
    about = {"object_type": "indicator", "object_id": indicator.pk, "action": AuditAction.RESULTS_ENTERED}
    rows = AuditEvent.objects.filter(**about, unit_id__in=units).values_list("unit_id", "data")
    return Counter(unit for unit, data in rows if unit and data.get("start", start) == start)


def _give(result: IndicatorResult, row: Given, period: Period, by: User) -> None:
    for name in FIGURES[:3]:
        setattr(result, name, getattr(row, name))
    for name in PROOF:
        said = getattr(row, name)
        if said is not None:
            setattr(result, name, nfc(said.strip()))
    result.period_start, result.period_end = period.start, period.end
    result.entered_by, result.entered_at = by, clock.now()
    result.version += 1


def _record(action: AuditAction, indicator: Indicator, by: User, data: dict[str, Any]) -> None:
    audit.record(
        action, by=by, obj=indicator, plan_id=indicator.plan_id, unit_id=indicator.plan.issuing_unit_id, data=data
    )
