"""Catalogues are made from the sources, and the check sees what a person forgot."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.messages import ROOT

pytestmark = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="gettext is for developers; start.py check fails without it"
)
PATH = str(Path(shutil.which("xgettext") or "").parent)
RUN = "import pathlib, sys; from scripts.messages import main; sys.exit(main(sys.argv[2:], pathlib.Path(sys.argv[1])))"


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script on another project: in a process of its own, because it works without our settings."""
    command = [sys.executable, "-c", RUN, str(project), *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, encoding="utf-8", env={"PATH": PATH})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one message in Python, one plural in a template, and catalogues that are complete."""
    for name in ("units", "templates"):
        (tmp_path / name).mkdir()
    (tmp_path / "units" / "labels.py").write_text('from x import gettext as _\n\n_("Deadline")\n', encoding="utf-8")
    (tmp_path / "templates" / "list.html").write_text(
        "{% blocktranslate count n=n %}{{ n }} unit{% plural %}{{ n }} units{% endblocktranslate %}", encoding="utf-8"
    )
    translations = tmp_path / "more.po"
    translations.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
        'msgid "Deadline"\nmsgstr "Thời hạn"\n\n'
        '#, python-format\nmsgid "%(n)s unit"\nmsgid_plural "%(n)s units"\nmsgstr[0] "%(n)s đơn vị"\n',
        encoding="utf-8",
    )
    made = run(tmp_path, "--fill", str(translations))
    assert (made.stderr, made.returncode) == ("", 0)
    return tmp_path


def vietnamese(project: Path) -> Path:
    return project / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def test_complete_catalogues_pass(project: Path) -> None:
    checked = run(project, "--check")

    assert (checked.stdout, checked.returncode) == ("", 0)


def test_english_is_filled_with_the_message_ids(project: Path) -> None:
    text = (project / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")

    assert 'msgid "Deadline"\nmsgstr "Deadline"' in text
    assert 'msgstr[1] "%(n)s units"' in text


def test_a_new_message_is_listed_and_fails_the_check(project: Path) -> None:
    (project / "units" / "new.py").write_text('from x import gettext as _\n\n_("Deadlines")\n', encoding="utf-8")

    checked = run(project, "--check")

    assert checked.returncode == 1
    assert (
        'lacks translations:\n#: units/new.py\nmsgid "Deadlines"\nmsgstr ""' in checked.stdout
    )  # no guess from the similar message


def test_a_message_that_only_moved_passes(project: Path) -> None:
    (project / "units" / "labels.py").rename(project / "units" / "words.py")

    assert run(project, "--check").returncode == 0


def test_a_catalogue_that_was_not_compiled_fails(project: Path) -> None:
    text = vietnamese(project).read_text(encoding="utf-8").replace("Thời hạn", "Hạn")
    vietnamese(project).write_text(text, encoding="utf-8")

    checked = run(project, "--check")

    assert checked.stdout.startswith("locale/vi/LC_MESSAGES/django.mo is not compiled from it.")
    assert checked.returncode == 1


def test_an_unsure_translation_fails(project: Path) -> None:
    text = vietnamese(project).read_text(encoding="utf-8").replace('msgid "Deadline"', '#, fuzzy\nmsgid "Deadline"')
    vietnamese(project).write_text(text, encoding="utf-8")

    checked = run(project, "--check")

    assert "#, fuzzy" in checked.stdout
    assert checked.returncode == 1


def test_a_translation_that_loses_a_placeholder_is_refused_with_its_line(project: Path) -> None:
    (project / "units" / "new.py").write_text('from x import gettext as _\n\n_("%(n)s days")\n', encoding="utf-8")
    more = project / "more.po"
    more.write_text('#, python-format\nmsgid "%(n)s days"\nmsgstr "vài ngày"\n', encoding="utf-8")

    filled = run(project, "--fill", str(more))

    assert "more.po:3: a format specification for argument 'n' doesn't exist" in filled.stderr
    assert filled.returncode == 1
