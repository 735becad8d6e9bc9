"""Matching: who looks where for a job, which vacancies draw whom, who is hired at what wage."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.agents.businesses import FIRM
from sim.agents.employment import take_job
from sim.agents.work import accepts, matches, training_effect, wage_offer
from sim.city import nearness
from sim.compiled import kernel, rule
from sim.draws import BATCH, SEARCH, VACANCY, batch, many_draws, many_draws_at, rows_of_a_batch
from sim.fetching import bring
from sim.sorting import order_by_group
from sim.walk import together, walk
from sim.world import World

if TYPE_CHECKING:
    from sim.markets.labour import LabourState

PLACES = 34
MANY = 20_000  # entries beyond which putting all in order is faster than inserting each


@rule
def place_applied_to(cumulative, u):
    """The place drawn from a cumulative table of weights: `pick` among a few, without branches nobody can foresee."""
    target, place = u * cumulative[-1], 0
    for k in range(cumulative.shape[0] - 1):
        place += cumulative[k] <= target
    return place


@kernel
def search(low, high, tally, rows, persons, households, cumulative, district, score, effort, L, seed, month, room):
    """Each seeker picks a place to apply to and gets a score: exp(ln skill + certificate + referral + Gumbel luck).

    `effort`: how much a seeker counts in the matching function; training adds to it. What is known of a batch of
    seekers is fetched first and thought over afterwards, so that the processor fetches many at a time.
    """
    (certified, uids, luck, strength), homes = room
    referral = math.exp(L.referral_score)
    for start in range(low, high, BATCH):
        end = min(start + BATCH, high)
        for k in range(start, end):
            person, n = persons[rows[k]], k - start
            uids[n] = person.uid
            homes[n] = person.home
            certified[n] = person.certified
            strength[n] = person.skill * person.talent
        for k in range(start, end):
            home = households[homes[k - start]]
            district[k] = home.district
            effort[k] = home.groups
        many_draws(seed, SEARCH, month, uids, end - start, luck)
        for k in range(start, end):
            n = k - start
            knows = effort[k] > 0.0
            trained = training_effect(month - certified[n], 1.0, L.training_half_life)
            score[k] = max(strength[n], 0.01) * (referral if knows else 1.0)
            effort[k] = 1.0 + L.training_hazard_gain * trained
            if trained > 0.0:
                score[k] *= math.exp(L.certificate_score * trained)
            bring(persons, rows[min(k + BATCH, high - 1)])  # of the next batch
            district[k] = place_applied_to(cumulative[district[k]], luck[0, n])
            score[k] /= -math.log(luck[1, n])


def _room() -> tuple:
    """Room for a batch of seekers, and for the rows of their homes."""
    return batch(), rows_of_a_batch()


@kernel
def slot_keys(low, high, tally, slots, ordinal, businesses, sector_wage, outsiders, key, outside, seed, month, room):
    """How attractive each vacancy is, exp(2 ln wage + Gumbel luck); whether somebody from the outer zones fills it."""
    at, uids, luck, _ = room
    for begin in range(low, high, BATCH):
        end = min(begin + BATCH, high)
        for k in range(begin, end):
            uids[k - begin] = businesses[slots[k]].uid
            at[k - begin] = month * 4096 + min(ordinal[k], 4095)
        many_draws_at(seed, VACANCY, at, uids, end - begin, luck)
        for k in range(begin, end):
            firm, n = businesses[slots[k]], k - begin
            outside[k] = firm.kind == FIRM and luck[1, n] < outsiders[firm.district]
            key[k] = (sector_wage[firm.sector] * firm.premium) ** 2 / -math.log(luck[0, n])


@kernel
def hire(counts, people, slots, outside, persons, businesses, state, L, month):
    """Fill the slots of each place in order of attractiveness with people in order of score. Returns the hires.

    `counts[d]` slots and people of place d follow those of the places before it. Slots marked `outside` go to people
    from the outer zones. An offer below the reservation leaves the slot open.
    """
    sector_wage, experience, own_base, floor = state
    first, hired = 0, 0
    for d in range(counts.shape[0]):
        next_person, end = first, first + counts[d]
        for k in range(first, end):
            if (k - first) % BATCH == 0:  # the rows of many firms and people are brought at a time
                for n in range(min(BATCH, end - k)):
                    bring(businesses, slots[k + n])
                    bring(persons, people[next_person + n])
            firm = businesses[slots[k]]
            if outside[k]:
                firm.commuters += 1
                firm.vacancies -= 1
                continue
            person = persons[people[next_person]]
            next_person += 1
            age = (month - person.born) // 12
            gain = experience[min(max(age - person.schooling - 6, 0), 80)]
            trained = training_effect(month - person.certified, L.training_skill_gain, L.training_half_life)
            power = person.skill * person.talent * gain * (1.0 + trained)
            offer = wage_offer(sector_wage[firm.sector], power, firm.premium, floor if firm.compliant == 1 else 0.0)
            if not accepts(offer, own_base * power, L.reservation):
                continue
            take_job(person, firm, slots[k], month, offer, power)
            person.practice = 0.0
            firm.vacancies -= 1
            hired += 1
        first = end
    return hired


@kernel
def _insert(place, value, counts, first, held, found):
    """The best `counts[d]` entries of place d into found[first[d]:]; `held`: zeros, how many are there so far."""
    for k in range(place.shape[0]):
        d = place[k]
        begin, there = first[d], held[d]
        if counts[d] == 0 or (there == counts[d] and value[k] <= value[found[begin + there - 1]]):
            continue
        at = min(there, counts[d] - 1)
        held[d] = at + 1
        while at > 0 and value[found[begin + at - 1]] < value[k]:
            found[begin + at] = found[begin + at - 1]
            at -= 1
        found[begin + at] = k


def _best(place: np.ndarray, value: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The `counts[d]` entries of highest value of every place d, place after place, best first; of equals the earlier.

    Of few entries each is put where it belongs; many are put in order.
    """
    before = np.cumsum(counts) - counts
    if len(value) <= MANY:
        few = np.empty(counts.sum(), np.int64)
        _insert(place, value, counts, before, np.zeros(len(counts), np.int64), few)
        return few
    entries = np.bincount(place, minlength=len(counts))
    at = np.repeat(np.cumsum(entries) - entries - before, counts) + np.arange(counts.sum())
    return order_by_group(place, -value)[at]


def _remember_tightness(labour: LabourState, now: float) -> None:
    """Vacancies per seeker this month, and its moving averages over a year and over five."""
    labour.tightness = now
    for name, months in (("tightness_year", 12.0), ("tightness_normal", 60.0)):
        before = getattr(labour, name)
        setattr(labour, name, before + (now - before) / months if before else now)


@kernel
def hires_by_place(seekers, heads, vacancies, efficiency, elasticity, counts):
    """How many are hired in each place: what the matching function says, rounded, at most as many as apply there."""
    for d in range(counts.shape[0]):
        found = matches(seekers[d], vacancies[d], efficiency, elasticity)
        counts[d] = min(np.int64(np.rint(found)), heads[d])


def match(world: World, rows: np.ndarray, offering: np.ndarray) -> int:
    """Seekers apply over the district network, vacancies are filled. Returns the number of hires.

    offering: rows of the businesses with vacancies.
    """
    labour, p, businesses = world.labour, world.p.labour, world.businesses.rows
    each = businesses["vacancies"][offering]
    slots = np.repeat(offering, each)
    offered = businesses["district"][slots]
    there = np.bincount(offered, minlength=PLACES)
    world.counts["vacancies"] = len(slots)
    world.counts["seekers"] = len(rows)
    _remember_tightness(labour, len(slots) / max(len(rows), 1))
    if not len(slots) or not len(rows):
        world.counts["hires"] = 0
        return 0
    cumulative = np.cumsum(nearness(world.city, p.commuting_decay * world.drivers.travel) * there, axis=1)
    place, score, effort = np.empty(len(rows), np.int8), np.empty(len(rows)), np.empty(len(rows))
    agents = (world.persons.rows, world.households.rows)
    found = (*agents, cumulative, place, score, effort, p, world.seed, world.month, _room)
    walk(search, len(rows), 1, rows, *found)
    key, outside = np.empty(len(slots)), np.empty(len(slots), np.bool_)
    ordinal = np.arange(len(slots)) - np.repeat(np.cumsum(each) - each, each)
    pull = (businesses, labour.sector_wage, labour.commuter_share, key, outside)
    walk(slot_keys, len(slots), 1, slots, ordinal, *pull, world.seed, world.month, batch)
    efficiency = p.matching_efficiency * labour.matching_scale
    heads, seekers = np.bincount(place, minlength=PLACES), np.bincount(place, effort, PLACES)
    counts = np.empty(PLACES, np.int64)
    hires_by_place(seekers, heads, there, efficiency, p.matching_elasticity, counts)
    sides = (place, score), (offered, key)
    if len(rows) + len(slots) <= MANY:  # handing out so little costs more than doing it
        best = [_best(place, value, counts) for place, value in sides]
    else:
        best = together(lambda side: _best(side[0], side[1], counts), sides)
    people, taken = rows[best[0]], best[1]
    state = (labour.sector_wage, labour.experience, labour.own_pay, labour.minimum_wage)
    filled = (counts, people, slots[taken], outside[taken])
    hired = hire(*filled, world.persons.rows, businesses, state, p, world.month)
    world.counts["hires"] = hired
    return hired
