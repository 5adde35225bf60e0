"""A template filled with the words of a paper: Jinja in a sandbox, user text as values only."""

from __future__ import annotations

import re
import secrets
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from docx.document import Document as DocxDocument
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from doantracker.papers.docx import place_body, words_of
from doantracker.papers.paper import Paper
from doantracker.papers.template_checks import TemplateFaultError

MOST_SAID: Final = 100  # characters of what a library says of a fault


def as_docx(paper: Paper, template: bytes) -> bytes:
    """Return the paper as .docx; raises `TemplateFaultError` for a template that does not work.

    For our own template. One that somebody put in is filled by `filling.fill_template`, in a process of its own.
    """
    sandbox = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    mark = secrets.token_hex(16)  # what nobody can have written into a paper
    try:
        document = _filled(template, words_of(paper, mark), sandbox)
        place_body(document, paper, mark)
        out = BytesIO()
        document.save(out)
    except TemplateError as error:
        raise _fault(error) from error
    except (etree.XMLSyntaxError, BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise TemplateFaultError("broken", str(error)[:MOST_SAID]) from error
    return out.getvalue()


def _filled(template: bytes, words: dict[str, Any], sandbox: SandboxedEnvironment) -> DocxDocument:
    filled = DocxTemplate(BytesIO(template))
    unknown = filled.get_undeclared_template_variables(jinja_env=sandbox) - words.keys()
    if unknown:
        raise TemplateFaultError("unknown_mark", min(unknown))
    try:
        filled.render(words, jinja_env=sandbox, autoescape=True)
    except (TemplateError, etree.XMLSyntaxError, MemoryError, RecursionError):
        raise
    except Exception as error:  # a template may compute whatever it likes, and each way to fail has its own kind
        raise TemplateFaultError("failed", str(error)[:MOST_SAID]) from error
    document: DocxDocument = filled.docx
    return document


#: A mark that never ends, and one of more than one word.
UNCLOSED: Final = re.compile(r"\{[{%][^<>{}]{0,60}(?=[<{])")
WORDY: Final = re.compile(r"\{\{\s*\w+\s+\w[^<>{}]{0,60}\}\}")


def _mark_in(error: TemplateSyntaxError, text: str) -> str:
    """Return the mark a template stumbles over: Jinja names a tag, else the first that is not spelt right."""
    if named := re.search(r"(?:unknown tag|that needs to be closed is) '(\w{1,30})'", text):
        return f"{{% {named[1]} %}}"
    source = error.source or ""
    found = UNCLOSED.search(source) or WORDY.search(source)
    return found[0].strip() if found else "{{ … }}"


def _fault(error: TemplateError) -> TemplateFaultError:
    """Return what is wrong in the words of the template: the mark it is about, where Jinja names one."""
    text = str(error).rstrip(".")
    named = re.search(r"'([^']{1,60})'", text)
    if isinstance(error, SecurityError):
        return TemplateFaultError("forbidden", named[1] if named else "")
    if isinstance(error, UndefinedError):
        return TemplateFaultError("unknown_mark", named[1] if named else "")
    if isinstance(error, TemplateSyntaxError):
        return TemplateFaultError("syntax", _mark_in(error, text))
    return TemplateFaultError("failed", text[:MOST_SAID])
