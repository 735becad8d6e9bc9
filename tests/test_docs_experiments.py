"""What docs/experiments.md says is true: its designs are good, its commands answer, its programs run, in that order."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest
from shown import run_shown

from sim.cli import answer

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.M | re.S)
NEEDS = ("ema_workbench",)  # programs that need one of these are left out where it is not installed


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A folder in which everything of the page, but its Python, has been done."""
    folder = tmp_path_factory.mktemp("experiments")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for language, body in BLOCKS:
            if language == "yaml":
                name = re.match(r"# (\S+\.yaml)\n", body)[1]
                Path(name).write_text(body, encoding="utf-8")
        for line in (line for language, body in BLOCKS if language == "sh" for line in body.splitlines()):
            assert answer(shlex.split(line)[1:]) == 0, line
    return folder


PROGRAMS = [body for language, body in BLOCKS if language == "python"]


def test_commands_leave_tables_figures_and_paragraphs(page):
    kept = {path.name for path in (page / "runs" / "answer").iterdir()}
    for name in ("sensitivity", "robust", "discovery"):
        assert {f"{name}.txt", f"{name}.png", f"{name}.svg", f"{name}.csv"} <= kept
    assert "seeds the search has not seen" in (page / "runs" / "search" / "search.txt").read_text("utf-8")


@pytest.mark.parametrize("k", range(len(PROGRAMS)))
def test_every_program_shown_runs(page, k, monkeypatch):
    for library in NEEDS:
        if library in PROGRAMS[k] and importlib.util.find_spec(library) is None:
            pytest.skip(f"{library} is not installed: pip install {library}")
    monkeypatch.chdir(page)
    program = page / f"program_{k}.py"
    program.write_text(PROGRAMS[k], encoding="utf-8")
    run_shown(program)


def test_every_study_shown_exists():
    shown = set(re.findall(r"(experiments/\w+\.(?:py|yaml))", TEXT))
    there = {f"experiments/{path.name}" for path in (ROOT / "experiments").glob("*.py")} - {"experiments/study.py"}
    assert there <= shown and all((ROOT / name).exists() for name in shown)


def test_every_ready_design_is_good():
    assert answer(["check", str(ROOT / "experiments")]) == 0
