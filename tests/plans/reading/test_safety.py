"""Files made to do harm: bombs, loops, entities, scripts, addresses to call. Each is refused or read, none acts."""

import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import docx
import pytest

from plans.reading import isolation
from plans.reading.isolation import read_isolated
from plans.reading.readers import ReadError, read_document
from tests.plans.reading import pdf_samples as made
from tests.plans.reading.word_samples import body, paragraph, saved, texts, with_member

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits and filters of processes are those of Linux")


def refusal(data: bytes, name: str = "a.docx") -> str:
    with pytest.raises(ReadError) as caught:
        read_document(data, name)
    return caught.value.code


def outcome(data: bytes, name: str) -> str:
    """Return how the child ends: "read" or the code of its refusal."""
    try:
        read_isolated(data, name)
    except ReadError as error:
        return error.code
    return "read"


def word(*paragraphs: str) -> bytes:
    return body(*(paragraph(text) for text in paragraphs or ("KẾ HOẠCH",)))


# --- T9: archives ---


def test_many_members_are_refused() -> None:
    stream = io.BytesIO(word())
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"word/media/{number}.bin", b"")
    assert refusal(stream.getvalue()) == "zip_bomb"


def test_many_members_that_are_small_each_and_large_together_are_refused() -> None:
    stream = io.BytesIO(word())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(f"word/media/{number}.bin", b"\x00" * 1024 * 1024)
    assert refusal(stream.getvalue()) == "zip_bomb"


def test_an_archive_inside_is_never_opened() -> None:
    inner = with_member(word(), "word/media/bomb.bin", b"\x00" * (5 * 1024 * 1024), zipfile.ZIP_STORED)
    outer = with_member(word("KẾ HOẠCH"), "word/embeddings/inner.docx", inner[:1_000_000])
    assert [line.text for line in read_document(outer, "a.docx").lines] == ["KẾ HOẠCH"]


def test_xml_nested_deep_is_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 100_000
    xml = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{deep}'.encode()
    assert refusal(with_member(word(), "word/document.xml", xml, zipfile.ZIP_STORED)) == "broken"


def test_tables_nested_deep_are_refused() -> None:
    table = paragraph("x")
    for _ in range(45):
        table = f"<w:tbl><w:tr><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>"
    assert refusal(body(table)) == "broken"


def test_styles_based_on_each_other_in_a_circle_end() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{one}"/><w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("A", "B"), ("B", "A"))
    )
    assert texts(paragraph("x", '<w:pStyle w:val="A"/>'), styles=styles) == ["x"]


@LINUX
def test_a_document_that_needs_more_memory_than_a_child_has_is_refused() -> None:
    noise = os.urandom(600_000)  # keeps the ratio of packing low
    xml = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        + b"<w:r/>" * 7_500_000
        + b"</w:p></w:body></w:document>"
    )
    bomb = with_member(with_member(word(), "word/media/noise.bin", noise), "word/document.xml", xml)
    assert outcome(bomb, "a.docx") in {"too_expensive", "broken"}


# --- T9: files that only look harmless ---


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.doc", "old_doc"), ("a.DOT", "old_doc"), ("a.docm", "macros"), ("a.dotm", "macros"), ("a.rtf", "old_rtf"),
        ("a.odt", "open_document"), ("a.xlsx", "spreadsheet"), ("a.xls", "spreadsheet"), ("a.ods", "spreadsheet"),
        ("a.csv", "spreadsheet"), ("a.pages", "pages"), ("a.png", "picture"), ("a.JPG", "picture"),
        ("a.heic", "picture"), ("a.tiff", "picture"), ("a.pptx", "unknown_type"), ("a", "unknown_type"),
        ("a.docx.exe", "unknown_type"), ("..\\a.bat", "unknown_type"),
    ],
)  # fmt: skip
def test_files_of_other_programs_are_told_by_their_name(name: str, code: str) -> None:
    assert refusal(b"PK\x03\x04" + b"0" * 100, name) == code


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made_archive:
        for name, content in members.items():
            made_archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archive(xl__workbook_xml=b"<a/>"), "spreadsheet"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<a/>"), "open_document"),
        (archive(Index__Document_iwa=b"x"), "pages"),
        (b"{\\rtf1\\ansi K\\'ea}", "old_rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_doc"),
        (b"%PDF-1.7", "not_a_docx"),
    ],
)
def test_files_of_other_programs_are_told_by_their_content(data: bytes, code: str) -> None:
    assert refusal(data, "ke-hoach.docx") == code


def test_a_document_with_macros_is_refused_whatever_it_is_called() -> None:
    assert refusal(with_member(word(), "word/vbaProject.bin", b"x")) == "unsafe"
    with zipfile.ZipFile(io.BytesIO(word())) as opened:
        types = opened.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    assert refusal(with_member(word(), "[Content_Types].xml", types.replace(plain, macro))) == "macros"


# --- T9: PDF ---


def with_action(action: bytes) -> bytes:
    return made.page(made.rows("Mot viec."), catalog=b"/OpenAction 7 0 R", extra={7: action})


@pytest.mark.parametrize(
    "data",
    [
        with_action(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
        with_action(b"<< /S /J#61vaScript /#4aS (app.alert(1)) >>"),
        with_action(b"<< /S /Launch /F (calc.exe) >>"),
        made.page(
            made.rows("a"), catalog=b"/Names << /EmbeddedFiles << /Names [(a) 7 0 R] >> >>", extra={7: b"<< >>"}
        ),
        made.page(made.rows("a"), extra={7: made.stream(b"x", b"/Type /EmbeddedFile")}),
        made.page(made.rows("a"), extra={7: made.stream(b"7 0 << /S /JavaScript >>", b"/Type /ObjStm /N 1 /First 4")}),
        made.page(made.rows("a"), more=b"/Annots [<< /Subtype /RichMedia >>]"),
    ],
    ids=["script", "script spelled with codes", "program", "attached file", "file", "script packed", "media"],
)
def test_a_pdf_with_scripts_programs_or_files_is_refused(data: bytes) -> None:
    assert refusal(data, "a.pdf") == "pdf_unsafe"


def test_the_words_for_it_in_the_text_of_a_pdf_are_no_script() -> None:
    data = made.page(made.rows("Hoc /JavaScript va /Launch trong nam"))
    assert [line.text for line in read_document(data, "a.pdf").lines] == ["Hoc /JavaScript va /Launch trong nam"]


def test_a_stream_that_unpacks_to_too_much_is_refused() -> None:
    assert refusal(made.page(b" " * (101 * 1024 * 1024)), "a.pdf") == "zip_bomb"


def test_too_many_objects_are_refused() -> None:
    objects = b"".join(b"%d 0 obj 1 endobj\n" % number for number in range(200_001))
    assert refusal(b"%PDF-1.7\n" + objects + b"trailer", "a.pdf") == "too_large"


def form(content: bytes, number: int) -> bytes:
    """Return a drawing that draws object `number`."""
    resources = b"/Resources << /XObject << /X %d 0 R >> /Font << /F 5 0 R >> >>" % number
    return made.stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] " + resources)


def drawing(*forms: bytes) -> bytes:
    """Return a PDF whose page draws the first of `forms`; they are objects 10, 11, …"""
    resources = b"/Resources << /XObject << /X 10 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % resources
    return made.page(b"/X Do", extra={3: page, **dict(enumerate(forms, start=10))})


@pytest.mark.parametrize(
    "data",
    [
        made.pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 >>"}),
        made.pdf(
            {
                1: b"<< /Type /Catalog /Pages 2 0 R >>",
                **{n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1) for n in range(2, 20_000)},
                20_000: b"<< /Type /Page /MediaBox [0 0 9 9] >>",
            }
        ),
        made.pdf({1: b"<< /Pages " + b"[" * 50_000 + b"]" * 50_000 + b" >>", 2: b"<< >>"}),
        drawing(form(b"/X Do", 10)),
        made.pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>",
                  3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"}),
    ],
    ids=["pages in a circle", "deep page tree", "deep array", "drawing that draws itself", "count that lies"],
)  # fmt: skip
def test_circles_and_depths_of_a_pdf_end(data: bytes) -> None:
    assert outcome(data, "a.pdf") in {"broken", "empty", "too_many_pages"}


@LINUX
def test_a_pdf_that_unfolds_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "WALL_SECONDS", 6)
    forms = [form(b"/X Do " * 12, number) for number in range(11, 20)]
    last = form(b"BT /F 12 Tf (aaaaaaaaaa) Tj ET", 10)
    assert outcome(drawing(*forms, last), "a.pdf") == "too_expensive"


# --- T9: the child ---


def child(code: str) -> "subprocess.CompletedProcess[str]":
    """Run `code` in a process that limits itself like the one that reads."""
    limited = f"from plans.reading import isolation\nisolation.CPU_SECONDS = 1\nisolation.limit_self()\n{code}"
    return subprocess.run([sys.executable, "-c", limited], check=False, capture_output=True, text=True, timeout=60)


@LINUX
def test_the_child_ends_when_its_processor_time_is_used_up() -> None:
    assert child("while True: pass").returncode < 0


@LINUX
def test_the_child_gets_no_more_memory_than_its_limit() -> None:
    assert "MemoryError" in child("bytearray(600 * 1024 * 1024)").stderr


@LINUX
@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "open('/no/such/file', 'w')",
        "import os; os.remove('/no/such/file')",
        "import os; os.rename('/no/such/file', '/no/such/other')",
        "import os; os.kill(os.getppid(), 0)",
        "import os; os.mkdir('/no/such/folder')",
    ],
)
def test_the_child_has_no_network_starts_nothing_and_writes_nothing(code: str) -> None:
    assert "PermissionError: [Errno 1]" in child(code).stderr


def test_the_child_knows_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def run(_command: object, **options: "object") -> "subprocess.CompletedProcess[bytes]":
        environment = options["env"]
        assert isinstance(environment, dict)
        seen.update(environment)
        return subprocess.CompletedProcess([], 1, b"", b"")

    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "postgres://x")
    monkeypatch.setattr("subprocess.run", run)
    assert outcome(b"x", "a.txt") == "too_expensive"
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(seen)


# --- T11: nothing outside the file is asked for ---


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that nobody may call."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.2)
        yield server


def nobody_called(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "subDocument", "aFChunk", "hyperlink"])
def test_parts_elsewhere_are_never_fetched(listener: socket.socket, kind: str) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.dotm"
    document = docx.Document()
    document.add_paragraph("KẾ HOẠCH")
    prefix = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    document.part.relate_to(address, prefix + kind, is_external=True)
    document.part._settings_part.relate_to(address, prefix + kind, is_external=True)
    data = saved(document)
    assert [line.text for line in read_document(data, "a.docx").lines] == ["KẾ HOẠCH"]
    assert nobody_called(listener)


def test_a_pdf_that_asks_for_an_address_is_read_without_it(listener: socket.socket) -> None:
    address = b"http://127.0.0.1:%d/" % listener.getsockname()[1]
    action = b"<< /S /URI /URI (%s) >>" % address
    other = b"/Annots [<< /Subtype /Link /A << /S /GoToR /F << /FS /URL /F (%s) >> >> >>]" % address
    data = made.page(made.rows("Mot viec."), catalog=b"/OpenAction 7 0 R", more=other, extra={7: action})
    assert [line.text for line in read_document(data, "a.pdf").lines] == ["Mot viec."]
    assert nobody_called(listener)


def test_an_include_in_a_part_is_not_followed() -> None:
    xml = b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></a>'
    data = with_member(word(), "word/extra.xml", xml)
    assert [line.text for line in read_document(data, "a.docx").lines] == ["KẾ HOẠCH"]


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "docProps/core.xml"]
)
def test_entities_in_any_part_are_refused(part: str) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'.encode("utf-16")
    assert refusal(with_member(word(), part, xml)) == "unsafe"


# --- T12: words of a document are words ---


@pytest.mark.parametrize(
    "words", ["{{ 7*7 }}", "{% load x %}", "%(name)s {0.__class__}", "${jndi:x}", "<script>x</script>"]
)
def test_words_that_look_like_code_are_read_as_they_stand(words: str) -> None:
    shown = words.replace("<", "&lt;").replace(">", "&gt;")
    assert texts(paragraph(shown)) == [words]
