"""The goods market: what is bought from whom, what is delivered, and what comes from outside instead."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.agents.businesses import FIRM, OPEN
from sim.agents.selling import delivered, market_pull
from sim.compiled import kernel
from sim.sectors import Sectors
from sim.walk import walk
from sim.world import World

CELLS = (8, 30)  # sector x kecamatan


@dataclass
class Market:
    """The state of the goods market. Money in Rp/month; tables are sector x kecamatan unless said otherwise."""

    sectors: Sectors
    line: float  # poverty line, Rp per head and month
    food_intercept: float
    food_aid: float
    family_aid: float
    external: np.ndarray  # outside demand at the start
    leakage: np.ndarray  # (8,) imported share of household purchases at the start
    huff: np.ndarray  # (8, 30 home, 30 shop) where households of a district buy
    own_share: np.ndarray  # share of own-account businesses in household and outside demand at the start
    own_size: np.ndarray  # selling power at the start
    firm_size: np.ndarray  # capacity of firms at the start
    own_sectors: np.ndarray  # (8,) cumulative choice of a sector by starters
    own_places: np.ndarray  # (30, 30) cumulative choice of a place by starters
    till_cash: int = 0
    takings: np.ndarray = field(default_factory=lambda: np.zeros(CELLS))
    dividend_pool: int = 0
    expected_dividends: float = 0.0  # at the start, before the first profits are known
    shares: float = 1.0
    purchases: np.ndarray = field(default_factory=lambda: np.zeros((30, 2), np.int64))
    short: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))  # rows of households lacking essentials
    prices: np.ndarray = field(default_factory=lambda: np.ones(8))
    price_food: float = 1.0
    price_nonfood: float = 1.0
    paid: tuple[float, float] = (1.0, 1.0)  # prices of food and the rest at which households last bought
    improvement_start: np.ndarray = field(default_factory=lambda: np.ones(8))
    firm_adopters: np.ndarray = field(default_factory=lambda: np.zeros(8))
    entry_base: np.ndarray = field(default_factory=lambda: np.zeros((8, 4)))
    entry_scale: float = 1.0  # exits observed in the burn-in over the voluntary ones
    margin_start: float = 0.0
    largest_firm: int = 1_000_000
    sales_per_worker: np.ndarray = field(default_factory=lambda: np.zeros(8))
    productivity: np.ndarray = field(default_factory=lambda: np.zeros(8))
    free_rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    demand_scale: float = 1.0  # outside demand over the start's, this month
    demand_usual: float = 1.0  # the same, as the burn-in has settled it
    unit_wages: np.ndarray = field(default_factory=lambda: np.ones(8))  # wages of a unit over the start's, by sector
    unit_wages_start: np.ndarray = field(default_factory=lambda: np.ones(8))  # Rp for an efficiency unit's month
    unmet: np.ndarray = field(default_factory=lambda: np.zeros(8))
    value_added_start: np.ndarray = field(default_factory=lambda: np.ones(30))  # of the last month before month 0

    @property
    def tills(self) -> np.ndarray:
        """Net takings waiting for their owners, by cell; they share all the cash there is."""
        total = self.takings.sum()
        return self.takings * (self.till_cash / total if total > 0 else 0.0)

    def pay_tills(self, world: World, drawn: int) -> None:
        """Owners have drawn their income from the tills."""
        self.till_cash -= drawn


def household_demand(
    market: Market, expansion: np.ndarray, prices: tuple[float, float] = (1.0, 1.0)
) -> tuple[np.ndarray, np.ndarray]:
    """Household purchases by home district and sector, and the demand that reaches local sellers by sector and place.

    Purchases: (30, 8) Rp. Local demand: (8, 30) Rp, after import leakage, spread by the Huff shares. `expansion` (8,)
    is the improvement of local sellers over the start: a share psi of what it wins replaces imports. `prices`: of food
    and the rest set outside the city, over the start; the money of their rise goes there, so less is bought here.
    """
    sectors = market.sectors
    food = market.purchases[:, :1] * sectors.food_split
    nonfood = market.purchases[:, 1:] * sectors.nonfood_split
    purchases = food + nonfood
    leakage = np.minimum(np.maximum(market.leakage - (1 - market.leakage) * expansion, 0.02), 0.98)
    local = (food / prices[0] + nonfood / prices[1]) * (1 - leakage)
    return purchases, np.einsum("ds,sdt->st", local, market.huff)


def segment_share(start_share: np.ndarray, own_size, own_start, firm_size, firm_start, elasticity: float) -> np.ndarray:
    """Share of own-account businesses in a cell's demand: it moves with relative size to the power of `elasticity`.

    share = s0*o / (s0*o + (1-s0)*f), o = (own size / start)**e, f likewise. More sellers share a demand that grows
    less than they do: the buffer crowds.
    """
    own = start_share * np.where(own_start > 0, own_size / np.maximum(own_start, 1e-9), 0.0) ** elasticity
    firm = (1 - start_share) * np.where(firm_start > 0, firm_size / np.maximum(firm_start, 1e-9), 0.0) ** elasticity
    total = own + firm
    any_size = total > 0
    return np.where(any_size, own / np.where(any_size, total, 1.0), start_share)


PULL, CAPACITY, CUSTOM, PRICED = range(4)


@kernel
def weigh(low, high, tally, businesses, g, boost, laggards):
    """Every firm's pull on demand; summed by cell (sector*30 + district).

    boost, laggards: (8,) gain of digital sellers over the usual, custom left to those that are not digital.
    """
    for j in range(low, high):
        firm = businesses[j]
        if firm.status != OPEN or firm.kind != FIRM:
            continue
        kept = firm.custom * (laggards[firm.sector] if firm.technology <= 0.5 else 1.0)
        gain = g.technology_pull * boost[firm.sector]
        firm.pull = market_pull(kept, firm.price, firm.technology, firm.practice, g.price_pull, gain, g.practice_pull)
        cell = firm.sector * 30 + firm.district
        tally[cell, PULL] += np.int64(firm.pull)
        tally[cell, CAPACITY] += np.int64(firm.capacity)
        tally[cell, CUSTOM] += np.int64(kept)
        tally[cell, PRICED] += np.int64(kept * firm.price)


UNMET, SPARE = range(2)


@kernel
def serve(low, high, tally, businesses, rate):
    """First round: each firm delivers its share of its cell's demand, up to capacity."""
    for j in range(low, high):
        firm = businesses[j]
        if firm.status != OPEN or firm.kind != FIRM:
            continue
        cell = firm.sector * 30 + firm.district
        firm.demand = rate[cell] * firm.pull
        firm.sales = delivered(firm.demand, firm.capacity)
        tally[cell, UNMET] += np.int64(firm.demand - firm.sales)
        tally[cell, SPARE] += np.int64(firm.capacity - firm.sales)


def goods_market(world: World) -> None:
    """Purchases meet sellers: own-account and firms share the demand, firms ration, the rest is imported."""
    market, p, drivers = world.market, world.p.goods, world.drivers
    digital = (drivers.digital_pull, drivers.laggards)
    tally = walk(weigh, world.businesses.n, (240, 4), world.businesses.rows, p, *digital)
    firms = tally.T.astype(float, order="C").reshape(4, *CELLS)
    pull, room, by_sector = firms[PULL], firms[CAPACITY], firms.sum(axis=2)
    improvement = _improvement(world, by_sector)
    if world.month < 0:
        market.improvement_start = improvement
    expansion = p.market_expansion * (improvement / market.improvement_start - 1.0)
    _, local = household_demand(market, expansion, (drivers.food_price, drivers.nonfood_price))
    local = local * drivers.footfall
    outside = (
        market.external
        * market.demand_scale
        * drivers.growth
        * drivers.productivity
        * drivers.external
        * drivers.demand
    )
    open_demand = local + outside
    share = segment_share(
        market.own_share, world.labour.own_custom, market.own_size, room, market.firm_size, p.segment_elasticity
    )
    bought = world.government.purchases + world.communities.purchases + world.counts["company_purchases"]
    of_firms, trade = 1 - share, pull > 0
    to_firms = open_demand * of_firms + bought.T
    rate = np.where(trade, to_firms / np.maximum(pull, 1.0), 0.0)
    served = walk(serve, world.businesses.n, (240, 2), world.businesses.rows, rate.ravel())
    served = served.reshape(*CELLS, 2).sum(axis=1)
    unmet = served[:, UNMET] + np.where(trade, 0.0, to_firms).sum(axis=1)
    world.counts["second_round"] = np.minimum(1.0, unmet / np.maximum(served[:, SPARE], 1))
    world.counts["demand"] = (local * of_firms, outside * of_firms, bought)
    _fill_tills(world, local * share, outside * share)
    world.counts["purchases_total"] = int(market.purchases.sum())
    _prices(world, by_sector)


def _improvement(world: World, firms: np.ndarray) -> np.ndarray:
    """How much more attractive local sellers are than without technology and practice, by sector, mean weight 1.

    firms: sums of `weigh` by sector (4, 8).
    """
    labour, own_share = world.labour, world.market.own_share
    firm = firms[PULL] / np.maximum(firms[CUSTOM], 1.0)
    present = labour.own_custom.sum(axis=1)
    own = present / np.maximum(labour.own_custom_plain.sum(axis=1), 1e-9)
    own = np.where(present > 0, own, 1.0)
    weight = own_share.sum(axis=1) / own_share.shape[1]
    return weight * own + (1 - weight) * firm


def _fill_tills(world: World, local: np.ndarray, outside: np.ndarray) -> None:
    """Own-account businesses take in their share of demand and buy their inputs."""
    market, ledger, share = world.market, world.ledger, world.p.goods.own_account_inputs
    served = world.labour.own_custom > 0
    from_households = round(float(np.where(served, local, 0.0).sum()))
    from_outside = round(float(np.where(served, outside, 0.0).sum()))
    taken = from_households + from_outside
    market.takings = np.where(served, local + outside, 0.0)
    dearer = market.takings.sum(axis=1) @ (world.drivers.input_price - 1.0) / max(taken, 1)
    inputs = int(taken * share * (1.0 + dearer))
    market.till_cash += taken - inputs
    ledger.post("consumption_own_account", from_households)
    ledger.post("external_sales_own_account", from_outside)
    ledger.post("inputs_own_account", inputs)
    world.counts["own_account_sales"] = taken
    world.counts["own_account_value_added"] = (market.takings * (1 - share * world.drivers.input_price[:, None])).sum(
        axis=0
    )
    world.counts["paid_to_tills"] = from_households


def _prices(world: World, firms: np.ndarray) -> None:
    """Consumer prices relative to the start: custom-weighted prices of local firms, outside prices for imports.

    firms: sums of `weigh` by sector (4, 8).
    """
    market, drivers = world.market, world.drivers
    custom = firms[CUSTOM]
    local = np.where(custom > 0, firms[PRICED] / np.maximum(custom, 1), 1.0)
    market.prices = (1 - market.leakage) * local + market.leakage * drivers.import_price
    market.price_food = float(market.sectors.food_split @ market.prices) * drivers.food_price
    market.price_nonfood = float(market.sectors.nonfood_split @ market.prices) * drivers.nonfood_price
