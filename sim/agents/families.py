"""Households as lists of members: who joins, who leaves, who becomes head, what they take along.

The members of a household are `first`, then `next` of each, until NOBODY; the head stands first, a partner second.
"""

import math

import numpy as np

from sim.agents.households import RENTER
from sim.agents.persons import FORMAL, NOBODY, OWN
from sim.agents.ties import untie_all
from sim.compiled import part, rule

ADULT = 180  # months of age: no longer a child
COUPLE_GAP = 16 * 12  # months; a head and a second member of the other sex further apart are not a couple


@rule
def age_months(person, month):
    """Age in completed months, never below 0."""
    return max(month - person.born, 0)


@rule
def are_couple(head, second):
    """True when the head and the second member look like husband and wife: other sexes, ages within 16 years."""
    return head.sex != second.sex and abs(np.int64(head.born) - np.int64(second.born)) < COUPLE_GAP


@rule
def has_partner(persons, household, i):
    """True when person i is one of the couple that heads the household."""
    first = household.first
    second = persons[first].next
    if second == NOBODY or (i != first and i != second):
        return False
    return are_couple(persons[first], persons[second])


@rule
def works(person):
    return person.state == FORMAL or person.state == OWN


@part
def add_member(persons, households, i, home, month):
    """Person i joins the household `home` as its last member."""
    person, household = persons[i], households[home]
    person.home = home
    person.next = NOBODY
    if household.size == 0:
        household.first = i
    else:
        last = household.first
        while persons[last].next != NOBODY:
            last = persons[last].next
        persons[last].next = i
    household.size += 1
    household.children += age_months(person, month) < ADULT
    household.earners += works(person)


@part
def remove_member(persons, households, i, month):
    """Person i is taken out of the list of its household; if it was the head, the oldest left becomes head."""
    person = persons[i]
    household = households[person.home]
    if household.first == i:
        household.first = person.next
        head_gone = not (person.next != NOBODY and are_couple(person, persons[person.next]))
    else:
        before = household.first
        while persons[before].next != i:
            before = persons[before].next
        persons[before].next = person.next
        head_gone = False
    person.next = NOBODY
    household.size -= 1
    household.children -= age_months(person, month) < ADULT
    household.earners = max(household.earners - works(person), 0)
    if head_gone and household.size > 1:
        oldest_first(persons, household)


@part
def oldest_first(persons, household):
    """The oldest member moves to the front of the list."""
    before, oldest, before_oldest = NOBODY, household.first, NOBODY
    i = household.first
    while i != NOBODY:
        if persons[i].born < persons[oldest].born:
            oldest, before_oldest = i, before
        before = i
        i = persons[i].next
    if oldest != household.first:
        persons[before_oldest].next = persons[oldest].next
        persons[oldest].next = household.first
        household.first = oldest


@part
def share_out(old, new, part):
    """A `part` (0-1) of what the household `old` owns and owes passes to `new`, in whole rupiah."""
    money = math.floor(part * old.savings)
    old.savings -= money
    new.savings += money
    debt = math.floor(part * old.formal_debt)
    old.formal_debt -= debt
    new.formal_debt += debt
    debt = math.floor(part * old.informal_debt)
    old.informal_debt -= debt
    new.informal_debt += debt
    things = part * old.assets
    if old.assets + new.assets > 0.0:
        new.damage = (new.damage * new.assets + old.damage * things) / max(new.assets + things, 1e-9)
    old.assets -= things
    new.assets += things
    new.shares += part * old.shares
    old.shares -= part * old.shares
    new.permanent += part * old.permanent
    old.permanent -= part * old.permanent
    new.spending += part * old.spending
    old.spending -= part * old.spending


@part
def found_household(new, old, uid, month):
    """`new` begins with the place and habits of `old`, nobody in it and nothing owned."""
    new.uid = uid
    new.savings = new.formal_debt = new.informal_debt = new.assets = 0.0
    new.income = new.permanent = new.claims = new.spending = new.spare = new.gap = new.aid = 0.0
    new.shares = 0.0
    new.damage = old.damage
    new.average = old.average
    new.obligations = old.obligations
    new.buffer_target = old.buffer_target
    new.food_share = old.food_share
    new.rcsi = 0.0
    new.trust = old.trust
    new.satisfaction = old.satisfaction
    new.first = NOBODY
    new.arisan = -1
    new.size = new.children = new.earners = 0
    new.moved_in = month
    new.coping = new.hardship = 0
    new.district = old.district
    new.kelurahan = old.kelurahan
    new.quintile = old.quintile
    new.takes_part = old.takes_part
    new.groups = old.groups
    new.registered = old.registered
    new.tenure = RENTER
    new.alive = 1


@part
def close_household(households, ties, home):
    """A household without members ends: its ties are cut on both sides."""
    household = households[home]
    household.alive = 0
    household.first = NOBODY
    household.claims = household.permanent = household.spending = household.average = 0.0
    household.shares = household.assets = household.damage = 0.0
    household.income = household.spare = household.gap = household.aid = 0.0
    household.coping = household.hardship = household.earners = household.children = 0
    household.takes_part = household.groups = 0
    household.arisan = -1
    untie_all(ties, home)


@part
def pay_debts(household):
    """Debts are paid from savings as far as they reach, the bank first.

    Returns (paid to the bank, written off by it, paid to moneylenders, written off by them), Rp.
    """
    bank = min(household.savings, household.formal_debt)
    household.savings -= bank
    lender = min(household.savings, household.informal_debt)
    household.savings -= lender
    lost_bank, lost_lender = household.formal_debt - bank, household.informal_debt - lender
    household.formal_debt = household.informal_debt = 0.0
    return bank, lost_bank, lender, lost_lender


@rule
def heir(households, ties, home):
    """The first living household tied to `home`, or -1."""
    for place in range(ties.shape[1]):
        other = ties[home, place]
        if other >= 0 and households[other].alive:
            return other
    return -1
