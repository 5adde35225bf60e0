"""Every address × every role: the status each one gets. An address missing from the tables fails the suite.

Hidden and missing look alike: a person without the right gets 404, nobody logged in is sent to the log-in page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from doantracker.lib import clock
from plans.actions.records import drop_record
from plans.enums import Kind, NoticeKind, PlanStatus, Status
from plans.models import ChasingLetter, Deadline, Evidence, Notice, Plan, PlanDocument
from plans.reminders.links import address_of
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
    make_deadline,
    make_difficulty,
    make_extension,
    make_published_plan,
)

pytestmark = pytest.mark.usefixtures("today")

ROLES = ("anonymous", "outsider", "sibling", "own", "parent", "office", "leader", "admin")
PEOPLE = dict(
    zip(
        ROLES[1:],
        ("outsider", "sibling_secretary", "commune_secretary", "secretary", "office_staff", "leader", "administrator"),
        strict=True,
    )
)

#: Statuses in the order of ROLES. `?` addresses take the ids of the scene.
GET: dict[str, tuple[int, ...]] = {
    # name                  anon out  sib  own  par  off  lead adm
    "home":                 (302, 200, 200, 200, 200, 200, 302, 302),
    "login":                (200, 302, 302, 302, 302, 302, 302, 302),
    "logout":               (302, 405, 405, 405, 405, 405, 405, 405),
    "password_change":      (302, 200, 200, 200, 200, 200, 200, 200),
    "password_change_done": (302, 200, 200, 200, 200, 200, 200, 200),
    "password_reset":       (200, 200, 200, 200, 200, 200, 200, 200),
    "password_reset_done":  (200, 200, 200, 200, 200, 200, 200, 200),
    "password_reset_confirm": (200, 200, 200, 200, 200, 200, 200, 200),
    "password_reset_complete": (200, 200, 200, 200, 200, 200, 200, 200),
    "set_language":         (302, 302, 302, 302, 302, 302, 302, 302),
    "search":               (302, 200, 200, 200, 200, 200, 200, 200),
    "healthz":              (200, 200, 200, 200, 200, 200, 200, 200),
    "units:units":          (302, 200, 200, 200, 200, 200, 200, 200),
    "units:unit":           (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:plans":          (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:import":         (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:create":         (302, 200, 200, 200, 200, 200, 404, 404),
    "plans:plan":           (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:document":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:publish":        (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:discard":        (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:close":          (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:reimport":       (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:reimport_compare": (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:check":          (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:check_order":    (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:check_news":     (302, 404, 404, 404, 404, 204, 404, 404),
    "plans:check_unit":     (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_choose":  (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_add":     (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record":         (302, 404, 404, 404, 404, 302, 404, 404),
    "plans:record_edit":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_accept":  (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:record_restore": (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:record_reopen":  (302, 405, 405, 405, 405, 405, 405, 405),
    "plans:record_drop":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_join":    (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:record_split":   (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:deadlines":      (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:calendar":       (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:feed":           (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:feed_ics":       (404, 404, 404, 404, 404, 404, 404, 404),
    "plans:deadline":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:report":         (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:confirm":        (302, 404, 404, 404, 404, 302, 302, 404),
    "plans:return":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:cancel":         (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:date":           (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:later":          (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:decide":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:excuse":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:difficulty":     (302, 404, 404, 200, 200, 200, 404, 404),
    "plans:answer":         (302, 404, 404, 404, 404, 200, 200, 404),
    "plans:extensions":     (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:difficulties":   (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:evidence":       (302, 404, 404, 200, 200, 200, 200, 200),
    "plans:confirmations":  (302, 200, 200, 200, 200, 200, 200, 404),
    "plans:notices":        (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:figures":        (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:figures_months": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:figures_trend":  (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:notice_settings": (302, 200, 200, 200, 200, 200, 200, 200),
    "plans:notice_link":    (302, 404, 404, 302, 404, 404, 404, 404),
    "plans:letters":        (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:letter":         (302, 404, 404, 404, 404, 200, 404, 404),
    "plans:letter_file":    (302, 404, 404, 404, 404, 200, 404, 404),
}  # fmt: skip

#: Addresses that change something, with what is sent. 302 = done and sent on; 422 = right to act, form incomplete.
POST: dict[str, tuple[dict[str, str], tuple[int, ...]]] = {
    "logout":               ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "set_language":         ({"language": "en"}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "password_change":      ({}, (302, 200, 200, 200, 200, 200, 200, 200)),
    "plans:import":         ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:create":         ({}, (302, 422, 422, 422, 422, 422, 404, 404)),
    "plans:publish":        ({"despite_gaps": "on"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:discard":        ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:close":          ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:reimport":       ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:reimport_compare": ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:record_add":     ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:record_edit":    ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:record_accept":  ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_drop":    ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_restore": ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_join":    ({}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:record_split":   ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
    "plans:report":         ({"act": "done"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:confirm":        ({}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:return":         ({"reason": "Thiếu"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:cancel":         ({"reason": "Thôi"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:date":           ({"due_on": "30/04/2026"}, (302, 404, 404, 404, 404, 302, 404, 404)),
    "plans:later":          ({"day": "31/03/2026", "reason": "Bão"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:decide":         ({"act": "grant"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:excuse":         ({"cause": "Bão"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:difficulty":     ({"text": "Thiếu kinh phí"}, (302, 404, 404, 302, 302, 302, 404, 404)),
    "plans:answer":         ({"words": "Đã cấp"}, (302, 404, 404, 404, 404, 302, 302, 404)),
    "plans:confirmations":  ({}, (302, 422, 422, 422, 422, 422, 422, 404)),
    "plans:feed":           ({"act": "create"}, (302, 200, 200, 200, 200, 200, 200, 200)),
    "plans:notices":        ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "plans:notice_settings": ({}, (302, 302, 302, 302, 302, 302, 302, 302)),
    "plans:letters":        ({}, (302, 404, 404, 404, 404, 422, 404, 404)),
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """One plan of the province followed up, one draft, and rows of the commune in every state an address needs."""

    plan: Plan
    draft: Plan
    assigned: Deadline
    submitted: Deadline
    undated: Deadline
    proof: Evidence
    ids: dict[str, list[Any]]

    def address(self, name: str) -> str:
        """Return the address of `name` for this scene's objects."""
        return reverse(name, args=self.ids.get(name, []))


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Make the scene; every text has the word SÔNGTHAO, which only its own people may read."""
    plan = make_published_plan(cast.province, title="Kế hoạch SÔNGTHAO")
    words = SolutionFactory(plan=plan, ordinal=90, text="Việc của SÔNGTHAO", lead_unit=cast.commune)
    assigned = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20), solution=words)
    done = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 3, 1), "reported_by": cast.commune_secretary}
    submitted = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 20), solution=words, **done)
    undated = make_deadline(cast.commune, plan=plan, solution=words)
    now = clock.now()
    facts: dict[str, Any] = {"size": 3, "sha256": "0" * 64, "original_name": "SÔNGTHAO.pdf"}
    proof = Evidence(deadline=submitted, added_by=cast.commune_secretary, added_at=now, **facts)
    proof.file.save("proof", ContentFile(b"abc"))
    document = PlanDocument(plan=plan, paragraphs=[], read_at=now, **facts)
    document.file.save("plan", ContentFile(b"abc"))
    draft: Plan = PlanFactory(issuing_unit=cast.province, title="Dự thảo SÔNGTHAO", status=PlanStatus.DRAFT)
    group = SolutionGroupFactory(plan=draft, ordinal=1, lead_unit=cast.department)
    first = SolutionFactory(plan=draft, ordinal=1, group=group, text="Họp giao ban. Gửi báo cáo SÔNGTHAO.")
    SolutionFactory(plan=draft, ordinal=2, group=group, text="Tập huấn cán bộ.")
    ScheduleFactory(solution=first, kind=Kind.ONGOING, due=None)
    ShortcomingFactory(plan=draft, ordinal=1)
    edited = PlanDocument(plan=draft)
    edited.file.save("edited", ContentFile("Kế hoạch SÔNGTHAO".encode()), save=False)
    token = signing.dumps([draft.pk, edited.file.name, "SÔNGTHAO.txt"], salt="plans.reimport", compress=True)
    record = [draft.pk, "solution", first.pk]
    dropped = drop_record(record=ShortcomingFactory(plan=draft, ordinal=2), by=cast.office_staff)
    told = {"recipient": cast.commune_secretary, "kind": NoticeKind.DUE_SOON, "day": clock.today(), "created_at": now}
    notice = Notice.objects.create(deadline=assigned, **told)
    wrote = {"prepared_by": cast.office_staff, "prepared_at": now, "answer_by": clock.today()}
    letter = ChasingLetter.objects.create(plan=plan, text="Công văn SÔNGTHAO", **wrote)
    asked = make_extension(submitted, by=cast.commune_secretary, reason="Bão SÔNGTHAO")
    raised = make_difficulty(assigned, by=cast.commune_secretary, text="Thiếu kinh phí SÔNGTHAO")
    late = make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 2, 20), solution=words, **done)
    ids: dict[str, list[Any]] = {
        "password_reset_confirm": ["MQ", "a-b"],
        "units:unit": [cast.commune.pk],
        "plans:plan": [plan.pk],
        "plans:document": [plan.pk],
        "plans:close": [plan.pk],
        **{name: [draft.pk] for name in ("plans:publish", "plans:discard", "plans:check", "plans:record_choose")},
        **{f"plans:check_{page}": [draft.pk] for page in ("order", "news", "unit")},
        "plans:reimport": [draft.pk],
        "plans:reimport_compare": [draft.pk, token],
        "plans:record_add": [draft.pk, "solution"],
        "plans:record_restore": [draft.pk, dropped.pk],
        **{f"plans:record{act}": record for act in ("", "_edit", "_accept", "_reopen", "_drop", "_join", "_split")},
        **{name: [assigned.pk] for name in ("plans:deadline", "plans:report", "plans:cancel")},
        **{name: [assigned.pk] for name in ("plans:later", "plans:difficulty")},
        "plans:decide": [asked.pk],
        "plans:excuse": [late.pk],
        "plans:answer": [raised.pk],
        **{name: [submitted.pk] for name in ("plans:confirm", "plans:return")},
        "plans:date": [undated.pk],
        "plans:evidence": [proof.pk],
        "plans:notice_link": [address_of(notice).split("/")[2]],
        "plans:letters": [plan.pk],
        **{name: [letter.pk] for name in ("plans:letter", "plans:letter_file")},
    }
    return Scene(plan, draft, assigned, submitted, undated, proof, ids)


def _status(response: Any) -> int:
    """Return the status and close what was opened; `response.close()` would also end the transaction."""
    for close in response._resource_closers:
        close()
    return int(response.status_code)


def _names(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_address_stands_in_the_table() -> None:
    names = {n for n in _names(get_resolver().url_patterns) if not n.startswith("admin:")}
    assert names == set(GET)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_open(cast: Cast, scene: Scene, login: Login, role: str) -> None:
    client = login(getattr(cast, PEOPLE[role]) if role in PEOPLE else None)
    got = {name: _status(client.get(scene.address(name))) for name in GET}
    assert got == {name: statuses[ROLES.index(role)] for name, statuses in GET.items()}


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_do(cast: Cast, scene: Scene, login: Login, role: str) -> None:
    got = {}
    for name, (sent, _) in POST.items():
        with transaction.atomic():
            client = login(getattr(cast, PEOPLE[role]) if role in PEOPLE else None)
            got[name] = client.post(scene.address(name), sent).status_code
            transaction.set_rollback(True)
    assert got == {name: statuses[ROLES.index(role)] for name, (_, statuses) in POST.items()}


@pytest.mark.parametrize("role", ["outsider", "sibling"])
def test_no_word_of_others_shows(cast: Cast, scene: Scene, login: Login, role: str) -> None:
    client = login(getattr(cast, PEOPLE[role]))
    secret = ["SÔNGTHAO", cast.commune.name, cast.branch.name, cast.commune_secretary.full_name]
    pages = {name: client.get(scene.address(name)) for name in GET}
    searches = {
        q: client.get(reverse(q), {"q": "songthao"})
        for q in ("plans:plans", "plans:deadlines", "units:units", "search")
    }
    shown = {n for n, p in {**pages, **searches}.items() if any(word in p.content.decode() for word in secret)}
    assert shown == set()


def test_a_foreign_unit_in_the_filter_shows_nothing(cast: Cast, scene: Scene, login: Login) -> None:
    page = login(cast.outsider).get(reverse("plans:deadlines"), {"unit": cast.commune.pk, "plan": scene.plan.pk})
    assert page.status_code == 200
    assert "SÔNGTHAO" not in page.text
    assert cast.commune.name not in page.text
