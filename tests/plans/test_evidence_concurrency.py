"""Two hand in evidence at once, on a real PostgreSQL: each file once, each version once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile

from plans.actions.deadlines import report_progress
from plans.actions.evidence import replace_evidence
from plans.actions.proof import Proof, Upload
from plans.errors import Stale
from plans.models import Evidence
from tests.cast import make_cast
from tests.factories import make_deadline, make_published_plan, version_of
from tests.files import jpeg
from tests.together import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def outcomes(*acts: Callable[[], object]) -> list[str]:
    """Do the acts at once; return what became of each, sorted."""
    results = at_once(*acts)
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Stale)] == []
    return sorted("stale" if isinstance(result, Stale) else "done" for result in results)


def _photo(content: bytes) -> Proof:
    return Proof(files=(Upload.of(ContentFile(jpeg(comment=content), name="anh.jpg")),))


def _stored(settings: LazySettings) -> int:
    return sum(p.is_file() for p in (Path(settings.MEDIA_ROOT) / "evidence").rglob("*"))


def test_of_two_newer_versions_at_once_one_is_kept(settings: LazySettings) -> None:
    cast = make_cast()
    plan = make_published_plan(cast.province)
    for round_ in range(10):
        owed = make_deadline(cast.district, plan=plan)
        report_progress(
            deadline=owed, version=version_of(owed), by=cast.secretary, percent=50, proof=_photo(b"first %d" % round_)
        )
        old = owed.evidence.get()
        before = _stored(settings)
        acts = [
            lambda n=n, old=old, r=round_: replace_evidence(
                evidence=old, by=cast.secretary, proof=_photo(b"%d-%d" % (n, r))
            )
            for n in range(2)
        ]
        assert outcomes(*acts) == ["done", "stale"]
        assert sorted(owed.evidence.values_list("version", flat=True)) == [1, 2]
        assert _stored(settings) == before + 1


def test_the_same_photo_sent_twice_at_once_is_kept_once(settings: LazySettings) -> None:
    cast = make_cast()
    plan = make_published_plan(cast.province)
    for round_ in range(10):
        owed = make_deadline(cast.district, plan=plan)
        acts = [
            lambda owed=owed, r=round_: report_progress(
                deadline=owed, version=1, by=cast.secretary, percent=50, proof=_photo(b"same %d" % r)
            )
            for _n in range(2)
        ]
        assert outcomes(*acts) == ["done", "stale"]
        assert (owed.evidence.count(), owed.reports.count()) == (1, 1)
    assert (Evidence.objects.count(), _stored(settings)) == (10, 10)
