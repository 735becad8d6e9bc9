"""The expected path of the city's people and labour force: the model's own rates, followed for everybody at once.

Numbers by sex and month of age live through births, deaths, departures and arrivals in the order of the model's acts.
The path sets the arrivals that keep the city on the official projection, and the neutral growth of jobs.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.agents.families import ADULT
from sim.agents.persons import FEMALE
from sim.agents.schooling import END, enrolment_profile, leaving_hazard
from sim.city.reading import data_folder, open_library
from sim.city.series import read_series
from sim.markets.vital_rates import (
    BOYS,
    OLDEST,
    arrivals_by_age,
    leaving_profile,
    monthly_births,
    monthly_deaths,
    people_by_age,
    students_share,
)

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters import Parameters

ADDED_UNTIL = 70 * 12  # months of age
OFFICIAL_FROM = 2020  # first year of the projection on the base of the 2020 census; older figures are on another base


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


class WorkingLife(NamedTuple):
    """How people move in and out of the labour force (see the labour market)."""

    participation: np.ndarray  # (2, 100) share of those not in school
    turnover: np.ndarray  # (100,) monthly speed of moving in and out, by age
    added: float = 0.0  # monthly chance to be sent out to work by need, of those out of school and work, to 70


def older(table: np.ndarray) -> np.ndarray:
    """Everybody a month older; nobody is born yet, and the oldest stay the oldest. Last axis: months of age."""
    aged = np.zeros_like(table)
    aged[..., 1:] = table[..., :-1]
    aged[..., -1] += table[..., -1]
    return aged


def project(
    people: np.ndarray,
    city: City,
    p: Parameters,
    months: int,
    leaving: np.ndarray,
    calendar: tuple[int, int],
    life: WorkingLife | None = None,
    students: np.ndarray | None = None,
    active: np.ndarray | None = None,
) -> Expected:
    """Follow `people` (2, 1320; by sex and month of age) for some months of births, deaths, departures and arrivals.

    Arrivals close the gap to the official growth (times `arrivals_level`); they are never negative. With `life`, those
    of them in school from 15 (`students`) and in the labour force (`active`) are followed too:
    A' = A + turnover*(participation*(N - S) - A) + added*(N - S - A).
    Without it the labour force is the city's participation by age.
    """
    ages = np.arange(people.shape[1])
    years = np.minimum(ages // 12, OLDEST - 1)
    death, birth = monthly_deaths(city, p.demography)[:, years], monthly_births(city, p.demography)[years]
    stay = (1.0 - death) * (1.0 - leaving[:, years])
    arriving = arrivals_by_age(p.migration)[:, years] / 12.0
    studying = arriving * students_share(p.migration)[years]
    share = city.participation[:, np.minimum(years, 99)]
    target = people.sum() * official_growth(calendar, months)
    if life:
        quit_school = leaving_hazard(p.demography)[np.minimum(ages, END)]
        at_15 = enrolment_profile(p.demography)[ADULT]
        share, speed = life.participation[:, np.minimum(years, 99)], life.turnover[np.minimum(years, 99)]
    now = np.stack([people, people * 0 if students is None else students, people * share if active is None else active])
    totals, workers, arrivals = [now[0].sum()], [now[2].sum()], []
    for month in range(months):
        now = older(now) if month else now
        births = (now[0, FEMALE] * birth).sum()
        if life:
            now[1, :, ADULT] = at_15 * now[0, :, ADULT]
            now[1] *= 1.0 - quit_school
        now = now * stay
        now[0, :, 0] += births * np.array([BOYS, 1.0 - BOYS]) * (1.0 - leaving[:, 0])
        came = max(target[month + 1] - now[0].sum(), 0.0) * p.migration.arrivals_level
        arrivals.append(came)
        now += came * np.stack([arriving, studying, p.migration.seekers * (arriving - studying)])
        if life:
            free = (now[0] - now[1]) * (ages >= ADULT)
            now[2] += speed * (share * free - now[2]) + life.added * (free - now[2]) * (ages < ADDED_UNTIL)
        else:
            now[2] = now[0] * share
        totals.append(now[0].sum())
        workers.append(now[2].sum())
    return Expected(np.array(totals), np.array(workers), np.array(arrivals))


def _leaving(persons: np.ndarray, households: np.ndarray, p: Parameters, month: int = 0) -> np.ndarray:
    """People's usual chance of leaving the city by sex and age."""
    return leaving_profile(persons, households, np.zeros((0, 1), np.int32), p.migration, month)[0]


def project_labour_force(
    persons: np.ndarray,
    households: np.ndarray,
    city: City,
    p: Parameters,
    months: int,
    calendar: tuple[int, int],
    life: WorkingLife | None = None,
    month: int = 0,
) -> np.ndarray:
    """The labour force expected `months` months from `month` on, relative to it, in a world without shocks.

    With `life`, people move in and out of it as in the labour market, from the states they are in; without, every age
    keeps the city's participation. `calendar`: year and month of `month`.
    """
    leaving = _leaving(persons, households, p, month)
    people, students, active = people_by_age(persons, month)
    followed = (life, students, active) if life else ()
    path = project(people, city, p, months, leaving, calendar, *followed).labour_force
    return path / path[0]


def project_population(
    persons: np.ndarray, households: np.ndarray, city: City, p: Parameters, months: int, calendar: tuple[int, int]
) -> np.ndarray:
    """The population expected at month 0..months relative to month 0, in a world without shocks."""
    people = people_by_age(persons, 0)[0]
    path = project(people, city, p, months, _leaving(persons, households, p), calendar).people
    return path / path[0]
