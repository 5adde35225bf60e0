"""The key of a form that makes something: a double click or a reload that sends it again makes nothing more."""

from __future__ import annotations

import hashlib
import json

from django.utils.crypto import get_random_string

from plans.views.shared import Request

FIELD = "form_key"
LENGTH = 22
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})


def key_for_form(request: Request) -> str:
    """Return the key to put into a form: a new one, or the one it came back with."""
    return request.POST.get(FIELD, "")[:LENGTH] or get_random_string(LENGTH)


def key_of(request: Request) -> str:
    """Return the key of the form that was sent together with its words; a form without one has none.

    The words belong to it: who goes back, types something else and sends again means one more.
    """
    if not request.POST.get(FIELD):
        return ""
    words = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in _NOT_TYPED)
    return hashlib.sha256(json.dumps([request.get_full_path(), words]).encode()).hexdigest()
