"""Wellbeing, its loss and resilience against closed forms and a published country; the survival of firms."""

import math

import numpy as np
import pytest

from sim.outcomes import wellbeing
from sim.outcomes.business import twelve_month_survival

TEN = np.array([300, 450, 500, 550, 600, 900, 1200, 2000, 4000, 9500]) * 1e3
ONES = np.ones(10)
T = (np.arange(12 * 200) + 0.5) / 12  # two centuries of months


@pytest.mark.parametrize("eta, expected", [(1, 0.3846627), (2, 0.4218023), (1.5, 0.4024857)])
def test_wellbeing_lost_to_a_drop_that_heals(eta, expected):
    """c(t) = c0 (1 - 0.3 e^(-0.8 t)), rho 5 % a year; monthly midpoints come within 0.1 % of the closed form."""
    after = 1 - 0.3 * np.exp(-0.8 * T)
    assert wellbeing.discounted_loss(np.ones_like(T), after, 1 / 12, eta) == pytest.approx(expected, rel=1e-3)
    fine = (np.arange(20_000 * 5) + 0.5) / 500
    exact = wellbeing.discounted_loss(np.ones_like(fine), 1 - 0.3 * np.exp(-0.8 * fine), 1 / 500, eta)
    assert exact == pytest.approx(expected, rel=3e-5)


def test_the_monthly_midpoint_rule_gives_the_documented_figure():
    after = 1 - 0.3 * np.exp(-0.8 * T)
    assert wellbeing.discounted_loss(np.ones_like(T), after, 1 / 12, 1.5) == pytest.approx(0.40236, abs=5e-6)


def test_the_series_of_the_wellbeing_loss():
    k = np.arange(1, 60)
    assert np.sum(0.3**k / (k * (k * 0.8 + 0.05))) == pytest.approx(0.3846627, abs=5e-8)
    assert np.sum(0.3**k / (k * 0.8 + 0.05)) == pytest.approx(0.4218023, abs=5e-8)


def philippines(shared=True):
    """Row Philippines of the authors' results."""
    poor = wellbeing.Class(0.2, 1863.07074, 0.03786, 0.11440, 0.45033 if shared else 0.0)
    rest = wellbeing.Class(0.8, 7442.00285, 0.04432, 0.10758, 0.47749 if shared else 0.0)
    return [poor, rest], wellbeing.Disaster(0.27366, 3.0, 0.12225 * 0.88)


def test_the_resilience_of_the_philippines_in_unbreakable():
    people, disaster = philippines()
    assert wellbeing.production_factor(disaster) == pytest.approx(1.2132985, abs=5e-8)
    assert wellbeing.asset_loss(people, disaster) == pytest.approx(109.62622, abs=5e-6)
    assert wellbeing.equivalent_loss(people, disaster) == pytest.approx(143.03344, abs=5e-6)
    resilience = wellbeing.socioeconomic_resilience(people, disaster)
    assert resilience == pytest.approx(0.7664377, abs=5e-8)
    assert resilience == pytest.approx(0.76641, abs=5e-5)  # as published


def test_without_transfers_the_philippines_are_less_resilient():
    assert wellbeing.socioeconomic_resilience(*philippines(shared=False)) == pytest.approx(0.7504543, abs=5e-8)


def test_without_inequality_aversion_and_sharing_resilience_is_one_over_gamma():
    people, disaster = philippines(shared=False)
    assert wellbeing.socioeconomic_resilience(people, disaster, eta=0.0) == pytest.approx(0.8241995, abs=5e-8)


def test_the_equivalent_of_equal_spending_is_that_spending_and_of_unequal_less():
    assert wellbeing.equivalent(np.full(4, 7.0), np.ones(4)) == pytest.approx(7.0)
    assert wellbeing.equivalent(np.array([1.0, 9.0]), np.ones(2), eta=1) == pytest.approx(3.0)
    assert wellbeing.equivalent(TEN, ONES) < TEN.mean()


def test_survival_of_a_year_at_one_percent_exits():
    assert twelve_month_survival([1] * 12, [100] * 12) == pytest.approx(0.99**12)
    assert twelve_month_survival([1, 1], [100, 100]) == pytest.approx(0.99**12)
    assert math.isnan(twelve_month_survival([], []))
