"""Makes the PDF files beside it: `python tests/documents/make_pdfs.py`, with Chromium and DejaVu fonts installed.

`ke-hoach-khac-phuc.pdf` is the text of the same name as an office prints it: head and signature in two columns, full
justification, numbered pages with a foot line. `ke-hoach-bang.pdf` has what else a page can have: a task table over
two pages with a repeated head and merged cells, a footnote, two columns of prose. Plan and persons are invented.
"""

from __future__ import annotations

import html
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
NUMBER = '<div style="font-size:9pt;width:100%;text-align:center"><span class="pageNumber"></span></div>'
FOOT = '<div style="font-size:8pt;width:100%;padding-left:20mm">Tài liệu lưu hành trong Tỉnh đoàn</div>'
STYLE = """
@page { size: A5; margin: 20mm 12mm 20mm 20mm }
body { font: 11pt/1.4 'DejaVu Serif'; margin: 0 }
p { margin: 4pt 0; text-indent: 8mm; text-align: justify }
.centre { text-align: center; text-indent: 0; font-weight: bold }
.two { width: 100%; text-align: center; border-collapse: collapse; font-size: 9pt; white-space: nowrap }
.two td { width: 50%; vertical-align: top; padding: 0 2mm }
.list td, .list th { border: 1px solid #000; padding: 1mm; vertical-align: top; font-size: 9pt }
.list { border-collapse: collapse; width: 100% } .prose { columns: 2; column-gap: 8mm } .prose p { text-indent: 0 }
.note { font-size: 8pt; text-indent: 0; border-top: 1px solid #000; width: 60mm }
"""


def paragraphs(rows: list[str]) -> str:
    """Return each row that holds something as a paragraph."""
    return "".join(f"<p>{html.escape(row)}</p>" for row in rows if row.strip())


def cells(left: list[str], right: list[str]) -> str:
    """Return two columns side by side, as head and signature stand."""
    sides = ("<br>".join(map(html.escape, side)) for side in (left, right))
    return '<table class="two"><tr>' + "".join(f"<td>{side}</td>" for side in sides) + "</tr></table>"


def plan() -> str:
    """Return the plan of the text file, printed as an office does."""
    rows = (HERE / "ke-hoach-khac-phuc.txt").read_text(encoding="utf-8").splitlines()
    title, first, end = rows.index("KẾ HOẠCH"), rows.index("I. MỤC ĐÍCH"), rows.index("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN")
    head = [row for row in rows[:title] if row.strip()]
    tail = [row for row in rows[end:] if row.strip()]
    recipients = tail.index("Nơi nhận:")
    return (
        cells(head[:-1], ["ĐOÀN TNCS HỒ CHÍ MINH", "", head[-1]])
        + "".join(f'<p class="centre">{row}</p>' for row in rows[title : title + 2])
        + paragraphs(rows[title + 2 : first])
        + paragraphs(rows[first:end])
        + cells(tail[recipients:-1], [*tail[:recipients], "", "", "", tail[-1]])
    )


def table() -> str:
    """Return a plan with a table, a footnote, and two columns of prose."""
    head = "".join(f"<th>{name}</th>" for name in ("STT", "Nội dung", "Chủ trì", "Thời gian"))
    work = [
        (
            "Rà soát danh sách thanh niên chưa có việc làm ở từng thôn, lập sổ theo dõi chung",
            "Văn phòng",
            "Tháng 3/2026",
        ),
        ("Mở lớp dạy nghề sửa máy nông nghiệp cho thanh niên ở các xã vùng cao", "Ban Phong trào", "Quý II/2026"),
        ("Giới thiệu việc làm tại phiên chợ việc làm mùa thu của tỉnh", "Ban Phong trào", "Trước ngày 15/9/2026"),
    ]
    rows = "".join(
        f"<tr><td>{n}</td><td>{what}</td><td>{who}</td><td>{when}</td></tr>"
        for n, (what, who, when) in enumerate(work * 5, start=1)
    )
    merged = '<tr><td colspan="4">I. VIỆC LÀM</td></tr>'
    prose = (
        "<p>Các đơn vị căn cứ tình hình thực tế để chọn cách làm phù hợp, không chạy theo số lượng, không làm thay "
        "việc của cơ sở và báo cáo trung thực kết quả đạt được.</p>"
        "<p>Văn phòng tổng hợp ý kiến của các đơn vị, trình Thường trực xem xét, trả lời trong mười ngày.</p>"
    )
    return (
        '<p class="centre">KẾ HOẠCH</p><p class="centre">Giúp thanh niên có việc làm năm 2026</p>'
        "<p>I. NỘI DUNG</p><p>Phấn đấu giúp 150 thanh niên<sup>1</sup> có việc làm ổn định; diện tích vườn ươm là "
        "200 m<sup>2</sup> theo Kế hoạch số 08-KH/TĐTN ngày 02/02/2026.</p>"
        f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{merged}{rows}</tbody></table>'
        f'<p>II. TỔ CHỨC THỰC HIỆN</p><div class="prose">{prose * 4}</div>'
        '<p class="note"><sup>1</sup> Theo số liệu rà soát của cơ sở.</p>'
    )


def main() -> None:
    """Write both files."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, body in (("ke-hoach-khac-phuc", plan()), ("ke-hoach-bang", table())):
            page = browser.new_page()
            page.set_content(f'<meta charset="utf-8"><style>{STYLE}</style>{body}')
            page.pdf(
                path=HERE / f"{name}.pdf",
                prefer_css_page_size=True,
                display_header_footer=True,
                header_template=NUMBER,
                footer_template=FOOT,
            )
        browser.close()


if __name__ == "__main__":
    main()
