"""Tries the rules on a text, in their order, and keeps what does not repeat itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from plans.reading.drafts import ScheduleKind
from plans.reading.phrases.base import Context, Frame, Phrase, Rule
from plans.reading.phrases.events import EVENTS, LENGTHS, STANDING
from plans.reading.phrases.points import LAST_DAYS, OCCASIONS, WITHIN
from plans.reading.phrases.ranges import RANGES
from plans.reading.phrases.recurrence import DAYS, PERIODS
from plans.reading.phrases.traps import TRAPS
from plans.reading.words import REMEMBERED, plain

#: What an earlier rule took, a later one leaves alone.
_RULES: tuple[Rule, ...] = tuple(
    rule
    for rules in (OCCASIONS, TRAPS, LENGTHS, DAYS, RANGES, LAST_DAYS, WITHIN, PERIODS, EVENTS, STANDING)
    for rule in rules.all
)
_FEW = 100  # citations of one paragraph
_NEEDED = frozenset(word for rule in _RULES for word in rule.needs)


@lru_cache(maxsize=4096)
def _rules_for(present: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules to try on a text that holds the words `present`; sentences of a plan hold much the same."""
    return tuple(rule for rule in _RULES if not present.isdisjoint(rule.needs))


def find_phrases(
    text: str, frame: Frame, *, masked: Sequence[tuple[int, int]] = (), is_label: bool = False
) -> list[Phrase]:
    """Return the time expressions of `text` in order; several with one span where one phrase sets several.

    `masked` spans are names and citations, where nothing is a deadline. With `is_label` the text is the value of a
    label such as "Thời gian:", where a bare year or month is one.
    """
    return list(_found(text, frame, tuple(masked), is_label))


@lru_cache(maxsize=REMEMBERED)
def _found(text: str, frame: Frame, masked: tuple[tuple[int, int], ...], is_label: bool) -> tuple[Phrase, ...]:  # noqa: FBT001
    context = Context(plain(text), text, frame, is_label)
    taken = bytearray(len(text))
    free = context.text  # what is masked holds none of the words a rule needs
    for start, end in masked:
        length = min(end, len(text)) - start
        taken[start:end] = b"\x01" * length
        free = f"{free[:start]}{' ' * length}{free[start + length :]}" if len(masked) <= _FEW else free
    found = list(_matches(context, taken, free))
    found = _bounded(_without_rates(_unrepeated(found, context.text), context.text), context.text)
    return tuple(sorted(found, key=lambda p: (p.start, p.end)))


def _matches(context: Context, taken: bytearray, free: str) -> Iterator[Phrase]:
    """Yield what the rules make of the text, marking the characters they take; `free` is what is not masked."""
    for rule in _rules_for(frozenset(word for word in _NEEDED if word in free)):
        for match in rule.matches(context.text):
            if taken.find(1, match.start(), match.end()) >= 0:
                continue
            phrases = [_without_verb(phrase, context.text) for phrase in rule.build(match, context)]
            if not phrases and not rule.is_trap:
                continue
            start, end = (phrases[0].start, phrases[0].end) if phrases else match.span()
            taken[start:end] = b"\x01" * (end - start)
            yield from phrases


_VERB_BEFORE = re.compile(
    r"(?:hoàn thành|xong|tổ chức|thực hiện|thời gian(?: thực hiện)?|diễn ra|bắt đầu|áp dụng)(?: trong \d{1,2} ngày)? "
)


def _without_verb(phrase: Phrase, text: str) -> Phrase:
    """Return `phrase` without the verb a rule needed to recognise it."""
    verb = _VERB_BEFORE.match(text, phrase.start, phrase.end)
    return replace(phrase, start=verb.end()) if verb else phrase


def _unrepeated(found: list[Phrase], text: str) -> list[Phrase]:
    """Return `found` without a "trong quá trình thực hiện" that repeats another standing time of its sentence."""
    kept = []
    for phrase in found:
        if "quá trình" in text[phrase.start : phrase.end] and phrase.kind is ScheduleKind.ONGOING:
            begin = max(text.rfind(mark, 0, phrase.start) for mark in (". ", "; "))
            ends = [i for i in (text.find(mark, phrase.end) for mark in (". ", "; ")) if i >= 0]
            end = min(ends, default=len(text))
            if any(p is not phrase and p.kind is ScheduleKind.ONGOING and begin < p.start < end for p in found):
                continue
        kept.append(phrase)
    return kept


_QUANTITY = re.compile(r"(?:^|\s)(?:\d{1,3}|một|hai|ba|bốn) (?:[^\s.;:()\d]{1,12} ){1,6}$")


def _without_rates(found: list[Phrase], text: str) -> list[Phrase]:
    """Return `found` without a rate ("02 bài mỗi tháng") where the text names the day in the same period too."""
    days = {p.rule.partition(";BY")[0] for p in found if p.rule and ";BY" in p.rule}
    return [p for p in found if p.rule not in days or not _QUANTITY.search(text, max(0, p.start - 60), p.start)]


_JOINED = re.compile(r",? \(?")
_UNTIL = {ScheduleKind.BY_END_OF_YEAR, ScheduleKind.BETWEEN, ScheduleKind.WITHIN_YEAR}


def _bounded(found: list[Phrase], text: str) -> list[Phrase]:
    """Return `found` with a series and the years right after it as one: "hằng năm (từ năm 2025 đến năm 2030)"."""
    by_start = {p.start: p for p in found if p.kind in _UNTIL and p.due}
    dropped: set[int] = set()
    kept = []
    for phrase in found:
        joint = _JOINED.match(text, phrase.end)
        end = by_start.get(joint.end()) if joint and phrase.rule and ";BY" not in phrase.rule else None
        if end is None or phrase.due:
            kept.append(phrase)
            continue
        dropped.add(end.start)
        close = end.end + (text[end.end : end.end + 1] == ")" and "(" in text[phrase.end : end.start])
        kept.append(replace(phrase, end=close, since=end.since, due=end.due, year_inferred=end.year_inferred))
    return [p for p in kept if p.start not in dropped or p.kind is ScheduleKind.RECURRING]
