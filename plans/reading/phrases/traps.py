"""Time words that set no deadline: terms, anniversaries, statistics, budgets, names of things. They come first."""

from __future__ import annotations

from plans.reading.phrases.base import Rules
from plans.reading.time_points import DATE, MONTH, QUARTER, YEAR, YEAR_POINT

TRAPS = Rules()
_EVERY = r"(?:hàng|hằng|mỗi)"
_SPAN_OF_YEARS = r"\d{4}\s?[-–]\s?\d{4}"
_BINDS = r"(?<!đến )(?<!hết )(?<!trước )(?<!trong )(?<!vào )(?<!cuối )(?<!đầu )(?<!xong )(?<!thành )"
_PLAIN_WORD = (
    r"(?:(?!(?:trong|vào|từ|đến|tới|trước|xong|hoàn|cuối|đầu|chậm|muộn|hết|ngay|là|ngày)\b)[^\s.;:,()\d]{1,12})"
)

# Terms, school years, births

TRAPS.trap(
    rf"(?<!đến hết )(?<!đến cuối )\b(?:nhiệm kỳ|năm học|niên khóa|khóa|(?<!nhiệm )kỳ) (?:[ivxl]+[,\s(]+)*"
    rf"(?:nhiệm kỳ )?\(?{_SPAN_OF_YEARS}\)?",
    "nhiệm kỳ", "năm học", "khóa", "kỳ",
)  # fmt: skip
TRAPS.trap(
    r"\b(?:giữa|(?<!đến )(?<!tháng )cuối|(?<!tháng )đầu) (?:nhiệm kỳ|kỳ)\b|\bcùng kỳ\b"
    r"|\b(?:đầu|cuối|giữa) (?:năm học|khóa|khoá)\b",
    "kỳ", "năm học", "khóa",
)  # fmt: skip
TRAPS.trap(
    rf"(?<!học )(?<!vệ )(?<!phát )(?<!khai )(?<!thí )(?<!tuyển )\bsinh (?:(?:từ|trước|sau) )?"
    rf"(?:ngày (?:{DATE})|tháng \d{{1,2}}|năm {YEAR})"
    rf"(?: (?:đến|và|-) (?:(?:hết|trước) )?(?:ngày (?:{DATE})|năm {YEAR}|{YEAR}))?(?: trở đi| trở về (?:sau|trước))?",
    "sinh",
)

# Anniversaries, days and months with a name, streets called after a day

TRAPS.trap(
    r"\b(?:kỷ niệm|lần thứ \d{1,3}|chào mừng|mừng|hưởng ứng)(?: lần thứ)? (?:\d{1,3} năm )?(?:ngày|năm|quốc khánh"
    r"|quốc tế)?[^.;()]{0,120}?\(\s?\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{4})?"
    r"(?:\s?[-–]\s?\d{1,2}\s?/\s?\d{1,2}\s?/\s?\d{4})?\s?\)(?: và [^.;,()]{3,40} \(\s?\d{1,2}\s?/\s?\d{1,2}\s?\))?",
    "/",
)
TRAPS.trap(r"\b(\d{1,2}/\d{1,2})/\d{4}\s?[-–]\s?\1/\d{4}", "/1", "/2")
TRAPS.trap(r"\b\d{1,2}/\d{1,2}/(?:1[0-9]\d{2})\s?[-–]\s?\d{1,2}/\d{1,2}/\d{4}", "/1")
TRAPS.trap(
    rf"\b(?:kỷ niệm|chào mừng|mừng|hưởng ứng|nhân dịp|nhân)(?: các)? (?:lần thứ )?(?:\d{{1,3}} năm )?"
    rf"(?:ngày|tuần lễ|lễ) (?:{_PLAIN_WORD} ){{0,8}}?(?:ngày )?\d{{1,2}}/\d{{1,2}}(?:\s?/\s?\d{{4}})?",
    "/",
)
TRAPS.trap(r"\bnhân (?:dịp )?\d{1,2}/\d{1,2}(?!/\d)", "nhân")
TRAPS.trap(
    rf"\bngày (?!(?:hội|họp|ra quân|khai|tổ chức|tổng|nộp|báo|gửi|thứ|làm)\b)(?:{_PLAIN_WORD} ){{2,7}}"
    rf"\(?\d{{1,2}}/\d{{1,2}}\)?(?!/\d)",
    "/",
)
TRAPS.trap(
    r"\b(?:đường|phố|khu phố|công viên|quảng trường|sân vận động|trường|nhà thiếu nhi|cầu|nhà máy|hợp tác xã|xã|phường"
    r"|quận|tổ|lớp|số nhà|ngõ|hẻm|rạp|kho|tờ|tỷ lệ) (?:thpt |thcs |tiểu học |mầm non |số )?"
    r"\d{1,4}(?:\s?/\s?\d{1,4}){0,2}(?: tháng \d{1,2})?(?! ?/ ?\d)",
    "/", "tháng",
)  # fmt: skip
TRAPS.trap(
    r"\btháng (?:thanh niên|hành động|cao điểm|an toàn|công nhân|khuyến học|ba biên giới|nhân đạo|vệ sinh|lương"
    r"|trời)\b"
    r"(?: (?:vì|về|phòng|quốc gia|lao động)[^.;()]{0,40}?)?(?: năm \d{4})?|(?<!\d )(?<!của )\btháng (?:trước"
    r"|sau)(?! (?:ngày )?\d)\b",
    "tháng",
)

# Entry into force, dates of changes in the State

TRAPS.trap(
    r"\b(?:có hiệu lực|hiệu lực thi hành|có giá trị)(?: thi hành)?(?: kể)? (?:từ|đến)(?: hết)? ngày[^.;]{0,40}"
    r"|\bhết hiệu lực (?:kể )?từ ngày[^.;]{0,40}",
    "hiệu lực", "giá trị",
)  # fmt: skip
TRAPS.trap(r"(?<!ngày )(?<!tháng )(?<!tuần )\bkể từ ngày (?:ký|ban hành)(?: ban hành)?\b", "kể từ ngày")
TRAPS.trap(
    r"\b(?:giấy phép|thẻ|chứng chỉ|bảo hành|hợp đồng|văn bằng)(?: \w{1,12}){0,3} (?:có )?thời hạn \d{1,2} (?:năm"
    r"|tháng)"
    r"|\bthời hạn \d{1,2} (?:năm|tháng)(?! kể)",
    "thời hạn",
)

# Statistics and the past

TRAPS.trap(
    rf"\b(?:tính|thống kê|số liệu|chốt số liệu|lũy kế|cộng dồn|đánh giá tình hình)(?: \w{{1,10}}){{0,3}}? (?:đến|từ"
    rf"|tại)"
    rf"(?: hết| cuối| thời điểm)?(?: ngày)? (?:{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT})"
    rf"(?: (?:đến|tới)(?: hết)?(?: ngày)? (?:{DATE}|{MONTH}|{QUARTER}|{YEAR_POINT}))?",
    "đến", "từ", "tại",
)  # fmt: skip
TRAPS.trap(rf"\b(?:trong )?năm {YEAR} so với (?:năm {YEAR}|cùng kỳ)", "so với")
TRAPS.trap(rf"\bso với (?:cùng kỳ )?(?:{MONTH}|{QUARTER}|{YEAR_POINT}|(?:đầu|cuối) năm(?: {YEAR})?)", "so với")
TRAPS.trap(
    rf"{_BINDS}\b(?:{MONTH}|{QUARTER}) (?:tăng|giảm|(?:có|đạt|xảy ra|ghi nhận|ước đạt) (?:\d|hơn|trên|gần|khoảng))",
    "có", "đạt", "tăng", "giảm", "xảy ra", "ghi nhận",
)  # fmt: skip
TRAPS.trap(
    rf"\b(?:(?:đến|trong|vào)(?: hết| cuối)? )?(?:{MONTH}|{QUARTER}|{YEAR_POINT})(?: toàn \w{{1,8}})? đã\b", "đã"
)
TRAPS.trap(r"\b(?:trong|của) tháng trước\b|\btrong \d+ (?:tháng|năm|quý) (?:qua|vừa qua|trước)\b", "trước", "qua")
TRAPS.trap(
    rf"\b(?:nhiệm vụ|kế hoạch|chương trình|phương hướng|kết quả|báo cáo|chỉ tiêu|công tác|chủ đề|kinh phí|dự toán)"
    rf"(?: {_PLAIN_WORD}){{0,3}} (?:{MONTH}|{QUARTER})(?: (?:và|với)(?: {_PLAIN_WORD}){{0,4}} (?:{MONTH}|{QUARTER}))?",
    "tháng", "quý", "quí",
)  # fmt: skip
TRAPS.trap(
    r"\b(?:dư nợ|số dư|tồn quỹ|so với|tại thời điểm)[^.;,]{0,30}(?:đầu|cuối) (?:năm|kỳ|tháng|quý)\b", "đầu", "cuối"
)

# Money, rates, habits

TRAPS.trap(
    r"\b(?:chi|kinh phí|nguồn|ngân sách|giáo dục|đầu tư và|vốn sự nghiệp,?|không|hoạt động|tự chủ chi|khách|người"
    r"|vùng|nơi|hộ|khu vực|đối tượng) thường xuyên\b"
    r"|\bthường xuyên (?:không|vắng|đi|ở|có mặt|sinh sống|cư trú|tham gia|biến động|xảy ra|gặp|bị|ngập|sử dụng ma túy"
    r"|vi phạm|thiếu|tái phạm)\b|\bbệnh viện thường xuyên\b",
    "thường xuyên",
)
TRAPS.trap(
    r"\b(?:ngân sách|trợ cấp|phụ cấp|dự toán|kinh phí|thi đua|thu nhập|bình quân|tiền lương|doanh thu|sản lượng|học"
    r" phí"
    r"|lương|sinh hoạt phí|học bổng|mức đóng|mức hưởng|giảm|tăng|tốc độ)(?: [^\s\d.;:,()]{1,20}){0,4} "
    r"(?:hàng|hằng|mỗi) (?:tháng|quý|quí|năm)\b(?! báo cáo)"
    r"|\bkinh phí (?:chi )?(?:hàng|hằng) năm\b|\bdân số (?:hàng|hằng) năm"
    rf"|(?:%|đồng|triệu|nghìn|tỷ|suất) (?:đồng )?mỗi (?:tháng|quý|năm)\b"
    rf"|\b{_EVERY} (?:tháng|quý|năm) (?:khoảng |trên |hơn |giảm |tăng )?(?:\d[\d.,-]*%|\d[\d.,]* ?(?:đồng|triệu"
    rf"|nghìn|tỷ))"
    rf"|\b(?:giảm|tăng)(?: \w{{1,8}}){{0,3}} \d[\d.,-]*%?,? ?{_EVERY} (?:tháng|quý|năm)\b",
    "hàng", "hằng", "mỗi",
)  # fmt: skip
TRAPS.trap(
    rf"\b(?:sinh hoạt|đời sống|cuộc sống|việc|nhu cầu|đi lại|bữa ăn|lao động|giao tiếp|gia đình|gia đình trẻ|người"
    rf" dân)"
    rf" {_EVERY} ngày\b",
    "ngày",
)
TRAPS.trap(
    rf"\b(?:hàng|hằng) (?:năm|tháng|tuần|ngày),? (?:có|với|thu hút|đón)(?: (?:hơn|trên|khoảng|gần))? "
    rf"(?:hàng |\d)|\b{_EVERY} (?:tháng|năm|tuần|ngày) (?:trời|liền|dài)\b",
    "hàng", "hằng", "mỗi",
)  # fmt: skip
TRAPS.trap(
    r"\bqu[ýí] (?:vị|khách|đại biểu|đồng chí|cơ quan|phụ huynh|báu|giá|hiếm|thầy|bậc|độc giả|ông|bà|doanh nghiệp)\b",
    "quý", "quí",
)  # fmt: skip

# Meetings and reports that are called periodic

TRAPS.trap(
    r"\b(?:họp|phiên họp|kỳ họp|sinh hoạt|hội nghị|tài liệu họp)(?: [^\s.;,()]{1,25}){0,6} \(?(?:định kỳ|thường"
    r" kỳ)\b\)?"
    r"(?!\s(?:hàng|hằng|mỗi|\d|vào|theo))",
    "định kỳ", "thường kỳ",
)  # fmt: skip
TRAPS.trap(
    r"\btheo định kỳ\b(?! (?:hàng|hằng|\d))|\bchuyên đề,? (?:và |hoặc )?định kỳ\b|\bđịnh kỳ,? (?:và |hoặc )?chuyên"
    r" đề\b",
    "định kỳ",
)
TRAPS.trap(
    r"\b(?:lồng ghép|nêu|thể hiện|đưa) (?:trong|vào) (?:các )?báo cáo[^.;()]{0,80}? định kỳ\b(?!\s(?:hàng|hằng|\d))",
    "định kỳ",
)
