"""What an edited document changes in a draft. Pure: three readings in, differences out.

`base` is what the document said before, `stored` what the plan holds now, `new` what the edited document says. What
differs between base and new was changed by the office, what differs between base and stored by the people who checked.
Only what the office changed is offered; what it left alone stays as people set it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from plans.reimport.matching import (
    Place,
    Ref,
    Row,
    folded,
    out_of_order,
    pair_alike,
    pair_equal,
    pair_in_order,
    pair_neighbours,
)

#: Kinds of records; each may refer to those before it.
KINDS: Final = ("header", "reference", "shortcoming", "priority_task", "group", "solution", "schedule", "indicator")
NUMBERED: Final = ("shortcoming", "priority_task", "group", "solution", "indicator")
KNOWN_BY: Final = 200  # characters by which a dropped text is known again
NOWHERE: Final = -1  # a parent that the other reading does not have
NO_KIND: Final = "other"  # the kind of a plan nobody has said anything about
GROUP: Final = "group"  # the one link that names one record only


class State(StrEnum):
    """How a record differs."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


class Choice(StrEnum):
    """What a person decides about a difference."""

    NEW = "new"  # as the new document says
    MINE = "mine"  # as the plan has it


@dataclass(frozen=True, slots=True)
class Change:
    """One value the document changed: what stands now and what would stand. `clash`: a person had set it."""

    name: str
    was: Any
    will: Any
    clash: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One difference to decide about. `touched`: a person changed or accepted the record of the plan."""

    state: State
    kind: str
    stored: int | None = None
    new: int | None = None
    changes: tuple[Change, ...] = ()
    touched: bool = False

    @property
    def id(self) -> str:
        """Return its name in a form."""
        return f"{self.kind}-{self.state}-{self.new if self.stored is None else self.stored}"

    @property
    def default(self) -> Choice:
        """Return what is proposed: the new document, unless work of a person would be lost by it."""
        lost = self.touched if self.state == State.GONE else any(c.clash for c in self.changes)
        return Choice.MINE if lost else Choice.NEW


@dataclass(frozen=True, slots=True)
class Links:
    """Where a link of a record leads from now on: records of the plan, and new ones as far as they are taken."""

    stored: frozenset[Ref]
    fresh: frozenset[Ref]


@dataclass(frozen=True, slots=True)
class People:
    """What people did: records they changed or accepted, records they added, and the words of those they dropped."""

    touched: frozenset[Ref] = frozenset()
    added: frozenset[Ref] = frozenset()
    dropped: frozenset[tuple[str, str]] = frozenset()

    def knows_dropped(self, kind: str, text: str) -> bool:
        """Return whether a person dropped a record with these words."""
        return (kind, known_by(text)) in self.dropped


@dataclass(slots=True)
class Comparison:
    """The differences, and which record of the new reading (`ref`) continues which one of the plan and of the base."""

    items: list[Item] = field(default_factory=list)
    rows: dict[Ref, Row] = field(default_factory=dict)  # of the plan
    stored_of: dict[Ref, int] = field(default_factory=dict)
    base_of: dict[Ref, int] = field(default_factory=dict)
    links: dict[Ref, dict[str, Links]] = field(default_factory=dict)  # by record of the plan, where they change
    unchanged: int = 0
    moved: int = 0  # of the unchanged ones: elsewhere in the list, in another group, or linked otherwise
    dropped: int = 0  # stand in the document, but a person dropped them
    added: int = 0  # stand in the plan only: added by a person, or kept before

    def digest(self, *facts: str) -> str:
        """Return a hash of all that is decided about, and of `facts`: a page carries it, the act compares it."""
        shown: list[Any] = []
        for item in self.items:
            row = self.rows.get((item.kind, item.stored or 0))
            standing = [row.text, sorted(row.values.items())] if row else []
            changes = [(c.name, c.was, c.will, c.clash) for c in item.changes]
            shown.append([item.id, item.new, item.touched, standing, changes])
        return hashlib.sha256(json.dumps([shown, facts], default=_plain).encode()).hexdigest()[:32]


def compare(base: Sequence[Row] | None, stored: Sequence[Row], new: Sequence[Row], people: People) -> Comparison:
    """Compare the readings. Without a base, what no person added counts as read before."""
    return _Comparing(base, stored, new, people).run()


def known_by(text: str) -> str:
    """Return the words by which a dropped record is known again."""
    return folded(text)[:KNOWN_BY]


def place_of(stored: Row, base: Row | None, new: Row | None, kept: Mapping[int, int]) -> Place | None:
    """Return where the words of a record of the plan stand in the new document; `kept` says where paragraphs went."""
    if new and new.place:
        same = base and base.place and stored.place and base.text == new.text and base.place[0] == stored.place[0]
        if not (same and base and base.place and stored.place):
            return new.place
        shift = new.place[1] - base.place[1]  # a person may have split the record: its part stays its part
        return new.place[0], max(stored.place[1] + shift, 0), max(stored.place[2] + shift, 0)
    if stored.place is None or stored.place[0] not in kept:
        return None
    return kept[stored.place[0]], *stored.place[1:]


class _Comparing:
    """Finds the threads through the readings kind by kind, then says what differs along each."""

    def __init__(self, base: Sequence[Row] | None, stored: Sequence[Row], new: Sequence[Row], people: People) -> None:
        self.people, self.based = people, base is not None
        if base is None:
            base = [r for r in stored if r.kind != "header" and r.ref not in people.added]
        self.base, self.stored, self.new = _by_kind(base), _by_kind(stored), _by_kind(new)
        self.base_rows, self.stored_rows = _by_ref(base), _by_ref(stored)
        self.held: dict[Ref, int] = {}  # record of the base → record of the plan
        self.offered: frozenset[Ref] = frozenset()  # new records a person may take
        self.leaving: set[int] = set()  # solutions of the plan that the new document does not have
        self.children: dict[int, set[Ref]] = defaultdict(set)  # commitments by solution of the plan
        for row in self.stored["schedule"]:
            self.children[row.solution[1]].add(row.ref)
        self.made = Comparison(rows=self.stored_rows)

    def run(self) -> Comparison:
        """Return the comparison."""
        for kind in KINDS:
            self._thread(kind)
        for kind in KINDS:
            gone = [] if kind == "header" else self._gone(kind)
            self.made.items += [*self._fresh(kind), *gone]
        self.offered = frozenset((i.kind, i.new or 0) for i in self.made.items if i.state == State.NEW)
        for kind in KINDS[1:]:
            self._count(kind)
        return self.made

    # --- which record is which ---

    def _thread(self, kind: str) -> None:
        old, mine, fresh = self.base[kind], self.stored[kind], self.new[kind]
        made = self.made
        same_keys = kind == "header" or not self.based
        held = {r.key: r.key for r in old} if same_keys else self._held(old, mine)
        self.held |= {(kind, b): s for b, s in held.items()}
        if kind == "header":
            since = {r.key: r.key for r in fresh if ("header", r.key) in self.base_rows}
            by_hand = {r.key: r.key for r in fresh if r.key not in since}
        else:
            since = _continued(kind, fresh, old, made.base_of)
            by_hand = self._by_hand(kind, [r for r in fresh if r.key not in since], set(held.values()))
        made.base_of |= {(kind, n): b for n, b in since.items()}
        made.stored_of |= {(kind, n): held[b] for n, b in since.items() if b in held}
        made.stored_of |= {(kind, n): s for n, s in by_hand.items()}

    def _held(self, old: list[Row], mine: list[Row]) -> dict[int, int]:
        """Return which record of the plan was made of which record of the base: by place, else by words."""
        read = [r for r in mine if r.ref not in self.people.added]
        pairs = _by_place(old, read, exact=True)
        for step in (_by_start, pair_equal, pair_alike, _without_place):
            left = [r for r in old if r.key not in pairs]
            if step is pair_alike:
                left = [r for r in left if not self.people.knows_dropped(r.kind, r.text)]
            taken = set(pairs.values())
            pairs |= step(left, [r for r in read if r.key not in taken], self._parent_held)
        return pairs

    def _parent_held(self, row: Row) -> Any:  # any key
        return self.held.get(row.solution, NOWHERE) if row.kind == "schedule" else row.within

    def _by_hand(self, kind: str, fresh: list[Row], held: set[int]) -> dict[int, int]:
        """Return which new records are in the plan already because a person added them."""

        def parent(row: Row) -> Any:  # any key
            return self.made.stored_of.get(row.solution, NOWHERE) if kind == "schedule" else row.within

        free = [r for r in self.stored[kind] if r.key not in held]
        pairs = pair_equal(fresh, free, parent)
        fresh, free = [r for r in fresh if r.key not in pairs], [r for r in free if r.key not in set(pairs.values())]
        pairs |= pair_alike(fresh, free, parent)
        if kind == "schedule":  # the solution came in by hand, so did its commitments
            fresh = [r for r in fresh if r.key not in pairs and r.solution not in self.made.base_of]
            pairs |= pair_in_order(fresh, [r for r in free if r.key not in set(pairs.values())], parent)
        return pairs

    # --- what differs ---

    def _fresh(self, kind: str) -> Iterable[Item]:
        """Yield what is new or changed, in the order of the new document."""
        for row in self.new[kind]:
            stored = self.made.stored_of.get(row.ref)
            if stored is not None:
                changes = self._changes(row, self.stored_rows[kind, stored])
                if changes:
                    touched = (kind, stored) in self.people.touched
                    yield Item(State.CHANGED, kind, stored, row.key, tuple(changes), touched)
            elif kind == "schedule" and row.solution not in self.made.stored_of:
                continue  # goes the way of its solution
            elif self._was_dropped(row):
                self.made.dropped += 1
            else:
                yield Item(State.NEW, kind, None, row.key)

    def _was_dropped(self, row: Row) -> bool:
        base = self.made.base_of.get(row.ref)
        if base is None:
            return not self.based and self.people.knows_dropped(row.kind, row.text)
        return self.people.knows_dropped(row.kind, self.base_rows[row.kind, base].text)

    def _changes(self, row: Row, stored: Row) -> Iterable[Change]:
        base = self.made.base_of.get(row.ref)
        if base is None:
            before: Mapping[str, Any] | None = None
        elif stored.ref in self.people.touched:
            before = self.base_rows[row.kind, base].values
        else:
            before = stored.values  # nobody touched it: it is what was read, by this reader or an earlier one
        found = (_change(name, before, stored.values[name], fresh) for name, fresh in row.values.items())
        return [change for change in found if change]

    def _gone(self, kind: str) -> Iterable[Item]:
        """Yield what the new document does not say any more."""
        going_on = {self.made.base_of[ref] for ref in self.made.base_of if ref[0] == kind}
        for row in self.base[kind]:
            stored = self.held.get(row.ref)
            if row.key in going_on or stored is None:
                continue
            if kind == "schedule" and self.stored_rows[kind, stored].solution[1] in self.leaving:
                continue  # goes the way of its solution
            if kind == "solution":
                self.leaving.add(stored)
            yield Item(State.GONE, kind, stored, touched=self._touched(kind, stored))

    def _touched(self, kind: str, stored: int) -> bool:
        refs = {(kind, stored)} | (self.children[stored] if kind == "solution" else set())
        return bool(refs & (self.people.touched | self.people.added))

    # --- what only moved, and how much stays ---

    def _count(self, kind: str) -> None:
        made = self.made
        mine = {r.key for r in self.stored[kind]}
        going_on = [made.stored_of[r.ref] for r in self.new[kind] if r.ref in made.stored_of]
        gone = {i.stored for i in made.items if i.kind == kind and i.state == State.GONE}
        changed = {i.stored for i in made.items if i.kind == kind and i.state == State.CHANGED}
        children = {r.key for r in self.stored[kind] if kind == "schedule" and r.solution[1] in self.leaving}
        moved = {s for r, s in self._threads(kind) if self._relink(r, self.stored_rows[kind, s])}
        made.unchanged += len(set(going_on) - changed)
        made.added += len(mine - set(going_on) - gone - children)
        made.moved += len(moved - changed)
        if kind in NUMBERED:
            made.moved += self._out_of_order(kind, [s for s in going_on if s not in moved and s not in changed])

    def _out_of_order(self, kind: str, keys: list[int]) -> int:
        """Return how many stand elsewhere in their list; priority tasks have two lists."""
        ranks = {r.key: (r.within, rank) for rank, r in enumerate(self.stored[kind])}
        lists: dict[Any, list[int]] = defaultdict(list)
        for key in keys:
            lists[ranks[key][0]].append(ranks[key][1])
        return sum(map(out_of_order, lists.values()))

    def _threads(self, kind: str) -> Iterable[tuple[Row, int]]:
        return ((r, self.made.stored_of[r.ref]) for r in self.new[kind] if r.ref in self.made.stored_of)

    def _relink(self, row: Row, stored: Row) -> bool:
        """Enter where the links of a record lead from now on; return whether that differs from what stands now."""
        base = self.made.base_of.get(row.ref)
        before = self.base_rows[row.kind, base].links if base is not None else {}
        differs = False
        for name, refs in row.links.items():
            old = {(k, self.held[k, b]) for k, b in before.get(name, ()) if (k, b) in self.held}
            now = {(k, self.made.stored_of[k, n]) for k, n in refs if (k, n) in self.made.stored_of}
            fresh = refs & self.offered
            mine = stored.links.get(name, frozenset())
            after = frozenset((mine | (now - old)) - (old - now))
            if name == GROUP and mine != old:  # a person chose the group
                after, fresh = mine or frozenset(now), frozenset() if mine else fresh
            if after != mine or fresh:
                self.made.links.setdefault(stored.ref, {})[name] = Links(after, fresh)
            differs |= after != mine
        return differs


def _continued(kind: str, fresh: list[Row], old: list[Row], base_of: Mapping[Ref, int]) -> dict[int, int]:
    """Return which record of the base each new one continues."""

    def parent(row: Row) -> Any:  # any key
        return base_of.get(row.solution, NOWHERE) if kind == "schedule" else row.within

    pairs = pair_equal(fresh, old, parent)
    pairs |= pair_alike(*_rest(fresh, old, pairs), parent)
    if kind == "schedule":
        return pairs | pair_in_order(*_rest(fresh, old, pairs), parent)
    return pairs | pair_neighbours(fresh, old, pairs, parent)


def _rest(left: list[Row], right: list[Row], pairs: Mapping[int, int]) -> tuple[list[Row], list[Row]]:
    taken = set(pairs.values())
    return [r for r in left if r.key not in pairs], [r for r in right if r.key not in taken]


def _by_place(old: Iterable[Row], mine: Iterable[Row], *, exact: bool) -> dict[int, int]:
    def spot(row: Row) -> Any:  # a part of its place
        return row.place if exact or row.place is None else row.place[:2]

    waiting: dict[Any, list[int]] = {}
    for row in mine:
        if row.place:
            waiting.setdefault(spot(row), []).append(row.key)
    return {row.key: waiting[spot(row)].pop(0) for row in old if row.place and waiting.get(spot(row))}


def _by_start(old: Sequence[Row], mine: Sequence[Row], _within: Any) -> dict[int, int]:
    """Pair by where words begin: a record that was split ends earlier now, one that was joined later."""
    return _by_place(old, mine, exact=False)


def _without_place(old: Sequence[Row], mine: Sequence[Row], within: Any) -> dict[int, int]:
    """Pair commitments that no words stand for: what was entered where the text names no time."""
    return pair_in_order(
        [r for r in old if r.kind == "schedule" and not r.place], [r for r in mine if not r.place], within
    )


def _change(name: str, before: Mapping[str, Any] | None, was: Any, fresh: Any) -> Change | None:
    """Return what the document changes in one value, if anything. Sets take over what came and went."""
    if before is None:  # entered by hand, never read: fill what is empty, offer the rest
        return Change(name, was, fresh, clash=not _empty(was)) if not _empty(fresh) and not _same(was, fresh) else None
    old = before.get(name, was)
    if _same(old, fresh):
        return None
    if isinstance(fresh, frozenset):
        will = (was | (fresh - old)) - (old - fresh)
        return Change(name, was, will) if will != was else None
    return None if _same(was, fresh) else Change(name, was, fresh, clash=not _same(was, old))


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, str) and isinstance(two, str):
        return one.split() == two.split()
    return bool(one == two)


def _empty(value: Any) -> bool:
    return not any(value) if isinstance(value, tuple) else not value or value == NO_KIND


def _by_kind(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for row in rows:
        found[row.kind].append(row)
    return found


def _by_ref(rows: Iterable[Row]) -> dict[Ref, Row]:
    return {row.ref: row for row in rows}


def _plain(value: Any) -> Any:  # JSON
    return value.isoformat() if isinstance(value, dt.date) else sorted(value)
