"""Every operation of the API × every role: the status each one gets. One missing in the table fails the suite."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from doantracker.api.models import ApiToken
from doantracker.api.v1.api import api
from tests.api import access_reviews, table
from tests.api.calls import Program
from tests.api.table import FILES, PAPER, PIECE, SHEET, appointment
from tests.cast import Cast
from tests.doantracker.imports.files import workbook
from tests.files import office
from tests.test_access import PEOPLE, ROLES, Scene

pytestmark = pytest.mark.usefixtures("today")

REVIEWS = access_reviews.WHERE
TABLE = table.TABLE | {o: (row.place, row.body, access_reviews.STATUSES[o]) for o, row in REVIEWS.items()}
#: One unit to import.
UNITS = workbook(["code", "name", "kind", "parent"], ["ST-MOI", "Đoàn xã SÔNGTHAO", "commune", "ST"])


def operations() -> list[str]:
    """Return every operation of the document, as method and path."""
    paths = api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path.removeprefix('/api/v1')}" for path, found in paths.items() for method in found]


def address(cast: Cast, scene: Scene, operation: str) -> str:
    """Return the path of an operation on the objects of the scene."""
    if operation in REVIEWS:
        return access_reviews.address(cast, scene, operation)
    values: list[Any] = []
    for part in TABLE[operation][0].split(","):
        name, _sign, start = part.partition("#")
        only = re.fullmatch(r"(.+):(\d+)", name)
        if part.startswith("="):
            values.append(part[1:])
        elif part == "appointment":
            values.append(appointment(cast, of="branch_secretary"))
        elif only:
            values.append(scene.ids[only[1]][int(only[2])])
        elif part:
            values += scene.ids[name][int(start or 0) :]
    given = iter(values)
    return re.sub(r"\{\w+\}", lambda _match: str(next(given)), operation.split(" ")[1])


def call(program: Program, scene: Scene, cast: Cast, operation: str) -> Any:
    """Do one operation on the objects of the scene, with the version there is."""
    if operation in REVIEWS:
        return access_reviews.call(program, scene, cast, operation)
    where, body = address(cast, scene, operation), TABLE[operation][1]
    if operation.startswith("GET"):
        return program.get(f"{where}?{body(cast, scene)}" if body else where)
    if body in {FILES, PIECE, PAPER, SHEET} if isinstance(body, str) else False:
        paper = SimpleUploadedFile("bc.docx", office())
        fields: dict[str, Any] = {FILES: {"files": paper, "links": "https://example.org/a"}, PIECE: {"files": paper}}
        fields[SHEET] = {"file": SimpleUploadedFile("dv.xlsx", UNITS), "preview": "true"}
        return program.post_form(where, fields.get(body, {"file": paper, "open_work": "leave"}), if_match="*")
    return program.post(where, body(cast, scene) if callable(body) else body, if_match="*")


def text_of(answer: Any) -> str:
    """Return the text of an answer, of a file too: who reads a file to its end closes it."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(content).decode(errors="replace")  # a .docx is no text


def statuses(program: Program, scene: Scene, cast: Cast) -> dict[str, int]:
    """Return what a program gets from every operation, each on the scene as it was."""
    got = {}
    for operation in TABLE:
        cache.clear()  # tokens that open nothing are counted
        with transaction.atomic():
            answer = call(program, scene, cast, operation)
            got[operation] = answer.status_code
            text_of(answer)
            transaction.set_rollback(True)
    return got


def test_every_operation_stands_in_the_table() -> None:
    assert sorted(operations()) == sorted(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do(cast: Cast, scene: Scene, role: str) -> None:
    program = Program(getattr(cast, PEOPLE[role]) if role in PEOPLE else None)
    expected = {operation: row[-1][ROLES.index(role)] for operation, row in TABLE.items()}
    assert statuses(program, scene, cast) == expected


@pytest.mark.parametrize("role", ["outsider", "sibling"])
def test_no_word_of_others_shows(cast: Cast, scene: Scene, role: str) -> None:
    program = Program(getattr(cast, PEOPLE[role]))
    secret = ["SÔNGTHAO", cast.commune.name, cast.branch.name, cast.commune_secretary.full_name]
    answers = {o: text_of(call(program, scene, cast, o)) for o in TABLE}
    lists = ("/units", "/plans", "/deadlines", "/directives", "/activities", "/shortcomings", "/people")
    answers |= {q: program.get(f"{q}?q=songthao").content.decode() for q in lists}
    answers["unit"] = program.get(f"/deadlines?unit={cast.commune.pk}").content.decode()
    answers["plan"] = program.get(f"/deadlines?plan={scene.plan.pk}").content.decode()
    answers["figures"] = program.get(f"/figures/units?unit={cast.commune.pk}").content.decode()
    assert {o for o, text in answers.items() if any(word in text for word in secret)} == set()


def test_a_token_that_reads_changes_nothing(cast: Cast, scene: Scene) -> None:
    got = statuses(Program(cast.office_staff, scope="read"), scene, cast)
    assert {status for o, status in got.items() if o.startswith("POST")} == {403}
    assert {o for o, status in got.items() if o.startswith("GET") and status != 200} == {
        "GET /evaluation-rounds/{pk}/colleagues",  # members of the body only
        "GET /imports/{kind}/template",  # of units: for administrators
    }


def test_a_token_whose_last_day_is_over_opens_nothing(cast: Cast, scene: Scene, today: dt.date) -> None:
    program = Program(cast.office_staff)
    ApiToken.objects.update(expires_on=today - dt.timedelta(days=1))
    assert set(statuses(program, scene, cast).values()) == {401}


def test_a_session_of_the_browser_opens_nothing(cast: Cast, scene: Scene, login: Any) -> None:
    browser: Client = login(cast.office_staff)
    reads = [o for o in TABLE if o.startswith("GET")]
    got = set()
    for operation in reads:
        cache.clear()
        got.add(browser.get(f"/api/v1{address(cast, scene, operation)}").status_code)
    assert got == {401}
