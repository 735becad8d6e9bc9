"""Robust choice: regret, satisficing and Pareto sets by hand, and the planted packages through a sweep."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import InputError
from sim.language import translated
from sim.sweep.futures import Futures
from sim.sweep.regret import crossed, how_often_best, pareto, regret, share_interval
from sim.sweep.robust import robustness, sentences


def test_regret_is_the_best_less_ones_own():
    assert regret(np.array([[1.0, 3.0, 2.0], [5.0, 0.0, 5.0]])).tolist() == [[2.0, 0.0, 1.0], [0.0, 5.0, 0.0]]


def test_the_pareto_set_holds_what_nothing_beats():
    cost, loss = np.array([0.0, 1, 2, 2, 0]), np.array([5.0, 3, 3, 1, 5])
    assert pareto(cost, loss).tolist() == [True, True, False, True, True]  # equal ones do not beat each other


def test_a_share_keeps_its_interval_inside():
    share, low, high = share_interval(np.array([0, 5, 10]), 10)
    assert share.tolist() == [0, 0.5, 1] and (low >= 0).all() and (high <= 1).all()
    for count in range(1, 400):  # nor does rounding take it outside
        share, low, high = share_interval(np.array([0, count]), count)
        assert low[0] == 0.0 and high[1] == 1.0 and (low >= 0).all() and (high <= 1).all()
    _, low, high = share_interval(np.array([0, 5, 10]), 10)
    assert low[1] == pytest.approx(0.2366, abs=1e-3) and high[0] == pytest.approx(0.2775, abs=1e-3)  # published


def test_least_regret_counts_ties_once():
    assert how_often_best(np.ones((6, 4))).tolist() == [0.25] * 4


def test_an_interval_knows_that_all_futures_share_the_luck_of_their_seeds():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(300):
        values = rng.normal(0, 1, (20, 1)) + rng.normal(0, 1, (1, 6)) + rng.normal(0, 1, (20, 6))
        _, low, high = crossed(values)
        covered += low < 0 < high
    assert covered / 300 > 0.92
    assert np.isnan(crossed(np.ones((5, 1)))[1])


def test_the_planted_packages_are_ranked(planted):
    found = robustness(planted)
    assert found.futures == 200 and found.left_out == 0
    rows = found.table.set_index(["outcome", "package"])
    poverty = rows.loc["poverty_headcount.mean"]
    assert poverty["largest_regret"].idxmin() == "Cash" and poverty["best_share"].idxmax() == "Roads"
    assert poverty.loc["Roads", "best_share"] == pytest.approx(0.8, abs=0.04)  # fails in 0.4 * 0.5 of the futures
    assert poverty.loc["Waste", "gain"] == pytest.approx(0, abs=1e-4)
    standing = found.standing.set_index("package")
    assert standing.loc["Roads", "going_well"] == pytest.approx(0.8, abs=0.04)
    assert standing["pareto"].to_dict() == {"none": True, "Roads": False, "Cash": True, "Waste": False}
    assert standing.loc["Cash", "poverty_headcount.mean loss"] < standing.loc["none", "poverty_headcount.mean loss"]
    text = " ".join(sentences(found))
    assert "'Cash' and 'Waste' alike go well most often, in 100 %" in text
    assert (
        "'Cash' has the smallest largest regret" in text and "nothing beats 'none' (100 %) and 'Cash' (100 %)" in text
    )


def test_packages_that_are_equal_are_named_alike(planted):
    """Mix is Cash under another name, off by what rounding makes: neither wins."""
    frame = planted.frame.copy()
    cash = frame[frame["package"] == "Cash"]
    mix = frame["package"] == "Waste"
    for name in ("poverty_headcount.mean", "cost_rp"):
        frame.loc[mix, name] = cash[name].to_numpy() * (1 + 1e-14)
    frame["package"] = frame["package"].replace("Waste", "Mix")
    packages = [name if name != "Waste" else "Mix" for name in planted.manifest["packages"]]
    found = robustness(Futures(frame, planted.manifest | {"packages": packages}), ["poverty_headcount.mean"])
    text = " ".join(sentences(found))
    assert "'Cash' and 'Mix' alike go well most often" in text
    assert "'Cash' (50 %) and 'Mix' (50 %) alike have the smallest largest regret" in text
    said = " ".join(translated(one, "id") for one in sentences(found))
    assert "'Cash' dan 'Mix' sama-sama paling sering berhasil" in said


def test_what_goes_well_can_be_said(planted):
    found = robustness(planted, [], ["poverty_headcount.mean < 0.1", "poverty_headcount.mean loss <= 0.01"])
    values = planted.means(planted.measure("poverty_headcount.mean"))
    loss = planted.means(planted.measure("poverty_headcount.mean loss"))
    assert found.standing["going_well"].tolist() == pytest.approx(((values < 0.1) & (loss <= 0.01)).mean(axis=0))
    assert "poverty_headcount.mean < 0.1 and poverty_headcount.mean loss <= 0.01" in " ".join(sentences(found))


def test_a_future_with_a_failed_run_is_left_out_for_all_packages(planted):
    frame = planted.frame.copy()
    frame.loc[(frame["point"] == 3) & (frame["package"] == "Cash"), "status"] = "error"
    found = robustness(Futures(frame, planted.manifest))
    assert found.futures == 199 and "One future was left out because a run failed" in " ".join(sentences(found))


def test_too_few_futures_and_a_single_package_are_refused(planted):
    few = planted.frame[planted.frame["point"] < 4]
    with pytest.raises(InputError, match="4 complete futures are too few"):
        robustness(Futures(few, planted.manifest))
    alone = Futures(planted.frame, planted.manifest | {"packages": ["none"]})
    with pytest.raises(InputError, match="only the package 'none'"):
        robustness(alone)
    with pytest.raises(InputError, match="no finished runs yet"):
        Futures(planted.frame[:0], planted.manifest)
