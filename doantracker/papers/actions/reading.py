"""Reading a paper that tells about persons is logged as reading the page it was gathered from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import QueryDict

from doantracker.papers.enums import PaperKind
from doantracker.papers.sources import body_in, key_in, year_in
from reviews.actions.evaluations import note_reading
from reviews.actions.self_reviews import log_reading
from reviews.enums import BODY_CHOICES
from reviews.models import Evaluation, EvaluationRound, FeedbackRound, FeedbackTarget
from units.models import Unit, User


def note_paper_reading(*, kind: str, subject: str, by: User) -> None:
    """Log that `by` reads a paper of this kind and subject; nothing for kinds that tell about no person."""
    note = _NOTES.get(kind)
    if note:
        note(QueryDict(subject), by)


def _evaluations(asked: QueryDict, by: User) -> None:
    """Log the reading of a month or year as its page does."""
    if "round" in asked:
        row = EvaluationRound.objects.select_related("unit").get(pk=key_in(asked, "round"))
        read, unit, label = Evaluation.objects.filter(round=row), row.unit, str(row)
    else:
        unit, body, year = Unit.objects.get(pk=key_in(asked, "unit")), body_in(asked), year_in(asked)
        read = Evaluation.objects.filter(round__unit=unit, round__body=body, round__month__year=year)
        label = f"{dict(BODY_CHOICES)[body]}, {year}"
    note_reading(evaluations=read.values_list("pk", "person_id"), unit=unit, label=label, by=by)


def _feedback(asked: QueryDict, by: User) -> None:
    """Log of whom was read what others said, as the page of the consolidated contributions does."""
    row = FeedbackRound.objects.get(pk=key_in(asked, "round"))
    targets = FeedbackTarget.objects.filter(round=row, contributions__isnull=False)
    log_reading(by=by, feedback=row, targets=targets.distinct())


_NOTES: Final[dict[str, Callable[[QueryDict, User], None]]] = {
    PaperKind.EVALUATION: _evaluations,
    PaperKind.FEEDBACK: _feedback,
}
