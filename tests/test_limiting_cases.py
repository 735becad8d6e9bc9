"""Cases with an answer on paper: labour chains, savings that run out, the spread of a technology."""

import math

import numpy as np
import pytest

from sim.agents.budget_rules import buffer_months, desired_consumption, food_gap, reduced_coping_index
from sim.agents.technology import adoption_hazard

# The six-month row: monthly hazards F->I, F->U, I->F, I->U, U->F, U->I
FI, FU, IF, IU, UF, UI = 0.0066, 0.0158, 0.0056, 0.0166, 0.1091, 0.0574
CHAIN = np.array([[1 - FI - FU, FI, FU], [IF, 1 - IF - IU, IU], [UF, UI, 1 - UF - UI]])


def stationary(chain):
    values, vectors = np.linalg.eig(chain.T)
    share = np.real(vectors[:, np.argmax(np.real(values))])
    return share / share.sum()


def test_the_three_state_chain_rests_at_the_documented_shares():
    """The hazards are printed with four digits, so the shares agree to about two in a thousand."""
    assert stationary(CHAIN) == pytest.approx([0.526616, 0.385024, 0.088360], abs=2e-3)


def test_yearly_moves_between_formal_and_own_work_of_those_at_work_at_both_dates():
    year = np.linalg.matrix_power(CHAIN, 12)
    assert year[0, 1] / (year[0, 0] + year[0, 1]) == pytest.approx(0.10361, abs=1e-3)
    assert year[1, 0] / (year[1, 0] + year[1, 1]) == pytest.approx(0.12724, abs=1e-3)


def test_two_states_close_the_gap_by_a_constant_factor():
    s, f = 0.016, 0.165
    u, steady = 0.3, s / (s + f)
    for _ in range(24):
        after = u + s * (1 - u) - f * u
        assert (after - steady) / (u - steady) == pytest.approx(1 - s - f)
        u = after


@pytest.mark.parametrize("months", [12, 36, 60, 120])
def test_technology_spreads_as_bass_wrote(months):
    """p = 0.003, q = 0.03 a month among everybody: F = (1 - e^-(p+q)t) / (1 + q/p e^-(p+q)t), the model's hazard in
    small steps."""
    p, q, share, steps = 0.003, 0.03, 0.0, 200
    for _ in range(months * steps):
        share += (1 - share) * adoption_hazard(p, q, share, False, 0.0) / steps
    fade = math.exp(-(p + q) * months)
    assert share == pytest.approx((1 - fade) / (1 + q / p * fade), abs=2e-4)
    documented = {12: 0.0423, 36: 0.1717, 60: 0.3621, 120: 0.8239}
    assert share == pytest.approx(documented[months], abs=3e-4)


def test_savings_last_as_long_as_they_cover_what_income_no_longer_does():
    """B / (delta c) months at constant spending c when a share delta of income is lost."""
    savings, spending, lost = 6_000_000.0, 2_000_000.0, 0.25
    months = 0
    while savings >= lost * spending:
        savings += (1 - lost) * spending - spending
        months += 1
    assert months == 12 == 6_000_000 / (0.25 * 2_000_000)


def test_a_household_at_its_target_buffer_spends_its_permanent_income():
    buffer = buffer_months(3_000_000.0, 0.0, 2_000_000.0)
    assert buffer == 1.5
    assert desired_consumption(2_000_000.0, buffer, 1.5, 0.03) == 2_000_000.0
    assert desired_consumption(2_000_000.0, 0.5, 1.5, 0.03) == pytest.approx(1_940_000.0)
    assert desired_consumption(2_000_000.0, 40.0, 1.5, 0.03) == pytest.approx(2_180_000.0)  # at most 3 months count


def test_hunger_and_the_coping_index():
    assert food_gap(100.0, 100.0) == 0.0
    assert food_gap(75.0, 100.0) == pytest.approx(0.25)
    assert reduced_coping_index(0.0, False) == 0.0
    assert reduced_coping_index(1.0, True) == pytest.approx(56.0)
