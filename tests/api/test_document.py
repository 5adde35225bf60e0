"""The OpenAPI document holds what it says: whatever it allows, and more, gets an answer it names, with every role."""

from __future__ import annotations

import gc
import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from doantracker.api.v1.api import api
from doantracker.api.v1.examples import ASKED, SENT, TOLD
from tests.api.calls import Program
from tests.api.test_access import address
from tests.cast import Cast
from tests.test_access import PEOPLE, ROLES, Scene

pytestmark = pytest.mark.usefixtures("today")

CHECKS: Any = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Different calls of an operation and kind, good or bad. `API_EXAMPLES=20 pytest tests/api/test_document.py` looks
#: deeper, for minutes.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "1"))
#: Who sends them: good ones everybody; bad ones are refused before anybody asks who may.
WHO = {GenerationMode.POSITIVE: ROLES, GenerationMode.NEGATIVE: ("anonymous", "own", "office")}
_schema: list[Any] = []


@pytest.fixture
def _same_connection() -> Iterator[None]:
    """Keep the connection of the test from call to call, as Django's own test client does."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.mark.walk
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # its client leaves files open
@pytest.mark.usefixtures("_same_connection")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_call_gets_an_answer_that_the_document_does_not_name(
    cast: Cast, scene: Scene, mode: GenerationMode
) -> None:
    people = {role: getattr(cast, PEOPLE[role]) if role in PEOPLE else None for role in WHO[mode]}
    keys = {role: Program(person).key for role, person in people.items()}
    for operation in _operations():
        _ask(operation, keys, mode, _ids(cast, scene, operation))
    gc.collect()  # what the client left open is let go here, where it is no failure


def _operations() -> list[Any]:
    """Return the operations of the document, read once a process."""
    if not _schema:
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        operations: Any = schema.get_all_operations()
        _schema.extend(found.ok() for found in operations)
    return _schema


def _ids(cast: Cast, scene: Scene, operation: Any) -> dict[str, str]:
    """Return the parts of the path that lead to the scene: what is made up hardly ever meets a record."""
    path = operation.path.removeprefix("/api/v1")
    names, told = path.split("/"), address(cast, scene, f"{operation.method.upper()} {path}").split("/")
    return {name[1:-1]: value for name, value in zip(names, told, strict=True) if name.startswith("{")}


def _ask(operation: Any, keys: dict[str, str], mode: GenerationMode, ids: dict[str, str]) -> None:
    """Send the same calls with the token of each role; what they did is undone."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        seen = {}
        if mode == GenerationMode.POSITIVE:
            case.path_parameters, seen = dict(ids), {"If-Match": "*"}
        for key in keys.values():
            cache.clear()  # so many calls at once are more than a token has an hour
            token = {"Authorization": f"Bearer {key}"} if key else {}
            with transaction.atomic():
                case.call_and_validate(headers={"Accept-Encoding": "identity", **token, **seen}, checks=CHECKS)
                transaction.set_rollback(True)

    ask()


def test_the_document_is_open_and_its_page_is_for_people(cast: Cast, login: Any) -> None:
    assert Client().get("/api/v1/openapi.json").status_code == 200
    assert Client().get("/api/v1/docs").status_code == 302
    page = login(cast.commune_secretary).get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert "<style" not in page.text


def whole(document: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of an operation; most problems are told once for all."""
    name = answer.get("$ref", "").removeprefix("#/components/responses/")
    found: dict[str, Any] = document["components"]["responses"][name] if name else answer
    return found


def test_the_document_says_what_all_operations_have_in_common() -> None:
    document = api.get_openapi_schema()
    text = json.dumps(document, ensure_ascii=False)
    assert not re.findall(r"\b(?:doantracker|plans|reviews|units)\.[a-z_]+\.\w+|doantracker_api", text)
    assert document["servers"][0]["url"] == "/"
    described = [p for path in document["paths"].values() for o in path.values() for p in o.get("parameters", ())]
    assert [p["name"] for p in described if not (p.get("description") or p["schema"].get("description"))] == []
    schemas = document["components"]["schemas"]
    silent = [n for n, s in schemas.items() if s.get("type") == "string" and "- `" not in s.get("description", "- `")]
    assert silent == []
    assert "- `late`: reported done after the last day" in schemas["TimeState"]["description"]
    assert "- `focus_tasks`: Priority tasks" in schemas["PlanKind"]["description"]
    summaries = [operation["summary"] for path in document["paths"].values() for operation in path.values()]
    assert len(summaries) == len(set(summaries))
    for path in document["paths"].values():
        for operation in path.values():
            answers = {int(status): whole(document, answer) for status, answer in operation["responses"].items()}
            named = {parameter["name"] for parameter in operation.get("parameters", ())}
            assert ("If-None-Match" in named) == (304 in answers)
            assert 500 in answers
            assert "Retry-After" in answers[429]["headers"]
            assert (428 in answers) == ("If-Match" in named)
    results = document["paths"]["/api/v1/indicators/{pk}/results"]["post"]["responses"]
    plans = document["paths"]["/api/v1/plans"]["post"]["responses"]
    assert {413, 415, 412} <= {int(status) for status in results}
    assert 412 not in {int(status) for status in plans}


def test_the_document_is_written_once_and_orders_its_topics() -> None:
    document = api.get_openapi_schema()
    assert api.get_openapi_schema() is document
    used = {tag for path in document["paths"].values() for operation in path.values() for tag in operation["tags"]}
    assert [tag["name"] for tag in document["tags"] if tag["name"] not in used] == []
    assert used <= {tag["name"] for tag in document["tags"]}


def test_examples_are_calls_and_answers_as_the_document_describes_them() -> None:
    document = json.loads(json.dumps(api.get_openapi_schema()))
    operations = {found["operationId"]: found for path in document["paths"].values() for found in path.values()}
    assert {*ASKED, *SENT, *TOLD} <= set(operations)
    shown: list[Any] = []
    for operation in operations.values():
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        places = [*operation["parameters"], *(c for body in bodies for c in body.get("content", {}).values())]
        shown += [place for place in places if "example" in place]
    for place in shown:
        schema = {**place["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(place["example"])
    assert len(shown) == sum(map(len, ASKED.values())) + len(SENT) + 2 * len(TOLD)
