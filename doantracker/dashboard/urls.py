"""Addresses of the unit pages."""

from django.urls import path

from doantracker.dashboard import views

app_name = "units"

urlpatterns = [
    path("", views.units, name="units"),
    path("<int:pk>/", views.unit, name="unit"),
    path("<int:pk>/text/", views.unit_chat, name="unit_chat"),
]
