"""Reads a plan: text in, a draft out that a person then confirms. Pure, deterministic, linear in the text.

What is unsure carries its reason in `doubt`; nothing is dropped for being unsure and nothing is made up.
"""

from __future__ import annotations

from dataclasses import replace

from plans.reading.commitments import NOT_READ_AFTER, Commitments
from plans.reading.drafts import DraftPlan
from plans.reading.front_matter import read_header
from plans.reading.outline import as_paragraphs, outline
from plans.reading.outline_nodes import Zone
from plans.reading.readers import MAX_FILLED, MAX_LINE, Line, Text, read_document, text_of
from plans.reading.references import find_references, unique

PICTURES = "pictures of text, not read: pages "  # a warning; the numbers of the pages follow


def read_text(text: str, *, name: str = "") -> DraftPlan:
    """Return the draft of the plan in `text`; any text is read, the worst gives an empty draft.

    Of a text longer than any plan the beginning is read, and `warnings` says so.
    """
    whole = _with_short_lines(text_of(text, name))
    filled = [line for line in whole.lines if line.text.strip()]
    if len(filled) <= MAX_FILLED:
        return read_lines(whole)
    last = filled[MAX_FILLED - 1].number
    part = Text(tuple(line for line in whole.lines if line.number <= last), name)
    return replace(read_lines(part), warnings=(f"{NOT_READ_AFTER}{last}",))


def read_bytes(data: bytes, name: str, *, convert: str = "") -> DraftPlan:
    """Return the draft of the plan in the file `name` with content `data`, or raise `ReadError`."""
    text = read_document(data, name, convert=convert)
    draft = read_lines(text)
    if not text.unread_pages:
        return draft
    pages = ", ".join(map(str, text.unread_pages))
    return replace(draft, warnings=(*draft.warnings, PICTURES + pages))


def read_lines(text: Text) -> DraftPlan:
    """Return the draft of the plan in numbered lines."""
    nodes = outline(text)
    header = read_header(nodes)
    draft = Commitments(nodes, header).draft()
    references = unique(
        reference
        for index, node in enumerate(nodes)
        if node.zone not in {Zone.HEADER, Zone.END}
        for reference in find_references(node.text, index)
        if reference.symbol != header.symbol  # "Kèm theo Kế hoạch số …" at the head of its own appendix
    )
    return replace(draft, header=header, paragraphs=as_paragraphs(nodes), references=references)


def _with_short_lines(text: Text) -> Text:
    """Return `text` with endless lines cut, so that no step meets one."""
    if all(len(line.text) <= MAX_LINE for line in text.lines):
        return text
    lines: list[Line] = []
    for line in text.lines:
        pieces = [line.text[i : i + MAX_LINE] for i in range(0, len(line.text), MAX_LINE)] or [""]
        lines.extend(replace(line, text=piece) for piece in pieces)
    return Text(tuple(lines), text.name)
