"""From names in a text to units of the tree, and from classes to kinds of units.

Never a guess: what is not sure says so. The candidates are loaded once; all the rest is look-ups in dictionaries.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from doantracker.lib.text import fold, nfc
from plans.reading.drafts import Party, PartyKind
from units.models import Unit, UnitKind

#: What a class of the reader means: codes of `UnitKind`, as far as this installation has them.
CLASS_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "department": ("department", "office"),
    "service": ("service",),
    "district": ("district",),
    "affiliated": ("affiliated",),
    "grassroots": ("commune", "ward", "special_zone", "grassroots", "grassroots_branch"),
    "branch": ("branch",),
}
#: A class whose words name communes, wards or special zones means their unions, not those of offices and schools.
TERRITORIAL: Final[tuple[str, ...]] = ("commune", "ward", "special_zone")
#: What takes the place of a class that has no unit in force: communes report to the province where districts ended.
SUCCESSORS: Final[dict[str, tuple[str, ...]]] = {"district": TERRITORIAL}

#: Words in front of a proper name, and what they say about it. Folded; longer ones are tried first.
_PREFIXES: Final = {
    "huyen doan": "huyen",
    "huyen": "huyen",
    "thi doan": "thi",
    "thi xa": "thi",
    "thanh doan": "thanh",
    "thanh pho": "thanh",
    "tp": "thanh",
    "quan doan": "quan",
    "quan": "quan",
    "tinh doan": "tinh",
    "tinh": "tinh",
    "doan xa": "xa",
    "xa": "xa",
    "doan phuong": "phuong",
    "phuong": "phuong",
    "doan thi tran": "thi tran",
    "thi tran": "thi tran",
    "doan dac khu": "dac khu",
    "dac khu": "dac khu",
    "chi doan": "chi doan",
    "ban": "ban",
    "doan": "",
}
_UNIONS: Final = (
    "tinh doan",
    "thanh doan",
    "huyen doan",
    "thi doan",
    "quan doan",
    "doan tinh",
    "doan xa",
    "doan phuong",
)
_CODE = re.compile(r"\(([A-Z0-9][A-Z0-9.-]*)\)$")
_PUNCTUATION = re.compile(r"[^0-9a-z]+")
_ABBREVIATIONS = re.compile(r"\bvp\b")  # "VP Tỉnh đoàn"
_NAMES_COMMUNES = re.compile(r"\b(?:xa|phuong|thi tran|dac khu)\b")
_NAMES_ALL = re.compile(r"\bco so doan\b|\bcap bo doan\b|\bdoan cac cap\b|\btren dia ban\b")  # whatever else they name
_COMMON: Final = frozenset({"doan", "ban", "xa", "phuong", "huyen", "chi", "tinh", "thanh", "pho", "thi", "so"})
_BY_PREFIX = sorted(_PREFIXES, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Match:
    """The units a name may mean: exactly one is an answer, more are a choice for a person."""

    units: tuple[Unit, ...] = ()

    @property
    def unit(self) -> Unit | None:
        """Return the unit when the name means one only."""
        return self.units[0] if len(self.units) == 1 else None


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a mention of the text means here, and what is unsure about it."""

    units: tuple[Unit, ...] = ()
    kinds: tuple[UnitKind, ...] = ()
    doubt: str = ""


class UnitNames:
    """Finds units by the names documents and people use: exactly, then without accents, then by the proper name."""

    def __init__(self, units: Iterable[Unit], home: Unit | None = None) -> None:
        self.units = list(units)
        self.home = home
        self._home_words = sorted((_words(n) for n in home.names()), key=len, reverse=True) if home else []
        self._by_code = {str(u.code): u for u in self.units}
        self._by_id = {u.pk: u for u in self.units}
        self._indexes: list[dict[str, list[Unit]]] = [defaultdict(list) for _level in range(3)]
        self._cores: dict[str, list[tuple[str, Unit]]] = defaultdict(list)
        for unit in self.units:
            self._index(unit)

    @classmethod
    def below(cls, issuer: Unit, day: dt.date) -> UnitNames:
        """Load the units in force in the subtree of `issuer`, in one query."""
        units = Unit.objects.below(issuer).in_force(day).select_related("kind").defer("place", "search")
        return cls(units, home=issuer)

    def find(self, name: str) -> Match:
        """Return what `name` may mean. Of units alike in name the ones nearest to the top of the tree are meant."""
        name = " ".join(nfc(name).split())
        code = _CODE.search(name)
        if code and code.group(1) in self._by_code:
            return Match((self._by_code[code.group(1)],))
        if name in self._by_code:
            return Match((self._by_code[name],))
        for level, key in enumerate(self._keys(name)):
            found = self._indexes[level].get(key) if key else None
            if found:
                return Match(_nearest(found))
        if self.home and _words(name) in _UNIONS and self._is_home(_words(name)):
            return Match((self.home,))
        return self._by_core(name)

    def label(self, unit: Unit) -> str:
        """Return what a form shows for `unit`: its name, with the code where others bear the same name."""
        return f"{unit.name} ({unit.code})" if self.find(str(unit.name)).unit != unit else str(unit.name)

    def by_id(self, pk: int) -> Unit | None:
        """Return the candidate with this id."""
        return self._by_id.get(pk)

    def near(self, name: str, limit: int = 3) -> list[Unit]:
        """Return the candidates that share most words with `name`, at least half of them, for an error that helps."""
        wanted = set(_words(name).split()) - _COMMON
        scored = [(len(wanted & set(_words(str(u.name)).split())), u) for u in self.units] if wanted else []
        best = max((score for score, _unit in scored), default=0)
        if 2 * best < len(wanted):
            return []  # a unit that is no nearer than by chance would be taken for an answer
        nearest = sorted((u for score, u in scored if score == best and best), key=lambda u: (u.depth, u.path))
        return nearest[:limit]

    def choices(self, limit: int) -> list[str]:
        """Return the labels to offer while a person types, nearest units first."""
        return [self.label(u) for u in sorted(self.units, key=lambda u: (u.depth, u.path))[:limit]]

    def _index(self, unit: Unit) -> None:
        for name in unit.names():
            for level, key in enumerate(self._keys(name)):
                if key and unit not in self._indexes[level][key]:
                    self._indexes[level][key].append(unit)
            prefix, core = _core(self._keys(name)[2])
            if core and unit != self.home:
                self._cores[core].append((prefix, unit))

    def _keys(self, name: str) -> tuple[str, str, str]:
        """Return the name as written, without accents and marks, and without the union it belongs to."""
        words = _words(name)
        return " ".join(nfc(name).casefold().split()), words, self._without_union(words)

    def _without_union(self, words: str) -> str:
        for tail in (*self._home_words, *_UNIONS):
            if tail and words.endswith(" " + tail):
                return words[: -len(tail)].rstrip()
        return words

    def _is_home(self, words: str) -> bool:
        return any(home == words or home.startswith(words + " ") for home in self._home_words)

    def _by_core(self, name: str) -> Match:
        prefix, core = _core(self._keys(name)[2])
        found = [u for p, u in self._cores.get(core, []) if not prefix or not p or p == prefix] if core else []
        return Match(_nearest(list(dict.fromkeys(found))))


class Resolver:
    """Says which units and kinds of units the parties of a plan are, seen from its issuer."""

    def __init__(self, names: UnitNames, issuer: Unit, kinds: Iterable[UnitKind]) -> None:
        self.names = names
        self.issuer = issuer
        self._kinds = {k.code: k for k in kinds}
        self._kinds_in_force = {u.kind_id for u in names.units if u != issuer}

    @classmethod
    def below(cls, issuer: Unit, day: dt.date) -> Resolver:
        """Load candidates and kinds, in two queries."""
        return cls(UnitNames.below(issuer, day), issuer, UnitKind.objects.all())

    def party(self, party: Party) -> Resolved:
        """Return whom `party` means."""
        if party.kind == PartyKind.CLASS or (party.kind == PartyKind.BODY and party.kinds):
            return self._class(party)
        if party.kind in {PartyKind.BODY, PartyKind.POST}:
            doubt = _("“%(name)s” is no unit of its own: %(unit)s is entered.")
            return Resolved((self.issuer,), (), doubt % {"name": party.name, "unit": self.issuer.label})
        if party.kind == PartyKind.EXTERNAL:
            return Resolved(doubt=_("“%(name)s” is outside the Union.") % {"name": party.name})
        return self.unit(party.name)

    def unit(self, name: str) -> Resolved:
        """Return the unit called `name`."""
        match = self.names.find(name)
        if match.unit:
            return Resolved((match.unit,))
        if match.units:
            return Resolved(doubt=_("Several units are called “%(name)s”.") % {"name": name})
        return Resolved(doubt=_("No unit is called “%(name)s”.") % {"name": name})

    def _class(self, party: Party) -> Resolved:
        kinds: list[UnitKind] = []
        doubts: list[str] = []
        for code in party.kinds:
            found, doubt = self._kinds_of(code, party.name)
            kinds += [k for k in found if k not in kinds]
            doubts += [doubt] if doubt else []
        if not party.kinds:
            doubts.append(_("It is not known which units “%(name)s” are.") % {"name": party.name})
        return Resolved((), tuple(kinds), " ".join(dict.fromkeys(doubts)))

    def _kinds_of(self, code: str, name: str) -> tuple[list[UnitKind], str]:
        """Return the kinds a class of the reader means here, and why that is unsure."""
        words = _words(name)
        only_communes = code == "grassroots" and _NAMES_COMMUNES.search(words) and not _NAMES_ALL.search(words)
        codes = TERRITORIAL if only_communes else CLASS_KINDS.get(code, ())
        known = [self._kinds[c] for c in codes if c in self._kinds]
        if any(k.pk in self._kinds_in_force for k in known):
            return known, ""
        instead = [self._kinds[c] for c in SUCCESSORS.get(code, ()) if c in self._kinds]
        instead = [k for k in instead if k.pk in self._kinds_in_force]
        if instead:
            doubt = _("“%(name)s”: %(unit)s has no districts any more; the unions of communes are entered.")
            return instead, doubt % {"name": name, "unit": self.issuer.label}
        return known, _("“%(name)s”: no such unit is in force below %(unit)s.") % {
            "name": name,
            "unit": self.issuer.label,
        }


def _words(name: str) -> str:
    """Return `name` folded, with everything but letters and digits as one blank."""
    return _ABBREVIATIONS.sub("van phong", _PUNCTUATION.sub(" ", fold(nfc(name))).strip())


def _core(words: str) -> tuple[str, str]:
    """Return what stands before the proper name and the proper name: "huyen doan an phu" is ("huyen", "an phu")."""
    for prefix in _BY_PREFIX:
        if words == prefix:
            return _PREFIXES[prefix], ""
        if words.startswith(prefix + " "):
            return _PREFIXES[prefix], words[len(prefix) + 1 :]
    return "", words


def _nearest(units: list[Unit]) -> tuple[Unit, ...]:
    depth = min((u.depth for u in units), default=0)
    return tuple(u for u in units if u.depth == depth)
