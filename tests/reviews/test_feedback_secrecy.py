"""Words planted in feedback rounds: `tests/test_walks.py` looks for them on every page, these tests elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from plans.models import Notice
from plans.reminders.sweep import check_deadlines
from reviews.actions.contributions import give_links, reply_to
from reviews.actions.self_reviews import give_report
from reviews.enums import FeedbackStep, ReplyKind
from reviews.models import Contribution, FeedbackInvitation, FeedbackRound
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import contribute_to, make_feedback_round, make_member
from tests.once import once
from tests.planting import Planting, shown
from units.models import AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")

#: What was said, the replies, the reports; and who is asked or spoken of by name.
SAID = ("LOIPHEBINHCONGKHAI", "LOIPHEBINHAN", "TRALOIKIN", "KIEMDIEMRIENG")
NAMES = ("KHACHNGUYENUYVIEN", "DONGCHIDUOCGOPY")
WORDS = SAID + NAMES


@dataclass(frozen=True)
class Planted:
    """A named and an anonymous round, both being replied to, and the person both are about."""

    named: FeedbackRound
    hidden: FeedbackRound
    person: User


@pytest.fixture
def planted(cast: Cast) -> Planted:
    """Plant the words."""
    return once("criticism", lambda: plant(cast))


def plant(cast: Cast) -> Planted:
    """Let a district contribute to both rounds and answer the contributions."""
    person = make_member(cast.province, full_name="Lê DONGCHIDUOCGOPY", username="duocgopy")
    rounds = []
    for anonymous, said in ((False, "LOIPHEBINHCONGKHAI"), (True, "LOIPHEBINHAN")):
        asked: dict[str, Any] = {"units": [cast.district], "guests": ["Ông KHACHNGUYENUYVIEN"]}
        row = make_feedback_round(
            cast.province, by=cast.office_staff, person=person, anonymous=anonymous, title="Đợt góp ý", **asked
        )
        give_links(feedback=row, invitations=row.invitations.filter(kind="guest"), by=cast.office_staff)
        target = row.targets.get(person=person)
        one = contribute_to(
            row, row.invitations.get(unit=cast.district), target, f"Đồng chí {said}.", by=cast.secretary
        )
        FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.REPORTING)
        give_report(target=target, by=person, text="Xin KIEMDIEMRIENG.")
        FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.REPLYING)
        one = Contribution.objects.get(pk=one.pk)
        reply_to(contribution=one, kind=ReplyKind.EXPLAINED, text="Vì TRALOIKIN.", by=cast.office_staff)
        rounds.append(row)
    return Planted(rounds[0], rounds[1], person)


def planting(cast: Cast) -> Planting:
    """Plant the words; return them with every page of the rounds, every search, and the admin site."""
    planted = plant(cast)
    own = f"/feedback/contribute/{planted.named.invitations.get(unit=cast.district).pk}/"
    return Planting(
        words=WORDS,
        hidden=lambda who, address: _hidden(who, address, own),
        addresses=[*addresses(planted)],
        read={who: set(WORDS) for who in ("office_staff", "leader")},
    )


def _hidden(who: str, address: str, own: str) -> tuple[str, ...]:
    """Return what a person may not read; the secretary of the district has contributed."""
    if who in {"office_staff", "leader", "colleague"}:
        return ()
    if who == "secretary":
        return () if address == own else SAID
    # these list people whoever they are, and a member of a body stands on pages of its meetings
    people = any(part in address for part in ("/admin/", "/meetings/", "/substitutions/", "/trips/"))
    return SAID if people else WORDS


def addresses(planted: Planted) -> Iterator[str]:
    """Yield every page of the rounds, every search, and the admin site."""
    for row in (planted.named, planted.hidden):
        yield from (
            f"/feedback/{row.pk}/{page}" for page in ("", "edit/", "guests/", "compiled/", "notice/", "result/")
        )
        yield from (f"/feedback/targets/{t.pk}/" for t in row.targets.all())
        yield from (f"/feedback/contribute/{i.pk}/" for i in row.invitations.all())
        yield from (f"/feedback/contributions/{c.pk}/reply/" for c in row.contributions.all())
        for work in (row.contribution_work, row.report_work, row.reply_work):
            assert work
            yield from (d.get_absolute_url() for d in work.deadlines.all())
            yield work.solution.plan.get_absolute_url()
        assert row.meeting
        yield row.meeting.get_absolute_url()
    yield from (f"{reverse(name)}?q={word.lower()}" for name in ("search", "plans:deadlines") for word in SAID)
    yield reverse("admin:index")
    yield reverse("admin:units_auditevent_changelist")
    yield from (reverse("admin:units_auditevent_change", args=[e.pk]) for e in _events())


def _events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(object_type__startswith="feedback"))


def test_the_person_spoken_of_reads_what_was_said_but_not_by_whom(cast: Cast, planted: Planted, login: Login) -> None:
    client = login(planted.person)
    pages = [
        f"/feedback/targets/{t.pk}/"
        for r in (planted.named, planted.hidden)
        for t in r.targets.filter(person=planted.person)
    ]
    assert set().union(*(shown(client, a, SAID) for a in pages)) == set(SAID)
    givers = (cast.district.name, "KHACHNGUYENUYVIEN")
    assert set().union(*(shown(client, a, givers) for a in (*pages, "/feedback/"))) == set()


def test_no_page_tells_who_gave_an_anonymous_contribution(cast: Cast, planted: Planted, login: Login) -> None:
    """Not even with every right: office, leader and administrator in one."""
    for who in (cast.office_staff, cast.leader, cast.administrator):
        client = login(who)
        for page in ("compiled/", "notice/"):
            address = f"/feedback/{planted.hidden.pk}/{page}"
            assert shown(client, address, (cast.district.name, cast.secretary.full_name)) == set()
    own = planted.hidden.contributions.get()
    assert own.invitation_id is None
    assert not AuditEvent.objects.filter(data__icontains=str(own.pk)).exists()


def test_notices_mails_and_the_log_tell_nothing(cast: Cast, planted: Planted) -> None:
    User.objects.update(email="mot@example.org")
    for row in (planted.named, planted.hidden):
        assert row.contribution_work
    check_deadlines(today=dt.date(2026, 4, 25))  # all of it is late by now
    told = [str(list(Notice.objects.values())), str([(m.subject, m.body) for m in mail.outbox])]
    told += [f"{e.object_label} {e.data}" for e in AuditEvent.objects.all()]
    assert [word for word in WORDS if any(word in text for text in told)] == []


def test_no_key_is_kept_and_none_stands_in_the_log(cast: Cast) -> None:
    make_member(cast.province)
    row = make_feedback_round(cast.province, by=cast.office_staff)
    ((_guest, key),) = give_links(feedback=row, invitations=row.invitations.all(), by=cast.office_staff)
    Client().get("/feedback/link/", {"key": key})
    kept = [
        str(list(FeedbackInvitation.objects.values())),
        *(f"{e.object_label} {e.data}" for e in AuditEvent.objects.all()),
    ]
    assert not any(key in text for text in kept)
