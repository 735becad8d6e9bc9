"""Spending per head at the start: the fitted Dagum gives back the official figures of the year."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import lognorm, norm

from sim.welfare import Dagum, fit_dagum

# year: (line, P0, P1, P2, Gini), then (a, b, p, mean) of the design document
YEARS = {
    2019: ((474_448, 0.0338, 0.0053, 0.0014, 0.442), (1.9655, 501_087, 4.5319, 1.90e6)),
    2024: ((614_707, 0.0387, 0.0060, 0.0014, 0.440), (1.9572, 533_023, 5.7590, 2.31e6)),
}


@pytest.fixture(scope="module", params=YEARS)
def year(request):
    targets, known = YEARS[request.param]
    return targets, known, fit_dagum(*targets)


def test_the_fit_gives_back_the_official_figures(year):
    (line, p0, p1, p2, gini), _, d = year
    assert d.fgt(line, 0) == pytest.approx(p0, rel=0.015)
    assert d.fgt(line, 1) == pytest.approx(p1, rel=0.025)
    assert d.fgt(line, 2) == pytest.approx(p2, rel=0.015)
    assert d.gini == pytest.approx(gini, rel=0.002)


def test_the_fit_is_near_the_one_of_the_design_document_in_which_p2_counts_less(year):
    _, (a, b, p, mean), d = year
    assert d.a == pytest.approx(a, rel=0.005)
    assert d.b == pytest.approx(b, rel=0.04)
    assert d.p == pytest.approx(p, rel=0.06)
    assert d.mean == pytest.approx(mean, rel=0.005)


def test_a_rise_of_everybodys_spending_by_one_percent_cuts_poverty_by_almost_five(year):
    (line, *_), _, d = year
    assert d.poverty_elasticity(line) == pytest.approx(-4.8, abs=0.15)
    richer = Dagum(d.a, d.b * 1.001, d.p)
    slope = math.log(richer.fgt(line, 0) / d.fgt(line, 0)) / math.log(1.001)
    assert d.poverty_elasticity(line) == pytest.approx(slope, rel=0.01)


def test_the_rise_of_poverty_from_2019_to_2021_needs_a_five_percent_fall():
    d = fit_dagum(*YEARS[2019][0])
    line = YEARS[2019][0][0]
    fall = brentq(lambda k: d.fgt(line / k, 0) - 0.0437 * d.fgt(line, 0) / 0.0338, 0.8, 1.0)
    assert 0.04 < 1 - fall < 0.065


def test_a_lognormal_through_headcount_and_gini_is_far_too_deep():
    line, p0, p1, _, gini = YEARS[2019][0]
    sigma = math.sqrt(2) * norm.ppf((1 + gini) / 2)
    d = lognorm(sigma, scale=line / math.exp(sigma * norm.ppf(p0)))
    depth = quad(d.cdf, 0, line)[0] / line
    assert 1.55 < depth / p1 < 1.8


def test_the_quantile_is_the_inverse_of_the_distribution(year):
    d = year[2]
    shares = np.array([1e-6, 0.01, 0.2, 0.5, 0.9, 0.999999])
    assert d.cdf(d.quantile(shares)) == pytest.approx(shares, rel=1e-9)


def test_closed_forms_agree_with_quadrature(year):
    (line, *_), _, d = year
    assert d.mean == pytest.approx(quad(lambda u: d.quantile(u), 0, 1, limit=500)[0], rel=1e-4)
    assert d.mean_below(line) == pytest.approx(quad(lambda x: x * d.density(x), 0, line)[0], rel=1e-8)
    assert d.fgt(line, 1) == pytest.approx(quad(lambda x: (1 - x / line) * d.density(x), 0, line)[0], rel=1e-8)
    assert d.fgt(line, 2) == pytest.approx(quad(lambda x: (1 - x / line) ** 2 * d.density(x), 0, line)[0], rel=1e-8)
    assert d.gini == pytest.approx(1 - 2 * quad(d.lorenz, 0, 1, limit=200)[0], rel=1e-6)


def test_a_dagum_with_shape_one_is_a_fisk_with_gini_one_over_a():
    assert Dagum(2.5, 1.0, 1.0).gini == pytest.approx(1 / 2.5)
    assert Dagum(2.0, 3.0, 1.0).mean == pytest.approx(3.0 * (math.pi / 2) / math.sin(math.pi / 2))


def test_a_known_dagum_is_found_again():
    d = Dagum(2.3, 700_000.0, 2.0)
    line = 350_000.0
    found = fit_dagum(line, d.fgt(line, 0), d.fgt(line, 1), d.fgt(line, 2), d.gini)
    assert found == pytest.approx(d, rel=1e-4)


def test_decile_table_of_2024_is_an_independent_check():
    """Means of the ten expenditure groups of the survey (1,130 households) lie near those of the fit."""
    d = fit_dagum(*YEARS[2024][0])
    survey = np.array([617, 831, 1007, 1169, 1422, 1726, 1995, 2813, 3995, 8197]) * 1e3
    edges = np.append(d.mean_below(d.quantile(np.arange(10) / 10)), d.mean)
    assert np.median(np.abs(np.diff(edges) * 10 / survey - 1)) < 0.12


@pytest.mark.parametrize(
    "wrong", [(0, 0.03, 0.005, 0.001, 0.44), (5e5, 3.38, 0.53, 0.14, 44), (5e5, 0.01, 0.02, 0.001, 0.4)]
)
def test_figures_in_percent_or_out_of_order_are_refused(wrong):
    with pytest.raises(ValueError, match="not poverty figures"):
        fit_dagum(*wrong)


def test_only_the_three_published_orders():
    with pytest.raises(ValueError, match="order 3"):
        Dagum(2.0, 1.0, 1.0).fgt(1.0, 3)
