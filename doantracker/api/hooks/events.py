"""Which acts webhooks are told of. Pure: names of kinds, and the kind of a row of the log."""

from __future__ import annotations

from typing import Final

from units.models.audit import AuditAction

#: Kinds of events by the type of object and the act in the log.
KINDS: Final[dict[tuple[str, AuditAction], str]] = {
    ("deadline", AuditAction.REPORTED): "deadline.reported",
    ("deadline", AuditAction.SUBMITTED): "deadline.submitted",
    ("deadline", AuditAction.WITHDRAWN): "deadline.withdrawn",
    ("deadline", AuditAction.CONFIRMED): "deadline.confirmed",
    ("deadline", AuditAction.RETURNED): "deadline.returned",
    ("deadline", AuditAction.HELD): "deadline.held",
    ("deadline", AuditAction.RESUMED): "deadline.resumed",
    ("deadline", AuditAction.CANCELLED): "deadline.cancelled",
    ("deadline", AuditAction.DATED): "deadline.dated",
    ("deadline", AuditAction.RESCHEDULED): "deadline.rescheduled",
    ("deadline", AuditAction.EXCUSED): "deadline.excused",
    ("deadline", AuditAction.LATER_ASKED): "extension.asked",
    ("deadline", AuditAction.LATER_GRANTED): "extension.granted",
    ("deadline", AuditAction.LATER_REFUSED): "extension.refused",
    ("deadline", AuditAction.DIFFICULTY_RAISED): "difficulty.raised",
    ("deadline", AuditAction.DIFFICULTY_PASSED): "difficulty.passed_on",
    ("deadline", AuditAction.DIFFICULTY_ANSWERED): "difficulty.answered",
    ("plan", AuditAction.PUBLISHED): "plan.published",
    ("plan", AuditAction.PUBLISHED_WITH_GAPS): "plan.published",
    ("plan", AuditAction.CLOSED): "plan.closed",
    ("plan", AuditAction.REOPENED): "plan.reopened",
    ("indicator", AuditAction.RESULTS_ENTERED): "indicator.results_entered",
    ("indicator", AuditAction.PERIOD_LOCKED): "indicator.period_closed",
    ("indicator", AuditAction.PERIOD_REOPENED): "indicator.period_reopened",
    # of reviews; never scores, feedback or criticism: evaluations, score sheets and feedback rounds tell nothing
    ("meeting", AuditAction.CREATED): "meeting.planned",
    ("meeting", AuditAction.MEETING_HELD): "meeting.held",
    ("meeting", AuditAction.DECIDED): "meeting.decided",
    ("pledge", AuditAction.SUBMITTED): "pledge.handed_in",
    ("pledge", AuditAction.CONFIRMED): "pledge.accepted",
    ("pledge", AuditAction.RETURNED): "pledge.returned",
    ("inspection", AuditAction.ISSUED): "inspection.issued",
    ("inspection", AuditAction.SUBMITTED): "inspection.reported",
    ("inspection", AuditAction.CLOSED): "inspection.closed",
    ("inspection", AuditAction.CANCELLED): "inspection.cancelled",
    ("conclusion", AuditAction.CLOSED): "conclusion.closed",
    ("fieldtrip", AuditAction.CREATED): "trip.registered",
    ("fieldtrip", AuditAction.TRIP_APPROVED): "trip.approved",
    ("fieldtrip", AuditAction.TRIP_ENDED): "trip.ended",
    ("fieldtrip", AuditAction.SUBMITTED): "trip.reported",
    ("fieldtrip", AuditAction.CANCELLED): "trip.cancelled",
    ("survey", AuditAction.SURVEY_STARTED): "survey.started",
    ("survey", AuditAction.SURVEY_FINISHED): "survey.finished",
    ("commendationproposal", AuditAction.CREATED): "commendation.proposed",
    ("commendationproposal", AuditAction.AWARD_PASSED_ON): "commendation.passed_on",
    ("commendationproposal", AuditAction.AWARD_GRANTED): "commendation.granted",
    ("commendationproposal", AuditAction.AWARD_REFUSED): "commendation.refused",
    ("commendationproposal", AuditAction.AWARD_WITHDRAWN): "commendation.withdrawn",
    ("reportkind", AuditAction.REPORT_ASKED): "report.asked",
}
TEST: Final = "test"
#: Where a program reads the object of an event, and a person its page.
PLACES: Final = {
    "deadline": ("/api/v1/deadlines/{}", "/deadlines/{}/"),
    "plan": ("/api/v1/plans/{}", "/plans/{}/"),
    "indicator": ("/api/v1/indicators/{}", "/indicators/{}/"),
    "meeting": ("/api/v1/meetings/{}", "/meetings/{}/"),
    "pledge": ("/api/v1/pledges/{}", "/pledges/{}/"),
    "inspection": ("/api/v1/inspections/{}", "/inspections/{}/"),
    "conclusion": ("/api/v1/conclusions/{}", "/conclusions/{}/"),
    "fieldtrip": ("/api/v1/trips/{}", "/trips/{}/"),
    "survey": ("/api/v1/surveys/{}", "/surveys/{}/"),
    "commendationproposal": ("/api/v1/commendations/{}", "/commendations/{}/"),
    "reportkind": ("/api/v1/report-kinds/{}", "/periodic/kinds/{}/"),
}


def all_kinds() -> list[str]:
    """Return the kinds, each once, in the order of the table."""
    return list(dict.fromkeys(KINDS.values()))


def kind_of(object_type: str, action: str) -> str:
    """Return the kind of an act in the log; empty: webhooks are not told of it."""
    return KINDS.get((object_type, AuditAction(action)), "")


def pairs_of(kinds: list[str]) -> list[tuple[str, str]]:
    """Return the types of object and acts that `kinds` stand for."""
    return [(object_type, action.value) for (object_type, action), kind in KINDS.items() if kind in kinds]
