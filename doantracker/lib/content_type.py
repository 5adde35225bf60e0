"""What a Content-Type may say before the framework reads it: it raises where no page could answer. Pure."""

from __future__ import annotations

import codecs
from typing import Final

from django.utils.http import parse_header_parameters

#: Charsets of which every byte decodes to text. Of the others Python knows some decode no text ("hex", "rot13"), some
#: raise whatever they are given ("undefined", "idna"), some make halves of characters ("utf-7", "unicode_escape").
READ: Final = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252", "cp1258"})


def legible(content_type: str) -> str:
    """Return a Content-Type without its parameters where one of them can't be read: it is then taken for UTF-8."""
    kind = content_type.partition(";")[0]
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return content_type if codecs.lookup(charset).name in READ else kind
    except (LookupError, ValueError):
        return kind
