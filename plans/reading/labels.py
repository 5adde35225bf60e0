"""Labels of a task ("Thời gian: …", "Đơn vị chủ trì: …") and the columns of task tables. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from doantracker.lib.text import fold


class LabelKind(StrEnum):
    """What the value of a label or the cells of a column say."""

    TIME = "time"
    LEAD = "lead"
    COORDINATE = "coordinate"
    TASK = "task"
    OVERSEE = "oversee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Label:
    """A label with where its value begins in the text, and where the label itself does."""

    kind: LabelKind
    start: int
    at: int = 0


_KINDS: tuple[tuple[LabelKind, str], ...] = (
    (
        LabelKind.COORDINATE,
        (
            r"(?:(?:co quan|don vi|phong|ban|bo phan|nganh)(?:, (?:don vi|ca nhan|to chuc))? )?"
            r"(?:cung )?phoi hop(?: thuc hien)?"
        ),
    ),
    (
        LabelKind.LEAD,
        (
            r"(?:(?:co quan|don vi|phong|ban|bo phan|ca nhan)(?:, (?:don vi|ca nhan))? )?(?:chu tri|thuc hien"
            r"|tham muu|dau moi|chiu trach nhiem|phu trach)"
            r"(?:,? (?:thuc hien|tham muu|tham muu thuc hien|trien khai|tham muu, trien khai thuc hien))?"
            r"|phan cong(?: thuc hien| chu tri)?|trach nhiem(?: thuc hien)?|giao(?: don vi)?"
        ),
    ),
    (
        LabelKind.OVERSEE,
        (
            r"(?:lanh dao|dong chi)(?: ubnd)?(?: \w{1,20}){0,2} (?:phu trach|chi dao|theo doi)|nguoi "
            r"(?:phu trach|chi dao|theo doi)|don vi theo doi(?:, don doc)?"
        ),
    ),
    (
        LabelKind.TIME,
        (
            r"(?:thoi gian|thoi han|tien do|lo trinh|han)(?:,? (?:va )?(?:thuc hien|hoan thanh|to chuc"
            r"|trien khai|bao cao|du kien|trinh|ban hanh|tien hanh|gui bao cao|xong|hoan tat|bat dau))*"
            r"(?: du kien)?(?:,? (?:va )?dia diem)?"
        ),
    ),
    (
        LabelKind.TASK,
        (
            r"noi dung(?: cong viec| thuc hien| nhiem vu| hoat dong)?|nhiem vu(?: cu the)?|ten (?:nhiem vu"
            r"|cong viec|hoat dong)|cong viec|hoat dong|giai phap"
        ),
    ),
    (
        LabelKind.OTHER,
        (
            r"(?:chu de|ten goi|khau hieu|dia ban|thanh phan|dia diem|doi tuong|kinh phi|so luong|hinh thuc"
            r"|ket qua|san pham|quy mo|pham vi"
            r"|ghi chu|muc tieu|yeu cau|nguon luc|cach thuc|phuong phap|phuong thuc|chi tieu|du toan"
            r"|nguon kinh phi|thoi luong)"
            r"(?:,? (?:va )?(?:tham gia|tham du|thuc hien|to chuc|dat duoc|du kien|tuyen truyen|hoan thanh"
            r"|dau ra|pham vi|doi tuong|dia ban|thanh phan|thoi gian|moi|trien khai|so luong|dia diem|chu yeu"
            r"|cu the|can dat|ap dung|phuc vu|kiem tra))*"
        ),
    ),
)
_PATTERNS = tuple(
    (kind, re.compile(rf"(?:\W{{0,5}})(?:{pattern})\s{{0,3}}(?::|\.\s{{0,3}}$|$)\s{{0,3}}"))
    for kind, pattern in _KINDS
)
_COLUMNS = tuple((kind, re.compile(rf"\W{{0,5}}(?:{pattern})\b.{{0,40}}")) for kind, pattern in _KINDS)
_TIME_COLUMN = re.compile(r"(?:thang|tuan|ngay|quy|thoi diem|moc thoi gian)(?: thuc hien)?")
_ORDINAL = re.compile(r"\W{0,5}(?:stt|tt|so tt)\W{0,5}")
_MAX_LABEL = 70


def read_label(text: str) -> Label | None:
    """Return the label `text` begins with, None if it begins with none."""
    if len(text) > _MAX_LABEL and ":" not in text[:_MAX_LABEL]:
        return None
    folded = fold(text[:_MAX_LABEL])
    for kind, pattern in _PATTERNS:
        match = pattern.match(folded)
        if match:
            return Label(kind, match.end())
    return None


_INNER = re.compile(r"[.;(]\s{1,3}(?=[^\W\d][^:.;()]{2,60}:)|\((?=[^\W\d][^:.;()]{2,60}:)")


def inner_labels(text: str) -> list[Label]:
    """Return the labels inside `text`: "… Thời gian: quý II; đơn vị chủ trì: Sở Y tế"."""
    found: list[Label] = []
    if ":" not in text:
        return found
    folded = fold(text)
    for place in _INNER.finditer(folded):
        head = folded[place.end() : place.end() + _MAX_LABEL]
        for kind, pattern in _PATTERNS:
            match = pattern.match(head)
            if match and ":" in match.group():
                found.append(Label(kind, place.end() + match.end(), place.start()))
                break
    return found


def column_kind(text: str) -> LabelKind | None:
    """Return what a column headed `text` holds; None for the ordinal column and for no heading."""
    folded = " ".join(fold(text).split())
    if not folded or _ORDINAL.fullmatch(folded):
        return None
    if _TIME_COLUMN.fullmatch(folded):
        return LabelKind.TIME
    return next((kind for kind, pattern in _COLUMNS if pattern.fullmatch(folded)), LabelKind.OTHER)


def is_ordinal_column(text: str) -> bool:
    """Say whether `text` heads the column of ordinals."""
    return _ORDINAL.fullmatch(" ".join(fold(text).split())) is not None
