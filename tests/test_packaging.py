"""What a new user meets first: the README's list, the pinned versions, the parts a wheel must hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from sim.month import MONTH

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINS = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


def test_the_readme_lists_the_month_as_it_is():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"^([0-9]+)\. \*\*(\w+)\*\*: (.+)$", readme, re.M)
    assert shown == [(str(number), act.name, act.reason) for number, act in enumerate(MONTH, 1)]


def test_the_readme_names_both_commands_and_only_commands_that_exist():
    from sim.cli import bandung

    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in readme and "make test" in readme
    named = set(re.findall(r"\bbandung ([a-z]+)\b", readme))
    assert {"run", "scenarios", "new", "parameters", "benchmark"} <= named <= set(bandung.commands)


def test_constraints_hold_versions_and_nothing_else():
    for line in PINS:
        assert re.fullmatch(r'[a-z0-9-]+==[0-9][0-9a-z.]*( ; python_version (<|>=) "3\.12")?', line), line


@pytest.mark.parametrize("extra", ["dependencies", "test", "sweep", "cluster"])
def test_everything_that_is_installed_is_pinned(extra):
    project = PROJECT["project"]
    wanted = project["dependencies"] if extra == "dependencies" else project["optional-dependencies"][extra]
    pinned = {line.split("==")[0] for line in PINS}
    assert {re.match(r"[A-Za-z0-9_-]+", line)[0].lower() for line in wanted} <= pinned


def test_a_wheel_holds_scenarios_and_every_table():
    """Hatch packs what git knows under sim/, and the scenarios beside it."""
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["scenarios"] == "sim/_data/scenarios"
    known = subprocess.run(["git", "ls-files", "sim"], cwd=ROOT, capture_output=True, text=True)
    if known.returncode:
        pytest.skip("not a git checkout")
    tables = [str(p.relative_to(ROOT)) for p in (ROOT / "sim" / "data").rglob("*.csv")]
    assert tables and set(tables) <= set(known.stdout.split())
    assert "sim/sources.toml" in known.stdout.split()
