"""Changes of what is published: looked at first, then made as they were seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from ninja import Schema
from pydantic import Field

from doantracker.api.v1.answers import KEYED, one
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.types import Sent, Switch
from doantracker.api.v1.versions import seen
from plans.changes import Change, Line

#: An act that can be looked at first: with `preview` nothing is done, and the answer's ETag is needed to do it.
STAGED: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": False,
            "description": "Needed unless `preview`: the ETag of the preview; `*`: whatever it comes to.",
            "schema": {"type": "string", "maxLength": 200},
        },
        *KEYED["parameters"],
    ]
}


class Staged(Sent):
    """A change that can be looked at first."""

    preview: Switch = Field(default=False, description="Only tell what would change; nothing is saved.")


class LineOut(Schema):
    """What a change does to one deadline."""

    deadline: int | None = Field(description="Null for one that is to be made.")
    unit: str = Field(description="The name of the unit that owes it.")
    occurrence: str = Field(description="Which one of recurring work.")
    before: dt.date | None = Field(description="Its last day now.")
    after: dt.date | None = Field(description="Its last day then.")
    why: str = Field(description="Why it stays, or is called off.")


class ChangeOut(Schema):
    """What a change does to deadlines. The ETag stands for exactly this."""

    done: bool = Field(description="False: a preview.")
    moved: list[LineOut] = Field(description="Deadlines that get another last day.")
    new: list[LineOut] = Field(description="Deadlines that are made.")
    removed: list[LineOut] = Field(description="Deadlines that go without a trace: nobody has worked on them.")
    cancelled: list[LineOut] = Field(description="Deadlines that are called off, and stay to be read.")
    kept: list[LineOut] = Field(description="Deadlines that stay as they are although the change concerns them.")


def staged(
    request: Call, *, preview: bool, look: Callable[[], Change], act: Callable[[str | None], Change | None]
) -> Any:
    """Tell what a change would do, or do it as it was seen; `act` compares with what the caller saw, None: nothing."""
    if preview:
        return told(request, look(), done=False)

    def run() -> Any:
        version = seen(request, "*")
        changed = act(None if version == "*" else version)
        return told(request, changed or Change(), done=True)

    return once(request, run)


def told(request: Call, change: Change, *, done: bool) -> Any:
    """Return a change as told."""
    groups = ("moved", "new", "removed", "cancelled", "kept")
    facts = {name: [_line(line, new=name == "new") for line in getattr(change, name)] for name in groups}
    return one(request, ChangeOut, {"done": done, **facts}, change.digest)


def _line(line: Line, *, new: bool) -> dict[str, Any]:
    return {
        "deadline": None if new else line.pk,
        "unit": line.unit,
        "occurrence": line.occurrence,
        "before": line.before,
        "after": line.after,
        "why": str(line.why),
    }
