"""Words of persons' shortcomings: in no paper, no kept gathering, no export, no archive of who may not read them."""

from __future__ import annotations

import io
import json
from zipfile import ZipFile

import pytest
from django.urls import reverse

from doantracker.papers.actions.exports import ask_export, write_export
from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.enums import ExportKind
from doantracker.papers.models import OfficialPaper
from doantracker.papers.renderings import RENDERERS, file_name, rendered
from plans.models import Plan
from tests.cast import Cast
from tests.conftest import Login
from tests.plans.test_planted_words import PERSONAL, plant
from units.models import AuditEvent, Unit, User
from units.permissions import Permission
from units.roles import ROLES, Grants, Role

pytestmark = pytest.mark.usefixtures("today")

OF_PLAN, OF_UNIT = ("progress", "remediation", "plan"), ("statistics", "handover")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Plant words of persons in a plan of the province."""
    return plant(cast)


def papers(plan: Plan, unit: Unit, cast: Cast) -> list[OfficialPaper]:
    """Prepare every kind of paper, as the office, which has the right."""
    made = [prepare_paper(kind=kind, subject=f"plan={plan.pk}", by=cast.office_staff) for kind in OF_PLAN]
    return made + [prepare_paper(kind=kind, subject=f"unit={unit.pk}", by=cast.office_staff) for kind in OF_UNIT]


def text_of(data: bytes) -> str:
    """Return what a file says, the parts of an archive unpacked."""
    if data[:2] != b"PK":
        return data.decode(errors="replace")
    with ZipFile(io.BytesIO(data)) as archive:
        return " ".join(f"{name} {text_of(archive.read(name))}" for name in archive.namelist())


def planted(text: str) -> list[str]:
    return [word for word in PERSONAL if word in text]


def test_papers_tell_no_word_of_a_person_even_when_who_prepares_them_may_read_it(cast: Cast, plan: Plan) -> None:
    for row in papers(plan, cast.province, cast):
        assert planted(json.dumps(row.gathered, ensure_ascii=False) + row.title) == []
        for form in RENDERERS if row.paper.tables else ("docx", "pdf"):
            assert planted(text_of(rendered(row, form)) + file_name(row, form)) == []
    logged = AuditEvent.objects.filter(object_type="officialpaper").values_list("object_label", "data")
    assert planted(str(list(logged))) == []


def test_the_pages_of_papers_tell_none(cast: Cast, plan: Plan, login: Login) -> None:
    client = login(cast.office_staff)
    for row in papers(plan, cast.province, cast):
        addresses = [row.get_absolute_url(), *(reverse(f"papers:{page}", args=[row.pk]) for page in ("edit", "again"))]
        assert [a for a in (*addresses, reverse("papers:papers")) if planted(client.get(a).text)] == []


def test_the_archive_of_who_lacks_the_right_tells_none(
    cast: Cast, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers(plan, cast.province, cast)
    own = ROLES[Role.OFFICE].own - {Permission.VIEW_PERSONAL}
    monkeypatch.setitem(ROLES, Role.OFFICE, Grants(own=own))
    cast.office_staff.__dict__.clear()
    cast.office_staff.__dict__.update(User.objects.get(username="vanphong").__dict__)
    assert planted(archive(cast, plan)) == []


def test_the_archive_of_who_has_it_holds_the_document_as_it_was_issued(cast: Cast, plan: Plan) -> None:
    assert "CANHANRIENG" in archive(cast, plan)


def archive(cast: Cast, plan: Plan) -> str:
    """Return all that stands in the archive the office takes: papers, evidence, log and index."""
    export = ask_export(query=f"plan={plan.pk}", by=cast.office_staff, kind=ExportKind.ARCHIVE)
    write_export(export=export)
    export.refresh_from_db()
    with export.file.open("rb") as file:
        found = text_of(file.read())
    assert "04-nhat-ky/nhat-ky.csv" in found
    return found
