"""An administrator sees the tokens of the own people and revokes them; each act stands in the log."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse

from doantracker.api.actions.tokens import make_token, revoke_token
from doantracker.api.models import ApiToken
from tests.api.calls import Program
from tests.cast import Cast
from tests.conftest import Login
from units.models import AuditEvent
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
LIST = "admin:api_apitoken_changelist"


def test_an_administrator_revokes_a_token_and_the_log_says_whose(cast: Cast, login: Login) -> None:
    program = Program(cast.commune_secretary)
    token = ApiToken.objects.get()
    clerk = login(cast.administrator)
    shown = clerk.get(reverse(LIST)).content.decode()
    assert cast.commune_secretary.full_name in shown
    assert token.key_hash not in shown
    answer = clerk.post(reverse(LIST), {"action": "revoke", "_selected_action": [token.pk]})
    assert answer.status_code == 302
    assert program.get("/me").status_code == 401
    row = AuditEvent.objects.filter(action=AuditAction.DROPPED, object_type="apitoken").get()
    told = (row.actor, row.object_id, row.data["person"], row.unit_id)
    assert told == (cast.administrator, token.pk, cast.commune_secretary.full_name, cast.commune.pk)


def test_tokens_of_another_union_are_neither_shown_nor_revoked(cast: Cast, login: Login) -> None:
    program = Program(cast.outsider)
    token = ApiToken.objects.get()
    clerk = login(cast.administrator)
    assert cast.outsider.full_name not in clerk.get(reverse(LIST)).content.decode()
    clerk.post(reverse(LIST), {"action": "revoke", "_selected_action": [token.pk]})
    assert program.get("/me").status_code == 200
    with pytest.raises(Http404):
        revoke_token(token=token, by=cast.administrator)


@pytest.mark.parametrize("who", ["commune_secretary", "leader", "office_staff"])
def test_nobody_else_revokes_a_token_of_another(cast: Cast, who: str) -> None:
    token, _key = make_token(by=cast.secretary, name="Thử", scope="read", days=30)
    with pytest.raises(Http404):
        revoke_token(token=token, by=getattr(cast, who))


def test_a_token_is_neither_made_nor_changed_nor_deleted_there(cast: Cast, login: Login, today: dt.date) -> None:
    token, _key = make_token(by=cast.commune_secretary, name="Thử", scope="read", days=30)
    clerk = login(cast.administrator)
    assert clerk.get(reverse("admin:api_apitoken_add")).status_code == 403
    assert clerk.get(reverse("admin:api_apitoken_delete", args=[token.pk])).status_code == 403
    clerk.post(reverse("admin:api_apitoken_change", args=[token.pk]), {"name": "Khác", "scope": "write"})
    token.refresh_from_db()
    assert (token.name, token.scope, token.expires_on) == ("Thử", "read", today + dt.timedelta(days=30))
