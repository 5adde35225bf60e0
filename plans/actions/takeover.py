"""Writing down what was chosen about an edited document; called by `reimports`, inside its transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Model, ProtectedError, Q, RestrictedError
from django.utils.translation import gettext as _

from doantracker.lib.text import search_key
from plans.actions.events import hang_on_events
from plans.actions.imports import mark_proposed
from plans.actions.inserting import BATCH, insert
from plans.actions.ordinals import SHIFT
from plans.actions.plans import set_symbol_parts
from plans.enums import IndicatorKind
from plans.errors import ActionRefused
from plans.models import (
    Field,
    Indicator,
    IndicatorCondition,
    Schedule,
    Shortcoming,
    Solution,
    UnmatchedName,
)
from plans.models.plan import Sourced
from plans.record_values import told
from plans.reimport.compared import Compared
from plans.reimport.comparison import GROUP, NUMBERED, Choice, Item, State, place_of
from plans.reimport.matching import Ref, Row, merged_order, paragraphs_kept
from plans.reimport.readings import COLUMNS, CONDITIONS, KIND_OF, LINKS, SETS, TARGET, TIME, left_out
from plans.reimport.words import worded

MODEL_OF: Final = {kind: model for model, kind in KIND_OF.items()}
PLACE: Final = ("source_paragraph", "source_start", "source_end")
UNMATCHED_OF: Final = ("shortcoming", "group", "solution", "schedule")


@dataclass(slots=True)
class Outcome:
    """How many records were added, changed and removed, and how many differences were left as the plan had them."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0


class TakeOver:
    """Applies one comparison: what was chosen is worked out first, then written kind by kind."""

    def __init__(self, compared: Compared, choices: Mapping[str, Choice]) -> None:
        self.plan, self.names, self.choices = compared.plan, compared.names, choices
        self.found, self.stored, self.new = compared.comparison, compared.stored.records, compared.new
        self.rows = _by_ref(compared.new.rows)
        self.base_rows = _by_ref(compared.base.rows if compared.base else ())
        self.base_records = compared.base.records if compared.base else {}
        self.unmatched = compared.new.made.unmatched if compared.new.made else []
        self.outcome = Outcome()
        self.log: dict[str, list[Any]] = {"added": [], "changed": [], "removed": [], "left_out": [], "kept": []}
        self.fresh: dict[Ref, Any] = {}  # record of the new reading → instance to insert
        self.changed: set[Ref] = set()  # records of the plan with other values
        self.regrouped: set[Ref] = set()
        self.unsure: set[Ref] = set()  # of the changed ones: those whose doubt is that of the new words
        self.removed: set[Ref] = set()
        self.conditions: dict[Ref, tuple[str, ...]] = {}  # of changed indicators
        self.sets: dict[Ref, dict[str, Iterable[int]]] = defaultdict(dict)  # by record of the plan

    def run(self, before: list[str], after: list[str]) -> None:
        """Write everything down. `before` and `hangs_on` are the paragraphs of both documents."""
        for item in self.found.items:
            taken = self.choices.get(item.id, item.default) == Choice.NEW
            if not taken:
                self._keep(item)
            elif item.state == State.NEW:
                self._add(item)
            elif item.state == State.CHANGED:
                self._change(item)
            else:
                self._remove(item)
        self._delete()
        self._tie_fresh()
        self._place(paragraphs_kept(before, after))
        self._write_header()
        self._write_fields()
        for kind in COLUMNS:
            self._write(kind)
        self._write_links()
        self._write_conditions()
        self._write_unmatched()
        hang_on_events(self.plan)

    # --- what was chosen ---

    def _keep(self, item: Item) -> None:
        if item.state == State.NEW:
            self.log["left_out"].append(left_out(self.rows[item.kind, item.new or 0]))
        else:
            self.log["kept"].append([item.kind, item.stored])
        self.outcome.kept += 1

    def _add(self, item: Item) -> None:
        ref = item.kind, item.new or 0
        self.fresh[ref] = self.new.records[ref]
        self.log["added"].append([item.kind, self.rows[ref].text])
        self.outcome.added += 1

    def _change(self, item: Item) -> None:
        ref = item.kind, item.stored or 0
        for change in item.changes:
            self._set(ref, change.name, change.will)
        self.changed.add(ref)
        if item.kind != "header" and self._unsure_anew(item):
            self.unsure.add(ref)
            self.stored[ref].doubt, self.stored[ref].settled = self.new.records[item.kind, item.new or 0].doubt, ""
        words = {c.name: [worded(item.kind, c.name, v, self.names) for v in (c.was, c.will)] for c in item.changes}
        self.log["changed"].append([*ref, self._told(ref, words)])
        self.outcome.changed += 1

    def _unsure_anew(self, item: Item) -> bool:
        """Return whether the doubt of the new words counts; people dealt with one the old words left too."""
        base = self.base_records.get((item.kind, self.found.base_of.get((item.kind, item.new or 0), -1)))
        read = self.new.records[item.kind, item.new or 0]
        return base is None or base.doubt != read.doubt or any(c.name == "time" for c in item.changes)

    def _remove(self, item: Item) -> None:
        ref = item.kind, item.stored or 0
        self.removed.add(ref)
        words = self._told(ref, {"text": [self.found.rows[ref].text, ""]})
        self.log["removed"].append([item.kind, words["text"][0]])
        self.outcome.removed += 1

    def _told(self, ref: Ref, words: dict[str, list[Any]]) -> dict[str, list[Any]]:
        record = self.stored.get(ref)
        return told(record, words) if record is not None else words

    def _set(self, ref: Ref, name: str, value: Any) -> None:  # a value of any column
        record: Any = self.plan if ref[0] == "header" else self.stored[ref]
        if isinstance(value, frozenset):
            self.sets[ref][name] = value
        elif name == "period":
            record.period_start, record.period_end = value
        elif name == "time":
            for part, each in zip(TIME, value, strict=True):
                setattr(record, part, each)
            record.event, record.hangs_on, record.chain, record.in_order = (
                None,
                None,
                "",
                False,
            )  # other words, other anchor
        elif name == "target":
            _give_target(record, value)
        elif name == CONDITIONS:
            self.conditions[ref] = value
        elif name == "lead_unit":
            record.lead_unit_id = value
        elif name == "field":
            record.field = self._field(value)
        else:
            setattr(record, name, value)

    def _field(self, name: str) -> Field | None:
        """Return the field of work called `name`, one the issuing unit has or a new one of this reading."""
        read = (r.field for r in self.new.records.values() if isinstance(r, Shortcoming))
        return next((f for f in read if f and f.name == name), None)

    # --- what that means for the others ---

    def _delete(self) -> None:
        """Delete what goes. Commitments go with their solution; solutions of a group stay."""
        by_kind: dict[str, set[int]] = {kind: {pk for k, pk in self.removed if k == kind} for kind in COLUMNS}
        try:
            for kind, pks in by_kind.items():
                if pks:
                    _rows(MODEL_OF[kind]).filter(pk__in=pks).delete()
        except (ProtectedError, RestrictedError) as error:
            raise ActionRefused(_("Another record refers to this one, so it can't be dropped.")) from error
        for ref, record in list(self.stored.items()):
            if ref in self.removed or (isinstance(record, Schedule) and record.solution_id in by_kind["solution"]):
                del self.stored[ref]
            elif isinstance(record, Solution) and record.group_id in by_kind["group"]:
                record.group = None

    def _tie_fresh(self) -> None:
        """Take the commitments of new solutions along, tie what is new to where it belongs, follow the groups."""
        for ref, record in self.new.records.items():
            if isinstance(record, Schedule) and self.rows[ref].solution in self.fresh:
                self.fresh[ref] = record
        read = {id(record): ref for ref, record in self.new.records.items()}
        for ref, record in self.fresh.items():
            if isinstance(record, Schedule):
                record.solution = self._now(self.rows[ref].solution)
            elif isinstance(record, Solution):
                groups = [self._now(g) for g in self.rows[ref].links[GROUP]]
                record.group = groups[0] if groups else None
            elif isinstance(record, Indicator) and record.solution:
                record.solution = self._now(read[id(record.solution)])
        for ref, links in self.found.links.items():
            if GROUP in links and ref in self.stored:
                self._regroup(ref, [self.fresh[r] for r in links[GROUP].fresh if r in self.fresh])

    def _regroup(self, ref: Ref, fresh: list[Any]) -> None:
        links = self.found.links[ref][GROUP]
        targets = fresh or [self.stored[r] for r in links.stored if r in self.stored]
        if targets or not links.fresh:  # else the new group was left out: nothing moves
            record: Any = self.stored[ref]
            record.group = targets[0] if targets else None
            self.regrouped.add(ref)

    def _now(self, ref: Ref) -> Any:  # a record
        """Return what a record of the new reading is in the plan from now on; None when it was left out."""
        stored = self.found.stored_of.get(ref)
        return self.fresh.get(ref) if stored is None else self.stored.get((ref[0], stored))

    def _place(self, kept: Mapping[int, int]) -> None:
        """Say of every record of the plan where its words stand in the new document."""
        going_on = {(kind, pk): (kind, key) for (kind, key), pk in self.found.stored_of.items()}
        for ref, record in self.stored.items():
            new = going_on.get(ref)
            base = self.base_rows.get((ref[0], self.found.base_of.get(new, -1))) if new else None
            place = place_of(self.found.rows[ref], base, self.rows[new] if new else None, kept)
            record.source_paragraph, record.source_start, record.source_end = place or (None, None, None)

    # --- writing ---

    def _write_header(self) -> None:
        if any(kind == "header" for kind, _key in self.changed):
            set_symbol_parts(self.plan)
            self.plan.save()

    def _write_fields(self) -> None:
        """Save the fields of work that are new and used."""
        used = [*self.fresh.values(), *(self.stored[r] for r in self.changed if r in self.stored)]
        fields = [r.field for r in used if isinstance(r, Shortcoming) and r.field and r.field.pk is None]
        insert(Field, {id(f): f for f in fields}.values())

    def _write(self, kind: str) -> None:
        """Write the records of a kind: where they stand, other values, new ones."""
        model, mine = MODEL_OF[kind], {r: x for r, x in self.stored.items() if r[0] == kind}
        fresh = {r: x for r, x in self.fresh.items() if r[0] == kind}
        columns = list(PLACE)
        moved = [x for r, x in mine.items() if self.found.rows[r].place != _place_now(x)]
        if kind in NUMBERED and self._renumber(kind, mine, fresh):
            _rows(model).filter(plan=self.plan).update(ordinal=F("ordinal") + SHIFT)
            columns, moved = [*columns, "ordinal"], list(mine.values())
        _rows(model).bulk_update(moved, columns, batch_size=BATCH)
        changed = [x for r, x in mine.items() if r in self.changed | self.regrouped]
        for record in changed:
            if isinstance(record, Solution):
                record.search = search_key(record.text)  # rows written in bulk do not pass `save`
            elif isinstance(record, Shortcoming):
                record.search = search_key(record.text, record.cause)
        _rows(model).bulk_update(changed, _columns(kind), batch_size=BATCH)
        insert(model, fresh.values())

    def _renumber(self, kind: str, mine: dict[Ref, Sourced], fresh: dict[Ref, Any]) -> bool:
        """Number the records as the new document has them, those it does not have behind the one before them."""
        lists: dict[Any, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        at: dict[int, Any] = {}
        for ref, record in mine.items():
            at[ref[1]] = record
            lists[_list_of(record)][0].append(ref[1])
        for row in self.rows.values():
            now = self._now(row.ref) if row.kind == kind else None
            if now is not None:
                key = -1 - row.key if row.ref in fresh else now.pk
                at[key] = now
                lists[_list_of(now)][1].append(key)
        differs = bool(fresh)
        for standing, read in lists.values():
            for ordinal, key in enumerate(merged_order(standing, read), start=1):
                differs |= at[key].ordinal != ordinal
                at[key].ordinal = ordinal
        return differs

    def _write_links(self) -> None:
        """Write the units, kinds of units and records that others lead to."""
        for ref, record in self.fresh.items():
            row = self.rows[ref]
            self.sets[ref[0], record.pk] = {
                **{name: row.values[name] for name in SETS.get(ref[0], ())},
                **{name: self._pks(row.links[name]) for name in LINKS if name in row.links},
            }
        for ref, links in self.found.links.items():
            for name, leads in links.items():
                if name in LINKS:
                    stored = [pk for kind, pk in leads.stored if (kind, pk) in self.stored]
                    self.sets[ref][name] = [*stored, *self._pks(leads.fresh)]
        for kind, names in (*SETS.items(), ("solution", LINKS)):
            for name in names:
                self._write_set(kind, name)
        fresh = {id(record) for record in self.fresh.values()}
        proposed = self.new.made.by_order if self.new.made else {}
        mark_proposed({name: [s for s in solutions if id(s) in fresh] for name, solutions in proposed.items()})

    def _pks(self, refs: Iterable[Ref]) -> list[int]:
        return [record.pk for record in map(self._now, refs) if record is not None]

    def _write_set(self, kind: str, name: str) -> None:
        wanted = {r[1]: s[name] for r, s in self.sets.items() if r[0] == kind and name in s and r not in self.removed}
        through = getattr(MODEL_OF[kind], name).through
        left, right = (f for f in through._meta.concrete_fields if f.is_relation and not f.null)  # noqa: SLF001  # documented API
        standing = [pk for pk in wanted if (kind, pk) in self.found.rows]
        pairs = dict.fromkeys((pk, other) for pk, others in wanted.items() for other in others)
        if standing:  # a link that stays keeps what is known of it
            there = _rows(through).filter(**{f"{left.name}__in": standing})
            rows = {(a, b): pk for pk, a, b in there.values_list("pk", left.attname, right.attname)}
            _rows(through).filter(pk__in=[pk for pair, pk in rows.items() if pair not in pairs]).delete()
            pairs = {pair: None for pair in pairs if pair not in rows}
        insert(through, [through(**{left.attname: a, right.attname: b}) for a, b in pairs])

    def _write_conditions(self) -> None:
        """Write the conditions of new indicators and of those that have other ones."""
        changed = {ref: texts for ref, texts in self.conditions.items() if ref in self.stored}
        IndicatorCondition.objects.filter(indicator__in=[pk for _kind, pk in changed]).delete()
        fresh = [(x, self.rows[r].values[CONDITIONS]) for r, x in self.fresh.items() if isinstance(x, Indicator)]
        insert(
            IndicatorCondition,
            [
                IndicatorCondition(indicator_id=indicator.pk, ordinal=n, text=text)
                for indicator, texts in [*((self.stored[ref], t) for ref, t in changed.items()), *fresh]
                for n, text in enumerate(texts, start=1)
            ],
        )

    def _write_unmatched(self) -> None:
        """Keep the names that were not found in new records and those unsure anew; those of the old words go."""
        now = {id(self.new.records[r]): x for r, x in self.fresh.items()}
        for ref, stored in self.found.stored_of.items():
            if (ref[0], stored) in self.unsure and ref in self.new.records:
                now[id(self.new.records[ref])] = self.stored[ref[0], stored]
        old = Q()
        for kind in UNMATCHED_OF:
            old |= Q(**{f"{kind}__in": [pk for k, pk in self.unsure if k == kind]})
        UnmatchedName.objects.filter(old, plan=self.plan).delete()
        kept = []
        for name in self.unmatched:
            record = now.get(id(name.record))
            if record is not None:
                setattr(name, KIND_OF[type(record)], record)
                kept.append(name)
        insert(UnmatchedName, kept)


def _give_target(record: Any, value: Any) -> None:  # an indicator, and one of its `TARGET`
    for part, each in zip(TARGET, value, strict=True):
        setattr(record, part, Decimal(each) if part == "value" and each is not None else each)
    if record.kind != IndicatorKind.RATIO:
        record.fed_by = None  # only a share is counted from deadlines


def _by_ref(rows: Iterable[Row]) -> dict[Ref, Row]:
    return {row.ref: row for row in rows}


def _rows(model: type[Model]) -> Any:  # the queryset of any model
    return model._default_manager.all()  # noqa: SLF001  # Django's documented generic manager


def _place_now(record: Sourced) -> tuple[int | None, ...] | None:
    place = (record.source_paragraph, record.source_start, record.source_end)
    return None if place[0] is None else place


def _list_of(record: Any) -> str:  # a numbered record
    """Return which list a record is numbered in: priority tasks have two."""
    return str(getattr(record, "list_kind", ""))


def _columns(kind: str) -> list[str]:
    """Return the columns that differ in a changed record."""
    parts = {"time": TIME, "target": TARGET}
    columns = [c for name in COLUMNS[kind] for c in parts.get(name, (name,))]
    extra = {
        "shortcoming": ["search"],
        "solution": ["group", "search"],
        "schedule": ["event", "hangs_on", "chain", "in_order"],
        "indicator": ["fed_by"],
    }.get(kind, [])
    return [*columns, "doubt", "settled", *extra]
