"""Addresses of the overview pages."""

from django.urls import path

from doantracker.dashboard import overview_views as views

app_name = "overview"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("mine/", views.mine, name="mine"),
]
