"""`.env.example` names every setting, and its values are safe."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ANY_LINE = re.compile(r"^(?:# )?([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)


def example() -> dict[str, str]:
    """Return every setting of the example, those behind a # too."""
    return dict(ANY_LINE.findall((ROOT / ".env.example").read_text(encoding="utf-8")))


def test_it_names_every_setting_that_is_read() -> None:
    source = (ROOT / "doantracker/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"(?:env\.\w+|_int|_bool|_time|_required)\(\s*\"([A-Z_]+)\"", source))

    assert {"PRODUCTION", "DATABASE_URL", "SESSION_HOURS"} <= read
    assert read - set(example()) == set()


def test_it_names_every_variable_of_the_compose_file() -> None:
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    assert set(re.findall(r"\$\{([A-Z_]+)", compose)) - set(example()) == set()


def test_it_holds_no_key_and_no_password() -> None:
    assert (example()["SECRET_KEY"], example()["POSTGRES_PASSWORD"]) == ("", "")
    assert (example()["PRODUCTION"], example()["DEBUG"]) == ("0", "0")
