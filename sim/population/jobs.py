"""Who works where at the start: commuting by constrained gravity, then people and jobs sorted within each place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.agents.businesses import FIRM
from sim.agents.persons import FORMAL
from sim.agents.work import experience_gain
from sim.city import City, gravity, whole_shares
from sim.compiled import kernel
from sim.draws import BUILD_JOB
from sim.parameters.labour import Labour
from sim.quotas import luck_of
from sim.sorting import order_by_group, stable_order
from sim.walk import in_pieces, together

PLACES = 34


def experience_table(p: Labour) -> np.ndarray:
    """Relative pay by years of experience 0-80, before normalisation."""
    return np.array([np.exp(experience_gain(float(x), p.return_to_experience, p.experience_peak)) for x in range(81)])


def experience_years(persons: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Years since the people of some rows left school, 0-80, in month 0."""
    age = -persons["born"][rows].astype(np.int64) // 12
    return np.clip(age - persons["schooling"][rows] - 6, 0, 80)


def seat_commuters(firms: np.ndarray, share: float, seed: int) -> None:
    """Split the head-count of firms into residents and people from the outer zones (the share of the whole)."""
    u = luck_of(seed, BUILD_JOB, 4, firms["uid"])[:, 0]
    mine = firms["kind"] == FIRM
    mean = np.where(mine, firms["workers"] * share, 0.0)
    commuters = np.floor(mean + u).astype(np.int64)
    excess = int(commuters.sum() - round(mean.sum()))
    movable = np.flatnonzero((commuters > 0) if excess > 0 else (mine & (firms["workers"] > commuters)))
    if excess and len(movable):
        commuters[movable[:: max(1, len(movable) // abs(excess))][: abs(excess)]] -= int(np.sign(excess))
    firms["commuters"] = commuters
    firms["workers"] -= commuters


def workplaces(homes: np.ndarray, jobs: np.ndarray, cost: np.ndarray, decay: float, u: np.ndarray) -> np.ndarray:
    """Work district (0-33) of each person, given home districts, jobs by place and travel cost.

    Doubly constrained gravity between residents and jobs; every job is taken exactly once. Source: wilson_1967.
    """
    origins = np.bincount(homes, minlength=30)
    flows = gravity(origins.astype(float), jobs.astype(float), cost[:30], decay)
    order = order_by_group(homes, u)
    wanted = np.concatenate(
        [np.repeat(np.arange(PLACES), whole_shares(int(o), f)) for o, f in zip(origins, flows, strict=True)]
    )
    place = np.empty(len(homes), np.int64)
    place[order] = wanted
    taken = np.bincount(place, minlength=PLACES)
    spare = np.repeat(np.arange(PLACES), np.maximum(jobs - taken, 0))
    surplus = []
    for d in np.flatnonzero(taken > jobs):
        there = np.flatnonzero(place == d)
        surplus.append(there[stable_order(u[there])][jobs[d] :])
    if surplus:
        movers = np.concatenate(surplus)
        place[movers] = spare[: len(movers)]
    return place


@kernel
def _seat(people, slots, persons, businesses, sector_wage, experience, floor):
    """Person k takes job k."""
    for k in range(people.shape[0]):
        person, firm = persons[people[k]], businesses[slots[k]]
        years = min(max((-person.born) // 12 - person.schooling - 6, 0), 80)
        person.power = person.skill * person.talent * experience[years]
        pay = sector_wage[firm.sector] * person.power * firm.premium
        if firm.compliant == 1:
            pay = max(pay, floor)
        person.pay = np.floor(pay)
        person.employer = slots[k]
        person.sector = firm.sector
        person.workplace = firm.district
        firm.wage_bill += person.pay
        firm.skills += person.power


def wage_level(raw: np.ndarray, least: np.ndarray, target: float) -> float:
    """The level at which the mean of level * raw, but no pay under its `least`, is the target."""
    level, pay = target / raw.mean(), np.empty(len(raw))
    for _ in range(30):
        np.maximum(np.multiply(raw, level, out=pay), least, out=pay)
        before = level
        level *= target / pay.mean()
        if level == before:
            break
    return level


def hire_everybody(
    persons: np.ndarray,
    homes: np.ndarray,
    businesses: np.ndarray,
    city: City,
    p: Labour,
    wages: tuple[np.ndarray, np.ndarray, float, float],
    seed: int,
) -> np.ndarray:
    """Seat the formally employed; sets pay so that the mean wage is the target. Returns the sector wages (8,).

    `wages`: relative sector wages (8,), experience table (81,), UMK and target mean wage in Rp/month. Within a place
    the more productive tend to get the better paid jobs.
    """
    index, experience, floor, target = wages
    people = np.flatnonzero(persons["state"] == FORMAL)
    u = luck_of(seed, BUILD_JOB, 5, persons["uid"][people])
    jobs = np.bincount(businesses["district"], weights=businesses["workers"], minlength=PLACES).astype(np.int64)

    def people_in_order() -> np.ndarray:
        """People by place of work, the more productive first."""
        place = workplaces(homes[people], jobs, city.cost, p.commuting_decay, u[:, 0])
        worth = np.log(persons["skill"][people] * persons["talent"][people]) - 0.35 * np.log(-np.log(u[:, 1]))
        return people[order_by_group(place, -worth)]

    def jobs_in_order() -> np.ndarray:
        """Employer of each job, by place, the better paid first."""
        slots = np.repeat(np.arange(len(businesses)), businesses["workers"])
        ordinal = np.arange(len(slots)) - np.repeat(
            np.cumsum(businesses["workers"]) - businesses["workers"], businesses["workers"]
        )
        luck = luck_of(seed, BUILD_JOB, 6, businesses["uid"][slots] * np.uint64(16384) + ordinal.astype(np.uint64))
        offer = np.log(index[businesses["sector"][slots]] * businesses["premium"][slots]) - 0.1 * np.log(
            -np.log(luck[:, 0])
        )
        return slots[order_by_group(businesses["district"][slots], -offer)]

    people, slots = together(lambda side: side(), (people_in_order, jobs_in_order))
    raw, least = np.empty(len(people)), np.empty(len(people))

    def find_pay(some: slice) -> None:
        """Pay of each person at a wage level of 1, and the least that the employer may pay."""
        who, job = people[some], slots[some]
        years = experience_years(persons, who)
        power = persons["skill"][who] * persons["talent"][who] * experience[years] * businesses["premium"][job]
        raw[some] = power * index[businesses["sector"][job]]
        least[some] = np.where(businesses["compliant"][job] == 1, floor, 0.0)

    in_pieces(find_pay, len(people))
    level = wage_level(raw, least, target)
    sector_wage = level * index
    # Nobody else writes to the businesses of a place.
    ends = np.searchsorted(businesses["district"][slots], np.arange(PLACES + 1))
    together(
        lambda span: _seat(people[span], slots[span], persons, businesses, sector_wage, experience, floor),
        [slice(begin, end) for begin, end in pairwise(ends)],
    )
    return sector_wage
