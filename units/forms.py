"""Forms of sign-in. Forms of the admin site stand in `admin_forms`."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from units import actions, jobs
from units.audit import origin
from units.models import User
from units.throttle import NAME_LENGTH

log = logging.getLogger(__name__)


class LoginForm(AuthenticationForm):
    """User name and password; one answer for every reason why it does not fit."""

    error_messages = {  # noqa: RUF012  # Django's class attribute
        "invalid_login": _("User name and password do not fit. Mind capital letters; several failures mean a pause."),
        "inactive": _("User name and password do not fit. Mind capital letters; several failures mean a pause."),
    }

    def clean(self) -> dict[str, Any]:
        """Refuse a name longer than any before something looks for it or keeps it."""
        if len(self.cleaned_data.get("username") or "") > NAME_LENGTH:
            raise self.get_invalid_login_error()
        return super().clean()


class _Recorded:
    """Saves the new password through the action, which writes the log."""

    user: User
    cleaned_data: dict[str, Any]

    def save(self, commit: bool = True) -> User:  # noqa: ARG002, FBT001, FBT002  # Django's signature
        """Set the password."""
        actions.set_password(person=self.user, password=self.cleaned_data["new_password1"], by=self.user)
        return self.user


class ChangePasswordForm(_Recorded, PasswordChangeForm):
    """The old password and twice the new one."""


class NewPasswordForm(_Recorded, SetPasswordForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Twice the new password, after the link of the mail."""


class ResetForm(forms.Form):
    """The e-mail address of an account."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self, **_options: Any) -> None:
        """Hand the address to a job: page and delay are the same whether or not an account has it."""
        source = origin.get()
        try:
            jobs.password_reset_asked.delay(
                self.cleaned_data["email"], get_language() or "vi", source.address, source.request_id
            )
        except (OperationalError, OSError):
            log.exception("A request for a new password could not be queued")
