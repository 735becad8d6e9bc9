"""L4: revolving interest-free loans and grants for small businesses. Repayments come back to the programme.

A loan is working capital: it stays the business's money until it is repaid, and adds little or nothing to income on
average. A grant buys stock and equipment that raise what an own-account business sells; of women's businesses the
evidence finds no such gain. What the city is owed is kept here, by the borrower's permanent id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.agents.businesses import OPEN
from sim.agents.persons import FEMALE, GONE
from sim.catalogue import LEVERS, Kind
from sim.choices import number
from sim.draws import LEVER
from sim.intervention import LeverSettings, kin_memories
from sim.markets.enterprises import Enterprises, applicants, count_enterprises, select
from sim.quotas import luck_of

if TYPE_CHECKING:
    from sim.agents.government import Programme
    from sim.purse import Purse
    from sim.world import World

DECISION = LEVER + 4
MOST_GAIN = 2.0  # selling power that capital may add to a business, relative to what it has
LEAST_INCOME = 0.25  # of mean own-account income: what a gain is measured against at least
LOAN = np.dtype([("uid", np.uint64), ("row", np.int64), ("firm", np.bool_), ("pays", np.bool_), ("owed", np.int64),
                 ("due", np.int64)])  # fmt: skip


class BusinessFinance(LeverSettings):
    lever: Literal["business_finance"]
    loan_rp: float = number(5e6, 2e6, 25e6, "Rp of 2024/loan", "size of a loan")
    grant_share: float = number(0.0, 0, 1, "share", "of the money that is given, not lent")
    grant_rp: float = number(2.4e6, 4.5e5, 5e6, "Rp of 2024/grant", "size of a grant")
    repay_months: int = number(18, 6, 60, "months", "months over which a loan is repaid, without interest")
    default_share: float = number(0.08, 0.03, 0.15, "share", "of borrowers who never repay")
    overhead: float = number(0.05, 0, 0.2, "share", "cost of running it, on top of what is lent and given")

    def transfer(self, world: World, purse: Purse, memory: dict[str, Any]) -> None:
        """Collect what is due, then give and lend what the purse holds to the small businesses that ask."""
        purse.money += collect(world, purse.line, memory)
        asking = applicants(world, self.places(), DECISION, purse)
        purse.line.eligible += len(asking)
        self._give(world, purse, Enterprises(asking.owners, asking.firms[:0]), memory)
        self._lend(world, purse, asking, memory)

    def after(self, world: World, line: Programme, memory: dict[str, Any]) -> None:
        """Lending has ended; what is still owed goes on coming back."""
        collect(world, line, memory)

    def seated(self, memory: dict[str, Any], new: np.ndarray) -> None:
        book = book_of(memory)
        persons = ~book["firm"]
        book["row"][persons] = new[book["row"][persons]]
        memory["book"] = book[book["row"] >= 0]

    def _give(self, world: World, purse: Purse, asking: Enterprises, memory: dict[str, Any]) -> None:
        """Grants to own-account businesses out of their share of the money released and not yet given."""
        meant = self.grant_share * (purse.line.released) - memory.setdefault("given", 0)
        amount = int(self.grant_rp * world.deflator)
        each = int(amount * (1.0 + self.overhead))
        places = int(min(max(meant, 0.0), purse.money) // each)
        lucky = select(world, asking, places, self.targeting, self.places(), DECISION).owners
        p, persons, homes = world.p.goods, world.persons.rows, world.persons.rows["home"][lucky]
        invested = int(amount * p.grant_invested)
        households = world.households.rows
        np.add.at(households["savings"], homes, amount - invested)
        np.add.at(households["assets"], homes, invested)
        purse.pay("business_grants", amount * len(lucky))
        purse.pay("programme_costs", (each - amount) * len(lucky))
        world.ledger.post("own_account_investment", invested * len(lucky))
        monthly = np.where(persons["sex"][lucky] == FEMALE, p.grant_return_women, p.grant_return)
        add_capital(world, lucky, monthly * amount)
        memory["given"] += each * len(lucky)
        count_enterprises(purse, Enterprises(lucky, asking.firms), amount)

    def _lend(self, world: World, purse: Purse, asking: Enterprises, memory: dict[str, Any]) -> None:
        """Loans to those who owe the programme nothing, in whichever of its lines, of what is not meant for grants."""
        book = book_of(memory)
        owed = np.concatenate([book, *(book_of(other) for other in kin_memories(world, self, memory))])
        persons, firms = world.persons.rows, world.businesses.rows
        asking = asking.those(
            ~np.isin(persons["uid"][asking.owners], owed["uid"][~owed["firm"]]),
            ~np.isin(firms["uid"][asking.firms], owed["uid"][owed["firm"]]),
        )
        kept = max(self.grant_share * purse.line.released - memory["given"], 0.0)
        amount = int(self.loan_rp * world.deflator)
        each = int(amount * (1.0 + self.overhead))
        borrowers = select(
            world, asking, int(max(purse.money - kept, 0.0) // each), self.targeting, self.places(), DECISION
        )
        np.add.at(world.households.rows["savings"], persons["home"][borrowers.owners], amount)
        firms["deposits"][borrowers.firms] += amount
        purse.pay("programme_loans", amount * len(borrowers.owners))
        purse.pay("programme_loans_firms", amount * len(borrowers.firms))
        purse.pay("programme_costs", (each - amount) * len(borrowers))
        add_capital(world, borrowers.owners, np.full(len(borrowers.owners), world.p.goods.loan_return * amount))
        signed = (
            _sign(self, world, persons, borrowers.owners, False, amount),
            _sign(self, world, firms, borrowers.firms, True, amount),
        )
        memory["book"] = np.concatenate([book, *signed])
        count_enterprises(purse, borrowers)
        world.counts["programme_loans_rp"] = amount * len(borrowers)


def book_of(memory: dict[str, Any]) -> np.ndarray:
    """The loans that the programme has out; none before its first."""
    return memory.get("book", np.zeros(0, LOAN))


def _sign(plan: BusinessFinance, world: World, rows, who: np.ndarray, is_firm: bool, amount: int) -> np.ndarray:
    """The entries of new loans in the programme's book."""
    new = np.zeros(len(who), LOAN)
    new["uid"], new["row"], new["firm"], new["owed"] = rows["uid"][who], who, is_firm, amount
    new["due"] = -(-amount // plan.repay_months)
    new["pays"] = luck_of(world.seed, DECISION, world.month, rows["uid"][who])[:, 1] >= plan.default_share
    return new


def add_capital(world: World, owners: np.ndarray, income: np.ndarray) -> None:
    """Raise the selling power of own-account businesses so that they earn `income` Rp a month more than now."""
    persons = world.persons.rows
    usual = np.maximum(persons["pay"][owners], LEAST_INCOME * world.labour.own_pay)
    more = (1.0 + persons["power"][owners]) * income / np.maximum(usual, 1.0)
    persons["power"][owners] = np.minimum(persons["power"][owners] + more, MOST_GAIN)


def collect(world: World, line: Programme, memory: dict[str, Any]) -> int:
    """Instalments of those who pay and have the money; returns the Rp that came back to the treasury.

    It lowers what the programme has spent. Debts of people and businesses that are gone stay unpaid.
    """
    book = book_of(memory)
    book = book[(book["owed"] > 0) & _still_here(world, book)]
    homes, firms = world.households.rows, world.businesses.rows
    back = 0
    for firm, flow in ((False, "programme_repayments"), (True, "programme_repayments_firms")):
        mine = np.flatnonzero((book["firm"] == firm) & book["pays"])
        rows = book["row"][mine]
        money, who = (firms["deposits"], rows) if firm else (homes["savings"], world.persons.rows["home"][rows])
        one = np.unique(who, return_index=True)[1]  # of several borrowers in a household one pays in a month
        mine, who = mine[one], who[one]
        due = np.minimum(book["due"][mine], book["owed"][mine])
        paid = np.where(money[who] >= due, due, 0)
        money[who] -= paid
        book["owed"][mine] -= paid
        world.ledger.post(flow, int(paid.sum()))
        back += int(paid.sum())
    world.government.treasury += back
    line.spent -= back
    memory["book"] = book
    return back


def _still_here(world: World, book: np.ndarray) -> np.ndarray:
    """Which borrowers still are who they were: persons in the city, firms open."""
    persons, firms = world.persons.rows, world.businesses.rows
    row = book["row"]
    person, firm = np.where(book["firm"], 0, row), np.where(book["firm"], row, 0)
    lives = (persons["uid"][person] == book["uid"]) & (persons["state"][person] != GONE)
    open_ = (firms["uid"][firm] == book["uid"]) & (firms["status"][firm] == OPEN)
    return np.where(book["firm"], open_, lives)


LEVERS.add(
    Kind(
        name="business_finance",
        code="L4",
        group="enterprise",
        indonesian="Pembiayaan UMKM (dana bergulir dan hibah)",
        meaning="interest-free revolving loans and grants; loans add nothing to income on average, grants do for men",
        source="yang_stanley; de_mel_2008",
        settings=BusinessFinance,
        reach="businesses",
        cost="what is given, what is not repaid, and running it; money still owed counts until it comes back",
        moves=(("no_buffer_share", -1),),
    )
)
