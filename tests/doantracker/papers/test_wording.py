"""Words that people put in: where they stand when a paper is gathered again."""

from __future__ import annotations

from dataclasses import replace

from doantracker.papers.gaps import bared
from doantracker.papers.paper import Heading, Level, Paper, Text
from doantracker.papers.regathered import regathered
from doantracker.papers.wording import ABSTRACT, NAME, Overtaken, carried, overtaken, worded
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


def test_own_words_are_overtaken_once_the_text_they_were_put_over_is_another() -> None:
    edits, over = {"whole": "Ba nội dung.", "said1": ""}, {"whole": "Có 03 nội dung.", "said1": "A"}
    assert overtaken(said("A"), edits, over) == []
    later = replace(said("A"), blocks=(Text("Có 04 nội dung.", "whole"), *said("A").blocks[1:]))
    found = regathered(said("A"), later, edits, over)
    assert (found.changes, found.lost) == ([], [])  # the paper as it leaves stays the same
    assert found.overtaken == [Overtaken("whole", "Ba nội dung.", "Có 03 nội dung.", "Có 04 nội dung.")]


def test_a_heading_is_bared_when_all_beneath_it_is_cleared() -> None:
    one, two = Heading(Level.SECTION, "I. Một"), Heading(Level.SECTION, "II. Hai")
    plain = sample(blocks=(one, Heading(Level.ITEM, "1. Việc"), two, Text("Chữ.", "next")))
    assert bared(plain, plain) == []  # the item is bare as it was gathered
    assert bared(plain, plain.edited({"next": " "})) == ["II. Hai"]
