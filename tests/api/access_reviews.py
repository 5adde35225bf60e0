"""Operations of reviews × roles: what is sent about the objects of the scene, and the status each role gets.

`WHERE`: where each operation acts and what is sent; `STATUSES`: what it answers, in the order of ROLES. A place names
ids of the scene, with `:1` its second one; a body is what is sent, or says it for a scene.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.models import (
    Conclusion,
    EmulationSheet,
    Evaluation,
    EvaluationRound,
    FeedbackInvitation,
    Inspection,
    InspectionVisit,
    PeriodicReport,
    Survey,
)
from tests.api.calls import Program
from tests.cast import Cast
from tests.files import office
from tests.test_access import Scene

Body = Callable[[Cast, Scene], Any]


@dataclass(frozen=True)
class Form:
    """What is sent as multipart/form-data; `paper`: with a file."""

    fields: dict[str, Any] | Body = field(default_factory=dict)
    paper: bool = True


@dataclass(frozen=True)
class Row:
    """Where an operation acts and what is sent."""

    place: str
    body: Any


REASON = {"reason": "Bão"}
DAYS = {
    "contributions_by": "2026-03-20",
    "report_by": "2026-03-25",
    "meeting_on": "2026-03-31",
    "reply_by": "2026-04-10",
}


def _meeting(cast: Cast, _scene: Scene) -> Any:
    return {"unit": cast.province.pk, "body": "executive_committee", "day": "2026-05-05"}


def _year(cast: Cast, _scene: Scene) -> Any:
    return {"unit": cast.province.pk, "body": "executive_committee", "days": ["2026-05-05", "2026-06-05"]}


def _decision(cast: Cast, _scene: Scene) -> Any:
    return {"text": "Tổ chức hội trại", "lead_unit": cast.commune.pk, "due": "2026-05-05"}


def _proposed(_cast: Cast, scene: Scene) -> Any:
    return {"deadlines": [scene.assigned.pk]}


def _pledge(_cast: Cast, scene: Scene) -> Any:
    held = scene.ids["reviews:pledge_hand_in"][1]
    return {"appointment": held, "year": 2027, "text": "Cam kết", "document_number": "1-CK/ĐTN"}


def _head() -> Any:
    return Inspection.objects.order_by("pk").values_list("head", flat=True)[0]


def _inspection(cast: Cast, _scene: Scene) -> Any:
    facts = {"title": "Kiểm tra đoàn phí", "head": _head(), "report_unit": cast.province.pk}
    return facts | {"visits": [{"unit": cast.commune.pk, "day": "2026-05-05"}]}


def _new_inspection(cast: Cast, scene: Scene) -> Any:
    return _inspection(cast, scene) | {"unit": cast.province.pk, "year": 2026}


def _check(_cast: Cast, scene: Scene) -> Any:
    item = InspectionVisit.objects.get(pk=scene.ids["reviews:visit"][0]).items.get()
    return {"items": [{"item": item.pk, "finding": "finding_met", "version": item.version}]}


def _conclusion(_cast: Cast, scene: Scene) -> Any:
    draft = Conclusion.objects.get(pk=scene.ids["reviews:conclusion_edit"][0])
    return {"text": "Thu đủ đoàn phí", "due": "2026-05-05", "follower": draft.follower_id}


def _programme(cast: Cast, _scene: Scene) -> Any:
    return {"unit": cast.province.pk, "year": 2026, "symbol": "12-CTr/TĐTN", "issued_on": "2026-01-05"}


def _checklist(cast: Cast, _scene: Scene) -> Any:
    items = [{"head": "Tổ chức", "text": "Sổ chi đoàn"}]
    return {"unit": cast.province.pk, "unit_kind": cast.commune.kind_id, "items": items, "version": 1}


def _trip(cast: Cast, _scene: Scene) -> Any:
    return {
        "planned_from": "2026-05-04",
        "planned_to": "2026-05-06",
        "units": [cast.commune.pk],
        "purpose": "Nắm tình hình",
        "leader": cast.department_head.pk,
    }


def _new_trip(cast: Cast, scene: Scene) -> Any:
    return _trip(cast, scene) | {"unit": cast.province.pk}


def _quota(cast: Cast, _scene: Scene) -> Any:
    return {"name": "30 ngày", "year": 2026, "amount": 30, "until": "2026-12-14"}


def _new_quota(cast: Cast, scene: Scene) -> Any:
    return _quota(cast, scene) | {"unit": cast.province.pk}


def _survey(cast: Cast, _scene: Scene) -> Any:
    return {
        "title": "Khảo sát chi đoàn",
        "period_start": "2026-03-01",
        "period_end": "2026-04-15",
        "answer_by": "2026-03-31",
        "lead_unit": cast.province.pk,
        "units": [cast.commune.pk],
    }


def _new_survey(cast: Cast, scene: Scene) -> Any:
    return _survey(cast, scene) | {"unit": cast.province.pk}


def _answers(cast: Cast, scene: Scene) -> Any:
    survey = Survey.objects.get(pk=scene.ids["reviews:survey"][0])
    row = survey.units.get()
    answers = [{"question": survey.questions.get().pk, "completion": "60", "outlook": "target_will_reach"}]
    return {"rows": [{"unit": cast.commune.pk, "version": row.version, "answers": answers}]}


def _commendation(cast: Cast, _scene: Scene) -> Any:
    return {
        "proposing_unit": cast.commune.pk,
        "year": 2026,
        "unit": cast.commune.pk,
        "award": "Giấy khen",
        "level": cast.district.pk,
        "merits": "Tốt",
    }


def _report_kind(cast: Cast, _scene: Scene) -> Any:
    return {
        "unit": cast.province.pk,
        "body": "executive_committee",
        "name": "Báo cáo quý",
        "period": "quarter",
        "day": 25,
        "owner_units": [cast.commune.pk],
        "active_from": "2026-03-01",
        "sections": [{"heading": "Kết quả"}],
    }


def _introduction(_cast: Cast, scene: Scene) -> Any:
    return {"occurrence": scene.ids["reviews:compilation"][1], "text": "Tình hình chung"}


def _parts(_cast: Cast, scene: Scene) -> Any:
    part = PeriodicReport.objects.get(pk=scene.ids["reviews:report"][0]).parts.get()
    return {"parts": [{"part": part.pk, "text": "Đã họp"}]}


def _sheet(cast: Cast, _scene: Scene) -> Any:
    judged = [{"name": "Đoàn viên mới", "most": "10"}]
    return {"title": "Bảng điểm", "year": 2027, "unit_kinds": [cast.commune.kind_id], "judged": judged}


def _new_sheet(cast: Cast, scene: Scene) -> Any:
    return _sheet(cast, scene) | {"unit": cast.province.pk}


def _points(**more: Any) -> Body:
    def body(cast: Cast, scene: Scene) -> Any:
        return {"criterion": scene.ids["reviews:emulation_own"][2], "unit": cast.commune.pk, **more}

    return body


def _judged(scene: Scene) -> Any:
    sheet = EmulationSheet.objects.get(pk=scene.ids["reviews:emulation_sheet"][0])
    return sheet.criteria.get(kind="reports").pk


def _objection(cast: Cast, scene: Scene) -> Any:
    return {"criterion": _judged(scene), "unit": cast.commune.pk, "text": "Báo cáo đã gửi đúng hạn"}


CRITERIA = [{"name": "Sáng kiến", "weight": "60"}, {"name": "Công việc", "weight": "40", "kind": "work"}]


def _card(cast: Cast, _scene: Scene) -> Any:
    return {"unit": cast.province.pk, "body": "standing_committee", "month": "2026-06-01", "criteria": CRITERIA}


def _new_month(cast: Cast, _scene: Scene) -> Any:
    facts = {"month": "2026-03-01", "self_by": "2026-04-05"}
    return {"unit": cast.province.pk, "body": "standing_committee", **facts}


def _round(scene: Scene) -> EvaluationRound:
    return EvaluationRound.objects.get(pk=scene.ids["reviews:evaluation_round"][0])


def _by_meeting(_cast: Cast, scene: Scene) -> Any:
    return {"meeting": _round(scene).meeting_id}


def _scores(_cast: Cast, scene: Scene) -> Any:
    found = Evaluation.objects.filter(round=_round(scene)).order_by("pk")
    return {"scores": [{"evaluation": e.pk, "score": str(e.proposed)} for e in found]}


def _rating(cast: Cast, scene: Scene) -> Any:
    _unit, body, year, person = scene.ids["reviews:evaluation_rate"]
    facts = {"person": person, "level": "rated_done", "reason": "Cả năm"}
    return {"unit": cast.province.pk, "body": body, "year": year, **facts}


def _feedback(cast: Cast, _scene: Scene) -> Any:
    return {
        "title": "Góp ý cuối năm",
        "body": "executive_committee",
        "year": 2026,
        "consolidated_by": cast.province.pk,
        "anonymous": False,
        "target_bodies": ["executive_committee"],
        "topics": ["Tư tưởng"],
        "units": [cast.commune.pk],
        **DAYS,
    }


def _new_feedback(cast: Cast, scene: Scene) -> Any:
    return _feedback(cast, scene) | {"unit": cast.province.pk}


def _said(_cast: Cast, scene: Scene) -> Any:
    row = FeedbackInvitation.objects.get(pk=scene.ids["reviews:feedback_contribute"][0]).round
    target, topic = row.targets.order_by("pk")[0], row.topics.order_by("pk")[0]
    return {"texts": [{"target": target.pk, "topic": topic.pk, "text": "Cần sâu sát"}]}


WHERE: dict[str, Row] = {
    "POST /pledges": Row("", _pledge),
    "POST /meetings": Row("", _meeting),
    "POST /meeting-years": Row("", _year),
    "POST /meetings/{pk}/change": Row("reviews:meeting", {"title": "Phiên họp"}),
    "POST /meetings/{pk}/move": Row("reviews:meeting", {"day": "2026-05-05"}),
    "POST /meetings/{pk}/cancel": Row("reviews:meeting", REASON),
    "GET /meetings/{pk}/minutes": Row("reviews:meeting", None),
    "POST /meetings/{pk}/record": Row("reviews:meeting", {"minutes": "Đã bàn"}),
    "POST /meetings/{pk}/minutes-files": Row("reviews:meeting", Form()),
    "GET /meetings/{pk}/agenda": Row("reviews:meeting", None),
    "POST /meetings/{pk}/agenda": Row("reviews:meeting", {"title": "Việc mới"}),
    "GET /meetings/{pk}/proposals": Row("reviews:meeting", None),
    "POST /meetings/{pk}/proposals": Row("reviews:meeting", _proposed),
    "GET /meetings/{pk}/decisions": Row("reviews:meeting", None),
    "POST /meetings/{pk}/decisions": Row("reviews:meeting", _decision),
    "POST /agenda-items/{pk}/change": Row("reviews:agenda_edit:1", {"title": "Việc khác"}),
    "POST /agenda-items/{pk}/move": Row("reviews:agenda_edit:1", {"up": True}),
    "POST /agenda-items/{pk}/drop": Row("reviews:agenda_edit:1", {}),
    "GET /inspections": Row("", None),
    "POST /inspections": Row("", _new_inspection),
    "GET /inspections/{pk}": Row("reviews:inspection", None),
    "POST /inspections/{pk}/change": Row("reviews:inspection", _inspection),
    "POST /inspections/{pk}/announce": Row("reviews:inspection", {"preparation": "Hồ sơ", "days": 0}),
    "POST /inspections/{pk}/cancel": Row("reviews:inspection", REASON),
    "POST /inspections/{pk}/end-visits": Row("reviews:inspection_end", {"due": "2026-05-05"}),
    "POST /inspections/{pk}/report": Row("reviews:inspection_report", {"text": "Báo cáo"}),
    "POST /inspections/{pk}/report-files": Row("reviews:inspection_report", Form()),
    "POST /inspections/{pk}/issue": Row("reviews:inspection_report", {"on": "2026-03-16"}),
    "GET /visits": Row("", None),
    "GET /visits/{pk}": Row("reviews:visit", None),
    "POST /visits/{pk}/check": Row("reviews:visit", _check),
    "POST /visits/{pk}/visited": Row("reviews:visit", {"on": "2026-03-16"}),
    "POST /visits/{pk}/day": Row("reviews:visit", {"day": "2026-05-05"}),
    "POST /visits/{pk}/requests": Row("reviews:visit", {"text": "Đề nghị"}),
    "POST /visit-requests/{pk}/answer": Row("reviews:visit_answer", {"words": "Đồng ý"}),
    "GET /conclusions": Row("", None),
    "GET /conclusions/{pk}": Row("reviews:conclusion", None),
    "POST /visits/{pk}/conclusions": Row("reviews:visit", _conclusion),
    "POST /conclusions/{pk}/change": Row("reviews:conclusion_edit", _conclusion),
    "POST /conclusions/{pk}/drop": Row("reviews:conclusion_edit", {}),
    "POST /conclusions/{pk}/close": Row("reviews:conclusion", {"words": "Đã thấy"}),
    "GET /results": Row("", None),
    "GET /inspection-programmes": Row("", None),
    "POST /inspection-programmes": Row("", _programme),
    "GET /checklists": Row("", None),
    "POST /checklists": Row("", _checklist),
    "GET /trips": Row("", None),
    "POST /trips": Row("", _new_trip),
    "GET /trips/{pk}": Row("reviews:trip", None),
    "POST /trips/{pk}/change": Row("reviews:trip", _trip),
    "POST /trips/{pk}/approve": Row("reviews:trip", {}),
    "POST /trips/{pk}/end": Row("reviews:trip", {"actual_from": "2026-03-02", "actual_to": "2026-03-03"}),
    "POST /trips/{pk}/cancel": Row("reviews:trip", REASON),
    "POST /trips/{pk}/brief": Row("reviews:trip", {"text": "Nội dung"}),
    "POST /trips/{pk}/brief-files": Row("reviews:trip", Form()),
    "POST /trips/{pk}/report": Row("reviews:trip", {"text": "Báo cáo"}),
    "POST /trips/{pk}/report-files": Row("reviews:trip", Form()),
    "GET /trip-quotas": Row("", None),
    "POST /trip-quotas": Row("", _new_quota),
    "GET /trip-quotas/{pk}": Row("reviews:trip_quota", None),
    "POST /trip-quotas/{pk}/change": Row("reviews:trip_quota", _quota),
    "GET /surveys": Row("", None),
    "POST /surveys": Row("", _new_survey),
    "GET /surveys/{pk}": Row("reviews:survey", None),
    "POST /surveys/{pk}/change": Row("reviews:survey_edit", _survey),
    "POST /surveys/{pk}/questions": Row("reviews:survey_edit", {"free": [{"text": "Công trình"}]}),
    "POST /surveys/{pk}/start": Row("reviews:survey_start", {}),
    "POST /surveys/{pk}/finish": Row("reviews:survey_finish", {"working_days": 5}),
    "POST /surveys/{pk}/report": Row(
        "reviews:survey_report", Form({"text": "Kết quả", "document_number": "9-BC/TĐTN"}, paper=False)
    ),
    "GET /surveys/{pk}/answers": Row("reviews:survey", None),
    "POST /surveys/{pk}/answers": Row("reviews:survey", _answers),
    "GET /commendations": Row("", None),
    "POST /commendations": Row("", Form(_commendation)),
    "GET /commendations/{pk}": Row("reviews:commendation", None),
    "POST /commendations/{pk}/pass-on": Row("reviews:commendation", {}),
    "POST /commendations/{pk}/grant": Row("reviews:commendation", {"number": "5-QĐ/ĐTN", "day": "2026-03-16"}),
    "POST /commendations/{pk}/refuse": Row("reviews:commendation", REASON),
    "POST /commendations/{pk}/withdraw": Row("reviews:commendation", {}),
    "GET /report-kinds": Row("", None),
    "POST /report-kinds": Row("", _report_kind),
    "GET /report-kinds/{pk}": Row("reviews:report_kind", None),
    "POST /report-kinds/{pk}/change": Row("reviews:report_kind", {"name": "Báo cáo tháng"}),
    "POST /report-kinds/{pk}/ask": Row("reviews:report_kind", {"year": 2027}),
    "GET /report-years/{pk}": Row("reviews:compilation", None),
    "GET /report-years/{pk}/reports": Row("reviews:compilation", None),
    "GET /report-years/{pk}/compiled": Row("reviews:compilation", None),
    "POST /report-years/{pk}/introduction": Row("reviews:compilation", _introduction),
    "GET /periodic-reports": Row("", None),
    "GET /periodic-reports/{pk}": Row("reviews:report", None),
    "POST /deadlines/{pk}/periodic-report": Row("reviews:report_open", {}),
    "POST /periodic-reports/{pk}/save": Row("reviews:report", _parts),
    "POST /periodic-reports/{pk}/send": Row("reviews:report", Form({"document_number": "9-BC/ĐTN"}, paper=False)),
    "GET /periodic-reports/{pk}/fill": Row("reviews:report", None),
    "POST /periodic-reports/{pk}/fill": Row("reviews:report", {"digest": "x"}),
    "GET /emulation-sheets": Row("", None),
    "POST /emulation-sheets": Row("", _new_sheet),
    "GET /emulation-sheets/{pk}": Row("reviews:emulation_sheet", None),
    "POST /emulation-sheets/{pk}/change": Row("reviews:emulation_sheet", _sheet),
    "POST /emulation-sheets/{pk}/own-points": Row(
        "reviews:emulation_sheet", _points(points="8", proof="5-BC/ĐTN", version=1)
    ),
    "POST /emulation-sheets/{pk}/checked-points": Row("reviews:emulation_sheet", _points(points="7", version=1)),
    "POST /emulation-sheets/{pk}/objections": Row("reviews:emulation_sheet", _objection),
    "GET /emulation-objections": Row("", None),
    "POST /emulation-objections/{pk}/settle": Row("reviews:emulation_settle", {"points": "6", "reason": "Đúng"}),
    "GET /score-cards": Row("", None),
    "POST /score-cards": Row("", _card),
    "GET /score-cards/{pk}": Row("reviews:score_card", None),
    "POST /score-cards/{pk}/change": Row("reviews:score_card", {"month": "2026-06-01", "criteria": CRITERIA}),
    "POST /score-cards/{pk}/approve": Row("reviews:score_card", {}),
    "GET /evaluation-rounds": Row("", None),
    "POST /evaluation-rounds": Row("", _new_month),
    "GET /evaluation-rounds/{pk}": Row("reviews:evaluation_round", None),
    "GET /evaluation-rounds/{pk}/evaluations": Row("reviews:evaluation_round", None),
    "GET /evaluation-rounds/{pk}/colleagues": Row("reviews:evaluation_round", None),
    "POST /evaluation-rounds/{pk}/ask-opinions": Row("reviews:evaluation_round", {}),
    "POST /evaluation-rounds/{pk}/put-before-meeting": Row("reviews:evaluation_round", _by_meeting),
    "POST /evaluation-rounds/{pk}/decide": Row("reviews:evaluation_round", _scores),
    "POST /evaluation-rounds/{pk}/lock": Row("reviews:evaluation_round", {}),
    "POST /evaluation-rounds/{pk}/reopen": Row("reviews:evaluation_round", REASON),
    "GET /evaluations/{pk}": Row("reviews:evaluation", None),
    "POST /evaluations/{pk}/self": Row("reviews:evaluation", {}),
    "POST /evaluations/{pk}/opinion": Row("reviews:evaluation", {"words": "Tốt"}),
    "POST /month-shortcomings/{pk}/settle": Row("reviews:evaluation_settle", {"remedied": True}),
    "GET /evaluation-years": Row("", None),
    "POST /year-ratings": Row("", _rating),
    "GET /feedback-rounds": Row("", None),
    "POST /feedback-rounds": Row("", _new_feedback),
    "GET /feedback-rounds/{pk}": Row("reviews:feedback_round", None),
    "POST /feedback-rounds/{pk}/change": Row("reviews:feedback_edit", _feedback),
    "POST /feedback-rounds/{pk}/open": Row("reviews:feedback_edit", {}),
    "POST /feedback-rounds/{pk}/close-step": Row(
        "reviews:feedback_step", {"step": "feedback_open", "confirmed": True}
    ),
    "POST /feedback-rounds/{pk}/result": Row("reviews:feedback_result", {"text": "Tiếp thu"}),
    "GET /feedback-rounds/{pk}/contributions": Row("reviews:feedback_compiled", None),
    "GET /feedback-targets/{pk}": Row("reviews:feedback_target", None),
    "POST /feedback-targets/{pk}/report": Row("reviews:feedback_target", {"text": "Tự soi"}),
    "POST /feedback-targets/{pk}/report-files": Row("reviews:feedback_target", Form({"text": "Tự soi"})),
    "POST /feedback-contributions/{pk}/reply": Row(
        "reviews:feedback_reply", {"kind": "reply_accepted", "text": "Tiếp thu"}
    ),
    "GET /feedback-invitations": Row("", None),
    "POST /feedback-invitations/{pk}/contribute": Row("reviews:feedback_contribute", _said),
}

#: Statuses in the order of ROLES. 412 and 422: the right is there, the scene or what was sent is not ready for it.
STATUSES: dict[str, tuple[int, ...]] = {
    #                                                  anon out  sib  own  par  off  lead adm
    "POST /pledges": (401, 404, 404, 201, 201, 201, 404, 404),
    "POST /meetings": (401, 404, 404, 404, 404, 201, 404, 404),
    "POST /meeting-years": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /meetings/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /meetings/{pk}/move": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /meetings/{pk}/cancel": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /meetings/{pk}/minutes": (401, 404, 404, 404, 404, 200, 200, 200),
    "POST /meetings/{pk}/record": (401, 404, 404, 404, 404, 200, 200, 404),
    "POST /meetings/{pk}/minutes-files": (401, 404, 404, 404, 404, 422, 422, 404),
    "GET /meetings/{pk}/agenda": (401, 404, 404, 404, 404, 200, 200, 200),
    "POST /meetings/{pk}/agenda": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /meetings/{pk}/proposals": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /meetings/{pk}/proposals": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /meetings/{pk}/decisions": (401, 404, 404, 404, 404, 200, 200, 200),
    "POST /meetings/{pk}/decisions": (401, 404, 404, 404, 404, 201, 201, 404),
    "POST /agenda-items/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /agenda-items/{pk}/move": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /agenda-items/{pk}/drop": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /inspections": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /inspections": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /inspections/{pk}": (401, 404, 404, 404, 404, 200, 200, 200),
    "POST /inspections/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /inspections/{pk}/announce": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /inspections/{pk}/cancel": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /inspections/{pk}/end-visits": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /inspections/{pk}/report": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /inspections/{pk}/report-files": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /inspections/{pk}/issue": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /visits": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /visits/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /visits/{pk}/check": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /visits/{pk}/visited": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /visits/{pk}/day": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /visits/{pk}/requests": (401, 404, 404, 201, 201, 201, 404, 404),
    "POST /visit-requests/{pk}/answer": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /conclusions": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /conclusions/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /visits/{pk}/conclusions": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /conclusions/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /conclusions/{pk}/drop": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /conclusions/{pk}/close": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /results": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /inspection-programmes": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /inspection-programmes": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /checklists": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /checklists": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /trips": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /trips": (401, 404, 404, 404, 404, 201, 422, 404),
    "GET /trips/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /trips/{pk}/change": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /trips/{pk}/approve": (401, 404, 404, 404, 404, 422, 422, 404),
    "POST /trips/{pk}/end": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /trips/{pk}/cancel": (401, 404, 404, 404, 404, 422, 422, 404),
    "POST /trips/{pk}/brief": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /trips/{pk}/brief-files": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /trips/{pk}/report": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /trips/{pk}/report-files": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /trip-quotas": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /trip-quotas": (401, 404, 404, 404, 404, 201, 404, 201),
    "GET /trip-quotas/{pk}": (401, 404, 404, 404, 404, 200, 200, 200),
    "POST /trip-quotas/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 200),
    "GET /surveys": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /surveys": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /surveys/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /surveys/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /surveys/{pk}/questions": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /surveys/{pk}/start": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /surveys/{pk}/finish": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /surveys/{pk}/report": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /surveys/{pk}/answers": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /surveys/{pk}/answers": (401, 404, 404, 200, 200, 200, 404, 404),
    "GET /commendations": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /commendations": (401, 404, 404, 201, 201, 201, 404, 404),
    "GET /commendations/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /commendations/{pk}/pass-on": (401, 404, 404, 404, 422, 404, 404, 404),
    "POST /commendations/{pk}/grant": (401, 404, 404, 404, 200, 404, 404, 404),
    "POST /commendations/{pk}/refuse": (401, 404, 404, 404, 200, 404, 404, 404),
    "POST /commendations/{pk}/withdraw": (401, 404, 404, 200, 200, 200, 404, 404),
    "GET /report-kinds": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /report-kinds": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /report-kinds/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /report-kinds/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /report-kinds/{pk}/ask": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /report-years/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "GET /report-years/{pk}/reports": (401, 404, 404, 200, 200, 200, 200, 200),
    "GET /report-years/{pk}/compiled": (401, 404, 404, 404, 404, 200, 200, 200),
    "POST /report-years/{pk}/introduction": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /periodic-reports": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /periodic-reports/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /deadlines/{pk}/periodic-report": (401, 404, 404, 200, 200, 200, 404, 404),
    "POST /periodic-reports/{pk}/save": (401, 404, 404, 200, 200, 200, 404, 404),
    "POST /periodic-reports/{pk}/send": (401, 404, 404, 422, 422, 422, 404, 404),
    "GET /periodic-reports/{pk}/fill": (401, 404, 404, 200, 200, 200, 404, 404),
    "POST /periodic-reports/{pk}/fill": (401, 404, 404, 422, 422, 422, 404, 404),
    "GET /emulation-sheets": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /emulation-sheets": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /emulation-sheets/{pk}": (401, 404, 404, 200, 200, 200, 200, 200),
    "POST /emulation-sheets/{pk}/change": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /emulation-sheets/{pk}/own-points": (401, 404, 404, 200, 200, 200, 404, 404),
    "POST /emulation-sheets/{pk}/checked-points": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /emulation-sheets/{pk}/objections": (401, 404, 404, 201, 201, 201, 404, 404),
    "GET /emulation-objections": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /emulation-objections/{pk}/settle": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /score-cards": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /score-cards": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /score-cards/{pk}": (401, 404, 404, 404, 404, 200, 200, 404),
    "POST /score-cards/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /score-cards/{pk}/approve": (401, 404, 404, 404, 404, 404, 200, 404),
    "GET /evaluation-rounds": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /evaluation-rounds": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /evaluation-rounds/{pk}": (401, 404, 404, 404, 404, 200, 200, 404),
    "GET /evaluation-rounds/{pk}/evaluations": (401, 404, 404, 404, 404, 200, 200, 404),
    "GET /evaluation-rounds/{pk}/colleagues": (401, 404, 404, 404, 404, 404, 404, 404),
    "POST /evaluation-rounds/{pk}/ask-opinions": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /evaluation-rounds/{pk}/put-before-meeting": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /evaluation-rounds/{pk}/decide": (401, 404, 404, 404, 404, 404, 200, 404),
    "POST /evaluation-rounds/{pk}/lock": (401, 404, 404, 404, 404, 404, 422, 404),
    "POST /evaluation-rounds/{pk}/reopen": (401, 404, 404, 404, 404, 404, 422, 404),
    "GET /evaluations/{pk}": (401, 404, 404, 404, 404, 200, 200, 404),
    "POST /evaluations/{pk}/self": (401, 404, 404, 404, 404, 404, 404, 404),
    "POST /evaluations/{pk}/opinion": (401, 404, 404, 404, 404, 404, 404, 404),
    "POST /month-shortcomings/{pk}/settle": (401, 404, 404, 404, 404, 200, 200, 404),
    "GET /evaluation-years": (401, 404, 404, 404, 404, 200, 200, 404),
    "POST /year-ratings": (401, 404, 404, 404, 404, 404, 422, 404),
    "GET /feedback-rounds": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /feedback-rounds": (401, 404, 404, 404, 404, 201, 404, 404),
    "GET /feedback-rounds/{pk}": (401, 404, 404, 404, 404, 200, 200, 404),
    "POST /feedback-rounds/{pk}/change": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /feedback-rounds/{pk}/open": (401, 404, 404, 404, 404, 200, 404, 404),
    "POST /feedback-rounds/{pk}/close-step": (401, 404, 404, 404, 404, 422, 404, 404),
    "POST /feedback-rounds/{pk}/result": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /feedback-rounds/{pk}/contributions": (401, 404, 404, 404, 404, 200, 200, 404),
    "GET /feedback-targets/{pk}": (401, 404, 404, 200, 404, 200, 200, 404),
    "POST /feedback-targets/{pk}/report": (401, 404, 404, 200, 404, 200, 404, 404),
    "POST /feedback-targets/{pk}/report-files": (401, 404, 404, 200, 404, 200, 404, 404),
    "POST /feedback-contributions/{pk}/reply": (401, 404, 404, 404, 404, 200, 404, 404),
    "GET /feedback-invitations": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /feedback-invitations/{pk}/contribute": (401, 404, 404, 200, 404, 404, 404, 404),
}  # fmt: skip

#: What a list that asks for more than its address is asked.
QUERIES: dict[str, Body] = {
    "GET /report-years/{pk}/compiled": lambda _cast, scene: f"?occurrence={scene.ids['reviews:compilation'][1]}",
    "GET /evaluation-years": lambda cast, _scene: f"?unit={cast.province.pk}&body=standing_committee&year=2026",
}


def address(cast: Cast, scene: Scene, operation: str) -> str:
    """Return the path of an operation of reviews on the objects of the scene, with what it asks for."""
    path, place = operation.split(" ")[1], WHERE[operation].place
    name, second = place.removesuffix(":1"), int(place.endswith(":1"))
    where = path.replace("{pk}", str(scene.ids[name][second])) if name else path
    asked: str = QUERIES[operation](cast, scene) if operation in QUERIES else ""
    return where + asked


def call(program: Program, scene: Scene, cast: Cast, operation: str) -> Any:
    """Do one operation of reviews on the objects of the scene, with the version there is."""
    where, row = address(cast, scene, operation), WHERE[operation]
    if operation.startswith("GET"):
        return program.get(where)
    form = row.body if isinstance(row.body, Form) else None
    body = form.fields if form else row.body
    sent = body(cast, scene) if callable(body) else body
    if form is None:
        return program.post(where, sent, if_match="*")
    paper = {"files": SimpleUploadedFile("bc.docx", office())} if form.paper else {}
    return program.post_form(where, {**sent, **paper}, if_match="*")
