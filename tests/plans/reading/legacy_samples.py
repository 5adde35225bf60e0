"""Text as it was typed before Unicode: the tables of the reader turned round."""

import unicodedata

from plans.reading import legacy_text

_TCVN3 = {new: old for old, new in legacy_text._TCVN3_LETTERS.items()}
_VNI = {new: old for old, new in legacy_text._VNI_LETTERS.items()}
_VNI_MARKS = {new: old for old, new in legacy_text._VNI_MARKS.items()}
_VIQR = {"\u0301": "'", "\u0300": "`", "\u0309": "?", "\u0303": "~", "\u0323": ".", "\u0302": "^", "\u0306": "(", "\u031b": "+"}  # fmt: skip  # noqa: E501
_SHAPES = "\u0302\u0306\u031b"


def as_tcvn3(text: str) -> str:
    """Return `text` in TCVN3; accented capitals become small letters, which the font showed as capitals."""
    return "".join(_TCVN3.get(char, _TCVN3.get(char.lower(), char)) for char in text)


def as_vni(text: str) -> str:
    """Return `text` in VNI; a mark follows the case of its letter."""
    return "".join(map(_vni_letter, text))


def _vni_letter(char: str) -> str:
    if char in _VNI:
        return _VNI[char]
    base, *marks = list(unicodedata.normalize("NFD", char))
    if not marks:
        return char
    if "\u031b" in marks:
        base = unicodedata.normalize("NFC", base + "\u031b")
        marks.remove("\u031b")
    base = _VNI.get(base, base)
    if not marks:
        return base
    mark = _VNI_MARKS["".join(sorted(marks, key=lambda m: m not in _SHAPES))]
    return base + (mark.upper() if char.isupper() else mark)


def as_viqr(text: str) -> str:
    """Return `text` in VIQR: shape, then tone, after the letter."""
    return "".join(map(_viqr_letter, text))


def _viqr_letter(char: str) -> str:
    if char in "đĐ":
        return "dd" if char == "đ" else "DD"
    base, *marks = list(unicodedata.normalize("NFD", char))
    return base + "".join(_VIQR[m] for m in sorted(marks, key=lambda m: m not in _SHAPES))
