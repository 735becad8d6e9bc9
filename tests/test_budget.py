"""One household's month: what it wants, what it must, and how it copes. Money in plain rupiah."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from sim.agents.households import BORROWED, CUT, EARNER, HOUSEHOLD, HUNGRY, SAVINGS, SOLD, WITHDREW
from sim.agents.persons import CHILD, FORMAL, INACTIVE, NOBODY, PERSON
from sim.compiled import kernel
from sim.declare import defaults
from sim.markets.budget import (
    FOOD,
    INCOME,
    ITEMS,
    LOANS_INFORMAL,
    NONFOOD,
    REPAIRS,
    SALES,
    SHARES,
    WAGES,
    budget_walk,
    last_resorts,
    spend,
)
from sim.parameters.household import HouseholdRules

H = defaults(HouseholdRules)._replace(
    permanent_speed=0.15, precaution=0.03, essential_share=0.62, engel_slope=0.12, informal_loan_limit=1.0,
    food_need=0.52, spare_months=1.0, repayment=0.08,
)  # fmt: skip
LINE = 600_000.0
NEEDS = 0.62 * LINE * 4  # Rp 1,488,000 for four
MONEY = st.floats(0, 1e9)


def test_fifteen_percent_of_a_lost_income_is_taken_for_lasting():
    assert permanent_income(5e6, 3e6, 0.15) == pytest.approx(4.7e6)
    assert permanent_income(5e6, 5e6, 0.15) == 5e6


def test_a_buffer_one_month_short_costs_three_percent_of_spending():
    """Rp 5 million permanent income, half a month saved, target one and a half: Rp 4.85 million."""
    assert buffer_months(2.5e6, 0.0, 5e6) == 0.5
    assert buffer_months(7.5e6, 5e6, 5e6) == 0.5  # debts count
    assert desired_consumption(5e6, 0.5, 1.5, 0.03) == pytest.approx(4.85e6)
    assert desired_consumption(5e6, 2.5, 1.5, 0.03) == pytest.approx(5.15e6)
    assert desired_consumption(5e6, -50.0, 1.5, 0.03) == pytest.approx(4.55e6)


def test_food_takes_half_at_the_line_and_eight_points_less_at_twice_the_line():
    assert food_share(LINE, LINE, 0.5, 0.12) == 0.5
    assert food_share(2 * LINE, LINE, 0.5, 0.12) == pytest.approx(0.5 - 0.12 * np.log(2))
    assert food_share(1.0, LINE, 0.5, 0.12) == 0.75
    assert food_share(1e12, LINE, 0.5, 0.12) == 0.15


def test_nobody_is_asked_for_what_the_family_must_eat():
    """Essentials of four: 62 % of four poverty lines."""
    assert essentials(0.62, LINE, 4, 1.0) == pytest.approx(1_488_000)
    assert essentials(0.62, LINE, 4, 1.1) == pytest.approx(1_636_800)
    assert obligations_due(6e6, 0.25, 1.488e6) == 1_128_000
    assert obligations_due(1.4e6, 0.25, 1.488e6) == 0.0


def test_a_lender_gives_up_to_two_months_of_income():
    assert loan_room(2.0, 5e6, 4e6) == 6e6
    assert loan_room(2.0, 5e6, 10e6) == loan_room(2.0, 5e6, 15e6) == 0.0


def test_interest_first_then_a_share_of_the_debt():
    """Rp 10 million at half a percent a month: Rp 50,000 interest and 8 % of the debt."""
    assert debt_service(10e6, 0.08, 0.005, 5e6) == (800_001.0, 50_000.0)
    assert debt_service(10e6, 0.08, 0.005, 30_000.0) == (0.0, 30_000.0)
    assert debt_service(10e6, 0.08, 0.005, -1e6) == (0.0, 0.0)
    assert debt_service(0.4, 0.08, 0.005, 1e6)[0] == 0.4  # the last of it


@given(MONEY, st.floats(-1e9, 1e9), st.floats(0.02, 0.2), st.floats(0.002, 0.1))
def test_no_debt_is_overpaid_and_nobody_pays_what_there_is_not(debt, affordable, share, interest):
    paid, cost = debt_service(float(int(debt)), share, interest, affordable)
    assert 0 <= paid <= debt and cost >= 0
    assert paid + cost <= max(affordable, 0.0)


def test_the_coping_index_at_each_gap():
    """Cheaper food first: at a gap of 5 % seven days of it; restricting adults reaches seven days at 35 %."""
    assert food_gap(95.0, 100.0) == pytest.approx(0.05)
    assert food_gap(120.0, 100.0) == 0.0
    assert reduced_coping_index(0.05, False) == pytest.approx(7 + 7 / 3 + 3 * 1.0 + 7 / 5)
    assert reduced_coping_index(0.05, True) == pytest.approx(reduced_coping_index(0.05, False) + 14)
    assert reduced_coping_index(0.0, True) == 0.0


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_more_hunger_never_lowers_the_index(a, b, helped):
    low, high = sorted((a, b))
    assert 0 <= reduced_coping_index(low, helped) <= reduced_coping_index(high, helped) <= 56


def test_goods_worth_a_million_are_given_for_seven_hundred_thousand():
    assert fire_sale(700_000.0, 100e6, 0.02, 0.3) == pytest.approx(1_000_000, abs=1)
    assert fire_sale(7_000_000.0, 50e6, 0.02, 0.3) == 1_000_000  # two percent of Rp 50 million in a month
    assert fire_sale(0.0, 50e6, 0.02, 0.3) == 0.0


def test_a_damaged_dwelling_is_repaired_as_far_as_money_is_left():
    """A fifth of Rp 100 million is damaged; 10 % of that a month is Rp 2 million."""
    assert home_repair(100e6, 0.2, 0.1, 9e6) == pytest.approx(2e6, abs=1)
    assert home_repair(100e6, 0.2, 0.1, 500_000.0) == 500_000
    assert home_repair(100e6, 0.2, 0.1, -5e6) == 0.0
    assert home_repair(100e6, 0.0, 0.1, 9e6) == 0.0


@kernel
def _spend(homes, amount, line, prices, intercept, rules, row):
    home = homes[0]
    spend(home, amount, line, prices, intercept, rules, row)


def family(wage=5e6, **fields):
    """A couple and two children, 6 and 14; one of the adults earns `wage`."""
    homes, persons = np.zeros(1, HOUSEHOLD), np.zeros(4, PERSON)
    persons["next"] = [1, 2, 3, NOBODY]
    persons["state"] = [FORMAL if wage else INACTIVE, INACTIVE, CHILD, CHILD]
    persons["pay"][0], persons["born"] = wage, [-480, -470, -12 * 6, -12 * 14 - 1]
    persons["enrolled"][2:] = 1
    start = {"alive": 1, "size": 4, "children": 2, "permanent": 5e6, "average": 1.25e6, "food_share": 0.4,
             "buffer_target": 1.5, "savings": 7.5e6, "uid": 77} | fields  # fmt: skip
    for name, value in start.items():
        homes[name] = value
    return homes, persons


def budget(homes, persons, month=3):
    """One budget month at start prices; returns the tally and whether the household is still short after loans."""
    tally, found = np.zeros((30, SHARES + 1), np.int64), np.zeros(1, np.int32)
    money = (0.0, 0.0, 0.5, 1.0, 200e3, 225e3, 1.0, 0.0, 1.0)
    count = budget_walk(0, 1, tally, found, homes, persons, (np.zeros((8, 30)), (1.0, 1.0), money, LINE), H, month)
    assert count == (homes["shortage"][0] > 0)  # who lacks essentials is reported, loans or not
    return tally, count * (found[0] & 1)


def test_a_rupiah_buys_what_the_prices_leave_of_it():
    """Half for food at 1.25 times the price, half for the rest at twice: 0.5 / 1.25 + 0.5 / 2."""
    assert rupiah_buys(0.5, 1.25, 2.0) == pytest.approx(0.65)
    assert rupiah_buys(0.3, 1.0, 1.0) == 1.0


def test_the_average_takes_in_a_twelfth_of_the_news():
    """A fall by 1.2 million counts 0.1 million at once and 65 % after a year."""
    assert lasting_average(2.4e6, 1.2e6) == pytest.approx(2.3e6)
    average = 2.4e6
    for _ in range(12):
        average = lasting_average(average, 1.2e6)
    assert (2.4e6 - average) / 1.2e6 == pytest.approx(1 - (11 / 12) ** 12) == pytest.approx(0.648, abs=1e-3)


def test_spending_more_than_comes_in_is_no_distress_where_income_covers_what_the_family_must_have():
    homes, persons = family(wage=3_000_000)
    assert budget(homes, persons)[1] == 0
    assert homes["spending"][0] > 3e6 > NEEDS and homes["coping"][0] == 0


def test_four_million_for_four_are_divided_by_the_engel_curve():
    homes, _ = family()
    row = np.zeros(SHARES + 1, np.int64)
    _spend(homes, 4e6, LINE, (1.0, 1.0), 0.5, H, row)
    share = 0.5 - 0.12 * np.log(1e6 / LINE)
    assert row[FOOD] == np.floor(np.float32(share) * 4e6)
    assert row[FOOD] + row[NONFOOD] == 4_000_000 and homes["savings"][0] == 3.5e6
    assert homes["average"][0] == pytest.approx(1.25e6 + (1e6 - 1.25e6) / 12)
    assert homes["rcsi"][0] == 0


def test_a_family_at_its_target_spends_its_income_and_copes_with_nothing():
    homes, persons = family()
    tally, short = budget(homes, persons)
    home = homes[0]
    assert short == 0 and home["coping"] == 0 and home["gap"] == 0
    assert tally[0, WAGES] == tally[0, INCOME] == 5e6
    assert home["spending"] == 5e6 and home["savings"] == 7.5e6
    assert home["spare"] == pytest.approx(7.5e6 - H.spare_months * NEEDS)


def test_the_first_month_without_pay_is_met_from_savings():
    """Permanent income falls to 4.25 million; 1.76 months of it are saved, so 0.8 % more than that is spent."""
    homes, persons = family(wage=0)
    _, short = budget(homes, persons)
    home = homes[0]
    assert short == 0 and home["coping"] == SAVINGS
    want = 4.25e6 * (1 + 0.03 * (7.5 / 4.25 - 1.5))
    assert home["spending"] == np.floor(want) and home["savings"] == 7.5e6 - np.floor(want)


def test_without_pay_and_savings_spending_is_cut_and_debts_are_made():
    """Needs are Rp 1.488 million, nothing is there; moneylenders give up to a month of permanent income.

    Essentials feed nobody well: at Rp 372,000 a head, 56 % of it for food, a third of the food is missing.
    """
    homes, persons = family(wage=0, savings=0.0)
    tally, short = budget(homes, persons)
    home = homes[0]
    assert short == 0  # covered by the loan
    assert home["informal_debt"] == tally[0, LOANS_INFORMAL] == home["spending"] == NEEDS
    assert home["coping"] == SAVINGS | CUT | EARNER | BORROWED | HUNGRY
    assert home["savings"] == 0


def test_when_nobody_lends_goods_are_sold_food_is_cut_and_a_child_may_leave_school():
    homes, persons = family(wage=0, savings=0.0, informal_debt=50e6, assets=30e6)
    tally, short = budget(homes, persons)
    assert short == 1 and homes["gap"][0] == NEEDS
    homes["uid"] = 0
    rules = H._replace(withdrawal=1.0, sale_limit=0.02)
    last_resorts(
        np.array([0], np.int32),
        tally,
        homes,
        persons,
        np.zeros(len(persons), np.uint16),
        ((1.0, 1.0), 0.5, LINE, 0.3),
        rules,
        1,
        3,
    )
    home = homes[0]
    assert tally[0, SALES] == 420_000 == home["spending"]  # Rp 600,000 of goods at a 30 % discount
    assert home["assets"] == 29.4e6 and home["savings"] == 0
    assert home["coping"] & (SOLD | HUNGRY) == SOLD | HUNGRY
    assert (home["coping"] & WITHDREW > 0) == (persons["enrolled"][3] == 0)
    assert persons["enrolled"][2] == 1  # a six-year-old stays
    assert home["hardship"] == 1 and home["rcsi"] > 19


def test_what_is_repaired_is_paid_and_no_longer_damaged():
    homes, persons = family(assets=100e6, damage=0.2)
    tally, _ = budget(homes, persons)
    paid = tally[0, REPAIRS]
    assert paid == pytest.approx(H.repair_speed * 20e6, rel=1e-6)
    assert homes["damage"][0] == pytest.approx(0.2 - paid / 100e6)
    assert homes["savings"][0] == 7.5e6 + 5e6 - paid - homes["spending"][0]


def test_help_from_others_counts_once():
    """Aid is already in the savings: it is income, and cash does not grow by it a second time."""
    homes, persons = family(savings=8.5e6, aid=1e6)
    budget(homes, persons)
    assert homes["income"][0] == 6e6
    assert homes["savings"][0] + homes["spending"][0] == 8.5e6 + 5e6


@given(st.integers(0, 20_000_000), st.integers(0, 50_000_000), st.integers(0, 9_000_000), st.integers(0, 9_000_000))
def test_every_rupiah_of_a_month_is_accounted_for(wage, savings, bank, lender):
    owed = {"formal_debt": float(bank), "informal_debt": float(lender), "obligations": 0.1}
    homes, persons = family(float(wage), savings=float(savings), groups=1, assets=50e6, damage=0.1, **owed)
    tally, short = budget(homes, persons)
    row = dict(zip(ITEMS, tally[0].tolist(), strict=False))
    came = ("wages", "mixed_income", "claims", "national_assistance", "dividends", "loans_to_households",
            "loans_informal")  # fmt: skip
    went = ("obligations", "property_tax", "repayments_households", "interest_households", "repayments_informal",
            "interest_informal", "repairs", "food", "nonfood")  # fmt: skip
    assert homes["savings"][0] - savings == sum(row[i] for i in came) - sum(row[i] for i in went)
    assert homes["formal_debt"][0] == bank + row["loans_to_households"] - row["repayments_households"]
    assert homes["informal_debt"][0] == lender + row["loans_informal"] - row["repayments_informal"]
    assert homes["savings"][0] >= 0
    assert short == 0 or homes["gap"][0] > 0
