"""Make the message catalogues again: `python -m scripts.messages [--check | --missing | --fill FILE.po]`.

Message ids are English; English is filled with them, Vietnamese by people. Catalogues and their compiled form are
committed, because a fresh machine has no gettext. To translate what is new:

    python -m scripts.messages --missing > more.po     # then write the Vietnamese into more.po
    python -m scripts.messages --fill more.po

Strings of other packages that people see need a `gettext_noop("…")` somewhere in our code to be listed here.
"""

import argparse
import contextlib
import difflib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("units", "plans", "reviews", "doantracker", "templates")
SCRIPTS_FOLDER = Path("static") / "js"
LANGUAGES = {"vi": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
DOMAINS = ("django", "djangojs")
LAYOUT = ("--no-wrap", "--sort-output")  # the same text from every version of gettext, whatever file a message is in
HEADER_END = "\n\n"  # the entry that holds the header comes first
SHOWN_LINES = 30
CHANGING_HEADERS = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "X-Generator",
)
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: doantracker\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""


class ExactMessages(makemessages.Command):
    """Django's makemessages that never guesses a translation from a similar message."""

    # Django declares these as lists of the class; --no-fuzzy-matching leaves a new message empty, so it is seen.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]  # noqa: RUF012


def gettext_tool(name: str, *arguments: str) -> str:
    """Run one of gettext's programs and return what it prints."""
    program = shutil.which(name)
    if program is None:
        sys.exit(f"{name} was not found. Debian, Ubuntu: sudo apt install gettext    macOS: brew install gettext")
    done = subprocess.run([program, *arguments], check=False, capture_output=True, encoding="utf-8")  # noqa: S603
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    return done.stdout


def catalogue(root: Path, language: str, domain: str) -> Path:
    """Return where a catalogue stands."""
    return root / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def copy_sources(root: Path, work: Path) -> None:
    """Copy what holds messages: making catalogues writes beside the templates, and others may be editing them."""
    wanted = {".py", ".html", ".txt"}
    sources = [file for package in PACKAGES for file in (root / package).rglob("*") if file.suffix in wanted]
    for file in [*sources, *(root / SCRIPTS_FOLDER).rglob("*.js")]:
        if "migrations" in file.parts or not file.is_file():
            continue
        copy = work / file.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def copy_catalogues(root: Path, work: Path) -> None:
    """Copy the committed catalogues, or begin new ones."""
    for language, plural in LANGUAGES.items():
        for domain in DOMAINS:
            old, new = catalogue(root, language, domain), catalogue(work, language, domain)
            new.parent.mkdir(parents=True, exist_ok=True)
            if old.exists():
                shutil.copyfile(old, new)
            elif domain == "django":
                new.write_text(HEADER.format(language=language, plural=plural), encoding="utf-8")


def without_changing_headers(text: str) -> str:
    """Drop what differs from one making to the next and says nothing."""
    prefixes = tuple(f'"{name}:' for name in CHANGING_HEADERS)
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(prefixes))


def extract(work: Path) -> None:
    """Bring the catalogues in `work` in line with the sources there."""
    with contextlib.chdir(work):
        for domain in DOMAINS:
            call_command(
                ExactMessages(),
                locale=list(LANGUAGES),
                domain=domain,
                no_wrap=True,
                add_location="file",
                no_obsolete=True,
                verbosity=0,
            )


def finish(file: Path, language: str, fill: Path | None) -> None:
    """Fill one catalogue, give it its fixed layout and compile it."""
    if language == "en":
        gettext_tool("msgen", *LAYOUT, "-o", str(file), str(file))
    elif fill is not None:
        gettext_tool("msgmerge", "--quiet", "--update", "--no-fuzzy-matching", "-C", str(fill), str(file), str(file))
    laid_out = gettext_tool("msgattrib", *LAYOUT, str(file))
    file.write_text(without_changing_headers(laid_out), encoding="utf-8")
    gettext_tool("msgfmt", "--check-format", "-o", str(file.with_suffix(".mo")), str(file))


def make(root: Path, work: Path, fill: Path | None = None) -> list[Path]:
    """Make fresh catalogues in `work` from the project in `root`; return them."""
    copy_sources(root, work)
    copy_catalogues(root, work)
    extract(work)
    files = []
    for language in LANGUAGES:
        for file in sorted(catalogue(work, language, "django").parent.glob("*.po")):
            finish(file, language, fill)
            files.append(file)
    return files


def comparable(po_text: str) -> list[str]:
    """Return the lines that matter: a message that only moved to another file is no difference."""
    return [line for line in without_changing_headers(po_text).splitlines() if not line.startswith("#:")]


def compiled_text(file: Path) -> str:
    """Return the messages of a compiled catalogue, empty when there is none."""
    compiled = file.with_suffix(".mo")
    return gettext_tool("msgunfmt", *LAYOUT, str(compiled)) if compiled.exists() else ""


def missing(file: Path) -> str:
    """Return the entries without a translation or with an unsure one, as gettext writes them."""
    return gettext_tool("msgattrib", *LAYOUT, "--untranslated", str(file)) + gettext_tool(
        "msgattrib", *LAYOUT, "--only-fuzzy", str(file)
    )


def shortened(lines: list[str]) -> str:
    """Return the first lines of a long difference: the cure is the same whatever its length."""
    rest = len(lines) - SHOWN_LINES
    return "\n".join(lines[:SHOWN_LINES]) + (f"\n… and {rest} more lines" if rest > 0 else "")


def faults(root: Path, work: Path) -> list[str]:
    """Return what is wrong with the committed catalogues, compared with the fresh ones in `work`."""
    found = []
    for fresh in make(root, work):
        committed = root / fresh.relative_to(work)
        name = committed.relative_to(root).as_posix()
        text = committed.read_text(encoding="utf-8") if committed.exists() else ""
        difference = list(difflib.unified_diff(comparable(text), comparable(fresh.read_text(encoding="utf-8")), n=1))
        if difference:
            found.append(f"{name} is not what the sources give:\n{shortened(difference[2:])}")
        if compiled_text(committed) != compiled_text(fresh):
            found.append(f"{name.removesuffix('po')}mo is not compiled from it.")
        untranslated = missing(fresh)
        if untranslated:
            found.append(f"{name} lacks translations:\n{untranslated.partition(HEADER_END)[2]}")
    return found


def write(root: Path, work: Path, fill: Path | None) -> None:
    """Put fresh catalogues and their compiled form in place of the committed ones."""
    for fresh in make(root, work, fill):
        target = root / fresh.relative_to(work)
        target.parent.mkdir(parents=True, exist_ok=True)
        for suffix in (".po", ".mo"):
            shutil.copyfile(fresh.with_suffix(suffix), target.with_suffix(suffix))
        count = missing(fresh).count("\nmsgid ")  # the header's stands at the very start
        sys.stdout.write(f"{target.relative_to(root).as_posix()}: {count or 'none'} missing\n")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Make, check, list or fill."""
    parser = argparse.ArgumentParser(prog="python -m scripts.messages", description="Make the message catalogues.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--check", action="store_true", help="change nothing; fail when anything is out of date or empty"
    )
    what.add_argument("--missing", action="store_true", help="print the Vietnamese entries that are empty")
    what.add_argument(
        "--fill", type=Path, metavar="FILE.po", help="take translations from this file where one is empty"
    )
    options = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure()  # so that Django looks for catalogues in the working folder only
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if options.check:
            found = faults(root, work)
            if found:
                sys.stdout.write("\n\n".join(found) + "\n\nCure: python -m scripts.messages, then see --help.\n")
            return 1 if found else 0
        if options.missing:
            together = work / "vietnamese.po"
            vietnamese = [str(file) for file in make(root, work) if file.is_relative_to(work / "locale" / "vi")]
            gettext_tool("msgcat", "--use-first", "-o", str(together), *vietnamese)
            sys.stdout.write(missing(together))
            return 0
        fill = options.fill.resolve() if options.fill else None
        if fill:  # a bad placeholder is told with the line in the file that the translator has open
            gettext_tool("msgfmt", "--check-format", "-o", str(work / "fill.mo"), str(fill))
        write(root, work, fill)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
