"""Sensitivity of a sweep: known indices come out, chance is a cause like others, and gaps are refused."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.sweep.futures import Futures
from sim.sweep.indices import given_data, morris, seed_share, sobol
from sim.sweep.sensitivity import sensitivity, sentences

# The Ishigami function with a = 7, b = 0.1: closed form.
S1 = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
ST = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}


def by_factor(table) -> dict:
    return table.set_index("factor").to_dict("index")


def test_sobol_indices_of_ishigami_are_the_analytic_ones(ishigami):
    rows = by_factor(sensitivity(ishigami["sobol"]).table)
    for name in S1:
        assert rows[name]["S1"] == pytest.approx(S1[name], abs=0.05)
        assert rows[name]["ST"] == pytest.approx(ST[name], abs=0.05)
        assert rows[name]["S1_low"] <= S1[name] <= rows[name]["S1_high"]
        assert rows[name]["ST_low"] <= ST[name] <= rows[name]["ST_high"]


def test_a_second_order_design_tells_which_two_act_together(ishigami):
    found = sensitivity(ishigami["pairs"])
    rows = by_factor(found.table)
    for name in S1:
        assert rows[name]["S1"] == pytest.approx(S1[name], abs=0.05)
        assert rows[name]["ST"] == pytest.approx(ST[name], abs=0.05)
    pairs = found.pairs.set_index(["factor", "other"])
    assert pairs["S2"].to_dict() == pytest.approx({("x1", "x3"): 0.2437, ("x1", "x2"): 0, ("x2", "x3"): 0}, abs=0.06)
    assert (pairs["S2_low"] <= [0.2437, 0, 0]).all() and (pairs["S2_high"] >= [0.2437, 0, 0]).all()
    assert found.as_dict()["pairs"][0]["factor"] == "x1"
    assert "y: two together make x1 with x3 " in " ".join(sentences(found))
    assert not len(sensitivity(ishigami["sobol"]).pairs)


def test_the_words_name_the_interaction(ishigami):
    text = " ".join(sentences(sensitivity(ishigami["sobol"])))
    assert "acting together with others: x1 and x3" in text


def test_given_data_indices_of_ishigami_come_from_any_sample(ishigami):
    rows = by_factor(sensitivity(ishigami["lhs"]).table)
    for name in S1:
        assert rows[name]["S1"] == pytest.approx(S1[name], abs=0.08)
    assert rows["x3"]["S1_low"] < 0 < rows["x1"]["S1_low"]


def test_morris_sees_what_moves_without_a_direction(ishigami):
    rows = by_factor(sensitivity(ishigami["morris"]).table)
    assert all(row["mu_star"] > 4 for row in rows.values())
    assert abs(rows["x2"]["mu"]) < 1 and rows["x2"]["sigma"] > 7  # sin^2: as often up as down
    assert rows["x1"]["mu"] == pytest.approx(rows["x1"]["mu_star"])  # always up


def test_chance_between_seeds_is_a_cause(noisy):
    rows = by_factor(sensitivity(noisy["crossed"]).table)
    assert rows["a"]["S1"] == pytest.approx(0.762, abs=0.05)
    assert rows["seed"]["S1"] == pytest.approx(0.190, abs=0.05)
    assert rows["seed"]["S1_low"] < 0.190 < rows["seed"]["S1_high"]
    assert rows["c"]["S1_low"] < 0


def test_the_seed_can_be_sampled_like_any_factor(noisy):
    found = sensitivity(noisy["factor"])
    rows = by_factor(found.table)
    assert rows["seed"]["ST"] == pytest.approx(0.9, abs=0.06)
    assert rows["a"]["ST"] == pytest.approx(0.1, abs=0.06)
    assert "to chance" in " ".join(sentences(found))


def test_a_sobol_design_with_a_gap_is_refused_by_its_points(ishigami):
    whole = ishigami["sobol"]
    frame = whole.frame.copy()
    frame.loc[frame["point"] == 7, ["status", "y"]] = "error", np.nan
    with pytest.raises(InputError, match=r"1 of 2560 points .*points 7.*run `bandung sweep` again"):
        sensitivity(Futures(frame, whole.manifest))
    with pytest.raises(InputError, match=r"2 of 2560 points .*points 3, 4"):
        sensitivity(Futures(whole.frame[~whole.frame["point"].isin([3, 4])], whole.manifest))


def test_a_latin_hypercube_does_without_failed_points_and_says_so(ishigami):
    whole = ishigami["lhs"]
    found = sensitivity(Futures(whole.frame[whole.frame["point"] > 9], whole.manifest))
    assert found.left_out == 10 and "10 points were left out" in " ".join(sentences(found))


@pytest.mark.parametrize(
    "choices, message",
    [
        ({"outcomes": ["yy"]}, "no outcome 'yy'; did you mean 'y'"),
        ({"only": ["x9"]}, "does not vary 'x9'; did you mean 'x"),
        ({"package": "Roads"}, "no package 'Roads'; it has: none"),
        ({"against": "nothing"}, "no package 'nothing'"),
    ],
)
def test_unknown_names_are_refused(ishigami, choices, message):
    with pytest.raises(InputError, match=message):
        sensitivity(ishigami["lhs"], **choices)


def test_a_run_without_a_value_never_becomes_a_zero():
    values = np.arange(80.0)
    values[5] = np.nan
    for analyse in (sobol, lambda names, y: given_data(names, np.random.default_rng(1).random((80, 3)), y)):
        with pytest.raises(InputError, match=r"1 of 80 runs have no value \(rows 5\)"):
            analyse(["a", "b", "c"], values)


def test_too_few_runs_are_refused():
    some = np.random.default_rng(1).random
    with pytest.raises(InputError, match=r"too few .* at least 16"):
        sobol(["a", "b"], some(16))
    with pytest.raises(InputError, match=r"too few .* at least 4"):
        morris(["a", "b"], some((6, 2)), some(6))
    with pytest.raises(InputError, match=r"too few .* at least 40"):
        given_data(["a"], some((39, 1)), some(39))
    with pytest.raises(InputError, match="no Sobol' sample of 2 factors: a multiple of 4"):
        sobol(["a", "b"], some(65))


def test_what_never_changes_has_no_drivers():
    assert (sobol(["a", "b"], np.full(64, 3.0)).each[["S1", "ST"]] == 0).all(axis=None)
    assert seed_share(np.full((10, 3), 2.0)) == (0.0, 0.0, 0.0)
