"""Who lived in the city some months before its start: the people from whom the model's own rates make the start's.

The burn-in lives with births, deaths, departures and arrivals, so it must begin with a younger and smaller city. At its
end each kecamatan is brought back to the register's number by a few households that change their address.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.persons import FEMALE
from sim.city import City, whole_shares
from sim.city.people import single_years
from sim.draws import BUILD_HOUSEHOLD
from sim.markets.migration import kelurahan_table
from sim.markets.projection import official_growth, older
from sim.markets.vital_rates import (
    BOYS,
    OLDEST,
    arrivals_by_age,
    leaving_profile,
    monthly_births,
    monthly_deaths,
)
from sim.parameters import Parameters
from sim.quotas import luck_of
from sim.sorting import order_by_group
from sim.synthesis import synthesise

if TYPE_CHECKING:
    from sim.world import World

SHRINKING = 0.003  # yearly fall of the mean household size in an ageing city (measured)
ROUNDS = 8  # corrections of the first guess
SAMPLE = 200  # real agents behind one of those by whom departures by age are measured
MOVERS = 1 << 30  # "month" of the keyed draws of those who change their address


def live_through(people: np.ndarray, city: City, p: Parameters, leaving: np.ndarray, path: np.ndarray) -> np.ndarray:
    """`people` (30, 2, 1320; by kecamatan, sex and month of age) after len(path) - 1 months of the model's own rates.

    `leaving` (2, 110): monthly chance of leaving the city; `path`: the city's people by month, which arrivals keep to.
    """
    years = np.minimum(np.arange(people.shape[-1]) // 12, OLDEST - 1)
    death, birth = monthly_deaths(city, p.demography)[:, years], monthly_births(city, p.demography)[years]
    stay = (1.0 - death) * (1.0 - leaving[:, years])
    arriving = arrivals_by_age(p.migration)[:, years] / 12.0
    place = people.sum(axis=(1, 2)) / people.sum()
    now = people
    for month in range(len(path) - 1):
        now = older(now) if month else now
        births = now[:, FEMALE] @ birth
        now = now * stay
        now[:, :, 0] += births[:, None] * np.array([BOYS, 1.0 - BOYS]) * (1.0 - leaving[:, 0])
        now = now + place[:, None, None] * max(path[month + 1] - now.sum(), 0.0) * p.migration.arrivals_level * arriving
    return older(now)


@lru_cache(maxsize=4)
def residents_before(city: City, p: Parameters, months: int, calendar: tuple[int, int]) -> tuple[City, np.ndarray]:
    """The city `months` before its start (`calendar`: year and month then), and its ages (30, 2, 100).

    Ages add to 1 in each kecamatan. A first guess, everybody so much younger, is corrected until it lives on to the
    start's people by age. Worlds of one process that differ in seed or scale alone share it.
    """
    shares = np.stack([single_years(city.age_sex[d], city.mortality) for d in range(30)])
    wanted = np.zeros((30, 2, 12 * OLDEST))
    wanted[:, :, :1200] = np.repeat(city.district_population[:, None, None] * shares / 12.0, 12, axis=2)
    persons, households = (table.rows for table in synthesise(city, 1, SAMPLE, p.demography))
    leaving = leaving_profile(persons, households, np.zeros((0, 1), np.int32), p.migration, 0)[0]
    growth = official_growth(calendar, months)
    path = wanted.sum() * growth / growth[-1]
    guess = np.zeros_like(wanted)
    guess[:, :, :-months] = wanted[:, :, months:]
    for _ in range(ROUNDS):
        guess *= path[0] / guess.sum()
        lived = live_through(guess, city, p, leaving, path)
        ratio = np.divide(wanted, lived, out=np.ones_like(wanted), where=lived > 1e-9)[:, :, months:]
        guess[:, :, :-months] *= np.clip(ratio, 0.5, 2.0)
        guess *= (city.district_population / lived.sum(axis=(1, 2)))[:, None, None]
    ages = guess[:, :, :1200].reshape(30, 2, 100, 12).sum(axis=3)
    number = whole_shares(round(path[0]), ages.sum(axis=(1, 2)))
    size = city.household_size * (1.0 + SHRINKING * months / 12.0)
    ages = ages / ages.sum(axis=(1, 2), keepdims=True)
    for shared in (number, size, ages):
        shared.flags.writeable = False
    return replace(city, district_population=number, household_size=size), ages


def keep_to_register(world: World) -> None:
    """Households change their kecamatan until each has its share of the city's people, as near as households allow.

    Keyed choice among the households of places with too many; they go where people are missing, and within the
    kecamatan to a kelurahan by its population.
    """
    rows = world.households.rows
    size = np.where(rows["alive"] == 1, rows["size"], 0).astype(np.int64)
    u = luck_of(world.seed, BUILD_HOUSEHOLD, MOVERS, rows["uid"])
    now = np.bincount(rows["district"], weights=size, minlength=30).astype(np.int64)
    over = now - whole_shares(int(now.sum()), world.city.district_population)
    living = np.flatnonzero(size > 0)
    home = rows["district"][living]
    order = living[order_by_group(home, u[living, 0])]
    by_district = np.split(order, np.cumsum(np.bincount(home, minlength=30))[:-1])
    leaving = [here[np.cumsum(size[here]) <= over[d]] for d, here in enumerate(by_district) if over[d] > 0]
    movers = np.concatenate([*leaving, order[:0]])
    upto = np.cumsum(size[movers]) - size[movers] / 2.0
    room = np.cumsum(np.maximum(-over, 0))
    room = room * (size[movers].sum() / max(room[-1], 1))
    district = np.minimum(np.searchsorted(room, upto, side="right"), 29)
    first, people = kelurahan_table(world.city)
    before = np.append(0.0, people)
    place = before[first[district]] + u[movers, 1] * (before[first[district + 1]] - before[first[district]])
    rows["district"][movers] = district
    rows["kelurahan"][movers] = np.searchsorted(people, place, side="right")
