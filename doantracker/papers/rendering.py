"""A template filled with the words of a paper: Jinja in a sandbox, user text as values only."""

from __future__ import annotations

from io import BytesIO

from django.utils.crypto import get_random_string
from docx.document import Document as DocxDocument
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from doantracker.papers.docx import place_body, words_of
from doantracker.papers.paper import Paper


def as_docx(paper: Paper, template: bytes) -> bytes:
    """Return the paper as .docx. Raises `jinja2.TemplateError` and `ValueError` for a template that does not work."""
    filled = DocxTemplate(BytesIO(template))
    sandbox = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    mark = get_random_string(32)  # what nobody can have written into a paper
    filled.render(words_of(paper, mark), jinja_env=sandbox, autoescape=True)
    document: DocxDocument = filled.docx
    place_body(document, paper, mark)
    out = BytesIO()
    document.save(out)
    return out.getvalue()
