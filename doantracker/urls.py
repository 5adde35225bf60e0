"""Addresses of the whole site. Pages that stand in for errors are templates/{400,403,403_csrf,404,500}.html."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from doantracker import views
from doantracker.api.v1.api import urls as api_urls
from doantracker.search.views import search
from plans.views.my_work import my_work

urlpatterns = [
    path("", my_work, name="home"),
    path("", include("units.urls")),
    path("", include("plans.urls")),
    path("", include("reviews.urls")),
    path("papers/", include("doantracker.papers.urls")),
    path("overview/", include("doantracker.dashboard.overview_urls")),
    path("units/", include("doantracker.dashboard.urls")),
    path("imports/", include("doantracker.imports.urls")),
    path("search/", search, name="search"),
    path("api/v1/", api_urls()),
    path("settings/", include("doantracker.api.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]

handler400 = "doantracker.api.v1.outside.bad_request"
handler404 = "doantracker.api.v1.outside.page_not_found"
handler500 = "doantracker.api.v1.outside.server_error"
