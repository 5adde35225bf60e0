"""What .docx and .pdf share of the layout: how head and foot are parted, how much stands on a line. Pure."""

from __future__ import annotations

from typing import Final

#: Percents of the width that the left column takes.
HEAD_LEFT: Final = 49
FOOT_LEFT: Final = 40
#: Letters of bold capitals that fit on a line of the left head and of the right foot, measured with the font.
LONGEST_ISSUER: Final = 24
LONGEST_AUTHORITY: Final = 29
