"""The formal businesses of the start: sizes from a power law in four strata, places by commerce, real head-counts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.agents.businesses import BUSINESS, FIRM, LARGE, N_SECTORS, OFFICE, OPEN, PUBLIC, SIZE_BOUNDS, ZONE
from sim.city import City
from sim.draws import BUILD_BUSINESS
from sim.markets.entry import comply_share
from sim.parameters import Parameters
from sim.quotas import GOLDEN, luck_of, systematic
from sim.sectors import Sectors
from sim.tables import Table

ZONE_SPREAD = np.array([0.35, 0.40, 0.20, 0.05])  # outer-zone jobs of residents: Cimahi, Kab. Bandung, KBB, Sumedang
OFFICE_AGE, FIRM_AGE = 360, 120  # months since founding, at most, of the businesses of the start


def stratum_sizes(jobs: float, low: int, high: int, tail: float, carry: float) -> tuple[np.ndarray, float]:
    """Head-counts of the firms of one stratum that together hold about `jobs`; the rest is carried over.

    Mid-quantiles of the power law with CCDF n**-tail between low and high. Source: axtell_2001.
    """
    high = max(high, low)
    grid = np.arange(low, high + 1, dtype=float)
    weight = grid ** (-tail - 1.0)
    mean = (grid * weight).sum() / weight.sum()
    count = int((jobs + carry) / mean + 0.5)
    if count == 0:
        return np.zeros(0, np.int64), carry + jobs
    cdf = np.cumsum(weight) / weight.sum()
    sizes = grid[np.searchsorted(cdf, (np.arange(count) + 0.5) / count)].astype(np.int64)
    return sizes, carry + jobs - sizes.sum()


def strata_shares(tail: float, largest: int) -> np.ndarray:
    """Share of jobs in the four size classes under the power law (truncated at `largest`)."""
    grid = np.arange(1, max(largest, 101), dtype=float)
    jobs = grid**-tail
    edges = [*SIZE_BOUNDS, int(grid[-1]) + 1]
    parts = [jobs[(grid >= a) & (grid < b)].sum() for a, b in pairwise(edges)]
    return np.array(parts) / sum(parts)


def commerce(city: City) -> np.ndarray:
    """Where business concentrates, shares of the 30 kecamatan: shops, malls, markets, universities per place."""
    columns = city.columns
    parts = [
        columns[name] + 0.2
        for name in ("minimarkets_2019", "supermarkets_2019", "malls_2019", "pasar_listed", "universities_2021")
    ]
    score = np.mean([part / part.sum() for part in parts], axis=0)
    return score / score.sum()


def job_places(city: City, sectors: Sectors) -> np.ndarray:
    """Share of each sector's firms in each kecamatan (8, 30): between population and commerce."""
    people = city.district_population / city.district_population.sum()
    weight = sectors.commerce_weight[:, None]
    return weight * commerce(city) + (1 - weight) * people


def build_firms(
    city: City, sectors: Sectors, p: Parameters, firm_jobs: int, offices: int, outside: int, scale: int, seed: int
) -> tuple[Table, int]:
    """Firms for `firm_jobs` jobs, 30 city offices and 4 outer-zone employers. Returns the table and the largest size.

    `workers` holds the planned head-count until people are hired. Sampling at 1:scale is by firm count; each firm
    keeps its real head-count up to `largest_share` of all simulated jobs.
    """
    largest_real = int(p.goods.largest_share * firm_jobs * scale)
    largest = max(5, int(p.goods.largest_share * firm_jobs))
    share = strata_shares(p.goods.size_tail, largest_real)
    sizes, sector_of, class_of, carry = [], [], [], np.zeros(4)
    for sector in range(N_SECTORS):
        for size_class in range(4):
            low = SIZE_BOUNDS[size_class]
            high = SIZE_BOUNDS[size_class + 1] - 1 if size_class < LARGE else max(largest_real, low)
            jobs = firm_jobs * sectors.formal_jobs_share[sector] * share[size_class]
            found, carry[size_class] = stratum_sizes(
                jobs, min(low, largest), min(high, largest), p.goods.size_tail, carry[size_class]
            )
            sizes.append(found)
            sector_of.append(np.full(len(found), sector))
            class_of.append(np.full(len(found), size_class))
    size = np.concatenate(sizes)
    table = Table("business", BUSINESS, int(len(size) * 1.1) + 64)
    table.add(len(size) + 34)
    rows = table.rows
    rows["uid"] = np.arange(1, len(rows) + 1)
    rows["status"] = OPEN
    rows["price"] = rows["premium"] = 1.0
    rows["markup"] = p.goods.markup
    firms = rows[: len(size)]
    firms["kind"], firms["sector"] = FIRM, np.concatenate(sector_of)
    firms["size_class"], firms["workers"] = np.concatenate(class_of), size
    firms["workers"] = _fit_total(size, firm_jobs)
    u = luck_of(seed, BUILD_BUSINESS, 0, firms["uid"])
    _place(firms, job_places(city, sectors), seed)
    comply = np.array([comply_share(p.labour, c) for c in range(4)])
    firms["compliant"] = u[:, 1] < comply[firms["size_class"]]
    firms["technology"] = u[:, 2] < p.goods.start_technology
    firms["premium"] = np.exp(0.12 * (2 * u[:, 3] - 1) * np.sqrt(3.0)) * (1 + 0.05 * (firms["size_class"] - 1.0))
    firms["founded"] = -1 - (u[:, 0] * FIRM_AGE).astype(np.int64)
    _employers(rows[len(size) :], city, offices, outside)
    return table, largest


def _fit_total(size: np.ndarray, jobs: int) -> np.ndarray:
    """Sizes that add up to exactly `jobs`: the difference is spread over firms as evenly as can be."""
    size, least = size.copy(), 1 if jobs >= len(size) else 0
    while missing := jobs - int(size.sum()):
        step = 1 if missing > 0 else -1
        able = np.flatnonzero(size > (least if step < 0 else 0))  # nobody is left without a worker
        if abs(missing) < len(able):
            able = np.unique(able[np.linspace(0, len(able) - 1, abs(missing)).astype(np.int64)])
        size[able] += step
    return size


def _place(firms: np.ndarray, shares: np.ndarray, seed: int) -> None:
    """Firms of each sector and size spread over the kecamatan in proportion (low-discrepancy, not luck)."""
    for sector in range(N_SECTORS):
        for size_class in range(4):
            rows = np.flatnonzero((firms["sector"] == sector) & (firms["size_class"] == size_class))
            offset = luck_of(seed, BUILD_BUSINESS, 1, np.array([sector * 4 + size_class]))[0, 0]
            u = (offset + GOLDEN * np.arange(len(rows))) % 1.0
            firms["district"][rows] = np.minimum(np.searchsorted(np.cumsum(shares[sector]), u), 29)


def _employers(rows: np.ndarray, city: City, offices: int, outside: int) -> None:
    """The city's offices (30) and the employers of the outer zones (4), with their planned head-counts."""
    people = city.district_population / city.district_population.sum()
    rows["kind"][:30], rows["kind"][30:] = OFFICE, ZONE
    rows["sector"] = PUBLIC
    rows["sector"][30:] = 0
    rows["district"] = np.arange(34)
    rows["workers"][:30] = systematic(0.5 * people + 0.5 * commerce(city), offices, 0.5)
    rows["workers"][30:] = systematic(ZONE_SPREAD, outside, 0.5)
    rows["expected"] = rows["workers"]
    rows["compliant"] = 1
    rows["founded"] = -OFFICE_AGE
    rows["size_class"] = LARGE
    rows["premium"][30:] = 1.15
