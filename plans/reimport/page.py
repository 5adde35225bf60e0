"""What the page of a comparison shows: each difference side by side, the words that differ marked. No query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.reimport.compared import Compared
from plans.reimport.comparison import KINDS, Choice, Item, State
from plans.reimport.matching import Ref, Row, word_runs
from plans.reimport.readings import HEADER, TEXT_OF
from plans.reimport.words import kind_name, label, worded

TITLES: Final[dict[str, str | Promise]] = {
    "shortcoming": gettext_lazy("Shortcoming %(number)d"),
    "group": gettext_lazy("Group %(number)d"),
    "solution": gettext_lazy("Solution %(number)d"),
    "indicator": gettext_lazy("Indicator %(number)d"),
}
GROUPS: Final[tuple[tuple[State, str | Promise], ...]] = (
    (State.CHANGED, gettext_lazy("Changed")),
    (State.NEW, gettext_lazy("New")),
    (State.GONE, gettext_lazy("Not in the new file any more")),
)
_OPTIONS: Final[dict[State, tuple[str | Promise, str | Promise]]] = {
    State.NEW: (gettext_lazy("Add it"), gettext_lazy("Leave it out")),
    State.CHANGED: (gettext_lazy("Take the new one"), gettext_lazy("Keep mine")),
    State.GONE: (gettext_lazy("Remove it"), gettext_lazy("Keep it")),
}

Runs = list[tuple[str, bool]]  # text, and whether it differs


@dataclass(slots=True)
class Side:
    """One side of a difference: the words, and the facts below them."""

    runs: Runs = field(default_factory=list)
    facts: list[tuple[str, Runs]] = field(default_factory=list)
    commitments: list[tuple[str, str]] = field(default_factory=list)  # phrase, what was understood


@dataclass(slots=True)
class Option:
    """One of the two choices of a difference."""

    value: str
    words: str
    id: str
    chosen: bool


@dataclass(slots=True)
class Difference:
    """One difference as the page shows it."""

    name: str  # of its field in the form
    title: str
    about: str  # what it belongs to
    touched: bool
    clash: bool
    was: Side | None
    now: Side | None
    options: list[Option]


def comparison_page(compared: Compared, choices: Mapping[str, Choice]) -> dict[str, Any]:
    """Return the context of the page; `choices` are those made so far."""
    page = _Page(compared, choices)
    found = compared.comparison
    groups = []
    for state, title in GROUPS:
        items = [page.difference(i) for i in sorted(found.items, key=page.rank) if i.state == state]
        if items:
            groups.append({"title": title, "state": state.value, "differences": items})
    return {
        "groups": groups,
        "figures": [
            (_("changed"), len([i for i in found.items if i.state == State.CHANGED])),
            (_("new"), len([i for i in found.items if i.state == State.NEW])),
            (_("not there any more"), len([i for i in found.items if i.state == State.GONE])),
            (_("unchanged"), found.unchanged),
        ],
        "found": found,
        "digest": compared.digest,
    }


class _Page:
    """Draws differences; holds what they share."""

    def __init__(self, compared: Compared, choices: Mapping[str, Choice]) -> None:
        self.choices, self.names, self.stored = choices, compared.names, compared.comparison.rows
        self.new: dict[Ref, Row] = {row.ref: row for row in compared.new.rows}
        self.ordinals = {ref: getattr(record, "ordinal", 0) for ref, record in compared.stored.records.items()}
        self.children_now, self.children_was = _children(self.new), _children(self.stored)

    def rank(self, item: Item) -> tuple[int, int, bool]:
        """Return where a difference stands: as in the document, a commitment behind its solution."""
        if item.kind not in {"solution", "schedule"}:
            return KINDS.index(item.kind), 0, False
        row = self.stored[item.kind, item.stored or 0] if item.new is None else self.new[item.kind, item.new]
        of = row.solution if item.kind == "schedule" else row.ref
        return KINDS.index("solution"), self.ordinals[of] if item.new is None else of[1], item.kind == "schedule"

    def difference(self, item: Item) -> Difference:
        """Return one difference with both sides."""
        mine = self.stored.get((item.kind, item.stored)) if item.stored is not None else None
        new = self.new.get((item.kind, item.new)) if item.new is not None else None
        was, now = self._changed(item, mine) if mine and new else (self._whole(mine, was=True), self._whole(new))
        chosen = self.choices.get(item.id, item.default)
        options = [
            Option(choice.value, str(words), f"{item.id}-{choice}", chosen == choice)
            for choice, words in zip((Choice.NEW, Choice.MINE), _OPTIONS[item.state], strict=True)
        ]
        clash = any(c.clash for c in item.changes)
        title, about = self._title(item), self._about(mine or new)
        return Difference(item.id, title, about, item.touched, clash, was, now, options)

    def _title(self, item: Item) -> str:
        if item.kind == "header":
            return label("header", HEADER[item.stored or item.new or 0])
        ordinal = self.ordinals.get((item.kind, item.stored or 0), 0)
        return (
            str(TITLES[item.kind]) % {"number": ordinal} if ordinal and item.kind in TITLES else kind_name(item.kind)
        )

    def _about(self, row: Row | None) -> str:
        """Return the solution a commitment belongs to."""
        if row is None or row.kind != "schedule":
            return ""
        rows = self.stored if self.stored.get(row.ref) is row else self.new
        return rows[row.solution].text

    def _changed(self, item: Item, mine: Row) -> tuple[Side, Side]:
        was, now = Side(), Side()
        said = TEXT_OF.get(item.kind, "text")
        for change in item.changes:
            before, after = (worded(item.kind, change.name, v, self.names) for v in (change.was, change.will))
            runs = word_runs(before, after)
            if change.name == said or item.kind == "header":
                was.runs, now.runs = runs
            else:
                words = label(item.kind, change.name)
                was.facts.append((words, runs[0]))
                now.facts.append((words, runs[1]))
        if not was.runs and not now.runs:
            was.runs = now.runs = [(mine.text, False)] if mine.text else []
        return was, now

    def _whole(self, row: Row | None, *, was: bool = False) -> Side | None:
        if row is None:
            return None
        said = TEXT_OF.get(row.kind, "text")
        if row.kind == "header":
            return Side([(worded("header", *next(iter(row.values.items())), self.names), False)])
        side = Side([(row.text, False)] if row.text else [])
        for name, value in row.values.items():
            words = worded(row.kind, name, value, self.names)
            if name != said and words:
                side.facts.append((label(row.kind, name), [(words, False)]))
        if row.kind == "solution":
            children = (self.children_was if was else self.children_now).get(row.key, ())
            side.commitments = [(c.text, worded("schedule", "time", c.values["time"], self.names)) for c in children]
        return side


def _children(rows: Mapping[Ref, Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows.values():
        if row.kind == "schedule":
            found.setdefault(row.solution[1], []).append(row)
    return found
