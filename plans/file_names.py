"""What a file is called where people read it. The name it came with names no file of ours. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from doantracker.lib.text import nfc

LONGEST: Final = 150  # characters, the ending included
_LONGEST_ENDING: Final = 12
_NAMELESS: Final = "tep"


def shown_name(raw: str) -> str:
    """Return the last part of `raw` without what deceives a reader: folders, control and direction marks, length."""
    last = nfc(raw.replace("\\", "/")).rsplit("/", 1)[-1]
    visible = "".join(" " if c.isspace() else c for c in last if unicodedata.category(c)[0] != "C" or c.isspace())
    name = " ".join(visible.split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[:LONGEST] or _NAMELESS
    return f"{stem[: LONGEST - len(ending) - 1].rstrip() or _NAMELESS}.{ending}"
