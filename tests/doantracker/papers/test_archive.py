"""Archives: names no system reads as a path, an index no spreadsheet runs, checksums that verify."""

from __future__ import annotations

import csv
import hashlib
import io
from zipfile import ZipFile

import pytest

from doantracker.papers.archive import Entry, safe_name, write_archive


def written(*entries: Entry) -> ZipFile:
    out = io.BytesIO()
    write_archive(out, entries)
    return ZipFile(out)


def entry(name: str, content: bytes = b"abc", **more: str) -> Entry:
    return Entry("03-minh-chung", name, io.BytesIO(content), **more)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Báo cáo quý I.docx", "Bao-cao-quy-I.docx"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\x.exe", "C-Windows-x.exe"),
        ("đơn vị.pdf", "don-vi.pdf"),
        ("…", "tep"),
        ("a" * 200 + ".pdf", "a" * 80 + ".pdf"),
    ],
)
def test_names_are_plain(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_equal_names_do_not_overwrite_each_other() -> None:
    names = written(entry("a.pdf", b"1"), entry("A.pdf", b"2"), entry("a.pdf", b"3")).namelist()
    assert names[:3] == ["03-minh-chung/a.pdf", "03-minh-chung/A-2.pdf", "03-minh-chung/a-3.pdf"]


def test_every_file_and_the_index_verify_by_the_checksums() -> None:
    archive = written(entry("a.pdf", b"one"), entry("b.pdf", b"two"))
    lines = archive.read("SHA256SUMS").decode().splitlines()
    assert {line.split("  ")[1]: line.split("  ")[0] for line in lines} == {
        name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "SHA256SUMS"
    }


def test_the_index_names_what_changed_and_starts_no_formula() -> None:
    digest = hashlib.sha256(b"abc").hexdigest()
    archive = written(entry("a.pdf", about="=1+1", known_sha256=digest), entry("b.pdf", known_sha256="0" * 64))
    rows = list(csv.reader(io.StringIO(archive.read("muc-luc.csv").decode("utf-8-sig"))))
    assert rows[1:] == [
        ["03-minh-chung/a.pdf", "'=1+1", "3", digest, ""],
        ["03-minh-chung/b.pdf", "", "3", digest, "KHÁC TỆP GỐC"],
    ]
