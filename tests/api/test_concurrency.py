"""Two at once, on a real PostgreSQL: a call is done once, an act is told once, a message is sent once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import Http404

from doantracker.api.actions.tokens import make_token
from doantracker.api.actions.webhooks import delete_webhook, make_webhook, renew_secret
from doantracker.api.hooks import collect, delivery
from doantracker.api.hooks.events import all_kinds
from doantracker.api.models import ApiToken, WebhookDelivery, WebhookEndpoint
from plans.actions.deadlines import report_progress
from plans.models import Difficulty
from tests.api.calls import Program
from tests.api.receiver import receiving
from tests.cast import make_cast
from tests.factories import make_deadline, make_meeting, make_published_plan, version_of
from tests.together import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("today")
def test_the_same_call_twice_at_once_is_done_once() -> None:
    cast = make_cast()
    row = make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 20))
    program = Program(cast.commune_secretary)

    def ask(key: str) -> tuple[int, str]:
        where, sent = f"/deadlines/{row.pk}/difficulties", {"text": f"Thiếu {key}"}
        answer = program.post(where, sent, if_match="*", idempotency_key=key)
        return answer.status_code, answer["ETag"]

    for round_ in range(5):
        first, second = at_once(partial(ask, f"key-{round_}"), partial(ask, f"key-{round_}"))
        assert first == second
        assert isinstance(first, tuple)
        assert first[0] == 201
        assert Difficulty.objects.count() == round_ + 1


def _key(make: Callable[[], tuple[Any, str]]) -> str:
    return make()[1]


def test_a_form_sent_twice_at_once_makes_one_token_and_one_webhook() -> None:
    person = make_cast().secretary
    token = partial(make_token, by=person, name="Bảng", scope="read", days=30, form_key="one")
    hook = partial(make_webhook, by=person, name="Cổng", url="https://example.org/", events=["plan.published"])
    for make, model in ((token, ApiToken), (partial(hook, form_key="one"), WebhookEndpoint)):
        told = at_once(partial(_key, make), partial(_key, make))
        assert [type(key) for key in told] == [str, str]
        assert (told.count(""), model.objects.count()) == (1, 1)


def test_a_webhook_deleted_at_once_with_another_act_is_then_not_there() -> None:
    person = make_cast().secretary
    row, _secret = make_webhook(by=person, name="Cổng", url="https://example.org/", events=["plan.published"])
    first, second, third = (
        partial(act, webhook=row, by=person) for act in (delete_webhook, delete_webhook, renew_secret)
    )
    gone, again, renewed = at_once(first, second, third)
    assert {type(gone), type(again)} == {type(None), Http404}
    assert isinstance(renewed, str | Http404)


@pytest.mark.usefixtures("today")
def test_of_two_acts_on_the_version_both_saw_the_second_is_refused() -> None:
    cast = make_cast()
    program = Program(cast.office_staff)
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 20))
    where = f"/meetings/{meeting.pk}"

    def move(day: str, seen: str) -> int:
        return int(program.post(f"{where}/move", {"day": day}, if_match=seen).status_code)

    for month in ("04", "05", "06"):
        seen = program.get(where)["ETag"]
        found = at_once(*(partial(move, f"2026-{month}-{day}", seen) for day in ("07", "08", "09")))
        assert sorted(map(str, found)) == ["200", "412", "412"]


@pytest.mark.usefixtures("today")
def test_two_workers_tell_and_send_once(settings: LazySettings) -> None:
    settings.WEBHOOKS_ANYWHERE = True
    cast = make_cast()
    row = make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 20))
    with receiving() as receiver:
        make_webhook(by=cast.office_staff, name="Cổng", url=receiver.url, events=all_kinds())
        for _n in range(10):
            report_progress(deadline=row, by=cast.commune_secretary, version=version_of(row), percent=10)
        written = at_once(collect.collect, collect.collect)
        taken = at_once(delivery.deliver_batch, delivery.deliver_batch)
    assert sorted(map(str, written)) == ["0", "10"]
    assert sum(n for n in taken if isinstance(n, int)) == len(receiver.came) == 10
    assert WebhookDelivery.objects.filter(state="hook_delivered", attempts=1).count() == 10
