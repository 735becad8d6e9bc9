"""A run or comparison that is too short for what its scenario says, which is told."""

from __future__ import annotations

import pytest
from compared import bandung, scenario
from fake_model import FakeModel

import sim
from sim.comparison_table import text as table_text
from sim.errors import InputError, Remark
from sim.report.page import render
from sim.runner import run
from sim.scenario import load_scenario
from sim.span import NOTHING
from sim.summary import text

LATE = """\
title: Late
months: 36
scale: 2000
seeds: 2
unequal_cost: true
shocks: [{kind: demand_slump, start: 2027-01, intensity: 0.8}]
packages:
  - name: Training
    policies: [{lever: worker_training, budget_rp_per_year: 500e9, start: 2025-03}]
  - name: Cash
    policies: [{lever: cash_transfer, budget_rp_per_year: 2000e9, start: 2026-01}]
"""
SLUMP = "months = {}: shocks[0].start: 2027-01 is outside the run; the run is 2025-01 to {}"


def test_a_comparison_in_which_no_shock_and_no_policy_happens_says_so_first(tmp_path):
    said = bandung("compare", scenario(tmp_path, LATE), "--months", 2)
    assert said.code == 0
    shown = " ".join(said.out.split())
    assert NOTHING in shown and SLUMP.format(2, "2025-02") in shown and "packages[1].policies[0].start" in shown
    assert "same shock" not in shown and "leaves hardly a trace" not in shown
    with pytest.warns(Remark, match=NOTHING):
        made = sim.compare(LATE, months=2, seeds=1, workers=1)
    assert (made.effects["effect"].dropna() == 0).all()


def test_a_run_of_a_package_in_which_nothing_happens_is_told_and_so_is_the_life_of_a_household(tmp_path):
    late = scenario(tmp_path, LATE)
    for command in ("run", "follow"):
        said = bandung(command, late, "--package", "Cash", "--months", 2)
        shown = " ".join((said.out + said.err).split())
        assert said.code == 0 and NOTHING in shown and "packages[1].policies[0].start: 2026-01 is outside" in shown
    assert NOTHING in run(LATE, months=2, package="Cash").remarks
    with pytest.warns(Remark, match=NOTHING):
        sim.BandungModel(LATE, months=2, package="Cash")


def test_a_comparison_that_ends_before_the_shock_says_so_and_speaks_of_no_shock():
    with pytest.warns(Remark, match=r"months = 4: shocks\[0\]\.start: 2027-01 is outside the run"):
        made = sim.compare(LATE, months=4, seeds=1, workers=1)
    assert not made.ensemble.has_shocks and made.resilience.empty
    for shown in (table_text(made), render(made)):
        said = " ".join(shown.split())
        assert SLUMP.format(4, "2025-04") in said
        assert "packages[1].policies[0].start: 2026-01 is outside" in said
        assert "same shock" not in said and "trace" not in said
    assert "Demand slump" not in render(made)


def test_a_run_that_ends_before_the_shock_says_so_and_that_no_shock_happens(monkeypatch, tmp_path):
    monkeypatch.setattr("sim.runner.build", lambda **choices: FakeModel(**choices))
    made = run(LATE, months=2)
    said = " ".join(text(made).split())
    assert SLUMP.format(2, "2025-02") in said and "other shock happens: this is a path" in said
    assert "without shocks" in (made.save(tmp_path / "a") / "report.html").read_text("utf-8")
    assert "outside the run" not in text(run(LATE, months=36)) and not run(LATE, months=2, shocks=False).remarks


def test_a_model_with_another_start_or_fewer_months_says_what_lies_outside():
    with pytest.raises(InputError, match=r"shocks\[0\]\.start: 2027-01 is outside the run"):
        sim.BandungModel(LATE, start="2022-01")
    with pytest.warns(Remark, match="2027-01 is outside the run"):
        model = sim.BandungModel(LATE, months=3)
    assert model.horizon == 3
    moved = sim.BandungModel(load_scenario("title: T"), start="2022-05", scale=2000)
    assert moved.config.start == "2022-05" and moved.world.start == (2022, 5)
