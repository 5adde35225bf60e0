"""The people of the demo province: one login of each role, and an officer for every unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

from django.contrib.auth.hashers import make_password

from units.actions import save_record
from units.models import Appointment, Oversight, Post, Unit, User
from units.roles import Role

#: Known to everybody who reads this line: `seed_demo` never uses it in production.
DEMO_PASSWORD: Final = "lam-giang-2026"  # noqa: S105  # the public password of an invented province

FAMILY: Final = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Mai|Tô|Đinh|Trịnh"
WOMEN: Final = (
    "Thị|Ngọc|Thu|Minh|Thanh|Kim|Bích|Diệu",
    "An|Bình|Châu|Duyên|Giang|Hà|Hằng|Hiền|Hoa|Hương|Lan|Linh|Loan|Mai|Nga|Ngân|Oanh|Quyên|Thảo|Trang",
)
MEN: Final = (
    "Văn|Quốc|Minh|Hữu|Đức|Thanh|Công|Xuân",
    "Bảo|Cường|Dũng|Đạt|Hải|Hậu|Hiếu|Hùng|Khoa|Lâm|Long|Nam|Nghĩa|Phúc|Quân|Sơn|Tài|Thắng|Trung|Việt",
)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody to log in as: posts are (unit code, title, role, rank)."""

    username: str
    full_name: str
    posts: tuple[tuple[str, str, Role, int], ...]

    @property
    def role(self) -> Role:
        """Return the role this login shows."""
        return self.posts[0][2]

    @property
    def home(self) -> str:
        """Return the code of the unit this login works for."""
        return self.posts[0][0]


#: Department heads sit in the standing committee; that gives them no right over what others owe.
MEMBER: Final = "Ủy viên Ban Thường vụ"

#: One person of each role; three secretaries, because every level sees something else. The order is that of printing.
LOGINS: Final = (
    Login("quantri", "Đỗ Minh Quân", (("LG", "Quản trị hệ thống", Role.ADMINISTRATOR, 90),)),
    Login(
        "vanphong",
        "Lê Thị Thu Vân",
        (
            ("LG", "Cán bộ tổng hợp Văn phòng", Role.OFFICE, 60),
            ("LG-VP", "Chánh Văn phòng", Role.DEPARTMENT, 10),
            ("LG", MEMBER, Role.READER, 30),
        ),
    ),
    Login("lanhdao", "Trần Quốc Hưng", (("LG", "Phó Bí thư Thường trực", Role.LEADER, 20),)),
    Login(
        "ban",
        "Võ Thanh Tùng",
        (("LG-PT", "Trưởng ban", Role.DEPARTMENT, 10), ("LG", MEMBER, Role.READER, 30)),
    ),
    Login("bithu", "Ngô Hữu Thịnh", (("LG-SB", "Bí thư", Role.SECRETARY, 10),)),
    Login("xa", "Bùi Ngọc Diễm", (("LG-SB-AH", "Bí thư", Role.SECRETARY, 10),)),
    Login("chidoan", "Mai Công Vinh", (("LG-SB-AH-1", "Bí thư", Role.SECRETARY, 10),)),
    Login("docgia", "Lý Bích Đào", (("LG", "Ủy viên Ban Chấp hành", Role.READER, 70),)),
)

#: People without a login who act in the past of the demo. Nobody confirms what they reported, so offices have two.
OTHERS: Final = (
    Login("", "Phạm Xuân Lộc", (("LG", "Bí thư", Role.LEADER, 10),)),
    Login(
        "",
        "Hoàng Kim Yến",
        (
            ("LG", "Chuyên viên tổng hợp Văn phòng", Role.OFFICE, 61),
            ("LG-VP", "Phó Chánh Văn phòng", Role.DEPARTMENT, 20),
        ),
    ),
    Login("", "Đặng Thị Minh Thư", (("LG-SB", "Phó Bí thư", Role.SECRETARY, 20),)),
    Login("", "Trịnh Văn Bảo", (("LG", MEMBER, Role.READER, 40),)),
)

HEADS: Final = {
    "department": ("Trưởng ban", Role.DEPARTMENT),
    "service": ("Giám đốc", Role.DEPARTMENT),
}
PART_TIME: Final = frozenset({"branch", "grassroots", "grassroots_branch"})
SIGNING: Final = frozenset(
    {"Bí thư", "Phó Bí thư", "Phó Bí thư Thường trực", "Chánh Văn phòng", "Trưởng ban", "Giám đốc"}
)


def make_people(units: dict[str, Unit], rng: Random, *, since: dt.date, password: str) -> dict[str, User]:
    """Appoint everybody from `since` and return the logins by user name."""
    hashed = make_password(password)  # once: hashing is slow by design, and the password is no secret
    logins = {login.username: _appoint(login, units, since, hashed) for login in LOGINS}
    for other in OTHERS:
        _appoint(other, units, since)
    taken = {person.full_name for person in (*LOGINS, *OTHERS)}
    names = names_from(rng, taken)
    headed = {code for person in (*LOGINS, *OTHERS) for code, _title, _role, rank in person.posts if rank == 10}  # noqa: PLR2004  # 10 is the head, see Post.rank
    for unit in units.values():
        if unit.code not in headed:
            title, role = HEADS.get(unit.kind.code, ("Bí thư", Role.SECRETARY))
            _appoint(Login("", next(names), ((str(unit.code), title, role, 10),)), units, since)
    _oversee(logins["lanhdao"], [units["LG-SB"], units["LG-TT"]], "Công tác tổ chức xây dựng Đoàn", since)
    _oversee(User.objects.get(full_name=OTHERS[0].full_name), [units["LG-BL"]], "Công tác tuyên giáo", since)
    return logins


def names_from(rng: Random, taken: set[str]) -> Iterator[str]:
    """Yield invented full names, none twice; with a number once all combinations are used up."""
    names = [
        " ".join(parts)
        for middle, given in (WOMEN, MEN)
        for parts in product(*(p.split("|") for p in (FAMILY, middle, given)))
    ]
    names = sorted(set(names) - taken)
    rng.shuffle(names)
    yield from names
    number = 2
    while True:
        yield from (f"{name} {number}" for name in names)
        number += 1


def _appoint(person: Login, units: dict[str, Unit], since: dt.date, hashed: str = "") -> User:
    user = User(username=person.username or None, full_name=person.full_name)
    if person.username:
        user.email, user.password = f"{person.username}@lamgiang.example", hashed
    else:
        user.set_unusable_password()
    save_record(record=user, by=None)
    for code, title, role, rank in person.posts:
        post = Post.objects.filter(unit=units[code], title=title).first() or Post(
            unit=units[code], title=title, role=role, rank=rank, signs=title in SIGNING
        )
        post.body = _body(title, role, units[code])
        save_record(record=post, by=None)
        full_time = units[code].kind.code not in PART_TIME
        save_record(record=Appointment(user=user, post=post, start=since, full_time=full_time), by=None)
    return user


def _body(title: str, role: Role, unit: Unit) -> str:
    """Return the body a post belongs to; a branch has an executive committee only.

    Those who lead the province are its permanent members.
    """
    if role == Role.LEADER:
        return Post.Body.PERMANENT_MEMBERS
    if title == MEMBER:
        return Post.Body.STANDING_COMMITTEE
    if role == Role.DEPARTMENT:
        return Post.Body.OFFICE
    if role != Role.SECRETARY:
        return ""
    return Post.Body.EXECUTIVE_COMMITTEE if unit.kind.code in PART_TIME else Post.Body.STANDING_COMMITTEE


def _oversee(user: User, units: Sequence[Unit], field: str, since: dt.date) -> None:
    for unit in units:
        save_record(record=Oversight(user=user, unit=unit, start=since), by=None)
    save_record(record=Oversight(user=user, field=field, start=since), by=None)
