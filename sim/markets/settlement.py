"""The end of a business month: wages, the second round of sales, taxes, giving, payouts, luck, and who closes."""

from __future__ import annotations

import numpy as np

from sim.agents.businesses import CLOSING, FIRM, FOOD_SERVICES, LARGE, OFFICE, OPEN
from sim.agents.companies import csr_accrual
from sim.agents.selling import (
    commuter_wages,
    custom_luck,
    dearer_inputs,
    exit_hazard,
    local_tax,
    payout,
)
from sim.agents.technology import adoption_hazard
from sim.compiled import kernel
from sim.draws import GROWTH, draws, normal
from sim.walk import find, walk
from sim.world import World

RESIDENTS, COMMUTERS, OFFICES, ZONES = range(4)


@kernel
def wage_walk(low, high, tally, businesses, sector_wage):
    """Businesses pay their workers at the end of the month's work; offices and outer zones are paid for by others."""
    for j in range(low, high):
        firm = businesses[j]
        if firm.kind == FIRM:
            outside = commuter_wages(firm.wage_bill, firm.workers, firm.commuters, sector_wage[firm.sector])
            firm.deposits -= firm.wage_bill + outside
            tally[RESIDENTS] += np.int64(firm.wage_bill)
            tally[COMMUTERS] += np.int64(outside)
        elif firm.kind == OFFICE:
            tally[OFFICES] += np.int64(firm.wage_bill)
        else:
            tally[ZONES] += np.int64(firm.wage_bill)


def pay_wages(world: World) -> None:
    """Output capacity is fixed for the month and wages are paid."""
    paid = walk(wage_walk, world.businesses.n, 4, world.businesses.rows, world.labour.sector_wage)
    residents, commuters, offices, zones = paid.tolist()
    world.ledger.post("wages_to_commuters", commuters)
    world.counts["wage_bills"] = (residents, offices, zones)
    world.government.treasury -= offices


(SALES, INPUTS, LOCAL, NATIONAL, INTEREST, REPAID, HOME, ABROAD, GIVEN, VALUE, ADOPTERS, COUNT, PROFIT) = range(13)
FLOWS = {INPUTS: "inputs", LOCAL: "local_tax", NATIONAL: "national_tax", INTEREST: "interest_businesses",
         REPAID: "repayments_businesses", ABROAD: "dividends_outside"}  # fmt: skip


@kernel
def settle_walk(low, high, tally, found, businesses, tables, adopters, rates, g, giving, seed, month):
    """Close every firm's month: extra sales, costs, taxes, giving, payout, luck. Reports the firms that close."""
    extra, inputs_share, sector_wage = tables
    input_price, effort, hospitality, rise = rates  # the first by sector
    count = 0
    for j in range(low, high):
        firm = businesses[j]
        if firm.status != OPEN or firm.kind != FIRM:
            continue
        row = tally[firm.sector * 30 + firm.district]
        u, v, n1, n2 = draws(seed, GROWTH, month, firm.uid)
        more = np.floor(extra[firm.sector] * max(firm.capacity - firm.sales, 0.0))
        firm.sales += more
        outside = commuter_wages(firm.wage_bill, firm.workers, firm.commuters, sector_wage[firm.sector])
        wages = firm.wage_bill + outside
        share = inputs_share[firm.sector]
        if input_price[firm.sector] != 1.0:
            share = dearer_inputs(share, input_price[firm.sector], firm.price, firm.markup, g.markup)
        inputs = np.floor(firm.sales * share)
        own = g.food_services_tax * effort * hospitality
        tax = local_tax(firm.sales, g.sales_tax * effort, own, firm.sector == FOOD_SERVICES)
        interest = np.floor(firm.loan * rise)
        repaid = min(firm.loan, np.floor(firm.loan * 0.08) + 1.0) if firm.deposits > 0 else 0.0
        profit = firm.sales - inputs - wages - tax - interest
        national = np.floor(max(profit, 0.0) * g.national_tax)
        firm.loan -= repaid
        firm.profit = profit
        firm.deposits += firm.sales - inputs - tax - interest - repaid - national
        if firm.damage > 0.0:
            repair = np.floor(min(g.recovery * firm.damage * firm.capital, max(firm.deposits, 0.0)))
            firm.damage = max(0.0, firm.damage - repair / max(firm.capital, 1.0))
            firm.deposits -= repair
            inputs += repair
        given = csr_accrual(profit - national, giving[0], giving[1]) if firm.size_class == LARGE else 0.0
        firm.csr_fund += given
        firm.deposits -= given
        paid = payout(firm.deposits, g.cash_months * wages, g.payout)
        abroad = np.floor(g.outside_owners * paid) if firm.size_class == LARGE else 0.0
        firm.deposits -= paid
        firm.distress = firm.distress + 1 if firm.deposits < 0 else 0
        firm.custom = custom_luck(firm.custom, normal(n1, n2), g.custom_shock)
        trained = firm.practice > 0.1
        if firm.practice > 0:
            firm.practice *= 1.0 - g.practice_fading
        if firm.technology > 0.5:
            if u < g.obsolescence:
                firm.technology = 0.0
        elif u < adoption_hazard(
            g.adoption_innovation, g.adoption_imitation, adopters[firm.sector], trained, g.adoption_trained
        ):
            firm.technology = 1.0
        row[SALES] += np.int64(firm.sales)
        row[INPUTS] += np.int64(inputs)
        row[LOCAL] += np.int64(tax)
        row[NATIONAL] += np.int64(national)
        row[INTEREST] += np.int64(interest)
        row[REPAID] += np.int64(repaid)
        row[HOME] += np.int64(paid - abroad)
        row[ABROAD] += np.int64(abroad)
        row[GIVEN] += np.int64(given)
        row[VALUE] += np.int64(firm.sales - inputs)
        row[ADOPTERS] += np.int64(firm.technology > 0.5)
        row[COUNT] += 1
        row[PROFIT] += np.int64(profit)
        hazard = exit_hazard(firm.size_class, g.exit_micro, g.exit_small, g.exit_medium, g.exit_large)
        if v < hazard or firm.distress >= g.distress_exit or (firm.workers + firm.commuters == 0 and v < 0.1):
            firm.status = CLOSING
            found[count] = j
            count += 1
    return count


def settle(world: World) -> None:
    """Sales are completed and paid; profits are taxed, given, paid out; failing businesses close."""
    market, p, drivers = world.market, world.p, world.drivers
    tables = (world.counts["second_round"], market.sectors.input_share, world.labour.sector_wage)
    rise = p.household.formal_interest + drivers.interest
    rates = (drivers.input_price, drivers.revenue_effort, drivers.hospitality_tax, rise)
    giving = (p.population.company_profit_share, world.companies.recorded(world.government.csr_recorded, p.companies))
    tally, closing = find(
        settle_walk,
        world.businesses.n,
        (240, 13),
        world.businesses.rows,
        tables,
        market.firm_adopters,
        rates,
        p.goods,
        giving,
        world.seed,
        world.month,
    )
    by_cell = tally.reshape(8, 30, 13)
    by_sector = by_cell.sum(axis=1)
    market.firm_adopters = by_sector[:, ADOPTERS] / np.maximum(by_sector[:, COUNT], 1)
    total = by_sector.sum(axis=0).tolist()
    for column, flow in FLOWS.items():
        world.ledger.post(flow, total[column])
    world.government.treasury += total[LOCAL]
    world.government.own_revenue += total[LOCAL]
    market.dividend_pool += total[HOME]
    _post_sales(world, by_sector[:, SALES])
    world.counts["value_added"] = by_cell[:, :, VALUE].sum(axis=0) + world.counts["own_account_value_added"]
    world.counts["sector_value_added"] = by_sector[:, VALUE]
    world.counts["sales"] = total[SALES]
    world.counts["profits"] = total[PROFIT]
    world.counts["csr_accrued"] = total[GIVEN]
    world.counts["firm_adopters"] = total[ADOPTERS]
    close(world, closing)
    world.counts["business_exits"] = world.counts.pop("closing")


def _post_sales(world: World, sales: np.ndarray) -> None:
    """Divide each sector's delivered sales among the buyers in proportion to what they asked for.

    What institutions and households asked for and did not get is delivered from outside.
    """
    local, outside, _ = world.counts["demand"]
    institutions = (world.government.purchases, world.communities.purchases, world.counts["company_purchases"])
    asked = np.array([local.sum(axis=1), outside.sum(axis=1), *(table.sum(axis=0) for table in institutions)])
    share = asked / np.maximum(asked.sum(axis=0), 1e-9)
    parts = np.rint(share * sales).astype(np.int64)
    parts[1] += sales - parts.sum(axis=0)  # the largest buyer takes the rounding
    households, external, government, communities, companies = parts.sum(axis=1).tolist()
    post = world.ledger.post
    post("consumption", households)
    post("consumption_imports", world.counts["purchases_total"] - households - world.counts["paid_to_tills"])
    post("external_sales", external)
    by_government, by_communities, by_companies = (int(table.sum()) for table in institutions)
    post("government_purchases", government)
    post("government_imports", by_government - government)
    post("community_works", communities)
    post("community_imports", by_communities - communities)
    post("company_works", companies)
    post("company_works_imports", by_companies - companies)
    world.government.treasury -= by_government
    world.communities.purchases[:] = 0.0  # delivered


def close(world: World, rows: np.ndarray) -> None:
    """Businesses close: what is left goes to the owners, at home and, of companies, outside as their profits do;
    overdraft and loan go to the bank's books; staff leave next.

    Called at the end of the month for those that cannot go on, and before by shocks; the exits of a month add up.
    """
    world.counts["closing"] = world.counts.get("closing", 0) + len(rows)
    if not len(rows):
        return
    firms, ledger, market = world.businesses.rows, world.ledger, world.market
    left = firms["deposits"][rows] + firms["csr_fund"][rows]
    ledger.post("overdrafts_absorbed", -left[left < 0].sum())
    abroad = np.where(firms["size_class"][rows] == LARGE, np.floor(world.p.goods.outside_owners * left), 0.0)
    ledger.post("dividends_outside", abroad[left > 0].sum())
    market.dividend_pool += int((left - abroad)[left > 0].sum())
    ledger.write_off("businesses", firms["loan"][rows].sum())
    for name in ("deposits", "csr_fund", "loan", "sales", "capacity", "vacancies"):
        firms[name][rows] = 0
    firms["status"][rows] = CLOSING
