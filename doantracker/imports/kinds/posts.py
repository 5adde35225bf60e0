"""Posts by unit and title, and who holds them from day to day. A row without a person is a post nobody holds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from doantracker.imports.kinds.base import Check, Codes, Kind, Scope, by_name, refuse_faults, twice
from doantracker.imports.kinds.people import user_name
from doantracker.imports.kinds.units import MOST_CODES
from doantracker.imports.outcome import Difference, Outcome, Step, differing
from doantracker.imports.table import Column, Row, choice, code, day, parted, text, whole, yes
from units.administration import administrator_seats, configurable, refuse_reach
from units.bulk import save_records
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
class _Check(Check):
    """What was read beforehand."""

    units: dict[str, Unit]
    people: dict[str, User]
    posts: dict[tuple[str, str], Post]
    held: dict[Held, list[Appointment]]
    first: dict[tuple[str, str], Row] = field(default_factory=dict)  # the row that makes or changes a post
    said: dict[tuple[str, str], dict[str, tuple[Any, int]]] = field(default_factory=lambda: defaultdict(dict))
    posts_to_save: dict[tuple[str, str], Row] = field(default_factory=dict)
    appointed: list[Row] = field(default_factory=list)
    reappointed: dict[int, Row] = field(default_factory=dict)  # appointments that change, by their key

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
                self.refuse_double(row, "title", _("This row stands twice."), earlier)
            elif self.is_known(row):
                self.take(row)
            elif row["start"] and row["end"]:
                self.in_order(row, row["start"], row["end"])
        taking = [row for key, row in self.posts_to_save.items() if key in self.posts] + [*self.reappointed.values()]
        self.outcome.steps.append(Step(tuple(sorted({row.number for row in taking})), self.save))
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

    def take(self, row: Row) -> None:
        """Check one row: what it says of the post, and of who holds it."""
        before = len(self.outcome.findings)
        key = _key(row)
        of_post = self.of_post(row, key)
        of_person, found = self.of_person(row) if row["person"] else ([], None)
        if len(self.outcome.findings) > before:
            return
        new = key not in self.posts and self.first.get(key) is row
        appoints = bool(row["person"]) and found is None
        label = f"{row['title']} – {self.units[row['unit']].label}"
        if self.outcome.take(row, label, [*of_post, *of_person], new=new or appoints):
            self.posts_to_save |= {key: row} if new or of_post else {}
            self.appointed += [row] if appoints else []
            self.reappointed |= {found.pk: row} if found and of_person else {}

    def of_post(self, row: Row, key: tuple[str, str]) -> list[Difference]:
        """Return what a row changes in the post; the first row about a post does it for all of them."""
        for name, value in row.given(*OF_POST).items():
            known, number = self.said[key][name]
            if known != value:
                wrong = _("Row %(row)s says something else of this post.") % {"row": number}
                self.refuse(row, name, wrong, _("Write the same in both rows, or leave it empty in one."))
        if self.first.setdefault(key, row) is not row:
            return []
        stored, given = self.posts.get(key), self.facts(key)
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

    def of_person(self, row: Row) -> tuple[list[Difference], Appointment | None]:
        """Return what a row changes in an appointment, and the one that is there; None: a new one."""
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
        return differing(self.columns.values(), stands, facts), found

    def appointment(self, row: Row, held: list[Appointment]) -> Appointment | None:
        """Return the appointment a row is about: that of its first day; without one, that in force today."""
        stored = [one for one in held if one.pk]
        if row["start"]:
            return next((one for one in stored if one.start == row["start"]), None)
        return next((one for one in stored if one.in_force(self.scope.today)), None)

    # --- the act ---

    def save(self) -> None:
        """Make and change the posts, then appoint."""
        known = {key: row for key, row in self.posts_to_save.items() if key in self.posts}
        made = {key: self.post(key, row) for key, row in self.posts_to_save.items() if key not in self.posts}
        changed = {self.posts[key].pk: self.facts(key) for key in known}
        save_records(model=Post, new=list(made.values()), changed=changed, by=self.scope.by)
        posts = self.posts | made
        save_records(
            model=Appointment,
            new=[self.appointment_of(row, posts[_key(row)]) for row in self.appointed],
            changed={pk: row.given(*OF_APPOINTMENT) for pk, row in self.reappointed.items()},
            by=self.scope.by,
        )

    def facts(self, key: tuple[str, str]) -> dict[str, Any]:
        """Return what the rows say of a post."""
        return {name: value for name, (value, _row) in self.said[key].items()}

    def post(self, key: tuple[str, str], row: Row) -> Post:
        """Return a new post."""
        return Post(unit=self.units[row["unit"]], title=row["title"], **self.facts(key))

    def appointment_of(self, row: Row, post: Post) -> Appointment:
        """Return a new appointment."""
        return Appointment(
            user=self.people[row["person"]], post=post, start=row["start"], **row.given(*OF_APPOINTMENT)
        )


def _key(row: Row) -> tuple[str, str]:
    """Return what names a post: its unit and its title, whatever the capitals."""
    return row["unit"], (row["title"] or "").casefold()


POSTS: Final = Kind(
    slug="posts",
    label=gettext_lazy("Posts and appointments"),
    what=gettext_lazy("Enter posts of units and who holds them from which day; end an appointment by its last day."),
    file_name="chuc-vu",
    allowed=lambda user: user.may(Permission.CONFIGURE),
    columns=columns,
    codes=codes,
    check=check,
    hold=lambda scope: administrator_seats(scope.today, lock=True),
    done=lambda _scope: reverse("admin:units_appointment_changelist"),
)
