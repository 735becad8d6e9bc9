"""The fit to the past and the forecast after it, on worlds whose truth is known; scores by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sim.cli import answer
from sim.errors import InputError
from sim.sweep.futures import Futures
from sim.sweep.history import (
    FIRST,
    FITTED_TO,
    LAST,
    TARGETS,
    column,
    crps,
    fit,
    fit_sentences,
    hindcast,
    hindcast_sentences,
    history_design,
    published,
)
from sim.sweep.words import said

NAMES = ["a", "b"]


def world(points: int = 60, bias: float = 0.0) -> Futures:
    """Points at which every figure is off by `a` - 1/2 times 0.2, except that growth only depends on the year."""
    rng = np.random.default_rng(1)
    sample = rng.random((points, 2))
    rows = []
    for point, (a, b) in enumerate(sample):
        for seed in (1, 2):
            row = {"point": point, "package": "none", "shocks": "on", "seed": seed, "a": a, "b": b, "status": "ok"}
            for target in TARGETS:
                figures = {year: published(target).get(year, 0.05) for year in range(FIRST, LAST + 1)}
                level = 100.0
                for year, value in figures.items():
                    off = 0.2 * (a - 0.5) + bias + 0.001 * rng.normal()
                    level *= 1 + value + off if year > FIRST else 1
                    row[column(target, year)] = value + off if target.month else level
            rows.append(row)
    frame = pd.DataFrame(rows)
    factors = [{"column": name, "unit": ""} for name in NAMES]
    outcomes = [column(target, year) for target in TARGETS for year in range(FIRST, LAST + 1)]
    manifest = {"factors": factors, "packages": ["none"], "shocks": ["on"], "seeds": [1, 2], "points": points}
    return Futures(frame, manifest | {"runs": 2 * points, "outcomes": outcomes, "sampling": {"method": "lhs"}})


def test_the_past_rules_out_what_stands_far_from_it():
    futures = world()
    found = fit(futures)
    off = np.abs(0.2 * (futures.sample[:, 0] - 0.5))
    assert found.kept[off < 0.005].all() and not found.kept[off > 0.03].any()
    rows = found.table.set_index("number")
    assert rows.loc["a", "left_high"] - rows.loc["a", "left_low"] < 0.4
    assert rows.loc["b", "left_high"] - rows.loc["b", "left_low"] > 0.5
    assert "narrow a" in " ".join(fit_sentences(found))


def test_a_model_that_cannot_reach_the_past_says_so():
    found = fit(world(bias=0.5))
    assert not found.enough and found.kept.sum() == 6
    assert "does not reach all the figures" in " ".join(fit_sentences(found))


def test_a_forecast_that_knows_beats_carrying_on():
    found = hindcast(world())
    assert set(found.table["year"]) <= set(range(FITTED_TO + 1, LAST + 1)) and found.table["inside"].all()
    assert (found.table["error"] < 0.01).all()
    scores = found.scores.set_index("figure")
    assert scores.loc["unemployment", "skill"] > 0.5  # from 11.5 to 7.4: much to know
    assert (scores["crps"] < scores["crps_unfitted"]).all()
    assert "better for unemployment" in " ".join(hindcast_sentences(found))


def test_a_wrong_forecast_scores_worse_than_carrying_on():
    found = hindcast(world(bias=0.5))
    assert (found.scores["skill"] < 0).all() and not found.table["inside"].any()
    text = " ".join(hindcast_sentences(found))
    assert "the forecast is not better for unemployment, poverty, inequality and growth;" in text
    assert "nothing;" not in text and "better for nothing" not in text


@pytest.mark.parametrize("skill", [0.5, -0.5])
def test_a_side_without_figures_is_not_spoken_of(skill):
    found = hindcast(world())
    found.scores["skill"] = skill
    for language, half, empty in (("en", "and not better", "nothing"), ("id", "dan tidak lebih", "kosong")):
        text = said(hindcast_sentences(found), language)
        assert half not in text and empty not in text


def test_the_score_of_an_ensemble_is_the_known_one():
    assert crps(np.array([3.0]), 5.0) == 2.0
    members = norm.ppf((np.arange(2000) + 0.5) / 2000)
    assert crps(members, 0.0) == pytest.approx(2 * norm.pdf(0) - 1 / np.sqrt(np.pi), abs=1e-3)


def test_the_design_asks_for_every_figure_of_every_year():
    design = history_design(10, 2, 2000)
    assert design.count == 20 and len(design.outcomes) == len(TARGETS) * (LAST - FIRST + 1)
    assert all(published(target) for target in TARGETS)


def test_a_folder_that_is_no_calibration_is_refused(planted, planted_folder, capsys):
    with pytest.raises(InputError, match="this folder is no calibration"):
        fit(planted)
    assert answer(["hindcast", str(planted_folder)]) == 2
    assert "bandung calibrate" in capsys.readouterr().err
