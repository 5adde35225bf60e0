"""Provincial activities: nothing is issued before the standing body has agreed; who drafts, comments, agrees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from plans.actions import activities as acts
from plans.enums import ActivityState, Opinion
from plans.errors import ActionRefused, Stale
from plans.models import Activity, ActivityComment
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_activity, make_officer, make_published_plan
from units.models import AuditEvent
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)


@pytest.fixture
def draft(cast: Cast) -> Activity:
    """Return a draft of the province's office."""
    values = {"title": "Hội trại Tòng quân", "text": "Ba ngày, 300 trại sinh.", "drafting_unit": cast.department}
    return acts.draft_activity(issuing_unit=cast.province, by=cast.office_staff, values=values)


def agree(draft: Activity, cast: Cast, **facts: Any) -> Activity:
    """Let the leader record that the standing body agrees."""
    usual = {"opinion": Opinion.AGREED, "words": "Đồng ý chủ trương.", "given_on": TODAY, "symbol": "05-TB/TĐTN"}
    return acts.give_opinion(activity=draft, by=cast.leader, **{**usual, **facts})


def comment(draft: Activity, cast: Cast) -> ActivityComment:
    """Let the department say something."""
    return acts.comment_on_activity(
        activity=draft, by=cast.department_head, unit=cast.department, text=" Nên giảm còn hai ngày. "
    )


def issue(draft: Activity, cast: Cast, **facts: Any) -> Activity:
    """Let the office mark it as issued today."""
    usual = {"symbol": "30-KH/TĐTN", "issued_on": TODAY, "host_unit": cast.district}
    return acts.issue_activity(activity=draft, by=cast.office_staff, **{**usual, **facts})


def test_the_whole_way(cast: Cast, draft: Activity) -> None:
    assert draft.state == ActivityState.AWAITED
    comment(draft, cast)
    assert agree(draft, cast).state == ActivityState.AGREED
    row = issue(draft, cast)
    assert (row.state, row.host_unit, row.issued_by, row.opinion_by) == (
        ActivityState.ISSUED,
        cast.district,
        cast.office_staff,
        cast.leader,
    )
    said = draft.comments.get()
    assert (said.unit, said.text) == (cast.department, "Nên giảm còn hai ngày.")
    acts_logged = AuditEvent.objects.filter(unit_id=cast.province.pk).order_by("pk").values_list("action", flat=True)
    assert list(acts_logged) == ["created", "created", "opinion_given", "issued"]
    logged = AuditEvent.objects.get(object_type="activitycomment")
    assert logged.object_label == f"Góp ý của {cast.department}"  # what was said follows as the reason


def test_it_is_not_issued_before_the_opinion_and_the_refusal_says_what_to_do(
    cast: Cast, draft: Activity, login: Login
) -> None:
    comment(draft, cast)
    with pytest.raises(ActionRefused) as refusal:
        issue(draft, cast)
    sent = {
        "symbol": "30-KH/TĐTN",
        "issued_on": "16/03/2026",
        "host_unit": cast.district.name,
        "version": draft.version,
    }
    page = login(cast.office_staff).post(reverse("plans:activity_issue", args=[draft.pk]), sent)
    assert page.status_code == 422
    assert str(refusal.value.message) in page.text
    draft.refresh_from_db()
    assert draft.issued_on is None


@pytest.mark.parametrize(
    "opinion",
    [
        {},
        {"opinion": "revise", "opinion_text": "Làm lại.", "opinion_on": TODAY},
        {"opinion": "agreed", "opinion_text": "Được.", "opinion_on": TODAY + dt.timedelta(1)},
    ],
)
def test_the_database_refuses_it_too(cast: Cast, draft: Activity, opinion: dict[str, Any]) -> None:
    issued = {"symbol": "30-KH/TĐTN", "issued_on": TODAY, "issued_by": cast.office_staff, "host_unit": cast.district}
    by = {"opinion_by": cast.leader} if opinion else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=draft.pk).update(**issued, **opinion, **by)
    agreed = {"opinion": "agreed", "opinion_text": "Được.", "opinion_on": TODAY, "opinion_by": cast.leader}
    assert Activity.objects.filter(pk=draft.pk).update(**issued, **agreed) == 1


def test_a_body_that_asks_for_a_revision_lets_nothing_pass(cast: Cast, draft: Activity) -> None:
    comment(draft, cast)
    assert agree(draft, cast, opinion=Opinion.REVISE).state == ActivityState.REVISE
    with pytest.raises(ActionRefused):
        issue(draft, cast)
    agree(draft, cast)
    assert issue(draft, cast).state == ActivityState.ISSUED


def test_the_issue_does_not_lie_before_the_opinion(cast: Cast, draft: Activity) -> None:
    comment(draft, cast)
    agree(draft, cast)
    for day in (TODAY - dt.timedelta(1), TODAY + dt.timedelta(1)):
        with pytest.raises(ActionRefused):
            issue(draft, cast, issued_on=day)
    with pytest.raises(ActionRefused):
        issue(draft, cast, symbol=" ")
    with pytest.raises(ActionRefused):
        agree(draft, cast, given_on=TODAY + dt.timedelta(1))


def test_without_a_comment_of_a_department_it_is_issued_only_when_insisted_on(cast: Cast, draft: Activity) -> None:
    agree(draft, cast)
    with pytest.raises(ActionRefused):
        issue(draft, cast)
    issue(draft, cast, despite_no_comment=True)
    assert AuditEvent.objects.latest("pk").data["uncommented"] is True


def test_a_changed_draft_needs_a_new_opinion(cast: Cast, draft: Activity) -> None:
    agree(draft, cast)
    same = acts.change_activity(activity=draft, by=cast.office_staff, values={"title": draft.title})
    assert same.state == ActivityState.AGREED
    row = acts.change_activity(activity=draft, by=cast.office_staff, values={"text": "Hai ngày."})
    assert (row.state, row.opinion_text, row.opinion_by) == (ActivityState.AWAITED, "", None)
    assert AuditEvent.objects.latest("pk").data["opinion"] == ["agreed", ""]
    with pytest.raises(Stale):
        agree(draft, cast, version=1)


@pytest.mark.parametrize("who", ["office_staff", "second_office_staff", "department_head", "administrator", "reader"])
def test_only_who_sits_in_the_standing_body_records_its_opinion(cast: Cast, draft: Activity, who: str) -> None:
    with pytest.raises(Http404):
        acts.give_opinion(activity=draft, by=getattr(cast, who), opinion=Opinion.AGREED, words="Được.", given_on=TODAY)


def test_nobody_agrees_to_a_draft_of_their_own(cast: Cast) -> None:
    own = make_activity(cast.district, by=cast.secretary)
    with pytest.raises(Http404):
        acts.give_opinion(activity=own, by=cast.secretary, opinion=Opinion.AGREED, words="Được.", given_on=TODAY)
    deputy = make_officer(cast.district, Role.SECRETARY, title="Phó Bí thư")
    acts.give_opinion(activity=own, by=deputy, opinion=Opinion.AGREED, words="Được.", given_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=own.pk).update(opinion_by=cast.secretary)


@pytest.mark.parametrize("who", ["leader", "office_staff", "secretary", "sibling_secretary", "reader", "outsider"])
def test_only_departments_comment(cast: Cast, draft: Activity, who: str) -> None:
    for unit in (cast.department, cast.district):
        with pytest.raises(Http404):
            acts.comment_on_activity(activity=draft, by=getattr(cast, who), unit=unit, text="Được.")


def test_a_department_comments_for_itself_until_the_issue(cast: Cast, draft: Activity) -> None:
    with pytest.raises(Http404):
        acts.comment_on_activity(activity=draft, by=cast.department_head, unit=cast.office, text="Được.")
    with pytest.raises(ActionRefused):
        acts.comment_on_activity(activity=draft, by=cast.department_head, unit=cast.department, text=" ")
    issued = make_activity(cast.province, by=cast.office_staff, host=cast.district, opinion_by=cast.leader)
    with pytest.raises(Stale):
        comment(issued, cast)


def test_what_is_issued_stays_as_it_is(cast: Cast) -> None:
    row = make_activity(cast.province, by=cast.office_staff, host=cast.district, opinion_by=cast.leader)
    for act in (
        lambda: acts.change_activity(activity=row, by=cast.office_staff, values={"title": "Khác"}),
        lambda: acts.discard_activity(activity=row, by=cast.office_staff),
        lambda: agree(row, cast),
        lambda: issue(row, cast),
    ):
        with pytest.raises(Stale):
            act()


@pytest.mark.parametrize("who", ["leader", "department_head", "secretary", "outsider"])
def test_only_the_office_of_the_issuer_drafts_changes_and_issues(cast: Cast, draft: Activity, who: str) -> None:
    by = getattr(cast, who)
    agree(draft, cast)
    for act in (
        lambda: acts.draft_activity(issuing_unit=cast.province, by=by, values={"title": "x", "text": "x"}),
        lambda: acts.change_activity(activity=draft, by=by, values={"title": "x"}),
        lambda: acts.discard_activity(activity=draft, by=by),
        lambda: acts.issue_activity(
            activity=draft, by=by, symbol="1-KH", issued_on=TODAY, host_unit=cast.district, despite_no_comment=True
        ),
    ):
        with pytest.raises(Http404):
            act()


# --- who sees what ---


def test_drafts_are_the_issuers_and_issued_ones_also_the_hosts(cast: Cast, draft: Activity) -> None:
    row = make_activity(cast.province, by=cast.office_staff, host=cast.district, opinion_by=cast.leader)
    sees = {
        "office_staff": {draft, row},
        "department_head": {draft, row},
        "leader": {draft, row},
        "secretary": {row},
        "commune_secretary": set(),
        "sibling_secretary": set(),
        "outsider": set(),
    }
    assert {who: set(Activity.objects.visible_to(getattr(cast, who))) for who in sees} == sees


def test_the_host_sees_the_plan_as_issued_and_nothing_of_what_was_said_before(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province, title="Kế hoạch nội bộ")
    facts: dict[str, Any] = {"opinion_text": "Ý kiến nội bộ", "plan": plan}
    row = make_activity(cast.province, by=cast.office_staff, host=cast.district, opinion_by=cast.leader, **facts)
    said = {"unit": cast.department, "author": cast.department_head, "text": "Góp ý nội bộ"}
    ActivityComment.objects.create(activity=row, at=row.created_at, **said)
    host, office = (login(who).get(row.get_absolute_url()).text for who in (cast.secretary, cast.office_staff))
    assert "nội bộ" not in host
    assert cast.leader.full_name not in host
    for words in ("Ý kiến nội bộ", "Góp ý nội bộ", "Kế hoạch nội bộ"):
        assert words in office


# --- pages ---


def test_the_whole_way_by_form(cast: Cast, login: Login) -> None:
    office, leader, department = (login(who) for who in (cast.office_staff, cast.leader, cast.department_head))
    sent = {"title": "Hội trại <i>hè</i>", "text": "Ba ngày.", "drafting_unit": cast.department.pk}
    assert office.post(reverse("plans:activity_new"), sent).status_code == 302
    row = Activity.objects.get()
    page = row.get_absolute_url()
    shown = {
        name: reverse(f"plans:activity_{name}", args=[row.pk]) for name in ("comment", "opinion", "issue", "edit")
    }
    offered = {
        who: {name for name, address in shown.items() if address in client.get(page).text}
        for who, client in {"office": office, "leader": leader, "department": department}.items()
    }
    assert offered == {"office": {"edit"}, "leader": {"opinion"}, "department": {"comment"}}
    assert "&lt;i&gt;hè" in office.get(page).text
    assert department.post(shown["comment"], {"unit": cast.district.pk, "text": "x"}).status_code == 422
    assert department.post(shown["comment"], {"unit": cast.department.pk, "text": "Nên hai ngày"}).status_code == 302
    opinion = {"opinion": "agreed", "words": "Đồng ý", "symbol": "05-TB/TĐTN", "given_on": "16/03/2026"}
    for wrong in ({"opinion": "x"}, {"words": ""}, {"given_on": "17/03/2026"}, {"given_on": "x"}):
        assert leader.post(shown["opinion"], opinion | wrong | {"version": 1}).status_code == 422
    assert leader.post(shown["opinion"], opinion | {"version": 1}).status_code == 302
    assert leader.post(shown["opinion"], opinion | {"version": 1}).status_code == 409
    issued = {"symbol": "30-KH/TĐTN", "issued_on": "16/03/2026", "host_unit": cast.district.name}
    assert (
        office.post(shown["issue"], issued | {"host_unit": cast.foreign_commune.name, "version": 2}).status_code == 422
    )
    assert office.post(shown["issue"], issued | {"version": 2}).status_code == 302
    text = login(cast.secretary).get(page).text
    assert "30-KH/TĐTN" in text
    assert shown["edit"] not in office.get(page).text


@pytest.mark.parametrize("act", ["edit", "opinion", "issue", "discard"])
def test_no_act_goes_ahead_without_the_version_that_was_seen(
    cast: Cast, draft: Activity, login: Login, act: str
) -> None:
    sent = {
        "title": "Khác", "text": "Khác", "drafting_unit": cast.department.pk, "opinion": "agreed", "words": "Khác",
        "given_on": "16/03/2026", "symbol": "1-KH", "issued_on": "16/03/2026", "host_unit": cast.district.name,
    }  # fmt: skip
    client = login(cast.leader if act == "opinion" else cast.office_staff)
    address = reverse(f"plans:activity_{act}", args=[draft.pk])
    before = Activity.objects.values().get()
    for version, status in ((None, 422), (draft.version + 1, 409)):
        answer = client.post(address, sent if version is None else sent | {"version": version})
        assert (answer.status_code, Activity.objects.values().get()) == (status, before)
        assert f'name="version" value="{draft.version}"' in answer.text


def test_the_list_is_filtered_by_state_and_words(cast: Cast, login: Login) -> None:
    by = cast.office_staff
    rows = {
        "opinion_awaited": make_activity(cast.province, by=by, title="Hội thi"),
        "opinion_revise": make_activity(cast.province, by=by, opinion_by=cast.leader, opinion="revise"),
        "opinion_agreed": make_activity(cast.province, by=by, opinion_by=cast.leader),
        "activity_issued": make_activity(cast.province, by=by, opinion_by=cast.leader, host=cast.district),
    }
    client = login(cast.office_staff)

    def shown(**query: Any) -> list[Activity]:
        return list(client.get(reverse("plans:activities"), query).context["page"].object_list)

    assert {state: shown(state=state) for state in rows} == {state: [row] for state, row in rows.items()}
    assert {row.state: row for row in rows.values()} == rows
    assert shown(q="hoi thi") == [rows["opinion_awaited"]]
    assert len(shown()) == 4


@pytest.mark.parametrize("size", [1, 20])
def test_the_pages_cost_the_same_for_few_and_many(
    cast: Cast, login: Login, size: int, django_assert_num_queries: Any
) -> None:
    rows = [
        make_activity(cast.province, by=cast.office_staff, host=cast.district, opinion_by=cast.leader)
        for _n in range(size)
    ]
    for _n in range(size):
        ActivityComment.objects.create(
            activity=rows[0], unit=cast.department, author=cast.department_head, text="Được.", at=rows[0].created_at
        )
    client = login(cast.office_staff)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("plans:activities")).context["page"].object_list) == size
    with django_assert_num_queries(7):
        assert client.get(rows[0].get_absolute_url()).status_code == 200


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(cast: Cast, login: Login, draft: Activity, language: str) -> None:
    who = {"comment": cast.department_head, "opinion": cast.leader}
    pages = {reverse(f"plans:activity_{act}", args=[draft.pk]): who.get(act, cast.office_staff)
             for act in ("edit", "issue", "discard", "comment", "opinion")}  # fmt: skip
    own = (draft.get_absolute_url(), reverse("plans:activities"), reverse("plans:activity_new"))
    for page, person in {**pages, **dict.fromkeys(own, cast.office_staff)}.items():
        client = login(person)
        client.cookies["django_language"] = language
        answer = client.get(page)
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
