"""Addresses of plans, deadlines, confirmations and notices."""

from django.urls import path

from plans.views import check, check_units, confirmations, deadlines, figures, imports, notices, plans, reimports

app_name = "plans"

urlpatterns = [
    path("plans/", plans.plan_list, name="plans"),
    path("plans/import/", imports.import_file, name="import"),
    path("plans/new/", imports.new_plan, name="create"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
    path("plans/<int:pk>/publish/", plans.publish, name="publish"),
    path("plans/<int:pk>/close/", plans.close, name="close"),
    path("plans/<int:pk>/discard/", plans.discard, name="discard"),
    path("plans/<int:pk>/document/", plans.document, name="document"),
    path("plans/<int:pk>/reimport/", reimports.reimport, name="reimport"),
    path("plans/<int:pk>/reimport/<str:token>/", reimports.compare, name="reimport_compare"),
    path("plans/<int:pk>/check/", check.check, name="check"),
    path("plans/<int:pk>/check/order/", check.order, name="check_order"),
    path("plans/<int:pk>/check/news/", check.news, name="check_news"),
    path("plans/<int:pk>/check/unit/", check_units.find_unit, name="check_unit"),
    path("plans/<int:pk>/check/add/", check.choose, name="record_choose"),
    path("plans/<int:pk>/check/<slug:kind>/add/", check.add, name="record_add"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/", check.record, name="record"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/edit/", check.edit, name="record_edit"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/accept/", check.accept, name="record_accept"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/reopen/", check.reopen, name="record_reopen"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/drop/", check.drop, name="record_drop"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/join/", check.join, name="record_join"),
    path("plans/<int:pk>/check/<slug:kind>/<int:record_pk>/split/", check.split, name="record_split"),
    path("deadlines/", deadlines.deadline_list, name="deadlines"),
    path("deadlines/<int:pk>/", deadlines.deadline, name="deadline"),
    path("deadlines/<int:pk>/report/", deadlines.report, name="report"),
    path("deadlines/<int:pk>/confirm/", deadlines.confirm, name="confirm"),
    path("deadlines/<int:pk>/return/", deadlines.return_result, name="return"),
    path("deadlines/<int:pk>/cancel/", deadlines.cancel, name="cancel"),
    path("deadlines/<int:pk>/date/", deadlines.give_date, name="date"),
    path("evidence/<int:pk>/", deadlines.evidence, name="evidence"),
    path("confirmations/", confirmations.confirmations, name="confirmations"),
    path("figures/", figures.figures, name="figures"),
    path("figures/months/", figures.months, name="figures_months"),
    path("figures/trend/", figures.trend, name="figures_trend"),
    path("notices/", notices.notices, name="notices"),
]
