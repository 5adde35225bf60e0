"""Templates as an administrator handles them: take ours along, put in another, look, use, go back."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from docx import Document

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.actions.templates import add_template, use_ours, use_template
from doantracker.papers.docx import default_template, words_of
from doantracker.papers.forms.templates import FAULTS, MARKS
from doantracker.papers.models import OfficialPaper, PaperTemplate
from doantracker.papers.paper import Paper
from doantracker.papers.rendering import as_docx
from doantracker.papers.template_checks import TemplateFaultError, check_shown
from doantracker.papers.template_sample import LETTER_SAMPLE, REPORT, needed_by
from plans.actions.proof import Upload
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.test_safety_templates import with_line
from tests.factories import make_published_plan
from units.models import AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def administrator(both_trees: User, login: Login) -> Client:
    """Return the browser of who administers every tree."""
    return login(both_trees)


@pytest.fixture
def paper(cast: Cast) -> OfficialPaper:
    """A progress report of the province."""
    plan = make_published_plan(cast.province, title="Kế hoạch")
    return prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)


def sent(client: Client, kind: str, data: bytes, name: str = "mau.docx") -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("papers:template_new", args=[kind]), {"file": file})


def content(answer: Any) -> bytes:
    return b"".join(answer)


def words_in(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(data)).paragraphs)


def test_every_mark_is_explained(administrator: Client) -> None:
    assert set(MARKS) == set(words_of(REPORT))
    page = administrator.get(reverse("papers:template_new", args=["all"]))
    assert all(f"<code>{{{{ {mark} }}}}</code>" in page.text for mark in MARKS)
    assert "{%p for recipient in recipients %}" in page.text


def test_what_is_no_word_file_is_called_so(administrator: Client) -> None:
    answer = sent(administrator, "all", "Đây là văn bản thuần.".encode())
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [str(FAULTS["not_word"])]


def test_our_template_is_taken_along_for_each_kind(administrator: Client) -> None:
    page = administrator.get(reverse("papers:templates"))
    assert page.status_code == 200
    for kind in ("all", "statistics"):
        data = content(administrator.get(reverse("papers:template_file", args=[kind])))
        assert "{{ body }}" in words_in(data)
    assert administrator.get(reverse("papers:template_file", args=["nothing"])).status_code == 404
    assert [_lies(administrator, kind) for kind in ("all", "trips")] == [False, True]


def _lies(client: Client, kind: str) -> bool:
    page = Document(BytesIO(content(client.get(reverse("papers:template_file", args=[kind]))))).sections[0]
    return (page.page_width or 0) > (page.page_height or 0)


def test_a_template_is_tried_looked_at_used_and_put_back(
    administrator: Client, paper: OfficialPaper, cast: Cast, login: Login
) -> None:
    office, address = login(cast.office_staff), reverse("papers:download", args=[paper.pk, "docx"])
    answer = sent(administrator, "progress", with_line("CHÂN MẪU RIÊNG {{ issuer }}"))
    row = PaperTemplate.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("papers:template", args=[row.pk]))
    for sample in ("report", "letter"):
        shown = content(administrator.get(reverse("papers:template_sample", args=[row.pk, sample])))
        assert "CHÂN MẪU RIÊNG Ban Thường vụ Tỉnh đoàn mẫu" in words_in(shown).replace("\xa0", " ")
    assert "CHÂN MẪU RIÊNG" not in words_in(content(office.get(address)))
    assert administrator.post(reverse("papers:template", args=[row.pk])).status_code == 302
    assert "CHÂN MẪU RIÊNG" in words_in(content(office.get(address)))
    current = content(administrator.get(reverse("papers:template_file", args=["progress"])))
    assert "CHÂN MẪU RIÊNG {{ issuer }}" in words_in(current)
    assert administrator.post(reverse("papers:template_ours", args=["progress"])).status_code == 302
    assert "CHÂN MẪU RIÊNG" not in words_in(content(office.get(address)))
    logged = AuditEvent.objects.filter(object_type="papertemplate").values_list("action", flat=True)
    assert sorted(logged) == ["changed", "changed", "created"]


def test_what_is_wrong_is_named_and_nothing_is_kept(administrator: Client) -> None:
    answer = sent(administrator, "all", with_line("{{ nguoi_ky }}"))
    assert answer.status_code == 422
    assert "{{ nguoi_ky }}" in str(answer.context["form"].errors["file"])
    assert not PaperTemplate.objects.exists()
    assert sent(administrator, "all", b"MZ", "a.docm").status_code == 422
    assert administrator.post(reverse("papers:template_new", args=["all"])).status_code == 422


def test_a_template_without_marks_its_papers_need_is_refused_by_their_names_and_use(administrator: Client) -> None:
    answer = sent(administrator, "progress", without_words("number", "signer"))
    assert answer.status_code == 422
    told = answer.context["form"].errors["file"][0]
    assert [f"{{{{ {name} }}}} – {str(MARKS[name]).rstrip('.')}" in told for name in MARKS] == [
        name in {"number", "signer"} for name in MARKS
    ]
    assert not PaperTemplate.objects.exists()


def test_a_template_of_a_kind_may_do_without_what_its_papers_have_not(administrator: Client) -> None:
    plain = without_words("kind", "subject", "addressee", "left_signer", "note")
    assert sent(administrator, "progress", plain).status_code == 302


@pytest.mark.parametrize(
    ("kind", "paper", "missing"),
    [
        ("", REPORT, "abstract, issuer, kind, left_signer"),
        ("progress", REPORT, "abstract"),
        ("minutes", REPORT, "abstract, left_signer"),
        ("chasing", LETTER_SAMPLE, "subject"),
        ("", LETTER_SAMPLE, "issuer, subject"),
    ],
)
def test_which_marks_are_missing_depends_on_the_kind_of_paper(kind: str, paper: Paper, missing: str) -> None:
    template = without_words("abstract", "subject", "kind", "left_signer", "note", "issuer")
    words = {name: word for name, word in words_of(paper).items() if name in needed_by(kind) and word}
    with pytest.raises(TemplateFaultError) as refused:
        check_shown(as_docx(paper, template), words)
    assert (refused.value.code, sorted(refused.value.about.split(", "))) == ("missing_mark", missing.split(", "))


def test_a_mark_whose_words_never_show_is_missing() -> None:
    hidden = as_docx(REPORT, with_line("{% if not signer %}{{ signer }}{% endif %}{{ post|upper }}"))
    check_shown(hidden, {"signer": "Người ký mẫu", "post": "Bí thư"})
    hidden = as_docx(REPORT, without_words("signer", instead="{% if not signer %}{{ signer }}{% endif %}"))
    with pytest.raises(TemplateFaultError, match="signer"):
        check_shown(hidden, {"signer": "Người ký mẫu"})


def without_words(*marks: str, instead: str = "") -> bytes:
    """Return our template with something else in the place of some marks."""
    out = BytesIO()
    with ZipFile(BytesIO(default_template())) as ours, ZipFile(out, "w") as new:
        for name in ours.namelist():
            part = ours.read(name)
            for mark in marks:
                part = part.replace(f"{{{{ {mark} }}}}".encode(), instead.encode())
            new.writestr(name, part)
    return out.getvalue()


def test_the_one_of_a_kind_goes_before_that_of_all(both_trees: User, paper: OfficialPaper) -> None:
    from doantracker.papers.renderings import template_in_use  # noqa: PLC0415  # beside what it tells

    for kind in ("", "progress"):
        upload = Upload.of(SimpleUploadedFile("a.docx", default_template()))
        use_template(template=add_template(kind=kind, upload=upload, by=both_trees), by=both_trees)
    assert [getattr(template_in_use(kind), "kind", None) for kind in ("progress", "chasing")] == ["progress", ""]
    use_ours(kind="progress", by=both_trees)
    assert getattr(template_in_use("progress"), "kind", None) == ""


def test_a_second_template_takes_the_place_of_the_first(both_trees: User) -> None:
    for data in (default_template(), with_line("Hai")):
        upload = Upload.of(SimpleUploadedFile("a.docx", data))
        row = add_template(kind="", upload=upload, by=both_trees)
        use_template(template=row, by=both_trees)
        assert add_template(kind="", upload=Upload.of(SimpleUploadedFile("a.docx", data)), by=both_trees) == row
    assert list(PaperTemplate.objects.filter(in_use=True)) == [row]
    assert PaperTemplate.objects.count() == 2


@pytest.mark.parametrize("who", ["office_staff", "leader", "secretary", "administrator", "outsider"])
def test_only_who_administers_every_tree_changes_templates(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    upload = Upload.of(SimpleUploadedFile("a.docx", default_template()))
    with pytest.raises(Http404):
        add_template(kind="", upload=upload, by=person)
    with pytest.raises(Http404):
        use_ours(kind="", by=person)
    assert not PaperTemplate.objects.exists()


def test_a_template_that_fails_for_one_paper_tells_so_and_breaks_no_page(
    both_trees: User, paper: OfficialPaper, cast: Cast, login: Login
) -> None:
    tricky = with_line("{% if issuer != 'Ban Thường vụ Tỉnh đoàn mẫu' %}{{ title.__class__ }}{% endif %}")
    row = add_template(kind="", upload=Upload.of(SimpleUploadedFile("a.docx", tricky)), by=both_trees)
    use_template(template=row, by=both_trees)
    answer = login(cast.office_staff).get(reverse("papers:download", args=[paper.pk, "docx"]), follow=True)
    assert answer.redirect_chain == [(paper.get_absolute_url(), 302)]
    assert "__class__" in str(next(iter(answer.context["messages"])))
