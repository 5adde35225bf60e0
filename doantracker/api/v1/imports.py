"""Imports from .xlsx: the template, what a file would do, and doing exactly that."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO
from typing import Annotated, Any, Final, Literal

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from ninja import File, Form, Query, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import AskedId
from doantracker.api.v1.answers import one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.papers import DOWNLOAD, FILE
from doantracker.api.v1.problems import FAULTS, ProblemError, form_refused
from doantracker.api.v1.shared import known_only, plan_seen, require_status
from doantracker.api.v1.staging import STAGED
from doantracker.api.v1.versions import seen
from doantracker.imports.actions import Faulty, run_import, try_import
from doantracker.imports.forms import FileForm, read_words
from doantracker.imports.kinds.base import Kind, Scope
from doantracker.imports.outcome import Outcome
from doantracker.imports.registry import kind_or_404, plan_of
from doantracker.imports.table import Finding
from doantracker.imports.template import workbook
from doantracker.lib import clock
from plans.actions.uploads import Upload
from plans.enums import PlanStatus
from plans.models import Plan
from plans.reading.readers import ReadError
from plans.views.shared import as_download
from units.models import User

router = Router(tags=["imports"])
ImportKind = Literal["units", "people", "posts", "deadlines", "results"]
MOST_TOLD: Final = 500


class ImportQuery(Schema):
    """For which plan, where the kind asks for one."""

    plan: Annotated[AskedId, Field(description="deadlines, results: the plan they are of.")] = None


class ImportIn(Schema):
    """Whether only to look, as a field of the form."""

    preview: bool = Field(default=False, description="Only tell what the file would do; nothing is saved.")


class ImportDifference(Schema):
    """One value that a row changes."""

    label: str = Field(description="The name of the column.")
    before: str
    after: str


class ImportChange(Schema):
    """What one row does."""

    row: int = Field(description="Its number in the file.")
    new: bool = Field(description="It makes a record.")
    label: str = Field(description="What the record is called.")
    differences: list[ImportDifference]
    warning: str = Field(default="", description="What to look at before the import; empty: nothing.")


class ImportFinding(Schema):
    """What is wrong at one place of the file; row 0: the file as a whole, column "": the row as a whole."""

    row: int
    column: str
    value: str = Field(description="As it stands in the file.")
    wrong: str = Field(description="What is wrong.")
    cure: str = Field(description="What to do.")


class ImportOut(Schema):
    """What a file does. Counts are of rows; of changes and findings the first 500 are told, none once it is done."""

    done: bool = Field(description="False: a preview; its ETag is needed to do exactly this.")
    total: int = Field(description="Rows of the file.")
    new: int = Field(description="Rows that make a record.")
    changed: int = Field(description="Rows that change one.")
    unchanged: int = Field(description="Rows that change nothing.")
    refused: int = Field(description="Rows with a finding.")
    changes: list[ImportChange]
    findings: list[ImportFinding]


@router.get(
    "/imports/{kind}/template",
    response=FILE,
    openapi_extra=DOWNLOAD,
    summary="Download the file to fill in for an import",
)
def template(request: Call, kind: ImportKind, asked: Query[ImportQuery]) -> Any:
    """Download the .xlsx to fill in: its columns, what each takes, the codes there are."""
    known_only(request, asked)
    chosen, scope = _chosen(request.user, kind, asked)
    begun = chosen.rows(scope) if chosen.rows else ()
    data = workbook(chosen.columns(scope), list(chosen.codes(scope)), title=str(chosen.label), begun=begun)
    return as_download(BytesIO(data), f"mau-nhap-{chosen.file_name}.xlsx")


@router.post("/imports/{kind}", response=writes(ImportOut), openapi_extra=STAGED, summary="Import a filled-in file")
def import_file(
    request: Call, kind: ImportKind, asked: Query[ImportQuery], sent: Form[ImportIn], file: File[UploadedFile]
) -> Any:
    """Import a filled-in template, as multipart/form-data: all rows or none, as the preview of the same file told."""
    known_only(request, asked)
    chosen, scope = _chosen(request.user, kind, asked)
    facts: dict[str, Any] = {"kind": chosen, "scope": scope, "upload": _checked(file)}
    if sent.preview:
        outcome, digest = _looked_at(facts)
        return one(request, ImportOut, _told(outcome), digest)

    def run() -> Any:
        version = seen(request, "*")
        expected = _looked_at(facts)[1] if version == "*" else version
        try:
            outcome = run_import(**facts, expected=expected)
        except ReadError as error:
            raise _unreadable(error) from error
        except Faulty as refusal:
            errors = _faults(refusal.outcome.findings)
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", refusal.message, errors=errors) from refusal
        return one(request, ImportOut, _told(outcome) | {"done": True, "changes": [], "findings": []}, expected)

    return once(request, run)


def _chosen(user: User, slug: str, asked: ImportQuery) -> tuple[Kind, Scope]:
    """Return the kind and who imports into which plan; 404 for what `user` may not import."""
    kind = kind_or_404(user, slug)
    if bool(kind.plans) != bool(asked.plan):
        fault = FAULTS["missing" if kind.plans else "extra_forbidden"]
        raise ValidationError({"query.plan": str(fault)})
    return kind, Scope(user, clock.today(), _plan(kind, user, asked.plan) if asked.plan else None)


def _plan(kind: Kind, user: User, pk: int) -> Plan:
    """Return a plan into which `user` imports; refuse one that is not followed up."""
    try:
        return plan_of(kind, user, pk)
    except Http404:
        require_status(plan_seen(user, pk), PlanStatus.PUBLISHED)
        raise


def _checked(file: UploadedFile) -> Upload:
    """Return the file that came; raise ValidationError for one the page refuses too."""
    form = FileForm({}, MultiValueDict({"file": [file]}))
    if not form.is_valid():
        raise form_refused(form, "file")  # it has this one field
    taken = form.cleaned_data["file"]
    taken.seek(0)
    return Upload(taken.read(), taken.name)


def _looked_at(facts: dict[str, Any]) -> tuple[Outcome, str]:
    try:
        return try_import(**facts)
    except ReadError as error:
        raise _unreadable(error) from error


def _unreadable(error: ReadError) -> ValidationError:
    return ValidationError({"file.file": read_words(error)})


def _told(outcome: Outcome) -> dict[str, Any]:
    changes = [
        {
            "row": change.row,
            "new": change.new,
            "label": change.label,
            "warning": change.warning,
            "differences": [{n: getattr(d, n) for n in ImportDifference.model_fields} for d in change.differences],
        }
        for change in outcome.changes[:MOST_TOLD]
    ]
    findings = [{n: getattr(f, n) for n in ImportFinding.model_fields} for f in outcome.findings[:MOST_TOLD]]
    counts = {n: getattr(outcome, n) for n in ("total", "new", "changed", "unchanged", "refused")}
    return counts | {"done": False, "changes": changes, "findings": findings}


def _faults(findings: list[Finding]) -> list[dict[str, str]]:
    """Return findings as the errors of a problem: where it stands, what is wrong and what to do."""
    return [
        {"field": f"row.{f.row}.{f.column}", "message": f"{f.wrong} {f.cure}".strip()} for f in findings[:MOST_TOLD]
    ]
