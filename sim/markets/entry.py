"""New businesses: as many as profits invite, of the sizes that usually close, with their founders' money."""

from __future__ import annotations

import math

import numpy as np

from sim.agents.businesses import CLOSED, FIRM, LARGE, MEDIUM, OPEN, SIZE_BOUNDS
from sim.agents.selling import exit_hazard
from sim.compiled import rule
from sim.draws import ENTRY, draws, new_uid, stochastic_round
from sim.world import World

SEARCHES = 80  # households asked for founder's capital before an entry is given up


@rule
def entry_rate(base, margin_ratio, response):
    """Expected entries a month: base * max(profit margin over the start's, 0)**response."""
    return base * max(margin_ratio, 0.0) ** response


def size_of_entrant(size_class: int, u: float, tail: float, largest: int) -> int:
    """Workers planned by an entrant of a class: a power law within the class's bounds. Source: axtell_2001."""
    low = SIZE_BOUNDS[size_class]
    high = min(SIZE_BOUNDS[size_class + 1] if size_class < LARGE else 10 * low, max(largest, low + 1))
    return int((low**-tail - u * (low**-tail - float(high) ** -tail)) ** (-1.0 / tail))


def expected_exits(world: World) -> np.ndarray:
    """Voluntary exits a month expected of the present firms, by sector and size class (8, 4)."""
    firms, g = world.businesses.rows, world.p.goods
    living = firms[(firms["status"] == OPEN) & (firms["kind"] == FIRM)]
    counts = np.zeros((8, 4))
    np.add.at(counts, (living["sector"], living["size_class"]), 1.0)
    hazards = [exit_hazard(c, g.exit_micro, g.exit_small, g.exit_medium, g.exit_large) for c in range(4)]
    return counts * np.array(hazards)


def new_businesses(world: World) -> None:
    """Founders open firms: the number follows profits relative to the start, the sizes follow the exits."""
    base = world.market.entry_base * world.market.entry_scale * world.drivers.growth * world.drivers.entry
    margin = world.counts["profits"] / max(world.counts["sales"], 1)
    ratio = margin / world.market.margin_start if world.market.margin_start > 0 else 1.0
    opened = 0
    for sector in range(8):
        for size in range(4):
            u, _, _, _ = draws(world.seed, ENTRY, world.month, 1000 + sector * 4 + size)
            rate = entry_rate(base[sector, size], min(ratio, 2.0), world.p.goods.entry_response)
            for ordinal in range(stochastic_round(rate, u)):
                opened += _open(world, sector, size, ordinal)
    world.counts["business_entries"] = opened


def _open(world: World, sector: int, size: int, ordinal: int) -> int:
    """Open one firm if capital is found; returns 1 or 0."""
    g, market = world.p.goods, world.market
    uid = new_uid(world.seed, world.month, sector * 4 + size, ordinal + 1)
    u, v, w, x = draws(world.seed, ENTRY, world.month, uid)
    workers = size_of_entrant(size, u, g.size_tail, market.largest_firm)
    wage = world.labour.sector_wage[sector]
    capital = math.floor(g.entry_capital * workers * wage)
    if size < MEDIUM:
        founder = _founder(world, uid, capital)
        if founder < 0:
            return 0
        home = world.households.rows[founder]
        home["savings"] -= capital
        home["shares"] += workers * wage / 1e6
        world.ledger.post("equity", capital)
    else:
        world.ledger.post("equity_outside", capital)
    weight = np.cumsum(np.maximum(market.external[sector] + market.firm_size[sector], 0.0))
    district = int(np.searchsorted(weight, v * weight[-1], side="right"))
    row = _free_row(world)
    firm = world.businesses.rows[row : row + 1]
    firm[:] = 0
    per_worker = market.sales_per_worker[sector]
    for name, value in {
        "uid": uid,
        "status": OPEN,
        "kind": FIRM,
        "sector": sector,
        "district": min(district, 29),
        "size_class": size,
        "founded": world.month,
        "custom": workers * per_worker,
        "demand": workers * per_worker,
        "expected": workers * per_worker,
        "productivity": market.productivity[sector],
        "price": 1.0,
        "markup": g.markup,
        "premium": 1.0,
        "deposits": capital,
        "capital": 12.0 * workers * per_worker,
        "compliant": int(w < comply_share(world.p.labour, size)),
        "technology": float(x < market.firm_adopters[sector]),
    }.items():
        firm[name] = value
    return 1


def comply_share(p, size_class: int) -> float:
    """Share of firms of a size class that pay the UMK."""
    return (p.comply_micro, p.comply_small, p.comply_medium, p.comply_large)[size_class]


def _founder(world: World, uid: int, capital: float) -> int:
    """A household with the capital to spare, found by asking a few at random; -1 if none."""
    homes = world.households.rows
    for attempt in range(SEARCHES):
        u, _, _, _ = draws(world.seed, ENTRY, attempt, uid)
        row = int(u * len(homes))
        if homes["alive"][row] and homes["savings"][row] > capital + 2 * homes["spending"][row]:
            return row
    return -1


def _free_row(world: World) -> int:
    """A closed business's row to use again, or a new one."""
    while world.market.free_rows:
        row = world.market.free_rows.pop()
        if world.businesses.rows["status"][row] == CLOSED:
            return row
    return world.businesses.add(1)


def collect_free_rows(world: World, done: np.ndarray) -> None:
    """Rows of businesses that closed and have nobody left."""
    world.market.free_rows.extend(int(row) for row in np.flatnonzero(done))
