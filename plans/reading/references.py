"""Documents a plan cites: number, date, issuer, title; and the spans in which no date is a deadline. Pure.

Numbers are read leniently ("352-KH/TĐTN-VP", "250 KH/TĐTN", "01/KH-UBND", "144/2021/NĐ- CP") and kept as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from plans.reading.drafts import Reference, Span
from plans.reading.time_points import DATE, YEAR, read_point
from plans.reading.words import REMEMBERED, UPPER, plain

_CODE = rf"[{UPPER}][{UPPER}a-zđ&\d]{{0,11}}"
_SYMBOL = re.compile(
    rf"(?<![\w/.])\d{{1,5}}(?:\s?/\s?{YEAR})?\s?(?:[-–]\s?{_CODE}\s?/\s?{_CODE}|/\s?{_CODE}"
    rf"(?:\s?[-–]\s?{_CODE}|(?=\W|$))|\s{_CODE}\s?/\s?{_CODE}|[-–]\s?{_CODE}(?=\W|$))"
    rf"(?:\s?[-–/]\s?{_CODE})*"
)
_MAY_CITE = re.compile(rf"[-–/]\s?[{UPPER}]")
_KINDS = (
    "kế hoạch liên tịch|kế hoạch|nghị quyết liên tịch|nghị quyết|nghị định|quyết định|chỉ thị"
    "|kết luận|chương trình hành động|chương trình phối hợp"
    "|chương trình|hướng dẫn|thông báo|thông tư liên tịch|thông tư|công văn|báo cáo|tờ trình"
    "|quy định|quy chế|đề án|luật|bộ luật|công điện|pháp lệnh"
    "|kế hoạch hành động|văn bản|phương án|điều lệ"
)
_KIND_BEFORE = re.compile(rf"({_KINDS})(?:\s{{1,3}}số)?\s{{0,3}}:?\s{{0,3}}$")
_NUMBER_BEFORE = re.compile(r"số\s{0,3}:?\s{0,3}$")
_DATE_AFTER = re.compile(rf"\s?,?\s?(?:\(\s?)?(?:ra )?(?:ngày\s?)?(?P<date>{DATE})")
_DATE_LATER = re.compile(rf"\s(?:của|do)\s[^.;:()“\"]{{2,120}}?,?\sngày\s(?P<date>{DATE})")
_ISSUER = re.compile(
    r"\s?\)?,?\s(?:của|do)\s(?P<issuer>[^,;.:()“\"\n]{2,120}?)(?=\s(?:về|ban hành|phê duyệt|thực hiện"
    r"|triển khai|quy định|tổ chức|ngày|xây dựng|khóa|và (?:Kế hoạch|Nghị quyết|Quyết định|Chỉ thị"
    r"|Kết luận|Công văn|Thông báo|Hướng dẫn|Chương trình))\b|[,;.:()“\"]|$)"
)
_TITLE = re.compile(
    r"\s?,?\s?(?:[“\"](?P<quoted>[^”\"]{3,400})[”\"]|(?P<about>(?:về|phê duyệt|ban hành|quy định)"
    r"(?:\s(?:việc))?\s[^,;.:()“\"]{3,300}))"
)
_CITED_DATE = re.compile(
    rf"\b(?:{_KINDS})\b[^.;()]{{0,160}}?(?<!trước)(?<!đến)(?<!hết)(?<!từ)(?<!nhất)(?<!vào)(?<!là)"
    rf"(?<!trong)(?<!giờ)(?<!giờ \d\d)(?<!h\d\d),? ngày {DATE}"
)
_QUOTES = re.compile(r"“[^”]{1,600}”|‘[^’]{1,300}’|\"[^\"]{1,600}\"")
_CODE_CAPITALS = 2


def find_references(text: str, paragraph: int) -> list[Reference]:
    """Return the numbered documents `text` cites, in order."""
    return [replace(r, span=Span(paragraph, r.span.start, r.span.end)) for _, r in _cited(text)]


def is_name(text: str) -> bytearray:
    """Return a mark for each character of `text`: 1 where it belongs to one of `masked_spans`."""
    marks = bytearray(len(text))
    for start, end in masked_spans(text):
        marks[start:end] = b"\x01" * (min(end, len(text)) - start)
    return marks


@lru_cache(maxsize=REMEMBERED)  # asked for by times and by figures
def masked_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans that are names: quotations, citations with their dates, titles of cited documents."""
    lowered = plain(text)
    spans = [m.span() for m in _QUOTES.finditer(text)]
    spans.extend(span for span, _ in _cited(text))
    spans.extend((m.start() + m.group().rfind("ngày"), m.end()) for m in _CITED_DATE.finditer(lowered))
    return tuple(spans)


def _cited(text: str) -> tuple[tuple[tuple[int, int], Reference], ...]:
    """Return each reference with the span of its number, date, issuer and title."""
    return _read_citations(text) if _MAY_CITE.search(text) else ()


@lru_cache(maxsize=20_000)  # first asked for what is no deadline, then, when the document has been read, for its list
def _read_citations(text: str) -> tuple[tuple[tuple[int, int], Reference], ...]:
    return tuple(_citations(text))


def _citations(text: str) -> Iterator[tuple[tuple[int, int], Reference]]:
    lowered = plain(text)
    for match in _SYMBOL.finditer(text):
        symbol = match.group()
        if sum(c.isupper() for c in symbol) < _CODE_CAPITALS or not ("/" in symbol or "-" in symbol):
            continue
        before = lowered[max(0, match.start() - 40) : match.start()]
        kind = _KIND_BEFORE.search(before)
        if not kind and "/" not in symbol and not _NUMBER_BEFORE.search(before):
            continue
        yield _details(text, lowered, match, kind.group(1) if kind else "")


def _details(text: str, lowered: str, match: re.Match[str], kind: str) -> tuple[tuple[int, int], Reference]:
    end = match.end()
    dated = _DATE_AFTER.match(lowered, end)
    later = None if dated else _DATE_LATER.match(lowered, end)
    point = read_point((dated or later)["date"]) if dated or later else None  # type: ignore[index]
    if dated:
        end = dated.end()
    issuer = _ISSUER.match(text, end)
    end = max(issuer.end() if issuer else end, later.end() if later else end)
    title = _TITLE.match(text, end)
    named = (title["quoted"] or title["about"]) if title else ""
    return (match.start(), title.end() if title else end), Reference(
        kind=kind,
        symbol=match.group().strip(),
        issued_on=point.last() if point and point.day else None,
        issuer=issuer["issuer"].strip() if issuer else "",
        title=named.strip() if named else "",
        span=Span(0, match.start(), match.end()),
    )


def unique(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return each cited document once, where it is cited first with its date if any citation has one."""
    kept: dict[str, Reference] = {}
    for reference in references:
        key = re.sub(r"\W", "", reference.symbol).casefold()
        if key not in kept or (kept[key].issued_on is None and reference.issued_on is not None):
            kept[key] = reference
    return tuple(sorted(kept.values(), key=lambda r: (r.span.paragraph, r.span.start)))
