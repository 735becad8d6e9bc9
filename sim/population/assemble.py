"""Puts a city together for a start year, lets it live through a burn-in, and hands over a world in balance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.agents.communities import build_acquaintances
from sim.agents.persons import OWN
from sim.agents.registry import register_poor
from sim.agents.work import separation_hazard
from sim.city import City, data_folder, deflator, load_city
from sim.compiled import floats_only
from sim.compiling import second_compiler
from sim.drivers import trend
from sim.markets.entry import expected_exits
from sim.markets.goods import CELLS
from sim.markets.labour import LabourState
from sim.parameters import GROUPS, Parameters
from sim.population import kept, welfare
from sim.population.backcast import residents_before
from sim.population.burn_in import burn_in, look_forward, usual_earnings
from sim.population.closure import build_market, effective_labour, start_sales
from sim.population.firms import build_firms
from sim.population.institutions import build_government, build_places
from sim.population.jobs import experience_table, experience_years, hire_everybody, seat_commuters
from sim.population.workforce import (
    give_abilities,
    labour_force,
    participation_sought,
    spells,
    states,
    usual_added,
)
from sim.quotas import luck_of, systematic
from sim.sectors import load_sectors
from sim.sorting import stable_order
from sim.synthesis import synthesise
from sim.walk import aside
from sim.welfare import Dagum, fit_dagum
from sim.world import World

BUILD_OWN = 7  # month slot of the keyed draws that set up own-account businesses
LONGEST_TENURE = 240  # months from which the hazard of losing a job no longer falls
WORKERS_LOST = 0.004  # monthly exits from the labour force, for the commuters' separations


for group in GROUPS.values():
    floats_only(group)


def build_world(
    start: tuple[int, int],
    p: Parameters,
    scale: int,
    seed: int,
    months: int,
    live: Callable[[World], None],
    progress: Callable[[str, float], None] | None = None,
) -> World:
    """A world at month 0 of `start` (year, month), after its burn-in, about to live `months`.

    `live` runs one month (the acts are to the right of this module); `progress` is told the stage and its share.
    A city that was built before and kept (`kept`) is not built again. Raises InputError for a start year without
    figures.
    """
    tell = progress or (lambda stage, share: None)
    city = load_city(start[0], household_size=p.population.household_size)
    place = kept.place_of(start, p, scale, seed)
    world = kept.read(place, city, p)
    if world is None:
        with second_compiler() as months_begin:
            world, dagum = _new_world(city, start, p, scale, seed, tell)
            months_begin()
            tell("burn-in", 0.6)
            burn_in(world, dagum, live, tell)
        kept.write(place, world)
    look_forward(world, months)
    return world


def _new_world(city: City, start: tuple[int, int], p: Parameters, scale: int, seed: int, tell) -> tuple[World, Dagum]:
    """Synthesis, jobs and households of a new city, before its burn-in; and how welfare is distributed at its start."""
    target = city.targets
    dagum = fit_dagum(
        target.poverty_line, target.poverty_headcount, target.poverty_gap, target.poverty_severity, target.gini
    )
    tell("people", 0.0)
    length = int(p.population.burn_in)
    year, month = divmod(12 * start[0] + start[1] - 1 - length, 12)
    before, ages = residents_before(city, p, length, (year, month + 1))
    persons, households = synthesise(before, seed, scale, p.demography, month + 1, ages)
    tell("jobs", 0.25)
    world = World(city, p, seed, scale, start, city.price_year, persons, households, None, None, None)  # type: ignore[arg-type]
    world.deflator = deflator(2024, city.price_year)
    world.first = world.month = -length
    world.drivers = trend(world)
    world.month = 0  # until the burn-in, ages are reckoned from its first month
    acquaintances = aside(lambda: build_acquaintances(city, p, seed, households.rows))  # needs none of what follows
    settle_work(world, dagum)
    tell("households", 0.45)
    settle_households(world, dagum.times(world.drivers.productivity))
    build_places(world, *acquaintances())
    return world, dagum


def settle_work(world: World, dagum: Dagum) -> None:
    """Labour force, own-account businesses, firms and their workers."""
    city, p, seed, scale = world.city, world.p, world.seed, world.scale
    persons = world.persons.rows
    sectors = load_sectors(data_folder(None))
    level = give_abilities(persons, p.labour, seed)
    force, share, free = labour_force(persons, np.asarray(city.participation), seed)
    target = city.targets
    jobless, own, formal = states(persons, force, target.unemployment, target.informal_share, seed)
    experience = experience_table(p.labour)
    experience /= experience[experience_years(persons, formal)].mean()
    outside = round(p.labour.outside_share * len(formal))
    offices = round(p.government.employees / scale)
    firm_jobs = round((len(formal) - outside - offices) / (1 - p.labour.commuter_share))
    world.businesses, largest = build_firms(city, sectors, p, firm_jobs, offices, outside, scale, seed)
    firms = world.businesses.rows
    seat_commuters(firms, p.labour.commuter_share, seed)
    firms["workers"][0] += len(formal) - int(firms["workers"].sum())  # rounding
    homes = world.households.rows["district"][persons["home"]].astype(np.int64)
    mean_wage = p.labour.formal_pay_ratio * dagum.mean
    wages = (
        sectors.wage_index,
        experience,
        *(world.drivers.productivity * x for x in (target.minimum_wage, mean_wage)),
    )
    sector_wage = hire_everybody(persons, homes, firms, city, p.labour, wages, seed)
    hazard = p.labour.separation_to_unemployment + p.labour.separation_to_own
    persons["since"][formal] = -spells(seed, persons["uid"][formal], 1 / hazard)
    persons["since"][jobless] = -spells(seed, persons["uid"][jobless], 6.0, 36)
    persons["since"][own] = -spells(seed, persons["uid"][own], 40.0)
    world.labour = _labour_state(world, share, free, experience, sector_wage, level)
    world.sectors, world.largest_firm = sectors, largest


def _labour_state(world: World, share, free, experience, sector_wage, level) -> LabourState:
    p, city = world.p.labour, world.city
    hazard = p.separation_to_unemployment + p.separation_to_own
    typical = hazard * p.tenure_months
    norm = 1.0 + p.tenure_effect * typical / (1.0 + typical)
    separations = np.array(
        [
            separation_hazard(p.separation_to_unemployment, months, p.tenure_effect, p.tenure_months, norm)
            for months in range(LONGEST_TENURE + 1)
        ]
    )
    ages = np.arange(100)
    turnover = np.where(ages < 30, p.turnover_young, np.where(ages < 55, p.turnover_prime, p.turnover_old))
    return LabourState(
        participation=participation_sought(share, free, turnover, usual_added(p)),
        turnover=turnover,
        separations=separations,
        experience=experience,
        sector_wage=sector_wage,
        minimum_wage=city.targets.minimum_wage * world.drivers.productivity,
        mean_schooling=level,
        commuter_share=np.full(34, p.commuter_share),
        commuters_leave=hazard + WORKERS_LOST,
    )


def start_own_businesses(world: World, mean_pay: float) -> np.ndarray:
    """Sector, place, selling power and income of the own-account businesses. Returns takings by cell (8, 30)."""
    persons, p, labour = world.persons.rows, world.p, world.labour
    rows = np.flatnonzero(persons["state"] == OWN)
    u = luck_of(world.seed, BUILD_OWN, 1, persons["uid"][rows])
    order = stable_order(u[:, 0])
    sector = np.empty(len(rows), np.int64)
    sector[order] = np.repeat(np.arange(8), systematic(world.sectors.own_account_share, len(rows), 0.5))
    home = world.households.rows["district"][persons["home"][rows]].astype(np.int64)
    reach = np.exp(-p.labour.commuting_decay * world.city.cost[:30, :30]) * world.city.district_population
    reach = np.cumsum(reach, axis=1) / reach.sum(axis=1)[:, None]
    away = (
        np.array([np.searchsorted(reach[d], x) for d, x in zip(home, u[:, 2], strict=True)])
        if len(rows) < 50_000
        else _away(reach, home, u[:, 2])
    )
    place = np.where(u[:, 1] < 0.5, home, np.minimum(away, 29))
    persons["sector"][rows], persons["workplace"][rows] = sector, place
    persons["technology"][rows] = u[:, 3] < p.goods.start_technology_own
    power = persons["skill"][rows] * persons["talent"][rows] * labour.experience[experience_years(persons, rows)]
    custom = power * (1 + p.goods.technology_output * persons["technology"][rows])
    persons["custom"][rows] = custom
    rate = mean_pay / custom.mean()
    persons["pay"][rows] = np.floor(rate * custom)
    labour.own_pay = labour.own_pay_start = float(persons["pay"][rows].mean())
    cells = sector * 30 + place
    labour.adopters = np.full(CELLS[::-1], p.goods.start_technology_own).T  # laid out as it is counted
    labour.own_custom = np.bincount(cells, weights=custom, minlength=240).reshape(CELLS)
    labour.own_custom_plain = np.bincount(cells, weights=power, minlength=240).reshape(CELLS)
    return np.bincount(cells, weights=persons["pay"][rows], minlength=240).reshape(CELLS)


def _away(reach: np.ndarray, home: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Inverse of each home's cumulative table, district by district."""
    out = np.empty(len(home), np.int64)
    for d in range(30):
        here = home == d
        out[here] = np.searchsorted(reach[d], u[here])
    return out


def settle_households(world: World, dagum: Dagum) -> None:
    """Spending by rank, balance sheets, government, and a market in which every business sells what it can make."""
    p, city, seed = world.p, world.city, world.seed
    persons, households = world.persons.rows, world.households.rows
    net = start_own_businesses(world, p.labour.own_pay_ratio * dagum.mean)
    start_sales(world.businesses.rows, world.sectors, p)
    earnings = usual_earnings(world)
    usual, place = welfare.usual_size(persons, households), city.kelurahan.dtks_share
    welfare.assign_spending(households, earnings, usual, place, dagum, p.household, seed)
    welfare.set_quintiles(households)
    welfare.balance_sheets(households, p.household, seed)
    register_poor(households, p.household, world.scale, seed)
    build_government(world)
    takings = net / (1 - p.goods.own_account_inputs)
    purchases = np.zeros((30, 2))
    food = households["spending"] * 0.42
    for column, value in enumerate((food, households["spending"] - food)):
        purchases[:, column] = np.bincount(households["district"], weights=value, minlength=30)
    bought = world.government.start_purchases
    market = build_market(
        city, world.sectors, p, world.businesses.rows, takings, purchases, bought, dagum, world.deflator
    )
    world.market = market
    market.own_size = world.labour.own_custom.copy()
    market.takings, market.till_cash = takings, int(net.sum())
    market.largest_firm = world.largest_firm
    _firm_figures(world)
    line = market.line
    ratio = np.maximum(households["average"], 1.0) / line
    households["food_share"] = np.clip(market.food_intercept - p.household.engel_slope * np.log(ratio), 0.15, 0.75)
    aid = np.where(households["registered"] > 0, market.food_aid, 0.0) + np.where(
        households["registered"] == 2, market.family_aid, 0.0
    )
    tax = np.floor(world.government.property_tax_rate * households["assets"])
    market.shares = float(households["shares"].sum())
    market.dividend_pool = int(market.expected_dividends)
    dividends = np.floor(market.dividend_pool / market.shares * households["shares"])
    welfare.close_budgets(
        households, earnings, aid + dividends - tax, welfare.essentials_of(households, line, p.household)
    )


def _firm_figures(world: World) -> None:
    """What entrants and payouts are measured against."""
    market, g, firms = world.market, world.p.goods, world.businesses.rows
    mine = firms["kind"] == 0
    sales = np.bincount(firms["sector"][mine], weights=firms["sales"][mine], minlength=8)
    heads = np.bincount(firms["sector"][mine], weights=(firms["workers"] + firms["commuters"])[mine], minlength=8)
    market.sales_per_worker = sales / np.maximum(heads, 1)
    made = effective_labour(firms) * (1 + g.technology_output * firms["technology"])
    units = np.bincount(firms["sector"][mine], weights=made[mine], minlength=8)
    market.productivity = sales / np.maximum(units, 1.0) / g.utilisation_target / (1.0 + g.hiring_gap)
    market.entry_base = expected_exits(world)
    market.margin_start = g.markup / (1 + g.markup) * 0.4
    using = np.bincount(firms["sector"][mine], weights=firms["technology"][mine], minlength=8)
    market.firm_adopters = using / np.maximum(np.bincount(firms["sector"][mine], minlength=8), 1)
    wages = firms["sales"][mine] * (1 - world.sectors.input_share[firms["sector"][mine]]) / (1 + g.markup)
    tax = firms["sales"][mine] * (g.sales_tax + np.where(firms["sector"][mine] == 4, g.food_services_tax, 0.0))
    profit = (wages * g.markup - tax) * (1 - g.national_tax)
    large = firms["size_class"][mine] == 3
    given = world.government.csr_yearly / 12
    world.government.csr_recorded = given / max(
        (np.maximum(profit, 0)[large] * world.p.population.company_profit_share).sum(), 1.0
    )
    market.expected_dividends = profit[~large].sum() + (profit[large].sum() - given) * (1 - g.outside_owners)
