"""Log-in by user name; no permissions from the account."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from units.models import User
from units.throttle import NAME_LENGTH


class AppointmentBackend(BaseBackend):
    """Checks the password in the same time for known and unknown names. Rights come from appointments."""

    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002  # Django's signature
        username: str | None = None,
        password: str | None = None,
        **_extra: Any,
    ) -> User | None:
        """Return the person when name and password fit and the account is active."""
        if not username or len(username) > NAME_LENGTH or password is None:
            return None
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            User().set_password(password)  # the same work as for a known name
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the active person of a session."""
        user: User | None = User.objects.filter(pk=user_id, is_active=True).first()
        return user
