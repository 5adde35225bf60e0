"""Making the demo province: on any day of the year, as large as asked for, never by mistake."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.core.management import CommandError
from django.db import transaction

from doantracker.demo.people import DEMO_PASSWORD
from doantracker.demo.plans import SOURCES, Source
from doantracker.demo.territory import PROVINCE
from doantracker.demo.texts import fill, in_words
from plans.models import Deadline
from tests.conftest import TODAY
from tests.doantracker.demo import REPORTING, STATES, seed, states, story
from units.models import AuditEvent, Unit, User

REAL_PROVINCES = """
An Giang, Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định, Bình Phước,
Bình Thuận, Cà Mau, Cao Bằng, Cần Thơ, Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp, Gia Lai, Hà
Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, Hồ Chí Minh, Hưng Yên, Khánh Hòa,
Kiên Giang, Kon Tum, Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An, Nam Định, Nghệ An, Ninh Bình, Ninh Thuận,
Phú Thọ, Phú Yên, Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị, Sóc Trăng, Sơn La, Tây Ninh, Thái
Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế, Huế, Tiền Giang, Trà Vinh, Tuyên Quang, Vĩnh Long, Vĩnh Phúc, Yên
Bái, Hà Tây, Sông Bé, Minh Hải, Cửu Long, Nghệ Tĩnh, Hà Nam Ninh, Hoàng Liên Sơn, Bắc Thái, Vĩnh Phú, Hà Bắc,
Hải Hưng, Thái Ninh, Bình Trị Thiên, Nghĩa Bình, Phú Khánh, Thuận Hải
"""


@pytest.mark.parametrize("day", [dt.date(2026, 1, 1), dt.date(2024, 2, 29)])
def test_on_the_first_day_of_a_year_and_in_a_leap_year_nothing_is_missing(db: None, day: dt.date) -> None:
    seed(today=day)

    assert_nothing_is_missing(day)


def test_on_the_last_day_of_a_year_nothing_is_missing_and_the_same_seed_makes_the_same_again(db: None) -> None:
    made = []
    for _time in range(2):
        with transaction.atomic():
            seed(today=dt.date(2025, 12, 31))
            assert_nothing_is_missing(dt.date(2025, 12, 31))
            made.append((story(), sorted(User.objects.values_list("full_name", flat=True))))
            transaction.set_rollback(True)

    assert made[0] == made[1]


def assert_nothing_is_missing(day: dt.date) -> None:
    """Every login that reports finds every state, and nothing was done on the day itself."""
    for username in REPORTING:
        user = User.objects.get(username=username)
        assert states(Deadline.objects.owed_by_units_of(user), day) >= STATES, username
    assert not AuditEvent.objects.filter(at__date__gte=day).exclude(action="checked").exists()


def test_in_production_it_refuses(db: None, settings: LazySettings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        seed()

    assert not Unit.objects.exists()


def test_forced_in_production_the_known_password_opens_nothing_and_it_grows_as_asked(
    db: None, settings: LazySettings
) -> None:
    settings.PRODUCTION = True
    printed = seed(force=True, today=TODAY, seed=2, units=80, deadlines=1500)

    assert DEMO_PASSWORD not in printed
    assert not any(u.check_password(DEMO_PASSWORD) for u in User.objects.exclude(username=None))
    assert (Unit.objects.count(), Deadline.objects.count()) == (80, 1500)
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert not Deadline.objects.filter(reported_on__gt=TODAY).exists()


def test_no_real_province_bears_the_name_of_the_demo() -> None:
    real = [" ".join(name.split()) for name in REAL_PROVINCES.split(",")]

    assert len(real) >= 63
    assert PROVINCE.name.removeprefix("Tỉnh đoàn ") not in real


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.text)
def test_every_mark_in_a_text_becomes_a_date(source: Source) -> None:
    text = fill(source.text, today=TODAY, issued_on=source.issued_on(TODAY))

    assert "{" not in text
    assert "}" not in text


def test_dates_are_written_as_the_union_writes_them() -> None:
    assert in_words(dt.date(2026, 2, 9)) == "ngày 09 tháng 02 năm 2026"
    assert in_words(dt.date(2026, 3, 9)) == "ngày 09 tháng 3 năm 2026"
