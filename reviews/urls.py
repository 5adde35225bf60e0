"""Addresses of reviews."""

from django.urls import path

from reviews.views import agenda, commendations, days, hub, meetings, minutes, pledges, survey_answers, surveys

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
    path("surveys/", surveys.survey_list, name="surveys"),
    path("surveys/new/", surveys.new, name="survey_new"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("surveys/<int:pk>/edit/", surveys.edit, name="survey_edit"),
    path("surveys/<int:pk>/questions/", surveys.questions, name="survey_questions"),
    path("surveys/<int:pk>/start/", surveys.start, name="survey_start"),
    path("surveys/<int:pk>/finish/", surveys.finish, name="survey_finish"),
    path("surveys/<int:pk>/report/", surveys.report, name="survey_report"),
    path("surveys/<int:pk>/answers/", survey_answers.grid, name="survey_grid"),
    path("surveys/<int:pk>/units/<int:unit_pk>/", survey_answers.unit, name="survey_unit"),
    path("commendations/", commendations.commendation_list, name="commendations"),
    path("commendations/new/", commendations.new, name="commendation_new"),
    path("commendations/<int:pk>/", commendations.commendation, name="commendation"),
    path("commendations/<int:pk>/judge/", commendations.judge, name="commendation_judge"),
    path("commendations/<int:pk>/withdraw/", commendations.withdraw, name="commendation_withdraw"),
    path("commendations/<int:pk>/file/", commendations.download, name="commendation_file"),
]
