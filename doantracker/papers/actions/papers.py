"""Acts on papers: prepare, change words, gather again, number, take along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from doantracker.papers.as_data import to_data
from doantracker.papers.composing import composed
from doantracker.papers.models import OfficialPaper, Term
from doantracker.papers.paper import Paper, printable
from doantracker.papers.rights import may_write
from doantracker.papers.sources import gathered
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


def prepare_paper(*, kind: str, subject: str, by: User, key: str = "", today: dt.date | None = None) -> OfficialPaper:
    """Gather a paper about `subject` ("plan=12") and keep it. With the `key` of a form sent before: what it made."""
    today = today or clock.today()
    content = gathered(kind, subject, by, today)
    require(may_write(by, content.unit, content.right))
    made = made_before(OfficialPaper, key, by=by)
    if made:
        return made
    paper = composed(content, today)
    try:
        with transaction.atomic():
            row = OfficialPaper.objects.create(
                unit=content.unit,
                kind=kind,
                subject=subject,
                title=content.abstract,
                day=today,
                code=content.code,
                right=content.right,
                gathered=to_data(paper),
                gathered_at=clock.now(),
                created_by=by,
                created_at=clock.now(),
                form_key=key,
            )
            _log(AuditAction.CREATED, row, by)
    except IntegrityError:  # the same form twice at once
        made = made_before(OfficialPaper, key, by=by)
        if made is None:
            raise
        return made
    return row


def edit_paper(*, paper: OfficialPaper, by: User, version: int, words: Mapping[str, str]) -> None:
    """Put other words in the place of paragraphs, by their keys; the words that were gathered are no change."""
    with _locked(paper, by, version) as row:
        own = row.plain.paragraphs
        row.edits = {
            key: nfc(printable(text)).strip()
            for key, text in words.items()
            if key in own and printable(text).strip() != own[key].strip()
        }
        row.save()
        _log(AuditAction.CHANGED, row, by)


def fresh(paper: OfficialPaper, *, by: User, today: dt.date) -> Paper:
    """Return the paper as it would be gathered now, with its number."""
    content = gathered(paper.kind, paper.subject, by, today)
    return composed(content, today, paper.number)


def gather_again(*, paper: OfficialPaper, by: User, version: int, today: dt.date | None = None) -> None:
    """Take what is known now; words that people put in stay. A numbered paper stays as it was sent."""
    today = today or clock.today()
    with _locked(paper, by, version) as row:
        if row.number:
            raise ActionRefused(_("This paper has its number and stays as it is. Prepare a new one."))
        row.gathered, row.gathered_at, row.day = to_data(fresh(row, by=by, today=today)), clock.now(), today
        row.save()
        _log(AuditAction.CHANGED, row, by)


def number_paper(*, paper: OfficialPaper, by: User, version: int, number: int, day: dt.date) -> None:
    """Give a paper its number of the term that runs on `day`; a number of a kind is given once a term."""
    try:
        with _locked(paper, by, version) as row:
            if row.number:
                raise ActionRefused(_("This paper has its number already."))
            term = term_of(row.unit, day)
            if term is None:
                raise ActionRefused(
                    _("No term of office of %(unit)s runs on that day. Have the administrator enter it first.")
                    % {"unit": row.unit}
                )
            Term.objects.select_for_update().get(pk=term.pk)
            row.term, row.number, row.day = term, number, day
            plain = row.plain
            row.gathered = to_data(_numbered(plain, number, day))
            row.save()
            _log(AuditAction.ISSUED, row, by)
    except IntegrityError as error:
        raise ActionRefused(_("This number is taken. Take another.")) from error


def term_of(unit: Unit, day: dt.date) -> Term | None:
    """Return the term of office that runs on `day`."""
    begun = Term.objects.filter(unit=unit, start__lte=day).order_by("-start").first()
    return begun if begun and (begun.end is None or begun.end >= day) else None


def next_number(paper: OfficialPaper, day: dt.date) -> int | None:
    """Return the number that comes next for the kind of this paper; None without a term."""
    term = term_of(paper.unit, day)
    if term is None:
        return None
    last = OfficialPaper.objects.filter(term=term, code=paper.code).aggregate(last=Max("number"))["last"]
    return max(term.first_number, (last or 0) + 1)


def note_download(*, paper: OfficialPaper, by: User, form: str) -> None:
    """Log that somebody took the paper along."""
    _log(AuditAction.DOWNLOADED, paper, by, {"form": form})


def _numbered(paper: Paper, number: int, day: dt.date) -> Paper:
    """Return the paper with its number and day in the head."""
    text = paper.head.number.partition("-")[2]
    return replace(paper, head=replace(paper.head, number=f"{number:02d}-{text}", day=day))


@contextmanager
def _locked(paper: OfficialPaper, by: User, version: int) -> Iterator[OfficialPaper]:
    """Yield the locked row in the version that was seen, the next one entered."""
    require(may_write(by, paper.unit, paper.right))
    with transaction.atomic():
        row: OfficialPaper = (
            OfficialPaper.objects.select_for_update(of=("self",)).select_related("unit").get(pk=paper.pk)
        )
        if row.version != version:
            raise Stale(_("Somebody changed this paper meanwhile. Look at it as it is now, then do it again."))
        row.version += 1
        yield row


def _log(action: AuditAction, paper: OfficialPaper, by: User, data: dict[str, str] | None = None) -> None:
    audit.record(action, by=by, obj=paper, unit_id=paper.unit_id, data=data)
