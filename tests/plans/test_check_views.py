"""The check page: the document beside its records, each changed in its place, with and without htmx."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone, translation

from plans.actions import records
from plans.actions.plans import discard_plan, publish_plan
from plans.enums import Kind, PlanStatus
from plans.errors import ActionRefused
from plans.models import Field, Plan, PlanDocument, PriorityTask, Schedule, Shortcoming, Solution
from plans.record_values import fingerprint
from plans.views import check
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
    make_indicator,
    make_unit,
)

pytestmark = pytest.mark.usefixtures("today")

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _english(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def make_draft(cast: Cast, solutions: int) -> Plan:
    """Make a draft read from a document: a group of `solutions`, each with a commitment, answering one shortcoming."""
    plan: Plan = PlanFactory(issuing_unit=cast.province, symbol="1-KH/TĐTN", issued_on=dt.date(2026, 1, 5))
    text = "Rà soát hồ sơ. Gửi báo cáo trong quý I."
    paragraphs = [
        {"text": text, "line": n + 1, "role": "item", "level": 2, "marker": "-",
         "marks": [{"start": 0, "end": 7, "kind": "party", "note": ""}]}
        for n in range(solutions)
    ]  # fmt: skip
    paragraphs.append({"text": "Xong <b>trong năm</b> 2026", "line": 99, "role": "text", "level": 1, "marker": "",
                       "marks": [{"start": 5, "end": 20, "kind": "loose", "note": "trong năm 2026"}]})  # fmt: skip
    document = PlanDocument(
        plan=plan, original_name="a.txt", size=1, sha256="0" * 64, paragraphs=paragraphs, read_at=timezone.now()
    )
    document.file.save("a", ContentFile(b"a"))
    field = Field.objects.create(unit=cast.province, name=f"Văn thư {plan.pk}")
    shortcoming = ShortcomingFactory(plan=plan, ordinal=1, field=field, text="Hồ sơ thất lạc.")
    shortcoming.named_units.set([cast.district])
    group = SolutionGroupFactory(plan=plan, ordinal=1, lead_unit=cast.office, title="Nhóm văn thư")
    for n in range(solutions):
        solution = SolutionFactory(
            plan=plan, ordinal=n + 1, group=group, text=text, source_paragraph=n, source_start=0, source_end=len(text)
        )
        solution.shortcomings.set([shortcoming])
        solution.supporting_units.set([cast.district])
        schedule = ScheduleFactory(
            solution=solution, phrase="trong quý I", kind=Kind.WITHIN_QUARTER, due=dt.date(2026, 3, 31),
            source_paragraph=n, source_start=text.index("trong"), source_end=len(text) - 1,
        )  # fmt: skip
        schedule.owner_units.set([cast.district])
    return plan


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_draft(cast, 2)


@pytest.fixture
def client(cast: Cast, login: Login) -> Client:
    return login(cast.office_staff)


def address(record: Any, act: str = "edit/") -> str:
    kinds = {Solution: "solution", Schedule: "schedule", Shortcoming: "shortcoming", Plan: "header"}
    plan = (
        record if isinstance(record, Plan) else record.solution.plan if isinstance(record, Schedule) else record.plan
    )
    return f"/plans/{plan.pk}/check/{kinds[type(record)]}/{record.pk}/{act}"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def solution_values(solution: Solution, **changes: Any) -> dict[str, Any]:
    """Return what the browser sends for a solution's form, with changes."""
    return {
        "text": solution.text,
        "group": solution.group_id or "",
        "level": solution.level,
        "lead_unit": "",
        "supporting_units": "Huyện đoàn Bình Minh",
        "shortcomings": [s.pk for s in solution.shortcomings.all()],
        "deliverable": "result",
        "fingerprint": fingerprint(solution),
    } | changes


def schedule_values(**changes: Any) -> dict[str, Any]:
    return {"phrase": "trong quý I", "kind": "within_quarter", "due": "31/03/2026", "lead_span": "D"} | changes


# --- the page ---


def test_document_and_records_lead_to_each_other(client: Client, plan: Plan) -> None:
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    solution = plan.solutions.get(ordinal=1)
    schedule = solution.schedules.get()
    for anchor in (f"record-solution-{solution.pk}", f"record-schedule-{schedule.pk}", "p-1", "p-2"):
        assert f'id="{anchor}"' in page
        assert f'href="#{anchor}"' in page
    assert (
        f'<a href="#record-schedule-{schedule.pk}" draggable="false" title="Commitment of solution 1">'
        '<mark class="mark-solution mark-schedule begins-schedule">trong quý I</mark></a>'
    ) in page
    assert '<mark class="mark-solution mark-party begins-party">Rà soát</mark>' in page
    assert "Văn phòng Tỉnh đoàn (of the group)" in page
    assert "within quarter 1 of 2026: the last day is 31/03/2026" in page


def test_text_of_a_document_is_never_markup(client: Client, plan: Plan) -> None:
    Solution.objects.filter(plan=plan, ordinal=1).update(text="<script>alert(1)</script>", doubt="<i>?</i>")
    page = client.get(f"/plans/{plan.pk}/check/").content.decode()
    assert "<script>alert" not in page
    assert "<i>?" not in page
    assert "<b>trong" not in page
    assert "&lt;b&gt;trong" in page


def test_ids_in_addresses_have_no_thousands_separator(client: Client, plan: Plan) -> None:
    group = plan.groups.get()
    solution = SolutionFactory(
        pk=1_234_567, plan=plan, ordinal=3, group=group, text="Một. Hai ba bốn. Năm sáu.", doubt="?"
    )
    for language in ("vi", "en"):
        page = client.get(f"/plans/{plan.pk}/check/", headers={"Accept-Language": language}).content.decode()
        assert "1.234.567" not in page
        assert "1,234,567" not in page
        assert 'href="#record-solution-1234567"' in page
        for act in ("edit/", "split/", "drop/", "", "join/"):
            answer = client.get(address(solution, act), headers={"Accept-Language": language}).content.decode()
            assert "1.234.567" not in answer
            assert "1,234,567" not in answer


def test_doubts_gaps_and_loose_phrases_are_told_with_their_cure(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    Solution.objects.filter(pk=solution.pk).update(doubt="Chưa rõ ai làm")
    solution.schedules.all().delete()
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    assert "Chưa rõ ai làm" in page
    assert "1 record is unsure." in page
    assert f'href="/plans/{plan.pk}/check/schedule/add/?solution={solution.pk}"' in page
    assert "1 time phrase stands outside any record" in page
    assert f'href="/plans/{plan.pk}/check/add/?paragraph=3"' in page
    assert "Publish in spite of the gaps" in page


def test_a_plan_without_gaps_offers_to_publish(client: Client, plan: Plan) -> None:
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    assert f'href="/plans/{plan.pk}/publish/" data-act="publish"' in page
    assert client.post(f"/plans/{plan.pk}/publish/").status_code == 302
    plan.refresh_from_db()
    assert plan.status == "published"


def test_a_draft_without_a_document_shows_its_records_alone(client: Client, cast: Cast) -> None:
    plan = PlanFactory(issuing_unit=cast.province)
    response = client.get(f"/plans/{plan.pk}/check/")
    assert response.status_code == 200
    assert 'id="document"' not in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_records(
    client: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    for count in (3, 30):
        plan = make_draft(cast, count)
        for _more in range(count):
            make_indicator(plan, units=[cast.district], conditions=["một", "hai"])
        with django_assert_num_queries(50):
            assert client.get(f"/plans/{plan.pk}/check/").status_code == 200


def test_a_published_plan_has_no_check_page(client: Client, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.PUBLISHED, published_at=timezone.now())
    solution = plan.solutions.get(ordinal=1)
    assert client.get(f"/plans/{plan.pk}/check/").status_code == 404
    assert client.get(address(solution)).status_code == 404
    assert client.post(address(solution), solution_values(solution, text="x")).status_code == 404
    assert plan.solutions.get(ordinal=1).text == solution.text


@pytest.mark.parametrize("person", ["secretary", "leader", "administrator", "department_head", "reader", "outsider"])
def test_a_draft_is_hidden_from_who_does_not_run_it(cast: Cast, login: Login, plan: Plan, person: str) -> None:
    client = login(getattr(cast, person))
    solution = plan.solutions.get(ordinal=1)
    for act in ("", "edit/", "drop/", "join/", "split/"):
        for headers in ({}, HTMX):
            response = client.get(address(solution, act), headers=headers)
            assert response.status_code == 404
            assert solution.text not in response.content.decode()
    assert client.get(f"/plans/{plan.pk}/check/").status_code == 404


def test_unknown_kinds_and_acts_that_make_no_sense_are_404(client: Client, plan: Plan) -> None:
    schedule = Schedule.objects.filter(solution__plan=plan).first()
    for path in (
        f"/plans/{plan.pk}/check/nonsense/1/edit/",
        f"/plans/{plan.pk}/check/header/add/",
        f"/plans/{plan.pk}/check/schedule/add/?solution=999999",
        address(schedule, "join/"),
        address(schedule, "split/"),
        address(plan, "drop/"),
    ):
        assert client.get(path).status_code == 404


# --- change in place ---


def test_htmx_gets_the_form_in_place_of_the_card(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    form = text_of(client.get(address(solution), headers=HTMX))
    assert form.strip().startswith(f'<div class="record record-form" id="record-solution-{solution.pk}">')
    assert "<html" not in form
    assert 'name="fingerprint"' in form
    card = text_of(client.get(address(solution, ""), headers=HTMX))
    assert f'<article class="record record-solution" id="record-solution-{solution.pk}"' in card


def test_every_form_stands_in_the_element_of_its_card(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    for record in (plan, plan.shortcomings.get(), solution, solution.schedules.get()):
        kind = address(record).split("/")[-4]
        form = text_of(client.get(address(record), headers=HTMX)).strip()
        assert form.startswith(f'<div class="record record-form" id="record-{kind}-{record.pk}">')


def test_without_htmx_the_link_opens_a_page_with_the_same_form(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    page = text_of(client.get(address(solution)))
    assert "<html" in page
    assert f'<form method="post" action="{address(solution)}"' in page
    assert '<option value="Huyện đoàn Bình Minh"></option>' in page
    assert client.get(address(solution, ""))["Location"] == f"/plans/{plan.pk}/check/#record-solution-{solution.pk}"


def test_a_change_by_htmx_answers_with_the_card_and_the_top_of_the_page(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    response = client.post(
        address(solution), solution_values(solution, text="Lời mới.", lead_unit="ban phong trao"), headers=HTMX
    )
    answer = text_of(response)
    assert response.status_code == 200
    assert "Lời mới." in answer
    assert "Ban Phong trào" in answer
    assert 'id="check-state"' in answer
    assert 'hx-swap-oob="true"' in answer


def test_a_change_without_htmx_goes_back_to_the_record(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    response = client.post(address(solution), solution_values(solution, text="Lời mới."))
    assert (response.status_code, response["Location"]) == (
        302, f"/plans/{plan.pk}/check/#record-solution-{solution.pk}",
    )  # fmt: skip
    assert plan.solutions.get(ordinal=1).text == "Lời mới."


def test_a_change_that_moves_other_cards_loads_the_page_anew(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    response = client.post(address(solution), solution_values(solution, group=""), headers=HTMX)
    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


def test_wrong_names_of_units_are_told_and_the_input_is_kept(client: Client, plan: Plan, cast: Cast) -> None:
    solution = plan.solutions.get(ordinal=1)
    sent = solution_values(
        solution, text="Giữ lời này", supporting_units="Bình Minh\n\nHuyện đoàn Không Có\nĐoàn xã Lộc Thủy"
    )
    response = client.post(address(solution), sent, headers=HTMX)
    answer = text_of(response)
    assert response.status_code == 422
    assert "Line 3: No unit" in answer
    assert "Line 4: No unit" in answer  # a unit of another province is as unknown as one that does not exist
    assert "Giữ lời này" in answer
    assert plan.solutions.get(ordinal=1).text == solution.text


def test_a_unit_whose_kind_does_not_lead_is_refused_as_lead(client: Client, plan: Plan, cast: Cast) -> None:
    branch = make_unit("Chi đoàn ấp 9", code="ST-9", kind="cell", parent=cast.commune)
    type(branch.kind).objects.filter(pk=branch.kind_id).update(may_lead=False)
    solution = plan.solutions.get(ordinal=1)
    response = client.post(address(solution), solution_values(solution, lead_unit="Chi đoàn ấp 9"))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["lead_unit"]


def test_ids_of_another_plan_in_the_body_are_refused(client: Client, plan: Plan, cast: Cast) -> None:
    other = make_draft(cast, 1)
    solution = plan.solutions.get(ordinal=1)
    for changes in (
        {"shortcomings": [other.shortcomings.get().pk]},
        {"group": other.groups.get().pk},
        {"overseer": cast.outsider.pk},
    ):
        response = client.post(address(solution), solution_values(solution, **changes))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == list(changes)
    foreign = other.solutions.get()
    crossed = f"/plans/{plan.pk}/check/solution/{foreign.pk}/"
    assert client.post(crossed + "edit/", solution_values(foreign, text="x")).status_code == 404
    assert client.post(crossed + "drop/").status_code == 404


def test_two_people_at_one_record_see_both_versions(client: Client, plan: Plan, cast: Cast) -> None:
    solution = plan.solutions.get(ordinal=1)
    opened = solution_values(solution, text="Lời của tôi")
    records.change_record(record=solution, values={"text": "Lời người khác"}, by=cast.second_office_staff)
    response = client.post(address(solution), opened, headers=HTMX)
    answer = text_of(response)
    assert response.status_code == 409
    assert '<td data-label="Saved meanwhile">Lời người khác</td>' in answer
    assert "Lời của tôi</textarea>" in answer
    now = re.search(r'name="fingerprint" value="(\w+)"', answer)
    assert now
    assert client.post(address(solution), {**opened, "fingerprint": now[1]}, headers=HTMX).status_code == 200
    assert plan.solutions.get(ordinal=1).text == "Lời của tôi"


def test_a_record_dropped_meanwhile_is_told_as_page_and_as_fragment(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    sent = solution_values(solution)
    records.drop_record(record=solution, by=plan.issuing_unit.posts.get(role="office").appointments.first().user)
    for act in ("edit/", "drop/", "join/", "split/", "accept/"):
        page = client.post(address(solution, act), sent)
        fragment = client.post(address(solution, act), sent, headers=HTMX)
        assert (page.status_code, fragment.status_code) == (404, 404)
        assert "not there any more" in page.content.decode()
        assert "not there any more" in fragment.content.decode()
        assert "<html" not in fragment.content.decode()


def test_the_head_of_the_plan_is_changed(client: Client, plan: Plan) -> None:
    facts = {
        "kind": "other", "title": "Tên mới", "symbol": "9-KH/TĐTN-VP", "issued_on": "05/01/2026",
        "period_start": "01/01/2026", "period_end": "", "coordinating_unit": "Văn phòng",
        "fingerprint": fingerprint(plan),
    }  # fmt: skip
    assert client.post(address(plan), facts).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.number, plan.period_end) == ("Tên mới", 9, None)
    assert plan.coordinating_unit is not None
    assert plan.coordinating_unit.code == "ST-VP"
    wrong = client.post(address(plan), {**facts, "fingerprint": fingerprint(plan), "period_end": "01/01/2025"})
    assert wrong.status_code == 422


def test_accepting_a_record_takes_its_doubt_away(client: Client, plan: Plan) -> None:
    Solution.objects.filter(plan=plan, ordinal=1).update(doubt="Chưa rõ")
    solution = plan.solutions.get(ordinal=1)
    answer = text_of(client.post(address(solution, "accept/"), headers=HTMX))
    assert "Chưa rõ" not in answer
    assert "It is right" not in answer
    assert plan.solutions.get(ordinal=1).doubt == ""
    assert client.get(address(solution, "accept/")).status_code == 405


# --- commitments ---


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"kind": "recurring", "repeat": "FREQ=MONTHLY;INTERVAL=3", "due": ""},
            ("recurring", "FREQ=MONTHLY;INTERVAL=3", None, ""),
        ),
        ({"kind": "by_date", "due": "30/04/2026"}, ("by_date", "", dt.date(2026, 4, 30), "")),
        (
            {"kind": "relative", "due": "", "anchor": "hội", "lead_amount": "2", "lead_span": "W", "lead_side": "-"},
            ("relative", "", None, "-P2W"),
        ),
        ({"kind": "ongoing", "due": "", "repeat": "FREQ=YEARLY", "lead_amount": "3"}, ("ongoing", "", None, "")),
    ],
)
def test_a_commitment_is_changed_in_simple_choices(
    client: Client, plan: Plan, changes: dict[str, str], expected: tuple[Any, ...]
) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    response = client.post(address(schedule), schedule_values(fingerprint=fingerprint(schedule), **changes))
    assert response.status_code == 302
    schedule.refresh_from_db()
    assert (schedule.kind, schedule.rule, schedule.due, schedule.lead_time) == expected


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due": ""}, "due"),
        ({"kind": "between", "start": ""}, "start"),
        ({"kind": "between", "start": "01/04/2026"}, "due"),
        ({"kind": "recurring"}, "repeat"),
        ({"kind": "relative", "due": ""}, "anchor"),
        ({"due": "31/02/2026"}, "due"),
        ({"owner_units": "Đoàn xã Lộc Thủy"}, "owner_units"),
        ({"owner_kinds": ["999999"]}, "owner_kinds"),
    ],
)
def test_a_commitment_says_at_the_field_what_is_missing(
    client: Client, plan: Plan, changes: dict[str, Any], field: str
) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    response = client.post(address(schedule), schedule_values(fingerprint=fingerprint(schedule), **changes))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_who_owes_a_commitment_is_named_by_units_and_by_kinds(client: Client, plan: Plan, cast: Cast) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    sent = schedule_values(
        fingerprint=fingerprint(schedule), owner_units="Cẩm Giang\nVăn phòng\n", owner_kinds=[cast.district.kind_id]
    )
    answer = text_of(client.post(address(schedule), sent, headers=HTMX))
    assert set(schedule.owner_units.all()) == {cast.other_district, cast.office}
    assert list(schedule.owner_kinds.all()) == [cast.district.kind]
    assert "every unit of the kind “District”" in answer


def test_a_rule_of_another_form_stays_as_it_was_read(client: Client, plan: Plan) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    Schedule.objects.filter(pk=schedule.pk).update(kind="recurring", rule="FREQ=MONTHLY;INTERVAL=5", due=None)
    schedule.refresh_from_db()
    assert "by the rule FREQ=MONTHLY;INTERVAL=5" in text_of(client.get(address(schedule)))
    sent = schedule_values(fingerprint=fingerprint(schedule), kind="recurring", repeat="as_read", due="")
    assert client.post(address(schedule), sent).status_code == 302
    schedule.refresh_from_db()
    assert schedule.rule == "FREQ=MONTHLY;INTERVAL=5"


def test_a_day_given_by_a_person_is_included(client: Client, plan: Plan) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    Schedule.objects.filter(pk=schedule.pk).update(kind="by_date", exclusive=True)
    schedule.refresh_from_db()
    same = schedule_values(fingerprint=fingerprint(schedule), kind="by_date", phrase="trước ngày 01/4")
    client.post(address(schedule), same)
    schedule.refresh_from_db()
    assert schedule.exclusive
    client.post(address(schedule), {**same, "fingerprint": fingerprint(schedule), "due": "15/04/2026"})
    schedule.refresh_from_db()
    assert not schedule.exclusive


# --- add, drop, join, split ---


def test_a_solution_is_added_to_its_group_from_a_paragraph(client: Client, plan: Plan) -> None:
    group = plan.groups.get()
    path = f"/plans/{plan.pk}/check/solution/add/?group={group.pk}&paragraph=3"
    form = client.get(path).context["form"]
    assert (form.initial["group"], form.initial["text"]) == (group.pk, "Xong <b>trong năm</b> 2026")
    response = client.post(path, {"text": "Việc mới", "group": group.pk, "deliverable": "result", "paragraph": "3"})
    added = plan.solutions.get(text="Việc mới")
    assert response["Location"] == f"/plans/{plan.pk}/check/#record-solution-{added.pk}"
    assert (added.ordinal, added.source_paragraph) == (3, 2)
    wrong = client.post(path, {"text": "x", "deliverable": "result", "paragraph": "77"})
    assert wrong.status_code == 422
    assert plan.solutions.count() == 3


def test_a_commitment_is_added_to_its_solution(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=2)
    path = f"/plans/{plan.pk}/check/schedule/add/?solution={solution.pk}"
    assert client.post(path, schedule_values(phrase="Gửi báo cáo", kind="ongoing", due="")).status_code == 302
    added = solution.schedules.get(kind="ongoing")
    assert (added.source_paragraph, added.source_start) == (1, 15)


def test_every_kind_has_a_form_to_add(client: Client, plan: Plan) -> None:
    page = text_of(client.get(f"/plans/{plan.pk}/check/add/?paragraph=1"))
    for kind, sent in (
        ("reference", {"symbol": "5-KH/TU"}),
        ("shortcoming", {"text": "Thiếu sổ", "subject": "collective", "field": "Sổ sách"}),
        ("priority_task", {"text": "Chuyển đổi số", "list_kind": "focus"}),
        ("group", {"title": "Nhóm mới", "lead_unit": "Ban Phong trào"}),
        ("solution", {"text": "Việc", "deliverable": "report"}),
    ):
        path = f"/plans/{plan.pk}/check/{kind}/add/"
        assert f"{path}?paragraph=1" in page
        assert client.post(path, sent).status_code == 302
    assert Shortcoming.objects.get(text="Thiếu sổ").field == Field.objects.get(name="Sổ sách")
    assert PriorityTask.objects.get().ordinal == 1


def test_dropping_asks_first_and_says_what_goes_too(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    page = text_of(client.get(address(solution, "drop/")))
    assert "1 commitment goes with it:" in page
    assert plan.solutions.count() == 2
    assert client.post(address(solution, "drop/")).status_code == 302
    assert list(plan.solutions.values_list("ordinal", flat=True)) == [1]


def test_joining_shows_both_texts_first(client: Client, plan: Plan) -> None:
    first = plan.solutions.get(ordinal=1)
    assert text_of(client.get(address(first, "join/"))).count(first.text) == 2
    assert client.post(address(first, "join/")).status_code == 302
    assert plan.solutions.get().schedules.count() == 2
    last = plan.solutions.get()
    assert "There is no next record." in text_of(client.get(address(last, "join/")))
    assert client.post(address(last, "join/")).status_code == 422


def test_splitting_offers_the_sentences(client: Client, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    form = client.get(address(solution, "split/")).context["form"]
    assert list(form.fields["at"].choices) == [(15, "Gửi báo cáo trong quý I.")]
    sent = {"at": "15", "fingerprint": fingerprint(solution)}
    assert client.post(address(solution, "split/"), {**sent, "at": "3"}).status_code == 422
    stale = client.post(address(solution, "split/"), {**sent, "fingerprint": "old"})
    assert stale.status_code == 409
    assert fingerprint(solution) in stale.content.decode()
    assert client.post(address(solution, "split/"), sent).status_code == 302
    assert list(plan.solutions.order_by("ordinal").values_list("text", flat=True)) == [
        "Rà soát hồ sơ.", "Gửi báo cáo trong quý I.", solution.text,
    ]  # fmt: skip
    assert plan.solutions.get(ordinal=2).schedules.count() == 1


def test_plans_above_are_offered_only_when_visible(client: Client, plan: Plan, cast: Cast) -> None:
    mine = PlanFactory(issuing_unit=cast.province, status=PlanStatus.PUBLISHED, published_at=timezone.now())
    foreign = PlanFactory(issuing_unit=cast.foreign_province, status=PlanStatus.PUBLISHED, published_at=timezone.now())
    form = client.get(address(plan)).context["form"]
    assert list(form.fields["parent"].queryset) == [mine]
    sent = {"kind": "other", "title": "T", "parent": foreign.pk, "fingerprint": fingerprint(plan)}
    assert client.post(address(plan), sent).status_code == 422


# --- order, versions, news ---


def doubt(solution: Solution, words: str = "Chưa rõ") -> Solution:
    Solution.objects.filter(pk=solution.pk).update(doubt=words)
    solution.refresh_from_db()
    return solution


def test_doubts_come_first_until_a_person_asks_for_the_order_of_the_document(client: Client, plan: Plan) -> None:
    last = doubt(plan.solutions.get(ordinal=2))
    first = plan.solutions.get(ordinal=1)

    def order() -> bool:
        page = text_of(client.get(f"/plans/{plan.pk}/check/"))
        return page.index(f'id="record-solution-{last.pk}"') < page.index(f'id="record-solution-{first.pk}"')

    assert order()
    assert client.post(f"/plans/{plan.pk}/check/order/", {"order": "document"}).status_code == 302
    assert not order()
    client.post(f"/plans/{plan.pk}/check/order/", {"order": "nonsense"})
    assert not order()
    client.post(f"/plans/{plan.pk}/check/order/", {"order": "doubts"})
    assert order()


def test_progress_counts_settled_doubts_and_an_acceptance_is_taken_back(client: Client, plan: Plan) -> None:
    one, two = (doubt(s) for s in plan.solutions.all())
    client.post(address(one, "accept/"), {"fingerprint": fingerprint(one)}, headers=HTMX)
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    assert "1 of 2 settled" in page
    assert f'formaction="{address(one, "reopen/")}"' in page
    answer = text_of(client.post(address(one, "reopen/"), headers=HTMX))
    assert "Chưa rõ" in answer
    assert "0 of 2 settled" in answer
    assert two.doubt == "Chưa rõ"


def test_without_htmx_accepting_leads_to_the_next_doubt(client: Client, plan: Plan) -> None:
    one, two = (doubt(s) for s in plan.solutions.all())
    first = client.post(address(one, "accept/"), {"fingerprint": fingerprint(one)})
    assert first["Location"] == f"/plans/{plan.pk}/check/#record-solution-{two.pk}"
    second = client.post(address(two, "accept/"), {"fingerprint": fingerprint(two)})
    assert second["Location"] == f"/plans/{plan.pk}/check/#record-solution-{two.pk}"


@pytest.mark.parametrize("act", ["accept/", "drop/", "join/"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_act_on_what_somebody_else_changed_is_refused_and_shows_it_as_it_is(
    client: Client, plan: Plan, cast: Cast, act: str, headers: dict[str, str]
) -> None:
    one, two = (doubt(s) for s in plan.solutions.all())
    seen = fingerprint(one) + (fingerprint(two) if act == "join/" else "")
    records.change_record(record=one, values={"text": "Lời của người khác. Hết."}, by=cast.second_office_staff)
    response = client.post(address(one, act), {"fingerprint": seen}, headers=headers)
    if act == "accept/" and not headers:
        assert response.status_code == 302
        response = client.get(f"/plans/{plan.pk}/check/")
    else:
        assert response.status_code == 409
    answer = text_of(response)
    assert "Lời của người khác." in answer
    assert "Look at it again" in answer or "Look at both again" in answer
    assert plan.solutions.count() == 2


def test_what_others_changed_since_the_page_was_loaded_is_told(client: Client, plan: Plan, cast: Cast) -> None:
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    found = re.search(r'data-version="(\d+)"', page)
    assert found
    headers = {**HTMX, "X-Seen": found[1]}
    news = f"/plans/{plan.pk}/check/news/"
    assert client.get(news, headers=headers).status_code == 204
    one, two = plan.solutions.all()
    answer = text_of(client.post(address(one), solution_values(one, text="Của tôi."), headers=headers))
    assert "after you opened this page" not in answer  # one's own act is no news
    records.change_record(record=two, values={"text": "Của người khác."}, by=cast.second_office_staff)
    told = text_of(client.get(news, headers=headers))
    assert f"{cast.second_office_staff.full_name} changed this draft" in told
    assert f'data-version="{found[1]}"' in told
    assert "after you opened this page" not in text_of(client.get(f"/plans/{plan.pk}/check/"))


def test_dropping_in_place_asks_first_and_leaves_the_rest_of_the_page(client: Client, plan: Plan) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    asked = text_of(client.get(address(schedule, "drop/"), headers=HTMX))
    assert "<html" not in asked
    assert f'id="record-schedule-{schedule.pk}"' in asked
    answer = client.post(address(schedule, "drop/"), {"fingerprint": fingerprint(schedule)}, headers=HTMX)
    assert (answer.status_code, 'hx-swap-oob="true"' in answer.content.decode()) == (200, True)
    solution = plan.solutions.get(ordinal=2)
    moved = client.post(address(solution, "drop/"), {"fingerprint": fingerprint(solution)}, headers=HTMX)
    assert (moved.status_code, moved["HX-Refresh"]) == (204, "true")  # the numbers of others may change


# --- days, rules, selected words ---


def test_a_commitment_shows_its_next_three_days_and_which_are_days_off(client: Client, plan: Plan) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    Schedule.objects.filter(pk=schedule.pk).update(kind="recurring", rule="FREQ=MONTHLY", due=None)
    card = text_of(client.get(address(schedule, ""), headers=HTMX))
    assert "every month, due on the last day of the month" in card
    assert "31/03/2026; 30/04/2026; 31/05/2026 (day off)" in card
    Schedule.objects.filter(pk=schedule.pk).update(kind="relative", rule="", anchor="ngày đại hội", lead_time="-P7D")
    card = text_of(client.get(address(schedule, ""), headers=HTMX))
    assert "<dt>Hangs on</dt><dd>ngày đại hội</dd>" in card


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        ({"repeat": "FREQ=WEEKLY", "weekday": "FR"}, "FREQ=WEEKLY;BYDAY=FR", "every week, on Friday"),
        ({"repeat": "FREQ=MONTHLY", "month_day": "25"}, "FREQ=MONTHLY;BYMONTHDAY=25", "every month, on day 25"),
        (
            {"repeat": "FREQ=MONTHLY;INTERVAL=3", "month_day": "20", "month_of": "2"},
            "FREQ=MONTHLY;BYMONTH=2,5,8,11;BYMONTHDAY=20",
            "every quarter, on day 20 of month 2 of the quarter",
        ),
        (
            {"repeat": "FREQ=YEARLY", "year_dates": "15/6, 15/12"},
            "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=15",
            "every year, on 15/06, 15/12",
        ),
    ],
)
def test_a_rule_is_chosen_shown_before_it_is_saved_and_shown_again(
    client: Client, plan: Plan, changes: dict[str, str], rule: str, sentence: str
) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    sent = schedule_values(fingerprint=fingerprint(schedule), kind="recurring", due="", **changes)
    target = {**HTMX, "HX-Target": f"record-schedule-{schedule.pk}-preview"}
    shown = client.post(address(schedule), {**sent, "preview": "1"}, headers=target)
    assert (shown.status_code, "<form" in shown.content.decode(), sentence in text_of(shown)) == (200, False, True)
    page = client.post(address(schedule), {**sent, "preview": "1"})  # the button, without JavaScript
    assert (page.status_code, sentence in text_of(page)) == (200, True)
    schedule.refresh_from_db()
    assert schedule.rule == ""
    assert client.post(address(schedule), sent).status_code == 302
    schedule.refresh_from_db()
    assert schedule.rule == rule
    again = client.get(address(schedule)).context["form"]
    assert {k: str(again[k].value() or "") for k in changes} == changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"repeat": "FREQ=YEARLY", "year_dates": "31/4"}, "year_dates"),
        ({"repeat": "FREQ=YEARLY", "year_dates": "1/1,2/1,3/1,4/1,5/1,6/1,7/1"}, "year_dates"),
        ({"repeat": "FREQ=MONTHLY;INTERVAL=3", "month_of": "5"}, "month_of"),
        ({"repeat": "FREQ=MONTHLY", "month_day": "32"}, "month_day"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(
    client: Client, plan: Plan, changes: dict[str, str], field: str
) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    sent = schedule_values(fingerprint=fingerprint(schedule), kind="recurring", due="", **changes)
    response = client.post(address(schedule), sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert "not complete yet" in text_of(client.post(address(schedule), {**sent, "preview": "1"}))


def test_selected_words_become_a_commitment_read_by_the_grammar(client: Client, plan: Plan) -> None:
    text = "Rà soát hồ sơ. Gửi báo cáo trong quý I."
    start = text.index("trong")
    asked = f"/plans/{plan.pk}/check/schedule/add/?paragraph=2&start={start}&end={len(text) - 1}"
    form = client.get(asked)
    page = text_of(form)
    second = plan.solutions.get(ordinal=2)
    assert f'<option value="{second.pk}" selected>' in page
    assert "within quarter 1 of 2026: the last day is 31/03/2026" in page
    assert "Check the year." in page
    sent = schedule_values(solution=second.pk, paragraph="2")
    assert client.post(asked, sent).status_code == 302
    added = second.schedules.order_by("-pk").first()
    assert added
    assert (added.phrase, added.source_paragraph, added.source_start, added.source_end) == (
        "trong quý I", 1, start, len(text) - 1,
    )  # fmt: skip


def test_selected_words_without_a_time_say_so(client: Client, plan: Plan) -> None:
    page = text_of(client.get(f"/plans/{plan.pk}/check/schedule/add/?paragraph=1&start=0&end=7"))
    assert "No time was recognised in these words." in page
    nonsense = f"/plans/{plan.pk}/check/schedule/add/?paragraph=999999999999&start=9&end=x"
    assert client.get(nonsense).status_code == 200


def test_selected_words_become_a_solution_tied_to_them(client: Client, plan: Plan) -> None:
    asked = f"/plans/{plan.pk}/check/solution/add/?paragraph=1&start=0&end=14"
    assert "Rà soát hồ sơ." in text_of(client.get(asked))
    client.post(asked, {"text": "Rà soát hồ sơ.", "deliverable": "result", "paragraph": "1"})
    added = plan.solutions.get(ordinal=3)
    assert (added.source_paragraph, added.source_start, added.source_end) == (0, 0, 14)


def test_a_document_keeps_its_look(client: Client, cast: Cast) -> None:
    plan = make_draft(cast, 1)
    document = plan.document
    line = {"line": 1, "level": 0, "marker": ""}
    head = "TỈNH ĐOÀN SƠN HẢI ĐOÀN TNCS HỒ CHÍ MINH"
    document.paragraphs += [
        {**line, "text": head, "role": "header", "columns": [18]},
        {**line, "text": "STT", "role": "cell", "cell": [500, 1, 0]},
        {**line, "text": "Việc", "role": "cell", "cell": [500, 1, 1]},
        {**line, "text": "Cả hàng", "role": "cell", "cell": [500, 2, 0]},
        {**line, "text": "Nơi nhận:", "role": "recipient"},
        {**line, "text": "TM. BAN THƯỜNG VỤ", "role": "signature"},
    ]
    document.save()
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    assert '<span class="words" data-start="0">TỈNH ĐOÀN SƠN HẢI </span>' in page
    assert '<span class="words" data-start="18">ĐOÀN TNCS HỒ CHÍ MINH</span>' in page
    assert page.count("<tr>") == 2
    assert '<td colspan="2">' in page
    assert '<div class="sheet-end in-columns">' in page


def test_a_page_of_four_hundred_records_stays_small(client: Client, cast: Cast) -> None:
    plan = make_draft(cast, 200)
    Solution.objects.filter(plan=plan).update(doubt="Chưa rõ ai làm.")
    page = client.get(f"/plans/{plan.pk}/check/").content
    assert len(gzip.compress(page)) < 60_000
    assert page.count(b"csrfmiddlewaretoken") < 10


def test_a_record_dropped_while_somebody_accepts_it_is_told_as_gone(
    client: Client, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    solution = plan.solutions.first()
    assert solution is not None
    found = check._found

    def then_dropped(*args: Any) -> Any:
        answer = found(*args)
        Solution.objects.filter(pk=solution.pk).delete()
        return answer

    monkeypatch.setattr(check, "_found", then_dropped)
    for act in ("accept", "reopen"):
        assert client.post(f"/plans/{plan.pk}/check/solution/{solution.pk}/{act}/").status_code == 404


def test_a_paragraph_number_of_thousands_of_digits_is_no_paragraph(client: Client, plan: Plan) -> None:
    address = f"/plans/{plan.pk}/check/schedule/add/?paragraph=000000001{'9' * 5000}"
    assert client.get(address).status_code in {200, 404}


def test_a_draft_thrown_away_meanwhile_is_neither_published_nor_thrown_away_again(cast: Cast, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).delete()
    for act in (publish_plan, discard_plan):
        with pytest.raises(ActionRefused, match="somebody has thrown it away"):
            act(plan=plan, by=cast.office_staff)


# --- a form sent twice, a phrase typed by hand, an answer no longer than what changed ---


def form_key(page: str) -> str:
    found = re.search(r'name="form_key" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_form_that_adds_and_is_sent_twice_makes_one_record(client: Client, plan: Plan, cast: Cast) -> None:
    path = f"/plans/{plan.pk}/check/shortcoming/add/"
    sent = {"text": "Thiếu sổ", "subject": "collective", "form_key": form_key(text_of(client.get(path)))}
    first, second = client.post(path, sent), client.post(path, sent)
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Shortcoming.objects.filter(text="Thiếu sổ").count() == 1
    assert client.post(path, {**sent, "text": "Thiếu sách"}).status_code == 302  # gone back and typed something else
    assert plan.shortcomings.count() == 3
    records.drop_record(record=Shortcoming.objects.get(text="Thiếu sổ"), by=cast.office_staff)
    assert client.post(path, sent).status_code == 404


def test_the_same_words_in_another_form_are_one_more_record(client: Client, plan: Plan) -> None:
    path = f"/plans/{plan.pk}/check/shortcoming/add/"
    for _again in range(2):
        key = form_key(text_of(client.get(path)))
        client.post(path, {"text": "Thiếu sổ", "subject": "collective", "form_key": key})
    assert Shortcoming.objects.filter(text="Thiếu sổ").count() == 2


def test_the_key_of_a_form_that_came_back_stays(client: Client, plan: Plan) -> None:
    path = f"/plans/{plan.pk}/check/shortcoming/add/"
    key = form_key(text_of(client.get(path)))
    assert form_key(text_of(client.post(path, {"text": "", "subject": "collective", "form_key": key}))) == key


def test_a_new_plan_sent_twice_is_one_draft(client: Client, cast: Cast) -> None:
    path = "/plans/new/"
    sent = {"title": "Kế hoạch mới", "kind": "other", "issuing_unit": cast.province.name}
    sent["form_key"] = form_key(text_of(client.get(path)))
    first, second = client.post(path, sent), client.post(path, sent)
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Plan.objects.filter(title="Kế hoạch mới").count() == 1


def test_joining_what_would_be_too_long_is_refused_and_changes_nothing(client: Client, plan: Plan) -> None:
    first, second = plan.solutions.order_by("ordinal")
    Solution.objects.filter(plan=plan).update(text="a" * 6_000)
    answer = client.post(address(first, "join/"))
    assert answer.status_code == 422
    assert "longer than the 10,000 characters of a record" in text_of(answer)
    assert [s.text for s in plan.solutions.all()] == ["a" * 6_000] * 2
    Solution.objects.filter(pk=second.pk).update(text="b" * 3_999)
    assert client.post(address(first, "join/")).status_code == 302
    assert len(plan.solutions.get().text) == 10_000


def test_a_phrase_typed_into_the_form_is_read_and_offered(client: Client, plan: Plan) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    sent = schedule_values(phrase="trước ngày 15/5/2026", fingerprint=fingerprint(schedule))
    offer = text_of(client.post(address(schedule), {**sent, "read": "1"}, headers=HTMX))
    assert offer.strip().startswith(f'<div class="phrase-offer" id="record-schedule-{schedule.pk}-offer"')
    assert "14/05/2026" in offer
    assert 'name="take"' in offer
    taken = client.post(address(schedule), {**sent, "take": "1"}, headers=HTMX)
    form = taken.context["form"]
    assert (taken.status_code, form["kind"].value(), form["due"].value()) == (200, "by_date", "14/05/2026")
    assert form["phrase"].value() == "trước ngày 15/5/2026"
    schedule.refresh_from_db()
    assert schedule.kind == "within_quarter"  # nothing is saved yet
    saved = {name: value for name in form.fields if (value := form[name].value())}
    assert client.post(address(schedule), saved).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.kind, schedule.due, schedule.phrase) == ("by_date", dt.date(2026, 5, 14), "trước ngày 15/5/2026")


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("định kỳ hằng quý", ("recurring", "MONTHLY;INTERVAL=3", "")),
        ("trước khi họp 03 ngày", ("relative", "", "khi họp")),
        ("thường xuyên", ("ongoing", "", "")),
    ],
)
def test_what_a_typed_phrase_means_fills_the_form(
    client: Client, plan: Plan, phrase: str, expected: tuple[str, str, str]
) -> None:
    sent = schedule_values(phrase=phrase)
    solution = plan.solutions.get(ordinal=1)
    path = f"/plans/{plan.pk}/check/schedule/add/?solution={solution.pk}"
    form = client.post(path, {**sent, "take": "1"}).context["form"]
    kind, rule, anchor = expected
    assert (form["kind"].value(), form["anchor"].value() or "") == (kind, anchor)
    assert form.values()["rule"].removeprefix("FREQ=") == rule
    assert Schedule.objects.filter(solution=solution).count() == 1


@pytest.mark.parametrize("phrase", ["", "nhanh chóng", "trong quý I năm 2026", "a\x00b", "trước " * 2_000])
def test_nothing_is_offered_where_nothing_else_is_understood(client: Client, plan: Plan, phrase: str) -> None:
    schedule = plan.solutions.get(ordinal=1).schedules.get()
    sent = schedule_values(phrase=phrase, start="01/01/2026", fingerprint=fingerprint(schedule), read="1")
    answer = client.post(address(schedule), sent, headers=HTMX)
    assert (answer.status_code, 'name="take"' in text_of(answer)) == (200, False)


def test_an_answer_leaves_out_what_is_missing_where_the_page_shows_it_already(client: Client, cast: Cast) -> None:
    plan = make_draft(cast, 60)
    Schedule.objects.filter(solution__plan=plan).delete()
    first = plan.solutions.get(ordinal=1)
    Solution.objects.filter(plan=plan).update(doubt="Chưa rõ")
    page = text_of(client.get(f"/plans/{plan.pk}/check/"))
    shown = re.search(r'data-lists="(\w+)"', page)
    assert shown
    whole = client.post(address(first, "accept/"), headers=HTMX)
    short = client.post(address(first, "accept/"), headers={**HTMX, "X-Lists": shown[1]})
    assert f'id="check-lists-{shown[1]}" hx-preserve' in text_of(short)
    assert len(short.content) < 5_000 < len(whole.content)
    ScheduleFactory(solution=first)
    changed = client.post(address(first, "reopen/"), headers={**HTMX, "X-Lists": shown[1]})
    assert "hx-preserve" not in text_of(changed)
