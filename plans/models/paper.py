"""What every paper of a union has in common: a number and symbol, a title, and words a search finds it by."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key

SEARCH_LENGTH = 600  # characters


class Paper(models.Model):
    """A paper with a text of its own, a draft until it has its number."""

    title = models.CharField(_("title"), max_length=500)
    symbol = models.CharField(_("number and symbol"), max_length=60, blank=True)
    search = models.CharField(max_length=SEARCH_LENGTH, editable=False, default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.symbol} – {self.title}" if self.symbol else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form and the search column in step."""
        self.title, self.symbol = nfc(self.title), nfc(self.symbol)
        self.search = search_key(self.symbol, self.title)[:SEARCH_LENGTH]
        super().save(*args, **kwargs)
