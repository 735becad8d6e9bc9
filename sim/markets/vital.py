"""The rates one world lives by, and the yearly count that keeps births and departures at their usual level."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.agents.families import are_couple
from sim.agents.persons import FEMALE, GONE, NOBODY
from sim.agents.schooling import END, leaving_hazard
from sim.agents.ties import degree
from sim.compiled import kernel, same_arrays
from sim.markets.projection import project, project_labour_force, project_population
from sim.markets.vital_rates import (
    FRAILEST,
    LEAVING_AGES,
    LEAVING_SHAPE,
    OLDEST,
    age_class,
    births_with_partner,
    kind_of_roots,
    leaving_profile,
    monthly_births,
    monthly_deaths,
    people_by_age,
    sums_of_kinds,
    usual_health,
)
from sim.walk import FIXED, walk

if TYPE_CHECKING:
    from sim.parameters.demography import Demography
    from sim.world import World

__all__ = ["Vital", "VitalTables", "project_labour_force", "project_population", "recount", "vital_tables"]


MARGIN = 1.25  # by which births may rise from one year to the next before everybody is looked at anew
LEAST_PATH = 120  # months of arrivals that are reckoned ahead, at least


class VitalTables(NamedTuple):
    """Monthly chances by age in years (0-109) unless said otherwise."""

    death: np.ndarray  # (2, 110)
    birth: np.ndarray  # (110,) of a woman with a partner
    leave_home: np.ndarray  # (110,) with a job: leaving home or, living alone, finding a partner, whichever is likelier
    leave_school: np.ndarray  # by age in months, 0..END
    health: np.ndarray  # (110,) usual health
    ageing: np.ndarray  # (110,) loss of health at a birthday


same_arrays(VitalTables)


@dataclass
class Vital:
    """Rates and references of one world, made in its first month and again in month 0."""

    tables: VitalTables
    made: int  # month of these rates
    residents: np.ndarray  # person rows then, of those who are gone NOBODY (`seating`), int32
    born: np.ndarray  # months of birth of these residents
    sex: np.ndarray  # and their sexes
    places: np.ndarray  # (31,) where those of each kecamatan began in the list, and its end
    arrivals: np.ndarray  # base arrivals over residents by month, 1/month
    people: np.ndarray  # residents expected by month
    rootlessness: float  # its mean over residents, counted each January
    distress: float  # its mean when made
    year: int = 0  # calendar year of the last count of partners
    quiet: np.ndarray = field(default_factory=lambda: np.zeros((OLDEST, 2, 2, 2)))  # see `quiet_bounds`
    loud: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint16))  # months ahead of each person (`ahead`)
    looking: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint16))  # and of each household, for moving
    most_births: np.ndarray = field(default_factory=lambda: np.zeros(OLDEST))  # those that `quiet` reckons with
    reference: dict | None = None  # value of the city, reach of jobs, quality, residents when made

    @property
    def listed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Rows, months of birth and sexes of the residents, and where each kecamatan begins: whoever looks for somebody
        of an age need not visit all."""
        return self.residents, self.born, self.sex, self.places


@kernel
def _count_families(low, high, tally, persons, households, ties, roots, month):
    """Women by age: all (row 0), and those of a couple that heads a household (row 1). Row 2: people, and the sum of
    their rootlessness. roots: of each kind of household (`rootlessness_of_kinds`)."""
    for h in range(low, high):
        household = households[h]
        if not household.alive:
            continue
        head = persons[household.first]
        kind = kind_of_roots(household, age_class(head, month), degree(ties, h) if h < ties.shape[0] else 0)
        tally[2, 0] += household.size
        tally[2, 1] += household.size * roots[kind]
        i = household.first
        while i != NOBODY:
            if persons[i].sex == FEMALE:
                tally[0, age_class(persons[i], month)] += 1
            i = persons[i].next
        if head.next != NOBODY and are_couple(head, persons[head.next]):
            wife = head if head.sex == FEMALE else persons[head.next]
            tally[1, age_class(wife, month)] += 1


def vital_tables(world: World) -> Vital:
    """The rates of a world, and the arrivals that keep it on the official path."""
    p, city = world.p, world.city
    age = np.arange(OLDEST)
    health = usual_health(age)
    tables = VitalTables(
        death=monthly_deaths(city, p.demography),
        birth=np.zeros(OLDEST),
        leave_home=max(p.demography.leaving_home, p.demography.union_alone)
        * np.interp(age, LEAVING_AGES, LEAVING_SHAPE),
        leave_school=leaving_hazard(p.demography),
        health=health,
        ageing=np.append(-np.diff(health), 0.0),
    )
    persons, households = world.persons.rows, world.households.rows
    profile, norm, distressed = leaving_profile(persons, households, world.ties, p.migration, world.month)
    horizon = max(len(world.growth_path) - 1, LEAST_PATH)
    path = project(people_by_age(persons, world.month)[0], city, p, horizon, profile, world.calendar)
    residents = np.arange(world.persons.n, dtype=np.int32)
    return Vital(
        tables, world.month, residents, persons["born"].copy(), persons["sex"].copy(),
        places_in_list(persons, households),
        path.arrivals / path.people[:-1], path.people, norm, distressed,
    )  # fmt: skip


def places_in_list(persons: np.ndarray, households: np.ndarray) -> np.ndarray:
    """Where the people of each kecamatan begin among all rows, and the end (31,): rows stand by kecamatan (`seating`),
    so these are the shares of the living, cumulated."""
    living = persons["home"][persons["state"] != GONE]
    upto = np.append(0, np.bincount(households["district"][living], minlength=30).cumsum())
    return upto * len(persons) // max(upto[-1], 1)


def recount(world: World) -> None:
    """Count the women with a partner and the mean rootlessness again.

    So births by age stay those of the city's fertility and departures those of a usual year, however the make-up of
    households changes.
    """
    vital, p = world.vital, world.p.demography
    persons, households = world.persons.rows, world.households.rows
    roots = sums_of_kinds(world.p.migration)[:, 0].copy()
    women, partnered, all_people = walk(
        _count_families, len(households), (3, OLDEST), persons, households, world.ties, roots, world.month
    )
    vital.rootlessness = float(all_people[1] / FIXED / all_people[0])
    births = births_with_partner(monthly_births(world.city, p), women, partnered, p.fertility_unpartnered)
    vital.tables = vital.tables._replace(birth=births)
    vital.year = world.calendar[0]
    if (births > vital.most_births).any():
        vital.most_births = MARGIN * births
        vital.quiet = quiet_bounds(vital.tables._replace(birth=vital.most_births), p)
        vital.loud = vital.loud[:0]


def quiet_bounds(tables: VitalTables, rules: Demography) -> np.ndarray:
    """Between which two numbers nothing happens at all, by age in years, sex and being at school (110, 2, 2, 2).

    Below 19 years a child out of school may go back within the year.
    """
    ages = np.arange(OLDEST)
    school = np.zeros((OLDEST, 1, 2))
    school[: END // 12, 0, 1] = tables.leave_school[:END].reshape(-1, 12).max(axis=1)
    school[END // 12 :, 0, 1] = 1.0
    old = np.where(ages >= 65, rules.elder_joins_kin, 0.0)
    top = np.stack([np.zeros_like(tables.birth), tables.birth], axis=1) + (tables.leave_home + old)[:, None]
    quiet = np.empty((OLDEST, 2, 2, 2))
    quiet[..., 0] = FRAILEST * tables.death.T[:, :, None]
    quiet[..., 1] = 1.0 - top[:, :, None] - school
    return quiet
