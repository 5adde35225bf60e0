"""Addresses of official papers."""

from django.urls import path

from doantracker.papers.views import exports, papers, templates

app_name = "papers"

urlpatterns = [
    path("", papers.paper_list, name="papers"),
    path("plan/<int:pk>/", papers.of_plan, name="of_plan"),
    path("new/<slug:kind>/", papers.prepare, name="prepare"),
    path("archive/<int:pk>/", exports.ask_archive, name="archive_new"),
    path("exports/new/", exports.ask, name="export_new"),
    path("exports/<int:pk>/", exports.export, name="export"),
    path("exports/<int:pk>/file/", exports.download, name="export_file"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/<int:pk>/", templates.template, name="template"),
    path("templates/<int:pk>/sample/<slug:sample>/", templates.template_sample, name="template_sample"),
    path("templates/<slug:kind>/file/", templates.template_file, name="template_file"),
    path("templates/<slug:kind>/new/", templates.template_new, name="template_new"),
    path("templates/<slug:kind>/ours/", templates.template_ours, name="template_ours"),
    path("<int:pk>/", papers.paper, name="paper"),
    path("<int:pk>/words/", papers.edit, name="edit"),
    path("<int:pk>/again/", papers.again, name="again"),
    path("<int:pk>/number/", papers.number, name="number"),
    path("<int:pk>/discard/", papers.discard, name="discard"),
    path("<int:pk>/cancel/", papers.cancel, name="cancel"),
    path("<int:pk>/write/<slug:form>/", exports.ask_paper, name="export_paper"),
    path("<int:pk>/file/<slug:form>/", papers.download, name="download"),
]
