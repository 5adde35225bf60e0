"""The OpenAPI document holds what it says: whatever it allows, and more, gets an answer it names, with every role."""

from __future__ import annotations

import os
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
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.calls import Program
from tests.api.test_access import address
from tests.cast import Cast
from tests.test_access import PEOPLE, ROLES, Scene

pytestmark = pytest.mark.usefixtures("today")

CHECKS: Any = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
#: Calls of an operation by one role. 1: good and bad ones in turn, so that all roles together send both; more: so many
#: of each. `API_EXAMPLES=20 pytest tests/api/test_document.py` looks deeper, for minutes.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "1"))
_schema: list[Any] = []


@pytest.fixture
def _same_connection() -> Iterator[None]:
    """Keep the connection of the test from call to call, as Django's own test client does."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.mark.usefixtures("_same_connection")
@pytest.mark.parametrize("role", ROLES)
def test_no_call_gets_an_answer_that_the_document_does_not_name(cast: Cast, scene: Scene, role: str) -> None:
    program = Program(getattr(cast, PEOPLE[role]) if role in PEOPLE else None)
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {program.key}"} if program.key else {})
    for number, operation in enumerate(_operations()):
        turn = list(GenerationMode)[(number + ROLES.index(role)) % len(GenerationMode)]
        for mode in [turn] if EXAMPLES == 1 else list(GenerationMode):
            _ask(operation, headers, mode, _ids(cast, scene, operation))


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


def _ask(operation: Any, headers: dict[str, str], mode: GenerationMode, ids: dict[str, str]) -> None:
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
        cache.clear()  # so many calls at once are more than a token has an hour
        if mode == GenerationMode.POSITIVE:
            case.path_parameters = dict(ids)
        seen = {"If-Match": "*"} if mode == GenerationMode.POSITIVE else {}
        with transaction.atomic():
            case.call_and_validate(headers=headers | seen, checks=CHECKS)
            transaction.set_rollback(True)

    ask()


def test_the_document_is_open_and_its_page_is_for_people(cast: Cast, login: Any) -> None:
    assert Client().get("/api/v1/openapi.json").status_code == 200
    assert Client().get("/api/v1/docs").status_code == 302
    page = login(cast.commune_secretary).get("/api/v1/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert "<style" not in page.text
