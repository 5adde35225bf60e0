"""Recording a meeting: who was there, the minutes and their files; what is refused before anything is stored."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.http import Http404

from plans.actions.events import cancel_event, move_event
from plans.actions.proof import Upload
from plans.errors import ActionRefused, Stale
from plans.integrity import faults_in_files
from plans.orphans import remove_orphans
from reviews.actions import meetings, minutes
from reviews.enums import MeetingState
from reviews.models import Meeting, MeetingFile
from tests.cast import Cast
from tests.factories import make_meeting, make_member
from tests.files import jpeg
from units.models import AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 12)


@pytest.fixture
def members(cast: Cast) -> list[User]:
    """Return three who sit in the standing committee."""
    return [make_member(cast.province) for _n in range(3)]


@pytest.fixture
def meeting(cast: Cast, members: list[User]) -> Meeting:
    """Return a meeting of four days ago that is not recorded."""
    return make_meeting(cast.province, by=cast.office_staff, day=DAY)


def hold(meeting: Meeting, by: User, **facts: Any) -> Meeting:
    return minutes.hold_meeting(meeting=meeting, by=by, **{"absent": {}, **facts})


def stored(settings: LazySettings) -> list[Path]:
    return [file for file in (Path(settings.MEDIA_ROOT) / "minutes").rglob("*") if file.is_file()]


@pytest.mark.parametrize("who", ["office_staff", "leader"])
def test_the_office_and_leaders_record_a_meeting(cast: Cast, meeting: Meeting, members: list[User], who: str) -> None:
    by = getattr(cast, who)
    row = hold(meeting, by, absent={members[1].pk: "Đi công tác"}, minutes=" Đã bàn ba việc. ", symbol="05-BB/TĐTN")
    assert (row.state, row.held_on, row.recorded_by, row.minutes, row.version) == (
        MeetingState.HELD, DAY, by, "Đã bàn ba việc.", 2,
    )  # fmt: skip
    seats = dict(row.attendance.values_list("person", "reason"))
    assert seats == {members[0].pk: "", members[1].pk: "Đi công tác", members[2].pk: ""}
    assert set(row.attendance.filter(present=False).values_list("person", flat=True)) == {members[1].pk}
    entry = AuditEvent.objects.filter(object_type="meeting").latest("pk")
    assert (entry.action, entry.data["absent"], entry.data["on"]) == ("meeting_held", 1, "2026-03-12")


@pytest.mark.parametrize("who", ["department_head", "reader", "administrator", "secretary", "outsider"])
def test_others_record_nothing(cast: Cast, meeting: Meeting, who: str) -> None:
    with pytest.raises(Http404):
        hold(meeting, getattr(cast, who))


@pytest.mark.parametrize("day", [None, dt.date(2026, 3, 17)])
def test_a_meeting_to_come_is_not_recorded(cast: Cast, day: dt.date | None) -> None:
    with pytest.raises(ActionRefused):
        hold(make_meeting(cast.province, by=cast.office_staff, day=day), cast.office_staff)


def test_a_recorded_meeting_is_corrected_but_not_moved(cast: Cast, meeting: Meeting, members: list[User]) -> None:
    hold(meeting, cast.office_staff)
    row = hold(meeting, cast.leader, minutes="Bổ sung", absent={members[0].pk: ""}, version=2)
    assert (row.minutes, row.attendance.filter(present=False).count()) == ("Bổ sung", 1)
    assert AuditEvent.objects.filter(object_type="meeting").latest("pk").action == "changed"
    with pytest.raises(Stale):
        hold(meeting, cast.leader, version=2)
    with pytest.raises(ActionRefused):
        meetings.move_meeting(meeting=meeting, day=dt.date(2026, 3, 20), by=cast.office_staff)
    with pytest.raises(ActionRefused):
        meetings.cancel_meeting(meeting=meeting, reason="Nhầm", by=cast.office_staff)


def test_the_event_of_a_recorded_meeting_stays_on_its_day(cast: Cast, meeting: Meeting) -> None:
    hold(meeting, cast.office_staff)
    with pytest.raises(ActionRefused):
        move_event(event=meeting.event, day=dt.date(2026, 3, 20), by=cast.office_staff)
    with pytest.raises(ActionRefused):
        cancel_event(event=meeting.event, reason="Nhầm", by=cast.office_staff)
    meeting.event.refresh_from_db()
    assert (meeting.event.day, meeting.event.cancelled) == (DAY, False)


def test_who_does_not_sit_in_the_body_is_not_absent_from_it(cast: Cast, meeting: Meeting) -> None:
    with pytest.raises(ActionRefused):
        hold(meeting, cast.office_staff, absent={cast.outsider.pk: "?"})
    meeting.refresh_from_db()
    assert meeting.held_on is None


def test_files_stay_whole_and_are_kept_once(cast: Cast, meeting: Meeting, settings: LazySettings) -> None:
    picture = jpeg()

    def upload() -> Upload:
        return Upload.of(ContentFile(picture, name="bien-ban.jpg"))

    hold(meeting, cast.office_staff, files=(upload(),))
    hold(meeting, cast.office_staff, files=(upload(),))
    row = MeetingFile.objects.get()
    assert (row.original_name, row.size, len(stored(settings))) == ("bien-ban.jpg", len(picture), 1)
    assert list(faults_in_files()) == []
    remove_orphans()
    assert len(stored(settings)) == 1
    Path(row.file.path).write_bytes(b"x")
    assert len(list(faults_in_files())) == 1


def test_a_refused_recording_leaves_no_file(cast: Cast, meeting: Meeting, settings: LazySettings) -> None:
    with pytest.raises(Stale):
        hold(meeting, cast.office_staff, version=9, files=(Upload.of(ContentFile(jpeg(), name="a.jpg")),))
    assert stored(settings) == []
    assert not MeetingFile.objects.exists()
