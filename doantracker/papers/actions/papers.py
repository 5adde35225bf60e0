"""Acts on papers: prepare, change words, gather again, number, cancel, take along.

A paper with its number has left: nothing of it changes any more. A number given by mistake is cancelled (hủy), as
clerks do it: the register keeps it with the reason, nobody gets it again, and a new paper takes the next one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from doantracker.papers.actions.records import enter_number, numbered_before, own_number, take_number_out
from doantracker.papers.as_data import to_data
from doantracker.papers.composing import composed
from doantracker.papers.enums import Form
from doantracker.papers.forms.templates import explained
from doantracker.papers.gaps import Gap, bared, gaps_in
from doantracker.papers.gather.content import Content
from doantracker.papers.models import FirstNumber, OfficialPaper, Term
from doantracker.papers.paper import OPEN, Paper, printable
from doantracker.papers.regathered import Regathered, regathered
from doantracker.papers.renderings import rendered
from doantracker.papers.rights import may_write
from doantracker.papers.sources import gathered
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.wording import Overtaken, carried, wordable
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction
from units.permissions import Permission


class NumberTaken(ActionRefused):
    """The number was given to another paper; `free` is the next one that was not."""

    def __init__(self, number: int, free: int | None) -> None:
        words = _("Number %(number)s is given to another paper already. The next free number is %(free)s.")
        super().__init__(words % {"number": f"{number:02d}", "free": f"{free or number + 1:02d}"})
        self.free = free


class GapsOpen(ActionRefused):
    """The paper still holds places to look at (`Unsettled`), and nobody said that they are known."""

    def __init__(self, count: int) -> None:
        words = _(
            "%(count)s places of the paper are not settled: open (……), a heading with nothing beneath, or own words "
            "whose gathered text has changed. Settle them, or say that you know them."
        )
        super().__init__(words % {"count": count})


class NumbersSkipped(ActionRefused):
    """Numbers before the one that was typed would never be given; `skipped` names them: "324–329"."""

    def __init__(self, skipped: str) -> None:
        words = _("The number leaves %(numbers)s out. Take the next number, or say that they stay empty.")
        super().__init__(words % {"numbers": skipped})
        self.skipped = skipped


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What is to be known before a paper gets its number: open places, headings left bare, own words overtaken."""

    gaps: list[Gap]
    bared: list[str]
    overtaken: list[Overtaken]

    def __len__(self) -> int:
        return len(self.gaps) + len(self.bared) + len(self.overtaken)


def unsettled(paper: OfficialPaper) -> Unsettled:
    """Return the places of a draft that somebody settles, or says to know, before it gets its number."""
    return Unsettled(gaps_in(paper.paper), bared(paper.plain, paper.paper), paper.overtaken)


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
                subject=content.subject,
                title=content.abstract,
                day=paper.head.day,
                code=content.code,
                issued_before=content.issued is not None,
                right=content.right,
                gathered=to_data(paper),
                gathered_at=clock.now(),
                as_of=content.as_of,
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
    """Put other words in the place of those gathered, by their keys; the words that were gathered take them back.

    Keys that are not named stay. With own words is kept over which gathered text they were put: known from then on.
    """
    with _locked(paper, by, version) as row:
        refuse_numbered(row)
        plain = wordable(row.plain, whole=not row.issued_before)
        own = {key: printable(text).strip() for key, text in words.items() if key in plain}
        put_in = {key: nfc(text) for key, text in own.items() if text != plain[key].strip()}
        row.edits = _without(row.edits, own) | put_in
        row.worded_over = _without(row.worded_over, own) | {key: plain[key] for key in put_in}
        row.title = _title(row)
        row.save()
        _log(AuditAction.CHANGED, row, by)


def _gathered_for(paper: OfficialPaper, by: User, today: dt.date) -> Content:
    """Return what a paper is about as it is now; who may read the paper must be who may read that."""
    content = gathered(paper.kind, paper.subject, by, today)
    if (content.unit.pk, content.right) != (paper.unit_id, paper.right):
        raise ActionRefused(_("What this paper is about belongs to another unit now. Prepare a new paper about it."))
    return content


def gathered_anew(paper: OfficialPaper, *, by: User, today: dt.date) -> Regathered:
    """Return what gathering a draft again would come to."""
    new = composed(_gathered_for(paper, by, today), today)
    return regathered(paper.plain, new, paper.edits, paper.worded_over, whole=not paper.issued_before)


def gather_again(
    *, paper: OfficialPaper, by: User, version: int, take: Collection[str] = (), today: dt.date | None = None
) -> None:
    """Take what is known now; words that people put in stay but for those by the keys `take`.

    A numbered paper stays as it was sent.
    """
    today = today or clock.today()
    with _locked(paper, by, version) as row:
        refuse_numbered(row)
        content = _gathered_for(row, by, today)
        plain = composed(content, today)
        row.edits, row.worded_over = (
            _without(carried(row.plain, plain, words)[0], take) for words in (row.edits, row.worded_over)
        )
        row.gathered, row.gathered_at, row.day = to_data(plain), clock.now(), plain.head.day
        row.issued_before, row.code, row.as_of = content.issued is not None, content.code, content.as_of
        row.title = _title(row)
        row.save()
        _log(AuditAction.CHANGED, row, by)


def number_paper(
    *,
    paper: OfficialPaper,
    by: User,
    version: int,
    number: int,
    day: dt.date,
    with_gaps: bool = False,
    skip_numbers: bool | str = False,
    today: dt.date | None = None,
) -> None:
    """Give a paper its number of the term that runs on `day`, and keep its .docx: it can't be taken back.

    `with_gaps`: what is not settled in it is known, a pen fills open places; `skip_numbers`: those left out before it
    stay empty (True, or which were seen: "324–329").
    A number of a kind is given once a term, and numbers follow the days. The record the paper was made of shows it.
    The file is made before anything is locked, of the version that is locked afterwards: a long paper takes a second
    (measured: 2,300 rows of a table), and nobody who numbers another waits for it.
    """
    require(may_write(by, paper.unit, paper.right))
    if day > (today or clock.today()):
        raise ActionRefused(_("This day lies ahead. Give the number on the day on which the paper is signed."))
    seen = get_object_or_404(OfficialPaper.objects.select_related("unit"), pk=paper.pk)
    _refuse_stale(seen, version)
    _refuse_numbering(seen)
    _refuse_before_figures(seen, day)
    if not with_gaps and (places := unsettled(seen)):
        raise GapsOpen(len(places))
    numbered = _numbered(seen.plain, number, day)
    seen.gathered = to_data(numbered)
    content = _docx_of(seen)
    try:
        with _locked(paper, by, version) as row:
            term = _locked_term(row.unit, day)
            _refuse_second(row)
            _refuse_taken(row, term, number)
            skipped = _skipped(row, term, number)
            if skipped and skip_numbers not in {True, skipped}:
                raise NumbersSkipped(skipped)
            _refuse_order(_register(term, row.code), number, day)
            row.term, row.number, row.day, row.gathered = term, number, day, to_data(numbered)
            _keep_file(row, content)
            row.save()
            enter_number(row, by=by)
            _log(AuditAction.ISSUED, row, by)
    except IntegrityError as error:
        raise NumberTaken(number, next_number(paper, day)) from error


def cancel_paper(*, paper: OfficialPaper, by: User, version: int, reason: str, today: dt.date | None = None) -> None:
    """Cancel a numbered paper for a reason: it and its number stay, marked; the next paper takes another number.

    The record it was made of does not show the number any more.
    """
    reason = nfc(printable(reason)).strip()
    with _locked(paper, by, version) as row:
        if not row.number:
            raise ActionRefused(_("This paper has no number yet. Word it anew or gather it again."))
        if row.cancelled_on:
            raise ActionRefused(_("This paper is cancelled already."))
        if not reason:
            raise ActionRefused(_("Say why the paper is cancelled."))
        row.cancelled_on, row.cancel_reason = today or clock.today(), reason
        row.save()
        take_number_out(row, by=by)
        _log(AuditAction.CANCELLED, row, by, {"number": str(row.number), "reason": reason})


def discard_paper(*, paper: OfficialPaper, by: User, version: int) -> None:
    """Throw a draft away; a paper that had a number once stays in its register."""
    with _locked(paper, by, version) as row:
        if row.number:
            raise ActionRefused(_("This paper has its number and stays in the register. Cancel it if it is wrong."))
        _log(AuditAction.DROPPED, row, by)
        row.delete()


def term_of(unit: Unit, day: dt.date) -> Term | None:
    """Return the term of office that runs on `day`."""
    begun = Term.objects.filter(unit=unit, start__lte=day).order_by("-start").first()
    return begun if begun and (begun.end is None or begun.end >= day) else None


def next_number(paper: OfficialPaper, day: dt.date) -> int | None:
    """Return the number that comes next in the register of this paper: unit, kind, term. None without a term."""
    term = term_of(paper.unit, day)
    return _next_in(term, paper.code) if term else None


def _next_in(term: Term, code: str) -> int:
    given = OfficialPaper.objects.filter(term=term, code=code)
    taken = set(given.exclude(cancelled_on=None).values_list("number", flat=True))
    last = _register(term, code).aggregate(last=Max("number"))["last"]
    first = FirstNumber.objects.filter(term=term, code=code).values_list("number", flat=True).first()
    number: int = last + 1 if last else first or 1
    while number in taken:  # cancelled numbers are not given again
        number += 1
    return number


def last_numbered(paper: OfficialPaper, term: Term) -> OfficialPaper | None:
    """Return the paper with the highest number given in the register of this paper, a cancelled one too."""
    return OfficialPaper.objects.filter(term=term, code=paper.code).order_by("-number").first()


def last_standing(paper: OfficialPaper, term: Term) -> OfficialPaper | None:
    """Return the paper with the highest number that is not cancelled: the next one follows it."""
    return _register(term, paper.code).order_by("-number").first()


def _register(term: Term, code: str) -> QuerySet[OfficialPaper]:
    """Return the numbered papers of a kind and term; a cancelled one counts no more in their order."""
    return OfficialPaper.objects.filter(term=term, code=code, cancelled_on=None)


def _without(words: Mapping[str, str], keys: Collection[str]) -> dict[str, str]:
    return {key: text for key, text in words.items() if key not in keys}


def _title(row: OfficialPaper) -> str:
    """Return the title in lists and the log; about persons never what somebody wrote."""
    shown = row.paper if row.right == Permission.MANAGE_PLANS else row.plain
    return shown.abstract


def refuse_numbered(row: OfficialPaper) -> None:
    """Refuse to change a paper that has its number."""
    if row.number:
        raise ActionRefused(
            _("This paper has its number and stays as it is. Prepare a new one; cancel this one if it is wrong.")
        )


def _refuse_numbering(row: OfficialPaper) -> None:
    if row.number:
        raise ActionRefused(_("This paper has its number already."))
    if row.issued_before:
        raise ActionRefused(
            _("This was issued as %(number)s and carries that number. No other is given.")
            % {"number": row.plain.head.number}
        )
    if OPEN in row.paper.head.number.partition("/")[2]:
        raise ActionRefused(_("The code of the issuing body is not known. Choose “Word it anew” and enter it first."))


def _refuse_before_figures(row: OfficialPaper, day: dt.date) -> None:
    """Refuse a day on which nobody could know what the paper counts."""
    if row.as_of and day < row.as_of:
        words = _("This paper counts up to %(day)s: it can't bear an earlier day. Take that day or a later one.")
        raise ActionRefused(words % {"day": f"{row.as_of:%d/%m/%Y}"})


def _locked_term(unit: Unit, day: dt.date) -> Term:
    """Return the term of office that runs on `day`, held: numbers of a unit are given one after the other."""
    term = term_of(unit, day)
    if term is None:
        raise ActionRefused(
            _("No term of office of %(unit)s runs on that day. Have the administrator enter it first.")
            % {"unit": unit}
        )
    return Term.objects.select_for_update().get(pk=term.pk)


def _refuse_taken(row: OfficialPaper, term: Term, number: int) -> None:
    if OfficialPaper.objects.filter(term=term, code=row.code, number=number).exists():
        raise NumberTaken(number, _next_in(term, row.code))


def _refuse_second(row: OfficialPaper) -> None:
    """Refuse another number for a record that has one: typed into it, or of a paper that left before."""
    if first := numbered_before(row):
        words = _("This has the paper %(number)s already. Cancel that paper first.")
        raise ActionRefused(words % {"number": first.paper.head.number})
    if number := own_number(row):
        words = _(
            "This is recorded with the number %(number)s. See that its day is recorded too, "
            "then gather the paper again: it takes both."
        )
        raise ActionRefused(words % {"number": number})


def _skipped(row: OfficialPaper, term: Term, number: int) -> str:
    """Return which numbers a register leaves out that goes on with `number`; one that has not begun skips none."""
    begun = _register(term, row.code).exists() or FirstNumber.objects.filter(term=term, code=row.code).exists()
    free = _next_in(term, row.code)
    if not begun or number <= free:
        return ""
    return f"{free:02d}" if number == free + 1 else f"{free:02d}–{number - 1:02d}"


def _refuse_order(register: QuerySet[OfficialPaper], number: int, day: dt.date) -> None:
    """Refuse a number that does not follow the days: a lower one of a later day, a higher one of an earlier day."""
    before = register.filter(number__lt=number, day__gt=day).order_by("-day").first()
    after = register.filter(number__gt=number, day__lt=day).order_by("day").first()
    if found := before or after:
        words = _("Number %(number)s was given on %(day)s: numbers follow the days. Take %(cure)s.")
        cure = _("that day or a later one") if before else _("that day or an earlier one, or the next free number")
        raise ActionRefused(words % {"number": found.number, "day": f"{found.day:%d/%m/%Y}", "cure": cure})


def _docx_of(row: OfficialPaper) -> bytes:
    try:
        return rendered(row, Form.DOCX)
    except TemplateFaultError as fault:
        words = _("The template in use does not work for this paper: %(why)s")
        raise ActionRefused(words % {"why": explained(fault)}) from fault


def _keep_file(row: OfficialPaper, content: bytes) -> None:
    """Keep the .docx as it leaves. A file whose act comes to nothing is swept away (`plans.orphans`)."""
    row.sha256 = hashlib.sha256(content).hexdigest()
    row.file.save(f"{get_random_string(32)}.docx", ContentFile(content), save=False)


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
        rows = OfficialPaper.objects.select_for_update(of=("self",)).select_related("unit")
        row: OfficialPaper = get_object_or_404(rows, pk=paper.pk)  # 404: thrown away meanwhile
        _refuse_stale(row, version)
        row.version += 1
        yield row


def _refuse_stale(row: OfficialPaper, version: int) -> None:
    if row.version != version:
        raise Stale(_("Somebody changed this paper meanwhile. Look at it as it is now, then do it again."))


def _log(action: AuditAction, paper: OfficialPaper, by: User, data: dict[str, str] | None = None) -> None:
    audit.record(action, by=by, obj=paper, unit_id=paper.unit_id, data=data)
