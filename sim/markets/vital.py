"""The rates people live by: death, birth, school, leaving home, who arrives and who leaves; and the path they imply.

`project` follows the numbers by sex and month of age with the same rates, in the order of the model's acts: the
expected path of the model, used to set arrivals so that the city follows the official projection and, by the
labour market, as the neutral growth of jobs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.agents.families import age_months, are_couple, works
from sim.agents.persons import CHILD, FEMALE, GONE, NOBODY
from sim.agents.schooling import leaving_hazard
from sim.agents.ties import degree
from sim.city.reading import data_folder, open_library
from sim.city.series import read_series
from sim.compiled import kernel, rule

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters import Parameters
    from sim.parameters.demography import Demography
    from sim.parameters.migration import Migration
    from sim.world import World

OLDEST = 110  # years; tables end here
FERTILE = (15, 50)
OFFICIAL_FROM = 2020  # first year of the projection on the base of the 2020 census; older figures are on another base
BOYS = 105.0 / 205.0
# Shape of leaving home by age (1 at 25), and of health by age (functional health, 1 = full).
LEAVING_AGES = np.array([17, 19, 22, 25, 30, 36, 45])
LEAVING_SHAPE = np.array([0.0, 0.25, 0.7, 1.0, 0.9, 0.4, 0.0])
HEALTH_AGES = np.array([0, 30, 50, 65, 80, 100])
HEALTH = np.array([1.0, 0.99, 0.95, 0.87, 0.7, 0.5])
ARRIVAL_AGES = (17, 60)
PARTNER_YOUNGER = 3  # years between the partners of an arriving couple


class VitalTables(NamedTuple):
    """Monthly chances by age in years (0-109) unless said otherwise."""

    death: np.ndarray  # (2, 110)
    birth: np.ndarray  # (110,) of a woman with a partner
    leave_home: np.ndarray  # (110,) with a job: leaving home or, living alone, finding a partner, whichever is likelier
    leave_school: np.ndarray  # by age in months, 0..END
    health: np.ndarray  # (110,) usual health
    ageing: np.ndarray  # (110,) loss of health at a birthday


@dataclass
class Vital:
    """Rates and references of one world, made in its first month."""

    tables: VitalTables
    residents: int  # person rows at the start
    arrivals: np.ndarray  # base arrivals over residents by month, 1/month
    rootlessness: float  # its mean over residents, counted each January
    distress: float  # its mean in month 0
    year: int = 0  # calendar year of the last count of partners
    reference: dict | None = None  # value of the city, reach of jobs, quality, residents in month 0


def usual_health(age: np.ndarray) -> np.ndarray:
    """Functional health (0-1) of a usual person by age in years."""
    return np.interp(age, HEALTH_AGES, HEALTH)


def monthly_deaths(city: City, p: Demography) -> np.ndarray:
    """Chance of dying in a month by sex and age: 1 - exp(-m/12)."""
    return 1.0 - np.exp(-p.mortality_level * city.mortality[:, :OLDEST] / 12.0)


def monthly_births(city: City, p: Demography) -> np.ndarray:
    """Births per woman and month by age, all women: f/12."""
    births = np.zeros(OLDEST)
    births[: len(city.fertility)] = p.fertility_level * city.fertility / 12.0
    births[: FERTILE[0]] = births[FERTILE[1] :] = 0.0
    return births


@kernel
def _count_partners(persons, households, month):
    """Women by age: all, and those of a couple that heads a household."""
    count = np.zeros((2, OLDEST))
    for i in range(persons.shape[0]):
        person = persons[i]
        if person.state != GONE and person.sex == FEMALE:
            count[0, min(max(month - person.born, 0) // 12, OLDEST - 1)] += 1.0
    for h in range(households.shape[0]):
        household = households[h]
        if household.alive and household.size > 1:
            head = persons[household.first]
            if head.next != NOBODY and are_couple(head, persons[head.next]):
                wife = head if head.sex == FEMALE else persons[head.next]
                count[1, min(max(month - wife.born, 0) // 12, OLDEST - 1)] += 1.0
    return count


def births_with_partner(births: np.ndarray, all_women: np.ndarray, partnered: np.ndarray, ratio: float) -> np.ndarray:
    """Chance of a birth in a month of a woman with a partner, such that all women together have `births`.

    b / (s + r(1 - s)), s: share with a partner at that age (ages within two years together); r: births of women
    without one, relative.
    """
    window = np.ones(5)
    wide, with_partner = np.convolve(all_women, window, "same"), np.convolve(partnered, window, "same")
    share = np.divide(with_partner, wide, out=np.zeros(len(wide)), where=wide > 0)
    return np.minimum(births / np.maximum(share + ratio * (1.0 - share), 0.02), 0.3)


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
    path = project(people_by_age(persons, world.month), city, p, 360, profile, world.calendar)
    return Vital(tables, world.persons.n, path.arrivals / path.people[:-1], norm, distressed)


def recount(world: World) -> None:
    """Count the women with a partner and the mean rootlessness again.

    So births by age stay those of the city's fertility and departures those of a usual year, however the make-up of
    households changes.
    """
    vital, p = world.vital, world.p.demography
    persons, households = world.persons.rows, world.households.rows
    women, partnered = _count_partners(persons, households, world.month)
    vital.rootlessness = leaving_profile(persons, households, world.ties, world.p.migration, world.month)[1]
    births = births_with_partner(monthly_births(world.city, p), women, partnered, p.fertility_unpartnered)
    vital.tables = vital.tables._replace(birth=births)
    vital.year = world.calendar[0]


@rule
def rootlessness(household, head_age, ties, p):
    """Relative hazard of leaving the city by kind of household: exp(b_young [small, head under 40] - b_ties n).

    Source: assumption.
    """
    score = -p.leaving_ties * ties
    if household.size <= 2 and head_age < 40:
        score += p.leaving_young
    return math.exp(score)


@rule
def distress(household, months_without_earner, p):
    """Relative hazard of leaving the city by present need: exp(b_earner [3 months without] + b_crisis [crisis coping]).

    Source: assumption.
    """
    score = 0.0
    if months_without_earner >= 3:
        score += p.leaving_no_earner
    if household.hardship > 0:
        score += p.leaving_hardship
    return math.exp(score)


@rule
def months_without_earner(persons, household, month):
    """Months since anybody earned, as far as the head's last change tells; 0 for the retired, students and earners."""
    head = persons[household.first]
    if household.earners > 0 or works(head) or head.state == CHILD or age_months(head, month) >= 60 * 12:
        return 0
    return month - head.since


@kernel
def _leaving_by_age(persons, households, ties, p, month):
    """Sums over people by sex and age: rootlessness, rootlessness times distress, people."""
    sums = np.zeros((3, 2, OLDEST))
    for h in range(households.shape[0]):
        household = households[h]
        if not household.alive:
            continue
        head_age = max(month - persons[household.first].born, 0) // 12
        known = degree(ties, h) if h < ties.shape[0] else 0
        roots = rootlessness(household, head_age, known, p)
        need = distress(household, months_without_earner(persons, household, month), p)
        i = household.first
        while i != NOBODY:
            age = min(max(month - persons[i].born, 0) // 12, OLDEST - 1)
            sums[0, persons[i].sex, age] += roots
            sums[1, persons[i].sex, age] += roots * need
            sums[2, persons[i].sex, age] += 1.0
            i = persons[i].next
    return sums


def leaving_profile(
    persons: np.ndarray, households: np.ndarray, ties: np.ndarray, p: Migration, month: int
) -> tuple[np.ndarray, float, float]:
    """Usual monthly chance of leaving the city by sex and age (2, 110); mean rootlessness; mean distress, weighted."""
    roots, both, people = _leaving_by_age(persons, households, ties, p, month)
    norm = roots.sum() / people.sum()
    mean = np.divide(roots, people, out=np.full(roots.shape, norm), where=people > 0)
    return p.leaving_rate / 12.0 * mean / norm, float(norm), float(both.sum() / roots.sum())


def arrival_ages(p: Migration) -> np.ndarray:
    """Weights by age 17-59 of the heads that arrive: exp(-a(x - m) - exp(-b(x - m))). Source: rogers_castro_1981."""
    x = np.arange(*ARRIVAL_AGES) - p.age_peak
    weights = np.exp(-p.age_fall * x - np.exp(-p.age_rise * x))
    return weights / weights.sum()


def arrivals_by_age(p: Migration) -> np.ndarray:
    """Arrivals by sex and age in years (2, 110), adding to 1: heads of either sex, and partners of couples over 20."""
    heads = np.zeros(OLDEST)
    heads[ARRIVAL_AGES[0] : ARRIVAL_AGES[1]] = arrival_ages(p)
    coupled = np.where(np.arange(OLDEST) >= 20, p.couples * heads, 0.0)
    wives, husbands = np.roll(coupled, -PARTNER_YOUNGER), np.roll(coupled, PARTNER_YOUNGER)
    table = 0.5 * np.stack([heads + husbands, heads + wives])
    return table / table.sum()


def arrivals_per_unit(p: Migration) -> float:
    """People per arriving household."""
    return 1.0 + p.couples * arrival_ages(p)[20 - ARRIVAL_AGES[0] :].sum()


def people_by_age(persons: np.ndarray, month: int) -> np.ndarray:
    """Living people by sex and age in months (2, 1320)."""
    living = persons[persons["state"] != GONE]
    age = np.clip(month - living["born"].astype(np.int64), 0, 12 * OLDEST - 1)
    return (
        np.bincount(living["sex"].astype(np.int64) * 12 * OLDEST + age, minlength=24 * OLDEST)
        .reshape(2, -1)
        .astype(float)
    )


@lru_cache(maxsize=4)
def official_population(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Years and mid-year population of the official projection 2020-2035. Source: bps_proy2020."""
    figures = read_series(open_library(folder)).at("population")
    years = np.array(sorted(year for year in figures if year >= OFFICIAL_FROM))
    return years, np.array([figures[year] for year in years])


def official_growth(calendar: tuple[int, int], months: int) -> np.ndarray:
    """The official projection at month 0..months, relative to month 0.

    Mid-year figures, straight between them; before the first and after the last the nearest year's growth goes on.
    """
    years, people = official_population(data_folder())
    middle = years + 0.5
    when = calendar[0] + (calendar[1] - 1 + np.arange(months + 1)) / 12.0
    level = np.interp(when, middle, people)
    first, last = people[1] / people[0], people[-1] / people[-2]
    level = np.where(when < middle[0], people[0] * first ** (when - middle[0]), level)
    level = np.where(when > middle[-1], people[-1] * last ** (when - middle[-1]), level)
    return level / level[0]


class Expected(NamedTuple):
    """An expected path: people at month 0..n, their labour force, and the arrivals of each month."""

    people: np.ndarray
    labour_force: np.ndarray
    arrivals: np.ndarray


def project(
    people: np.ndarray,
    city: City,
    p: Parameters,
    months: int,
    leaving: np.ndarray,
    calendar: tuple[int, int],
    participation: np.ndarray | None = None,
) -> Expected:
    """Follow `people` (2, 1320; by sex and month of age) for some months of births, deaths, departures and arrivals.

    Arrivals close the gap to the official growth (times `arrivals_level`); they are never negative.
    """
    years = np.minimum(np.arange(people.shape[1]) // 12, OLDEST - 1)
    death, birth = monthly_deaths(city, p.demography)[:, years], monthly_births(city, p.demography)[years]
    leaving = leaving[:, years]
    arriving = arrivals_by_age(p.migration)[:, years] / 12.0
    active = city.participation if participation is None else participation
    active = active[:, np.minimum(years, active.shape[1] - 1)]
    target = people.sum() * official_growth(calendar, months)
    now, totals, workers, arrivals = people.astype(float), [people.sum()], [(people * active).sum()], []
    for month in range(months):
        if month:  # people are a month older than when last counted
            now = np.concatenate([np.zeros((2, 1)), now[:, :-2], now[:, -2:].sum(axis=1, keepdims=True)], axis=1)
        births = (now[FEMALE] * birth).sum()
        now = now * (1.0 - death)
        now[:, 0] += births * np.array([BOYS, 1.0 - BOYS])
        now = now * (1.0 - leaving)
        arrivals.append(max(target[month + 1] - now.sum(), 0.0) * p.migration.arrivals_level)
        now = now + arrivals[-1] * arriving
        totals.append(now.sum())
        workers.append((now * active).sum())
    return Expected(np.array(totals), np.array(workers), np.array(arrivals))


def project_labour_force(
    persons: np.ndarray,
    households: np.ndarray,
    city: City,
    p: Parameters,
    months: int,
    calendar: tuple[int, int],
    participation: np.ndarray | None = None,
) -> np.ndarray:
    """The labour force expected at month 0..months relative to month 0, in a world without shocks.

    `participation` (2, 100): of all residents by sex and age, the city's unless given. `calendar`: month 0.
    """
    return _expected(persons, households, city, p, months, calendar, participation, "labour_force")


def project_population(
    persons: np.ndarray, households: np.ndarray, city: City, p: Parameters, months: int, calendar: tuple[int, int]
) -> np.ndarray:
    """The population expected at month 0..months relative to month 0, in a world without shocks."""
    return _expected(persons, households, city, p, months, calendar, None, "people")


def _expected(persons, households, city, p, months, calendar, participation, which: str) -> np.ndarray:
    ties = np.zeros((0, 1), np.int32)
    leaving = leaving_profile(persons, households, ties, p.migration, 0)[0]
    series = getattr(project(people_by_age(persons, 0), city, p, months, leaving, calendar, participation), which)
    return series / series[0]
