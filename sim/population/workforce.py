"""Who is in the labour force at the start, and in which state: quotas by age and sex, keyed choice within them."""

from __future__ import annotations

import numpy as np

from sim.agents.persons import FORMAL, OWN, UNEMPLOYED
from sim.agents.schooling import MOST_YEARS
from sim.agents.work import skill_of, talent_of
from sim.compiled import kernel, part
from sim.draws import BUILD_JOB, draws
from sim.parameters.labour import Labour
from sim.quotas import choose_by_score, luck_of
from sim.sorting import stable_order
from sim.walk import find, in_pieces, walk

ADULT = 15
ADDED_UNTIL = 70  # age from which nobody is sent out to work by need
SHORTAGE = 0.009  # mean shortage of essentials at the homes of adults out of work and school (measured)
MOST_ACTIVE = 0.985  # of those out of school
YOUNG_JOBLESS, MID_JOBLESS, OLD_JOBLESS = 3.0, 1.3, 0.6  # relative risk of joblessness under 25, 25-34, over 34


@kernel
def _abilities(low, high, tally, persons, mean_schooling, slope, spread, seed):
    for i in range(low, high):
        person = persons[i]
        if person.born <= -12 * 15:
            person.skill = skill_of(person.schooling, mean_schooling, person.human, slope)
            person.talent = talent_of(seed, person.uid, spread)
        else:
            person.skill = 0.0
            person.talent = 0.0


def give_abilities(persons: np.ndarray, p: Labour, seed: int) -> float:
    """Skill and talent of every adult, mean skill 1. Returns the schooling at which skill is 1 (years)."""
    adult = persons["born"] <= -12 * ADULT
    years = persons["schooling"][adult & (persons["enrolled"] == 0)]
    units = np.exp(p.return_to_schooling * np.arange(MOST_YEARS + 1.0))
    level = float(np.log(np.mean(units[years])) / p.return_to_schooling)
    walk(_abilities, len(persons), 1, persons, level, p.return_to_schooling, p.talent_spread, seed)
    return level


def usual_added(p: Labour) -> float:
    """Monthly chance that an adult out of work and school is sent out to earn, in a city without shocks."""
    return SHORTAGE * p.added_worker


def participation_sought(share: np.ndarray, free: np.ndarray, turnover: np.ndarray, added: float) -> np.ndarray:
    """Participation (2, 100) that people out of school move towards, so that the labour force keeps its profile.

    People follow it with a lag while they grow older, and homes in need send some out to work besides, so
    A = F s + (h (F - A) - dA/da) / t  is solved for s.  A: labour force, F: out of school, both over everybody of an
    age (2, 100); t: turnover (100,); h: added workers over those out of the labour force, 1/month.
    """
    rise = np.gradient(share, axis=1) / 12.0
    rise[:, :ADULT] = 0.0
    rise[:, ADULT] = (share[:, ADULT + 1] - share[:, ADULT]) / 12.0
    pushed = np.where(np.arange(100) < ADDED_UNTIL, added, 0.0) * (free - share)
    sought = (share + (rise - pushed) / turnover) / np.maximum(free, 1e-9)
    return np.where(free > 0, np.clip(sought, 0.0, MOST_ACTIVE), share)


@part
def _cell(person):
    """Sex and age in years, 0-99, of the start as one number below 200."""
    return person.sex * 100 + min(max(-person.born // 12, 0), 99)


@kernel
def _count_by_age(low, high, tally, found, persons):
    """Everybody (0) and those who may work or look for it (1), by sex and age; the rows of the latter."""
    count = 0
    for i in range(low, high):
        person = persons[i]
        cell = _cell(person)
        tally[0, cell] += 1
        if person.enrolled == 0 and cell % 100 >= ADULT:
            tally[1, cell] += 1
            found[count] = i
            count += 1
    return count


@kernel
def _cell_and_luck(low, high, tally, persons, rows, seed, scores):
    """What sorts people by sex and age, and within these by luck."""
    for k in range(low, high):
        person = persons[rows[k]]
        luck, _, _, _ = draws(seed, BUILD_JOB, 1, person.uid)
        scores[k] = _cell(person) + luck


def labour_force(
    persons: np.ndarray, participation: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in the labour force; and by sex and age (2, 100) the shares of everybody who are in it, and out of school.

    Numbers by sex and single year of age are the published profile's share of everybody of that age.
    """
    counts, rows = find(_count_by_age, len(persons), (2, 200), persons)
    everybody, available = counts.reshape(2, 2, 100)
    wanted = participation * everybody
    entry = np.where(available > 0, np.minimum(wanted / np.maximum(available, 1), MOST_ACTIVE), participation)
    wanted = np.minimum(entry * available, available)
    scores = np.empty(len(rows))
    walk(_cell_and_luck, len(rows), 1, persons, rows, seed, scores)
    rows = rows[stable_order(scores)]
    quota = np.diff(np.floor(np.cumsum(wanted.ravel()) + 0.5).astype(np.int64), prepend=0)
    begins = np.cumsum(available) - available.ravel()
    first_ones = np.minimum(quota, available.ravel())  # of each cell, whose people stand together
    force = np.concatenate([rows[begin : begin + count] for begin, count in zip(begins, first_ones, strict=True)])
    free_share = available / np.maximum(everybody, 1)
    return force, np.where(everybody > 0, entry * free_share, 0.0), free_share


@kernel
def _look_up(low, high, tally, persons, rows, uids, age, skill):
    """What the choice of a state needs of each person, in one visit: those of some rows stand far apart."""
    for k in range(low, high):
        person = persons[rows[k]]
        uids[k] = person.uid
        age[k] = -person.born // 12
        skill[k] = person.skill


def states(
    persons: np.ndarray, force: np.ndarray, unemployment: float, informal: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Divide the labour force: rows of the unemployed, the own-account and the formally employed (published shares).

    The young are more often unemployed, the less skilled more often own-account (assumption).
    """
    uids, age = np.empty(len(force), np.uint64), np.empty(len(force), np.int64)
    skill = np.empty(len(force), np.float32)
    walk(_look_up, len(force), 1, persons, force, uids, age, skill)
    u = luck_of(seed, BUILD_JOB, 2, uids)
    scores = np.empty(len(force))

    def score_jobless(some: slice) -> None:
        elder = np.where(age[some] < 35, MID_JOBLESS, OLD_JOBLESS)
        risk = np.where(age[some] < 25, YOUNG_JOBLESS, elder)
        scores[some] = np.log(risk) - np.log(-np.log(u[some, 0]))

    in_pieces(score_jobless, len(force))
    jobless = choose_by_score(scores, round(unemployment * len(force)))
    mask = np.zeros(len(force), bool)
    mask[jobless] = True
    working, luck, skill = force[~mask], u[~mask, 1], skill[~mask]
    score = np.empty(len(working))

    def score_own(some: slice) -> None:
        score[some] = -0.9 * np.log(np.maximum(skill[some], 0.05)) - np.log(-np.log(luck[some]))

    in_pieces(score_own, len(working))
    own = choose_by_score(score, round(informal * len(working)))
    chosen = np.zeros(len(working), bool)
    chosen[own] = True
    persons["state"][force[mask]] = UNEMPLOYED
    persons["state"][working[chosen]] = OWN
    persons["state"][working[~chosen]] = FORMAL
    return force[mask], working[chosen], working[~chosen]


def spells(seed: int, uids: np.ndarray, mean_months: float, longest: int = 240) -> np.ndarray:
    """Months already spent in a state with a constant hazard: exponential, whole months, at least one."""
    u = luck_of(seed, BUILD_JOB, 3, uids)[:, 2]
    return np.minimum(1 + np.floor(-np.log(u) * mean_months), longest).astype(np.int64)
