"""Addresses of reviews."""

from django.urls import path

from reviews.views import (
    agenda,
    days,
    evaluation_words,
    evaluations,
    hub,
    meetings,
    minutes,
    pledges,
    ratings,
    score_cards,
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
    path("evaluations/", evaluations.round_list, name="evaluations"),
    path("evaluations/new/", evaluations.open_round, name="evaluation_open"),
    path("evaluations/cards/", score_cards.card_list, name="score_cards"),
    path("evaluations/cards/new/", score_cards.new, name="score_card_new"),
    path("evaluations/cards/<int:pk>/", score_cards.card, name="score_card"),
    path("evaluations/cards/<int:pk>/edit/", score_cards.edit, name="score_card_edit"),
    path("evaluations/cards/<int:pk>/approve/", score_cards.approve, name="score_card_approve"),
    path("evaluations/year/", ratings.year_table, name="evaluation_year"),
    path(
        "evaluations/year/<int:unit_pk>/<str:body>/<int:year>/<int:person_pk>/", ratings.rate, name="evaluation_rate"
    ),
    path("evaluations/rounds/<int:pk>/", evaluations.evaluation_round, name="evaluation_round"),
    path("evaluations/rounds/<int:pk>/step/", evaluations.step, name="evaluation_step"),
    path("evaluations/rounds/<int:pk>/meeting/", evaluations.put_before_meeting, name="evaluation_meeting"),
    path("evaluations/rounds/<int:pk>/decide/", evaluations.decide, name="evaluation_decide"),
    path("evaluations/rounds/<int:pk>/reopen/", evaluations.reopen, name="evaluation_reopen"),
    path("evaluations/rounds/<int:pk>/opinions/", evaluation_words.opinions, name="evaluation_opinions"),
    path("evaluations/shortcomings/<int:pk>/", evaluation_words.settle, name="evaluation_settle"),
    path("evaluations/<int:pk>/", evaluation_words.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/self/", evaluation_words.score_self, name="evaluation_self"),
    path("evaluations/<int:pk>/opinion/", evaluation_words.opinion, name="evaluation_opinion"),
]
