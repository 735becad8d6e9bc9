"""Who paid whom: every transfer is one posting with a payer and a receiver, in whole rupiah.

At the end of each month the stock of every sector must equal last month's stock plus what it received minus what it
paid; loans must equal loans granted minus repaid and written off. The sheet of a month is the transaction-flow
matrix of the stock-flow-consistent literature (Godley and Lavoie 2007).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

HOUSEHOLDS, TILLS, BUSINESSES, GOVERNMENT, COMMUNITIES, BANK, OUTSIDE = SECTORS = (
    "households",
    "own-account tills",
    "businesses",
    "government",
    "communities",
    "bank",
    "outside",
)

# flow: (payer, receiver)
FLOWS: dict[str, tuple[str, str]] = {
    "wages": (BUSINESSES, HOUSEHOLDS),
    "wages_government": (GOVERNMENT, HOUSEHOLDS),
    "wages_from_outside": (OUTSIDE, HOUSEHOLDS),
    "wages_to_commuters": (BUSINESSES, OUTSIDE),
    "wages_public_works": (GOVERNMENT, HOUSEHOLDS),
    "severance": (BUSINESSES, HOUSEHOLDS),
    "mixed_income": (TILLS, HOUSEHOLDS),
    "claims": (OUTSIDE, HOUSEHOLDS),
    "obligations": (HOUSEHOLDS, OUTSIDE),
    "national_assistance": (OUTSIDE, HOUSEHOLDS),
    "city_transfers": (GOVERNMENT, HOUSEHOLDS),
    "company_aid": (BUSINESSES, HOUSEHOLDS),
    "dividends": (BUSINESSES, HOUSEHOLDS),
    "dividends_outside": (BUSINESSES, OUTSIDE),
    "consumption": (HOUSEHOLDS, BUSINESSES),
    "consumption_own_account": (HOUSEHOLDS, TILLS),
    "consumption_imports": (HOUSEHOLDS, OUTSIDE),
    "external_sales": (OUTSIDE, BUSINESSES),
    "external_sales_own_account": (OUTSIDE, TILLS),
    "government_purchases": (GOVERNMENT, BUSINESSES),
    "government_imports": (GOVERNMENT, OUTSIDE),
    "works": (GOVERNMENT, BUSINESSES),
    "works_imports": (GOVERNMENT, OUTSIDE),
    "company_works": (BUSINESSES, BUSINESSES),
    "company_works_imports": (BUSINESSES, OUTSIDE),
    "inputs": (BUSINESSES, OUTSIDE),
    "inputs_own_account": (TILLS, OUTSIDE),
    "property_tax": (HOUSEHOLDS, GOVERNMENT),
    "local_tax": (BUSINESSES, GOVERNMENT),
    "national_tax": (BUSINESSES, OUTSIDE),
    "transfers_to_region": (OUTSIDE, GOVERNMENT),
    "other_revenue": (OUTSIDE, GOVERNMENT),
    "loans_to_households": (BANK, HOUSEHOLDS),
    "repayments_households": (HOUSEHOLDS, BANK),
    "interest_households": (HOUSEHOLDS, BANK),
    "interest_informal": (HOUSEHOLDS, OUTSIDE),
    "loans_informal": (OUTSIDE, HOUSEHOLDS),
    "repayments_informal": (HOUSEHOLDS, OUTSIDE),
    "loans_to_businesses": (BANK, BUSINESSES),
    "repayments_businesses": (BUSINESSES, BANK),
    "interest_businesses": (BUSINESSES, BANK),
    "overdrafts_absorbed": (BANK, BUSINESSES),
    "asset_sales": (OUTSIDE, HOUSEHOLDS),
    "repairs": (HOUSEHOLDS, OUTSIDE),
    "equity": (HOUSEHOLDS, BUSINESSES),
    "equity_outside": (OUTSIDE, BUSINESSES),
    "wealth_in": (OUTSIDE, HOUSEHOLDS),
    "wealth_out": (HOUSEHOLDS, OUTSIDE),
    "estates_to_government": (HOUSEHOLDS, GOVERNMENT),
    "community_grants": (GOVERNMENT, COMMUNITIES),
    "swadaya": (HOUSEHOLDS, COMMUNITIES),
    "community_works": (COMMUNITIES, BUSINESSES),
    "community_imports": (COMMUNITIES, OUTSIDE),
    "programme_costs": (GOVERNMENT, OUTSIDE),
    "company_programmes": (BUSINESSES, GOVERNMENT),
    "business_grants": (GOVERNMENT, HOUSEHOLDS),
    "business_grants_firms": (GOVERNMENT, BUSINESSES),
    "programme_loans": (GOVERNMENT, HOUSEHOLDS),
    "programme_loans_firms": (GOVERNMENT, BUSINESSES),
    "programme_repayments": (HOUSEHOLDS, GOVERNMENT),
    "programme_repayments_firms": (BUSINESSES, GOVERNMENT),
    "own_account_investment": (HOUSEHOLDS, OUTSIDE),
    "business_investment": (BUSINESSES, OUTSIDE),
}


def nets_of(sheet: dict[str, int]) -> dict[str, int]:
    """What every sector received minus what it paid, in one pass over a month's sheet."""
    found = dict.fromkeys(SECTORS, 0)
    for flow, amount in sheet.items():
        payer, receiver = FLOWS[flow]
        found[payer] -= amount
        found[receiver] += amount
    return found


def _undeclared(flow: str) -> str:
    """What is wrong with a flow that nobody declared, with the nearest one that somebody did."""
    near = difflib.get_close_matches(flow, FLOWS, 1)
    return f"no flow '{flow}' in FLOWS of sim/ledger.py: declare it" + (f", or is it '{near[0]}'?" if near else "")


@dataclass
class Ledger:
    """The month's postings, the stocks after the last close, and the largest error of the run."""

    stocks: dict[str, int]
    loans: dict[str, int]
    sheet: dict[str, int] = field(default_factory=dict)
    written_off: dict[str, int] = field(default_factory=dict)
    worst: float = 0.0
    totals: dict[str, int] = field(default_factory=dict)

    def post(self, flow: str, amount: float) -> None:
        """Post `amount` whole rupiah; raises ValueError for an undeclared flow."""
        sheet = self.sheet
        if flow in sheet:
            sheet[flow] += int(amount)
        else:
            if flow not in FLOWS:
                raise ValueError(_undeclared(flow))
            sheet[flow] = int(amount)

    def write_off(self, kind: str, amount: float) -> None:
        """A debt that will not be repaid leaves the lender's books without a payment."""
        self.written_off[kind] = self.written_off.get(kind, 0) + int(amount)

    def net(self, sector: str) -> int:
        """What the sector received minus what it paid this month."""
        return sum(
            amount * ((receiver == sector) - (payer == sector))
            for flow, amount in self.sheet.items()
            for payer, receiver in [FLOWS[flow]]
        )

    def nets(self) -> dict[str, int]:
        """`net` of every sector."""
        return nets_of(self.sheet)

    def close(self, stocks: dict[str, int], loans: dict[str, int]) -> float:
        """Compare the counted stocks with the postings and start a new sheet.

        `stocks`: counted money of each sector but the bank and outside. `loans`: counted debts by kind.
        Returns the largest relative error: |counted - expected| over the larger of stock and month's flows.
        """
        turnover = max(1, sum(map(abs, self.sheet.values())))
        error, nets = 0.0, self.nets()
        for sector, counted in stocks.items():
            expected = self.stocks[sector] + nets[sector]
            error = max(error, abs(counted - expected) / max(abs(expected), turnover))
        for kind, counted in loans.items():
            granted = self.sheet.get(_GRANTED[kind], 0) - self.sheet.get(_REPAID[kind], 0)
            expected = self.loans[kind] + granted - self.written_off.get(kind, 0)
            error = max(error, abs(counted - expected) / max(abs(expected), turnover))
        for flow, amount in self.sheet.items():
            self.totals[flow] = self.totals.get(flow, 0) + amount
        self.stocks, self.loans = dict(stocks), dict(loans)
        self.last, self.sheet, self.written_off = self.sheet, {}, {}
        self.worst = max(self.worst, error)
        return error


_GRANTED = {"households": "loans_to_households", "informal": "loans_informal", "businesses": "loans_to_businesses"}
_REPAID = {
    "households": "repayments_households",
    "informal": "repayments_informal",
    "businesses": "repayments_businesses",
}
