"""What a number to reach asks for: which persons or things it counts, under which conditions, and of whom. Pure.

A share of persons may ask several things of the same person ("100% cán bộ có bằng … và trình độ …"): each is one
condition. They are parted where the text parts them by a semicolon, or where what follows a comma or "và" begins like
a condition itself. Who acts stands before the number; of a share of units, the units themselves give the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from plans.reading.drafts import DraftIndicator, Party, PartyKind, Span
from plans.reading.parties import find_parties
from plans.reading.words import plain

#: Doubt: whether the parts of a sentence are asked of the same persons.
CONDITIONS_UNSURE: Final = "conditions_unsure"

_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){1,4}(?:,\d{1,3})?|(?<![\d.,])\d{1,9}(?:,\d{1,3})?")
_ONE = re.compile(r"\b(?:ít nhất|tối thiểu|không dưới|tối đa|không quá|mỗi)[^.;]{0,90}? (?P<word>một)\b")
_ASKED = re.compile(
    r"\b(?:(?:đảm bảo|bảo đảm|đáp ứng|đạt|đủ|có|thỏa mãn)(?: (?:đầy )?đủ)?(?: các)? "
    r"(?:tiêu chuẩn|điều kiện|yêu cầu|tiêu chí)(?: (?:về|là|sau))?:?|(?P<kept>có|đạt|tốt nghiệp|được cấp))\s"
)
_QUALIFICATION: Final = "trình độ|bằng|chứng chỉ|chứng nhận|tốt nghiệp|học vấn|ngoại ngữ|tin học"
_HEAD = (
    rf"(?P<head>{_QUALIFICATION}|có|đạt|được|đủ|không|là|từ (?=\d)|tuổi|tối thiểu|ít nhất|kỹ năng|năng lực|phẩm chất"
    r"|kinh nghiệm|thâm niên|lập trường)\b"
)
_BEGINS = re.compile(_HEAD)
_PARTS = re.compile(rf"\s?;\s?(?:và )?|(?:\s?,?\s(?:và|đồng thời)\s|\s?,\s)(?={_HEAD})")
_END = re.compile(r"\.(?=\s|$)|, (?:lấy|làm|hoàn thành|trong đó|theo|nhằm|góp phần|để)\b")
_VERB = re.compile(
    r"\s(?:phải|cần|được|đảm bảo|bảo đảm|đáp ứng|đạt|đủ|có|duy trì|tham gia|sinh hoạt|đăng ký|thực hiện|hoàn thành"
    r"|tổ chức|là|không|học tập|quán triệt|xây dựng|triển khai|cập nhật|nắm|hiểu|gửi|báo cáo|nộp|biết|vào|trở lên"
    r"|thường xuyên|hoạt động|xếp loại|thành lập|cách)\b"
)
_POST = re.compile(r"^(?:phó )?(?:bí thư|cán bộ|ủy viên|uỷ viên|lãnh đạo|đội ngũ|đồng chí)\s", re.IGNORECASE)
_LIST = re.compile(r"\s?(?:,|và|, và)?\s?")
_THING = re.compile(
    r"\s?((?:\s?(?!(?:trong|được|cho|của|và|hoặc|để|lên|tại|ở|về|với|theo|trên|từ|đến|do|mà|có|trở|mỗi|là|nhằm|so|vào"
    r"|làm(?! việc)|tham|đạt)\b)[^\W\d_]{1,12}\b){1,4})"
)
_LONGEST_AUDIENCE, _LONGEST_CONDITION = 120, 300
_MOST_WORDS: Final = 2000  # characters: several times the longest sentence that states a target
_NEAR = 4  # characters between a share and the units it counts
_ACTING: Final = frozenset({PartyKind.UNIT, PartyKind.CLASS})


@dataclass(frozen=True, slots=True)
class Target:
    """What a number counts, of whom, and who answers for it; `doubt` is a name of a doubt or ""."""

    measured: str = ""
    audience: str = ""
    conditions: tuple[str, ...] = ()
    actors: tuple[Party, ...] = ()
    doubt: str = ""
    is_share: bool = False


def target_of(indicator: DraftIndicator, paragraph: str) -> Target:
    """Return what `indicator` asks for; `paragraph` is the text its span counts in."""
    words = paragraph[indicator.span.start : indicator.span.end][:_MOST_WORDS]
    start, end = _place_of_number(words, indicator)
    actors = _actors(words, start, end, indicator)
    if indicator.unit_of_measure != "%":
        return Target(_thing(words, end) or indicator.unit_of_measure, actors=actors)
    conditions, doubt = conditions_in(words[end:])
    return Target("%", _audience(words, end), conditions, actors, doubt, is_share=True)


def conditions_in(words: str) -> tuple[tuple[str, ...], str]:
    """Return the conditions that `words` behind a share ask of the same persons, at least two or none; and a doubt."""
    lowered = plain(words)
    asked = _ASKED.search(lowered)
    if asked is None:
        return (), ""
    start = asked.start("kept") if asked["kept"] else asked.end()
    ended = _END.search(lowered, start)
    end = ended.start() if ended else len(words)
    cuts = [m for m in _PARTS.finditer(lowered, start, end) if not _inside_brackets(lowered, start, m.start())]
    edges = [start, *(edge for m in cuts for edge in m.span()), end]
    parts = tuple(
        words[a:b].strip(" .;,") for a, b in zip(edges[::2], edges[1::2], strict=True) if words[a:b].strip(" .;,")
    )
    if len(parts) < 2 or any(len(part) > _LONGEST_CONDITION for part in parts):  # noqa: PLR2004 - one is no list
        return (), ""
    return parts, "" if _alike(parts) else CONDITIONS_UNSURE


def _alike(parts: tuple[str, ...]) -> bool:
    """Return whether the parts begin in the same way, or all speak of what a person has learnt."""
    heads = [_BEGINS.match(plain(part)) for part in parts]
    found = {head["head"] if head else "" for head in heads}
    learnt = set(_QUALIFICATION.split("|"))
    return "" not in found and (len(found) == 1 or (found <= learnt | {"có", "đạt"} and bool(found & learnt)))


def _inside_brackets(text: str, start: int, at: int) -> bool:
    return text.count("(", start, at) > text.count(")", start, at)


def _place_of_number(words: str, indicator: DraftIndicator) -> tuple[int, int]:
    """Return where the number stands in `words`, its percent sign included; the end where it is not found."""
    lowered = plain(words)
    for match in _NUMBER.finditer(words):
        if float(match[0].replace(".", "").replace(",", ".")) == indicator.value:
            end = match.end() + (lowered[match.end() : match.end() + 1] == " ")
            if lowered.startswith(indicator.unit_of_measure.lower(), end):
                return match.start(), end + 1 if indicator.unit_of_measure == "%" else match.end()
    one = _ONE.search(lowered)
    return (one.start("word"), one.end("word")) if one else (len(words), len(words))


def _thing(words: str, at: int) -> str:
    """Return what is counted: at most four syllables behind the number, none that begins another part of speech."""
    match = _THING.match(plain(words), at)
    return words[match.start(1) : match.end(1)].strip().lower() if match else ""


def _audience(words: str, at: int) -> str:
    """Return which persons or things a share counts: the words between it and the verb."""
    verb = _VERB.search(plain(words), at + 1)
    end = verb.start() if verb else len(words)
    found = words[at:end].strip(" .;,")
    return found if found and len(found) <= _LONGEST_AUDIENCE else ""


def _actors(words: str, start: int, end: int, indicator: DraftIndicator) -> tuple[Party, ...]:
    """Return who gives results: who stands before the number, else the units that a share counts."""
    parties = [p for p in find_parties(words, indicator.span.paragraph) if p.kind != PartyKind.EXTERNAL]
    before = [p for p in parties if p.span.end <= start and (p.kind is not PartyKind.CLASS or p.kinds)]
    acting = [p for p in before if p.kind in _ACTING]
    if acting:
        return tuple(_listed(acting, words))
    if indicator.unit_of_measure == "%":
        counted = next((p for p in parties if end <= p.span.start <= end + _NEAR), None)
        if counted:
            return _units_of(counted, words)
    return tuple(before[-1:])


def _units_of(counted: Party, words: str) -> tuple[Party, ...]:
    """Return the units counted; of holders of a post, the units in which they hold it."""
    if counted.kind in _ACTING:
        return (counted,) if counted.kinds or counted.kind is PartyKind.UNIT else ()
    rest = words[counted.span.start :]
    post = _POST.match(rest)
    if post is None:
        return ()
    first = next(iter(find_parties(rest[post.end() :], counted.span.paragraph)), None)
    return (first,) if first and first.kind in _ACTING and not first.span.start else ()


def _listed(parties: list[Party], words: str) -> Iterator[Party]:
    """Yield the first party and those listed with it."""
    last: Span | None = None
    for party in parties:
        if last is not None and not _LIST.fullmatch(plain(words[last.end : party.span.start])):
            return
        last = party.span
        yield party
