"""The household month: income arrives, debts and taxes are paid, spending is chosen, and who cannot cope is helped."""

from __future__ import annotations

import numpy as np

from sim.agents.ahead import UNSEEN, made_longer
from sim.agents.budget_rules import (
    buffer_months,
    debt_service,
    desired_consumption,
    essentials,
    fire_sale,
    food_gap,
    food_share,
    home_repair,
    lasting_average,
    loan_room,
    obligations_due,
    permanent_income,
    reduced_coping_index,
    rupiah_buys,
)
from sim.agents.households import AIDED, BORROWED, CUT, EARNER, HUNGRY, SAVINGS, SOLD, WITHDREW
from sim.agents.mutual_aid import mutual_aid
from sim.agents.persons import CHILD, FORMAL, NOBODY, OWN, STATES
from sim.compiled import at, kernel, rule
from sim.draws import COPING, draws
from sim.walk import FIXED, find
from sim.world import World

ITEMS = (
    "wages", "mixed_income", "claims", "obligations", "national_assistance", "dividends", "property_tax",
    "repayments_households", "interest_households", "repayments_informal", "interest_informal",
    "loans_to_households", "loans_informal", "asset_sales", "repairs", "food", "nonfood", "income",
)  # fmt: skip
(WAGES, MIXED, CLAIMS, OBLIGATIONS, ASSISTANCE, DIVIDENDS, TAX, REPAID, INTEREST, REPAID_INFORMAL, INTEREST_INFORMAL,
 LOANS, LOANS_INFORMAL, SALES, REPAIRS, FOOD, NONFOOD, INCOME) = range(18)  # fmt: skip
SHARES = 18
PAID = np.array([1.0 * (state == FORMAL) for state in range(len(STATES))])  # whose pay is a wage
CRISIS = SOLD | HUNGRY | WITHDREW


@rule
def spend(home, amount, line, prices, intercept, H, row):
    """Pay for `amount` of consumption out of savings; remember it, and what it meant for the food on the table."""
    amount = np.floor(max(amount, 0.0))
    per_head = amount / max(home.size, 1)
    home.food_share = food_share(per_head, line, intercept, H.engel_slope)
    food = np.floor(home.food_share * amount)
    row[FOOD] += np.int64(food)
    row[NONFOOD] += np.int64(amount - food)
    home.savings -= amount
    home.spending = amount
    real = per_head * rupiah_buys(home.food_share, prices[0], prices[1])
    home.average = lasting_average(home.average, real)
    missing = food_gap(food / prices[0], H.food_need * line * home.size)
    home.rcsi = reduced_coping_index(missing, home.coping & (BORROWED | AIDED) != 0)
    if missing > 0.15:
        home.coping |= HUNGRY
    home.hardship = home.hardship + 1 if home.coping & CRISIS != 0 else 0


@kernel
def budget_walk(low, high, tally, found, households, persons, state, H, month):
    """Income, obligations, debts and spending of every household.

    Reports those whose own cash does not cover their essentials: row*2, and 1 more where loans do not either.
    """
    pay_rate, prices, money, line = state
    dividend_rate, tax_rate, intercept, growth, food_aid, family_aid, credit, rate_rise, fear = money
    count = 0
    for h in range(low, high):
        home = households[h]
        if home.alive == 0:
            continue
        row = tally[home.district]
        wages, mixed, earners = 0.0, 0.0, np.int64(0)
        whole = 1.0 - H.damaged_tools * home.damage
        i = np.int64(home.first)
        while i >= 0:
            person = persons[at(i)]
            wages += person.pay * PAID[at(person.state)]  # a branch nobody can foresee costs more
            earners += 1 * ((person.state == FORMAL) | (person.state == OWN))
            if person.state == OWN and person.since < month:
                person.pay = np.floor(pay_rate[at(person.sector), at(person.workplace)] * person.custom * whole)
                mixed += person.pay
            i = np.int64(person.next)
        home.earners = earners
        earned = wages + mixed
        row[WAGES] += np.int64(wages)
        row[MIXED] += np.int64(mixed)
        price = home.food_share * prices[0] + (1.0 - home.food_share) * prices[1]
        needs = essentials(H.essential_share, line, home.size, price)
        owed = obligations_due(earned, home.obligations, needs)
        claims = np.floor(home.claims * growth)
        aid = 0.0 if home.registered == 0 else (food_aid if home.registered == 1 else food_aid + family_aid)
        dividends = np.floor(dividend_rate * home.shares)
        tax = np.floor(tax_rate * home.assets)
        income = earned - owed + claims + aid + dividends + home.aid - tax
        home.income = income
        home.permanent = permanent_income(home.permanent, income, H.permanent_speed)
        cash = home.savings + income - home.aid  # aid is in the savings already
        home.aid = 0.0
        coping = 0
        if home.formal_debt > 0.0:
            paid, cost = debt_service(home.formal_debt, H.repayment, H.formal_interest + rate_rise, cash - needs)
            home.formal_debt -= paid
            cash -= paid + cost
            row[REPAID] += np.int64(paid)
            row[INTEREST] += np.int64(cost)
        if home.informal_debt > 0.0:
            paid, cost = debt_service(home.informal_debt, H.repayment, H.informal_interest, cash - needs)
            home.informal_debt -= paid
            cash -= paid + cost
            row[REPAID_INFORMAL] += np.int64(paid)
            row[INTEREST_INFORMAL] += np.int64(cost)
        if home.damage > 0.0:
            repair = home_repair(home.assets, home.damage, H.repair_speed, H.repair_limit * (cash - needs))
            home.damage = max(0.0, home.damage - repair / max(home.assets, 1.0))
            cash -= repair
            row[REPAIRS] += np.int64(repair)
        buffer = buffer_months(cash - income, home.formal_debt + home.informal_debt, home.permanent)
        want = fear * desired_consumption(home.permanent, buffer, home.buffer_target, H.precaution)
        want = max(want, min(needs, cash))
        if needs > income:
            coping |= SAVINGS  # what the family must have is paid out of what it has put by
        if want > cash:
            if cash < 0.9 * want:
                coping |= CUT
            want = max(cash, 0.0)
        gap = max(0.0, np.floor(needs - want))
        home.gap = gap
        home.shortage = gap / max(needs, 1.0)
        if gap > 0.0:
            coping |= EARNER
            if home.groups > 0 or home.tenure == 0:
                loan = min(gap, np.floor(credit * loan_room(H.formal_loan_limit, home.permanent, home.formal_debt)))
                loan = loan if home.uid % np.uint64(100) < np.uint64(100.0 * H.bank_access) else 0.0
                home.formal_debt += loan
                cash += loan
                gap -= loan
                row[LOANS] += np.int64(loan)
            loan = min(gap, np.floor(loan_room(H.informal_loan_limit, home.permanent, home.informal_debt)))
            home.informal_debt += loan
            cash += loan
            gap -= loan
            row[LOANS_INFORMAL] += np.int64(loan)
            if gap < home.gap:
                coping |= BORROWED
                want = max(want, min(needs, cash))
            found[count] = h * 2 + (gap > 0.0)
            count += 1
        home.coping = coping
        home.savings = cash
        row[CLAIMS] += np.int64(claims)
        row[OBLIGATIONS] += np.int64(owed)
        row[ASSISTANCE] += np.int64(aid)
        row[DIVIDENDS] += np.int64(dividends)
        row[TAX] += np.int64(tax)
        row[INCOME] += np.int64(income)
        row[SHARES] += np.int64(home.shares * FIXED)
        if gap > 0.0:
            home.gap = gap
            home.spare = 0.0
            home.spending = want
        else:
            home.gap = 0.0
            spend(home, want, line, prices, intercept, H, row)
            home.spare = max(0.0, home.savings - H.spare_months * needs)
    return count


@kernel
def last_resorts(rows, tally, households, persons, loud, state, H, seed, month):
    """For households still short: sell assets, cut food, take a child out of school; then spend what there is."""
    prices, intercept, line, sale_price = state
    for k in range(rows.shape[0]):
        home = households[rows[k]]
        row = tally[home.district]
        u, _, _, _ = draws(seed, COPING, month, home.uid)
        if home.aid > 0.0:
            home.coping |= AIDED
        if home.gap > 0.0 and home.assets > 0.0:
            sold = fire_sale(home.gap, home.assets, H.sale_limit, sale_price)
            money = np.floor(sold * (1.0 - sale_price))
            home.assets -= sold
            home.savings += money
            home.gap = max(0.0, home.gap - money)
            row[SALES] += np.int64(money)
            if sold > 0.0:
                home.coping |= SOLD
        if u < H.withdrawal * home.shortage:
            i = home.first
            while i != NOBODY:
                person = persons[i]
                age = (month - person.born) // 12
                if person.state == CHILD and person.enrolled == 1 and age >= 12:
                    person.enrolled = 0
                    loud[i] = UNSEEN  # may be grown up from next month on
                    home.coping |= WITHDREW
                    break
                i = person.next
        spend(home, home.savings, line, prices, intercept, H, row)
        home.aid = 0.0


def household_budget(world: World) -> None:
    """Households earn, pay, choose and cope; their purchases wait for the goods market in `market.purchases`."""
    market, drivers, p = world.market, world.drivers, world.p.household
    own = world.labour.own_custom
    rate = np.where(own > 0, market.tills / np.maximum(own, 1e-9), 0.0)
    prices = market.paid = (float(market.price_food), float(market.price_nonfood))
    money = (
        market.dividend_pool / max(market.shares, 1e-9),
        world.government.property_tax_rate * drivers.revenue_effort,
        market.food_intercept,
        drivers.claims,
        float(np.rint(market.food_aid)),
        float(np.rint(market.family_aid)),
        drivers.credit,
        drivers.interest,
        drivers.spending,
    )
    households, persons = world.households.rows, world.persons.rows
    tally, reports = find(
        budget_walk,
        world.households.n,
        (30, 19),
        households,
        persons,
        (rate, prices, money, market.line),
        p,
        world.month,
    )
    market.short, short = reports >> 1, reports[reports & 1 == 1] >> 1
    social = world.p.community
    share = p.mutual_aid * drivers.mutual_aid
    world.counts["mutual_aid_rp"] = mutual_aid(
        short, households, world.ties, share, world.communities.bridging_factor, social.trust_start, social.couplings
    )
    last_resorts(
        short,
        tally,
        households,
        persons,
        _seen(world),
        (prices, market.food_intercept, market.line, p.fire_sale),
        p,
        world.seed,
        world.month,
    )
    world.counts["short_of_essentials"] = len(short)
    _post(world, tally)


def _seen(world: World) -> np.ndarray:
    """The months ahead of every person, those who have just come included."""
    world.vital.loud = made_longer(world.vital.loud, world.persons.n)
    return world.vital.loud


def _post(world: World, tally: np.ndarray) -> None:
    """Put the month's household flows in the ledger and the purchases before the market."""
    total = dict(zip(ITEMS, tally[:, :SHARES].sum(axis=0).tolist(), strict=True))
    ledger, market = world.ledger, world.market
    for flow in ITEMS[CLAIMS:FOOD]:
        ledger.post(flow, total[flow])
    ledger.post("mixed_income", total["mixed_income"])
    paid = world.counts["wage_bills"]  # (firms, offices, zones)
    ledger.post("wages", total["wages"] - paid[1] - paid[2])
    ledger.post("wages_government", paid[1])
    ledger.post("wages_from_outside", paid[2])
    market.dividend_pool -= total["dividends"]
    world.government.treasury += total["property_tax"]
    world.government.own_revenue += total["property_tax"]
    market.shares = tally[:, SHARES].sum() / FIXED
    market.purchases = tally[:, [FOOD, NONFOOD]]
    world.counts["household_income"] = tally[:, INCOME]
    market.pay_tills(world, total["mixed_income"])
