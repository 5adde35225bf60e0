"""What an inspection or a trip tells stands in papers: nobody else reads it there, nor in log, list, mail or name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from doantracker.papers.actions.papers import edit_paper, note_download, number_paper, prepare_paper
from doantracker.papers.models import OfficialPaper, Term
from plans.models import Notice
from reviews.models import Inspection
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.inspections import concluded, head_of
from tests.factories import make_quota, make_trip
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")
#: Criticism of one district, and what a traveller wrote of a commune.
PLANTED = ("KHUYETDIEMRIENG", "KHOKHANRIENG")
DAY = dt.date(2026, 3, 16)


@pytest.fixture
def papers(cast: Cast) -> dict[str, OfficialPaper]:
    """Return a paper of each kind with the planted words, the first one numbered and taken along."""
    row = concluded(cast, head_of(cast), cast.district, cast.other_district, word=f"{PLANTED[0]}.")
    Inspection.objects.filter(pk=row.pk).update(report_symbol="")  # one that was handed in with a number gets no other
    days = (dt.date(2026, 3, 2), dt.date(2026, 3, 4))
    facts: dict[str, Any] = {"state": "trip_reported", "units": [cast.commune], "report": f"{PLANTED[1]}."}
    make_trip(cast.province, leader=cast.department_head, days=days, **facts)
    quota = make_quota(cast.province, by=cast.office_staff, people=[cast.department_head])
    of_it = f"inspection={row.pk}"
    subjects = {"inspection": of_it, "conclusions": of_it, "trips": f"quota={quota.pk}"}
    made = {kind: prepare_paper(kind=kind, subject=about, by=cast.office_staff) for kind, about in subjects.items()}
    Term.objects.create(unit=cast.province, start=dt.date(2024, 1, 1))
    edit_paper(paper=made["inspection"], by=cast.office_staff, version=1, words={"head-symbol": "TĐTN-VP"})
    number_paper(paper=made["inspection"], by=cast.office_staff, version=2, number=1, day=DAY, with_gaps=True)
    note_download(paper=made["inspection"], by=cast.office_staff, form="docx")
    return made


def pages() -> Iterator[str]:
    """Yield the pages that list what a person sees."""
    yield from ("/", "/notices/", "/plans/", "/deadlines/", "/units/", "/calendar/", "/inspections/", "/trips/")
    yield from (f"{reverse('search')}?q={word.lower()}" for word in PLANTED)


def addresses(papers: dict[str, OfficialPaper]) -> Iterator[str]:
    """Yield every address of these papers."""
    for kind, row in papers.items():
        yield f"{reverse('papers:prepare', args=[kind])}?{row.subject}"
        yield from (reverse(f"papers:{name}", args=[row.pk]) for name in ("paper", "edit", "again", "number"))
        yield from (reverse("papers:download", args=[row.pk, form]) for form in ("docx", "pdf", "xlsx"))


@pytest.mark.parametrize("who", ["reader", "department_head", "administrator", "secretary", "outsider"])
def test_nobody_else_opens_the_papers(cast: Cast, login: Login, papers: dict[str, OfficialPaper], who: str) -> None:
    client = login(getattr(cast, who))
    assert {client.get(address).status_code for address in addresses(papers)} == {404}
    assert [word for word in PLANTED if word in client.get(reverse("papers:papers")).text] == []


def test_the_leader_reads_them_and_changes_nothing(cast: Cast, login: Login, papers: dict[str, OfficialPaper]) -> None:
    client = login(cast.leader)
    for kind, row in papers.items():
        assert client.get(f"{reverse('papers:prepare', args=[kind])}?{row.subject}").status_code == 404
        assert client.get(row.get_absolute_url()).status_code == 200
        for name in ("edit", "again", "number", "cancel"):
            assert client.get(reverse(f"papers:{name}", args=[row.pk])).status_code == 404


@pytest.mark.walk
@pytest.mark.parametrize("who", ["sibling_secretary", "commune_secretary", "outsider"])
def test_their_words_stand_on_no_page_of_the_units_around(
    cast: Cast, login: Login, papers: dict[str, OfficialPaper], who: str
) -> None:
    client = login(getattr(cast, who))
    for address in (*pages(), *addresses(papers), *(f"/papers/?kind={kind}" for kind in papers)):
        text = client.get(address, follow=True).text
        assert [word for word in PLANTED if word in text] == [], address


def test_who_runs_the_inspections_reads_them(cast: Cast, login: Login, papers: dict[str, OfficialPaper]) -> None:
    client = login(cast.second_office_staff)
    found = {
        kind: [w for w in PLANTED if w in client.get(row.get_absolute_url()).text] for kind, row in papers.items()
    }
    assert found == {"inspection": [PLANTED[0]], "conclusions": [PLANTED[0]], "trips": [PLANTED[1]]}


def test_no_word_stands_in_log_mail_notice_or_name(
    cast: Cast, login: Login, papers: dict[str, OfficialPaper], django_capture_on_commit_callbacks: Any
) -> None:
    events = AuditEvent.objects.filter(object_type="officialpaper")
    assert events.count() == 6
    told = [f"{event.object_label} {event.data}" for event in events]
    told += [f"{row.title} {row.subject}" for row in OfficialPaper.objects.all()]
    told += [str(message.message()) for message in mail.outbox]
    told += [str(values) for values in Notice.objects.values_list()]
    client = login(cast.office_staff)
    for row in papers.values():
        told += [client.get(reverse("papers:download", args=[row.pk, "pdf"]))["Content-Disposition"]]
    assert [words for words in told if any(word in words for word in PLANTED)] == []
