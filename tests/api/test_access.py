"""Every operation of the API × every role: the status each one gets. One missing in the table fails the suite."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from doantracker.api.v1.api import api
from tests.api import access_reviews
from tests.api.calls import Program
from tests.cast import Cast
from tests.files import office
from tests.test_access import PEOPLE, ROLES, Scene

pytestmark = pytest.mark.usefixtures("today")

_PROVE: dict[str, Any] = {"percent": 50, "text": "Đang làm"}
#: In place of what is sent: a file, as multipart/form-data.
FILES = "files"
#: Method and path, where its id stands in the scene, what is sent; statuses in the order of ROLES.
TABLE: dict[str, tuple[str, Any, tuple[int, ...]]] = {
    #                                                              anon out  sib  own  par  off  lead adm
    "GET /me": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /units": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /units/{pk}": ("units:unit", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/solutions": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/shortcomings": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /plans/{pk}/indicators": ("plans:plan", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /indicators/{pk}": ("plans:indicator", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /indicators/{pk}/results": ("plans:indicator", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /indicators/{pk}/results": ("plans:indicator", "results", (401, 404, 404, 200, 200, 200, 200, 404)),
    "GET /deadlines": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /deadlines/{pk}": ("plans:deadline", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /deadlines/{pk}/evidence": ("plans:confirm", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "GET /progress-reports": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "POST /deadlines/{pk}/progress": ("plans:report", _PROVE, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/submit": ("plans:report", {}, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/submit-files": ("plans:report", FILES, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/evidence": ("plans:confirm", FILES, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/withdraw": ("plans:withdraw", {}, (401, 404, 404, 200, 200, 200, 404, 404)),
    "POST /deadlines/{pk}/confirm": ("plans:confirm", {}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /deadlines/{pk}/return": ("plans:return", {"reason": "Thiếu"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /deadlines/{pk}/hold": ("plans:hold", {"reason": "Chờ"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/resume": ("plans:resume", {}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/cancel": ("plans:cancel", {"reason": "Thôi"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/date": ("plans:date", {"due_on": "2026-04-30"}, (401, 404, 404, 404, 404, 200, 404, 404)),
    "POST /deadlines/{pk}/difficulties": (
        "plans:difficulty", {"text": "Thiếu kinh phí"}, (401, 404, 404, 201, 201, 201, 404, 404),
    ),
    "POST /deadlines/{pk}/extensions": (
        "plans:later", {"day": "2026-03-31", "reason": "Bão"}, (401, 404, 404, 201, 201, 201, 404, 404),
    ),
    "GET /difficulties": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /difficulties/{pk}": ("plans:answer", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /difficulties/{pk}/answer": ("plans:answer", {"words": "Đã cấp"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /difficulties/{pk}/pass-on": (
        "plans:pass_on", {"words": "Vượt thẩm quyền"}, (401, 404, 404, 404, 200, 404, 404, 404),
    ),
    "GET /extensions": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /extensions/{pk}": ("plans:decide", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /extensions/{pk}/grant": ("plans:decide", {}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "POST /extensions/{pk}/refuse": ("plans:decide", {"words": "Không"}, (401, 404, 404, 404, 404, 200, 200, 404)),
    "GET /notices": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "POST /notices/read": ("", {"ids": [1]}, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /meetings": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /meetings/{pk}": ("reviews:meeting", None, (401, 404, 404, 404, 404, 200, 200, 200)),
    "GET /pledges": ("", None, (401, 200, 200, 200, 200, 200, 200, 200)),
    "GET /pledges/{pk}": ("reviews:pledge", None, (401, 404, 404, 200, 200, 200, 200, 200)),
    "POST /pledges/{pk}/accept": ("reviews:pledge", {}, (401, 404, 404, 404, 200, 200, 200, 404)),
    "POST /pledges/{pk}/return": ("reviews:pledge", {"reason": "Thiếu"}, (401, 404, 404, 404, 200, 200, 200, 404)),
}  # fmt: skip


TABLE |= {o: (row.place, row.body, access_reviews.STATUSES[o]) for o, row in access_reviews.WHERE.items()}


def operations() -> list[str]:
    """Return every operation of the document, as method and path."""
    paths = api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path.removeprefix('/api/v1')}" for path, found in paths.items() for method in found]


def call(program: Program, scene: Scene, cast: Cast, operation: str) -> Any:
    """Do one operation on the objects of the scene, with the version there is."""
    if operation in access_reviews.WHERE:
        return access_reviews.call(program, scene, cast, operation)
    method, path = operation.split(" ")
    place, body, _ = TABLE[operation]
    where = path.replace("{pk}", str(scene.ids[place][0])) if place else path
    if method == "GET":
        return program.get(where)
    if body == FILES:
        paper = SimpleUploadedFile("bc.docx", office())
        return program.post_form(where, {"files": paper, "links": "https://example.org/a"}, if_match="*")
    if body == "results":
        rows = [{"unit": cast.commune.pk, "version": 1, "numerator": "2", "denominator": "3"}]
        body = {"period_start": "2026-01-01", "rows": rows}
    return program.post(where, body, if_match="*")


def test_every_operation_stands_in_the_table() -> None:
    assert sorted(operations()) == sorted(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do(cast: Cast, scene: Scene, role: str) -> None:
    program = Program(getattr(cast, PEOPLE[role]) if role in PEOPLE else None)
    got = {}
    for operation in TABLE:
        cache.clear()  # so many calls without a token are more than a machine has an hour
        with transaction.atomic():
            got[operation] = call(program, scene, cast, operation).status_code
            transaction.set_rollback(True)
    assert got == {operation: statuses[ROLES.index(role)] for operation, (_, _, statuses) in TABLE.items()}


@pytest.mark.parametrize("role", ["outsider", "sibling"])
def test_no_word_of_others_shows(cast: Cast, scene: Scene, role: str) -> None:
    program = Program(getattr(cast, PEOPLE[role]))
    secret = ["SÔNGTHAO", cast.commune.name, cast.branch.name, cast.commune_secretary.full_name]
    answers = {o: call(program, scene, cast, o).content.decode() for o in TABLE}
    answers |= {q: program.get(f"{q}?q=songthao").content.decode() for q in ("/units", "/plans", "/deadlines")}
    answers["unit"] = program.get(f"/deadlines?unit={cast.commune.pk}").content.decode()
    answers["plan"] = program.get(f"/deadlines?plan={scene.plan.pk}").content.decode()
    assert {o for o, text in answers.items() if any(word in text for word in secret)} == set()


def test_a_token_that_reads_changes_nothing(cast: Cast, scene: Scene) -> None:
    program = Program(cast.office_staff, scope="read")
    got = {o: call(program, scene, cast, o).status_code for o in TABLE}
    assert {status for o, status in got.items() if o.startswith("POST")} == {403}
    assert {o for o, status in got.items() if o.startswith("GET") and status != 200} == {
        "GET /evaluation-rounds/{pk}/colleagues"  # members of the body only
    }
