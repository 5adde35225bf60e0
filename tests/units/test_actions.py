"""Units are founded, changed, moved; an administrator always stays; each act leaves one row in the log."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from plans.models import Deadline
from tests.cast import Cast
from tests.factories import AppointmentFactory, UnitKindFactory, make_deadline, make_officer, make_published_plan
from units import actions
from units.audit import broken_links
from units.models import Appointment, AuditEvent, Post, Unit, User
from units.roles import Role

WORD = "mật-khẩu-mới-1"  # invented

pytestmark = pytest.mark.usefixtures("today")


def log() -> list[tuple[str, str, int | None]]:
    """Return act, label and actor of every row, the oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", "object_label", "actor"))


def test_found_unit_adds_the_last_child_and_one_row_to_the_log(cast: Cast) -> None:
    unit = actions.found_unit(
        parent=cast.district, by=cast.administrator, name="Đoàn xã Mới", code="ST-BM-M", kind=cast.commune.kind
    )
    assert unit.path.startswith(cast.district.path)
    assert Unit.objects.get_parent(unit) == cast.district
    assert unit.search == "doan xa moi st-bm-m st bm m"
    assert log() == [("created", "Đoàn xã Mới", cast.administrator.pk)]
    assert AuditEvent.objects.get().unit_id == unit.pk


def test_found_unit_is_refused_with_a_code_that_exists_and_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        actions.found_unit(parent=cast.province, by=None, name="X", code="ST-BM", kind=cast.commune.kind)
    assert log() == []
    cast.province.refresh_from_db()
    assert cast.province.numchild == 4


@pytest.mark.parametrize("who", ["secretary", "office_staff", "leader", "outsider"])
def test_only_administrators_change_the_tree(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(Http404):
        actions.found_unit(parent=cast.district, by=person, name="X", code="X", kind=cast.commune.kind)
    with pytest.raises(Http404):
        actions.change_unit(unit=cast.district, by=person, name="X")
    with pytest.raises(Http404):
        actions.move_unit(unit=cast.commune, parent=cast.other_district, by=person)
    assert log() == []


def test_an_administrator_of_one_tree_does_not_reach_into_another(cast: Cast) -> None:
    with pytest.raises(Http404):
        actions.move_unit(unit=cast.commune, parent=cast.foreign_province, by=cast.administrator)
    with pytest.raises(Http404):
        actions.change_unit(unit=cast.foreign_commune, by=cast.administrator, name="X")


def test_change_unit_logs_what_changed_and_stays_silent_otherwise(cast: Cast) -> None:
    actions.change_unit(unit=cast.district, by=cast.administrator, name="Huyện đoàn Bình Minh")
    assert log() == []
    actions.change_unit(unit=cast.district, by=cast.administrator, name="Huyện đoàn Bình Tân")
    assert AuditEvent.objects.get().data == {"name": ["Huyện đoàn Bình Minh", "Huyện đoàn Bình Tân"]}


def test_move_unit_takes_everything_below_and_the_paths_of_deadlines_along(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    moved = [make_deadline(unit, plan=plan) for unit in (cast.district, cast.commune, cast.branch)]
    stays = make_deadline(cast.other_district, plan=plan)
    old = cast.district.path

    actions.move_unit(unit=cast.district, parent=cast.other_district, by=cast.administrator)

    paths = dict(Unit.objects.values_list("pk", "path"))
    assert paths[cast.district.pk] == cast.other_district.path + "0001"
    assert paths[cast.branch.pk].startswith(paths[cast.commune.pk])
    for row in Deadline.objects.all():
        assert row.unit_path == paths[row.unit_id]
    assert {d.pk for d in Deadline.objects.below(Unit.objects.get(pk=cast.other_district.pk))} == {
        d.pk for d in (*moved, stays)
    }
    row = AuditEvent.objects.get()
    assert row.action == "moved"
    assert row.data == {
        "parent": ["Tỉnh đoàn Sông Thao", "Thị đoàn Cẩm Giang"],
        "path": [old, paths[cast.district.pk]],
    }


@pytest.mark.parametrize("below", ["district", "commune", "branch"])
def test_move_unit_refuses_a_cycle(cast: Cast, below: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.move_unit(unit=cast.district, parent=getattr(cast, below), by=cast.administrator)
    assert refusal.value.code == "cycle"
    assert log() == []


def test_move_unit_to_where_it_is_changes_nothing(cast: Cast) -> None:
    actions.move_unit(unit=cast.district, parent=cast.province, by=cast.administrator)
    assert Unit.objects.get(pk=cast.district.pk).path == cast.district.path
    assert log() == []


def test_a_secretary_loses_the_old_subtree_with_a_move(cast: Cast) -> None:
    actions.move_unit(unit=cast.commune, parent=cast.other_district, by=cast.administrator)
    assert not Unit.objects.visible_to(User.objects.get(pk=cast.secretary.pk)).filter(pk=cast.commune.pk).exists()
    assert Unit.objects.visible_to(User.objects.get(pk=cast.sibling_secretary.pk)).filter(pk=cast.commune.pk).exists()


def test_drop_record_refuses_a_unit_that_anything_refers_to(cast: Cast) -> None:
    for unit in (cast.commune, cast.branch):  # units below it; a post
        with pytest.raises(ValidationError) as refusal:
            actions.drop_record(record=unit, by=cast.administrator)
        assert refusal.value.code == "in_use"
    unused = actions.found_unit(parent=cast.district, by=None, name="Nhầm", code="NHAM", kind=cast.commune.kind)
    actions.drop_record(record=unused, by=cast.administrator)
    assert not Unit.objects.filter(code="NHAM").exists()
    assert log()[-1] == ("dropped", "Nhầm", cast.administrator.pk)


def test_drop_record_counts_lists_of_units_as_references(cast: Cast) -> None:
    unused = actions.found_unit(parent=cast.district, by=None, name="Phối hợp", code="PH", kind=cast.commune.kind)
    deadline = make_deadline(cast.commune, plan=make_published_plan(cast.province))
    deadline.solution.supporting_units.add(unused)
    with pytest.raises(ValidationError):
        actions.drop_record(record=unused, by=cast.administrator)


def test_save_record_masks_personal_data_in_the_log(cast: Cast) -> None:
    person = User.objects.get(pk=cast.secretary.pk)
    person.phone = "0901 234 567"
    actions.save_record(record=person, by=cast.administrator)
    assert AuditEvent.objects.get().data == {"phone": ["•", "•"]}


def test_the_last_administrator_can_not_be_made_inactive(cast: Cast) -> None:
    cast.administrator.is_active = False
    with pytest.raises(ValidationError) as refusal:
        actions.save_record(record=cast.administrator, by=cast.administrator)
    assert refusal.value.code == "last_administrator"
    assert User.objects.get(pk=cast.administrator.pk).is_active


def test_the_last_administrators_appointment_can_not_end(cast: Cast, today: dt.date) -> None:
    held = Appointment.objects.get(user=cast.administrator)
    for end in (today - dt.timedelta(1), today, today + dt.timedelta(300)):
        held.end = end
        with pytest.raises(ValidationError):
            actions.save_record(record=held, by=cast.administrator)
    with pytest.raises(ValidationError):
        actions.drop_record(record=held, by=cast.administrator)


def test_the_last_administrators_post_can_not_lose_its_role(cast: Cast) -> None:
    post = Post.objects.get(role=Role.ADMINISTRATOR)
    post.role = Role.READER
    with pytest.raises(ValidationError):
        actions.save_record(record=post, by=cast.administrator)


def test_with_a_second_administrator_the_first_may_go(cast: Cast, today: dt.date) -> None:
    second = make_officer(cast.province, Role.ADMINISTRATOR, username="quantri2")
    held = Appointment.objects.get(user=cast.administrator)
    held.end = today
    actions.save_record(record=held, by=second)
    cast.administrator.is_active = False
    actions.save_record(record=cast.administrator, by=second)
    assert not User.objects.get(pk=cast.administrator.pk).is_active


def test_an_administrator_of_a_district_can_not_reach_a_person_of_the_province(cast: Cast) -> None:
    local = make_officer(cast.district, Role.ADMINISTRATOR, username="quantrihuyen")
    with pytest.raises(Http404):
        actions.set_password(person=cast.office_staff, password=WORD, by=local)
    actions.set_password(person=cast.commune_secretary, password=WORD, by=local)
    AppointmentFactory(user=cast.commune_secretary, post=Post.objects.get(role=Role.OFFICE))
    with pytest.raises(Http404):
        actions.set_password(person=cast.commune_secretary, password=WORD, by=local)


def test_an_administrator_of_a_district_does_not_set_what_holds_for_all(cast: Cast) -> None:
    local = make_officer(cast.district, Role.ADMINISTRATOR, username="quantrihuyen")
    kind = UnitKindFactory(code="branch")
    with pytest.raises(Http404):
        actions.save_record(record=kind, by=local)


def test_set_password_never_shows_in_the_log(cast: Cast) -> None:
    actions.set_password(person=cast.secretary, password=WORD, by=cast.secretary)
    row = AuditEvent.objects.get()
    assert (row.action, row.data) == ("password_changed", {})
    assert list(broken_links()) == []


def test_an_administrator_of_a_part_does_not_stand_in_for_the_last_of_the_whole(cast: Cast) -> None:
    make_officer(cast.district, Role.ADMINISTRATOR, username="quantrihuyen")
    cast.administrator.is_active = False
    with pytest.raises(ValidationError) as refusal:
        actions.save_record(record=cast.administrator, by=cast.administrator)
    assert refusal.value.code == "last_administrator"
