"""Reading in a child process: the same draft, and no way to harm the parent."""

import pytest

from plans.reading import isolation
from plans.reading.drafts import DraftPlan
from plans.reading.isolation import decode, encode, read_isolated
from plans.reading.reader import read_text
from plans.reading.readers import ReadError
from tests.plans.reading import samples


def test_child_hands_back_the_same_draft() -> None:
    draft = read_isolated(samples.UNION_REMEDIATION.encode(), "kế hoạch.txt")
    assert draft == read_text(samples.UNION_REMEDIATION)


def test_error_of_the_child_keeps_its_code() -> None:
    with pytest.raises(ReadError) as caught:
        read_isolated(b"MZ\x90", "ke-hoach.docx")
    assert caught.value.code == "not_a_docx"


@pytest.mark.parametrize(("data", "code"), [(b"", "empty"), (b"a" * (20 * 1024 * 1024 + 1), "too_large")])
def test_size_is_checked_before_a_process_is_started(data: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("started a process"))
    with pytest.raises(ReadError) as caught:
        read_isolated(data, "a.txt")
    assert caught.value.code == code


def test_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "WALL_SECONDS", 0.01)
    with pytest.raises(ReadError) as caught:
        read_isolated(b"I. A", "a.txt")
    assert caught.value.code == "too_expensive"


def test_child_that_dies_is_an_error_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ReadError) as caught:
        read_isolated(b"I. A", "a.txt")
    assert caught.value.code == "too_expensive"


def test_hostile_file_name_is_only_a_name() -> None:
    with pytest.raises(ReadError) as caught:
        read_isolated(b"I. A", "--help; rm -rf /\x00.exe")
    assert caught.value.code == "unknown_type"


def test_every_value_survives_the_way_through_json() -> None:
    draft = read_text(samples.UNION_REMEDIATION)
    assert decode(DraftPlan, encode(draft)) == draft
