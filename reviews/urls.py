"""Addresses of reviews."""

from django.urls import path

from reviews.views import pledges

app_name = "reviews"

urlpatterns = [
    path("pledges/", pledges.pledge_list, name="pledges"),
    path("pledges/<int:year>/<int:appointment_pk>/", pledges.hand_in, name="pledge_hand_in"),
    path("pledges/<int:pk>/", pledges.pledge, name="pledge"),
    path("pledges/<int:pk>/decide/", pledges.decide, name="pledge_decide"),
    path("pledges/<int:pk>/file/", pledges.download, name="pledge_file"),
]
