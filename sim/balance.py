"""The books of the month: money, people and jobs are counted and compared with what was posted."""

from __future__ import annotations

import numpy as np

from sim.agents.businesses import CLOSED
from sim.agents.persons import FORMAL
from sim.compiled import kernel, rule
from sim.errors import RunError
from sim.ledger import BUSINESSES, COMMUNITIES, GOVERNMENT, HOUSEHOLDS, TILLS
from sim.walk import walk
from sim.world import World

TOLERANCE = 1e-9
SAVINGS, FORMAL_DEBT, INFORMAL_DEBT, PEOPLE = range(4)
MIX = np.uint64(0x9E3779B97F4A7C15)


@kernel
def count_households(low, high, tally, households):
    for h in range(low, high):
        home = households[h]
        if home.alive == 1:
            tally[home.district, SAVINGS] += np.int64(home.savings)
            tally[home.district, FORMAL_DEBT] += np.int64(home.formal_debt)
            tally[home.district, INFORMAL_DEBT] += np.int64(home.informal_debt)
            tally[home.district, PEOPLE] += home.size


@rule
def signature(row):
    """A 62-bit mix of an employer's row: sums of it tell whether two counts of jobs are the same, row by row."""
    x = (np.uint64(row) + np.uint64(1)) * MIX
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64((x ^ (x >> np.uint64(32))) >> np.uint64(2))


@kernel
def sign_workers(low, high, tally, persons):
    for i in range(low, high):
        if persons[i].state == FORMAL:
            tally[0] += signature(persons[i].employer)
            tally[1] += 1
            tally[2] += np.int64(persons[i].pay)


@kernel
def sign_jobs(low, high, tally, businesses):
    for j in range(low, high):
        firm = businesses[j]
        if firm.status != CLOSED or firm.workers != 0:
            tally[0] += signature(j) * firm.workers
            tally[1] += firm.workers
            tally[2] += np.int64(firm.wage_bill)


def counted_stocks(world: World) -> tuple[dict[str, int], dict[str, int], np.ndarray]:
    """Money of each sector, debts by kind, and people by district (30,), counted agent by agent."""
    homes = walk(count_households, world.households.n, (30, 4), world.households.rows)
    firms = world.businesses.rows
    stocks = {
        HOUSEHOLDS: int(homes[:, SAVINGS].sum()),
        TILLS: int(world.market.till_cash),
        BUSINESSES: int(firms["deposits"].sum() + firms["csr_fund"].sum()) + int(world.market.dividend_pool),
        GOVERNMENT: int(world.government.treasury),
        COMMUNITIES: int(world.communities.money),
    }
    loans = {
        "households": int(homes[:, FORMAL_DEBT].sum()),
        "informal": int(homes[:, INFORMAL_DEBT].sum()),
        "businesses": int(firms["loan"].sum()),
    }
    return stocks, loans, homes[:, PEOPLE]


def balance_books(world: World) -> None:
    """Compare counts with postings; raises RunError naming the account that does not balance."""
    stocks, loans, people = counted_stocks(world)
    expected = {name: world.ledger.stocks[name] + world.ledger.net(name) for name in stocks}
    money = world.ledger.close(stocks, loans)
    flows = world.counts["demography"]
    change = flows[:, 0] - flows[:, 1] + flows[:, 2] - flows[:, 3] + flows[:, 4] - flows[:, 5]
    heads = int(np.abs(people - world.people - change).sum())
    world.people = people
    workers = walk(sign_workers, world.persons.n, 3, world.persons.rows)
    jobs = walk(sign_jobs, world.businesses.n, 3, world.businesses.rows)
    jobs_error = abs(int(workers[1] - jobs[1])) / max(int(jobs[1]), 1) or float(workers[0] != jobs[0])
    world.identities = {
        "money": max(world.identities["money"], money),
        "people": max(world.identities["people"], heads / max(int(people.sum()), 1)),
        "jobs": max(world.identities["jobs"], jobs_error),
    }
    if max(money, heads, jobs_error) > TOLERANCE:
        worst = max(stocks, key=lambda name: abs(stocks[name] - expected[name]))
        raise RunError(
            f"books out of balance in month {world.month}: money {money:.1e} (worst: {worst}, "
            f"{stocks[worst] - expected[worst]:+d} Rp), people {heads} persons, jobs {jobs_error:.1e}"
        )
