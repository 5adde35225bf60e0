"""Addresses of official papers."""

from django.urls import path

from doantracker.papers.views import exports, papers

app_name = "papers"

urlpatterns = [
    path("", papers.paper_list, name="papers"),
    path("plan/<int:pk>/", papers.of_plan, name="of_plan"),
    path("new/<slug:kind>/", papers.prepare, name="prepare"),
    path("archive/<int:pk>/", exports.ask_archive, name="archive_new"),
    path("exports/new/", exports.ask, name="export_new"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.download, name="export_file"),
    path("<int:pk>/", papers.paper, name="paper"),
    path("<int:pk>/words/", papers.edit, name="edit"),
    path("<int:pk>/again/", papers.again, name="again"),
    path("<int:pk>/number/", papers.number, name="number"),
    path("<int:pk>/file/<slug:form>/", papers.download, name="download"),
]
