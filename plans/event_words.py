"""What the words of a plan say about an event: its kind, and whose meeting it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from doantracker.lib.text import nfc
from plans.enums import EventKind

#: In the order in which they are looked for, with their accents: "họp" is a meeting, "tổng hợp" is none.
_KINDS: Final = (
    (EventKind.INSPECTION, r"kiểm tra|giám sát|khảo sát"),
    (EventKind.TRIP, r"chuyến đi|đi cơ sở|công tác cơ sở"),
    (EventKind.MEETING, r"họp|hội nghị|đại hội|sinh hoạt"),
    (EventKind.ISSUE, r"ban hành|phát hành|có (?:công văn|văn bản|quyết định|hướng dẫn|thông báo|kết luận)"),
    (EventKind.COMPLETION, r"hoàn thành|kết thúc|tổng kết"),
)
_LEADING: Final = re.compile(r"(?:ngay )?(?:sau |trước )?(?:khi|mỗi) ", re.IGNORECASE)
_MEETING: Final = re.compile(r"\b(?:họp|hội nghị|kiểm điểm)\b")
_STANDING_COMMITTEE: Final = re.compile(r"\b(?:ban thường vụ|btv)\b")


def kind_of_words(words: str) -> EventKind:
    """Return what kind of event `words` name, as far as they say."""
    read = nfc(words).lower()
    return next((kind for kind, found in _KINDS if re.search(rf"\b(?:{found})\b", read)), EventKind.OTHER)


def event_name(words: str) -> str:
    """Return what the words of a plan call an event: "khi ban hành kế hoạch" without the "khi"."""
    return _LEADING.sub("", " ".join(words.split()))


def means_standing_committee(*texts: str) -> bool:
    """Return whether one of `texts` speaks of a meeting of the standing committee: "Hội nghị BTV …"."""
    return any(_MEETING.search(t) and _STANDING_COMMITTEE.search(t) for t in (nfc(text).lower() for text in texts))


def asks_executive_committee(*texts: str, has_standing_committee: bool, others: Iterable[str] = ()) -> bool:
    """Return whether a unit is asked for a meeting of its executive committee (BCH) instead of the one named.

    Where a unit has no standing committee, its executive committee holds the meeting. `others` are names of another
    unit: a meeting of that one's committee is none of its own.
    """
    if has_standing_committee or not means_standing_committee(*texts):
        return False
    words = " ".join(nfc(text).lower() for text in texts)
    names = "|".join(re.escape(nfc(name).lower()) for name in others if name)
    return not (names and re.search(rf"\b(?:ban thường vụ|btv)\s+(?:{names})\b", words))
