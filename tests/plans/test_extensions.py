"""A later day: who asks, who decides, what is refused, what moves and what stays, what the pages say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation

from plans.actions import extensions as acts
from plans.actions.deadlines import cancel, confirm, submit
from plans.enums import Decision, NoticeKind, Status
from plans.errors import ActionRefused
from plans.models import Deadline, Extension, Notice, Plan
from plans.statistics import ExtensionFigures, extension_figures, figures_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_extension, make_published_plan, version_of
from units.models import AuditEvent

DUE = dt.date(2026, 3, 20)
ASKED = dt.date(2026, 3, 31)

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan of the province that is followed up."""
    return make_published_plan(cast.province)


@pytest.fixture
def owed(cast: Cast, plan: Plan) -> Deadline:
    """Return work of the commune, due in four days."""
    return make_deadline(cast.commune, plan=plan, due_on=DUE)


def ask(row: Deadline, cast: Cast, **facts: Any) -> Extension:
    """Ask for eleven days more in the name of the commune."""
    return acts.ask_later_day(
        deadline=row,
        version=version_of(row),
        **{"by": cast.commune_secretary, "day": ASKED, "reason": "Bão.", **facts},
    )


def told(kind: NoticeKind) -> list[str | None]:
    """Return who has a notice of a kind."""
    found = Notice.objects.filter(kind=kind).order_by("recipient__username")
    return list(found.values_list("recipient__username", flat=True))


# --- asking ---


def test_asking_moves_nothing_and_tells_those_who_confirm(cast: Cast, owed: Deadline) -> None:
    extension = ask(owed, cast, claims_objective=True)
    owed.refresh_from_db()
    assert (owed.due_on, owed.original_due_on, owed.version) == (DUE, DUE, 1)
    assert (extension.due_on, extension.asked_day, extension.status) == (DUE, ASKED, Decision.ASKED)
    assert extension.claims_objective
    assert told(NoticeKind.LATER_ASKED) == ["lanhdao", "vanphong", "vanphong2"]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.object_id, event.data["reason"]) == ("later_asked", owed.pk, "Bão.")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 3, 15), "This day has passed. Choose today or a later day."),
        (dt.date(2026, 3, 16), "Choose a day after 20/03/2026, the day in force."),
        (DUE, "Choose a day after 20/03/2026, the day in force."),
    ],
)
def test_a_day_that_is_not_later_is_refused(cast: Cast, owed: Deadline, day: dt.date, words: str) -> None:
    with translation.override("en"), pytest.raises(ActionRefused, match=words):
        ask(owed, cast, day=day)
    assert not Extension.objects.exists()


def test_the_day_after_the_day_in_force_may_be_asked_for(cast: Cast, owed: Deadline) -> None:
    assert ask(owed, cast, day=dt.date(2026, 3, 21)).asked_day == dt.date(2026, 3, 21)


def test_overdue_work_may_ask_for_today(cast: Cast, plan: Plan, today: dt.date) -> None:
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 1))
    assert ask(row, cast, day=today).asked_day == today


def test_no_reason_is_refused(cast: Cast, owed: Deadline) -> None:
    with pytest.raises(ActionRefused):
        ask(owed, cast, reason="  ")


def test_a_second_request_is_refused_until_the_first_is_decided(cast: Cast, owed: Deadline) -> None:
    first = ask(owed, cast)
    with pytest.raises(ActionRefused):
        ask(owed, cast, day=dt.date(2026, 4, 30))
    acts.refuse(extension=first, state="asked", by=cast.leader, words="Còn kịp.")
    assert ask(owed, cast, day=dt.date(2026, 4, 30)).status == Decision.ASKED


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.COMPLETED, Status.CANCELLED, Status.ON_HOLD])
def test_work_that_is_done_or_stopped_asks_for_nothing(cast: Cast, plan: Plan, status: Status, today: dt.date) -> None:
    facts: dict[str, Any] = {"reported_on": today, "reported_by": cast.commune_secretary, "reason": "x"}
    if status == Status.COMPLETED:
        facts |= {"confirmed_on": today, "confirmed_by": cast.leader}
    row = make_deadline(cast.commune, plan=plan, due_on=DUE, status=status, **facts)
    with pytest.raises(ActionRefused):
        ask(row, cast)


def test_work_without_a_date_asks_for_nothing(cast: Cast, plan: Plan) -> None:
    with pytest.raises(ActionRefused):
        ask(make_deadline(cast.commune, plan=plan), cast)


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "branch_secretary", "reader", "leader"])
def test_who_does_not_report_for_the_unit_does_not_ask(cast: Cast, owed: Deadline, who: str) -> None:
    with pytest.raises(Http404):
        ask(owed, cast, by=getattr(cast, who))


# --- deciding ---


def test_granting_moves_the_day_and_keeps_the_original(cast: Cast, owed: Deadline) -> None:
    acts.grant(extension=ask(owed, cast), state="asked", by=cast.leader)
    owed.refresh_from_db()
    assert (owed.due_on, owed.original_due_on, owed.version) == (ASKED, DUE, 2)
    assert owed.remind_on == dt.date(2026, 3, 24)  # seven days before the new day
    assert owed.excused_until is None
    assert told(NoticeKind.LATER_GRANTED) == ["xa"]
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.data["day"], event.data["due_on"]) == ("later_granted", "2026-03-31", "2026-03-20")


def test_another_day_needs_words(cast: Cast, owed: Deadline) -> None:
    extension, other = ask(owed, cast), dt.date(2026, 3, 25)
    with pytest.raises(ActionRefused):
        acts.grant(extension=extension, state="asked", by=cast.leader, day=other)
    acts.grant(extension=extension, state="asked", by=cast.leader, day=other, words="Năm ngày là đủ.")
    owed.refresh_from_db()
    extension.refresh_from_db()
    assert (owed.due_on, extension.granted_day, extension.words) == (other, other, "Năm ngày là đủ.")


@pytest.mark.parametrize("day", [dt.date(2026, 3, 15), DUE])
def test_no_day_up_to_the_day_in_force_is_granted(cast: Cast, owed: Deadline, day: dt.date) -> None:
    extension = ask(owed, cast)
    with pytest.raises(ActionRefused):
        acts.grant(extension=extension, state="asked", by=cast.leader, day=day, words="x")


def test_a_refusal_needs_words_and_moves_nothing(cast: Cast, owed: Deadline) -> None:
    extension = ask(owed, cast)
    with pytest.raises(ActionRefused):
        acts.refuse(extension=extension, state="asked", by=cast.leader, words=" ")
    acts.refuse(extension=extension, state="asked", by=cast.leader, words="Còn kịp.")
    owed.refresh_from_db()
    extension.refresh_from_db()
    assert (owed.due_on, extension.status, extension.words) == (DUE, Decision.REFUSED, "Còn kịp.")
    assert told(NoticeKind.LATER_REFUSED) == ["xa"]


def test_the_second_decision_sees_the_first(cast: Cast, owed: Deadline) -> None:
    extension = ask(owed, cast)
    acts.refuse(extension=extension, state="asked", by=cast.leader, words="Còn kịp.")
    with pytest.raises(ActionRefused, match=cast.leader.full_name) as refusal:
        acts.grant(extension=extension, state="asked", by=cast.office_staff)
    assert refusal.value.status == 409


def test_a_slow_decision_makes_no_unit_late(cast: Cast, owed: Deadline) -> None:
    extension = ask(owed, cast)
    submit(deadline=owed, version=version_of(owed), by=cast.commune_secretary, today=dt.date(2026, 3, 30))
    acts.grant(extension=extension, state="asked", by=cast.leader, today=dt.date(2026, 4, 20))
    owed.refresh_from_db()
    assert (owed.status, owed.due_on) == (Status.SUBMITTED, ASKED)
    figures = figures_of(Deadline.objects.all(), today=dt.date(2026, 4, 20))
    assert (figures.done_on_time, figures.done_late, figures.late_original, figures.excused) == (1, 0, 1, 0)


def test_a_result_confirmed_before_the_decision_still_gets_it(cast: Cast, login: Login, owed: Deadline) -> None:
    extension = ask(owed, cast)
    submit(deadline=owed, version=version_of(owed), by=cast.commune_secretary, today=dt.date(2026, 3, 30))
    confirm(deadline=owed, version=version_of(owed), by=cast.office_staff, today=dt.date(2026, 3, 30))
    address = reverse("plans:decide", args=[extension.pk])
    assert address in login(cast.leader).get(reverse("plans:deadline", args=[owed.pk])).text
    assert address in login(cast.leader).get(reverse("plans:extensions")).text
    acts.grant(extension=extension, state="asked", by=cast.leader, today=dt.date(2026, 4, 20))
    owed.refresh_from_db()
    assert (owed.status, owed.due_on) == (Status.COMPLETED, ASKED)


def test_a_request_about_cancelled_work_waits_for_nobody(cast: Cast, login: Login, owed: Deadline) -> None:
    extension = ask(owed, cast)
    cancel(deadline=owed, version=version_of(owed), by=cast.office_staff, reason="Thôi")
    assert not Extension.objects.waiting_for(cast.leader).exists()
    for act in ({"act": "grant", "state": "asked"}, {"act": "refuse", "state": "asked", "words": "x"}):
        assert login(cast.leader).post(reverse("plans:decide", args=[extension.pk]), act).status_code == 422


@pytest.mark.parametrize("who", ["outsider", "sibling_secretary", "commune_secretary", "secretary", "reader"])
def test_who_does_not_confirm_does_not_decide(cast: Cast, owed: Deadline, who: str) -> None:
    extension = ask(owed, cast)
    with pytest.raises(Http404):
        acts.grant(extension=extension, state="asked", by=getattr(cast, who))
    with pytest.raises(Http404):
        acts.refuse(extension=extension, state="asked", by=getattr(cast, who), words="x")


def test_nobody_decides_what_they_asked_for(cast: Cast, owed: Deadline) -> None:
    extension = ask(owed, cast, by=cast.office_staff)
    with pytest.raises(Http404):
        acts.grant(extension=extension, state="asked", by=cast.office_staff)
    assert acts.grant(extension=extension, state="asked", by=cast.second_office_staff).status == Decision.GRANTED


def test_asked_granted_and_refused_are_counted(cast: Cast, plan: Plan) -> None:
    rows = [make_deadline(cast.commune, plan=plan, due_on=DUE) for _n in range(4)]
    found = [ask(row, cast) for row in rows]
    acts.grant(extension=found[0], state="asked", by=cast.leader, objective=True)
    acts.grant(extension=found[1], state="asked", by=cast.leader)
    acts.refuse(extension=found[2], state="asked", by=cast.leader, words="Còn kịp.")
    assert extension_figures(Extension.objects.all()) == ExtensionFigures(4, 2, 1, 1, 1)


# --- an objective cause ---


def test_an_objective_cause_excuses_up_to_the_day_granted_and_no_further(cast: Cast, owed: Deadline) -> None:
    acts.grant(extension=ask(owed, cast), state="asked", by=cast.leader, objective=True)
    owed.refresh_from_db()
    assert (owed.excused_until, owed.excuse, owed.excused_by) == (ASKED, "Bão.", cast.leader)
    rows = Deadline.objects.all()
    found = [figures_of(rows, today=day) for day in (DUE, ASKED, ASKED + dt.timedelta(1))]
    assert [(f.late_original, f.overdue, f.excused) for f in found] == [(0, 0, 0), (1, 0, 1), (1, 1, 0)]


def test_a_late_result_is_excused_by_the_level_above_once(cast: Cast, owed: Deadline) -> None:
    submit(deadline=owed, version=version_of(owed), by=cast.commune_secretary, today=dt.date(2026, 3, 25))
    with pytest.raises(Http404):
        acts.excuse(deadline=owed, version=version_of(owed), by=cast.commune_secretary, cause="Bão.")
    acts.excuse(deadline=owed, version=version_of(owed), by=cast.leader, cause="Bão.")
    figures = figures_of(Deadline.objects.all(), today=dt.date(2026, 4, 20))
    assert (figures.done_late, figures.late_original, figures.excused) == (1, 1, 1)
    assert AuditEvent.objects.latest("pk").action == "excused"
    with pytest.raises(ActionRefused):
        acts.excuse(deadline=owed, version=version_of(owed), by=cast.leader, cause="Bão.")


def test_a_confirmed_late_result_may_still_be_excused(cast: Cast, owed: Deadline) -> None:
    submit(deadline=owed, version=version_of(owed), by=cast.commune_secretary, today=dt.date(2026, 3, 25))
    confirm(deadline=owed, version=version_of(owed), by=cast.leader, today=dt.date(2026, 3, 26))
    assert acts.excuse(deadline=owed, version=version_of(owed), by=cast.leader, cause="Bão.").excused_until == dt.date(
        2026, 3, 25
    )


def test_what_is_in_time_or_open_needs_no_excuse(cast: Cast, plan: Plan, owed: Deadline) -> None:
    with pytest.raises(ActionRefused):
        acts.excuse(deadline=owed, version=version_of(owed), by=cast.leader, cause="Bão.")
    submit(deadline=owed, version=version_of(owed), by=cast.commune_secretary, today=DUE)
    with pytest.raises(ActionRefused):
        acts.excuse(deadline=owed, version=version_of(owed), by=cast.leader, cause="Bão.")


# --- pages ---


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    """Return a page's text."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.text


def test_a_unit_asks_and_a_leader_decides_by_form(cast: Cast, login: Login, owed: Deadline) -> None:
    unit, leader = login(cast.commune_secretary), login(cast.leader)
    assert reverse("plans:later", args=[owed.pk]) in page(unit, "plans:deadline", owed.pk)
    sent = {"version": "1", "day": "31/03/2026", "reason": "Bão lớn", "claims_objective": "on"}
    assert unit.post(reverse("plans:later", args=[owed.pk]), sent).status_code == 302
    extension = Extension.objects.get()
    decide = reverse("plans:decide", args=[extension.pk])
    shown = page(unit, "plans:deadline", owed.pk)
    assert "Bão lớn" in shown
    assert reverse("plans:later", args=[owed.pk]) not in shown  # one open request
    assert decide not in shown
    assert decide in page(leader, "plans:deadline", owed.pk)
    assert decide in page(leader, "plans:extensions")
    assert "Bão lớn" in page(leader, "plans:decide", extension.pk)
    queue = reverse("plans:extensions")
    answer = leader.post(
        decide, {"act": "grant", "state": "asked", "day": "31/03/2026", "objective": "on", "next": queue}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, queue)
    owed.refresh_from_db()
    assert (owed.due_on, owed.excused_until) == (ASKED, ASKED)
    assert decide not in page(leader, "plans:extensions")
    assert "31/03/2026" in page(unit, "plans:deadline", owed.pk)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"day": "31/03/2026"},
        {"day": "31/02/2026", "reason": "Bão lớn"},
        {"day": "15/03/2026", "reason": "Bão lớn"},
        {"day": "20/03/2026", "reason": "Bão lớn"},
        {"day": "31/03/9999", "reason": "Bão lớn"},
        {"day": "x" * 5000, "reason": "Bão lớn" * 500},
    ],
)
def test_bad_input_keeps_what_was_typed_and_saves_nothing(
    cast: Cast, login: Login, owed: Deadline, sent: dict[str, str]
) -> None:
    answer = login(cast.commune_secretary).post(reverse("plans:later", args=[owed.pk]), sent)
    assert answer.status_code == 422
    assert all(value in answer.text for value in sent.values())
    assert not Extension.objects.exists()


def test_a_decision_needs_one_of_the_two_buttons(cast: Cast, login: Login, owed: Deadline) -> None:
    extension = make_extension(owed, by=cast.commune_secretary)
    leader, address = login(cast.leader), reverse("plans:decide", args=[extension.pk])
    assert leader.post(address, {"state": "asked", "words": "Được"}).status_code == 422
    assert leader.post(address, {"act": "refuse", "state": "asked"}).status_code == 422
    assert leader.post(address, {"act": "refuse", "state": "asked", "words": "Còn kịp"}).status_code == 302
    late = leader.post(address, {"act": "grant", "state": "asked"})
    assert (late.status_code, cast.leader.full_name in late.text) == (409, True)


@pytest.mark.parametrize("name", ["later", "decide", "excuse"])
def test_foreign_and_missing_ids_look_alike(cast: Cast, login: Login, owed: Deadline, name: str) -> None:
    pk = make_extension(owed, by=cast.commune_secretary).pk if name == "decide" else owed.pk
    sent = {"day": "31/03/2026", "reason": "x", "act": "grant", "cause": "x"}
    for client, key in ((login(cast.outsider), pk), (login(cast.office_staff), 10**9)):
        address = reverse(f"plans:{name}", args=[key])
        assert client.get(address).status_code == 404
        assert client.post(address, sent).status_code == 404


def test_lateness_is_shown_against_both_days_and_excused(cast: Cast, login: Login, plan: Plan, today: dt.date) -> None:
    row = make_deadline(
        cast.commune,
        plan=plan,
        due_on=dt.date(2026, 3, 10),
        original_due_on=dt.date(2026, 3, 1),
        status=Status.SUBMITTED,
        reported_on=dt.date(2026, 3, 12),
        reported_by=cast.commune_secretary,
    )
    client = login(cast.leader)
    client.cookies["django_language"] = "en"
    shown = page(client, "plans:deadline", row.pk)
    assert "11 days against the original day · 2 days against the day in force" in shown
    assert client.post(reverse("plans:excuse", args=[row.pk]), {"version": "1", "cause": "Lũ quét"}).status_code == 302
    shown = page(client, "plans:deadline", row.pk)
    assert "Excused: counted apart" in shown
    assert "Lũ quét" in shown
    assert reverse("plans:excuse", args=[row.pk]) not in shown


def test_the_queue_is_filtered(cast: Cast, login: Login, plan: Plan) -> None:
    rows = [make_deadline(unit, plan=plan, due_on=DUE) for unit in (cast.commune, cast.other_district)]
    waiting = make_extension(rows[0], by=cast.commune_secretary, reason="Chờ kinh phí")
    refused = make_extension(rows[1], by=cast.office_staff, reason="Mưa lũ")
    acts.refuse(extension=refused, state="asked", by=cast.leader, words="Còn kịp.")
    client, name = login(cast.office_staff), "plans:extensions"

    def shown(**query: Any) -> list[int]:
        return [r["pk"] for r in client.get(reverse(name), query).context["rows"]]

    assert shown() == [waiting.pk]
    assert shown(status="refused") == [refused.pk]
    assert shown(q="kinh phi") == [waiting.pk]
    assert shown(unit=cast.other_district.pk) == [refused.pk]
    assert shown(mine="true") == [waiting.pk]
    assert shown(plan=plan.pk) == [waiting.pk, refused.pk]
    assert shown(unit=cast.foreign_commune.pk) == []


@pytest.mark.parametrize("size", [3, 30])
def test_the_queue_costs_the_same_for_few_and_many(
    cast: Cast, login: Login, plan: Plan, size: int, django_assert_num_queries: Any
) -> None:
    for _n in range(size):
        make_extension(make_deadline(cast.commune, plan=plan, due_on=DUE), by=cast.commune_secretary)
    client = login(cast.office_staff)
    with django_assert_num_queries(9):
        assert len(client.get(reverse("plans:extensions")).context["rows"]) == size


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_in_both_languages(cast: Cast, login: Login, owed: Deadline, language: str) -> None:
    extension = make_extension(owed, by=cast.commune_secretary)
    client = login(cast.office_staff)
    client.cookies["django_language"] = language
    pages = [("later", owed.pk), ("decide", extension.pk), ("deadline", owed.pk), ("plan", owed.plan_id)]
    for name, pk in pages:
        assert f'<html lang="{language}">' in page(client, f"plans:{name}", pk)
    assert f'<html lang="{language}">' in page(client, "plans:extensions")
    assert f'<html lang="{language}">' in page(client, "plans:extensions", status="granted")
    fragment = client.get(reverse("plans:extensions"), headers={"hx-request": "true"})
    assert "<html" not in fragment.text
