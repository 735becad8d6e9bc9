"""Arrivals from elsewhere: who they are, where they settle, with whom they lodge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.families import add_member, found_household
from sim.agents.persons import CHILD, FEMALE, GONE, INACTIVE, MALE, NEVER, NOBODY, UNEMPLOYED
from sim.agents.schooling import MOST_YEARS
from sim.agents.ties import someone
from sim.agents.work import skill_of, talent_of
from sim.compiled import kernel, part, rule
from sim.draws import BATCH, MIGRANT, draws, new_uid, pick
from sim.fetching import bring
from sim.markets.formation import BROUGHT, CAME, bring_homes, make_ties, misfit
from sim.markets.vital_rates import ARRIVAL_AGES, PARTNER_YOUNGER, STUDENT_AGES
from sim.walk import spans, together

if TYPE_CHECKING:
    from sim.parameters.migration import Migration

ARRIVAL = 100  # ordinal of an arriving household's id
AT_A_TIME = 256  # arrivals whose models a thread looks for at a time
LOOKED_AT = 400  # residents looked at to find one like an arrival


@rule
def someone_like(persons, residents, sex, age, student, month, u):
    """A resident of the given sex, within two years of the age, studying or not: a row, or any living one near."""
    rows, born, sexes, _ = residents
    start = someone(0, rows.shape[0], u)
    place = start
    for _ in range(LOOKED_AT):
        if misfit(sexes[place], born[place], sex, month - age - 24, month - age + 24) == 0:
            j = rows[place]
            if j != NOBODY and persons[j].state != GONE and (persons[j].enrolled == 1) == student:
                return j
        place = place + 1 if place + 1 < rows.shape[0] else 0
    for k in range(LOOKED_AT):
        j = rows[(start + k) % rows.shape[0]]
        if j != NOBODY and persons[j].state != GONE:
            return j
    return NOBODY


@part
def settle_person(persons, households, row, home, sex, age, student, seeks, model, skills, L, p, seed, month, uid):
    """A person of `age` months comes to live in `home`, with the schooling and abilities of a resident alike."""
    mean_schooling, skill_level = skills
    person, like = persons[row], persons[model]
    person.uid = uid
    person.sex = sex
    person.born = month - age
    person.since = month
    person.certified = NEVER
    person.schooling = min(like.schooling, MOST_YEARS) if like.state != CHILD or student else 12
    person.enrolled = student
    person.human = like.human
    person.health = like.health
    person.state = CHILD if student else (UNEMPLOYED if seeks else INACTIVE)
    person.employer = person.sector = person.workplace = NOBODY
    if not student:
        person.talent = talent_of(seed, uid, L.talent_spread)
        person.skill = skill_level * skill_of(person.schooling, mean_schooling, person.human, L.return_to_schooling)
    add_member(persons, households, row, home, month)


@rule
def pick_kelurahan(kelurahan, district, u):
    """A kelurahan of the district, by population. `kelurahan`: (first of each district, cumulated people)."""
    first, people = kelurahan
    low, high = first[district], first[district + 1]
    before = people[low - 1] if low > 0 else 0.0
    target = before + u * (people[high - 1] - before)
    k = low
    while k < high - 1 and people[k] <= target:
        k += 1
    return k


@rule
def settled_in(district, quintile, districts, u, w):
    """The kecamatan where arrivals settle: that of those whom they resemble, else one with others of that quintile.

    `districts`: the pull of each kecamatan over the strongest (30,), and the people of each quintile there at the start
    times its pull, cumulated (5, 30). Who stays away from a kecamatan of weak pull chooses among all by these: so each
    gets arrivals as it has people alike times its pull. Source: massey_1990.
    """
    pull, alike = districts
    return district if w < pull[district] else pick(alike[quintile], u)


@part
def settle_household(households, home, origin, uid, people, districts, kelurahan, p, seed, month):
    """A new household of `people` arrivals with the income from outside and the habits of the household `origin`.

    They know it, and settle near it if they can.
    """
    household, like = households[home], households[origin]
    found_household(household, like, uid, month)
    u, v, w, _ = draws(seed, MIGRANT, month, uid)
    household.district = settled_in(like.district, like.quintile, districts, u, w)
    household.kelurahan = pick_kelurahan(kelurahan, household.district, v)
    part = people / max(like.size, people)
    household.claims = math.floor(like.claims * min(people / max(like.size - like.children, 1), 1.0))
    household.permanent = part * like.permanent
    household.spending = math.floor(part * like.spending)
    household.assets = part * like.assets
    household.takes_part = household.groups = household.registered = 0
    household.tenure = like.tenure if like.size <= 2 else household.tenure
    household.savings = math.floor(p.savings_months * household.permanent)
    return household.savings


@part
def lodge(households, origin, p):
    """An arrival moves in with the household `origin`: the savings brought along, Rp."""
    host = households[origin]
    brought = math.floor(p.savings_months * host.permanent / host.size)
    host.savings += brought
    return brought


@rule
def newcomer(n, ages, p, seed, month):
    """Who the n-th arrival is: id, months of age, sex, one of a couple, a student; and luck: model, seeking, lodging.

    That luck depends on n alone, so one more arrival changes nobody else.
    """
    uid = new_uid(seed, month, n, ARRIVAL)
    u, v, w, x = draws(seed, MIGRANT, month + (1 << 20), uid)
    a, b, c, d = draws(seed, MIGRANT, month + (2 << 20), uid)
    age = 12 * (ARRIVAL_AGES[0] + pick(ages, u)) + int(12 * x)
    sex = MALE if v < 0.5 else FEMALE
    couple = age >= 240 and w < p.couples
    student = (not couple) and STUDENT_AGES[0] <= age // 12 <= STUDENT_AGES[1] and a < p.students
    return uid, age, sex, couple, student, (a, b, c, d)


@rule
def partner_of(age, sex):
    """Months of age and sex of the partner with whom an arrival of a couple comes."""
    return (age - 12 * PARTNER_YOUNGER, FEMALE) if sex == MALE else (age + 12 * PARTNER_YOUNGER, MALE)


@kernel
def find_models(low, high, models, persons, residents, ages, p, seed, month):
    """Residents whom arrivals low..high-1 and their partners resemble, into their rows of `models`."""
    for n in range(low, high):
        _, age, sex, couple, student, (_, b, _, d) = newcomer(n, ages, p, seed, month)
        models[n, 0] = someone_like(persons, residents, sex, age, student, month, b)
        if couple:
            age, sex = partner_of(age, sex)
            models[n, 1] = someone_like(persons, residents, sex, age, False, month, d)


@kernel
def settle_arrivals(
    models, persons, households, ties, sizes, ages, districts, kelurahan, skills, new_ties, L, p, seed, month,
    counts, money, origins,
):  # fmt: skip
    """Arrivals of one or two people settle, one for each row of `models`. `sizes`: rows in use of persons and
    households; returns those in use afterwards. `districts`: see `settled_in`. `origins`: room for a batch of rows."""
    people, homes = sizes
    for begin in range(0, models.shape[0], BATCH):
        end = min(begin + BATCH, models.shape[0])
        for n in range(begin, end):
            bring(persons, max(models[n, 0], 0))
        for n in range(begin, end):
            origins[n - begin] = persons[max(models[n, 0], 0)].home
        bring_homes(origins, end - begin, persons, households, ties)
        for k in range(end - begin):  # and the ties of those they know, as a newcomer gets to know some
            for place in range(ties.shape[1]):
                bring(ties, max(ties[origins[k], place], 0))
        for n in range(begin, end):
            if models[n, 0] == NOBODY:
                continue
            uid, age, sex, couple, student, (a, _, c, d) = newcomer(n, ages, p, seed, month)
            origin = origins[n - begin]
            if not couple and d < p.lodgers:
                home = origin
                money[BROUGHT] += np.int64(lodge(households, origin, p))
            else:
                home = homes
                homes += 1
                money[BROUGHT] += np.int64(
                    settle_household(
                        households, home, origin, uid, 2 if couple else 1, districts, kelurahan, p, seed, month
                    )
                )
                make_ties(households, ties, home, origin, new_ties, seed, month)
            settle_person(
                persons, households, people, home, sex, age, student, c < p.seekers, models[n, 0], skills, L, p,
                seed, month, new_uid(seed, month, uid, 1),
            )  # fmt: skip
            people += 1
            if couple:
                age, sex = partner_of(age, sex)
                settle_person(
                    persons, households, people, home, sex, age, False, a < p.seekers, models[n, 1], skills, L, p,
                    seed, month, new_uid(seed, month, uid, 2),
                )  # fmt: skip
                people += 1
            counts[households[home].district, CAME] += 2 if couple else 1
    return people, homes


def models_of(
    units: int, persons: np.ndarray, residents: tuple, ages: np.ndarray, p: Migration, seed: int, month: int
) -> np.ndarray:
    """Rows of the residents whom `units` arrivals and their partners resemble (units, 2). residents: `Vital.listed`."""
    models = np.empty((units, 2), np.int32)
    together(lambda part: find_models(*part, models, persons, residents, ages, p, seed, month), spans(units, AT_A_TIME))
    return models
