"""Forms of feedback rounds: preparing one, contributing, self-review reports, replies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.actions.proof import Upload
from plans.enums import PlanStatus
from plans.evidence_files import ENDINGS
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField
from plans.forms.seen import GREATEST
from plans.forms.units import UnitNameField, UnitNamesField
from plans.models import Plan
from plans.resolving import UnitNames
from plans.validators import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT, sane_day
from reviews.actions.feedback import Asked
from reviews.bodies import bodies_of
from reviews.enums import MEETING_BODIES, InvitationKind, ReplyKind
from reviews.feedback_steps import DAYS, out_of_order
from reviews.forms.meetings import NO_CHOICE
from reviews.models import FeedbackRound, FeedbackTarget, FeedbackTopic
from units.models import Appointment, Unit, User
from units.models.person import DEPUTY_RANK

HEAD_RANK: Final = 10
PLANS_OFFERED: Final = 100
LONGEST_LINES: Final = 20_000
#: Written into a new round; everyone may write others.
USUAL_TOPICS: Final = (
    "Tư tưởng chính trị, đạo đức, lối sống, tác phong công tác",
    "Công tác cán bộ, xây dựng tổ chức Đoàn và chất lượng đoàn viên",
    "Tập trung dân chủ, trách nhiệm của tập thể, cá nhân và người đứng đầu",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person who can be chosen, with the post that says why."""

    person: User
    unit: Unit
    title: str


class RoundForm(DraftSeenForm):
    """A round while it is prepared, all on one page. A new one carries no version."""

    title = forms.CharField(label=gettext_lazy("Name of the round"), max_length=300)
    body = forms.ChoiceField(
        label=gettext_lazy("Body that reviews itself"), widget=PlainSelect,
        help_text=gettext_lazy("A unit without a standing committee chooses its executive committee."),
    )  # fmt: skip
    year = forms.IntegerField(
        label=gettext_lazy("About the year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False
    )
    plan = forms.ChoiceField(label=gettext_lazy("Plan it carries out"), required=False, widget=PlainSelect)
    consolidated_by = UnitNameField(
        label=gettext_lazy("Consolidated by"), must_lead=True,
        help_text=gettext_lazy("Owes the self-review reports, the result and the reply in the register of deadlines."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Who sees who contributed"),
        choices=(
            ("anonymous", gettext_lazy("Anonymous: nobody can see who said what")),
            ("named", gettext_lazy("Named: those who may see feedback see who said what")),
            ("open", gettext_lazy("Named, and those spoken of see it too")),
        ),
        initial="anonymous",
        widget=forms.RadioSelect,
    )
    contributions_by = forms.DateField(label=gettext_lazy("Contributions by"), widget=PlainDate, validators=[sane_day])
    report_by = forms.DateField(label=gettext_lazy("Self-review reports by"), widget=PlainDate, validators=[sane_day])
    meeting_on = forms.DateField(label=gettext_lazy("Review meeting on"), widget=PlainDate, validators=[sane_day])
    reply_by = forms.DateField(label=gettext_lazy("Result and reply by"), widget=PlainDate, validators=[sane_day])
    collectives = forms.MultipleChoiceField(
        label=gettext_lazy("Collectives it is about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    persons = forms.MultipleChoiceField(
        label=gettext_lazy("Persons it is about"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.CharField(
        label=gettext_lazy("Topics"), max_length=LONGEST_LINES, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One topic a line."),
    )  # fmt: skip
    units = UnitNamesField(label=gettext_lazy("Units asked to contribute"), required=False)
    bodies = forms.MultipleChoiceField(
        label=gettext_lazy("Bodies asked to contribute"), required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Persons asked to contribute"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = forms.CharField(
        label=gettext_lazy("Guests asked by a link"), required=False, max_length=LONGEST_LINES,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Former members, bodies outside the Union: one a line. They need no log-in."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Unit, user: User, today: dt.date, changed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = changed
        self.unit, self.names = unit, UnitNames.below(unit, today)
        for name in ("consolidated_by", "units"):
            named: Any = self.fields[name]
            named.names = self.names
        bodies = [(b.value, b.label) for b in bodies_of(unit, today)]
        self.departments = {str(u.pk): u for u in _departments(unit, today)}
        self.somebody = {str(s.person.pk): s for s in _people(unit, list(self.departments.values()), today)}
        persons = [(pk, f"{s.person.full_name} – {s.title}, {s.unit.label}") for pk, s in self.somebody.items()]
        collectives = [*bodies, *((pk, u.name) for pk, u in self.departments.items())]
        self.plans = {str(p.pk): p for p in _plans(unit, user)}
        plans = [*NO_CHOICE, *((pk, str(p)[:120]) for pk, p in self.plans.items())]
        offered = {"body": bodies, "bodies": bodies, "persons": persons, "people": persons}
        for name, choices in (offered | {"collectives": collectives, "plan": plans}).items():
            field: Any = self.fields[name]
            field.choices = choices

    @staticmethod
    def initial_of(row: FeedbackRound) -> dict[str, Any]:
        """Return the present values."""
        plain = ("title", "body", "year", "contributions_by", "report_by", "meeting_on", "reply_by", "version")
        targets, invited = list(row.targets.all()), list(row.invitations.all())
        return {
            **{name: getattr(row, name) for name in plain},
            "plan": row.plan_id,
            "consolidated_by": row.consolidated_by,
            "kind": "anonymous" if row.anonymous else "open" if row.names_to_targets else "named",
            "collectives": [t.body or str(t.unit_id) for t in targets if t.person_id is None],
            "persons": [str(t.person_id) for t in targets if t.person_id],
            "topics": "\n".join(topic.text for topic in row.topics.all()),
            "units": [i.unit_id for i in invited if i.kind == InvitationKind.UNIT],
            "bodies": [i.body for i in invited if i.kind == InvitationKind.BODY],
            "people": [str(i.person_id) for i in invited if i.kind == InvitationKind.PERSON],
            "guests": "\n".join(i.name for i in invited if i.kind == InvitationKind.GUEST),
        }

    def clean(self) -> dict[str, Any]:
        """Say at which day the order breaks."""
        facts = super().clean()
        days = [facts.get(column) for column in DAYS.values()]
        if all(days):
            late = out_of_order([day for day in days if day])
            if late is not None:
                before = list(DAYS)[late - 1].label
                self.add_error(
                    list(DAYS.values())[late], _("This day lies before that of “%(step)s”.") % {"step": before}
                )
        return facts

    def values(self) -> dict[str, Any]:
        """Return what the acts take of the round itself."""
        data = self.cleaned_data
        plain = ("title", "body", "year", "consolidated_by", *DAYS.values())
        return {
            **{name: data[name] for name in plain},
            "plan": self.plans.get(data["plan"]),
            "anonymous": data["kind"] == "anonymous",
            "names_to_targets": data["kind"] == "open",
        }

    def asked(self) -> Asked:
        """Return whom it is about and who is asked."""
        data = self.cleaned_data
        collectives = [
            (self.departments[c], "", None, "") if c in self.departments else (self.unit, c, None, "")
            for c in data["collectives"]
        ]
        persons = [(s.unit, "", s.person, s.title) for s in (self.somebody[pk] for pk in data["persons"])]
        return Asked(
            targets=(*collectives, *persons),
            topics=tuple(data["topics"].splitlines()),
            units=tuple(data["units"]),
            bodies=tuple((self.unit, body) for body in data["bodies"]),
            people=tuple(self.somebody[pk].person for pk in data["people"]),
            guests=tuple(data["guests"].splitlines()),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the form of a contributor."""

    topic: FeedbackTopic
    field: Any  # bound


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked about one target; `begun`: something stands there already."""

    target: FeedbackTarget
    questions: list[Question]
    begun: bool


class ContributeForm(forms.Form):
    """A text for each target and topic; what is left empty says nothing."""

    def __init__(
        self,
        *args: Any,
        targets: list[FeedbackTarget],
        topics: list[FeedbackTopic],
        said: dict[tuple[int, int], str],
        once: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.targets, self.topics = targets, topics
        self.places = {(t.pk, topic.pk): f"say-{t.pk}-{topic.pk}" for t in targets for topic in topics}
        for place, name in self.places.items():
            self.fields[name] = forms.CharField(
                required=False,
                max_length=LONGEST_TEXT,
                initial=said.get(place, ""),
                widget=forms.Textarea({"rows": 3, "class": "form-control"}),
            )
        if once:  # what is handed in can't be changed
            self.fields["final"] = forms.BooleanField(
                label=_("I have finished: what is handed in can't be shown or changed any more."),
                error_messages={"required": _("Tick that you have finished.")},
                widget=forms.CheckboxInput({"class": "form-check-input"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for something to say."""
        facts = super().clean() or {}
        if not self.errors and not any(facts[name].strip() for name in self.places.values()):
            raise forms.ValidationError(_("Write something under at least one topic."))
        return facts

    def grouped(self) -> list[Questions]:
        """Return the fields as the page shows them: by target."""
        found = []
        for target in self.targets:
            questions = [Question(topic, self[self.places[target.pk, topic.pk]]) for topic in self.topics]
            found.append(Questions(target, questions, any(q.field.value() for q in questions)))
        return found

    def texts(self) -> dict[tuple[int, int], str]:
        """Return what the act takes."""
        return {place: self.cleaned_data.get(name, "") for place, name in self.places.items()}


class SelfReviewForm(DraftSeenForm):
    """The report of a target on the self-review."""

    accepted = ",".join(ENDINGS)

    text = forms.CharField(
        label=gettext_lazy("Self-review report"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 10}),
    )  # fmt: skip
    uploads = FilesField(label=gettext_lazy("Files of the report"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget.attrs["accept"] = self.accepted

    def clean_uploads(self) -> tuple[Upload, ...]:
        """Return the files as the act takes them."""
        return tuple(Upload.of(file) for file in self.cleaned_data["uploads"])


class ReplyForm(forms.Form):
    """What becomes of a contribution."""

    kind = forms.ChoiceField(label=gettext_lazy("What becomes of it"), choices=ReplyKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Reply"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Printed beside the contribution. Name nobody who contributed."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST, initial=0)


class ResultForm(DraftSeenForm):
    """The result of the review."""

    text = forms.CharField(
        label=gettext_lazy("Result of the review: what was taken up"), max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 8}),
    )  # fmt: skip


class GuestForm(forms.Form):
    """One more guest."""

    name = forms.CharField(label=gettext_lazy("Name of the guest"), max_length=200)


def _departments(unit: Unit, today: dt.date) -> list[Unit]:
    """Return the departments that stand right below a unit."""
    below = Unit.objects.in_force(today).below(unit).filter(depth=unit.depth + 1, kind__has_subtree=False)
    return list(below.order_by("path"))


def _people(unit: Unit, departments: list[Unit], today: dt.date) -> list[Somebody]:
    """Return who sits in the bodies of a unit, its leaders and the heads of its departments, each once."""
    sits = Q(post__unit=unit) & (Q(post__body__in=MEETING_BODIES) | Q(post__rank__lte=DEPUTY_RANK))
    heads = Q(post__unit__in=departments, post__rank__lte=HEAD_RANK)
    held = Appointment.objects.in_force(today).filter(sits | heads).select_related("user", "post__unit")
    rows = held.order_by("post__unit__path", "post__rank", "user__sort_key", "pk")
    found: dict[int, Somebody] = {}
    for row in rows:
        found.setdefault(row.user_id, Somebody(row.user, row.post.unit, row.post.title))
    return list(found.values())


def _plans(unit: Unit, user: User) -> list[Plan]:
    rows = Plan.objects.visible_to(user).filter(issuing_unit=unit, status=PlanStatus.PUBLISHED, programme=None)
    return list(rows.order_by("-issued_on", "-pk")[:PLANS_OFFERED])
