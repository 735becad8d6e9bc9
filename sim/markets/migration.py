"""Who comes to the city, who leaves it, who moves house within it.

Arrivals follow expected real income in the city over that elsewhere (Harris and Todaro 1970, with the informal option
of Fields 1975) and settle where jobs are within reach and rents have not risen; departures and moves are household
decisions. Places are compared with themselves at the start: what makes one district larger than another at the start
is taken as given.
"""

from __future__ import annotations

import math

import numpy as np

from sim.agents.businesses import OPEN
from sim.agents.employment import leave_job
from sim.agents.families import add_member, age_months, close_household, found_household, pay_debts
from sim.agents.persons import CHILD, FEMALE, FORMAL, GONE, INACTIVE, MALE, NEVER, NOBODY, UNEMPLOYED
from sim.agents.schooling import MOST_YEARS
from sim.agents.ties import degree, grow_ties, someone
from sim.agents.work import skill_of, talent_of
from sim.compiled import kernel, rule
from sim.draws import MIGRANT, MIGRATION, MOVE, draws, new_uid, normal, pick
from sim.markets.demography import (
    BROUGHT,
    CAME,
    LEFT,
    LOST_BANK,
    LOST_LENDER,
    MOVED_IN,
    MOVED_OUT,
    REPAID_BANK,
    REPAID_LENDER,
    TAKEN,
    make_ties,
    post_settlements,
    rates,
)
from sim.markets.vital_rates import (
    ARRIVAL_AGES,
    PARTNER_YOUNGER,
    STUDENT_AGES,
    arrival_ages,
    arrivals_per_unit,
    distress,
    months_without_earner,
    rootlessness,
)
from sim.walk import find
from sim.world import World

ARRIVAL = 100  # ordinal of an arriving household's id
MOST_LEAVING = 0.05  # highest monthly chance of leaving the city
LOOKED_AT = 400  # residents looked at to find one like an arrival


@rule
def expected_income(unemployment, informal_share, formal_pay, own_pay):
    """What a newcomer can expect to earn, Rp/month: (1 - u)*((1 - x)*w + x*y).

    u unemployment, x informal share of the employed, w formal pay, y own-account income.
    Source: harris_todaro_1970; fields_1975.
    """
    return (1.0 - unemployment) * ((1.0 - informal_share) * formal_pay + informal_share * own_pay)


@rule
def value_of_living(income, quality, rent, quality_weight, rent_weight):
    """Value of living in a place: V = E[y] * Q**g * rent**(-r), all relative to a reference. Source: assumption."""
    return income * quality**quality_weight * rent ** (-rent_weight)


@rule
def expected_arrivals(base_rate, residents, value_ratio, response):
    """People expected to arrive in a month: m0 * N * (V_B / V_ext)**eps. Source: harris_todaro_1970."""
    return base_rate * residents * value_ratio**response


@rule
def poisson(mean, u, v):
    """A Poisson number: by inversion up to a mean of 50, else by its normal limit."""
    if mean <= 50.0:
        number, chance = 0, math.exp(-mean)
        below = chance
        while u > below and number < 400:
            number += 1
            chance *= mean / number
            below += chance
        return number
    return max(0, math.floor(mean + math.sqrt(mean) * normal(u, v) + 0.5))


@rule
def leaving_chance(persons, household, known, usual, p, month):
    """Monthly chance that a household leaves the city: leaving_rate/12 * rootlessness * distress / usual."""
    head_age = age_months(persons[household.first], month) // 12
    factor = rootlessness(household, head_age, known, p)
    factor *= distress(household, months_without_earner(persons, household, month), p)
    return min(p.leaving_rate / 12.0 * factor / usual, MOST_LEAVING)


@kernel
def moving_walk(low, high, tally, found, persons, households, ties, p, usual, seed, month):
    """Reports the households that leave the city, or look for another dwelling (coded row*2 + 1); counts residents."""
    count = 0
    last = np.uint64(0xFFFFFFFFFFFFFFFF)
    four = (0.0, 0.0, 0.0, 0.0)
    for h in range(low, high):
        household = households[h]
        if not household.alive:
            continue
        tally[household.district] += household.size
        uid = household.uid
        block = uid >> np.uint64(2)
        if block != last:
            four = draws(seed, MIGRATION, month, block)
            last = block
        u = four[np.int64(uid & np.uint64(3))]
        if u < MOST_LEAVING:
            if u < leaving_chance(persons, household, degree(ties, h), usual, p, month):
                found[count] = h * 2
                count += 1
        elif u > 1.0 - p.look_rate:
            found[count] = h * 2 + 1
            count += 1
    return count


@rule
def leave_city(persons, households, businesses, ties, h, counts, money):
    """A household leaves for good: jobs end, debts are paid as far as savings reach, the rest goes with it."""
    household = households[h]
    bank, lost_bank, lender, lost_lender = pay_debts(household)
    money[REPAID_BANK] += np.int64(bank)
    money[LOST_BANK] += np.int64(lost_bank)
    money[REPAID_LENDER] += np.int64(lender)
    money[LOST_LENDER] += np.int64(lost_lender)
    money[TAKEN] += np.int64(household.savings)
    household.savings = 0.0
    counts[household.district, LEFT] += household.size
    i = household.first
    while i != NOBODY:
        person = persons[i]
        if person.state == FORMAL and person.employer >= 0:
            leave_job(person, businesses[person.employer])
        person.state = GONE
        person.enrolled = 0
        person.employer = person.sector = person.workplace = NOBODY
        person.pay = 0.0
        i, person.next = person.next, NOBODY
    household.size = 0
    close_household(households, ties, h)


@rule
def choose_district(household, ties, households, h, weights, p, u):
    """The kecamatan a looking household moves to, its own if it finds nothing better.

    Weights: gravity from the present district times the change of both in jobs within reach, services and rent since
    the start, times (1 + ties there)**k; they add to less than 1, the rest finds nothing.
    """
    chance = np.empty(weights.shape[1])
    for d in range(weights.shape[1]):
        chance[d] = weights[household.district, d]
    for place in range(ties.shape[1]):
        other = ties[h, place]
        if other >= 0:
            d = households[other].district
            chance[d] += weights[household.district, d] * (2.0**p.kin_weight - 1.0)  # each tie adds alike
    total = chance.sum()
    target = u * max(total, 1.0)
    for d in range(weights.shape[1]):
        target -= chance[d]
        if target < 0.0:
            return d
    return household.district


@kernel
def move_households(reports, persons, households, businesses, ties, weights, kelurahan, p, seed, month, counts, money):
    """Carry out departures and moves in row order. `kelurahan`: (first of each district, cumulated people)."""
    first, people = kelurahan
    for report in reports:
        h = report // 2
        if report % 2 == 0:
            leave_city(persons, households, businesses, ties, h, counts, money)
            continue
        household = households[h]
        u, v, w, _ = draws(seed, MOVE, month, household.uid)
        district = np.int64(household.district)
        if u >= p.same_district:
            district = np.int64(choose_district(household, ties, households, h, weights, p, v))
            if district == household.district:
                continue
        if district != household.district:
            counts[household.district, MOVED_OUT] += household.size
            counts[district, MOVED_IN] += household.size
        low, high = first[district], first[district + 1]
        before = people[low - 1] if low > 0 else 0.0
        target = before + w * (people[high - 1] - before)
        k = low
        while k < high - 1 and people[k] <= target:
            k += 1
        household.district = district
        household.kelurahan = k
        household.moved_in = month


@rule
def someone_like(persons, households, sex, age, student, residents, month, u):
    """A resident of the given sex, within two years of the age, studying or not: a row, or any living one near."""
    start = someone(0, residents, u)
    near = NOBODY
    for k in range(LOOKED_AT):
        j = (start + k) % residents
        other = persons[j]
        if other.state == GONE:
            continue
        if near == NOBODY:
            near = j
        gap = age_months(other, month) - age
        if other.sex == sex and -24 <= gap <= 24 and (other.enrolled == 1) == student:
            return j
    return near


@rule
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
def settle_household(households, home, origin, uid, people, districts, kelurahan, p, seed, month):
    """A new household of `people` arrivals with the income from outside and the habits of the household `origin`."""
    household, like = households[home], households[origin]
    found_household(household, like, uid, month)
    u, v, _, _ = draws(seed, MIGRANT, month, uid)
    first, residents = kelurahan
    household.district = pick(districts, u)
    low, high = first[household.district], first[household.district + 1]
    before = residents[low - 1] if low > 0 else 0.0
    target = before + v * (residents[high - 1] - before)
    k = low
    while k < high - 1 and residents[k] <= target:
        k += 1
    household.kelurahan = k
    part = people / max(like.size, people)
    household.claims = math.floor(like.claims * min(people / max(like.size - like.children, 1), 1.0))
    household.permanent = part * like.permanent
    household.spending = math.floor(part * like.spending)
    household.assets = part * like.assets
    household.takes_part = household.groups = household.registered = 0
    household.tenure = like.tenure if like.size <= 2 else household.tenure
    household.savings = math.floor(p.savings_months * household.permanent)
    return household.savings


@rule
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


def reach_of_jobs(world: World) -> np.ndarray:
    """Formal jobs within reach of each kecamatan: sum_j J_j exp(-b c_dj)."""
    firms = world.businesses.rows
    heads = np.where(firms["status"] == OPEN, firms["workers"] + firms["commuters"], 0)
    jobs = np.bincount(firms["district"], heads, minlength=34)[:34]
    travel = np.exp(-world.p.migration.reach_decay * world.drivers.travel * world.city.cost[:30])
    return travel @ jobs + 1e-9


def attraction(world: World, residents: np.ndarray) -> tuple[float, np.ndarray]:
    """The value of the city, and the pull of each kecamatan, both relative to month 0 (when both are 1)."""
    p, labour = world.p.migration, world.labour
    income = expected_income(labour.unemployment, labour.informal_share, labour.formal_pay, labour.own_pay)
    now = {
        "income": income,
        "reach": reach_of_jobs(world),
        "quality": np.array(world.services.quality, float),
        "people": residents,
    }
    start = world.vital.reference = world.vital.reference or now
    growth = now["people"] / np.maximum(start["people"], 1.0)
    quality, rent = now["quality"] / start["quality"], np.maximum(growth, 0.01) ** p.rent_response
    weight = start["people"] / start["people"].sum()
    city_rent = (now["people"].sum() / start["people"].sum()) ** p.rent_response
    ratio = income / start["income"] if start["income"] > 0 else 1.0
    value = value_of_living(ratio, float(weight @ quality), city_rent, p.quality_weight, p.rent_weight)
    pull = value_of_living(
        (now["reach"] / start["reach"]) ** p.jobs_weight, quality, rent, p.quality_weight, p.rent_weight
    )
    return value, pull


def moving_weights(people: np.ndarray, cost: np.ndarray, pull: np.ndarray, decay: float) -> np.ndarray:
    """Chances (30, 30) that a household looking outside its kecamatan goes to each other one.

    N_j exp(-b c_ij) sqrt(pull_j / pull_i) over a common scale, so that flows there and back balance while pulls stay
    as they were at the start. Rows add to at most 1.
    """
    reach = people[None, :] * np.exp(-decay * cost)
    np.fill_diagonal(reach, 0.0)
    weights = reach / reach.sum(axis=1).max() * np.sqrt(pull[None, :] / pull[:, None])
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1.0)


def arriving_units(world: World, residents: int, value: float) -> int:
    """How many households arrive this month: Poisson around the Harris-Todaro expectation."""
    p, vital = world.p.migration, world.vital
    base = vital.arrivals[min(world.month, len(vital.arrivals) - 1)]
    mean = expected_arrivals(base, residents, value, p.response) * world.drivers.immigration
    u, v, _, _ = draws(world.seed, MIGRATION, world.month, 1 << 40)
    return int(poisson(mean / arrivals_per_unit(p), u, v))


def kelurahan_table(world: World) -> tuple[np.ndarray, np.ndarray]:
    """First kelurahan of each kecamatan (and the end), and the cumulated people of the 151."""
    places = world.city.kelurahan
    return np.searchsorted(places.district, np.arange(31)), np.cumsum(places.population.astype(float))


def migrate(world: World) -> None:
    """Households leave, move house, and arrive."""
    if world.month < 0:
        return
    rates(world)
    p, persons, households = world.p.migration, world.persons, world.households
    counts, money = world.counts["demography"], np.zeros(TAKEN + 1, np.int64)
    usual = world.vital.rootlessness * world.vital.distress
    residents, reports = find(
        moving_walk, households.n, 30, persons.rows, households.rows, world.ties, p, usual,
        world.seed, world.month,
    )  # fmt: skip
    value, pull = attraction(world, residents)
    start, kelurahan = world.vital.reference["people"], kelurahan_table(world)
    weights = moving_weights(start, world.city.cost[:30, :30], pull, p.distance_decay)
    move_households(
        reports, persons.rows, households.rows, world.businesses.rows, world.ties, weights, kelurahan, p,
        world.seed, world.month, counts, money,
    )  # fmt: skip
    units = arriving_units(world, int(residents.sum()), value)
    sizes = (persons.n, households.n, world.vital.residents)
    persons.add(2 * units)
    households.add(units)
    world.ties = grow_ties(world.ties, households.n)
    persons.n, households.n = arrive(
        units, persons.rows, households.rows, world.ties, sizes, np.cumsum(arrival_ages(p)),
        np.cumsum(start * pull), kelurahan, (world.labour.mean_schooling, p.skill_level), world.p.demography.new_ties,
        world.p.labour, p,
        world.seed, world.month, counts, money,
    )  # fmt: skip
    post_settlements(world, money)
