"""Quotas of days at the grassroots: the list of a year's, one held against the trips, set and changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.paging import PER_PAGE, CappedPaginator
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request
from reviews.actions import trip_quotas as actions
from reviews.forms.trip_quotas import QuotaForm
from reviews.models import FieldTripQuota
from reviews.quota_page import history_of, table_of
from reviews.rights import may_run_trips, may_set_quotas, quota_unions
from reviews.staff import staff_of
from reviews.views.shared import formed
from reviews.views.trips import HISTORY_SHOWN, union_of
from units.access import get_visible_or_404, require
from units.permissions import Permission

FORM = "reviews/trip_quota_form.html"


@require_safe
def quota_list(request: Request) -> HttpResponse:
    """List the quotas, the newest year first."""
    require(request.user.may(Permission.VIEW))
    visible = FieldTripQuota.objects.visible_to(request.user).select_related("unit")
    paginator = CappedPaginator(visible, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    may_set = quota_unions(request.user, clock.today()).exists()
    return render(request, "reviews/trip_quotas.html", {"page": page, "total": paginator.label, "may_set": may_set})


@require_safe
def quota(request: Request, pk: int) -> HttpResponse:
    """Show how everybody stands with a quota."""
    found, today = _visible(request, pk), clock.today()
    context = {
        "quota": found,
        "table": table_of(found, today),
        "today": today,
        "crumbs": [*_crumbs(), (str(found), None)],
        "may_set": may_set_quotas(request.user, found.unit),
        "may_write": may_run_trips(request.user, found.unit),
        "history": history_of(found, request.user, HISTORY_SHOWN),
    }
    return render(request, "reviews/trip_quota.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Set a quota."""
    today = clock.today()
    union, unions = union_of(request, quota_unions(request.user, today))
    form = QuotaForm(posted(request), people=staff_of(union, today), initial=QuotaForm.initial_of_new(today))
    context = {
        "form": form,
        "unit": union,
        "units": unions,
        "title": _("Set a quota"),
        "lead": union.name,
        "crumbs": [*_crumbs(), (_("Set a quota"), None)],
        "cancel": reverse("reviews:trip_quotas"),
        "form_key": key_for_form(request),
    }

    def act() -> FieldTripQuota:
        return actions.add_quota(unit=union, by=request.user, key=key_of(request), **form.facts())

    def then(made: FieldTripQuota) -> str:
        return made.get_absolute_url()

    return formed(request, context, act, words=_("The quota is set."), to=then, template=FORM)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a quota."""
    found = _visible(request, pk)
    require(may_set_quotas(request.user, found.unit))
    people = staff_of(found.unit, clock.today())
    known = {person.pk for person in people}
    people += [person for person in found.people.all() if person.pk not in known]
    form = QuotaForm(posted(request), people=people, initial=QuotaForm.initial_of(found))
    context = {
        "form": form,
        "record": found,
        "title": _("Change the quota"),
        "lead": found.unit.name,
        "crumbs": [*_crumbs(), (str(found), found.get_absolute_url()), (_("Change"), None)],
        "cancel": found.get_absolute_url(),
    }

    def act() -> FieldTripQuota:
        version = form.cleaned_data["version"]
        return actions.change_quota(quota=found, by=request.user, version=version, **form.facts())

    words = _("The quota is changed.")
    return formed(request, context, act, words=words, to=found.get_absolute_url(), template=FORM)


def _visible(request: Request, pk: int) -> FieldTripQuota:
    found: FieldTripQuota = get_visible_or_404(FieldTripQuota.objects.select_related("unit"), request.user, pk)
    return found


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("Field trips"), reverse("reviews:trips_mine")), (_("Quotas"), reverse("reviews:trip_quotas"))]
