"""Addresses of reviews."""

from django.urls import path

from reviews.views import agenda, days, hub, meetings, minutes, pledges, trip_acts, trip_quotas, trips

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
    path("trips/", trips.trip_list, name="trips"),
    path("trips/mine/", trips.mine, name="trips_mine"),
    path("trips/new/", trips.new, name="trip_new"),
    path("trips/quarter/", trips.quarter, name="trip_quarter"),
    path("trips/coverage/", trips.coverage, name="trip_coverage"),
    path("trips/quotas/", trip_quotas.quota_list, name="trip_quotas"),
    path("trips/quotas/new/", trip_quotas.new, name="trip_quota_new"),
    path("trips/quotas/<int:pk>/", trip_quotas.quota, name="trip_quota"),
    path("trips/quotas/<int:pk>/edit/", trip_quotas.edit, name="trip_quota_edit"),
    path("trips/files/<int:pk>/", trip_acts.file, name="trip_file"),
    path("trips/<int:pk>/", trips.trip, name="trip"),
    path("trips/<int:pk>/edit/", trips.edit, name="trip_edit"),
    path("trips/<int:pk>/approve/", trip_acts.approve, name="trip_approve"),
    path("trips/<int:pk>/brief/", trip_acts.brief, name="trip_brief"),
    path("trips/<int:pk>/end/", trip_acts.end, name="trip_end"),
    path("trips/<int:pk>/report/", trip_acts.report, name="trip_report"),
    path("trips/<int:pk>/cancel/", trip_acts.cancel, name="trip_cancel"),
]
