"""Pages of a plan that was sent down: what the office counts, what a unit answers, what nobody else sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from plans.actions import cascade as acts
from plans.actions import own_plans
from plans.actions.cures import give_lead
from plans.actions.pilots import add_slot
from plans.actions.plans import publish_plan
from plans.enums import Deliverable, Status
from plans.errors import ActionRefused
from plans.models import CascadeAnswer, Deadline, PilotChoice, PilotSlot, Plan, PlanRecipient, Schedule, Solution
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_item, make_published_plan, make_recipient, make_unit
from units.models import UnitKind

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a published plan of the province with two items."""
    plan = make_published_plan(cast.province, title="Kế hoạch phát triển đoàn viên", symbol="20-KH/TĐTN")
    make_item(plan)
    make_item(plan, "Rà soát danh sách đoàn viên.", level="grassroots")
    return plan


@pytest.fixture
def row(cast: Cast, plan: Plan) -> PlanRecipient:
    """Return the district's copy of the plan."""
    return make_recipient(plan, cast.district, by=cast.office_staff, due_on=dt.date(2026, 3, 10))


def page_of(plan: Plan) -> str:
    return reverse("plans:cascade", args=[plan.pk])


def item_page(row: PlanRecipient, ordinal: int) -> str:
    return reverse("plans:cascade_item", args=[row.pk, row.plan.solutions.get(ordinal=ordinal).pk])


# --- sending ---


def test_the_number_of_units_is_shown_before_the_plan_is_sent(cast: Cast, login: Login, plan: Plan) -> None:
    office, address = login(cast.office_staff), reverse("plans:cascade_send", args=[plan.pk])
    sent = {"kinds": UnitKind.objects.get(code="district").pk, "due_on": "30/04/2026"}
    preview = office.post(address, sent)
    assert [u.code for u in preview.context["fresh"]] == ["ST-BM", "ST-CG"]
    assert not PlanRecipient.objects.exists()
    assert office.post(address, {**sent, "seen": 1}).context["fresh"]  # another number than was shown: shown again
    assert office.post(address, {**sent, "seen": 2}).status_code == 302
    assert set(plan.sent_to.values_list("due_on", flat=True)) == {dt.date(2026, 4, 30)}
    again = office.post(address, {**sent, "seen": 2})
    assert (again.status_code, PlanRecipient.objects.count()) == (422, 2)


@pytest.mark.parametrize("sent", [{}, {"due_on": "31/02/2026", "kinds": "9"}, {"units": "Không có"}])
def test_a_form_without_sense_comes_back(cast: Cast, login: Login, plan: Plan, sent: dict[str, str]) -> None:
    answer = login(cast.office_staff).post(reverse("plans:cascade_send", args=[plan.pk]), sent)
    assert answer.status_code == 422
    assert not PlanRecipient.objects.exists()


# --- what the office sees ---


def shown(client: Client, plan: Plan, **query: str) -> list[str]:
    return [r.unit for r in client.get(page_of(plan), query).context["rows"]]


def test_the_office_sees_who_has_no_plan_who_asks_for_less_and_what_is_not_decided(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    other = make_recipient(plan, cast.other_district, by=cast.office_staff)
    commune = make_recipient(plan, cast.commune, by=cast.office_staff)
    first = plan.solutions.get(ordinal=1)
    late: dict[str, Any] = {"answer": "adapted", "last_day": dt.date(2026, 7, 31)}
    acts.answer_item(recipient=row, solution=first, by=cast.secretary, **late)
    own_plans.start_own_plan(recipient=row, by=cast.secretary)
    acts.answer_item(recipient=commune, solution=first, answer="accepted", by=cast.commune_secretary)
    Schedule.objects.filter(solution=first).update(due=dt.date(2026, 5, 31))
    kept = acts.answer_item(recipient=other, solution=first, answer="accepted", by=cast.sibling_secretary)
    CascadeAnswer.objects.filter(pk=kept.pk).update(digest="0", kept_digest=kept.digest, kept_reason="Đã chốt.")
    office = login(cast.office_staff)
    page = office.get(page_of(plan))
    assert page.context["totals"] == {
        "units": 3, "no_plan": 2, "no_answer": 0, "diluted": 1, "waiting": 2, "not_taken": 1,
    }  # fmt: skip
    rows = {r.unit: (r.state, r.counts["answered"], r.asked) for r in page.context["rows"]}
    assert rows == {
        cast.district.name: ("has_plan", 1, 2),
        cast.commune.name: ("partly_answered", 1, 2),
        cast.other_district.name: ("partly_answered", 1, 2),
    }
    district, communes, others = cast.district.name, cast.commune.name, cast.other_district.name
    assert shown(office, plan, show="no_plan") == [communes, others]
    assert shown(office, plan, show="diluted") == [district]
    assert shown(office, plan, show="waiting") == [district, communes]
    assert shown(office, plan, show="not_taken") == [others]
    assert shown(office, plan, show="open") == [district, communes, others]
    assert shown(office, plan, q="cam giang") == [others]
    assert shown(office, plan, show="nonsense") == []


def test_completion_counts_the_own_plan_and_the_plans_below_it(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    own, lower = make_published_plan(cast.district), make_published_plan(cast.commune)
    PlanRecipient.objects.filter(pk=row.pk).update(own_plan=own)
    make_recipient(own, cast.commune, by=cast.secretary, own_plan=lower)
    done = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 3, 1), "reported_by": cast.secretary}
    make_deadline(cast.district, plan=own, due_on=dt.date(2026, 3, 2), **done)
    make_deadline(cast.commune, plan=lower, due_on=dt.date(2026, 3, 2))
    (shown_row,) = login(cast.leader).get(page_of(plan)).context["rows"]
    assert (shown_row.figures.done, shown_row.figures.total, shown_row.figures.rate_text) == (1, 2, "50,0 %")
    assert shown_row.own_plan.url == reverse("plans:plan", args=[own.pk])


def test_the_own_plan_says_what_of_the_plan_above_it_carries_out(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    acts.answer_all(recipient=row, answer="accepted", by=cast.secretary)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    make_recipient(own, cast.commune, by=cast.secretary)
    context = login(cast.secretary).get(page_of(own), {"view": "items"}).context
    assert list(context["above"]) == [plan]
    assert [line.origin for g in context["levels"] for line in g.items] == ["20-KH/TĐTN: 1", "20-KH/TĐTN: 2"]
    lower = login(cast.commune_secretary).get(page_of(own), {"view": "items"}).context
    assert (list(lower["above"]), {line.origin for g in lower["levels"] for line in g.items}) == ([], {""})


def test_a_draft_of_a_unit_is_named_without_a_link_to_who_may_not_open_it(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    acts.answer_all(recipient=row, answer="accepted", by=cast.secretary)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary, title="Dự thảo của huyện")
    for person, url in ((cast.leader, ""), (cast.office_staff, own.get_absolute_url())):
        (shown_row,) = login(person).get(page_of(plan)).context["rows"]
        assert shown_row.own_plan.url == url


def many(cast: Cast, plan: Plan, size: int) -> None:
    """Send the plan to `size` districts, each of which has answered and published an own plan with a deadline."""
    slot = PilotSlot.objects.create(
        solution=plan.solutions.get(ordinal=1),
        words="Thí điểm",
        kind=cast.district.kind,
        created_by=cast.office_staff,
        created_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    )
    for n in range(size):
        unit = make_unit(f"Huyện {n}", code=f"ST-H{n}", kind="district", parent=cast.province)
        row = make_recipient(plan, unit, by=cast.office_staff)
        acts.answer_all(recipient=row, answer="accepted", by=cast.office_staff)
        own = own_plans.start_own_plan(recipient=row, by=cast.office_staff)
        publish_plan(plan=own, by=cast.office_staff, despite_gaps=True)
        PilotChoice.objects.create(
            slot=slot, recipient=row, chosen=unit, chosen_by=cast.office_staff, chosen_at=slot.created_at
        )
        report = plan.solutions.get(ordinal=2)
        Solution.objects.filter(pk=report.pk).update(deliverable=Deliverable.REPORT)
        Deadline.objects.create(
            schedule=report.schedules.get(),
            solution=report,
            plan=plan,
            unit=unit,
            unit_path=unit.path,
            occurrence="once",
        )


@pytest.mark.parametrize("size", [1, 5])
def test_the_pages_cost_the_same_for_few_and_many_units(
    cast: Cast, login: Login, plan: Plan, size: int, django_assert_num_queries: Any
) -> None:
    many(cast, plan, size)
    office = login(cast.office_staff)
    office.get(page_of(plan))
    for view, queries in (("units", 14), ("items", 11), ("pilots", 14), ("reports", 13)):
        with django_assert_num_queries(queries):
            assert office.get(page_of(plan), {"view": view}).status_code == 200
    row = plan.sent_to.order_by("pk").first()
    assert row
    with django_assert_num_queries(10):
        office.get(row.get_absolute_url())
    with django_assert_num_queries(9):
        assert len(office.get(reverse("plans:cascades"), {"below": "1"}).context["rows"]) == size


def test_the_views_of_items_pilots_and_reports_say_what_they_count(cast: Cast, login: Login, plan: Plan) -> None:
    many(cast, plan, 2)
    office = login(cast.office_staff)
    levels = office.get(page_of(plan), {"view": "items"}).context["levels"]
    assert [(g.level, [line.counts["accepted"] for line in g.items]) for g in levels] == [
        ("", [2]),
        ("Cơ sở", [2]),
    ]
    PilotChoice.objects.all()[0].delete()
    page = office.get(page_of(plan), {"view": "pilots"})
    ((_slot, none, wrong),) = page.context["slots"]
    assert (none, wrong) == (1, 0)
    (report,) = (r for r in office.get(page_of(plan), {"view": "reports"}).context["reports"] if r.owed)
    assert (report.done, report.owed, report.missing) == (0, 2, ["Huyện 0", "Huyện 1"])
    assert office.get(page_of(plan), {"view": "nonsense"}).status_code == 404


# --- what a unit does ---


def test_the_navigation_counts_what_the_own_unit_has_not_answered(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    make_recipient(plan, cast.commune, by=cast.office_staff)

    def count() -> int:
        entries = login(cast.secretary).get("/units/").context["shell"].entries
        return int(next(e.count for e in entries if e.href == "/cascade/"))

    assert count() == 1  # its own; the commune counts for the commune
    acts.answer_all(recipient=row, answer="accepted", by=cast.secretary)
    assert count() == 0


def test_the_list_shows_own_rows_and_on_demand_those_below(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    lower = make_recipient(plan, cast.commune, by=cast.office_staff)
    acts.answer_item(recipient=row, solution=plan.solutions.get(ordinal=1), answer="accepted", by=cast.secretary)
    secretary = login(cast.secretary)
    found = secretary.get(reverse("plans:cascades")).context["rows"]
    assert [(r.recipient, r.answered, r.left, r.waiting, own) for r, own in found] == [(row, 1, 1, 0, None)]
    found = secretary.get(reverse("plans:cascades"), {"below": "1"}).context["rows"]
    assert {r.recipient for r, _own in found} == {row, lower}


def test_an_item_is_accepted_with_one_click_and_a_stale_form_shows_the_answer_of_another(
    cast: Cast, login: Login, row: PlanRecipient
) -> None:
    secretary = login(cast.secretary)
    address = item_page(row, 1)
    sent = {"answer": "accepted", "version": "0"}
    assert secretary.post(address, sent).status_code == 302
    stale = secretary.post(address, {**sent, "answer": "not_applicable", "reason": "Không có đối tượng"})
    assert stale.status_code == 409
    assert "Không có đối tượng" in stale.text  # what was typed stays
    assert 'name="version" value="1"' in stale.text
    assert row.answers.get().answer == "accepted"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"answer": "accepted"},
        {"answer": "maybe", "version": "0"},
        {"answer": "adapted", "version": "0", "last_day": "31/02/2026"},
        {"answer": "adapted", "version": "0", "number": "-1"},
        {"answer": "adapted", "version": "0", "number": "9" * 40},
        {"answer": "not_applicable", "version": "0"},
        {"answer": "merged", "version": "0"},
        {"answer": "accepted", "version": "99999999999999999999"},
    ],
)
def test_bad_answers_come_back_and_save_nothing(
    cast: Cast, login: Login, row: PlanRecipient, sent: dict[str, str]
) -> None:
    assert login(cast.secretary).post(item_page(row, 1), sent).status_code == 422
    assert not CascadeAnswer.objects.exists()


def test_an_answer_is_an_act_and_none_is_chosen_beforehand(cast: Cast, login: Login, row: PlanRecipient) -> None:
    page = login(cast.secretary).get(item_page(row, 1))
    assert "checked" not in page.text
    assert [str(label) for _value, label in page.context["form"].fields["answer"].choices] == [
        "Chấp nhận",
        "Điều chỉnh",
        "Không áp dụng",
    ]


def test_what_is_not_asked_of_the_unit_has_no_page(cast: Cast, login: Login, plan: Plan, row: PlanRecipient) -> None:
    item = make_item(plan, "Việc của Tỉnh đoàn.", level="province")
    assert login(cast.secretary).get(item_page(row, item.ordinal)).status_code == 404


def test_a_dropped_item_is_asked_no_more_and_its_answer_stays_readable(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    secretary, office = login(cast.secretary), login(cast.office_staff)
    answered, other = item_page(row, 1), item_page(row, 2)
    assert secretary.post(answered, {"answer": "accepted", "version": "0"}).status_code == 302
    plan.solutions.update(dropped_at=dt.datetime.now(dt.UTC), dropped_reason="Bỏ")
    page = secretary.get(row.get_absolute_url())
    assert ([view.item.solution.ordinal for view in page.context["items"]], page.context["left"]) == ([1], 0)
    assert page.context["to_carry"] == 0
    assert [secretary.get(address).status_code for address in (answered, other)] == [404, 404]
    assert secretary.post(other, {"answer": "accepted", "version": "0"}).status_code == 422
    first = plan.solutions.get(ordinal=1)
    for name in ("solution_lead", "commitment_add"):
        assert office.get(reverse(f"plans:{name}", args=[plan.pk, first.pk])).status_code == 404
    with pytest.raises(ActionRefused):
        add_slot(solution=first, words="Thí điểm", kind=cast.district.kind, by=cast.office_staff)
    Solution.objects.filter(pk=first.pk).update(lead_unit=None)
    with pytest.raises(ActionRefused):
        give_lead(solution=first, lead=cast.district, by=cast.office_staff)


def test_an_adapted_number_is_read_as_people_write_it(cast: Cast, login: Login, row: PlanRecipient) -> None:
    sent = {"answer": "adapted", "version": "0", "number": "1.050,5", "last_day": "31/07/2026"}
    assert login(cast.secretary).post(item_page(row, 1), sent).status_code == 302
    made = row.answers.get()
    assert (str(made.number), made.dilution) == ("1050.50", "later_day")


def test_a_unit_answers_all_starts_its_plan_and_takes_a_change(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    secretary, address = login(cast.secretary), row.get_absolute_url()
    assert secretary.post(f"{address}all/", {"answer": "not_applicable"}).status_code == 422
    assert secretary.post(f"{address}all/", {"answer": "accepted"}).status_code == 302
    assert secretary.post(f"{address}all/", {"answer": "accepted"}).status_code == 422  # sent twice: nothing is left
    started = secretary.post(f"{address}plan/", {"act": "start", "title": "Kế hoạch huyện"})
    own = Plan.objects.get(parent=plan)
    assert started.headers["Location"] == reverse("plans:check", args=[own.pk])
    assert secretary.post(f"{address}plan/", {"act": "start"}).status_code == 422
    first = plan.solutions.get(ordinal=1)
    Schedule.objects.filter(solution=first).update(due=dt.date(2026, 5, 31))
    page = secretary.get(address)
    assert page.context["changed"] == 1
    assert "<del>30/06/2026</del><ins>31/05/2026</ins>" in page.text
    change = reverse("plans:cascade_change", args=[row.pk, first.pk])
    version = str(row.answers.get(solution=first).version)
    assert secretary.post(change, {"act": "keep", "version": version}).status_code == 422  # without a reason
    assert secretary.post(change, {"act": "take"}).status_code == 422  # without what was seen
    assert secretary.post(change, {"act": "take", "version": version}).status_code == 302
    assert secretary.post(change, {"act": "take", "version": version}).status_code == 409
    assert own.solutions.get(ordinal=1).schedules.get().due == dt.date(2026, 5, 31)


def test_a_change_taken_leaves_a_published_own_plan_as_it_is_and_says_so(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    first = plan.solutions.get(ordinal=1)
    acts.answer_item(recipient=row, solution=first, answer="accepted", by=cast.secretary)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    Schedule.objects.filter(solution=first).update(due=dt.date(2026, 5, 31))
    sent = {"act": "take", "version": str(row.answers.get().version)}
    change = reverse("plans:cascade_change", args=[row.pk, first.pk])
    page = login(cast.secretary).post(change, sent, follow=True)
    assert "hãy sửa ở trang kế hoạch đó" in page.text
    assert own.solutions.get().schedules.get().due == dt.date(2026, 6, 30)


def test_a_plan_of_the_unit_is_linked_by_its_page(cast: Cast, login: Login, row: PlanRecipient) -> None:
    own = make_published_plan(cast.district, title="Kế hoạch năm")
    foreign = make_published_plan(cast.other_district)
    secretary, address = login(cast.secretary), f"{row.get_absolute_url()}plan/"
    for chosen in ("", str(foreign.pk), "x"):
        assert secretary.post(address, {"act": "link", "plan": chosen}).status_code == 422
    assert secretary.post(address, {"act": "merge", "plan": str(own.pk)}).status_code == 302
    row.refresh_from_db()
    assert row.own_plan == own
    assert set(row.answers.values_list("answer", flat=True)) == {"merged"}


def test_pilots_are_asked_for_by_the_office_and_chosen_by_the_unit(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    office, secretary = login(cast.office_staff), login(cast.secretary)
    asked = {"solution": plan.solutions.get(ordinal=1).pk, "words": "Một xã OCOP", "kind": cast.district.kind_id}
    assert office.post(reverse("plans:pilot_add", args=[plan.pk]), {**asked, "count": "0"}).status_code == 422
    assert office.post(reverse("plans:pilot_add", args=[plan.pk]), {**asked, "count": "1"}).status_code == 302
    slot = PilotSlot.objects.get()
    assert "Một xã OCOP" in secretary.get(row.get_absolute_url()).text
    address = reverse("plans:pilots", args=[row.pk, slot.pk])
    assert secretary.post(address, {"units": cast.other_district.name}).status_code == 422
    assert secretary.post(address, {"units": cast.commune.name}).status_code == 302
    assert secretary.post(address, {"units": "", "seen": ""}).status_code == 409
    assert PilotChoice.objects.get().chosen == cast.commune


# --- what nobody else sees ---


def test_a_sibling_sees_nothing_of_anothers_answers(cast: Cast, login: Login, plan: Plan, row: PlanRecipient) -> None:
    make_recipient(plan, cast.other_district, by=cast.office_staff)
    make_deadline(cast.other_district, plan=plan, solution=plan.solutions.get(ordinal=1))
    first, second = plan.solutions.order_by("ordinal")
    said: dict[str, Any] = {"answer": "not_applicable", "reason": "BÍMẬT lý do", "by": cast.secretary}
    acts.answer_item(recipient=row, solution=first, **said)
    acts.answer_item(recipient=row, solution=second, answer="adapted", text="BÍMẬT lời khác", by=cast.secretary)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary, title="BÍMẬT kế hoạch")
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    sibling = login(cast.sibling_secretary)
    assert sibling.get(row.get_absolute_url()).status_code == 404
    assert sibling.post(f"{row.get_absolute_url()}all/", {"answer": "accepted"}).status_code == 404
    assert sibling.get(item_page(row, 1)).status_code == 404
    pages = [
        *(f"{page_of(plan)}?view={view}" for view in ("units", "items", "pilots", "reports")),
        *(f"/plans/{plan.pk}/?view={view}" for view in ("solutions", "matrix", "history")),
        "/cascade/", "/cascade/?below=1", "/plans/", "/search/?q=bimat", "/deadlines/?q=bimat",
    ]  # fmt: skip
    texts = {page: sibling.get(page) for page in pages}
    assert {page: answer.status_code for page, answer in texts.items()} == dict.fromkeys(pages, 200)
    hidden = ("BÍMẬT", cast.district.name)
    assert {page for page, answer in texts.items() if any(word in answer.text for word in hidden)} == set()
    totals = texts[f"{page_of(plan)}?view=units"].context["totals"]
    assert (totals["units"], totals["diluted"]) == (1, 0)
    levels = texts[f"{page_of(plan)}?view=items"].context["levels"]
    assert {n for group in levels for line in group.items for n in line.counts.values()} == {0}


def test_a_unit_without_a_deadline_finds_the_plan_that_was_sent_to_it(
    cast: Cast, login: Login, plan: Plan, row: PlanRecipient
) -> None:
    assert not Deadline.objects.filter(plan=plan).exists()
    assert login(cast.secretary).get(f"/plans/{plan.pk}/").status_code == 200
    assert login(cast.sibling_secretary).get(f"/plans/{plan.pk}/").status_code == 404
