"""Addresses of reviews."""

from django.urls import path

from reviews.views import agenda, contributing, days, feedback, feedback_reading, hub, meetings, minutes, pledges

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
    path("feedback/", feedback.round_list, name="feedback"),
    path("feedback/new/", feedback.new, name="feedback_new"),
    path("feedback/link/", contributing.by_link, name="feedback_link"),
    path("feedback/contribute/<int:pk>/", contributing.as_invited, name="feedback_contribute"),
    path("feedback/targets/<int:pk>/", feedback_reading.target, name="feedback_target"),
    path("feedback/files/<int:pk>/", feedback_reading.file, name="feedback_file"),
    path("feedback/contributions/<uuid:pk>/reply/", feedback_reading.reply, name="feedback_reply"),
    path("feedback/<int:pk>/", feedback.feedback_round, name="feedback_round"),
    path("feedback/<int:pk>/edit/", feedback.edit, name="feedback_edit"),
    path("feedback/<int:pk>/step/", feedback.step, name="feedback_step"),
    path("feedback/<int:pk>/guests/", feedback.guests, name="feedback_guests"),
    path("feedback/<int:pk>/compiled/", feedback_reading.compile_round, name="feedback_compiled"),
    path("feedback/<int:pk>/result/", feedback_reading.result, name="feedback_result"),
    path("feedback/<int:pk>/notice/", feedback_reading.notice, name="feedback_notice"),
]
