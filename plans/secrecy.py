"""Marks of secrecy in the name of a file or the number of a document: such papers must not be stored here. Pure."""

from __future__ import annotations

import re
from typing import Final

from doantracker.lib.text import nfc

_EDGE: Final = (r"(?<![^\W\d_])", r"(?![^\W\d_])")  # no letter before, none after
_GAP: Final = r"[\W_]{1,3}"
#: The two higher degrees, in any case, also as file names are written without accents.
_HIGHER: Final = re.compile(rf"{_EDGE[0]}(?:tối{_GAP}mật|tuyệt{_GAP}mật|tuyet{_GAP}mat){_EDGE[1]}", re.IGNORECASE)
_TOP_UNACCENTED: Final = re.compile(rf"(?:^|[\[(])\W*toi{_GAP}mat(?:$|[\W_])", re.IGNORECASE)
#: The lowest degree is an everyday syllable: it is a mark in capitals, or alone between signs ("(mật)", "mật - …").
_CAPITALS: Final = re.compile(rf"{_EDGE[0]}(?P<mark>MẬT|M[ .]Ậ[ .]T){_EDGE[1]}")
_ALONE: Final = re.compile(r"(?:^|[^\w\s]|_|\bđộ\s|\s-\s)\s*mật\s*(?:$|[^\w\s]|_)", re.IGNORECASE)
_BEFORE: Final = {"BẢO", "BÍ", "CƠ", "ONG", "THÂN"}  # bảo mật, bí mật, … are words, not marks
_AFTER: Final = {"KHẨU", "MÃ", "ONG", "THIẾT", "THƯ", "ĐỘ", "VỤ", "NGỌT"}
_WORD: Final = re.compile(r"[^\W\d_]+")


def secrecy_mark(text: str) -> str:
    """Return the mark of secrecy that `text` carries, as written, or nothing."""
    text = nfc(text)
    for pattern in (_HIGHER, _TOP_UNACCENTED):
        if found := pattern.search(text):
            return found[0].strip(" ()[]_-.")
    for found in _CAPITALS.finditer(text):
        before, after = _WORD.findall(text[: found.start()]), _WORD.findall(text[found.end() :])
        in_word = (before and before[-1].upper() in _BEFORE) or (after and after[0].upper() in _AFTER)
        if not in_word:
            return found["mark"]
    return "mật" if _ALONE.search(text) else ""
