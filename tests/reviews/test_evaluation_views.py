"""Pages of the monthly evaluation: who is led where, who reads what, what is logged, fixed query counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviews.actions.evaluation_words import give_opinion
from reviews.actions.evaluations import ask_opinions
from reviews.enums import RoundState
from reviews.models import Evaluation, EvaluationRound, MonthShortcoming, ScoreCard, YearRating
from tests.cast import Cast
from tests.conftest import Login
from tests.evaluation_scene import BODY, Committee, committee
from tests.factories import AppointmentFactory, UserFactory, make_deadline, make_meeting, make_published_plan
from units.models import AuditEvent
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["committee"]
CARD = {
    "body": "executive_committee", "month": "04/2026", "version": "0", "form_key": "k",
    "name_1": "Khắc phục", "weight_1": "40", "kind_1": "remediation",
    "name_2": "Sáng kiến", "weight_2": "60", "kind_2": "judged",
}  # fmt: skip


# --- cards and months ---


def test_a_card_is_written_from_the_form_once_and_approved_by_a_leader(cast: Cast, login: Login) -> None:
    office, leader = login(cast.office_staff), login(cast.leader)
    refused = office.post("/evaluations/cards/new/", {**CARD, "weight_2": "59"})
    assert (refused.status_code, ScoreCard.objects.count()) == (422, 0)
    assert "99 %" in refused.text
    assert 'value="59"' in refused.text  # what was typed stays
    for _click in "ab":
        page = office.post("/evaluations/cards/new/", CARD)
    card = ScoreCard.objects.get()
    assert page["Location"] == card.get_absolute_url()
    assert [(c.name, c.weight, c.kind) for c in card.criteria.all()] == [
        ("Khắc phục", Decimal(40), "remediation"),
        ("Sáng kiến", Decimal(60), "judged"),
    ]
    changed = {**CARD, "version": "1", "weight_1": "39,5", "weight_2": "60,5"}
    assert office.post(f"{card.get_absolute_url()}edit/", changed).status_code == 302
    assert office.post(f"{card.get_absolute_url()}edit/", changed).status_code == 409
    assert leader.post(f"{card.get_absolute_url()}approve/", {"version": "2"}).status_code == 302
    assert office.post(f"{card.get_absolute_url()}edit/", {**changed, "version": "3"}).status_code == 422
    assert leader.post(f"{card.get_absolute_url()}approve/", {"version": "3"}).status_code == 422


def test_a_month_is_opened_from_the_form(committee: Committee, login: Login) -> None:
    office = login(committee.cast.office_staff)
    sent = {"body": BODY, "month": "02/2026", "self_by": "20/03/2026", "form_key": "k"}
    pages = [office.post("/evaluations/new/", sent) for _click in "ab"]
    row = EvaluationRound.objects.get()
    assert {page["Location"] for page in pages} == {row.get_absolute_url()}
    assert office.post("/evaluations/new/", {**sent, "form_key": "other"}).status_code == 422
    assert "Ban Thường vụ" in office.get(row.get_absolute_url()).text


# --- the member ---


def test_a_member_goes_from_the_list_to_the_self_score_in_two_clicks(committee: Committee, login: Login) -> None:
    row = committee.open()
    own, client = committee.of(row, committee.member), login(committee.member)
    address = reverse("reviews:evaluation_self", args=[own.pk])
    assert reverse("reviews:evaluations") in client.get(reverse("reviews:hub")).text
    assert address in client.get(reverse("reviews:evaluations")).text
    (judged,) = committee.judged
    sent = {f"mark_{judged.pk}": "61,37", "words": "Xong việc.", "shortcomings": "Một\n\nHai", "version": "1"}
    refused = client.post(address, {**sent, f"mark_{judged.pk}": "101"})
    assert refused.status_code == 422
    assert "Xong việc." in refused.text
    assert client.post(address, sent)["Location"] == own.get_absolute_url()
    assert [n.text for n in MonthShortcoming.objects.all()] == ["Một", "Hai"]
    stale = client.post(address, sent)
    assert (stale.status_code, 'value="2"' in stale.text) == (409, True)  # the next click means what is seen now
    page = client.get(own.get_absolute_url())
    assert "61,37" in page.text
    assert page["Cache-Control"] == "no-store"
    assert client.get(row.get_absolute_url())["Location"] == own.get_absolute_url()


def test_the_person_rated_reads_opinions_late_and_without_names_unless_the_card_says_so(
    committee: Committee, login: Login
) -> None:
    row = committee.to_opinions()
    own = committee.of(row, committee.member)
    said = "Cần GOPYRIENG hơn."
    give_opinion(evaluation=own, by=committee.colleague, words=said, shortcomings=["Chậm GOPYRIENG"])
    name, client = committee.colleague.full_name, login(committee.member)
    address = own.get_absolute_url()
    assert "GOPYRIENG" not in client.get(address).text  # while colleagues still speak
    office = login(committee.cast.office_staff).get(address).text
    assert (said in office, name in office) == (True, True)
    EvaluationRound.objects.update(
        state=RoundState.DECISION, meeting=make_meeting(committee.cast.province, by=committee.cast.leader)
    )
    page = client.get(address).text
    assert (said in page, "Chậm GOPYRIENG" in page, name in page) == (True, True, False)
    ScoreCard.objects.update(names_shown=True)
    assert name in client.get(address).text


def test_a_leader_who_is_rated_reads_no_names_either(committee: Committee, login: Login) -> None:
    row, cast = committee.to_opinions(), committee.cast
    own = committee.of(row, cast.leader)
    give_opinion(evaluation=own, by=committee.colleague, words="Cần sâu sát.")
    meeting = make_meeting(cast.province, by=cast.office_staff)
    EvaluationRound.objects.update(state=RoundState.DECISION, meeting=meeting)
    page = login(cast.leader).get(own.get_absolute_url()).text
    assert ("Cần sâu sát." in page, committee.colleague.full_name in page) == (True, False)


def test_a_colleague_speaks_and_sees_nothing_of_the_own_score(committee: Committee, login: Login) -> None:
    row = committee.to_opinions(mark="61.37")
    target = committee.of(row, committee.member)
    client, (judged,) = login(committee.colleague), committee.judged
    address = reverse("reviews:evaluation_opinion", args=[target.pk])
    pages = [client.get(reverse("reviews:evaluation_opinions", args=[row.pk])), client.get(address)]
    assert [committee.member.full_name in page.text for page in pages] == [True, True]
    assert not any("61,37" in page.text for page in pages)
    assert client.get(target.get_absolute_url()).status_code == 404
    assert client.post(address, {}).status_code == 422
    sent = {f"mark_{judged.pk}": "84,5", "words": "Tốt.", "shortcomings": ""}
    assert client.post(address, sent).status_code == 302
    assert "84,5" in client.get(address).text  # what was said before
    assert target.opinions.get().author == committee.colleague


# --- the sum behind a number, and what is logged ---


def test_every_computed_score_opens_to_its_terms(committee: Committee, login: Login) -> None:
    cast = committee.cast
    owed = make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=dt.date(2026, 2, 20))
    owed.solution.overseer = committee.member
    owed.solution.save()
    own = committee.of(committee.open(), committee.member)
    page = login(committee.member).get(own.get_absolute_url())
    (work,) = (line for line in page.context["sheet"].lines if line.criterion.kind == "work")
    assert [(t.deadline, t.piece.done, t.due_on) for t in work.terms] == [(owed.pk, False, dt.date(2026, 2, 20))]
    assert reverse("plans:deadline", args=[owed.pk]) in page.text
    assert "20/02/2026" in page.text


def test_who_reads_evaluations_of_others_is_logged_and_who_reads_the_own_is_not(
    committee: Committee, login: Login
) -> None:
    row = committee.open()
    own = committee.of(row, committee.member)
    reads = AuditEvent.objects.filter(action=AuditAction.EVALUATION_READ)
    login(committee.member).get(own.get_absolute_url())
    assert not reads.exists()
    login(committee.cast.office_staff).get(own.get_absolute_url())
    login(committee.cast.leader).get(row.get_absolute_url())
    everybody = sorted(row.evaluations.exclude(person=committee.cast.leader).values_list("pk", flat=True))
    assert [(r.actor, r.object_label, r.data) for r in reads.order_by("pk")] == [
        (committee.cast.office_staff, "Ban Thường vụ, 02/2026", {"evaluations": [own.pk]}),
        (committee.cast.leader, "Ban Thường vụ, 02/2026", {"evaluations": everybody}),
    ]


# --- office and leader ---


def test_from_opinions_to_the_locked_table(committee: Committee, login: Login) -> None:
    cast = committee.cast
    row = committee.to_opinions()
    office, leader, base = login(cast.office_staff), login(cast.leader), row.get_absolute_url()
    assert office.get(f"{base}meeting/").context["without_meeting"]
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    version = str(row.version)
    assert office.post(f"{base}meeting/", {"meeting": meeting.pk, "version": "1"}).status_code == 409
    assert office.post(f"{base}meeting/", {"meeting": meeting.pk, "version": version}).status_code == 302
    found = list(Evaluation.objects.order_by("pk"))
    assert {e.proposed for e in found} == {90}
    sent: dict[str, Any] = {"version": str(row.version + 1)}
    sent |= {f"score_{e.pk}": "90" for e in found} | {f"score_{found[-1].pk}": "85,5"}
    refused = leader.post(f"{base}decide/", sent)
    assert (refused.status_code, "85,5" in refused.text) == (422, True)
    assert f"điểm quyết định của {found[-1].person}" in refused.text
    too_much = leader.post(f"{base}decide/", {**sent, f"score_{found[0].pk}": "101"})
    assert (too_much.status_code, "Nhập số từ 0 đến 100." in too_much.text) == (422, True)
    sent[f"reason_{found[-1].pk}"] = "Vắng hai buổi họp."
    assert leader.post(f"{base}decide/", sent).status_code == 302
    lock = {"step": "lock", "version": str(row.version + 2)}
    assert office.post(f"{base}step/", lock).status_code == 404
    unchecked = leader.post(f"{base}step/", lock)
    assert (unchecked.status_code, "Tôi đã kiểm tra" in unchecked.text) == (422, True)
    assert leader.post(f"{base}step/", {**lock, "checked": "yes"}).status_code == 302
    page = office.get(base)
    assert ("85,5" in page.text, "Vắng hai buổi họp." in page.text) == (True, True)
    assert leader.post(f"{base}reopen/", {"version": str(row.version + 3), "reason": "Nhầm"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == (RoundState.DECISION, "Nhầm")


def test_the_rating_page_shows_why_and_about_oneself_takes_no_figures(committee: Committee, login: Login) -> None:
    committee.to_locked()
    cast = committee.cast
    leader = login(cast.leader)
    others, own = (
        reverse("reviews:evaluation_rate", args=[cast.province.pk, BODY, 2026, person.pk])
        for person in (committee.member, cast.leader)
    )
    page = leader.get(others)
    assert [m.name for m in page.context["line"].measures] == ["total", "done", "on_time", "beyond", "remedied"]
    assert page.context["line"].measures[0].asks[:2] == ((Decimal(90), False), (Decimal(70), True))
    assert "id_beyond" in page.text
    page = leader.get(own)
    proposed = page.context["line"].proposed.code
    assert "id_beyond" not in page.text
    sent = {"level": "rated_excellent", "beyond": "100", "version": "0"}
    assert leader.post(own, sent).status_code == 422
    assert leader.post(own, {**sent, "level": proposed}).status_code == 302  # what was typed counts for nothing
    assert YearRating.objects.get().beyond == 0


def test_the_meeting_is_after_the_month_and_the_next_one_is_chosen(committee: Committee, login: Login) -> None:
    row, office = committee.to_opinions(), committee.cast.office_staff
    days = (dt.date(2026, 2, 10), dt.date(2026, 3, 2), dt.date(2026, 3, 18), dt.date(2026, 3, 25))
    made = [make_meeting(committee.cast.province, by=office, day=day) for day in days]
    form = login(office).get(f"{row.get_absolute_url()}meeting/").context["form"]
    assert (list(form.meetings), form["meeting"].value()) == ([str(m.pk) for m in made[1:]], str(made[2].pk))


def test_opinions_are_asked_for_from_the_round_and_an_old_page_is_told(committee: Committee, login: Login) -> None:
    row = committee.open()
    office, step = login(committee.cast.office_staff), {"step": "opinions", "version": "1"}
    early = office.post(f"{row.get_absolute_url()}step/", step)
    assert (early.status_code, "chưa tự chấm điểm" in early.text) == (422, True)
    for own in row.evaluations.select_related("round__unit", "round__card", "person"):
        committee.score(own, "90")
    ask_opinions(row=row, by=committee.cast.office_staff, version=1)
    assert office.post(f"{row.get_absolute_url()}step/", step).status_code == 409


def test_shortcomings_of_last_month_are_settled_by_the_office(committee: Committee, login: Login) -> None:
    january = committee.open(month=dt.date(2026, 1, 1))
    committee.score(committee.of(january, committee.member), "80", shortcomings=["Chậm báo cáo"])
    row = committee.open()
    own, note = committee.of(row, committee.member), MonthShortcoming.objects.get()
    office, address = login(committee.cast.office_staff), reverse("reviews:evaluation_settle", args=[note.pk])
    assert address in office.get(own.get_absolute_url()).text
    assert address not in login(committee.member).get(own.get_absolute_url()).text
    assert login(committee.member).get(address).status_code == 404
    assert office.post(address, {"way": "yes"})["Location"] == own.get_absolute_url()
    note.refresh_from_db()
    assert (note.remedied, note.settled_by) == (True, committee.cast.office_staff)


def test_the_year_table_proposes_and_a_leader_rates(committee: Committee, login: Login) -> None:
    committee.to_locked()
    cast = committee.cast
    leader = login(cast.leader)
    address = reverse("reviews:evaluation_rate", args=[cast.province.pk, BODY, 2026, committee.member.pk])
    assert address in leader.get("/evaluations/year/").text
    sent = {"beyond": "35", "level": "rated_excellent", "reason": "", "version": "0"}
    assert leader.post(address, sent).status_code == 422
    done = leader.post(address, {**sent, "reason": "Nhân rộng mô hình."}, follow=True)
    assert done.status_code == 200
    (row,) = (r for r in done.context["rows"] if r["line"].person == committee.member)
    assert (row["line"].rated.level, row["cells"][1]) == ("rated_excellent", 80)
    assert done.context["too_many"]  # one of none rated good: a warning
    assert leader.post(address, {**sent, "reason": "x"}).status_code == 409
    foreign = f"/evaluations/year/?unit={cast.foreign_province.pk}&body={BODY}&year=2026"
    assert leader.get(foreign).status_code == 404
    assert (
        leader.get(reverse("reviews:evaluation_rate", args=[cast.province.pk, BODY, 2026, cast.reader.pk])).status_code
        == 404
    )


@pytest.mark.parametrize(("address", "queries"), [("list", 8), ("round", 14), ("year", 16)])
@pytest.mark.parametrize("more", [0, 6])
def test_pages_cost_the_same_for_few_and_many_members(
    committee: Committee,
    login: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
    more: int,
) -> None:
    for n in range(more):
        AppointmentFactory(user=UserFactory(full_name=f"Ủy viên {n}"), post=committee.post)
    if more:
        committee.open(month=dt.date(2026, 1, 1))
    row = committee.to_locked()
    client = login(committee.cast.office_staff)
    page = {"list": "/evaluations/", "round": row.get_absolute_url(), "year": "/evaluations/year/"}[address]
    client.get(page)
    logs = address != "list" and connection.vendor == "postgresql"  # the lock of the log's chain
    with django_assert_num_queries(queries + logs):
        client.get(page)


def test_nobody_but_members_and_those_with_the_right_learn_of_it(committee: Committee, login: Login) -> None:
    row, cast = committee.open(), committee.cast
    for who in (cast.administrator, cast.department_head, cast.reader, cast.secretary, cast.outsider):
        client = login(who)
        assert reverse("reviews:evaluations") not in client.get(reverse("reviews:hub")).text
        assert client.get(reverse("reviews:evaluations")).status_code == 404
        assert client.get(row.get_absolute_url()).status_code == 404
