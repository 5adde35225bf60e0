"""The programme of several years, real text: the points that reading must fulfil."""

import datetime as dt

from tests.acceptance.reading_samples import real_plan


def test_point_01_four_targets_come_out() -> None:
    targets = [i for i in real_plan("002").indicators if 14 < real_plan("002").paragraphs[i.span.paragraph].line < 24]
    assert [(i.comparator, i.value, i.unit_of_measure[:1], i.frequency) for i in targets] == [
        (">=", 1.0, "l", "year"),
        ("=", 100.0, "%", "none"),
        ("=", 100.0, "%", "none"),
        ("=", 100.0, "%", "none"),
    ]
    assert targets[-1].due == dt.date(2022, 12, 31)


def test_point_02_both_conditions_stay_in_the_words_of_the_target() -> None:
    (target,) = [i for i in real_plan("002").indicators if i.text.startswith("100% Bí thư")]
    assert "Đại học" in target.text
    assert "trung cấp" in target.text


def test_point_03_two_sections_with_the_same_number_are_both_kept() -> None:
    headings = [p.text for p in real_plan("002").paragraphs if p.marker == "III."]
    assert headings == ["GIẢI PHÁP THỰC HIỆN", "TỔ CHỨC THỰC HIỆN"]


def test_point_04_thirty_solutions_with_and_without_bullets() -> None:
    assert len(real_plan("002").solutions) == 30


def test_point_05_headings_say_which_level_acts() -> None:
    plan = real_plan("002")
    by_line = {plan.paragraphs[s.span.paragraph].line: s.level for s in plan.solutions}
    assert {by_line[line] for line in (48, 49, 50, 52, 53, 61, 63, 65, 78, 79)} == {"grassroots"}
    assert {by_line[line] for line in (55, 56, 69, 70, 72, 82)} == {"branch"}


def test_point_09_month_is_a_deadline_and_a_cited_date_is_not() -> None:
    due = [s.due for s in real_plan("002").schedules if s.due]
    assert dt.date(2020, 7, 31) in due
    assert dt.date(2019, 3, 5) not in due


def test_point_11_a_plan_without_number_date_and_signer_is_read() -> None:
    header = real_plan("002").header
    assert (header.symbol, header.issued_on, header.signer_name) == (None, None, None)


def test_point_12_decomposed_letters_are_recognised() -> None:
    assert real_plan("002").header.signer_title == "PHÓ BÍ THƯ"
