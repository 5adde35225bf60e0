"""Official papers: the list, preparing one, looking, wording anew, gathering again, numbering, cancelling, files."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from doantracker.lib import clock
from doantracker.papers.actions import papers as actions
from doantracker.papers.actions.reading import note_paper_reading
from doantracker.papers.actions.records import day_of_record
from doantracker.papers.composing import composed
from doantracker.papers.enums import Form, PaperKind
from doantracker.papers.forms.papers import AgainForm, CancelForm, NumberForm, SeenForm, WordsForm, labels_of
from doantracker.papers.forms.templates import explained
from doantracker.papers.models import OfficialPaper
from doantracker.papers.page import sheet_of
from doantracker.papers.renderings import RENDERERS, file_name, is_kept, rendered, template_in_use
from doantracker.papers.rights import may_write
from doantracker.papers.sources import gathered
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.wording import Overtaken
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.models import Plan
from plans.paging import PER_PAGE, CappedPaginator
from plans.rights import may_manage, may_read_papers
from plans.views.acting import posted
from plans.views.sent import key_for_form, key_of
from plans.views.shared import Request, as_download, done, refused
from units.access import get_visible_or_404, require
from units.administration import administers_all
from units.permissions import Permission

FORM = "components/form_page.html"
ROWS_AT_ONCE = 1500  # in tables; a longer paper takes more than a few seconds, and a job writes it
#: The pages on which papers are begun.
BEGINS = (
    (gettext_lazy("Plans"), "plans:plans"),
    (gettext_lazy("Statistics"), "plans:figures"),
    (gettext_lazy("Meetings"), "reviews:meetings"),
    (gettext_lazy("Inspection and supervision"), "reviews:inspections"),
    (gettext_lazy("Periodic reports"), "reviews:report_kinds"),
    (gettext_lazy("Field trips"), "reviews:trip_coverage"),
    (gettext_lazy("Surveys"), "reviews:surveys"),
    (gettext_lazy("Commendation proposals"), "reviews:commendations"),
)
MOST_GAPS = 20  # open places listed
NUMBER_FIELDS = ("version", "number", "day", "with_gaps", "skip_numbers")
OF_A_PLAN = (PaperKind.PROGRESS, PaperKind.REMEDIATION, PaperKind.PLAN)


@require_safe
def paper_list(request: Request) -> HttpResponse:
    """Show the papers of the units whose plans this person runs or whose papers they sign, the newest first."""
    rows = OfficialPaper.objects.visible_to(request.user).select_related("unit", "created_by").with_symbol()
    kind = request.GET.get("kind", "")
    rows = rows.filter(kind=kind) if kind in PaperKind.values else rows
    paginator = CappedPaginator(rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "total": paginator.label,
        "kinds": PaperKind.choices,
        "kind": kind,
        "begins": [(label, reverse(name)) for label, name in BEGINS]
        if request.user.may(Permission.MANAGE_PLANS)
        else [],
        "may_configure": request.user.may(Permission.CONFIGURE),
        "may_set_templates": administers_all(request.user),
    }
    return render(request, "papers/papers.html", context)


@require_safe
def of_plan(request: Request, pk: int) -> HttpResponse:
    """Show which papers can be prepared about a plan, and those that were; to who signs them only these."""
    plan: Plan = get_visible_or_404(Plan.objects.select_related("issuing_unit"), request.user, pk)
    require(may_read_papers(request.user, plan) and plan.status != PlanStatus.DRAFT)
    rows = (
        OfficialPaper.objects.visible_to(request.user).filter(subject=f"plan={plan.pk}").select_related("created_by")
    )
    context = {
        "plan": plan,
        "may_manage": may_manage(request.user, plan),
        "kinds": [PaperKind(kind) for kind in OF_A_PLAN],
        "rows": rows.with_symbol()[:PER_PAGE],
    }
    return render(request, "papers/of_plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request, kind: str) -> HttpResponse:
    """Show the paper as it would be gathered now; POST keeps it."""
    subject, today = request.GET.urlencode(), clock.today()
    content = gathered(kind, subject, request.user, today)
    require(may_write(request.user, content.unit, content.right))
    if request.method == "POST":
        made = actions.prepare_paper(kind=kind, subject=subject, by=request.user, key=key_of(request), today=today)
        done(request, _("The paper is prepared. Look through it, then give it a number or take it along."))
        return redirect(made)
    note_paper_reading(kind=kind, subject=subject, by=request.user)
    context = sheet_of(composed(content, today)) | {"kind": PaperKind(kind), "key": key_for_form(request)}
    return render(request, "papers/prepare.html", context)


@require_safe
def paper(request: Request, pk: int) -> HttpResponse:
    """Show a paper as it leaves."""
    row = _read(request, _visible(request, pk))
    shown = row.paper
    context = sheet_of(shown) | {
        "row": row,
        "forms": [(form.value, form.label) for form in Form if form != Form.XLSX or shown.tables],
        "may_write": may_write(request.user, row.unit, row.right),
        "wordable": bool(row.wordable),
        "own_template": template_in_use(row.kind) is not None,
        "overtaken": _named(row, row.overtaken),
    }
    return render(request, "papers/paper.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Word head, foot and paragraphs anew."""
    row = _read(request, _writable(request, pk))
    if not row.wordable:
        return _frozen(request, row)
    form = WordsForm(posted(request), paper=row)
    context = _context(row, form, _("Word it anew"), _("Save"))
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    try:
        actions.edit_paper(paper=row, by=request.user, version=form.cleaned_data["version"], words=form.words)
    except ActionRefused as refusal:
        return refused(request, FORM, context, refusal)
    done(request, _("Your words are saved. They stay when the paper is gathered again."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Request, pk: int) -> HttpResponse:
    """Show what would change if the paper were gathered now; POST takes it."""
    row = _read(request, _writable(request, pk))
    if row.number:
        return _frozen(request, row)
    try:
        found = actions.gathered_anew(row, by=request.user, today=clock.today())
    except ActionRefused as refusal:
        messages.warning(request, str(refusal.message))
        return redirect(row)
    form = AgainForm(posted(request), initial={"version": row.version}, found=found)
    context = _context(row, form, _("Gather again"), _("Take what is known now")) | {"found": found}
    template = "papers/again.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=422 if request.method == "POST" else 200)
    try:
        actions.gather_again(paper=row, by=request.user, version=form.cleaned_data["version"], take=form.taken)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    _tell_gathered(request, row)
    return redirect(row)


def _tell_gathered(request: Request, row: OfficialPaper) -> None:
    """Say that the paper tells what is known now, or how many of its paragraphs do not."""
    row.refresh_from_db()
    count = len(row.overtaken)
    if not count:
        return done(request, _("The paper tells what is known now."))
    words = ngettext(
        "The paper tells what is known now but for %(count)s paragraph: own words stay there, and what is "
        "gathered there has changed.",
        "The paper tells what is known now but for %(count)s paragraphs: own words stay there, and what is "
        "gathered there has changed.",
        count,
    )
    messages.warning(request, words % {"count": count})
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: Request, pk: int) -> HttpResponse:
    """Give a paper its number and day."""
    row, today = _writable(request, pk), clock.today()
    if row.number or row.issued_before:
        return _frozen(request, row)
    day = day_of_record(row) or today
    known = {"version": row.version, "number": actions.next_number(row, day), "day": day}
    places = actions.unsettled(row)
    form = NumberForm(posted(request), initial=known, gaps=len(places))
    context = (
        _context(row, form, _("Give a number"), _("Give the number")) | _register(row, day) | _places(row, places)
    )
    context |= {"may_configure": administers_all(request.user)}
    template = "papers/number.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=422 if request.method == "POST" else 200)
    given = {name: form.cleaned_data.get(name, False) for name in NUMBER_FIELDS}
    try:
        actions.number_paper(paper=row, by=request.user, **given)
    except actions.NumberTaken as refusal:
        form.propose(refusal.free)
        return refused(request, template, context | _register(row, day), refusal)
    except actions.NumbersSkipped as refusal:
        form.ask_skipped(refusal.skipped)
        return refused(request, template, context, refusal)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The paper has its number."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a numbered paper with a reason."""
    row = _writable(request, pk)
    if not row.number or row.cancelled_on:
        return _frozen(request, row)
    form = CancelForm(posted(request), initial={"version": row.version})
    context = _context(row, form, _("Cancel the paper"), _("Cancel the paper")) | {"danger": True}
    template = "papers/cancel.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=422 if request.method == "POST" else 200)
    try:
        actions.cancel_paper(paper=row, by=request.user, **form.cleaned_data)
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The paper is cancelled. Prepare a new one: it takes the next number."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    row = _writable(request, pk)
    if row.number:
        return _frozen(request, row)
    form = SeenForm(posted(request), initial={"version": row.version})
    context = _context(row, form, _("Throw the draft away"), _("Throw the draft away")) | {"danger": True}
    template = "papers/discard.html"
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context, status=422 if request.method == "POST" else 200)
    try:
        actions.discard_paper(paper=row, by=request.user, version=form.cleaned_data["version"])
    except ActionRefused as refusal:
        return refused(request, template, context, refusal)
    done(request, _("The draft is discarded."))
    return redirect("papers:papers")


def _register(row: OfficialPaper, today: dt.date) -> dict[str, Any]:
    """Return from which register the number comes, what was given in it last, and last of what stands."""
    term = actions.term_of(row.unit, today)
    last = actions.last_numbered(row, term) if term else None
    standing = actions.last_standing(row, term) if term and last and last.cancelled_on else None
    return {"term": term, "last": last, "standing": standing}


def _places(row: OfficialPaper, places: actions.Unsettled) -> dict[str, Any]:
    """Return what is to be known before the number; of open places the first."""
    shown = {"gaps": places.gaps[:MOST_GAPS], "more_gaps": len(places.gaps) > MOST_GAPS, "gap_count": len(places)}
    return shown | {"bared": places.bared, "overtaken": _named(row, places.overtaken)}


def _named(row: OfficialPaper, found: list[Overtaken]) -> list[tuple[str, Overtaken]]:
    """Return own words with what people call their paragraph."""
    labels = labels_of(row.plain) if found else {}
    return [(labels[place.key], place) for place in found]


def _frozen(request: Request, row: OfficialPaper) -> HttpResponse:
    """Lead back to a paper that stands otherwise than the button said."""
    messages.warning(request, _("This can't be done with the paper as it stands now. Look at it first."))
    return redirect(row)


@require_safe
def download(request: Request, pk: int, form: str) -> HttpResponseBase:
    """Send a paper in one of its forms."""
    if form not in RENDERERS:
        raise Http404
    row = _visible(request, pk)
    if row.rows_told > ROWS_AT_ONCE and not is_kept(row, form):
        return redirect(f"{reverse('papers:export_paper', args=[pk, form])}")
    try:
        file = BytesIO(rendered(row, form))
    except TemplateFaultError as fault:
        messages.error(
            request, _("The template in use does not work for this paper: %(why)s") % {"why": explained(fault)}
        )
        return redirect(row)
    if request.method == "GET":  # HEAD takes nothing along
        _read(request, row)
        actions.note_download(paper=row, by=request.user, form=form)
    return as_download(file, file_name(row, form))


def _visible(request: Request, pk: int) -> OfficialPaper:
    rows = OfficialPaper.objects.select_related("unit", "created_by", "term")
    found: OfficialPaper = get_visible_or_404(rows, request.user, pk)
    return found


def _read(request: Request, row: OfficialPaper) -> OfficialPaper:
    """Log that the paper is read, where reading what it tells is logged."""
    note_paper_reading(kind=row.kind, subject=row.subject, by=request.user)
    return row


def _writable(request: Request, pk: int) -> OfficialPaper:
    row = _visible(request, pk)
    require(may_write(request.user, row.unit, row.right))
    return row


def _context(row: OfficialPaper, form: Any, title: str, submit: str) -> dict[str, Any]:
    page = row.get_absolute_url()
    crumbs = [(_("Official papers"), reverse("papers:papers")), (row.get_kind_display(), page), (title, None)]
    shown = {"title": title, "lead": row.title, "submit": submit, "cancel": page, "crumbs": crumbs}
    return {"row": row, "form": form, **shown}
