"""The labour market: who leaves, who starts, who enters, who looks for a job; `matching` finds it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.agents.ahead import STRETCH, UNSEEN, bit_of
from sim.agents.businesses import CLOSED, CLOSING
from sim.agents.persons import CHILD, FORMAL, GONE, INACTIVE, OWN, UNEMPLOYED
from sim.agents.technology import adoption_hazard
from sim.agents.work import crowding_pull, start_hazard, training_effect
from sim.compiled import kernel, part, rule
from sim.draws import BATCH, LABOUR, batch, many_draws
from sim.fetching import bring
from sim.markets.entry import collect_free_rows
from sim.markets.hiring import ADDED, ENTERS, LOST, QUITS, STARTS, STOPS, WITHDRAWS, apply_events
from sim.markets.matching import PLACES, match
from sim.markets.work_ahead import (
    NO_JOB,
    QUIET,
    WorkAhead,
    ask_the_short,
    look_at_work,
    own_month,
    room_for_looking,
)
from sim.walk import FIXED, find, walk
from sim.world import World

SEEKS, APPLIES = 8, 9  # reports that change nobody's state: looks for a formal job; asks for business training
STATES = 6
TOO_OLD = 76 * 12  # months of age from which the inactive are not asked
CUSTOM, COUNT, OWN_PAY, ADOPTERS, OWNERS, PLAIN = 0, 8, 14, 16, 24, 32  # columns of the walk's tally


@dataclass
class LabourState:
    """What the labour market remembers. Rates per month; money Rp/month; tables by sex and age in years."""

    participation: np.ndarray  # (2, 100) labour-force share of those not in school
    turnover: np.ndarray  # (100,) speed of moving in and out of the labour force
    separations: np.ndarray  # (241,) hazard of losing a job by tenure in months
    experience: np.ndarray  # (81,) relative pay by years of experience, mean 1 among workers
    sector_wage: np.ndarray  # (8,)
    minimum_wage: float
    mean_schooling: float
    commuter_share: np.ndarray  # (34,) of jobs by place
    own_pay_start: float = 1.0
    own_custom: np.ndarray = field(default_factory=lambda: np.zeros((8, 30)))  # selling power at the last count
    own_custom_plain: np.ndarray = field(default_factory=lambda: np.zeros((8, 30)))  # without technology and practice
    matching_scale: float = 1.0
    start_scale: float = 1.0  # own-account starts over the declared hazard, this month
    start_usual: float = 1.4  # the same, as the burn-in has settled it
    unemployment: float = 0.0
    informal_share: float = 0.0
    formal_pay: float = 0.0
    own_pay: float = 0.0
    tightness: float = 1.0
    tightness_year: float = 0.0  # vacancies per seeker, mean of about a year
    tightness_normal: float = 0.0  # the same over about five years: what people have got used to
    commuters_leave: float = 0.02  # monthly separations of workers from the outer zones
    adopters: np.ndarray = field(
        default_factory=lambda: np.zeros((30, 8)).T
    )  # share of stalls; laid out as it is counted
    seekers: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    applicants: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    on_works: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))  # jobless with a month's paid work
    ahead: WorkAhead = field(default_factory=WorkAhead)


@rule
def own_custom(skill, talent, experience, training, practice, technology, gain_practice, gain_technology):
    """Selling power of an own-account business relative to a mean stall.

    skill * talent * experience * (1 + training) * (1 + phi*m) * (1 + theta*tau). Source: mckenzie_2021.
    """
    return (
        skill
        * talent
        * experience
        * (1 + training)
        * (1 + gain_practice * practice)
        * (1 + gain_technology * technology)
    )


def _room() -> tuple:
    """Room for one thread's batch: rows of this one and the next; ids, numbers; places in the batch by labour state;
    what happens; and for those who look ahead."""
    rows, (_, uids, luck, _) = np.zeros((2, BATCH), np.int64), batch()
    return rows, uids, luck, np.empty((STATES, BATCH), np.int64), np.empty(BATCH, np.int64), room_for_looking()


@part
def who_is_due(low, high, bit, loud, jobs, lets_go, rows):
    """Put the rows from `low` on that are due into a batch. Returns how many they are, and the row to go on from.

    lets_go: after a 0 whether each business lets anybody go; of bytes, so that the processor keeps it at hand.
    """
    due = np.int64(0)
    while low < high and due + STRETCH <= BATCH:
        for k in range(low, min(low + STRETCH, high)):
            rows[due] = k
            due += 1 * (((loud[k] & bit) != 0) | lets_go[jobs[k]])
        low += STRETCH
    return due, low


@kernel
def labour_walk(low, high, tally, found, persons, households, short, firing, ahead, state, L, g, seed, month, room):
    """Everybody's chances of this month. Reports who leaves, starts, enters, looks or applies: row*16 + what.

    `short`: which households lack essentials. `firing`: after a 0 the share of its workers each business lets go,
    infinite where it closes; whether it is above 0. `ahead`: who has a month in which something may happen (see
    `work_ahead`); only these are visited. People of one state are taken together, a batch at a time: the processor then
    guesses right what comes next. With each of them one of the next batch is brought: all at once, they would wait.
    """
    leave, enter, separations, experience, adopters, scales, boost, laggards = state
    (layoff, lets_go), (loud, jobs, (lost_year, leave_year, enter_year)) = firing, ahead
    batches, uids, luck, of, what, looking = room
    rows, ids, _, first, second, bits = looking
    count, turn, bit = 0, 0, bit_of(month)
    coming, i = who_is_due(low, high, bit, loud, jobs, lets_go, batches[0])
    while coming > 0 or i < high:
        who, following, due, turn = batches[turn], batches[1 - turn], coming, 1 - turn
        coming, i = who_is_due(i, high, bit, loud, jobs, lets_go, following)
        employees = owners = jobless = idle = np.int64(0)
        for k in range(due):
            row = who[k]
            person = persons[row]
            was, age = person.state, month - np.int64(person.born)
            uids[k], what[k] = person.uid, -1
            of[FORMAL, employees] = of[OWN, owners] = of[UNEMPLOYED, jobless] = of[INACTIVE, idle] = k
            employees += was == FORMAL
            owners += was == OWN
            jobless += was == UNEMPLOYED
            too_old = age >= TOO_OLD
            idle += (was == INACTIVE) & (not too_old)
            if (was == GONE) | (was == CHILD) | ((was == INACTIVE) & too_old):  # until they leave school, if ever
                loud[row], jobs[row] = QUIET, NO_JOB
        many_draws(seed, LABOUR, month, uids, due, luck)
        looks = np.int64(0)
        for q in range(employees):
            k = of[FORMAL, q]
            bring(persons, following[k])
            person = persons[who[k]]
            u = luck[0, k]
            tenure = min(max(month - np.int64(person.since), 0), 240)
            lost = separations[tenure]
            if lets_go[person.employer + 1]:
                lost += layoff[person.employer + 1]
            if u < lost:
                what[k] = LOST
            elif u < lost + L.separation_to_own:
                what[k] = QUITS
            elif luck[1, k] < leave[person.sex, years_of(month, person)]:
                what[k] = WITHDRAWS
            elif own_month(month, person) or loud[who[k]] == UNSEEN:
                rows[looks], jobs[who[k]] = who[k], person.employer + 1
                first[looks], second[looks] = lost_year[tenure], leave_year[person.sex, years_of(month, person)]
                looks += 1
        for q in range(owners):
            k = of[OWN, q]
            bring(persons, following[k])
            person = persons[who[k]]
            age = years_of(month, person)
            v, w, x = luck[1, k], luck[2, k], luck[3, k]
            trained = training_effect(month - person.certified, L.training_skill_gain, L.training_half_life)
            if person.practice > 0:
                person.practice *= 1.0 - g.practice_fading
            if person.power > 0:
                person.power *= 1.0 - g.capital_wear
            sector, place = person.sector, person.workplace
            if person.technology > 0.5:
                if x < g.obsolescence:
                    person.technology = 0.0
            elif x < adoption_hazard(
                g.adoption_innovation,
                g.adoption_imitation,
                adopters[sector, place],
                person.practice > 0.1,
                g.adoption_trained,
            ):
                person.technology = 1.0
            gain = g.technology_output * boost[sector]
            kept = own_custom(
                person.skill,
                person.talent,
                experience[min(max(age - person.schooling - 6, 0), 80)],
                trained,
                person.practice,
                person.technology,
                g.practice_output,
                gain,
            )
            person.custom = kept * (laggards[sector] if person.technology <= 0.5 else 1.0) * (1.0 + person.power)
            gains = (1 + g.practice_output * person.practice) * (1 + gain * person.technology) * (1.0 + person.power)
            tally[place, CUSTOM + sector] += np.int64(person.custom * FIXED)
            tally[place, PLAIN + sector] += np.int64(person.custom / gains * FIXED)
            tally[place, ADOPTERS + sector] += np.int64(person.technology > 0.5)
            tally[place, OWNERS + sector] += 1
            tally[0, OWN_PAY] += np.int64(person.pay)
            if luck[0, k] < L.own_to_unemployment / scales[1]:
                what[k] = STOPS
            elif v < leave[person.sex, age]:
                what[k] = WITHDRAWS
            elif w < L.search_on_the_job:
                what[k] = SEEKS
            elif w > 0.98:
                what[k] = APPLIES
        for q in range(jobless):
            k = of[UNEMPLOYED, q]
            bring(persons, following[k])
            person = persons[who[k]]
            trained = training_effect(month - person.certified, L.training_hazard_gain, L.training_half_life)
            tenure = month - person.since
            chance = (
                scales[0]
                * (1.0 + trained)
                * start_hazard(L.unemployed_to_own, scales[1], tenure, L.duration_push, L.duration_push_ceiling)
            )
            if luck[0, k] < chance:
                what[k] = STARTS
            elif luck[1, k] < leave[person.sex, years_of(month, person)]:
                what[k] = WITHDRAWS
            else:
                what[k] = SEEKS
        for q in range(idle):
            k = of[INACTIVE, q]
            bring(persons, following[k])
            person = persons[who[k]]
            age = years_of(month, person)
            if luck[1, k] < enter[person.sex, age]:
                what[k] = ENTERS
            elif short[person.home] and luck[0, k] < L.added_worker * households[person.home].shortage and age < 70:
                what[k] = ADDED
            elif own_month(month, person) or loud[who[k]] == UNSEEN:
                rows[looks], jobs[who[k]] = who[k], NO_JOB
                first[looks], second[looks] = 0.0, enter_year[person.sex, age]
                looks += 1
        for k in range(looks):
            ids[k], bits[k] = persons[rows[k]].uid, bit_of(persons[rows[k]].born)
        look_at_work(seed, month, looks, loud, looking)
        tally[0, COUNT + OWN] += owners
        for k in range(due):
            found[count] = who[k] * 16 + what[k]
            count += what[k] >= 0
    return count


@rule
def years_of(month, person):
    """Age in years, at most 99."""
    return min((month - np.int64(person.born)) // 12, 99)


@kernel
def look_over(low, high, tally, found, businesses, layoff):
    """Share of its workers that each business (row + 1) lets go, infinite where it closes. Reports those that offer
    jobs (row*2) and those that close (row*2 + 1)."""
    count = 0
    for j in range(low, high):
        firm = businesses[j]
        closes = firm.status == CLOSING
        layoff[j + 1] = np.inf if closes else firm.layoff
        if closes or firm.vacancies > 0:
            found[count] = j * 2 + closes
            count += 1
    return count


def ask_businesses(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Layoffs by business after a 0 (see `look_over`), the rows of those that offer jobs and of those that close."""
    layoff = np.zeros(world.businesses.n + 1, np.float32)
    _, reports = find(look_over, world.businesses.n, 1, world.businesses.rows, layoff)
    closes = reports & 1 == 1
    rows = (reports >> 1).astype(np.int64)
    return layoff, rows[~closes], rows[closes]


@kernel
def _sort(reports, seekers, applicants, events):
    """Put the reports where they belong; how many there are of each."""
    seek = apply = happen = 0
    for report in reports:
        what = report & 15
        seekers[seek], applicants[apply], events[happen] = report >> 4, report >> 4, report
        seek += what == SEEKS
        apply += what == APPLIES
        happen += what < SEEKS
    return seek, apply, happen


def sorted_reports(reports: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of those who look for a job and of those who ask for training, and events (row*16 + what), in row order."""
    kinds = [np.empty(len(reports) + 1, np.int32) for _ in range(3)]
    counts = _sort(reports, *kinds)
    seekers, applicants, events = (kind[:count] for kind, count in zip(kinds, counts, strict=True))
    return seekers, applicants, events


def labour_market(world: World) -> None:
    """Separations, starts, entries and exits of the month; then search and matching over the district network."""
    labour, p = world.labour, world.p.labour
    ratio = labour.own_pay / max(labour.own_pay_start * world.drivers.productivity, 1.0)
    pull = crowding_pull(ratio, p.crowding_response, p.crowding_floor, p.crowding_ceiling) if world.month >= 0 else 1.0
    scales = np.array([labour.start_scale, pull])
    state = (
        labour.turnover[:100] * (1.0 - labour.participation),
        labour.turnover[:100] * labour.participation,
        labour.separations,
        labour.experience,
        labour.adopters,
        scales,
        world.drivers.digital_pull,
        world.drivers.laggards,
    )
    layoff, offering, closing = ask_businesses(world)
    short = np.zeros(world.households.n, np.bool_)
    short[world.market.short] = True
    ahead = labour.ahead
    ahead.get_ready(world.persons.n, labour.separations + p.separation_to_own, state[0], state[1])
    seen = (ahead.loud, ahead.jobs, (ahead.lost, ahead.leave, ahead.enter))
    in_need, tables = world.market.short, (world.households.rows, world.persons.rows)
    walk(ask_the_short, len(in_need), 1, in_need, *tables, ahead.loud, bit_of(world.month))
    tally, reports = find(
        labour_walk,
        world.persons.n,
        (PLACES, 40),
        world.persons.rows,
        world.households.rows,
        short,
        (layoff, layoff > 0.0),
        seen,
        state,
        p,
        world.p.goods,
        world.seed,
        world.month,
        _room,
    )
    labour.own_custom = tally[:30, CUSTOM : CUSTOM + 8].T / FIXED
    labour.own_custom_plain = tally[:30, PLAIN : PLAIN + 8].T / FIXED
    labour.adopters = tally[:30, ADOPTERS : ADOPTERS + 8].T / np.maximum(tally[:30, OWNERS : OWNERS + 8].T, 1)
    owners = tally[0, COUNT + OWN]
    if owners:
        labour.own_pay = float(tally[0, OWN_PAY] / owners)
    labour.seekers, labour.applicants, events = sorted_reports(reports)
    labour.on_works = labour.seekers[:0]
    happened = world.counts["events"] = apply_events(world, events)
    world.counts["starts"] = int(happened[STARTS])
    match(world, labour.seekers, offering)
    _shut(world, closing)


def _shut(world: World, closing: np.ndarray) -> None:
    """Of the closing businesses those that nobody works in any more are closed."""
    if not len(closing):
        return
    rows = world.businesses.rows
    done = closing[rows["workers"][closing] == 0]
    rows["status"][done] = CLOSED
    rows["commuters"][done] = 0
    collect_free_rows(world, done)
