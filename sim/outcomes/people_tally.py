"""One walk over the persons: states by age, pay, schooling and children, by district and quintile of the household.

Nearly every count comes from one joint table (cell, state, age class, enrolled): one addition a person.
"""

from __future__ import annotations

import numpy as np

from sim.agents.persons import FORMAL, GONE, OWN, UNEMPLOYED
from sim.compiled import at, kernel, rule
from sim.outcomes.histogram import PAY_CELLS, finer_from, pay_cell, pay_edges, quantiles
from sim.outcomes.households_tally import CELLS, DISTRICTS
from sim.walk import FIXED, walk

STATES, AGES, MARKS = 6, 6, 4
AGE_BOUNDS = (7, 15, 18, 25, 65)  # years; classes: 0-6, 7-14, 15-17, 18-24, 25-64, 65 and over
ENROLLED, FLAGGED = (
    1,
    2,
)  # flagged: an employee below the minimum wage, a digital own-account business, long out of work
CELL = STATES * AGES * MARKS  # entries of one cell
HUMAN = CELLS * CELL  # where the sums of children's human capital begin, one a cell
PAID = HUMAN + CELLS  # the sums of employees' pay, Rp a month, one a cell
PAY = PAID + CELLS  # where the employees' pay histograms begin, one a district
OWN_PAY = PAY + DISTRICTS * PAY_CELLS  # that of own-account incomes, one for the city
OTHERS = OWN_PAY + PAY_CELLS  # and one that catches those without pay
CHECK = OTHERS + PAY_CELLS  # the jobs' checksum
SIZE = CHECK + 1
LONG = 12  # months out of work that count as long-term
OLD = 12 * AGE_BOUNDS[-1]  # months of age from which all are of the last class
BANDS = np.searchsorted(12 * np.array(AGE_BOUNDS), np.arange(OLD + 1), side="right").astype(np.uint8)
STARTS = np.full((STATES, CELLS), OTHERS)
STARTS[OWN], STARTS[FORMAL] = OWN_PAY, PAY + np.arange(CELLS) % DISTRICTS * PAY_CELLS


@rule
def mix(row):
    """A 64-bit hash of a row number, as int64: multiply by the golden ratio's odd number, fold the halves."""
    z = np.uint64(row + 1) * np.uint64(0x9E3779B97F4A7C15)
    return np.int64(z ^ (z >> np.uint64(29)))


@kernel
def people_walk(low, high, tally, persons, cells, month, minimum, first, bands, starts):
    """Count every living person. Truth values instead of branches: a branch nobody can foresee costs more.

    minimum, first: see `pay_cell`; bands: age class by months of age; starts: where a person's pay histogram begins, by
    state and cell.
    """
    check = np.int64(0)
    for i in range(low, high):
        person = persons[at(i)]
        state = person.state
        if state == GONE:
            continue
        cell = np.int64(cells[at(person.home)])
        age = month - person.born
        band = np.int64(bands[at(min(age, OLD))])
        formal, own = state == FORMAL, state == OWN
        flagged = (
            (formal & (person.pay < minimum))
            | (own & (person.technology > 0.5))
            | ((state == UNEMPLOYED) & (month - person.since >= LONG))
        )
        marks = (person.enrolled != 0) * ENROLLED + flagged * FLAGGED
        tally[at(cell * CELL + (state * AGES + band) * MARKS + marks)] += 1
        tally[at(HUMAN + cell)] += np.int64(person.human * FIXED) * (band < 3)
        tally[at(PAID + cell)] += np.int64(person.pay) * formal
        tally[at(starts[at(state), at(cell)] + pay_cell(person.pay, minimum, first))] += 1
        check += mix(person.employer) * formal
    tally[CHECK] += check


def count_people(persons: np.ndarray, cells: np.ndarray, month: int, minimum: float) -> np.ndarray:
    """Walk over these rows of persons; `cells` holds quintile * 30 + district of every household."""
    return walk(people_walk, len(persons), SIZE, persons, cells, month, minimum, finer_from(minimum), BANDS, STARTS)


def median_pay(tally: np.ndarray, minimum: float) -> tuple[np.ndarray, float]:
    """Median pay of employees in the city and the 30 places (31,), and median income of own-account workers.

    The cells of pay are finest around the minimum wage: about three in ten earn exactly that, and the median is near.
    """
    counts, edges = tally[PAY:OTHERS].reshape(-1, PAY_CELLS), pay_edges(minimum)  # the last are own-account workers
    city, medians = (quantiles(rows, edges, 0.5) for rows in (counts[:-1].sum(axis=0, keepdims=True), counts))
    return np.append(city, medians[:-1]), float(medians[-1])


def jobs_checksum(businesses: np.ndarray) -> int:
    """Sum of workers * mix(row), wrapping around: equals the persons' checksum when every job has its worker."""
    rows = np.arange(len(businesses), dtype=np.uint64)
    z = (rows + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    return int(np.sum((z ^ (z >> np.uint64(29))).view(np.int64) * businesses["workers"].astype(np.int64)))
