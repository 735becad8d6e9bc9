"""The books of the month: money, people and jobs are counted and compared with what was posted."""

from __future__ import annotations

import numpy as np

from sim.agents.businesses import CLOSED
from sim.agents.persons import FORMAL, STATES
from sim.compiled import kernel, rule
from sim.errors import RunError
from sim.ledger import BUSINESSES, COMMUNITIES, GOVERNMENT, HOUSEHOLDS, TILLS, nets_of
from sim.markets.formation import net_change
from sim.outcomes.figures import CITY, Count
from sim.outcomes.households_tally import COLUMNS
from sim.outcomes.measure import count
from sim.outcomes.people_tally import mix
from sim.walk import walk
from sim.world import World

TOLERANCE = 1e-9
SAVINGS, FORMAL_DEBT, INFORMAL_DEBT, PEOPLE = range(4)
STOCKS = [COLUMNS.index(name) for name in ("savings", "formal_debt", "informal_debt")]  # in the outcomes' count
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


DEPOSITS, LOANS, WORKERS, CHECK = range(4)


@kernel
def count_businesses(low, high, tally, businesses):
    """What businesses hold and owe, Rp, how many workers they have, and the checksum of their jobs (people_tally)."""
    for j in range(low, high):
        firm = businesses[j]
        tally[DEPOSITS] += np.int64(firm.deposits) + np.int64(firm.csr_fund)
        tally[LOANS] += np.int64(firm.loan)
        tally[WORKERS] += firm.workers
        tally[CHECK] += mix(j) * firm.workers


@kernel
def sign_workers(low, high, tally, persons):
    """Persons by labour state, and after these a checksum of the employers of all employees."""
    for i in range(low, high):
        tally[persons[i].state] += 1
        if persons[i].state == FORMAL:
            tally[len(STATES)] += signature(persons[i].employer)


@kernel
def sign_jobs(low, high, tally, businesses):
    for j in range(low, high):
        firm = businesses[j]
        if firm.status != CLOSED or firm.workers != 0:
            tally[0] += signature(j) * firm.workers
            tally[1] += firm.workers


def books_of_businesses(world: World) -> np.ndarray:
    """The sums of `count_businesses`."""
    return walk(count_businesses, world.businesses.n, 4, world.businesses.rows)


def counted_stocks(
    world: World, counted: Count | None = None, books: np.ndarray | None = None
) -> tuple[dict[str, int], dict[str, int], np.ndarray]:
    """Money of each sector, debts by kind, and people by district (30,), counted agent by agent.

    `counted`, `books`: the month's counts of households and of businesses, if there are any; else they are made here.
    """
    books = books_of_businesses(world) if books is None else books
    if counted:
        savings, bank, lenders = counted.households[CITY, STOCKS].tolist()
        people = counted.persons_by_place
    else:
        homes = walk(count_households, world.households.n, (30, 4), world.households.rows)
        savings, bank, lenders, _ = (int(stock) for stock in homes.sum(axis=0))
        people = homes[:, PEOPLE]
    stocks = {
        HOUSEHOLDS: savings,
        TILLS: int(world.market.till_cash),
        BUSINESSES: int(books[DEPOSITS]) + int(world.market.dividend_pool),
        GOVERNMENT: int(world.government.treasury),
        COMMUNITIES: int(world.communities.money),
    }
    loans = {"households": bank, "informal": lenders, "businesses": int(books[LOANS])}
    return stocks, loans, people


def jobs_error(world: World, counted: Count | None = None, books: np.ndarray | None = None) -> float:
    """Relative difference between the jobs that persons say they have and those that businesses say they give.

    1 if the numbers agree but not who works where. Without a count of everybody persons are counted here, by labour
    state, into `counts["states"]`.
    """
    if counted:
        books = books_of_businesses(world) if books is None else books
        held, given = counted.employees, int(books[WORKERS])
        same = counted.jobs == books[CHECK]
    else:
        workers = walk(sign_workers, world.persons.n, len(STATES) + 1, world.persons.rows)
        jobs = walk(sign_jobs, world.businesses.n, 2, world.businesses.rows)
        held, given, same = int(workers[FORMAL]), int(jobs[1]), workers[len(STATES)] == jobs[0]
        world.counts["states"] = workers[: len(STATES)]
    return abs(held - given) / max(given, 1) or float(not same)


def balance_books(world: World) -> None:
    """Compare counts with postings; raises RunError naming the account that does not balance.

    From month 0 on, outcomes and books come from one count of everybody, left in `counts["figures"]`; the burn-in
    has no outcomes.
    """
    counted = count(world) if world.month >= 0 else None
    world.counts["figures"] = counted
    books, before = books_of_businesses(world), world.ledger.stocks
    stocks, loans, people = counted_stocks(world, counted, books)
    money = world.ledger.close(stocks, loans)
    heads = int(np.abs(people - world.people - net_change(world.counts["demography"])).sum())
    world.people = people
    world.counts["separations"] = world.jobs + world.counts["hires"] - int(books[WORKERS])
    world.jobs = int(books[WORKERS])
    jobs = jobs_error(world, counted, books)
    world.identities = {
        "money": max(world.identities["money"], money),
        "people": max(world.identities["people"], heads / max(int(people.sum()), 1)),
        "jobs": max(world.identities["jobs"], jobs),
    }
    if max(money, heads, jobs) > TOLERANCE:
        nets = nets_of(world.ledger.last)
        expected = {name: before[name] + nets[name] for name in stocks}
        worst = max(stocks, key=lambda name: abs(stocks[name] - expected[name]))
        raise RunError(
            f"books out of balance in month {world.month}: money {money:.1e} (worst: {worst}, "
            f"{stocks[worst] - expected[worst]:+d} Rp), people {heads} persons, jobs {jobs:.1e}"
        )
