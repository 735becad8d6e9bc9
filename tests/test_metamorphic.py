"""What must stay the same when something that should not matter changes, and which way the rest must move."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim.walk
from sim.model import BandungModel
from sim.outcomes.resilience import loss
from sim.parameters import catalogue
from sim.patterns import Slump

YEAR = 12


def lived(months=YEAR, shocks=(), **choices):
    """A small city after some months."""
    model = BandungModel(**({"scale": 1000, "seed": 1, "months": months, "threads": 1} | choices))
    model.world.shocks.extend(shocks)
    for _ in range(months):
        model.step()
    return model


@pytest.fixture(scope="module")
def quiet():
    return lived(24)


def test_the_same_seed_gives_the_same_digest_for_any_threads_and_blocks(monkeypatch, quiet):
    try:
        for threads, block in ((2, 300), (3, 77)):
            monkeypatch.setattr(sim.walk, "BLOCK", block)
            assert lived(24, threads=threads).recorder.digest() == quiet.recorder.digest(), (threads, block)
    finally:
        sim.walk.set_threads(1)


def test_the_same_seed_gives_the_same_digest_in_another_process():
    code = (
        "from sim.model import BandungModel\nm = BandungModel(scale=2000, seed=3, threads=2)\n"
        "[m.step() for _ in range(6)]\nprint(m.recorder.digest())"
    )
    home = Path(sim.__file__).parents[1]
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=home,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        ).stdout.split()[-1]
        for hash_seed in ("1", "2")
    ]
    here = lived(6, scale=2000, seed=3).recorder.digest()
    assert said == [here, here]


def test_another_seed_is_another_city_of_the_same_kind(quiet):
    other = lived(24, seed=2)
    assert other.recorder.digest() != quiet.recorder.digest()
    for name, apart in (("unemployment_rate", 0.03), ("informal_share", 0.06), ("gini", 0.06)):
        assert abs(other.recorder.city(name).mean() - quiet.recorder.city(name).mean()) < apart, name


def test_a_shock_of_no_strength_changes_no_bit(quiet):
    assert lived(24, [Slump(6, 6, 0.0)]).recorder.digest() == quiet.recorder.digest()


def test_a_shock_changes_nothing_before_it_begins(quiet):
    shocked = lived(24, [Slump(12, 6, 0.3)])
    assert (shocked.recorder.values[:12] == quiet.recorder.values[:12])[~np.isnan(quiet.recorder.values[:12])].all()
    assert shocked.recorder.digest() != quiet.recorder.digest()


def test_a_stronger_slump_costs_more(quiet):
    losses = []
    for depth in (0.1, 0.2, 0.4):
        shocked = lived(24, [Slump(6, 12, depth)])
        q = shocked.recorder.city("value_added_index") / quiet.recorder.city("value_added_index")
        losses.append(loss(q))
    assert 0 < losses[0] < losses[1] < losses[2]


def test_coarse_and_fine_samples_show_the_same_city():
    """Scale 200 and 800: differences within three standard errors of a sample of that size."""
    fine, coarse = lived(6, scale=200), lived(6, scale=800)
    people = 2.5e6 / 800
    for name, base in (("unemployment_rate", 0.5), ("informal_share", 0.45), ("poverty_headcount", 0.35)):
        a, b = (model.recorder.city(name).mean() for model in (fine, coarse))
        error = np.sqrt(a * (1 - a) / (people * base)) * (2.0 if name == "poverty_headcount" else 1.0)
        assert abs(a - b) < 3 * error * np.sqrt(1.25), name


def test_the_population_is_scaled_back_to_the_real_one(quiet):
    official = quiet.world.city.targets.population
    assert quiet.recorder.city("population")[0] == pytest.approx(official, rel=0.02)


ASSUMED = [name for name, line in catalogue().items() if not name.startswith("population.")]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.dictionaries(st.sampled_from(ASSUMED), st.floats(0, 1), min_size=3, max_size=12), st.integers(0, 10**6))
def test_money_people_and_jobs_balance_under_any_parameters(places, seed):
    known = catalogue()
    values = {name: known[name].low + at * (known[name].high - known[name].low) for name, at in places.items()}
    model = lived(6, scale=2000, seed=seed, parameters=values)
    assert max(model.identities.values()) == 0.0
    assert np.isfinite(model.recorder.city("gini")).all()
