"""The frame of a plan: number, date, place, title, period, kind, issuer, signature, recipients. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from doantracker.lib.text import fold
from plans.reading.drafts import Header
from plans.reading.outline import AUTHORITY, SIGNER_TITLE
from plans.reading.outline_nodes import Node, Zone
from plans.reading.parties import full_name
from plans.reading.time_points import YEAR, read_point
from plans.reading.words import UPPER, is_capitals, plain, squeeze

_NUMBER = re.compile(
    r"\b[Ss][ốỐ]\s{0,3}:?\s{0,3}(?P<symbol>\d{1,5}\s?(?:[-–/]\s?|\s)["
    + UPPER
    + r"\d][^\s,;]{0,30}(?:\s?[-–/]\s?["
    + UPPER
    + r"][^\s,;]{0,30})*)"
)
_PLACE_DATE = re.compile(
    rf"(?P<place>[{UPPER}][^,\d:;]{{1,40}}?)\s{{0,3}},\s{{0,3}}ngày\s{{1,3}}"
    rf"(?P<day>\d{{1,2}})\s{{1,3}}tháng\s{{1,3}}(?P<month>\d{{1,2}})\s{{1,3}}năm\s{{1,3}}"
    rf"(?P<year>{YEAR})",
    re.IGNORECASE,
)
_DATE_ALONE = re.compile(
    rf"ngày\s{{1,3}}(\d{{1,2}})\s{{1,3}}tháng\s{{1,3}}(\d{{1,2}})\s{{1,3}}năm\s{{1,3}}({YEAR})", re.IGNORECASE
)
_COLUMNS = re.compile(r"\s{3,}|\t{1,9}|(?:^|\s)\|(?:\s|$)")
_RECIPIENTS = re.compile(r"[\s_*/]{0,9}n[ơo]i nhận\s{0,3}:?\s{0,3}", re.IGNORECASE)
_SIGNED = re.compile(r"\(?\s{0,3}(?:đã ký|ký tên|ký, đóng dấu|ký và ghi rõ họ tên)[^)]{0,60}\)?", re.IGNORECASE)
_NAME = re.compile(
    rf"(?:(?:TS|ThS|BS|GS|PGS|Đại tá|Thượng tá|Trung tá"
    rf"|Thiếu tá)\.?\s{{1,3}})*[{UPPER}][^\W\d_]{{0,12}}(?:\s{{1,3}}[{UPPER}][^\W\d_]{{0,12}}){{1,5}}"
)
_DEGREES = re.compile(r"^(?:(?:TS|ThS|BS|GS|PGS|Đại tá|Thượng tá|Trung tá|Thiếu tá)\b\.?\s{0,3})+")
_NOT_A_NAME = re.compile(
    r"^(?:ban|sở|văn phòng|tỉnh|huyện|đoàn|ủy ban|ubnd|các|trung tâm|phòng|hội|đảng|lưu|thường trực"
    r"|bộ|công an|độc lập|cộng hòa|phụ lục|kế hoạch|chương trình)\b"
)
_MERGED_TITLE = re.compile(rf"(?P<authority>.{{4,120}}?)\s{{1,3}}(?P<title>{SIGNER_TITLE.pattern})")
_HEAD_OF_BODY = re.compile(r"(?:Ban|BTV|BCH|Thường trực|Ủy ban|Uỷ ban|UBND|Sở|Phòng|Hội|Liên đoàn|Đoàn)\b")
_ONE_CELL = re.compile(
    rf"(?P<authority>{AUTHORITY.pattern}[^a-z]{{2,60}}?)\s(?P<title>{SIGNER_TITLE.pattern})\s"
    rf"(?:\((?:[Đđ]ã ký)\)\s)?(?P<name>{_NAME.pattern})"
)
_NEXT_RECIPIENT = re.compile(r";\s{1,3}[-–+]\s")
_DRAFTER = re.compile(
    r"(?P<body>(?:Ban Thường vụ|BTV|Ban Chấp hành|BCH|Thường trực|Ủy ban nhân dân|Uỷ ban nhân dân"
    r"|UBND|Ban Chỉ đạo|Ban Thường trực|Sở|Phòng|Ban|Hội|Liên đoàn|Đoàn)\s[^.;:()\d]{2,90}?)\s"
    r"(?:xây dựng|ban hành|đề ra|triển khai|tổ chức xây dựng)\s{1,3}(?:Kế hoạch|kế hoạch|Chương trình"
    r"|chương trình)"
)
_SINGLE_YEAR = re.compile(
    rf"(?<!đến )(?<!hết )(?<!từ )(?<!nghị quyết )(?<!luật )\bnăm (?P<year>{YEAR})\b(?!\s?[-–]\s?\d)"
    rf"(?! đến)(?P<open> và (?:(?:các|những) năm )?(?:tiếp theo|sau))?"
)
_STAGE = re.compile(
    rf"(?:giai đoạn|trong các năm|các năm|năm học|thời kỳ|từ năm)\s?(?P<first>{YEAR})\s?(?:[-–]|đến"
    rf"(?: năm)?)\s?(?P<last>{YEAR})(?P<open> và (?:(?:các|những) năm )?tiếp theo)?"
)
_UNTIL = re.compile(rf"(?:đến|đến hết)(?: năm)? (?P<last>{YEAR})\b")
_CITATION = re.compile(
    rf"(?:số )?\d{{1,5}}(?:/{YEAR})?[-–/ ]{{1,3}}[{UPPER}]\S{{0,30}}(?:,? ngày \d{{1,2}}(?:/"
    rf"| tháng )\d{{1,2}}(?:/| năm ){YEAR})?|ngày \d{{1,2}}(?:/| tháng )\d{{1,2}}(?:/| năm ){YEAR}"
)

_CAPITALISED = (
    "Ban Thường vụ", "Ban Chấp hành", "Ban Thường trực", "Thường trực", "Tỉnh đoàn", "Huyện đoàn", "Thành đoàn",
    "Thị đoàn", "Ủy ban nhân dân",
    "Mặt trận Tổ quốc", "Việt Nam", "Hồ Chí Minh", "Đoàn", "Tỉnh ủy", "Huyện ủy", "Thành ủy", "Đảng ủy",
)  # fmt: skip

_KIND_WORDS: tuple[tuple[str, str], ...] = (
    ("shortcoming_remediation", r"khac phuc (?:\S{1,25} ){0,6}(?:khuyet diem|han che|ton tai)|sau kiem diem"),
    ("inspection_field_trip", r"^(?:\S{1,25} ){0,4}(?:kiem tra|giam sat|di (?:cong tac )?co so|khao sat)"),
    ("focus_tasks", r"nhiem vu (?:tap trung|trong tam|dot pha)|khau dot pha"),
    (
        "resolution_implementation",
        (
            r"thuc hien (?:\S{1,25} ){0,3}(?:nghi quyet|ket luan|chi thi|chuong trinh|quyet dinh|de an"
            r"|nghi dinh|luat)|quan triet"
        ),
    ),
)


def read_header(nodes: Sequence[Node]) -> Header:
    """Return the frame of the document in `nodes`."""
    head = [n for n in nodes if n.zone is Zone.HEADER]
    title = _title(nodes)
    issued, place = _issued(head)
    first, last, open_end = period(title, issued)
    signature = _Signature([n for n in nodes if n.zone is Zone.END])
    return Header(
        symbol=_symbol(head),
        issued_on=issued,
        place=place,
        issuing_body=_issuing_body(nodes, signature.authority, head),
        title=title,
        kind=_kind(title, first, last),
        period_start=first,
        period_end=last,
        period_open=open_end,
        signer_authority=signature.authority or None,
        signer_title=signature.title or None,
        signer_name=signature.name or None,
        recipients=tuple(signature.recipients),
    )


def _title(nodes: Iterable[Node]) -> str:
    lines = [f"{n.marker} {n.text}".strip() for n in nodes if n.zone is Zone.TITLE]
    return squeeze(" ".join(lines[1:]))


def _symbol(head: Iterable[Node]) -> str | None:
    for node in head:
        match = _NUMBER.search(squeeze(node.raw))
        if match:
            return squeeze(match["symbol"]).rstrip(".;,*")
    return None


def _issued(head: Iterable[Node]) -> tuple[dt.date | None, str | None]:
    for node in head:
        for piece in _COLUMNS.split(node.raw.strip(" *_")):
            match = _PLACE_DATE.search(piece)
            if match:
                return _date(match["day"], match["month"], match["year"]), squeeze(match["place"]).strip("*_ ")
        # columns can also part the words of the date itself
        match = _PLACE_DATE.search(squeeze(node.raw)) or None
        alone = _DATE_ALONE.search(squeeze(node.raw))
        if alone:
            place = squeeze(match["place"].rsplit("  ", 1)[-1]) if match else ""
            place = _last_capitalised(place)
            return _date(*alone.groups()), place or None
    return None, None


def _last_capitalised(text: str) -> str:
    """Return the place name at the end of a line that other columns precede: the words not all in capitals."""
    words = text.split()
    kept: list[str] = []
    for word in reversed(words):
        if not word[:1].isupper() or (len(word) > 1 and word.isupper()):
            break
        kept.insert(0, word)
    return " ".join(kept)


def _date(day: str, month: str, year: str) -> dt.date | None:
    point = read_point(f"{day}/{month}/{year}")
    return point.last() if point else None


def period(title: str, issued: dt.date | None) -> tuple[dt.date | None, dt.date | None, bool]:
    """Return first and last day of the period the title names, and whether it stays open.

    One year named alone counts before a stage ("giai đoạn"), which is often that of the programme carried out. A year
    that was over when the plan was issued is the one it reviews. A plan that names none begins when it is issued.
    """
    words = _CITATION.sub(" ", plain(title))
    singles = list(_SINGLE_YEAR.finditer(words))
    stage = _STAGE.search(words)
    if singles:
        match = singles[-1]
        year, is_open = int(match["year"]), bool(match["open"])
        if issued and year < issued.year:  # the year under review: what it lacked is mended in the year of issue
            year = issued.year
        return dt.date(year, 1, 1), None if is_open else dt.date(year, 12, 31), is_open
    if stage and int(stage["first"]) <= int(stage["last"]):
        is_open = bool(stage["open"])
        return dt.date(int(stage["first"]), 1, 1), None if is_open else dt.date(int(stage["last"]), 12, 31), is_open
    until = _UNTIL.search(words)
    if until and issued and int(until["last"]) >= issued.year:
        return issued, dt.date(int(until["last"]), 12, 31), False
    return issued, None, issued is not None


def _kind(title: str, first: dt.date | None, last: dt.date | None) -> str:
    folded = fold(title)
    for kind, pattern in _KIND_WORDS:
        if re.search(pattern, folded):
            return kind
    if first and last and last.year > first.year:
        return "programme_multi_year"
    return "other"


def _issuing_body(nodes: Sequence[Node], authority: str, head: Sequence[Node]) -> str | None:
    """Return the body the plan is signed for, else the one its preamble names, else that of the header."""
    drafted = next((m for n in nodes if n.zone is Zone.PREAMBLE for m in _DRAFTER.finditer(n.text)), None)
    if authority:
        words = re.sub(r"^(?:T/M[./]?|(?:TM|KT|TL|TUQ|Q)\s?[./])\s{0,3}", "", authority)
        if drafted and plain(full_name(drafted["body"])).startswith(plain(words)):
            return full_name(_last_named(drafted["body"]))
        return _as_written(words, nodes)
    if drafted:
        return full_name(_last_named(drafted["body"]))
    capitals = [squeeze(n.raw).strip("* ") for n in head if is_capitals(squeeze(n.raw)) and "CỘNG HÒA" not in n.raw]
    return capitals[0].title() if capitals else None


def _last_named(words: str) -> str:
    """Return the body before "ban hành Kế hoạch" where the end of a cited title runs into it: "…, Ban Thường vụ"."""
    head, _, last = words.rpartition(", ")
    return last if head and _HEAD_OF_BODY.match(last) else words


def _as_written(capitals: str, nodes: Iterable[Node]) -> str:
    """Return `capitals` as the running text writes the same words, else in lower case with a first capital."""
    wanted = plain(capitals)
    for node in nodes:
        if node.zone in {Zone.PREAMBLE, Zone.BODY, Zone.CLOSING, Zone.TITLE}:
            at = plain(node.text).find(wanted)
            if at >= 0 and not is_capitals(node.text[at : at + len(wanted)]):
                return node.text[at : at + len(wanted)]
    words = wanted[:1].upper() + wanted[1:]
    for name in _CAPITALISED:
        words = re.sub(rf"\b{plain(name)}\b", name, words, flags=re.IGNORECASE)
    return words


def _run_together(piece: str) -> list[str]:
    """Return authority, title and name apart where one cell of a table holds them all."""
    match = _ONE_CELL.fullmatch(squeeze(piece))
    return [match["authority"], match["title"], match["name"]] if match else [piece]


class _Signature:
    """Authority, title, name and recipients, in whatever order and columns they stand."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.authority = self.title = self.name = ""
        self.recipients: list[str] = []
        self._in_recipients = False
        for node in nodes:
            for piece in self._pieces(node):
                self._take(node, piece)

    def _pieces(self, node: Node) -> list[str]:
        """Return the columns of a line; a piece in lower case goes on with the one before it."""
        raw = node.raw.replace("\ufffd", "").replace("*", "").strip()
        pieces: list[str] = []
        for piece in _COLUMNS.split(raw):
            if pieces and piece[:1].islower():
                pieces[-1] += " " + piece
            elif piece.strip():
                pieces.extend(_run_together(piece.strip()))
        return pieces

    def _take(self, node: Node, piece: str) -> None:
        words = squeeze(piece)
        label = _RECIPIENTS.match(words)
        if label:
            self._in_recipients = True
            node.column = "recipient"
            words = words[label.end() :]
            if not words:
                return
        if self._take_signature(words):
            return
        if self._in_recipients or words.startswith(("-", "–", "+", "•")):
            entries = (part.lstrip("-–+•· ").strip().rstrip(" ;.,/") for part in _NEXT_RECIPIENT.split(words))
            for entry in filter(None, entries):
                self.recipients.append(entry)
                node.column = "recipient"

    def _take_signature(self, words: str) -> bool:
        """Take `words` as part of the signature if they are; say whether they were."""
        if AUTHORITY.match(words) and is_capitals(words):
            merged = _MERGED_TITLE.fullmatch(words)
            if words.startswith(("KT", "K/T")) and not merged:
                self.title = self.title or words
            else:
                self.authority = self.authority or (merged["authority"] if merged else words)
                self.title = merged["title"] if merged else self.title
            return True
        if SIGNER_TITLE.fullmatch(words):
            if not self.title or AUTHORITY.match(self.title):
                self.title = words
            return True
        if _SIGNED.fullmatch(words):
            return True
        if _NAME.fullmatch(words) and not _NOT_A_NAME.match(plain(words)):
            self.name = _DEGREES.sub("", words)
            return True
        return False
