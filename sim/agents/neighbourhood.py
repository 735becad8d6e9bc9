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
from sim.draws import BATCH, COMMUNITY, draws, many_draws, normal, pick
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


class Around(NamedTuple):
    """What a household sees around it this month. First six by kelurahan, the others by district."""

    participation: np.ndarray  # share that takes part
    facilitation: np.ndarray  # 0-1
    voice: np.ndarray  # 0-1: residents decide by direct vote
    grants: np.ndarray  # log2 of this month's grants over the usual
    levy: np.ndarray  # Rp of self-help hoped for from each participating household
    ballots: np.ndarray  # (151, 2, 7) cumulative chances of a vote, without and with children
    services: np.ndarray  # overall quality minus the city's at the start
    conflict: np.ndarray  # 0-1
    gap: np.ndarray  # rise of inequality since the start
    across: np.ndarray  # 0-1: part of the ties to other groups that is not cut
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
    """A month of households low..high-1 as neighbours. Reports those whose ties or circle others must change."""
    reported = 0
    this_month = (when.month + 1200) % 12
    heard_of, uids, luck, _ = room
    for begin in range(low, high, BATCH):
        end = min(begin + BATCH, high)
        for i in range(begin, end):
            uids[i - begin] = households[i].uid
        many_draws(when.seed, COMMUNITY, when.month, uids, end - begin, luck)
        for i in range(begin, end):  # the neighbours are anywhere: those of many are brought at a time
            n = i - begin
            heard_of[n] = one_tie(ties, i, luck[1, n])
            if heard_of[n] >= 0:
                bring(before, heard_of[n])
        for n in range(end - begin):
            heard_of[n] = before[heard_of[n]] if heard_of[n] >= 0 else GONE
        for i in range(begin, end):
            household, n = households[i], i - begin
            if not household.alive:
                after[i] = GONE
                if ties[i, 0] != FREE:
                    found[reported] = i
                    reported += 1
                continue
            k, d = household.kelurahan, household.district
            base = k * COLUMNS
            u1, u2, u3, u4 = luck[0, n], luck[1, n], luck[2, n], luck[3, n]
            if household.trust < LOWEST_TRUST:  # new in the city or newly founded
                household.trust = p.trust_start
                household.satisfaction = MIDDLING
                household.arisan = NONE
            # The hazard is linear in the share of ties that take part, so asking one tie at random is the same chance.
            asked, takes_part = around.participation[k], household.takes_part
            heard = heard_of[n]
            if heard != GONE:
                across = (heard & 0x1FE) != where_and_how_rich(household)
                asked = heard_from(asked, float(heard & 1), around.across[d] if across else 1.0)
                counts[base + HEARD] += 1
                counts[base + BRIDGES] += across
            feeling = mood(household.satisfaction)
            if takes_part:
                if u1 < leave_hazard(p, feeling) * when.leaving:
                    household.takes_part = 0
                    household.arisan = NONE
                    counts[base + QUIT] += 1
            elif u1 < join_hazard(p, asked, around.facilitation[k], feeling) * when.joining:
                household.takes_part = 1
                counts[base + JOINED] += 1
                wish = p.arisan_share * (1.0 + p.facilitation_arisan * around.facilitation[k])
                if household.arisan < 0 and u3 < wish:
                    household.arisan = WISHES
            hardship = household.hardship > 0
            sought = satisfaction_sought(
                p, around.services[d], around.grants[k], around.voice[k], household.takes_part, hardship
            )
            household.satisfaction += p.satisfaction_speed * (sought - household.satisfaction)
            household.trust = trust_next(
                p,
                household.trust,
                household.satisfaction,
                household.coping & AIDED != 0,
                around.conflict[d],
                around.gap[d],
                u4,
            )
            if household.takes_part:
                given = self_help(around.levy[k], household.savings, p.swadaya_limit)
                household.savings -= given
                counts[base + GIVEN] += int(given)
                counts[base + MEMBERS] += 1
            if when.voting:  # where all may vote, so do some who take no part otherwise
                if household.takes_part or u2 < p.turnout * around.voice[k]:
                    vote = pick(around.ballots[k, 1 if household.children > 0 else 0], u3)
                    counts[base + VOTES + vote] += 1
            circle = household.arisan
            if circle >= 0 and household.savings >= contribution[circle]:
                household.savings -= contribution[circle]
                counts[CIRCLES + circle] += int(contribution[circle])
            household.groups = household.takes_part + (household.arisan >= 0)
            counts[base + PEOPLE] += household.size
            counts[base + YOUNG] += household.children
            counts[base + HOMES] += 1
            counts[base + TRUST] += int(household.trust * FIXED)
            counts[base + CONTENT] += int(household.satisfaction * FIXED)
            if when.first or visit_slot(household.uid) == this_month:
                reach = (around.reach[d, 0], around.reach[d, 1], around.reach[d, 2])
                services = (around.school[d], around.health[d], reach)
                visit(household, persons, work, services, children, when, counts)
                if household.average > 0.0:
                    counts[base + VISITED] += household.size
                    counts[base + SPENDING] += int(household.average) * household.size
                    counts[base + LOG_SPENDING] += int(math.log(household.average) * FIXED) * household.size
            after[i] = signal(household)
            if ties[i, FEW - 1] == FREE or household.arisan == WISHES:
                found[reported] = i
                reported += 1
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
