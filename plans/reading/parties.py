"""Who a sentence names: units, classes of units, bodies, posts, outside bodies. Pure.

A proper name is a head word ("Sở", "Ban", "Phòng") and capitalised words after it; each may carry one more syllable in
lower case, since Vietnamese words are mostly of two ("Sở Y tế", "Ban Phong trào"). Classes are lists in lower case
("các huyện, thị, thành đoàn và đoàn trực thuộc"). Abbreviations are written out in the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from plans.reading.drafts import Party, PartyKind, Span
from plans.reading.words import REMEMBERED, UPPER, Anchored, opening, plain, squeeze

_LOWER = "".join({c.lower() for c in UPPER})
_STOP = (
    "chủ trì|chủ động|phối hợp|tham mưu|tham gia|báo cáo|theo|tổ chức|xây dựng|triển khai|thực hiện"
    "|có|phải|cần|sẽ|được|và|với"
    "|cùng|các|cho|về|để|là|làm|trong|trên|tại|đến|từ|do|của|giao|phụ trách|trình|gửi|tổng hợp"
    "|hướng dẫn|kiểm tra|đôn đốc|giám sát"
    "|chỉ đạo|đăng|thường xuyên|thường trực|định kỳ|hàng|hằng|khi|như|nếu|căn cứ|tiếp tục|tăng cường"
    "|tích cực|chịu|rà soát|cung cấp"
    "|cử|lựa chọn|bố trí|hỗ trợ|đề xuất|đề nghị|nghiên cứu|quán triệt|phát|nhân|thuộc|trực thuộc"
    "|liên quan|khóa|lần|nhiệm kỳ|năm"
    "|tháng|quý|trước|sau|ban hành|hoàn thành|cụ thể|tỉnh|huyện|xã|phường|thành phố|thị xã|thị trấn"
    "|quận|cấp|đã|đang|không|lập"
    "|đánh giá|cập nhật|xác định|đẩy mạnh|chuẩn bị|tuyên truyền|vận động|thống nhất|sơ kết|nắm|đưa"
    "|góp ý|ký|in|đồng thời|kịp thời|biên|soạn"
)
_CAP = rf"[{UPPER}][{_LOWER}{UPPER}]{{0,12}}"
_SYLLABLE = rf"(?:\s(?!(?:{_STOP})\b)[{_LOWER}]{{1,8}}\b)?"
_FIXED = (
    r"Cựu chiến binh|Công tác Thanh thiếu nhi|Thanh thiếu nhi|Thiếu nhi|Khu kinh tế|Khu công nghiệp"
    r"|Kiểm sát nhân dân|Công nhân lao động|Giáo dục nghề nghiệp|Thanh niên trường học"
    r"|Thanh niên xung phong|Nông thôn mới|Chữ thập đỏ|Thi đua - Khen thưởng|Xây dựng Đảng|Bộ đội Biên phòng"
    r"|Quân sự|Hợp tác xã|Mặt trận Tổ quốc"
)
HEADS = (
    r"Sở|Ban|Phòng|phòng|Văn phòng|văn phòng|Trung tâm|Chi cục|Cục|Bộ|Hội|Liên đoàn|Liên hiệp"
    r"|Liên minh|Đài|Báo|Tạp chí|Bản tin|Trường|Viện|Kho bạc"
    r"|Trạm|Hội đồng|Ban Thường trực|Tổng công ty|Tập đoàn|Học viện|Bệnh viện|Xí nghiệp|Hợp tác xã"
    r"|Câu lạc bộ|Đội|Chi nhánh|Điện lực|Bưu điện|Thư viện|Bảo tàng|Vườn|Tòa soạn|Nhà máy|Ngân hàng"
    r"|Bảo hiểm|Thanh tra|Hạt|Tổ|Công an|Bộ đội|Tòa án|Ủy ban|Uỷ ban|UBND|HĐND|UBMTTQ\w*|MTTQ"
    r"|Mặt trận|UBKT|Đảng ủy|Nhà|Quỹ|Công ty"
)
_PLACE = rf"(?:\s(?!(?:{HEADS})\b){_CAP}){{1,4}}"
_UNION = r"(?:(?:[Tt]ỉnh|[Hh]uyện|[Tt]hành|[Tt]hị|[Qq]uận)\s?(?:[Đđ]oàn|[Uu]ỷ|[ủỦ]y)|[Đđ]ảng (?:[Uu]ỷ|[ủỦ]y))"
_QUALIFIER = (
    rf"(?:\s(?:của\s)?(?:{_UNION}(?:{_PLACE})?|Trung ương(?: Đoàn| Đảng)?|TW(?: Đoàn)?|cấp (?:tỉnh"
    rf"|huyện|xã|trên|cơ sở)"
    rf"|(?:các )?(?:[Tt]ỉnh|[Hh]uyện|[Tt]hành phố|[Tt]hị xã|[Xx]ã|[Pp]hường|[Tt]hị trấn|[Qq]uận)(?:, "
    rf"(?:huyện|thị xã|thành phố|xã|phường|thị trấn|đặc khu)| và (?:thành phố|thị trấn"
    rf"|đặc khu)){{0,3}}(?:{_PLACE})?))"
)
_WORD = rf"(?:{_FIXED}|{_CAP}{_SYLLABLE})"
_JOIN = (
    rf"(?:\s(?:và\s)?|\s?[-–]\s?|,\s(?={_CAP}{_SYLLABLE}(?:,\s{_CAP}{_SYLLABLE}){{0,2}}\svà\s(?!{HEADS}\s)[{UPPER}]))"
)
_TAIL = (  # the rest of a name in lower case, where what follows shows that it ends there
    rf"(?:\s(?!(?:chủ trì|phối hợp|tham mưu|tổ chức|xây dựng|thực hiện|triển khai|có|là|được|với|cùng|và|các|về"
    rf"|cho|của)\b)[{_LOWER}]{{1,8}}\b){{1,6}}"
    rf"(?=\s(?:chủ trì|tham mưu|phối hợp|là (?:đầu mối|cơ quan|đơn vị)|có trách nhiệm|chịu trách nhiệm)\b|\s?:)"
)
_FOR_WHOM = r"[Tt]hanh,? thiếu (?:niên|nhi)|[Tt]hanh niên|thiếu nhi|thiếu niên|việc làm|học sinh|sinh viên|công nhân"
_NAMED = re.compile(
    rf"\b(?:Trung tâm|Nhà|Quỹ|Cung)(?:\s{_WORD}){{1,4}}(?:(?:,| và)?\s(?:{_FOR_WHOM})\b){{1,3}}(?:{_QUALIFIER})?"
    rf"|\b[Đđ]oàn (?:xã|phường|thị trấn|đặc khu){_PLACE}"
    rf"|\b(?:Liên chi đoàn|Chi đoàn|Đoàn [Tt]rường|Đoàn [Kk]hối|Đoàn(?=\s(?:Ủy ban|Uỷ ban|UBND|Cơ quan"
    rf"|Ngân hàng|Kho bạc|Cục|Chi cục|Tòa án|Hải quan|Thuế|Bưu điện|Điện lực|Công an|Viễn thông|Bệnh viện|Sở"
    rf"|Công ty|Trường|Đại học)))"
    rf"(?:\s(?:THPT|THCS|tiểu học|các khoa|khoa|trường|các cơ quan))?(?:\s{_WORD}){{1,4}}(?:{_QUALIFIER})?"
    rf"|\bĐoàn [Kk]hối(?: các cơ quan| doanh nghiệp)?(?: tỉnh)?"
    rf"|\bBáo (?:và|,) (?:Đài )?Phát thanh(?:,| và|\s?[-–]) Truyền hình(?:{_PLACE}| tỉnh)?"
    rf"|\bBộ Chỉ huy (?:Bộ đội Biên phòng|[Qq]uân sự)(?: tỉnh)?"
    rf"|\bĐồng chí phụ trách(?:\s[{_LOWER}]{{1,8}},?){{1,6}}?(?=\s(?:trực tiếp|chỉ đạo|chủ trì|chịu|có|phải))"
    rf"|\b(?:Bản tin|Trang tin|Tạp chí)(?:\s[{_LOWER}]{{1,8}}){{1,2}}(?:\s{_CAP}){{1,3}}|\b"
    rf"(?:Ban Chỉ đạo|Ban Quản lý|Ban Chỉ huy|Tổ công tác|(?:{HEADS})(?=\s{_CAP}))(?:(?:\s"
    rf"|\s?[-–]\s?){_WORD})?(?:{_JOIN}(?!(?:{HEADS})\b){_WORD}){{0,6}}(?:{_TAIL})?(?:{_QUALIFIER})?"
    rf"|\b(?:[Cc]ác )?(?:Tổ|Ban|Ủy ban|Uỷ ban|Đoàn|Đội|đội|Tiểu ban) (?:bầu cử|giám sát|kiểm tra|công tác"
    rf"|giúp việc|khảo sát"
    rf"|phản ứng nhanh|(?:thanh niên )?xung kích|[Ss]inh viên tình nguyện|thanh niên tình nguyện"
    rf"|công nghệ số cộng đồng)"
    rf"(?:{_QUALIFIER})?"
)
_ALONE = re.compile(
    rf"\b(?:(?:(?:Ban Thường trực )?(?:Ủy ban|Uỷ ban|UB) ?(?:MTTQ|Mặt trận Tổ quốc)(?: Việt Nam| VN)?|"
    rf"(?:Ban Thường trực )?(?:UBMTTQ|MTTQ)\w{{0,4}}(?: Việt Nam| VN)?|Đoàn (?:TNCS"
    rf"|Thanh niên Cộng sản) Hồ Chí Minh|Hội (?:LHPN|Liên hiệp Phụ nữ|Nông dân|Cựu chiến binh|CCB|LHTN"
    rf"|Liên hiệp Thanh niên)(?: Việt Nam)?|Liên đoàn Lao động|LĐLĐ|Bộ (?:CHQS|Chỉ huy Quân sự"
    rf"|Chỉ huy quân sự)|BCH [Qq]uân sự|Ban (?:CHQS|Chỉ huy Quân sự|Chỉ huy quân sự)|BCHQS|Ủy ban nhân dân"
    rf"|Uỷ ban nhân dân|Hội đồng nhân dân|Công an|UBND|HĐND|[Vv]ăn phòng (?:HĐND|Hội đồng nhân dân) và "
    rf"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)|[Vv]ăn phòng|Thanh tra|Bảo hiểm xã hội"
    rf"|Viện [Kk]iểm sát nhân dân|Tòa án nhân dân|[Tt]hường trực HĐND|[Cc]ấp ủy(?: Đảng)?|[Cc]hi bộ"
    rf"|Mặt trận Tổ quốc|UBKT|Đảng ủy|Đoàn thanh niên|Đoàn Thanh niên)(?:{_QUALIFIER})?"
    rf"|(?:Tỉnh|Huyện|Thành|Thị|Quận|tỉnh|huyện|thị|thành)\s?(?:[Đđ]oàn|[ủỦ]y|[Uu]ỷ)\b(?:{_PLACE})?)"
)
_BODY = re.compile(
    rf"\b(?:(?:[Cc]ác |[Tt]ừng )?(?:đồng chí |đ/c )?|[Tt]ập thể )(?:Ban Thường vụ|Ban thường vụ|BTV"
    rf"|Ban Chấp hành|Ban chấp hành|BCH|Thường trực|Ban Bí thư|BBT|Thường vụ)(?![^\s]*[{UPPER}])"
    rf"(?:\s(?:các\s(?=(?:huyện|xã|cơ sở)))?(?:{_UNION}|huyện, thị, thành [Đđ]oàn"
    rf"(?: và [Đđ]oàn trực thuộc)?|Trung ương Đoàn|TW Đoàn|Đoàn (?:xã|phường|trường|tỉnh|huyện|các cấp"
    rf"|cơ sở|trực thuộc)))?"
)
_TITLE = (  # what a person named is: "đồng chí Lê Văn Mẫu, Ủy viên Ban Thường vụ, Trưởng Ban Xây dựng Đảng"
    r"(?:[Ủủ]y viên|[Uu]ỷ viên|(?:Phó )?(?:Bí thư|Chủ tịch|Trưởng|Chủ nhiệm|Giám đốc|Hiệu trưởng)"
    r"|Chỉ huy trưởng|Chánh)"
    r"(?:\s(?!(?:chủ trì|chỉ đạo|phụ trách|trực tiếp|làm|theo|có|chịu|phối hợp|tham mưu|tổ chức|giúp|dự|và)\b)"
    r"[^\W\d_]{1,12}){0,8}"
)
_POST = re.compile(
    rf"\b(?:[Cc]ác |[Tt]ừng )?(?:đồng chí |đ/c )?(?:(?:[Ủủ]y viên|[Uu]ỷ viên|UV\.?)\s?(?:Ban Thường vụ"
    rf"|BTV|Ban Chấp hành|BCH|Thường vụ)(?:\schuyên trách)?(?:\s{_UNION})?"
    rf"|(?:Phó )?(?:Chủ tịch|Bí thư|Trưởng ban|Giám đốc|Chánh Văn phòng|Trưởng phòng|Hiệu trưởng)"
    rf"(?: Thường trực)?(?:\s(?:{_UNION}|UBND|HĐND|Ủy ban nhân dân|Sở(?:\s{_WORD}){{1,3}}|Tỉnh đoàn|Huyện đoàn"
    rf"|[Cc]hi đoàn|Đoàn xã|Đoàn cơ sở)(?:{_QUALIFIER})?)?"
    rf"|[Cc]ông chức(?:\s{_WORD}){{1,2}}(?:\s?[-–]\s?{_WORD})?|[Tt]hủ trưởng các (?:cơ quan|đơn vị"
    rf"|sở)(?:, (?:ban|ngành|đơn vị|địa phương|đoàn thể)){{0,4}}"
    rf"|[Nn]gười đứng đầu(?: và cấp phó của người đứng đầu)?|[Cc]án bộ [Đđ]oàn(?: các cấp"
    rf"| chuyên trách| cấp \w{{1,20}})?"
    rf"|(?:[Cc]ác )?(?:[Tt]ổ trưởng|[Tt]rưởng (?:các )?(?:thôn|ấp|bản|khóm|khu phố|tổ dân phố))"
    rf"(?:, (?:thôn|ấp|bản|khóm|khu phố|tổ dân phố)){{0,3}}|[Cc]ụm trưởng(?: các cụm(?: thi đua)?)?"
    rf"|Kế toán|Thủ quỹ|(?:[Cc]ác )?[Tt]hành viên (?:Ban(?: Chỉ đạo)?|BCĐ|BCH|Tổ)"
    rf"|(?:đồng chí|Đồng chí|đ/c|Đ/c|ông|bà)(?:\s{_CAP}){{2,5}}(?:(?:,|\s?[-–])\s{_TITLE}){{0,3}})"
)
_PLAIN_CLASS = re.compile(
    r"\b(?:các |từng )?(?:quận|huyện|thị|thành) ủy(?:,? (?:và )?(?:các )?(?:quận|huyện|thị|thành) ủy){1,3}"
    r"|\b(?:các )?(?:đảng ủy|đảng bộ|chi bộ|tổ chức cơ sở đảng)(?:(?:,| và|, và) (?:các )?(?:đảng ủy|đảng bộ|chi bộ))*"
    r"(?: (?:các )?(?:cơ sở|trực thuộc|xã|phường|thị trấn|đặc khu)(?:(?:,| và) (?:phường|thị trấn|đặc khu)){0,3}){1,2}"
    r"|\b(?:các )?tổ chức cơ sở đảng"
    r"|\b(?:các )?(?:liên chi đoàn(?:(?:,| và) (?:các )?chi đoàn)?|chi đoàn) (?:trực thuộc|các khoa)"
    r"|\b(?:các|mỗi|từng) liên chi đoàn\b"
    r"|\b(?:các |mỗi |từng )?đoàn các trường(?: [^\s.;:()]{1,12}){0,3}?(?=[,.;:(]| tổ chức| và |$)"
    r"|\b(?:các )?tổ chức chính trị ?[-–] ?xã hội(?: tỉnh| huyện| xã| phường| cấp (?:tỉnh|huyện|xã))?"
    r"|\b(?:(?:các|mỗi|từng|\d{1,3}) (?:cấp bộ )?)?(?:"
    r"(?:huyện|quận|thị|thành|tỉnh)(?:, (?:huyện|quận|thị|thành|tỉnh)){1,3},?(?: và)? (?:huyện |thị "
    r"|thành )?đoàn(?=[\s.,;:)]|$)(?:(?:,| và|, và) đoàn trực thuộc(?: tỉnh đoàn)?)?(?:(?:,| và) "
    r"(?:các )?cơ sở đoàn)?"
    r"|(?:huyện|thị|thành|quận) ?đoàn(?:(?:,|,? và) (?:các )?(?:huyện|thị|thành|quận) ?đoàn){1,3}(?!\w)"
    r"(?:(?:,|,? và) (?:các )?đoàn trực thuộc(?: tỉnh đoàn)?)?"
    r"|đoàn trực thuộc(?: tỉnh đoàn)?|cấp bộ đoàn(?: trên địa bàn (?:huyện|tỉnh|xã)"
    r"(?: [^\s.,;]{1,25}){1,2}| trong tỉnh)?|đoàn các cấp|đoàn cấp trên"
    r"|đoàn (?:các )?(?:xã|phường|thị trấn|đặc khu|cơ sở)"
    r"(?:(?:,|,? và) (?:đoàn )?(?:xã|phường|thị trấn|đặc khu)(?!\w)){0,3}"
    r"(?: \(xã, +thị trấn\))?|(?:các )?cơ sở đoàn(?: trực thuộc)?"
    r"|chi đoàn(?: (?:ấp|thôn|bản|khóm|khu phố|tổ dân phố|trường học|lớp)(?!\w)"
    r"| khu, ấp| địa bàn dân cư| trên địa bàn(?: dân cư)?| cơ sở| trực thuộc)?|(?:xã"
    r"|phường)(?:, (?:phường|xã|thị trấn|đặc khu)){0,3} đoàn"
    r")"
    r"|\b100% (?:xã|phường)(?:(?:,| và) (?:xã|phường|thị trấn|đặc khu)){0,3}(?!\w)"
    r"|\b(?:các|những|từng|mỗi) (?:(?:đơn vị sự nghiệp|ban chuyên môn|phòng chuyên môn|ban|phòng|sở"
    r"|cơ quan|đơn vị|bộ phận|ngành|địa phương|đoàn thể|hội|tổ chức chính trị|tổ chức|trường học|trường"
    r"|doanh nghiệp|xã|huyện|thành viên|bộ|văn phòng|trung tâm|trường học|thôn|ấp|khu phố|tổ dân phố"
    r"|khóm|bản|hội đoàn thể|chi cục|chi hội|phòng ban)"
    r"(?: (?:chuyên môn|xã hội|chức năng|thành viên))?(?: ?(?:, | - | và )(?:các )?"
    r"(?:đơn vị sự nghiệp|ban|ngành|phòng|đơn vị|địa phương|đoàn thể|bộ phận|hội|cơ quan|phường"
    r"|thị trấn|thị xã|thành phố|huyện|xã|đặc khu|tổ chức|thành viên|khu phố|ấp|thôn|bản|khóm"
    r"|tổ dân phố|đội|chi đoàn|chi hội|trường học|doanh nghiệp|văn phòng(?! \w{1,20}ủy)|trung tâm)\b"
    r"(?!, (?:thị|thành))(?: chuyên môn| xã hội)?){0,5})"
    r"(?:(?: có)? liên quan| trực thuộc(?: liên quan)?| chức năng| địa phương| chuyên môn)?(?: "
    r"(?:thuộc |của )?(?:tỉnh|huyện|thành|thị) ?(?:đoàn|ủy)| trực thuộc tỉnh đoàn| cấp (?:tỉnh|huyện"
    r"|xã)| tỉnh| huyện| đoàn)?"
    r"(?![\w])"
)

_EITHER = ("Các ", "các ", "Từng ", "từng ", "Đồng chí ", "đồng chí ", "Đ/c ", "đ/c ")
_POSTS = Anchored(
    opening(
        *_EITHER, "Ủy viên", "ủy viên", "Uỷ viên", "uỷ viên", "UV", "Phó ", "Chủ tịch", "Bí thư", "Trưởng", "trưởng",
        "Giám đốc", "Chánh", "Hiệu trưởng", "Công chức", "công chức", "Thủ ", "thủ ", "Người ", "người ", "Cán bộ",
        "cán bộ", "Tổ trưởng", "tổ trưởng", "Thành viên", "thành viên", "Cụm", "cụm", "Kế toán", "ông ", "bà ",
    ),
    _POST,
)  # fmt: skip
_BODIES = Anchored(opening(*_EITHER, "Tập thể ", "tập thể ", "Ban ", "BTV", "BCH", "BBT", "Thường "), _BODY)
_UNITS = Anchored(
    opening(
        *(head.removesuffix(r"\w*") for head in HEADS.split("|")), "Cung ", "Đoàn", "đoàn ", "Liên chi", "Chi đoàn",
        "Đồng chí phụ trách", "Trang tin", "Ban ", "Các ", "các ", "đội ", "Tiểu ban",
    ),
    _NAMED,
)  # fmt: skip
_STANDING = Anchored(
    opening(
        "Ban ", "Ủy ban", "Uỷ ban", "UB", "MTTQ", "Đoàn ", "Hội ", "Liên đoàn", "LĐLĐ", "Bộ ", "BCH", "HĐND",
        "Công an",
        "Văn phòng", "văn phòng", "Thanh tra", "Bảo hiểm", "Viện ", "Tòa án", "Thường trực", "thường trực", "Cấp ủy",
        "cấp ủy", "Chi bộ", "chi bộ", "Mặt trận", "Đảng ủy", "Tỉnh", "Huyện", "Thành", "Thị", "Quận", "tỉnh", "huyện",
        "thị", "thành",
    ),
    _ALONE,
)  # fmt: skip
_CLASSES = Anchored(
    opening(
        "các ", "từng ", "những ", "mỗi ", "quận", "huyện", "thị", "thành", "tỉnh", "đảng ", "chi bộ", "tổ chức ",
        "liên chi ", "chi đoàn", "đoàn ", "cơ sở ", "cấp bộ", "xã", "phường", "#c", "#đ", "#h", "#q", "#t",
        "#x", "#p", "#%",
    ),
    _PLAIN_CLASS,
)  # fmt: skip


def _long_forms(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"\b{short}(?=\W|$)"), long) for short, long in pairs)


_ABBREVIATION = re.compile("[A-ZĐ][A-ZĐ]")
_UNION_FORMS = _long_forms(
    (r"UV\.?\s?BTV", "Ủy viên Ban Thường vụ"),
    (r"UV\.?\s?BCH", "Ủy viên Ban Chấp hành"),
    ("BTV", "Ban Thường vụ"),
    (r"BCH(?! [Qq]uân sự| [Qq]S| PC| [Pp]hòng)", "Ban Chấp hành"),
    ("BBT", "Ban Bí thư"),
    ("UBKT", "Ủy ban Kiểm tra"),
    ("TW", "Trung ương"),
    ("ĐTT", "Đoàn trực thuộc"),
)
_STATE_FORMS = _long_forms(
    ("UBND", "Ủy ban nhân dân"),
    ("HĐND", "Hội đồng nhân dân"),
    (r"UBMTTQ(?:VN)?", "Ủy ban Mặt trận Tổ quốc"),
    ("MTTQ", "Mặt trận Tổ quốc"),
)
_OUTSIDE = re.compile(
    r"\b(?:tỉnh ủy|huyện ủy|thành ủy|thị ủy|cấp ủy|chi bộ|đảng|trung ương|tw|sở|công an"
    r"|ủy ban nhân dân|ubnd|hđnd|hội đồng nhân dân|mặt trận|mttq|ngân hàng|báo|đài|doanh nghiệp"
    r"|chính quyền|bộ)\b"
)
_DISTRICT = re.compile(r"\b(?:huyện|thị|thành|quận)\b(?:, |,? và | ).{0,25}đoàn|đoàn cấp huyện")


@dataclass(frozen=True, slots=True)
class Named:
    """Parties named side by side ("A, B và C"), as one list: characters `start` to `end` of the text."""

    start: int
    end: int
    parties: tuple[Party, ...]


def find_parties(text: str, paragraph: int) -> list[Party]:
    """Return the parties `text` names, in order, longest name first where two overlap."""
    return [
        Party(name, kind, Span(paragraph, start, end), kinds)
        for start, end, name, kind, kinds in _named(text, 0, len(text))
    ]


@lru_cache(maxsize=REMEMBERED)  # a paragraph is asked for its parties by several steps
def _named(text: str, first: int, last: int) -> tuple[tuple[int, int, str, PartyKind, tuple[str, ...]], ...]:
    """Return the parties `text` names between `first` and `last`: start, end, full name, kind, kinds of units."""
    lowered = plain(text)
    found = [
        *((m.span(), PartyKind.POST) for m in islice(_POSTS.finditer(text, first, last), _MOST)),
        *((m.span(), PartyKind.BODY) for m in islice(_BODIES.finditer(text, first, last), _MOST)),
        *((m.span(), PartyKind.CLASS) for m in islice(_CLASSES.finditer(lowered, first, last), _MOST)),
        *((m.span(), PartyKind.UNIT) for m in islice(_UNITS.finditer(text, first, last), _MOST)),
        *((m.span(), PartyKind.UNIT) for m in islice(_STANDING.finditer(text, first, last), _MOST)),
    ]
    found.sort(key=lambda item: (item[0][0], -item[0][1]))
    named = []
    end = -1
    for (start, stop), kind in found:
        if start < end or not _stands_for_somebody(lowered, start, stop):
            continue
        end = stop
        named.append(_described(text, start, stop, kind))
    return tuple(named)


_NOBODY = re.compile(
    r"(?:đại hội|bộ phận|phó bí thư|phó chủ tịch|ban|mô hình|công tác|phong trào|hoạt động|xây dựng"
    r"|tổ chức|kết nạp vào|đoàn phí|điều lệ) $"
)
_NOBODY_AFTER = re.compile(r" (?:viên|phí|vụ|phí|kết|hội)\b")


def _stands_for_somebody(lowered: str, start: int, end: int) -> bool:
    """Leave out what only looks like a unit: "bộ phận thường trực", "Đại hội Đoàn", "ban hành"."""
    words = lowered[start:end]
    if words in {"ban", "phòng", "sở", "hội", "bộ", "nhà", "tổ", "thường vụ", "các trường"} or words.startswith(
        "ban hành"
    ):
        return False
    if words.startswith(("thường trực", "đoàn ")) and _NOBODY.search(lowered[max(0, start - 20) : start]):
        return False
    return not (words.endswith("đoàn") and _NOBODY_AFTER.match(lowered, end))


_MEMBERS = re.compile(
    r"^(?:tập thể|(?:các|từng) (?:đồng chí |đ/c )?|(?:đồng chí|đ/c) (?=ủy viên|uỷ viên|thường trực"
    r"|bí thư|phó|chủ tịch))\s{0,3}",
    re.IGNORECASE,
)


_OF_UNION = re.compile(
    r"(?:liên chi |chi )?đoàn |hội (?:lhtn|liên hiệp thanh niên|sinh viên)\b|(?:tỉnh|huyện|thành|thị) ?đoàn"
)
_BODY_WORDS = re.compile(r"^ban (?:thường vụ|chấp hành|bí thư) ")
_OF_SEVERAL = re.compile(r" các (?:huyện|quận|thị|thành|xã|phường|cơ sở|chi đoàn)\b|(?:huyện|thị), (?:thị|thành)")


def _described(text: str, start: int, end: int, kind: PartyKind) -> tuple[int, int, str, PartyKind, tuple[str, ...]]:
    if text.startswith(_ALL, start):
        start += len(_ALL)
    words = text[start:end].rstrip(" ,-–")
    return start, start + len(words), *_party(words, kind)


_ALL = "100% "  # of a class: says how many of it, is no part of its name


@lru_cache(maxsize=REMEMBERED)  # a plan names the same units again and again
def _party(words: str, kind: PartyKind) -> tuple[str, PartyKind, tuple[str, ...]]:
    """Return the full name of a party called `words`, its kind and the kinds of units it stands for."""
    name = full_name(_MEMBERS.sub("", words) if kind in {PartyKind.BODY, PartyKind.POST} else words)
    lowered = plain(name)
    if kind is PartyKind.UNIT and _OUTSIDE.search(lowered) and not _OF_UNION.match(lowered):
        kind = PartyKind.EXTERNAL
    several = kind is PartyKind.BODY and _OF_SEVERAL.search(lowered)  # "Ban Thường vụ các huyện, thị, thành đoàn"
    kinds = _kinds(_BODY_WORDS.sub("", lowered)) if kind is PartyKind.CLASS or several else ()
    return name, kind, kinds


def name_in_print(words: str, kind: PartyKind) -> str:
    """Return the name of a party that stands in a document as `words`, in the document's own terms."""
    return printed_name(_MEMBERS.sub("", words) if kind in {PartyKind.BODY, PartyKind.POST} else words)


def full_name(words: str) -> str:
    """Return `words` with abbreviations written out, dashes even and the first letter a capital."""
    name = printed_name(words)
    if _ABBREVIATION.search(name):
        for pattern, long in _STATE_FORMS:
            name = pattern.sub(long, name)
    return name


def printed_name(words: str) -> str:
    """Return `words` like `full_name`, the abbreviations of state bodies left as offices write them: "UBND xã"."""
    name = squeeze(words)
    if _ABBREVIATION.search(name):
        for pattern, long in _UNION_FORMS:
            name = pattern.sub(long, name)
    name = re.sub(r"\s?[-–]\s?", " - ", name)
    return name[:1].upper() + name[1:]


def _kinds(lowered: str) -> tuple[str, ...]:
    """Return the codes of the unit kinds a class stands for."""
    tests = (
        ("department", r"\bban\b|phòng"),
        ("service", r"sự nghiệp|trung tâm|(?:ban|phòng)\b.*đơn vị (?:trực )?thuộc"),
        ("district", r"(?:huyện|thị|thành|quận)[ ,].*đoàn|cấp bộ đoàn|đoàn các cấp"),
        ("affiliated", r"đoàn trực thuộc|cấp bộ đoàn|đoàn các cấp"),
        (
            "grassroots",
            (
                r"cơ sở đoàn|(?<!chi )đoàn (?:các )?(?:xã|phường|cơ sở|thị trấn|đặc khu)|cấp bộ đoàn|đoàn các cấp"
                r"|(?:xã|phường)[^.]* đoàn"
            ),
        ),
        ("branch", r"chi đoàn|cấp bộ đoàn|đoàn các cấp"),
    )
    return tuple(code for code, pattern in tests if re.search(pattern, lowered))


_MOST = 300  # of each sort in one paragraph: more is no sentence
_LIST_MARKS = re.compile(r"[,;.]\s|\svà\s|[;.]$|\n")
_MAX_NAME = 120


def listed_parties(text: str, paragraph: int, start: int, end: int | None = None) -> tuple[Party, ...]:
    """Return the parties of a value that can hold nothing but parties: what no rule knows is a unit all the same.

    The value stands in `text` from `start` to `end`, else to the end of the text.
    """
    last = len(text) if end is None else end
    found = [Party(n, kind, Span(paragraph, a, b), kinds) for a, b, n, kind, kinds in _named(text, start, last)]
    parties: list[Party] = []
    bounds = [start, *(m.end() for m in _LIST_MARKS.finditer(text, start, last)), last]
    first = 0  # of the parties that stand in the place
    for begin, stop in pairwise(bounds):
        while first < len(found) and found[first].span.end <= begin:
            first += 1
        after = first
        while after < len(found) and found[after].span.start < stop:
            after += 1
        inside = found[first:after]
        if len(inside) == 1 and text[begin:stop].lstrip(" -–+").startswith(
            text[inside[0].span.start : inside[0].span.end]
        ):
            found[first] = _with_tail(inside[0], text, paragraph, stop)
        words = _LIST_MARKS.sub("", text[begin:stop]).strip(" ,;.()")
        if not inside and 1 < len(words) <= _MAX_NAME and re.match(rf"[{UPPER}]|các ", words):
            at = text.index(words, begin)
            parties.append(Party(full_name(words), PartyKind.UNIT, Span(paragraph, at, at + len(words))))
    return tuple(sorted((*found, *parties), key=lambda p: p.span.start))


_REST = re.compile(rf"(?:\s(?!(?:{_STOP})\b)[{_LOWER}]{{1,8}}){{1,6}}|\s(?:có )?liên quan")


def _with_tail(party: Party, text: str, paragraph: int, end: int) -> Party:
    """Return `party` with the words left of its place in a list: "Chi cục Quản lý thị trường"."""
    rest = _REST.match(text, party.span.end, end)
    if rest is None or text[rest.end() : end].strip(" ,;.()"):
        return party
    start, stop = party.span.start, rest.end()
    return replace(party, name=full_name(text[start:stop]), span=Span(paragraph, start, stop))


_BETWEEN_PARTIES = re.compile(r"\s{0,3}(?:,|,? và|,? cùng(?: với)?|/|,? hoặc| đặc biệt là)\s{0,3}(?:các |lãnh đạo )?")


def party_lists(parties: Iterable[Party], text: str) -> Iterator[Named]:
    """Yield runs of parties that only commas and "và" part."""
    run: list[Party] = []
    for party in parties:
        if run and not _BETWEEN_PARTIES.fullmatch(plain(text[run[-1].span.end : party.span.start])):
            yield Named(run[0].span.start, run[-1].span.end, tuple(run))
            run = []
        run.append(party)
    if run:
        yield Named(run[0].span.start, run[-1].span.end, tuple(run))
