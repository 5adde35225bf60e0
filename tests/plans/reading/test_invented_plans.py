"""Plans of twenty-two bodies, keyed before the reader had read them, against what it reads in them."""

import tomllib

import pytest

from tests.plans.reading.agreement import FOLDER, NAMES, differences

KNOWN: dict[str, list[str]] = tomllib.loads((FOLDER / "known.toml").read_text(encoding="utf-8"))


def test_every_invented_plan_has_a_key_and_its_list() -> None:
    keys = sorted(path.stem for path in FOLDER.glob("*.json"))
    assert (len(NAMES), keys, sorted(KNOWN)) == (22, NAMES, NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_reader_differs_from_the_key_in_nothing_but_what_is_known(name: str) -> None:
    assert differences(name) == KNOWN[name]
