"""The same page submitted twice at once, on a real PostgreSQL: the act is done once."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from plans.actions.saved_views import MOST, save_view
from plans.errors import ActionRefused
from plans.models import BulkRun, ChasingLetter, SavedView
from tests.cast import make_cast
from tests.factories import make_deadline, make_published_plan
from tests.together import at_once
from units.models import User

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
PAST = dt.date(2026, 3, 10)


@pytest.mark.usefixtures("today")
def test_a_page_submitted_twice_at_once_prepares_one_letter() -> None:
    cast = make_cast()
    rows = [make_deadline(cast.commune, plan=make_published_plan(cast.province), due_on=PAST) for _ in range(2)]
    facts = {"act": "letter", "go": "1", "rows": [f"{r.pk}:1" for r in rows], "answer_by": "23/03/2026"}

    def submit(key: str) -> int:
        client = Client()
        client.force_login(User.objects.get(pk=cast.office_staff.pk), backend="units.backends.AppointmentBackend")
        return client.post(reverse("plans:bulk"), {**facts, "key": key}).status_code

    for round_ in range(5):
        key = str(uuid.uuid4())
        assert at_once(partial(submit, key), partial(submit, key)) == [302, 302]
        assert (BulkRun.objects.count(), ChasingLetter.objects.count()) == (round_ + 1, 2 * (round_ + 1))


def test_two_at_once_do_not_pass_the_limit_of_views() -> None:
    cast = make_cast()
    for n in range(MOST - 1):
        save_view(by=cast.office_staff, listing="plans", name=f"{n}", query="")
    acts = [partial(save_view, by=cast.office_staff, listing="plans", name=name, query="") for name in "AB"]
    results = at_once(*acts)
    assert SavedView.objects.count() == MOST
    assert [type(r) for r in results if isinstance(r, Exception)] == [ActionRefused]
