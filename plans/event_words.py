"""What the words of a plan say about an event: its kind, and whose meeting it is. Pure."""

from __future__ import annotations

import re
from typing import Final

from doantracker.lib.text import search_key
from plans.enums import EventKind

#: In the order in which they are looked for, folded.
_KINDS: Final = (
    (EventKind.INSPECTION, r"kiem tra|giam sat|khao sat"),
    (EventKind.TRIP, r"chuyen di|di co so|cong tac co so"),
    (EventKind.MEETING, r"hop|hoi nghi|dai hoi|sinh hoat"),
    (EventKind.ISSUE, r"ban hanh|phat hanh|co (?:cong van|van ban|quyet dinh|huong dan|thong bao|ket luan)"),
    (EventKind.COMPLETION, r"hoan thanh|ket thuc|tong ket"),
)
_LEADING: Final = re.compile(r"(?:ngay )?(?:sau |trước )?(?:khi|mỗi) ", re.IGNORECASE)
_MEETING: Final = re.compile(r"\b(?:hop|phien hop|ky hop|hoi nghi|kiem diem)\b")
_STANDING_COMMITTEE: Final = re.compile(r"\b(?:ban thuong vu|btv)\b")


def kind_of_words(words: str) -> EventKind:
    """Return what kind of event `words` name, as far as they say."""
    folded = search_key(words)
    return next((kind for kind, found in _KINDS if re.search(rf"\b(?:{found})\b", folded)), EventKind.OTHER)


def event_name(words: str) -> str:
    """Return what the words of a plan call an event: "khi ban hành kế hoạch" without the "khi"."""
    return _LEADING.sub("", " ".join(words.split()))


def means_standing_committee(*texts: str) -> bool:
    """Return whether one of `texts` speaks of a meeting of the standing committee: "Hội nghị BTV …"."""
    return any(_MEETING.search(t) and _STANDING_COMMITTEE.search(t) for t in map(search_key, texts))


def asks_executive_committee(*texts: str, has_standing_committee: bool) -> bool:
    """Return whether a unit is asked for a meeting of its executive committee (BCH) instead of the one named.

    Where a unit has no standing committee, its executive committee holds the meeting.
    """
    return not has_standing_committee and means_standing_committee(*texts)
