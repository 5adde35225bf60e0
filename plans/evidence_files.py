"""What an uploaded file of evidence may be: looked at before it is stored, by its bytes, never decoded. Pure.

`fault_in` returns the code of what is wrong, a key of `plans.validators.FAULTS`, or nothing.
"""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import IO, Final

from plans.file_names import shown_name
from plans.pictures import PICTURES, picture_size
from plans.reading.readers import ReadError
from plans.reading.zip_checks import checked_archive
from plans.secrecy import secrecy_mark

MOST_PIXELS: Final = 200_000_000  # the largest camera of a phone
LONGEST_SIDE: Final = 30_000
_HEAD: Final = 1024  # %PDF- stands in the first kilobyte

#: By ending: what the list of contents of an Office file calls its main part.
OFFICE: Final[dict[str, bytes]] = {
    ".docx": b"wordprocessingml.document.main+xml",
    ".xlsx": b"spreadsheetml.sheet.main+xml",
    ".pptx": b"presentationml.presentation.main+xml",
}
OPEN_DOCUMENT: Final[dict[str, bytes]] = {
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
    ".odp": b"application/vnd.oasis.opendocument.presentation",
}
#: What is taken. A picture of a phone, a paper of the office; nothing a browser would run.
ENDINGS: Final = (".pdf", *OFFICE, *OPEN_DOCUMENT, *sorted(PICTURES))
_OLD: Final = frozenset({".doc", ".xls", ".ppt", ".rtf"})
_WITH_MACROS: Final = frozenset({".docm", ".xlsm", ".pptm", ".dotm", ".xlsb"})
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_LOCK: Final = "EncryptedPackage".encode("utf-16-le")  # a password makes an OLE file of a .docx
_MACROS: Final = ("macroenabled", "vbaproject")
_MACRO_FOLDERS: Final = ("Basic/", "Scripts/")
_LISTED: Final = 1024 * 1024  # bytes of a list of contents


def fault_in(file: IO[bytes], name: str, size: int, *, limit: int) -> str:
    """Return what is wrong with a file of `size` bytes called `name`; at most `limit` bytes are taken."""
    if size == 0:
        return "empty"
    if size > limit:
        return "too_large"
    if secrecy_mark(PurePath(shown_name(name)).stem):
        return "secret"
    ending = PurePath(shown_name(name)).suffix.lower()
    try:
        return _fault_by_ending(file, ending, size)
    finally:
        file.seek(0)


def _fault_by_ending(file: IO[bytes], ending: str, size: int) -> str:
    if ending in _WITH_MACROS:
        return "macros"
    if ending in _OLD:
        return "old"
    if ending == ".pdf":
        return "" if b"%PDF-" in file.read(_HEAD) else "mismatch"
    if ending in PICTURES:
        return _fault_in_picture(file, ending)
    if ending in OFFICE or ending in OPEN_DOCUMENT:
        return _fault_in_office_file(file, ending, size)
    return "kind"


def _fault_in_picture(file: IO[bytes], ending: str) -> str:
    found = picture_size(file, ending)
    if found is None or 0 in found:
        return "mismatch"
    return "pixels" if max(found) > LONGEST_SIDE or found[0] * found[1] > MOST_PIXELS else ""


def _fault_in_office_file(file: IO[bytes], ending: str, size: int) -> str:
    head = file.read(len(_OLE))
    file.seek(0)
    if head == _OLE:
        return "locked" if _OFFICE_LOCK in file.read() else "mismatch"
    if not head.startswith(b"PK\x03\x04"):
        return "mismatch"
    try:
        with checked_archive(file, packed=size) as archive:
            return _fault_in_archive(archive, ending)
    except ReadError as refused:
        if refused.detail == "macros":
            return "macros"
        return {"zip_bomb": "bomb", "unsafe": "unsafe"}.get(refused.code, "damaged")


def _fault_in_archive(archive: zipfile.ZipFile, ending: str) -> str:
    """Return what is wrong with what the archive, safe to unpack, says it holds."""
    names = archive.namelist()
    listed = "[Content_Types].xml" if ending in OFFICE else "mimetype"
    if listed not in names:
        return "mismatch"
    with archive.open(listed) as stream:
        said = stream.read(_LISTED).replace(b"\x00", b"")  # UTF-16 reads like ASCII then
    if any(mark in said.decode("ascii", "ignore").lower() for mark in _MACROS):
        return "macros"
    if ending in OPEN_DOCUMENT:
        if any(name.startswith(_MACRO_FOLDERS) for name in names):
            return "macros"
        return "" if said.strip() == OPEN_DOCUMENT[ending] else "mismatch"
    return "" if OFFICE[ending] in said else "mismatch"
