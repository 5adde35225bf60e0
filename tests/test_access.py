"""Every address × every role: the status each one gets. An address missing from the tables fails the suite.

`tests/test_walks.py` opens every address as every role.

Hidden and missing look alike: a person without the right gets 404, nobody logged in is sent to the log-in page.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from doantracker.api.actions.tokens import make_token
from doantracker.api.actions.webhooks import make_webhook
from doantracker.api.hooks.collect import trial_message
from doantracker.lib import clock
from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.docx import default_template
from doantracker.papers.models import Export, PaperTemplate
from plans.actions.amendments import open_amendment
from plans.actions.closing import FinalReport, close_plan
from plans.actions.proof import Upload
from plans.actions.records import drop_record
from plans.actions.sign_offs import ask_sign_off
from plans.actions.uploads import Upload as KeptUpload
from plans.actions.uploads import keep_upload
from plans.enums import Kind, NoticeKind, PlanStatus, Status
from plans.models import (
    BulkRun,
    ChasingLetter,
    Deadline,
    Evidence,
    Notice,
    PilotSlot,
    Plan,
    PlanAmendment,
    PlanDocument,
    SavedView,
    Solution,
)
from plans.reminders.links import address_of
from reviews.actions.emulation import raise_dispute
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce
from reviews.actions.periodic_reports import open_report
from reviews.actions.pledges import hand_in_pledge
from reviews.actions.survey_answers import Said, UnitSaid, answer_survey
from reviews.actions.surveys import finish_survey
from reviews.actions.visits import ask_team, end_visit
from reviews.enums import FeedbackStep, TripState
from reviews.models import Conclusion, FeedbackFile, FeedbackRound, InspectionFile, MeetingFile, TripFile
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.imports.files import workbook
from tests.evaluation_scene import make_committee
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
    contribute_to,
    link_task,
    make_activity,
    make_agenda_item,
    make_answer,
    make_checklist,
    make_deadline,
    make_difficulty,
    make_directive,
    make_event,
    make_extension,
    make_feedback_round,
    make_hanging,
    make_indicator,
    make_inspection,
    make_meeting,
    make_permanent_member,
    make_proposal,
    make_published_plan,
    make_quota,
    make_recipient,
    make_report_kind,
    make_result,
    make_score_sheet,
    make_substitution,
    make_survey,
    make_task,
    make_trip,
)
from tests.files import office
from tests.once import once
from tests.planting import shut
from units.models import Appointment, Post

pytestmark = pytest.mark.usefixtures("today")

ROLES = ("anonymous", "outsider", "sibling", "own", "parent", "office", "leader", "admin")
PEOPLE = dict(
    zip(
        ROLES[1:],
        ("outsider", "sibling_secretary", "commune_secretary", "secretary", "office_staff", "leader", "administrator"),
        strict=True,
    )
)

#: Statuses in the order of ROLES. `?` addresses take the ids of the scene.
GET: dict[str, tuple[int, ...]] = {
    # name                  anon out  sib  own  par  off  lead adm
    "home":                 (302, 200, 200, 200, 200, 200, 200, 302),
    "login":                (200, 302, 302, 302, 302, 302, 302, 302),
    "logout":               (302, 405, 405, 405, 405, 405, 405, 405),
    "password_change":      (302, 200, 200, 200, 200, 200, 200, 200),
    "password_change_done": (302, 200, 200, 200, 200, 200, 200, 200),
    "password_reset":       (200, 200, 200, 200, 200, 200, 200, 200),
    "password_reset_done":  (200, 200, 200, 200, 200, 200, 200, 200),
    "password_reset_confirm": (200, 200, 200, 200, 200, 200, 200, 200),
    "password_reset_complete": (200, 200, 200, 200, 200, 200, 200, 200),
    "set_language":         (302, 302, 302, 302, 302, 302, 302, 302),
    "search":               (302, 200, 200, 200, 200, 200, 200, 200),
    "healthz":              (200, 200, 200, 200, 200, 200, 200, 200),
    "substitutions":        (302, 200, 200, 200, 200, 200, 200, 200),
    "substitution_end":     (302, 405, 405, 405, 405, 405, 405, 405),
    "overview:overview":    (302, 200, 200, 200, 200, 200, 200, 200),
    "overview:mine":        (302, 200, 200, 200, 200, 200, 200, 200),
    "units:units":          (302, 200, 200, 200, 200, 200, 200, 200),
    "units:unit":           (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:plans":          (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:import":         (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:create":         (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:plan":           (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:document":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:publish":        (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:discard":        (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:close":          (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:life":           (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:compare":        (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:reopen":         (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:final_report":   (302, 404, 404, 404, 404, 200, 200, 200),
    "plans:next_year":      (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:sign_off_ask":   (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:sign_offs":      (302, 404, 404, 404, 404, 404, 302, 404),
    "plans:sign_off":       (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:amendment_open": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:amendment":      (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:amendment_issue": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:amendment_discard": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:amendment_period": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:amendment_solution_add": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:amendment_solution": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:amendment_solution_drop": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:reimport":       (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:reimport_compare": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:check":          (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:check_order":    (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:check_news":     (302, 404, 404, 404, 404, 204, 404, 404),
    "plans:check_unit":     (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_choose":  (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_add":     (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record":         (302, 404, 404, 404, 404, 302, 404, 404),
    "plans:record_edit":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_accept":  (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:record_restore": (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:record_reopen":  (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:record_drop":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_join":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_split":   (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:deadlines":      (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:workflow":       (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:calendar":       (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:feed":           (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:feed_ics":       (404, 404, 404, 404, 404, 404, 404, 404),
    "plans:deadline":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:report":         (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:confirm":        (302, 404, 404, 404, 404, 302, 302, 404),
    "plans:return":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:withdraw":       (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:hold":           (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:resume":         (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:cancel":         (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:date":           (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:move":           (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:commitment":     (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:commitment_change": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:commitment_add": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:days_off":       (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:working_days":   (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:working_days_edit": (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:off_days":       (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:later":          (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:decide":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:excuse":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:difficulty":     (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:answer":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:pass_on":        (302, 404, 404, 404, 200, 404, 404, 404),
    "plans:indicators_followed": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:indicator":      (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:indicator_grid": (302, 404, 404, 200, 200, 200, 200, 404),
    "plans:indicator_result": (302, 404, 404, 200, 200, 200, 200, 404),
    "plans:indicator_lock": (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:indicator_reopen": (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:directives":     (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:directive_new":  (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:directive_figures": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:directive":      (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:directive_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:directive_issue": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:directive_discard": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:directive_receive": (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:activities":     (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:activity_new":   (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:activity":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:activity_edit":  (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:activity_comment": (302, 404, 404, 404, 404, 404, 404, 404),
    "plans:activity_opinion": (302, 404, 404, 404, 404, 404, 200, 404),
    "plans:activity_issue": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:activity_discard": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:extensions":     (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:difficulties":   (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:evidence":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:evidence_details": (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:evidence_replace": (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:evidence_share": (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:confirmations":  (302, 200, 200, 200, 200, 200, 200, 404),
    "plans:plan_indicators": (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:indicator_add":  (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:indicator_change": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:coverage":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:year_coverage":  (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:plan_gaps":      (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:gaps":           (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:solution_lead":  (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:report_day":     (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:evidence_add":   (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:links":          (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:link":           (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:links_confirm":  (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:tasks":          (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:task":           (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:tasks_choose":   (302, 404, 404, 302, 200, 200, 404, 404),
    "plans:ledger":         (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:ledger_next":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:shortcomings":   (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:shortcoming":    (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:shortcoming_review": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:shortcoming_source": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:shortcoming_merge": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:shortcoming_unmerge": (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:plan_events":    (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:event":          (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:event_add":      (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:event_edit":     (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:event_day":      (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:event_cancel":   (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:cascade":        (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:cascade_send":   (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:pilot_add":      (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:compiled":       (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:cascades":       (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:cascade_answers": (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:cascade_all":    (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:cascade_plan":   (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:cascade_item":   (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:cascade_change": (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:pilots":         (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:bulk":           (302, 302, 302, 302, 302, 302, 302, 302),
    "plans:bulk_done":      (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:saved_views":    (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:saved_view_new": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:saved_view":     (302, 404, 404, 302, 404, 302, 404, 404),
    "plans:saved_view_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:saved_view_delete": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:notices":        (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:figures":        (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:figures_months": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:figures_trend":  (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:notice_settings": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:notice_chat":    (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:notice_link":    (302, 404, 404, 302, 404, 404, 404, 404),
    "plans:letters":        (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:letter":         (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:letter_file":    (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:hub":          (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:pledges":      (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:pledge":       (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:pledge_hand_in": (302, 404, 404, 302, 302, 302, 404, 404),
    "reviews:pledge_decide": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:pledge_file":  (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:feedback":     (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:feedback_new": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:feedback_link": (404, 404, 404, 404, 404, 404, 404, 404),  # a link that is none
    "reviews:feedback_contribute": (302, 404, 404, 200, 404, 404, 404, 404),
    "reviews:feedback_target": (302, 404, 404, 200, 404, 200, 200, 404),
    "reviews:feedback_file": (302, 404, 404, 200, 404, 200, 200, 404),
    "reviews:feedback_reply": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:feedback_round": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:feedback_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:feedback_step": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:feedback_guests": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:feedback_compiled": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:feedback_result": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:feedback_notice": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:meetings":     (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:meeting_calendar": (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:meeting_new":  (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:meeting_year": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:meeting":      (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:meeting_file": (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:meeting_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:meeting_day":  (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:meeting_cancel": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:meeting_hold": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:trips":        (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:trips_mine":   (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:trip_quarter": (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:trip_coverage": (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:trip_new":     (302, 200, 200, 200, 200, 200, 200, 404),
    "reviews:trip":         (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:trip_file":    (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:trip_edit":    (302, 404, 404, 404, 404, 302, 404, 404),
    "reviews:trip_approve": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:trip_brief":   (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:trip_end":     (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:trip_report":  (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:trip_cancel":  (302, 404, 404, 404, 404, 302, 404, 404),
    "reviews:trip_quotas":  (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:trip_quota":   (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:trip_quota_new": (302, 200, 200, 200, 200, 200, 404, 200),
    "reviews:trip_quota_edit": (302, 404, 404, 404, 404, 200, 404, 200),
    "reviews:decision_add": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:agenda":       (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:agenda_add":   (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:agenda_edit":  (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:agenda_drop":  (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:agenda_move":  (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:report_kinds": (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:report_kind_new": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:report_kind":  (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:report_kind_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:report_kind_ask": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:report_open":  (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:report":       (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:report_refill": (302, 404, 404, 200, 200, 200, 404, 404),
    "reviews:compilation":  (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:emulation":    (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:emulation_new": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:emulation_sheet": (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:emulation_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:emulation_unit": (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:emulation_own": (302, 404, 404, 200, 200, 200, 404, 404),
    "reviews:emulation_check": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:emulation_object": (302, 404, 404, 200, 200, 200, 404, 404),
    "reviews:emulation_settle": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:surveys":      (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:survey_new":   (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:survey":       (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:survey_edit":  (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:survey_questions": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:survey_start": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:survey_finish": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:survey_report": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:survey_grid":  (302, 404, 404, 200, 200, 200, 404, 404),
    "reviews:survey_unit":  (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:commendations": (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:commendation_new": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:commendation": (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:commendation_judge": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:commendation_withdraw": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:commendation_file": (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:inspections":  (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:inspection_new": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:inspection_programme": (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:checklists":   (302, 200, 200, 200, 200, 200, 404, 404),
    "reviews:checklist":    (302, 404, 404, 404, 200, 200, 404, 404),
    "reviews:inspection":   (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:inspection_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:inspection_announce": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:inspection_cancel": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:inspection_end": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:inspection_report": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:inspection_file": (302, 404, 404, 404, 404, 200, 200, 200),
    "reviews:visit":        (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:visit_check":  (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:visit_visited": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:visit_day":    (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:visit_ask":    (302, 404, 404, 200, 200, 200, 404, 404),
    "reviews:visit_answer": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:conclusions":  (302, 200, 200, 200, 200, 200, 200, 200),
    "reviews:conclusion":   (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:conclusion_add": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:conclusion_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:conclusion_drop": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:conclusion_close": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:conclusions_issue": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:evaluations":  (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:evaluation_open": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:score_cards":  (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:score_card_new": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:score_card":   (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:score_card_edit": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:score_card_approve": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:evaluation_year": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:evaluation_rate": (302, 404, 404, 404, 404, 404, 200, 404),
    "reviews:evaluation_round": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:evaluation_step": (302, 405, 405, 405, 405, 405, 405, 405),
    "reviews:evaluation_meeting": (302, 404, 404, 404, 404, 200, 404, 404),
    "reviews:evaluation_decide": (302, 404, 404, 404, 404, 404, 200, 404),
    "reviews:evaluation_reopen": (302, 404, 404, 404, 404, 404, 200, 404),
    "reviews:evaluation_opinions": (302, 404, 404, 404, 404, 404, 404, 404),  # of members of the body only
    "reviews:evaluation_settle": (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:evaluation":   (302, 404, 404, 404, 404, 200, 200, 404),
    "reviews:evaluation_self": (302, 404, 404, 404, 404, 404, 404, 404),
    "reviews:evaluation_opinion": (302, 404, 404, 404, 404, 404, 404, 404),
    "papers:papers":        (302, 200, 200, 200, 200, 200, 200, 200),
    "papers:of_plan":       (302, 404, 404, 404, 404, 200, 200, 404),
    "papers:prepare":       (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:paper":         (302, 404, 404, 404, 404, 200, 200, 404),
    "papers:edit":          (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:again":         (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:number":        (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:discard":       (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:cancel":        (302, 404, 404, 404, 404, 302, 404, 404),  # has no number yet: led back to it
    "papers:download":      (302, 404, 404, 404, 404, 200, 200, 404),
    "papers:export_paper":  (302, 404, 404, 404, 404, 200, 200, 404),
    "papers:archive_new":   (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:export_new":    (302, 200, 200, 200, 200, 200, 200, 200),
    "papers:export":        (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:export_file":   (302, 404, 404, 404, 404, 200, 404, 404),
    "papers:templates":     (302, 404, 404, 404, 404, 404, 404, 404),  # of who administers every tree: one of two
    "papers:template":      (302, 404, 404, 404, 404, 404, 404, 404),
    "papers:template_sample": (302, 404, 404, 404, 404, 404, 404, 404),
    "papers:template_file": (302, 404, 404, 404, 404, 404, 404, 404),
    "papers:template_new":  (302, 404, 404, 404, 404, 404, 404, 404),
    "papers:template_ours": (302, 405, 405, 405, 405, 405, 405, 405),
    "tokens":               (302, 200, 200, 200, 200, 200, 200, 200),
    "token_revoke":         (302, 405, 405, 405, 405, 405, 405, 405),
    "webhooks":             (302, 200, 200, 200, 200, 200, 200, 200),
    "webhook_new":          (302, 200, 200, 200, 200, 200, 200, 200),
    "webhook":              (302, 404, 404, 404, 404, 200, 404, 404),
    "webhook_again":        (302, 405, 405, 405, 405, 405, 405, 405),
    "imports:kinds":        (302, 200, 200, 200, 200, 200, 200, 200),
    "imports:kind":         (302, 404, 404, 404, 404, 404, 404, 200),
    "imports:template":     (302, 404, 404, 404, 404, 404, 404, 200),
    "imports:outcome":      (302, 404, 404, 404, 404, 404, 404, 200),
    "imports:faults":       (302, 404, 404, 404, 404, 404, 404, 302),  # nothing is wrong in it
    "plans:deadlines_chat": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:deadline_chat":  (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:plan_chat":      (302, 404, 404, 200, 200, 200, 200, 200),
    "units:unit_chat":      (302, 404, 404, 200, 200, 200, 200, 200),
    "reviews:meeting_chat": (302, 404, 404, 404, 404, 200, 200, 200),
}  # fmt: skip

#: Addresses that change something, with what is sent. 302 = done and sent on; 422 = right to act, form incomplete.
POST: dict[str, tuple[dict[str, str], tuple[int, ...]]] = {
    "logout":               ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "set_language":         ({"language": "en"}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "password_change":      ({}, (302, 200, 200, 200, 200, 200, 200, 200)),
    "plans:import":         ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:create":         ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:publish":        ({"despite_gaps": "on", "without_sign_off": "Gấp"},
                             (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:discard":        ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:close":          ({"document_number": "99-BC/TĐTN", "document_day": "02/03/2026", "open_work": "leave"},
                             (302, 404, 404, 404, 404, 422, 404, 404)),  # results wait, and an amendment is open
    "plans:reopen":         ({"reason": "Nhầm"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:next_year":      ({"year": "2027"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:sign_off_ask":   ({}, (302, 404, 404, 404, 404, 409, 404, 404)),  # it waits already
    "plans:sign_off":       ({"act": "send_back"}, (302, 404, 404, 404, 404, 404, 422, 404)),
    "plans:amendment_open": ({"title": "Lần 2", "reason": "Sát hơn"}, (302, 404, 404, 404, 404, 409, 404, 404)),
    "plans:amendment_issue": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:amendment_discard": ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:amendment_period": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:amendment_solution_add": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:amendment_solution": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:amendment_solution_drop": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:reimport":       ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:reimport_compare": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:record_add":     ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:record_edit":    ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:record_accept":  ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_drop":    ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_restore": ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_join":    ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_split":   ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:report":         ({"act": "done", "version": "1"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:confirm":        ({"version": "1"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:return":         ({"reason": "Thiếu", "version": "1"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:withdraw":       ({"version": "1"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:hold":           ({"reason": "Chờ", "version": "1"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:resume":         ({"version": "1"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:cancel":         ({"reason": "Thôi", "version": "1"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:date":           ({"due_on": "30/04/2026", "version": "1"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:later":          ({"day": "31/03/2026", "reason": "Bão", "version": "1"},
                             (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:decide":         ({"act": "grant", "state": "asked"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:excuse":         ({"cause": "Bão", "version": "1"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:difficulty":     ({"text": "Thiếu kinh phí", "version": "1"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:answer":         ({"words": "Đã cấp", "state": "awaited"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:pass_on":        ({"words": "Vượt thẩm quyền", "state": "awaited"},
                             (302, 404, 404, 404, 302, 404, 404, 404)),
    "plans:directive_new":  ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:directive_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:directive_issue": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:directive_discard": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:directive_receive": ({}, (302, 404, 404, 302, 404, 404, 404, 404)),
    "plans:activity_new":   ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:activity_edit":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:activity_comment": ({}, (302, 404, 404, 404, 404, 404, 404, 404)),
    "plans:activity_opinion": ({}, (302, 404, 404, 404, 404, 404, 422, 404)),
    "plans:activity_issue": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:activity_discard": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:move":           (
        {"due_on": "31/03/2026", "scope": "one", "reason": "Bão"},
        (302, 404, 404, 404, 404, 200, 404, 404),
    ),
    "plans:commitment_change": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:commitment_add": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:indicator_grid": ({"act": "save"}, (302, 404, 404, 302, 302, 302, 302, 404)),
    "plans:indicator_result": ({}, (302, 404, 404, 422, 422, 422, 422, 404)),
    "plans:indicator_lock": ({}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:indicator_reopen": ({"reason": "Sửa"}, (302, 404, 404, 404, 404, 409, 409, 404)),
    "plans:days_off":       ({"moves": "on", "reason": "Họp"}, (302, 404, 404, 404, 404, 200, 404, 404)),
    "plans:working_days_edit": ({"act": "fill"}, (302, 404, 404, 404, 404, 404, 404, 404)),  # one province of two
    "plans:off_days":       ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:evidence_replace": ({"links": "https://example.org"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:evidence_share": ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "plans:indicator_add":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:indicator_change": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:solution_lead":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:report_day":     ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:evidence_add":   ({"links": "https://example.org/a"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:links":          ({}, (302, 404, 404, 404, 404, 409, 404, 404)),
    "plans:link":           ({"act": "confirm"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:links_confirm":  ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:tasks_choose":   ({}, (302, 404, 404, 302, 200, 200, 404, 404)),
    "plans:ledger":         ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:ledger_next":    ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:shortcoming_review": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:shortcoming_source": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:shortcoming_merge": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:shortcoming_unmerge": ({"version": "1"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:event_add":      ({"name": "Họp", "kind": "meeting"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:event_edit":     ({"name": "Họp", "kind": "meeting", "version": "1"},
                             (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:event_day":      ({"day": "30/04/2026"}, (302, 404, 404, 404, 404, 200, 404, 404)),
    "plans:event_cancel":   ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:cascade_send":   ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:pilot_add":      ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:compiled":       ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:cascade_all":    ({"answer": "accepted"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:cascade_plan":   ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "plans:cascade_item":   ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "plans:cascade_change": ({"act": "take", "version": "1"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:pilots":         ({}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:bulk":           ({}, (302, 422, 422, 422, 422, 422, 422, 404)),
    "plans:saved_view_new": ({"name": "Tên"}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "plans:saved_view_edit": ({"name": "Tên"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:saved_view_delete": ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:confirmations":  ({}, (302, 405, 405, 405, 405, 405, 405, 405)),
    "plans:feed":           ({"act": "create"}, (302, 200, 200, 200, 200, 200, 200, 200)),
    "plans:notices":        ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "plans:notice_settings": ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "substitutions":        ({}, (302, 422, 422, 422, 422, 422, 422, 422)),
    "substitution_end":     ({}, (302, 404, 404, 302, 404, 404, 404, 404)),
    "plans:notice_chat":    ({}, (302, 404, 404, 404, 404, 404, 404, 404)),  # no chat unless a setting says so
    "plans:letters":        ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:pledge_hand_in": ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "reviews:pledge_decide": ({"decision": "accept", "version": "1"}, (302, 404, 404, 404, 302, 302, 302, 404)),
    "reviews:meeting_new":  ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:meeting_year": ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:meeting_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:meeting_day":  ({"day": "30/04/2026"}, (302, 404, 404, 404, 404, 200, 404, 404)),
    "reviews:meeting_cancel": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:meeting_hold": ({}, (302, 404, 404, 404, 404, 422, 422, 404)),
    "reviews:decision_add": ({}, (302, 404, 404, 404, 404, 422, 422, 404)),
    "reviews:agenda":       ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:agenda_add":   ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:agenda_edit":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:agenda_move":  ({"to": "up"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "reviews:agenda_drop":  ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "reviews:report_kind_new": ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:report_kind_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:report_kind_ask": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:report_open":  ({}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "reviews:report":       ({"version": "1"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "reviews:report_refill": ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "reviews:compilation":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:emulation_new": ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:emulation_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:emulation_own": ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "reviews:emulation_check": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:emulation_object": ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "reviews:emulation_settle": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:survey_new":   ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:survey_edit":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:survey_questions": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:survey_start": ({"version": "9"}, (302, 404, 404, 404, 404, 409, 404, 404)),
    "reviews:survey_finish": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:survey_report": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:survey_grid":  ({}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "reviews:survey_unit":  ({}, (302, 404, 404, 422, 422, 422, 404, 404)),
    "reviews:commendation_new": ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:commendation_judge": ({"decision": "refuse"}, (302, 404, 404, 404, 422, 404, 404, 404)),
    "reviews:commendation_withdraw": ({"version": "1"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "reviews:trip_new":     ({}, (302, 422, 422, 422, 422, 422, 422, 404)),
    "reviews:trip_edit":    ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:trip_approve": ({"version": "1"}, (302, 404, 404, 404, 404, 422, 422, 404)),
    "reviews:trip_brief":   ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:trip_end":     ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:trip_report":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:trip_cancel":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:trip_quota_new": ({}, (302, 422, 422, 422, 422, 422, 404, 422)),
    "reviews:trip_quota_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 422)),
    "reviews:inspection_new": ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:inspection_programme": ({}, (302, 302, 302, 302, 302, 302, 404, 404)),
    "reviews:checklist":    ({}, (302, 404, 404, 404, 422, 422, 404, 404)),
    "reviews:inspection_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:inspection_announce": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:inspection_cancel": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:inspection_end": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:inspection_report": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:visit_check":  ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:visit_visited": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:visit_day":    ({"day": "30/04/2026"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "reviews:visit_ask":    ({"text": "Xin lùi giờ"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "reviews:visit_answer": ({"words": "Đồng ý"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "reviews:conclusion_add": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:conclusion_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:conclusion_drop": ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "reviews:conclusion_close": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:conclusions_issue": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:evaluation_open": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:score_card_new": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:score_card_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:score_card_approve": ({"version": "1"}, (302, 404, 404, 404, 404, 404, 302, 404)),
    "reviews:evaluation_rate": ({}, (302, 404, 404, 404, 404, 404, 422, 404)),
    "reviews:evaluation_step": ({"step": "lock", "checked": "yes"}, (302, 404, 404, 404, 404, 404, 409, 404)),
    "reviews:evaluation_meeting": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:evaluation_decide": ({}, (302, 404, 404, 404, 404, 404, 422, 404)),
    "reviews:evaluation_reopen": ({}, (302, 404, 404, 404, 404, 404, 422, 404)),
    "reviews:evaluation_settle": ({}, (302, 404, 404, 404, 404, 422, 422, 404)),
    "reviews:evaluation_self": ({}, (302, 404, 404, 404, 404, 404, 404, 404)),
    "reviews:evaluation_opinion": ({}, (302, 404, 404, 404, 404, 404, 404, 404)),
    "reviews:feedback_new": ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "reviews:feedback_link": ({"key": "x"}, (404, 404, 404, 404, 404, 404, 404, 404)),
    "reviews:feedback_contribute": ({}, (302, 404, 404, 422, 404, 404, 404, 404)),
    "reviews:feedback_target": ({}, (302, 404, 404, 422, 404, 422, 404, 404)),
    "reviews:feedback_reply": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:feedback_edit": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:feedback_step": ({"step": "feedback_open", "version": "2"}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "reviews:feedback_guests": ({"act": "links"}, (302, 404, 404, 404, 404, 200, 404, 404)),
    "reviews:feedback_result": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "papers:prepare":       ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "papers:edit":          ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "papers:again":         ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "papers:number":        ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "papers:discard":       ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "papers:cancel":       ({}, (302, 404, 404, 404, 404, 302, 404, 404)),  # has no number yet: led back to it
    "papers:export_paper":  ({}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "papers:archive_new":   ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "papers:export_new":    ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "papers:template":      ({}, (302, 404, 404, 404, 404, 404, 404, 404)),
    "papers:template_new":  ({}, (302, 404, 404, 404, 404, 404, 404, 404)),
    "papers:template_ours": ({}, (302, 404, 404, 404, 404, 404, 404, 404)),
    "tokens":               ({}, (302, 422, 422, 422, 422, 422, 422, 422)),
    "token_revoke":         ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "webhook_new":          ({}, (302, 422, 422, 422, 422, 422, 422, 422)),
    "webhook":              ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "webhook_again":        ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "imports:kind":         ({}, (302, 404, 404, 404, 404, 404, 404, 422)),
    "imports:outcome":      ({}, (302, 404, 404, 404, 404, 404, 404, 409)),  # nobody has looked at it
}  # fmt: skip
#: What an address is asked about, where that is no part of its path.
ABOUT: dict[str, str] = {"papers:prepare": "plan={plan}"}


@dataclass(frozen=True)
class Scene:
    """One plan of the province followed up, one draft, and rows of the commune in every state an address needs."""

    plan: Plan
    draft: Plan
    assigned: Deadline
    submitted: Deadline
    undated: Deadline
    proof: Evidence
    ids: dict[str, list[Any]]

    def address(self, name: str) -> str:
        """Return the address of `name` for this scene's objects."""
        about = ABOUT.get(name, "").format(plan=self.plan.pk)
        return reverse(name, args=self.ids.get(name, [])) + (f"?{about}" if about else "")


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Return the scene; every text has the word SÔNGTHAO, which only its own people may read."""
    return once(f"scene of {clock.now():%Y-%m-%d %H:%M}", lambda: _scene(cast))


def _scene(cast: Cast) -> Scene:
    plan = make_published_plan(cast.province, title="Kế hoạch SÔNGTHAO")
    words = SolutionFactory(plan=plan, ordinal=90, text="Việc của SÔNGTHAO", lead_unit=cast.commune)
    assigned = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20), solution=words)
    done = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 3, 1), "reported_by": cast.commune_secretary}
    submitted = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20), solution=words, **done)
    undated = make_deadline(cast.commune, plan=plan, solution=words)
    now = clock.now()
    facts: dict[str, Any] = {"size": 3, "sha256": "0" * 64, "original_name": "SÔNGTHAO.pdf"}
    proof = Evidence(deadline=submitted, added_by=cast.commune_secretary, added_at=now, **facts)
    proof.file.save("proof", ContentFile(b"abc"))
    number = Evidence.objects.create(
        deadline=assigned, added_by=cast.commune_secretary, added_at=now, document_number="9-BC/SÔNGTHAO"
    )
    document = PlanDocument(plan=plan, paragraphs=[], read_at=now, **facts)
    document.file.save("plan", ContentFile(b"abc"))
    draft: Plan = PlanFactory(issuing_unit=cast.province, title="Dự thảo SÔNGTHAO", status=PlanStatus.DRAFT)
    group = SolutionGroupFactory(plan=draft, ordinal=1, lead_unit=cast.department)
    first = SolutionFactory(plan=draft, ordinal=1, group=group, text="Họp giao ban. Gửi báo cáo SÔNGTHAO.")
    SolutionFactory(plan=draft, ordinal=2, group=group, text="Tập huấn cán bộ.")
    ScheduleFactory(solution=first, kind=Kind.ONGOING, due=None)
    ShortcomingFactory(plan=draft, ordinal=1)
    edited = PlanDocument(plan=draft)
    edited.file.save("edited", ContentFile("Kế hoạch SÔNGTHAO".encode()), save=False)
    token = signing.dumps([draft.pk, edited.file.name, "SÔNGTHAO.txt"], salt="plans.reimport", compress=True)
    record = [draft.pk, "solution", first.pk]
    dropped = drop_record(record=ShortcomingFactory(plan=draft, ordinal=2), by=cast.office_staff)
    told = {"recipient": cast.commune_secretary, "kind": NoticeKind.DUE_SOON, "day": clock.today(), "created_at": now}
    notice = Notice.objects.create(deadline=assigned, **told)
    wrote = {"prepared_by": cast.office_staff, "prepared_at": now, "answer_by": clock.today()}
    letter = ChasingLetter.objects.create(plan=plan, text="Công văn SÔNGTHAO", **wrote)
    asked = make_extension(submitted, by=cast.commune_secretary, reason="Bão SÔNGTHAO")
    raised = make_difficulty(assigned, by=cast.commune_secretary, text="Thiếu kinh phí SÔNGTHAO")
    late = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 2, 20), solution=words, **done)
    held = make_deadline(cast.commune, plan=plan, solution=words, status=Status.ON_HOLD)
    away = make_substitution(cast.commune_secretary, cast.branch_secretary, reason="SÔNGTHAO")
    for_district = make_difficulty(
        assigned, by=cast.commune_secretary, text="Chờ huyện SÔNGTHAO", answering_unit=cast.district
    )
    meeting = make_event(cast.province, "Họp SÔNGTHAO", plan=plan)
    make_hanging(cast.commune, plan=plan, event=meeting, text="Chuẩn bị họp SÔNGTHAO")
    target = make_indicator(plan, units=[cast.commune], text="Chỉ tiêu SÔNGTHAO")
    ids: dict[str, list[Any]] = {
        **{name: [plan.pk] for name in ("plans:plan_indicators", "plans:indicator_add")},
        "plans:indicator_change": [plan.pk, target.pk],
        **{name: [plan.pk] for name in ("plans:plan_events", "plans:event_add")},
        **{f"plans:event{act}": [meeting.pk] for act in ("", "_edit", "_day", "_cancel")},
        **_tasks(plan, words, submitted),
        **_ledger(plan, cast),
        **_views(cast, now),
        **_papers(cast),
        **_reviews(cast),
        **_results(cast, plan),
        **_sent_down(cast, assigned),
        **_life(cast, plan, draft, words),
        **_meetings(cast, now),
        **_periodic(cast),
        **_surveys(cast),
        **_commendations(cast),
        **_trips(cast, now),
        **_inspections(cast, now),
        **_evaluations(cast),
        **_feedback(cast, now),
        **_official(cast, plan, now),
        **_programs(cast),
        **_imports(cast),
        "password_reset_confirm": ["MQ", "a-b"],
        **{name: [cast.commune.pk] for name in ("units:unit", "units:unit_chat")},
        **{name: [plan.pk] for name in ("plans:plan", "plans:plan_chat")},
        "plans:document": [plan.pk],
        "plans:close": [plan.pk],
        **{name: [draft.pk] for name in ("plans:publish", "plans:discard", "plans:check", "plans:record_choose")},
        **{f"plans:check_{page}": [draft.pk] for page in ("order", "news", "unit")},
        "plans:reimport": [draft.pk],
        "plans:reimport_compare": [draft.pk, token],
        "plans:record_add": [draft.pk, "solution"],
        "plans:record_restore": [draft.pk, dropped.pk],
        **{f"plans:record{act}": record for act in ("", "_edit", "_accept", "_reopen", "_drop", "_join", "_split")},
        **{name: [assigned.pk] for name in ("plans:deadline", "plans:report", "plans:cancel", "plans:hold")},
        "plans:deadline_chat": [assigned.pk],
        "plans:resume": [held.pk],
        "substitution_end": [away.pk],
        **{name: [assigned.pk] for name in ("plans:later", "plans:difficulty")},
        "plans:move": [assigned.pk],
        **{f"plans:commitment{act}": [plan.pk, assigned.schedule_id] for act in ("", "_change")},
        "plans:commitment_add": [plan.pk, words.pk],
        "plans:days_off": [plan.pk],
        "plans:decide": [asked.pk],
        "plans:excuse": [late.pk],
        "plans:answer": [raised.pk],
        **{name: [submitted.pk] for name in ("plans:confirm", "plans:return", "plans:withdraw")},
        "plans:date": [undated.pk],
        "plans:pass_on": [for_district.pk],
        **{f"plans:evidence{page}": [proof.pk] for page in ("", "_details")},
        "plans:evidence_replace": [number.pk],
        "plans:evidence_share": [assigned.pk],
        "plans:notice_link": [address_of(notice).split("/")[2]],
        "plans:letters": [plan.pk],
        **{name: [letter.pk] for name in ("plans:letter", "plans:letter_file")},
    }
    return Scene(plan, draft, assigned, submitted, undated, proof, ids)


def _results(cast: Cast, plan: Plan) -> dict[str, list[Any]]:
    """Make a target of the communes with a result of the commune."""
    facts: dict[str, Any] = {"kind": "ratio", "frequency": "year", "text": "Chỉ tiêu SÔNGTHAO"}
    indicator = make_indicator(plan, kinds=["commune"], **facts)
    figures: dict[str, Any] = {"numerator": Decimal(1), "denominator": Decimal(2), "note": "Ghi chú SÔNGTHAO"}
    make_result(indicator, cast.commune, by=cast.commune_secretary, **figures)
    return {
        **{f"plans:indicator{page}": [indicator.pk] for page in ("", "_grid", "_lock", "_reopen")},
        "plans:indicator_result": [indicator.pk, cast.commune.pk],
    }


def _sent_down(cast: Cast, assigned: Deadline) -> dict[str, list[Any]]:
    """Send the plan down to the commune, which refused an item that has changed since and has a pilot to choose."""
    row = make_recipient(assigned.plan, cast.commune, by=cast.office_staff)
    answer = make_answer(row, assigned.solution, by=cast.commune_secretary, reason="Không có SÔNGTHAO")
    kind = cast.commune.kind
    slot = PilotSlot.objects.create(
        solution=answer.solution,
        words="Thí điểm SÔNGTHAO",
        kind=kind,
        created_by=cast.office_staff,
        created_at=clock.now(),
    )
    return {
        **{f"plans:{page}": [row.plan_id] for page in ("cascade", "cascade_send", "pilot_add")},
        **{f"plans:cascade_{page}": [row.pk] for page in ("answers", "all", "plan")},
        **{f"plans:cascade_{page}": [row.pk, answer.solution_id] for page in ("item", "change")},
        "plans:compiled": [row.plan_id, assigned.schedule_id],
        "plans:pilots": [row.pk, slot.pk],
    }


def _ledger(plan: Plan, cast: Cast) -> dict[str, list[Any]]:
    """Make a shortcoming that names the commune, and one that is merged into it."""
    row = ShortcomingFactory(plan=plan, ordinal=1, text="Khuyết điểm của SÔNGTHAO", cause="Do SÔNGTHAO")
    merged = ShortcomingFactory(plan=plan, ordinal=2, text="Cũng của SÔNGTHAO", merged_into=row)
    row.named_units.add(cast.commune)
    return {
        **{f"plans:ledger{page}": [plan.pk] for page in ("", "_next")},
        **{f"plans:shortcoming{page}": [row.pk] for page in ("", "_review", "_source", "_merge")},
        "plans:shortcoming_unmerge": [merged.pk],
    }


def _life(cast: Cast, plan: Plan, draft: Plan, words: Solution) -> dict[str, list[Any]]:
    """Put the draft before its leaders, amend the plan, and close another one with a file."""
    asked = ask_sign_off(plan=draft, by=cast.office_staff, note="SÔNGTHAO")
    amend: dict[str, Any] = {"plan": plan, "by": cast.office_staff, "reason": "Sát thực tế SÔNGTHAO"}
    issued = PlanAmendment.objects.create(
        plan=plan, ordinal=1, title="Lần 1 SÔNGTHAO", reason="SÔNGTHAO", made_by=cast.office_staff,
        made_at=clock.now(), symbol="4-KH/TĐTN", issued_on=clock.today(), issued_by=cast.office_staff,
        issued_at=clock.now(),
    )  # fmt: skip
    opened = open_amendment(**amend, title="Lần 2 SÔNGTHAO")
    over = make_published_plan(cast.province, title="Kế hoạch cũ SÔNGTHAO")
    file = Upload.of(ContentFile(b"%PDF-1.4", name="Báo cáo SÔNGTHAO.pdf"))
    closing = close_plan(plan=over, by=cast.office_staff, report=FinalReport(file=file))
    return {
        **{name: [plan.pk] for name in ("plans:life", "plans:compare", "plans:next_year", "plans:amendment_open")},
        "plans:reopen": [over.pk],
        "plans:final_report": [over.pk, closing.pk],
        "plans:sign_off_ask": [draft.pk],
        "plans:sign_off": [asked.pk],
        "plans:amendment": [issued.pk],
        **{f"plans:amendment_{act}": [opened.pk] for act in ("issue", "discard", "period", "solution_add")},
        **{f"plans:amendment_solution{act}": [opened.pk, words.pk] for act in ("", "_drop")},
    }


def _papers(cast: Cast) -> dict[str, list[Any]]:
    """Make a directive and an activity, each as a draft and issued to the commune."""
    papers: dict[str, Any] = {"issuing_unit": cast.province, "by": cast.office_staff, "title": "Công văn SÔNGTHAO"}
    directives = make_directive(**papers), make_directive(**papers, to=[cast.commune])
    activities = make_activity(**papers), make_activity(**papers, host=cast.commune, opinion_by=cast.leader)
    return {
        **{f"plans:directive_{act}": [directives[0].pk] for act in ("edit", "issue", "discard")},
        **{name: [directives[1].pk] for name in ("plans:directive", "plans:directive_receive")},
        **{f"plans:activity_{act}": [activities[0].pk] for act in ("edit", "comment", "opinion", "issue", "discard")},
        "plans:activity": [activities[1].pk],
    }


def _reviews(cast: Cast) -> dict[str, list[Any]]:
    """Make the pledge of the head of the commune."""
    head = Appointment.objects.select_related("post__unit", "user").get(user=cast.commune_secretary)
    Post.objects.filter(pk=head.post_id).update(rank=10)
    paper = Upload.of(ContentFile(office(), name="SÔNGTHAO.docx"))
    facts: dict[str, Any] = {"year": 2026, "by": cast.commune_secretary, "text": "Cam kết SÔNGTHAO", "upload": paper}
    pledge = hand_in_pledge(appointment=head, **facts)
    return {
        **{f"reviews:pledge{page}": [pledge.pk] for page in ("", "_decide", "_file")},
        "reviews:pledge_hand_in": [2026, head.pk],
    }


def _tasks(plan: Plan, words: Solution, submitted: Deadline) -> dict[str, list[Any]]:
    """Make a shortcoming and a priority task, which a solution answers as the reader proposed."""
    ShortcomingFactory(plan=plan, ordinal=9, text="Khuyết điểm SÔNGTHAO").solutions.add(words)
    task = make_task(plan, text="Nhiệm vụ SÔNGTHAO", list_kind="focus")
    proposed = link_task(words, task, proposed=True)
    pages = ("coverage", "plan_gaps", "report_day", "links_confirm", "tasks", "tasks_choose")
    return {
        **{f"plans:{name}": [plan.pk] for name in pages},
        "plans:solution_lead": [plan.pk, words.pk],
        "plans:evidence_add": [submitted.pk],
        "plans:links": [plan.pk, "task", task.pk],
        "plans:link": [plan.pk, "task", proposed.pk],
        "plans:task": [plan.pk, task.pk],
    }


def _meetings(cast: Cast, now: dt.datetime) -> dict[str, list[Any]]:
    """Make a meeting of the province on today, with one item, and the file of its minutes."""
    row = make_meeting(cast.province, by=cast.office_staff, day=clock.today(), title="Phiên họp SÔNGTHAO")
    item = make_agenda_item(row, by=cast.office_staff, title="Việc SÔNGTHAO")
    kept = {"original_name": "SÔNGTHAO.pdf", "size": 3, "sha256": "0" * 64, "added_at": now}
    file = MeetingFile(meeting=row, added_by=cast.office_staff, **kept)
    file.file.save("minutes", ContentFile(b"abc"))
    acts = ("meeting", *(f"meeting_{act}" for act in ("edit", "day", "cancel", "hold", "chat")), "decision_add")
    return {
        **{f"reviews:{act}": [row.pk] for act in (*acts, "agenda", "agenda_add")},
        **{f"reviews:agenda_{act}": [row.pk, item.pk] for act in ("edit", "move", "drop")},
        "reviews:meeting_file": [file.pk],
    }


def _periodic(cast: Cast) -> dict[str, list[Any]]:
    """Ask the commune for a report, begin one, and score it, with an objection of a person of its own."""
    kind = make_report_kind(cast.province, cast.commune, by=cast.office_staff, name="Báo cáo SÔNGTHAO")
    first, second = Deadline.objects.filter(schedule__report_year__kind=kind).order_by("due_on")[:2]
    report = open_report(deadline=first, by=cast.commune_secretary)
    sheet = make_score_sheet(cast.province, "commune", by=cast.office_staff, title="Bảng điểm SÔNGTHAO")
    criterion = sheet.criteria.get(kind="judged")
    words = "Khiếu nại SÔNGTHAO"
    dispute = raise_dispute(criterion=criterion, unit=cast.commune, text=words, by=cast.commune_secretary)
    return {
        **{f"reviews:report_kind{page}": [kind.pk] for page in ("", "_edit", "_ask")},
        "reviews:report_open": [second.pk],
        **{f"reviews:report{page}": [report.pk] for page in ("", "_refill")},
        "reviews:compilation": [kind.years.get().pk, first.occurrence],
        **{f"reviews:emulation_{page}": [sheet.pk] for page in ("sheet", "edit")},
        "reviews:emulation_unit": [sheet.pk, cast.commune.pk],
        **{
            f"reviews:emulation_{act}": [sheet.pk, cast.commune.pk, criterion.pk] for act in ("own", "check", "object")
        },
        "reviews:emulation_settle": [dispute.pk],
    }


def _surveys(cast: Cast) -> dict[str, list[Any]]:
    """Make a survey of the commune that is prepared, one that runs with an answer, and one that is finished."""
    title: dict[str, Any] = {"title": "Khảo sát SÔNGTHAO", "by": cast.office_staff}
    prepared = make_survey(cast.province, cast.commune, running=False, **title)
    running, over = (make_survey(cast.province, cast.commune, **title) for _n in range(2))
    said = {running.questions.get().pk: Said(note="Ghi chú SÔNGTHAO")}
    answer_survey(survey=running, rows=[UnitSaid(cast.commune.pk, 0, said)], by=cast.commune_secretary)
    finish_survey(survey=over, by=cast.office_staff, version=over.version, working_days=5)
    return {
        **{f"reviews:survey{page}": [prepared.pk] for page in ("_edit", "_questions", "_start")},
        **{f"reviews:survey{page}": [running.pk] for page in ("", "_finish", "_grid")},
        "reviews:survey_unit": [running.pk, cast.commune.pk],
        "reviews:survey_report": [over.pk],
    }


def _commendations(cast: Cast) -> dict[str, list[Any]]:
    """Let the commune propose one of its people to the district."""
    paper = Upload.of(ContentFile(office(), name="SÔNGTHAO.docx"))
    facts: dict[str, Any] = {"level": cast.district, "by": cast.commune_secretary, "upload": paper}
    row = make_proposal(cast.commune, merits="Tốt SÔNGTHAO", person="Người SÔNGTHAO", **facts)
    return {f"reviews:commendation{page}": [row.pk] for page in ("", "_judge", "_withdraw", "_file")}


def _trips(cast: Cast, now: dt.datetime) -> dict[str, list[Any]]:
    """Make a trip to the commune that waits for its report, with the file of its brief, and a quota."""
    days = dt.date(2026, 3, 2), dt.date(2026, 3, 4)
    facts: dict[str, Any] = {"state": TripState.GONE, "purpose": "Khảo sát SÔNGTHAO", "units": [cast.commune]}
    trip = make_trip(cast.province, leader=cast.department_head, days=days, **facts)
    kept = {"original_name": "SÔNGTHAO.pdf", "size": 3, "sha256": "0" * 64, "added_at": now}
    file = TripFile(trip=trip, paper="brief", added_by=cast.department_head, **kept)
    file.file.save("brief", ContentFile(b"abc"))
    quota = make_quota(cast.province, by=cast.office_staff, name="60 ngày SÔNGTHAO")
    acts = ("edit", "approve", "brief", "end", "report", "cancel")
    return {
        **{f"reviews:{name}": [trip.pk] for name in ("trip", *(f"trip_{act}" for act in acts))},
        **{f"reviews:trip_quota{act}": [quota.pk] for act in ("", "_edit")},
        "reviews:trip_file": [file.pk],
    }


def _inspections(cast: Cast, now: dt.datetime) -> dict[str, list[Any]]:
    """Make inspections of the commune: planned, announced for today with a request, reported with two conclusions."""
    by, head = cast.office_staff, make_permanent_member(cast.province)
    make_checklist(cast.province, "commune", "Mục SÔNGTHAO", by=by)
    facts: dict[str, Any] = {"by": by, "head": head, "title": "Kiểm tra SÔNGTHAO", "day": clock.today()}
    planned, announced, reported = (make_inspection(cast.province, cast.commune, **facts) for _n in range(3))
    for row in (announced, reported):
        announce(inspection=row, preparation="Hồ sơ SÔNGTHAO", days=0, by=by)
    visit, visited = announced.visits.get(), reported.visits.select_related("plan").get()
    request = ask_team(visit=visit, text="Đề nghị SÔNGTHAO", by=cast.commune_secretary)
    end_visit(visit=visited, on=clock.today(), by=by)
    end_visits(inspection=reported, due=clock.today(), by=by)
    hand_in_report(inspection=reported, text="Báo cáo SÔNGTHAO", by=by)
    kept = {"original_name": "SÔNGTHAO.pdf", "size": 3, "sha256": "0" * 64, "added_at": now}
    file = InspectionFile(inspection=reported, added_by=by, **kept)
    file.file.save("report", ContentFile(b"abc"))
    solution = SolutionFactory(plan=visited.plan, ordinal=9, text="Kết luận SÔNGTHAO", lead_unit=cast.commune)
    made = {"visit": visited, "due": clock.today(), "follower": head, "created_by": by, "created_at": now}
    issued = Conclusion.objects.create(**made, ordinal=1, text=solution.text, solution=solution)
    draft = Conclusion.objects.create(**made, ordinal=2, text="Dự thảo SÔNGTHAO")
    return {
        **{f"reviews:inspection{act}": [planned.pk] for act in ("", "_edit", "_announce", "_cancel")},
        "reviews:inspection_end": [announced.pk],
        **{f"reviews:visit{act}": [visit.pk] for act in ("", "_check", "_visited", "_day", "_ask")},
        "reviews:visit_answer": [request.pk],
        **{f"reviews:{act}": [reported.pk] for act in ("inspection_report", "conclusion_add", "conclusions_issue")},
        "reviews:inspection_file": [file.pk],
        **{f"reviews:conclusion{act}": [issued.pk] for act in ("", "_close")},
        **{f"reviews:conclusion_{act}": [draft.pk] for act in ("edit", "drop")},
        "reviews:inspection_programme": [2026],
        "reviews:checklist": [cast.commune.kind_id],
    }


def _evaluations(cast: Cast) -> dict[str, list[Any]]:
    """Take a month of two members of the standing committee as far as its meeting, and write the next card."""
    scene = make_committee(cast, leader_sits=False)
    row = scene.to_decision(shortcoming="Chậm báo cáo SÔNGTHAO")
    own = scene.of(row, scene.member)
    draft = scene.next_card()
    steps = ("round", "step", "meeting", "decide", "reopen", "opinions")
    return {
        **{f"reviews:evaluation_{page}": [row.pk] for page in steps},
        **{f"reviews:evaluation{page}": [own.pk] for page in ("", "_self", "_opinion")},
        "reviews:evaluation_rate": [cast.province.pk, row.body, 2026, scene.member.pk],
        "reviews:evaluation_settle": [own.shortcomings.get().pk],
        **{f"reviews:score_card{page}": [draft.pk] for page in ("", "_edit", "_approve")},
    }


def _feedback(cast: Cast, now: dt.datetime) -> dict[str, list[Any]]:
    """Make four rounds of the province about the secretary of the commune: prepared, open, reporting, replying."""
    about: dict[str, Any] = {"person": cast.commune_secretary, "units": [cast.commune], "guests": ["Ông SÔNGTHAO"]}
    facts = {**about, "body": Post.Body.EXECUTIVE_COMMITTEE, "title": "Góp ý SÔNGTHAO", "anonymous": False}
    drawn = make_feedback_round(cast.province, by=cast.office_staff, opened=False, **facts)
    asked, reporting, replying = (make_feedback_round(cast.province, by=cast.office_staff, **facts) for _n in range(3))
    mine = replying.invitations.get(unit=cast.commune)
    target = replying.targets.get(person=cast.commune_secretary)
    said = contribute_to(replying, mine, target, "Lời SÔNGTHAO", by=cast.commune_secretary)
    FeedbackRound.objects.filter(pk=reporting.pk).update(step=FeedbackStep.REPORTING)
    FeedbackRound.objects.filter(pk=replying.pk).update(step=FeedbackStep.REPLYING)
    own = reporting.targets.get(person=cast.commune_secretary)
    kept = {"original_name": "SÔNGTHAO.pdf", "size": 3, "sha256": "0" * 64, "added_at": now}
    file = FeedbackFile(target=own, added_by=cast.office_staff, **kept)
    file.file.save("report", ContentFile(b"abc"))
    return {
        "reviews:feedback_edit": [drawn.pk],
        **{f"reviews:feedback_{page}": [asked.pk] for page in ("step", "guests")},
        "reviews:feedback_contribute": [asked.invitations.get(unit=cast.commune).pk],
        "reviews:feedback_target": [own.pk],
        "reviews:feedback_file": [file.pk],
        **{f"reviews:feedback_{page}": [replying.pk] for page in ("round", "compiled", "result", "notice")},
        "reviews:feedback_reply": [said.pk],
    }


def _official(cast: Cast, plan: Plan, now: dt.datetime) -> dict[str, list[Any]]:
    """Prepare a paper about the plan, write an export of the office, and put in a template."""
    paper = prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff)
    written = Export(kind="deadlines", created_by=cast.office_staff, created_at=now, expires_at=now + dt.timedelta(1))
    written.state = "export_ready"
    written.file.save("export.xlsx", ContentFile("SÔNGTHAO".encode()))
    kept = {"original_name": "SÔNGTHAO.docx", "size": 3, "sha256": "0" * 64, "added_at": now}
    template = PaperTemplate(added_by=cast.administrator, **kept)
    template.file.save("template", ContentFile(default_template()))
    return {
        **{f"papers:{page}": [plan.pk] for page in ("of_plan", "archive_new")},
        "papers:prepare": ["progress"],
        **{f"papers:{page}": [paper.pk] for page in ("paper", "edit", "again", "number", "cancel", "discard")},
        **{f"papers:{page}": [paper.pk, "docx"] for page in ("download", "export_paper")},
        **{f"papers:export{page}": [written.pk] for page in ("", "_file")},
        "papers:template": [template.pk],
        "papers:template_sample": [template.pk, "report"],
        **{f"papers:template_{page}": ["progress"] for page in ("file", "new", "ours")},
    }


def _programs(cast: Cast) -> dict[str, list[Any]]:
    """Make a token and a webhook of the office, with a message to it."""
    token, _key = make_token(by=cast.office_staff, name="SÔNGTHAO", scope="read", days=30)
    facts: dict[str, Any] = {"name": "SÔNGTHAO", "url": "https://example.org/in", "events": ["plan.published"]}
    webhook, _secret = make_webhook(by=cast.office_staff, **facts)
    message = trial_message(webhook)
    message.save()
    return {"token_revoke": [token.pk], "webhook": [webhook.pk], "webhook_again": [message.pk]}


def _imports(cast: Cast) -> dict[str, list[Any]]:
    """Keep a file of units that the administrator has sent."""
    data = workbook(["code", "name", "kind", "parent"], ["ST-MOI", "Đoàn xã SÔNGTHAO", "commune", "ST"])
    token = keep_upload(upload=KeptUpload(data, "SÔNGTHAO.xlsx"), by=cast.administrator)
    pages = {f"imports:{page}": ["units"] for page in ("kind", "template")}
    return {**pages, **{f"imports:{page}": ["units", token] for page in ("outcome", "faults")}}


def _views(cast: Cast, now: dt.datetime) -> dict[str, list[Any]]:
    """Make what the office keeps of its lists: a run over many rows, a view shared with the commune."""
    run = BulkRun.objects.create(owner=cast.office_staff, act="confirm", asked=1, started_at=now)
    shared = {"shared_with": cast.commune, "name": "Bộ lọc SÔNGTHAO", "query": "status=assigned"}
    view = SavedView.objects.create(owner=cast.office_staff, listing="deadlines", **shared)
    return {
        "plans:bulk_done": [run.key],
        **{name: ["deadlines"] for name in ("plans:saved_views", "plans:saved_view_new")},
        **{f"plans:saved_view{act}": ["deadlines", view.pk] for act in ("", "_edit", "_delete")},
    }


def _status(response: Any) -> int:
    """Return the status and close what was opened."""
    shut(response)
    return int(response.status_code)


def _names(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_address_stands_in_the_table() -> None:
    # tests/api/test_access.py has the operations of the API
    names = {n for n in _names(get_resolver().url_patterns) if not n.startswith(("admin:", "api:"))}
    assert names == set(GET)


#: Pages of the framework answer HEAD themselves.
HEAD_OF_THE_FRAMEWORK = {"set_language"}


@pytest.mark.walk
def test_head_is_answered_as_get_is(cast: Cast, scene: Scene, login: Login) -> None:
    client = login(cast.office_staff)
    asked = [name for name in GET if name not in HEAD_OF_THE_FRAMEWORK]
    got = {name: _status(client.head(scene.address(name))) for name in asked}
    assert got == {name: GET[name][ROLES.index("office")] for name in asked}


@pytest.mark.walk
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do(cast: Cast, scene: Scene, login: Login, role: str) -> None:
    client, got = login(getattr(cast, PEOPLE[role]) if role in PEOPLE else None), {}
    logged_in = copy.deepcopy(client.cookies)
    for name, (sent, _) in POST.items():
        with transaction.atomic():
            client.cookies = copy.deepcopy(logged_in)
            got[name] = client.post(scene.address(name), sent).status_code
            transaction.set_rollback(True)
    assert got == {name: statuses[ROLES.index(role)] for name, (_, statuses) in POST.items()}


def test_a_foreign_unit_in_the_filter_shows_nothing(cast: Cast, scene: Scene, login: Login) -> None:
    page = login(cast.outsider).get(reverse("plans:deadlines"), {"unit": cast.commune.pk, "plan": scene.plan.pk})
    assert page.status_code == 200
    assert "SÔNGTHAO" not in page.text
    assert cast.commune.name not in page.text
