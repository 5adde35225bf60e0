"""`python -m plans.reading FILE` prints what is read in a plan as JSON and writes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from plans.reading.as_json import draft_as_json
from plans.reading.reader import read_bytes
from plans.reading.readers import ReadError


def main(arguments: list[str]) -> int:
    """Read the file named in `arguments` and print its draft; return the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m plans.reading FILE\n")
        return 2
    path = Path(arguments[0])
    try:
        draft = read_bytes(path.read_bytes(), path.name)
    except (ReadError, OSError) as error:
        sys.stderr.write(f"{path.name}: {error}\n")
        return 1
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(json.dumps(draft_as_json(draft), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
