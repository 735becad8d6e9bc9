"""The months before the start: a city that already lives as it will, while its jobs and incomes are brought to the
start year's figures.

People are born, die, come, go and grow older, the labour force and productivity grow along their trends: month 0 is a
month like those before it. Two controls tune outside demand (by formal employment) and own-account starts (by
unemployment); what they have reached stays for the run, in which nothing is tuned.
"""

from __future__ import annotations

import numpy as np

from sim.agents.persons import FORMAL, OWN, UNEMPLOYED
from sim.balance import counted_stocks
from sim.drivers import set_drivers
from sim.ledger import Ledger
from sim.markets.projection import WorkingLife, project_labour_force
from sim.population import welfare
from sim.population.backcast import keep_to_register
from sim.population.line_up import line_up
from sim.population.workforce import usual_added
from sim.walk import together
from sim.welfare import Dagum
from sim.world import World

REFIT = 8  # months between fits of lasting income
LAST_FIT = 2.0  # strength of the last fit, after which nothing is fitted. Source: calibration, P0 of years one to four
DEMAND, STARTS = 1.15, 0.9  # outside demand and own-account starts over the first guess: where tuning begins
DEMAND_GAINS, START_GAINS = (3.0, 0.3), (10.0, 8.0)  # of the controls: proportional, and integral a month


def usual_earnings(world: World) -> np.ndarray:
    """Expected earnings of each household (Rp/month), adding up to what all households earn now."""
    persons, households = world.persons.rows, world.households.rows
    expected, earned = together(
        lambda side: side(),
        (
            lambda: welfare.expected_earnings(persons, len(households), world.labour.experience, world.month),
            lambda: welfare.earned(persons, households),
        ),
    )
    return expected * (earned.sum() / expected.sum())


def burn_in(world: World, dagum: Dagum, live, tell) -> None:
    """Live the months before the start; `tell` is told the share done.

    Lasting income is fitted every few months; in the end the distribution of spending is set on the start year's.
    """
    length = -world.first
    _open_books(world)
    for table, column in ((world.persons, "born"), (world.persons, "since"), (world.households, "moved_in")):
        table.rows[column] += world.first  # everything so far was reckoned from the burn-in's first month
    _begin(world, length)
    for month in range(-length, 0):
        world.month = month
        live(world)
        _tune(world, month + length)
        if month % REFIT == 0 and 2 * REFIT <= month + length < length:
            _refit(world, dagum)
        tell("burn-in", 0.6 + 0.4 * (month + length + 1) / length)
    world.month = 0
    world.vital = None  # rates and references of month 0
    keep_to_register(world)
    line_up(world)
    _refit(world, dagum, LAST_FIT)  # lasting incomes first: levels that they do not carry would be lost within a year
    welfare.set_levels(world.households.rows, dagum)
    welfare.set_quintiles(world.households.rows)
    world.labour.start_scale, world.market.demand_scale = world.labour.start_usual, world.market.demand_usual
    world.labour.tightness_normal = world.labour.tightness_year
    world.market.value_added_start = np.array(world.counts["value_added"], float)
    world.labour.own_pay_start = world.labour.own_pay
    for line in world.government.programmes.values():
        line.start_counting()
    _open_books(world)


def look_forward(world: World, months: int) -> None:
    """At month 0: how the labour force is expected to grow in a run of `months`, and what the first month brings."""
    world.growth_path = np.append(world.growth_path[:-1], _labour_force_path(world, months + 12))
    set_drivers(world)


def _begin(world: World, length: int) -> None:
    """The first month: the labour force's path to the start, and what was made in the start's money as of then."""
    world.month, then, market = world.first, world.drivers, world.market
    path = _labour_force_path(world, length)
    world.growth_path = path / path[-1]
    market.demand_usual = market.demand_scale = DEMAND / (world.growth_path[0] * then.productivity * then.external)
    world.businesses.rows["productivity"] /= then.productivity
    market.productivity = market.productivity / then.productivity
    households = world.households.rows
    households["claims"] = np.floor(households["claims"] / then.claims)
    world.labour.start_usual = world.labour.start_scale = STARTS


def _refit(world: World, dagum: Dagum, strength: float = welfare.REFIT_STRENGTH) -> None:
    """Lasting incomes towards the distribution that grows into the start's; savings move along, so books open anew."""
    households, trend = world.households.rows, world.drivers
    needs = welfare.essentials_of(households, world.market.line, world.p.household)
    usual = welfare.usual_size(world.persons.rows, households, world.month)
    welfare.refit(
        households, dagum.times(trend.productivity), usual_earnings(world), needs, usual, trend.claims, strength
    )
    _open_books(world)


def _labour_force_path(world: World, months: int) -> np.ndarray:
    """The labour force expected in this and the next `months` months, over that of this month."""
    life = WorkingLife(world.labour.participation, world.labour.turnover, usual_added(world.p.labour))
    persons, households = world.persons.rows, world.households.rows
    return project_labour_force(persons, households, world.city, world.p, months, world.calendar, life, world.month)


def _open_books(world: World) -> None:
    stocks, loans, people = counted_stocks(world)
    world.ledger = Ledger(stocks, loans)
    world.people = people
    world.identities = {"money": 0.0, "people": 0.0, "jobs": 0.0}


def _tune(world: World, done: int) -> None:
    """One step of the two proportional-integral controls, and of the averages that the run is measured against."""
    labour, market, target = world.labour, world.market, world.city.targets
    unemployment, informal = labour_shares(world.counts["states"])
    labour.unemployment, labour.informal_share = unemployment, informal
    gap = (1 - target.unemployment) * (1 - target.informal_share) - (1 - unemployment) * (1 - informal)
    excess = unemployment - target.unemployment
    market.demand_usual *= 1 + DEMAND_GAINS[1] * gap
    labour.start_usual *= float(np.clip(1 + START_GAINS[1] * excess, 0.9, 1.1))
    market.demand_scale = market.demand_usual * (1 + DEMAND_GAINS[0] * gap)
    labour.start_scale = labour.start_usual * float(np.clip(1 + START_GAINS[0] * excess, 0.5, 2.0))
    counts, government = world.counts, world.government
    wanted = government.csr_yearly / 12 / max(counts["csr_accrued"], 1)
    government.csr_recorded *= float(np.clip(wanted, 0.5, 2.0)) ** 0.3
    closing = counts["business_exits"] / max(float(market.entry_base.sum()), 1e-9)
    market.entry_scale += (closing - market.entry_scale) / min(done + 1, 12)
    market.margin_start += 0.1 * (counts["profits"] / max(counts["sales"], 1) - market.margin_start)


def labour_shares(counts: np.ndarray) -> tuple[float, float]:
    """Unemployment rate and informal share of the employed, from persons by labour state (6,)."""
    working = counts[FORMAL] + counts[OWN]
    force = working + counts[UNEMPLOYED]
    return float(counts[UNEMPLOYED] / max(force, 1)), float(counts[OWN] / max(working, 1))
