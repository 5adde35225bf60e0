"""Log-in, failed log-in and log-out go to the log as Django announces them."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from units import audit
from units.actions import home_unit
from units.models import User
from units.models.audit import AuditAction

NAME_LENGTH = 60


@receiver(user_logged_in)
def log_in(user: User, **_kwargs: Any) -> None:
    """Note who came in."""
    audit.record(AuditAction.LOGGED_IN, by=user, obj=user, unit_id=home_unit(user))


@receiver(user_login_failed)
def log_failure(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """Note the name that was tried; a name, never the password."""
    tried = str(credentials.get("username") or "")[:NAME_LENGTH]
    audit.record(AuditAction.LOGIN_FAILED, by=None, label=tried)


@receiver(user_logged_out)
def log_out(user: User | None, **_kwargs: Any) -> None:
    """Note who left."""
    if user is not None:
        audit.record(AuditAction.LOGGED_OUT, by=user, obj=user, unit_id=home_unit(user))
