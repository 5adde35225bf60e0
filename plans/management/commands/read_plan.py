"""manage.py read_plan FILE: prints the draft a file is read as. Writes nothing and asks no database."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from plans.forms.imports import read_message
from plans.reading.as_json import draft_as_json
from plans.reading.isolation import read_isolated
from plans.reading.readers import MAX_BYTES, ReadError


class Command(BaseCommand):
    """Reads the plan in a file and prints it as JSON."""

    help = "Reads the plan in a .docx, .pdf, .txt or .md file and prints it as JSON. Nothing is saved."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_options: Any) -> None:
        """Read and print; UTF-8 also where the console has another encoding."""
        data = content_of(file)
        try:
            draft = read_isolated(data, file.name)
        except ReadError as error:
            raise CommandError(read_message(error.code)) from error
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        self.stdout.write(json.dumps(draft_as_json(draft), ensure_ascii=False, indent=1))


def content_of(file: Path) -> bytes:
    """Return the bytes of a file, or say what is wrong with its path."""
    try:
        if not file.is_file():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if file.stat().st_size > MAX_BYTES:
            raise CommandError(read_message("too_large"))
        return file.read_bytes()
    except OSError as error:
        message = _("The file “%(file)s” can't be read: %(reason)s.")
        raise CommandError(message % {"file": file, "reason": error.strerror}) from error
