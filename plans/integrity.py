"""Proves the state of an installation: files as they were handed in, nothing doubled, tree and log whole.

Each check yields a sentence for each fault it finds. It reads every file and every row of the log: for the night.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext as _

from plans.enums import ESCALATIONS
from plans.models import Deadline, Notice
from plans.orphans import file_fields
from units import audit
from units.models import Unit

Check = Callable[[], Iterator[str]]


def faults_in_files() -> Iterator[str]:
    """Name the stored files that are missing or not as handed in; a shared file once.

    A file whose hash is kept nowhere proves nothing: exports, which can be written anew.
    """
    seen: set[tuple[str, str]] = set()
    for row in chain.from_iterable(_rows_with_files(field.model) for field in file_fields()):
        key = (row.file.name or "", row.sha256)
        if key not in seen:
            seen.add(key)
            yield from _fault_in_file(row)


def doubled_rows() -> Iterator[str]:
    """Name occurrences and notices that stand more than once."""
    once_a_deadline = Deadline.objects.values("schedule", "unit", "occurrence")
    for found in once_a_deadline.order_by().annotate(n=Count("pk")).filter(n__gt=1):
        yield _("The occurrence %(occurrence)s of schedule %(schedule)s stands %(n)s times for unit %(unit)s.") % found
    for columns, notices in (
        (("recipient", "kind", "deadline", "day"), Notice.objects.all()),
        (("recipient", "kind", "deadline"), Notice.objects.filter(kind__in=ESCALATIONS)),
    ):
        for found in notices.values(*columns).order_by().annotate(n=Count("pk")).filter(n__gt=1):
            yield (
                _("A notice (%(kind)s) about deadline %(deadline)s to person %(recipient)s stands %(n)s times.")
                % found
            )


def faults_in_tree() -> Iterator[str]:
    """Name the units whose place in the tree is wrong: each path must lead from unit to unit up to a root."""
    wrong = (
        _("Unit %s has a path with strange characters."),
        _("Unit %s has a path of a wrong length."),
        _("Unit %s has no unit above it."),
        _("Unit %s stands at a wrong depth."),
        _("Unit %s counts its units below wrongly."),
    )
    for words, ids in zip(wrong, Unit.objects.find_problems(), strict=True):
        yield from (words % pk for pk in ids)


def faults_in_log() -> Iterator[str]:
    """Name the rows where the chain of the audit log is broken."""
    yield from (
        _("Row %s of the audit log was changed, or one before it is missing.") % pk for pk in audit.broken_links()
    )


CHECKS: Final[tuple[Check, ...]] = (faults_in_files, doubled_rows, faults_in_tree, faults_in_log)


def _rows_with_files(model: type[models.Model]) -> Iterator[Any]:
    """Yield the rows of a model that name a file, only what identifies it; none of a model that keeps no hash."""
    kept = {field.name for field in model._meta.fields} & {"file", "original_name", "sha256"}  # noqa: SLF001
    if "sha256" not in kept:
        return
    rows = model._base_manager.exclude(file="").order_by("pk")  # noqa: SLF001  # Django documents it
    yield from rows.only(*kept).iterator()


def _facts(row: Any) -> dict[str, Any]:
    """Return what names a row and its file; what we made ourselves came under no name, so its title stands there."""
    name = str(getattr(row, "original_name", row))
    return {"kind": row._meta.verbose_name, "pk": row.pk, "name": name, "file": row.file.name}  # noqa: SLF001


def _fault_in_file(row: Any) -> Iterator[str]:
    try:
        with row.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        yield _("%(kind)s %(pk)s: the file “%(name)s” (%(file)s) is missing or can't be read.") % _facts(row)
        return
    if digest != row.sha256:
        yield _("%(kind)s %(pk)s: the file “%(name)s” (%(file)s) is not what was handed in.") % _facts(row)
