"""manage.py check_integrity: silent on a whole installation, each fault named, exit code 1."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from doantracker.lib import clock
from plans.actions.deadlines import report_progress
from plans.actions.evidence import share_evidence
from plans.actions.proof import Proof, Upload
from plans.models import Deadline, Evidence, Notice, PlanDocument
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan, version_of
from tests.files import jpeg
from units.models import AuditEvent, Unit

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def proof(cast: Cast) -> Evidence:
    """Return a file of evidence that serves two deadlines, beside a plan with its document."""
    plan = make_published_plan(cast.province)
    document = PlanDocument(plan=plan, original_name="ke-hoach.txt", size=3, read_at=clock.now())
    document.sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of "abc"
    document.file.save("plan", ContentFile(b"abc"))
    owed, other = (make_deadline(cast.district, plan=plan) for _n in range(2))
    upload = Upload.of(ContentFile(jpeg(), name="anh.jpg"))
    report_progress(
        deadline=owed, version=version_of(owed), by=cast.secretary, percent=50, proof=Proof(files=(upload,))
    )
    evidence: Evidence = owed.evidence.get()
    share_evidence(deadline=other, by=cast.secretary, evidence=[evidence])
    return evidence


def run() -> tuple[str, bool]:
    """Run the command in English; return what it printed and whether it failed."""
    out = io.StringIO()
    failed = False
    with translation.override("en"):
        try:
            call_command("check_integrity", stdout=out)
        except CommandError as error:
            failed = error.returncode == 1
    return out.getvalue(), failed


def test_a_whole_installation_is_whole(proof: Evidence) -> None:
    assert run() == ("Everything is whole.\n", False)


def test_a_changed_file_is_named_once_though_it_serves_twice(proof: Evidence) -> None:
    Path(proof.file.path).write_bytes(b"x")
    words = f"evidence {proof.pk}: the file “anh.jpg” ({proof.file.name}) is not what was handed in.\n"
    assert run() == (words, True)


def test_a_missing_file_is_named(proof: Evidence) -> None:
    document = PlanDocument.objects.get()
    Path(document.file.path).unlink()
    words = f"document of a plan {document.pk}: the file “ke-hoach.txt” ({document.file.name}) is missing or can't be"
    assert run() == (f"{words} read.\n", True)


def test_a_unit_without_the_one_above_is_named(proof: Evidence, cast: Cast) -> None:
    Unit.objects.filter(pk=cast.commune.pk).update(path="0009ABCD0001")
    printed, failed = run()
    assert failed
    assert f"Unit {cast.commune.pk} has no unit above it." in printed


def test_a_forged_row_of_the_log_is_named(proof: Evidence, cast: Cast) -> None:
    forged = {"previous_hash": "0" * 64, "hash": "f" * 64, "at": clock.now(), "action": "confirmed"}
    event = AuditEvent.objects.create(actor=cast.leader, **forged)
    assert run() == (f"Row {event.pk} of the audit log was changed, or one before it is missing.\n", True)


@pytest.mark.postgresql
def test_doubled_rows_are_named(proof: Evidence, cast: Cast) -> None:
    """The database forbids doubles: they come in past it, as from a botched restore."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run python3 start.py check")
    for model, name in ((Notice, "notice_once"), (Deadline, "deadline_once")):
        constraint = next(c for c in model._meta.constraints if c.name == name)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, constraint)
    row = proof.deadline
    told = {"recipient": cast.secretary, "deadline": row, "kind": "overdue", "created_at": clock.now()}
    for _time in range(2):
        Notice.objects.create(day=clock.today(), **told)
    same = {"schedule": row.schedule, "solution": row.solution, "plan": row.plan, "unit": row.unit}
    Deadline.objects.create(**same, occurrence=row.occurrence)
    printed, failed = run()
    assert (failed, printed.splitlines()) == (
        True,
        [
            f"The occurrence once of schedule {row.schedule_id} stands 2 times for unit {row.unit_id}.",
            f"A notice (overdue) about deadline {row.pk} to person {cast.secretary.pk} stands 2 times.",
        ],
    )
