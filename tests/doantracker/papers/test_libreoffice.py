"""Every paper as LibreOffice opens it: without repair, on the pages and with the words of our own .pdf.

One call converts a folder of papers: it costs six seconds, whatever their number.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from django.db import transaction

from doantracker.papers.docx import default_template
from doantracker.papers.paper import Paper, Text
from doantracker.papers.rendering import as_docx
from doantracker.papers.template_sample import LETTER_SAMPLE, REPORT
from tests.cast import Cast
from tests.doantracker.papers.samples import sample
from tests.doantracker.papers.test_equal_numbers import SCENES, assert_in_order, prepared, squeezed, told

pytestmark = [pytest.mark.office, pytest.mark.usefixtures("today")]
SECONDS = 180


def converted(papers: dict[str, Paper], folder: Path) -> dict[str, list[str]]:
    """Return the pages of each paper as text, as LibreOffice sets them."""
    program = shutil.which("soffice")
    assert program, "LibreOffice was not found. Debian: sudo apt install libreoffice-writer-nogui"
    for name, paper in papers.items():
        data = as_docx(paper, default_template(landscape=paper.landscape))
        (folder / f"{name}.docx").write_bytes(data)
    files = [str(file) for file in sorted(folder.glob("*.docx"))]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder), *files]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=SECONDS)
    assert "rror" not in done.stderr
    return {name: pages_of(folder / f"{name}.pdf") for name in papers}


def pages_of(file: Path) -> list[str]:
    document = pypdfium2.PdfDocument(file)
    return [page.get_textpage().get_text_range() for page in document]


@pytest.fixture
def papers(cast: Cast) -> dict[str, Paper]:
    """One paper of each kind, and the samples that have every part."""
    found = {"sample": sample(), "turned": sample(landscape=True), "report": REPORT, "letter": LETTER_SAMPLE}
    for scene in SCENES:
        with transaction.atomic():  # each scene makes the records of its own year
            found[f"{scene.kind}-{scene.make.__name__}"] = prepared(cast, scene).paper
            transaction.set_rollback(True)
    return found


def test_libreoffice_opens_every_paper_and_reads_what_it_says(papers: dict[str, Paper], tmp_path: Path) -> None:
    for name, pages in converted(papers, tmp_path).items():
        paper, text = papers[name], squeezed(" ".join(pages))
        assert 1 <= len(pages) <= 6, name
        head = [paper.head.body.upper(), "***", f"Số: {paper.head.number}"]
        assert [part for part in head if squeezed(part) not in text] == [], name
        texts = [block.text for block in paper.blocks if isinstance(block, Text)]
        assert_in_order([part for part in (paper.kind_name, paper.abstract, *texts) if part], text)
        words = [word for table in told(paper) for line in table for cell in line for word in cell.split()]
        assert [word for word in words if word not in text] == [], name
        assert_in_order([paper.signature.authority.upper(), paper.signature.post.upper()], text)
        assert pages[0].strip()[:1] != "1", name  # no number on the first page
        number = 1
        for page in pages[1:]:
            number = 1 if page.strip().startswith("PHỤ LỤC") else number + 1  # an annex counts its own pages
            assert number == 1 or page.strip().startswith(str(number)), name
