"""Contributions to a feedback round, and the links by which guests hand theirs in.

What an anonymous round keeps must not say who gave what: no key, no time, no order. So its contributions come in one
go, bear random keys, and are all written anew in a random order each time some are added.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.errors import ActionRefused, Stale
from plans.validators import LONGEST_TEXT
from reviews.actions.feedback import MOST_INVITED, locked_round, save
from reviews.enums import FeedbackStep, InvitationKind, ReplyKind
from reviews.models import Contribution, ContributionReply, FeedbackInvitation, FeedbackRound
from reviews.rights import may_run_feedback
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction
from units.models.feed import hash_of, new_key

#: What was said, by the keys of target and topic.
Texts = Mapping[tuple[int, int], str]


def contribute(
    *, invitation: FeedbackInvitation, texts: Texts, by: User | None, key: str = "", today: dt.date | None = None
) -> None:
    """Hand in what the invited say: `by` a person who answers the invitation, or with the `key` of its link.

    In an anonymous round a person does this once, and a link adds to what was said each time: it tells nobody whether
    it was used. In a named one it may be done again until the day: what is said then takes the place of what was said
    before, an empty text takes it back.
    """
    today = today or clock.today()
    with locked_round(invitation.round) as row:
        mine = FeedbackInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        require(_answers(mine, by, key, today))
        if not row.accepts_on(today):
            raise ActionRefused(_("Contributions to this round are taken no more: its day has passed."))
        if row.anonymous and mine.handed_in and by is not None:  # a link tells nobody whether it was used
            raise Stale(_("The contribution is handed in already. In an anonymous round it can't be changed."))
        said = _said(row, texts)
        if not said and (row.anonymous or not mine.handed_in):
            raise ActionRefused(_("Write something under at least one topic."))
        if row.anonymous:
            _add_unknown(row, said)
        else:
            _write_named(row, mine, said)
        mine.handed_in = True
        mine.save(update_fields=["handed_in"])
        _log_giving(row, by)


def give_links(
    *, feedback: FeedbackRound, invitations: Iterable[FeedbackInvitation], by: User, today: dt.date | None = None
) -> list[tuple[FeedbackInvitation, str]]:
    """Make a link for each guest and return the keys, which are known only now; a former link works no more."""
    wanted = {i.pk for i in invitations}
    with locked_round(feedback) as row:
        require(may_run_feedback(by, row.unit))
        _require_accepting(row, today)
        guests = list(row.invitations.filter(pk__in=wanted, kind=InvitationKind.GUEST))
        if not row.anonymous:  # in an anonymous round nobody learns from this who has contributed
            guests = [guest for guest in guests if not guest.handed_in]
        if not guests:
            raise ActionRefused(_("There is no guest here who has not contributed yet."))
        made = []
        for guest in guests:
            key = new_key()
            guest.key_hash = hash_of(key)
            guest.save(update_fields=["key_hash"])
            made.append((guest, key))
        audit.record(AuditAction.LINK_MADE, by=by, obj=row, unit_id=row.unit_id, data={"links": len(made)})
    return made


def revoke_link(*, invitation: FeedbackInvitation, by: User) -> None:
    """Let the link of a guest work no more; another can be made."""
    with locked_round(invitation.round) as row:
        require(may_run_feedback(by, row.unit))
        found = row.invitations.filter(pk=invitation.pk, key_hash__gt="").update(key_hash="")
        if not found:
            raise Stale(_("This guest has no link any more."))
        audit.record(AuditAction.LINK_REVOKED, by=by, obj=row, unit_id=row.unit_id)


def invite_guest(*, feedback: FeedbackRound, name: str, by: User, today: dt.date | None = None) -> FeedbackInvitation:
    """Ask one more guest while contributions are taken."""
    name = nfc(" ".join(name.split()))[:200]
    if not name:
        raise ActionRefused(_("Write the name of the guest."))
    with locked_round(feedback) as row:
        require(may_run_feedback(by, row.unit))
        _require_accepting(row, today)
        if row.invitations.filter(name=name).exists():
            raise ActionRefused(_("A guest of this name is asked already. Add something that tells them apart."))
        if row.invitations.count() >= MOST_INVITED:
            raise ActionRefused(_("At most %(most)d are asked in one round.") % {"most": MOST_INVITED})
        made = FeedbackInvitation.objects.create(round=row, kind=InvitationKind.GUEST, name=name)
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id, data={"guests": 1})
    return made


def reply_to(
    *, contribution: Contribution, kind: ReplyKind, text: str, by: User, version: int = 0
) -> ContributionReply:
    """Say what becomes of a contribution; `version` is that of the reply that was seen, 0: none yet."""
    if not text.strip():
        raise ActionRefused(_("Write what becomes of the contribution and why."))
    with locked_round(contribution.round) as row:
        require(may_run_feedback(by, row.unit))
        if row.step != FeedbackStep.REPLYING:
            raise ActionRefused(_("Contributions are answered after the review meeting, until the round is ended."))
        found = ContributionReply.objects.filter(contribution=contribution).first()
        if (found.version if found else 0) != version:
            raise Stale(_("Somebody answered this contribution meanwhile. Look at the reply, then change it."))
        reply = found or ContributionReply(contribution=contribution)
        reply.version = version + 1
        reply.kind, reply.text, reply.replied_at, reply.replied_by = kind, text.strip(), clock.now(), by
        reply.full_clean(exclude=["contribution", "replied_by", "replied_at"])
        reply.save()
        audit.record(AuditAction.FEEDBACK_REPLIED, by=by, obj=row, unit_id=row.unit_id, data={"kind": kind})
    return reply


def give_result(*, feedback: FeedbackRound, text: str, by: User, version: int | None = None) -> FeedbackRound:
    """Write the result of the review: what was taken up."""
    if not text.strip():
        raise ActionRefused(_("Write the result of the review first: what was taken up."))
    with locked_round(feedback, version) as row:
        require(may_run_feedback(by, row.unit))
        if row.step != FeedbackStep.REPLYING:
            raise ActionRefused(_("The result is written after the review meeting, until the round is ended."))
        row.result = text.strip()
        save(row)
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id)
    return row


def _answers(mine: FeedbackInvitation, by: User | None, key: str, today: dt.date) -> bool:
    """Return whether who hands in may: by the key of the link, or as one of those invited."""
    if by is None:
        return bool(key) and mine.key_hash == hash_of(key)
    return FeedbackInvitation.objects.visible_to(by, today).filter(pk=mine.pk).exists()


def _require_accepting(row: FeedbackRound, today: dt.date | None) -> None:
    if not row.accepts_on(today or clock.today()):
        raise ActionRefused(_("Contributions to this round are not taken now: no link would work."))


def _said(row: FeedbackRound, texts: Texts) -> dict[tuple[int, int], str]:
    """Return what was said about targets and topics of the round, without what is empty."""
    targets = set(row.targets.values_list("pk", flat=True))
    topics = set(row.topics.values_list("pk", flat=True))
    said = {place: nfc(text.strip()) for place, text in texts.items() if text.strip()}
    if any(target not in targets or topic not in topics for target, topic in said):
        raise ActionRefused(_("The round is not about this any more. Open the page anew."))
    if any(len(text) > LONGEST_TEXT for text in said.values()):
        raise ActionRefused(_("A text has at most %(most)d characters.") % {"most": LONGEST_TEXT})
    return said


def _add_unknown(row: FeedbackRound, said: Mapping[tuple[int, int], str]) -> None:
    """Add contributions of nobody: all of the round are written anew under new keys, in a random order."""
    places = [(c.target_id, c.topic_id, c.text) for c in row.contributions.all()]
    more = [(target, topic, text) for (target, topic), text in said.items()]
    places += [place for place in more if place not in places]  # the same words sent twice by a link
    random.SystemRandom().shuffle(places)
    row.contributions.all().delete()
    Contribution.objects.bulk_create(
        Contribution(id=uuid.uuid4(), round=row, target_id=target, topic_id=topic, text=text, anonymous=True)
        for target, topic, text in places
    )


def _write_named(row: FeedbackRound, mine: FeedbackInvitation, said: Mapping[tuple[int, int], str]) -> None:
    """Let what the invited say now take the place of what they said before."""
    mine.contributions.all().delete()
    Contribution.objects.bulk_create(
        Contribution(round=row, target_id=target, topic_id=topic, text=text, anonymous=False, invitation=mine)
        for (target, topic), text in said.items()
    )


def _log_giving(row: FeedbackRound, by: User | None) -> None:
    """Log that somebody handed in; in an anonymous round not who, nor from where."""
    if row.anonymous:
        token = audit.origin.set(audit.Origin())
        try:
            audit.record(AuditAction.FEEDBACK_GIVEN, by=None, obj=row, unit_id=row.unit_id)
        finally:
            audit.origin.reset(token)
    else:
        audit.record(AuditAction.FEEDBACK_GIVEN, by=by, obj=row, unit_id=row.unit_id)
