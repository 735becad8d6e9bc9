"""Puts a city together for a start year, lets it live through a burn-in, and hands over a world in balance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.agents.persons import OWN, UNEMPLOYED
from sim.agents.registry import register_poor
from sim.agents.work import separation_hazard
from sim.balance import counted_stocks
from sim.city import data_folder, deflator, load_city
from sim.compiled import floats_only, kernel
from sim.drivers import set_drivers
from sim.ledger import Ledger
from sim.markets.entry import expected_exits
from sim.markets.goods import CELLS
from sim.markets.labour import LabourState
from sim.markets.projection import WorkingLife, project_labour_force
from sim.parameters import GROUPS, Parameters
from sim.population import welfare
from sim.population.closure import build_market, effective_labour, start_sales
from sim.population.firms import build_firms
from sim.population.institutions import build_government, build_places
from sim.population.jobs import experience_table, experience_years, hire_everybody, seat_commuters
from sim.population.workforce import give_abilities, labour_force, spells, states
from sim.quotas import luck_of, systematic
from sim.sectors import load_sectors
from sim.synthesis import synthesise
from sim.walk import walk
from sim.welfare import Dagum, fit_dagum
from sim.world import World

BUILD_OWN = 7  # month slot of the keyed draws that set up own-account businesses
FIRST_MONTH = 0.003  # fall of unemployment when people begin to come, go and age in month 0 (calibrated)
LONGEST_TENURE = 240  # months from which the hazard of losing a job no longer falls
REFIT = 4  # months of the burn-in between fits of lasting income
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
    """A world at month 0 of `start` (year, month), after its burn-in.

    `live` runs one month (the acts are to the right of this module); `progress` is told the stage and its share.
    Raises InputError for a start year without figures.
    """
    tell = progress or (lambda stage, share: None)
    city = load_city(start[0], household_size=p.population.household_size)
    target = city.targets
    dagum = fit_dagum(
        target.poverty_line, target.poverty_headcount, target.poverty_gap, target.poverty_severity, target.gini
    )
    tell("people", 0.0)
    persons, households = synthesise(city, seed, scale, p.demography, start[1])
    tell("jobs", 0.25)
    world = World(city, p, seed, scale, start, city.price_year, persons, households, None, None, None)  # type: ignore[arg-type]
    world.deflator = deflator(2024, city.price_year)
    settle_work(world, dagum)
    tell("households", 0.45)
    settle_households(world, dagum)
    build_places(world)
    tell("burn-in", 0.6)
    burn_in(world, dagum, months, live, tell)
    return world


def settle_work(world: World, dagum: Dagum) -> None:
    """Labour force, own-account businesses, firms and their workers."""
    city, p, seed, scale = world.city, world.p, world.seed, world.scale
    persons = world.persons.rows
    sectors = load_sectors(data_folder(None))
    level = give_abilities(persons, p.labour, seed)
    force, entry = labour_force(persons, np.asarray(city.participation), seed)
    target = city.targets
    jobless, own, formal = states(persons, force, target.unemployment, target.informal_share, seed)
    experience = experience_table(p.labour)
    experience /= experience[experience_years(persons[formal])].mean()
    outside = round(p.labour.outside_share * len(formal))
    offices = round(p.government.employees / scale)
    firm_jobs = round((len(formal) - outside - offices) / (1 - p.labour.commuter_share))
    world.businesses, largest = build_firms(city, sectors, p, firm_jobs, offices, outside, scale, seed)
    firms = world.businesses.rows
    seat_commuters(firms, p.labour.commuter_share, seed)
    firms["workers"][0] += len(formal) - int(firms["workers"].sum())  # rounding
    homes = world.households.rows["district"][persons["home"]].astype(np.int64)
    wages = (sectors.wage_index, experience, target.minimum_wage, p.labour.formal_pay_ratio * dagum.mean)
    sector_wage = hire_everybody(persons, homes, firms, city, p.labour, wages, seed)
    hazard = p.labour.separation_to_unemployment + p.labour.separation_to_own
    persons["since"][formal] = -spells(seed, persons["uid"][formal], 1 / hazard)
    persons["since"][jobless] = -spells(seed, persons["uid"][jobless], 6.0, 36)
    persons["since"][own] = -spells(seed, persons["uid"][own], 40.0)
    world.labour = _labour_state(world, entry, experience, sector_wage, level)
    world.sectors, world.largest_firm = sectors, largest


def _labour_state(world: World, entry, experience, sector_wage, level) -> LabourState:
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
        participation=entry,
        turnover=turnover,
        separations=separations,
        experience=experience,
        sector_wage=sector_wage,
        minimum_wage=city.targets.minimum_wage,
        mean_schooling=level,
        commuter_share=np.full(34, p.commuter_share),
        travel=np.exp(-p.commuting_decay * city.cost[:30]),
        commuters_leave=hazard + WORKERS_LOST,
    )


def usual_earnings(world: World) -> np.ndarray:
    """Expected earnings of each household (Rp/month), adding up to what all households earn now."""
    persons, households = world.persons.rows, world.households.rows
    each = welfare.expected_earnings(persons, len(households), world.labour.experience)
    return each * (welfare.earned(persons, households).sum() / each.sum())


def start_own_businesses(world: World, mean_pay: float) -> np.ndarray:
    """Sector, place, selling power and income of the own-account businesses. Returns takings by cell (8, 30)."""
    persons, p, labour = world.persons.rows, world.p, world.labour
    rows = np.flatnonzero(persons["state"] == OWN)
    u = luck_of(world.seed, BUILD_OWN, 1, persons["uid"][rows])
    order = np.argsort(u[:, 0], kind="stable")
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
    power = persons["skill"][rows] * persons["talent"][rows] * labour.experience[experience_years(persons[rows])]
    custom = power * (1 + p.goods.technology_output * persons["technology"][rows])
    persons["custom"][rows] = custom
    rate = mean_pay / custom.mean()
    persons["pay"][rows] = np.floor(rate * custom)
    labour.own_pay = labour.own_pay_start = float(persons["pay"][rows].mean())
    cells = sector * 30 + place
    labour.adopters = np.full(CELLS, p.goods.start_technology_own)
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
    set_quintiles(households)
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


def set_quintiles(households: np.ndarray) -> None:
    """Fifths of persons by spending per head."""
    rank = welfare.person_rank(households["average"], households["size"])
    households["quintile"] = np.minimum((rank * 5).astype(np.int64), 4)


def burn_in(world: World, dagum: Dagum, months: int, live, tell) -> None:
    """Months before the start: flows settle while labour demand and the pull of own-account work are tuned to the
    published unemployment and informal share; then the distribution of spending is set on the start year's."""
    length = int(world.p.population.burn_in)
    _open_books(world)
    world.persons.rows["since"] -= length  # the burn-in's months lie before month 0
    for month in range(-length, 0):
        world.month = month
        live(world)
        _tune(world, month + length)
        if month % REFIT == 0 and 2 * REFIT <= month + length <= length - 4 * REFIT:
            needs = welfare.essentials_of(world.households.rows, world.market.line, world.p.household)
            usual = welfare.usual_size(world.persons.rows, world.households.rows)
            welfare.refit(world.households.rows, dagum, usual_earnings(world), needs, usual)
        tell("burn-in", 0.6 + 0.4 * (month + length + 1) / length)
    households = world.households.rows
    alive = households["alive"] == 1
    welfare.set_levels(households, dagum)
    rows = households[alive]
    rank = welfare.person_rank(rows["average"], rows["size"])
    households["quintile"][alive] = np.minimum((rank * 5).astype(np.int64), 4)
    world.month = 0
    world.labour.start_scale, world.market.demand_scale = world.labour.start_usual, world.market.demand_usual
    world.labour.tightness_normal = world.labour.tightness_year
    world.labour.own_pay_start = world.labour.own_pay
    for line in world.government.programmes.values():
        line.start_counting()
    _open_books(world)
    world.growth_path = project_labour_force(
        world.persons.rows,
        households,
        world.city,
        world.p,
        months + 12,
        world.start,
        WorkingLife(world.labour.participation, world.labour.turnover),
    )
    set_drivers(world)


def _open_books(world: World) -> None:
    stocks, loans, people = counted_stocks(world)
    world.ledger = Ledger(stocks, loans)
    world.people = people
    world.identities = {"money": 0.0, "people": 0.0, "jobs": 0.0}


def _tune(world: World, done: int) -> None:
    """Proportional-integral control of labour demand (by formal employment) and of own-account starts (by
    unemployment); what the integrals have reached stays for the run."""
    labour, market, target = world.labour, world.market, world.city.targets
    unemployment, informal = labour_shares(world)
    labour.unemployment, labour.informal_share = unemployment, informal
    gap = (1 - target.unemployment) * (1 - target.informal_share) - (1 - unemployment) * (1 - informal)
    excess = unemployment - target.unemployment - FIRST_MONTH
    market.demand_usual *= 1 + 0.5 * gap
    labour.start_usual *= float(np.clip(1 + 2.0 * excess, 0.9, 1.1))
    market.demand_scale = market.demand_usual * (1 + 1.5 * gap)
    labour.start_scale = labour.start_usual * float(np.clip(1 + 10.0 * excess, 0.5, 2.0))
    counts, government = world.counts, world.government
    wanted = government.csr_yearly / 12 / max(counts["csr_accrued"], 1)
    government.csr_recorded *= float(np.clip(wanted, 0.5, 2.0)) ** 0.3
    closing = counts["business_exits"] / max(float(market.entry_base.sum()), 1e-9)
    market.entry_scale += (closing - market.entry_scale) / min(done + 1, 12)
    market.margin_start += 0.1 * (counts["profits"] / max(counts["sales"], 1) - market.margin_start)


@kernel
def count_states(low, high, tally, persons):
    for i in range(low, high):
        tally[persons[i].state] += 1


def labour_shares(world: World) -> tuple[float, float]:
    """Unemployment rate and informal share of the employed."""
    counts = walk(count_states, world.persons.n, 6, world.persons.rows)
    working = counts[1] + counts[OWN]
    force = working + counts[UNEMPLOYED]
    return float(counts[UNEMPLOYED] / max(force, 1)), float(counts[OWN] / max(working, 1))
