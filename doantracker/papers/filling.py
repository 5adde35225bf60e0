"""Fills a template that somebody put in, in a process of its own under the limits of `plans.reading.isolation`.

`python -m doantracker.papers.filling` is the child: it gets a paper and a template on standard input and answers with
the .docx, or with what is wrong, on standard output. A template that computes without end ends there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from doantracker.papers.as_data import from_data, to_data
from doantracker.papers.paper import Paper
from doantracker.papers.template_checks import TemplateFaultError, check_filled, check_shown, check_template

CPU_SECONDS: int = 10
WALL_SECONDS: Final = 30
PASSED_ON: Final = ("SYSTEMROOT", "SystemRoot", "TEMP", "TMP", "PATH", "LANG")
ROOT: Final = Path(__file__).resolve().parents[2]
MOST_ANSWER: Final = 64 * 1024 * 1024


def fill_template(paper: Paper, template: bytes, needed: Collection[str] = ()) -> bytes:
    """Return the paper as .docx in a template that an administrator put in; raises `TemplateFaultError`.

    `needed` are marks without which the template is refused, where the paper has words for them.
    """
    check_template(template)
    data = {"paper": to_data(paper), "template": b64encode(template).decode(), "needed": [*needed]}
    asked = json.dumps(data).encode()
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    command = [sys.executable, "-X", "utf8", "-m", "doantracker.papers.filling", str(CPU_SECONDS)]
    try:
        run = subprocess.run(  # noqa: S603  # our own interpreter and module
            command, input=asked, capture_output=True, cwd=ROOT, env=environment, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TemplateFaultError("too_expensive") from error
    if run.returncode or len(run.stdout) > MOST_ANSWER:
        raise TemplateFaultError("too_expensive")
    answer = json.loads(run.stdout)
    if "fault" in answer:
        raise TemplateFaultError(answer["fault"], answer["about"])
    return b64decode(answer["docx"])


def answer_to(asked: bytes) -> dict[str, Any]:
    """Return the answer of the child: a document, or a fault and what it is about."""
    from doantracker.papers.docx import words_of  # noqa: PLC0415  # after the limits are set
    from doantracker.papers.rendering import as_docx  # noqa: PLC0415  # after the limits are set

    data = json.loads(asked)
    try:
        paper = from_data(data["paper"])
        filled = as_docx(paper, b64decode(data["template"]))
        check_filled(filled)
        words = words_of(paper)
        check_shown(filled, {name: words[name] for name in data["needed"] if words[name]})
        return {"docx": b64encode(filled).decode()}
    except TemplateFaultError as fault:
        return {"fault": fault.code, "about": fault.about}
    except (MemoryError, RecursionError):
        return {"fault": "too_expensive", "about": ""}


def main() -> int:
    """Answer what is asked on standard input."""
    from plans.reading.isolation import limit_self  # noqa: PLC0415  # only the child limits itself

    limit_self(int(sys.argv[1]))
    sys.stdout.buffer.write(json.dumps(answer_to(sys.stdin.buffer.read())).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
