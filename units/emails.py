"""Mails about sign-in. Links begin with settings.SITE_URL, never with a name the request brought along."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import override

from units.models import User


def send_password_reset(pk: int, language: str) -> None:
    """Mail the link for a new password to a person whose account still works."""
    person = User.objects.filter(pk=pk, is_active=True).first()
    if person is None or not person.email:
        return
    parts = {
        "uidb64": urlsafe_base64_encode(force_bytes(person.pk)),
        "token": default_token_generator.make_token(person),
    }
    with override(language):
        context = {
            "person": person,
            "link": settings.SITE_URL + reverse("password_reset_confirm", kwargs=parts),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
            "language": language,
        }
        subject = render_to_string("registration/password_reset_subject.txt", context).strip()
        text = render_to_string("registration/password_reset_email.txt", context)
        html = render_to_string("registration/password_reset_email.html", context)
    mail = EmailMultiAlternatives(subject, text, to=[person.email])
    mail.attach_alternative(html, "text/html")
    mail.send()
