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


def labour_force(persons: np.ndarray, participation: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows in the labour force, and the participation of those not in school by sex and age (2, 100).

    Numbers by sex and single year of age are the published profile's share of everybody of that age.
    """
    age = np.clip(-persons["born"] // 12, 0, 99).astype(np.int64)
    sex = persons["sex"].astype(np.int64)
    cell = sex * 100 + age
    everybody = np.bincount(cell, minlength=200).reshape(2, 100)
    free = (persons["enrolled"] == 0) & (age >= ADULT)
    available = np.bincount(cell[free], minlength=200).reshape(2, 100)
    wanted = participation * everybody
    entry = np.where(available > 0, np.minimum(wanted / np.maximum(available, 1), 0.985), participation)
    wanted = np.minimum(entry * available, available)
    rows = np.flatnonzero(free)
    u = luck_of(seed, BUILD_JOB, 1, persons["uid"][rows])[:, 0]
    order = np.lexsort((u, cell[rows]))
    rows, cells = rows[order], cell[rows][order]
    starts = np.concatenate([[0], np.cumsum(available.ravel())])[cells]
    rank = np.arange(len(rows)) - starts
    quota = np.floor(np.cumsum(wanted.ravel()) + 0.5).astype(np.int64)
    quota = np.diff(quota, prepend=0)
    return rows[rank < quota[cells]], entry


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
