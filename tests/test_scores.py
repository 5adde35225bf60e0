"""The gate of the reader's scores: what passes, what fails, and what is skipped aloud."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import scores

Judge = Callable[[str], tuple[int, str]]
PERFECT = dict.fromkeys(scores.LEAST, 1.0)


@pytest.fixture
def judge(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Return a function that runs the gate over a scorer made of `source`: exit code and what was printed."""

    def run(source: str) -> tuple[int, str]:
        folder = tmp_path / "reading"
        folder.mkdir()
        (folder / "measure_reading.py").write_text(source, encoding="utf-8")
        code = scores.main(tmp_path)
        return code, capsys.readouterr().out

    return run


def answering(changed: Mapping[str, float] = PERFECT, *, plans: int = 5, failures: tuple[str, ...] = ()) -> str:
    """Return a scorer that finds full marks but for what is changed."""
    figures = {**PERFECT, **changed}
    answer: dict[str, Any] = {
        "f1": figures,
        "documents": {f"00{n}_plan": figures for n in range(plans)},
        "failures": list(failures),
    }
    return f"print({json.dumps(answer)!r})"


def test_figures_at_their_least_pass_and_are_printed(judge: Judge) -> None:
    code, output = judge(answering(scores.LEAST))
    assert code == 0
    assert "assignments        0.850   0.85    0.850  0.850  0.850  0.850  0.850" in output.splitlines()


@pytest.mark.parametrize(("name", "least"), scores.LEAST.items())
def test_each_measure_fails_just_below_its_least(judge: Judge, name: str, least: float) -> None:
    code, output = judge(answering({name: least - 0.001}))
    assert code == 1
    assert f"FAILED: {name} {least - 0.001:.3f} < {least:.2f}\n" in output


def test_the_least_figures_are_those_agreed() -> None:
    assert tuple(scores.LEAST.values()) == (1.00, 0.97, 1.00, 0.95, 0.97, 0.95, 0.90, 0.85)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (answering().replace('"indicators"', '"something"'), "indicators is missing"),
        (answering(plans=4), "4 plans of 5 were scored"),
        (answering(failures=("003_plan: TimeoutExpired",)), "003_plan: TimeoutExpired"),
        ("raise SystemExit('no document with an answer key was found')", "no document with an answer key was found"),
        ("raise SystemExit(7)", "the scorer ended with code 7"),
    ],
)
def test_what_was_not_scored_fails(judge: Judge, source: str, reason: str) -> None:
    code, output = judge(source)
    assert code == 1
    assert f"FAILED: {reason}\n" in output


def test_without_the_real_plans_it_is_skipped_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scores.main(tmp_path / "shared") == 0
    assert capsys.readouterr().out.startswith("skipped: the real plans are not beside the project")


def test_a_folder_without_the_scorer_is_no_reason_to_skip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scores.main(tmp_path) == 1
    assert "measure_reading.py" in capsys.readouterr().out


def test_the_scorer_is_given_the_folders_and_the_command(judge: Judge, tmp_path: Path) -> None:
    _, output = judge("import sys; raise SystemExit(' '.join(sys.argv[1:3] + sys.argv[-2:]))")
    assert f"FAILED: {tmp_path / 'real-plans'} {tmp_path / 'reading' / 'keys'} manage.py read_plan\n" in output
