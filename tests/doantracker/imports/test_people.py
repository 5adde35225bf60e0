"""People and their posts from a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404

from doantracker.imports.actions import Faulty
from doantracker.imports.kinds.people import PEOPLE
from doantracker.imports.kinds.posts import POSTS
from doantracker.imports.outcome import Outcome
from tests.cast import Cast
from tests.doantracker.imports.acts import counts, imported, tried, wrong
from units.models import Appointment, AuditEvent, Post, User
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today", "in_process")
PERSON = ["user name", "full name", "e-mail", "telephone", "active"]
POST = ["code of the unit", "title of the post", "role", "rank", "user name", "from", "until"]


def people(by: User, *rows: list[Any]) -> Outcome:
    return imported(PEOPLE, by, PERSON, *rows)


def posts(by: User, *rows: list[Any]) -> Outcome:
    return imported(POSTS, by, POST, *rows)


def appointed(user: User) -> list[tuple[str, str, dt.date, dt.date | None]]:
    rows = Appointment.objects.filter(user=user).select_related("post__unit").order_by("start")
    return [(row.post.unit.code, row.post.title, row.start, row.end) for row in rows]


# --- people ---


def test_people_are_added_and_corrected_by_their_user_name(cast: Cast) -> None:
    done = people(
        cast.administrator,
        ["MoiVe", "Nguyễn  Mới Về", "moi@example.vn", "0912345678", None],
        ["XA", "Bùi Thị Xã Mới", None, None, "Không"],
    )
    assert counts(done) == (1, 1, 0, 0)
    new = User.objects.get(username="moive")
    assert (new.full_name, new.email, new.phone, new.is_active) == (
        "Nguyễn Mới Về",
        "moi@example.vn",
        "0912345678",
        True,
    )
    assert not new.has_usable_password()
    changed = User.objects.get(pk=cast.commune_secretary.pk)
    assert (changed.full_name, changed.is_active) == ("Bùi Thị Xã Mới", False)
    assert changed.email == cast.commune_secretary.email
    log = AuditEvent.objects.get(object_type="user", object_id=new.pk)
    assert log.data["phone"] == ["•", "•"]


def test_the_same_people_twice_change_nothing(cast: Cast) -> None:
    rows = (["moive", "Nguyễn Mới Về", "moi@example.vn", "0912345678", "Có"],)
    people(cast.administrator, *rows)
    assert counts(people(cast.administrator, *rows)) == (0, 0, 1, 0)


def test_whom_the_administrator_does_not_set_up_is_only_a_taken_name(cast: Cast) -> None:
    outcome = tried(
        PEOPLE, cast.administrator, PERSON,
        ["ngoai", "Tên khác", None, None, None],
        ["moive", "Nguyễn Mới Về", "không phải", None, None],
        ["moive", "Nguyễn Mới Về", None, None, None],
    )  # fmt: skip
    assert wrong(outcome) == [
        (2, "User name", "This user name is taken."),
        (3, "E-mail", "This is no e-mail address."),
        (4, "User name", "This person stands twice."),
    ]
    assert cast.outsider.full_name not in str(outcome.findings)


@pytest.mark.parametrize(
    ("row", "column", "said", "cure"),
    [
        (["Trần B", "Trần B"], "User name", "A user name holds no spaces and no marks.", "such as tran.b."),
        (["tb", "Trần B", None, 901234567], "Telephone", "Excel dropped the leading 0.", "Format the cells as text"),
        (["tb", "Trần B", None, "901 234 567"], "Telephone", "Excel dropped the leading 0.", "type the number"),
        (["tb", "Trần B", None, "09x"], "Telephone", "This is no telephone number.", "such as 0912345678."),
        (["tb", "Trần B", "tb@"], "E-mail", "This is no e-mail address.", "or empty the cell."),
    ],
)
def test_data_nobody_can_use_is_refused_with_its_cure(
    cast: Cast, row: list[Any], column: str, said: str, cure: str
) -> None:
    (found,) = tried(PEOPLE, cast.administrator, PERSON, row).findings
    assert (found.column, found.wrong) == (column, said)
    assert cure in found.cure


@pytest.mark.parametrize("number", ["0912345678", "0912 345 678", "0271.3822111", "+84 912 345 678", "02713822111"])
def test_telephone_numbers_stay_as_they_are_written(cast: Cast, number: str) -> None:
    people(cast.administrator, ["tb", "Trần B", None, number])
    assert User.objects.get(username="tb").phone == number


def test_no_finding_lacks_a_cure(cast: Cast) -> None:
    outcome = tried(PEOPLE, cast.administrator, PERSON, ["tb", "Trần\u202eB", None, None], ["t" * 60, "a" * 121])
    assert outcome.findings
    assert all(finding.cure for finding in outcome.findings)


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(Faulty) as refusal:
        people(
            cast.administrator,
            ["moive", "Nguyễn Mới Về", None, None, None],
            ["quantri", "Đỗ Quản Trị", None, None, "Không"],
        )
    assert [(f.row, f.wrong.split(".")[0]) for f in refusal.value.outcome.findings] == [
        (3, "No administrator would be left")
    ]
    assert not User.objects.filter(username="moive").exists()


# --- posts ---


def test_a_post_is_made_and_its_holder_appointed(cast: Cast) -> None:
    done = posts(
        cast.administrator,
        ["ST-BM-AH", "Phó Bí thư", "Unit secretary", 20, "docgia", "01/03/2026", None],
        ["ST-BM-AH", "Phó Bí thư", None, None, "chidoan", "01/02/2026", "31/12/2026"],
        ["ST-CG", "Ủy viên", None, None, None, None, None],
    )
    assert counts(done) == (3, 0, 0, 0)
    post = Post.objects.get(unit=cast.commune, title="Phó Bí thư")
    assert (post.role, post.rank) == (Role.SECRETARY, 20)
    assert ("ST-BM-AH", "Phó Bí thư", dt.date(2026, 3, 1), None) in appointed(cast.reader)
    assert ("ST-BM-AH", "Phó Bí thư", dt.date(2026, 2, 1), dt.date(2026, 12, 31)) in appointed(cast.branch_secretary)
    assert Post.objects.get(unit=cast.other_district, title="Ủy viên").role == Role.READER


def test_the_same_posts_twice_change_nothing(cast: Cast) -> None:
    rows = (["ST-BM-AH", "Phó Bí thư", "secretary", 20, "docgia", "01/03/2026", None],)
    posts(cast.administrator, *rows)
    assert counts(posts(cast.administrator, *rows)) == (0, 0, 1, 0)


def test_an_appointment_in_force_is_ended_without_naming_its_first_day(cast: Cast) -> None:
    title = Post.objects.get(unit=cast.commune).title
    done = posts(cast.administrator, ["ST-BM-AH", title, None, None, "xa", None, "31/03/2026"])
    assert [(d.label, d.before, d.after) for d in done.changes[0].differences] == [("Until", "", "31/03/2026")]
    assert appointed(cast.commune_secretary) == [("ST-BM-AH", title, dt.date(2020, 1, 1), dt.date(2026, 3, 31))]


def test_what_is_wrong_with_posts_is_told(cast: Cast) -> None:
    title = Post.objects.get(unit=cast.commune).title
    outcome = tried(
        POSTS, cast.administrator, POST,
        ["HV", "Bí thư", None, None, None, None, None],
        ["ST-CG", "Ủy viên", None, None, "ngoai", "01/03/2026", None],
        ["ST-CG", "Ủy viên", None, None, "docgia", None, None],
        ["ST-CG", "Ủy viên", None, None, "docgia", "02/03/2026", "01/03/2026"],
        ["ST-BM-AH", title, None, None, "xa", "01/03/2026", None],
        ["ST-BM-AH", title, None, None, "xa", "01/03/2026", None],
        ["ST-CG", "Ủy viên", "reader", None, "xa", "01/03/2026", None],
        ["ST-CG", "Ủy viên", "leader", None, "bithu", "01/03/2026", None],
    )  # fmt: skip
    assert wrong(outcome) == [
        (2, "Code of the unit", "No unit has this code."),
        (3, "User name", "Nobody you set up has this user name."),
        (4, "From", "An appointment needs its first day."),
        (5, "Until", "The last day lies before the first."),
        (6, "From", "The person holds this post on these days already."),
        (7, "Title of the post", "This row stands twice."),
        (9, "Role", "Row 8 says something else of this post."),
    ]


def test_all_that_can_be_checked_of_posts_is_told_in_one_round(cast: Cast) -> None:
    outcome = tried(
        POSTS, cast.administrator, POST,
        ["KHONG-CO", "Ủy viên", "thần", None, "aido", "02/03/2026", "01/03/2026"],
        ["ST-CG", None, None, None, "aido", "02/03/2026", "01/03/2026"],
    )  # fmt: skip
    assert sorted(wrong(outcome)) == [
        (2, "Code of the unit", "No unit has this code."),
        (2, "Role", "This is not in the list."),
        (2, "Until", "The last day lies before the first."),
        (2, "User name", "Nobody you set up has this user name."),
        (3, "Title of the post", "This cell is empty."),
        (3, "Until", "The last day lies before the first."),
        (3, "User name", "Nobody you set up has this user name."),
    ]


def test_a_template_of_another_kind_is_named(cast: Cast) -> None:
    outcome = tried(PEOPLE, cast.administrator, POST, ["ST-CG", "Ủy viên", "reader", 10, "xa", "01/03/2026", None])
    assert [(f.row, f.wrong) for f in outcome.findings] == [
        (0, "This is the template of “Posts and appointments”."),
    ]


@pytest.mark.parametrize("kind", [PEOPLE, POSTS])
@pytest.mark.parametrize("who", ["office_staff", "secretary", "leader"])
def test_who_sets_up_nobody_imports_nobody(cast: Cast, kind: Any, who: str) -> None:
    with pytest.raises(Http404):
        tried(kind, getattr(cast, who), PERSON, ["moive", "Nguyễn Mới Về", None, None, None])


@pytest.mark.parametrize("size", [1, 40])
def test_checking_asks_the_same_number_of_questions_for_many_people(
    cast: Cast, size: int, django_assert_num_queries: Any
) -> None:
    rows = [[f"nguoi{n}", f"Nguyễn Văn {n}", None, None, None] for n in range(size)]
    with django_assert_num_queries(4):
        assert tried(PEOPLE, cast.administrator, PERSON, *rows).new == size


@pytest.mark.parametrize("size", [1, 40])
def test_checking_asks_the_same_number_of_questions_for_many_posts(
    cast: Cast, size: int, django_assert_num_queries: Any
) -> None:
    rows = [["ST-BM-AH", f"Ủy viên {n}", None, None, "docgia", "01/03/2026", None] for n in range(size)]
    with django_assert_num_queries(6):
        assert tried(POSTS, cast.administrator, POST, *rows).new == size


def test_importing_takes_few_statements_for_many_people(cast: Cast, django_assert_max_num_queries: Any) -> None:
    size = 20
    rows = [[f"nguoi{n}", f"Nguyễn Văn {n}", None, None, None] for n in range(size)]
    with django_assert_max_num_queries(20):
        assert people(cast.administrator, *rows).new == size
    renamed = [[name, f"Trần Thị {n}", None, None, None] for n, (name, *_rest) in enumerate(rows)]
    with django_assert_max_num_queries(20):
        assert people(cast.administrator, *renamed).changed == size
    assert User.objects.get(username="nguoi0").search == "tran thi 0 nguoi0"


def test_importing_takes_few_statements_for_many_posts(cast: Cast, django_assert_max_num_queries: Any) -> None:
    size = 20
    rows = [["ST-BM-AH", f"Ủy viên {n}", None, 30, "docgia", "01/03/2026", None] for n in range(size)]
    with django_assert_max_num_queries(28):
        assert posts(cast.administrator, *rows).new == size
    ended = [[unit, title, None, 40, who, None, "31/12/2026"] for unit, title, _role, _rank, who, *_rest in rows]
    with django_assert_max_num_queries(28):
        assert posts(cast.administrator, *ended).changed == size
    assert Post.objects.filter(unit=cast.commune, rank=40, appointments__end=dt.date(2026, 12, 31)).count() == size


def test_a_word_empties_what_stands_there(cast: Cast) -> None:
    people(cast.administrator, ["docgia", cast.reader.full_name, "docgia@example.vn", "0912345678", None])
    cleared = people(cast.administrator, ["docgia", cast.reader.full_name, "(xóa)", "(clear)", None])
    assert [(d.before, d.after) for d in cleared.changes[0].differences] == [
        ("docgia@example.vn", ""),
        ("0912345678", ""),
    ]
    cast.reader.refresh_from_db()
    assert (cast.reader.email, cast.reader.phone) == ("", "")
    title = Post.objects.get(unit=cast.commune).title
    posts(cast.administrator, ["ST-BM-AH", title, None, None, "xa", None, "31/03/2026"])
    posts(cast.administrator, ["ST-BM-AH", title, None, None, "xa", None, "(xóa)"])
    assert appointed(cast.commune_secretary) == [("ST-BM-AH", title, dt.date(2020, 1, 1), None)]
