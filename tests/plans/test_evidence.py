"""Acts on evidence: kept once, replaced by newer versions, serving several deadlines; nothing half-saved."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, transaction
from django.http import Http404

from plans.actions import deadlines as acts
from plans.actions import evidence as evidence_acts
from plans.actions.proof import Proof, Upload, given_already
from plans.enums import Deliverable, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Evidence, Plan
from tests.cast import Cast
from tests.factories import close, make_deadline, make_published_plan, version_of
from tests.files import jpeg
from units.models import AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a published plan of the province."""
    return make_published_plan(cast.province)


@pytest.fixture
def owed(cast: Cast, plan: Plan, today: dt.date) -> Deadline:
    """Return a deadline of the district."""
    return make_deadline(cast.district, plan=plan, due_on=today)


@pytest.fixture
def other(cast: Cast, plan: Plan, today: dt.date) -> Deadline:
    """Return another deadline of the district."""
    return make_deadline(cast.district, plan=plan, due_on=today)


def photo(content: bytes = b"1", name: str = "anh.jpg") -> Upload:
    """Return a photo; other `content`, another photo."""
    return Upload.of(ContentFile(jpeg(comment=content), name=name))


def files(*uploads: Upload) -> Proof:
    return Proof(files=uploads)


def give(row: Deadline, by: User, proof: Proof) -> list[Evidence]:
    """Report progress with proof; return all evidence of the deadline."""
    acts.report_progress(deadline=row, version=version_of(row), by=by, percent=50, proof=proof)
    return list(row.evidence.all())


def stored(settings: LazySettings) -> list[Path]:
    """Return the files of evidence on disk."""
    return sorted(p for p in (Path(settings.MEDIA_ROOT) / "evidence").rglob("*") if p.is_file())


def last_event() -> tuple[str, str, int | None, dict[str, Any]]:
    event = AuditEvent.objects.latest("pk")
    return event.action, event.object_type, event.object_id, event.data


# --- given with a report ---


def test_a_report_keeps_files_links_and_numbers(cast: Cast, owed: Deadline, settings: LazySettings) -> None:
    proof = Proof((photo(), photo(b"2")), ("https://example.org/a",), ("12-BC/ĐTN", "13-BC/ĐTN"))
    kept = give(owed, cast.secretary, proof)
    assert [str(e) for e in kept] == ["anh.jpg", "anh.jpg", "https://example.org/a", "12-BC/ĐTN", "13-BC/ĐTN"]
    assert {(e.report_id, e.added_by_id, e.version) for e in kept} == {(owed.reports.get().pk, cast.secretary.pk, 1)}
    assert {p.read_bytes() for p in stored(settings)} == {jpeg(comment=b"1"), jpeg(comment=b"2")}
    assert all(re.fullmatch(r"[A-Za-z0-9]{32}", p.name) for p in stored(settings))


def test_the_same_file_is_stored_once_a_deadline_and_that_is_said(
    cast: Cast, owed: Deadline, settings: LazySettings
) -> None:
    give(owed, cast.secretary, files(photo()))
    again = Proof((photo(name="khac.jpg"), photo(b"2"), photo(b"2", "lap.jpg")), ("https://a.vn", "https://a.vn"))
    assert given_already(owed, again) == ["khac.jpg", "lap.jpg", "https://a.vn"]
    kept = give(owed, cast.secretary, again)
    assert [str(e) for e in kept] == ["anh.jpg", "anh.jpg", "https://a.vn"]
    assert len(stored(settings)) == 2


def test_the_database_itself_keeps_a_file_once_a_deadline(cast: Cast, owed: Deadline) -> None:
    (kept,) = give(owed, cast.secretary, files(photo()))
    kept.pk = None
    kept._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save()


def test_a_report_that_comes_to_nothing_leaves_no_file(cast: Cast, owed: Deadline, settings: LazySettings) -> None:
    with pytest.raises(Stale):
        acts.submit(deadline=owed, by=cast.secretary, proof=files(photo()), version=owed.version + 1)
    with pytest.raises(Http404):
        acts.submit(deadline=owed, version=version_of(owed), by=cast.reader, proof=files(photo()))
    assert (stored(settings), Evidence.objects.count()) == ([], 0)


class FullDisk(FileSystemStorage):
    """A disk with room for ten bytes more."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Write what fits, then fail as the system does."""
        super().save(name, ContentFile(content.read()[:10]), max_length)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class SecondFails(FileSystemStorage):
    """A disk that is full after the first file."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Write one file, refuse the next."""
        if any(p.is_file() for p in Path(self.location).rglob("*")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return str(super().save(name, content, max_length))


@pytest.mark.parametrize("disk", [FullDisk, SecondFails])
def test_a_full_disk_is_said_and_leaves_nothing_half_saved(
    cast: Cast, owed: Deadline, settings: LazySettings, disk: type
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.{disk.__name__}"}}
    with pytest.raises(ActionRefused, match="đĩa"):
        acts.submit(
            deadline=owed, version=version_of(owed), by=cast.secretary, text="Xong", proof=files(photo(), photo(b"2"))
        )
    owed.refresh_from_db()
    assert (owed.status, owed.reports.count(), Evidence.objects.count(), stored(settings)) == (
        Status.ASSIGNED, 0, 0, [],
    )  # fmt: skip


# --- newer versions ---


def test_a_newer_version_leaves_the_older_one_marked(cast: Cast, owed: Deadline, settings: LazySettings) -> None:
    (old,) = give(owed, cast.secretary, files(photo()))
    new = evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=files(photo(b"2", "moi.jpg")))
    old.refresh_from_db()
    assert (new.version, new.replaces, new.report, new.replaced_at) == (2, old, old.report, None)
    assert (old.version, old.replaced_at) == (1, new.added_at)
    assert list(owed.evidence.current()) == [new]
    assert len(stored(settings)) == 2
    data = {"evidence": new.pk, "replaces": old.pk, "version": 2, "name": "moi.jpg"}
    assert last_event() == ("evidence_replaced", "deadline", owed.pk, data)


def test_a_number_can_take_the_place_of_a_link(cast: Cast, owed: Deadline) -> None:
    (old,) = give(owed, cast.secretary, Proof(links=("https://a.vn",)))
    new = evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=Proof(document_numbers=("9-BC/ĐTN",)))
    third = evidence_acts.replace_evidence(evidence=new, by=cast.secretary, proof=files(photo()))
    assert (third.version, third.replaces, str(third)) == (3, new, "anh.jpg")


def test_only_the_newest_version_can_be_replaced(cast: Cast, owed: Deadline, settings: LazySettings) -> None:
    (old,) = give(owed, cast.secretary, files(photo()))
    evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=files(photo(b"2")))
    with pytest.raises(Stale):
        evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=files(photo(b"3")))
    assert (Evidence.objects.count(), len(stored(settings))) == (2, 2)


@pytest.mark.parametrize(
    "proof",
    [
        lambda: files(photo()),  # the very same file
        Proof,
        lambda: files(photo(b"2"), photo(b"3")),
        lambda: Proof((photo(b"2"),), ("https://a.vn",)),
    ],
)
def test_exactly_one_thing_that_is_new_replaces(
    cast: Cast, owed: Deadline, settings: LazySettings, proof: Callable[[], Proof]
) -> None:
    (old,) = give(owed, cast.secretary, files(photo()))
    with pytest.raises(ActionRefused):
        evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=proof())
    assert (Evidence.objects.count(), len(stored(settings))) == (1, 1)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (Status.ASSIGNED, "done"),
        (Status.IN_PROGRESS, "done"),
        (Status.RETURNED, "done"),
        (Status.SUBMITTED, "refused"),
        (Status.COMPLETED, "refused"),
        (Status.ON_HOLD, "refused"),
        (Status.CANCELLED, "refused"),
    ],
)
def test_evidence_changes_only_while_the_unit_owes_something(
    cast: Cast, owed: Deadline, other: Deadline, status: Status, answer: str
) -> None:
    (mine,) = give(owed, cast.secretary, files(photo()))
    (theirs,) = give(other, cast.secretary, files(photo(b"9")))
    done = {"reported_on": dt.date(2026, 3, 1), "reported_by": cast.secretary, "reason": "Vì"}
    confirmed: dict[str, Any] = {"confirmed_on": dt.date(2026, 3, 2), "confirmed_by": cast.leader}
    held = {"held_on": dt.date(2026, 3, 1), "held_status": Status.ASSIGNED, "hold_reason": "Chờ"}
    Deadline.objects.filter(pk=owed.pk).update(
        status=status, **done, **{Status.COMPLETED: confirmed, Status.ON_HOLD: held}.get(status, {})
    )
    got = []
    for act in (
        lambda: evidence_acts.replace_evidence(evidence=mine, by=cast.secretary, proof=files(photo(b"2"))),
        lambda: evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[theirs]),
    ):
        try:
            act()
        except ActionRefused:
            got.append("refused")
        else:
            got.append("done")
    assert got == [answer, answer]


def test_evidence_of_a_closed_plan_stays_as_it_is(cast: Cast, owed: Deadline, plan: Plan) -> None:
    (old,) = give(owed, cast.secretary, files(photo()))
    close(plan, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=files(photo(b"2")))


@pytest.mark.parametrize("person", ["reader", "leader", "administrator", "sibling_secretary", "outsider"])
def test_who_does_not_report_changes_no_evidence(cast: Cast, owed: Deadline, other: Deadline, person: str) -> None:
    (mine,) = give(owed, cast.secretary, files(photo()))
    (theirs,) = give(other, cast.secretary, files(photo(b"9")))
    by = getattr(cast, person)
    with pytest.raises(Http404):
        evidence_acts.replace_evidence(evidence=mine, by=by, proof=files(photo(b"2")))
    with pytest.raises(Http404):
        evidence_acts.share_evidence(deadline=owed, by=by, evidence=[theirs])
    assert Evidence.objects.count() == 2


# --- one piece for several deadlines ---


def test_shared_evidence_is_a_row_more_and_no_file_more(
    cast: Cast, owed: Deadline, other: Deadline, settings: LazySettings
) -> None:
    (first,) = give(other, cast.secretary, files(photo()))
    (row,) = evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[first])
    assert (row.shared_from, row.deadline, row.file.name, row.sha256, row.report) == (
        first, owed, first.file.name, first.sha256, None,
    )  # fmt: skip
    assert len(stored(settings)) == 1
    assert last_event() == ("evidence_shared", "deadline", owed.pk, {"evidence": [row.pk], "name": "anh.jpg"})


def test_shared_evidence_counts_as_the_written_report_that_is_owed(
    cast: Cast, owed: Deadline, other: Deadline
) -> None:
    owed.solution.deliverable = Deliverable.REPORT
    owed.solution.save()
    (first,) = give(other, cast.secretary, files(photo()))
    acts.submit(deadline=owed, version=version_of(owed), by=cast.secretary, proof=Proof(shared=(first,)))
    owed.refresh_from_db()
    assert (owed.status, owed.evidence.get().report) == (Status.SUBMITTED, owed.reports.get())
    assert [e.action for e in AuditEvent.objects.order_by("-pk")[:2]] == ["submitted", "evidence_shared"]


def test_what_is_replaced_here_stays_there(cast: Cast, owed: Deadline, other: Deadline) -> None:
    (first,) = give(other, cast.secretary, files(photo()))
    (row,) = evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[first])
    evidence_acts.replace_evidence(evidence=first, by=cast.secretary, proof=files(photo(b"2")))
    assert list(owed.evidence.current()) == [row]
    acts.submit(deadline=owed, version=version_of(owed), by=cast.secretary)
    assert row.file.name == first.file.name


def test_evidence_of_another_unit_or_of_this_deadline_is_not_offered(
    cast: Cast, owed: Deadline, other: Deadline, plan: Plan, today: dt.date
) -> None:
    sibling = make_deadline(cast.other_district, plan=plan, due_on=today)
    below = make_deadline(cast.commune, plan=plan, due_on=today)
    (mine,) = give(owed, cast.secretary, files(photo()))
    (usable,) = give(other, cast.secretary, files(photo(b"2")))
    (foreign,) = give(sibling, cast.sibling_secretary, files(photo(b"3")))
    (lower,) = give(below, cast.commune_secretary, files(photo(b"4")))
    assert list(Evidence.objects.usable_for(owed, cast.secretary)) == [usable]
    assert list(Evidence.objects.usable_for(owed, cast.sibling_secretary)) == []
    for wrong in (mine, foreign, lower):
        with pytest.raises(ActionRefused):
            evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[usable, wrong])
    assert owed.evidence.count() == 1


def test_what_serves_already_or_is_replaced_is_not_offered(cast: Cast, owed: Deadline, other: Deadline) -> None:
    (old,) = give(other, cast.secretary, files(photo()))
    new = evidence_acts.replace_evidence(evidence=old, by=cast.secretary, proof=files(photo(b"2")))
    assert list(Evidence.objects.usable_for(owed, cast.secretary)) == [new]
    evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[new])
    assert list(Evidence.objects.usable_for(owed, cast.secretary)) == []


def test_who_sees_a_deadline_sees_the_evidence_that_serves_it(cast: Cast, owed: Deadline, other: Deadline) -> None:
    (first,) = give(other, cast.secretary, files(photo()))
    (row,) = evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[first])
    seen = {
        name: set(Evidence.objects.visible_to(getattr(cast, name)))
        for name in ("secretary", "office_staff", "reader", "commune_secretary", "sibling_secretary", "outsider")
    }
    both, none = {first, row}, set[Evidence]()
    assert seen == {
        "secretary": both, "office_staff": both, "reader": both,
        "commune_secretary": none, "sibling_secretary": none, "outsider": none,
    }  # fmt: skip


def test_a_right_that_ends_takes_the_evidence_with_it(cast: Cast, owed: Deadline, other: Deadline) -> None:
    (first,) = give(other, cast.secretary, files(photo()))
    evidence_acts.share_evidence(deadline=owed, by=cast.secretary, evidence=[first])
    cast.secretary.appointments.update(end=dt.date(2026, 3, 15))
    assert not Evidence.objects.visible_to(User.objects.get(pk=cast.secretary.pk)).exists()


@pytest.mark.parametrize(("words", "found"), [("anh hoi nghi", 1), ("Ảnh", 1), ("hội", 1), ("bien ban", 0), ("", 1)])
def test_evidence_is_found_by_name_with_and_without_accents(
    cast: Cast, owed: Deadline, words: str, found: int
) -> None:
    give(owed, cast.secretary, files(photo(name="Ảnh hội nghị.jpg")))
    assert Evidence.objects.matching(words).count() == found
