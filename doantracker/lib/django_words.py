"""Words of Django's own pages that its Vietnamese catalogue lacks or words clumsily: listed here for ours."""

from typing import Final

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

WORDS: Final = (
    _("Please correct the error below."),
    _("Please correct the errors below."),
    _("Skip to main content"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Enter a valid URL."),
    _("Add %(name)s"),
    _(" By %(filter_title)s "),
    _("Null characters are not allowed."),
    _("Enter a valid %(protocol)s address."),
    _("“%(pk)s” is not a valid value."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
