"""Economic shocks: what falls, by how much, how it comes back, and that the books balance while it does."""

import pytest

from sim.agents.selling import dearer_inputs, unit_cost


def test_a_quarter_dearer_inputs_raise_the_cost_of_a_unit_by_a_sixth():
    """Inputs are 0.6 of sales, wages 0.4/1.15: 0.633 of the cost. 0.633 * 0.25 = 0.158."""
    assert unit_cost(0.6, 0.15, 1.25) == pytest.approx(1.1583, abs=1e-4)
    assert unit_cost(0.6, 0.15, 1.0) == 1.0


def test_inputs_take_more_of_sales_until_sellers_have_raised_their_price():
    """0.6 * 1.25 = 0.75 of sales before; 0.75 / 1.158 = 0.648 once the price is up by the cost."""
    assert dearer_inputs(0.6, 1.25, 1.0, 0.15, 0.15) == pytest.approx(0.75)
    assert dearer_inputs(0.6, 1.25, 1.1583, 0.15, 0.15) == pytest.approx(0.6475, abs=1e-4)
