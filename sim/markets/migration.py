"""Who comes to the city, who leaves it, who moves house within it.

Arrivals follow expected real income in the city over that elsewhere (Harris and Todaro 1970, with the informal option
of Fields 1975) and settle where jobs are within reach and rents have not risen; departures and moves are household
decisions. Places are compared with themselves at the start: what makes one district larger than another at the start
is taken as given.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from sim.agents.ahead import UNSEEN, bit_of, look_ahead, made_longer, numbers_of, room_ahead
from sim.agents.businesses import OPEN
from sim.agents.families import age_months, close_household
from sim.agents.households import LEFT as LEFT_CITY
from sim.agents.households import TIES
from sim.agents.persons import NOBODY
from sim.agents.ties import degree, grow_ties
from sim.city import City, nearness
from sim.compiled import kernel, part, rule
from sim.draws import BATCH, MIGRATION, MOVE, draws, normal, rows_of_a_batch
from sim.markets.arrivals import models_of, pick_kelurahan, settle_arrivals
from sim.markets.demography import rates
from sim.markets.formation import (
    LEFT,
    MOVED_IN,
    MOVED_OUT,
    TAKEN,
    bring_homes,
    end_of,
    net_change,
    post_settlements,
    settle_debts,
)
from sim.markets.vital_rates import (
    LONG_WITHOUT,
    arrival_ages,
    arrivals_per_unit,
    distress,
    is_small_and_young,
    months_without_earner,
    rootlessness,
)
from sim.walk import find, walk
from sim.world import World

CATCH_UP = 6.0  # months in which arrivals of the burn-in make up for residents missing
MOST_LEAVING = 0.05  # highest monthly chance of leaving the city


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
    factor = rootlessness(is_small_and_young(household, head_age), known, p)
    factor *= distress(months_without_earner(persons, household, month) >= LONG_WITHOUT, household.hardship > 0, p)
    return min(p.leaving_rate / 12.0 * factor / usual, MOST_LEAVING)


@rule
def most_leaving(kind, usual, p):
    """No household of a kind leaves the city with a higher monthly chance: without ties, in the worst need of its kind.

    kind: 1 for at most two members, 2 without an earner, 4 in hardship, added up. The bound of `leaving_chance`.
    """
    score = max(-p.leaving_ties, 0.0) * TIES
    if kind & 1:
        score += max(p.leaving_young, 0.0)
    if kind & 2:
        score += max(p.leaving_no_earner, 0.0)
    if kind & 4:
        score += max(p.leaving_hardship, 0.0)
    return min(1.001 * p.leaving_rate / 12.0 * math.exp(score) / usual, MOST_LEAVING)


@kernel
def moving_walk(low, high, tally, found, persons, households, ties, looking, p, usual, seed, month, room):
    """Reports the households that leave the city, or look for another dwelling (coded row*2 + 1).

    `looking` says whose number may bring something (see `ahead`). Only below the highest chance of leaving of its kind
    of household (`most`) are members and ties looked at.
    """
    count, h, bit = 0, low, bit_of(month)
    visits, (rows, bits, lows, highs), most = room
    room, uids, ages, numbers = visits[0], visits[1], visits[2], visits[5]
    lows[:], highs[:] = MOST_LEAVING, 1.0 - p.look_rate
    for kind in range(8):
        most[kind] = most_leaving(kind, usual, p)
    while h < high:
        waiting = np.int64(0)
        while h < high and waiting < BATCH:
            room[waiting] = h
            waiting += (looking[h] & bit) != 0
            h += 1
        for k in range(waiting):  # fetches the rows of many at a time
            household = households[room[k]]
            uids[k] = household.uid * np.uint64(household.alive != 0)
        there = np.int64(0)
        for k in range(waiting):
            room[there], uids[there] = room[k], uids[k]
            ages[there] = np.int64(month) - np.int64(uids[k] % np.uint64(12))
            there += uids[k] != 0
        numbers_of(seed, MIGRATION, there, visits)
        ahead = np.int64(0)
        for k in range(there):
            row, u = room[k], numbers[k]
            household = households[row]
            kind = 1 * (household.size <= 2) + 2 * (household.earners == 0) + 4 * (household.hardship > 0)
            looks = u > 1.0 - p.look_rate
            leaves = u < most[kind] and u < leaving_chance(persons, household, degree(ties, row), usual, p, month)
            if looks or leaves:
                found[count] = row * 2 + looks
                count += 1
            if ages[k] % 12 == 0 or looking[row] == UNSEEN:
                rows[ahead], uids[ahead], ages[ahead] = row, uids[k], ages[k]
                ahead += 1
        look_ahead(seed, MIGRATION, month, ahead, visits, lows, highs, bits)
        for k in range(ahead):
            looking[rows[k]] = bits[k]
    return count


def _room() -> tuple:
    """Room for one thread: what looking ahead takes, and chances by kind of household."""
    return *room_ahead(), np.empty(8)


def _room_of_moves() -> tuple[np.ndarray, ...]:
    """Room for a batch of households that leave or move: their rows, and chances by kecamatan."""
    return rows_of_a_batch(), np.empty(30)


@part
def leave_city(persons, households, businesses, ties, h, month, counts, money):
    """A household leaves for good: jobs end, debts are paid as far as savings reach, the rest goes with it.

    The row remembers when, and whether it was the last step of coping with hardship.
    """
    household = households[h]
    step = LEFT_CITY if household.hardship > 0 else 0
    settle_debts(household, money)
    money[TAKEN] += np.int64(household.savings)
    household.savings = 0.0
    counts[household.district, LEFT] += household.size
    i = household.first
    while i != NOBODY:
        person = persons[i]
        end_of(person, businesses)
        i, person.next = person.next, NOBODY
    household.size = 0
    close_household(households, ties, h)
    household.coping, household.moved_in = step, month


@part
def chances_there(h, ties, households, weights, p, chances):
    """Chances that a looking household finds a dwelling in each kecamatan: its weight, more for each tie that lives
    there.

    Source: assumption.
    """
    here, alike = households[h].district, weights[households[h].quintile]
    for d in range(chances.shape[0]):
        chances[d] = alike[here, d]
    for place in range(ties.shape[1]):
        other = ties[h, place]
        if other >= 0:
            there = households[other].district
            chances[there] += alike[here, there] * (2.0**p.kin_weight - 1.0)  # each tie adds alike


@rule
def choose_district(here, chances, u):
    """The kecamatan a looking household moves to, its own (`here`) if it finds nothing better.

    Weights: gravity from the present district times the change of both in jobs within reach, services and rent since
    the start, times (1 + ties there)**k; they add to less than 1, the rest finds nothing.
    """
    total = 0.0
    for chance in chances:
        total += chance
    target = u * max(total, 1.0)
    for d in range(chances.shape[0]):
        target -= chances[d]
        if target < 0.0:
            return d
    return here


@kernel
def move_households(
    reports, persons, households, businesses, ties, weights, kelurahan, p, seed, month, counts, money, room
):  # fmt: skip
    """Carry out departures and moves in row order. `kelurahan`: (first of each district, cumulated people)."""
    homes, chances = room
    for begin in range(0, reports.shape[0], BATCH):
        batch = reports[begin : begin + BATCH]
        for k in range(batch.shape[0]):
            homes[k] = batch[k] // 2
        bring_homes(homes, batch.shape[0], persons, households, ties)
        for k in range(batch.shape[0]):
            h = homes[k]
            if batch[k] % 2 == 0:
                leave_city(persons, households, businesses, ties, h, month, counts, money)
            else:
                move_house(households, ties, h, weights, kelurahan, p, seed, month, counts, chances)


@part
def move_house(households, ties, h, weights, kelurahan, p, seed, month, counts, chances):
    """A household that looks for another dwelling finds one in its district, in another one, or none."""
    household = households[h]
    u, v, w, _ = draws(seed, MOVE, month, household.uid)
    district = np.int64(household.district)
    if u >= p.same_district:
        chances_there(h, ties, households, weights, p, chances)
        district = np.int64(choose_district(district, chances, v))
        if district == household.district:
            return
        counts[household.district, MOVED_OUT] += household.size
        counts[district, MOVED_IN] += household.size
    household.district = district
    household.kelurahan = pick_kelurahan(kelurahan, district, w)
    household.moved_in = month


@kernel
def _count_jobs(low, high, jobs, businesses):
    for j in range(low, high):
        firm = businesses[j]
        jobs[firm.district] += (firm.workers + firm.commuters) * (firm.status == OPEN)


def jobs_by_place(world: World) -> np.ndarray:
    """Formal jobs in the 30 kecamatan and the four outer zones (34,)."""
    return walk(_count_jobs, world.businesses.n, 34, world.businesses.rows).astype(float)


def reach_of_jobs(world: World) -> np.ndarray:
    """Formal jobs within reach of each kecamatan: sum_j J_j exp(-b c_dj)."""
    return nearness(world.city, world.p.migration.reach_decay * world.drivers.travel) @ jobs_by_place(world) + 1e-9


@kernel
def _values_of_living(income, quality, rent, quality_weight, rent_weight, values):
    for d in range(values.shape[0]):
        values[d] = value_of_living(income[d], quality[d], rent[d], quality_weight, rent_weight)


def attraction(world: World, residents: np.ndarray) -> tuple[float, np.ndarray]:
    """The value of the city, and the pull of each kecamatan, both relative to month 0 (1 until then)."""
    p, labour = world.p.migration, world.labour
    income = expected_income(labour.unemployment, labour.informal_share, labour.formal_pay, labour.own_pay)
    income /= world.drivers.productivity  # which grows alike elsewhere
    now = {
        "income": income,
        "reach": reach_of_jobs(world),
        "quality": world.services.quality,
        "people": residents,
    }
    start = world.vital.reference = world.vital.reference or now
    if world.month < 0:
        return 1.0, np.ones(30)
    growth = now["people"] / np.maximum(start["people"], 1.0)
    quality, rent = now["quality"] / start["quality"], np.maximum(growth, 0.01) ** p.rent_response
    everybody = start["people"].sum()
    weight = start["people"] / everybody
    city_rent = (now["people"].sum() / everybody) ** p.rent_response
    ratio = income / start["income"] if start["income"] > 0 else 1.0
    value = value_of_living(ratio, float(weight @ quality), city_rent, p.quality_weight, p.rent_weight)
    reach, pull = (now["reach"] / start["reach"]) ** p.jobs_weight, np.empty(30)
    _values_of_living(reach, quality, rent, p.quality_weight, p.rent_weight, pull)
    return value, pull


def usual_flows(people: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Flows (5, 30, 30) of households of a quintile between kecamatan at the start: N_qj exp(-b c_ij) over the
    quintile's scale, at which its busiest row adds to 1; so flows there and back balance, and kecamatan stay as rich
    as they are.

    people: (5, 30) at the start; near: exp(-b c_ij). Households look where others like them live. Source: assumption.
    """
    reach = people[:, None, :] * (near * (1.0 - np.eye(len(near))))
    return reach / np.maximum(reach.sum(axis=2).max(axis=1), 1e-9)[:, None, None]


def people_by_quintile(households: np.ndarray) -> np.ndarray:
    """People by quintile of their household and kecamatan (5, 30)."""
    there = households[households["alive"] == 1]
    cell = there["quintile"].astype(int) * 30 + there["district"]
    return np.bincount(cell, weights=there["size"], minlength=150).reshape(5, 30)


def moving_weights(flows: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Chances (5, 30, 30) that a household of a quintile looking outside its kecamatan goes to each other one.

    flow_ij sqrt(pull_j / pull_i): the `usual_flows` while pulls stay as they were at the start. Rows add to at most 1.
    """
    weights = flows * np.sqrt(pull / pull[:, None])
    return weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1.0)


def arriving_units(world: World, residents: int, value: float) -> int:
    """How many households arrive this month: Poisson around the Harris-Todaro expectation.

    In the burn-in they also make up for chance, so that the start has its number of people.
    """
    p, vital = world.p.migration, world.vital
    month = min(world.month - vital.made, len(vital.arrivals) - 1)
    mean = expected_arrivals(vital.arrivals[month], residents, value, p.response) * world.drivers.immigration
    if world.month < 0:
        mean = max(mean + (vital.people[month] - residents) / CATCH_UP, 0.0)
    u, v, _, _ = draws(world.seed, MIGRATION, world.month, 1 << 40)
    return int(poisson(mean / arrivals_per_unit(p), u, v))


def residents_now(world: World) -> np.ndarray:
    """People by kecamatan (30,): those of the last count and what has happened to them this month."""
    return world.people + net_change(world.counts["demography"])


@lru_cache(maxsize=8)
def kelurahan_table(city: City) -> tuple[np.ndarray, np.ndarray]:
    """First kelurahan of each kecamatan (and the end), and the cumulated people of the 151."""
    places = city.kelurahan
    return np.searchsorted(places.district, np.arange(31)), np.cumsum(places.population.astype(float))


def migrate(world: World) -> None:
    """Households leave, move house, and arrive."""
    rates(world)
    p, persons, households = world.p.migration, world.persons, world.households
    counts, money = world.counts["demography"], np.zeros(TAKEN + 1, np.int64)
    usual = world.vital.rootlessness * world.vital.distress
    world.vital.looking = made_longer(world.vital.looking, households.n)
    _, reports = find(
        moving_walk, households.n, 1, persons.rows, households.rows, world.ties, world.vital.looking, p, usual,
        world.seed, world.month, _room,
    )  # fmt: skip
    residents = residents_now(world)
    value, pull = attraction(world, residents)
    reference, kelurahan = world.vital.reference, kelurahan_table(world.city)
    if "flows" not in reference:  # made once from the people at the start
        near = nearness(world.city, p.distance_decay)[:, :30]
        reference["alike"] = people_by_quintile(households.rows)
        reference["flows"] = usual_flows(reference["alike"], near)
    districts = (pull / pull.max(), np.cumsum(reference["alike"] * pull, axis=1))
    weights = moving_weights(reference["flows"], pull)
    move_households(
        reports, persons.rows, households.rows, world.businesses.rows, world.ties, weights, kelurahan, p,
        world.seed, world.month, counts, money, _room_of_moves(),
    )  # fmt: skip
    units = arriving_units(world, int(residents.sum()), value)
    sizes = (persons.n, households.n)
    persons.add(2 * units)
    households.add(units)
    world.ties = grow_ties(world.ties, households.n)
    ages = arrival_ages(p).cumsum()
    models = models_of(units, persons.rows, world.vital.listed, ages, p, world.seed, world.month)
    persons.n, households.n = settle_arrivals(
        models, persons.rows, households.rows, world.ties, sizes, ages, districts, kelurahan,
        (world.labour.mean_schooling, p.skill_level), world.p.demography.new_ties, world.p.labour, p,
        world.seed, world.month, counts, money, rows_of_a_batch(),
    )  # fmt: skip
    post_settlements(world, money)
