"""Feedback compiled as a paper: what its page tells, and never who gave it where a reader may not know."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from doantracker.papers.actions.papers import edit_paper, gather_again, prepare_paper
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import Heading, Text
from doantracker.papers.sources import gathered
from reviews.actions.contributions import contribute, reply_to
from reviews.enums import FeedbackStep, ReplyKind
from reviews.models import FeedbackRound
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.told import assert_all_tell_the_same, taken, text_of_pdf, told_by, told_by_all
from tests.factories import contribute_to, make_feedback_round, make_member, make_officer
from units.models import Appointment, AuditEvent, User
from units.models.audit import AuditAction
from units.permissions import Permission
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
COMMITTEE = "Ban Thường vụ Tỉnh đoàn"


def make_round(cast: Cast, *, person: User | None = None, **facts: bool) -> FeedbackRound:
    """Let both districts contribute on the committee and on a person; one contribution is answered."""
    about = person or make_member(cast.province, full_name="Lê Được Góp Ý")
    row = make_feedback_round(
        cast.province, by=cast.office_staff, person=about, units=[cast.district, cast.other_district], **facts
    )
    committee, target = row.targets.order_by("ordinal")
    for unit, by, said in (
        (cast.district, cast.secretary, "Một"),
        (cast.other_district, cast.sibling_secretary, "Hai"),
    ):
        topic = row.topics.order_by("ordinal")[0].pk
        texts = {
            (committee.pk, topic): f"{said}: cần sâu sát.", (target.pk, topic): f"{said}: giữ gìn đoàn kết.",
        }  # fmt: skip
        contribute(invitation=row.invitations.get(unit=unit), texts=texts, by=by, today=TODAY)
    FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.REPLYING, result="Đã kiểm điểm.\nCó hai hạn chế.")
    row.refresh_from_db()
    first = row.contributions.get(target=committee, text__startswith="Một")
    reply_to(contribution=first, kind=ReplyKind.ACCEPTED, text="Xin tiếp thu.", by=cast.office_staff)
    return row


def subject(row: FeedbackRound) -> str:
    return f"round={row.pk}"


def prepared(cast: Cast, row: FeedbackRound) -> OfficialPaper:
    return prepare_paper(kind="feedback", subject=subject(row), by=cast.office_staff)


def test_contributions_stand_by_target_and_topic_with_their_replies(cast: Cast) -> None:
    row = prepared(cast, make_round(cast, anonymous=True))
    paper = row.paper
    assert (paper.kind, paper.landscape, row.right) == ("BC", True, Permission.VIEW_FEEDBACK)
    assert paper.abstract == "Tổng hợp ý kiến góp ý và kết quả tiếp thu, giải trình (Lấy ý kiến góp ý năm 2026)"
    assert paper.recipients == ("Lưu VT",)  # signed for the committee, which does not report to itself
    assert [block.text for block in paper.blocks if isinstance(block, Heading | Text)][1:] == [
        "I. Tình hình chung",
        (
            "Số đơn vị, cá nhân được lấy ý kiến: 02; đã gửi ý kiến: 02. "
            "Tổng số 04 ý kiến; đã trả lời 01, chưa trả lời 03."
        ),
        f"II. Góp ý đối với {COMMITTEE}",
        "2. Công tác cán bộ",
        "Không có ý kiến.",
        "III. Góp ý đối với Lê Được Góp Ý – Ủy viên",
        "2. Công tác cán bộ",
        "Không có ý kiến.",
        "IV. Kết quả kiểm điểm",
        "Đã kiểm điểm.",
        "Có hai hạn chế./.",
    ]
    whole, committee, person = paper.tables
    assert whole.rows == ((1, COMMITTEE, 2, 1), (2, "Lê Được Góp Ý – Ủy viên", 2, 0))
    assert (committee.name, person.name) == ("1. Tư tưởng, đạo đức", "1. Tư tưởng, đạo đức")
    assert {line[1:] for line in committee.rows} == {
        ("Một: cần sâu sát.", "Tiếp thu: xin tiếp thu."),
        ("Hai: cần sâu sát.", "Chưa trả lời"),
    }
    assert {line[1:] for line in person.rows} == {
        ("Một: giữ gìn đoàn kết.", "Chưa trả lời"),
        ("Hai: giữ gìn đoàn kết.", "Chưa trả lời"),
    }


def test_the_paper_tells_what_its_page_tells(cast: Cast, login: Login) -> None:
    row = make_round(cast, anonymous=False, names_to_targets=True)
    page = login(cast.office_staff).get(reverse("reviews:feedback_compiled", args=[row.pk]))
    assert f"{reverse('papers:prepare', args=['feedback'])}?{subject(row)}" in page.text
    paper = prepared(cast, row).paper
    groups = page.context["shown"]
    assert [line[1:] for line in paper.tables[0].rows] == [(g.target.label, g.count, g.replied) for g in groups]
    spoken = [topic for group in groups for topic in group.topics if topic.rows]
    assert [[line[1:3] for line in table.rows] for table in paper.tables[1:]] == [
        [(r.contribution.text, r.giver) for r in topic.rows] for topic in spoken
    ]


@pytest.mark.parametrize("anonymous", [True, False])
def test_every_form_tells_the_same(cast: Cast, login: Login, *, anonymous: bool) -> None:
    assert_all_tell_the_same(login(cast.office_staff), prepared(cast, make_round(cast, anonymous=anonymous)))


def test_a_contribution_longer_than_a_page_stands_whole_in_every_form(cast: Cast, login: Login) -> None:
    make_member(cast.province)
    row = make_feedback_round(cast.province, by=cast.office_staff, units=[cast.district])
    lines = [f"Dòng thứ {n} của một ý kiến rất dài." for n in range(200)]
    contribute_to(row, row.invitations.get(), row.targets.get(), "\n".join(lines), by=cast.secretary)
    FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.REPORTING)
    paper, office = prepared(cast, row), login(cast.office_staff)
    assert told_by_all(office, paper) == dict.fromkeys(("page", "docx", "xlsx"), told_by(paper))
    pdf = text_of_pdf(office, paper)
    assert [line for line in lines if "".join(line.split()) not in pdf] == []


# --- who is named ---


def givers_in(cast: Cast, row: OfficialPaper) -> set[str]:
    """Return which of the givers the kept data name."""
    names = (cast.district.name, cast.other_district.name, cast.secretary.full_name, cast.sibling_secretary.full_name)
    return {name for name in names if name in str(row.gathered)}


def test_an_anonymous_round_names_nobody(cast: Cast) -> None:
    assert givers_in(cast, prepared(cast, make_round(cast, anonymous=True))) == set()


def test_a_named_round_names_who_spoke_of_the_collective_and_of_a_person_only_where_that_person_may_know(
    cast: Cast,
) -> None:
    kept = prepared(cast, make_round(cast, anonymous=False))
    whole, committee, person = kept.paper.tables
    assert [len(table.columns) for table in (whole, committee, person)] == [4, 4, 3]
    assert {line[2] for line in committee.rows} == {cast.district.name, cast.other_district.name}
    assert givers_in(cast, kept) == {cast.district.name, cast.other_district.name}
    assert cast.district.name not in str(person)


def test_a_leader_who_is_spoken_of_reads_no_name_in_the_paper_the_office_made(cast: Cast, login: Login) -> None:
    """On the page the leader sees names but the own ones; the paper is one for all, so it has none about persons."""
    make_member(cast.province)
    row = make_round(cast, person=cast.leader, anonymous=False)
    kept, leader = prepared(cast, row), login(cast.leader)
    *_others, about_leader = (
        part for part in leader.get(kept.get_absolute_url()).context["blocks"] if part.text[:2] == "1." and part.rows
    )
    assert not any(cast.district.name in text for line in about_leader.rows for text, _right in line)


# --- who makes, sees and reads it ---


@pytest.mark.parametrize("step", [FeedbackStep.DRAFT, FeedbackStep.CONTRIBUTING])
def test_nothing_is_compiled_before_contributions_are_read(cast: Cast, step: FeedbackStep) -> None:
    row = make_round(cast, anonymous=True)
    FeedbackRound.objects.filter(pk=row.pk).update(step=step)
    with pytest.raises(Http404):
        prepared(cast, row)


def test_the_office_makes_it_the_leader_reads_it_and_others_see_nothing(cast: Cast, login: Login) -> None:
    row = prepared(cast, make_round(cast, anonymous=False))
    pages = [row.get_absolute_url(), *(reverse("papers:download", args=[row.pk, f]) for f in ("docx", "pdf", "xlsx"))]
    assert [login(cast.leader).get(page).status_code for page in pages] == [200] * 4
    others = [getattr(cast, n) for n in ("secretary", "department_head", "reader", "administrator", "outsider")]
    spoken_of = User.objects.get(full_name="Lê Được Góp Ý")
    for person in (*others, spoken_of):
        client = login(person)
        assert {client.get(page).status_code for page in pages} == {404}
        assert row.title not in client.get(reverse("papers:papers")).text
    for person in (*others, spoken_of, cast.leader):
        with pytest.raises(Http404):
            prepare_paper(kind="feedback", subject=row.subject, by=person)


def test_who_loses_the_right_loses_the_kept_paper(cast: Cast, login: Login) -> None:
    row = prepared(cast, make_round(cast, anonymous=False))
    leader = cast.leader
    Appointment.objects.filter(user=leader).update(end=TODAY - dt.timedelta(days=1))
    make_reader = make_officer(cast.province, Role.READER)
    Appointment.objects.filter(user=make_reader).update(user=leader)
    client = login(User.objects.get(pk=leader.pk))
    for page in (row.get_absolute_url(), reverse("papers:download", args=[row.pk, "xlsx"])):
        assert client.get(page).status_code == 404
    assert row.title not in client.get(reverse("papers:papers")).text


def test_whoever_reads_the_preview_the_paper_or_a_file_is_logged(cast: Cast, login: Login) -> None:
    row = make_round(cast, anonymous=False)
    reads = AuditEvent.objects.filter(action=AuditAction.READ_FEEDBACK)
    before, client = reads.count(), login(cast.office_staff)
    assert client.get(f"{reverse('papers:prepare', args=['feedback'])}?{subject(row)}").status_code == 200
    paper = prepared(cast, row)
    client.get(paper.get_absolute_url())
    taken(client, paper, "docx")
    target = row.targets.get(person__isnull=False).pk
    assert [(r.actor, r.object_id, r.data) for r in reads.order_by("pk")[before:]] == [
        (cast.office_staff, row.pk, {"targets": [target]})
    ] * 3


def test_gathered_again_it_tells_new_replies_and_keeps_words_put_in(cast: Cast) -> None:
    row = make_round(cast, anonymous=True)
    paper = prepared(cast, row)
    edit_paper(paper=paper, by=cast.office_staff, version=1, words={"result1": "Hội nghị đã kiểm điểm nghiêm túc."})
    said = row.contributions.get(text="Hai: cần sâu sát.")
    reply_to(contribution=said, kind=ReplyKind.DECLINED, text="Không đúng thẩm quyền.", by=cast.office_staff)
    gather_again(paper=paper, by=cast.office_staff, version=2)
    paper.refresh_from_db()
    assert paper.paper.paragraphs["result1"] == "Hội nghị đã kiểm điểm nghiêm túc."
    assert (1, COMMITTEE, 2, 2) in paper.paper.tables[0].rows
    assert "Không tiếp thu: không đúng thẩm quyền." in {line[2] for line in paper.paper.tables[1].rows}


def test_a_closed_round_is_compiled_too(cast: Cast) -> None:
    row = make_round(cast, anonymous=True)
    FeedbackRound.objects.filter(pk=row.pk).update(step=FeedbackStep.CLOSED)
    assert prepared(cast, row).paper.tables[0].rows[0] == (1, COMMITTEE, 2, 1)


@pytest.mark.parametrize("wrong", ["", "round=0", "round=x", "round=99999999999999999999"])
def test_nonsense_is_not_found(cast: Cast, wrong: str) -> None:
    with pytest.raises(Http404):
        prepare_paper(kind="feedback", subject=wrong, by=cast.office_staff)


@pytest.mark.parametrize("more", [0, 5])
def test_gathering_costs_the_same_for_few_and_many(
    cast: Cast, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = make_round(cast, anonymous=False)
    target, topic = row.targets.get(person__isnull=True), row.topics.get(ordinal=2)
    for n in range(more):
        row.contributions.create(target=target, topic=topic, text=f"Ý {n}", anonymous=True)
    who = User.objects.get(pk=cast.office_staff.pk)
    assert who.posts
    with django_assert_num_queries(6):
        gathered("feedback", subject(row), who, TODAY)
