"""Words planted in the ledger where only some may read them; `tests/test_walks.py` looks for them on every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from plans.actions.ledger import record_review, start_next_ledger
from plans.actions.records import add_record, change_record
from plans.models import Evidence, Plan, PlanDocument, Shortcoming
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PlanFactory, ShortcomingFactory, make_deadline, make_published_plan
from tests.planting import Planting
from tests.test_access import Scene
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

#: Of a sibling: seen by who sees the issuer and by the unit named.
SIBLING = ("ANHDAOTRANG", "NGUYENNHANCHINH", "KETLUANDOTMOT", "BIENBANSO", "TENTEPBIMAT", "NAMTRUOCDO")
#: Of a person: seen with the right only.
PERSONAL = ("CANHANRIENG", "LYDORIENG", "NHACNHORIENG", "DOCTRONGVANBAN")


def plant(cast: Cast) -> Plan:
    """Plant the words in a plan of the province in which every unit owes work, and in its followers."""
    last_year = {"period_start": dt.date(2025, 1, 1), "period_end": dt.date(2025, 12, 31)}
    old = make_published_plan(cast.province, title="Kế hoạch năm 2025", **last_year)
    plan = make_published_plan(cast.province, title="Kế hoạch năm 2026")
    for unit in (cast.district, cast.other_district, cast.commune, cast.department):
        for owed in (old, plan):
            make_deadline(unit, plan=owed, due_on=dt.date(2026, 3, 20))
    source = ShortcomingFactory(plan=old, ordinal=1, text="Đơn vị NAMTRUOCDO chậm báo cáo từ lâu.")
    row = ShortcomingFactory(
        plan=plan, ordinal=1, text="Đơn vị ANHDAOTRANG chậm báo cáo.", cause="Do NGUYENNHANCHINH.",
        carried_over_from=source, source_paragraph=1, source_start=0, source_end=5,
    )  # fmt: skip
    for sibling in (source, row):
        sibling.named_units.add(cast.district)
    personal = ShortcomingFactory(
        plan=plan, ordinal=2, text="Đồng chí CANHANRIENG thiếu gương mẫu.", cause="Do LYDORIENG.",
        subject="person", person=cast.leader, source_paragraph=2, source_start=0, source_end=5,
    )  # fmt: skip
    _review(row, cast, note="Theo KETLUANDOTMOT.", document_number="BIENBANSO")
    _review(personal, cast, review="Họp NHACNHORIENG")
    _documents(plan, row, cast)
    start_next_ledger(plan=plan, by=cast.office_staff, year=2027)
    return plan


def _review(row: Shortcoming, cast: Cast, **facts: Any) -> None:
    said: dict[str, Any] = {"day": dt.date(2026, 3, 1), "state": "partly", "review": "Họp tháng 02"}
    record_review(shortcoming=row, by=cast.office_staff, **{**said, **facts})


def _documents(plan: Plan, row: Shortcoming, cast: Cast) -> None:
    """Give the plan a document, and the sibling's work that remedies its shortcoming a file with a telling name."""
    texts = (
        "KẾ HOẠCH",
        row.text,
        "Về DOCTRONGVANBAN.",
        "Nhắc lại: đơn vị ANHDAOTRANG chậm báo cáo.",
        "III. GIẢI PHÁP",
    )
    paragraphs = [{"text": t, "role": "item", "level": 1} for t in texts]
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    facts: dict[str, Any] = {"size": 3, "sha256": "1" * 64}
    document = PlanDocument(plan=plan, paragraphs=paragraphs, read_at=now, original_name="KH.txt", **facts)
    document.file.save("plan", ContentFile(b"ANHDAOTRANG CANHANRIENG"))
    deadline = plan.deadlines.get(unit=cast.district)
    proof = Evidence(
        deadline=deadline, added_by=cast.secretary, added_at=now, original_name="TENTEPBIMAT.pdf", **facts
    )
    proof.file.save("proof", ContentFile(b"abc"))
    deadline.solution.shortcomings.add(row)


def planting(cast: Cast, scene: Scene) -> Planting:
    """Plant the words; return them with the pages of all plans and shortcomings, with every view and search."""
    plan = plant(cast)
    return Planting(
        words=SIBLING + PERSONAL,
        hidden=lambda who, _address: _hidden(who),
        addresses=[*addresses(plan, scene, cast)],
        read={"office_staff": {*SIBLING, *PERSONAL}},
    )


def _hidden(who: str) -> tuple[str, ...]:
    if who in {"", "sibling_secretary", "outsider", "commune_secretary"}:
        return SIBLING + PERSONAL
    return PERSONAL if who in {"reader", "department_head", "administrator", "secretary"} else ()


def addresses(plan: Plan, scene: Scene, cast: Cast) -> Iterator[str]:
    """Yield the addresses of the plan and the other planted ones and of their shortcomings, with every view."""
    base = reverse("plans:plan", args=[plan.pk])
    yield from (f"{base}?view={view}" for view in ("solutions", "matrix", "timeline", "document", "history"))
    pages = (
        "plan", "ledger", "ledger_next", "document", "check", "coverage", "plan_gaps", "tasks", "life", "compare",
        "cascade", "plan_indicators", "plan_chat",
    )  # fmt: skip
    for other in Plan.objects.exclude(pk__in=(scene.plan.pk, scene.draft.pk)):
        yield from (reverse(f"plans:{name}", args=[other.pk]) for name in pages)
    for pk in Shortcoming.objects.values_list("pk", flat=True):
        acts = ("shortcoming", "shortcoming_review", "shortcoming_source", "shortcoming_merge")
        yield from (reverse(f"plans:{name}", args=[pk]) for name in acts)
    yield from (reverse("plans:evidence", args=[pk]) for pk in Evidence.objects.values_list("pk", flat=True))
    words = {word.lower() for word in (*SIBLING, *PERSONAL)}
    yield from (f"{reverse(n)}?q={w}" for n in ("search", "plans:shortcomings") for w in words)
    yield f"{reverse('plans:shortcomings')}?named={cast.district.pk}"
    yield f"{reverse('plans:shortcomings')}?state=partly&year=2026"
    yield from (reverse(f"units:{name}", args=[cast.district.pk]) for name in ("unit", "unit_chat"))
    yield from (reverse("plans:deadline_chat", args=[pk]) for pk in plan.deadlines.values_list("pk", flat=True))


def test_the_log_of_the_admin_site_withholds_what_became_of_a_person_later(cast: Cast, login: Login) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    row = add_record(plan=draft, model=Shortcoming, values={"text": "CANHANRIENG"}, by=cast.office_staff)
    other = add_record(plan=draft, model=Shortcoming, values={"text": "Chung cả đơn vị."}, by=cast.office_staff)
    created = AuditEvent.objects.get(object_type="shortcoming", object_id=row.pk)
    change_record(record=row, values={"subject": "person", "person": cast.leader}, by=cast.office_staff)
    client, listing = login(cast.administrator), reverse("admin:units_auditevent_changelist")
    page = reverse("admin:units_auditevent_change", args=[created.pk])
    for address, sent in ((listing, {}), (listing, {"q": "CANHANRIENG"}), (page, {})):
        answer = client.get(address, sent)
        assert (answer.status_code, "1. CANHANRIENG" in answer.text) == (200, False)
    text = client.get(page).text
    assert ("CANHANRIENG" in text, "Khuyết điểm của cá nhân" in text) == (False, True)
    assert "Khuyết điểm của cá nhân" not in client.get(listing, {"q": "CANHANRIENG"}).text
    assert str(other) in client.get(listing, {"q": "Chung"}).text


def test_the_log_of_the_admin_site_tells_nothing_of_a_person(cast: Cast, login: Login) -> None:
    draft = PlanFactory(issuing_unit=cast.province)
    values = {"text": "CANHANRIENG", "cause": "LYDORIENG", "subject": "person", "person": cast.leader}
    add_record(plan=draft, model=Shortcoming, values=values, by=cast.office_staff)
    client = login(cast.administrator)
    listing = reverse("admin:units_auditevent_changelist")
    text = client.get(listing).text
    assert "Khuyết điểm của cá nhân" in text
    assert not [word for word in PERSONAL if word in text]
    assert "Khuyết điểm của cá nhân" not in client.get(listing, {"q": "CANHANRIENG"}).text  # nor is it found by one
