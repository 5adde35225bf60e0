"""How a draft stands with the leaders of its issuer."""

from __future__ import annotations

from dataclasses import dataclass

from plans.enums import SignState
from plans.models import Plan, SignOff
from plans.plan_digest import digest_of
from units.access import own_paths
from units.models import User
from units.permissions import Permission


@dataclass(frozen=True, slots=True)
class Standing:
    """The last time a draft was put before a leader, and what it counts for now; None: it never was."""

    last: SignOff | None = None
    state: str = ""

    @property
    def agreed(self) -> bool:
        """Return whether a leader agreed to the draft exactly as it is."""
        return self.state == SignState.AGREED

    @property
    def hinders(self) -> bool:
        """Return whether somebody was asked and has not agreed to the draft as it is."""
        return self.last is not None and not self.agreed


def standing_of(plan: Plan) -> Standing:
    """Return how a draft stands now: an agreement to other records than there are now is stale."""
    last = plan.sign_offs.select_related("asked_of", "asked_by", "decided_by").order_by("-pk").first()
    if last is None:
        return Standing()
    stale = last.state == SignState.AGREED and plan.is_draft and last.digest != digest_of(plan)
    return Standing(last, SignState.STALE if stale else last.state)


def may_sign(user: User, sign_off: SignOff) -> bool:
    """Return whether `user` decides about a draft: a leader of its very issuer, never who put it forward."""
    unit = sign_off.plan.issuing_unit
    leads = unit.path in own_paths(user, Permission.SIGN_OFF)
    return leads and user.may(Permission.SIGN_OFF, unit, asker=sign_off.asked_by_id)
