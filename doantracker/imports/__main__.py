"""`python -m doantracker.imports`: the child of `sheet.read_sheet`; a workbook comes in, its cells go out as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from plans.reading.isolation import limit_self
from plans.reading.readers import MAX_BYTES, ReadError

MAX_ANSWER: Final = 24 * 1024 * 1024  # characters: 5,000 rows of long texts


def main() -> int:
    """Answer to standard input; return the exit status."""
    limit_self()
    from doantracker.imports.sheet import cells_of  # noqa: PLC0415 - the limits come first

    answer: dict[str, Any]
    try:
        answer = cells_of(sys.stdin.buffer.read(MAX_BYTES + 1))
    except ReadError as error:
        answer = {"error": error.code, "detail": error.detail}
    except (MemoryError, RecursionError):
        answer = {"error": "too_expensive"}
    text = json.dumps(answer, ensure_ascii=False)
    if len(text) > MAX_ANSWER:
        text = json.dumps({"error": "too_expensive", "detail": "answer"})
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
