"""Who lives with whom at the start: couples, heads, household sizes, and the others matched to them by age.

Everything is a quota, so the numbers of a district come out whole and exact at any scale: ages and sexes are given,
household sizes follow their distribution, and the matching only decides who goes where. Children and grown children
are placed with heads of a plausible age for their parents, old parents with heads of a plausible age for their
children.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.agents.persons import FEMALE, MALE
from sim.draws import BUILD_HOUSEHOLD
from sim.quotas import choose, luck, systematic, tilted
from sim.sorting import stable_order

# Households by size 1..9 in a city of Java with a mean of 3.5; tilted to each district's mean.
SIZES = np.arange(1, 10)
SIZE_SHARES = np.array([0.095, 0.18, 0.255, 0.25, 0.125, 0.055, 0.024, 0.01, 0.006])
# Women living with a husband, men living with a wife, by age: shape of the census by marital status.
PARTNERED_AGES = np.array([15, 18, 22, 27, 32, 37, 47, 57, 62, 67, 72, 80, 95])
WIVES = np.array([0.0, 0.04, 0.28, 0.66, 0.82, 0.86, 0.84, 0.77, 0.68, 0.57, 0.44, 0.26, 0.08])
HUSBANDS = np.array([0.0, 0.0, 0.12, 0.5, 0.78, 0.88, 0.92, 0.92, 0.9, 0.87, 0.83, 0.7, 0.5])
# How readily people without a partner head a household, by age (relative).
HEAD_AGES = np.array([17, 18, 22, 30, 45, 60, 75, 95])
HEADS = np.array([0.0, 0.12, 0.22, 0.3, 0.6, 0.75, 0.6, 0.4])
AGE_GAP = 3.3  # years a husband is older
AT_BIRTH = (28.0, 5.5)  # mother's age at a birth: mean and spread, years
AGE_BINS = np.arange(16, 92, 4)  # in which those who want to live with others are compared with the households
CHILD_UNTIL, PARENT_FROM = 34, 55  # ages at which others of a household are its children, or its parents


class Homes(NamedTuple):
    """The households of one district and who lives in them (positions in the district's list of people)."""

    home: np.ndarray  # person -> household
    role: np.ndarray  # person -> 0 head, 1 partner, 2 other
    size: np.ndarray  # household -> persons


def couples(age: np.ndarray, sex: np.ndarray, most: int, level: float, u: np.ndarray, start: float):
    """Wives and their husbands, at most `most` pairs: quotas by age, matched by rank with husbands a little older."""
    women, men = np.flatnonzero(sex == FEMALE), np.flatnonzero(sex == MALE)
    chance = np.interp(age[women], PARTNERED_AGES, WIVES) * (age[women] >= 17) * level
    husband = np.interp(age[men], PARTNERED_AGES, HUSBANDS) * (age[men] >= 18)
    count = min(int(chance.sum() + start), most, int((husband > 0).sum()), int((chance > 0).sum()))
    wives, husbands = women[choose(chance, count, start)], men[choose(husband, count, start)]
    wanted = age[wives] + AGE_GAP + 6.0 * (u[wives, 0] - 0.5)
    by_age = stable_order(age[husbands])
    husbands = husbands[by_age]
    partners = np.empty(len(wives), np.int64)
    partners[stable_order(wanted)] = husbands
    return wives, partners


@lru_cache(maxsize=128)
def size_shares(mean: float) -> np.ndarray:
    """Shares of households of 1 to 9 members (9,) when they have `mean` on average. Read-only."""
    shares = tilted(SIZE_SHARES, SIZES, min(max(mean, 1.05), 8.5))
    shares.flags.writeable = False
    return shares


def household_sizes(people: int, mean: float, single_at_most: int, start: float) -> np.ndarray:
    """Sizes, largest first, of round(people/mean) households with `people` members in all."""
    count = min(max(1, round(people / mean)), people)
    numbers = systematic(size_shares(people / count), count, start)
    numbers[1] += max(0, numbers[0] - single_at_most)
    numbers[0] = min(numbers[0], single_at_most)
    sizes = np.repeat(SIZES, numbers)[::-1].copy()
    missing = people - sizes.sum()
    while missing:  # rounding: a few households of usual size get one member more or less
        step = 1 if missing > 0 else -1
        fit = np.flatnonzero((sizes >= 2) if step > 0 else (sizes >= 3))
        fit = fit if len(fit) else np.arange(len(sizes))
        some = fit[:: max(1, len(fit) // abs(missing))][: abs(missing)]
        sizes[some] += step
        missing -= step * len(some)
    return np.sort(sizes)[::-1]


def head_age_wanted(age: np.ndarray, u: np.ndarray) -> np.ndarray:
    """The age of the head (or his wife) with whom a person who is neither would live.

    A child's mother is about 28 years older; an old parent's child about 28 younger; those between live with their
    parents or with brothers and sisters.
    """
    normal = np.sqrt(-2.0 * np.log(u[:, 0])) * np.cos(2.0 * np.pi * u[:, 1])
    gap = np.clip(AT_BIRTH[0] + AT_BIRTH[1] * normal, 17.0, 46.0)
    sibling = age + 8.0 * (u[:, 2] - 0.5)
    between = np.where((u[:, 3] < 0.5) & (age < 50), age + gap, sibling)
    wanted = np.where(age < CHILD_UNTIL, age + gap, np.where(age >= PARENT_FROM, age - gap, between))
    return np.clip(wanted, 19.0, 85.0)


def extra_members(reference: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """How many others want to live with each household of a reference age, on average (bins of 4 years)."""
    each = _by_age(wanted) / np.maximum(_by_age(reference), 1)
    return np.interp(reference, AGE_BINS[:-1] + 2, np.minimum(each, 8.0))


def _by_age(ages: np.ndarray) -> np.ndarray:
    """Numbers of people by age, in the AGE_BINS of equal width; the last holds its upper end too."""
    width, last = AGE_BINS[1] - AGE_BINS[0], len(AGE_BINS) - 2
    inside = ages[(ages >= AGE_BINS[0]) & (ages <= AGE_BINS[-1])]
    return np.bincount(np.minimum(((inside - AGE_BINS[0]) / width).astype(np.int64), last), minlength=last + 1)


def poisson_of(mean: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Whole numbers drawn from Poisson distributions by inversion, up to 12."""
    number, chance = np.zeros(len(mean)), np.exp(-mean)
    below = chance.copy()
    for k in range(1, 13):
        number += u > below
        chance = chance * mean / k
        below += chance
    return number


def settle(
    age: np.ndarray, sex: np.ndarray, mean_size: float, level: float, seed: int, key: int, start: float
) -> Homes:
    """Put the people of one district into households. `age` in years (fractions allowed), sorted by sex, then age."""
    people = len(age)
    u = luck(seed, BUILD_HOUSEHOLD, key, people)
    count = min(max(1, round(people / mean_size)), people)
    alone_share = size_shares(people / count)[0]
    most = min(max(count - int(np.ceil(alone_share * count)), 0), people - count)
    wives, husbands = couples(age, sex, most, level, u, start)
    free = np.ones(people, bool)
    free[wives] = free[husbands] = False
    willing = np.interp(age, HEAD_AGES, HEADS) * free * np.where(sex == FEMALE, 1.1, 1.0)
    heads = choose(willing, count - len(wives), start)
    if len(heads) + len(wives) == 0:
        heads = np.array([int(np.argmax(age))])
    free[heads] = False
    # The youngest and the oldest of those without a partner are the likeliest to live alone.
    alone_first = np.argsort(np.where(age[heads] < 28, 0.0, np.where(age[heads] >= 60, 0.5, 0.8)) + u[heads, 1])
    heads = heads[alone_first]
    sizes = household_sizes(people, people / (len(wives) + len(heads)), len(heads), start)
    ones = np.count_nonzero(sizes == 1)
    multi = np.concatenate([husbands, heads[ones:]])
    partner = np.concatenate([wives, np.full(len(heads) - ones, -1)])
    base = np.where(partner >= 0, 2, 1)
    reference = np.where(partner >= 0, age[np.maximum(partner, 0)], age[multi])
    others = np.flatnonzero(free)
    wanted = head_age_wanted(age[others], u[others])
    pull = base + poisson_of(extra_members(reference, wanted), u[multi, 2]) + u[multi, 3]
    size = np.empty(len(multi), np.int64)
    size[stable_order(-pull)] = sizes[: len(multi)]
    slots = np.repeat(np.arange(len(multi)), 0 if not len(multi) else size - base)
    by_reference = np.argsort(
        reference[slots] + 2.0 * (luck(seed, BUILD_HOUSEHOLD, key + people, len(slots))[:, 0] - 0.5)
    )
    home, role = np.empty(people, np.int64), np.full(people, 2)
    home[multi], role[multi] = np.arange(len(multi)), 0
    coupled = np.flatnonzero(partner >= 0)
    home[partner[coupled]], role[partner[coupled]] = coupled, 1
    home[heads[:ones]], role[heads[:ones]] = len(multi) + np.arange(ones), 0
    home[others[np.argsort(wanted)]] = slots[by_reference]
    return Homes(home, role, np.concatenate([size, np.ones(ones, np.int64)]))
