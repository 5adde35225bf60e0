"""The admin site's page about tokens: an administrator sees who has which, and revokes them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doantracker.api.actions.tokens import revoke_token
from doantracker.api.models import ApiToken
from doantracker.lib import clock
from units.admin import matching
from units.admin_base import ConfigAdmin, ModelAdmin, acting
from units.administration import configurable
from units.models import User


@admin.register(ApiToken)
class ApiTokenAdmin(ConfigAdmin):
    """Tokens of the people this person may configure: seen and revoked; made by their owners alone."""

    list_display = ("person", "name", "scope", "created_at", "expires_on", "last_used_at", "state")
    list_select_related = ("person",)
    search_fields = ("person__search",)
    search_help_text = gettext_lazy("Words of the person's name")
    actions = ("revoke",)  # type: ignore[assignment]  # the base offers none

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the tokens of the people this person may configure."""
        people = configurable(User.objects.all(), acting(request), clock.today())
        return ModelAdmin.get_queryset(self, request).filter(person__in=people.order_by().values("pk"))

    def found(self, request: HttpRequest, queryset: Any, words: str) -> Any:  # noqa: ARG002  # one signature for all
        """Find by the person's name, with or without accents."""
        return matching(queryset, words, "person__search")

    @admin.display(description=gettext_lazy("state"))
    def state(self, token: ApiToken) -> str:
        """Return whether it opens anything today."""
        if token.revoked_at:
            return _("revoked")
        return _("works") if token.works(clock.today()) and token.person.is_active else _("over")

    @admin.action(description=gettext_lazy("Revoke the tokens chosen"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Let the tokens chosen open nothing any more; each leaves a row in the log."""
        done = sum(revoke_token(token=token, by=acting(request)) for token in queryset.select_related("person"))
        words = ngettext("%(n)s token opens nothing any more.", "%(n)s tokens open nothing any more.", done)
        messages.success(request, words % {"n": done})

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Nobody makes a token for another."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """A token stays as it was made."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """The log names tokens: they stay."""
        return False
