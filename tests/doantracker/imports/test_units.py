"""Units from a file: founded, changed, moved, by their code; all or nothing."""

from __future__ import annotations

import pytest
from django.http import Http404

from doantracker.imports.actions import Faulty, run_import, try_import
from doantracker.imports.kinds.base import Scope
from doantracker.imports.kinds.units import UNITS
from doantracker.imports.outcome import Outcome
from doantracker.lib import clock
from plans.actions.uploads import Upload
from plans.errors import Stale
from tests.cast import Cast
from tests.doantracker.imports.files import workbook
from units.models import AuditEvent, Unit, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
HEAD = ["code", "name", "kind", "parent", "in force from"]


def scope(user: User) -> Scope:
    return Scope(user, clock.today())


def upload(*rows: list[object]) -> Upload:
    return Upload(workbook(HEAD, *rows), "don-vi.xlsx")


def imported(user: User, *rows: list[object]) -> Outcome:
    file = upload(*rows)
    _outcome, digest = try_import(kind=UNITS, scope=scope(user), upload=file)
    return run_import(kind=UNITS, scope=scope(user), upload=file, expected=digest)


def wrong(user: User, *rows: list[object]) -> list[tuple[int, str]]:
    outcome, _digest = try_import(kind=UNITS, scope=scope(user), upload=upload(*rows))
    return [(finding.row, finding.wrong) for finding in outcome.findings]


def test_new_units_stand_below_each_other_whatever_their_order(cast: Cast) -> None:
    done = imported(
        cast.administrator,
        ["ST-CG-TL-1", "Chi đoàn 1", "branch", "ST-CG-TL", None],
        ["ST-CG-TL", "Đoàn phường Tân Lập", "commune", "ST-CG", "01/07/2025"],
        ["ST-BM-AH", "Đoàn xã An Hòa mới", None, None, None],
    )
    assert (done.new, done.changed, done.unchanged) == (2, 1, 0)
    ward = Unit.objects.get(code="ST-CG-TL")
    assert ward.path.startswith(cast.other_district.path)
    assert f"{ward.valid_from:%d/%m/%Y}" == "01/07/2025"
    assert Unit.objects.get(code="ST-CG-TL-1").path.startswith(ward.path)
    assert Unit.objects.get(pk=cast.commune.pk).name == "Đoàn xã An Hòa mới"
    acts = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["created", "created", "changed", "imported"]
    whole = AuditEvent.objects.get(action=AuditAction.IMPORTED)
    assert whole.data["new"] == 2
    assert whole.actor == cast.administrator


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    rows = (["ST-CG-TL", "Đoàn phường Tân Lập", "commune", "ST-CG", "01/07/2025"],)
    imported(cast.administrator, *rows)
    acts = AuditEvent.objects.count()
    again = imported(cast.administrator, *rows)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert AuditEvent.objects.count() == acts
