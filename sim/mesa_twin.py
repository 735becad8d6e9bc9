"""The same small task twice: household budgets as plain Mesa objects, and as rows walked by compiled rules.

Each household receives a given income, updates what it counts on, chooses its spending from its buffer and divides it
into food and the rest. Both sides use the same rules in the same order and must end with the same rupiah.
"""

from __future__ import annotations

import time
from typing import Any

import mesa
import numpy as np

from sim.agents.budget_rules import buffer_months, desired_consumption, food_share, permanent_income
from sim.agents.households import HOUSEHOLD
from sim.compiled import kernel
from sim.draws import BUDGET, draws

HOUSEHOLDS, MONTHS = 20_000, 12
LINE, SIZE = 620_000.0, 3
SPEED, PRECAUTION, INTERCEPT, SLOPE = 1.0 / 12.0, 0.03, 0.5, 0.12


class Household(mesa.Agent):
    """One household as an idiomatic Mesa agent: its state in attributes, its month in `step`."""

    def __init__(self, model: MesaCity, income: float, target: float) -> None:
        super().__init__(model)
        self.permanent = income
        self.savings = target * income
        self.target = target
        self.spending = 0.0
        self.food_share = 0.0

    def step(self) -> None:
        income = self.model.incomes[self.model.clock][self.unique_id - 1]
        self.permanent = _permanent_income(self.permanent, income, SPEED)
        buffer = _buffer_months(self.savings, 0.0, self.permanent)
        want = _desired_consumption(self.permanent, buffer, self.target, PRECAUTION)
        self.spending = min(want, self.savings + income)
        self.savings += income - self.spending
        self.food_share = _food_share(self.spending / SIZE, LINE, INTERCEPT, SLOPE)
        self.model.food += self.food_share * self.spending


class MesaCity(mesa.Model):
    """The idiomatic model: one Python object per household, called in turn."""

    def __init__(self, incomes: list[list[float]], targets: list[float]) -> None:
        super().__init__()
        self.incomes, self.clock, self.food = incomes, 0, 0.0
        for income, target in zip(incomes[0], targets, strict=True):
            Household(self, income, target)

    def step(self) -> None:
        self.food = 0.0
        self.agents.do("step")
        self.clock += 1


# Plain Python versions of the same rules, so that Mesa is not charged for calling into compiled code.
_permanent_income = getattr(permanent_income, "py_func", permanent_income)
_buffer_months = getattr(buffer_months, "py_func", buffer_months)
_desired_consumption = getattr(desired_consumption, "py_func", desired_consumption)
_food_share = getattr(food_share, "py_func", food_share)


@kernel
def _budgets(households, incomes):
    """One month of every row; returns what went to food, Rp."""
    food = 0.0
    for h in range(households.shape[0]):
        home = households[h]
        income = incomes[h]
        home.permanent = permanent_income(home.permanent, income, SPEED)
        buffer = buffer_months(home.savings, 0.0, home.permanent)
        want = desired_consumption(home.permanent, buffer, home.claims, PRECAUTION)
        home.spending = min(want, home.savings + income)
        home.savings += income - home.spending
        share = food_share(home.spending / SIZE, LINE, INTERCEPT, SLOPE)
        food += share * home.spending
    return food


def _world(count: int, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Incomes by month and household, Rp, and buffer targets, months."""
    luck = np.array([draws(1, BUDGET, 0, uid) for uid in range(count)])
    base = 4_000_000.0 * np.exp(0.6 * (luck[:, 0] + luck[:, 1] - 1.0))
    season = 1.0 + 0.1 * np.sin(np.arange(months))[:, None] * luck[None, :, 2]
    return base * season, 0.5 + 3.0 * luck[:, 3]


def _rows(incomes: np.ndarray, targets: np.ndarray) -> np.ndarray:
    households = np.zeros(incomes.shape[1], HOUSEHOLD)
    households["permanent"] = incomes[0]
    households["savings"] = targets * incomes[0]
    households["claims"] = targets  # a float64 column: exactly the target the Mesa agent keeps
    return households


def compare_with_mesa(count: int = HOUSEHOLDS, months: int = MONTHS) -> dict[str, Any]:
    """Time both sides on the same incomes, one thread each, in this process; their results must agree."""
    incomes, targets = _world(count, months)
    _budgets(_rows(incomes[:, :1], targets[:1]), incomes[0, :1])  # compile first
    rows, best = _rows(incomes, targets), float("inf")
    for _ in range(3):
        rows = _rows(incomes, targets)
        started = time.process_time()
        food = [_budgets(rows, incomes[month]) for month in range(months)]
        best = min(best, time.process_time() - started)
    city = MesaCity(incomes.tolist(), targets.tolist())
    started = time.process_time()
    for _ in range(months):
        city.step()
    theirs = time.process_time() - started
    savings = np.array([agent.savings for agent in city.agents])
    return {
        "task": "household budgets: income, permanent income, buffer-stock spending, food share",
        "households": count,
        "months": months,
        "mesa_version": mesa.__version__,
        "mesa_us_per_household_month": 1e6 * theirs / (count * months),
        "compiled_us_per_household_month": 1e6 * best / (count * months),
        "ratio": theirs / best,
        "largest_difference": float(np.max(np.abs(savings / rows["savings"] - 1.0)) + abs(city.food / food[-1] - 1.0)),
    }
