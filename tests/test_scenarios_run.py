"""Every ready scenario runs on the real model, from the command line, and repeats itself."""

from __future__ import annotations

import json

import pytest

from sim import load, results
from sim.cli import answer
from sim.declare import OUTCOMES
from sim.parameters import catalogue
from sim.runner import run
from sim.scenario import load_scenario, ready_scenarios

SMALL = 500  # one agent for five hundred


@pytest.mark.parametrize("name", ready_scenarios())
def test_every_ready_scenario_runs_and_its_books_balance(name, tmp_path, capsys):
    assert answer(["run", name, "--scale", str(SMALL), "--months", "3", "--out", str(tmp_path / "d"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert max(said["identities"].values()) == 0.0
    assert set(said["identities"]) == {"money", "people", "jobs"}
    assert set(said["outcomes"]) == set(OUTCOMES)
    back = load(tmp_path / "d")
    assert sorted(back.frame["month"].unique())[0] == load_scenario(name).start
    assert back.frame["month"].nunique() == 3
    assert set(back.manifest["parameters"]) == set(catalogue())


def test_a_run_repeats_itself_for_any_number_of_threads():
    first, again, other = (
        run("baseline", scale=SMALL, months=2, seed=5, threads=1),
        run("baseline", scale=SMALL, months=2, seed=5, threads=2),
        run("baseline", scale=SMALL, months=2, seed=6),
    )
    assert first.digest == again.digest
    assert first.digest != other.digest


def test_a_parameter_of_the_scenario_reaches_the_world():
    text = "title: x\nquestion: y?\nmonths: 1\nparameters:\n  labour.matching_efficiency: 0.2\n"
    result = run(load_scenario(text), scale=SMALL)
    assert result.parameters["labour.matching_efficiency"] == 0.2
    assert results.manifest(result)["parameters_changed"] == ["labour.matching_efficiency"]
