"""The counted figures of a month, laid out in 36 rows: the city, the 30 kecamatan, the five quintiles.

Outcome functions work on these rows at once: `poor / persons` is the headcount of the city, of each kecamatan and of
each quintile. They work on several months at once too: `together` puts the months on the last axis of every array.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sim.agents.persons import CHILD, FORMAL, INACTIVE, OWN, UNEMPLOYED
from sim.compiled import kernel
from sim.outcomes import households_tally as homes
from sim.outcomes import people_tally as people
from sim.outcomes.histogram import PAY_BINS
from sim.walk import FIXED

DISTRICTS, QUINTILES = homes.DISTRICTS, homes.QUINTILES
ROWS = 1 + DISTRICTS + QUINTILES
CITY, PLACES, GROUPS = 0, slice(1, 1 + DISTRICTS), slice(1 + DISTRICTS, ROWS)
CHILDREN, YOUNG, SCHOOL, ADULT = slice(0, 2), slice(3, 4), slice(1, 3), slice(2, 6)  # age classes


UNITS = np.array([[float(FIXED) if name in homes.SCALED else 1.0] for name in homes.COLUMNS])


@kernel
def _add_up(cells, rows):
    for cell in range(cells.shape[0]):
        quintile, district = cell // DISTRICTS, cell % DISTRICTS
        for k in range(cells.shape[1]):
            rows[0, k] += cells[cell, k]
            rows[1 + district, k] += cells[cell, k]
            rows[1 + DISTRICTS + quintile, k] += cells[cell, k]


def margins(cells: np.ndarray) -> np.ndarray:
    """Rows city, places, quintiles from the 150 cells (quintile * 30 + district): whole numbers."""
    rows = np.zeros((ROWS, *cells.shape[1:]), np.int64)
    _add_up(cells.reshape(len(cells), -1), rows.reshape(ROWS, -1))
    return rows


def ratio(above, below) -> np.ndarray:
    """above / below, NaN where nothing is counted."""
    return np.divide(above, np.where(np.equal(below, 0), np.nan, below))


def everywhere(city, places: np.ndarray | None = None) -> np.ndarray:
    """36 rows from a figure of the city and, if there are any, of the 30 places; each may have an axis of months."""
    row = np.full((ROWS, *np.shape(city)), np.nan)
    row[CITY] = city
    if places is not None:
        row[PLACES] = places
    return row


@dataclass
class Figures:
    """What was counted in one month. Money Rp, counts of agents (multiply by `scale` for real ones)."""

    month: int
    scale: int
    line: Any  # poverty line, Rp/person/month
    households: dict[str, np.ndarray]  # by column of the households' tally, 36 rows each
    people: np.ndarray  # 36 x state x age class x marks
    human: np.ndarray  # 36: sum of children's human capital, SD
    spread: tuple[np.ndarray, np.ndarray]  # persons and x by bin of x = spending per head over the line
    pay: np.ndarray  # 30 x bins: employees by pay
    own_pay: np.ndarray  # bins: own-account workers by income
    jobs: int  # checksum of the employers of all employees (people_tally.mix)
    places: dict[str, np.ndarray] = field(default_factory=dict)  # figures of the 30 places from services, communities
    city: dict[str, Any] = field(default_factory=dict)  # figures of the city from markets and government

    def state(self, state: int, ages: slice = slice(None), flagged: bool = False) -> np.ndarray:
        """Persons in a labour state (and age classes), 36 rows; `flagged`: only the marked ones."""
        table = self._flagged if flagged else self._by_state
        return table[:, state, ages].sum(1)

    def aged(self, ages: slice, not_enrolled: bool = False) -> np.ndarray:
        """Persons of some age classes, 36 rows."""
        table = self._not_enrolled if not_enrolled else self._by_age
        return table[:, ages].sum(1)

    @cached_property
    def _by_state(self) -> np.ndarray:  # 36 x state x age class
        return self.people.sum(3)

    @cached_property
    def _flagged(self) -> np.ndarray:
        return self.people[:, :, :, people.FLAGGED :].sum(3)

    @cached_property
    def _by_age(self) -> np.ndarray:  # 36 x age class, the living
        return self._by_state[:, 1:].sum(1)

    @cached_property
    def _not_enrolled(self) -> np.ndarray:
        return self.people[:, 1:, :, ::2].sum((1, 3))

    @property
    def formal(self) -> np.ndarray:
        return self.state(FORMAL)

    @property
    def own(self) -> np.ndarray:
        return self.state(OWN)

    @property
    def unemployed(self) -> np.ndarray:
        return self.state(UNEMPLOYED)

    @property
    def inactive(self) -> np.ndarray:
        return self.state(INACTIVE)

    @property
    def pupils(self) -> np.ndarray:
        return self.state(CHILD)

    @property
    def persons(self) -> np.ndarray:
        return self._by_age.sum(1)


def together(months: Sequence[Figures]) -> Figures:
    """The figures of several months as one: every array with the months along its last axis."""

    def along(arrays: Iterable) -> np.ndarray:
        return np.stack([np.asarray(each) for each in arrays], axis=-1)

    def by_name(tables: list[dict]) -> dict[str, np.ndarray]:
        return {name: along(table[name] for table in tables) for name in tables[0]}

    first = months[0]
    return Figures(
        month=first.month,
        scale=first.scale,
        line=along(one.line for one in months),
        households=by_name([one.households for one in months]),
        people=along(one.people for one in months),
        human=along(one.human for one in months),
        spread=(along(one.spread[0] for one in months), along(one.spread[1] for one in months)),
        pay=along(one.pay for one in months),
        own_pay=along(one.own_pay for one in months),
        jobs=first.jobs,
        places=by_name([one.places for one in months]),
        city=by_name([one.city for one in months]),
    )


def lay_out(month: int, scale: int, line: float, household_tally: np.ndarray, people_tally: np.ndarray) -> Figures:
    """Figures from the tallies of the two walks, in units people understand."""
    cells = household_tally[: homes.COUNTS].reshape(homes.CELLS, homes.N)
    rows = margins(cells)
    table = dict(zip(homes.COLUMNS, np.ascontiguousarray(rows.T) / UNITS, strict=True))
    joint = people_tally[: people.HUMAN].reshape(homes.CELLS, people.STATES, people.AGES, people.MARKS)
    return Figures(
        month=month,
        scale=scale,
        line=line,
        households=table,
        people=margins(joint),
        human=margins(people_tally[people.HUMAN : people.PAY]) / FIXED,
        spread=(
            household_tally[homes.COUNTS : homes.SUMS].astype(float),
            household_tally[homes.SUMS :].astype(float) / FIXED,
        ),
        pay=people_tally[people.PAY : people.OWN_PAY].reshape(DISTRICTS, PAY_BINS),
        own_pay=people_tally[people.OWN_PAY : people.OTHERS],
        jobs=int(people_tally[people.CHECK]),
    )
