"""Hostile templates and hostile words: T11 and T12 of the threats. What is wrong in a template is named."""

from __future__ import annotations

import socket
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from doantracker.papers.docx import default_template
from doantracker.papers.filling import fill_template
from doantracker.papers.forms.templates import FAULTS, explained
from doantracker.papers.paper import Text, printable
from doantracker.papers.pdf import as_pdf
from doantracker.papers.rendering import as_docx
from doantracker.papers.template_checks import TemplateFaultError, check_template
from doantracker.papers.template_sample import SAMPLES
from tests.doantracker.papers.samples import sample
from tests.doantracker.papers.test_docx import lines

#: Our own template in a child process takes about a second; what must end by itself gets ten of processor time.
CONTENT_TYPES = "[Content_Types].xml"


def with_line(text: str) -> bytes:
    """Return our template with one more paragraph."""
    return changed(lambda document: document.add_paragraph(text))


def changed(change: Callable[[Any], object]) -> bytes:
    """Return our template after a change of its document."""
    document = Document(BytesIO(default_template()))
    change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """Return our template with one part more, or another in its place."""
    out = BytesIO()
    with ZipFile(BytesIO(default_template())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return out.getvalue()


def part_of(name: str) -> bytes:
    with ZipFile(BytesIO(default_template())) as archive:
        return archive.read(name)


def fault(template: bytes) -> tuple[str, str]:
    """Return why a template is refused."""
    with pytest.raises(TemplateFaultError) as refusal:
        fill_template(sample(), template)
    assert refusal.value.code in FAULTS
    assert "%(" not in explained(refusal.value)
    return refusal.value.code, refusal.value.about


def test_our_own_template_passes_every_check_and_sample() -> None:
    for paper in SAMPLES:
        assert fill_template(paper, default_template())[:2] == b"PK"


@pytest.mark.parametrize(
    "expression",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title.__init__.__globals__ }}",
        "{{ marks.__class__ }}",
        "{{ title|attr('__class__') }}",
        "{{ title.format.__globals__ }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    ],
)
def test_a_template_that_reaches_for_python_is_refused(expression: str) -> None:
    assert fault(with_line(expression))[0] == "forbidden"


def test_format_strings_reach_no_attribute() -> None:
    assert fault(with_line("{{ '{0.__class__}'.format(title) }}"))[0] == "forbidden"


@pytest.mark.parametrize("function", ["range", "lipsum", "cycler", "joiner", "namespace", "self", "config", "request"])
def test_what_is_no_mark_of_ours_is_named(function: str) -> None:
    code, _about = fault(with_line(f"{{{{ {function}.no_such }}}}"))
    assert code in {"unknown_mark", "forbidden"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{{ signature }}", ("unknown_mark", "signature")),
        ("{{ body }}", ("body", "2")),
        ("{% if title %}", ("syntax", "{% if %}")),
        ("{{ title", ("syntax", "{{ title")),
        ("{{ so ky hieu }}", ("syntax", "{{ so ky hieu }}")),
        ("{% include 'settings.py' %}", ("failed", "no loader")),
        ("{{ 1 // (superior|length - superior|length) }}", ("failed", "by zero")),
        ("{{ title.encode('hex') }}", ("failed", "not a text encoding")),
        ("{{ title|no_such }}", ("syntax", "{{ … }}")),
    ],
)
def test_a_mark_that_is_wrong_is_named(line: str, expected: tuple[str, str]) -> None:
    code, about = fault(with_line(line))
    assert code == expected[0]
    assert expected[1] in about


def test_a_template_without_the_body_or_a_style_is_refused() -> None:
    assert fault(changed(lambda d: _without(d, "{{ body }}"))) == ("body", "0")
    assert fault(changed(lambda d: d.styles["DT Phần"].delete())) == ("style", "DT Phần")


def _without(document: Any, text: str) -> None:
    (found,) = [p for p in document.paragraphs if p.text == text]
    found._p.getparent().remove(found._p)


@pytest.mark.parametrize(
    "expression",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 2000000000 }}",
    ],
)
def test_a_template_that_computes_without_end_ends_in_its_own_process(
    monkeypatch: pytest.MonkeyPatch, expression: str
) -> None:
    monkeypatch.setattr("doantracker.papers.filling.CPU_SECONDS", 4)  # so that it ends sooner
    assert fault(with_line(expression))[0] == "too_expensive"


def test_a_template_that_unpacks_to_very_much_is_not_opened() -> None:
    assert fault(with_part("word/media/image1.png", b"\0" * 60_000_000))[0] == "too_large"


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_docx_is_refused(data: bytes) -> None:
    with pytest.raises(TemplateFaultError):
        check_template(data)


def test_macros_are_refused() -> None:
    assert fault(with_part("word/vbaProject.bin", b"x"))[0] == "unsafe"
    kinds = part_of(CONTENT_TYPES).replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert fault(with_part(CONTENT_TYPES, kinds))[0] == "macros"


@pytest.mark.parametrize("part", ["word/embeddings/oleObject1.bin", "word/activeX/activeX1.bin", "word/afchunk1.html"])
def test_embedded_documents_are_refused(part: str) -> None:
    assert fault(with_part(part, b"x")) == ("embedded", part)


@pytest.mark.parametrize(
    "kind", [RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.OLE_OBJECT, f"{RELATIONSHIP_TYPE.STYLES}/attachedTemplate"]
)
def test_relations_to_the_outside_are_refused(kind: str) -> None:
    template = changed(lambda d: d.part.relate_to("http://127.0.0.1:9/x.png", kind, is_external=True))
    assert fault(template) == ("external", kind.rpartition("/")[2])


def test_a_link_to_follow_by_hand_is_no_fault() -> None:
    address = "https://tinhdoan.example/"
    check_template(changed(lambda d: d.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)))


@pytest.mark.parametrize(
    "code", ["INCLUDEPICTURE http://127.0.0.1:9/x", 'DDEAUTO c:\\\\cmd "/k calc"', " includetext x"]
)
def test_fields_that_fetch_are_refused_even_in_pieces(code: str) -> None:
    pieces = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (code[:4], code[4:]))
    template = changed(lambda d: d.paragraphs[0]._p.append(parse_xml(f"<w:p {nsdecls('w')}>{pieces}</w:p>")))
    assert fault(template)[0] == "field"


def refused(template: bytes) -> tuple[str, str]:
    """Return why a template is not even opened."""
    with pytest.raises(TemplateFaultError) as refusal:
        check_template(template)
    return refusal.value.code, refusal.value.about


def in_first_line(markup: str) -> bytes:
    """Return our template with more markup in its first paragraph."""
    names = f"{nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'"
    return changed(lambda d: d.paragraphs[0]._p.append(parse_xml(f"<w:r {names}>{markup}</w:r>")))


def test_a_field_behind_another_one_is_seen() -> None:
    begin, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "end"))
    fields = [f"{begin}<w:instrText>{code}</w:instrText>{end}" for code in ("PAGE", "DDEAUTO cmd x")]
    assert refused(in_first_line("".join(fields))) == ("field", "DDEAUTO")


@pytest.mark.parametrize(
    "markup",
    [
        '<w:pict><v:shape><v:imagedata src="http://127.0.0.1:9/x.png"/></v:shape></w:pict>',
        '<w:pict><v:fill src="\\\\127.0.0.1\\x.png"/></w:pict>',
    ],
)
def test_drawings_that_name_a_file_outside_are_refused(markup: str) -> None:
    assert refused(in_first_line(markup))[0] == "external"


def test_a_source_of_records_is_refused() -> None:
    source = f"<w:mailMerge {nsdecls('w')}><w:connectString w:val='DSN=x'/></w:mailMerge>"
    assert refused(changed(lambda d: d.settings.element.append(parse_xml(source)))) == ("embedded", "mailMerge")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("officeDocument/2006/relationships/aFChunk", ("embedded", "aFChunk")),
        ("officeDocument/2006/relationships/oleObject", ("embedded", "oleObject")),
        ("office/2006/relationships/vbaProject", ("macros", "")),
    ],
)
def test_what_embeds_or_runs_is_known_by_its_relation_whatever_its_part_is_called(
    kind: str, expected: tuple[str, str]
) -> None:
    def embed(document: Any) -> None:
        part = Part(PackURI("/word/media/image1.png"), "image/png", b"\xd0\xcf", document.part.package)
        document.part.relate_to(part, f"http://schemas.openxmlformats.org/{kind}")

    assert refused(changed(embed)) == expected


@pytest.mark.parametrize("name", ["docs/other.xml", "word/other.dat"])
def test_every_part_that_is_xml_is_looked_at_wherever_it_lies(name: str) -> None:
    part = f"<w:p {nsdecls('w')}><w:instrText>INCLUDETEXT x</w:instrText></w:p>".encode("utf-16")
    assert refused(with_part(name, part))[0] == "field"


@pytest.mark.parametrize("code", ["INC{{ '' }}LUDEPICTURE x", "{{ 'D' ~ 'DEAUTO' }} x", "IN{{ '' }}CLUDETEXT x"])
def test_fields_that_marks_write_are_refused_when_filled(code: str) -> None:
    run = f"<w:p {nsdecls('w')}><w:r><w:instrText>{code}</w:instrText></w:r></w:p>"
    template = changed(lambda d: d.paragraphs[0]._p.addnext(parse_xml(run)))
    with pytest.raises(TemplateFaultError) as refused:
        fill_template(sample(), template)
    assert refused.value.code == "field"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    )
    assert fault(with_part("customXml/item1.xml", text.encode(encoding)))[0] == "unsafe"


def test_the_child_has_no_network_and_no_other_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits stand before the template is looked at: without them this would answer with a document."""
    from doantracker.papers import filling  # noqa: PLC0415  # to see what the child calls

    order: list[str] = []

    def answer(_asked: bytes) -> dict[str, Any]:
        order.append("template")
        return {}

    monkeypatch.setattr("plans.reading.isolation.limit_self", lambda _seconds: order.append("limits"))
    monkeypatch.setattr("sys.argv", ["", "10"])
    monkeypatch.setattr(filling, "answer_to", answer)
    monkeypatch.setattr("sys.stdin", type("In", (), {"buffer": BytesIO(b"{}")}))
    monkeypatch.setattr("sys.stdout", type("Out", (), {"buffer": BytesIO()}))
    assert filling.main() == 0
    assert order == ["limits", "template"]


# --- words of people ---

WORDS = (
    "{{ 7*7 }}", "{% for x in y %}", "{%p if title %}", "{{ body }}", "{# x #}", "{_{ x }_}", "]]>", "<w:p/>", "&lt;",
    "__class__", "{0.__class__}", "%(title)s", "${title}",
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_words_of_people_are_never_read_as_a_template(words: str) -> None:
    paper = sample(abstract=f"a {words} b", blocks=(Text(f"c {words} d"),))
    texts = [p.text for p in lines(Document(BytesIO(as_docx(paper, default_template()))))]
    assert f"c {words} d" in texts
    shown = words.replace("{_{", "{{").replace("}_}", "}}")  # docxtpl's way to write braces in a template
    assert f"a {shown} b" in texts


def test_signs_no_document_can_hold_are_taken_out_of_words() -> None:
    hostile = "a\x00b\x08c\x0bd\x1be\ufffef\u202eg\u2066h\r\ni\u2028k"
    assert printable(hostile) == "abc\ndefgh\ni\nk"
    paper = sample(abstract=hostile, blocks=(Text(hostile),)).cleaned
    texts = [p.text for p in lines(Document(BytesIO(as_docx(paper, default_template()))))]
    assert "abc\ndefgh\ni\nk" in texts
    assert texts[texts.index("abc", texts.index("-------")) :][:4] == ["abc", "defgh", "i", "k"]


# --- fetching by the renderer of .pdf ---

FETCHING = (
    '<img src="http://127.0.0.1:9/x"/>',
    "<img src='file:///etc/passwd'/>",
    '<a href="http://127.0.0.1:9/">x</a>',
    '<para backColor="red"><b>x</b></para>',
    '<font face="http://127.0.0.1:9/">x</font>',
    "<onDraw name='x' label='y'/>",
    "</para><img src='http://127.0.0.1:9/x'/>",
    "&#60;img src='http://127.0.0.1:9/x'/&#62;",
)


@pytest.mark.parametrize("markup", FETCHING)
def test_a_pdf_fetches_nothing_and_shows_markup_as_typed(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    as_pdf(sample())  # reads its own fonts once
    monkeypatch.setattr(socket, "socket", lambda *a, **_k: asked.append(a))
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_k: asked.append(a))
    monkeypatch.setattr("reportlab.lib.utils.open_for_read", lambda name, *_a: asked.append(name))
    hostile = sample(abstract=markup, blocks=(Text(markup),), recipients=(markup,), addressees=(markup,))
    pdf = as_pdf(hostile)
    assert asked == []
    assert pdf[:5] == b"%PDF-"
    assert b"/URI" not in pdf
