"""What a commitment hangs on, as fields of its form: an event, or another commitment of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.enums import Chain, Kind
from plans.labels import step_label
from plans.models import Event, Plan, Schedule
from units.models import User

if TYPE_CHECKING:
    AnyChoice = forms.ModelChoiceField[Any]
else:
    AnyChoice = forms.ModelChoiceField  # takes no parameter when it runs


class _EventChoice(AnyChoice):
    """Events by name, with their day."""

    def label_from_instance(self, obj: Event) -> str:
        """Return the name and the day, or that it has none yet."""
        return f"{obj.name} ({date_format(obj.day, 'SHORT_DATE_FORMAT') if obj.day else _('no day yet')})"


class _StepChoice(AnyChoice):
    """Commitments by their solution and phrase."""

    def label_from_instance(self, obj: Schedule) -> str:
        """Return the solution and, where the plan words it, the time."""
        return f"{step_label(obj)} – {obj.phrase}" if obj.phrase else step_label(obj)


def offer_anchors(form: forms.ModelForm[Any], plan: Plan, by: User) -> None:
    """Offer the events of the issuer and the other commitments of the plan that do not recur."""
    form.fields["anchor"].label = _("Event, in the words of the plan")
    events = Event.objects.visible_to(by).offered_to(plan)
    form.fields["event"] = _EventChoice(
        label=_("Hangs on the event"),
        required=False,
        queryset=events,
        empty_label=_("the one the words above name"),
        help_text=_("Commitments with the same words hang on the same event. Its day is given or moved once for all."),
    )
    steps = Schedule.objects.filter(solution__plan=plan).exclude(kind=Kind.RECURRING).exclude(pk=form.instance.pk)
    form.fields["hangs_on"] = _StepChoice(
        label=_("Hangs on this commitment"),
        required=False,
        queryset=steps.select_related("solution").order_by("solution__ordinal", "pk"),
        help_text=_("Work with a day of its own that hangs on another can't be handed in before that is."),
    )
    form.fields["chain"].help_text = _("What of that commitment gives this one its day.")
    form.fields["in_order"].label = _("In this order: the later of the two can't be handed in before the earlier one")
    names = list(form.field_order or form.fields)
    form.order_fields([*names, *(n for n in form.fields if n not in names)])


def clean_anchor(form: forms.ModelForm[Any], data: dict[str, Any]) -> None:
    """Settle what was chosen last, and ask for what is missing; words that changed name another event."""
    event, step = cast("Event | None", data.get("event")), cast("Schedule | None", data.get("hangs_on"))
    if data.get("kind") != Kind.RELATIVE:
        data["event"], data["chain"] = None, ""
        data["in_order"] = step is not None
        return
    if event and step:
        chosen_event = "event" in form.changed_data and "hangs_on" not in form.changed_data
        event, step = (event, None) if chosen_event else (None, step)
    if event and "anchor" in form.changed_data and "event" not in form.changed_data:
        event = None
    if step is None:
        data["chain"], data["in_order"] = "", False
    else:
        data["chain"] = data.get("chain") or Chain.COMPLETION
        before = data.get("lead_side") != "+" and data.get("lead_amount") is not None
        if before and data["chain"] == Chain.COMPLETION:
            form.add_error("lead_side", _("Nothing is due before the completion that dates it. Choose “after”."))
    if not (event or step or data.get("anchor")):
        form.add_error("anchor", _("Name the event it is bound to."))
    data["event"], data["hangs_on"] = event, step
    if not data.get("anchor"):
        data["anchor"] = event.name if event else step_label(step) if step else ""
