"""What a business plans each month: expected demand, capacity, workers, price, credit. Rules, and the walk."""

import numpy as np

from sim.agents.businesses import FIRM, OPEN
from sim.agents.selling import unit_cost
from sim.compiled import kernel, rule
from sim.draws import PLAN, draws, stochastic_round
from sim.walk import FIXED, walk
from sim.world import World


@rule
def expectation(expected, demand, speed):
    """Adaptive expectation of demand, Rp/month: D_e + speed*(D - D_e)."""
    return expected + speed * (demand - expected)


@rule
def output_capacity(productivity, labour, technology, practice, gain_technology, gain_practice, quality, damage):
    """Sales at full use, Rp/month: A*L*(1 + theta*tau + phi*m)*Q*(1 - damage).

    `quality` is the district's service quality relative to the start, to the power of the elasticity of output to
    public capital. Source: bom_ligthart_2014; mckenzie_2021.
    """
    return (
        productivity * labour * (1.0 + gain_technology * technology + gain_practice * practice) * quality * (1 - damage)
    )


@rule
def efficiency_units(skills, workers, commuters):
    """Efficiency units at work: residents' own; people from the outer zones count as the firm's mean resident."""
    return skills + commuters * (skills / workers if workers > 0 else 1.0)


@rule
def desired_workers(expected, capacity, workers, utilisation):
    """Workers needed for expected demand at the planned use of capacity: D_e * L / (capacity * u*)."""
    return expected * workers / (capacity * utilisation)


@rule
def openings(desired, workers, speed):
    """Vacancies to post (mean): a share of the missing workers; nobody looks for half a worker."""
    missing = desired - workers
    return speed * missing if missing > 0.5 else 0.0


@rule
def layoff_share(desired, workers, speed, hoarding):
    """Share of workers laid off: a share of the surplus beyond the hoarding band and half a worker."""
    surplus = workers - (1.0 + hoarding) * desired - 0.5
    if surplus <= 0.0 or workers <= 0:
        return 0.0
    return min(0.5, speed * surplus / workers)


@rule
def next_markup(markup, start_markup, utilisation, target, response):
    """Mark-up after a price review: rises with use above target, pulled back to the start's; within 0.02-0.6."""
    changed = markup * (1.0 + response * (utilisation - target)) + 0.2 * (start_markup - markup)
    return min(max(changed, 0.02), 0.6)


@rule
def credit_need(wages_due, deposits):
    """Cash missing for this month's wages, Rp."""
    return max(0.0, wages_due - deposits)


LOANS = 0  # tally items of the planning walk, by sector
VACANCIES = 1
WAGES, UNITS = 2, 3  # Rp, and fixed-point efficiency units at usual pay


@kernel
def plan_walk(
    low,
    high,
    tally,
    businesses,
    quality,
    capacity_factor,
    growth,
    output_growth,
    credit,
    unit_costs,
    shrink,
    leaving,
    g,
    seed,
    month,
):
    for j in range(low, high):
        firm = businesses[j]
        firm.vacancies = 0
        firm.layoff = 0.0
        if firm.status != OPEN:
            continue
        u, review, borrow, away = draws(seed, PLAN, month, firm.uid)
        heads = firm.workers + firm.commuters
        if firm.kind != FIRM:  # an office or an outer zone: jobs follow its staffing plan
            firm.vacancies = stochastic_round(openings(firm.expected * growth, heads, 1.0), u)
            continue
        firm.expected = expectation(firm.expected, firm.demand, g.expectation_speed)
        place = quality[firm.district] * capacity_factor[firm.sector, firm.district]
        labour = efficiency_units(firm.skills, firm.workers, firm.commuters)
        firm.capacity = firm.price * output_capacity(
            firm.productivity * output_growth,
            labour,
            firm.technology,
            firm.practice,
            g.technology_output,
            g.practice_output_firms,
            place,
            firm.damage,
        )
        one_more = firm.productivity * output_growth * place * (1.0 - min(firm.damage, 0.9))
        if heads > 0 and firm.capacity > 0.0:
            desired = desired_workers(firm.expected, firm.capacity, heads, g.utilisation_target)
            desired *= (1.0 - firm.damage) ** 2  # as many as whole premises would need, where there is room
            used = min(firm.demand / firm.capacity, 1.5)
        else:
            desired = firm.expected / (max(one_more, 1.0) * g.utilisation_target)
            used = 1.0
        desired = min(desired, heads * 1.5 + 2.0)  # a firm grows by at most half in a month
        firm.vacancies = stochastic_round(openings(desired, heads, g.hiring_speed), u)
        firm.layoff = layoff_share(desired, heads, g.firing_speed, g.hoarding) + shrink
        if firm.deposits < 0.0:
            firm.layoff += g.distress_layoffs
            firm.vacancies = 0
        if review < g.price_change:
            firm.markup = next_markup(firm.markup, g.markup, used, g.utilisation_target, g.markup_response)
            firm.price = (1.0 + firm.markup) / (1.0 + g.markup) * unit_costs[firm.sector]
        if firm.commuters > 0:
            firm.commuters -= min(firm.commuters, stochastic_round(firm.commuters * (leaving + firm.layoff), away))
        wages = firm.wage_bill * (1.0 + firm.commuters / max(firm.workers, 1))
        need = credit_need(wages, firm.deposits)
        if need > 0.0 and borrow < g.loan_access:
            room = max(0.0, g.loan_limit * credit * firm.sales - firm.loan)
            loan = np.floor(min(need, room))
            firm.loan += loan
            firm.deposits += loan
            tally[firm.sector, LOANS] += np.int64(loan)
        tally[firm.sector, VACANCIES] += firm.vacancies
        tally[firm.sector, WAGES] += np.int64(firm.wage_bill)
        tally[firm.sector, UNITS] += np.int64(firm.skills * firm.premium * FIXED)


def plan_businesses(world: World) -> None:
    """Each business plans: demand to expect, workers to seek or let go, price, credit."""
    drivers, shares = world.drivers, world.market.sectors.input_share
    tally = walk(
        plan_walk,
        world.businesses.n,
        (8, 4),
        world.businesses.rows,
        world.services.productivity,
        drivers.capacity,
        drivers.growth,
        drivers.productivity,
        drivers.credit,
        unit_cost(shares, world.p.goods.markup, drivers.input_price, world.market.unit_wages),
        drivers.layoffs,
        world.labour.commuters_leave,
        world.p.goods,
        world.seed,
        world.month,
    )
    world.ledger.post("loans_to_businesses", tally[:, LOANS].sum())
    remember_wages(world, tally[:, WAGES], tally[:, UNITS] / FIXED)


def remember_wages(world: World, wages: np.ndarray, units: np.ndarray) -> None:
    """What firms of each sector (8,) pay for the efficiency units of a unit of output, over the start's: from it they
    reckon the cost of a unit next month. wages: Rp a month; units: the workers' at the sector's usual pay."""
    paid = np.where(units > 0, wages / np.maximum(units, 1e-9), 0.0) / world.drivers.productivity
    market = world.market
    if world.month < 0:
        market.unit_wages_start = paid
    known = (paid > 0) & (market.unit_wages_start > 0)
    market.unit_wages = np.where(known, paid / np.where(known, market.unit_wages_start, 1.0), 1.0)
