"""The admin site: our sign-in, and no trace of it for people who may not enter."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class OfficeAdminSite(admin.AdminSite):
    """Django's admin site for clerks."""

    site_header = _("doantracker: administration")
    site_title = _("doantracker")
    index_title = _("What would you like to set up?")
    site_url = "/"
    enable_nav_sidebar = False  # seven entries fit on the first page

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  # Django's signature
        """Answer 404 to whoever is logged in without the right: the site is hidden from them."""
        guarded = super().admin_view(view, cacheable)

        def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(hidden, guarded)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002  # Django's signature
        """Send everybody to the one sign-in page."""
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise Http404
            return redirect("admin:index")
        return redirect_to_login(reverse("admin:index"), resolve_url("login"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:  # noqa: ARG002  # Django's signature
        """Use the product's own page."""
        return redirect("password_change")
