"""An archive: files in folders, an index, and a list of checksums by which anybody can verify it. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZipFile

SUMS: Final = "SHA256SUMS"
INDEX: Final = "muc-luc.csv"
CHUNK: Final = 1 << 20
LONGEST_NAME: Final = 80
LONGEST_ENDING: Final = 10
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Where a spreadsheet whose lists are parted by ";" begins a new cell within one of ours.
WITHIN: Final = re.compile(r"(;\s*\"?)(?=[=+\-@＝＋－＠])")
#: Names that Windows keeps for devices, whatever ending they have.
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its folder, what it is called there, its content, and words for the index."""

    folder: str
    name: str
    content: IO[bytes]
    about: str = ""
    known_sha256: str = ""  # as it was handed in; another one now is told in the index


def write_archive(out: IO[bytes], entries: Iterable[Entry]) -> int:
    """Write the entries, the index and the checksums; return how many files. Memory does not grow with them."""
    lines, sums, taken = [], [], {SUMS.casefold(), INDEX.casefold()}
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for entry in entries:
            path = _free("/".join([*_folders(entry.folder), safe_name(entry.name)]), taken)
            size, digest = _copy(archive, path, entry.content)
            changed = "" if entry.known_sha256 in {"", digest} else "KHÁC TỆP GỐC"
            lines.append((path, entry.about, str(size), digest, changed))
            sums.append((path, digest))
        index = _index(lines)
        archive.writestr(INDEX, index)
        sums.append((INDEX, hashlib.sha256(index).hexdigest()))
        archive.writestr(SUMS, "".join(f"{digest}  {path}\n" for path, digest in sums))
    return len(sums) + 1  # the checksums stand in no list


def safe_name(name: str) -> str:
    """Return a name that no system reads as a path or a device: letters without marks, digits, dots, hyphens."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    bare = re.sub(r"[^A-Za-z0-9._-]+", "-", plain.encode("ascii", "ignore").decode()).strip("-._")
    bare = re.sub(r"\.{2,}", ".", bare)
    stem, dot, ending = bare.rpartition(".")
    short = f"{stem[:LONGEST_NAME].rstrip('-._')}{dot}{ending[:LONGEST_ENDING]}" if dot else bare[:LONGEST_NAME]
    return f"tep-{short}" if RESERVED.match(short) else short.rstrip("-._") or "tep"


def as_cell(value: object) -> str:
    """Return a cell of a .csv that no spreadsheet takes for a formula."""
    text = WITHIN.sub(r"\1'", "" if value is None else str(value))
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _folders(path: str) -> list[str]:
    return [safe_name(part) for part in path.split("/") if part.strip(".")]


def _free(path: str, taken: set[str]) -> str:
    """Return a path that no other entry has, whatever the letters' case."""
    stem, dot, ending = path.rpartition(".")
    found, n = path, 1
    while found.casefold() in taken:
        n += 1
        found = f"{stem}-{n}{dot}{ending}" if dot else f"{path}-{n}"
    taken.add(found.casefold())
    return found


def _copy(archive: ZipFile, path: str, content: IO[bytes]) -> tuple[int, str]:
    """Copy a file in pieces; return its size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    with archive.open(path, "w") as target:
        while piece := content.read(CHUNK):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _index(lines: Iterable[tuple[str, ...]]) -> bytes:
    """Return the index as .csv that spreadsheets open: no cell begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Tệp", "Nội dung", "Dung lượng (byte)", "SHA-256", "Ghi chú"))
    writer.writerows([as_cell(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")
