"""Pages of the ledger: the equation, marking origins, across years, one shortcoming, what is masked and logged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.ledger import merge, start_next_ledger
from plans.models import Plan, PlanDocument, Shortcoming, ShortcomingReview
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    ShortcomingFactory,
    SolutionFactory,
    make_deadline,
    make_ledger,
    make_published_plan,
    make_review,
)
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
LAST_YEAR = {"period_start": dt.date(2025, 1, 1), "period_end": dt.date(2025, 12, 31)}
MASK = "Khuyết điểm của cá nhân – không có quyền xem"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return this year's plan of the province, in which every district owes work."""
    plan = make_published_plan(cast.province, title="Kế hoạch khắc phục năm 2026")
    for unit in (cast.district, cast.other_district):
        make_deadline(unit, plan=plan, due_on=dt.date(2026, 3, 1))
    return plan


def of_a_person(plan: Plan, cast: Cast, **fields: Any) -> Shortcoming:
    """Make a shortcoming of the leader that names a district."""
    facts = {"subject": "person", "person": cast.leader, "text": "Hay đi họp muộn.", "cause": "Bận nhiều việc."}
    row: Shortcoming = ShortcomingFactory(plan=plan, **{"ordinal": 9, **facts, **fields})
    row.named_units.add(cast.district)
    return row


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    """Return the text of a page that answers."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- the ledger of one plan ---


def test_the_equation_is_printed_and_says_where_it_does_not_hold(cast: Cast, login: Login, plan: Plan) -> None:
    rows = make_ledger(plan, *["new"] * 5, *["carried_over"] * 2, "")
    client, address = login(cast.office_staff), reverse("plans:ledger", args=[plan.pk])
    text = client.get(address).text
    assert "5 + 2 − 0 ≠ 8" in text
    assert "của 1 khuyết điểm chưa có ai xác định" in text
    assert 'href="#origins"' in text
    sent = {f"origin-{r.pk}": r.origin or "carried_over" for r in rows}
    sent |= {f"seen-{r.pk}": r.origin for r in rows}
    assert client.post(address, sent).status_code == 302
    merge(shortcoming=rows[7], into=rows[0], by=cast.office_staff)
    text = client.get(address).text
    assert "5 + 3 − 1 = 7" in text
    assert "sổ khớp số" in text
    assert "nhập vào số 1" in text


def test_marking_says_when_somebody_was_quicker_and_refuses_nonsense(cast: Cast, login: Login, plan: Plan) -> None:
    (row,) = make_ledger(plan, "new")
    client, address = login(cast.office_staff), reverse("plans:ledger", args=[plan.pk])
    stale = client.post(address, {f"origin-{row.pk}": "carried_over", f"seen-{row.pk}": ""})
    assert (stale.status_code, stale.text.count('role="alert"')) == (409, 1)
    assert client.post(address, {f"origin-{row.pk}": "maybe", f"seen-{row.pk}": "new"}).status_code == 422
    assert Shortcoming.objects.get(pk=row.pk).origin == "new"


def test_a_row_shows_solutions_with_their_deadlines_and_the_latest_review(
    cast: Cast, login: Login, plan: Plan
) -> None:
    (row,) = make_ledger(plan, "new")
    row.solutions.set(plan.solutions.all())
    make_review(row, by=cast.office_staff, day=dt.date(2026, 2, 1), state="partly", review="Họp tháng 02")
    text = page(login(cast.office_staff), "plans:ledger", plan.pk)
    for words in ("giải pháp 1", "Đã xong 0/1", "1 quá hạn", "Họp tháng 02", "Đã khắc phục một phần"):
        assert words in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_ledger_of_a_plan_costs_the_same_for_any_number(
    cast: Cast, login: Login, plan: Plan, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for row in make_ledger(plan, *["new"] * rows):
        row.named_units.add(cast.district)
        row.solutions.set(plan.solutions.all())
        make_review(row, by=cast.office_staff, day=dt.date(2026, 2, 1), state="partly")
    client = login(cast.office_staff)
    page(client, "plans:ledger", plan.pk)
    with django_assert_num_queries(12):
        page(client, "plans:ledger", plan.pk)


# --- who sees what ---


def test_units_below_see_what_names_nobody_or_themselves(cast: Cast, login: Login, plan: Plan) -> None:
    general, theirs, others = make_ledger(plan, "new", "new", "new")
    theirs.named_units.add(cast.other_district)
    others.named_units.add(cast.district)
    for who, seen in (
        (cast.sibling_secretary, {general, theirs}),
        (cast.secretary, {general, others}),
        (cast.reader, {general, theirs, others}),
        (cast.outsider, set()),
    ):
        assert set(Shortcoming.objects.visible_to(who)) == seen
    client = login(cast.sibling_secretary)
    text = page(client, "plans:ledger", plan.pk)
    assert theirs.text in text
    assert others.text not in text
    assert "3 + 0" not in text  # the equation counts what they don't see
    assert client.get(others.get_absolute_url()).status_code == 404


def test_of_a_person_only_those_with_the_right_and_the_person_read(cast: Cast, login: Login, plan: Plan) -> None:
    row = of_a_person(plan, cast)
    make_review(row, by=cast.office_staff, day=dt.date(2026, 2, 1), note="Đã nhắc nhở riêng.", review="Họp kín")
    secret = [row.text, row.cause, cast.leader.full_name, "nhắc nhở riêng", "Họp kín"]
    places: list[tuple[str, list[Any]]] = [("plans:ledger", [plan.pk]), ("plans:shortcomings", [])]
    for who in (cast.reader, cast.department_head, cast.administrator):
        client = login(who)
        for name, args in [*places, ("plans:plan", [plan.pk])]:
            text = page(client, name, *args)
            assert MASK in text
            assert [word for word in secret[:2] + secret[3:] if word in text] == []
        assert client.get(row.get_absolute_url()).status_code == 404
        assert page(client, "plans:shortcomings", q="hop muon").count(MASK) == 0  # found by no word of it
        assert page(client, "plans:shortcomings", named=str(cast.district.pk)).count(MASK) == 0
    for who in (cast.office_staff, cast.leader):
        client = login(who)
        assert MASK not in page(client, "plans:shortcomings")
        assert client.get(row.get_absolute_url()).status_code == 200
        assert row.text in page(client, "plans:shortcomings", q="hop muon")


def test_the_person_reads_the_own_one_without_seeing_the_plan(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    row = of_a_person(plan, cast, person=cast.outsider)
    client = login(cast.outsider)
    text = page(client, "plans:shortcoming", row.pk)
    assert row.text in text
    assert plan.title not in text
    assert client.get(reverse("plans:ledger", args=[plan.pk])).status_code == 404


def test_the_counts_stay_for_who_sees_a_mask(cast: Cast, login: Login, plan: Plan) -> None:
    of_a_person(plan, cast, origin="new")
    assert "1 + 0 − 0 = 1" in page(login(cast.reader), "plans:ledger", plan.pk)


def test_reading_of_a_person_is_logged_once_a_request(cast: Cast, login: Login, plan: Plan) -> None:
    row, other = of_a_person(plan, cast), of_a_person(plan, cast, ordinal=10)
    client, log = login(cast.office_staff), AuditEvent.objects.filter(action="read_sensitive")
    names: list[tuple[str, list[Any], list[int]]] = [
        ("plans:ledger", [plan.pk], [row.pk, other.pk]),
        ("plans:plan", [plan.pk], [row.pk, other.pk]),
        ("plans:shortcomings", [], [row.pk, other.pk]),
        ("plans:shortcoming", [row.pk], [row.pk]),
    ]
    for number, (name, args, read) in enumerate(names, start=1):
        page(client, name, *args)
        assert (log.count(), log.latest("pk").data, log.latest("pk").actor) == (
            number, {"shortcomings": read}, cast.office_staff,
        )  # fmt: skip
    page(login(cast.reader), "plans:ledger", plan.pk)
    assert log.count() == len(names)
    assert row.text not in page(login(cast.reader), "plans:plan", plan.pk, view="history")


def test_history_hides_what_became_of_a_person_later(cast: Cast, login: Login, plan: Plan) -> None:
    (row,) = make_ledger(plan, "")
    sent = {f"origin-{row.pk}": "new", f"seen-{row.pk}": ""}
    login(cast.office_staff).post(reverse("plans:ledger", args=[plan.pk]), sent)
    assert row.text in page(login(cast.reader), "plans:plan", plan.pk, view="history")
    Shortcoming.objects.filter(pk=row.pk).update(subject="person")
    assert row.text not in page(login(cast.reader), "plans:plan", plan.pk, view="history")


def with_document(plan: Plan, *texts: str) -> None:
    """Give a plan the document that holds `texts`."""
    paragraphs = [{"text": t, "role": "item", "level": 1} for t in texts]
    facts: dict[str, Any] = {"size": 3, "sha256": "0" * 64, "original_name": "KH.txt"}
    document = PlanDocument(plan=plan, paragraphs=paragraphs, read_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), **facts)
    document.file.save("plan", ContentFile(b"abc"))


def test_paragraphs_and_file_are_left_to_those_who_read_every_shortcoming(
    cast: Cast, login: Login, plan: Plan
) -> None:
    with_document(plan, "KẾ HOẠCH", "Đồng chí Trần Lãnh Đạo hay đi họp muộn.", "Giải pháp: họp đúng giờ.")
    place = {"source_paragraph": 1, "source_start": 0, "source_end": 10}
    of_a_person(plan, cast, **place)
    address = reverse("plans:document", args=[plan.pk])
    for who, reads in ((cast.office_staff, True), (cast.reader, False), (cast.sibling_secretary, False)):
        client = login(who)
        text = page(client, "plans:plan", plan.pk, view="document")
        assert ("hay đi họp muộn" in text, address in text) == (reads, reads)
        assert "họp đúng giờ" in text
        answer: Any = client.get(address)
        assert answer.status_code == (200 if reads else 404)
        for close in answer._resource_closers:  # `close()` would also end the transaction
            close()
    assert AuditEvent.objects.filter(action="read_sensitive", actor=cast.office_staff).count() == 2


# --- across years ---


def test_years_are_counted_and_filtered(cast: Cast, login: Login, plan: Plan) -> None:
    old = make_published_plan(cast.province, title="Kế hoạch khắc phục năm 2025", **LAST_YEAR)
    done, same, _open = make_ledger(old, "new", "new", "new")
    make_review(done, by=cast.office_staff, day=dt.date(2025, 6, 1))
    merge(shortcoming=same, into=done, by=cast.office_staff)
    carried, fresh = make_ledger(plan, "carried_over", "", first=5)
    fresh.named_units.add(cast.district)
    client = login(cast.office_staff)
    answer = client.get(reverse("plans:shortcomings"))
    lines = [(y.year, str(y.equation), y.remedied, y.partly, y.open) for y in answer.context["years"]]
    assert lines == [(2026, "0 + 1 − 0 ≠ 2", 0, 0, 2), (2025, "3 + 0 − 1 = 2", 1, 0, 1)]

    def found(**query: str) -> list[int]:
        rows = client.get(reverse("plans:shortcomings"), query).context["rows"]
        return [line.row.pk for line in rows]

    assert found(year="2026") == [carried.pk, fresh.pk]
    assert found(origin="none") == [fresh.pk]
    assert found(origin="carried_over") == [carried.pk]
    assert found(state="remedied") == [done.pk]
    assert found(check="on") == [done.pk]
    assert found(named=str(cast.district.pk)) == [fresh.pk]
    assert found(unit=str(cast.district.pk)) == []
    assert found(q="khuyet diem so 5") == [carried.pk]
    assert found(merged="true") == [same.pk]
    assert found(year="abc") == []


@pytest.mark.parametrize("rows", [2, 40])
def test_the_list_across_years_costs_the_same_for_any_number(
    cast: Cast, login: Login, plan: Plan, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    old = make_published_plan(cast.province, **LAST_YEAR)
    for source in make_ledger(old, *["new"] * rows):
        ShortcomingFactory(plan=plan, ordinal=source.ordinal, carried_over_from=source)
        source.named_units.add(cast.district)
    client = login(cast.office_staff)
    page(client, "plans:shortcomings")
    with django_assert_num_queries(13):
        page(client, "plans:shortcomings")


# --- one shortcoming ---


def test_a_shortcoming_shows_its_lineage_both_ways(cast: Cast, login: Login, plan: Plan) -> None:
    old = make_published_plan(cast.province, title="Kế hoạch khắc phục năm 2025", **LAST_YEAR)
    (source,) = make_ledger(old, "new", origin_year=2024)
    draft = start_next_ledger(plan=old, by=cast.office_staff, year=2026)
    row = draft.shortcomings.get()
    client = login(cast.office_staff)
    assert f'href="{row.get_absolute_url()}"' in page(client, "plans:shortcoming", source.pk)
    text = page(client, "plans:shortcoming", row.pk)
    assert f'href="{source.get_absolute_url()}"' in text
    assert "phát hiện lần đầu năm 2024" in text


@pytest.mark.parametrize("years", [2, 12])
def test_lineage_costs_the_same_for_any_number_of_years(
    cast: Cast, login: Login, years: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = None
    for year in range(2026 - years, 2026):
        plan = make_published_plan(cast.province, period_start=dt.date(year, 1, 1), period_end=None)
        row = ShortcomingFactory(plan=plan, ordinal=1, carried_over_from=row)
        make_review(row, by=cast.office_staff, state="partly")
    assert row
    client = login(cast.office_staff)
    page(client, "plans:shortcoming", row.pk)
    with django_assert_num_queries(13):
        text = page(client, "plans:shortcoming", row.pk)
    assert text.count('class="now"') == 1
    assert text.count("/shortcomings/") >= years


def test_a_review_is_recorded_on_the_page(cast: Cast, login: Login, plan: Plan) -> None:
    (row,) = make_ledger(plan, "new")
    client, address = login(cast.office_staff), reverse("plans:shortcoming_review", args=[row.pk])
    said = {"day": "10/03/2026", "review": "Họp Ban Thường vụ", "document_number": "7-TB/TĐTN", "state": "remedied"}
    wrong = client.post(address, said | {"day": "99/03/2026", "version": "1"})
    assert (wrong.status_code, "Họp Ban Thường vụ" in wrong.text) == (422, True)
    assert client.post(address, said | {"version": "1"}).status_code == 302
    again = client.post(address, said | {"version": "1"})
    assert (again.status_code, ShortcomingReview.objects.count()) == (409, 1)
    assert 'value="2"' in again.text  # the next click means what the person sees now
    text = page(client, "plans:shortcoming", row.pk)
    assert "7-TB/TĐTN" in text
    assert "is_effectiveness_check" in text  # offered once it is remedied
    assert "10/03/2026" in page(client, "plans:ledger", plan.pk)


def test_an_earlier_one_is_looked_for_and_chosen(cast: Cast, login: Login, plan: Plan) -> None:
    old = make_published_plan(cast.province, **LAST_YEAR)
    source, other = make_ledger(old, "new", "new")
    (row,) = make_ledger(plan, "", first=5)
    client, address = login(cast.office_staff), reverse("plans:shortcoming_source", args=[row.pk])
    offered = client.get(address, {"q": "thử số 2"})
    assert (other.text in offered.text, source.text in offered.text) == (True, False)
    assert client.post(address, {"source": str(row.pk), "version": "1"}).status_code == 422
    assert client.post(f"{address}?q=thu", {"source": str(source.pk), "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.carried_over_from, row.origin_year) == (source, 2025)
    assert client.post(address, {"source": "none", "version": "2"}).status_code == 302
    row.refresh_from_db()
    assert row.carried_over_from is None


def test_two_are_merged_and_taken_apart_on_the_pages(cast: Cast, login: Login, plan: Plan) -> None:
    first, second = make_ledger(plan, "new", "carried_over")
    client = login(cast.office_staff)
    address = reverse("plans:shortcoming_merge", args=[second.pk])
    assert first.text in client.get(address).text
    assert client.post(address, {"into": str(first.pk), "version": "1"}).status_code == 302
    text = page(client, "plans:shortcoming", second.pk)
    assert reverse("plans:shortcoming_unmerge", args=[second.pk]) in text
    assert second.text in page(client, "plans:shortcoming", first.pk)
    undo = reverse("plans:shortcoming_unmerge", args=[second.pk])
    assert client.post(undo, {"version": "1"}).status_code == 409
    assert client.post(undo, {"version": "2"}).status_code == 302
    assert plan.shortcomings.listed().count() == 2


def test_the_next_year_is_started_from_the_ledger_once(cast: Cast, login: Login, plan: Plan) -> None:
    make_ledger(plan, "new", "new")
    client, address = login(cast.office_staff), reverse("plans:ledger_next", args=[plan.pk])
    assert 'value="2027"' in client.get(address).text
    sent = {"year": "2027", "title": "", "form_key": "k" * 22}
    first = client.post(address, sent)
    assert first.status_code == 302
    assert client.post(address, sent).headers["Location"] == first.headers["Location"]  # a double click
    draft = Plan.objects.get(status="draft")
    refusal = client.post(address, sent | {"form_key": "l" * 22})
    assert (refusal.status_code, reverse("plans:ledger", args=[draft.pk]) in refusal.text) == (422, True)
    assert client.post(address, sent | {"despite_draft": "on", "form_key": "m" * 22}).status_code == 302
    text = page(client, "plans:ledger", draft.pk)
    assert "0 + 2 − 0 = 2" in text
    assert text.count("từ năm 2026, số ") == 2


def test_a_plan_without_shortcomings_says_what_to_do(cast: Cast, login: Login, plan: Plan) -> None:
    assert "Kế hoạch này không nêu khuyết điểm nào" in page(login(cast.office_staff), "plans:ledger", plan.pk)
    SolutionFactory(plan=plan, ordinal=77)
    assert 'class="empty' in page(login(cast.office_staff), "plans:shortcomings")
