"""`python -m plans.reading FILE` prints what is read in a plan as JSON and writes nothing.

`python -m plans.reading --child NAME CONVERT` is the other side of `isolation.read_isolated`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from plans.reading.readers import MAX_BYTES, ReadError

MAX_ANSWER = 16 * 1024 * 1024  # characters: ten times what the longest plan gives


def main(arguments: list[str]) -> int:
    """Read the file named in `arguments` and print its draft; return the exit status."""
    if arguments[:1] == ["--child"]:
        return _child(arguments[1], arguments[2])
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m plans.reading FILE\n")
        return 2
    from plans.reading.as_json import draft_as_json  # noqa: PLC0415 - the child sets its limits first
    from plans.reading.reader import read_bytes  # noqa: PLC0415

    path = Path(arguments[0])
    try:
        draft = read_bytes(path.read_bytes(), path.name)
    except (ReadError, OSError) as error:
        sys.stderr.write(f"{path.name}: {error}\n")
        return 1
    _write(json.dumps(draft_as_json(draft), ensure_ascii=False, indent=1))
    return 0


def _child(name: str, convert: str) -> int:
    from plans.reading.isolation import child, limit_self  # noqa: PLC0415

    limit_self()
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    answer = json.dumps(child(data, name, convert), ensure_ascii=False)
    if len(answer) > MAX_ANSWER:  # the parent decodes it where no limit holds
        answer = json.dumps({"error": "too_expensive", "detail": "answer"})
    _write(answer)
    return 0


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
