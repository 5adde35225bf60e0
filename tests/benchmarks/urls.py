"""The project's addresses, the floor and the sweep."""

from django.urls import include, path

from tests.benchmarks import views

urlpatterns = [
    path("bench/floor/", views.floor),
    path("bench/one/<int:pk>/", views.one),
    path("bench/sweep/<int:days>/", views.sweep_in),
    path("", include("doantracker.urls")),
]
