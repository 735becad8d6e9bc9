"""One walk over the households: everything the outcomes need from them, by district and quintile.

Spending is measured per head in units of the poverty line (`x`), every person counted: the average of the past year's
months, or this month's. Like the line it is real: at the start's prices.
"""

from __future__ import annotations

import numpy as np

from sim.agents.budget_rules import rupiah_buys
from sim.agents.households import AIDED, BORROWED, CUT, EARNER, HUNGRY, LEFT, SAVINGS, SOLD, WITHDREW
from sim.compiled import at, kernel
from sim.outcomes.histogram import BINS, EDGES, FINE, LOGS, LOWEST, log_bin, log_of
from sim.tables import Table
from sim.walk import FIXED, walk

DISTRICTS, QUINTILES = 30, 5
CELLS = DISTRICTS * QUINTILES  # a household's cell: quintile * 30 + district

COLUMNS = (
    "households",
    "persons",
    "poor",
    "gap",  # sum of (1 - x)+ over persons, fixed point
    "severity",  # sum of its square
    "poor_this_month",
    "near_poor",
    "x",
    "x_log_x",
    "log_x",
    "inverse_root",  # sum of c**-0.5, this month's real spending per head over the line: CRRA welfare with eta 1.5
    "hungry",  # persons
    "children",
    "no_buffer",  # households, as all that follows
    "rcsi",
    "rcsi_extreme",
    "stress",
    "crisis",
    "emergency",  # of those who are there no more: they left the city in hardship this month
    "takes_part",
    "trust",
    "groups",
    "savings",  # Rp
    "formal_debt",
    "informal_debt",
    "income",  # at the start's prices
    "permanent",
    "spending",
    "food",
)
N = len(COLUMNS)
EMERGENCY = COLUMNS.index("emergency")
COUNTS = CELLS * N  # where the histogram's head-counts begin in the tally
SUMS = COUNTS + BINS  # and its sums of x
SIZE = SUMS + BINS
SCALED = frozenset({"gap", "severity", "x", "x_log_x", "log_x", "inverse_root", "rcsi", "trust"})  # fixed point

MANY = 1.5  # near-poor: below this many poverty lines. Source: worldbank_aspiring_2019
EXTREME = 19.0  # rCSI at or above: extreme. Source: wfp_cari
LEAST = 0.3  # spending counts as at least this share of the line in CRRA welfare
IS_CRISIS = SOLD | HUNGRY | WITHDREW
IS_STRESS = SAVINGS | CUT | EARNER | BORROWED | AIDED


@kernel
def households_walk(low, high, tally, households, cells, month, line, prices, thresholds, edges, logs):
    """Count every household, and write back its quintile and cell. prices: of food and the rest, as they were paid."""
    for h in range(low, high):
        home = households[at(h)]
        size = home.size
        if home.alive == 0 or size <= 0:
            cells[h] = 0
            if home.coping & LEFT != 0 and home.moved_in == month:
                tally[(home.quintile * DISTRICTS + home.district) * N + EMERGENCY] += 1
            continue
        x = max(home.average, 0.0) / line
        quintile = (x > thresholds[0]) * 1 + (x > thresholds[1]) * 1 + (x > thresholds[2]) * 1 + (x > thresholds[3]) * 1
        home.quintile = quintile
        cell = quintile * DISTRICTS + home.district
        cells[at(h)] = cell
        place = log_bin(x, LOWEST, FINE, BINS)
        heads = np.int64(size)
        amount = np.int64(x * FIXED + 0.5) * heads
        tally[at(COUNTS + place)] += heads
        tally[at(SUMS + place)] += amount

        row = cell * N
        tally[at(row)] += 1
        tally[at(row + 1)] += heads
        if x < 1.0:
            tally[at(row + 2)] += heads
            tally[at(row + 3)] += np.int64((1.0 - x) * FIXED + 0.5) * heads
            tally[at(row + 4)] += np.int64((1.0 - x) * (1.0 - x) * FIXED + 0.5) * heads
        elif x < MANY:
            tally[at(row + 6)] += heads
        buys = rupiah_buys(home.food_share, prices[0], prices[1])
        now = home.spending * buys / (line * size)
        tally[at(row + 5)] += heads * (now < 1.0)
        log = log_of(x, place, edges, logs)
        tally[at(row + 7)] += amount
        tally[at(row + 8)] += np.int64(np.floor(x * log * FIXED + 0.5)) * heads
        tally[at(row + 9)] += np.int64(np.floor(log * FIXED + 0.5)) * heads
        tally[at(row + 10)] += np.int64(FIXED / np.sqrt(max(now, LEAST)) + 0.5) * heads
        coping = home.coping
        tally[at(row + 11)] += heads * ((coping & HUNGRY) != 0)
        tally[at(row + 12)] += home.children
        tally[at(row + 13)] += home.savings < home.average * size
        tally[at(row + 14)] += np.int64(home.rcsi * FIXED + 0.5)
        tally[at(row + 15)] += home.rcsi >= EXTREME
        crisis = coping & IS_CRISIS != 0
        tally[at(row + 16)] += not crisis and coping & IS_STRESS != 0
        tally[at(row + 17)] += crisis
        tally[at(row + 19)] += home.takes_part != 0
        tally[at(row + 20)] += np.int64(home.trust * FIXED + 0.5)
        tally[at(row + 21)] += home.groups
        tally[at(row + 22)] += np.int64(home.savings)
        tally[at(row + 23)] += np.int64(home.formal_debt)
        tally[at(row + 24)] += np.int64(home.informal_debt)
        tally[at(row + 25)] += np.int64(home.income * buys)
        tally[at(row + 26)] += np.int64(home.permanent)
        tally[at(row + 27)] += np.int64(home.spending)
        tally[at(row + 28)] += np.int64(home.food_share * home.spending)


def count_households(
    households: Table, cells: np.ndarray, month: int, line: float, prices: tuple[float, float], thresholds: np.ndarray
) -> np.ndarray:
    """Walk over all households; fills `cells` (one entry a household) and returns the tally."""
    return walk(
        households_walk, households.n, SIZE, households.rows, cells, month, line, prices, thresholds, EDGES, LOGS
    )
