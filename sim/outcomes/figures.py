"""The counted figures of a month, laid out in 36 rows: the city, the 30 kecamatan, the five quintiles.

Outcome functions work on these rows at once: `poor / persons` is the headcount of the city, of each kecamatan and of
each quintile. They work on several months at once too: `together` puts the months on the last axis of every array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sim.agents.persons import CHILD, FORMAL, INACTIVE, OWN, UNEMPLOYED
from sim.compiled import kernel
from sim.outcomes import households_tally as homes
from sim.outcomes import people_tally as people
from sim.outcomes.histogram import used
from sim.walk import FIXED

DISTRICTS, QUINTILES = homes.DISTRICTS, homes.QUINTILES
ROWS = 1 + DISTRICTS + QUINTILES
CITY, PLACES, GROUPS = 0, slice(1, 1 + DISTRICTS), slice(1 + DISTRICTS, ROWS)
CHILDREN, YOUNG, SCHOOL, ADULT = slice(0, 2), slice(3, 4), slice(1, 3), slice(2, 6)  # age classes


NO_WORKS = np.zeros((ROWS, people.AGES, people.MARKS), np.int64)
UNITS = np.array([[float(FIXED) if name in homes.SCALED else 1.0] for name in homes.COLUMNS])


@kernel
def _add_up(cells, rows):
    for cell in range(cells.shape[0]):
        place, group = rows[1 + cell % DISTRICTS], rows[1 + DISTRICTS + cell // DISTRICTS]
        for k in range(cells.shape[1]):
            place[k] += cells[cell, k]
        for k in range(cells.shape[1]):
            group[k] += cells[cell, k]
    for row in range(1 + DISTRICTS, ROWS):
        for k in range(cells.shape[1]):
            rows[0, k] += rows[row, k]


def margins(cells: np.ndarray) -> np.ndarray:
    """Rows city, places, quintiles from the 150 cells (quintile * 30 + district): whole numbers."""
    rows = np.zeros((ROWS, *cells.shape[1:]), np.int64)
    _add_up(cells.reshape(len(cells), -1), rows.reshape(ROWS, -1))
    return rows


def counted(below) -> np.ndarray:
    """What shares and means are taken of: NaN where nothing is counted."""
    return np.where(np.equal(below, 0), np.nan, below)


def ratio(above, below) -> np.ndarray:
    """above / below, NaN where nothing is counted."""
    return np.divide(above, counted(below))


def everywhere(city, places: np.ndarray | None = None) -> np.ndarray:
    """36 rows from a figure of the city and, if there are any, of the 30 places; each may have an axis of months."""
    row = np.empty((ROWS, *np.shape(city)))
    row[CITY] = city
    row[PLACES] = np.nan if places is None else places
    row[GROUPS] = np.nan
    return row


@dataclass
class Count:
    """What was counted in one month, in whole numbers, and what is read elsewhere for its outcomes.

    Figures are laid out of it when outcomes are asked for (see `together`): the month's books need a few sums only.
    """

    month: int
    scale: int
    line: float  # poverty line, Rp/person/month
    households: np.ndarray  # 36 x columns of the households' tally
    people: np.ndarray  # 36 x state x age class x marks
    human: np.ndarray  # 36: sum of children's human capital, fixed point
    paid: np.ndarray  # 36: sum of the pay of employees, Rp/month
    spread: np.ndarray  # 2 x bins of x = spending per head over the line: persons, and x in fixed point
    pay: np.ndarray  # median pay of employees (31: the city, the 30 places), Rp/month
    own_pay: float  # median income of own-account workers, Rp/month
    jobs: int  # checksum of the employers of all employees (people_tally.mix)
    works: np.ndarray = field(default_factory=lambda: NO_WORKS)  # 36 x age class x marks: jobless on public works
    places: dict[str, np.ndarray] = field(default_factory=dict)  # figures of the 30 places from services, communities
    city: dict[str, Any] = field(default_factory=dict)  # figures of the city from markets and government

    @property
    def persons_by_place(self) -> np.ndarray:
        """Members of households in each of the 30 places."""
        return self.households[PLACES, homes.COLUMNS.index("persons")]

    @property
    def employees(self) -> int:
        """Persons who are employed."""
        return int(self.people[CITY, FORMAL].sum())


def _joint(tally: np.ndarray) -> np.ndarray:
    """Cells x state x age class x marks of the people's tally."""
    return tally[: people.HUMAN].reshape(homes.CELLS, people.STATES, people.AGES, people.MARKS)


def works_of(tally: np.ndarray) -> np.ndarray:
    """36 x age class x marks: the jobless in a tally of those on public works."""
    return margins(_joint(tally)[:, UNEMPLOYED])


def count_of(month: int, scale: int, line: float, minimum: float, of_homes: np.ndarray, of_people: np.ndarray) -> Count:
    """A month's count from the tallies of the two walks.

    It keeps nothing of the people's tally, which is large, and heads in few bytes: a year's blocks of them stay small.
    """
    pay, own_pay = people.median_pay(of_people, minimum)
    return Count(
        month=month,
        scale=scale,
        line=line,
        households=margins(of_homes[: homes.COUNTS].reshape(homes.CELLS, homes.N)),
        people=margins(_joint(of_people)).astype(np.int32),
        human=margins(of_people[people.HUMAN : people.PAID]),
        paid=margins(of_people[people.PAID : people.PAY]),
        spread=of_homes[homes.COUNTS :].reshape(2, -1),
        pay=pay,
        own_pay=own_pay,
        jobs=int(of_people[people.CHECK]),
    )


@dataclass
class Figures:
    """Some months in figures, laid out in rows; months are on the last axis of every array.

    Money Rp, counts of agents (multiply by `scale` for real ones).
    """

    scale: int
    line: np.ndarray  # poverty line, Rp/person/month
    households: dict[str, np.ndarray]  # by column of the households' tally, 36 rows each
    people: np.ndarray  # 36 x state x age class x marks
    human: np.ndarray  # 36: sum of children's human capital, SD
    paid: np.ndarray  # 36: sum of the pay of employees
    spread: np.ndarray  # persons and x by bin of x = spending per head over the line, from the lowest to the highest
    pay: np.ndarray  # 31: median pay of employees in the city and the 30 places
    own_pay: np.ndarray  # median income of own-account workers
    works: np.ndarray  # 36 x age class x marks: jobless persons on public works this month
    places: dict[str, np.ndarray]  # figures of the 30 places from services, communities
    city: dict[str, np.ndarray]  # figures of the city from markets and government

    def state(self, state: int, ages: slice = slice(None), flagged: bool = False) -> np.ndarray:
        """Persons in a labour state (and age classes), 36 rows; `flagged`: only the marked ones."""
        table = self._flagged if flagged else self._by_state
        return table[:, state, ages].sum(1)

    def on_works(self, ages: slice = slice(None), flagged: bool = False) -> np.ndarray:
        """Jobless persons who do a month's paid work for the city, 36 rows; `flagged`: those long out of a job."""
        marks = slice(people.FLAGGED if flagged else 0, people.MARKS)
        return self.works[:, ages, marks].sum((1, 2))

    def aged(self, ages: slice, not_enrolled: bool = False) -> np.ndarray:
        """Persons of some age classes, 36 rows."""
        table = self._not_enrolled if not_enrolled else self._by_age
        return table[:, ages].sum(1)

    def _marked(self, *marks: int) -> np.ndarray:
        """Persons with some of the marks (36 x state x age class), rows together in memory as all other figures."""
        return np.ascontiguousarray(sum(self.people[:, :, :, mark] for mark in marks))

    @cached_property
    def _by_state(self) -> np.ndarray:  # 36 x state x age class
        return self._marked(*range(people.MARKS))

    @cached_property
    def _flagged(self) -> np.ndarray:
        return self._marked(*range(people.FLAGGED, people.MARKS))

    @cached_property
    def _by_age(self) -> np.ndarray:  # 36 x age class, the living
        return self._by_state[:, 1:].sum(1)

    @cached_property
    def _not_enrolled(self) -> np.ndarray:
        return self._marked(*range(0, people.MARKS, 2))[:, 1:].sum(1)

    @cached_property
    def formal(self) -> np.ndarray:
        return self.state(FORMAL)

    @cached_property
    def own(self) -> np.ndarray:
        return self.state(OWN)

    @cached_property
    def unemployed(self) -> np.ndarray:
        return self.state(UNEMPLOYED)

    @cached_property
    def inactive(self) -> np.ndarray:
        return self.state(INACTIVE)

    @cached_property
    def pupils(self) -> np.ndarray:
        return self.state(CHILD)

    @cached_property
    def persons(self) -> np.ndarray:
        return self._by_age.sum(1)


def apart(tables: Sequence) -> np.ndarray:
    """A table of each month, laid out with the months on the last axis; in memory each month stays by itself."""
    return np.moveaxis(np.array(tables), 0, -1)


def along(tables: Sequence) -> np.ndarray:
    """A table of each month, laid out with the months on the last axis, also in memory."""
    return np.ascontiguousarray(apart(tables))


def together(months: Sequence[Count]) -> Figures:
    """The figures of several months, laid out in units people understand, with the months on the last axis."""
    table = along([one.households.T for one in months]) / UNITS[:, :, None]
    spread = apart([one.spread for one in months])
    persons, sums = spread[:, used(spread[0])]
    return Figures(
        scale=months[0].scale,
        line=np.array([one.line for one in months]),
        households=dict(zip(homes.COLUMNS, table, strict=True)),
        people=apart([one.people for one in months]),
        human=along([one.human for one in months]) / FIXED,
        paid=along([one.paid for one in months]),
        spread=np.array([persons, sums / FIXED]),
        pay=along([one.pay for one in months]),
        own_pay=np.array([one.own_pay for one in months]),
        works=along([one.works for one in months]),
        places={name: along([one.places[name] for one in months]) for name in months[0].places},
        city={name: np.array([one.city[name] for one in months]) for name in months[0].city},
    )
