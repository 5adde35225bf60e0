"""Templates of papers: which is in use, taking it along, putting in another after a trial, going back to ours."""

from __future__ import annotations

from io import BytesIO

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doantracker.papers.actions import templates as actions
from doantracker.papers.docx import default_template
from doantracker.papers.enums import PaperKind
from doantracker.papers.filling import fill_template
from doantracker.papers.forms.templates import TemplateForm, explained
from doantracker.papers.models import PaperTemplate
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.template_sample import LETTER_SAMPLE, REPORT
from plans.actions.proof import Upload
from plans.views.acting import posted
from plans.views.shared import Request, as_download, done
from units.access import require
from units.administration import administers_all

ALL = "all"  # the address of the template for all kinds
KEPT_IN_VIEW = 20
#: Kinds whose papers lie on their side.
WIDE = (PaperKind.STATISTICS, PaperKind.EVALUATION, PaperKind.FEEDBACK, PaperKind.TRIPS, PaperKind.PROGRAMME)
FORM = "papers/template_new.html"


@require_safe
def template_list(request: Request) -> HttpResponse:
    """Show which template each kind has, and the last that were put in."""
    require(administers_all(request.user))
    in_use = {row.kind: row for row in PaperTemplate.objects.filter(in_use=True).select_related("added_by")}
    kinds = [(ALL, _("All kinds without one of their own"), in_use.get(""))]
    kinds += [(kind.value, str(kind.label), in_use.get(kind.value)) for kind in PaperKind]
    tried = PaperTemplate.objects.filter(in_use=False).select_related("added_by").order_by("-added_at")
    return render(request, "papers/templates.html", {"kinds": kinds, "tried": tried[:KEPT_IN_VIEW]})


@require_safe
def template_file(request: Request, kind: str) -> HttpResponseBase:
    """Send the template in use for a kind: the one put in, else ours."""
    require(administers_all(request.user))
    row = PaperTemplate.objects.filter(kind=_kind(kind), in_use=True).first()
    data = row.content if row else default_template(landscape=kind in WIDE)
    return as_download(BytesIO(data), f"mau-van-ban-{kind}.docx")


@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: Request, kind: str) -> HttpResponse:
    """Take another template and show it on sample data; it is not in use yet."""
    require(administers_all(request.user))
    form = TemplateForm(posted(request), request.FILES or None, kind=_kind(kind))
    page = reverse("papers:templates")
    title = _("Put in a template: %(kind)s") % {"kind": _label(kind)}
    crumbs = [(_("Templates of papers"), page), (title, None)]
    context = {
        "form": form, "title": title, "submit": _("Try it"), "cancel": page, "crumbs": crumbs, "upload": True,
        "kind": kind,
    }  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return render(request, FORM, context, status=422 if request.method == "POST" else 200)
    made = actions.add_template(kind=_kind(kind), upload=Upload.of(form.cleaned_data["file"]), by=request.user)
    done(request, _("The template works on the samples. Look at them, then use it."))
    return redirect("papers:template", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: Request, pk: int) -> HttpResponse:
    """Show a template that was put in, with its samples; POST uses it."""
    require(administers_all(request.user))
    row = get_object_or_404(PaperTemplate.objects.select_related("added_by"), pk=pk)
    if request.method == "POST":
        actions.use_template(template=row, by=request.user)
        done(request, _("The template is in use from now on."))
        return redirect("papers:templates")
    return render(request, "papers/template.html", {"row": row, "kind": _label(row.kind or ALL)})


@require_safe
def template_sample(request: Request, pk: int, sample: str) -> HttpResponseBase:
    """Send a sample in a template that was put in."""
    require(administers_all(request.user))
    row = get_object_or_404(PaperTemplate, pk=pk)
    if sample not in {"report", "letter"}:
        raise Http404
    try:
        data = fill_template(REPORT if sample == "report" else LETTER_SAMPLE, row.content)
    except TemplateFaultError as fault:
        return HttpResponse(explained(fault), status=422, content_type="text/plain; charset=utf-8")
    return as_download(BytesIO(data), f"thu-mau-{row.pk}-{sample}.docx")


@require_POST
def template_ours(request: Request, kind: str) -> HttpResponse:
    """Go back to our template."""
    actions.use_ours(kind=_kind(kind), by=request.user)
    done(request, _("Our template is in use again."))
    return redirect("papers:templates")


def _kind(name: str) -> str:
    """Return the kind that an address names, "" for all; 404 for nonsense."""
    if name != ALL and name not in PaperKind.values:
        raise Http404
    return "" if name == ALL else name


def _label(name: str) -> str:
    return str(PaperKind(_kind(name)).label) if _kind(name) else _("All kinds")
