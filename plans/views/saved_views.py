"""Saved views of lists: the menu beside a filter, keeping one, opening, changing and deleting it."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from plans.actions.saved_views import change_view, delete_view, save_view
from plans.errors import ActionRefused
from plans.forms.saved_views import NewViewForm, SavedViewForm
from plans.listings import BESIDES, LISTINGS, Listing, conditions, understood
from plans.models import SavedView
from plans.views.shared import Request, done, refused
from units.access import get_visible_or_404, require
from units.permissions import Permission

MOST_OFFERED = 100


class ViewsMenu:
    """What a list offers: the person's own views, then those shared with them. One query, none in a fragment."""

    def __init__(self, request: Request, listing: str) -> None:
        self.request, self.listing = request, listing

    @cached_property
    def rows(self) -> list[SavedView]:
        """Return the views of this list."""
        found = SavedView.objects.visible_to(self.request.user).filter(listing=self.listing)
        mine = Case(When(owner=self.request.user, then=0), default=1)  # nobody's shared names push out the own ones
        return list(found.select_related("owner", "shared_with").order_by(mine, "name", "pk")[:MOST_OFFERED])

    @property
    def own(self) -> list[SavedView]:
        """Return the person's own."""
        return [view for view in self.rows if view.owner_id == self.request.user.pk]

    @property
    def shared(self) -> list[SavedView]:
        """Return what others share with the person."""
        return [view for view in self.rows if view.owner_id != self.request.user.pk]

    @property
    def current(self) -> SavedView | None:
        """Return the view that was opened, as far as the address says so."""
        return next((view for view in self.rows if str(view.pk) == self.request.GET.get("saved")), None)

    @property
    def start(self) -> SavedView | None:
        """Return the view this list begins with."""
        return next((view for view in self.own if view.is_start), None)

    @property
    def save_url(self) -> str:
        """Return where the query of the address is kept."""
        query = urlencode([(name, value) for name, value in self.request.GET.items() if name not in BESIDES])
        address = reverse("plans:saved_view_new", args=[self.listing])
        return f"{address}?{urlencode({'query': query})}"

    @property
    def manage_url(self) -> str:
        """Return the page of this list's views."""
        return reverse("plans:saved_views", args=[self.listing])

    def start_page(self, request: Request) -> HttpResponse | None:
        """Return the way to the start view where the bare list is asked for; nothing otherwise."""
        return redirect(self.start) if not request.GET and self.start else None


def views_of(request: Request, listing: str) -> ViewsMenu:
    """Return the menu of a list."""
    return ViewsMenu(request, listing)


@require_safe
def saved_views(request: Request, listing: str) -> HttpResponse:
    """Show the person's own views of a list and those shared with them."""
    frame = _frame(request, listing)
    return render(request, "plans/saved_views.html", {**frame, "saved_views": views_of(request, listing)})


@require_safe
def saved_view(request: Request, listing: str, pk: int) -> HttpResponse:
    """Open a view: what its query asks for is read anew as this person, what makes no sense to them is left out."""
    chosen = _listing(request, listing)
    view = get_visible_or_404(SavedView.objects.filter(listing=listing), request.user, pk)
    kept = understood(chosen, view.query, user=request.user, today=clock.today())
    if kept.dropped:
        words = _("This part of the view does not hold for you or no longer exists, and is left out: %s.")
        messages.warning(request, words % ", ".join(kept.dropped))
    return redirect(chosen.url(kept.query, saved=view.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_new(request: Request, listing: str) -> HttpResponse:
    """Keep the query of a list under a name."""
    chosen = _listing(request, listing)
    initial = {"query": request.GET.get("query", "")}
    form = NewViewForm(request.POST or None, user=request.user, initial=initial)
    query = request.POST.get("query", initial["query"])
    kept = understood(chosen, query, user=request.user, today=clock.today())
    context = {
        **_frame(request, listing),
        "form": form,
        "title": _("Save this view"),
        "submit": _("Save"),
        "cancel": chosen.url(kept.query),
        "dropped": kept.dropped,
        "conditions": conditions(chosen, kept.query, user=request.user, today=clock.today()),
    }
    template = "plans/saved_view.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        view = save_view(by=request.user, listing=listing, query=kept.query, **form.facts())
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The view “%s” is saved.") % view.name)
    return redirect(chosen.url(kept.query, saved=view.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_edit(request: Request, listing: str, pk: int) -> HttpResponse:
    """Rename a view, share it, make it the start view."""
    view = _own(request, listing, pk)
    form = SavedViewForm(request.POST or None, user=request.user, view=view)
    manage = reverse("plans:saved_views", args=[listing])
    context = {
        **_frame(request, listing),
        "form": form,
        "title": _("Change the view"),
        "submit": _("Save"),
        "cancel": manage,
    }
    template = "plans/saved_view.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=200 if request.method != "POST" else 422)
    try:
        change_view(view=view, by=request.user, **form.facts())
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The view is changed."))
    return redirect(manage)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_delete(request: Request, listing: str, pk: int) -> HttpResponse:
    """Ask once, then forget a view."""
    view = _own(request, listing, pk)
    if request.method != "POST":
        return render(request, "plans/saved_view_delete.html", {**_frame(request, listing), "view": view})
    delete_view(view=view, by=request.user)
    done(request, _("The view is deleted."))
    return redirect("plans:saved_views", listing)


def _listing(request: Request, name: str) -> Listing:
    """Return a list the person may open; else 404."""
    if name not in LISTINGS:
        raise Http404
    require(name != SavedView.Listing.CONFIRMATIONS or request.user.may(Permission.CONFIRM))
    return LISTINGS[name]


def _own(request: Request, listing: str, pk: int) -> SavedView:
    """Return one of the person's own views; another's is as if it did not exist, shared or not."""
    _listing(request, listing)
    mine = SavedView.objects.owned_by(request.user).filter(listing=listing)
    view: SavedView = get_visible_or_404(mine, request.user, pk)
    return view


def _frame(request: Request, listing: str) -> dict[str, Any]:
    """Return what the pages of saved views share."""
    chosen, label = _listing(request, listing), str(SavedView.Listing(listing).label)
    crumbs = [(label, chosen.url()), (_("Saved views"), None)]
    return {"listing": listing, "listing_label": label, "crumbs": crumbs}
