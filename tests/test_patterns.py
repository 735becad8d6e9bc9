"""The measuring rods of the patterns, held against things whose length is known."""

import math

import networkx as nx
import numpy as np
import pytest

from sim.agents.persons import FORMAL, OWN, UNEMPLOYED
from sim.patterns import (
    Pattern,
    correlation,
    education_premium,
    engel_slope,
    moran,
    okun,
    pareto_tail,
    poverty_elasticity,
    smoothness,
    tail_exponent,
    yearly_flow,
)
from sim.welfare import fit_dagum

U = (np.arange(100_000) + 0.5) / 100_000


def test_whole_firm_sizes_of_a_zipf_law_have_exponent_one():
    sizes = np.floor(19.5 / (1 - U) + 0.5)
    assert tail_exponent(sizes) == pytest.approx(1.0, abs=0.02)
    assert tail_exponent(np.concatenate([sizes, np.full(10**6, 3)])) == pytest.approx(1.0, abs=0.02)
    assert tail_exponent(np.floor(19.5 * (1 - U) ** -0.5 + 0.5)) == pytest.approx(2.0, abs=0.04)


def test_the_tail_of_a_pareto_is_found_with_weights():
    values = (1 - U) ** (-1 / 2.2)
    assert pareto_tail(values, np.ones(len(U))) == pytest.approx(2.2, rel=0.02)
    assert pareto_tail(values, np.full(len(U), 3.0)) == pytest.approx(2.2, rel=0.02)


def test_okun_of_the_pandemic_year():
    """8.18 to 11.19 % unemployment while growth fell from 6.8 to -2.28 %: -0.33."""
    law = okun(np.array([0.1119]), np.array([0.0818]), np.array([0.9772]), np.array([1.068]))
    assert law == pytest.approx(-0.0301 / (1 - 0.9772 / 1.068))
    assert -0.5 < law < -0.2


def test_slopes_find_the_coefficients_that_were_put_in():
    rng = np.random.default_rng(1)
    c = np.exp(rng.normal(14, 0.7, 3000))
    assert engel_slope(2.1 - 0.12 * np.log(c) + rng.normal(0, 0.02, 3000), c) == pytest.approx(-0.12, abs=0.002)
    years, age = rng.integers(0, 17, 5000), rng.integers(18, 60, 5000)
    x = np.maximum(age - years - 6.0, 0.0)
    pay = np.exp(14 + 0.087 * years + 0.04 * x - 0.0006 * x**2 + rng.normal(0, 0.3, 5000))
    assert education_premium(pay, years, age) == pytest.approx(0.087, abs=0.003)


def test_poverty_of_bandung_s_dagum_reacts_almost_five_times():
    d = fit_dagum(614_707, 0.0387, 0.0060, 0.0014, 0.44)
    spending = d.quantile(U)
    assert poverty_elasticity(spending, np.ones(len(U)), 614_707) == pytest.approx(
        d.poverty_elasticity(614_707), abs=0.1
    )
    assert math.isnan(poverty_elasticity(spending, np.ones(len(U)), 1.0))


def test_flows_count_only_those_at_work_at_both_dates():
    before = np.array([FORMAL] * 6 + [OWN] * 4)
    after = np.array([FORMAL, FORMAL, FORMAL, OWN, UNEMPLOYED, UNEMPLOYED, OWN, OWN, OWN, FORMAL])
    assert yearly_flow(before, after, FORMAL, OWN) == 0.25
    assert yearly_flow(before, after, OWN, FORMAL) == 0.25


def test_neighbours_that_resemble_each_other_have_a_positive_moran():
    grid = nx.to_numpy_array(nx.grid_2d_graph(6, 6))
    east = np.array([x for x, _ in nx.grid_2d_graph(6, 6)], float)
    board = np.array([(x + y) % 2 for x, y in nx.grid_2d_graph(6, 6)], float)
    assert moran(east, grid) > 0.7
    assert moran(board, grid) == pytest.approx(-1.0)


def test_spending_that_moves_half_as_much_as_income():
    wave = np.sin(np.arange(60) / 5)
    assert smoothness(np.exp(0.5 * wave), np.exp(wave)) == pytest.approx(0.5)
    assert correlation(wave, -wave) == pytest.approx(-1.0)
    assert correlation(wave, np.ones(60)) == 0.0


@pytest.mark.parametrize("value, verdict", [(0.9, "inside"), (1.3, "inside"), (1.31, "FAILS"), (float("nan"), "FAILS")])
def test_a_figure_outside_its_band_fails_and_an_unknown_one_too(value, verdict):
    assert Pattern("x", value, 0.9, 1.3, "y").verdict == verdict
    assert Pattern("x", value, None, None, "y").verdict == "no target"
