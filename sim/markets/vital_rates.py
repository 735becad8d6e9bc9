"""Rates by age: death, birth, health, who leaves the city and who arrives. Plain tables and rules, no state."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.families import ADULT, age_months, works
from sim.agents.households import TIES
from sim.agents.persons import CHILD, GONE, UNEMPLOYED
from sim.agents.ties import degree
from sim.compiled import kernel, rule
from sim.draws import BATCH, rows_of_a_batch
from sim.walk import FIXED, walk

if TYPE_CHECKING:
    from sim.city import City
    from sim.parameters.demography import Demography
    from sim.parameters.migration import Migration

OLDEST = 110  # years; tables end here
FERTILE = (15, 50)
BOYS = 105.0 / 205.0
# Shape of leaving home by age (1 at 25), and of health by age (functional health, 1 = full).
LEAVING_AGES = np.array([17, 19, 22, 25, 30, 36, 45])
LEAVING_SHAPE = np.array([0.0, 0.25, 0.7, 1.0, 0.9, 0.4, 0.0])
HEALTH_AGES = np.array([0, 30, 50, 65, 80, 100])
HEALTH = np.array([1.0, 0.99, 0.95, 0.87, 0.7, 0.5])
ARRIVAL_AGES = (17, 60)
STUDENT_AGES = (18, 21)
FRAILEST = 3.0  # most that poor health multiplies the death rate
LONG_WITHOUT = 3  # months without an earner that make a household think of leaving
PARTNER_YOUNGER = 3  # years between the partners of an arriving couple


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


def births_with_partner(births: np.ndarray, all_women: np.ndarray, partnered: np.ndarray, ratio: float) -> np.ndarray:
    """Chance of a birth in a month of a woman with a partner, such that all women together have `births`.

    b / (s + r(1 - s)), s: share with a partner at that age (ages within two years together); r: births of women
    without one, relative.
    """
    window = np.ones(5)
    wide, with_partner = np.convolve(all_women, window, "same"), np.convolve(partnered, window, "same")
    share = np.divide(with_partner, wide, out=np.zeros(len(wide)), where=wide > 0)
    return np.minimum(births / np.maximum(share + ratio * (1.0 - share), 0.02), 0.3)


@rule
def age_class(person, month):
    """Age in years, at most 109."""
    return min(max(month - person.born, 0) // 12, OLDEST - 1)


@rule
def rootlessness(small_and_young, ties, p):
    """Relative hazard of leaving the city by kind of household: exp(b_young [small, head under 40] - b_ties n).

    Source: assumption.
    """
    score = -p.leaving_ties * ties
    if small_and_young:
        score += p.leaving_young
    return math.exp(score)


@rule
def is_small_and_young(household, head_age):
    """Whether a household of at most two has a head under 40 years."""
    return (household.size <= 2) & (head_age < 40)


@rule
def distress(without_earner, in_hardship, p):
    """Relative hazard of leaving the city by present need: exp(b_earner [3 months without] + b_crisis [crisis coping]).

    Source: assumption.
    """
    score = 0.0
    if without_earner:
        score += p.leaving_no_earner
    if in_hardship:
        score += p.leaving_hardship
    return math.exp(score)


@rule
def months_without_earner(persons, household, month):
    """Months since anybody earned, as far as the head's last change tells; 0 for the retired, students and earners."""
    head = persons[household.first]
    if household.earners > 0 or works(head) or head.state == CHILD or age_months(head, month) >= 60 * 12:
        return 0
    return month - head.since


@rule
def kind_of_roots(household, head_age, known):
    """Kinds of households that differ in their rootlessness, by fours: the number of ties, then small and young."""
    return 8 * known + 4 * is_small_and_young(household, head_age)


@kernel
def _leaving_kinds(low, high, tally, persons, households, ties, month, kinds, room):
    """Put the kind of each living household into `kinds`: as `_leaving_sums` lists them."""
    heads, born, state = room
    for begin in range(low, high, BATCH):
        end = min(begin + BATCH, high)
        for h in range(begin, end):
            heads[h - begin] = max(households[h].first, 0)
        for n in range(end - begin):  # the heads are anywhere: many are fetched at a time
            head = persons[heads[n]]
            born[n], state[n] = head.born, head.state
        for h in range(begin, end):
            household = households[h]
            if household.alive:
                head_age = max(month - born[h - begin], 0) // 12
                jobless = 1 * (months_without_earner(persons, household, month) >= LONG_WITHOUT)
                roots = kind_of_roots(household, head_age, degree(ties, h) if h < ties.shape[0] else 0)
                kinds[h] = roots + jobless * 2 + (household.hardship > 0)


@kernel
def _leaving_sums(sums, p):
    for kind in range(sums.shape[0]):
        roots = rootlessness(kind & 4, kind // 8, p)
        need = distress(kind & 2, kind & 1, p)
        sums[kind, 0] = np.int64(roots * FIXED)
        sums[kind, 1] = np.int64(roots * need * FIXED)


def sums_of_kinds(p: Migration) -> np.ndarray:
    """Rootlessness, and rootlessness times distress, of each kind of household (kinds, 2), fixed point."""
    sums = np.empty((8 * (TIES + 1), 2), np.int64)
    _leaving_sums(sums, p)
    return sums


@kernel
def _leaving_by_age(low, high, tally, persons, kinds, sums, month):
    """Sums over people by sex and age: rootlessness, rootlessness times distress (fixed point), people."""
    for i in range(low, high):
        person = persons[i]
        if person.state != GONE:
            kind = kinds[person.home]
            row = tally[person.sex, age_class(person, month)]
            row[0] += sums[kind, 0]
            row[1] += sums[kind, 1]
            row[2] += 1


def _room() -> tuple[np.ndarray, ...]:
    """Room for a batch of heads of households: rows, months of birth, labour states."""
    return rows_of_a_batch(), rows_of_a_batch(), rows_of_a_batch()


def leaving_profile(
    persons: np.ndarray, households: np.ndarray, ties: np.ndarray, p: Migration, month: int
) -> tuple[np.ndarray, float, float]:
    """Usual monthly chance of leaving the city by sex and age (2, 110); mean rootlessness; mean distress, weighted."""
    kinds = np.zeros(len(households), np.uint8)
    walk(_leaving_kinds, len(households), 1, persons, households, ties, month, kinds, _room)
    sums = walk(_leaving_by_age, len(persons), (2, OLDEST, 3), persons, kinds, sums_of_kinds(p), month)
    roots, both, people = sums[..., 0] / FIXED, sums[..., 1] / FIXED, sums[..., 2]
    norm = roots.sum() / people.sum()
    mean = np.divide(roots, people, out=np.full(roots.shape, norm), where=people > 0)
    return p.leaving_rate / 12.0 * mean / norm, float(norm), float(both.sum() / roots.sum())


@lru_cache(maxsize=8)
def arrival_ages(p: Migration) -> np.ndarray:
    """Weights by age 17-59 of the heads that arrive: exp(-a(x - m) - exp(-b(x - m))). Read-only.

    Source: rogers_castro_1981.
    """
    x = np.arange(*ARRIVAL_AGES) - p.age_peak
    weights = np.exp(-p.age_fall * x - np.exp(-p.age_rise * x))
    weights /= weights.sum()
    weights.flags.writeable = False
    return weights


def arrivals_by_age(p: Migration) -> np.ndarray:
    """Arrivals by sex and age in years (2, 110), adding to 1: heads of either sex, and partners of couples over 20."""
    heads = np.zeros(OLDEST)
    heads[ARRIVAL_AGES[0] : ARRIVAL_AGES[1]] = arrival_ages(p)
    coupled = np.where(np.arange(OLDEST) >= 20, p.couples * heads, 0.0)
    wives, husbands = np.roll(coupled, -PARTNER_YOUNGER), np.roll(coupled, PARTNER_YOUNGER)
    table = 0.5 * np.stack([heads + husbands, heads + wives])
    return table / table.sum()


def students_share(p: Migration) -> np.ndarray:
    """Share of the arrivals of each age (110,) who come to study: of those alone at 18 to 21."""
    age = np.arange(OLDEST)
    alone = np.where(age >= 20, (1.0 - p.couples) / (1.0 + p.couples), 1.0)
    return np.where((age >= STUDENT_AGES[0]) & (age <= STUDENT_AGES[1]), p.students * alone, 0.0)


@lru_cache(maxsize=8)
def arrivals_per_unit(p: Migration) -> float:
    """People per arriving household."""
    return 1.0 + p.couples * arrival_ages(p)[20 - ARRIVAL_AGES[0] :].sum()


@kernel
def _count_ages(low, high, tally, persons, month):
    for i in range(low, high):
        person = persons[i]
        if person.state == GONE:
            continue
        age = min(max(month - person.born, 0), 12 * OLDEST - 1)
        tally[0, person.sex, age] += 1
        tally[1, person.sex, age] += person.state == CHILD and month - person.born >= ADULT
        tally[2, person.sex, age] += works(person) or person.state == UNEMPLOYED


def people_by_age(persons: np.ndarray, month: int) -> np.ndarray:
    """Living people, those in school from 15 on, and the labour force, by sex and age in months (3, 2, 1320)."""
    return walk(_count_ages, len(persons), (3, 2, 12 * OLDEST), persons, month).astype(float)
