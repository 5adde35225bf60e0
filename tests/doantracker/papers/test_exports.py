"""Large files: asked for, written by the job, kept for a day, seen by nobody else."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.http import Http404
from django.urls import reverse
from openpyxl import load_workbook

from doantracker.lib import clock
from doantracker.papers.actions import exports as actions
from doantracker.papers.actions.exports import ask_export, drop_expired, to_write, write_export
from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.enums import ExportKind, ExportState
from doantracker.papers.gather.deadlines import COLUMNS, deadline_rows
from doantracker.papers.jobs import write_exports
from doantracker.papers.models import Export
from plans.models import ChasingLetter, Deadline, Evidence, Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import SolutionFactory, make_deadline, make_published_plan
from tests.planting import shut
from units.models import Appointment, AuditEvent

pytestmark = pytest.mark.usefixtures("today")


def ready(export: Export) -> Export:
    write_export(export=export)
    export.refresh_from_db()
    return export


def test_an_export_holds_what_its_author_sees_and_the_filter_asks(cast: Cast) -> None:
    plan = make_published_plan(cast.province, symbol="12-KH/TĐTN")
    own = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    make_deadline(cast.other_district, plan=plan, due_on=dt.date(2026, 3, 10))
    export = ready(ask_export(query=f"plan={plan.pk}", by=cast.commune_secretary))
    assert (export.state, export.rows, export.written) == (ExportState.READY, 1, 1)
    with export.file.open("rb") as file:
        sheet = load_workbook(io.BytesIO(file.read())).active
    assert [cell.value for cell in sheet[2]][:4] == [own.pk, "Đoàn xã An Hòa", "ST-BM-AH", "12-KH/TĐTN"]
    assert sheet.max_row == 2


def test_a_plan_without_a_number_is_named_by_its_title(cast: Cast) -> None:
    plan = make_published_plan(cast.province, symbol="", title=f"Kế hoạch {'ra quân ' * 20}")
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    (row,) = deadline_rows(Deadline.objects.filter(plan=plan), dt.date(2026, 3, 16))
    assert row[3] == f"Kế hoạch {'ra quân ' * 8}ra …"


def test_a_file_is_written_once_however_often_the_job_runs(cast: Cast) -> None:
    export = ready(ask_export(query="", by=cast.office_staff))
    name = export.file.name
    assert ready(export).file.name == name


def test_the_page_shows_how_far_it_is_and_then_the_file(cast: Cast, login: Login) -> None:
    client = login(cast.office_staff)
    export = ask_export(query="", by=cast.office_staff)
    waiting = client.get(export.get_absolute_url())
    assert (waiting["Refresh"], waiting.context["waits"]) == ("3", True)
    assert client.get(reverse("papers:export_file", args=[export.pk])).status_code == 404
    ready(export)
    assert "Refresh" not in client.get(export.get_absolute_url())
    sent = client.get(reverse("papers:export_file", args=[export.pk]))
    assert sent.status_code == 200
    shut(sent)
    assert AuditEvent.objects.filter(object_type="export", action="downloaded").count() == 1


@pytest.mark.parametrize("who", ["leader", "second_office_staff", "administrator", "outsider"])
def test_nobody_else_sees_an_export(cast: Cast, login: Login, who: str) -> None:
    export = ready(ask_export(query="", by=cast.office_staff))
    client = login(getattr(cast, who))
    assert client.get(export.get_absolute_url()).status_code == 404
    assert client.get(reverse("papers:export_file", args=[export.pk])).status_code == 404


def test_after_a_day_it_is_gone(cast: Cast, login: Login) -> None:
    export = ready(ask_export(query="", by=cast.office_staff))
    storage, name = export.file.storage, export.file.name
    with time_machine.travel(dt.datetime(2026, 3, 17, 2, 1, tzinfo=dt.UTC), tick=False):
        assert login(cast.office_staff).get(export.get_absolute_url()).status_code == 404
        assert drop_expired() == 1
    assert not storage.exists(str(name))


def test_the_archive_of_a_plan_holds_its_log_and_verifies(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    query = f"plan={plan.pk}"
    export = ready(ask_export(query=query, by=cast.office_staff, kind=ExportKind.ARCHIVE))
    with export.file.open("rb") as file:
        names = ZipFile(io.BytesIO(file.read())).namelist()
    assert names == [
        "00-tong-hop/noi-dung-theo-doi.xlsx",
        "04-nhat-ky/nhat-ky.csv",
        "DOC-TRUOC.txt",
        "muc-luc.csv",
        "SHA256SUMS",
    ]


def archived(plan: Plan, cast: Cast) -> ZipFile:
    export = ready(ask_export(query=f"plan={plan.pk}", by=cast.office_staff, kind=ExportKind.ARCHIVE))
    with export.file.open("rb") as file:
        return ZipFile(io.BytesIO(file.read()))


def test_the_archive_holds_the_work_owed_and_says_how_to_verify_it(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    own = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    archive = archived(plan, cast)
    sheet = load_workbook(io.BytesIO(archive.read("00-tong-hop/noi-dung-theo-doi.xlsx"))).active
    assert [cell.value for cell in sheet[1]] == [column.name for column in COLUMNS]
    assert [cell.value for cell in sheet[2]][:3] == [own.pk, "Đoàn xã An Hòa", "ST-BM-AH"]
    words = archive.read("DOC-TRUOC.txt").decode("utf-8-sig")
    assert "certutil -hashfile" in words
    assert "sha256sum -c SHA256SUMS" in words
    told = [line.partition(":")[0] for line in words.splitlines() if line.startswith("- 0")]
    assert told == ["- 00-tong-hop", "- 04-nhat-ky"]


def test_the_archive_holds_every_paper_about_the_plan_and_none_of_another(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    paper = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    letter = ChasingLetter.objects.create(
        plan=plan, answer_by=dt.date(2026, 3, 20), text="", prepared_by=cast.office_staff, prepared_at=clock.now()
    )
    subjects = (f"unit=3&plan={plan.pk}", f"plan={plan.pk}&schedule=4", f"letter={letter.pk}")
    others = (f"plan={plan.pk}0", f"myplan={plan.pk}", f"letter={letter.pk}0", f"letter={letter.pk}&x=1")
    for subject in (*subjects, *others):
        paper.pk, paper.subject, paper.form_key = None, subject, subject
        paper.save(force_insert=True)
    archive = archived(plan, cast)
    names = [name for name in archive.namelist() if name.startswith("05-ban-nhap/")]
    assert len(names) == 1 + len(subjects)
    assert "\r\n- 05-ban-nhap: bản nháp chưa có số" in archive.read("DOC-TRUOC.txt").decode("utf-8-sig")


def test_evidence_lies_in_folders_that_name_solution_and_unit(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    owed = make_deadline(cast.commune, plan=plan, solution=SolutionFactory(plan=plan, ordinal=7))
    proof = Evidence(
        deadline=owed,
        added_by=cast.secretary,
        added_at=clock.now(),
        original_name="bien-ban.pdf",
        size=3,
        sha256="0" * 64,
    )
    proof.file.save("x.pdf", ContentFile(b"abc"), save=False)
    proof.save()
    assert f"03-minh-chung/007-Doan-xa-An-Hoa-{owed.pk}/bien-ban.pdf" in archived(plan, cast).namelist()


def test_files_of_an_archive_are_counted_as_files(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    export = ready(ask_export(query=f"plan={plan.pk}", by=cast.office_staff, kind=ExportKind.ARCHIVE))
    with export.file.open("rb") as file:
        assert len(ZipFile(io.BytesIO(file.read())).namelist()) == 5
    assert "5 tệp, kể cả mục lục và tệp mã kiểm tra." in login(cast.office_staff).get(export.get_absolute_url()).text


def test_only_who_runs_the_plan_takes_its_archive(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    export = ask_export(query=f"plan={plan.pk}", by=cast.leader, kind=ExportKind.ARCHIVE)
    with pytest.raises(Http404):
        write_export(export=export)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED
    assert login(cast.leader).get(reverse("papers:archive_new", args=[plan.pk])).status_code == 404


def test_two_workers_write_one_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ask_export(query="", by=cast.office_staff)
    begun: list[int] = []

    def meanwhile(row: Export, *_rest: Any) -> str:
        """Let the second worker come while the first writes."""
        begun.append(row.pk)
        if len(begun) == 1:
            write_export(export=Export.objects.get(pk=row.pk))
        return "xlsx"

    monkeypatch.setitem(actions.WRITERS, ExportKind.DEADLINES, meanwhile)
    assert ready(export).state == ExportState.READY
    assert begun == [export.pk]


def test_what_a_killed_worker_began_is_taken_up_again(cast: Cast) -> None:
    export = ask_export(query="", by=cast.office_staff)
    now = clock.now()
    Export.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, taken_at=now, written=2000)
    assert ready(export).state == ExportState.RUNNING
    Export.objects.filter(pk=export.pk).update(taken_at=now - actions.LEASE - dt.timedelta(seconds=1))
    assert list(to_write()) == [export]
    write_exports()
    export.refresh_from_db()
    assert export.state == ExportState.READY


def test_a_worker_thought_dead_that_ends_after_all_leaves_no_second_file(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ask_export(query="", by=cast.office_staff)

    def slow(row: Export, *_rest: Any) -> str:
        """Be so slow that another worker took the export up and finished it."""
        facts = {"state": ExportState.READY, "file": "exports/2026/03/other.xlsx"}
        Export.objects.filter(pk=row.pk).update(**facts)
        return "xlsx"

    monkeypatch.setitem(actions.WRITERS, ExportKind.DEADLINES, slow)
    write_export(export=export)
    assert not export.file
    assert Export.objects.get().file.name == "exports/2026/03/other.xlsx"


def test_one_that_fails_does_not_keep_the_others_waiting(cast: Cast) -> None:
    bad = ask_export(query="plan=0", by=cast.office_staff, kind=ExportKind.ARCHIVE)
    good = ask_export(query="", by=cast.office_staff)
    write_exports()
    states = dict(Export.objects.values_list("pk", "state"))
    assert states == {bad.pk: ExportState.FAILED, good.pk: ExportState.READY}


def test_the_page_is_told_how_many_rows_are_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_published_plan(cast.province)
    for _n in range(5):
        make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    monkeypatch.setattr(actions, "CHUNK", 2)
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(actions, "write_xlsx", lambda _file, sheets: _watch(sheets, seen))
    ready(ask_export(query="", by=cast.office_staff))
    assert seen == [(5, 0), (5, 0), (5, 2), (5, 2), (5, 4)]


def _watch(sheets: Any, seen: list[tuple[int, int]]) -> None:
    for _name, _columns, rows in sheets:
        for _row in rows:
            seen.append(Export.objects.values_list("rows", "written")[0])  # noqa: PERF401  # after each row


def test_a_long_paper_is_written_by_a_job(cast: Cast, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doantracker.papers.views.papers.ROWS_AT_ONCE", 0)
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 10))
    paper = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    client = login(cast.office_staff)
    asked = client.get(reverse("papers:download", args=[paper.pk, "pdf"]))
    assert asked["Location"] == reverse("papers:export_paper", args=[paper.pk, "pdf"])
    page = client.get(asked["Location"])
    made = client.post(asked["Location"], {"form_key": page.context["key"]})
    export = ready(Export.objects.get())
    assert (made["Location"], export.rows) == (export.get_absolute_url(), paper.rows_told)
    with export.file.open("rb") as file:
        assert file.read(5) == b"%PDF-"


def test_a_filter_too_long_to_be_kept_is_refused_and_not_cut(cast: Cast, login: Login) -> None:
    address = reverse("papers:export_new") + "?" + "&".join(f"unit={n}" for n in range(400))
    answer = login(cast.office_staff).post(address)
    assert answer.status_code == 422
    assert "Bộ lọc quá dài." in answer.text
    assert not Export.objects.exists()


def test_who_lost_a_post_since_takes_no_table_along(cast: Cast, login: Login) -> None:
    export = ready(ask_export(query="", by=cast.commune_secretary))
    client = login(cast.commune_secretary)
    sent = client.get(reverse("papers:export_file", args=[export.pk]))
    assert sent.status_code == 200
    shut(sent)
    Appointment.objects.filter(user=cast.commune_secretary).update(end=dt.date(2026, 3, 15))
    assert client.get(reverse("papers:export_file", args=[export.pk])).status_code == 404


def test_the_same_form_twice_at_once_makes_one_export(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask_export(query="", by=cast.office_staff, key="k" * 20)
    answers = iter([None, first])
    monkeypatch.setattr("doantracker.papers.actions.exports.made_before", lambda *_args, **_more: next(answers))
    assert ask_export(query="", by=cast.office_staff, key="k" * 20) == first
    assert Export.objects.count() == 1


def test_a_person_has_only_some_files_written_at_once(cast: Cast, login: Login) -> None:
    for _n in range(5):
        ask_export(query="", by=cast.office_staff)
    answer = login(cast.office_staff).post(reverse("papers:export_new"))
    assert (answer.status_code, Export.objects.count()) == (422, 5)


@pytest.mark.parametrize("year", ["abcd", "1999", "\0", "20261"])
def test_an_archive_is_asked_of_the_years_offered_only(cast: Cast, login: Login, year: str) -> None:
    plan = make_published_plan(cast.province)
    answer = login(cast.office_staff).post(reverse("papers:archive_new", args=[plan.pk]), {"year": year})
    assert (answer.status_code, Export.objects.count()) == (404, 0)
