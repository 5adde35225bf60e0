"""Acts on one's own tokens."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.api import keys
from doantracker.api.enums import TokenScope
from doantracker.api.models import ApiToken
from doantracker.lib import clock
from plans.errors import ActionRefused
from units import audit
from units.access import require
from units.actions import home_unit
from units.administration import configurable
from units.models import User
from units.models.audit import AuditAction

MOST: Final = 10  # tokens of one person in force at once
LONGEST_LIFE: Final = 366  # days
NOTED_AFTER: Final = dt.timedelta(minutes=5)  # a use is written down once in so long: reading stays reading


def make_token(
    *, by: User, name: str, scope: str, days: int, form_key: str = "", today: dt.date | None = None
) -> tuple[ApiToken, str]:
    """Make a token for the person's own programs that works for `days`; return it and its key, this once.

    The key of the token that a form sent before made is not told again: "".
    """
    today = today or clock.today()
    if not 1 <= days <= LONGEST_LIFE:
        raise ActionRefused(_("A token works for at most a year. Choose fewer days."))
    key = keys.new_key()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time: the limit holds
        if form_key and (before := ApiToken.objects.filter(person=by, form_key=form_key).first()):
            return before, ""
        if ApiToken.objects.visible_to(by).in_force(today).count() >= MOST:
            raise ActionRefused(_("You have %(most)s tokens already. Revoke one you no longer use.") % {"most": MOST})
        token = ApiToken.objects.create(
            person=by,
            name=name.strip(),
            scope=TokenScope(scope),
            key_hash=keys.hash_of(key),
            hint=key[-4:],
            created_at=clock.now(),
            expires_on=today + dt.timedelta(days=days),
            form_key=form_key,
        )
        facts = {"scope": token.scope, "expires_on": token.expires_on}
        audit.record(AuditAction.CREATED, by=by, obj=token, unit_id=home_unit(by), data=facts)
    return token, key


def revoke_token(*, token: ApiToken, by: User) -> bool:
    """Let a token open nothing any more, from the next call on; return whether it did until now.

    Its person may, and an administrator of that person.
    """
    with transaction.atomic():
        row = ApiToken.objects.select_for_update(of=("self",)).select_related("person").get(pk=token.pk)
        require(row.person_id == by.pk or _administers(by, row.person))
        if row.revoked_at is not None:
            return False
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        facts = {"person": row.person.full_name}
        audit.record(AuditAction.DROPPED, by=by, obj=row, unit_id=home_unit(row.person), data=facts)
    return True


def note_use(*, token: ApiToken) -> None:
    """Write down that a token was used just now, for its person; the log has what was done with it."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED_AFTER:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _administers(by: User, person: User) -> bool:
    return configurable(User.objects.filter(pk=person.pk), by, clock.today()).exists()
