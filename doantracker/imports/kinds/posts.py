"""Posts by unit and title, and who holds them from day to day. A row without a person is a post nobody holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from doantracker.imports.kinds.base import Codes, Kind, Scope, by_name, refuse_faults, twice
from doantracker.imports.kinds.people import user_name
from doantracker.imports.kinds.units import MOST_CODES
from doantracker.imports.outcome import Difference, Outcome, Step, differing
from doantracker.imports.table import Column, Row, choice, code, day, parted, text, whole, yes
from units.actions import save_record
from units.administration import configurable, refuse_reach
from units.models import Appointment, Post, Unit, User
from units.permissions import Permission
from units.roles import Role

#: Columns that are fields of a post, and those of the appointment to it.
OF_POST: Final = ("body", "rank", "role", "signs")
KEY: Final = ("unit", "title", "person", "start")  # what a row is about
OF_APPOINTMENT: Final = ("end", "full_time", "provisional")
Held = tuple[str, str, str]  # user name, code of the unit, title


def columns(_scope: Scope) -> tuple[Column, ...]:
    """Return the columns."""
    return (
        Column(
            "unit", gettext_lazy("Code of the unit"), gettext_lazy("A unit that you set up."), "TD-PTN-01", code,
            required=True, length=40,
        ),
        Column(
            "title", gettext_lazy("Title of the post"),
            gettext_lazy("By unit and title the post is found; an unknown title makes a new post."), "Bí thư", text,
            required=True, length=120,
        ),
        Column(
            "body", pgettext_lazy("post", "Body"), gettext_lazy("The body to which the post belongs."),
            str(Post.Body.STANDING_COMMITTEE.label), choice, choices=tuple(Post.Body.choices),
            clears=True,
        ),
        Column(
            "rank", gettext_lazy("Rank"),
            gettext_lazy("Order among the posts of a unit; 10 is its head, up to 20 are its deputies."), "10", whole,
        ),
        Column(
            "role", gettext_lazy("Role"),
            gettext_lazy("What the holder may do, over this unit and all below it. Empty for a new post: Reader."),
            str(Role.SECRETARY.label), choice, choices=tuple(Role.choices),
        ),
        Column("signs", gettext_lazy("Signs documents"), gettext_lazy("Whether the holder signs."), "Có", yes),
        Column(
            "person", gettext_lazy("User name"),
            gettext_lazy("Who holds the post; empty: only the post is entered."), "nguyenvana", user_name, length=60,
        ),
        Column(
            "start", pgettext_lazy("appointment", "From"),
            gettext_lazy("First day; needed when a person is appointed."), "01/07/2025", day,
        ),
        Column(
            "end", pgettext_lazy("appointment", "Until"),
            gettext_lazy("Last day; of a new appointment empty: until further notice."), "", day, clears=True,
        ),
        Column("full_time", gettext_lazy("Full-time"), gettext_lazy("Whether it is the person's work."), "Có", yes),
        Column(
            "provisional", gettext_lazy("Provisional"), gettext_lazy("Appointed until the next congress."), "Không",
            yes,
        ),
    )  # fmt: skip


def check(rows: Sequence[Row], scope: Scope) -> Outcome:
    """Say what the rows would do; a fixed number of queries."""
    return _Check.of(rows, scope).outcome_of(rows)


def codes(scope: Scope) -> Iterable[Codes]:
    """Return the units that have posts."""
    found = Unit.objects.visible_to(scope.by, Permission.CONFIGURE)[:MOST_CODES]
    yield Codes("unit", [(unit.code, unit.name) for unit in found])


@dataclass(slots=True)
class _Check:
    """What was read beforehand, and the outcome as it grows."""

    scope: Scope
    columns: dict[str, Column]
    units: dict[str, Unit]
    people: dict[str, User]
    posts: dict[tuple[str, str], Post]
    held: dict[Held, list[Appointment]]
    outcome: Outcome = field(default_factory=Outcome)
    first: dict[tuple[str, str], Row] = field(default_factory=dict)  # the row that makes or changes a post
    said: dict[tuple[str, str], dict[str, tuple[Any, int]]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, rows: Sequence[Row], scope: Scope) -> _Check:
        """Read what the rows name: four queries."""
        own = Unit.objects.visible_to(scope.by, Permission.CONFIGURE)
        units = {unit.code: unit for unit in own.filter(code__in={row["unit"] for row in rows})}
        named = {row["person"] for row in rows if row["person"]}
        accounts = User.objects.annotate(name=Lower("username")).filter(name__in=named)
        people = {user.name: user for user in configurable(accounts, scope.by, scope.today)}
        stored = Post.objects.filter(unit__in=units.values()).select_related("unit")
        posts = {(post.unit.code, post.title.casefold()): post for post in stored}
        held: dict[Held, list[Appointment]] = defaultdict(list)
        appointed = Appointment.objects.filter(post__in=posts.values(), user__in=people.values())
        for row in appointed.annotate(name=Lower("user__username")).select_related("post__unit"):
            held[row.name, row.post.unit.code, row.post.title.casefold()].append(row)
        return cls(scope, by_name(columns(scope)), units, people, posts, held)

    def outcome_of(self, rows: Sequence[Row]) -> Outcome:
        """Check row by row."""
        doubles = twice(
            rows, lambda row: (*_key(row), row["person"], row["start"]), "unit", "title", "person", "start"
        )
        for row in rows:  # several rows may speak of one post, each of another holder
            for name, value in row.given(*OF_POST).items():
                self.said[_key(row)].setdefault(name, (value, row.number))
        for row in rows:
            if earlier := doubles.get(row.number):
                cure = _("It stands in row %(row)s already. Keep one of the two.") % {"row": earlier}
                self.refuse(row, "title", _("This row stands twice."), cure)
            elif self.is_known(row):
                self.take(row)
            elif row["start"] and row["end"]:
                self.in_order(row, row["start"], row["end"])
        return self.outcome

    def is_known(self, row: Row) -> bool:
        """Return whether a row's unit, title and person could be read and are there; refuse what is not there."""
        if row["unit"] not in self.units:
            self.refuse(row, "unit", _("No unit has this code."), _("Write the code of a unit that you set up."))
        known = not row["person"] or row["person"] in self.people
        if not known:
            cure = _("Add the person first, or correct the user name.")
            self.refuse(row, "person", _("Nobody you set up has this user name."), cure)
        return known and row["unit"] in self.units and row.sound("unit", "title", "person")

    def in_order(self, row: Row, start: dt.date, end: dt.date) -> bool:
        """Return whether the last day does not lie before the first; refuse it otherwise."""
        if end < start:
            self.refuse(row, "end", _("The last day lies before the first."), _("Correct one of the two dates."))
        return end >= start

    def refuse(self, row: Row, name: str, wrong: str, cure: str) -> None:
        """Enter what is wrong at a column."""
        self.outcome.refuse(row, self.columns[name], row[name], wrong, cure)

    def take(self, row: Row) -> None:
        """Check one row: what it says of the post, and of who holds it."""
        before = len(self.outcome.findings)
        key = _key(row)
        of_post = self.of_post(row, key)
        of_person, start = self.of_person(row) if row["person"] else ([], None)
        if len(self.outcome.findings) > before:
            return
        new = key not in self.posts and self.first.get(key) is row
        appoints = bool(row["person"]) and start is None
        label = f"{row['title']} – {self.units[row['unit']].label}"
        if self.outcome.take(row, label, [*of_post, *of_person], new=new or appoints):
            post_too, person_too = new or bool(of_post), appoints or bool(of_person)
            facts = {name: value for name, (value, _row) in self.said[key].items()} if post_too else None
            run = partial(_save, self.scope.by, row, start, post=facts, person=person_too)
            self.outcome.steps.append(Step((row.number,), run))

    def of_post(self, row: Row, key: tuple[str, str]) -> list[Difference]:
        """Return what a row changes in the post; the first row about a post does it for all of them."""
        for name, value in row.given(*OF_POST).items():
            known, number = self.said[key][name]
            if known != value:
                wrong = _("Row %(row)s says something else of this post.") % {"row": number}
                self.refuse(row, name, wrong, _("Write the same in both rows, or leave it empty in one."))
        if self.first.setdefault(key, row) is not row:
            return []
        stored, given = self.posts.get(key), {name: value for name, (value, _row) in self.said[key].items()}
        stands = {name: getattr(stored, name) for name in OF_POST} if stored else {}
        facts = {name: value for name, value in given.items() if stands.get(name) != value}
        role = given.get("role") or (stored.role if stored else Role.READER)
        if (stored is None or facts or row["person"]) and not self.within_reach(row, role):
            return []
        if refuse_faults(self.outcome, row, self.columns.values(), Post(title=row["title"], **given)):
            return []
        new = {} if stored else {"unit": row["unit"], "title": row["title"]}
        return differing(self.columns.values(), stands, new | facts)

    def within_reach(self, row: Row, role: str) -> bool:
        """Return whether the person may give this role there; refuse it otherwise."""
        try:
            refuse_reach(self.scope.by, self.units[row["unit"]], role)
        except ValidationError as refusal:
            self.refuse(row, "role", *parted(" ".join(refusal.messages)))
            return False
        return True

    def of_person(self, row: Row) -> tuple[list[Difference], dt.date | None]:
        """Return what a row changes in an appointment, and the first day of the one that is there; None: a new one."""
        key: Held = (row["person"], *_key(row))
        if not row.sound("start", "end"):
            return [], None
        found = self.appointment(row, self.held[key])
        start = found.start if found else row["start"]
        if start is None:
            self.refuse(row, "start", _("An appointment needs its first day."), _("Fill it in."))
            return [], None
        end = row["end"] if "end" in row.values or found is None else found.end
        if end and not self.in_order(row, start, end):
            return [], None
        if any(other.start <= (end or dt.date.max) and start <= (other.end or dt.date.max)
               for other in self.held[key] if other is not found):  # fmt: skip
            wrong = _("The person holds this post on these days already.")
            self.refuse(row, "start", wrong, _("Write the first day of that appointment, or end it first."))
            return [], None
        stands = {name: getattr(found, name) for name in OF_APPOINTMENT} if found else {}
        facts = row.given(*OF_APPOINTMENT)
        if found is None:
            facts |= {"person": row["person"], "start": start}
            self.held[key].append(Appointment(start=start, end=end))
        return differing(self.columns.values(), stands, facts), found.start if found else None

    def appointment(self, row: Row, held: list[Appointment]) -> Appointment | None:
        """Return the appointment a row is about: that of its first day; without one, that in force today."""
        stored = [one for one in held if one.pk]
        if row["start"]:
            return next((one for one in stored if one.start == row["start"]), None)
        return next((one for one in stored if one.in_force(self.scope.today)), None)


def _key(row: Row) -> tuple[str, str]:
    """Return what names a post: its unit and its title, whatever the capitals."""
    return row["unit"], (row["title"] or "").casefold()


def _save(by: User, row: Row, start: dt.date | None, *, post: dict[str, Any] | None, person: bool) -> None:
    """Make or change the post (None: it stays), and appoint; `start` is the first day of an appointment there is."""
    unit = Unit.objects.get(code=row["unit"])
    known = (post for post in Post.objects.filter(unit=unit) if post.title.casefold() == row["title"].casefold())
    stored = next(known, None) or Post(unit=unit, title=row["title"])
    if post is not None:
        _keep(by, stored, post)
    if person:
        user = User.objects.get(username__iexact=row["person"])
        found = Appointment.objects.filter(user=user, post=stored, start=start).first() if start else None
        appointment = found or Appointment(user=user, post=stored, start=row["start"])
        _keep(by, appointment, row.given(*OF_APPOINTMENT))


def _keep(by: User, record: Post | Appointment, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(record, name, value)
    record.full_clean()
    save_record(record=record, by=by)


POSTS: Final = Kind(
    slug="posts",
    label=gettext_lazy("Posts and appointments"),
    what=gettext_lazy("Enter posts of units and who holds them from which day; end an appointment by its last day."),
    file_name="chuc-vu",
    allowed=lambda user: user.may(Permission.CONFIGURE),
    columns=columns,
    codes=codes,
    check=check,
    done=lambda _scope: reverse("admin:units_appointment_changelist"),
)
