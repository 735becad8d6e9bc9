"""The city government: an institution that collects, budgets, releases and pays, and never spends what it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Programme:
    """One line of the budget with what it has reached so far. Money in whole Rp of the simulated agents."""

    name: str
    yearly: float
    unit_cost: float
    released: float = 0.0
    spent: float = 0.0
    reached: int = 0
    refused: float = 0.0  # asked for and not paid, for want of money
    carry: float = 0.0  # released and not yet spent (fractions of a seat)
    from_companies: float = 0.0  # part of `released` that companies paid
    leaked: float = 0.0  # spent on those it was not meant for
    eligible: int = 0  # times somebody it is meant for could have been reached: reached / eligible is coverage
    by_quintile: np.ndarray = field(default_factory=lambda: np.zeros(5, np.int64))  # times reached
    by_district: np.ndarray = field(default_factory=lambda: np.zeros(30, np.int64))
    received_by_quintile: np.ndarray = field(default_factory=lambda: np.zeros(5))  # Rp

    def start_counting(self) -> None:
        """Reach and cost are counted from here; money released and not yet spent stays."""
        self.released = self.spent = self.refused = self.from_companies = self.leaked = 0.0
        self.reached = self.eligible = 0
        for counted in (self.by_quintile, self.by_district, self.received_by_quintile):
            counted[:] = 0

    def seats(self, released: float) -> int:
        """Whole places that the money released so far can pay for; the rest is carried over."""
        self.carry += released
        count = int(self.carry // self.unit_cost) if self.unit_cost > 0 else 0
        self.released += released
        return count

    def pay(self, count: int) -> int:
        """Book `count` places; returns their cost in whole Rp."""
        cost = int(count * self.unit_cost)
        self.carry -= cost
        self.spent += cost
        self.reached += count
        return cost


@dataclass
class CityGovernment:
    """Treasury, revenue, budget lines. Yearly amounts are Rp of the simulated agents (real amounts / scale)."""

    treasury: int
    revenue_yearly: float
    transfers_yearly: float
    other_yearly: float  # own revenue (PAD) beyond the taxes that the model levies itself
    property_tax_rate: float  # per month and Rp of household assets
    csr_recorded: float
    purchases_yearly: float
    works_yearly: float
    reserve: float
    discretionary_yearly: float = 0.0  # most that levers may take out of other purchases in a year
    purchases: np.ndarray = field(default_factory=lambda: np.zeros((30, 8)))  # this month's, goods and works
    ordered: np.ndarray = field(default_factory=lambda: np.zeros((30, 8)))  # by programmes, for next month
    own_revenue: int = 0  # this month's
    own_revenue_share: float = 0.0
    absorption: float = 1.0
    cut: float = 1.0  # share of the plan that the treasury could release this month
    works_scale: float = 1.0  # works over what keeps services as they were
    programmes: dict[str, Programme] = field(default_factory=dict)

    def usual_spending(self, growth: float, productivity: float) -> float:
        """Rp of a month that the budget of the start would spend, grown with the labour force and output per worker.

        growth, productivity: of the trend, over the start. No cut and no shock moves it.
        """
        return self.revenue_yearly / 12 * growth * productivity

    def close_month(self, due: int, other: int) -> None:
        """Own revenue in the revenue due over the past year (moving average); starts the new month's count.

        due: transfers of a month without a cut, Rp. Whoever loses transfers has no more revenue of its own for it.
        """
        total = self.own_revenue + due + other
        if total > 0 and self.own_revenue > 0:
            share = (self.own_revenue + other) / total
            self.own_revenue_share += (share - self.own_revenue_share) / (12.0 if self.own_revenue_share else 1.0)
        self.own_revenue = 0

    @property
    def programmes_yearly(self) -> float:
        """Rp a year of the programmes of today's size; lines of levers have no such sum."""
        return sum(line.yearly for line in self.programmes.values())

    def line(self, name: str) -> Programme:
        """The programme of that name, opened when a policy first asks for it."""
        return self.programmes.setdefault(name, Programme(name, 0.0, 0.0))

    def grant(self, name: str, asked: float, promised: float = 0.0) -> float:
        """Share of `asked` Rp that the treasury can pay, beyond what is promised to others, without going under half
        its reserve; the rest is refused."""
        share = release_share(self.treasury - promised, asked, 0.5 * self.reserve)
        line = self.line(name)
        line.released += share * asked
        line.refused += (1.0 - share) * asked
        return share


def release_share(treasury: float, planned: float, floor: float) -> float:
    """Share of planned spending that can be released without going under the floor (0-1).

    Closure without borrowing: works and purchases are cut before wages. Source: godley_lavoie_2007.
    """
    if planned <= 0:
        return 1.0
    return float(min(max((treasury - floor) / planned, 0.0), 1.0))


def place_shares(people: np.ndarray, need: np.ndarray, need_weight: float) -> np.ndarray:
    """How a line is split over districts: (1-w)*N/sum(N) + w*N*need/sum(N*need). Sums to one."""
    by_people = people / people.sum()
    weighted = people * np.maximum(need, 1e-9)
    return (1.0 - need_weight) * by_people + need_weight * weighted / weighted.sum()
