"""Fetch the files listed in vendor.toml again: `python -m scripts.vendor`.

npm's own configuration of whoever runs this says where packages come from, so no address stands here. A package whose
sha512 differs from the one written down is refused before anything is copied.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "scripts" / "vendor.toml"
CHECKSUMS = ROOT / "static" / "vendor" / "checksums.json"


@dataclass(frozen=True)
class Package:
    """One package of vendor.toml."""

    name: str
    version: str
    licence: str
    integrity: str
    target: str
    files: tuple[str, ...]


def listed_packages() -> list[Package]:
    """Return what vendor.toml asks for."""
    content = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return [Package(**{**entry, "files": tuple(entry["files"])}) for entry in content["package"]]


def fetch(package: Package, folder: Path) -> Path:
    """Have npm pack the package into `folder` and return the archive, its sha512 compared."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not on PATH. It is needed to fetch vendored files again, never to run doantracker.")
    command = [npm, "pack", "--silent", "--pack-destination", str(folder), f"{package.name}@{package.version}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - name and version come from vendor.toml
    archive = next(folder.glob("*.tgz"))
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if integrity != package.integrity:
        sys.exit(
            f"{package.name}@{package.version}: got {integrity}, vendor.toml says {package.integrity}. Nothing copied."
        )
    return archive


def without_source_map(content: bytes) -> bytes:
    """Drop the reference to a source map: the map is not kept, and the production storage stops on a missing file."""
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if b"sourceMappingURL=" not in line)


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return one file of the package, ready to commit."""
    member = archive.extractfile(f"package/{name}")
    if member is None:
        sys.exit(f"{name} is a folder, not a file. List single files in vendor.toml.")
    content = member.read()
    return without_source_map(content) if name.endswith((".css", ".js")) else content


def copy(package: Package, archive: Path) -> dict[str, str]:
    """Copy the listed files and the licence in place of the old ones; return path → sha256."""
    target = ROOT / package.target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    digests = {}
    with tarfile.open(archive) as tar:
        for name in ("LICENSE", *package.files):
            content = read_member(tar, name)
            file = target / Path(name).name
            file.write_bytes(content)
            digests[file.relative_to(ROOT).as_posix()] = hashlib.sha256(content).hexdigest()
    return digests


def main() -> None:
    """Fetch, compare and copy every package, then write the checksums."""
    entries: list[dict[str, Any]] = []
    for package in listed_packages():
        with tempfile.TemporaryDirectory() as folder:
            digests = copy(package, fetch(package, Path(folder)))
        entries.append(
            {"name": package.name, "version": package.version, "licence": package.licence, "sha256": digests}
        )
        sys.stdout.write(f"{package.name} {package.version}: {len(digests)} files\n")
    CHECKSUMS.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
