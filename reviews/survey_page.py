"""What the page of a survey shows: how units stand with each indicator, and who has answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plans.enums import Outlook
from plans.models import Deadline, IndicatorResult
from plans.result_words import worded
from plans.target_words import target_words
from reviews.models import Survey, SurveyAnswer, SurveyIndicator, SurveyUnit
from units.models import User


@dataclass(frozen=True, slots=True)
class OutlookCounts:
    """How many units expect what of one indicator. Who said nothing is counted apart."""

    will_reach: int = 0
    will_miss: int = 0
    unknown: int = 0
    unanswered: int = 0

    @property
    def total(self) -> int:
        """Return how many units were asked."""
        return self.will_reach + self.will_miss + self.unknown + self.unanswered


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One indicator: its target where it is the plan's, what units expect, how many told their completion."""

    question: SurveyIndicator
    target: str
    counts: OutlookCounts
    told: int
    bar: SafeString


@dataclass(frozen=True, slots=True)
class IdeaCounts:
    """The two counts over the units: their sums, and how many units gave each. Nobody: no sum, which is not zero."""

    units: int
    complete: int
    supported: int | None
    supported_by: int
    commended: int | None
    commended_by: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit: how much of it is answered, and the deadline it owes by."""

    row: SurveyUnit
    answered: int
    deadline: Deadline | None


def questions_of(survey: Survey) -> list[SurveyIndicator]:
    """Return what is asked in order, with what the target of a plan's indicator is told from; two queries."""
    related = survey.questions.select_related("indicator__plan")
    return list(related.prefetch_related("indicator__levels", "indicator__conditions"))


def question_rows(questions: Sequence[SurveyIndicator], rows: QuerySet[SurveyUnit], units: int) -> list[QuestionRow]:
    """Return how the units of `rows`, `units` in number, stand with each indicator; one query."""
    answers = SurveyAnswer.objects.filter(surveyed__in=rows.order_by().values("pk")).order_by()
    said: dict[int, dict[str, int]] = defaultdict(dict)
    told: dict[int, int] = defaultdict(int)
    grouped = answers.values_list("question", "outlook").annotate(Count("pk"), Count("completion"))
    for question, outlook, count, figures in grouped:
        said[question][outlook] = count
        told[question] += figures
    return [_question_row(q, said[q.pk], told[q.pk], units) for q in questions]


def idea_counts(rows: QuerySet[SurveyUnit]) -> IdeaCounts:
    """Return the two counts over the units of `rows`, and how many have answered whole; one query."""
    found = rows.order_by().aggregate(
        units=Count("pk"),
        complete=Count("pk", filter=Q(complete=True)),
        supported=Sum("ideas_supported"),
        supported_by=Count("ideas_supported"),
        commended=Sum("ideas_commended"),
        commended_by=Count("ideas_commended"),
    )
    return IdeaCounts(**found)


def unit_rows(page: Iterable[SurveyUnit], survey: Survey) -> list[UnitRow]:
    """Return a page of units; two queries."""
    rows = list(page)
    said = SurveyAnswer.objects.filter(surveyed__in=rows).exclude(outlook="").order_by()
    answered = dict(said.values_list("surveyed").annotate(Count("pk")))
    owed = Deadline.objects.filter(schedule=survey.answering_id, unit__in=[r.unit_id for r in rows])
    deadlines = {d.unit_id: d for d in owed} if survey.answering_id else {}
    return [UnitRow(r, answered.get(r.pk, 0), deadlines.get(r.unit_id)) for r in rows]


def latest_results(
    questions: Sequence[SurveyIndicator], units: Sequence[int], user: User
) -> dict[tuple[int, int], str]:
    """Return what units gave last to the indicators asked about, as told, by question and unit; one query."""
    of_indicator = {q.indicator_id: q for q in questions if q.indicator_id}
    if not of_indicator:
        return {}
    rows = IndicatorResult.objects.visible_to(user).filter(indicator__in=of_indicator, unit__in=units)
    found: dict[tuple[int, int], str] = {}
    for result in rows.select_related("level").order_by("period_start"):
        text = f"{worded(result)} ({result.period_start:%d/%m/%Y}–{result.period_end:%d/%m/%Y})"
        found[of_indicator[result.indicator_id].pk, result.unit_id] = text
    return found


def target_of(question: SurveyIndicator) -> str:
    """Return the target of a plan's indicator in words; nothing of a free one."""
    return target_words(question.indicator) if question.indicator else ""


def _question_row(question: SurveyIndicator, said: Mapping[str, int], told: int, units: int) -> QuestionRow:
    reach, miss, unknown = (said.get(o.value, 0) for o in (Outlook.WILL_REACH, Outlook.WILL_MISS, Outlook.UNKNOWN))
    counts = OutlookCounts(reach, miss, unknown, units - reach - miss - unknown)
    return QuestionRow(question, target_of(question), counts, told, bar_of(counts))


def bar_of(counts: OutlookCounts) -> SafeString:
    """Return the counts as one bar with its words; the table beside it has the numbers."""
    if not counts.total:
        return SafeString("")
    words = _(
        "%(reach)d will reach the target, %(miss)d will miss it, %(unknown)d can't tell yet, %(unanswered)d unanswered"
    ) % {
        "reach": counts.will_reach,
        "miss": counts.will_miss,
        "unknown": counts.unknown,
        "unanswered": counts.unanswered,
    }
    rects, x = [], 0.0
    for part in ("will_reach", "will_miss", "unknown", "unanswered"):
        width = 100 * getattr(counts, part) / counts.total
        if width:
            rects.append(f'<rect class="sv-{part}" x="{x:.2f}" width="{width:.2f}" height="8"/>')
        x += width
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">'
        "<title>{}</title>{}</svg>",
        words,
        words,
        SafeString("".join(rects)),  # numbers only
    )
