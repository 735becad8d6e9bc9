"""Birth, death, school, leaving home and moving in with kin: what a month does to people and households.

One walk over everybody decides from a single keyed number per person; a serial pass applies what touches others.
"""

from __future__ import annotations

import numpy as np

from sim.agents.ahead import STRETCH, UNSEEN, bit_of, look_ahead, made_longer, number_of, numbers_of, room_ahead
from sim.agents.children import pupils_kept
from sim.agents.families import (
    ADULT,
    add_member,
    age_months,
    has_partner,
    remove_member,
    works,
)
from sim.agents.persons import CHILD, FEMALE, GONE, INACTIVE, MALE, NEVER, NOBODY
from sim.agents.schooling import END, ENTRY, MOST_YEARS
from sim.agents.ties import grow_ties
from sim.compiled import at, kernel, part, rule
from sim.draws import BATCH, LIFE, draws, new_uid
from sim.draws import CHILD as CHILD_LUCK
from sim.fetching import bring
from sim.markets.formation import (
    BIRTHS,
    DEATHS,
    TAKEN,
    bring_homes,
    end_of,
    leave_home,
    may_leave,
    move_in_with_kin,
    post_settlements,
    settle_estate,
)
from sim.markets.vital import VitalTables, recount, vital_tables
from sim.markets.vital_rates import BOYS, FRAILEST
from sim.walk import find
from sim.world import World

NOTHING, DIES, GIVES_BIRTH, LEAVES_HOME, JOINS_KIN, LEAVES_SCHOOL = range(6)
GROWN_UP = 19  # years from which nobody goes back to school
AT_BIRTH = 1 << 20  # a "month" of its own for what a child is born with


@rule
def death_factor(health, usual, frailty):
    """Factor on the death rate for health off the usual at that age: clip(1 + f*(usual - health), 0.5, 3)."""
    return min(max(1.0 + frailty * (usual - health), 0.5), FRAILEST)


@rule
def fate(u, person, months, tables, rules):
    """What one number u in (0, 1) brings a person this month; chances add up, so at most one thing happens.

    Death from the bottom of (0, 1); birth, leaving home, leaving school and moving in with kin from the top.
    """
    years = min(months // 12, 109)
    q = tables.death[person.sex, years]
    if u < FRAILEST * q and u < q * death_factor(person.health, tables.health[years], rules.frailty):
        return DIES
    left = 1.0 - u
    if person.sex == FEMALE:
        left -= tables.birth[years]
        if left < 0.0:
            return GIVES_BIRTH
    leave = tables.leave_home[years]
    if leave > 0.0:
        left -= leave if works(person) else leave * rules.leaving_without_job
        if left < 0.0:
            return LEAVES_HOME
    if person.enrolled and left < tables.leave_school[min(months, END)]:
        return LEAVES_SCHOOL
    if years >= 65 and left < rules.elder_joins_kin:
        return JOINS_KIN
    return NOTHING


@rule
def luck_of_life(seed, month, person):
    """The person's one number for the life events of a month."""
    return number_of(seed, LIFE, np.int64(month) - np.int64(person.born), person.uid)


@rule
def stays(kept, seed, month, uid):
    """Whether a pupil about to leave school is kept there by teachers, as happens to a share `kept` of them."""
    return kept > 0.0 and draws(seed, CHILD_LUCK, month, uid)[3] < kept


@kernel
def life_walk(
    low, high, tally, found, persons, households, loud, work, quiet, tables, rules, seed, month, july, kept, room
):
    """School years, ageing and leaving school; reports those whose month touches others.

    `loud` says whose number may bring something (see `ahead`); in July pupils and children of school age are visited.
    `work`: what is seen ahead of working life, which begins anew for those who leave school.
    """
    count, bit = 0, bit_of(month)
    (visits, (rows, bits, lows, highs)), (whats, grown, asks, homes, heads, following) = room
    room, uids, ages, numbers = visits[0], visits[1], visits[2], visits[5]
    coming, i = who_is_due(low, high, bit, loud, persons, month, july, following)
    while coming > 0 or i < high:
        there = np.int64(0)
        for k in range(coming):
            person = persons[at(following[k])]
            room[there], uids[there] = following[k], person.uid
            ages[there] = np.int64(month) - np.int64(person.born)
            there += person.state != GONE
        coming, i = who_is_due(i, high, bit, loud, persons, month, july, following)
        numbers_of(seed, LIFE, there, visits)
        ahead = asking = 0
        for k in range(there):
            row, years = room[k], min(ages[k] // 12, 109)
            bring(persons, following[k])  # one of the next batch with each of this one
            at_school = persons[row].enrolled != 0 or years < GROWN_UP
            bounds = quiet[years, persons[row].sex, 1 * at_school]
            calm = bounds[0] <= numbers[k] <= bounds[1]
            what = live(row, numbers[k], calm, persons, households, work, tables, rules, kept, seed, month, july)
            whats[k], grown[k] = what, ages[k] == ADULT
            asks[asking] = k
            asking += what == LEAVES_HOME or what == JOINS_KIN
            if ages[k] % 12 == 0 or loud[row] == UNSEEN:
                rows[ahead], lows[ahead], highs[ahead] = row, bounds[0], bounds[1]
                uids[ahead], ages[ahead] = uids[k], ages[k]
                ahead += 1
        for n in range(asking):  # what their homes say to it: fetched for many at a time, then their heads
            homes[n] = persons[room[asks[n]]].home
        for n in range(asking):
            heads[n] = households[homes[n]].first
        for n in range(asking):
            heads[n] = persons[heads[n]].next
        for n in range(asking):
            if not may_go(whats[asks[n]], persons, households[homes[n]], room[asks[n]]):
                whats[asks[n]] = NOTHING
        for k in range(there):
            if whats[k] != NOTHING or grown[k]:
                found[count] = room[k]
                count += 1
                tally[whats[k]] += 1
        look_ahead(seed, LIFE, month, ahead, visits, lows, highs, bits)
        for k in range(ahead):
            loud[rows[k]] = bits[k]
    return count


@part
def who_is_due(low, high, bit, loud, persons, month, july, rows):
    """Put the rows from `low` on that are visited into a batch. Returns how many, and the row to go on from."""
    due = np.int64(0)
    while low < high and due + STRETCH <= BATCH:
        for k in range(low, min(low + STRETCH, high)):
            rows[due] = k
            calls = (loud[at(k)] & bit) != 0
            if july:
                calls |= at_school_age(persons[at(k)], month)
            due += 1 * calls
        low += STRETCH
    return due, low


@rule
def may_go(what, persons, household, i):
    """Whether the household of person i allows what the month may bring: to leave home, or to join kin when alone."""
    return may_leave(persons, household, i) if what == LEAVES_HOME else household.size == 1


def _room() -> tuple:
    """Room for one thread: what looking ahead takes; of a batch what happens to each, who is of age, and of those who
    ask their households: which of the batch, their homes, the heads there; and the rows of the next batch."""
    return room_ahead(), tuple(np.zeros(BATCH, np.int64) for _ in range(6))


@rule
def at_school_age(person, month):
    """Whether the start of the school year concerns a person: a pupil, or old enough to become one."""
    return person.enrolled != 0 or ENTRY <= month - np.int64(person.born) < ENTRY + 12


@part
def live(i, u, calm, persons, households, work, tables, rules, kept, seed, month, july):
    """The month of person i, whose number is u: what of it may touch others, or NOTHING. calm: nothing comes of u."""
    person = persons[i]
    months = age_months(person, month)
    years = min(months // 12, 109)
    if july:
        if person.enrolled:
            person.schooling = min(person.schooling + 1, MOST_YEARS)
        elif ENTRY <= months < ENTRY + 12:
            person.enrolled = 1
    if months == 12 * years:
        person.health = max(person.health - tables.ageing[years], 0.05)
    what = NOTHING if calm else fate(u, person, months, tables, rules)
    if what == LEAVES_SCHOOL and months < ADULT:
        if stays(kept[households[person.home].district], seed, month, person.uid):
            what = NOTHING
    if what == LEAVES_SCHOOL:
        person.enrolled = 0
        person.talent = 0.0  # abilities are reckoned anew, with the schooling gained
        what = NOTHING
    if person.state == CHILD and months >= ADULT and person.enrolled == 0:
        person.state = INACTIVE
        person.since = month
        work[i] = UNSEEN
    return what


@part
def bear(persons, households, mother, row, rules, seed, month):
    """A child is born into its mother's household, in the new row."""
    child = persons[row]
    child.uid = new_uid(seed, month, persons[mother].uid, 0)
    u, v, w, _ = draws(seed, LIFE, AT_BIRTH, child.uid)
    child.sex = MALE if u < BOYS else FEMALE
    child.born = month
    child.since = month
    child.human = rules.human_spread * np.sqrt(3.0) * (2.0 * v - 1.0)
    child.health = 1.0 - 0.01 * w
    child.employer = child.sector = child.workplace = NOBODY
    child.certified = NEVER
    child.state = CHILD
    add_member(persons, households, row, np.int64(persons[mother].home), month)


@part
def bury(persons, households, businesses, ties, i, month, counts, money):
    """Person i dies: the job, the place in the household and, for the last member, the estate are settled."""
    person = persons[i]
    home = np.int64(person.home)
    remove_member(persons, households, i, month)
    end_of(person, businesses)
    if households[home].size == 0:
        settle_estate(households, ties, home, money)
    elif households[home].size == households[home].children:
        move_in_with_kin(persons, households, ties, home, month, counts)


@kernel
def apply_life(
    rows, persons, households, businesses, ties, sizes, tables, rules, seed, month, first, counts, money, room
):  # fmt: skip
    """Carry out the reported events in row order. `sizes`: rows in use of persons and of households, and who lived
    here at the start (`Vital.listed`); returns the first two after it."""
    people, homes, residents = sizes
    # First, before anybody changes household: those who are no longer children (nobody counted them at the start).
    for i in rows:
        if month > first and age_months(persons[i], month) == ADULT:
            households[persons[i].home].children -= 1
    origin, uids, ages, _, _, numbers = room
    for begin in range(0, rows.shape[0], BATCH):
        batch = rows[begin : begin + BATCH]
        for k in range(batch.shape[0]):  # what can be known of many is fetched at a time
            bring(persons, batch[k])
        for k in range(batch.shape[0]):
            person = persons[batch[k]]
            uids[k], ages[k], origin[k] = person.uid, np.int64(month) - np.int64(person.born), person.home
        numbers_of(seed, LIFE, batch.shape[0], room)
        bring_homes(origin, batch.shape[0], persons, households, ties)
        for k in range(batch.shape[0]):
            i = np.int64(batch[k])
            person = persons[i]
            if person.state == GONE:
                continue
            months, u = age_months(person, month), numbers[k]
            what = fate(u, person, months, tables, rules)
            district = households[person.home].district
            if what == DIES:
                counts[district, DEATHS] += 1
                bury(persons, households, businesses, ties, i, month, counts, money)
            elif what == GIVES_BIRTH:
                partnered = has_partner(persons, households[person.home], i)
                if partnered or 1.0 - u < rules.fertility_unpartnered * tables.birth[months // 12]:
                    bear(persons, households, i, people, rules, seed, month)
                    people += 1
                    counts[district, BIRTHS] += 1
            elif what == LEAVES_HOME:
                homes += leave_home(persons, households, ties, i, homes, residents, rules, seed, month, counts)
            elif what == JOINS_KIN and households[person.home].size == 1:
                move_in_with_kin(persons, households, ties, np.int64(person.home), month, counts)
    return people, homes


@kernel
def bury_all(rows, persons, households, businesses, ties, month, counts, money):
    """Those of `rows` who are still there die, in row order."""
    for row in rows:
        i = np.int64(row)
        if persons[i].state != GONE:
            counts[households[persons[i].home].district, DEATHS] += 1
            bury(persons, households, businesses, ties, i, month, counts, money)


def bury_victims(world: World, counts: np.ndarray, money: np.ndarray) -> None:
    """People whom a hazard has killed this month are buried with the others: jobs, kin and estates are settled."""
    if world.hazards is None or len(world.hazards.victims) == 0:
        return
    rows, tables = world.hazards.victims, (world.persons.rows, world.households.rows, world.businesses.rows)
    bury_all(rows, *tables, world.ties, world.month, counts, money)
    world.hazards.victims = rows[:0]


def rates(world: World) -> VitalTables:
    """The tables of this world's rates: made in the first month, the share of women with a partner yearly."""
    if world.vital is None:
        world.vital = vital_tables(world)
    if world.vital.year != world.calendar[0]:
        recount(world)
    return world.vital.tables


def demography(world: World) -> None:
    """Births, deaths, school, new households."""
    counts = np.zeros((30, 6), np.int64)
    world.counts["demography"] = counts
    tables, rules = rates(world), world.p.demography
    persons, households = world.persons, world.households
    july = world.calendar[1] == 7 and world.month > world.first  # the first month's pupils are in their grades
    kept = pupils_kept(world)
    vital = world.vital
    vital.loud, work = made_longer(vital.loud, persons.n), world.labour.ahead.months(persons.n)
    tally, rows = find(
        life_walk, persons.n, LEAVES_SCHOOL + 1, persons.rows, households.rows, vital.loud, work, vital.quiet, tables,
        rules, world.seed, world.month, july, kept, _room,
    )  # fmt: skip
    people, homes = persons.n, households.n
    persons.add(int(tally[GIVES_BIRTH]))
    households.add(int(tally[LEAVES_HOME]))
    world.ties = grow_ties(world.ties, households.n)
    money = np.zeros(TAKEN + 1, np.int64)
    persons.n, households.n = apply_life(
        rows,
        persons.rows,
        households.rows,
        world.businesses.rows,
        world.ties,
        (people, homes, vital.listed),
        tables,
        rules,
        world.seed,
        world.month,
        world.first,
        counts,
        money,
        room_ahead()[0],
    )
    bury_victims(world, counts, money)
    post_settlements(world, money)
