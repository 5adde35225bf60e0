"""Text from before Unicode: detected, converted whole, and never seen where it is not."""

import unicodedata
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doantracker.lib.text import nfc
from plans.reading import legacy_text
from plans.reading.legacy_text import CONVERTERS, decoded_bytes, detected, from_font, from_viqr, is_syllable
from plans.reading.readers import ReadError, read_document
from tests.plans.reading import samples
from tests.plans.reading.legacy_samples import as_tcvn3, as_viqr, as_vni
from tests.plans.reading.word_samples import saved

DOCUMENTS = Path(__file__).parents[2] / "documents"
REAL = Path(__file__).parents[4] / "shared" / "real-plans"
SAMPLE = (DOCUMENTS / "ke-hoach-khac-phuc.txt").read_text(encoding="utf-8")
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = "đ" + "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES)
LETTERS = SMALL + SMALL.upper()


def refusal(data: bytes, name: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read_document(data, name)
    return caught.value


def lines(text: str) -> list[str]:
    return [line.text for line in read_document(text.encode(), "a.txt").lines]


# --- the tables ---


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_vni_is_converted(letter: str) -> None:
    assert legacy_text.from_vni(as_vni(letter)) == letter


def test_a_mark_of_vni_may_be_small_behind_a_capital() -> None:
    assert legacy_text.from_vni("Aâm Ñaát ÔÛ Öông") == "Âm Đất Ở Ương"


@pytest.mark.parametrize("letter", SMALL + "ĂÂÊÔƠƯĐ")
def test_every_letter_of_tcvn3_is_converted(letter: str) -> None:
    assert legacy_text.from_tcvn3(as_tcvn3(letter)) == letter


@pytest.mark.parametrize("letter", LETTERS)
def test_a_font_with_capital_shapes_makes_capitals_of_tcvn3(letter: str) -> None:
    assert from_font(as_tcvn3(letter), ".VnTimeH") == letter.upper()


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_of_viqr_is_converted(letter: str) -> None:
    assert from_viqr(as_viqr(letter) + "n") == letter + "n"


def test_the_table_of_tcvn3_has_each_letter_once() -> None:
    table = legacy_text._TCVN3_LETTERS
    assert len(table) == len(set(table.values())) == 74
    assert all(0xA1 <= ord(old) <= 0xFE for old in table)


def test_a_line_in_capitals_is_told_by_its_words() -> None:
    assert legacy_text.from_tcvn3("KÕ HO¹CH\nSè: 45-KH/T§TN-VP") == "KẾ HOẠCH\nSố: 45-KH/TĐTN-VP"


def test_a_full_stop_after_a_word_of_viqr_is_no_tone() -> None:
    assert from_viqr("Xong ca? nga`y ma. DDe^'n gio+`. Ta. khe ma.") == "Xong cả ngày ma. Đến giờ. Tạ khe ma."


# --- what is recognised ---


@pytest.mark.parametrize(("typed", "encoding"), [(as_tcvn3, "tcvn3"), (as_vni, "vni"), (as_viqr, "viqr")])
def test_a_plan_typed_before_unicode_is_recognised_and_read(typed: "object", encoding: str) -> None:
    assert callable(typed)
    old = typed(SAMPLE)
    data = old.encode("latin-1")
    for content in (data, old.encode()):  # as a file of its time, and pasted into a Unicode file
        error = refusal(content, "a.txt")
        assert (error.code, error.detail) == ("legacy", encoding)
        read = read_document(content, "a.txt", convert=encoding)
        assert [line.text for line in read.lines][20:40] == lines(SAMPLE)[20:40]


def test_the_preview_shows_the_first_changed_lines() -> None:
    preview = refusal(as_vni(SAMPLE).encode("latin-1"), "a.txt").preview
    assert preview[0] == ("TÆNH ÑOAØN SOÂNG THAO", "TỈNH ĐOÀN SÔNG THAO")
    assert len(preview) == 8


def test_agreeing_to_one_encoding_is_not_agreeing_to_another() -> None:
    with pytest.raises(ReadError) as caught:
        read_document(as_vni(SAMPLE).encode("latin-1"), "a.txt", convert="tcvn3")
    assert caught.value.detail == "vni"


def test_windows_1258_is_offered_with_tones_composed() -> None:
    data = _as_1258(SAMPLE)
    assert refusal(data, "a.txt").detail == "windows-1258"
    assert [line.text for line in read_document(data, "a.txt", convert="windows-1258").lines] == lines(SAMPLE)


def _as_1258(text: str) -> bytes:
    raw = bytearray()
    for char in text:
        pieces = unicodedata.normalize("NFD", char)
        tone = next((p for p in pieces if p in TONES), "")
        raw += (nfc(pieces.replace(tone, "")) + tone).encode("cp1258") if tone else char.encode("cp1258")
    return bytes(raw)


def test_utf8_taken_for_windows_1252_is_mended_when_agreed() -> None:
    mangled = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in SAMPLE.encode())
    assert refusal(mangled.encode(), "a.txt").detail == "utf8-as-1252"
    assert [line.text for line in read_document(mangled.encode(), "a.txt", convert="utf8-as-1252").lines] == lines(
        SAMPLE
    )


def test_quotation_marks_of_windows_1252_are_no_other_encoding() -> None:
    data = b"KE HOACH\nI. NOI DUNG\n- Thuc hien \x93Ngay thu Bay\x94 \x96 ca nam."
    assert read_document(data, "a.txt").lines[2].text == "- Thuc hien “Ngay thu Bay” – ca nam."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_composed_whatever_its_form(encoding: str) -> None:
    data = unicodedata.normalize("NFD", SAMPLE).encode(encoding)
    assert [line.text for line in read_document(data, "a.txt").lines] == lines(SAMPLE)


# --- what is not taken for one ---

_VIETNAMESE = "".join(dict.fromkeys(SAMPLE + samples.UNION_REMEDIATION + samples.COMMUNE_WITH_LABELS)) + LETTERS
_SYLLABLES = sorted({word for text in (SAMPLE, samples.UNION_REMEDIATION) for word in text.split()})


@settings(max_examples=150, deadline=None)
@example("(Bình ¹ ¹")
@example("(Bình đây. đây.")
@given(st.lists(st.sampled_from(_SYLLABLES), max_size=60).map(" ".join))
def test_vietnamese_in_unicode_is_left_alone(text: str) -> None:
    assert detected(text) == ""


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=_VIETNAMESE, max_size=300))
def test_any_mixture_of_vietnamese_letters_is_converted_without_error(text: str) -> None:
    detected(text)
    for convert in CONVERTERS.values():
        assert convert(text) == unicodedata.normalize("NFC", convert(text))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_judged_without_error(data: bytes) -> None:
    decoded_bytes(data)


@pytest.mark.parametrize(
    "text",
    [
        "L'été où Hélène étudiait à l'école française de théâtre, né à Orléans, décédé.",
        "Plan de acción: reunión, evaluación y año próximo; mañana, niño, señal, corazón.",
        "We agreed (see a.b.c) to meet at 5. Is it? Yes. No. The file a.txt holds e.g. u~v.",
        "1. 2. 3.\n- - -\n© ® «guillemets» ± × ÷ ¥ £ ¼ ½ ¾ ¶ §",
        "",
    ],
)
def test_other_languages_are_left_alone(text: str) -> None:
    assert detected(text) == ""


@pytest.mark.skipif(not REAL.is_dir(), reason="the real plans are not kept in the project")
def test_the_real_plans_are_left_alone_and_come_back_from_each_encoding() -> None:
    for file in sorted(REAL.glob("*.txt")):
        text = nfc(file.read_text(encoding="utf-8"))
        assert detected(text) == ""
        assert [detected(typed(text)) for typed in (as_tcvn3, as_vni)] == ["tcvn3", "vni"]


@pytest.mark.parametrize(("word", "answer"), [
    ("nghiêng", True), ("QUYẾT", True), ("Đoàn", True), ("ưỡn", True), ("khuya", True),
    ("sociộtộ", False), ("ho¹ch", False), ("xyz", False), ("ấấ", False), ("", False),
])  # fmt: skip
def test_syllables_are_told_by_their_spelling(word: str, answer: bool) -> None:  # noqa: FBT001 - a value of the table
    assert is_syllable(word) is answer


# --- Word files ---


def document(*runs: tuple[str, str]) -> bytes:
    """Return a Word file with one paragraph a run: text and font."""
    file = docx.Document()
    for text, font in runs:
        run = file.add_paragraph().add_run(text)
        run.font.name = font
    return saved(file)


def test_fonts_tell_the_encoding_of_each_run_of_a_word_file() -> None:
    data = document(
        (as_tcvn3("kế hoạch"), ".VnTimeH"), (as_tcvn3("Tư tưởng của Đoàn"), ".VnTime"), ("Nội dung mới", ".VnTime"),
        (as_vni("Giải pháp"), "VNI-Times"), ("Việt Nam", "Times New Roman"),
    )  # fmt: skip
    error = refusal(data, "a.docx")
    assert (error.code, error.detail) == ("legacy", "tcvn3")
    assert error.preview[:2] == (("kÕ ho¹ch", "KẾ HOẠCH"), ("T­ t­ëng cña §oµn", "Tư tưởng của Đoàn"))
    read = [line.text for line in read_document(data, "a.docx", convert="tcvn3").lines]
    assert read == ["KẾ HOẠCH", "Tư tưởng của Đoàn", "Nội dung mới", "Giải pháp", "Việt Nam"]


def test_a_font_named_by_a_style_counts() -> None:
    file = docx.Document()
    style = file.styles["Normal"]
    style.font.name = ".VnTime"
    file.add_paragraph(as_tcvn3("Kế hoạch năm"))
    assert refusal(saved(file), "a.docx").detail == "tcvn3"


def test_unicode_set_in_an_old_font_is_left_alone() -> None:
    data = document(("Kế hoạch của Đoàn", ".VnTime"), ("Ke hoach", ".VnTime"))
    assert [line.text for line in read_document(data, "a.docx").lines] == ["Kế hoạch của Đoàn", "Ke hoach"]


def test_old_text_in_a_font_of_today_is_told_by_its_syllables() -> None:
    data = document((as_tcvn3("Kế hoạch khắc phục những hạn chế của Đoàn năm trước"), "Arial"))
    assert refusal(data, "a.docx").detail == "tcvn3"


def test_a_symbol_and_a_soft_hyphen_in_an_old_font_are_letters() -> None:
    file = docx.Document()
    run = file.add_paragraph().add_run("T")
    run.font.name = ".VnTime"
    run._r.append(run._r.makeelement(qn("w:softHyphen"), {}))
    text = run._r.makeelement(qn("w:t"), {})
    text.text = " t"
    run._r.append(text)
    run._r.append(run._r.makeelement(qn("w:sym"), {qn("w:font"): ".VnTime", qn("w:char"): "F0AD"}))
    assert refusal(saved(file), "a.docx").preview[0][1] == "Tư tư"
