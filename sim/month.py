"""The month: what happens, in order, and why. Printed in the README, timed act by act, walked in tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from sim.agents.children import children
from sim.agents.community_month import community
from sim.agents.companies import corporate_giving
from sim.agents.planning import plan_businesses
from sim.agents.services import maintain, public_services
from sim.balance import balance_books
from sim.drivers import set_drivers
from sim.markets.budget import household_budget
from sim.markets.demography import demography
from sim.markets.entry import new_businesses
from sim.markets.goods import goods_market
from sim.markets.hiring import yearly_wages
from sim.markets.labour import labour_market
from sim.markets.migration import migrate
from sim.markets.public import release_budgets, train, transfers
from sim.markets.seating import seat_families
from sim.markets.settlement import pay_wages, settle
from sim.world import World


class Act(NamedTuple):
    """One act of the month: what it is called, what it does, why it stands here."""

    name: str
    does: Callable[[World], None]
    reason: str


MONTH: tuple[Act, ...] = (
    Act("drivers", set_drivers, "the outside world moves first: trend demand, prices, and the scenario's shocks"),
    Act("demography", demography, "people are born, die, grow up, leave home: everything else counts heads"),
    Act("migration", migrate, "people come, go and move house in answer to last month's jobs, pay and services"),
    Act("budgets", release_budgets, "the city releases only what its treasury can pay, before anybody plans on it"),
    Act("services", public_services, "crowding and access follow from who is here now and what has been built"),
    Act("giving", corporate_giving, "each quarter companies choose social projects with money set aside before"),
    Act("plans", plan_businesses, "businesses set prices, vacancies and layoffs from the demand they expect"),
    Act("labour", labour_market, "separations first, then search over the district network, then hires"),
    Act("wages", pay_wages, "output is now fixed by who works where; wages are paid before goods are sold"),
    Act("transfers", transfers, "public works and assistance reach households before they choose their spending"),
    Act("budget", household_budget, "income is known: households pay debts, choose, cope, help each other, buy"),
    Act("goods", goods_market, "purchases meet capacity over the shopping network; the rest is imported"),
    Act("settlement", settle, "sales, taxes, giving, payouts; businesses that cannot go on close"),
    Act("entry", new_businesses, "founders answer this month's profits"),
    Act("training", train, "seats are filled from those who looked for work or asked for mentoring this month"),
    Act("community", community, "people take part or leave, trust moves, votes place grants, circles turn"),
    Act("children", children, "children grow with their home, school and health services"),
    Act("upkeep", maintain, "capital wears out, damage is repaired, finished works come into use"),
    Act("balance", balance_books, "money, people and jobs must add up before the month counts"),
)


def step(
    world: World, timings: dict[str, float] | None = None, watch: Callable[[str, World], object] | None = None
) -> None:
    """Live one month. With `timings`, add each act's seconds to it; `watch` sees the world before each act."""
    new_year = world.calendar[1] == 1 and world.month > world.first
    started = time.perf_counter()
    if new_year and world.month != 0:  # (before month 0 the burn-in has lined everybody up)
        seat_families(world)  # nothing but the order of the rows changes
    for act in MONTH:
        if watch is not None:
            watch(act.name, world)
        act.does(world)
        if act.does is set_drivers and new_year:
            yearly_wages(world)  # under this year's rules
        if timings is not None:
            timings[act.name] = timings.get(act.name, 0.0) + time.perf_counter() - started
        started = time.perf_counter()
