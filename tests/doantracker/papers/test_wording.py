"""Words that people put in: where they stand when a paper is gathered again."""

from __future__ import annotations

from doantracker.papers.paper import Paper, Text
from doantracker.papers.wording import ABSTRACT, NAME, carried, worded
from tests.doantracker.papers.samples import sample


def said(*texts: str) -> Paper:
    return sample(blocks=(Text("Có 03 nội dung.", "whole"), *(Text(t, f"said{n}") for n, t in enumerate(texts, 1))))


def test_words_follow_their_paragraph_when_one_comes_in_above() -> None:
    edits = {"said2": "B, sửa", "whole": "Ba nội dung.", ABSTRACT: "Khác"}
    kept, lost = carried(said("A", "B"), said("Khai mạc", "A", "B"), edits)
    assert (kept, lost) == ({"said3": "B, sửa", "whole": "Ba nội dung.", ABSTRACT: "Khác"}, [])


def test_words_of_a_paragraph_that_is_gone_are_told() -> None:
    assert carried(said("A", "B"), said("A", "C"), {"said2": "B, sửa"}) == ({}, ["B, sửa"])


def test_who_else_signs_stays_when_the_signer_is_worded_anew() -> None:
    paper = sample()
    assert worded(paper, {NAME: "Lê Văn Khác"}).signature.left == paper.signature.left
