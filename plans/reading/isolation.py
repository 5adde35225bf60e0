"""Reads a file nobody has vouched for in a process of its own, under limits; this one lives on whatever happens.

The child gets the bytes on standard input and answers with JSON on standard output. It limits its own processor time
and memory before it looks at a byte (where the system can: Windows cannot), gives up network, other programs and
writing files (on Linux), and the parent limits the wall clock.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
import types
import typing
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from plans.reading.drafts import DraftPlan
from plans.reading.readers import MAX_BYTES, REASONS, ReadError

CPU_SECONDS = 10
MEMORY_BYTES = 512 * 1024 * 1024
WALL_SECONDS = 30
_MAX_NAME = 255

_ROOT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("SYSTEMROOT", "SystemRoot", "TEMP", "TMP", "PATH", "LANG")


def read_isolated(data: bytes, name: str, *, convert: str = "") -> DraftPlan:
    """Return the draft of the plan in the file `name` with content `data`, or raise `ReadError`.

    `convert` is the old encoding a person has agreed to convert from.
    """
    if not data:
        raise ReadError("empty")
    if len(data) > MAX_BYTES:
        raise ReadError("too_large")
    own_name = name[-_MAX_NAME:].replace("\x00", "")
    answer = ask_child("plans.reading", "--child", own_name, convert, data=data)
    return typing.cast("DraftPlan", decode(DraftPlan, answer["draft"]))


def ask_child(module: str, *arguments: str, data: bytes) -> dict[str, Any]:
    """Return what `python -m module` answers to `data`: its JSON, or its error as `ReadError`.

    The module limits itself (`limit_self`) before it looks at a byte.
    """
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    command = [sys.executable, "-X", "utf8", "-m", module, *arguments]
    try:
        run = subprocess.run(  # noqa: S603 - our own interpreter and module, the name is an argument of its own
            command, input=data, capture_output=True, cwd=_ROOT, env=environment, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReadError("too_expensive") from error
    if run.returncode != 0:
        raise ReadError("too_expensive", f"exit {run.returncode}")
    try:
        answer: dict[str, Any] = json.loads(run.stdout)
    except ValueError as error:
        raise ReadError("too_expensive") from error
    if "error" in answer:
        code = answer["error"] if answer["error"] in REASONS else "broken"
        preview = tuple((str(before), str(after)) for before, after in answer.get("preview", ()))
        raise ReadError(code, str(answer.get("detail", "")), preview)
    return answer


def child(data: bytes, name: str, convert: str = "") -> dict[str, Any]:
    """Return the answer of the child process for `data`: a draft or the code of an error."""
    from plans.reading.reader import read_bytes  # noqa: PLC0415 - after the limits are set

    try:
        return {"draft": encode(read_bytes(data, name, convert=convert))}
    except ReadError as error:
        return {"error": error.code, "detail": error.detail, "preview": error.preview}
    except (MemoryError, RecursionError):
        return {"error": "too_expensive"}


def limit_self(seconds: int = 0) -> None:
    """Limit this process in processor time, memory and what it may ask of the system, where such limits are known.

    `seconds` of processor time; 0: `CPU_SECONDS`.
    """
    from plans.reading.confinement import confine  # noqa: PLC0415 - only the child needs it

    confine()
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds or CPU_SECONDS, seconds or CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to its pipe and nowhere else


def encode(value: Any) -> Any:
    """Return `value` (dataclasses, tuples, dates, enums) as JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value


def decode(kind: Any, value: Any) -> Any:
    """Return the JSON value `value` as the type `kind`; the inverse of `encode`."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return None if value is None else decode(next(k for k in parts if k is not type(None)), value)
    if origin is tuple:
        kinds = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(decode(part, item) for part, item in zip(kinds, value, strict=True))
    if dataclasses.is_dataclass(kind):
        return kind(**{name: decode(hint, value[name]) for name, hint in _hints(kind).items()})  # type: ignore[operator, arg-type]
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    return kind(value) if isinstance(kind, type) and (kind is float or issubclass(kind, Enum)) else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
