"""Birth, death, school, leaving home and moving in with kin: what a month does to people and households.

One walk over everybody decides from a single keyed number per person; a serial pass applies what touches others.
"""

from __future__ import annotations

import numpy as np

from sim.agents.employment import leave_job
from sim.agents.families import (
    ADULT,
    add_member,
    age_months,
    close_household,
    found_household,
    has_partner,
    heir,
    pay_debts,
    remove_member,
    share_out,
    works,
)
from sim.agents.persons import CHILD, FEMALE, FORMAL, GONE, INACTIVE, MALE, NEVER, NOBODY
from sim.agents.schooling import END, ENTRY, MOST_YEARS
from sim.agents.ties import degree, grow_ties, someone, tie
from sim.compiled import kernel, rule
from sim.draws import FORMATION, LIFE, draws, new_uid
from sim.markets.vital import VitalTables, recount, vital_tables
from sim.markets.vital_rates import BOYS
from sim.parameters.demography import Demography
from sim.walk import find
from sim.world import World

NOTHING, DIES, GIVES_BIRTH, LEAVES_HOME, JOINS_KIN, LEAVES_SCHOOL = range(6)
BIRTHS, DEATHS, CAME, LEFT, MOVED_IN, MOVED_OUT = range(6)  # columns of counts["demography"]
REPAID_BANK, LOST_BANK, REPAID_LENDER, LOST_LENDER, TO_GOVERNMENT, BROUGHT, TAKEN = range(7)  # money tallied
FRAILEST = 3.0  # most that poor health multiplies the death rate
LOOKED_AT = 256  # people a founder of a household may meet in search of a partner


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
def luck_of_life(seed, month, uid):
    """The person's one number for life events: ids that differ in their last two bits share a call of four."""
    four = draws(seed, LIFE, month, np.uint64(uid) >> np.uint64(2))
    return four[np.int64(uid & np.uint64(3))]


@kernel
def life_walk(low, high, tally, found, persons, tables, quiet_from, quiet_to, ageing, rules, seed, month, july):
    """School years, ageing and leaving school of everybody; reports those whose month touches others.

    Most months are quiet: a number between the bounds of the age brings nothing, whatever else is true of a person.
    """
    count = 0
    last = np.uint64(0xFFFFFFFFFFFFFFFF)
    four = (0.0, 0.0, 0.0, 0.0)
    for i in range(low, high):
        person = persons[i]
        state = person.state
        if state == GONE:
            continue
        uid = person.uid
        block = uid >> np.uint64(2)
        if block != last:
            four = draws(seed, LIFE, month, block)
            last = block
        u = four[np.int64(uid & np.uint64(3))]
        months = max(month - person.born, 0)
        years = min(months // 12, 109)
        if july:
            if person.enrolled:
                person.schooling = min(person.schooling + 1, MOST_YEARS)
            elif ENTRY <= months < ENTRY + 12:
                person.enrolled = 1
        if months == 12 * years:
            person.health = max(person.health - ageing[years], 0.05)
        what = NOTHING
        if u < quiet_from[person.sex, years] or u > quiet_to[person.sex, years]:
            what = fate(u, person, months, tables, rules)
            if what == LEAVES_SCHOOL:
                person.enrolled = 0
                person.talent = 0.0  # abilities are reckoned anew, with the schooling gained
        if state == CHILD and months >= ADULT and person.enrolled == 0:
            person.state = INACTIVE
            person.since = month
        if months == ADULT or (what != NOTHING and what != LEAVES_SCHOOL):
            found[count] = i
            count += 1
            tally[what] += 1
    return count


def quiet_bounds(tables: VitalTables, rules: Demography) -> tuple[np.ndarray, np.ndarray]:
    """Between which numbers nothing happens at all, by sex and age (2, 110) each: see `fate`."""
    school = np.zeros(len(tables.birth))
    school[: END // 12] = tables.leave_school[:END].reshape(-1, 12).max(axis=1)
    old = np.where(np.arange(len(tables.birth)) >= 65, rules.elder_joins_kin, 0.0)
    top = np.stack([np.zeros_like(tables.birth), tables.birth]) + tables.leave_home + school + old
    return FRAILEST * tables.death, 1.0 - top


@rule
def bear(persons, households, mother, row, rules, seed, month):
    """A child is born into its mother's household, in the new row."""
    child = persons[row]
    child.uid = new_uid(seed, month, persons[mother].uid, 0)
    u, v, w, _ = draws(seed, LIFE, month, child.uid)
    child.sex = MALE if u < BOYS else FEMALE
    child.born = month
    child.since = month
    child.human = rules.human_spread * np.sqrt(3.0) * (2.0 * v - 1.0)
    child.health = 1.0 - 0.01 * w
    child.employer = child.sector = child.workplace = NOBODY
    child.certified = NEVER
    child.state = CHILD
    add_member(persons, households, row, persons[mother].home, month)


@rule
def bury(persons, households, businesses, ties, i, month, counts, money):
    """Person i dies: the job, the place in the household and, for the last member, the estate are settled."""
    person = persons[i]
    home = person.home
    if person.state == FORMAL and person.employer >= 0:
        leave_job(person, businesses[person.employer])
    remove_member(persons, households, i, month)
    person.state = GONE
    person.enrolled = 0
    person.employer = person.sector = person.workplace = NOBODY
    person.pay = 0.0
    if households[home].size == 0:
        settle_estate(households, ties, home, money)
    elif households[home].size == households[home].children:
        move_in_with_kin(persons, households, ties, home, month, counts)


@rule
def settle_estate(households, ties, home, money):
    """A household dies out: debts are paid as far as savings reach, the rest goes to tied kin, else the government."""
    household = households[home]
    bank, lost_bank, lender, lost_lender = pay_debts(household)
    money[REPAID_BANK] += np.int64(bank)
    money[LOST_BANK] += np.int64(lost_bank)
    money[REPAID_LENDER] += np.int64(lender)
    money[LOST_LENDER] += np.int64(lost_lender)
    kin = heir(households, ties, home)
    if kin >= 0:
        share_out(household, households[kin], 1.0)
    else:
        money[TO_GOVERNMENT] += np.int64(household.savings)
        household.savings = 0.0
    close_household(households, ties, home)


@rule
def count_move(old, new, people, counts):
    """Count people who change district when they change household."""
    if old.district != new.district:
        counts[old.district, MOVED_OUT] += people
        counts[new.district, MOVED_IN] += people


@rule
def move_in_with_kin(persons, households, ties, home, month, counts):
    """Everybody of `home` moves in with a tied household, with all they own and owe. False if there is none."""
    kin = heir(households, ties, home)
    if kin < 0:
        return False
    old, new = households[home], households[kin]
    share_out(old, new, 1.0)
    new.claims += old.claims
    count_move(old, new, old.size, counts)
    while old.first != NOBODY:
        i = old.first
        old.first = persons[i].next
        add_member(persons, households, i, kin, month)
    old.size = 0
    close_household(households, ties, home)
    return True


@rule
def is_match(person, other, household, j, persons, month):
    """True when `other` (row j, of `household`) could marry `person`: grown, other sex, fitting age, free."""
    if other.state == GONE or other.sex == person.sex or other.enrolled or other.home == person.home:
        return False
    older = np.int64(person.born) - np.int64(other.born)  # months by which the other is older
    if person.sex == MALE:
        older = -older
    if older < -36 or older > 108 or age_months(other, month) < 18 * 12:
        return False
    return household.size == 1 or (household.first != j and not has_partner(persons, household, j))


@rule
def find_partner(persons, households, i, residents, month, u):
    """Somebody near a random place of the list of residents whom person i could marry, or -1."""
    start = someone(0, residents, u)
    for k in range(LOOKED_AT):
        j = (start + k) % residents
        if is_match(persons[i], persons[j], households[persons[j].home], j, persons, month):
            return j
    return -1


@rule
def leave_for(persons, households, ties, i, home, claims_kept, month, counts):
    """Person i leaves the old household for `home` with a share per head of what the old one owns and owes.

    The old household keeps its claims; the one who leaves draws a part of the claims per adult anew.
    """
    old_home = persons[i].home
    old, new = households[old_home], households[home]
    adults = max(old.size - old.children, 1)
    new.claims += np.floor((1.0 if old.size == 1 else claims_kept / adults) * old.claims)
    share_out(old, new, 1.0 / old.size)
    count_move(old, new, 1, counts)
    remove_member(persons, households, i, month)
    add_member(persons, households, i, home, month)
    if old.size == 0:
        close_household(households, ties, old_home)


@rule
def make_ties(households, ties, home, origin, wanted, seed, month):
    """A new household knows its origin and, as far as they have time for another, some whom its origin knows."""
    known = degree(ties, origin)
    tie(ties, home, origin)
    start = someone(0, max(known, 1), draws(seed, FORMATION, month, households[home].uid)[0])
    for k in range(known):
        if degree(ties, home) >= wanted:
            break
        tie(ties, home, ties[origin, (start + k) % known])


@rule
def leave_home(persons, households, ties, i, row, residents, rules, seed, month, counts):
    """A grown child, or someone who lives alone, founds a household or a couple. Returns 1 if row `row` was used."""
    person = persons[i]
    origin = person.home
    household = households[origin]
    if has_partner(persons, household, i) or (household.first == i and household.size > 1):
        return 0
    u, v, w, _ = draws(seed, FORMATION, month, person.uid)
    hazard = rules.union_alone if household.size == 1 else rules.leaving_home
    if w * max(rules.leaving_home, rules.union_alone) >= hazard:
        return 0
    alone = household.size == 1
    partner = find_partner(persons, households, i, residents, month, v) if u < rules.union_share or alone else -1
    if alone:
        if partner >= 0:
            leave_for(persons, households, ties, partner, origin, rules.claims_kept, month, counts)
        return 0
    if u < rules.union_share and partner < 0:
        return 0
    found_household(households[row], household, new_uid(seed, month, person.uid, 3), month)
    leave_for(persons, households, ties, i, row, rules.claims_kept, month, counts)
    if partner >= 0:
        kin = persons[partner].home
        leave_for(persons, households, ties, partner, row, rules.claims_kept, month, counts)
        if households[kin].alive:
            tie(ties, row, kin)
    make_ties(households, ties, row, origin, rules.new_ties, seed, month)
    return 1


@kernel
def apply_life(rows, persons, households, businesses, ties, sizes, tables, rules, seed, month, counts, money):
    """Carry out the reported events in row order. `sizes`: rows in use of persons and of households, and residents
    at the start; returns the first two after it."""
    people, homes, residents = sizes
    for (
        i
    ) in rows:  # first, before anybody changes household: those who are no longer children (counted so at the start)
        if month > 0 and age_months(persons[i], month) == ADULT:
            households[persons[i].home].children -= 1
    for i in rows:
        person = persons[i]
        if person.state == GONE:
            continue
        months = age_months(person, month)
        u = luck_of_life(seed, month, person.uid)
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
            move_in_with_kin(persons, households, ties, person.home, month, counts)
    return people, homes


def post_settlements(world: World, money: np.ndarray) -> None:
    """Post what the dead and those who left paid, owed and left behind."""
    ledger = world.ledger
    ledger.post("repayments_households", money[REPAID_BANK])
    ledger.post("repayments_informal", money[REPAID_LENDER])
    ledger.write_off("households", money[LOST_BANK])
    ledger.write_off("informal", money[LOST_LENDER])
    ledger.post("estates_to_government", money[TO_GOVERNMENT])
    world.government.treasury += int(money[TO_GOVERNMENT])
    ledger.post("wealth_in", money[BROUGHT])
    ledger.post("wealth_out", money[TAKEN])


def rates(world: World) -> VitalTables:
    """The tables of this world's rates: made in the first month, the share of women with a partner yearly."""
    if world.vital is None:
        world.vital = vital_tables(world)
    if world.calendar[1] == 1 or world.vital.year != world.calendar[0]:
        recount(world)
    return world.vital.tables


def demography(world: World) -> None:
    """Births, deaths, school, new households. People begin to live in month 0: the burn-in settles the economy only."""
    counts = np.zeros((30, 6), np.int64)
    world.counts["demography"] = counts
    if world.month < 0:
        return
    tables, rules = rates(world), world.p.demography
    persons, households = world.persons, world.households
    july = world.calendar[1] == 7 and world.month > 0  # a start in July begins with the new school year
    tally, rows = find(
        life_walk, persons.n, LEAVES_SCHOOL + 1, persons.rows, tables, *quiet_bounds(tables, rules), tables.ageing,
        rules, world.seed, world.month, july,
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
        (people, homes, world.vital.residents),
        tables,
        rules,
        world.seed,
        world.month,
        counts,
        money,
    )
    post_settlements(world, money)
