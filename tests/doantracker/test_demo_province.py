"""The demo province as it stands at the first log-in: whoever comes finds every state."""

import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from doantracker.demo.people import DEMO_PASSWORD, LOGINS
from doantracker.papers.models import OfficialPaper, Term
from plans.enums import Kind, PlanKind, PlanStatus, Status, TimeState
from plans.gaps import blocking, gaps_of
from plans.ledger_page import equation_of_plan
from plans.models import (
    Deadline,
    Event,
    Evidence,
    Notice,
    Plan,
    PlanRecipient,
    ProgressReport,
    Schedule,
    Shortcoming,
)
from plans.time_state import time_state
from reviews.enums import InspectionState, MeetingState, ProposalState, SurveyState
from reviews.models import (
    CommendationProposal,
    Conclusion,
    FeedbackRound,
    Inspection,
    Meeting,
    ReportKind,
    Survey,
    VisitRequest,
)
from reviews.report_matrix import counts_by_kind
from reviews.results import results_of
from tests.conftest import TODAY
from tests.doantracker.demo import REPORTING, SOON, STATES, WATCHING, seed, states
from units.audit import broken_links
from units.models import Unit, User


@pytest.fixture(scope="module")
def province(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Make the demo once for the tests that only look at it."""
    plain = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), transaction.atomic(), plain:
        seed(today=TODAY)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("username", REPORTING)
def test_who_reports_finds_every_state_in_the_own_work(
    province: None, db: None, today: dt.date, username: str
) -> None:
    user = User.objects.get(username=username)

    assert states(Deadline.objects.owed_by_units_of(user), today) >= STATES


@pytest.mark.parametrize("username", WATCHING)
def test_who_watches_finds_every_state_in_the_province(
    province: None, db: None, today: dt.date, username: str
) -> None:
    seen = states(Deadline.objects.visible_to(User.objects.get(username=username)), today)

    more = {
        (Status.IN_PROGRESS, TimeState.OVERDUE),
        (Status.SUBMITTED, TimeState.ON_TIME),
        (Status.CANCELLED, TimeState.STOPPED),
    }
    assert seen >= STATES | more


@pytest.mark.parametrize("username", ["vanphong", "lanhdao", "bithu"])
def test_who_confirms_finds_results_waiting(province: None, db: None, today: dt.date, username: str) -> None:
    assert Deadline.objects.to_be_confirmed_by(User.objects.get(username=username)).count() >= 3


@pytest.mark.parametrize("state", TimeState)
def test_the_query_for_a_time_state_finds_what_the_rule_says(province: None, db: None, state: TimeState) -> None:
    def entitled(d: Deadline) -> TimeState:
        return time_state(status=d.status, due_on=d.due_on, reported_on=d.reported_on, today=TODAY, soon_days=SOON)

    expected = {d.pk for d in Deadline.objects.all() if entitled(d) == state}

    assert expected
    assert set(Deadline.objects.in_time_state(state, TODAY, SOON).values_list("pk", flat=True)) == expected


def test_plans_of_different_kinds_stand_in_every_status(province: None, db: None) -> None:
    of_inspections = {"inspection_programme": None, "inspection_visit": None}
    issued = Plan.objects.filter(parent=None, **of_inspections).order_by("issued_on")
    assert list(issued.values_list("issuing_unit__code", "kind", "status")) == [
        ("LG", PlanKind.OTHER, PlanStatus.PUBLISHED),  # last year's work programme, made by the first trip
        ("LG", PlanKind.SHORTCOMING_REMEDIATION, PlanStatus.CLOSED),
        ("LG", PlanKind.FOCUS_TASKS, PlanStatus.CLOSED),
        ("LG", PlanKind.PROGRAMME_MULTI_YEAR, PlanStatus.PUBLISHED),
        ("LG", PlanKind.SHORTCOMING_REMEDIATION, PlanStatus.PUBLISHED),
        ("LG", PlanKind.OTHER, PlanStatus.PUBLISHED),  # the work programme, made by the first report asked for
        ("LG-SB", PlanKind.RESOLUTION_IMPLEMENTATION, PlanStatus.PUBLISHED),
        ("LG", PlanKind.OTHER, PlanStatus.PUBLISHED),  # a work programme of another body or year
        ("LG", PlanKind.INSPECTION_FIELD_TRIP, PlanStatus.DRAFT),
    ]


def test_one_plan_was_sent_down_and_is_answered_in_different_ways(province: None, db: None) -> None:
    (sent,) = {row.plan for row in PlanRecipient.objects.select_related("plan")}
    states = {
        r.unit.code: (r.answers.count(), r.answers.exclude(dilution="").count(), r.pilots.count(), r.own_plan)
        for r in sent.sent_to.select_related("unit", "own_plan")
    }
    own = Plan.objects.get(parent=sent)
    items = sent.solutions.exclude(level="province").count()
    assert states == {
        "LG-SB": (0, 0, 0, None),  # waits for the login of the district
        "LG-TT": (items, 0, 1, own),
        "LG-BL": (1, 1, 0, None),
        "LG-UB": (0, 0, 0, None),
        "LG-DH": (0, 0, 0, None),
    }
    assert (own.status, own.issuing_unit.code, own.solutions.count()) == (PlanStatus.DRAFT, "LG-TT", items)


def test_the_ledger_goes_from_last_year_into_this(province: None, db: None) -> None:
    kind = PlanKind.SHORTCOMING_REMEDIATION
    old, new = (Plan.objects.get(kind=kind, status=status) for status in (PlanStatus.CLOSED, PlanStatus.PUBLISHED))
    assert [str(equation_of_plan(plan)) for plan in (old, new)] == ["6 + 1 − 0 = 7", "4 + 2 − 0 = 6"]
    assert list(old.shortcomings.values_list("ordinal", "state", "subject"))[:3] == [
        (1, "remedied", "collective"),
        (2, "partly", "collective"),
        (3, "open", "person"),
    ]
    carried = new.shortcomings.filter(carried_over_from__plan=old)
    assert list(carried.values_list("ordinal", "carried_over_from__ordinal")) == [(1, 2), (3, 4)]
    assert Shortcoming.objects.to_be_checked(TODAY).count() == 1


def test_the_draft_still_has_something_to_do_and_the_others_have_not(province: None, db: None) -> None:
    imported = Plan.objects.filter(parent=None)
    gaps = {plan.status: blocking(gaps_of(plan)) for plan in imported}

    assert gaps[PlanStatus.DRAFT]
    assert not gaps[PlanStatus.PUBLISHED]
    assert not Schedule.objects.filter(solution__plan__status=PlanStatus.PUBLISHED).exclude(doubt="").exists()
    assert imported.get(status=PlanStatus.DRAFT) in Plan.objects.visible_to(User.objects.get(username="vanphong"))


def test_every_commitment_is_tied_to_its_words_in_the_document(province: None, db: None) -> None:
    followed = Schedule.objects.filter(
        solution__plan__status=PlanStatus.PUBLISHED, solution__plan__document__isnull=False
    )
    for schedule in followed.exclude(phrase=""):
        paragraph = schedule.solution.plan.document.paragraphs[schedule.source_paragraph or 0]
        assert paragraph["text"][schedule.source_start : schedule.source_end] == schedule.phrase


def test_commitments_of_many_kinds_are_shown(province: None, db: None) -> None:
    kinds = set(Schedule.objects.filter(deadlines__isnull=False).values_list("kind", flat=True))

    assert kinds >= {
        Kind.BY_DATE,
        Kind.BETWEEN,
        Kind.WITHIN_MONTH,
        Kind.RECURRING,
        Kind.ONGOING,
        Kind.AS_DIRECTED,
    }


def test_one_meeting_is_recorded_with_decisions_and_the_next_has_an_agenda(province: None, db: None) -> None:
    regular = Meeting.objects.filter(feedback_round=None, evaluation_rounds=None)
    held, following = regular.select_related("event").order_by("event__day")
    assert (held.state, held.decisions.count(), held.attendance.count()) == (MeetingState.HELD, 2, 5)
    assert (following.state, following.items.filter(paper__isnull=False).count()) == (MeetingState.PLANNED, 1)
    assert following.items.count() >= 3
    due_there = Deadline.objects.get(solution__decision__meeting=held, schedule__event=following.event)
    assert due_there.due_on == following.planned_on


def test_one_survey_is_reported_on_one_runs_and_three_commendations_are_proposed(province: None, db: None) -> None:
    surveys = Survey.objects.with_report().order_by("pk")
    assert [s.state for s in surveys] == [SurveyState.REPORTED, SurveyState.RUNNING]
    assert [s.units.filter(complete=True).count() for s in surveys] == [3, 1]
    stand = CommendationProposal.objects.order_by("pk").values_list("state", flat=True)
    assert list(stand) == [ProposalState.GRANTED, ProposalState.PASSED_ON, ProposalState.PROPOSED]


def test_one_inspection_is_concluded_and_one_announced(province: None, db: None) -> None:
    first, second = Inspection.objects.order_by("pk")
    assert (first.state, second.state) == (InspectionState.CONCLUDED, InspectionState.ANNOUNCED)
    found = {c.visit.unit.code: c.closed_on is not None for c in Conclusion.objects.select_related("visit__unit")}
    assert found == {"LG-SB": True, "LG-TT": False}
    assert results_of(User.objects.get(username="vanphong")).filter(conclusion__isnull=False).count() == 2
    waiting = VisitRequest.objects.filter(visit__inspection=second, answered_on=None)
    assert [request.visit.unit.code for request in waiting] == ["LG-SB"]


def test_one_feedback_round_is_over_and_one_takes_contributions(province: None, db: None) -> None:
    over, asked = FeedbackRound.objects.order_by("contributions_by")
    assert (over.step, over.anonymous, over.contributions.filter(reply=None).count()) == ("feedback_closed", False, 0)
    assert (asked.step, asked.anonymous, asked.contributions.count()) == ("feedback_open", True, 2)
    assert not asked.contributions.exclude(invitation=None).exists()


def test_units_with_districts_and_communes_below_the_province_belong_to_it(province: None, db: None) -> None:
    root = Unit.objects.get(code="LG")
    direct = Unit.objects.filter(depth=root.depth + 1)

    assert direct.filter(kind__code="commune").count() == 10
    assert direct.filter(kind__code="district").count() == 3
    assert direct.filter(kind__code="department").count() == 4
    assert {u.kind.code for u in Unit.objects.select_related("kind")} == {
        "province", "department", "service", "district", "affiliated", "commune", "grassroots", "grassroots_branch",
        "branch",
    }  # fmt: skip
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_what_was_done_left_reports_proof_notices_and_an_unbroken_log(province: None, db: None) -> None:
    assert ProgressReport.objects.exclude(difficulty="").exists()
    assert Evidence.objects.exclude(document_number="").exists()
    assert Notice.objects.filter(recipient__username="bithu").exists()
    assert list(broken_links()) == []
    assert not Deadline.objects.filter(confirmed_by=F("reported_by")).exists()


def test_every_demo_login_works_with_the_password_that_demo_logins_prints(
    province: None, db: None, today: dt.date
) -> None:
    out = io.StringIO()
    call_command("demo_logins", stdout=out)
    lines = out.getvalue().splitlines()

    assert len(lines) == 1 + len(LOGINS)
    for login, line in zip(LOGINS, lines[1:], strict=True):
        assert login.username in line
        assert DEMO_PASSWORD in line
        answer = Client().post("/login/", {"username": login.username, "password": DEMO_PASSWORD})
        assert answer.status_code == 302, login.username


def test_a_changed_password_is_not_printed(province: None, db: None) -> None:
    user = User.objects.get(username="xa")
    user.set_password("mat-khau-rieng")
    user.save()
    out = io.StringIO()
    call_command("demo_logins", stdout=out)

    assert next(line for line in out.getvalue().splitlines() if " xa " in line).count(DEMO_PASSWORD) == 0


def test_if_empty_does_nothing_where_units_are(province: None, db: None) -> None:
    before = Deadline.objects.count()
    seed(if_empty=True)

    assert Deadline.objects.count() == before
    with pytest.raises(CommandError):
        seed()


def test_three_steps_are_counted_back_from_a_meeting_that_has_no_day(province: None, db: None) -> None:
    (meeting,) = Event.objects.filter(day=None, plan__status=PlanStatus.PUBLISHED, keeper__code="LG-VP")
    last = Schedule.objects.get(event=meeting)
    middle = Schedule.objects.get(hangs_on=last)
    first = Schedule.objects.get(hangs_on=middle)

    assert [(s.lead_time, s.in_order) for s in (first, middle, last)] == [
        ("-P14D", True),
        ("-P7D", True),
        ("-P3D", False),
    ]
    assert Deadline.objects.filter(schedule=last, due_on=None).count() == 1
    assert set(Event.objects.filter(plan=meeting.plan)) == {meeting}


def test_periodic_reports_are_sent_in_time_late_and_missing(province: None, db: None) -> None:
    monthly = ReportKind.objects.get(period="month")
    office = User.objects.get(username="vanphong")
    counts = counts_by_kind([monthly], TODAY.year, user=office, today=TODAY)[monthly.pk]
    assert (counts.on_time, counts.late, counts.missing) == (8, 2, 2)


def test_one_progress_report_was_worded_anew_and_numbered_in_the_term(province: None, db: None) -> None:
    sent = OfficialPaper.objects.get()
    assert (sent.kind, sent.number, sent.day) == ("progress", 320, TODAY - dt.timedelta(days=3))
    assert sent.term == Term.objects.get()
    assert sent.paper.head.number.startswith("320-BC/TĐTN")
    assert list(sent.edits) == ["next"]
