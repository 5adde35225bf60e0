"""Jobs around sign-in: the page answers before anything is looked up, so that it answers everybody alike."""

from __future__ import annotations

from smtplib import SMTPException

from celery import shared_task

from units import emails
from units.actions import ask_password_reset
from units.audit import Origin, origin


@shared_task(name="units.ask_password_reset")
def password_reset_asked(email: str, language: str, address: str | None, request_id: str) -> None:
    """Find out whom a request for a new password concerns, and mail each of them."""
    token = origin.set(Origin(address=address, request_id=request_id))
    try:
        for person in ask_password_reset(email=email):
            mail_password_reset.delay(person, language)
    finally:
        origin.reset(token)


@shared_task(name="units.mail_password_reset", autoretry_for=(OSError, SMTPException), retry_backoff=30, max_retries=5)
def mail_password_reset(person: int, language: str) -> None:
    """Send one mail; the mail server may be away for a while."""
    emails.send_password_reset(person, language)
