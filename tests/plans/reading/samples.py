"""Plans invented for the tests, one for each style of writing met in the field."""

UNION_REMEDIATION = """
TỈNH ĐOÀN SÔNG TRANH                ĐOÀN TNCS HỒ CHÍ MINH
BAN THƯỜNG VỤ
***
Số: 77-KH/TĐTN-VP                   Sông Tranh, ngày 20 tháng 01 năm 2025

KẾ HOẠCH
Khắc phục hạn chế, khuyết điểm của Ban Thường vụ Tỉnh đoàn
năm 2025
-------------

Căn cứ Kết luận số 19-KL/TU ngày 05/12/2024 của Ban Thường vụ Tỉnh ủy về kiểm điểm cuối năm;

Ban Thường vụ Tỉnh đoàn xây dựng kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU
- Thấy rõ việc còn yếu để sửa, hằng tháng có kiểm điểm lại.

II. HẠN CHẾ, KHUYẾT ĐIỂM
1. Về công tác chỉ đạo
- **Khuyết điểm 1:** Văn bản gửi cơ sở còn chậm.
¹ Khuyết điểm này đã nêu từ năm 2023.
- **Khuyết điểm 2:** Ít đi cơ sở.
2. Về công tác phong trào
- **Khuyết điểm 3:** Còn 02 đơn vị chưa có câu lạc bộ (Phú Lâm và Tân Hội).

III. GIẢI PHÁP
1. Nhóm giải pháp khắc phục khuyết điểm về công tác chỉ đạo
- Văn bản hướng dẫn phải đến cơ sở trước ngày tổ chức ít nhất 05 ngày (trừ việc đột

xuất do tỉnh giao).
- Mỗi đồng chí Ủy viên Ban Thường vụ đăng ký lịch đi cơ sở (**định kỳ hàng quý**).
2. Nhóm giải pháp khắc phục khuyết điểm về công tác phong trào
- Phối hợp với Hội Liên hiệp Thanh niên tỉnh thành lập câu lạc bộ ở hai đơn vị (hoàn thành trong \
tháng 6/2025), thu hút ít nhất 30 thanh niên.

IV. TỔ CHỨC THỰC HIỆN
- Giao Văn phòng chủ trì nhóm giải pháp 1; Ban Phong trào chủ trì nhóm giải pháp 2.
- Các ban báo cáo kết quả về Văn phòng trước ngày 01/12.

Trên đây là kế hoạch khắc phục khuyết điểm năm 2025./.

                                    TM. BAN THƯỜNG VỤ TỈNH ĐOÀN
                                    PHÓ BÍ THƯ
                                    (Đã ký)
                                    Đỗ Thị Ngân Hà
Nơi nhận:
- Thường trực Tỉnh ủy;
- Các ban Tỉnh đoàn;
- Lưu VP.
"""

COMMUNE_WITH_LABELS = """
ỦY BAN NHÂN DÂN              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒNG MƠ                        Độc lập - Tự do - Hạnh phúc
Số:     /KH-UBND                 Đồng Mơ, ngày     tháng 3 năm 2026

KẾ HOẠCH
Phòng, chống đuối nước trẻ em giai đoạn 2026 - 2028

Thực hiện Quyết định số 408/QĐ-UBND ngày 02/02/2026 của UBND tỉnh;
UBND xã Đồng Mơ ban hành kế hoạch:

A. MỤC TIÊU
- 90% trẻ em từ 6 tuổi biết bơi vào cuối năm 2028.
- Mỗi thôn có ít nhất 01 điểm cảnh báo.
B. NHIỆM VỤ, GIẢI PHÁP
1. Mở lớp dạy bơi
a) Nội dung: Mở lớp dạy bơi cho học sinh tiểu học trong hè.
b) Đơn vị chủ trì: Phòng Văn hóa - Xã hội.
c) Đơn vị phối hợp: Trạm Y tế, Công an xã.
d) Thời gian thực hiện: Từ ngày 01/6 đến ngày 31/7 hằng năm.
2. Cắm biển cảnh báo
- Rà soát, cắm biển cảnh báo ở nơi nước sâu.
- Thời gian: Quý II/2026.
C. TỔ CHỨC THỰC HIỆN
1. Phòng Văn hóa - Xã hội
- Chủ trì, phối hợp với các trường học triển khai kế hoạch.
- Tham mưu UBND xã báo cáo kết quả định kỳ 6 tháng và năm.
2. Công an xã: tuần tra các bến sông vào mùa mưa.
3. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam xã giám sát việc thực hiện.

Nơi nhận:                                 TM. ỦY BAN NHÂN DÂN
- UBND tỉnh;                                  KT. CHỦ TỊCH
- Lưu: VT.                                    PHÓ CHỦ TỊCH

                                              Vũ Đình Long
"""

TABLE_HEAD = ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành")
TABLE_ROWS = (
    ("1", "Thống kê nhà dột nát của hội viên", "Ban Phong trào", "Văn phòng", "Tháng 4/2026"),
    ("2", "Khởi công mười căn nhà đầu tiên", "Văn phòng", "Các xã, phường đoàn", "Trước ngày 15/8/2026"),
)
_TABLE_TITLE = "KẾ HOẠCH\nXóa nhà dột nát cho thanh niên năm 2026\n\nI. NỘI DUNG\n"
TABLE_BY_LINES = _TABLE_TITLE + "\n".join(cell for row in (TABLE_HEAD, *TABLE_ROWS) for cell in row) + "\n"
TABLE_BY_BARS = (
    _TABLE_TITLE + "\n".join("| " + " | ".join(row) + " |" for row in (TABLE_HEAD, ("---",) * 5, *TABLE_ROWS)) + "\n"
)
