"""Scores and criticism planted in what papers are gathered from: nobody without the right reads them by a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core import mail
from django.urls import reverse

from doantracker.papers.actions.papers import edit_paper, number_paper, prepare_paper
from doantracker.papers.enums import Form
from doantracker.papers.models import Export, OfficialPaper, Term
from plans.models import Notice
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.evaluation_scene import BODY, Committee
from tests.once import once
from tests.planting import shown, shut
from tests.reviews.test_evaluation_secrecy import WORDS as SCORES
from tests.reviews.test_evaluation_secrecy import planted as evaluated
from tests.reviews.test_feedback_secrecy import SAID as SAID_OF_THEM
from tests.reviews.test_feedback_secrecy import WORDS as SPOKEN
from tests.reviews.test_feedback_secrecy import Planted
from tests.reviews.test_feedback_secrecy import planted as spoken
from tests.test_access import scene
from units.models import AuditEvent, User

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.walk]
__all__ = ["evaluated", "scene", "spoken"]

#: What papers of evaluations hold of the planted words: scores and why they differ, no opinion of a colleague.
IN_EVALUATIONS = ("62,73", "LYDOKIN")
WORDS = (*SCORES, *SPOKEN)
SAID = (*SCORES, *SAID_OF_THEM)  # the admin site lists people whoever they are
OTHERS = (
    "sibling_secretary",
    "outsider",
    "commune_secretary",
    "secretary",
    "reader",
    "department_head",
    "administrator",
)


@pytest.fixture
def papers(cast: Cast, evaluated: Committee, spoken: Planted) -> list[OfficialPaper]:
    """Prepare, number and take along the papers of the month, the year and both rounds."""
    return once("planted papers", lambda: _papers(cast, evaluated, spoken))


def _papers(cast: Cast, evaluated: Committee, spoken: Planted) -> list[OfficialPaper]:
    (locked,) = cast_rounds(evaluated)
    subjects = [
        ("evaluation", f"round={locked}"),
        ("evaluation", f"unit={cast.province.pk}&body={BODY}&year=2026"),
        ("feedback", f"round={spoken.named.pk}"),
        ("feedback", f"round={spoken.hidden.pk}"),
    ]
    Term.objects.create(unit=cast.province, start=TODAY.replace(year=2022))
    made = [prepare_paper(kind=kind, subject=subject, by=cast.office_staff) for kind, subject in subjects]
    for number, row in enumerate(made, start=1):
        edit_paper(paper=row, by=cast.office_staff, version=1, words={"head-symbol": "TĐTN-VP"})
        number_paper(paper=row, by=cast.office_staff, version=2, number=number, day=TODAY, with_gaps=True)
    return list(OfficialPaper.objects.order_by("pk"))


def cast_rounds(committee: Committee) -> list[int]:
    """Return the locked month in which the words are planted."""
    rounds = committee.card.rounds.filter(state="round_locked")
    return list(rounds.values_list("pk", flat=True))


def addresses(papers: list[OfficialPaper]) -> Iterator[str]:
    """Yield every page and file of the papers, their previews, the lists and searches, and what logs tell of them."""
    yield reverse("papers:papers")
    yield from (f"{reverse('papers:papers')}?kind={kind}" for kind in ("evaluation", "feedback"))
    for row in papers:
        yield from (reverse(f"papers:{page}", args=[row.pk]) for page in ("paper", "edit", "again", "number"))
        yield from (reverse("papers:download", args=[row.pk, form]) for form in Form.values)
        yield f"{reverse('papers:prepare', args=[row.kind])}?{row.subject}"
    yield from (f"{reverse('search')}?q={word.lower()}" for word in WORDS)
    yield reverse("admin:index")
    yield reverse("admin:units_auditevent_changelist")
    yield from (
        reverse("admin:units_auditevent_change", args=[pk])
        for pk in AuditEvent.objects.filter(object_type="officialpaper").values_list("pk", flat=True)
    )


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_without_the_right_reads_a_planted_word_or_opens_a_paper(
    cast: Cast, papers: list[OfficialPaper], login: Login, who: str
) -> None:
    client = login(getattr(cast, who))
    found = {a: w for a in addresses(papers) if (w := shown(client, a, SAID if "/admin/" in a else WORDS))}
    assert found == {}
    assert {client.get(f"{row.get_absolute_url()}file/{form}/").status_code for row in papers for form in Form} == {
        404
    }
    listing = client.get(reverse("papers:papers"))
    assert listing.context["rows"].count() == 0


def test_who_is_evaluated_or_spoken_of_opens_none(
    papers: list[OfficialPaper], evaluated: Committee, spoken: Planted, login: Login
) -> None:
    for person in (evaluated.member, evaluated.colleague, spoken.person):
        client = login(person)
        assert {client.get(address).status_code for row in papers for address in _of(row)} == {404}


def _of(row: OfficialPaper) -> list[str]:
    files = [reverse("papers:download", args=[row.pk, form]) for form in Form.values]
    return [row.get_absolute_url(), f"{reverse('papers:prepare', args=[row.kind])}?{row.subject}", *files]


def test_the_office_and_the_leader_read_every_word_that_papers_hold(
    cast: Cast, papers: list[OfficialPaper], login: Login
) -> None:
    held = {*IN_EVALUATIONS, "LOIPHEBINHCONGKHAI", "LOIPHEBINHAN", "TRALOIKIN", "DONGCHIDUOCGOPY"}
    for who in (cast.office_staff, cast.leader):
        client = login(who)
        assert set().union(*(shown(client, row.get_absolute_url(), WORDS) for row in papers)) == held


def test_no_paper_of_an_anonymous_round_names_a_giver(cast: Cast, papers: list[OfficialPaper]) -> None:
    named, hidden = [row for row in papers if row.kind == "feedback"]
    givers = (cast.district.name, cast.secretary.full_name, "KHACHNGUYENUYVIEN")
    assert not any(name in json.dumps(hidden.gathered, ensure_ascii=False) for name in givers)
    assert not any(name in json.dumps(named.gathered, ensure_ascii=False) for name in givers)  # all is about a person


def test_neither_log_nor_names_of_files_nor_titles_nor_notices_hold_a_word(
    cast: Cast, papers: list[OfficialPaper], login: Login
) -> None:
    client = login(cast.office_staff)
    names = []
    for address in addresses(papers):
        answer = client.get(address)
        names.append(str(answer.headers.get("Content-Disposition", "")))
        shut(answer)
    log = [(e.object_label, json.dumps(e.data, ensure_ascii=False, default=str)) for e in AuditEvent.objects.all()]
    texts = [text for pair in log for text in pair] + names
    texts += [row.title for row in papers] + [row.subject for row in papers]
    texts += [message.subject + str(message.body) for message in mail.outbox]
    texts += [
        json.dumps(row, ensure_ascii=False, default=str)
        for row in (*Notice.objects.values(), *Export.objects.values())
    ]
    assert [text for text in texts if any(word in text for word in WORDS)] == []
    people = User.objects.filter(full_name__in=("Lê Ủy Viên", "Phan Đồng Nghiệp", "Lê DONGCHIDUOCGOPY"))
    of_papers = list(AuditEvent.objects.filter(object_type="officialpaper"))
    about = [*names, *(row.title for row in papers), *(e.object_label + json.dumps(e.data) for e in of_papers)]
    assert not any(person.full_name in text for person in people for text in about)
