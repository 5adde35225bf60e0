"""Who calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from doantracker.api.enums import TokenScope
from doantracker.api.v1.answers import done, reads
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import PersonRef, person_ref
from units.roles import Role

router = Router(tags=["units"])


class PostOut(Schema):
    """A post held today, or one in which the person stands in."""

    title: str
    unit: int = Field(description="The id of its unit.")
    role: Role
    stands_in_for: str = Field(description="The absent person whose post it is; empty: an own post.")


class Me(Schema):
    """The person whose token this is."""

    person: PersonRef
    posts: list[PostOut]
    token: str
    token_number: int = Field(description="By which the log names it (`api_token`), and the page of tokens.")
    scope: TokenScope
    expires_on: dt.date


@router.get("/me", response=reads(Me), summary="Show whose token this is", url_name="me")
def me(request: Call) -> Any:
    """Tell whose token this is, what the person may do today, and until when the token works."""
    posts = [
        {"title": p.title, "unit": p.unit_id, "role": p.role.value, "stands_in_for": p.absent}
        for p in request.user.posts
    ]
    token = request.auth
    facts = {"posts": posts, "token": token.name, "token_number": token.pk}
    facts |= {"scope": token.scope, "expires_on": token.expires_on}
    return done({"person": person_ref(request.user), **facts}, Me)
