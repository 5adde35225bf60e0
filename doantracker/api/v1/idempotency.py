"""A call with an Idempotency-Key that is sent twice is done once and answered alike."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from doantracker.api.actions.kept import claim_key, keep_answer
from doantracker.api.models import KeptAnswer
from doantracker.api.v1.auth import Call
from doantracker.api.v1.problems import ProblemError
from plans.actions.proof import Upload
from units.access import reach_of

_KEY: Final = re.compile(r"[!-~]{1,64}")


def once(request: Call, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do `act`, or give the answer it had when the same call came before.

    What is compared, done and answered is one transaction: a record held in it (`acts.as_seen`) stays as it
    was seen, and there is never an act without its kept answer. What was refused is not kept, since the next attempt
    may find another state.
    """
    if "Idempotency-Key" not in request.headers:
        with transaction.atomic():
            return act()
    key = request.headers["Idempotency-Key"].strip()
    if not _KEY.fullmatch(key):
        words = _("An Idempotency-Key has 1 to 64 letters, digits or signs, without blanks.")
        raise ValidationError({"header.Idempotency-Key": words})
    print_ = _fingerprint(request)
    if kept := _kept(request, key):
        return _again(request, kept, print_)
    try:
        with transaction.atomic():
            row = claim_key(by=request.user, key=key, fingerprint=print_)
            response = act()
            told = {"body": response.content.decode(), "etag": response.headers.get("ETag", "")}
            keep_answer(claimed=row, status=response.status_code, **told)
    except IntegrityError:
        if kept := _kept(request, key):  # the same call, sent twice at once, was first
            return _again(request, kept, print_)
        raise
    return response


def _kept(request: Call, key: str) -> KeptAnswer | None:
    found: KeptAnswer | None = KeptAnswer.objects.visible_to(request.user).filter(key=key).first()
    return found


def _again(request: Call, kept: KeptAnswer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        words = _("This Idempotency-Key was used for another call. Take a new one.")
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "key_reused", words)
    if not set(kept.reach) <= set(reach_of(request.user)):  # what it tells may be hidden from the person by now
        words = _("This call was done before. Your rights have changed since: read the record instead.")
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "done_before", words)
    response = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
    if kept.etag:
        response["ETag"] = kept.etag
    response["Idempotency-Replayed"] = "true"
    response["Cache-Control"] = "no-store"
    return response


def _fingerprint(request: Call) -> str:
    """Return what tells one call from another: what it says, however it is written.

    JSON by its values, so that the order of names is nothing; a form by its fields and files, since its boundary is
    another each time. The version seen is no part of it: who sends a call again may have read the record in between.
    """
    parts = [request.method or "", request.get_full_path()]
    if request.content_type == "multipart/form-data":
        parts += [repr(sorted(request.POST.lists()))]
        parts += [
            f"{f.name} {Upload.of(f).sha256}" for name in sorted(request.FILES) for f in request.FILES.getlist(name)
        ]
    else:
        parts += [json.dumps(json.loads(request.body), sort_keys=True) if request.body.strip() else ""]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
