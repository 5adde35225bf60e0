"""A phrase typed into a commitment's form is read while it is typed; one click takes what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict

from plans.forms.record_base import RecordForm
from plans.forms.records import RecordKind
from plans.models import Plan, Schedule
from plans.phrase_reading import ReadPhrase, read_phrase
from plans.sentences import understood

#: What a person alone decides; a phrase says nothing of it.
_NOT_READ = frozenset({"phrase", "owner_units", "owner_kinds", "fingerprint"})
#: Columns that say when; what is offered is what differs in them.
_TIMES = ("kind", "start", "due", "rule", "lead_time", "anchor")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the typed words mean: as a sentence, with why it is unsure and how many times they name."""

    sentence: str
    doubt: str
    count: int


def offer_of(form: RecordForm, plan: Plan) -> Offer | None:
    """Return what the phrase in `form` means, None where it names no time or the form says the same already."""
    words = str(form["phrase"].value() or "").strip()
    read = read_phrase(words, plan) if words else ReadPhrase()
    if not read.count:
        return None
    values = {name: read.values[name] for name in _TIMES}
    if form.is_bound and form.is_valid():
        typed = form.values()
        if all((typed.get(name) or None) == (value or None) for name, value in values.items()):
            return None
    sentence = understood(Schedule(**values), days_off_move=plan.days_off_move)
    return Offer(sentence, read.doubt, read.count)


def taken(form: RecordForm, kind: RecordKind, plan: Plan) -> QueryDict:
    """Return what was sent with `form`, with what its phrase means in the place of what was chosen before."""
    words = str(form["phrase"].value() or "")
    read = read_phrase(words, plan).values
    filled = kind.form(
        instance=type(form.instance)(), plan=plan, names=form.names, by=form.by, initial={**read, "phrase": words}
    )
    data = cast("QueryDict", form.data).copy()
    for name in filled.fields:
        if name not in _NOT_READ:
            data.setlist(filled.add_prefix(name), _as_sent(filled, name))
    return data


def _as_sent(form: RecordForm, name: str) -> list[str]:
    """Return the value of a field as a browser would send it."""
    field = form.fields[name]
    shown: Any = field.widget.format_value(form[name].value())
    values = [str(value) for value in (shown if isinstance(shown, list) else [shown]) if value is not None]
    return [v for v in values if field.valid_value(v)] if isinstance(field, forms.ChoiceField) else values
