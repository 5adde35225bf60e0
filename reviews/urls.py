"""Addresses of reviews."""

from django.urls import path

from reviews.views import (
    agenda,
    days,
    emulation,
    hub,
    meetings,
    minutes,
    periodic_reports,
    pledges,
    report_kinds,
)

app_name = "reviews"

urlpatterns = [
    path("reviews/", hub.hub, name="hub"),
    path("pledges/", pledges.pledge_list, name="pledges"),
    path("pledges/<int:year>/<int:appointment_pk>/", pledges.hand_in, name="pledge_hand_in"),
    path("pledges/<int:pk>/", pledges.pledge, name="pledge"),
    path("pledges/<int:pk>/decide/", pledges.decide, name="pledge_decide"),
    path("pledges/<int:pk>/file/", pledges.download, name="pledge_file"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/calendar/", meetings.calendar, name="meeting_calendar"),
    path("meetings/new/", meetings.new, name="meeting_new"),
    path("meetings/year/", meetings.year, name="meeting_year"),
    path("meetings/files/<int:pk>/", minutes.file, name="meeting_file"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meetings.edit, name="meeting_edit"),
    path("meetings/<int:pk>/day/", days.give_day, name="meeting_day"),
    path("meetings/<int:pk>/cancel/", days.cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/record/", minutes.hold, name="meeting_hold"),
    path("meetings/<int:pk>/decide/", agenda.decision, name="decision_add"),
    path("meetings/<int:pk>/agenda/", agenda.propose, name="agenda"),
    path("meetings/<int:pk>/agenda/add/", agenda.add, name="agenda_add"),
    path("meetings/<int:pk>/agenda/<int:item_pk>/edit/", agenda.edit, name="agenda_edit"),
    path("meetings/<int:pk>/agenda/<int:item_pk>/move/", agenda.move, name="agenda_move"),
    path("meetings/<int:pk>/agenda/<int:item_pk>/drop/", agenda.drop, name="agenda_drop"),
    path("periodic/", report_kinds.kind_list, name="report_kinds"),
    path("periodic/kinds/new/", report_kinds.new, name="report_kind_new"),
    path("periodic/kinds/<int:pk>/", report_kinds.kind_page, name="report_kind"),
    path("periodic/kinds/<int:pk>/edit/", report_kinds.edit, name="report_kind_edit"),
    path("periodic/kinds/<int:pk>/ask/", report_kinds.ask, name="report_kind_ask"),
    path("periodic/deadlines/<int:pk>/open/", periodic_reports.open_from, name="report_open"),
    path("periodic/<int:pk>/", periodic_reports.report, name="report"),
    path("periodic/<int:pk>/fill/", periodic_reports.refill, name="report_refill"),
    path("periodic/years/<int:year_pk>/<str:occurrence>/", periodic_reports.compilation, name="compilation"),
    path("emulation/", emulation.sheet_list, name="emulation"),
    path("emulation/new/", emulation.new, name="emulation_new"),
    path("emulation/<int:pk>/", emulation.sheet, name="emulation_sheet"),
    path("emulation/<int:pk>/edit/", emulation.edit, name="emulation_edit"),
    path("emulation/<int:pk>/units/<int:unit_pk>/", emulation.unit, name="emulation_unit"),
    *(
        path(
            f"emulation/<int:pk>/units/<int:unit_pk>/<int:criterion_pk>/{act}/",
            emulation.points,
            {"act": act},
            name=f"emulation_{act}",
        )
        for act in ("own", "check", "object")
    ),
    path("emulation/objections/<int:pk>/", emulation.settle, name="emulation_settle"),
]
