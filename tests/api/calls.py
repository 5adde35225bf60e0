"""How the tests call the API: as a program does, with a token and nothing else."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from doantracker.api.actions.tokens import make_token
from doantracker.api.enums import TokenScope
from units.models import User

BASE = "/api/v1"


class Program:
    """A program of one person. `person` None: without a token."""

    def __init__(self, person: User | None, *, scope: str = TokenScope.WRITE) -> None:
        self.key = make_token(by=person, name="Thử", scope=scope, days=30)[1] if person else ""

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return Client().get(self._address(path), headers=self._headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        """Act; the ETag and the key of a call come as `if_match` and `idempotency_key`."""
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().post(
            self._address(path), sent, content_type="application/json", headers=self._headers(headers)
        )

    def post_form(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        """Act with files."""
        return Client().post(self._address(path), fields, headers=self._headers(headers))

    @staticmethod
    def _address(path: str) -> str:
        return path if path.startswith(("http", BASE)) else BASE + path

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return own | {name.replace("_", "-"): value for name, value in given.items()}
