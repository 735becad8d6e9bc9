"""What follows from a working-life event: books of the business, pension, the new state of the person."""

from __future__ import annotations

import numpy as np

from sim.agents.ahead import UNSEEN
from sim.agents.employment import leave_job
from sim.agents.persons import FORMAL, INACTIVE, NOBODY, OWN, UNEMPLOYED
from sim.agents.work import skill_of, talent_of
from sim.compiled import allocating_kernel, kernel, part
from sim.draws import BATCH, OWN_BUSINESS, draws, pick
from sim.fetching import bring
from sim.world import World

LOST, QUITS, STOPS, STARTS, WITHDRAWS, ENTERS, ADDED = range(7)
N_EVENTS = 7


@part
def change_work(person, event, households, businesses, choice, mean_schooling, L, seed, month):
    """An event of working life: the job ends, with a pension for the old; the new state and what belongs to it."""
    own_sectors, places, adopters = choice
    home = households[person.home]
    if person.talent == 0.0:  # first time in the labour force
        person.talent = talent_of(seed, person.uid, L.talent_spread)
        person.skill = skill_of(person.schooling, mean_schooling, person.human, L.return_to_schooling)
    if person.state == FORMAL:
        if event == WITHDRAWS and month - person.born >= 12 * L.pension_age:
            home.claims += np.floor(L.pension_ratio * person.pay * (1.0 - home.obligations))
        leave_job(person, businesses[person.employer])
    person.pay = 0.0
    person.since = month
    if event == LOST or event == STOPS or event == ENTERS:
        person.state = UNEMPLOYED
    elif event == WITHDRAWS:
        person.state = INACTIVE
    else:
        u, v, w, x = draws(seed, OWN_BUSINESS, month, person.uid)
        person.state = OWN
        person.sector = pick(own_sectors, u)
        person.workplace = home.district if v < 0.5 else pick(places[home.district], w)
        person.custom = 0.0
        person.practice = person.power = 0.0
        usual = adopters[person.sector, person.workplace]
        person.technology = 1.0 if x < usual else 0.0  # starts as others work
    if person.state != OWN:
        person.sector = NOBODY
        person.workplace = NOBODY


@allocating_kernel
def apply_working_life(events, persons, households, businesses, loud, choice, mean_schooling, L, seed, month):
    """Carry out the reported events in row order; what was seen ahead of these people (`loud`) no longer holds. Returns
    how many of each kind."""
    counts = np.zeros(N_EVENTS, np.int64)
    for begin in range(0, events.shape[0], BATCH):
        end = min(begin + BATCH, events.shape[0])
        for k in range(begin, end):  # the rows of many are brought at a time
            bring(persons, events[k] >> 4)
        for k in range(begin, end):
            person = persons[events[k] >> 4]
            bring(households, person.home)
            bring(businesses, max(person.employer, 0))
        for k in range(begin, end):
            person = persons[events[k] >> 4]
            counts[events[k] & 15] += 1
            loud[events[k] >> 4] = UNSEEN
            change_work(person, events[k] & 15, households, businesses, choice, mean_schooling, L, seed, month)
    return counts


def apply_events(world: World, events: np.ndarray) -> np.ndarray:
    """Apply working-life events; returns the number of each (see the constants)."""
    labour = world.labour
    return apply_working_life(
        events,
        world.persons.rows,
        world.households.rows,
        world.businesses.rows,
        labour.ahead.loud,
        (world.market.own_sectors, world.market.own_places, labour.adopters),
        labour.mean_schooling,
        world.p.labour,
        world.seed,
        world.month,
    )


@kernel
def revise_wages(persons, businesses, growth, floor):
    """January: every wage grows by `growth`, compliant firms pay at least the new UMK; wage bills are recounted."""
    for j in range(businesses.shape[0]):
        businesses[j].wage_bill = 0.0
        businesses[j].skills = 0.0
    for i in range(persons.shape[0]):
        person = persons[i]
        if person.state == FORMAL:
            firm = businesses[person.employer]
            person.pay = np.floor(person.pay * growth)
            if firm.compliant == 1 and person.pay < floor:
                person.pay = np.floor(floor)
            firm.wage_bill += person.pay
            firm.skills += person.power


def yearly_wages(world: World) -> None:
    """The yearly wage round: drift with the year's labour-market tightness over the normal one, then the UMK.

    In the burn-in wages follow productivity alone: what tightness is normal is not known yet.
    """
    labour, p = world.labour, world.p
    drift = p.labour.wage_drift * (labour.tightness_year / max(labour.tightness_normal, 1e-9) - 1.0)
    drift = min(max(drift, -0.05), 0.05) if world.month > 0 else 0.0
    growth = 1.0 + drift + p.drivers.productivity_growth
    labour.sector_wage = labour.sector_wage * growth
    labour.minimum_wage *= (
        1.0 + p.labour.minimum_wage_growth + p.drivers.productivity_growth + world.drivers.minimum_wage
    )
    revise_wages(world.persons.rows, world.businesses.rows, growth, labour.minimum_wage)
