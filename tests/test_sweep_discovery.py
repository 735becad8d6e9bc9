"""Scenario discovery: a planted box is found and told in words; chance is not taken for a box."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import qmc

from sim.errors import InputError
from sim.sweep.boxes import find, peel
from sim.sweep.discovery import discover, limits_table, sentences

NAMES = ["a", "b", "c", "d"]


def sample(n: int = 400, seed: int = 3) -> np.ndarray:
    return qmc.LatinHypercube(4, rng=seed).random(n)


def test_a_planted_box_is_found_under_noise():
    x = sample()
    cases = (x[:, 0] > 0.6) & (x[:, 1] < 0.5)
    flipped = np.random.default_rng(1).random(len(x)) < 0.05
    box = find(NAMES, x, cases ^ flipped)
    limits = {limit.name: limit for limit in box.limits}
    assert set(limits) == {"a", "b"}
    assert limits["a"].low == pytest.approx(0.6, abs=0.06) and np.isinf(limits["a"].high)
    assert limits["b"].high == pytest.approx(0.5, abs=0.06) and np.isinf(limits["b"].low)
    assert box.density > 0.85 and box.coverage > 0.7
    assert all(x.quasi_p < 1e-6 and x.found_again > 0.9 for x in box.limits)


def test_a_factor_of_few_values_is_cut_between_them():
    x = np.floor(sample() * [1, 1, 1, 4])
    (limit,) = find(NAMES, x, x[:, 3] >= 2).limits
    assert (limit.name, limit.low) == ("d", 2.0)


def test_chance_is_not_taken_for_a_box():
    x = sample()
    assert find(NAMES, x, np.random.default_rng(5).random(len(x)) < 0.3).limits == ()


def test_the_trade_off_runs_from_everything_to_a_dense_box():
    x = sample()
    path = peel(NAMES, x, (x[:, 0] > 0.6) & (x[:, 1] < 0.5))
    assert path[0].coverage == 1 and path[0].mass == 1
    assert path[-1].density > 0.95 and path[-1].mass >= 0.05
    assert all(later.mass < before.mass for before, later in pairwise(path))


def test_the_trajectory_is_that_of_the_ema_workbench():
    prim = pytest.importorskip("ema_workbench.analysis.prim", reason="the EMA Workbench is not installed")
    import pandas as pd

    x = sample()
    cases = (x[:, 0] > 0.6) & (x[:, 1] < 0.5)
    theirs = prim.Prim(pd.DataFrame(x, columns=NAMES), cases, threshold=0.8, peel_alpha=0.05, mass_min=0.05).find_box()
    ours = peel(NAMES, x, cases)
    best = theirs.peeling_trajectory.query("density >= 0.8")["coverage"].max()
    assert max(box.coverage for box in ours if box.density >= 0.8) == pytest.approx(best, abs=0.03)


def test_where_a_package_fails_is_told_in_words(planted):
    found = discover(planted, "Roads")
    text = " ".join(sentences(found))
    limits = limits_table(found).set_index("condition")
    assert limits.loc["demand", "high"] == pytest.approx(0.4, abs=0.03)
    assert limits.loc["prices", "low"] == pytest.approx(0.5, abs=0.03)
    assert "'Roads' fails (worse than doing nothing in poverty_headcount.mean)" in text
    assert "demand at or below 0.4" in text and "prices at or above 0.4" in text and "idle" not in text


def test_a_failure_can_be_said_as_a_condition(planted):
    found = discover(planted, "none", ["poverty_headcount.mean > 0.11"])
    assert found.rule == "poverty_headcount.mean > 0.11" and 0.2 < found.share < 0.5


def test_a_package_that_never_fails_has_no_box(planted):
    found = discover(planted, "Cash")
    assert found.fails == 0 and found.box is None
    assert sentences(found)[-1] == "That is too few to say where."


@pytest.mark.parametrize(
    "package, fails, message",
    [
        ("Rods", [], "no package 'Rods'; did you mean 'Roads'"),
        ("none", [], "say what a failure is"),
        ("Roads", ["poverty_headcount.mean"], "is no condition; write an outcome, < or >, and a number"),
        ("Roads", ["poverty_headcount.mean > x"], "is no condition"),
        ("Roads", ["povrty_headcount.mean > 1"], "did you mean 'poverty_headcount.mean'"),
    ],
)
def test_wrong_choices_are_refused(planted, package, fails, message):
    with pytest.raises(InputError, match=message):
        discover(planted, package, fails)
