"""New businesses: as many as profits invite, of the sizes that usually close, with their founders' money."""

from __future__ import annotations

import math

import numpy as np

from sim.agents.businesses import BUSINESS, CLOSED, FIRM, LARGE, MEDIUM, OPEN, SIZE_BOUNDS
from sim.agents.selling import exit_hazard
from sim.compiled import kernel, rule
from sim.draws import ENTRY, draws, new_uid, stochastic_round
from sim.world import World

SEARCHES = 80  # households asked for founder's capital before an entry is given up
TOGETHER = 8  # of them (a part of all) are looked at before one is taken: the processor fetches all at once
BLANK = np.zeros(1, BUSINESS)
FROM_FOUNDERS, FROM_OUTSIDE, OPENED, ROWS_USED, FREE_LEFT = range(5)  # what `open_businesses` returns


@rule
def entry_rate(base, margin_ratio, response):
    """Expected entries a month: base * max(profit margin over the start's, 0)**response."""
    return base * max(margin_ratio, 0.0) ** response


@rule
def size_of_entrant(size_class, u, tail, largest):
    """Workers planned by an entrant of a class: a power law within the class's bounds. Source: axtell_2001."""
    low = SIZE_BOUNDS[size_class]
    high = min(SIZE_BOUNDS[min(size_class + 1, LARGE)] if size_class < LARGE else 10 * low, max(largest, low + 1))
    return int((low**-tail - u * (low**-tail - float(high) ** -tail)) ** (-1.0 / tail))


def expected_exits(world: World) -> np.ndarray:
    """Voluntary exits a month expected of the present firms, by sector and size class (8, 4)."""
    firms, g = world.businesses.rows, world.p.goods
    living = firms[(firms["status"] == OPEN) & (firms["kind"] == FIRM)]
    counts = np.zeros((8, 4))
    np.add.at(counts, (living["sector"], living["size_class"]), 1.0)
    hazards = [exit_hazard(c, g.exit_micro, g.exit_small, g.exit_medium, g.exit_large) for c in range(4)]
    return counts * np.array(hazards)


@rule
def comply_share(p, size_class):
    """Share of firms of a size class that pay the UMK."""
    return (p.comply_micro, p.comply_small, p.comply_medium, p.comply_large)[size_class]


@rule
def founder_of(households, uid, capital, seed):
    """A household with the capital to spare, found by asking a few at random; -1 if none."""
    for first in range(0, SEARCHES, TOGETHER):
        founder = -1
        for attempt in range(first + TOGETHER - 1, first - 1, -1):  # the last first: of several the first remains
            u, _, _, _ = draws(seed, ENTRY, attempt, uid)
            row = np.int64(u * households.shape[0])
            home = households[row]
            able = (home.alive != 0) & (home.savings > capital + 2 * home.spending)
            founder = row if able else founder
        if founder >= 0:
            return founder
    return -1


@kernel
def open_businesses(wanted, businesses, households, free, used, tables, blank, g, labour, largest, seed, month):
    """Open `wanted` firms by sector and size class (8, 4), one by one, where capital is found.

    Rows of closed businesses in `free` are taken from the end, then the rows from `used` on. Returns what the
    constants name: Rp from founders and from outside, firms opened, rows in use and free rows left.
    """
    sector_wage, weight, per_worker, productivity, adopters = tables
    left, equity, outside, opened = free.shape[0], 0, 0, 0
    for sector in range(8):
        for size in range(4):
            for ordinal in range(wanted[sector, size]):
                uid = new_uid(seed, month, sector * 4 + size, ordinal + 1)
                u, v, w, x = draws(seed, ENTRY, month, uid)
                workers = size_of_entrant(size, u, g.size_tail, largest)
                wages = workers * sector_wage[sector]
                capital = math.floor(g.entry_capital * workers * sector_wage[sector])
                if size < MEDIUM:
                    founder = founder_of(households, uid, capital, seed)
                    if founder < 0:
                        continue
                    home = households[founder]
                    home.savings -= capital
                    home.shares += wages / 1e6
                    equity += np.int64(capital)
                else:
                    outside += np.int64(capital)
                row = -1
                while left > 0 and row < 0:
                    left -= 1
                    row = free[left] if businesses[free[left]].status == CLOSED else -1
                if row < 0:
                    row = used
                    used += 1
                businesses[row] = blank[0]
                firm = businesses[row]
                firm.uid = uid
                firm.status = OPEN
                firm.kind = FIRM
                firm.sector = sector
                firm.district = min(np.searchsorted(weight[sector], v * weight[sector, -1], side="right"), 29)
                firm.size_class = size
                firm.founded = month
                firm.custom = firm.demand = firm.expected = workers * per_worker[sector]
                firm.productivity = productivity[sector]
                firm.price = 1.0
                firm.markup = g.markup
                firm.premium = 1.0
                firm.deposits = capital
                firm.capital = 12.0 * workers * per_worker[sector]
                firm.compliant = 1 if w < comply_share(labour, size) else 0
                firm.technology = 1.0 if x < adopters[sector] else 0.0
                opened += 1
    return equity, outside, opened, used, left


def wanted_entries(world: World) -> np.ndarray:
    """How many founders there are this month, by sector and size class (8, 4)."""
    base = world.market.entry_base * world.market.entry_scale * world.drivers.growth * world.drivers.entry
    margin = world.counts["profits"] / max(world.counts["sales"], 1)
    ratio = margin / world.market.margin_start if world.market.margin_start > 0 else 1.0
    wanted = np.zeros((8, 4), np.int64)
    _draw_entries(wanted, base, min(ratio, 2.0), world.p.goods.entry_response, world.seed, world.month)
    return wanted


@kernel
def _draw_entries(wanted, base, ratio, response, seed, month):
    for sector in range(8):
        for size in range(4):
            u, _, _, _ = draws(seed, ENTRY, month, 1000 + sector * 4 + size)
            wanted[sector, size] = stochastic_round(entry_rate(base[sector, size], ratio, response), u)


def new_businesses(world: World) -> None:
    """Founders open firms: the number follows profits relative to the start, the sizes follow the exits."""
    market, businesses = world.market, world.businesses
    wanted, used = wanted_entries(world), businesses.n
    world.counts["business_entries"] = 0
    if not wanted.any():
        return
    weight = np.cumsum(np.maximum(market.external + market.firm_size, 0.0), axis=1)
    tables = (world.labour.sector_wage, weight, market.sales_per_worker, market.productivity, market.firm_adopters)
    businesses.add(int(wanted.sum()))
    found = open_businesses(
        wanted,
        businesses.rows,
        world.households.rows,
        market.free_rows,
        used,
        tables,
        BLANK,
        world.p.goods,
        world.p.labour,
        market.largest_firm,
        world.seed,
        world.month,
    )
    businesses.n = found[ROWS_USED]
    market.free_rows = market.free_rows[: found[FREE_LEFT]]
    world.ledger.post("equity", found[FROM_FOUNDERS])
    world.ledger.post("equity_outside", found[FROM_OUTSIDE])
    world.counts["business_entries"] = found[OPENED]


def collect_free_rows(world: World, done: np.ndarray) -> None:
    """Rows of businesses that closed and have nobody left."""
    if len(done):
        world.market.free_rows = np.append(world.market.free_rows, done)
