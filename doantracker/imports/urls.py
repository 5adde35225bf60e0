"""Addresses of imports."""

from django.urls import path

from doantracker.imports import views

app_name = "imports"

urlpatterns = [
    path("", views.kinds, name="kinds"),
    path("<slug:slug>/", views.kind, name="kind"),
    path("<slug:slug>/template/", views.template, name="template"),
    path("<slug:slug>/<str:token>/", views.outcome, name="outcome"),
    path("<slug:slug>/<str:token>/faults/", views.faults, name="faults"),
]
