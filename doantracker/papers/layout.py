"""What .docx and .pdf share of the layout: how head and foot are parted, how much stands on a line. Pure."""

from __future__ import annotations

from typing import Final

#: Points in the cells of tables, and between a table and what follows.
CELL_SIDE: Final = 5
TABLE_GAP: Final = 8
#: Percents of the width that the left column takes.
HEAD_LEFT: Final = 49
FOOT_LEFT: Final = 40
#: Letters of bold capitals that fit on a line of the left head and of the right foot, measured with the font.
LONGEST_ISSUER: Final = 24
LONGEST_AUTHORITY: Final = 29
