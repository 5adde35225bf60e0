"""People, the posts they hold, and whom they look after."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, person_key, search_key
from units.access import Grant, HeldPost, grants_of, posts_held
from units.models.unit import Unit
from units.permissions import Permission
from units.querysets import AppointmentQuerySet, SubstitutionQuerySet, UserManager
from units.roles import Role


class User(AbstractBaseUser):
    """A person. Rights come from appointments in force today, never from the account."""

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Empty: a person without a login."),
        error_messages={"unique": _("This user name is taken. Choose another.")},
    )
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Off: can't log in; the history stays."))
    sort_key = models.CharField(max_length=300, editable=False, default="", db_index=True)
    search = models.CharField(max_length=250, editable=False, default="")
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        ordering = ("sort_key", "pk")
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the person with the keys of the name in step."""
        self.keep_in_step()
        super().save(*args, **kwargs)

    def keep_in_step(self) -> None:
        """Keep the name in normal form and its keys in step."""
        self.username = self.username or None
        self.full_name = nfc(" ".join(self.full_name.split()))
        self.sort_key = person_key(self.full_name)[:300]
        self.search = search_key(self.full_name, self.username or "", self.email)[:250]

    def get_short_name(self) -> str:
        """Return the given name: the last word of a Vietnamese name."""
        return self.full_name.split()[-1] if self.full_name else ""

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Return the rights of the posts held today."""
        return grants_of(self.posts)

    @cached_property
    def posts(self) -> tuple[HeldPost, ...]:
        """Return the posts held today; one query a request."""
        return posts_held(self, clock.today())

    def may(self, permission: Permission, unit: Unit | None = None, *, asker: int | None = None) -> bool:
        """Return whether this person has `permission` over `unit`, or over any unit.

        With `asker` the right is to decide about what that person asked for or reported: nobody does so about their
        own, nor with a post of the asker in which they stand in.
        """
        if asker is not None and asker == self.pk:
            return False
        return any(
            g.permission == permission
            and (unit is None or str(unit.path).startswith(g.path))
            and (asker is None or g.holder != asker)
            for g in self.grants
        )

    def stands_in(self, permission: Permission, unit: Unit, *, asker: int | None = None) -> HeldPost | None:
        """Return the absent person's post that alone gives `permission` over `unit`; None: an own post gives it."""
        holders = [
            g.holder
            for g in self.grants
            if g.permission == permission
            and str(unit.path).startswith(g.path)
            and (asker is None or g.holder != asker)
        ]
        if not holders or 0 in holders:
            return None
        return next(post for post in self.posts if post.absent_id == holders[0])

    @property
    def is_staff(self) -> bool:
        """Return whether the admin site opens (Django asks by this name)."""
        return self.is_active and self.may(Permission.CONFIGURE)

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  # Django's signature
        """Return whether the admin site lets this person do `perm`: all or nothing."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  # Django's signature
        """Return whether the admin site shows an app."""
        return self.is_staff


#: Posts up to this rank are the head of a unit and its deputies.
DEPUTY_RANK = 20


class Post(models.Model):
    """A post (chức vụ) of a unit. It exists whether or not somebody holds it."""

    class Body(models.TextChoices):
        STANDING_COMMITTEE = "standing_committee", _("Standing committee")
        PERMANENT_MEMBERS = "permanent_members", _("Permanent members")
        EXECUTIVE_COMMITTEE = "executive_committee", _("Executive committee")
        INSPECTION_COMMITTEE = "inspection_committee", _("Inspection committee")
        OFFICE = "office", _("Office or department")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=120)
    body = models.CharField(_("body"), max_length=30, choices=Body, blank=True)
    rank = models.PositiveSmallIntegerField(
        _("rank"),
        default=50,
        help_text=_("Order among the posts of a unit; 10 is its head, up to 20 are its deputies."),
    )
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=Role,
        default=Role.READER,
        help_text=_("What the holder may do, over this unit and all below it."),
    )
    signs = models.BooleanField(_("signs documents"), default=False)

    class Meta:
        ordering = ("unit__path", "rank", "title")
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=("unit", "title"),
                name="post_once_a_unit",
                violation_error_message=_(
                    "This unit has a post of that title already. Several people may hold one post."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} – {self.unit.label}"


class Appointment(models.Model):
    """A person holds a post from one day to another (both included)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("person"))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("post"))
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("to"), null=True, blank=True, help_text=_("Last day; empty: until further notice."))
    full_time = models.BooleanField(_("full-time"), default=False)
    provisional = models.BooleanField(
        _("provisional"), default=False, help_text=_("Appointed until the next congress.")
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("post__unit__path", "post__rank", "start")
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("user", "start", "end"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="appointment_start_before_end",
                condition=Q(end__isnull=True) | Q(start__lte=F("end")),
                violation_error_message=_("The last day lies before the first. Correct one of the two dates."),
            ),
            models.UniqueConstraint(
                fields=("user", "post", "start"),
                name="appointment_once",
                violation_error_message=_("This person is already appointed to this post from that day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.post}"

    def in_force(self, day: dt.date) -> bool:
        """Return whether the person holds the post on `day`."""
        return self.start <= day and (self.end is None or self.end >= day)


class Substitution(models.Model):
    """Somebody stands in (thay thế, ủy quyền theo chức vụ) for an absent post-holder, from day to day, both included.

    The rights of the appointment pass to the substitute on these days while the appointment itself is in force and
    its holder's account is active; setting the system up never does. What is passed on cannot be passed on again.
    """

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="substitutions", verbose_name=_("who is absent")
    )
    substitute = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="substitutions", verbose_name=_("substitute")
    )
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("to"), help_text=_("Last day. The rights end by themselves."))
    reason = models.CharField(_("reason"), max_length=300)
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(editable=False)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ("-start", "-pk")
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=("substitute", "start", "end"))]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="substitution_start_before_end",
                condition=Q(start__lte=F("end")),
                violation_error_message=_("The last day lies before the first. Correct one of the two dates."),
            ),
            models.CheckConstraint(name="substitution_with_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} → {self.appointment}"


class Oversight(models.Model):
    """A leader looks after a unit or a field of work (phân công phụ trách) for a time."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="oversights", verbose_name=_("person"))
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="oversights", verbose_name=_("unit")
    )
    field = models.CharField(_("field of work"), max_length=200, blank=True)
    start = models.DateField(_("from"), default=clock.today)
    end = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ("user__sort_key", "start")
        verbose_name = _("oversight")
        verbose_name_plural = _("oversights")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="oversight_unit_or_field",
                condition=Q(unit__isnull=False, field="") | (Q(unit__isnull=True) & ~Q(field="")),
                violation_error_message=_("Name either a unit or a field of work, not both and not neither."),
            ),
            models.CheckConstraint(
                name="oversight_start_before_end",
                condition=Q(end__isnull=True) | Q(start__lte=F("end")),
                violation_error_message=_("The last day lies before the first. Correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.unit or self.field}"
