"""Versions, keys, pages, refusals, broken input, tokens: what docs/api.md promises, each with its exact answer."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doantracker.api.actions.kept import forget_old
from doantracker.api.actions.tokens import make_token, revoke_token
from doantracker.api.models import ApiToken, KeptAnswer
from doantracker.api.v1 import auth
from doantracker.lib import clock
from plans.errors import ActionRefused
from plans.models import Deadline, Difficulty, IndicatorResult
from tests.api.calls import Program
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import (
    ShortcomingFactory,
    make_deadline,
    make_extension,
    make_indicator,
    make_published_plan,
    make_substitution,
)
from tests.files import office
from tests.test_access import Scene
from units.models import Appointment, AuditEvent, Post
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def row(cast: Cast) -> Deadline:
    """A deadline of the commune."""
    plan = make_published_plan(cast.province, symbol="12-KH/TĐTN", title="Kế hoạch")
    found: Deadline = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20))
    return found


# --- versions ---


def test_an_act_on_the_version_seen_is_done_and_logged_with_its_token(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    seen = program.get(f"/deadlines/{row.pk}")
    answer = program.post(f"/deadlines/{row.pk}/progress", {"percent": 40, "text": "Đã họp"}, if_match=seen["ETag"])
    told = answer.json()
    assert (answer.status_code, told["version"], told["status"], told["percent"]) == (200, 2, "in_progress", 40)
    act = AuditEvent.objects.get(action=AuditAction.REPORTED)
    token = ApiToken.objects.get()
    assert (act.actor, act.data["percent"], act.data["api_token"]) == (cast.commune_secretary, 40, token.pk)
    assert answer["ETag"] == program.get(f"/deadlines/{row.pk}")["ETag"]


def test_an_act_on_an_older_version_is_412_and_changes_nothing(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    seen = program.get(f"/deadlines/{row.pk}")["ETag"]
    program.post(f"/deadlines/{row.pk}/progress", {"percent": 40}, if_match=seen)
    answer = program.post(f"/deadlines/{row.pk}/progress", {"percent": 60}, if_match=seen)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert answer["Content-Type"] == "application/problem+json"
    row.refresh_from_db()
    assert (row.percent, row.version) == (40, 2)


@pytest.mark.parametrize(
    ("version", "status"),
    [
        ("", 428),
        ("1", 400),
        ('"1', 400),
        ('"x"', 412),
        ('"99999999999999"', 412),
        ('"-1"', 412),
        ('W/"1.abc"', 412),
        ("*", 200),
        ('"1"', 200),
        ('W/"1"', 200),
    ],
)
def test_how_a_version_may_be_said(cast: Cast, row: Deadline, version: str, status: int) -> None:
    headers = {"if_match": version} if version else {}
    answer = Program(cast.commune_secretary).post(f"/deadlines/{row.pk}/progress", {"percent": 1}, **headers)
    assert answer.status_code == status


def test_a_record_that_is_as_the_caller_has_it_is_304(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    etag = program.get(f"/deadlines/{row.pk}")["ETag"]
    again = program.get(f"/deadlines/{row.pk}", if_none_match=f'"0.x", W/{etag}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    cast.commune.name = "Đoàn xã Mới"
    cast.commune.save()
    assert program.get(f"/deadlines/{row.pk}", if_none_match=etag).status_code == 200


def test_a_request_is_decided_in_the_state_seen(cast: Cast, row: Deadline) -> None:
    asked = make_extension(row, by=cast.commune_secretary)
    office, leader = Program(cast.office_staff), Program(cast.leader)
    seen = office.get(f"/extensions/{asked.pk}")["ETag"]
    assert leader.post(f"/extensions/{asked.pk}/refuse", {"words": "Không"}, if_match=seen).status_code == 200
    late = office.post(f"/extensions/{asked.pk}/grant", {}, if_match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "stale")


# --- keys ---


def test_the_same_call_twice_is_done_once(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    where, sent = f"/deadlines/{row.pk}/difficulties", {"text": "Thiếu kinh phí"}
    first = program.post(where, sent, if_match='"1"', idempotency_key="k-1")
    second = program.post(where, sent, if_match='"1"', idempotency_key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (second.json(), second["ETag"]) == (first.json(), first["ETag"])
    assert (second["Idempotency-Replayed"], Difficulty.objects.count()) == ("true", 1)


def test_a_key_used_for_another_call_is_refused(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    where = f"/deadlines/{row.pk}/difficulties"
    program.post(where, {"text": "Thiếu kinh phí"}, if_match='"1"', idempotency_key="k-1")
    other = program.post(where, {"text": "Thiếu người"}, if_match='"1"', idempotency_key="k-1")
    assert (other.status_code, other.json()["code"], Difficulty.objects.count()) == (422, "key_reused", 1)
    mine = Program(cast.secretary).post(where, {"text": "Thiếu người"}, if_match='"1"', idempotency_key="k-1")
    assert mine.status_code == 201  # keys of people are their own


def test_what_was_refused_is_tried_anew(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    where = f"/deadlines/{row.pk}/extensions"
    sent = {"day": "2026-03-19", "reason": "Bão"}
    refused = program.post(where, sent, if_match='"1"', idempotency_key="k-1")
    assert (refused.status_code, refused.json()["code"], KeptAnswer.objects.count()) == (422, "refused", 0)
    again = program.post(where, {**sent, "day": "2026-03-31"}, if_match='"1"', idempotency_key="k-1")
    assert again.status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 65])
def test_a_key_that_is_none(cast: Cast, row: Deadline, key: str) -> None:
    answer = Program(cast.commune_secretary).post(
        f"/deadlines/{row.pk}/progress", {"percent": 1}, if_match='"1"', idempotency_key=key
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_kept_answers_are_forgotten_after_two_days(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    program.post(f"/deadlines/{row.pk}/progress", {"percent": 1}, if_match='"1"', idempotency_key="k-1")
    assert forget_old() == 0
    KeptAnswer.objects.update(made_at=clock.now() - dt.timedelta(days=2, seconds=1))
    assert forget_old() == 1


# --- pages ---


def test_pages_follow_each_other_by_key_and_keep_the_filter(cast: Cast, row: Deadline) -> None:
    rows = [row, *(make_deadline(cast.commune, plan=row.plan, due_on=dt.date(2026, 4, n)) for n in range(1, 5))]
    make_deadline(cast.district, plan=row.plan)
    program, where, told = Program(cast.office_staff), f"/deadlines?unit={cast.commune.pk}&limit=2", []
    while where:
        body = program.get(where).json()
        told.append([item["id"] for item in body["items"]])
        where = body["next"]
    keys = [r.pk for r in rows]
    assert told == [keys[:2], keys[2:4], keys[4:]]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("limit=0", "query.limit"),
        ("limit=201", "query.limit"),
        ("after=-1", "query.after"),
        ("state=never", "query.state"),
        ("due_from=31/03/2026", "query.due_from"),
        ("unit=999999", "query.unit"),
        ("unit=99999999999999999999999", "query.unit"),
        ("staet=overdue", "query.staet"),
    ],
)
def test_what_a_list_refuses(cast: Cast, asked: str, field: str) -> None:
    answer = Program(cast.office_staff).get(f"/deadlines?{asked}")
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])


#: Queries of a list, the same for few rows and for many: the token with its person, the posts, the rows.
LISTS = {
    "/me": 2,
    "/units": 4,  # … and the units above them
    "/plans": 3,
    "/deadlines": 3,
    "/deadlines?state=due_soon": 5,  # … and the choices of the filter: units, plans
    "/difficulties": 3,
    "/extensions": 3,
    "/progress-reports": 3,
    "/notices": 3,
    "/meetings": 3,
    "/pledges": 3,
}


@pytest.mark.parametrize(("where", "queries"), LISTS.items())
def test_a_list_costs_the_same_for_few_and_for_many(cast: Cast, scene: Scene, where: str, queries: int) -> None:
    program = Program(cast.office_staff)
    program.get("/me")  # its use is noted
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as found:
            assert program.get(where).status_code == 200
        counts.append(len(found))
        for _n in range(5):
            more = make_deadline(cast.commune, plan=scene.plan, due_on=dt.date(2026, 3, 20))
            make_extension(more, by=cast.commune_secretary)
    assert counts == [queries, queries]


# --- what is masked ---


def test_a_persons_shortcoming_is_masked_and_its_reading_logged(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan)
    row = ShortcomingFactory(plan=plan, ordinal=1, text="Đồng chí X trễ họp", cause="Lười", subject="person")
    masked = Program(cast.commune_secretary).get(f"/plans/{plan.pk}/shortcomings")
    assert [(i["text"], i["cause"], i["masked"], i["personal"]) for i in masked.json()["items"]] == [
        ("", "", True, True)
    ]
    assert not AuditEvent.objects.filter(action=AuditAction.READ_SENSITIVE).exists()
    whole = Program(cast.leader).get(f"/plans/{plan.pk}/shortcomings")
    assert [i["text"] for i in whole.json()["items"]] == ["Đồng chí X trễ họp"]
    assert AuditEvent.objects.get(action=AuditAction.READ_SENSITIVE).data["shortcomings"] == [row.pk]


# --- what is broken ---


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("", 422),
        ("[]", 422),
        ("null", 422),
        ('{"percent": 1e400}', 422),
        ('{"percent": "50"}', 422),
        ('{"percent": true}', 422),
        ('{"percent": 100}', 422),
        ('{"percent": ' + "9" * 5000 + "}", 400),
        ('{"percent": 1, "text": "a\\u0000b"}', 422),
        ('{"percent": 1, "text": "\\ud800"}', 422),
        ('{"percent": 1, "value": "1e999999"}', 422),
        ('{"percent": 1, "value": "NaN"}', 422),
        ('{"percent": 1, "value": 1.234}', 422),
        ('{"percent": 1, "links": ["javascript:alert(1)"]}', 422),
        ('{"percent": 1, "document_numbers": ["12/MẬT"]}', 422),
        ('{"percent": 1, "other": 1}', 422),
        ('{"percent": 1, "\\ud800": 1}', 422),
        ("[" * 50_000, 400),
        (b"\xff\xfe", 400),
    ],
)
def test_broken_input_is_a_problem_and_never_a_fault(cast: Cast, row: Deadline, body: Any, status: int) -> None:
    answer = Program(cast.commune_secretary).post(f"/deadlines/{row.pk}/progress", body, if_match='"1"')
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    row.refresh_from_db()
    assert row.version == 1


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("/deadlines/99999999999999999999999999", 422),
        ("/deadlines/x", 422),
        ("/deadlines/0", 422),
        ("/deadlines?q=%00", 400),
        ("/nothing", 404),
        ("/units?under=999999", 404),
    ],
)
def test_broken_addresses_are_problems(cast: Cast, where: str, status: int) -> None:
    answer = Program(cast.office_staff).get(where)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("day", ["30/04/2026", "2026-02-30", "1026-04-30", 20260430, "2026-4-1", None, "２026-04-30"])
def test_days_are_written_in_one_way(cast: Cast, day: Any) -> None:
    undated = make_deadline(cast.commune, plan=make_published_plan(cast.province))
    answer = Program(cast.office_staff).post(f"/deadlines/{undated.pk}/date", {"due_on": day}, if_match='"1"')
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.due_on")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_json_is_sent_as_json(cast: Cast, row: Deadline, kind: str) -> None:
    headers = {"Authorization": f"Bearer {Program(cast.office_staff).key}", "If-Match": "*"}
    answer = Client().post(f"/api/v1/deadlines/{row.pk}/hold", '{"reason": "x"}', content_type=kind, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")


def test_head_is_answered_like_get_without_a_body(cast: Cast, row: Deadline) -> None:
    headers = {"Authorization": f"Bearer {Program(cast.office_staff).key}"}
    answer = Client().head(f"/api/v1/deadlines/{row.pk}", headers=headers)
    assert (answer.status_code, answer.content, "ETag" in answer) == (200, b"", True)


def test_what_is_wrong_with_a_filter_or_a_header_is_named_in_our_words(cast: Cast, row: Deadline) -> None:
    program = Program(cast.office_staff)
    alone = program.get("/deadlines?own=true", accept_language="en").json()["errors"]
    assert alone == [{"field": "query.unit", "message": "This value is missing."}]
    hidden = program.get("/deadlines?plan=99999", accept_language="en").json()["errors"]
    assert hidden == [{"field": "query.plan", "message": "This is none of the values possible."}]
    empty = program.post(f"/deadlines/{row.pk}/hold", {"reason": "x"}, if_match="*", idempotency_key="")
    assert [fault["field"] for fault in empty.json()["errors"]] == ["header.Idempotency-Key"]


def test_another_method_is_a_problem_and_no_form_of_a_browser(cast: Cast, row: Deadline) -> None:
    program = Program(cast.office_staff)
    answer = program.post(f"/deadlines/{row.pk}", {})
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, "GET", "method")
    headers = {"Authorization": f"Bearer {program.key}", "If-Match": "*"}
    strict = Client(enforce_csrf_checks=True)
    assert (
        strict.post(f"/api/v1/deadlines/{row.pk}/submit", "{}", "application/json", headers=headers).status_code == 200
    )


def test_errors_come_in_the_language_asked_for(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    words = {
        asked: program.post(f"/deadlines/{row.pk}/progress", {"percent": 1}, accept_language=asked).json()["detail"]
        for asked in ("en", "vi", "fr")
    }
    assert words["en"] == "Say which version you saw: send its ETag as If-Match."
    assert words["vi"] == words["fr"] != words["en"]


# --- results of targets ---


def test_results_are_entered_all_or_none(cast: Cast) -> None:
    target = make_indicator(make_published_plan(cast.province), units=[cast.commune, cast.district])
    program = Program(cast.secretary)
    rows = [{"unit": u.pk, "version": 0, "value": v} for u, v in ((cast.commune, "5"), (cast.district, "-1"))]
    where, sent = f"/indicators/{target.pk}/results", {"period_start": "2026-01-01", "rows": rows}
    wrong = program.post(where, sent)
    assert (wrong.status_code, [e["field"] for e in wrong.json()["errors"]]) == (422, [f"unit.{cast.district.pk}"])
    assert not IndicatorResult.objects.exists()
    rows[1]["value"] = "7.5"
    assert program.post(where, sent).json() == {"changed": 2}
    rows[0]["value"] = "6"
    stale = program.post(where, sent)
    assert (stale.status_code, [e["field"] for e in stale.json()["errors"]]) == (412, [f"unit.{cast.commune.pk}"])
    told = program.get(where).json()["items"]
    assert [(r["unit"]["id"], r["value"], r["version"]) for r in told] == [
        (cast.commune.pk, "5.000", 1),
        (cast.district.pk, "7.500", 1),
    ]


# --- tokens ---


def test_only_the_hash_of_a_token_is_kept(cast: Cast) -> None:
    token, key = make_token(by=cast.secretary, name="Bảng số liệu", scope="read", days=90)
    assert (len(token.key_hash), token.hint, token.expires_on) == (64, key[-4:], TODAY + dt.timedelta(days=90))
    assert key not in json.dumps(list(AuditEvent.objects.values_list("data", flat=True)))
    assert key not in "".join(str(v) for v in ApiToken.objects.values().get().values())


def test_when_a_token_opens_nothing_any_more(cast: Cast) -> None:
    program = Program(cast.secretary)
    token = ApiToken.objects.get()
    assert program.get("/me").status_code == 200
    ApiToken.objects.update(expires_on=TODAY - dt.timedelta(days=1))
    assert program.get("/me").status_code == 401
    ApiToken.objects.update(expires_on=TODAY)
    assert program.get("/me").status_code == 200
    cast.secretary.is_active = False
    cast.secretary.save()
    assert program.get("/me").status_code == 401
    cast.secretary.is_active = True
    cast.secretary.save()
    assert revoke_token(token=token, by=cast.secretary)
    assert program.get("/me").status_code == 401


def test_the_rights_are_those_of_the_day(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    assert program.get(f"/deadlines/{row.pk}").status_code == 200
    Appointment.objects.filter(user=cast.commune_secretary).update(end=TODAY - dt.timedelta(days=1))
    assert program.get(f"/deadlines/{row.pk}").status_code == 404
    assert program.get("/me").json()["posts"] == []
    Appointment.objects.filter(user=cast.commune_secretary).update(end=None)
    Post.objects.filter(unit=cast.branch).update(role="reader")
    make_substitution(cast.commune_secretary, cast.branch_secretary)
    stands_in = Program(cast.branch_secretary)
    answer = stands_in.post(f"/deadlines/{row.pk}/progress", {"percent": 5}, if_match="*")
    assert answer.status_code == 200
    assert cast.commune_secretary.full_name in AuditEvent.objects.filter(action="reported").get().data["acting_for"]


def test_a_session_of_a_browser_opens_nothing(cast: Cast, login: Login, row: Deadline) -> None:
    client = login(cast.office_staff)
    assert client.get("/api/v1/deadlines").status_code == 401
    assert client.post(f"/api/v1/deadlines/{row.pk}/cancel", {"reason": "x"}).status_code == 401


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Basic abc", "bearer " + "x" * 5000, "Token \xff"])
def test_what_is_no_token(cast: Cast, sent: str) -> None:
    answer = Client().get("/api/v1/me", headers={"Authorization": sent})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_guesses_and_calls_are_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "MISSES_AN_HOUR", 2)
    monkeypatch.setattr(auth, "CALLS_AN_HOUR", 3)
    nobody, program = Program(None), Program(cast.secretary)
    assert [nobody.get("/me").status_code for _n in range(3)] == [401, 401, 429]
    last = [program.get("/me") for _n in range(4)]
    assert [a.status_code for a in last] == [200, 200, 200, 429]
    assert 0 < int(last[-1]["Retry-After"]) <= 3600


def test_a_person_has_ten_tokens_at_most(cast: Cast) -> None:
    for n in range(10):
        make_token(by=cast.secretary, name=str(n), scope="read", days=1)
    with pytest.raises(ActionRefused):
        make_token(by=cast.secretary, name="11", scope="read", days=1)


def test_the_use_of_a_token_is_noted_now_and_then(cast: Cast) -> None:
    program = Program(cast.secretary)
    program.get("/me")
    assert ApiToken.objects.get().last_used_at == clock.now()


def test_what_is_hidden_leaves_a_trace(cast: Cast, row: Deadline) -> None:
    Program(cast.outsider).get(f"/deadlines/{row.pk}")
    assert AuditEvent.objects.get(action=AuditAction.REFUSED).object_label == f"GET /api/v1/deadlines/{row.pk}"


# --- files ---


def test_work_that_owes_a_file_is_reported_with_it_once(cast: Cast, row: Deadline) -> None:
    row.solution.deliverable = "file"
    row.solution.save()
    program, where = Program(cast.commune_secretary), f"/deadlines/{row.pk}/submit-files"
    assert program.post(f"/deadlines/{row.pk}/submit", {}, if_match='"1"').json()["code"] == "refused"
    answers = []
    for _again in range(2):
        sent = {"files": SimpleUploadedFile("bc.docx", office()), "text": "Xong", "document_numbers": "12-BC/TĐTN"}
        answers.append(program.post_form(where, sent, if_match='"1"', idempotency_key="k-1"))
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[1]["Idempotency-Replayed"] == "true"
    told = program.get(f"/deadlines/{row.pk}/evidence").json()["items"]
    assert [(e["name"], e["document_number"], e["version"]) for e in told] == [
        ("bc.docx", "", 1),
        ("", "12-BC/TĐTN", 1),
    ]
    other = {"files": SimpleUploadedFile("bc.xlsx", office("xlsx")), "text": "Xong"}
    assert program.post_form(where, other, if_match='"1"', idempotency_key="k-1").json()["code"] == "key_reused"


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ"), ("a.docx", b"no zip"), ("a.pdf", b"")])
def test_files_the_page_refuses_are_refused(cast: Cast, row: Deadline, name: str, content: bytes) -> None:
    sent = {"files": SimpleUploadedFile(name, content), "text": "Xong"}
    answer = Program(cast.commune_secretary).post_form(f"/deadlines/{row.pk}/submit-files", sent, if_match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not row.evidence.exists()


def test_a_form_that_is_broken_is_a_problem(cast: Cast, row: Deadline) -> None:
    program = Program(cast.commune_secretary)
    headers = {"Authorization": f"Bearer {program.key}", "If-Match": '"1"'}
    for kind, status in (("multipart/form-data", 400), ("multipart/form-data; boundary=x", 422), ("text/plain", 415)):
        answer = Client().post(
            f"/api/v1/deadlines/{row.pk}/submit-files", b"--y\r\nbroken", content_type=kind, headers=headers
        )
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


# --- answers that a program can act on ---


@pytest.mark.parametrize("tag", ["*", "own"])
def test_a_state_that_forbids_the_act_is_refused_with_its_reason(cast: Cast, row: Deadline, tag: str) -> None:
    asked = make_extension(row, by=cast.commune_secretary)
    leader, staff = Program(cast.leader), Program(cast.office_staff)

    def post(path: str, sent: dict[str, Any]) -> Any:
        record, caller = path.rpartition("/")[0], leader if "extensions" in path else staff
        return caller.post(path, sent, if_match="*" if tag == "*" else caller.get(record)["ETag"])

    assert post(f"/extensions/{asked.pk}/refuse", {"words": "Không"}).status_code == 200
    answers = [
        post(f"/extensions/{asked.pk}/refuse", {"words": "Không"}),
        post(f"/plans/{row.plan_id}/publish", {}),
        post(f"/plans/{row.plan_id}/discard", {}),
        post(f"/plans/{row.plan_id}/reopen", {"reason": "Sai"}),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, "refused")] * 4
    assert all(a.json()["detail"] for a in answers)


def test_the_whole_etag_is_compared_and_one_of_several_may_fit(cast: Cast, row: Deadline) -> None:
    program, where = Program(cast.commune_secretary), f"/deadlines/{row.pk}/progress"
    etag = program.get(f"/deadlines/{row.pk}")["ETag"]
    cast.commune.name = "Đoàn xã Mới"
    cast.commune.save()
    answer = program.post(where, {"percent": 1}, if_match=etag)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    now = program.get(f"/deadlines/{row.pk}")["ETag"]
    assert program.post(where, {"percent": 1}, if_match=f'{etag}, "9.x", W/{now}').status_code == 200


def test_a_row_with_only_a_note_keeps_the_result(cast: Cast) -> None:
    target = make_indicator(make_published_plan(cast.province), units=[cast.commune])
    program, where = Program(cast.secretary), f"/indicators/{target.pk}/results"

    def send(**said: Any) -> Any:
        sent = {"period_start": "2026-01-01", "rows": [{"unit": cast.commune.pk, **said}]}
        return program.post(where, sent)

    assert send(version=0, value="5").json() == {"changed": 1}
    assert send(version=1, note="Theo báo cáo quý").json() == {"changed": 1}
    found = IndicatorResult.objects.get()
    assert (found.value, found.note, found.version) == (Decimal(5), "Theo báo cáo quý", 2)
    assert send(version=2).status_code == 422
    assert send(version=2, remove=True).json() == {"changed": 1}
    assert not IndicatorResult.objects.exists()


def test_versions_of_a_result_go_on_after_it_was_taken_back(cast: Cast) -> None:
    target = make_indicator(make_published_plan(cast.province), units=[cast.commune])
    program, where = Program(cast.secretary), f"/indicators/{target.pk}/results"

    def send(**said: Any) -> int:
        sent = {"period_start": "2026-01-01", "rows": [{"unit": cast.commune.pk, **said}]}
        return int(program.post(where, sent).status_code)

    said: list[dict[str, Any]] = [
        {"version": 0, "value": "5"},
        {"version": 1, "value": None},
        {"version": 0, "value": "6"},
        {"version": 1, "value": "7"},
    ]
    assert [send(**one) for one in said] == [200, 200, 200, 412]
    found = IndicatorResult.objects.get()
    assert (found.value, found.version) == (Decimal(6), 3)


def test_a_wrong_row_is_named(cast: Cast) -> None:
    target = make_indicator(make_published_plan(cast.province), units=[cast.commune])
    rows = [{"unit": cast.commune.pk, "version": 0, "value": "5"}, {"unit": 999_999, "version": 0, "value": "5"}]
    answer = Program(cast.secretary).post(
        f"/indicators/{target.pk}/results", {"period_start": "2026-01-01", "rows": rows}
    )
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, ["unit.999999"])
    assert not IndicatorResult.objects.exists()


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"percent": 100}, "body.percent", "0 to 99"),
        ({"percent": 1, "text": "x" * 4001}, "body.text", "4000"),
        ({"percent": 1, "document_numbers": ["mười hai"]}, "body.document_numbers.0", "245-BC/TĐTN-TCKT"),
        ({"percent": 1, "links": ["a b"]}, "body.links.0", "https://"),
        ({"percent": 1, "links": "a"}, "body.links", "list"),
    ],
)
def test_a_fault_says_what_is_wanted(cast: Cast, row: Deadline, body: Any, field: str, words: str) -> None:
    answer = Program(cast.commune_secretary).post(
        f"/deadlines/{row.pk}/progress", body, if_match="*", accept_language="en"
    )
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"], fault["field"]) == (422, "invalid", field)
    assert words in fault["message"]


def test_a_text_of_blanks_is_missing(cast: Cast, row: Deadline) -> None:
    answer = Program(cast.office_staff).post(f"/deadlines/{row.pk}/cancel", {"reason": "  "}, if_match="*")
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (
        422,
        "invalid",
        "body.reason",
    )


def test_a_form_is_for_files_and_knows_its_names(cast: Cast, row: Deadline) -> None:
    program, where = Program(cast.commune_secretary), f"/deadlines/{row.pk}/submit-files"
    as_json = program.post(where, {"text": "Xong"}, if_match="*")
    as_form = program.post_form(f"/deadlines/{row.pk}/submit", {"text": "Xong"}, if_match="*")
    assert [(a.status_code, a.json()["code"]) for a in (as_json, as_form)] == [(415, "media_type")] * 2
    sent = {"files": SimpleUploadedFile("bc.docx", office()), "txet": "Xong"}
    wrong = program.post_form(where, sent, if_match="*")
    assert (wrong.status_code, [e["field"] for e in wrong.json()["errors"]]) == (422, ["form.txet"])
    bad = program.post_form(where, {"files": SimpleUploadedFile("a.exe", b"MZ")}, if_match="*")
    assert [e["field"] for e in bad.json()["errors"]] == ["file.files"]


def test_a_call_too_large_is_413_and_no_fault(
    cast: Cast, row: Deadline, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = Program(cast.commune_secretary).post(
        f"/deadlines/{row.pk}/progress", {"percent": 1, "text": "x" * 1000}, if_match="*", idempotency_key="k"
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "Traceback" not in caplog.text


def test_a_name_given_twice_is_refused(cast: Cast) -> None:
    answer = Program(cast.office_staff).get("/deadlines?limit=1&limit=2")
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, ["query.limit"])


def test_the_same_values_written_otherwise_are_the_same_call(cast: Cast, row: Deadline) -> None:
    program, where = Program(cast.commune_secretary), f"/deadlines/{row.pk}/progress"
    first = program.post(where, '{"percent": 5, "text": "Đã họp"}', if_match='"1"', idempotency_key="k-1")
    again = program.post(where, '{ "text":"Đã họp","percent":5 }', if_match='"2"', idempotency_key="k-1")
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (200, 200, "true")


def test_the_next_page_is_on_the_host_that_was_called(cast: Cast, row: Deadline) -> None:
    make_deadline(cast.commune, plan=row.plan, due_on=dt.date(2026, 4, 1))
    told = Program(cast.office_staff).get("/deadlines?limit=1").json()["next"]
    assert told == f"/api/v1/deadlines?limit=1&after={row.pk}"


def test_an_answer_is_not_given_again_to_who_lost_rights_since(cast: Cast, today: dt.date) -> None:
    program, plan = Program(cast.commune_secretary), make_published_plan(cast.province)
    row = make_deadline(cast.commune, plan=plan)
    sent = {"percent": 50, "text": "Đang làm"}
    first = program.post(f"/deadlines/{row.pk}/progress", sent, if_match="*", idempotency_key="k1")
    again = program.post(f"/deadlines/{row.pk}/progress", sent, if_match="*", idempotency_key="k1")
    assert (first.status_code, again.status_code) == (200, 200)
    Appointment.objects.filter(user=cast.commune_secretary).update(end=today - dt.timedelta(days=1))
    answer = program.post(f"/deadlines/{row.pk}/progress", sent, if_match="*", idempotency_key="k1")
    assert (answer.status_code, answer.json()["code"]) == (422, "done_before")
