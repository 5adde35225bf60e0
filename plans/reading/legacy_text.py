"""Vietnamese text from before Unicode: TCVN3 (ABC), VNI, Windows-1258, VIQR, and UTF-8 taken for Windows-1252. Pure.

Whether a text is written so is told by its syllables: as it stands few words are one, converted nearly all are. The
conversion is only ever offered: a person sees it before it is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from doantracker.lib.text import nfc

TCVN3, VNI, WINDOWS_1258, VIQR, UTF8_AS_1252 = "tcvn3", "vni", "windows-1258", "viqr", "utf8-as-1252"

_SAMPLE = 20_000  # characters that are looked at
_LEAST_WORDS = 3
_MOSTLY, _HALF = 0.8, 0.5

# TCVN3: one byte a letter; accented capitals have no places of their own but a font with capital shapes (.VnTimeH).
_TCVN3_LETTERS = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_TCVN3 = {ord(old): new for old, new in _TCVN3_LETTERS.items()}

# VNI: a letter, then a mark that is a letter of Windows-1252; a mark's case does not matter, the letter's does.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",  # á à ả ã ạ
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309",  # â ấ ầ ẩ
    "ã": "\u0302\u0303", "ä": "\u0302\u0323",  # ẫ ậ
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",  # ă ắ ằ ẳ
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",  # ẵ ặ
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI_LETTERS |= {old.upper(): new.upper() for old, new in _VNI_LETTERS.items()}
_VNI_PAIR = re.compile(r"([AEOUYaeouyÔôÖö])([ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])")

_VIQR_MARKS = {
    "'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323", "^": "\u0302", "(": "\u0306",
    "+": "\u031b", "*": "\u031b",
}  # fmt: skip
_VIQR_LETTER = re.compile(r"([AEIOUYaeiouy])([\^(+*])?(['`?~]|\.(?!\.\.))?")
_VIQR_SENTENCE_END = re.compile(r"\s*(?:$|\n|[A-Z])")
_VIQR_SHAPE = re.compile(r"[AOUEaoue][\^+*][A-Za-z'`?~.\s]")
_VIQR_D = {"dd": "đ", "DD": "Đ", "Dd": "Đ"}
_VIQR_DD = re.compile("|".join(_VIQR_D))

_TONES = dict.fromkeys((0x0300, 0x0301, 0x0303, 0x0309, 0x0323))
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    r"(?:uyê|uya|iê|yê|uô|ươ|ia|ya|ua|ưa|oa|oă|oe|uâ|uê|uơ|uy|oo|[aăâeêioôơuưy])"
    r"(?:ch|ng|nh|[cmnpt]|[iyou])?"
)
_PUNCTUATION = " .,;:!?()[]{}\"'“”‘’…–—-/\\*_|<>+=%&0123456789"
_C1 = {code: text for code in range(0x80, 0xA0) if (text := bytes([code]).decode("cp1252", "ignore"))}
_PLAIN_PUNCTUATION = frozenset("\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\xa0\xab\xbb\xb0\xb7\xb1\xd7")


def from_tcvn3(text: str) -> str:
    """Return TCVN3 `text` as Unicode. A line with words like "HO¹CH" is one in capitals: the font showed them so."""
    return nfc("\n".join(_tcvn3_line(line) for line in text.split("\n")))


def _tcvn3_line(line: str) -> str:
    converted = line.translate(_TCVN3)
    letters = "".join(char for char in line if char.isascii() and char.isalpha())
    if letters.isupper() and any(_shows_capitals(word) for word in line.split()):
        return converted.upper()
    return converted


def _shows_capitals(word: str) -> bool:
    """Say whether `word` has plain capitals after its first letter and a small letter with a mark among them."""
    plain = [char for char in word if char.isascii() and char.isalpha()]
    return len(plain) > 1 and any(_TCVN3_LETTERS.get(char, "").islower() for char in word)


def from_vni(text: str) -> str:
    """Return VNI `text` as Unicode."""

    def letter(match: re.Match[str]) -> str:
        base = _VNI_LETTERS.get(match[1], match[1])
        return base + _VNI_MARKS[match[2].lower()]

    def alone(piece: str) -> str:
        return "".join(_VNI_LETTERS.get(c, c) for c in piece)

    parts: list[str] = []
    start = 0
    for match in _VNI_PAIR.finditer(text):
        parts += (alone(text[start : match.start()]), letter(match))
        start = match.end()
    return nfc("".join((*parts, alone(text[start:]))))


def from_viqr(text: str) -> str:
    """Return VIQR `text` ("Ke^' hoa.ch") as Unicode; a full stop before a capital or at the end stays one."""

    def letter(match: re.Match[str]) -> str:
        tone = match[3] or ""
        if tone == "." and not match[2] and _VIQR_SENTENCE_END.match(text, match.end()):
            return match[0]
        return match[1] + _VIQR_MARKS.get(match[2] or "", "") + _VIQR_MARKS.get(tone, "")

    return nfc(_VIQR_DD.sub(lambda m: _VIQR_D[m[0]], _VIQR_LETTER.sub(letter, text)))


def from_utf8_as_1252(text: str) -> str:
    """Return what UTF-8 bytes meant that were taken for Windows-1252, line by line; other lines stay."""
    return nfc("\n".join(_bytes_again(line) for line in text.split("\n")))


def _bytes_again(line: str) -> str:
    raw = bytearray()
    for char in line:
        try:
            raw += char.encode("cp1252")
        except UnicodeEncodeError:
            if ord(char) > 0xFF:  # noqa: PLR2004 - a byte
                return line
            raw.append(ord(char))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return line


CONVERTERS: dict[str, Callable[[str], str]] = {
    TCVN3: from_tcvn3,
    VNI: from_vni,
    UTF8_AS_1252: from_utf8_as_1252,
    VIQR: from_viqr,
    WINDOWS_1258: nfc,  # decoded from its bytes already
}


def detected(text: str) -> str:
    """Return in which old encoding `text` is written, "" for Unicode and for whatever else."""
    sample = text[:_SAMPLE]
    words = [word for word in _words(sample) if not word.isascii()]
    spelled = sum(is_syllable(word.strip(_PUNCTUATION)) for word in words)
    if len(words) >= _LEAST_WORDS and spelled > _HALF * len(words):
        return ""
    best, most = "", 0
    if len(words) >= _LEAST_WORDS:
        encodings: tuple[str, ...] = (TCVN3, VNI, UTF8_AS_1252)
    else:  # dots and quotes stand behind letters in any text, shapes ("a^", "o+") only in VIQR
        encodings = (VIQR,) if len(_VIQR_SHAPE.findall(sample)) > _LEAST_WORDS else ()
    for encoding in encodings:
        fits = _fitting(sample, CONVERTERS[encoding])
        if fits > most:
            best, most = encoding, fits
    return best


def _fitting(sample: str, convert: Callable[[str], str]) -> int:
    """Return how many words `convert` makes Vietnamese, 0 unless nearly all it touches become so."""
    touched = fits = 0
    for word in _words(sample):
        after = convert(word)
        if after != word:
            touched += 1
            fits += is_syllable(after.strip(_PUNCTUATION))
    return fits if touched >= _LEAST_WORDS and fits >= _MOSTLY * touched else 0


def _words(sample: str) -> Iterator[str]:
    for word in re.split(r"[\s/\-–,;:()\"“”]+", sample):
        stripped = word.strip("!…‘’[]{}|<>=%&0123456789_")
        if stripped.strip("¹²³"):  # a footnote mark is no word
            yield stripped


def is_syllable(word: str) -> bool:
    """Say whether `word` is spelled like a Vietnamese syllable, in capitals or not."""
    marks = unicodedata.normalize("NFD", word.lower())
    plain = marks.translate(_TONES)
    return len(marks) - len(plain) <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)) is not None


def decoded_bytes(data: bytes) -> tuple[str, str]:
    """Return `data`, which is no UTF-8, as text and the encoding it is in; ("", "") if none is recognised.

    TCVN3 and VNI come as the characters their bytes are, Windows-1258 as Unicode already; a file in Windows-1252 that
    has only quotation marks and dashes beyond ASCII is plain text and has "" for its encoding.
    """
    text = data.decode("latin-1").translate(_C1)
    found = detected(text)
    if found:
        return text, found
    western = data.decode("cp1252", "replace")
    if all(char.isascii() or char in _PLAIN_PUNCTUATION for char in western):
        return western, ""
    vietnamese = nfc(data.decode("cp1258", "replace"))
    words = [word for word in _words(vietnamese[:_SAMPLE]) if not word.isascii()]
    if len(words) >= _LEAST_WORDS and sum(map(is_syllable, words)) >= _MOSTLY * len(words):
        return vietnamese, WINDOWS_1258
    return "", ""


def font_encoding(font: str) -> str:
    """Return the encoding of text set in `font`, "" for every font of today."""
    name = font.casefold()
    if name.startswith(".vn"):
        return TCVN3
    return VNI if name.startswith(("vni-", "vni ")) else ""


def from_font(text: str, font: str) -> str:
    """Return `text` as `font` shows it, in Unicode; text that is Unicode in spite of its font stays."""
    encoding = font_encoding(font)
    if not encoding or any(_is_unicode_only(char) for char in text):
        return text
    if encoding == VNI:
        return from_vni(text)
    shown = nfc(text.translate(_TCVN3))
    return shown.upper() if font.endswith("H") else shown


def _is_unicode_only(char: str) -> bool:
    return 0x100 <= ord(char) < 0x370 or 0x1E00 <= ord(char) < 0x1F00  # noqa: PLR2004 - Latin letters beyond the first 256
