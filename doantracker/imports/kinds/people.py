"""People by their user name: accounts made and corrected. Passwords are set afterwards, on a page of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.imports.kinds.base import Check, Codes, Kind, Scope, by_name, refuse_faults, twice
from doantracker.imports.outcome import Outcome, Step, differing
from doantracker.imports.sheet import Cell
from doantracker.imports.table import Column, Row, Unreadable, parted, text, yes
from doantracker.lib.text import search_key
from units.administration import administrator_seats, configurable
from units.bulk import save_records
from units.models import User
from units.permissions import Permission

FIELDS: Final = ("full_name", "email", "phone", "is_active")
_USER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_BETWEEN: Final = re.compile(r"[\s.()-]+")  # stands between the digits of a telephone number
#: With 0, with the code of a country, or a number of a service.
_PHONE: Final = re.compile(r"0\d{9,10}|\+\d{8,14}|84\d{9,10}|1[89]00\d{4,6}")
_WITHOUT_ZERO: Final = re.compile(r"[2-9]\d{8,9}")


def user_name(column: Column, cell: Cell) -> str:
    """Read a user name: small letters, as log-in compares them."""
    return text(column, cell).lower()


def phone(column: Column, cell: Cell) -> str:
    """Read a telephone number; a spreadsheet that took it for a number has dropped its leading 0."""
    said = text(column, cell)
    digits = _BETWEEN.sub("", said)
    if _WITHOUT_ZERO.fullmatch(digits):
        wrong = _("Excel dropped the leading 0. Format the cells as text, then type the number with its 0.")
        raise Unreadable(*parted(wrong))
    if not _PHONE.fullmatch(digits):
        raise Unreadable(_("This is no telephone number."), _("Write all its digits, such as 0912345678."))
    return said


def email(column: Column, cell: Cell) -> str:
    """Read an e-mail address."""
    said = text(column, cell)
    try:
        validate_email(said)
    except ValidationError as fault:
        cure = _("Write it like nguyenvana@example.vn, or empty the cell.")
        raise Unreadable(_("This is no e-mail address."), cure) from fault
    return said


def columns(_scope: Scope) -> tuple[Column, ...]:
    """Return the columns."""
    return (
        Column(
            "username", gettext_lazy("User name"),
            gettext_lazy(
                "By it the person is found; an unknown one makes a new account: letters without marks, digits, . _ -"
            ),
            "nguyenvana", user_name, required=True, length=60,
        ),
        Column(
            "full_name", gettext_lazy("Full name"), gettext_lazy("Family name first, as in papers."), "Nguyễn Văn A",
            text, required=True, length=120,
        ),
        Column(
            "email", gettext_lazy("E-mail"), gettext_lazy("For notices and for a forgotten password."),
            "nguyenvana@example.vn", email, clears=True,
        ),
        Column(
            "phone", gettext_lazy("Telephone"), gettext_lazy("Keep the leading 0: the column is text."), "0912345678",
            phone, length=30, clears=True,
        ),
        Column(
            "is_active", gettext_lazy("Active"),
            gettext_lazy("“Không”: the person can't log in any more; the history stays."), "Có", yes,
        ),
    )  # fmt: skip


def check(rows: Sequence[Row], scope: Scope) -> Outcome:
    """Say what the rows would do; two queries."""
    return _Check.of(rows, scope).outcome_of(rows)


def codes(_scope: Scope) -> Iterable[Codes]:
    """Return no lists: a list of people would be one more copy of them."""
    return ()


@dataclass(slots=True)
class _Check(Check):
    """What was read beforehand, and what is to be saved."""

    known: dict[str, User]  # people whom the person sets up, by user name
    taken: frozenset[str]  # user names in use, whoever sets those people up
    new: list[User] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    locked_out: list[int] = field(default_factory=list)  # rows that may take the last administrator away

    @classmethod
    def of(cls, rows: Sequence[Row], scope: Scope) -> _Check:
        """Read whom the rows name: two queries."""
        accounts = User.objects.annotate(name=Lower("username")).filter(name__in={row["username"] for row in rows})
        known = {user.name: user for user in configurable(accounts, scope.by, scope.today)}
        taken = frozenset(accounts.order_by().values_list("name", flat=True))
        return cls(scope, by_name(columns(scope)), known, taken)

    def outcome_of(self, rows: Sequence[Row]) -> Outcome:
        """Check row by row."""
        doubles = twice(rows, lambda row: row["username"], "username")
        for row in rows:
            person = self.known.get(row["username"])
            if earlier := doubles.get(row.number):
                self.refuse_double(row, "username", _("This person stands twice."), earlier)
            elif person is None and row["username"] in self.taken:
                self.refuse(row, "username", _("This user name is taken."), _("Choose another one."))
            elif person is None:
                self.refuse_odd_name(row)
                self.take(row, None)
            else:
                self.take(row, person)
        save = partial(save_records, model=User, new=self.new, changed=self.changed, by=self.scope.by)
        self.outcome.steps.append(Step(tuple(self.locked_out), save))
        return self.outcome

    def refuse_odd_name(self, row: Row) -> None:
        """Refuse a new user name that nobody can type at log-in everywhere; what is there already stays."""
        name = row["username"] or ""
        if not _USER_NAME.fullmatch(name):
            plain = re.sub(r"[^a-z0-9._-]+", ".", search_key(name)).strip("._-") or "nguyenvana"
            cure = _("Write letters without marks, digits, . _ - only, such as %(name)s.") % {"name": plain}
            self.refuse(row, "username", _("A user name holds no spaces and no marks."), cure)

    def take(self, row: Row, person: User | None) -> None:
        """Check one row: a new person, or one that is there."""
        stands = {name: getattr(person, name) for name in FIELDS} if person else {"username": None}
        facts = {name: value for name, value in row.given(*FIELDS).items() if stands.get(name) != value}
        after = facts if person else facts | {"username": row["username"]}
        found = differing(self.columns.values(), stands, after)
        record = person or User(username=row["username"])
        for name, value in facts.items():
            setattr(record, name, value)
        if refuse_faults(self.outcome, row, self.columns.values(), record):
            return
        if not self.outcome.take(row, row["full_name"], found, new=person is None):
            return
        if person is None:
            self.new.append(_account(after))
        else:
            self.changed[person.pk] = facts
            self.locked_out += [] if facts.get("is_active", True) else [row.number]


def _account(facts: dict[str, Any]) -> User:
    """Return a new account; it has no password yet."""
    person = User(**facts)
    person.set_unusable_password()
    return person


PEOPLE: Final = Kind(
    slug="people",
    label=gettext_lazy("People"),
    what=gettext_lazy("Add accounts and correct names, e-mail and telephone. Set passwords afterwards, one by one."),
    file_name="can-bo",
    allowed=lambda user: user.may(Permission.CONFIGURE),
    columns=columns,
    codes=codes,
    check=check,
    hold=lambda scope: administrator_seats(scope.today, lock=True),
    done=lambda _scope: reverse("admin:units_user_changelist"),
)
