"""What the API does beyond single deadlines: drafts, changes looked at first, plans sent down, ledgers, figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doantracker.lib import clock
from plans.enums import PlanStatus
from plans.models import Deadline, IndicatorResult, Plan, PlanRecipient, Shortcoming
from tests.api.calls import Program
from tests.api.test_access import text_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    ShortcomingFactory,
    UserFactory,
    make_deadline,
    make_directive,
    make_indicator,
    make_item,
    make_published_plan,
    make_recipient,
)
from tests.test_access import Scene
from units import audit
from units.models import AuditEvent, Unit
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")


def test_a_plan_is_drafted_filled_and_published(cast: Cast) -> None:
    office = Program(cast.office_staff)
    facts = {"issuing_unit": cast.province.pk, "title": "Kế hoạch mới", "period_start": "2026-01-01"}
    made = office.post("/plans", facts, idempotency_key="p1")
    again = office.post("/plans", facts, idempotency_key="p1")
    plan = made.json()["id"]
    assert (made.status_code, again.status_code, again.json()["id"]) == (201, 201, plan)
    work = {"values": {"text": "Tổ chức ngày hội", "lead_unit": cast.commune.pk}}
    solution = office.post(f"/plans/{plan}/records/solution", work).json()
    assert solution["values"]["lead_unit"] == cast.commune.pk
    when = {"solution": solution["id"], "values": {"kind": "by_date", "due": "2026-05-31"}}
    assert office.post(f"/plans/{plan}/records/schedule", when).status_code == 201
    looked = office.get(f"/plans/{plan}/publishing").json()
    assert (looked["deadlines"], looked["units"]) == (1, 1)
    seen = office.get(f"/plans/{plan}")["ETag"]
    sent = {"despite_gaps": True}
    told = office.post(f"/plans/{plan}/publish", sent, if_match=seen)
    assert (told.status_code, told.json()["status"]) == (200, "published")
    assert office.post(f"/plans/{plan}/discard", {}, if_match=seen).status_code == 412
    assert office.post(f"/plans/{plan}/discard", {}, if_match="*").status_code == 422
    row = Deadline.objects.get(plan=plan)
    assert (row.unit, row.due_on) == (cast.commune, dt.date(2026, 5, 31))


def test_a_record_somebody_changed_meanwhile_is_not_written_over(cast: Cast, scene: Scene) -> None:
    office, where = Program(cast.office_staff), "/plans/{}/records/{}/{}".format(*scene.ids["plans:record"])
    seen = office.get(where)["ETag"]
    first = office.post(f"{where}/change", {"values": {"text": "Việc một"}}, if_match=seen)
    second = office.post(f"{where}/change", {"values": {"text": "Việc hai"}}, if_match=seen)
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 412, "stale")
    assert office.get(where).json()["text"] == "Việc một"
    unknown = office.post(f"{where}/change", {"values": {"txt": "Việc ba"}}, if_match="*").json()
    assert [fault["field"] for fault in unknown["errors"]] == ["body.txt"]


def test_a_change_is_looked_at_then_made_as_it_was_seen(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    row = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 4, 30))
    office, where = Program(cast.office_staff), f"/deadlines/{row.pk}/move"
    sent = {"due_on": "2026-05-15", "reason": "Bão"}
    look = office.post(where, {**sent, "preview": True})
    line = {"deadline": row.pk, "before": "2026-04-30", "after": "2026-05-15"}
    assert [{name: m[name] for name in line} for m in look.json()["moved"]] == [line]
    row.refresh_from_db()
    assert (look.json()["done"], row.due_on) == (False, dt.date(2026, 4, 30))
    assert office.post(where, sent).status_code == 428
    other = office.post(where, {**sent, "due_on": "2026-05-16"}, if_match=look["ETag"])
    assert (other.status_code, other.json()["code"]) == (412, "stale")
    done = office.post(where, sent, if_match=look["ETag"])
    row.refresh_from_db()
    assert (done.status_code, done.json()["done"], row.due_on) == (200, True, dt.date(2026, 5, 15))


def test_a_plan_sent_down_is_answered_item_by_item(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    item = make_item(plan)
    sent = Program(cast.office_staff).post(f"/plans/{plan.pk}/cascade", {"units": [cast.commune.pk]})
    assert (sent.status_code, sent.json()["new"]) == (201, 1)
    (pk,) = sent.json()["recipients"]
    unit, where = Program(cast.commune_secretary), f"/cascade/{pk}/items/{item.pk}"
    refused = unit.post(where, {"answer": "not_applicable", "version": 0})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    told = unit.post(where, {"answer": "accepted", "version": 0}).json()["items"]
    assert [(i["solution"], i["answer"], i["version"]) for i in told] == [(item.pk, "accepted", 1)]
    stale = unit.post(where, {"answer": "not_applicable", "reason": "Không có", "version": 0})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    (line,) = Program(cast.leader).get(f"/plans/{plan.pk}/cascade").json()["items"]
    assert (line["unit"]["id"], line["answered"], line["accepted"]) == (cast.commune.pk, 1, 1)


def test_a_directive_is_drafted_issued_and_received(cast: Cast) -> None:
    office = Program(cast.office_staff)
    facts = {"issuing_unit": cast.province.pk, "title": "Ra quân", "units": [cast.commune.pk]}
    made = office.post("/directives", facts)
    where = f"/directives/{made.json()['id']}"
    outside = office.post("/directives", {**facts, "units": [cast.foreign_commune.pk]})
    assert (outside.status_code, outside.json()["errors"][0]["field"]) == (422, "body.units")
    issue = {"symbol": "9-CV/TĐTN-VP", "issued_on": "2026-03-16", "rolls_out_on": "2026-06-01"}
    assert office.post(f"{where}/issue", issue, if_match='"7"').status_code == 412
    assert office.post(f"{where}/issue", issue, if_match=made["ETag"]).status_code == 200
    unit = Program(cast.commune_secretary)
    assert unit.post(f"{where}/receive", {}).status_code == 200
    (got,) = unit.get(f"{where}/recipients").json()["items"]
    assert (got["unit"]["id"], got["received_on"]) == (cast.commune.pk, "2026-03-16")
    assert office.get("/directives/figures").json() == {"total": 1, "kept": 1, "urgent": 0, "broken": 0}


def test_a_persons_shortcoming_is_masked_in_the_ledger_and_withheld_by_itself(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    make_deadline(cast.commune, plan=plan)
    row = ShortcomingFactory(plan=plan, ordinal=1, text="Đồng chí X trễ họp", cause="Lười", subject="person")
    unit, leader = Program(cast.commune_secretary), Program(cast.leader)
    (line,) = unit.get("/shortcomings").json()["items"]
    assert (line["text"], line["cause"], line["masked"]) == ("", "", True)
    assert unit.get(f"/shortcomings/{row.pk}").status_code == 404
    assert unit.get("/shortcomings?q=tre").json()["items"] == []
    assert not AuditEvent.objects.filter(action=AuditAction.READ_SENSITIVE).exists()
    assert leader.get(f"/shortcomings/{row.pk}").json()["text"] == "Đồng chí X trễ họp"
    assert AuditEvent.objects.get(action=AuditAction.READ_SENSITIVE).data["shortcomings"] == [row.pk]
    assert "Đồng chí X" not in unit.get(f"/plans/{plan.pk}/history").content.decode()


def test_a_review_needs_the_version_seen(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    row: Shortcoming = ShortcomingFactory(plan=plan, ordinal=1)
    office, where = Program(cast.office_staff), f"/shortcomings/{row.pk}"
    sent = {"day": "2026-03-10", "state": "remedied", "review": "Hội nghị tổng kết"}
    seen = office.get(where)["ETag"]
    told = office.post(f"{where}/reviews", sent, if_match=seen)
    assert (told.status_code, told.json()["state"], len(told.json()["reviews"])) == (201, "remedied", 1)
    assert office.post(f"{where}/reviews", sent, if_match=seen).status_code == 412


def test_a_period_is_closed_and_opened_again(cast: Cast) -> None:
    target = make_indicator(make_published_plan(cast.province), units=[cast.commune])
    office, where = Program(cast.office_staff), f"/indicators/{target.pk}"
    (period,) = office.get(f"{where}/periods").json()["periods"]
    start = {"period_start": period["period_start"]}
    closed = office.post(f"{where}/lock", start, if_match='"open"')
    assert (closed.status_code, closed.json()["closed"]) == (200, True)
    rows = {**start, "rows": [{"unit": cast.commune.pk, "version": 0, "value": "3"}]}
    assert Program(cast.commune_secretary).post(f"{where}/results", rows).status_code == 422
    reason = {**start, "reason": "Sửa số"}
    assert office.post(f"{where}/unlock", reason, if_match=closed["ETag"]).json()["closed"] is False
    assert Program(cast.commune_secretary).post(f"{where}/results", rows).json() == {"changed": 1}
    assert IndicatorResult.objects.count() == 1
    told = office.get(f"{where}/figures").json()
    assert (told["unit"]["id"], told["periods"][0]["parts"][0]["given"]) == (cast.province.pk, 1)


def test_figures_are_those_of_the_page(cast: Cast, scene: Scene, login: Login) -> None:
    page = login(cast.leader).get("/figures/").context
    told = Program(cast.leader).get("/figures/units").json()
    figures = page["table"].figures
    names = ("total", "done", "done_on_time", "done_late", "in_time", "overdue", "no_date")
    assert {n: told["whole"][n] for n in names} == {n: getattr(figures, n) for n in names}
    assert [line["figures"]["total"] for line in told["lines"]] == [line.figures.total for line in page["table"].lines]
    plans = Program(cast.leader).get("/figures/plans").json()["items"]
    assert sorted(p["figures"]["total"] for p in plans) == sorted(line.figures.total for line in page["plans"])
    assert told["whole"]["waiting"] == sum(p["figures"]["waiting"] for p in plans) > 0
    refused = Program(cast.leader).get("/figures/units?due_form=2026-01-01").json()
    assert [fault["field"] for fault in refused["errors"]] == ["query.due_form"]


def test_gaps_are_those_of_the_page_kind_by_kind(cast: Cast, scene: Scene) -> None:
    office = Program(cast.office_staff)
    kinds = {kind["code"]: kind["count"] for kind in office.get("/gaps").json()["kinds"]}
    found = {code: len(office.get(f"/gaps/{code}").json()["items"]) for code in kinds}
    assert found == kinds
    assert sum(found.values()) > 0


def test_a_download_is_logged(cast: Cast, scene: Scene) -> None:
    answer = Program(cast.leader).get(f"/evidence/{scene.proof.pk}/file")
    assert (text_of(answer), answer["Content-Type"]) == ("abc", "application/octet-stream")
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action=AuditAction.DOWNLOADED, actor=cast.leader).count() == 1


def test_an_administrator_finds_whom_to_appoint_though_they_have_no_post(cast: Cast) -> None:
    new = UserFactory()
    audit.record(AuditAction.CREATED, by=cast.administrator, obj=new, unit_id=cast.province.pk)  # as an import does
    program = Program(cast.administrator)
    assert new.pk in {row["id"] for row in program.get("/people?to_appoint=true").json()["items"]}
    assert Program(cast.reader).get("/people?to_appoint=true").json()["items"] == []
    assert new.pk not in {row["id"] for row in program.get("/people").json()["items"]}


def test_yearly_plans_of_bodies_are_told_apart(cast: Cast) -> None:
    issued = make_published_plan(cast.province)
    standing = make_published_plan(cast.province, is_programme=True)
    office = Program(cast.office_staff)
    found = {asked: office.get(f"/plans?standing={asked}").json()["items"] for asked in ("true", "false")}
    assert [(row["id"], row["standing"]) for row in found["true"]] == [(standing.pk, True)]
    assert [(row["id"], row["standing"]) for row in found["false"]] == [(issued.pk, False)]


def test_an_administrator_founds_changes_and_moves_a_unit(cast: Cast) -> None:
    clerk = Program(cast.administrator)
    facts = {"parent": cast.commune.pk, "name": "Chi đoàn ấp 9", "kind": "branch", "code": "ST-BM-AH-9"}
    made = clerk.post("/units", facts)
    where = f"/units/{made.json()['id']}"
    assert clerk.post(f"{where}/change", {"short_name": "Ấp 9"}).status_code == 428
    assert clerk.post(f"{where}/change", {"short_name": "Ấp 9"}, if_match=made["ETag"]).json()["short_name"] == "Ấp 9"
    moved = clerk.post(f"{where}/move", {"parent": cast.other_district.pk}, if_match="*")
    assert moved.json()["parent"]["id"] == cast.other_district.pk
    taken = clerk.post("/units", facts | {"name": "Khác"})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (422, "code")
    assert Unit.objects.filter(code="ST-BM-AH-9").count() == 1


LISTS = {
    "/directives": 3,
    "/shortcomings": 8,
    "/plans/{plan}/cascade": 6,
    "/plans/{plan}/commitments": 6,
    "/plans/{plan}/coverage": 7,
    "/people": 3,
}


@pytest.mark.parametrize(("where", "queries"), LISTS.items())
def test_a_list_costs_the_same_for_few_and_for_many(cast: Cast, scene: Scene, where: str, queries: int) -> None:
    program, plan = Program(cast.office_staff), scene.plan
    program.get("/me")  # its use is noted
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as found:
            assert program.get(where.replace("{plan}", str(plan.pk))).status_code == 200
        counts.append(len(found))
        for number in range(5 if turn == 0 else 0):
            _more(cast, plan, number)
    assert counts == [queries, queries]


def _more(cast: Cast, plan: Plan, number: int) -> None:
    """Make one more of everything that these lists hold."""
    make_directive(cast.province, by=cast.office_staff, to=[cast.commune], issued_on=dt.date(2026, 3, 1))
    row = ShortcomingFactory(plan=plan, ordinal=50 + number)
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20)).solution.shortcomings.add(row)
    if number < 2 and not PlanRecipient.objects.filter(plan=plan, unit=(cast.branch, cast.district)[number]).exists():
        make_recipient(plan, (cast.branch, cast.district)[number], by=cast.office_staff)


def test_a_closed_plan_takes_no_change(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    ended = {"closed_at": clock.now(), "closed_by": cast.office_staff}
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.CLOSED, **ended)
    sent: dict[str, Any] = {"title": "Điều chỉnh", "reason": "Bão"}
    assert Program(cast.office_staff).post(f"/plans/{plan.pk}/amendments", sent).status_code == 422
