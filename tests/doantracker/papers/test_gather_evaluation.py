"""Tables of evaluations as papers: the scores of their pages, who sees and makes them, what is logged."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.gather.evaluation import exact
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Cell, shown
from doantracker.papers.sources import gathered
from reviews.actions.evaluations import decide_scores, lock_round, reopen_round
from reviews.actions.ratings import rate_year
from reviews.models import EvaluationRound
from reviews.templatetags.marks import mark
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.told import assert_all_tell_the_same, taken
from tests.evaluation_scene import BODY, Committee, committee
from tests.factories import AppointmentFactory, UserFactory, make_deadline, make_published_plan
from units.models import Appointment, AuditEvent, User
from units.models.audit import AuditAction
from units.permissions import Permission

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["committee"]
TODAY = dt.date(2026, 3, 16)


def month(row: EvaluationRound) -> str:
    return f"round={row.pk}"


def year(cast: Cast, number: int = 2026) -> str:
    return f"unit={cast.province.pk}&body={BODY}&year={number}"


def prepared(cast: Cast, subject: str) -> OfficialPaper:
    return prepare_paper(kind="evaluation", subject=subject, by=cast.office_staff)


def decided(committee: Committee, score: str, reason: str) -> EvaluationRound:
    """Decide another score than the proposed one about the member, as the leader is a member too, and lock."""
    row = committee.to_decision(shortcoming="Chậm báo cáo")
    scores = {e.pk: (e.proposed or Decimal(0), "") for e in row.evaluations.all()}
    scores[committee.of(row, committee.member).pk] = (Decimal(score), reason)
    return decide_scores(row=row, scores=scores, by=committee.cast.leader, version=row.version)


def locked(committee: Committee) -> EvaluationRound:
    row = decided(committee, "62.73", "Chưa sâu sát cơ sở.")
    return lock_round(row=row, by=committee.cast.leader, version=row.version)


def rows_of(row: OfficialPaper, table: int = 0) -> dict[Any, tuple[Cell, ...]]:
    """Return the lines of a table by the name in it, without number and name."""
    return {line[1]: line[2:] for line in row.paper.tables[table].rows}


def test_a_locked_month_tells_self_proposed_and_decided_scores(committee: Committee) -> None:
    row = prepared(committee.cast, month(locked(committee)))
    paper = row.paper
    assert (paper.kind, paper.landscape, row.right) == ("BC", False, Permission.VIEW_EVALUATIONS)
    assert paper.abstract == "Kết quả đánh giá, chấm điểm tháng 2/2026 đối với ủy viên Ban Thường vụ Tỉnh đoàn"
    assert paper.recipients == ("Lưu VT",)  # signed for the committee, which does not report to itself
    assert paper.paragraphs["opening"].endswith("(ngày 16 tháng 3 năm 2026), chi tiết tại Phụ lục 1 và Phụ lục 2.")
    found = rows_of(row)
    assert found["Lê Ủy Viên"] == (
        committee.post.title, TODAY, Decimal(90), Decimal(80), Decimal("62.73"), "Chưa sâu sát cơ sở.",
    )  # fmt: skip
    assert found["Phan Đồng Nghiệp"][2:5] == (Decimal(90),) * 3
    assert [shown(cell) for cell in rows_of(row, 1)["Lê Ủy Viên"]] == ["", "", "", "16", "80"]


def test_before_the_decision_is_locked_no_paper_tells_it(committee: Committee) -> None:
    """The one it is about may read the paper too, and sees it only once it is locked."""
    row = prepared(committee.cast, month(decided(committee, "62.73", "LYDOKIN")))
    assert row.paper.abstract.startswith("Đề nghị đánh giá")
    assert {line[4:] for line in rows_of(row).values()} == {(None, "")}
    assert "LYDOKIN" not in str(row.gathered)
    assert "62.73" not in str(row.gathered)


@pytest.mark.parametrize("step", ["open", "to_opinions"])
def test_no_paper_tells_scores_that_are_not_before_their_meeting(
    committee: Committee, step: str, login: Login
) -> None:
    row = getattr(committee, step)()
    with pytest.raises(Http404):
        prepared(committee.cast, month(row))
    page = login(committee.cast.office_staff).get(row.get_absolute_url())
    assert reverse("papers:prepare", args=["evaluation"]) not in page.text


def test_the_paper_tells_the_scores_of_its_page(committee: Committee, login: Login) -> None:
    plan = make_published_plan(committee.cast.province)
    make_deadline(committee.cast.province, plan=plan, due_on=dt.date(2026, 2, 20))  # owed by who heads the unit
    row = locked(committee)
    page = login(committee.cast.office_staff).get(row.get_absolute_url())
    paper = prepared(committee.cast, month(row))
    assert f"{reverse('papers:prepare', args=['evaluation'])}?{month(row)}" in page.text
    for sheet in page.context["sheets"]:
        seen = sheet.evaluation
        told = [shown(cell) for cell in rows_of(paper)[seen.person.full_name]]
        assert told[3:] == [mark(seen.proposed), mark(seen.decided), seen.reason]
        points = [shown(cell) for cell in rows_of(paper, 1)[seen.person.full_name]]
        assert points == [mark(line.points) for line in sheet.lines] + [mark(sheet.total)]


def test_a_year_tells_months_means_and_ratings_of_its_page(committee: Committee, login: Login) -> None:
    locked(committee)
    facts: dict[str, Any] = {"unit": committee.cast.province, "body": BODY, "year": 2026, "person": committee.member}
    rate_year(level="rated_not_done", reason="Theo kết luận.", by=committee.cast.leader, **facts)
    page = login(committee.cast.office_staff).get(reverse("reviews:evaluation_year"))
    assert reverse("papers:prepare", args=["evaluation"]) in page.text
    row = prepared(committee.cast, year(committee.cast))
    assert row.paper.abstract == "Kết quả đánh giá, xếp loại năm 2026 đối với ủy viên Ban Thường vụ Tỉnh đoàn"
    ratings, months = rows_of(row), rows_of(row, 1)
    assert ratings["Lê Ủy Viên"] == (
        1, Decimal("62.7"), "Hoàn thành nhiệm vụ", "Không hoàn thành nhiệm vụ", "Theo kết luận.",
    )  # fmt: skip
    for shown_row in page.context["rows"]:
        line = shown_row["line"]
        told = [shown(cell) for cell in months[line.person.full_name]]
        assert told == [mark(score) for score in shown_row["cells"]] + [mark(line.mean)]


@pytest.mark.parametrize("which", ["month", "year"])
def test_every_form_tells_the_same(committee: Committee, login: Login, which: str) -> None:
    row = locked(committee)
    subject = month(row) if which == "month" else year(committee.cast)
    assert_all_tell_the_same(login(committee.cast.office_staff), prepared(committee.cast, subject))


# --- who makes, sees and reads it ---


def test_the_office_makes_it_the_leader_reads_it_and_others_see_nothing(committee: Committee, login: Login) -> None:
    cast = committee.cast
    row = prepared(cast, month(locked(committee)))
    pages = [row.get_absolute_url(), *(reverse("papers:download", args=[row.pk, f]) for f in ("docx", "pdf", "xlsx"))]
    leader = login(cast.leader)
    assert [leader.get(page).status_code for page in pages] == [200] * 4
    for act in ("edit", "again", "number"):
        assert leader.get(reverse(f"papers:{act}", args=[row.pk])).status_code == 404
    others = [getattr(cast, n) for n in ("secretary", "department_head", "reader", "administrator", "outsider")]
    for person in (*others, committee.member, committee.colleague):
        client = login(person)
        assert {client.get(page).status_code for page in pages} == {404}
        assert row.title not in client.get(reverse("papers:papers")).text
    for person in (*others, cast.leader, committee.member):
        with pytest.raises(Http404):
            prepare_paper(kind="evaluation", subject=row.subject, by=person)


def test_who_runs_plans_without_the_right_to_evaluations_neither_makes_nor_sees_it(
    committee: Committee, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = prepared(committee.cast, month(locked(committee)))
    held = User.may
    lacking = lambda user, right, unit=None: right != Permission.VIEW_EVALUATIONS and held(user, right, unit)  # noqa: E731
    monkeypatch.setattr(User, "may", lacking)
    with pytest.raises(Http404):
        prepared(committee.cast, row.subject)
    assert login(committee.cast.office_staff).get(reverse("papers:edit", args=[row.pk])).status_code == 404


def test_a_secretary_who_runs_the_plans_of_the_unit_sees_no_paper_of_evaluations(
    committee: Committee, login: Login
) -> None:
    row = prepared(committee.cast, month(locked(committee)))
    OfficialPaper.objects.filter(pk=row.pk).update(unit=committee.cast.district)
    client = login(committee.cast.secretary)
    pages = (row.get_absolute_url(), *(reverse(f"papers:{act}", args=[row.pk]) for act in ("edit", "again", "number")))
    assert {client.get(page).status_code for page in pages} == {404}
    OfficialPaper.objects.filter(pk=row.pk).update(right=Permission.MANAGE_PLANS)
    assert client.get(row.get_absolute_url()).status_code == 200  # it is the right that kept it from them


def test_who_loses_the_right_loses_the_kept_paper(committee: Committee, login: Login) -> None:
    row = prepared(committee.cast, month(locked(committee)))
    author = committee.cast.office_staff
    Appointment.objects.filter(user=author).update(end=TODAY - dt.timedelta(days=1))
    client = login(User.objects.get(pk=author.pk))
    for page in (row.get_absolute_url(), reverse("papers:download", args=[row.pk, "docx"])):
        assert client.get(page).status_code in {302, 404}
    assert not OfficialPaper.objects.visible_to(User.objects.get(pk=author.pk)).exists()


def test_whoever_reads_the_preview_the_paper_or_a_file_is_logged(committee: Committee, login: Login) -> None:
    row, cast = locked(committee), committee.cast
    reads = AuditEvent.objects.filter(action=AuditAction.EVALUATION_READ)
    client, preview = login(cast.leader), f"{reverse('papers:prepare', args=['evaluation'])}?{month(row)}"
    paper, reads_before = prepared(cast, month(row)), reads.count()
    assert client.get(preview).status_code == 404
    assert reads.count() == reads_before
    others = sorted(row.evaluations.exclude(person=cast.leader).values_list("pk", flat=True))
    client.get(paper.get_absolute_url())
    taken(client, paper, "pdf")
    assert [(r.actor, r.object_label, r.data) for r in reads.order_by("pk")] == [
        (cast.leader, "Ban Thường vụ, 02/2026", {"evaluations": others})
    ] * 2
    office = login(cast.office_staff)
    pages = [preview, *(reverse(f"papers:{act}", args=[paper.pk]) for act in ("edit", "again"))]
    assert [office.get(page).status_code for page in pages] == [200] * 3
    everybody = {"evaluations": sorted(row.evaluations.values_list("pk", flat=True))}
    assert [r.data for r in reads.filter(actor=cast.office_staff)] == [everybody] * 3


def test_a_paper_of_a_month_opened_again_is_kept_and_its_reading_logged(committee: Committee, login: Login) -> None:
    row = locked(committee)
    paper = prepared(committee.cast, month(row))
    reopen_round(row=row, by=committee.cast.leader, version=row.version, reason="Nhầm điểm.")
    client = login(committee.cast.office_staff)
    assert "62,73" in client.get(paper.get_absolute_url()).text
    again = client.get(reverse("papers:again", args=[paper.pk]))
    assert any("62,73" in change.before for change in again.context["found"].changes)
    assert (
        AuditEvent.objects.filter(action=AuditAction.EVALUATION_READ, actor=committee.cast.office_staff).count() == 2
    )


def test_the_reading_of_a_year_is_logged_as_its_page_does(committee: Committee, login: Login) -> None:
    locked(committee)
    paper = prepared(committee.cast, year(committee.cast))
    login(committee.cast.office_staff).get(paper.get_absolute_url())
    read = AuditEvent.objects.get(action=AuditAction.EVALUATION_READ)
    assert (read.object_label, len(read.data["evaluations"])) == ("Ban Thường vụ, 2026", 3)


@pytest.mark.parametrize(
    "wrong", ["", "round=0", "round=x", "unit={unit}&body=bch&year=2026", "unit={unit}&body={body}&year=2025",
              "unit={unit}&body={body}&year=x", "unit=0&body={body}&year=2026", "body={body}&year=2026"]
)  # fmt: skip
def test_nonsense_is_not_found(committee: Committee, wrong: str) -> None:
    locked(committee)
    with pytest.raises(Http404):
        prepared(committee.cast, wrong.format(unit=committee.cast.province.pk, body=BODY))


@pytest.mark.parametrize(("number", "told"), [("80.00", "80"), ("62.70", "62,7"), ("100.00", "100"), ("0.00", "0")])
def test_scores_stand_without_zeros_after_them(number: str, told: str) -> None:
    assert shown(exact(Decimal(number))) == told == mark(Decimal(number))


@pytest.mark.parametrize("members", [0, 5])
def test_gathering_costs_the_same_for_few_and_many_members(
    committee: Committee, members: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(members):
        AppointmentFactory(user=UserFactory(), post=committee.post)
    row = committee.to_locked()
    who = User.objects.get(pk=committee.cast.office_staff.pk)
    assert who.posts
    with django_assert_num_queries(9):
        gathered("evaluation", month(row), who, TODAY)
    with django_assert_num_queries(6):
        gathered("evaluation", year(committee.cast), who, TODAY)
