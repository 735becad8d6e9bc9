"""The synthetic people: every person and household of the city (or one in `scale`), fitted to each district's margins.

Ages, sexes, household sizes and schooling are quotas, so each district's figures are met within rounding at any
scale; who lives with whom, in which kelurahan and with how much schooling is matched by rank with keyed luck.
"""

from __future__ import annotations

import numpy as np

from sim.agents.households import HOUSEHOLD, KOS, OWNER, RENTER
from sim.agents.persons import CHILD, INACTIVE, NEVER, NOBODY, PERSON
from sim.agents.schooling import END, ENTRY, LEVEL_AGE, LEVEL_YEARS, enrolment_profile
from sim.city import City
from sim.city.algebra import whole_shares
from sim.city.people import single_years
from sim.compiled import kernel
from sim.composition import Homes, settle
from sim.draws import BUILD_HOUSEHOLD, BUILD_PERSON
from sim.markets.vital_rates import usual_health
from sim.parameters.demography import Demography
from sim.quotas import choose, luck, offset, systematic
from sim.sorting import order_of_whole, stable_order
from sim.tables import Table
from sim.walk import together

ADULT = 15
COHORT_GAIN = 0.09  # years of schooling gained from one birth year to the next (city, 1950-2000)
COHORT_SPREAD = 3.6  # spread of schooling within a birth cohort, years


def ages_and_sexes(weights: np.ndarray, people: int, start: float) -> tuple[np.ndarray, np.ndarray]:
    """Age in whole years and sex of `people` residents, sorted by sex and age. `weights`: by sex and age (2, 100)."""
    cells = np.repeat(np.arange(weights.size), systematic(weights.ravel(), people, start))
    return cells % weights.shape[1], (cells // weights.shape[1]).astype(np.int8)


def enrolled_by_quota(months: np.ndarray, since_july: int, p: Demography, start: float) -> np.ndarray:
    """Who is at school: the enrolment profile by age, met by quota."""
    chance = np.where(months - since_july >= ENTRY, enrolment_profile(p)[np.minimum(months, END)], 0.0)
    by_age = np.argsort(months.astype(np.int16), kind="stable")  # short numbers are counted, not compared
    enrolled = np.zeros(len(months), bool)
    enrolled[by_age[choose(chance[by_age], round(chance.sum()), start)]] = True
    return enrolled


def adult_levels(register: np.ndarray, years: np.ndarray, enrolled: np.ndarray) -> np.ndarray:
    """Places left at each level for those of 16 and over who are not at school.

    The register lists everybody: the youngest hold its lowest levels (their entries lag), pupils of senior school
    have finished junior, students have finished senior.
    """
    left = register.copy()
    young = np.count_nonzero(years < ADULT + 1)
    pupils = np.count_nonzero(enrolled & (years >= ADULT + 1) & (years < 19))
    students = np.count_nonzero(enrolled & (years >= 19))
    for level, heads in ((0, young), (3, pupils), (4, students)):
        for k in [*range(level, len(left)), *range(level - 1, -1, -1)]:  # from this level up, then down
            taken = min(heads, left[k])
            left[k] -= taken
            heads -= taken
    return left


def levels_by_rank(places: np.ndarray, years: np.ndarray, luck_of: np.ndarray, spread: float) -> np.ndarray:
    """Level of each adult: the places of a level go to the best scores, later cohorts scoring higher.

    Score = gain per birth year * (-age) + spread * normal; nobody holds a level before its usual age.
    """
    normal = np.sqrt(-2.0 * np.log(luck_of[:, 0])) * np.cos(2.0 * np.pi * luck_of[:, 1])
    best_first = stable_order(-(COHORT_SPREAD * spread * normal - COHORT_GAIN * years))
    level = np.full(len(years), -1)
    _give_levels(best_first, years, LEVEL_AGE, np.array(places), level)
    level[level < 0] = np.minimum(3, np.searchsorted(LEVEL_AGE, years[level < 0], side="right") - 1)
    return level


@kernel
def _give_levels(best_first, years, youngest, left, level):
    """One after another takes the highest level that has a place left and is for that age; takes places off `left`."""
    for i in best_first:
        for k in range(left.shape[0] - 1, -1, -1):
            if left[k] > 0 and years[i] >= youngest[k]:
                level[i] = k
                left[k] -= 1
                break


def schooling_of(
    register: np.ndarray, months: np.ndarray, enrolled: np.ndarray, since_july: int, luck_of: np.ndarray, spread: float
) -> np.ndarray:
    """Completed years of schooling of a district's people."""
    years = months // 12
    grade = np.clip((months - since_july - ENTRY) // 12, 0, 16)
    schooling = np.where(enrolled, grade, np.clip(grade - 2, 0, 9))
    adults = np.flatnonzero(~enrolled & (years >= ADULT + 1))
    places = adult_levels(register, years, enrolled)
    schooling[adults] = LEVEL_YEARS[levels_by_rank(places, years[adults], luck_of[adults], spread)]
    return schooling


def kelurahan_of(size: np.ndarray, shares: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Which kelurahan of the district (0, 1, ...) each household lives in: in keyed order, filled to its population."""
    order = stable_order(u)
    filled = np.cumsum(size[order]) - size[order] / 2.0
    bounds = np.cumsum(shares) / shares.sum() * size.sum()
    where = np.empty(len(size), np.int64)
    where[order] = np.minimum(np.searchsorted(bounds, filled, side="right"), len(shares) - 1)
    return where


def tenure_of(age: np.ndarray, size: np.ndarray, owners: float, u: np.ndarray) -> np.ndarray:
    """Owners (older heads first, with luck), renters, and the young who live alone in a rented room (kos)."""
    score = age / 40.0 + 1.2 * u[:, 0] + 0.1 * size
    owns = score >= np.quantile(score, 1.0 - owners)
    kos = (size == 1) & (age < 30) & (u[:, 1] < 0.8)
    return np.where(kos, KOS, np.where(owns, OWNER, RENTER)).astype(np.int8)


@kernel
def _persons(rows, first, who, home, months, sex, schooling, enrolled, human, health):
    """Write the people of one district from row `first` on, in the order `who`: each household's one after another.

    home: household of each person, counted within the district in that order.
    """
    households = -1
    for k in range(who.shape[0]):
        i, person = who[k], rows[k]
        if k == 0 or home[i] != home[who[k - 1]]:
            households += 1
        person.uid = first + k + 1
        person.home = households
        person.next = first + k + 1 if k + 1 < who.shape[0] and home[i] == home[who[k + 1]] else NOBODY
        person.born = -months[i]
        person.sex = sex[i]
        person.schooling = schooling[i]
        person.enrolled = enrolled[i]
        person.human = human[i]
        person.health = health[i]
        person.state = CHILD if enrolled[i] or months[i] < 12 * ADULT else INACTIVE
        person.employer = person.sector = person.workplace = NOBODY
        person.certified = NEVER
        person.skill = person.talent = 1.0


def district_people(city: City, d: int, ages: np.ndarray, people: int, seed: int, p: Demography, since_july: int):
    """The people of one district: their columns and their homes. `ages`: weights by sex and age in years (2, 100)."""
    key, start = (d + 1) << 24, offset(seed, BUILD_PERSON, d)
    years, sex = ages_and_sexes(ages, people, start)
    u = luck(seed, BUILD_PERSON, key, people)
    months = 12 * years + np.floor(12 * u[:, 0]).astype(np.int64)
    enrolled = enrolled_by_quota(months, since_july, p, start)
    register = systematic(city.education[d], people, start)
    usual = usual_health(np.arange(ages.shape[1]))[years]
    columns = {
        "months": months,
        "sex": sex,
        "enrolled": enrolled,
        "schooling": schooling_of(register, months, enrolled, since_july, u[:, 1:3], 2.0 * p.schooling_spread),
        "human": p.human_spread * (2.0 * u[:, 3] - 1.0) * np.sqrt(3.0),
        "health": np.clip(usual + (1.0 - usual) * (u[:, 1] - 0.5), 0.0, 1.0),
    }
    return columns, settle(months / 12.0, sex, city.household_size[d], p.partnered_level, seed, key, start)


def synthesise(
    city: City, seed: int, scale: int, p: Demography, start_month: int = 1, ages: np.ndarray | None = None
) -> tuple[Table, Table]:
    """The persons and households of the city at one in `scale`, for a start in calendar month `start_month`.

    `ages` (30, 2, 100): shares by kecamatan, sex and age in years, if they are not the register's.
    Households are sorted by district and kelurahan, members follow each other with the head first. Work, welfare and
    ties are assigned elsewhere.
    """
    population = np.asarray(city.district_population)
    numbers = whole_shares(max(len(population), round(population.sum() / scale)), population)
    people = Table("person", PERSON, int(numbers.sum() * 1.25) + 64)
    people.add(int(numbers.sum()))
    first_row = np.cumsum(numbers) - numbers
    since_july = (start_month - 7) % 12

    def settle_district(d: int) -> np.ndarray:
        """The household rows of a district, its people written into their rows; homes count from 0."""
        weights = single_years(city.age_sex[d], city.mortality) if ages is None else ages[d]
        columns, homes = district_people(city, d, weights, int(numbers[d]), seed, p, since_july)
        block, who = _households(city, d, columns, homes, seed, p)
        rows = people.rows[first_row[d] : first_row[d] + numbers[d]]
        _persons(rows, first_row[d], who, homes.home, **columns)
        block["first"] += first_row[d]
        return block

    blocks = together(settle_district, range(len(numbers)))
    count = np.array([len(block) for block in blocks])
    first_home = np.cumsum(count) - count
    table = Table("household", HOUSEHOLD, int(count.sum() * 1.25) + 64)
    table.add(int(count.sum()))

    def number_homes(d: int) -> None:
        """The households of a district into their rows, which its people learn."""
        rows = table.rows[first_home[d] : first_home[d] + count[d]]
        rows[:] = blocks[d]
        rows["uid"] = np.arange(first_home[d] + 1, first_home[d] + count[d] + 1)
        people.rows["home"][first_row[d] : first_row[d] + numbers[d]] += first_home[d]

    together(number_homes, range(len(numbers)))
    return people, table


def _households(city: City, d: int, columns: dict, homes: Homes, seed: int, p: Demography):
    """The household rows of one district, sorted by kelurahan, and the order of its people in them."""
    here = np.flatnonzero(city.kelurahan.district == d)
    u = luck(seed, BUILD_HOUSEHOLD, (d + 1) << 24, len(homes.size))
    where = kelurahan_of(homes.size, city.kelurahan.population[here], u[:, 0])
    order = np.argsort(where.astype(np.uint8), kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    months = columns["months"]
    who = order_of_whole((place[homes.home] * 3 + homes.role) * 2048 + (2047 - months))
    block = np.zeros(len(order), HOUSEHOLD)
    block["size"] = homes.size[order]
    block["first"] = np.cumsum(block["size"]) - block["size"]
    block["children"] = np.bincount(place[homes.home[months < 12 * ADULT]], minlength=len(order))
    block["district"], block["kelurahan"] = d, here[where[order]]
    head_age = months[who[block["first"]]] / 12.0
    block["tenure"] = tenure_of(head_age, block["size"], p.owners, u[order, 1:3])
    block["moved_in"] = -np.floor(12 * u[order, 3] * np.clip(head_age - 18.0, 1.0, 30.0))
    block["arisan"] = -1
    block["alive"] = 1
    return block, who
