"""Sending: one digest a person and channel, never empty. Rows are claimed, the message goes out, the rows are marked.

A batch claims the rows of so many people in one transaction, reads rights, states and wishes anew, and sends over one
connection. A sender that dies leaves its claims; after the lease another sends the same rows with the same Message-ID,
so a mail server or reader can tell the repeat. Each channel has states of its own: one that fails holds up no other.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from doantracker.lib import clock
from plans.calendars import is_day_off
from plans.enums import DAILY, ESCALATIONS, OPEN, Failure, NoticeKind, NoticeState, PlanStatus
from plans.models import Notice, QuietDays, ReminderLadder, ReminderPreference
from plans.reminders.channels import Channel, NotNow, Refused, Unreachable
from plans.reminders.channels.chat import ChatChannel
from plans.reminders.channels.mail import MailChannel
from plans.reminders.quiet import LONGEST_LEAVE, in_quiet_hours
from units.access import STEP, covers, load_posts
from units.models import Oversight, User
from units.permissions import Permission

log = logging.getLogger(__name__)

#: People whose rows one batch claims.
BATCH: Final = 150
LEASE: Final = dt.timedelta(minutes=5)
#: A batch that takes longer lets the rest go: what was read about rights is then too old, and the lease comes near.
BATCH_TIME: Final = dt.timedelta(minutes=1)
LONGEST_PAUSE: Final = dt.timedelta(hours=6)
#: Pauses of 5, 10, 20 … minutes, at most six hours: three days in all, not counting quiet days.
MOST_ATTEMPTS: Final = 18
#: Messages that fail for want of the server until the rest of a batch waits for the next one.
MOST_BREAKS: Final = 3
#: Messages a person gets a day by one channel; what is more waits for the next day's digest.
MOST_A_DAY: Final = 12
#: What was sent today was raised at most so long ago; the index of the inbox stops here.
LONGEST_WAIT: Final = dt.timedelta(days=LONGEST_LEAVE + 30)
#: What is worth a message only while the work is still open.
WHILE_OPEN: Final = (NoticeKind.ASSIGNED, *DAILY)


def channel_named(name: str) -> Channel | None:
    """Return a channel; None for one that the installation does not use."""
    if name == ChatChannel.name:
        return ChatChannel() if settings.CHAT_SCHEMES else None
    return MailChannel() if name == MailChannel.name else None


def deliver_notices(*, today: dt.date | None = None) -> int:
    """Send everything that waits, by every channel; return how many messages went out."""
    channels = (channel_named(name) for name in (MailChannel.name, ChatChannel.name))
    return sum(_send_all(channel, today or clock.today()) for channel in channels if channel is not None)


def _send_all(channel: Channel, today: dt.date) -> int:
    sent = 0
    while True:
        batch = send_batch(channel, today=today)
        sent += batch.sent
        if not batch.full or batch.stopped:
            return sent


@dataclass(slots=True)
class Batch:
    """What one batch did. `full`: more may wait. `stopped`: the server or the time gave out."""

    sent: int = 0
    full: bool = False
    stopped: bool = False
    breaks: int = 0


def send_batch(channel: Channel, *, today: dt.date | None = None, more: Callable[[], object] | None = None) -> Batch:
    """Send what waits for up to BATCH people; after the first success of a full batch, `more` wakes another sender."""
    today = today or clock.today()
    if not may_send(today, clock.now()):
        return Batch()
    try:
        channel.open()
    except Unreachable as error:
        log.warning("%s: the server can't be reached; the notices wait: %s", channel.name, _cause(error))
        return Batch(stopped=True)
    try:
        claim = take(channel, today=today)
        return _send(channel, claim, more)
    finally:
        channel.close()


def may_send(today: dt.date, now: dt.datetime) -> bool:
    """Return whether messages go out at all: not at night, not on days off unless the office decides otherwise."""
    moment = timezone.localtime(now).time()
    if in_quiet_hours(moment, settings.QUIET_FROM, settings.QUIET_UNTIL):
        return False
    return not is_day_off(today) or ReminderLadder.objects.filter(is_default=True, mail_on_days_off=True).exists()


# --- claiming ---


@dataclass(frozen=True, slots=True)
class Claim:
    """The rows a sender has taken, until the lease ends. `key` is that of the rows nobody had tried before."""

    people: list[int] = field(default_factory=list)
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    taken_at: dt.datetime = field(default_factory=clock.now)

    @property
    def lease(self) -> dt.datetime:
        """Return when the claim ends."""
        return self.taken_at + LEASE


def take(channel: Channel, *, today: dt.date) -> Claim:
    """Claim the rows of up to BATCH people; four statements in one transaction.

    People are locked while it lasts, so no two senders hold rows of one person taken at the same time.
    """
    now = clock.now()
    with transaction.atomic():
        takeable = Q(state=NoticeState.SENDING, lease_until__lt=now) | waiting(channel, now)
        in_time = channel.rows.filter(takeable, state__in=(NoticeState.PENDING, NoticeState.SENDING))
        awake = in_time.exclude(recipient__in=QuietDays.objects.on(today).values("user"))
        people = User.objects.filter(pk__in=awake.values("recipient")).order_by("pk")
        locked = people.select_for_update(skip_locked=True, no_key=True)
        claim = Claim(list(locked.values_list("pk", flat=True)[:BATCH]), taken_at=now)
        if claim.people:
            theirs = channel.rows.filter(recipient__in=claim.people)
            theirs.filter(state=NoticeState.SENDING, lease_until__lt=now).update(lease_until=claim.lease)
            fresh = theirs.filter(waiting(channel, now, but=claim.key))
            fresh.update(state=NoticeState.SENDING, claim_key=claim.key, lease_until=claim.lease)
    return claim


def waiting(channel: Channel, now: dt.datetime, *, but: uuid.UUID | None = None) -> Q:
    """Return which rows may be claimed for the first time at `now`.

    Daily ones wait once the person had today's digest, and while an earlier digest is still being tried; nothing goes
    to who has had MOST_A_DAY messages today. `but`: rows just claimed under this key do not count as an earlier
    digest: SQLite sees them while it claims the next row.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    kind, raised = f"{channel.to_notice}kind__in", f"{channel.to_notice}created_at__gte"
    theirs = channel.rows.filter(recipient=OuterRef("recipient"))
    today = theirs.filter(sent_at__gte=midnight, **{raised: midnight - LONGEST_WAIT})
    on_the_way = theirs.filter(state=NoticeState.SENDING, **{kind: DAILY}).exclude(claim_key=but)
    messages = today.order_by().values("recipient").annotate(n=Count("claim_key", distinct=True))
    daily = Q(**{kind: DAILY}) & (Exists(today.filter(**{kind: DAILY})) | Exists(on_the_way))
    return Q(state=NoticeState.PENDING) & ~daily & ~Q(Exists(messages.filter(n__gte=MOST_A_DAY)))


# --- sending ---


@dataclass(slots=True)
class Letter:
    """What one person gets in one message: rows that were claimed together, those still worth it."""

    person: User
    key: uuid.UUID
    rows: list[Any] = field(default_factory=list)  # of the channel's model

    @property
    def notices(self) -> list[Notice]:
        """Return what the message tells of."""
        return [row.told for row in self.rows]

    @property
    def message_key(self) -> uuid.UUID:
        """Return the key of the message: the same for every attempt, another for every person."""
        return uuid.uuid5(self.key, str(self.person.pk))


def _send(channel: Channel, claim: Claim, more: Callable[[], object] | None) -> Batch:
    batch = Batch(full=len(claim.people) == BATCH)
    if not claim.people:
        return batch
    rest = letters(channel, claim)
    while rest and not batch.stopped:
        letter = rest.pop()
        if _send_one(channel, letter, batch):
            batch.sent += 1
            if batch.sent == 1 and batch.full and more is not None:
                more()
        batch.stopped = batch.breaks >= MOST_BREAKS or clock.now() > claim.taken_at + BATCH_TIME
    if rest:
        _let_go(channel, claim, [letter.person.pk for letter in rest])
    return batch


def letters(channel: Channel, claim: Claim) -> list[Letter]:
    """Return the messages of a claim, by person; what is no longer worth one is marked. Six statements, or seven."""
    plan, due = f"{channel.to_notice}deadline__plan", f"{channel.to_notice}deadline__due_on"
    held = _held(channel, claim, claim.people)
    related = (f"{plan}__issuing_unit", f"{channel.to_notice}deadline__solution", f"{channel.to_notice}deadline__unit")
    rows = list(held.select_related(*related).order_by("-recipient", "claim_key", f"{plan}_id", due, "pk"))
    people = {person.pk: person for person in User.objects.filter(pk__in={row.recipient_id for row in rows})}
    load_posts(people.values(), clock.today())
    channel.prepare(people.values())
    wishes = ReminderPreference.objects.filter(user__in=people, **{f"by_{channel.name}": False})
    unwanted = set(wishes.values_list("user_id", "kind"))
    overseen = _overseen(people.values())
    found: dict[tuple[int, uuid.UUID], Letter] = {}
    gone = []
    for row in rows:
        person, notice = people[row.recipient_id], row.told
        wanted = channel.reaches(person) and (person.pk, notice.kind) not in unwanted
        if not (wanted and still_due(notice, person, overseen)):
            gone.append(row.pk)
            continue
        letter = Letter(person, row.claim_key)
        found.setdefault((person.pk, row.claim_key), letter).rows.append(row)
    if gone:
        held.filter(pk__in=gone).update(state=NoticeState.SKIPPED, lease_until=None)
    return list(found.values())


def still_due(notice: Notice, person: User, overseen: Collection[tuple[int, int]] = ()) -> bool:
    """Return whether `notice` is worth a message to `person` now: account, rights and states as they are read.

    `overseen` are (person, unit) of the overseers of today.
    """
    deadline = notice.deadline
    followed = deadline.status in OPEN and deadline.plan.status == PlanStatus.PUBLISHED
    return (
        person.is_active
        and covers(person, Permission.VIEW, deadline.unit_path)
        and (followed or notice.kind not in WHILE_OPEN)
        and _concerns(notice, person, overseen)
    )


def _concerns(notice: Notice, person: User, overseen: Collection[tuple[int, int]]) -> bool:
    """Return whether the person still has the part in which the notice was raised for them."""
    deadline = notice.deadline
    issuer, path = deadline.plan.issuing_unit, deadline.unit_path
    if notice.kind == NoticeKind.LATER_ASKED:
        return covers(person, Permission.CONFIRM, str(issuer.path))
    if notice.kind == NoticeKind.DIFFICULTY:  # some level from the unit above up to the issuer
        return covers(person, Permission.CONFIRM, path if deadline.unit_id == issuer.pk else path[:-STEP] or path)
    if notice.kind in ESCALATIONS:
        in_line = covers(person, Permission.CONFIRM, path) or covers(person, Permission.REPORT, path)
        oversees = deadline.solution.overseer_id == person.pk or (person.pk, deadline.unit_id) in overseen
        return in_line or oversees
    return covers(person, Permission.REPORT, path)


def _overseen(people: Collection[User]) -> set[tuple[int, int]]:
    """Return which of `people` oversee which units today; one query."""
    today = clock.today()
    in_force = Oversight.objects.filter(Q(end__isnull=True) | Q(end__gte=today), start__lte=today)
    return set(in_force.filter(user__in=people, unit__isnull=False).values_list("user_id", "unit_id"))


def _send_one(channel: Channel, letter: Letter, batch: Batch) -> bool:
    """Send one message and mark its rows; return whether it went out."""
    try:
        channel.send(letter.person, letter.notices, letter.message_key)
    except Refused as refusal:
        log.warning("%s: message %s is refused for good: %s", channel.name, letter.message_key, refusal.failure)
        _rows(channel, letter).update(state=NoticeState.FAILED, failure=refusal.failure, lease_until=None)
        return False
    except NotNow as answer:
        log.warning("%s: message %s has to wait: %s", channel.name, letter.message_key, _cause(answer))
    except Unreachable as error:
        log.warning("%s: message %s could not be sent: %s", channel.name, letter.message_key, _cause(error))
        batch.breaks += 1
        channel.close()
    except Exception:  # a fault in one message must not keep those of the others
        log.exception("%s: message %s could not be made", channel.name, letter.message_key)
    else:
        _rows(channel, letter).update(state=NoticeState.SENT, sent_at=clock.now(), lease_until=None)
        return True
    _put_back(channel, letter)
    return False


def _cause(error: Exception) -> str:
    """Return what happened without the words of the server: they name people's addresses."""
    cause = error.__cause__
    code = getattr(cause, "smtp_code", "")
    return f"{type(cause).__name__} {code}".strip() if cause else "no answer"


def _put_back(channel: Channel, letter: Letter) -> None:
    """Let a message be tried again under its key, later each time; given up after three days, the page shows it."""
    tried = max(row.attempts for row in letter.rows)
    rows = _rows(channel, letter)
    if tried + 1 >= MOST_ATTEMPTS:
        rows.update(state=NoticeState.FAILED, failure=Failure.GIVEN_UP, lease_until=None)
        return
    pause = min(LEASE * 2**tried, LONGEST_PAUSE)
    rows.update(attempts=F("attempts") + 1, lease_until=clock.now() + pause)


def _let_go(channel: Channel, claim: Claim, people: list[int]) -> None:
    """Give back what was not tried: new rows wait again, tried ones keep the key of their message."""
    held = _held(channel, claim, people)
    held.exclude(claim_key=claim.key).update(lease_until=claim.taken_at)
    held.filter(claim_key=claim.key).update(state=NoticeState.PENDING, claim_key=None, lease_until=None)


def _held(channel: Channel, claim: Claim, people: list[int]) -> QuerySet[Any]:
    """Return what a claim holds of `people`; what another sender took over after the lease is not among it."""
    return channel.rows.filter(state=NoticeState.SENDING, recipient__in=people, lease_until=claim.lease)


def _rows(channel: Channel, letter: Letter) -> QuerySet[Any]:
    return channel.rows.filter(state=NoticeState.SENDING, pk__in=[row.pk for row in letter.rows])
