"""Files without a row go after an hour; files with one stay."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile

from doantracker.lib import clock
from plans.actions.deadlines import report_progress
from plans.actions.evidence import replace_evidence, share_evidence
from plans.actions.proof import Proof, Stash, Upload
from plans.models import Evidence
from plans.orphans import remove_orphans
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan, version_of
from tests.files import jpeg


@pytest.mark.usefixtures("today")
def test_only_old_files_without_a_row_are_removed(cast: Cast, settings: LazySettings) -> None:
    proof = Evidence(
        deadline=make_deadline(cast.district, plan=make_published_plan(cast.province)),
        added_by=cast.secretary,
        added_at=clock.now(),
        size=3,
        sha256="0" * 64,
    )
    proof.file.save("kept", ContentFile(b"abc"))
    folder = Path(settings.MEDIA_ROOT) / "evidence" / "2026"
    old, new = folder / "left-over", folder / "just-now"
    for file in (old, new):
        file.write_bytes(b"x")
    hours_ago = (clock.now() - dt.timedelta(hours=2)).timestamp()
    now = clock.now().timestamp()
    for file, moment in ((old, hours_ago), (Path(proof.file.path), hours_ago), (new, now)):
        os.utime(file, (moment, moment))

    assert remove_orphans() == 1
    assert [old.exists(), new.exists(), Path(proof.file.path).exists()] == [False, True, True]


def test_a_file_that_serves_several_deadlines_or_was_replaced_stays(cast: Cast, settings: LazySettings) -> None:
    plan = make_published_plan(cast.province)
    owed, other = (make_deadline(cast.district, plan=plan) for _n in range(2))
    old = Upload.of(ContentFile(jpeg(), name="anh.jpg"))
    report_progress(deadline=owed, version=version_of(owed), by=cast.secretary, percent=50, proof=Proof(files=(old,)))
    first = owed.evidence.get()
    share_evidence(deadline=other, by=cast.secretary, evidence=[first])
    new = Upload.of(ContentFile(jpeg(comment=b"2"), name="anh.jpg"))
    replace_evidence(evidence=first, by=cast.secretary, proof=Proof(files=(new,)))
    stored = [p for p in (Path(settings.MEDIA_ROOT) / "evidence").rglob("*") if p.is_file()]
    hours_ago = (clock.now() - dt.timedelta(hours=2)).timestamp()
    for file in stored:
        os.utime(file, (hours_ago, hours_ago))

    assert (len(stored), remove_orphans()) == (2, 0)


@pytest.mark.usefixtures("today")
def test_what_a_killed_process_had_stored_goes_after_an_hour(cast: Cast, settings: LazySettings) -> None:
    """A process that is killed between the file and its row cleans nothing up itself."""
    stash = Stash()
    stash.put(Upload.of(ContentFile(jpeg(), name="anh.jpg")))
    (file,) = [p for p in (Path(settings.MEDIA_ROOT) / "evidence").rglob("*") if p.is_file()]
    removed = []
    for age in (dt.timedelta(minutes=59), dt.timedelta(minutes=61)):
        moment = (clock.now() - age).timestamp()
        os.utime(file, (moment, moment))
        removed.append((remove_orphans(), file.exists()))
    assert removed == [(0, True), (1, False)]
