"""The books of the whole city: money, people and jobs, month after month, under any rules; and what breaks them."""

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from months import lived

from sim.agents.businesses import CLOSED, FIRM, LARGE, OPEN
from sim.agents.persons import FORMAL, GONE, NOBODY
from sim.balance import counted_stocks
from sim.errors import RunError
from sim.ledger import BUSINESSES, FLOWS, HOUSEHOLDS, SECTORS, Ledger
from sim.markets.settlement import close
from sim.parameters import catalogue

YEARS = ["city_year", "city_year_2019"]


@pytest.fixture(params=YEARS)
def lived_world(request):
    return request.getfixturevalue(request.param).world


def test_hires_less_separations_is_the_change_of_jobs(city_year):
    """Every month: employees now = employees before + hires - separations, whatever a job ends for."""
    city = city_year.recorder.city
    employees = city("employed") * (1 - city("informal_share"))
    assert np.diff(employees) == pytest.approx((city("hires") - city("separations"))[1:], abs=1e-6)
    assert city("separations").min() > 0


def test_money_people_and_jobs_balance_over_a_year(lived_world):
    assert set(lived_world.identities) == {"money", "people", "jobs"}
    assert max(lived_world.identities.values()) == 0.0


def test_everybody_is_in_one_household_and_every_household_is_as_large_as_it_says(lived_world):
    persons, homes = lived_world.persons.rows, lived_world.households.rows
    here = persons["state"] != GONE
    alive = homes["alive"] == 1
    assert (np.bincount(persons["home"][here], minlength=len(homes)) == np.where(alive, homes["size"], 0)).all()
    seen = np.zeros(len(persons), bool)
    for home in np.flatnonzero(alive):
        member, count = homes["first"][home], 0
        while member != NOBODY:
            assert not seen[member] and persons["home"][member] == home
            seen[member], member, count = True, persons["next"][member], count + 1
        assert count == homes["size"][home]
    assert (seen == here).all()


def test_what_closing_businesses_leave_goes_to_owners_at_home_and_outside_as_profits_do(city_year):
    world = copy.deepcopy(city_year.world)
    firms, p = world.businesses.rows, world.p.goods
    open_ = (firms["status"] == OPEN) & (firms["kind"] == FIRM) & (firms["district"] < 30)
    rich = open_ & (firms["deposits"] > 1e6)
    large, small = (
        np.flatnonzero(rich & (is_large == (firms["size_class"] == LARGE)))[:5] for is_large in (True, False)
    )
    for rows, abroad in ((large, p.outside_owners), (small, 0.0)):
        left = int((firms["deposits"][rows] + firms["csr_fund"][rows]).sum())
        pool, sent = world.market.dividend_pool, world.ledger.sheet.get("dividends_outside", 0)
        assert len(rows) == 5
        close(world, rows)
        sent = world.ledger.sheet.get("dividends_outside", 0) - sent
        assert sent == pytest.approx(abroad * left, abs=len(rows))
        assert world.market.dividend_pool - pool == left - sent


def test_every_job_has_one_holder_and_every_wage_bill_its_wages(lived_world):
    persons, firms = lived_world.persons.rows, lived_world.businesses.rows
    work = persons["state"] == FORMAL
    employer = persons["employer"][work]
    assert (np.bincount(employer, minlength=len(firms)) == firms["workers"]).all()
    assert (np.bincount(employer, weights=persons["pay"][work], minlength=len(firms)) == firms["wage_bill"]).all()
    assert (firms["status"][employer] != CLOSED).all()
    assert (persons["employer"][~work] == NOBODY).all()


def test_money_is_whole_and_savings_are_not_negative(lived_world):
    homes, firms = lived_world.households.rows, lived_world.businesses.rows
    for rows, names in ((homes, ("savings", "formal_debt", "informal_debt")), (firms, ("deposits", "loan"))):
        for name in names:
            assert (rows[name] == np.floor(rows[name])).all(), name
    assert (homes["savings"] >= 0).all() and (homes["formal_debt"] >= 0).all() and (homes["informal_debt"] >= 0).all()
    assert (homes["savings"][homes["alive"] == 0] == 0).all()
    assert float(lived_world.government.treasury).is_integer()


def test_the_money_of_all_sectors_and_of_the_outside_adds_to_nothing(lived_world):
    """Every flow is somebody's gain and somebody's loss."""
    books = lived_world.ledger
    gain = dict.fromkeys(SECTORS, 0)
    for flow, amount in books.last.items():
        payer, receiver = FLOWS[flow]
        gain[payer] -= amount
        gain[receiver] += amount
    assert sum(gain.values()) == 0
    assert gain["outside"] != 0


def test_a_month_counted_by_hand_is_the_ledger_s(city_year):
    """Household savings before and after one more month, counted here, differ by what was posted."""
    import copy

    model = copy.deepcopy(city_year)
    before = counted_stocks(model.world)[0]
    model.step()
    after, posted = counted_stocks(model.world)[0], model.world.ledger.last
    for sector in (HOUSEHOLDS, BUSINESSES, "government"):
        net = sum(a * ((FLOWS[f][1] == sector) - (FLOWS[f][0] == sector)) for f, a in posted.items())
        assert after[sector] - before[sector] == net, sector
    homes = model.world.households.rows
    assert after[HOUSEHOLDS] == int(homes["savings"][homes["alive"] == 1].sum())


ECONOMY = (
    "labour.matching_efficiency", "labour.matching_elasticity", "labour.separation_to_unemployment",
    "labour.reservation", "labour.commuting_decay", "labour.comply_small", "goods.markup", "goods.payout",
    "goods.import_leakage", "goods.market_expansion", "goods.segment_elasticity", "goods.loan_limit",
    "goods.cash_months", "goods.sales_tax", "goods.exit_small", "household.precaution", "household.bank_access",
    "household.informal_interest", "household.sale_limit", "government.reserve_months", "government.absorption",
    "goods.national_tax",
)  # fmt: skip


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.tuples(*(st.floats(0, 1) for _ in ECONOMY)), st.integers(0, 10**6))
def test_the_books_balance_wherever_in_their_ranges_the_rules_lie(places, seed):
    known = catalogue()
    values = {n: known[n].low + at * (known[n].high - known[n].low) for n, at in zip(ECONOMY, places, strict=True)}
    model = lived(6, scale=2000, seed=seed, parameters=values)
    assert max(model.identities.values()) == 0.0
    assert np.isfinite([model.latest[name] for name in ("unemployment_rate", "gini", "treasury_rp")]).all()


def without(flow, monkeypatch):
    """From now on postings of this flow are forgotten."""
    post = Ledger.post
    monkeypatch.setattr(Ledger, "post", lambda self, name, amount: None if name == flow else post(self, name, amount))


@pytest.mark.parametrize(
    "flow, named",
    [
        ("wages", {"households", "businesses"}),
        ("consumption_imports", {"households"}),
        ("national_tax", {"businesses"}),
        ("transfers_to_region", {"government"}),
        ("mixed_income", {"households", "own-account tills"}),
        ("community_grants", {"communities", "government"}),
    ],
)
def test_a_forgotten_posting_stops_the_run_and_is_named(flow, named, monkeypatch):
    model = lived(1, scale=2000)
    without(flow, monkeypatch)
    with pytest.raises(RunError, match="out of balance in month 1") as stopped:
        model.step()
    assert any(f"worst: {sector}" in str(stopped.value) for sector in named)


def test_a_forgotten_loan_stops_the_run(monkeypatch):
    model = lived(1, scale=400)
    without("loans_informal", monkeypatch)
    with pytest.raises(RunError, match="worst: households"):
        model.step()


def test_one_rupiah_too_much_in_a_household_of_a_small_city_is_found():
    """The tolerance is 1e-9 of the larger of stock and turnover: the money of a city of 1,300 people."""
    model = lived(1, scale=2000)
    stock = model.world.ledger.stocks[HOUSEHOLDS]
    model.world.households.rows["savings"][0] += max(1.0, np.ceil(stock * 1e-6))
    with pytest.raises(RunError, match="out of balance"):
        model.step()


def test_a_person_out_of_nowhere_stops_the_run(monkeypatch):
    model = lived(1, scale=2000)
    model.world.people = model.world.people.copy()
    model.world.people[7] -= 1
    with pytest.raises(RunError, match="people 1 persons"):
        model.step()


def test_a_job_without_a_worker_stops_the_run():
    model = lived(1, scale=2000)
    rows = model.world.businesses.rows
    rows["workers"][np.flatnonzero((rows["status"] != CLOSED) & (rows["workers"] > 5))[0]] += 1
    with pytest.raises(RunError, match="jobs"):
        model.step()
