"""Times bound to an event or to somebody's word, with a length or without, and what goes on all the time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.reading.drafts import ScheduleKind
from plans.reading.phrases.base import Context, Phrase, Rules, phrase
from plans.reading.time_points import YEAR
from plans.reading.words import opening

LENGTHS = Rules()
EVENTS = Rules()
STANDING = Rules()

_DURATIONS = {"giờ": "PT{}H", "ngày": "P{}D", "tuần": "P{}D", "tháng": "P{}M"}
_WEEK = 7
_LENGTH = r"(?P<amount>\d{1,3}) (?P<unit>giờ|ngày|tuần|tháng)(?: làm việc)?"
_AT_LEAST = r"(?:ít nhất|tối thiểu|chậm nhất|muộn nhất)"
_NOUN = (
    r"(?:kỳ họp|phiên họp|cuộc họp|buổi họp|hội nghị|đại hội|hội thi|hội thao|hội trại|lễ|buổi lễ|ngày hội|cuộc thi"
    r"|cuộc"
    r" bầu cử|buổi làm việc|đợt kiểm tra|cuộc kiểm tra|đợt giám sát|lớp tập huấn|chương trình|hoạt động|sự kiện)"
)
_STOPS = r"(?= (?:thì|phải|cần|có trách nhiệm|có báo cáo|tiến hành báo cáo|để|gửi|báo cáo) |[.;,()\n]|$)"


def _duration(match: re.Match[str], *, before: bool) -> str:
    unit = match["unit"]
    count = int(match["amount"]) * (_WEEK if unit == "tuần" else 1)
    return ("-" if before else "") + _DURATIONS[unit].format(count)


def _relative(match: re.Match[str], context: Context, *, before: bool) -> Phrase:
    groups = match.re.groupindex
    anchor = context.words(*match.span("anchor")) if "anchor" in groups and match["anchor"] else None
    exception = context.original[slice(*match.span("except"))] if "except" in groups and match["except"] else None
    return phrase(
        match, ScheduleKind.RELATIVE, lead_time=_duration(match, before=before), anchor=anchor, exception=exception
    )


# So long before or after


@LENGTHS.add(
    r"trước (?P<anchor>(?:thời điểm|thời gian|ngày|khi|lúc)(?! \d) [^.;()]{3,140}?)"
    rf"(?:,? {_AT_LEAST})?(?: là)? {_LENGTH}\b(?P<rest>\s?\((?P<except>trừ[^()]{{3,200}})\))?",
    "trước",
)
@LENGTHS.add(
    rf"trước (?P<anchor>(?!ngày|khi|\d|hết|tình|mắt)[^.;,()\d]{{3,80}}?),? {_AT_LEAST}(?: là)? {_LENGTH}\b"
    r"(?P<rest>\s?\((?P<except>trừ[^()]{3,200})\))?",
    "trước",
)
@LENGTHS.add(rf"trước (?P<anchor>{_NOUN}(?: [^\s.;,()\d]{{1,12}}){{0,6}}?) {_LENGTH}(?! (?:đầu|cuối))\b", "trước")
@LENGTHS.add(
    rf"{_AT_LEAST}(?: là)? {_LENGTH} trước (?P<anchor>(?:khi|ngày|thời điểm)?[^.;,()]{{3,100}}?){_STOPS}", "trước"
)
@LENGTHS.add(
    rf"trước (?:{_AT_LEAST} (?:là )?)?{_LENGTH} (?:so với |khi |kể từ )?"
    rf"(?P<anchor>(?:ngày |khi )?(?:diễn ra|tổ chức|khai mạc|bắt đầu|triển khai|họp"
    rf"|{_NOUN})[^.;,()]{{0,80}}?){_STOPS}",
    "trước",
)
@LENGTHS.add(
    r"(?:trong (?:thời gian|vòng|thời hạn) )?(?<![\d/.,-])(?P<amount>\d{1,3}) (?P<unit>giờ|ngày|tuần) trước "
    rf"(?P<anchor>(?:khi|ngày|thời điểm)(?! \d)[^.;,()]{{2,60}}?){_STOPS}",
    "trước",
)
@LENGTHS.add(rf"trước (?P<anchor>(?:mỗi )?{_NOUN}[^.;,()]{{3,80}}?),? {_AT_LEAST}(?: là)? {_LENGTH}\b", "trước")
@LENGTHS.add(
    r"(?<!\d )trước (?:(?:ít nhất|tối thiểu)(?: là)? )?(?P<amount>\d{1,2}) (?P<unit>ngày|tuần|giờ)(?: làm việc)?"
    r"(?=[.;,)]|$)",
    "trước",
)
def _ahead(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """So long before an event: "trước khi họp 03 ngày", "ít nhất 03 ngày trước khi họp", "trước 03 ngày"."""
    yield _relative(match, context, before=True)


_WITHIN = r"(?:trong (?:thời hạn|vòng|thời gian)|(?:chậm|muộn) nhất(?: là)?(?: sau)?|trong|sau|thời hạn)"
_FROM = (
    r"(?:(?:kể |tính )?từ (?:khi|thời điểm|lúc)[^.;,()]{2,100}?|(?:kể |tính )từ ngày[^.;,()]{2,100}?"
    r"|từ ngày (?!\d)[^.;,()]{2,100}?|sau (?:khi|ngày)(?! \d)[^.;,()]{2,100}?|sau[^.;,()\d]{3,80}?)"
)


@LENGTHS.add(
    rf"{_WITHIN}(?: không quá| tối đa| khoảng)? (?:\d{{1,2}}[-–])?{_LENGTH}(?: \([^()]{{1,40}}\))?,? "
    rf"(?P<anchor>{_FROM}){_STOPS}",
    "trong", "sau", "nhất", "hạn",
    starts=opening("trong", "sau", "chậm nhất", "muộn nhất", "thời hạn"),
)  # fmt: skip
@LENGTHS.add(
    rf"(?:không quá |tối đa )?(?<![\d/.,-]){_LENGTH},? (?P<anchor>(?:kể|tính) từ (?:ngày|khi|thời"
    rf" điểm)[^.;,()]{{2,100}}?)"
    rf"{_STOPS}",
    "kể từ", "tính từ",
)  # fmt: skip
@LENGTHS.add(
    rf"{_WITHIN} {_LENGTH} (?P<anchor>(?:kết thúc|nhận được|ban hành|có kết luận|diễn ra)[^.;,()]{{2,80}}?){_STOPS}",
    "trong", "sau", "nhất",
)  # fmt: skip
@LENGTHS.add(
    rf"(?:ngay )?sau (?P<anchor>(?:khi )?(?:kết thúc )?(?:{_NOUN}|kiểm tra|giám sát|sinh hoạt)"
    rf"(?: [^\s.;,()\d]{{1,12}}){{0,6}}?),? "
    rf"(?:(?:trong vòng|trong|không quá|tối đa|(?:chậm|muộn) nhất(?: là)?) )?{_LENGTH}\b(?! (?:đầu|cuối|qua))",
    "sau",
)
@LENGTHS.add(rf"sau khi (?P<anchor>[^.;,()\d]{{3,80}}?) {_LENGTH}(?=[.;,)/]|$)", "sau khi")
def _after_with_length(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Within so long after an event."""
    yield _relative(match, context, before=False)


# An event alone


@EVENTS.add(
    r"(?:trong|tại|vào) (?:kỳ|phiên|cuộc|buổi) họp [^.;,()]{0,80}? ?(?:gần nhất|tiếp theo|kế tiếp|liền kề)", "họp"
)
@EVENTS.add(
    rf"(?:trong|tại|vào) (?:kỳ|phiên) họp (?:(?:thường lệ|chuyên đề) )?(?:đầu|giữa|cuối) năm(?: {YEAR})?\b", "họp"
)
def _next_meeting(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """At the nearest meeting of a body."""
    yield phrase(match, ScheduleKind.RELATIVE, anchor=context.words(match.start(), match.end()).split(" ", 1)[1])


@EVENTS.add(
    r"từ khi [^.;,()]{3,100}? (?:đến|cho đến) khi [^.;,()]{3,100}"
    r"|từ (?:ngày|khi) (?:thành lập|bắt đầu|triển khai|phát động)[^.;,()]{0,80}? "
    r"(?:đến|cho đến) (?:ngày|khi) (?:kết thúc|hoàn thành|tổng kết)[^.;,()]{0,80}",
    "từ",
)
def _between_events(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """From one event to another."""
    yield phrase(match, ScheduleKind.RELATIVE, anchor=context.words(match.start(), match.end()))


@EVENTS.add(
    rf"từ nay (?:cho )?(?:đến|tới) (?P<anchor>(?:khi |ngày )?{_NOUN}[^.;,()]{{0,60}}?){_STOPS}"
    rf"|(?:cho )?đến (?:hết|cuối|khi kết thúc) (?P<term>nhiệm kỳ)(?: \(?{YEAR}\s?[-–]\s?{YEAR}\)?)?",
    "từ nay", "nhiệm kỳ",
)  # fmt: skip
def _until_event(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Until a meeting, or the end of a term."""
    anchor = context.words(*match.span("anchor")) if match["anchor"] else context.words(match.start(), match.end())
    yield phrase(match, ScheduleKind.RELATIVE, anchor=anchor)


@EVENTS.add(
    rf"(?:(?:hoàn thành|xong|kết thúc|thực hiện xong)(?: [^\s.;:,()\d]{{1,12}}){{0,8}}?|^|[.;:]) ?"
    rf"(?P<all>trước (?P<anchor>(?:{_NOUN}|ngày bầu cử|ngày khai)[^.;,()]{{0,60}}?)){_STOPS}",
    "trước",
)
@EVENTS.add(
    r"(?P<all>trước (?P<anchor>(?:dịp )?(?:tết|mùa (?:mưa|bão|lũ|khô|hè|thi|tuyển sinh)|ngày khai giảng|ngày khai mạc"
    r"|ngày bầu cử|năm học mới|kỳ nghỉ|kỳ thi|thềm đại hội)(?: [^\s.;,()]{1,12}){0,6}?))"
    r"(?=[.;,()]|$| (?:thì|phải|cần|các|để) )",
    "trước",
)
def _before_event(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Before something that has no day: "trước Tết Nguyên đán", "hoàn thành trước đại hội"."""
    if not re.match(r"\d", match["anchor"]):
        yield phrase(match, ScheduleKind.RELATIVE, anchor=context.words(*match.span("anchor")))


@EVENTS.add(r"(?:^|[.;] )\W?(?P<all>kết thúc (?P<anchor>(?!ngày|tháng|năm|quý)[^.;,():]{3,60}))(?=,)", "kết thúc")
def _at_the_end(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """ "Kết thúc chiến dịch, …"."""
    yield phrase(match, ScheduleKind.RELATIVE, anchor=context.words(*match.span("all")))


_UP_TO_CLAUSE = r"[^.;,()\n]{2,150}?(?=[.;,()]|$| (?:thì|phải|cần|có báo cáo|tiến hành báo cáo|để) )"


@EVENTS.add(
    rf"(?P<all>trước khi {_UP_TO_CLAUSE})"
    rf"|(?P<after>(?:ngay )?sau (?:khi|mỗi(?! (?:người|cá nhân))) {_UP_TO_CLAUSE})"
    rf"|(?P<now>ngay (?:sau|khi)(?! đó| này) {_UP_TO_CLAUSE})|(?P<end>(?:ngay )?khi kết thúc {_UP_TO_CLAUSE})",
    "khi", "sau", "ngay",
)  # fmt: skip
def _event(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """Before or after an event, no amount stated. An enumeration belongs to the event."""
    end = _enumeration_end(context.text, match.end()) if match["after"] else match.end()
    words = context.words(match.start(), end)
    anchor = re.sub(r"^(?:ngay )?(?:trước khi|sau khi|sau mỗi|ngay khi|sau|khi) ", "", words, flags=re.IGNORECASE)
    yield Phrase(match.start(), end, ScheduleKind.RELATIVE, anchor=anchor)


_ENUMERATED = re.compile(r"(?:, [^.;,()]{2,40}?){1,5}?(?= có )")
_RESULT = re.compile(r" có (?:báo cáo|biên bản|kết luận|thông báo|văn bản|tổng kết)")


def _enumeration_end(text: str, start: int) -> int:
    """Return where an enumeration that continues at `start` ends: "sau mỗi đợt kiểm tra, khảo sát có báo cáo"."""
    match = _ENUMERATED.match(text, start)
    return match.end() if match and _RESULT.match(text, match.end()) else start


@EVENTS.add(
    rf"(?P<all>(?:trong|suốt)(?: suốt)? thời gian (?P<anchor>(?:diễn ra|tổ chức|phục vụ|nghỉ|tập trung|cao điểm)"
    rf"[^.;,()]{{2,80}}?)){_STOPS}",
    "thời gian",
)
def _during_event(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """While something lasts."""
    yield phrase(match, ScheduleKind.RELATIVE, anchor=context.words(*match.span("anchor")))


@EVENTS.add(
    r"\b(?:báo cáo|chuyển|khắc phục|thực hiện|triển khai|xử lý|thông báo|phản ánh|gửi|chấn chỉnh) "
    r"(?P<all>ngay)\b(?! (?:từ|trong|tại|cả|sau|khi|trên|các|những|lập|thẳng))",
    "ngay",
)
def _at_once(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """At once, no number."""
    yield Phrase(match.start(), match.end(), ScheduleKind.RELATIVE)


# By somebody's word

_WORD_OF = r"(?: [^\s.;:,()]{1,25}){0,26}?(?:(?:, | và )[^.;:,()]{2,60}){0,3}?(?=[.;:)]|$| \(| để | và báo cáo|,)"


@EVENTS.add(
    rf"(?:thực hiện |tiến hành )?(?P<all>theo (?:đúng )?chỉ đạo của{_WORD_OF})"
    rf"|(?P<plan>theo kế hoạch(?:, [^.;:,()]{{2,40}}){{0,2}} của{_WORD_OF})"
    rf"|(?P<pace>theo (?:đúng )?(?:tiến độ|lộ trình)(?: (?:của|do|đã|được){_WORD_OF}|(?=[.;,)]|$)))"
    rf"|(?P<guide>theo (?:hướng dẫn|thông báo|điều động|triệu tập|lịch(?: [^\s.;:,()]{{1,12}}){{0,3}}) của{_WORD_OF})"
    r"|(?P<yearly>theo (?:kế hoạch|chương trình)(?: [^\s.;:,()\d]{1,12}){0,5} (?:hàng|hằng) năm)\b",
    "theo",
)
def _as_directed(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """When and how a higher body says. A capital names a document: "theo Kế hoạch số 12"."""
    group = next(name for name in ("all", "plan", "pace", "guide", "yearly") if match[name])
    start, end = match.span(group)
    words = context.original[start:end].split()
    if any(w[:1].isupper() for w in words[1:3]) and group not in {"all", "pace"} and not context.is_label:
        return
    if group == "pace" and re.search(r"(?:đảm bảo|bảo đảm|đúng|kiểm tra|theo dõi) $", context.before(start, 12)):
        return
    yield Phrase(start, end, ScheduleKind.AS_DIRECTED, anchor=context.words(start, end).split(" ", 1)[1])


@EVENTS.add(
    rf"(?P<all>căn cứ (?:vào )?(?:sự )?(?:chỉ đạo|hướng dẫn|chương trình|kế hoạch|hoạt động|lịch|tiến độ)"
    rf"(?! này\b){_WORD_OF})"
    r"|(?P<bare>theo kế hoạch)(?=[.;,)]| và |$)"
    r"|(?P<asked>khi (?:có|được|nhận được) (?:yêu cầu|đề nghị|thông báo|chỉ đạo|văn bản|hướng dẫn|vấn đề phát sinh"
    r"|phát sinh|vụ việc|tình huống|dấu hiệu|công điện|phản ánh|sự cố|ca bệnh|ca mắc|thiên tai|bão|lũ)[^.;,()]{0,60})"
    r"|(?P<wish>theo (?:yêu cầu(?! (?:nhiệm vụ|công việc|thực tế|thực tiễn|phát triển))|đề nghị)"
    r"(?= của|[.;,)]|$| khi)(?: của[^.;,()]{2,60})?)"
    r"|(?P<need>khi cần(?: thiết)?)(?=[.;,)]|$| thì )",
    "căn cứ", "theo", "khi",
)  # fmt: skip
def _on_request(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """By a plan of somebody else, or when asked."""
    words = context.original[match.start() : match.end()].split()
    if match["all"] and (words[0][:1].isupper() or words[2][:1].isupper()):
        return  # the basis of a task, not its time
    if match["bare"] and (
        words[1][:1].isupper()
        or re.search(r"(?:tiến độ|đúng|đảm bảo|bảo đảm|chỉ tiêu) $", context.before(match.start(), 12))
    ):
        return
    first = 2 if match["all"] else 1
    anchor = context.words(match.start(), match.end()).split(" ", first)[-1]
    yield phrase(match, ScheduleKind.AS_DIRECTED, anchor=anchor)


@EVENTS.add(
    r"^\W{0,5}(?P<all>(?:theo|có) (?:kế hoạch|lịch|chương trình|thông báo|hướng dẫn|văn bản|lộ trình)"
    r"(?: [^\s.;:,()\d]{1,12}){0,5})(?=\W{0,5}$)",
    "theo", "có",
)  # fmt: skip
def _label_by_plan(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The value "Theo kế hoạch riêng" of a label."""
    if context.is_label:
        anchor = context.words(*match.span("all")).split(" ", 1)[1]
        yield phrase(match, ScheduleKind.AS_DIRECTED, anchor=anchor)


# Without end


@STANDING.add(r"\bthường xuyên(?:, liên tục)?\b", "thường xuyên")
def _ongoing(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """All the time."""
    yield phrase(match, ScheduleKind.ONGOING)


@STANDING.add(r"^\W{0,5}(?P<all>liên tục|quanh năm|suốt năm|lâu dài)(?=\W{0,5}$)", "liên tục", "năm", "lâu dài")
def _label_ongoing(match: re.Match[str], context: Context) -> Iterator[Phrase]:
    """The value "Liên tục" of a label."""
    if context.is_label:
        yield phrase(match, ScheduleKind.ONGOING)


@STANDING.add(
    r"(?:^|[.;:] )(?P<all>kịp thời) (?=báo cáo|phản ánh|thông tin|tham mưu|tổng hợp|đề xuất|xử lý|phát hiện|tháo gỡ"
    r"|biểu dương)",
    "kịp thời",
)
def _promptly(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """Promptly, where it opens the sentence; elsewhere it is manner."""
    yield phrase(match, ScheduleKind.ONGOING)


@STANDING.add(
    r"(?:trong |suốt )(?:suốt )?quá trình (?:tổ chức |triển khai )?(?:thực hiện|tổ chức|triển khai)\b"
    r"|(?:^|[.;:] )(?P<all>quá trình (?:tổ chức |triển khai )?thực hiện) (?=có|phải|cần|nếu|thường|kịp|chú)",
    "quá trình",
)
def _throughout(match: re.Match[str], _context: Context) -> Iterator[Phrase]:
    """While it is carried out."""
    yield phrase(match, ScheduleKind.ONGOING)
