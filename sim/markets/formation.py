"""How households begin and end: leaving home, finding a partner, moving in with kin, estates."""

from __future__ import annotations

import numpy as np

from sim.agents.employment import leave_job
from sim.agents.families import (
    add_member,
    close_household,
    found_household,
    has_partner,
    heir,
    pay_debts,
    remove_member,
    share_out,
)
from sim.agents.persons import FEMALE, FORMAL, GONE, MALE, NOBODY
from sim.agents.ties import degree, someone, tie
from sim.compiled import part, rule
from sim.draws import FORMATION, draws, new_uid
from sim.fetching import bring
from sim.world import World

BIRTHS, DEATHS, CAME, LEFT, MOVED_IN, MOVED_OUT = range(6)  # columns of counts["demography"]
REPAID_BANK, LOST_BANK, REPAID_LENDER, LOST_LENDER, TO_GOVERNMENT, BROUGHT, TAKEN = range(7)  # money tallied
LOOKED_AT = 256  # people a founder of a household may meet in search of a partner


def net_change(counts: np.ndarray) -> np.ndarray:
    """By how many people each place has grown, from the month's counts (30, 6)."""
    return (
        counts[:, BIRTHS]
        - counts[:, DEATHS]
        + counts[:, CAME]
        - counts[:, LEFT]
        + counts[:, MOVED_IN]
        - counts[:, MOVED_OUT]
    )


@part
def bring_homes(homes, count, persons, households, ties):
    """Ask for the rows of the first `count` homes, of their heads and of their ties, which are soon needed."""
    for k in range(count):
        bring(households, homes[k])
        bring(ties, homes[k])
    for k in range(count):
        bring(persons, max(np.int64(households[homes[k]].first), 0))


@part
def end_of(person, businesses):
    """A person is no longer there: the job ends, the row stays behind as gone."""
    if person.state == FORMAL and person.employer >= 0:
        leave_job(person, businesses[person.employer])
    person.state = GONE
    person.enrolled = 0
    person.employer = person.sector = person.workplace = NOBODY
    person.pay = 0.0


@part
def settle_debts(household, money):
    """Debts are paid as far as savings reach; what was paid and lost is tallied."""
    bank, lost_bank, lender, lost_lender = pay_debts(household)
    money[REPAID_BANK] += np.int64(bank)
    money[LOST_BANK] += np.int64(lost_bank)
    money[REPAID_LENDER] += np.int64(lender)
    money[LOST_LENDER] += np.int64(lost_lender)


@part
def settle_estate(households, ties, home, money):
    """A household dies out: debts are paid as far as savings reach, the rest goes to tied kin, else the government."""
    household = households[home]
    settle_debts(household, money)
    kin = heir(households, ties, home)
    if kin >= 0:
        share_out(household, households[kin], 1.0)
    else:
        money[TO_GOVERNMENT] += np.int64(household.savings)
        household.savings = 0.0
    close_household(households, ties, home)


@part
def count_move(old, new, people, counts):
    """Count people who change district when they change household."""
    if old.district != new.district:
        counts[old.district, MOVED_OUT] += people
        counts[new.district, MOVED_IN] += people


@part
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
        i = np.int64(old.first)
        old.first = persons[i].next
        add_member(persons, households, i, kin, month)
    old.size = 0
    close_household(households, ties, home)
    return True


@rule
def may_leave(persons, household, i):
    """True for a member without a partner there who does not head it, and for one who lives alone."""
    return household.size == 1 or (household.first != i and not has_partner(persons, household, i))


@rule
def misfit(sex, born, wanted_sex, first, last):
    """Months by which somebody was born before `first` or after `last`, many more for the other sex; 0: as wanted.

    One number instead of three questions, as nobody can foresee the answers.
    """
    born = np.int64(born)
    return max(first - born, born - last, 0) + 10_000 * abs(np.int64(sex) - wanted_sex)


@rule
def births_of_matches(person, month):
    """First and last month of birth of those `person` could marry, grown: he 3 years younger to 9 years older."""
    born, grown = np.int64(person.born), month - 18 * 12
    if person.sex == MALE:
        return born - 36, min(born + 108, grown)
    return born - 108, min(born + 36, grown)


@rule
def is_match(person, other, household, j, persons, month):
    """True when `other` (row j, of `household`) could marry `person`: grown, other sex, fitting age, free."""
    if other.state == GONE or other.enrolled or other.home == person.home:
        return False
    first, last = births_of_matches(person, month)
    if misfit(other.sex, other.born, MALE + FEMALE - person.sex, first, last) != 0:
        return False
    return may_leave(persons, household, j)


@rule
def find_partner(persons, households, i, residents, month, u):
    """Somebody whom person i could marry, or -1: the first from a random resident of the own kecamatan on.

    Most meet near home. Source: bossard_1932.
    """
    rows, born, sex, places = residents
    person = persons[i]
    here = households[person.home].district
    first, last = births_of_matches(person, month)
    other_sex = MALE + FEMALE - np.int64(person.sex)
    place = someone(places[here], places[here + 1], u)
    for _ in range(LOOKED_AT):
        if misfit(sex[place], born[place], other_sex, first, last) == 0:
            j = np.int64(rows[place])
            if j != NOBODY and is_match(person, persons[j], households[persons[j].home], j, persons, month):
                return j
        place = place + 1 if place + 1 < rows.shape[0] else 0
    return -1


@part
def leave_for(persons, households, ties, i, home, claims_kept, month, counts):
    """Person i leaves the old household for `home` with a share per head of what the old one owns and owes.

    The old household keeps its claims; the one who leaves draws a part of the claims per adult anew.
    """
    old_home = np.int64(persons[i].home)
    old, new = households[old_home], households[home]
    adults = max(old.size - old.children, 1)
    new.claims += np.floor((1.0 if old.size == 1 else claims_kept / adults) * old.claims)
    share_out(old, new, 1.0 / old.size)
    count_move(old, new, 1, counts)
    remove_member(persons, households, i, month)
    add_member(persons, households, i, home, month)
    if old.size == 0:
        close_household(households, ties, old_home)


@part
def make_ties(households, ties, home, origin, wanted, seed, month):
    """A new household knows its origin and, as far as they have time for another, some whom its origin knows."""
    known = degree(ties, origin)
    tie(ties, home, origin)
    start = someone(0, max(known, 1), draws(seed, FORMATION, month, households[home].uid)[0])
    for k in range(known):
        if degree(ties, home) >= wanted:
            break
        tie(ties, home, np.int64(ties[origin, (start + k) % known]))


@part
def leave_home(persons, households, ties, i, row, residents, rules, seed, month, counts):
    """A grown child, or someone who lives alone, founds a household or a couple. Returns 1 if row `row` was used."""
    person = persons[i]
    origin = np.int64(person.home)
    household = households[origin]
    if not may_leave(persons, household, i):
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
        kin = np.int64(persons[partner].home)
        leave_for(persons, households, ties, partner, row, rules.claims_kept, month, counts)
        if households[kin].alive:
            tie(ties, row, kin)
    make_ties(households, ties, row, origin, rules.new_ties, seed, month)
    return 1


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
