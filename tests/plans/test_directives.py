"""Directives: drafting, issuing with the notice asked for, who sees them, who says that they arrived, the figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse

from plans.actions import directives as acts
from plans.enums import LeadState, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import Directive, DirectiveRecipient, Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PlanFactory, SolutionFactory, make_directive, make_published_plan, make_unit
from units.models import AuditEvent, Unit, UnitKind

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
BY_ORDER = "Theo chỉ đạo gấp của Trung ương Đoàn"


@pytest.fixture
def draft(cast: Cast) -> Directive:
    """Return a draft of the province to one district."""
    return acts.draft_directive(
        issuing_unit=cast.province,
        by=cast.office_staff,
        values={"title": "V/v tổ chức Tháng Thanh niên", "drafting_unit": cast.department, "kind": "letter"},
        units=[cast.district],
    )


def issue(draft: Directive, cast: Cast, days: int = 10, **facts: Any) -> Directive:
    """Issue a draft today, so many days before its roll-out."""
    usual = {"symbol": "12-CV/TĐTN", "issued_on": TODAY, "rolls_out_on": TODAY + dt.timedelta(days)}
    return acts.issue_directive(directive=draft, by=cast.office_staff, **{**usual, **facts})


def received(row: Directive) -> dict[str, dt.date | None]:
    """Return the units a directive was issued to, and when each received it."""
    return dict(row.recipients.values_list("unit__name", "received_on"))


# --- drafting ---


@pytest.mark.parametrize("who", ["leader", "department_head", "reader", "administrator", "secretary", "outsider"])
def test_only_the_office_of_the_issuer_drafts(cast: Cast, who: str) -> None:
    values = {"title": "V/v x", "drafting_unit": cast.province}
    with pytest.raises(Http404):
        acts.draft_directive(issuing_unit=cast.province, by=getattr(cast, who), values=values)
    assert not Directive.objects.exists()


def test_a_level_above_does_not_draft_for_a_unit(cast: Cast) -> None:
    with pytest.raises(Http404):
        acts.draft_directive(issuing_unit=cast.district, by=cast.office_staff, values={"title": "V/v x"})


def test_a_draft_is_changed_with_what_was_before_in_the_log(cast: Cast, draft: Directive) -> None:
    changed = acts.change_directive(
        directive=draft, by=cast.second_office_staff, values={"title": "V/v hè"}, units=[cast.commune], version=1
    )
    assert (changed.title, changed.version, list(changed.addressed_units.all())) == ("V/v hè", 2, [cast.commune])
    data = AuditEvent.objects.latest("pk").data
    assert data["title"] == ["V/v tổ chức Tháng Thanh niên", "V/v hè"]
    assert data["addressed"] == [[cast.district.name], [cast.commune.name]]
    with pytest.raises(Stale):
        acts.change_directive(directive=draft, by=cast.office_staff, values={"title": "Khác"}, version=1)


def test_urgency_and_its_reason_come_together(cast: Cast, draft: Directive) -> None:
    wrong: tuple[dict[str, Any], ...] = ({"urgent": True, "urgent_reason": " "}, {"urgent_reason": BY_ORDER})
    for facts in wrong:
        with pytest.raises(ActionRefused):
            acts.change_directive(directive=draft, by=cast.office_staff, values=facts)
        with pytest.raises(ActionRefused):
            issue(draft, cast, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Directive.objects.filter(pk=draft.pk).update(urgent=True)


def test_a_solution_of_another_plan_is_refused(cast: Cast, draft: Directive) -> None:
    solution = SolutionFactory(plan=make_published_plan(cast.province), lead_unit=cast.province)
    for plan in (None, make_published_plan(cast.province)):
        with pytest.raises(ActionRefused):
            acts.change_directive(directive=draft, by=cast.office_staff, values={"plan": plan, "solution": solution})


def test_a_draft_is_thrown_away_and_an_issued_one_stays(cast: Cast, draft: Directive) -> None:
    kept = make_directive(cast.province, by=cast.office_staff, to=[cast.commune])
    acts.discard_directive(directive=draft, by=cast.second_office_staff)
    with pytest.raises(Stale):
        acts.discard_directive(directive=kept, by=cast.office_staff)
    with pytest.raises(Stale):
        acts.discard_directive(directive=draft, by=cast.office_staff)
    assert list(Directive.objects.all()) == [kept]
    assert AuditEvent.objects.filter(action="dropped").count() == 1


# --- issuing ---


def test_issuing_reaches_named_units_and_every_unit_of_a_kind_in_force(cast: Cast, draft: Directive) -> None:
    gone = make_unit("Đoàn xã Cũ", code="ST-CU", parent=cast.district, valid_to=dt.date(2026, 1, 1))
    kinds = UnitKind.objects.filter(code="commune")
    acts.change_directive(directive=draft, by=cast.office_staff, values={}, units=[cast.department], kinds=kinds)
    row = issue(draft, cast)
    assert received(row) == {cast.department.name: None, cast.commune.name: None}  # not the foreign commune
    assert gone.name not in received(row)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.data) == ("issued", {"lead": "lead_kept", "days": 10, "required": 7, "units": 2})


def test_a_directive_to_nobody_is_refused(cast: Cast, draft: Directive) -> None:
    acts.change_directive(directive=draft, by=cast.office_staff, values={}, units=[])
    with pytest.raises(ActionRefused):
        issue(draft, cast)
    draft.refresh_from_db()
    assert draft.is_draft


def test_short_notice_is_refused_with_every_cure_and_issued_when_insisted_on(cast: Cast, draft: Directive) -> None:
    with pytest.raises(ActionRefused) as refusal:
        issue(draft, cast, 5)
    assert "23/03/2026" in str(refusal.value.message)
    draft.refresh_from_db()
    assert draft.is_draft
    row = issue(draft, cast, 5, despite_short_notice=True)
    assert row.lead
    assert (row.lead.state, row.lead.days, row.lead.missing) == (LeadState.BROKEN, 5, 2)


def test_urgency_with_a_reason_passes_and_keeps_it(cast: Cast, draft: Directive) -> None:
    row = issue(draft, cast, 5, urgent=True, urgent_reason=BY_ORDER)
    assert row.lead
    assert (row.lead.state, row.lead.reason) == (LeadState.URGENT, BY_ORDER)
    assert AuditEvent.objects.latest("pk").data["reason"] == BY_ORDER


@pytest.mark.parametrize(
    "facts",
    [
        {"rolls_out_on": dt.date(2026, 3, 15)},
        {"issued_on": dt.date(2026, 3, 17), "rolls_out_on": dt.date(2026, 4, 17)},
        {"symbol": " "},
    ],
)
def test_days_and_number_that_make_no_sense_are_refused(cast: Cast, draft: Directive, facts: dict[str, Any]) -> None:
    with pytest.raises(ActionRefused):
        issue(draft, cast, **facts, urgent=True, urgent_reason=BY_ORDER)
    draft.refresh_from_db()
    assert (draft.is_draft, draft.recipients.count()) == (True, 0)


def test_the_plan_says_how_many_days_and_a_later_change_judges_nothing_anew(cast: Cast, draft: Directive) -> None:
    plan = make_published_plan(cast.province, directive_lead_days=14)
    acts.change_directive(directive=draft, by=cast.office_staff, values={"plan": plan}, units=[cast.district])
    with pytest.raises(ActionRefused):
        issue(draft, cast, 10)
    row = issue(draft, cast, 14)
    plan.directive_lead_days = 30
    plan.save()
    again = Directive.objects.get(pk=row.pk)
    assert again.lead
    assert (again.lead.state, again.lead.required) == (LeadState.KEPT, 14)


def test_what_is_issued_stays_as_it_is(cast: Cast, draft: Directive) -> None:
    issue(draft, cast)
    with pytest.raises(Stale):
        issue(draft, cast)
    with pytest.raises(Stale):
        acts.change_directive(directive=draft, by=cast.office_staff, values={"title": "Khác"})
    for lost in ({"symbol": ""}, {"earliest_roll_out": None}, {"rolls_out_on": dt.date(2026, 3, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Directive.objects.filter(pk=draft.pk).update(**lost)


def test_the_office_sets_the_days_of_a_plan_at_its_head(cast: Cast, login: Login) -> None:
    plan: Plan = PlanFactory(issuing_unit=cast.province, status=PlanStatus.DRAFT)
    client, edit = login(cast.office_staff), reverse("plans:record_edit", args=[plan.pk, "header", plan.pk])
    form = client.get(edit).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, False)}
    sent |= {"fingerprint": form["fingerprint"].value() or "", "period_start": "", "period_end": ""}
    assert client.post(edit, sent | {"directive_lead_days": "91"}).status_code == 422
    assert client.post(edit, sent | {"directive_lead_days": "10"}).status_code == 302
    plan.refresh_from_db()
    assert plan.directive_lead_days == 10


# --- receiving ---


def test_a_unit_says_once_that_it_arrived(cast: Cast, draft: Directive, today: dt.date) -> None:
    row = issue(draft, cast)
    (mine,) = acts.receive_directive(directive=row, by=cast.secretary)
    assert (mine.unit, mine.received_on, mine.received_by) == (cast.district, today, cast.secretary)
    event = AuditEvent.objects.latest("pk")
    assert (event.unit_id, event.data) == (cast.district.pk, {"received_on": [None, "2026-03-16"]})
    assert f"{cast.secretary} đã nhận</li>" in render_to_string("plans/events.html", {"events": [event]})
    with pytest.raises(Stale):
        acts.receive_directive(directive=row, by=cast.secretary)


@pytest.mark.parametrize(
    "who",
    ["office_staff", "leader", "department_head", "sibling_secretary", "commune_secretary", "reader", "outsider"],
)
def test_nobody_says_it_for_another_unit(cast: Cast, draft: Directive, who: str) -> None:
    row = issue(draft, cast)
    with pytest.raises(Http404):
        acts.receive_directive(directive=row, by=getattr(cast, who))
    assert received(row) == {cast.district.name: None}


# --- who sees what ---


def test_drafts_are_the_issuers_and_issued_ones_also_those_addressed(cast: Cast, draft: Directive) -> None:
    row = make_directive(cast.province, by=cast.office_staff, to=[cast.district])
    below = make_directive(cast.district, by=cast.secretary)
    sees = {
        "office_staff": {draft, row},
        "leader": {draft, row},
        "department_head": {draft, row},
        "secretary": {row, below},
        "commune_secretary": set(),
        "sibling_secretary": set(),
        "outsider": set(),
    }
    found = {who: set(Directive.objects.visible_to(getattr(cast, who))) for who in sees}
    assert found == sees


def test_a_level_above_sees_what_a_unit_issues(cast: Cast) -> None:
    row = make_directive(cast.district, by=cast.secretary, to=[cast.commune])
    seen = [Directive.objects.visible_to(who).contains(row) for who in (cast.leader, cast.commune_secretary)]
    assert seen == [True, True]
    assert not Directive.objects.visible_to(cast.sibling_secretary).exists()


def test_a_unit_addressed_learns_nothing_of_the_others(cast: Cast, login: Login) -> None:
    row = make_directive(cast.province, by=cast.office_staff, to=[cast.district, cast.other_district])
    acts.receive_directive(directive=row, by=cast.sibling_secretary)
    client = login(cast.secretary)
    for page in (row.get_absolute_url(), reverse("plans:directives")):
        shown = client.get(page).text
        assert cast.other_district.name not in shown
        assert cast.sibling_secretary.full_name not in shown
        assert "1 / 2" not in shown
    office = login(cast.office_staff).get(row.get_absolute_url()).text
    assert cast.other_district.name in office
    assert cast.sibling_secretary.full_name in office
    assert "1 / 2" in login(cast.office_staff).get(reverse("plans:directives")).text


def test_a_plan_that_one_does_not_see_is_not_named(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province, title="Kế hoạch nội bộ")
    solution = SolutionFactory(plan=plan, text="Việc nội bộ", lead_unit=cast.province)
    row = make_directive(cast.province, by=cast.office_staff, to=[cast.district], plan=plan, solution=solution)
    shown = login(cast.secretary).get(row.get_absolute_url()).text
    assert "nội bộ" not in shown
    assert "Việc nội bộ" in login(cast.office_staff).get(row.get_absolute_url()).text


# --- pages ---


def form_of(cast: Cast, **facts: Any) -> dict[str, Any]:
    """Return what the office sends to draft a directive."""
    usual = {
        "title": "V/v <b>ra quân</b>",
        "kind": "letter",
        "drafting_unit": cast.department.pk,
        "units": cast.district.name,
        "rolls_out_on": "26/03/2026",
    }
    return {**usual, **facts}


def test_the_office_drafts_and_issues_by_form_and_a_secretary_answers_from_the_list(cast: Cast, login: Login) -> None:
    office, unit = login(cast.office_staff), login(cast.secretary)
    plan = make_published_plan(cast.province)
    SolutionFactory(plan=plan, ordinal=3, lead_unit=cast.province)
    sent = form_of(cast, plan=plan.pk, ordinal=3, agreed_with="Các ban, ngày 10/03")
    assert office.post(reverse("plans:directive_new"), sent).status_code == 302
    row = Directive.objects.get()
    assert (row.solution, row.created_by, row.drafting_unit) == (
        plan.solutions.get(),
        cast.office_staff,
        cast.department,
    )
    edit = office.get(reverse("plans:directive_edit", args=[row.pk]))
    assert edit.context["form"]["ordinal"].value() == 3
    assert office.post(reverse("plans:directive_edit", args=[row.pk]), {**sent, "version": 1}).status_code == 302
    stale = office.post(reverse("plans:directive_edit", args=[row.pk]), {**sent, "title": "Khác", "version": 1})
    assert (stale.status_code, "Khác" in stale.text) == (409, True)
    issued = {"symbol": "15-CV/TĐTN", "issued_on": "16/03/2026", "rolls_out_on": "26/03/2026", "version": 2}
    address = reverse("plans:directive_issue", args=[row.pk])
    short = office.post(address, {**issued, "rolls_out_on": "20/03/2026"})
    assert (short.status_code, "15-CV/TĐTN" in short.text) == (422, True)
    assert office.post(address, issued).status_code == 302
    listed = reverse("plans:directives")
    receive = reverse("plans:directive_receive", args=[row.pk])
    assert receive in unit.get(listed).text
    assert receive not in office.get(listed).text
    assert "&lt;b&gt;ra quân" in unit.get(row.get_absolute_url()).text
    assert unit.get("/units/").context["shell"].counts["directives"] == 1
    done = unit.post(receive, {"next": listed})
    assert (done.status_code, done.headers["Location"]) == (302, listed)
    assert unit.get("/units/").context["shell"].counts["directives"] == 0
    assert unit.post(receive).status_code == 409
    assert "16/03/2026" in office.get(row.get_absolute_url()).text


@pytest.mark.parametrize(
    "facts",
    [
        {"title": ""},
        {"title": "x\0y"},
        {"title": "x" * 501},
        {"units": "Huyện đoàn Không Có"},
        {"units": ""},
        {"kinds": "1000000000"},
        {"drafting_unit": 10**9},
        {"plan": "1"},
        {"plan": "x"},
        {"ordinal": "1"},
        {"ordinal": "9" * 30},
        {"rolls_out_on": "26/03/0026"},
        {"rolls_out_on": "31/02/2026"},
        {"urgent": "on"},
        {"urgent_reason": BY_ORDER},
    ],
)
def test_bad_input_is_refused_and_kept(cast: Cast, login: Login, facts: dict[str, Any]) -> None:
    page = login(cast.office_staff).post(reverse("plans:directive_new"), form_of(cast, **facts))
    assert page.status_code == 422
    assert not Directive.objects.exists()


def test_units_and_plans_of_others_cannot_be_named(cast: Cast, login: Login) -> None:
    client = login(cast.office_staff)
    foreign = make_published_plan(cast.foreign_province)
    draft = PlanFactory(issuing_unit=cast.province)
    attacks: tuple[dict[str, Any], ...] = (
        {"units": cast.foreign_commune.name},
        {"units": cast.foreign_commune.code},
        {"drafting_unit": cast.foreign_province.pk},
        {"drafting_unit": cast.district.pk},
        {"plan": foreign.pk},
        {"plan": draft.pk},
    )
    for facts in attacks:
        assert client.post(reverse("plans:directive_new"), form_of(cast, **facts)).status_code == 422, facts
    assert client.get(reverse("plans:directive_new"), {"unit": cast.district.pk}).status_code == 404
    assert client.get(reverse("plans:directive_new"), {"unit": "x"}).status_code == 404


def test_somebody_with_two_offices_chooses_for_which_to_draft(cast: Cast, login: Login) -> None:
    from tests.factories import AppointmentFactory  # noqa: PLC0415  # only here
    from units.models import Post  # noqa: PLC0415  # only here

    AppointmentFactory(user=cast.office_staff, post=Post.objects.get(unit=cast.district))
    client = login(cast.office_staff)
    page = client.get(reverse("plans:directive_new"), {"unit": cast.district.pk})
    assert page.context["issuer"] == cast.district
    assert f"?unit={cast.province.pk}" in page.text


def test_the_list_is_filtered(cast: Cast, login: Login) -> None:
    early = make_directive(cast.province, by=cast.office_staff, to=[cast.district], title="V/v hè")
    day = dt.date(2026, 2, 2)
    facts: dict[str, Any] = {"issued_on": day, "rolls_out_on": day, "drafting_unit": cast.department}
    short = make_directive(cast.province, by=cast.office_staff, to=[cast.district], kind="guidance", **facts)
    draft = make_directive(cast.province, by=cast.office_staff)
    acts.receive_directive(directive=early, by=cast.secretary)
    client = login(cast.office_staff)

    def shown(client: Any = client, **query: Any) -> list[int]:
        return [r["pk"] for r in client.get(reverse("plans:directives"), query).context["rows"]]

    assert shown() == [draft.pk, early.pk, short.pk]
    assert shown(lead="lead_broken") == [short.pk]
    assert shown(lead="lead_kept") == [early.pk]
    assert shown(drafted_by=cast.department.pk) == [short.pk]
    assert shown(kind="guidance") == [short.pk]
    assert shown(q="he") == [early.pk]
    assert shown(issued="true") == [early.pk, short.pk]
    assert shown(issued_from="01/02/2026", issued_to="28/02/2026") == [short.pk]
    assert shown(unit=cast.district.pk) == []
    assert shown(drafted_by=cast.foreign_province.pk) == []
    assert shown(login(cast.secretary), mine="true") == [short.pk]


def test_the_figures_count_the_office_itself_and_each_number_opens_its_rows(cast: Cast, login: Login) -> None:
    by, to = cast.office_staff, [cast.district]
    day = dt.date(2026, 2, 2)
    short: dict[str, Any] = {"issued_on": day, "rolls_out_on": day + dt.timedelta(5), "drafting_unit": cast.department}
    make_directive(cast.province, by=by, to=to, drafting_unit=cast.office)
    make_directive(cast.province, by=by, to=to, **short)
    make_directive(cast.province, by=by, to=to, urgent=True, urgent_reason=BY_ORDER, **short)
    make_directive(cast.province, by=by)  # a draft counts nowhere
    old = dt.date(2025, 5, 5)
    make_directive(cast.province, by=by, to=to, issued_on=old, rolls_out_on=old)
    client = login(cast.office_staff)
    page = client.get(reverse("plans:directive_figures"))
    found = {line.name: [n for n, _href in line.cells] + [line.figures.rate] for line in page.context["departments"]}
    assert found == {cast.office.name: [1, 1, 0, 0, "100,0 %"], cast.department.name: [2, 0, 1, 1, "50,0 %"]}
    months = {line.name: [n for n, _href in line.cells] for line in page.context["months"]}
    assert months == {"03/2026": [1, 1, 0, 0], "02/2026": [2, 0, 1, 1]}
    whole = page.context["whole"]
    assert ([n for n, _href in whole.cells], whole.figures.rate) == ([3, 1, 1, 1], "66,7 %")
    for line in [*page.context["departments"], *page.context["months"], whole]:
        for number, href in line.cells:
            assert len(client.get(href).context["rows"]) == number, (line.name, href)
    all_days = client.get(reverse("plans:directive_figures"), {"issued_from": "", "issued_to": ""})
    assert [n for n, _href in all_days.context["whole"].cells] == [4, 1, 1, 2]
    nonsense = client.get(reverse("plans:directive_figures"), {"issued_from": "x"})
    assert (nonsense.status_code, "whole" in nonsense.context) == (200, False)
    assert login(cast.outsider).get(reverse("plans:directive_figures")).context["whole"].figures.total == 0


@pytest.mark.parametrize("size", [1, 20])
def test_the_pages_cost_the_same_for_few_and_many(
    cast: Cast, login: Login, size: int, django_assert_num_queries: Any
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.district) for n in range(size)]
    rows = [make_directive(cast.province, by=cast.office_staff, to=units) for _n in range(size)]
    client, unit = login(cast.office_staff), login(cast.secretary)
    with django_assert_num_queries(8):
        assert len(client.get(reverse("plans:directives")).context["rows"]) == size
    with django_assert_num_queries(9):
        assert len(unit.get(reverse("plans:directives")).context["rows"]) == size
    with django_assert_num_queries(13):
        assert client.get(rows[0].get_absolute_url()).status_code == 200
    with django_assert_num_queries(7):
        assert client.get(reverse("plans:directive_figures")).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(cast: Cast, login: Login, draft: Directive, language: str) -> None:
    client = login(cast.office_staff)
    client.cookies["django_language"] = language
    pages = [reverse(f"plans:directive_{act}", args=[draft.pk]) for act in ("edit", "issue", "discard")]
    pages += [draft.get_absolute_url(), reverse("plans:directives"), reverse("plans:directive_new")]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
    assert "<html" not in client.get(pages[4], headers={"hx-request": "true"}).text


def test_recipients_follow_the_directive(cast: Cast) -> None:
    row = make_directive(cast.province, by=cast.office_staff, to=[cast.district, cast.commune])
    assert DirectiveRecipient.objects.visible_to(cast.commune_secretary).get().unit == cast.commune
    assert list(DirectiveRecipient.objects.to_receive_by(cast.secretary)) == [row.recipients.get(unit=cast.district)]
    assert Unit.objects.get(pk=cast.commune.pk).received_directives.get().directive == row


@pytest.mark.parametrize("act", ["edit", "issue", "discard"])
def test_no_act_goes_ahead_without_the_version_that_was_seen(cast: Cast, login: Login, act: str) -> None:
    draft = make_directive(cast.province, by=cast.office_staff)
    sent = form_of(cast, title="Khác") | {
        "symbol": "1-CV", "issued_on": "16/03/2026", "rolls_out_on": "30/03/2026",
    }  # fmt: skip
    address = reverse(f"plans:directive_{act}", args=[draft.pk])
    before = Directive.objects.values().get()
    for version, status in ((None, 422), (draft.version + 1, 409)):
        answer = login(cast.office_staff).post(address, sent if version is None else sent | {"version": version})
        assert (answer.status_code, Directive.objects.values().get()) == (status, before)
        assert f'name="version" value="{draft.version}"' in answer.text
