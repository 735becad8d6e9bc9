"""The books: every rupiah has a payer and a receiver, and a missing posting is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ledger import _GRANTED, _REPAID, FLOWS, SECTORS, Ledger

COUNTED = [s for s in SECTORS if s not in ("bank", "outside")]


def ledger(amount=10**12):
    return Ledger(dict.fromkeys(COUNTED, amount), dict.fromkeys(_GRANTED, 10**9))


def pay(stocks, flow, amount):
    """Move money as the acts do: out of one purse into another."""
    payer, receiver = FLOWS[flow]
    for sector, change in ((payer, -amount), (receiver, amount)):
        if sector in stocks:
            stocks[sector] += change


def lend(loans, flow, amount):
    for kind in loans:
        loans[kind] += amount * ((_GRANTED[kind] == flow) - (_REPAID[kind] == flow))


POSTINGS = st.lists(st.tuples(st.sampled_from(sorted(FLOWS)), st.integers(0, 10**11)), max_size=60)


@given(POSTINGS)
def test_books_balance_to_the_rupiah_whatever_is_paid(postings):
    books = ledger()
    stocks, loans = dict(books.stocks), dict(books.loans)
    for flow, amount in postings:
        pay(stocks, flow, amount)
        lend(loans, flow, amount)
        books.post(flow, amount)
    assert books.close(stocks, loans) == 0.0
    assert books.worst == 0.0


@given(POSTINGS, st.sampled_from(sorted(FLOWS)), st.integers(10**6, 10**11))
def test_a_missing_posting_is_found(postings, forgotten, amount):
    books = ledger()
    stocks, loans = dict(books.stocks), dict(books.loans)
    for flow, paid in postings:
        pay(stocks, flow, paid)
        lend(loans, flow, paid)
        books.post(flow, paid)
    pay(stocks, forgotten, amount)
    lend(loans, forgotten, amount)
    payer, receiver = FLOWS[forgotten]
    visible = payer != receiver and {payer, receiver} - {"bank", "outside"}
    assert (books.close(stocks, loans) > 1e-9) == bool(visible)


@given(POSTINGS)
def test_what_one_sector_receives_another_pays(postings):
    books = ledger()
    for flow, amount in postings:
        books.post(flow, amount)
    assert sum(books.net(sector) for sector in SECTORS) == 0


def test_every_flow_runs_between_known_sectors():
    for flow, (payer, receiver) in FLOWS.items():
        assert payer in SECTORS and receiver in SECTORS, flow


def test_loans_are_flows_from_and_to_the_lender():
    for kind in _GRANTED:
        assert FLOWS[_GRANTED[kind]] == FLOWS[_REPAID[kind]][::-1], kind


def test_an_undeclared_flow_is_refused():
    with pytest.raises(ValueError, match=r"no flow 'gotong' in FLOWS of sim/ledger\.py: declare it$"):
        ledger().post("gotong", 5)
    with pytest.raises(ValueError, match="is it 'dividends'"):
        ledger().post("dividend", 5)


def test_a_debt_that_vanishes_without_a_write_off_is_found():
    books = ledger()
    loans = dict(books.loans) | {"households": books.loans["households"] - 10**6}
    assert books.close(dict(books.stocks), loans) > 1e-9
    books = ledger()
    books.write_off("households", 10**6)
    assert books.close(dict(books.stocks), loans) == 0.0


def test_an_error_in_one_month_is_remembered_and_does_not_spill_into_the_next():
    books = ledger()
    wrong = dict(books.stocks) | {"households": 10**12 + 10**6}
    assert books.close(wrong, dict(books.loans)) == pytest.approx(1e-6)
    assert books.close(wrong, dict(books.loans)) == 0.0
    assert books.worst == pytest.approx(1e-6)


def test_the_error_is_relative_to_stocks_or_turnover_whichever_is_larger():
    books = Ledger({"households": 0}, {})
    books.post("wages", 10**9)
    assert books.close({"households": 10**9 + 10}, {}) == pytest.approx(1e-8)


def test_totals_add_up_over_the_months():
    books = ledger()
    for _ in range(3):
        books.post("works_imports", 7)
        stocks = dict(books.stocks)
        pay(stocks, "works_imports", 7)
        books.close(stocks, dict(books.loans))
    assert books.totals == {"works_imports": 21}
    assert books.last == {"works_imports": 7}
    assert books.sheet == {}


def test_rupiah_are_whole_and_fit_their_floats():
    """Postings are integers of any size: a trillion rupiah and one do not blur."""
    books = ledger(2**60)
    books.post("works_imports", 2**60 + 1)
    assert books.net("government") == -(2**60 + 1)
