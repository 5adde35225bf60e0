"""A record that a person sees and acts on, in a state that does not allow it: 422 with the reason, never 404."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from plans.enums import PlanStatus
from plans.models import Activity, Directive, Event, Indicator, Plan, Shortcoming, Solution
from tests.api.calls import Program
from tests.api.test_access import call
from tests.cast import Cast
from tests.factories import PlanFactory, make_event, make_published_plan, make_substitution
from tests.test_access import PEOPLE, Scene
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 1)
Change = Callable[[Cast, Scene], object]


def _plans(status: PlanStatus) -> Change:
    def change(cast: Cast, _scene: Scene) -> None:
        now, office = timezone.now(), cast.office_staff
        published = {"published_at": now, "published_by": office} if status != PlanStatus.DRAFT else {}
        closed = {"closed_at": now, "closed_by": office} if status == PlanStatus.CLOSED else {}
        none = dict.fromkeys(("published_at", "published_by", "closed_at", "closed_by"))
        Plan.objects.update(status=status, **(none | published | closed))

    return change


def _issued(cast: Cast, _scene: Scene) -> None:
    whole = {"issued_on": DAY, "issued_by": cast.office_staff}
    days = {"rolls_out_on": dt.date(2026, 6, 1), "earliest_roll_out": dt.date(2026, 5, 1)}
    Directive.objects.update(symbol="1-CV", issued_at=timezone.now(), **whole, **days)
    said = {"opinion": "agreed", "opinion_text": "Đồng ý", "opinion_on": DAY, "opinion_by": cast.leader}
    Activity.objects.update(symbol="1-KH", host_unit=cast.commune, **whole, **said)


def _called_off(_cast: Cast, _scene: Scene) -> None:
    Event.objects.update(cancelled=True, day=None, reason="Hoãn")


def _dropped(_cast: Cast, _scene: Scene) -> None:
    Solution.objects.update(dropped_at=timezone.now(), dropped_reason="Thôi")


def _merged(_cast: Cast, scene: Scene) -> None:
    first = Shortcoming.objects.get(pk=scene.ids["plans:shortcoming"][0])
    other = Shortcoming.objects.filter(plan=first.plan).exclude(pk=first.pk)[0]
    Shortcoming.objects.filter(pk=first.pk).update(merged_into=other)


def _counted(_cast: Cast, scene: Scene) -> None:
    row = Indicator.objects.get(pk=scene.ids["plans:indicator"][0])
    Indicator.objects.filter(pk=row.pk).update(fed_by=Solution.objects.filter(plan=row.plan)[0])


#: What makes the state wrong, and by whom which calls are refused then.
WRONG: tuple[tuple[Change, str, tuple[str, ...]], ...] = (
    (_issued, "office", (
        "POST /directives/{pk}/change", "POST /directives/{pk}/issue", "POST /directives/{pk}/discard",
        "POST /activities/{pk}/change", "POST /activities/{pk}/issue", "POST /activities/{pk}/discard",
    )),
    (_issued, "leader", ("POST /activities/{pk}/opinion",)),
    (_called_off, "office", ("POST /events/{pk}/change", "POST /events/{pk}/day", "POST /events/{pk}/cancel")),
    (_dropped, "office", (
        "POST /amendments/{pk}/solutions/{solution}", "POST /amendments/{pk}/solutions/{solution}/drop",
        "POST /solutions/{pk}/commitments", "POST /plans/{pk}/pilots",
    )),
    (_merged, "office", ("POST /shortcomings/{pk}/reviews",)),
    (_counted, "leader", ("POST /indicators/{pk}/lock",)),
    (_plans(PlanStatus.CLOSED), "own", ("POST /plans/{pk}/uptake",)),
    (_plans(PlanStatus.CLOSED), "leader", ("POST /deadlines/{pk}/remind",)),
    (_plans(PlanStatus.DRAFT), "office", (
        "POST /plans/{pk}/uptake", "POST /plans/{pk}/letters", "POST /plans/{pk}/copy",
        "POST /shortcomings/{pk}/reviews", "POST /indicators/{pk}/results", "POST /indicators/{pk}/lock",
    )),
)  # fmt: skip


def test_a_wrong_state_is_refused_with_its_reason(cast: Cast, scene: Scene) -> None:
    got, wanted = {}, {}
    for change, role, operations in WRONG:
        program = Program(getattr(cast, PEOPLE[role]))
        for operation in operations:
            cache.clear()
            with transaction.atomic():
                change(cast, scene)
                answer = call(program, scene, cast, operation)
                case = (change.__qualname__, role, operation)
                got[case], wanted[case] = (answer.status_code, answer.json().get("code")), (422, "refused")
                transaction.set_rollback(True)
    assert got == wanted


def test_the_state_is_not_told_to_who_has_no_right(cast: Cast, scene: Scene) -> None:
    program, got = Program(cast.administrator), set()
    for change, _role, operations in WRONG:
        for operation in operations:
            cache.clear()
            with transaction.atomic():
                change(cast, scene)
                got.add(call(program, scene, cast, operation).status_code)
                transaction.set_rollback(True)
    assert got == {404}


def test_a_preview_is_refused_like_the_act(cast: Cast) -> None:
    event = make_event(cast.province, plan=make_published_plan(cast.province), cancelled=True, reason="Hoãn")
    sent = {"day": "2026-06-01", "preview": True}
    answer = Program(cast.office_staff).post(f"/events/{event.pk}/day", sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "refused")


def test_a_plan_has_one_head(cast: Cast) -> None:
    plan, program = PlanFactory(issuing_unit=cast.province), Program(cast.office_staff)
    for path, sent in (("header", {"values": {"title": "Hai"}}), (f"header/{plan.pk}/drop", {})):
        answer = program.post(f"/plans/{plan.pk}/records/{path}", sent, if_match="*")
        assert (answer.status_code, answer.json()["code"]) == (422, "refused")


def test_a_substitution_that_is_over_is_not_ended_again(cast: Cast, today: dt.date) -> None:
    days = {"start": today - dt.timedelta(days=9), "end": today - dt.timedelta(days=2)}
    row = make_substitution(cast.commune_secretary, cast.branch_secretary, **days)
    answer = Program(cast.commune_secretary).post(f"/substitutions/{row.pk}/end", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "refused")


def test_an_act_that_ends_its_own_state_is_answered_alike_when_it_comes_again(cast: Cast) -> None:
    event = make_event(cast.province, plan=make_published_plan(cast.province))
    program, sent = Program(cast.office_staff), {"reason": "Hoãn"}
    answers = [
        program.post(f"/events/{event.pk}/cancel", sent, if_match="*", idempotency_key="k-1") for _time in range(2)
    ]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert AuditEvent.objects.filter(object_type="event", object_id=event.pk, action="cancelled").count() == 1


@pytest.mark.parametrize(
    ("where", "sent", "field"),
    [
        ("/plans/{plan}/pilots", {"solution": 999, "words": "Mô hình", "kind": "commune"}, "body.solution"),
        ("/shortcomings/{shortcoming}/source", {"source": 999}, "body.source"),
        ("/shortcomings/{shortcoming}/merge", {"into": 999}, "body.into"),
        ("/difficulties/{difficulty}/answer", {"words": "Rõ", "unit": 999, "due": "2026-04-01"}, "body.unit"),
    ],
)
def test_what_a_body_names_and_is_not_there_is_a_wrong_value(
    cast: Cast, scene: Scene, where: str, sent: dict[str, Any], field: str
) -> None:
    keys = {"plan": scene.plan.pk, "shortcoming": scene.ids["plans:shortcoming"][0]}
    path = where.format(**keys, difficulty=scene.ids["plans:answer"][0])
    answer = Program(cast.office_staff).post(path, sent, if_match="*")
    assert (answer.status_code, [fault["field"] for fault in answer.json()["errors"]]) == (422, [field])
