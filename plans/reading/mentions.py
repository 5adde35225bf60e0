"""Who does what: the parties of each sentence with their roles, and who owes what the sentence sets. Pure.

A party acts where a verb follows it ("Văn phòng tổng hợp …"), or where it is told to ("Giao …", "đề nghị …"). A
sentence without one goes on with the party of the sentence before it, then with the unit its heading names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plans.reading.drafts import Assignment, Party, PartyKind, Span
from plans.reading.parties import HEADS, Named, find_parties, full_name, party_lists
from plans.reading.words import REMEMBERED, UPPER, plain, sentences, squeeze

_TOLD = re.compile(
    r"(?:\bgiao(?: cho| nhiệm vụ cho)?|\bphân công|\bđề nghị|\byêu cầu|\bchỉ đạo|\bdo|\bthông qua"
    r"|\bmời|\bủy quyền cho|\btriển khai đến)"
    r"(?: tập thể| các| lãnh đạo| ban thường vụ| bí thư){0,2}\s{0,3}$"
)
_AS_OBJECT = re.compile(
    r"(?:\b(?:của|với|cho|về|đến|tới|từ|tại|ở|trong|thuộc|gửi|trình|họp|hội nghị|giữa|là|qua|bởi"
    r"|đánh giá|góp ý|giúp|dự|phục vụ|tham mưu|cùng"
    r"|báo cáo|đối với|làm việc với|trên|thành lập|xây dựng|theo|như|vào|hỗ trợ|động viên|vận động"
    r"|lãnh đạo|bầu|kết nạp|kiện toàn|củng cố|là|hướng dẫn)"
    r"(?: các| tập thể| đồng chí| toàn thể| cá nhân| mỗi| một số)?)\s{0,3}$"
)
_LISTED_OBJECT = re.compile(rf"\b(?:của|với|cho|về|từ)(?:\s[{UPPER}]\w{{1,12}})(?:\s\w{{1,12}}){{0,2}},\s$")
_TOGETHER_WITH = re.compile(
    r"\bphối hợp(?: [^\s.;,()]{1,25}){0,4}? (?:với|cùng)(?: với)?(?: các)?\s{0,3}$|\bphối hợp:?\s{0,3}$"
)
_LEADS = re.compile(r"\bchủ trì\b")
_ADVERB = (
    r"(?:phải|cần|sẽ|có thể|được|tiếp tục|chủ động|tích cực|tăng cường|thường xuyên|kịp thời"
    r"|trực tiếp|nghiêm túc|khẩn trương|đồng thời|tập trung"
    r"|quan tâm|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|đẩy mạnh|có|làm tốt|thực hiện tốt|trong"
    r"|công tác|việc|cùng|nghiên cứu"
    r"|làm (?=trưởng)|định kỳ|hàng năm|hằng năm|hàng quý|hàng tháng|hằng tháng|hằng quý|,|ngay|chính"
    r"|nhiệm vụ|sớm|nêu cao|phát huy|vai trò"
    r"|là (?:cơ quan|đơn vị|bộ phận)(?: (?:đầu mối|thường trực))?|là đầu mối|cơ quan đầu mối"
    r"|làm bộ phận thường trực|làm đầu mối|là cơ quan thường trực|làm cơ quan thường trực|hướng dẫn,)"
)
_ADVERBS = re.compile(rf"\s{{0,3}}:?(?:\s{{0,3}}{_ADVERB}\b|\s{{0,3}},)*\s{{0,3}}")
_MODIFIER = re.compile(
    r"\b(?:căn cứ|theo) (?:lĩnh vực|chức năng|nhiệm vụ|địa bàn)[^.;,]{0,40}? (?=chịu trách nhiệm|trực tiếp"
    r"|chỉ đạo|có trách nhiệm)"
    r"|^\s{0,3}\([^()]{1,80}\)|\bphụ trách [^.;,]{2,40}? (?=sẽ |phải |cần |chỉ đạo |có trách nhiệm"
    r"|trực tiếp |chịu trách nhiệm)"
    r"|\b(?:căn cứ|trên cơ sở|theo chức năng|theo dõi tình hình thực tế)[^.;]{0,120}?(?:(?= "
    r"(?:tổ chức|xây dựng|triển khai|chủ động|chủ trì))|,| để )"
)
_MAY_BE_MODIFIED = re.compile(r"căn cứ|theo |\(|phụ trách|trên cơ sở")
_ROLE_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("lead", re.compile(r"chủ trì")),
    ("coordinate", re.compile(r"(?:phối kết hợp|phối hợp|phối, kết hợp|góp ý|tham gia ý kiến)")),
    ("advise", re.compile(r"(?:tham mưu|đề xuất|giúp việc)")),
    ("oversee", re.compile(r"(?:theo dõi|đôn đốc|giám sát|phụ trách|chỉ đạo|cho ý kiến|đỡ đầu)")),
    ("inspect", re.compile(r"(?:kiểm tra(?!, rà soát)|thanh tra|trưởng (?:các )?đoàn kiểm tra)")),
    ("report_to", re.compile(r"(?:báo cáo(?! viên)|gửi báo cáo|thông tin, phản ánh|phản ánh)")),
)
_VERB = re.compile(
    r"(?:kiểm tra, rà soát|tổ chức|xây dựng|triển khai|thực hiện|tổng hợp|hướng dẫn|quán triệt"
    r"|trao đổi|lồng ghép|vận dụng|rà soát|nắm|đăng ký|đăng cai|ban hành|chọn|lựa chọn|tiên phong"
    r"|tuyên truyền|vận động|cụ thể hóa|căn cứ|bố trí|chuẩn bị|hỗ trợ|cung cấp|lập|thành lập|củng cố"
    r"|kiện toàn|đưa|trình|rà|cử|phân công|tham gia|nâng cao|duy trì|bảo đảm|đảm bảo"
    r"|quản lý|sử dụng|đổi mới|mở|phát động|quyết định|nghiệm thu|giải quyết|làm|thống nhất|tiếp nhận"
    r"|tạo điều kiện|thẩm định|thông báo|công bố|trang trí|chuyển|trực|tiếp|phân bổ|điều phối|vận hành"
    r"|khắc phục|cấp|ứng phó|định hướng|xét chọn|nghiên cứu|tăng|phổ biến|niêm yết|chịu"
    r"|tập huấn|bồi dưỡng|giới thiệu|khai thác|ứng dụng|cập nhật|đề ra|cân đối|công khai|gửi"
    r"|đăng(?! cai)|đảm nhận|nhận|giúp|trao|tặng|viết|nộp|trồng|ra quân|ký|hoàn thành|phát triển|kết nạp|khảo sát"
    r"|thống kê|đánh giá|hưởng ứng|chia sẻ|đạt|thu|vệ sinh|dọn|sửa|lắp|khánh thành|bàn giao|chăm|thăm|lựa"
    r"|họp|kiểm điểm|tuần tra)\b"
)
_REPORT = re.compile("báo cáo|phản ánh")
_REPORTS = re.compile(
    r"(?:(?<!xây dựng )(?<!tham mưu )(?<!chuyên đề )(?<!nội dung )(?<!tổng hợp )(?<!các )(?<!trong )(?<!mưu )"
    r"|(?<=tổng hợp )(?=báo cáo (?!của|các|kết quả|từ)))(?:\b(?:có )?báo cáo(?! viên| chuyên đề| tham luận"
    r"| kiểm điểm| công tác| năm)"
    r"|\bphản ánh\b|\bgửi báo cáo)"
    r"(?:[^.;]{0,140}?(?:\bvề |\bcho |\bgửi |\btrình |\bvới |\bđể |\bqua )|(?: [^.;,]{3,60}))"
)
_DOES = re.compile(  # whatever the verb: what would make the words before it no subject is left out
    r"\s{0,3}(?!(?:của|thuộc|tại|ở|trên|trong|và|với|là|cho|về|theo|từ|chưa|không|đã|đang|được|bị|còn|nào|này"
    r"|đó|khác|mới"
    r"|giao|phân công|yêu cầu|đề nghị|mạnh|vững|tốt|xuất|tiêu|điển|văn|hoạt|cơ|dân|nông|kiểu|số"
    r"|\w{1,20} mạnh)\b)[^\W\d]{2,}\s[^\W\d]"
)
_CLAUSE = re.compile(r"[,;]\s{1,3}(?:và )?|\svà\s")
_NOUN = re.compile(r"\b(?:công tác|chương trình|kế hoạch|hoạt động|việc|cuộc|đoàn)(?: [^\s.,;]{1,12}){1,2}$")
_THEN_VERB = re.compile(rf"(?: [^\W\d_]{{1,8}}){{0,3}}? {_VERB.pattern}")  # the rest of a name may stand before it
_HELPS = frozenset({"hỗ trợ", "tạo điều kiện"})
_WITH = re.compile(r" phối hợp(?: chặt chẽ| cùng)?(?: với| cùng)?(?: các)? ")
_OPENS_CLAUSE = re.compile(r"\b(?:và|để|đó|thì|biệt|thời|hiện|nhất là|rồi|trình thực hiện|các ban)$")
_STANDING = re.compile(
    r"\s{0,3}:?\s{0,3}là (?:cơ quan|bộ phận|đơn vị|phòng|ban)?\s?(?:thường trực|đầu mối|chủ trì|đơn vị chủ trì)"
)
_MORE_ROLES = (
    ("advise", re.compile(r"(?:chủ động |kịp thời |chủ trì |có trách nhiệm |chịu trách nhiệm )?(?:tham mưu|đề xuất)")),
    ("oversee", re.compile(r"(?:trực tiếp |thường xuyên )?(?:theo dõi|đôn đốc|giám sát)")),
    ("inspect", re.compile(r"(?:thường xuyên )?(?:kiểm tra(?!, rà soát)|thanh tra)")),
    (
        "report_to",
        re.compile(
            r"(?:định kỳ )?(?:báo cáo(?! (?:viên|năm|quý|tháng|\d|chuyên đề|tổng kết|đánh giá))"
            r"|tổng hợp,? báo cáo|(?:gửi|nộp) (?:[^\s.;,]{1,12} ){0,4}?(?:về|cho)\b)"
        ),
    ),
)
_MORE = re.compile("tham mưu|đề xuất|theo dõi|đôn đốc|giám sát|kiểm tra|thanh tra|báo cáo|gửi |nộp ")
_MUST = re.compile(r"\s{0,3}(?:phải|cần|có trách nhiệm|có nhiệm vụ)\s[^\W\d]")
_DIRECTS = re.compile(r"\s{0,3}chỉ đạo\b")
_MAY = re.compile(r"\s{0,3}có thể\b")  # leave to do something obliges nobody
_ASIDE = re.compile(
    r"\b(?:đề án|chương trình|dự án|kế hoạch|cuộc thi|phong trào|có thể)\b[^.;,]{0,120}\b(?:do"
    r"|giao cho)(?: các)?\s{0,3}$"
)
_AND_ADVISE = re.compile(r"\bvà tham mưu\b")
_LEVEL_HEADING = re.compile(
    r"^(?:đối với )?(?:các )?(?:cấp (?:tỉnh|huyện|cơ sở|xã)|chi đoàn|đoàn|tỉnh đoàn|huyện đoàn)\b"
)
_UNIT_HEADING = re.compile(  # a head word and nothing but a name: "Chi cục An toàn vệ sinh thực phẩm"
    rf"(?:Các (?:trung tâm|đơn vị|cơ quan|cơ sở|trường|ban|phòng|tổ|khoa|chi cục|hội)|{HEADS}|Đoàn"
    rf"|Liên chi đoàn|Chi đoàn)\s[^.:;()]{{3,90}}"
)
_SENTENCE = re.compile(
    r"\d|\b(?:chủ trì|phối hợp|thực hiện|tổ chức|xây dựng|tham mưu|triển khai|hoàn thành|báo cáo|nâng cao"
    r"|tăng cường|là|có)\b"
)
_MAX_GAP = 90
_MAX_TOLD = 60  # characters a verb and what may follow it take, before the party
_MAX_WORK = 160  # characters that say what somebody does
_SHORT_OPENING = 25  # a connective: "Đặc biệt", "Đồng thời"


@dataclass(frozen=True, slots=True)
class Actor:
    """A list of parties that does something from `start` of the text on; `told` by another party or by the plan."""

    start: int
    parties: tuple[Party, ...]
    told: bool = False
    aside: bool = False  # leads something else the sentence only names: "Đề án … do X chủ trì"


@dataclass(frozen=True, slots=True)
class Roles:
    """What the sentences of one paragraph say about who does what."""

    assignments: tuple[Assignment, ...]
    actors: tuple[Actor, ...]
    partners: tuple[Party, ...] = ()  # whom the work is done together with
    opens_plain: bool = False  # the first sentence is work of the unit its heading names, in no special role

    def owner_at(self, position: int, limits: tuple[int, int]) -> tuple[Party, ...]:
        """Return who acts at `position`: the last actor before it within `limits`."""
        for index in range(bisect_right(self.actors, position, key=lambda a: a.start) - 1, -1, -1):
            actor = self.actors[index]
            if actor.start < limits[0]:
                break
            if not actor.aside:
                return actor.parties
        return ()

    def parties(self, role: str) -> tuple[Party, ...]:
        """Return the parties with `role`, each once."""
        return tuple(dict.fromkeys(a.party for a in self.assignments if a.role == role))


def heading_parties(text: str, paragraph: int) -> tuple[Party, ...]:
    """Return whom a heading names as those who act: "1. Sở Y tế", "2. Đối với Đoàn cơ sở", () for other headings."""
    words = text.rstrip(" .:;")
    lowered = plain(words)
    lead = re.match(r"(?:đề nghị |đối với |giao |trách nhiệm của )(?:(?:công tác|hoạt động|việc).*)?", lowered)
    start = lead.end() if lead else 0
    parties = find_parties(words, paragraph)
    lists: list[Named] = []
    rest = ""
    if parties and parties[0].span.start <= start + 4 and start < len(words):
        lists = list(party_lists(parties, words))
        rest = plain(words[lists[0].end :]).strip(" ,.:()")
        if not rest or (len(rest) <= _MAX_GAP // 3 and not _VERB.search(rest) and len(lists[0].parties) > 1):
            return lists[0].parties
    whole = words[start:].strip()
    if _UNIT_HEADING.fullmatch(whole) and not _SENTENCE.search(plain(whole)) and not text.rstrip().endswith("."):
        kind = PartyKind.CLASS if plain(whole).startswith("các ") else PartyKind.UNIT
        return (Party(full_name(whole), kind, Span(paragraph, words.index(whole), words.index(whole) + len(whole))),)
    if lists and len(rest) <= _MAX_GAP // 3 and not _VERB.search(rest):
        return lists[0].parties
    level = re.fullmatch(r"(?:đối với )?(?:các )?cấp (?:tỉnh|huyện|xã|cơ sở|trung ương)(?: và tương đương)?", lowered)
    if level:
        name = words[:1].upper() + words[1:]
        return (Party(name, PartyKind.CLASS, Span(paragraph, 0, len(words)), ()),)
    return ()


def read_roles(text: str, paragraph: int, inherited: Sequence[Party] = ()) -> Roles:
    """Return who does what in the paragraph `text`; `inherited` is whom its heading names."""
    return _placed(_roles(text, tuple(inherited)), paragraph)


_HERE = -1  # stands for the paragraph that is read


def _placed(roles: Roles, paragraph: int) -> Roles:
    """Return `roles` of the text of the paragraph with this number."""
    moved: dict[Party, Party] = {}

    def place(span: Span) -> Span:
        return Span(paragraph, span.start, span.end)

    def party(found: Party) -> Party:
        if found not in moved:
            here = found.span.paragraph == _HERE
            moved[found] = Party(found.name, found.kind, place(found.span), found.kinds) if here else found
        return moved[found]

    def parties(found: Iterable[Party]) -> tuple[Party, ...]:
        return tuple(map(party, found))

    return Roles(
        tuple(Assignment(party(a.party), a.role, a.object, place(a.span)) for a in roles.assignments),
        tuple(Actor(a.start, parties(a.parties), a.told, a.aside) for a in roles.actors),
        parties(roles.partners),
        roles.opens_plain,
    )


@lru_cache(maxsize=REMEMBERED)
def _roles(text: str, inherited: tuple[Party, ...]) -> Roles:
    paragraph = _HERE
    lowered = plain(text)
    named = [part for whole in party_lists(find_parties(text, paragraph), text) for part in _parted(whole, lowered)]
    assignments: list[Assignment] = []
    actors: list[Actor] = []
    partners: list[Party] = []
    current = inherited
    opens_plain = False
    repeated: set[tuple[Party, str]] = set()
    brackets = _Brackets(lowered)
    first = 0  # of the lists that stand in the sentence
    for start, end in sentences(text):
        last = first
        while last < len(named) and named[last].start < end:
            last += 1
        if start == 0:
            opens_plain = bool(_VERB.match(_FIRST_BASIS.sub("", lowered[:200])))
        if first == last and not current:
            continue
        sentence = _Sentence(lowered, text, start, end, paragraph)
        found = list(sentence.roles(named[first:last]))
        first = last
        acting = list(sentence.actors)
        partners.extend(sentence.partners)
        opening = sentence.told_at if acting else end
        if current and opening and not brackets.are_open_at(start):
            found[:0] = [a for a in sentence.carried_on(current, opening) if (a.party, a.role) not in repeated]
        if acting:
            current = next((a for a in reversed(acting) if not a.told), acting[-1]).parties
        actors.extend(acting)
        assignments.extend(found)
        repeated.update((a.party, a.role) for a in found)
    return Roles(tuple(_unrepeated(assignments)), tuple(actors), tuple(partners), opens_plain)


_FIRST_BASIS = re.compile(r"^(?:căn cứ|trên cơ sở|theo)[^.;,]{3,120}, ")
_STATED = re.compile(
    r"(?:\s{0,3}(?:sẽ|trực tiếp|có trách nhiệm|chịu trách nhiệm|cùng)){0,2}\s{0,3}"
    r"(?P<verb>chủ trì|phối hợp|tham mưu|chỉ đạo|theo dõi|đôn đốc|giám sát|kiểm tra|(?:tổ chức )?thực hiện)"
)
_STATED_ROLES = {
    "chủ trì": "lead", "phối hợp": "coordinate", "tham mưu": "advise", "kiểm tra": "inspect",
    "thực hiện": "lead", "tổ chức thực hiện": "lead",
}  # fmt: skip


def stated_role(after: str) -> str | None:
    """Return the role the words after a party in a list state: "Ban Tổ chức chủ trì; các xã thực hiện"."""
    match = _STATED.match(plain(after))
    return _STATED_ROLES.get(match["verb"], "oversee") if match else None


class _Brackets:
    """Says of growing positions whether a bracket is open there; reads the text once."""

    def __init__(self, text: str) -> None:
        self._text, self._read, self._open, self._closed = text, 0, -1, -1

    def are_open_at(self, position: int) -> bool:
        """Say whether the last bracket before `position` opens."""
        self._open = max(self._open, self._text.rfind("(", self._read, position))
        self._closed = max(self._closed, self._text.rfind(")", self._read, position))
        self._read = position
        return self._open > self._closed


class _Onward:
    """Finds the next match of a pattern from growing positions up to one end; looks at no character twice."""

    def __init__(self, pattern: re.Pattern[str], text: str, end: int) -> None:
        self._pattern, self._text, self._end = pattern, text, end
        self._from, self._found = end + 1, None  # type: int, re.Match[str] | None

    def search(self, position: int) -> re.Match[str] | None:
        """Return the first match that begins at `position` or later."""
        known = self._from <= position and (self._found is None or position <= self._found.start())
        if not known:
            self._from, self._found = position, self._pattern.search(self._text, position, self._end)
        return self._found


def _unrepeated(assignments: Iterable[Assignment]) -> Iterator[Assignment]:
    seen = set()
    for assignment in assignments:
        key = (assignment.party.name, assignment.role, assignment.object)
        if key not in seen:
            seen.add(key)
            yield assignment


_BASIS = re.compile(r"(?:^|[.;:] |, )(?:căn cứ|theo|trên cơ sở|thực hiện|dưới sự chỉ đạo của|được sự)[^.;:]{0,120}$")


def _parted(named: Named, lowered: str) -> Iterator[Named]:
    """Yield `named`, parted after its first party where that ends the basis: "Căn cứ kế hoạch của A, B xây dựng …"."""
    first = named.parties[0]
    if len(named.parties) > 1 and _BASIS.search(lowered[max(0, named.start - 160) : named.start]):
        yield Named(named.start, first.span.end, (first,))
        yield Named(named.parties[1].span.start, named.end, named.parties[1:])
        return
    yield named


class _Sentence:
    """Reads the roles of one sentence."""

    def __init__(self, lowered: str, text: str, start: int, end: int, paragraph: int) -> None:
        self._lowered, self._text = lowered, text
        self._start, self._end = start, end
        self._paragraph = paragraph
        self.actors: list[Actor] = []
        self.partners: list[Party] = []
        self._is_helped = self._is_asked = False
        self.told_at = 0  # where the first actor stands if somebody unnamed tells it what to do
        lead = _LEADS.search(lowered, start, end)
        self._led_from = lead.end() if lead else end + 1  # where "chủ trì" has been said
        self._leads = lead is not None
        self._reports = _Onward(_REPORTS, lowered, end) if _REPORT.search(lowered, start, end) else None
        self._advises = _Onward(_AND_ADVISE, lowered, end)
        self._advised: dict[int, bool] = {}

    def roles(self, lists: Sequence[Named]) -> Iterator[Assignment]:
        """Yield the assignments of the parties named in the sentence."""
        for index, (named, stop) in enumerate(zip(lists, self._stops(lists), strict=True)):
            before = self._lowered[max(self._start, named.start - _MAX_GAP) : named.start]
            if "phối hợp" in before and _TOGETHER_WITH.search(before):
                self.partners.extend(named.parties)
                if self._led_from <= named.start or self._is_helped:
                    self._is_helped = False
                    yield from self._assign(named.parties, "coordinate", named.end, stop)
                continue
            told = _TOLD.search(before[-_MAX_TOLD:])
            if told and told.group().startswith(("chỉ đạo", "hướng dẫn")) and len(told.group()) == len(before):
                continue  # whom the work is about: "Chỉ đạo các cơ sở đoàn …"
            if not told and (_AS_OBJECT.search(before[-_MAX_TOLD:]) or self._is_listed_object(named.start)):
                continue
            if not told and not self._may_act(before, named.start):
                continue
            if before.endswith("để ") and named.parties[0].kind is PartyKind.CLASS:
                continue  # what the work is good for, not whose it is
            follows = self._lowered[max(self._start, stop - _MAX_GAP) : stop]
            end = stop if stop < self._end and _TOLD.search(follows) else self._end
            self._is_asked = told is not None and told.group().startswith("đề nghị")
            self._is_helped = self._works_with(named, lists[index + 1 : index + 2])
            yield from self._acting(named, stop, told=bool(told), end=end)

    def _works_with(self, named: Named, following: Sequence[Named]) -> bool:
        """Say whether a party does work of its own together with the next: "X phối hợp với Y tổ chức …"."""
        if not following or not _WITH.fullmatch(self._lowered, named.end, following[0].start):
            return False
        return _THEN_VERB.match(self._lowered, following[0].end, min(self._end, following[0].end + 60)) is not None

    def _is_listed_object(self, start: int) -> bool:
        """Say whether the list goes on from a name no rule knows: "văn bản của Trung ương, Tỉnh ủy"."""
        if self._text[max(0, start - 2) : start - 1] != ",":
            return False
        return _LISTED_OBJECT.search(self._text, max(self._start, start - 60), start) is not None

    def _may_act(self, before: str, start: int) -> bool:
        """Say whether a party here can be a subject: at the head of the sentence or of a clause."""
        words = before.strip()
        return (
            start - self._start <= 1
            or len(words) < _SHORT_OPENING
            or words.endswith((",", ":", ";", "("))
            or _OPENS_CLAUSE.search(words) is not None
        )

    def _stops(self, lists: Sequence[Named]) -> list[int]:
        """Return for each list where its words end: at the next one that is no partner of the work."""
        stops: list[int] = []
        stop = self._end
        for named in reversed(lists):
            stops.append(stop)
            before = self._lowered[max(self._start, named.start - _MAX_GAP) : named.start]
            if "phối hợp" not in before or not _TOGETHER_WITH.search(before):
                stop = named.start
        return stops[::-1]

    def _acting(self, named: Named, stop: int, *, told: bool, end: int) -> Iterator[Assignment]:
        after = self._lowered[named.end : min(self._end, named.end + 260)]
        if _MAY_BE_MODIFIED.search(after):
            after = _MODIFIER.sub(" ", after)
        after = squeeze(after)
        if _MAY.match(after):
            return
        role = self._role_of(named, after, stop, told=told)
        if role is None:
            if self._opens(named) and _DOES.match(after):  # it acts, though no rule knows the verb
                self.actors.append(Actor(named.start, named.parties))
            return
        if told and not self.actors:
            self.told_at = named.start
        aside = _ASIDE.search(self._lowered, max(self._start, named.start - 160), named.start) is not None
        self.actors.append(Actor(named.start, named.parties, told, aside))
        yield from self._assign(named.parties, role, named.end, stop)
        yield from self._besides(named, role, stop, end)

    def _role_of(self, named: Named, after: str, stop: int, *, told: bool) -> str | None:
        """Return the role of parties that the words `after` follow, None if they do nothing."""
        adverbs = _ADVERBS.match(after)
        begin = adverbs.end() if adverbs else 0
        role = "lead" if _STANDING.match(after) else self._role(after, begin, stop - named.end)
        if role == "oversee" and _DIRECTS.match(after) and (told or self._names_offices(named)):
            return "lead"  # an office directs those under it; a person oversees
        if role == "coordinate" and self._is_helped:
            return "lead"
        verb = _VERB.search(after[:60]) if self._is_asked else None
        if role in {"lead", None} and verb and verb.group() in _HELPS:
            return "coordinate"
        if role is not None:
            return role
        acts = (
            after.startswith(":")  # "2. Sở Y tế: …"
            or _MUST.match(after)
            or (told and _VERB.search(after[:60]))
            or (named.start == self._start and self._names_units(named) and _DOES.match(after))
        )
        return "lead" if acts else None

    def _besides(self, named: Named, role: str, stop: int, end: int) -> Iterator[Assignment]:
        """Yield what the parties do besides `role` up to `end`: report, advise, oversee."""
        known = self._covered(role)
        report = self._report(named.end, end)
        if report and role in {"coordinate", "oversee", "inspect", "lead"} and not self._is_advised(report.start()):
            known.add("report_to")
            yield from self._assign(named.parties, "report_to", report.start(), self._end)
        if role == "lead" and self._leads and self._advises.search(named.end):
            yield from self._assign(named.parties, "advise", named.end, self._end)
        for more, place in self._further(named.end, stop, known=known):
            yield from self._assign(named.parties, more, place, stop)

    def _report(self, start: int, end: int) -> re.Match[str] | None:
        """Return the words from `start` to `end` that say that somebody reports."""
        if self._reports is None:
            return None
        return self._reports.search(start) if end == self._end else _REPORTS.search(self._lowered, start, end)

    def _is_advised(self, place: int) -> bool:
        """Say whether somebody else reports at `place`: "tham mưu Ban Thường vụ báo cáo Tỉnh ủy"."""
        if place not in self._advised:
            clause = max(self._lowered.rfind(mark, self._start, place) for mark in (", ", "; ", ". "))
            self._advised[place] = "tham mưu" in self._lowered[max(clause, self._start) : place]
        return self._advised[place]

    @staticmethod
    def _covered(role: str | None) -> set[str]:
        """Return the roles that add nothing beside `role`: "theo dõi, đôn đốc, kiểm tra" is one."""
        return {"oversee": {"oversee", "inspect"}, None: set()}.get(role, {role or ""})

    def _further(self, start: int, stop: int, known: set[str]) -> Iterator[tuple[str, int]]:
        """Yield the roles further clauses from `start` to `stop` begin with: "chủ trì …, theo dõi, tham mưu …"."""
        if _MORE.search(self._lowered, start, stop) is None:
            return
        for mark in _CLAUSE.finditer(self._lowered, start, stop):
            if _NOUN.search(self._lowered, max(start, mark.start() - 40), mark.start()):
                continue
            for role, pattern in _MORE_ROLES:
                if role not in known and pattern.match(self._lowered, mark.end(), stop):
                    known.update({role, "inspect"} if role == "oversee" else {role})
                    yield role, mark.end()

    def _names_offices(self, named: Named) -> bool:
        return all(p.kind in {PartyKind.UNIT, PartyKind.EXTERNAL} for p in named.parties)

    def _names_units(self, named: Named) -> bool:
        """Say whether the list holds units by name, nobody else."""
        return all(p.kind in {PartyKind.UNIT, PartyKind.EXTERNAL, PartyKind.POST} for p in named.parties)

    def _opens(self, named: Named) -> bool:
        """Say whether a class of units and nothing else opens the paragraph."""
        return self._start == named.start == 0 and all(p.kind is PartyKind.CLASS and p.kinds for p in named.parties)

    def _role(self, after: str, begin: int, stop: int) -> str | None:
        """Return the role of the verb at `begin`, with the words up to the next party looked at for "chủ trì"."""
        head = after[: max(begin + 8, min(begin + 45, stop))]
        if _LEADS.search(head):
            return "lead"
        for role, pattern in _ROLE_WORDS:
            if pattern.match(after, begin):
                return role
        opening = after[:begin]
        for role, pattern in _ROLE_WORDS[1:]:
            if pattern.search(opening):
                return role
        return "lead" if _VERB.match(after, begin) or _VERB.search(opening) else None

    def carried_on(self, parties: Sequence[Party], end: int) -> Iterator[Assignment]:
        """Yield the roles of a sentence without a subject of its own up to `end`; plain work gives none."""
        sentence = self._lowered[self._start : end]
        adverbs = _ADVERBS.match(sentence)
        begin = adverbs.end() if adverbs else 0
        role = next((r for r, pattern in _ROLE_WORDS if pattern.match(sentence, begin)), None)
        if re.match(r"góp ý|chỉ đạo, |cho ý kiến", sentence[begin:]):
            role = None
        if role is None and begin:
            role = next((r for r, p in _ROLE_WORDS[1:] if p.search(sentence[:begin])), None)
        if role is None and _LEADS.search(sentence[: begin + _SHORT_OPENING]):
            role = "lead"
        if role == "oversee" and begin == 0 and all(p.kind is not PartyKind.POST for p in parties):
            role = "lead" if _DIRECTS.match(sentence) else role
        report = self._report(self._start, end)
        if role is None and report and not self._is_advised(report.start()):
            role = "report_to"
        if role is not None:
            yield from self._assign(parties, role, self._start + begin, end)
        for more, place in self._further(self._start, end, known=self._covered(role)):
            yield from self._assign(parties, more, place, end)

    def _assign(self, parties: Iterable[Party], role: str, start: int, end: int) -> Iterator[Assignment]:
        words = self._text[start : min(end, start + 2 * _MAX_WORK)]
        work = " ".join(words.split()).strip(" .,;:()")[:_MAX_WORK]
        for party in parties:
            yield Assignment(party, role, work, Span(self._paragraph, self._start, self._end))
