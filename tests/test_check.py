"""The check of CI: a step fails loudly, the others still run, and no server outlives its test."""

import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scripts import check, services


def step(name: str, *, passes: bool) -> check.Step:
    return check.Step(name, f"about {name}", lambda: passes)


def lacks_its_program() -> bool:
    raise services.MissingProgramError("It was not found. Debian: sudo apt install it")


def test_every_step_runs_and_the_failed_ones_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = (step("one", passes=False), step("two", passes=True), step("three", passes=False))
    monkeypatch.setattr(check, "STEPS", steps)

    assert check.main([]) == 1
    output = capsys.readouterr().out
    assert "two passed in" in output
    assert output.endswith("\nFailed: one, three\n")


def test_light_steps_run_in_processes_of_their_own_and_their_words_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (check.Step(name, "unknown to the process", lambda: True, light=True) for name in ("one", "two"))
    monkeypatch.setattr(check, "STEPS", (one, two, step("three", passes=True)))

    assert check.main([]) == 1
    output = capsys.readouterr().out
    assert ("unknown: one. Known: types" in output, "unknown: two. Known: types" in output) == (True, True)
    assert output.index("unknown: one") < output.index("three passed in")  # the others begin when these have ended
    assert output.endswith("\nFailed: one, two\n")


def test_a_missing_program_fails_its_step_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "STEPS", (check.Step("browser", "journeys", lacks_its_program),))

    assert check.main([]) == 1
    assert "sudo apt install it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [([], ["a", "b", "c"]), (["c", "a"], ["a", "c"]), (["--skip", "b"], ["a", "c"]), (["a", "--skip", "a"], [])],
)
def test_steps_are_chosen_by_name(arguments: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "STEPS", tuple(step(name, passes=True) for name in "abc"))

    assert [chosen.name for chosen in check.chosen_steps(arguments)] == expected


def test_a_name_that_is_no_step_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        check.main(["lint", "lnt"])

    assert "unknown: lnt. Known: types, lint" in capsys.readouterr().err


def test_to_run_no_test_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert not check.pytest("-q", "-p", "no:cacheprovider", "tests/test_check.py", "-k", "no_such_test")
    assert "No test was found for" in capsys.readouterr().out


def test_without_postgresql_the_cure_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(services, "DEBIAN_POSTGRESQL", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(services.MissingProgramError, match="sudo apt install postgresql"):
        services.postgresql_programs()


def test_a_server_that_does_not_start_is_told_with_its_own_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no room on the disk')"]
    probe = [sys.executable, "-c", "raise SystemExit(1)"]

    with services.running(command, tmp_path / "log", folder=tmp_path, owner={}) as server:
        server.wait(20)
        with pytest.raises(RuntimeError, match="no room on the disk"):
            services.wait_until_up(server, probe, tmp_path / "log")


def reach_servers_and_fail(addresses: list[tuple[str, int]]) -> None:
    with services.postgresql() as database, services.redis() as broker:
        for url in (database, broker):
            address = (str(urlsplit(url).hostname), int(urlsplit(url).port or 0))
            socket.create_connection(address, timeout=5).close()
            addresses.append(address)
        raise ZeroDivisionError


@pytest.mark.postgresql
def test_servers_are_gone_after_a_failure_inside() -> None:
    addresses: list[tuple[str, int]] = []
    with pytest.raises(ZeroDivisionError):
        reach_servers_and_fail(addresses)

    assert len(addresses) == 2
    for address in addresses:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=5)


@pytest.mark.postgresql
def test_the_throw_away_database_folds_vietnamese_letters() -> None:
    programs = services.postgresql_programs()
    with services.postgresql() as database:
        query = [
            str(programs / "psql"),
            "--tuples-only",
            "--no-align",
            "-c",
            "SELECT lower('ĐỨC'), 'Ạ' ILIKE 'ạ'",
            database,
        ]
        answer = subprocess.run(query, check=True, capture_output=True, encoding="utf-8")

    assert answer.stdout.strip() == "đức|t"
