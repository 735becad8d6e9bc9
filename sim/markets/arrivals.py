"""Arrivals from elsewhere: who they are, where they settle, with whom they lodge."""

from __future__ import annotations

import math

import numpy as np

from sim.agents.families import add_member, age_months, found_household
from sim.agents.persons import CHILD, FEMALE, GONE, INACTIVE, MALE, NEVER, NOBODY, UNEMPLOYED
from sim.agents.schooling import MOST_YEARS
from sim.agents.ties import someone
from sim.agents.work import skill_of, talent_of
from sim.compiled import kernel, part, rule
from sim.draws import MIGRANT, draws, new_uid, pick
from sim.markets.formation import BROUGHT, CAME, make_ties
from sim.markets.vital_rates import ARRIVAL_AGES, PARTNER_YOUNGER, STUDENT_AGES

ARRIVAL = 100  # ordinal of an arriving household's id
LOOKED_AT = 400  # residents looked at to find one like an arrival


@rule
def someone_like(persons, households, sex, age, student, residents, month, u):
    """A resident of the given sex, within two years of the age, studying or not: a row, or any living one near."""
    start = someone(0, residents.shape[0], u)
    near = NOBODY
    for k in range(LOOKED_AT):
        j = residents[(start + k) % residents.shape[0]]
        if j == NOBODY or persons[j].state == GONE:
            continue
        other = persons[j]
        if near == NOBODY:
            near = j
        gap = age_months(other, month) - age
        if other.sex == sex and -24 <= gap <= 24 and (other.enrolled == 1) == student:
            return j
    return near


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


@part
def settle_household(households, home, origin, uid, people, districts, kelurahan, p, seed, month):
    """A new household of `people` arrivals with the income from outside and the habits of the household `origin`."""
    household, like = households[home], households[origin]
    found_household(household, like, uid, month)
    u, v, _, _ = draws(seed, MIGRANT, month, uid)
    household.district = pick(districts, u)
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


@kernel
def arrive(
    units,
    persons,
    households,
    ties,
    sizes,
    ages,
    districts,
    kelurahan,
    skills,
    new_ties,
    L,
    p,
    seed,
    month,
    counts,
    money,
):
    """`units` arrivals of one or two people. `sizes`: rows in use of persons and households, residents at the start.

    The luck of the n-th depends on n alone, so one more arrival changes nobody else. Returns the rows in use.
    """
    people, homes, residents = sizes
    for n in range(units):
        uid = new_uid(seed, month, n, ARRIVAL)
        u, v, w, x = draws(seed, MIGRANT, month + (1 << 20), uid)
        a, b, c, d = draws(seed, MIGRANT, month + (2 << 20), uid)
        age = 12 * (ARRIVAL_AGES[0] + pick(ages, u)) + int(12 * x)
        sex = MALE if v < 0.5 else FEMALE
        couple = age >= 240 and w < p.couples
        student = (not couple) and STUDENT_AGES[0] <= age // 12 <= STUDENT_AGES[1] and a < p.students
        model = someone_like(persons, households, sex, age, student, residents, month, b)
        if model == NOBODY:
            continue
        origin = persons[model].home
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
        seeks = c < p.seekers
        settle_person(
            persons, households, people, home, sex, age, student, seeks, model, skills, L, p, seed, month,
            new_uid(seed, month, uid, 1),
        )  # fmt: skip
        people += 1
        if couple:
            other, younger = (FEMALE, -12 * PARTNER_YOUNGER) if sex == MALE else (MALE, 12 * PARTNER_YOUNGER)
            model = someone_like(persons, households, other, age + younger, False, residents, month, d)
            settle_person(
                persons, households, people, home, other, age + younger, False, a < p.seekers, model, skills, L, p,
                seed, month, new_uid(seed, month, uid, 2),
            )  # fmt: skip
            people += 1
        counts[households[home].district, CAME] += 2 if couple else 1
    return people, homes
