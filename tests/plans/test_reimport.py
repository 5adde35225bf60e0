"""What an edited document changes, as a table of cases: three readings in, differences out. No database."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from plans.reimport.comparison import Change, Choice, Comparison, Item, Links, People, State, compare, place_of
from plans.reimport.matching import (
    Ref,
    Row,
    merged_order,
    out_of_order,
    pair_alike,
    pair_neighbours,
    paragraphs_kept,
    word_runs,
)

FIRST = "Họp giao ban vào sáng thứ hai với các đơn vị ở xa"
SECOND = "Tập huấn cán bộ mới nhận việc tại nhà văn hóa tỉnh"
THIRD = "Rà soát sổ sách của mười chi đoàn chậm nhất"
APRIL, MAY = ("by_date", None, dt.date(2026, 4, 30)), ("by_date", None, dt.date(2026, 5, 15))


def solution(key: int, text: str, **values: Any) -> Row:
    """Return a solution; `paragraph` is where it stands, by default the one of its key."""
    paragraph = values.pop("paragraph", key % 100)
    links = {"group": values.pop("group", frozenset()), "shortcomings": values.pop("shortcomings", frozenset())}
    facts = {"text": text, "level": "", "lead_unit": None, "supporting_units": frozenset(), **values}
    return Row("solution", key, text, facts, (paragraph, 0, len(text)), None, links)


def schedule(key: int, within: int, phrase: str, time: Any = APRIL, **values: Any) -> Row:
    """Return a commitment of the solution `within`."""
    place = values.pop("place", (within % 100, 5, 5 + len(phrase)) if phrase else None)
    facts = {"phrase": phrase, "time": time, "owner_units": frozenset(), **values}
    return Row("schedule", key, phrase, facts, place, within)


def reference(key: int, symbol: str) -> Row:
    return Row("reference", key, symbol, {"symbol": symbol, "title": ""}, (0, key % 100, key % 100 + 1))


def head(value: str) -> Row:
    return Row("header", 1, "title", {"title": value})


def touched(*refs: Ref) -> People:
    return People(touched=frozenset(refs))


def of(
    base: list[Row] | None, stored: list[Row], new: list[Row], people: People | None = None
) -> tuple[list[Item], tuple[int, int, int, int]]:
    """Return the differences, and how many are unchanged, moved, dropped and added."""
    found = compare(base, stored, new, people or People())
    return found.items, (found.unchanged, found.moved, found.dropped, found.added)


# --- one record ---


LATER = "Họp giao ban vào sáng thứ ba với các đơn vị ở xa"
MINE = "Họp giao ban vào sáng thứ hai, có mặt đơn vị ở xa"


@pytest.mark.parametrize(
    ("was", "stands", "new", "hands", "change", "default"),
    [
        # the office left it alone: whatever people set stays, without a question
        (FIRST, FIRST, FIRST, 0, None, None),
        (FIRST, MINE, FIRST, 1, None, None),
        # the office changed the words
        (FIRST, FIRST, LATER, 0, Change("text", FIRST, LATER), Choice.NEW),
        (FIRST, FIRST, LATER, 1, Change("text", FIRST, LATER), Choice.NEW),  # accepted: nothing would be lost
        (FIRST, MINE, LATER, 1, Change("text", MINE, LATER, clash=True), Choice.MINE),
        # the office did what a person had done already
        (FIRST, LATER, LATER, 1, None, None),
        # nobody touched it, so an earlier reader read it otherwise
        (FIRST, MINE, FIRST, 0, Change("text", MINE, FIRST), Choice.NEW),
        # breaks of lines are no words
        (FIRST, FIRST, FIRST.replace("vào ", "vào\n"), 0, None, None),
    ],
)
def test_the_words_of_a_record(
    was: str, stands: str, new: str, hands: int, change: Change | None, default: Choice | None
) -> None:
    people = touched(("solution", 11)) if hands else People()
    items, counts = of([solution(1, was)], [solution(11, stands, paragraph=1)], [solution(1, new)], people)
    if change is None:
        assert (items, counts) == ([], (1, 0, 0, 0))
    else:
        assert items == [Item(State.CHANGED, "solution", 11, 1, (change,), bool(hands))]
        assert (items[0].default, counts) == (default, (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("was", "stands", "new", "change", "default"),
    [
        (5, 5, 7, Change("lead_unit", 5, 7), Choice.NEW),
        (5, 6, 7, Change("lead_unit", 6, 7, clash=True), Choice.MINE),
        (5, 6, 5, None, None),
        (None, 6, None, None, None),
        (5, None, 7, Change("lead_unit", None, 7, clash=True), Choice.MINE),  # a person took the lead away
        (5, 5, None, Change("lead_unit", 5, None), Choice.NEW),
    ],
)
def test_the_lead_of_a_record_somebody_edited(
    was: int | None, stands: int | None, new: int | None, change: Change | None, default: Choice | None
) -> None:
    items, _counts = of(
        [solution(1, FIRST, lead_unit=was)],
        [solution(11, FIRST, lead_unit=stands, paragraph=1)],
        [solution(1, FIRST, lead_unit=new)],
        touched(("solution", 11)),
    )
    assert [(i.changes, i.default) for i in items] == ([((change,), default)] if change else [])


def test_units_a_person_added_stay_beside_those_that_come_and_go() -> None:
    items, _counts = of(
        [solution(1, FIRST, supporting_units=frozenset({1, 2}))],
        [solution(11, FIRST, supporting_units=frozenset({1, 2, 9}), paragraph=1)],
        [solution(1, FIRST, supporting_units=frozenset({2, 3}))],
        touched(("solution", 11)),
    )
    assert items[0].changes == (Change("supporting_units", frozenset({1, 2, 9}), frozenset({2, 3, 9})),)
    assert items[0].default == Choice.NEW


def test_a_new_day_is_a_changed_commitment_of_an_unchanged_solution() -> None:
    items, counts = of(
        [solution(1, FIRST), schedule(1, 1, "trước 30/4")],
        [solution(11, FIRST, paragraph=1), schedule(21, 11, "trước 30/4", place=(1, 5, 15))],
        [solution(1, FIRST), schedule(1, 1, "đến giữa tháng năm", MAY)],
    )
    changes = (Change("phrase", "trước 30/4", "đến giữa tháng năm"), Change("time", APRIL, MAY))
    assert items == [Item(State.CHANGED, "schedule", 21, 1, changes)]
    assert counts == (1, 0, 0, 0)


def test_a_day_where_none_was_named_fills_what_was_entered_instead() -> None:
    ongoing = ("ongoing", None, None)
    items, _counts = of(
        [solution(1, FIRST), schedule(1, 1, "", ongoing)],
        [solution(11, FIRST, paragraph=1), schedule(21, 11, "", ongoing)],
        [solution(1, FIRST), schedule(1, 1, "trước 30/4")],
    )
    changes = (Change("phrase", "", "trước 30/4"), Change("time", ongoing, APRIL))
    assert items == [Item(State.CHANGED, "schedule", 21, 1, changes)]


def test_a_day_a_person_gave_where_none_was_named_stays() -> None:
    ongoing = ("ongoing", None, None)
    items, counts = of(
        [solution(1, FIRST), schedule(1, 1, "", ongoing)],
        [solution(11, FIRST, paragraph=1), schedule(21, 11, "", MAY)],
        [solution(1, FIRST), schedule(1, 1, "", ongoing)],
        touched(("schedule", 21)),
    )
    assert (items, counts) == ([], (2, 0, 0, 0))


def test_a_fact_of_the_head_is_a_difference_of_its_own() -> None:
    items, counts = of([head("Kế hoạch A")], [head("Kế hoạch A")], [head("Kế hoạch B")])
    assert items == [Item(State.CHANGED, "header", 1, 1, (Change("title", "Kế hoạch A", "Kế hoạch B"),))]
    assert counts == (0, 0, 0, 0)


# --- records that come and go ---


def test_new_and_gone() -> None:
    items, counts = of(
        [solution(1, FIRST), schedule(1, 1, "trước 30/4"), solution(2, SECOND)],
        [solution(11, FIRST, paragraph=1), schedule(21, 11, "trước 30/4"), solution(12, SECOND, paragraph=2)],
        [solution(1, SECOND), solution(2, THIRD), schedule(1, 2, "trước 15/5", MAY)],
    )
    assert items == [Item(State.NEW, "solution", None, 2), Item(State.GONE, "solution", 11)]  # with their commitments
    assert [i.default for i in items] == [Choice.NEW, Choice.NEW]
    assert [i.id for i in items] == ["solution-new-2", "solution-gone-11"]
    assert counts == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "people",
    [touched(("solution", 11)), touched(("schedule", 21)), People(added=frozenset({("schedule", 21)}))],
)
def test_what_a_person_worked_on_is_not_removed_by_itself(people: People) -> None:
    stored = [solution(11, FIRST, paragraph=1), schedule(21, 11, "trước 30/4", place=(1, 5, 15))]
    base = [solution(1, FIRST), schedule(1, 1, "trước 30/4")]
    items, _counts = of(base, stored, [], people)
    assert [(i.id, i.default) for i in items] == [("solution-gone-11", Choice.MINE)]


@pytest.mark.parametrize("new", [SECOND, SECOND.replace("tỉnh", "huyện")])
def test_what_a_person_dropped_stays_dropped(new: str) -> None:
    people = People(dropped=frozenset({("solution", SECOND.casefold())}))
    items, counts = of(
        [solution(1, FIRST), solution(2, SECOND), schedule(1, 2, "trước 30/4")],
        [solution(11, FIRST, paragraph=1)],
        [solution(1, FIRST), solution(2, new), schedule(1, 2, "trước 15/5", MAY)],
        people,
    )
    assert (items, counts) == ([], (1, 0, 1, 0))


def test_what_an_earlier_reader_overlooked_is_new_not_dropped() -> None:
    items, counts = of([solution(1, FIRST)], [], [solution(1, FIRST)])
    assert (items, counts) == ([Item(State.NEW, "solution", None, 1)], (0, 0, 0, 0))


def test_what_a_person_added_stays() -> None:
    people = People(added=frozenset({("solution", 12)}))
    items, counts = of([solution(1, FIRST)], [solution(11, FIRST, paragraph=1), solution(12, THIRD)], [], people)
    assert ([i.id for i in items], counts) == (["solution-gone-11"], (0, 0, 0, 1))


def test_what_a_person_added_is_not_added_twice() -> None:
    people = People(touched=frozenset({("solution", 12)}), added=frozenset({("solution", 12)}))
    stored = [solution(11, FIRST, paragraph=1), solution(12, THIRD, lead_unit=4)]
    same = of([solution(1, FIRST)], stored, [solution(1, FIRST), solution(2, THIRD)], people)
    assert same == ([], (2, 0, 0, 0))
    other = of([solution(1, FIRST)], stored, [solution(1, FIRST), solution(2, THIRD, lead_unit=5)], people)
    assert other[0] == [Item(State.CHANGED, "solution", 12, 2, (Change("lead_unit", 4, 5, clash=True),), touched=True)]
    assert other[0][0].default == Choice.MINE


def test_a_second_record_at_the_place_of_a_dropped_one_is_the_persons_own() -> None:
    people = People(added=frozenset({("solution", 12)}), dropped=frozenset({("solution", FIRST.casefold())}))
    items, counts = of([solution(1, FIRST)], [solution(12, THIRD, paragraph=1)], [solution(1, FIRST)], people)
    assert (items, counts) == ([], (0, 0, 1, 1))


# --- records a person cut or joined ---

WHOLE = f"{FIRST}. {SECOND}."
HALVES = [
    Row("solution", 11, f"{FIRST}.", solution(0, f"{FIRST}.").values, (1, 0, len(FIRST) + 1), None, {}),
    Row("solution", 12, f"{SECOND}.", solution(0, f"{SECOND}.").values, (1, len(FIRST) + 2, len(WHOLE)), None, {}),
]


def test_a_split_record_stays_split_while_its_words_stay() -> None:
    assert of([solution(1, WHOLE)], HALVES, [solution(1, WHOLE)], touched(("solution", 11))) == ([], (1, 0, 0, 1))


def test_a_split_record_whose_words_change_is_shown_and_kept() -> None:
    new = WHOLE.replace("thứ hai", "thứ ba")
    items, _counts = of([solution(1, WHOLE)], HALVES, [solution(1, new)], touched(("solution", 11)))
    assert items == [
        Item(State.CHANGED, "solution", 11, 1, (Change("text", f"{FIRST}.", new, clash=True),), touched=True)
    ]
    assert items[0].default == Choice.MINE


def test_halves_that_the_office_splits_too_are_unchanged() -> None:
    new = [solution(1, f"{FIRST}."), solution(2, f"{SECOND}.")]
    assert of([solution(1, WHOLE)], HALVES, new, touched(("solution", 11))) == ([], (2, 0, 0, 0))


def test_joined_records_stay_joined() -> None:
    joined = f"{FIRST} {SECOND}"
    people = People(touched=frozenset({("solution", 11)}), dropped=frozenset({("solution", SECOND.casefold())}))
    base = [solution(1, FIRST), solution(2, SECOND), schedule(1, 2, "trước 30/4")]
    stored = [solution(11, joined, paragraph=1), schedule(21, 11, "trước 30/4", place=(2, 5, 15))]
    assert of(base, stored, base, people) == ([], (2, 0, 1, 0))


# --- order, groups, links ---


def test_a_record_that_stands_elsewhere_only_moved() -> None:
    base = [solution(1, FIRST), solution(2, SECOND), solution(3, THIRD)]
    stored = [solution(11, FIRST, paragraph=1), solution(12, SECOND, paragraph=2), solution(13, THIRD, paragraph=3)]
    assert of(base, stored, [solution(1, THIRD), solution(2, FIRST), solution(3, SECOND)]) == ([], (3, 1, 0, 0))


def group(key: int, title: str) -> Row:
    return Row("group", key, title, {"title": title, "lead_unit": None}, (key % 100 + 50, 0, 9))


def in_group(key: int) -> dict[str, Any]:
    return {"group": frozenset({("group", key)})}


def regrouped(stands: int, people: People | None = None) -> Comparison:
    titles = ["Công tác văn thư", "Phong trào thanh niên"]
    stored = [group(31, titles[0]), group(32, titles[1]), group(33, "Khác")]
    return compare(
        [group(1, titles[0]), group(2, titles[1]), solution(1, FIRST, **in_group(1))],
        [*stored, solution(11, FIRST, paragraph=1, **in_group(stands))],
        [group(1, titles[0]), group(2, titles[1]), solution(1, FIRST, **in_group(2))],
        people or People(added=frozenset({("group", 33)})),
    )


def test_a_solution_follows_into_another_group_without_a_question() -> None:
    found = regrouped(31)
    assert (found.items, found.moved) == ([], 1)
    assert found.links == {("solution", 11): {"group": Links(frozenset({("group", 32)}), frozenset())}}


def test_a_solution_a_person_put_into_a_group_stays_there() -> None:
    found = regrouped(33)
    assert (found.items, found.moved, found.links) == ([], 0, {})


def test_links_take_over_what_came_and_went() -> None:
    def points(*numbers: int) -> frozenset[Ref]:
        return frozenset(("shortcoming", n) for n in numbers)

    def shortcoming(key: int, text: str) -> Row:
        return Row("shortcoming", key, text, {"text": text}, (key % 100 + 70, 0, 9))

    words = ["Báo cáo muộn", "Hồ sơ thất lạc", "Sân chơi còn ít", "Thiếu cán bộ"]
    stands = solution(11, FIRST, paragraph=1, shortcomings=points(40, 41, 42))
    found = compare(
        [*(shortcoming(n, words[n]) for n in range(3)), solution(1, FIRST, shortcomings=points(0, 1))],
        [*(shortcoming(n + 40, words[n]) for n in range(3)), stands],
        [*(shortcoming(n, words[n]) for n in range(4)), solution(1, FIRST, shortcomings=points(1, 3))],
        People(),
    )
    after = Links(points(41, 42), points(3))
    assert found.links == {("solution", 11): {"shortcomings": after}}
    assert [i.id for i in found.items] == ["shortcoming-new-3"]


# --- without the document of before ---


def test_without_a_base_what_no_person_added_counts_as_read() -> None:
    people = People(added=frozenset({("solution", 12)}), dropped=frozenset({("solution", THIRD.casefold())}))
    stored = [solution(11, FIRST), solution(12, "Việc của riêng văn phòng")]
    items, counts = of(None, stored, [solution(1, LATER), solution(2, THIRD)], people)
    assert items == [Item(State.CHANGED, "solution", 11, 1, (Change("text", FIRST, LATER),))]
    assert counts == (0, 0, 1, 1)


def test_a_draft_made_by_hand_is_filled_not_overwritten() -> None:
    people = People(
        touched=frozenset({("solution", 11), ("schedule", 21)}), added=frozenset({("solution", 11), ("schedule", 21)})
    )
    items, counts = of(
        None,
        [head("Tên đã gõ"), solution(11, FIRST), schedule(21, 11, "", MAY)],
        [
            head("Tên trong văn bản"),
            solution(1, FIRST, lead_unit=5),
            schedule(1, 1, "trước 30/4"),
            solution(2, SECOND),
        ],
        people,
    )
    assert [(i.id, [(c.name, c.clash) for c in i.changes], i.default) for i in items] == [
        ("header-changed-1", [("title", True)], Choice.MINE),
        ("solution-changed-11", [("lead_unit", False)], Choice.NEW),
        ("solution-new-2", [], Choice.NEW),
        ("schedule-changed-21", [("phrase", False), ("time", True)], Choice.MINE),
    ]
    assert counts == (0, 0, 0, 0)


def test_references_with_the_same_number_are_paired_in_order() -> None:
    base, stored = [[reference(n, "12-KH/TU") for n in keys] for keys in ((1, 2), (51, 52))]
    items, counts = of(base, stored, [reference(1, "12-KH/TU")])
    assert ([i.id for i in items], counts) == (["reference-gone-52"], (1, 0, 0, 0))


# --- the digest ---


def test_the_digest_tells_what_was_shown() -> None:
    def digest(stands: str, new: str = LATER, people: People | None = None, *facts: str) -> str:
        stored = [solution(11, stands, paragraph=1, supporting_units=frozenset({3, 1, 2}))]
        base = [solution(1, FIRST, supporting_units=frozenset({1, 2, 3}))]
        return compare(base, stored, [solution(1, new)], people or People()).digest(*facts)

    assert digest(FIRST) == digest(FIRST)
    others = [
        digest(MINE),
        digest(FIRST, THIRD),
        digest(FIRST, LATER, touched(("solution", 11))),
        digest(FIRST, LATER, None, "x"),
    ]
    assert len({digest(FIRST), *others}) == 5


# --- matching ---


def none(row: Row) -> None:
    return None


def rows(*texts: str) -> list[Row]:
    return [solution(index, text) for index, text in enumerate(texts)]


def test_titles_alike_in_their_usual_words_are_not_the_same() -> None:
    usual = "Nhóm giải pháp về công tác"
    old = rows(*(f"{usual} {w}" for w in ("văn thư", "kiểm tra", "đối ngoại", "tài chính", "tổ chức")))
    new = rows(f"{usual} thi đua", f"{usual} kiểm tra giám sát")
    assert pair_alike(new, old, none) == {1: 1}


def test_what_stands_between_the_same_neighbours_is_the_same() -> None:
    usual = ["Họp tuần", "Họp tháng", "Họp quý", "Họp năm"]
    old, new = rows("A", usual[0], "B"), rows("A", usual[1], "B")
    assert pair_neighbours(new, old, {0: 0, 2: 2}, none) == {1: 1}
    assert pair_neighbours(rows("A", THIRD, "B"), old, {0: 0, 2: 2}, none) == {}


@pytest.mark.parametrize(
    ("keys", "moved"), [([], 0), ([1, 2, 3], 0), ([3, 1, 2], 1), ([2, 1, 4, 3], 2), ([3, 2, 1], 2)]
)
def test_how_many_have_to_move(keys: list[int], moved: int) -> None:
    assert out_of_order(keys) == moved


@pytest.mark.parametrize(
    ("stored", "fresh", "merged"),
    [
        ([1, 2, 3], [1, 2, 3], [1, 2, 3]),
        ([1, 9, 2], [2, 1], [2, 1, 9]),
        ([9, 1, 8, 7], [-1, 1, -2], [9, -1, 1, 8, 7, -2]),
        ([], [-1], [-1]),
        ([5], [], [5]),
    ],
)
def test_what_the_document_does_not_have_keeps_its_neighbour(
    stored: list[int], fresh: list[int], merged: list[int]
) -> None:
    assert merged_order(stored, fresh) == merged


def test_paragraphs_are_found_again() -> None:
    assert paragraphs_kept(["a", "b", "a", "c"], ["x", "a", "c", "a", "a"]) == {0: 1, 2: 3, 3: 2}


def test_words_that_differ() -> None:
    was, now = word_runs("nộp trước ngày 30 tháng tư", "nộp trước ngày 15 tháng năm")
    assert was == [("nộp trước ngày ", False), ("30 ", True), ("tháng ", False), ("tư", True)]
    assert now == [("nộp trước ngày ", False), ("15 ", True), ("tháng ", False), ("năm", True)]
    assert word_runs("", "mới") == ([], [("mới", True)])


@pytest.mark.parametrize(
    ("stored", "base", "new", "kept", "place"),
    [
        (solution(11, FIRST, paragraph=1), solution(1, FIRST), solution(4, FIRST), {}, (4, 0, len(FIRST))),
        (HALVES[1], solution(1, WHOLE), solution(4, WHOLE), {}, (4, len(FIRST) + 2, len(WHOLE))),
        (HALVES[0], solution(1, WHOLE), solution(4, THIRD), {}, (4, 0, len(THIRD))),
        (solution(12, THIRD, paragraph=2), None, None, {2: 7}, (7, 0, len(THIRD))),
        (solution(12, THIRD, paragraph=2), None, None, {}, None),
        (schedule(21, 11, ""), None, None, {}, None),
    ],
)
def test_where_the_words_stand_now(
    stored: Row, base: Row | None, new: Row | None, kept: dict[int, int], place: tuple[int, int, int] | None
) -> None:
    assert place_of(stored, base, new, kept) == place


def test_four_hundred_changed_records_take_no_second() -> None:
    words = [f"w{n}" for n in range(800)]

    def text(n: int, edit: str) -> str:
        return " ".join([*(words[(n * 7 + i * 3) % 800] for i in range(40)), "đoàn viên thanh niên các đơn vị", edit])

    base = [solution(n, text(n, "cũ")) for n in range(400)]
    stored = [Row("solution", r.key + 1000, r.text, r.values, r.place, None, r.links) for r in base]
    started = time.process_time()
    items, _counts = of(base, stored, [solution(n, text(n, "mới")) for n in range(400)])
    assert time.process_time() - started < 2
    assert [(i.stored, i.new) for i in items] == [(n + 1000, n) for n in range(400)]
