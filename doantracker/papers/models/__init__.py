"""Nouns of papers, one topic a file."""

from doantracker.papers.models.export import Export
from doantracker.papers.models.official_paper import OfficialPaper
from doantracker.papers.models.template import PaperTemplate
from doantracker.papers.models.term import FirstNumber, Term

__all__ = ["Export", "FirstNumber", "OfficialPaper", "PaperTemplate", "Term"]
