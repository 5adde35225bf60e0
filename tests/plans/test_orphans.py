"""Files without a row go after an hour; files with one stay."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile

from doantracker.lib import clock
from plans.models import Evidence
from plans.orphans import remove_orphans
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan


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
