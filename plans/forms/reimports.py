"""An edited document comes in again: the file, then a choice about each difference."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plans.forms.imports import ImportForm
from plans.models import Plan
from plans.reimport.comparison import KINDS, Choice, State

_NAME: Final = re.compile(rf"(?:{'|'.join(KINDS)})-(?:{'|'.join(State)})-\d{{1,18}}")


class ReimportForm(ImportForm):
    """The edited document of a draft, in any way a plan comes in; the issuing unit is that of the draft."""

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, units=[plan.issuing_unit], **kwargs)


class ChoicesForm(forms.Form):
    """What to do about each difference, and the digest of the comparison that was shown.

    A choice is a field called like its difference; one that nobody chose about is missing and goes as proposed.
    """

    seen = forms.CharField(max_length=64)

    def clean(self) -> dict[str, Any]:
        """Collect the choices; refuse what is none."""
        self.choices: dict[str, Choice] = {}
        for name, value in self.data.items():
            if not _NAME.fullmatch(name):
                continue
            if value not in set(Choice):
                raise ValidationError(_("Choose one of the two for each difference."))
            self.choices[name] = Choice(str(value))
        return self.cleaned_data
