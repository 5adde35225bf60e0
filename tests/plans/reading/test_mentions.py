"""Who is named and who does what."""

import pytest

from plans.reading.drafts import PartyKind
from plans.reading.mentions import heading_parties, read_roles, stated_role
from plans.reading.parties import find_parties, listed_parties


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Giáo dục và Đào tạo chủ trì", ["Sở Giáo dục và Đào tạo"]),
        ("Sở Văn hóa, Thể thao và Du lịch; Sở Y tế", ["Sở Văn hóa, Thể thao và Du lịch", "Sở Y tế"]),
        ("Ban Tổ chức–Kiểm tra Tỉnh đoàn tham mưu", ["Ban Tổ chức - Kiểm tra Tỉnh đoàn"]),
        ("UBND các xã, phường, đặc khu", ["Ủy ban nhân dân các xã, phường, đặc khu"]),
        ("Uỷ ban nhân dân huyện Mỹ Lộc", ["Uỷ ban nhân dân huyện Mỹ Lộc"]),
        ("BTV Huyện đoàn và UBKT Huyện đoàn", ["Ban Thường vụ Huyện đoàn", "Ủy ban Kiểm tra Huyện đoàn"]),
        ("các đồng chí Ủy viên BTV", ["Ủy viên Ban Thường vụ"]),
        ("Hội Cựu chiến binh xã, Công an xã", ["Hội Cựu chiến binh xã", "Công an xã"]),
        ("các sở, ban, ngành", ["Các sở, ban, ngành"]),
        (
            "mượn sân Trung tâm Hoạt động thanh thiếu niên tỉnh một buổi",
            ["Trung tâm Hoạt động thanh thiếu niên tỉnh"],
        ),
        ("Trung tâm Dịch vụ việc làm Thanh niên mở phiên", ["Trung tâm Dịch vụ việc làm Thanh niên"]),
        ("Đoàn xã An Hòa và Đoàn phường Ba Đồn", ["Đoàn xã An Hòa", "Đoàn phường Ba Đồn"]),
        ("Thành đoàn Bến Lam, Thị đoàn Cẩm Giang", ["Thành đoàn Bến Lam", "Thị đoàn Cẩm Giang"]),
        ("Chi cục Quản lý đê điều chủ trì", ["Chi cục Quản lý đê điều"]),
        ("Ban Hỗ trợ hội viên nghèo: lập quỹ", ["Ban Hỗ trợ hội viên nghèo"]),
        ("Đoàn Công an tỉnh, Đoàn Khối các cơ quan", ["Đoàn Công an tỉnh", "Đoàn Khối các cơ quan"]),
        ("Bộ Chỉ huy Quân sự tỉnh và BCH Quân sự xã", ["Bộ Chỉ huy Quân sự tỉnh", "BCH Quân sự xã"]),
        ("Văn phòng HĐND và UBND phường", ["Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường"]),
        (
            "các quận ủy, huyện ủy; các tổ chức chính trị - xã hội",
            ["Các quận ủy, huyện ủy", "Các tổ chức chính trị - xã hội"],
        ),
        ("Báo và Phát thanh, Truyền hình Đông Lĩnh đưa tin", ["Báo và Phát thanh, Truyền hình Đông Lĩnh"]),
        ("Đồng chí Bí thư Huyện ủy", ["Bí thư Huyện ủy"]),
        (
            "Đồng chí Lê Văn Mẫu, Ủy viên Ban Thường vụ, Trưởng Ban Xây dựng Đảng chỉ đạo",
            ["Đồng chí Lê Văn Mẫu, Ủy viên Ban Thường vụ, Trưởng Ban Xây dựng Đảng"],
        ),
        ("Trưởng các thôn, bản; các tổ trưởng", ["Trưởng các thôn, bản", "Tổ trưởng"]),
        ("ban hành văn bản, hoạt động phong trào", []),
        ("Đại hội Đoàn toàn quốc", []),
        ("đoàn viên, đoàn phí, bộ phận thường trực", []),
    ],
)
def test_names_are_found_whole_and_written_out(text: str, names: list[str]) -> None:
    assert [p.name for p in find_parties(text, 0)] == names


def test_class_of_units_stands_for_its_kinds() -> None:
    (party,) = find_parties("các huyện, thị, thành đoàn và đoàn trực thuộc", 0)
    assert (party.kind, party.kinds) == (PartyKind.CLASS, ("district", "affiliated"))


@pytest.mark.parametrize(
    ("text", "name", "kinds"),
    [
        ("Đoàn xã, phường, đặc khu đăng tối thiểu 02 bài.", "Đoàn xã, phường, đặc khu", ("grassroots",)),
        ("100% Đoàn xã, phường, đặc khu đảm nhận một việc.", "Đoàn xã, phường, đặc khu", ("grassroots",)),
        ("Đoàn xã, thị trấn dọn đường làng.", "Đoàn xã, thị trấn", ("grassroots",)),
        ("Mỗi Đoàn xã, phường và đặc khu nộp một đoạn phim.", "Mỗi Đoàn xã, phường và đặc khu", ("grassroots",)),
        ("Huyện, thị, thành đoàn ra quân.", "Huyện, thị, thành đoàn", ("district",)),
        ("Các huyện đoàn, thị đoàn, thành đoàn nộp ảnh.", "Các huyện đoàn, thị đoàn, thành đoàn", ("district",)),
        (
            "Huyện đoàn, thành đoàn và đoàn trực thuộc gửi ảnh.",
            "Huyện đoàn, thành đoàn và đoàn trực thuộc",
            ("district", "affiliated"),
        ),
        ("Chi đoàn trồng cây quanh trường.", "Chi đoàn", ("branch",)),
    ],
)
def test_class_that_opens_the_sentence_leads(text: str, name: str, kinds: tuple[str, ...]) -> None:
    (assignment,) = read_roles(text, 0).assignments
    party = assignment.party
    assert (assignment.role, party.name, party.kind, party.kinds) == ("lead", name, PartyKind.CLASS, kinds)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chi đoàn dán áp phích ở nhà văn hóa.", ["Chi đoàn"]),
        ("Mỗi Đoàn xã, phường treo một băng rôn.", ["Mỗi Đoàn xã, phường"]),
        ("Chi đoàn của trường học còn ít việc.", []),
        ("Chi đoàn chưa họp đều.", []),
    ],
)
def test_class_that_opens_the_paragraph_acts_whatever_the_verb(text: str, names: list[str]) -> None:
    assert [p.name for a in read_roles(text, 0).actors for p in a.parties] == names


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ban Thường vụ các huyện, thị, thành Đoàn và Đoàn trực thuộc", ("district", "affiliated")),
        ("Ban Thường vụ Huyện đoàn", ()),
    ],
)
def test_body_of_several_units_stands_for_their_kinds(text: str, kinds: tuple[str, ...]) -> None:
    (party,) = find_parties(text, 0)
    assert (party.kind, party.kinds) == (PartyKind.BODY, kinds)


def test_span_of_a_party_is_its_words() -> None:
    text = "Giao BTV Tỉnh đoàn theo dõi"
    (party,) = find_parties(text, 3)
    assert (party.span.paragraph, text[party.span.start : party.span.end]) == (3, "BTV Tỉnh đoàn")


def test_value_of_a_label_is_all_units_even_unknown_ones() -> None:
    text = "Đơn vị phối hợp: Trường Chính trị, Siêu thị Hoa Sen; Công an xã."
    assert [p.name for p in listed_parties(text, 0, 17)] == ["Trường Chính trị", "Siêu thị Hoa Sen", "Công an xã"]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (
            "Sở Y tế chủ trì, phối hợp với Công an tỉnh tổ chức tập huấn.",
            [("Sở Y tế", "lead"), ("Công an tỉnh", "coordinate")],
        ),
        ("Giao Văn phòng tham mưu báo cáo cuối năm.", [("Văn phòng", "advise")]),
        ("Ban Phong trào theo dõi, đôn đốc các đơn vị.", [("Ban Phong trào", "oversee")]),
        ("Ban Kiểm tra có trách nhiệm kiểm tra việc thu đoàn phí.", [("Ban Kiểm tra", "inspect")]),
        ("Các huyện, thành đoàn báo cáo kết quả về Tỉnh đoàn.", [("Các huyện, thành đoàn", "report_to")]),
        ("Các cơ sở đoàn tổ chức ra quân đồng loạt.", [("Các cơ sở đoàn", "lead")]),
        ("Công an xã phối hợp với Đoàn xã.", [("Công an xã", "coordinate")]),
        ("Công an xã phối hợp với Đoàn xã tuần tra.", [("Công an xã", "lead"), ("Đoàn xã", "coordinate")]),
        ("Đề nghị Hội Cựu chiến binh hỗ trợ địa điểm.", [("Hội Cựu chiến binh", "coordinate")]),
        ("100% xã, phường tổ chức ra quân.", [("Xã, phường", "lead")]),
        ("Mỗi chi đoàn ấp tổ chức sinh hoạt.", [("Mỗi chi đoàn ấp", "lead")]),
        (
            "Văn phòng là bộ phận thường trực, tổng hợp số liệu, tham mưu Ban Thường vụ báo cáo Tỉnh ủy.",
            [("Văn phòng", "lead"), ("Văn phòng", "advise")],
        ),
        (
            "Sở Y tế chủ trì kế hoạch, theo dõi, đôn đốc, kiểm tra các trạm.",
            [("Sở Y tế", "lead"), ("Sở Y tế", "oversee")],
        ),
        ("Ban Phong trào soạn chương trình kiểm tra, giám sát năm 2027.", [("Ban Phong trào", "lead")]),
        ("Sở Giáo dục và Đào tạo chỉ đạo các trường mở cửa sân chơi.", [("Sở Giáo dục và Đào tạo", "lead")]),
        (
            "Đồng chí Bí thư Huyện ủy chỉ đạo các ban rà soát hồ sơ.",
            [("Bí thư Huyện ủy", "oversee"), ("Các ban", "lead")],
        ),
        ("Chỉ đạo các cơ sở đoàn phối hợp với trường học.", []),
        ("Tạo nguồn vốn để các chi đoàn trực thuộc mở lớp.", []),
        ("Rà soát văn bản của Trung ương, Tỉnh ủy phải ban hành.", []),
        ("Các đơn vị có thể chọn cách làm riêng.", []),
        ("Nâng cao chất lượng hoạt động của Ban Phong trào.", []),
        ("Làm việc với UBND huyện về kinh phí.", []),
    ],
)
def test_sentence_gives_roles(text: str, roles: list[tuple[str, str]]) -> None:
    assert [(a.party.name, a.role) for a in read_roles(text, 0).assignments] == roles


def test_later_sentence_goes_on_with_the_same_party() -> None:
    text = "Sở Y tế chủ trì tập huấn. Định kỳ báo cáo UBND tỉnh theo quy định."
    assert [(a.party.name, a.role) for a in read_roles(text, 0).assignments] == [
        ("Sở Y tế", "lead"),
        ("Sở Y tế", "report_to"),
    ]


def test_work_without_a_party_belongs_to_the_unit_of_the_heading() -> None:
    inherited = heading_parties("1. Sở Nội vụ"[3:], 0)
    assert [p.name for p in inherited] == ["Sở Nội vụ"]
    roles = read_roles("Chủ trì, phối hợp với Sở Tài chính trình Ủy ban nhân dân tỉnh.", 1, inherited)
    assert [(a.party.name, a.role) for a in roles.assignments] == [
        ("Sở Nội vụ", "lead"),
        ("Sở Tài chính", "coordinate"),
    ]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Đề nghị Hội Nông dân tỉnh", ["Hội Nông dân tỉnh"]),
        ("Đối với Đoàn cơ sở (xã, thị trấn)", ["Đoàn cơ sở (xã, thị trấn)"]),
        ("Cấp huyện", ["Cấp huyện"]),
        ("Chi cục An toàn vệ sinh thực phẩm", ["Chi cục An toàn vệ sinh thực phẩm"]),
        ("Các trung tâm y tế khu vực", ["Các trung tâm y tế khu vực"]),
        ("Ban Phong trào dựng sân khấu, xong trong tháng 4.", []),
        ("Công tác tuyên truyền", []),
        ("Nâng cao vai trò của Sở Y tế", []),
    ],
)
def test_heading_names_who_acts_only_when_it_is_a_name(heading: str, names: list[str]) -> None:
    assert [p.name for p in heading_parties(heading, 0)] == names


def test_first_work_under_a_heading_is_plain_after_its_basis() -> None:
    inherited = heading_parties("UBND các xã, phường", 0)
    assert read_roles("Căn cứ tình hình thực tế, xây dựng kế hoạch của địa phương.", 1, inherited).opens_plain
    assert not read_roles("Báo cáo kết quả về UBND tỉnh.", 1, inherited).opens_plain


@pytest.mark.parametrize(
    ("after", "role"),
    [
        (" chủ trì;", "lead"),
        (" phối hợp vận động", "coordinate"),
        (" tham mưu.", "advise"),
        (" trực tiếp chỉ đạo", "oversee"),
        (" tổ chức thực hiện", "lead"),
        (", Công an xã", None),
    ],
)
def test_value_of_a_label_may_state_the_role(after: str, role: str | None) -> None:
    assert stated_role(after) == role
