"""The monthly walk over households as neighbours: one pass for participation, trust, self-help, savings circles,
votes, and (a twelfth of the households each month) a visit to their members: commuters and children.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.agents.ahead import UNSEEN
from sim.agents.arisan import DISTRESSED, GONE, NONE, SAVING, WISHES
from sim.agents.growing_up import (
    ADULT_AGE,
    PRESCHOOL,
    SCHOOL_AGE,
    extra_dropout,
    index_next,
    index_sought,
    involvement,
    newly_covered,
    programme_gain,
    return_chance,
)
from sim.agents.households import AIDED, HUNGRY, SOLD, TIES, WITHDREW
from sim.agents.participation import (
    LOWEST_TRUST,
    MIDDLING,
    heard_from,
    join_hazard,
    leave_hazard,
    mood,
    satisfaction_sought,
    self_help,
    trust_next,
)
from sim.agents.persons import CHILD, FORMAL, INACTIVE, NOBODY, OWN
from sim.agents.services import N_KINDS
from sim.agents.ties import FEW, FREE, degree
from sim.compiled import kernel, part, rule
from sim.draws import BATCH, COMMUNITY, batch, draws, many_draws, normal, pick, rows_of_a_batch
from sim.draws import CHILD as CHILD_LUCK
from sim.fetching import bring
from sim.walk import FIXED

DISTRICTS, KELURAHAN, PLACES = 30, 151, 34
VISIT_BLOCK = np.uint64(6)  # households with successive ids are visited together: 2^6 of them
SLOT = 11  # first bit of the month of the visit in what others see of a household
CRISIS = SOLD | HUNGRY | WITHDREW  # coping steps that show as distress

# What is counted, by kelurahan:
PEOPLE, YOUNG, HOMES, MEMBERS, TRUST, CONTENT, HEARD, BRIDGES, GIVEN, JOINED, QUIT, VISITED, SPENDING, LOG_SPENDING = (
    range(14)
)
VOTES = 14
COLUMNS = VOTES + N_KINDS
# and of children, by district:
CHILDREN, HUMAN, PUPILS, OUT, SMALL, TEENS, LEAVERS, RETURNERS = range(8)
CHILD_COLUMNS = 8
COMMUTERS = KELURAHAN * COLUMNS  # where the counts of (home, workplace) begin
OFFSPRING = COMMUTERS + DISTRICTS * PLACES
CIRCLES = OFFSPRING + DISTRICTS * CHILD_COLUMNS  # where the payments into savings circles begin


# What a household sees of its kelurahan and, from SERVICES on, of its kecamatan: share that takes part; facilitation
# and voice (residents decide by direct vote), 0-1; log2 of this month's grants over the usual; overall quality of
# services minus the city's at the start; conflict, 0-1; rise of inequality since the start; part of the ties to other
# groups that is not cut, 0-1.
SHARE, FACILITATION, VOICE, GRANTS, SERVICES, CONFLICT, GAP, ACROSS = range(8)
SEEN = 8
# Columns of a batch: these, and satisfaction and trust of the households. They begin apart by no power of two: else
# all of them would want the same few places of the processor's memory.
SATISFACTION, OPINION = SEEN, SEEN + 1
LONG = BATCH + 8
# Bits of a household: 0-8 as in its `signal`, then alive, in hardship, aided, joins or leaves, and its kelurahan.
TAKES_PART, GROUP, ALIVE, HARDSHIP, HELPED, TURNS = 1, 0x1FE, 1 << 9, 1 << 10, 1 << 11, 1 << 12
PLACE = 16  # first bit of the kelurahan


class Around(NamedTuple):
    """What a household sees around it this month. First three by kelurahan, the others by district."""

    seen: np.ndarray  # (151, 8) figures, see SHARE and the following
    levy: np.ndarray  # Rp of self-help hoped for from each participating household
    ballots: np.ndarray  # (151, 2, 7) cumulative chances of a vote, without and with children
    school: np.ndarray  # ln of the quality of education over the start's
    health: np.ndarray
    reach: np.ndarray  # (30, 3) child-friendly coverage: of parents at the start, its gain, that of teachers


class When(NamedTuple):
    """The month, and factors on the hazards of joining and leaving (shocks)."""

    seed: int
    month: int
    voting: int  # 1 in the month of the vote
    first: int  # 1 on the first walk: everybody is visited, children get their start index
    joining: float
    leaving: float
    usual_schooling: float  # mean years of children's best-schooled adult
    spread: float  # of the child index, SD


@rule
def where_and_how_rich(household):
    """Quintile and district of a household, as bits 1-8 of its `signal`."""
    return (np.int64(household.quintile) & 7) << 1 | (np.int64(household.district) & 31) << 4


@rule
def signal(household):
    """A household as others see it, in 16 bits: takes part, quintile, district, distressed, in a savings circle; when
    it is visited."""
    code = np.int64(household.takes_part & 1) | where_and_how_rich(household)
    if household.hardship > 0 or household.coping & CRISIS:
        code |= DISTRESSED
    if household.arisan >= 0:
        code |= SAVING
    return np.uint16(code | visit_slot(household.uid) << SLOT)


@rule
def visit_slot(uid):
    """The month of the year, 0-11, in which a household is visited: those with successive ids together."""
    return np.int64((uid >> VISIT_BLOCK) % np.uint64(12))


@rule
def month_of_visit(seen):
    """The month of a household's visit, 0-11, from what others see of it (not GONE)."""
    return np.int64(seen) >> SLOT


@rule
def one_tie(ties, i, u):
    """One of the ties of household i, each as likely; -1 without ties. u: a uniform."""
    for _ in range(6):  # most of the TIES places are taken: try them, a fresh digit of u each time
        u *= TIES
        place = int(u)
        if ties[i, place] != FREE:
            return ties[i, place]
        u -= place
    known = degree(ties, i)
    return ties[i, int(u * known)] if known > 0 else FREE


@part
def visit(household, persons, work, services, p, when, counts):
    """Count the household's commuters; let its children grow by a year. Changes its members' rows only.

    work: what is seen ahead of working life, which begins anew for those who leave school. services: for this district,
    ln of school and health quality over the start's, and the three figures of `reach`.
    """
    schooling, young = 0, 0
    i = household.first
    while i != NOBODY:
        person = persons[i]
        if when.month - person.born >= ADULT_AGE:
            schooling = max(schooling, person.schooling)
        else:
            young += 1
        if (person.state == FORMAL or person.state == OWN) and person.workplace >= 0:
            if person.workplace != household.district:
                counts[COMMUTERS + household.district * PLACES + person.workplace] += 1
        i = person.next
    i = household.first
    while young > 0 and i != NOBODY:
        person = persons[i]
        if when.month - person.born < ADULT_AGE:
            young -= 1
            grow(i, person, household, work, schooling, services, p, when, counts)
        i = person.next


@part
def grow(i, child, household, work, schooling, services, p, when, counts):
    """A year of one child's life: human capital, drop-out or return, and its place in the counts."""
    d, age = household.district, when.month - child.born
    school, health, (covered, more, coverage) = services
    u1, u2, u3, _ = draws(when.seed, CHILD_LUCK, when.month, child.uid)
    hardship = household.hardship > 0
    sought = index_sought(p, schooling, when.usual_schooling, school, health, household.rcsi)
    if when.first:
        child.human = sought + when.spread * normal(u1, u2)
    else:
        gain = 0.0
        if age < PRESCHOOL and more != 0.0:
            gain = programme_gain(p, age, newly_covered(involvement(when.seed, child.uid), covered, more))
        child.human = index_next(p, child.human, sought, when.spread, normal(u1, u2)) + gain
        if age >= SCHOOL_AGE:
            if child.enrolled:
                if u3 < extra_dropout(p, age, hardship, household.registered, coverage):
                    child.enrolled = 0
                    counts[OFFSPRING + d * CHILD_COLUMNS + LEAVERS] += 1
                    if age >= 180 and child.state == CHILD:
                        child.state = INACTIVE
                        child.since = when.month
                        work[i] = UNSEEN
            elif (child.state == CHILD or child.state == INACTIVE) and u3 < return_chance(p, hardship, coverage):
                child.enrolled = 1
                child.state = CHILD
                counts[OFFSPRING + d * CHILD_COLUMNS + RETURNERS] += 1
    base = OFFSPRING + d * CHILD_COLUMNS
    counts[base + CHILDREN] += 1
    counts[base + HUMAN] += math.floor(child.human * FIXED + 0.5)
    if age < PRESCHOOL:
        counts[base + SMALL] += 1
    else:
        counts[base + PUPILS] += 1
        counts[base + OUT] += 1 - child.enrolled
        if age >= 120:
            counts[base + TEENS] += 1


def room_for_neighbours() -> tuple:
    """Room for one thread's batch: ids, numbers, two lists, bits, columns."""
    _, uids, luck, _ = batch()
    return uids, luck, *(rows_of_a_batch() for _ in range(3)), np.empty((SEEN + 2, LONG))


@part
def look(begin, count, households, around, p, uids, bits, of):
    """The ids, bits and columns of a batch of households. Those new in the city or newly founded form an opinion."""
    for n in range(count):
        bring(households, begin + n + BATCH)
        household = households[begin + n]
        if household.trust < LOWEST_TRUST and household.alive:
            household.trust = p.trust_start
            household.satisfaction = MIDDLING
            household.arisan = NONE
        k = np.int64(household.kelurahan)
        uids[n] = household.uid
        of[SATISFACTION, n], of[OPINION, n] = household.satisfaction, household.trust
        bits[n] = (
            (np.int64(household.takes_part) & TAKES_PART)
            | where_and_how_rich(household)
            | ALIVE * (household.alive != 0)
            | HARDSHIP * (household.hardship > 0)
            | HELPED * (household.coping & AIDED != 0)
            | k << PLACE
        )
        for figure in range(SEEN):
            of[figure, n] = around.seen[k, figure]


@part
def hear(begin, count, ties, before, counts, luck, friends, again, bits, of):
    """The share taking part that each household of a batch hears of, in place of the usual one, from one of its ties.

    The hazard is linear in the share of ties that take part, so asking one tie at random is the same chance.
    """
    left = np.int64(0)
    for n in range(count):  # most find a tie at the first try, the others look on
        friends[n] = ties[begin + n, np.int64(luck[1, n] * TIES)]
        bring(before, friends[n])  # they are anywhere: those of many are brought at a time
        again[left] = n
        left += 1 * (friends[n] == FREE)
    for m in range(left):
        n = again[m]
        friends[n] = one_tie(ties, begin + n, luck[1, n]) if ties[begin + n, 0] != FREE else FREE
        bring(before, friends[n])
    for n in range(count):
        heard = np.int64(before[max(friends[n], 0)])
        hears = 1 * ((friends[n] >= 0) & (heard != GONE) & (bits[n] & ALIVE != 0))
        across = hears * ((heard ^ bits[n]) & GROUP != 0)
        open_part = of[ACROSS, n] * across + (hears - across)
        of[SHARE, n] = heard_from(of[SHARE, n], float(heard & 1), open_part)
        base = (bits[n] >> PLACE) * COLUMNS
        counts[base + HEARD] += hears
        counts[base + BRIDGES] += across


@part
def form_opinion(count, p, when, luck, bits, of):
    """Who of a batch joins or leaves (the bit TURNS), and everybody's satisfaction and trust of the next month."""
    for n in range(count):
        took_part, feeling = bits[n] & TAKES_PART != 0, mood(of[SATISFACTION, n])
        joins = join_hazard(p, of[SHARE, n], of[FACILITATION, n], feeling) * when.joining
        leaves = leave_hazard(p, feeling) * when.leaving
        turns = luck[0, n] < (leaves if took_part else joins)
        hardship, aided = bits[n] & HARDSHIP != 0, bits[n] & HELPED != 0
        sought = satisfaction_sought(p, of[SERVICES, n], of[GRANTS, n], of[VOICE, n], took_part != turns, hardship)
        # In single precision, as it is kept.
        satisfaction = np.float32(of[SATISFACTION, n] + p.satisfaction_speed * (sought - of[SATISFACTION, n]))
        of[SATISFACTION, n] = satisfaction
        of[OPINION, n] = trust_next(
            p, of[OPINION, n], np.float64(satisfaction), aided, of[CONFLICT, n], of[GAP, n], luck[3, n]
        )
        bits[n] |= TURNS * turns


@kernel
def neighbours_month(
    low,
    high,
    counts,
    found,
    households,
    persons,
    work,
    ties,
    before,
    after,
    contribution,
    around,
    p,
    children,
    when,
    room,
):
    """A month of households low..high-1 as neighbours. Reports those whose ties or circle others must change.

    A batch goes through it together, step by step: the processor works on several households at once, and rarely
    guesses wrong what comes next.
    """
    reported = 0
    this_month = (when.month + 1200) % 12
    uids, luck, some, savers, bits, of = room
    for begin in range(low, high, BATCH):
        count = min(BATCH, high - begin)
        look(begin, count, households, around, p, uids, bits, of)
        many_draws(when.seed, COMMUNITY, when.month, uids, count, luck)
        hear(begin, count, ties, before, counts, luck, some, savers, bits, of)
        form_opinion(count, p, when, luck, bits, of)
        saving = visits = np.int64(0)
        for n in range(count):
            i = begin + n
            household = households[i]
            if not household.alive:
                after[i] = GONE
                found[reported] = i
                reported += 1 * (ties[i, 0] != FREE)
                continue
            k = np.int64(household.kelurahan)
            base = k * COLUMNS
            household.satisfaction, household.trust = of[SATISFACTION, n], of[OPINION, n]
            if bits[n] & TURNS:
                if household.takes_part:
                    household.takes_part = 0
                    household.arisan = NONE
                    counts[base + QUIT] += 1
                else:
                    household.takes_part = 1
                    counts[base + JOINED] += 1
                    wish = p.arisan_share * (1.0 + p.facilitation_arisan * around.seen[k, FACILITATION])
                    if household.arisan < 0 and luck[2, n] < wish:
                        household.arisan = WISHES
            takes_part, circle = np.int64(household.takes_part), np.int64(household.arisan)
            given = self_help(takes_part * around.levy[k], household.savings, p.swadaya_limit)
            household.savings -= given
            if when.voting:  # where all may vote, so do some who take no part otherwise
                if takes_part or luck[1, n] < p.turnout * around.seen[k, VOICE]:
                    vote = pick(around.ballots[k, 1 if household.children > 0 else 0], luck[2, n])
                    counts[base + VOTES + vote] += 1
            household.groups = takes_part + (circle >= 0)
            seen = signal(household)
            after[i] = seen
            savers[saving] = i
            saving += 1 * (circle >= 0)
            if when.first or month_of_visit(seen) == this_month:
                bring(persons, household.first)
                some[visits] = i
                visits += 1
            found[reported] = i
            reported += 1 * ((ties[i, FEW - 1] == FREE) | (circle == WISHES))
            counts[base + GIVEN] += int(given)
            counts[base + MEMBERS] += takes_part
            counts[base + PEOPLE] += household.size
            counts[base + YOUNG] += household.children
            counts[base + HOMES] += 1
            counts[base + TRUST] += int(household.trust * FIXED)
            counts[base + CONTENT] += int(household.satisfaction * FIXED)
        for m in range(saving):
            household = households[savers[m]]
            circle = household.arisan
            if household.savings >= contribution[circle]:
                household.savings -= contribution[circle]
                counts[CIRCLES + circle] += int(contribution[circle])
        for m in range(visits):
            household = households[some[m]]
            d, base = household.district, np.int64(household.kelurahan) * COLUMNS
            reach = (around.reach[d, 0], around.reach[d, 1], around.reach[d, 2])
            services = (around.school[d], around.health[d], reach)
            visit(household, persons, work, services, children, when, counts)
            if household.average > 0.0:
                counts[base + VISITED] += household.size
                counts[base + SPENDING] += int(household.average) * household.size
                counts[base + LOG_SPENDING] += int(math.log(household.average) * FIXED) * household.size
    return reported


def all_counts(circles: int) -> int:
    """Length of the walk's tally."""
    return CIRCLES + circles


def by_kelurahan(counts: np.ndarray) -> np.ndarray:
    return counts[:COMMUTERS].reshape(KELURAHAN, COLUMNS)


def by_workplace(counts: np.ndarray) -> np.ndarray:
    return counts[COMMUTERS:OFFSPRING].reshape(DISTRICTS, PLACES)


def of_children(counts: np.ndarray) -> np.ndarray:
    return counts[OFFSPRING:CIRCLES].reshape(DISTRICTS, CHILD_COLUMNS)


def first_signals(households: np.ndarray) -> np.ndarray:
    """What households see of each other before their first month."""
    seen: Any = np.full(len(households), GONE, np.uint16)
    _signals(households, seen)
    return seen


@kernel
def _signals(households, seen):
    for i in range(households.shape[0]):
        if households[i].alive:
            seen[i] = signal(households[i])
