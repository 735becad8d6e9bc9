"""Who is in the labour force at the start, and in which state: quotas by age and sex, keyed choice within them."""

from __future__ import annotations

import numpy as np

from sim.agents.persons import FORMAL, OWN, UNEMPLOYED
from sim.agents.work import skill_of, talent_of
from sim.compiled import kernel
from sim.draws import BUILD_JOB
from sim.parameters.labour import Labour
from sim.quotas import choose_by_score, luck_of

ADULT = 15
ADDED_UNTIL = 70  # age from which nobody is sent out to work by need
SHORTAGE = 0.009  # mean shortage of essentials at the homes of adults out of work and school (measured)
MOST_ACTIVE = 0.985  # of those out of school
YOUNG_JOBLESS, MID_JOBLESS, OLD_JOBLESS = 3.0, 1.3, 0.6  # relative risk of joblessness under 25, 25-34, over 34


@kernel
def _abilities(persons, mean_schooling, slope, spread, seed):
    for i in range(persons.shape[0]):
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
    years = persons["schooling"][adult & (persons["enrolled"] == 0)].astype(float)
    level = float(np.log(np.mean(np.exp(p.return_to_schooling * years))) / p.return_to_schooling)
    _abilities(persons, level, p.return_to_schooling, p.talent_spread, seed)
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


def labour_force(
    persons: np.ndarray, participation: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows in the labour force; and by sex and age (2, 100) the shares of everybody who are in it, and out of school.

    Numbers by sex and single year of age are the published profile's share of everybody of that age.
    """
    age = np.clip(-persons["born"] // 12, 0, 99).astype(np.int64)
    sex = persons["sex"].astype(np.int64)
    cell = sex * 100 + age
    everybody = np.bincount(cell, minlength=200).reshape(2, 100)
    free = (persons["enrolled"] == 0) & (age >= ADULT)
    available = np.bincount(cell[free], minlength=200).reshape(2, 100)
    wanted = participation * everybody
    entry = np.where(available > 0, np.minimum(wanted / np.maximum(available, 1), MOST_ACTIVE), participation)
    wanted = np.minimum(entry * available, available)
    rows = np.flatnonzero(free)
    u = luck_of(seed, BUILD_JOB, 1, persons["uid"][rows])[:, 0]
    order = np.argsort(cell[rows] + u, kind="stable")  # by cell, then by luck: a cell of up to 8 bits and 33 of luck
    rows, cells = rows[order], cell[rows][order]
    starts = np.concatenate([[0], np.cumsum(available.ravel())])[cells]
    rank = np.arange(len(rows)) - starts
    quota = np.floor(np.cumsum(wanted.ravel()) + 0.5).astype(np.int64)
    quota = np.diff(quota, prepend=0)
    free_share = available / np.maximum(everybody, 1)
    return rows[rank < quota[cells]], np.where(everybody > 0, entry * free_share, 0.0), free_share


def states(
    persons: np.ndarray, force: np.ndarray, unemployment: float, informal: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Divide the labour force: rows of the unemployed, the own-account and the formally employed (published shares).

    The young are more often unemployed, the less skilled more often own-account (assumption).
    """
    u = luck_of(seed, BUILD_JOB, 2, persons["uid"][force])
    age = -persons["born"][force] // 12
    risk = np.where(age < 25, YOUNG_JOBLESS, np.where(age < 35, MID_JOBLESS, OLD_JOBLESS))
    jobless = choose_by_score(np.log(risk) - np.log(-np.log(u[:, 0])), round(unemployment * len(force)))
    mask = np.zeros(len(force), bool)
    mask[jobless] = True
    working = force[~mask]
    score = -0.9 * np.log(np.maximum(persons["skill"][working], 0.05)) - np.log(-np.log(u[~mask, 1]))
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
