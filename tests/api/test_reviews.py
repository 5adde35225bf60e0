"""Reviews through the API, one way from beginning to end for each router: exact results, refusals, who sees what."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from ninja import Schema

from doantracker.api.hooks import collect
from doantracker.api.models import WebhookDelivery
from doantracker.lib import clock
from plans.models import Deadline
from reviews.models import AgendaItem, Conclusion, Meeting
from tests.api.calls import Program
from tests.api.test_webhooks import hook
from tests.cast import Cast
from tests.factories import (
    make_agenda_item,
    make_checklist,
    make_inspection,
    make_meeting,
    make_permanent_member,
    make_proposal,
    make_quota,
    make_report_kind,
    make_score_sheet,
    make_survey,
    make_trip,
)
from tests.files import office
from tests.test_access import Scene
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

BODY = "executive_committee"


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("bc.docx", office())


def test_names_in_the_document_are_each_ones_own() -> None:
    """Two schemas of one name would stand for each other in the document."""
    names = [model.__name__ for model in _all_below(Schema) if model.__module__.startswith("doantracker.api.v1")]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def _all_below(model: type[Any]) -> set[type[Any]]:
    return {found for below in model.__subclasses__() for found in (below, *_all_below(below))}


# --- meetings ---


def test_a_meeting_from_its_plan_to_its_decision(cast: Cast) -> None:
    program = Program(cast.office_staff)
    sent = {"unit": cast.province.pk, "body": BODY, "day": "2026-03-16", "starts_at": "08:00", "place": "Hội trường"}
    made, again = (program.post("/meetings", sent, idempotency_key="m-1") for _n in range(2))
    told = made.json()
    assert (made.status_code, again.json(), Meeting.objects.count()) == (201, told, 1)
    assert {n: told[n] for n in ("body", "day", "starts_at", "place", "state", "version")} == {
        "body": BODY,
        "day": "2026-03-16",
        "starts_at": "08:00:00",
        "place": "Hội trường",
        "state": "meeting_planned",
        "version": 1,
    }
    where = f"/meetings/{told['id']}"
    item = {"title": "Công tác đoàn phí", "presenter_unit": cast.commune.pk, "paper_days": 0}
    agenda = program.post(f"{where}/agenda", item, if_match=made["ETag"]).json()
    assert [(i["title"], i["topic"], i["presenter_unit"]["id"], i["paper"]) for i in agenda["items"]] == [
        ("Công tác đoàn phí", "free", cast.commune.pk, {"total": 1, "done": 0})
    ]
    stale = program.post(f"{where}/agenda", item, if_match=made["ETag"])
    assert (stale.status_code, AgendaItem.objects.count()) == (412, 1)
    as_agenda = program.get(f"{where}/agenda")["ETag"]
    assert program.post(f"{where}/change", {"title": "Họp tháng"}, if_match=as_agenda).status_code == 200
    assert program.post(f"{where}/agenda", item).status_code == 428
    decided = {"text": "Thu đủ đoàn phí", "lead_unit": cast.commune.pk, "phrase": "trước ngày 15/5/2026"}
    decision = program.post(f"{where}/decisions", decided | {"item": agenda["items"][0]["id"]})
    assert (decision.status_code, decision.json()["ordinal"], decision.json()["work"]) == (
        201,
        1,
        {"total": 1, "done": 0},
    )
    assert Deadline.objects.get(solution=decision.json()["solution"]).due_on == dt.date(2026, 5, 14)
    early = program.post_form(f"{where}/minutes-files", {"files": _paper()}, if_match="*")
    assert (early.status_code, early.json()["code"]) == (422, "refused")
    minutes = {"minutes": "Đã bàn.", "symbol": "1-BB/TĐTN"}
    held = program.post(f"{where}/record", minutes, if_match="*").json()
    assert (held["held_on"], held["minutes"], held["minutes_symbol"]) == ("2026-03-16", "Đã bàn.", "1-BB/TĐTN")
    filed = program.post_form(f"{where}/minutes-files", {"files": _paper()}, if_match="*").json()
    assert [f["name"] for f in filed["files"]] == ["bc.docx"]
    assert filed["minutes"] == "Đã bàn."
    refused = program.post(f"{where}/change", {"title": "Khác"}, if_match="*")
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")  # what is recorded stays


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"lead_unit": 999_999}, "body.lead_unit"),
        ({"overseer": 999_999}, "body.overseer"),
        ({"item": 999_999}, "body.item"),
        ({"until": 999_999}, "body.until"),
    ],
)
def test_only_what_the_page_offers_can_be_named(cast: Cast, sent: dict[str, Any], field: str) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    body = {"text": "Việc", "lead_unit": cast.commune.pk, "due": "2026-05-05"} | sent
    answer = Program(cast.office_staff).post(f"/meetings/{row.pk}/decisions", body)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])


# --- inspections ---


def test_an_inspection_from_its_plan_to_its_closed_conclusion(cast: Cast) -> None:
    program, head = Program(cast.office_staff), make_permanent_member(cast.province)
    make_checklist(cast.province, "commune", "Sổ chi đoàn", by=cast.office_staff)
    sent = {
        "unit": cast.province.pk,
        "year": 2026,
        "title": "Kiểm tra đoàn phí",
        "head": head.pk,
        "report_unit": cast.province.pk,
        "visits": [{"unit": cast.commune.pk, "day": "2026-03-16"}],
    }
    made = program.post("/inspections", sent)
    assert (made.status_code, made.json()["state"]) == (201, "inspection_planned")
    where, (visit,) = f"/inspections/{made.json()['id']}", made.json()["visits"]
    told = program.post(f"{where}/announce", {"preparation": "Sổ sách", "days": 0}, if_match=made["ETag"])
    assert (told.status_code, told.json()["state"]) == (200, "inspection_announced")
    seen = program.get(f"/visits/{visit}")
    (item,) = seen.json()["items"]
    found = {"item": item["id"], "finding": "finding_partly", "note": "GHICHUKIN", "version": item["version"]}
    checked = program.post(f"/visits/{visit}/check", {"items": [found]}).json()
    assert [(i["finding"], i["note"]) for i in checked["items"]] == [("finding_partly", "GHICHUKIN")]
    stale = program.post(f"/visits/{visit}/check", {"items": [found | {"note": "Khác"}]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    unit = Program(cast.commune_secretary).get(f"/visits/{visit}").json()
    assert (unit["heads"], unit["items"], unit["notes"]) == ([{"head": "Công tác tổ chức", "items": 1}], [], "")
    old = program.post(f"/visits/{visit}/visited", {"on": "2026-03-16"}, if_match=seen["ETag"])
    assert old.status_code == 412  # the checklist was filled in meanwhile, the inspection began
    assert program.post(f"/visits/{visit}/visited", {"on": "2026-03-16"}, if_match="*").status_code == 200
    assert program.post(f"{where}/end-visits", {"due": "2026-03-31"}, if_match="*").status_code == 200
    draft = {"text": "Thu đủ đoàn phí", "due": "2026-05-05", "follower": head.pk}
    drafted = program.post(f"/visits/{visit}/conclusions", draft)
    assert (drafted.status_code, drafted.json()["state"]) == (201, None)
    conclusion = f"/conclusions/{drafted.json()['id']}"
    assert Program(cast.commune_secretary).get(conclusion).status_code == 404
    program.post(f"{where}/report", {"text": "Báo cáo"}, if_match="*")
    issued = program.post(f"{where}/issue", {"on": "2026-03-16", "symbol": "9-KL/TĐTN"}, if_match="*").json()
    assert (issued["state"], issued["conclusion_symbol"]) == ("inspection_concluded", "9-KL/TĐTN")
    own = Program(cast.commune_secretary).get(conclusion).json()
    assert (own["state"], own["text"], own["unit"]["id"]) == ("result_open", "Thu đủ đoàn phí", cast.commune.pk)
    open_ = Program(head).post(f"{conclusion}/close", {"words": "Đã thấy"}, if_match="*")
    assert (open_.status_code, open_.json()["code"]) == (422, "refused")
    register = program.get("/results?state=result_open").json()["items"]
    assert [(r["text"], r["source"], r["due_on"]) for r in register] == [
        ("Thu đủ đoàn phí", "inspection", "2026-05-05")
    ]
    assert Conclusion.objects.get().solution_id == register[0]["id"]


# --- field trips ---


def test_a_trip_from_its_registration_to_its_report(cast: Cast) -> None:
    own, leader = Program(cast.department_head), Program(cast.leader)
    sent = {
        "unit": cast.province.pk,
        "planned_from": "2026-04-06",
        "planned_to": "2026-04-08",
        "units": [cast.commune.pk],
        "purpose": "Nắm tình hình",
        "leader": cast.department_head.pk,
    }
    made = own.post("/trips", sent)
    assert (made.status_code, made.json()["state"], made.json()["days"]) == (201, "trip_registered", 3)
    where = f"/trips/{made.json()['id']}"
    assert own.post(f"{where}/approve", {}, if_match="*").status_code == 404  # never one's own
    assert leader.post(f"{where}/approve", {}, if_match=made["ETag"]).json()["state"] == "trip_approved"
    brief = own.post_form(f"{where}/brief-files", {"text": "NOIDUNGKIN", "files": _paper()}, if_match="*").json()
    assert (brief["state"], [f["paper"] for f in brief["files"]]) == ("trip_briefed", ["brief"])
    gone = {"actual_from": "2026-03-10", "actual_to": "2026-03-11"}
    ended = own.post(f"{where}/end", gone, if_match="*").json()
    assert (ended["state"], ended["days"]) == ("trip_gone", 2)
    done = own.post(f"{where}/report", {"text": "BAOCAOKIN"}, if_match="*").json()
    assert (done["state"], done["report"]) == ("trip_reported", "BAOCAOKIN")
    visited = Program(cast.commune_secretary).get(where)
    assert visited.status_code == 200
    assert not [word for word in ("NOIDUNGKIN", "BAOCAOKIN", "bc.docx") if word in visited.content.decode()]
    quota = make_quota(cast.province, by=cast.office_staff)
    rows = leader.get(f"/trip-quotas/{quota.pk}").json()["rows"]
    counted = {row["person"]["id"]: row["standing"]["counted"] for row in rows}
    assert counted[cast.department_head.pk] == 2


# --- surveys and commendations ---


def test_a_survey_from_its_preparation_to_its_report(cast: Cast) -> None:
    program, unit = Program(cast.office_staff), Program(cast.commune_secretary)
    sent = {
        "unit": cast.province.pk,
        "title": "Khảo sát",
        "period_start": "2026-03-01",
        "period_end": "2026-04-15",
        "answer_by": "2026-03-31",
        "lead_unit": cast.province.pk,
        "units": [cast.commune.pk, cast.district.pk],
    }
    made = program.post("/surveys", sent)
    where = f"/surveys/{made.json()['id']}"
    assert (made.status_code, unit.get(where).status_code) == (201, 404)
    free = {"free": [{"text": "Công trình", "measure": "công trình"}]}
    program.post(f"{where}/questions", free, if_match=made["ETag"])
    assert program.post(f"{where}/start", {}, if_match="*").json()["state"] == "survey_running"
    (asked,) = unit.get(where).json()["questions"]
    (row,) = unit.get(f"{where}/answers").json()["items"]
    said = {"question": asked["id"], "completion": "12.5", "outlook": "target_will_reach"}
    ideas = {"supported": 2, "commended": 0}
    rows = [{"unit": cast.commune.pk, "version": row["version"], "answers": [said], "ideas": ideas}]
    assert unit.post(f"{where}/answers", {"rows": rows}).json() == {"changed": 1}
    (kept,) = unit.get(f"{where}/answers").json()["items"]
    assert (kept["complete"], kept["answers"][0]["completion"], kept["ideas_supported"]) == (True, "12.500", 2)
    assert unit.post(f"{where}/answers", {"rows": rows}).status_code == 412
    other = [{"unit": cast.district.pk, "version": 0, "ideas": ideas}]
    assert unit.post(f"{where}/answers", {"rows": other}).status_code == 404
    finished = program.post(f"{where}/finish", {"working_days": 5}, if_match="*").json()
    assert (finished["state"], finished["ideas"]["complete"]) == ("survey_finished", 1)
    report = {"text": "Kết quả", "document_number": "9-BC/TĐTN"}
    assert program.post_form(f"{where}/report", report, if_match=made["ETag"]).status_code == 412
    assert program.post_form(f"{where}/report", report, if_match="*").json()["state"] == "survey_reported"


def test_a_commendation_is_proposed_with_its_paper_and_decided_by_the_level_asked(cast: Cast) -> None:
    unit, level = Program(cast.commune_secretary), Program(cast.secretary)
    sent = {
        "proposing_unit": cast.commune.pk,
        "year": 2026,
        "unit": cast.commune.pk,
        "award": "Giấy khen",
        "level": cast.district.pk,
        "merits": "Có mô hình hay.",
        "files": _paper(),
    }
    made = unit.post_form("/commendations", sent)
    told = made.json()
    assert (made.status_code, told["state"], told["at"]["id"], told["file"]) == (
        201,
        "award_proposed",
        cast.district.pk,
        "bc.docx",
    )
    decision = {"number": "5-QĐ/ĐTN", "day": "2026-03-16"}
    where = f"/commendations/{told['id']}"
    assert unit.post(f"{where}/grant", decision, if_match="*").status_code == 404
    granted = level.post(f"{where}/grant", decision, if_match=made["ETag"]).json()
    assert (granted["state"], granted["decision_number"]) == ("award_granted", "5-QĐ/ĐTN")
    late = level.post(f"{where}/refuse", {"reason": "Không"}, if_match=made["ETag"])
    assert late.status_code == 412
    wrong = unit.post_form("/commendations", sent | {"award": "Huân chương", "files": _paper()})
    assert [e["field"] for e in wrong.json()["errors"]] == ["body.award"]


# --- periodic reports and emulation ---


def test_a_periodic_report_is_asked_for_filled_sent_and_compiled(cast: Cast) -> None:
    program, unit = Program(cast.office_staff), Program(cast.commune_secretary)
    sent = {
        "unit": cast.province.pk,
        "body": BODY,
        "name": "Báo cáo tháng",
        "period": "month",
        "day": 25,
        "owner_units": [cast.commune.pk, cast.district.pk],
        "active_from": "2026-03-01",
        "sections": [{"heading": "Kết quả"}, {"heading": "Số liệu", "source": "figures"}],
    }
    made = program.post("/report-kinds", sent)
    assert (made.status_code, [s["heading"] for s in made.json()["sections"]]) == (201, ["Kết quả", "Số liệu"])
    (year,) = made.json()["years"]
    first = program.get(f"/report-years/{year['id']}").json()["periods"][0]
    cells = program.get(f"/report-years/{year['id']}/reports?occurrence={first['occurrence']}").json()["items"]
    assert {(c["unit"]["id"], c["state"]) for c in cells} == {
        (owner.pk, "report_awaited") for owner in (cast.commune, cast.district)
    }
    mine = next(c["id"] for c in cells if c["unit"]["id"] == cast.commune.pk)
    opened = unit.post(f"/deadlines/{mine}/periodic-report", {})
    where = f"/periodic-reports/{opened.json()['id']}"
    part = opened.json()["parts"][0]
    saved = unit.post(f"{where}/save", {"parts": [{"part": part["id"], "text": "Đã họp"}]}, if_match=opened["ETag"])
    assert saved.json()["parts"][0]["text"] == "Đã họp"
    refill = unit.get(f"{where}/fill").json()
    filled = unit.post(f"{where}/fill", {"digest": refill["digest"]}, if_match=saved["ETag"])
    assert (filled.status_code, filled.json()["parts"][0]["text"]) == (200, "Đã họp")
    sent_ = unit.post_form(f"{where}/send", {"document_number": "9-BC/ĐTN"}, if_match=filled["ETag"]).json()
    assert (sent_["state"], sent_["status"], sent_["reported_on"]) == ("report_on_time", "submitted", "2026-03-16")
    compiled = program.get(f"/report-years/{year['id']}/compiled?occurrence={first['occurrence']}").json()
    assert (compiled["sent"], compiled["not_sent"]) == ([cast.commune.name], [cast.district.name])
    assert compiled["sections"][0]["parts"] == [{"unit": cast.commune.name, "text": "Đã họp"}]
    words = {"occurrence": first["occurrence"], "text": "Tình hình chung"}
    written = program.post(f"/report-years/{year['id']}/introduction", words).json()
    assert (written["introduction"], written["version"]) == ("Tình hình chung", 1)
    assert program.post(f"/report-years/{year['id']}/introduction", words).status_code == 412


def test_points_are_given_checked_objected_to_and_settled(cast: Cast) -> None:
    sheet = make_score_sheet(cast.province, "commune", by=cast.office_staff)
    judged = sheet.criteria.get(kind="judged").pk
    unit, office_, other = (Program(p) for p in (cast.commune_secretary, cast.office_staff, cast.second_office_staff))
    where, about = f"/emulation-sheets/{sheet.pk}", {"criterion": judged, "unit": cast.commune.pk}

    def points(answer: Any) -> dict[str, Any]:
        (row,) = [r for r in answer.json()["rows"] if r["unit"]["id"] == cast.commune.pk]
        (found,) = [p for p in row["points"] if p["criterion"] == judged]
        return {name: found[name] for name in ("own", "checked", "settled", "points", "disputed", "version")}

    given = unit.post(f"{where}/own-points", about | {"points": "9.5", "proof": "5-BC/ĐTN"})
    assert points(given) == {
        "own": "9.5",
        "checked": None,
        "settled": None,
        "points": None,
        "disputed": False,
        "version": 1,
    }
    too_many = unit.post(f"{where}/own-points", about | {"points": "11", "proof": "5-BC/ĐTN", "version": 1})
    assert (too_many.status_code, too_many.json()["code"]) == (422, "refused")
    checked = office_.post(f"{where}/checked-points", about | {"points": "7", "note": "Thiếu", "version": 1})
    assert (points(checked)["points"], points(checked)["version"]) == ("7.0", 2)
    assert unit.post(f"{where}/objections", about | {"text": "Đủ hồ sơ"}).status_code == 201
    (objection,) = office_.get("/emulation-objections?open=true").json()["items"]
    settled = other.post(f"/emulation-objections/{objection['id']}/settle", {"points": "8", "reason": "Đủ"})
    assert (settled.status_code, settled.json()["points"]) == (200, "8.0")
    assert points(unit.get(where))["points"] == "8.0"
    assert Program(cast.sibling_secretary).get(where).status_code == 404


# --- webhooks ---


def test_what_reviews_decide_is_told_without_words(cast: Cast) -> None:
    hook(cast.office_staff)
    hook(cast.outsider)
    program = Program(cast.office_staff)
    meeting = program.post("/meetings", {"unit": cast.province.pk, "body": BODY, "title": "KINHOP"}).json()["id"]
    make_proposal(cast.commune, by=cast.commune_secretary, level=cast.district, merits="KINCONG")
    collect.collect()
    told = [(d.kind, d.endpoint.owner_id) for d in WebhookDelivery.objects.order_by("pk")]
    assert told == [
        ("meeting.planned", cast.office_staff.pk),
        ("commendation.proposed", cast.office_staff.pk),
    ]
    bodies = " ".join(WebhookDelivery.objects.values_list("body", flat=True))
    assert f"/api/v1/meetings/{meeting}" in bodies
    assert not [word for word in ("KINHOP", "KINCONG", cast.commune.name) if word in bodies]
    assert AuditEvent.objects.filter(action="created", object_type="meeting").count() == 1


# --- lists ---

#: Queries of a list, the same for few rows and for many: the token with its person, the posts, the rows, and more.
LISTS = {
    "/inspections": 3,
    "/visits": 3,
    "/conclusions": 4,  # … and which of their work is still owed
    "/results": 3,
    "/trips": 6,  # … and parties, their people, units
    "/trip-quotas": 3,
    "/surveys": 3,
    "/commendations": 3,
    "/report-kinds": 3,
    "/periodic-reports": 3,
    "/emulation-sheets": 3,
    "/emulation-objections": 3,
    "/score-cards": 4,
    "/evaluation-rounds": 4,
    "/feedback-rounds": 3,
    "/feedback-invitations": 4,
    "/inspection-programmes": 3,
    "/checklists": 4,
}


def test_lists_of_reviews_cost_the_same_for_few_and_for_many(cast: Cast, scene: Scene) -> None:
    program = Program(cast.office_staff)
    program.get("/me")  # its use is noted
    first = {where: _queries(program, where) for where in LISTS}
    _more(cast)
    assert {where: _queries(program, where) for where in LISTS} == first
    assert first == LISTS


def _queries(program: Program, where: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert program.get(where).status_code == 200
    return len(found)


def _more(cast: Cast) -> None:
    """Make more of everything that can be made quickly."""
    by, head = cast.office_staff, make_permanent_member(cast.province)
    for n in range(3):
        row = make_inspection(cast.province, cast.commune, by=by, head=head, title=f"Đợt {n}")
        made = {
            "text": "Việc",
            "due": dt.date(2026, 5, 5),
            "follower": head,
            "created_by": by,
            "created_at": clock.now(),
        }
        Conclusion.objects.create(visit=row.visits.get(), ordinal=1, **made)
        days = dt.date(2026, 4, 6), dt.date(2026, 4, 8)
        make_trip(cast.province, leader=cast.department_head, days=days, units=[cast.commune, cast.district])
        make_quota(cast.province, by=by, name=f"Định mức {n}")
        make_survey(cast.province, cast.commune, by=by)
        make_proposal(cast.commune, by=cast.commune_secretary, level=cast.district)
        make_report_kind(cast.province, cast.commune, by=by, name=f"Báo cáo {n}")
        make_score_sheet(cast.province, "commune", by=by, title=f"Bảng {n}")
        meeting = make_meeting(cast.province, by=by, day=dt.date(2026, 5, 5 + n))
        make_agenda_item(meeting, by=by)
