"""Rows of a sweep are the worlds that `bandung run` lives, whatever was shared to live them faster."""

import gc
import weakref

import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError
from sim.runner import run
from sim.scenario import load_scenario, to_yaml
from sim.sweep import city, load_design, sweep
from sim.sweep.city import City, _pasts, copied
from sim.sweep.plan import Plan

DESIGN = """\
title: Small
scenario: umkm_naik_kelas
months: 40
scale: 2000
packages: [none, Mentoring]
shocks: both
seeds: [3]
uncertainties:
  - parameter: labour.matching_efficiency
    values: [0.6, 0.8]
  - shock: demand_slump
    low: 0
    high: 1
levers:
  - lever: business_training
    values: [0, 100e9]
outcomes:
  - poverty_headcount
  - {outcome: unemployment_rate, summary: last}
  - {outcome: business_survival, summary: change, start: 2027-06}
  - {outcome: service_access, place: Gedebage, summary: min}
  - {outcome: poverty_gap, group: q1, summary: last_year}
sampling: {method: grid, steps: 2}
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    out = tmp_path_factory.mktemp("city")
    design = load_design(DESIGN)
    made = sweep(design, out, workers=1)
    assert made.counts == {"ok": 32, "error": 0, "crashed": 0, "missing": 0}
    return design, pd.read_parquet(out)


def repeated(design, row):
    """The same run by itself, from a scenario file."""
    values = {factor.column: row[factor.column] for factor in design.factors}
    scenario = load_scenario(to_yaml(City.of(design).scenario(values)))
    return run(scenario, seed=int(row["seed"]), package=row["package"], shocks=row["shocks"] == "on", threads=1)


@pytest.mark.parametrize("number", [0, 3, 15, 30])
def test_a_row_is_the_world_that_a_run_of_its_scenario_lives(swept, number):
    design, frame = swept
    row = frame.iloc[number]
    result = repeated(design, row)
    assert result.digest == row["digest"]
    said = result.frame.pivot_table(index="month", columns=["outcome", "place", "group"], values="value", observed=True)
    assert row["poverty_headcount.mean"] == pytest.approx(said["poverty_headcount", "city", "all"].mean(), rel=1e-12)
    assert row["unemployment_rate.last"] == said["unemployment_rate", "city", "all"].iloc[-1]
    window = said["business_survival", "city", "all"]["2027-06":]
    assert row["business_survival.change 2027-06.."] == window.iloc[-1] - window.iloc[0]
    place = next(code for code, name in result.places.items() if name == "Gedebage")
    assert row[f"service_access.min.{place}"] == said["service_access", place, "all"].min()
    assert row["poverty_gap.last_year.q1"] == pytest.approx(said["poverty_gap", "city", "q1"].iloc[-12:].mean())


def test_shocks_and_packages_differ_where_they_should_and_only_there(swept):
    _, frame = swept
    worlds = frame.set_index(["point", "package", "shocks"])["digest"].unstack(["package", "shocks"])
    by_point = frame.drop_duplicates("point").set_index("point")
    still = by_point["shock.demand_slump.intensity"] == 0
    unpaid = by_point["lever.business_training.budget_rp_per_year"] == 0
    assert (worlds["none", "off"] == worlds["Mentoring", "off"]).tolist() == unpaid.tolist()
    assert worlds["none", "off"].nunique() == 2  # one for each value of the parameter
    assert not (worlds["none", "on"] == worlds["none", "off"]).any()  # the scenario's other shock strikes all
    assert still.sum() == unpaid.sum() == 4
    cost = frame.groupby("package")["cost_rp"].max()
    assert cost["none"] == 0 and cost["Mentoring"] > 1e11


def test_worlds_that_are_determined_by_the_same_choices_have_one_identity(swept):
    _, frame = swept
    assert (frame.groupby("run")["digest"].nunique() == 1).all()
    quiet = frame[(frame["package"] == "none") & (frame["shocks"] == "off")]
    assert quiet["run"].nunique() == 2 and len(quiet) == 8


def test_order_and_company_of_runs_change_nothing(swept, tmp_path):
    design, frame = swept
    rows = list(range(len(design.points)))[::-1]
    other = design.with_points(design.points[rows])
    sweep(other, tmp_path, workers=2)
    again = pd.read_parquet(tmp_path)
    mine, theirs = (one.drop_duplicates("run").set_index("run")["digest"].sort_index() for one in (frame, again))
    pd.testing.assert_series_equal(mine, theirs)


def test_what_identifies_a_run_is_everything_that_determines_it():
    design = load_design(DESIGN)

    def keys(text: str, **said) -> np.ndarray:
        changed = load_design(text)
        model = City.of(changed)
        for name, value in said.items():
            setattr(model, name, value)
        return Plan.of(changed, model).keys

    mine = Plan.of(design, City.of(design)).keys
    assert (keys(DESIGN) == mine).all()
    assert (keys(DESIGN.replace("title: Small", "title: Other # note")) == mine).all()
    for old, new in (
        ("seeds: [3]", "seeds: [4]"),
        ("months: 40", "months: 41"),
        ("scale: 2000", "scale: 1999"),
        ("values: [0.6, 0.8]", "values: [0.61, 0.81]"),
    ):
        assert not set(keys(DESIGN.replace(old, new))) & set(mine), new
    assert not set(keys(DESIGN, code="other")) & set(mine)
    assert not set(keys(DESIGN, data="other")) & set(mine)


SHARED = """\
title: Shared
months: 6
scale: 2000
past: {past}
uncertainties:
  - parameter: labour.matching_efficiency
    values: [0.6, {default}]
outcomes: [unemployment_rate]
sampling: {{method: grid}}
"""


def test_a_shared_past_is_that_of_the_base_and_rules_change_at_the_start(tmp_path):
    from sim.parameters import catalogue

    default = catalogue()["labour.matching_efficiency"].default
    tables = {}
    for past in ("shared", "rebuilt"):
        _pasts.clear()
        sweep(load_design(SHARED.format(past=past, default=default)), tmp_path / past, workers=1)
        tables[past] = pd.read_parquet(tmp_path / past)
    same = tables["shared"]["digest"] == tables["rebuilt"]["digest"]
    assert same.tolist() == [False, True]  # at the default, both are `bandung run`
    assert tables["shared"]["run"].tolist()[1] == tables["rebuilt"]["run"].tolist()[1]
    assert tables["shared"]["digest"].nunique() == 2


def test_a_parameter_that_acts_only_before_the_start_is_refused_with_a_shared_past(tmp_path):
    text = SHARED.format(past="shared", default=0.8)
    text = text.replace("outcomes:", "  - parameter: household.buffer_median\n  - parameter: goods.markup\noutcomes:")
    with pytest.raises(InputError) as refused:
        sweep(load_design(text), tmp_path / "out", workers=1)
    (message,) = refused.value.messages
    assert "household.buffer_median shapes the city before the start only" in message and "past: rebuilt" in message
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_over_is_forgotten_at_once(monkeypatch):
    """Without waiting for the collector of cycles: a lever's purse knows its world, which knows its levers."""
    design = load_design(DESIGN.replace("shocks: both", "shocks: 'on'"))
    plan, model, worlds = Plan.of(design, City.of(design)), City.of(design), []

    def watched(branch):
        twin = copied(branch)
        worlds.append(weakref.ref(twin.world))
        return twin

    monkeypatch.setattr(city, "copied", watched)
    _pasts.clear()
    gc.collect()
    gc.disable()
    try:
        for row in range(len(plan)):
            model.live(plan.spec(row))
        alive = {id(one()) for one in worlds if one() is not None}
    finally:
        gc.enable()
    kept = {id(branch.world) for past in _pasts.values() for branch in past.kept.values()}
    assert len(worlds) > len(plan) and alive <= kept
