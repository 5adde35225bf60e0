"""Sign-in pages: Django's views with our forms, texts and log."""

from __future__ import annotations

from django.contrib.auth import views as auth
from django.urls import reverse_lazy

from units import forms


class LoginView(auth.LoginView):
    """Log in; whoever is logged in goes on to the page asked for."""

    form_class = forms.LoginForm
    redirect_authenticated_user = True


class PasswordChangeView(auth.PasswordChangeView):
    """Change the own password."""

    form_class = forms.ChangePasswordForm


class PasswordResetView(auth.PasswordResetView):
    """Ask for a link by mail."""

    form_class = forms.ResetForm  # type: ignore[assignment]  # only `save` is used of Django's form
    success_url = reverse_lazy("password_reset_done")


class PasswordResetConfirmView(auth.PasswordResetConfirmView):
    """Choose a new password after the link."""

    form_class = forms.NewPasswordForm
