"""Committed files of other projects are what was fetched; none of ours names a registry or a path of one machine."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from scripts import vendor

ROOT = vendor.ROOT
# Written in parts, so that this file does not find itself.
REGISTRY_HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("debian", "org/debian"),
    ("jsdelivr", "net"),
    ("unpkg", "com"),
    ("cdnjs", "cloudflare", "com"),
    ("fonts", "googleapis", "com"),
    ("fonts", "gstatic", "com"),
)
REGISTRY = re.compile("|".join(re.escape(".".join(parts)) for parts in REGISTRY_HOSTS))
MACHINE_PATH = re.compile(
    r"(?<![\w.>}])/(?:"
    + "|".join(("wo" + "rk/(?:main|shared|[.])", "far" + "m/", "ro" + "ot/", "ho" + r"me/\w+/"))
    + ")"
    r"|[A-Z]:\\\\?Us" + r"ers\\"
    r"|(?<![\w.])/Us" + r"ers/\w"
)


def written_down() -> dict[str, str]:
    entries = json.loads(vendor.CHECKSUMS.read_text(encoding="utf-8"))
    return {path: digest for entry in entries for path, digest in entry["sha256"].items()}


def committed_files() -> list[Path]:
    """Return what git keeps; without git (an unpacked archive) every file but those that are made locally."""
    if (ROOT / ".git").exists():
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
        files = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        made_here = {".venv", "var", "staticfiles", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
        files = [file for file in ROOT.rglob("*") if not made_here & set(file.relative_to(ROOT).parts)]
    return [file for file in files if file.is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for file in committed_files():
        content = file.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return found


def test_vendored_files_equal_their_checksums() -> None:
    digests = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in written_down()}

    assert digests == written_down()


def test_every_vendored_file_is_written_down() -> None:
    folders = [ROOT / "static" / "vendor", ROOT / "tests" / "e2e" / "vendor"]
    present = {file.relative_to(ROOT).as_posix() for folder in folders for file in folder.rglob("*") if file.is_file()}

    assert present - {vendor.CHECKSUMS.relative_to(ROOT).as_posix()} == set(written_down())


def test_checksums_are_those_of_the_listed_versions() -> None:
    entries = json.loads(vendor.CHECKSUMS.read_text(encoding="utf-8"))

    assert [(e["name"], e["version"], e["licence"]) for e in entries] == [
        (package.name, package.version, package.licence) for package in vendor.listed_packages()
    ]


def test_every_package_keeps_its_licence_file() -> None:
    assert all((ROOT / package.target / "LICENSE").is_file() for package in vendor.listed_packages())


def test_source_map_lines_are_dropped() -> None:
    assert vendor.without_source_map(b"a{}\n/*# sourceMappingURL=a.css.map */\n") == b"a{}\n"


def test_runtime_lock_is_part_of_the_developers_lock() -> None:
    pins = re.compile(r"^\S+==\S+", re.MULTILINE)
    runtime, developers = (
        set(pins.findall((ROOT / name).read_text(encoding="utf-8")))
        for name in ("requirements.lock", "requirements-dev.lock")
    )

    assert runtime < developers


def test_no_committed_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY) == []


def test_no_committed_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cd /" + "work/main", True),
        ("see /" + "home/an/notes.txt", True),
        ("C:\\Us" + "ers\\an", True),
        ("/workshop/main", False),
        ("https://example.vn/home/an/", False),
    ],
)
def test_machine_paths_are_told_from_addresses(line: str, *, expected: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is expected
