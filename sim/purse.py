"""A lever's money of the month: filled by whoever pays for it, emptied by what it does, counted to the rupiah.

What a month does not spend stays in the purse for the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.companies import companies_of
from sim.agents.government import release_share

if TYPE_CHECKING:
    from sim.agents.government import Programme
    from sim.intervention import Lever
    from sim.world import World


RUNNING = "programme_costs"
IN_HAND = 2  # months of its money in a purse, or two places of those it pays for, beyond which no more is asked for


def order_services(world: World, amount: int) -> None:
    """Order goods and services for whole Rp: the part from outside is paid now, the rest when it is delivered."""
    government = world.government
    imported = int(amount * world.p.government.purchases_imports)
    world.ledger.post("government_imports", imported)
    government.treasury -= imported
    places = world.people / world.people.sum()
    government.ordered += np.floor((amount - imported) * np.outer(places, world.market.sectors.government_split))


@dataclass
class Kin:
    """What the lines of one kind of lever have done this month: they are one programme, whose money stands in several
    lines of a package."""

    served: list[tuple[str, str, np.ndarray]] = field(default_factory=list)  # line, of which table, permanent ids
    done: dict[str, list] = field(default_factory=dict)  # what else the lines tell each other, by name, in their order


@dataclass
class Purse:
    """What a programme may still spend this month, whole Rp of the simulated agents. It lies in the treasury."""

    world: World
    line: Programme
    money: int
    dearest: float = 0.0  # Rp of a place in it: it may take long to save up for one
    kin: Kin = field(default_factory=Kin)  # shared with the purses of its kind

    def unserved(self, uids: np.ndarray, table: str = "") -> np.ndarray:
        """True for each permanent id of a table that no other line of this kind has served this month."""
        others = [ids for line, of, ids in self.kin.served if line != self.line.name and of == table]
        return ~np.isin(uids, np.concatenate(others)) if others else np.ones(len(uids), bool)

    def serve(self, uids: np.ndarray, table: str = "") -> None:
        """Note whom this line serves this month, so that no other line of its kind serves them again."""
        self.kin.served.append((self.line.name, table, uids))

    def done(self, what: str, value: Any = None) -> list:
        """What the lines of this kind have done so far this month; with a value, this line's is noted after them."""
        before = list(self.kin.done.get(what, []))
        if value is not None:
            self.kin.done[what] = [*before, value]
        return before

    def places(self, unit_cost: float) -> int:
        """Whole places that the money pays for."""
        self.dearest = max(self.dearest, unit_cost)
        return int(self.money // unit_cost) if unit_cost > 0 else 0

    def pay(self, flow: str, amount: float) -> int:
        """Spend whole Rp under a flow of the ledger that the government pays. Raises ValueError beyond the purse.

        The running costs of programmes (`programme_costs`) are goods and services like the city's other purchases: they
        are bought where people live, delivered next month, and a part comes from outside.
        """
        whole = int(amount)
        if whole > self.money or whole < 0:
            raise ValueError(f"{self.line.name}: cannot pay Rp {whole} out of {self.money}")
        if flow == RUNNING:
            order_services(self.world, whole)
        else:
            self.world.ledger.post(flow, whole)
            self.world.government.treasury -= whole
        self.owe(whole)
        return whole

    def owe(self, amount: int) -> None:
        """Count money whose payment another act carries out (works: when they are delivered)."""
        self.money -= amount
        self.line.spent += amount

    def count(self, households: np.ndarray, amount: float | np.ndarray = 0.0, people: int | None = None) -> None:
        """Count who was reached: households by row, and what each received (for incidence), Rp."""
        rows = self.world.households.rows
        if self.world.reached is not None:
            self.world.reached.append(households)
        self.line.reached += len(households) if people is None else people
        quintile, district = rows["quintile"][households], rows["district"][households]
        self.line.by_quintile += np.bincount(quintile, minlength=5)[:5]
        self.line.by_district += np.bincount(district, minlength=30)[:30]
        received = np.broadcast_to(np.asarray(amount, float), len(households))
        self.line.received_by_quintile += np.bincount(quintile, weights=received, minlength=5)[:5]

    def count_the_same(self, households: np.ndarray) -> None:
        """Count households (rows) that the line reaches month after month: once, and in one of several lines."""
        rows = self.world.households.rows
        uids = rows["uid"][households]
        mine = households[self.unserved(uids)]
        self.serve(uids)
        self.line.reached = len(mine)
        self.line.by_district[:] = np.bincount(rows["district"][mine], minlength=30)
        self.line.by_quintile[:] = np.bincount(rows["quintile"][mine], minlength=5)


def envelope(world: World, goods: float) -> float:
    """Rp of a month that levers may take out of the city's planned purchases of `goods` Rp:

        min(E / 12 * growth * productivity * purchases, goods)

    E: the discretionary share of the start's budget, Rp a year; purchases: planned over usual, below 1 where transfers
    are cut. Levers shrink with the purchases that they come out of, and never take more than these.
    """
    drivers = world.drivers
    usual = world.government.discretionary_yearly / 12.0 * drivers.growth * drivers.productivity
    return min(usual * drivers.purchases, goods)


def payable(world: World, goods: float, asked: float) -> float:
    """Share of the `asked` Rp of all levers that the treasury can pay (0-1), next to the other purchases of `goods` Rp
    and the programmes of today's size, without going under half its reserve.

    Levers are cut before these, and new works before levers: works are not kept money for. Source: godley_lavoie_2007.
    """
    government = world.government
    others = max(goods - asked, 0.0) + government.programmes_yearly / 12.0
    return release_share(government.treasury - promised(world) - others, asked, 0.5 * government.reserve)


def fill_purses(world: World, goods: float) -> tuple[float, float]:
    """Give every lever its money of the month, as far as its payer has it; the rest is refused and counted.

    Money of the budget line (apbd) comes out of the city's other purchases (`goods`: Rp planned for the month), within
    the discretionary envelope and what the treasury can pay, all levers pro rata.
    A lever that asks for less than nothing frees money of the purchases: they are fewer, its spending is below 0.
    One that cannot use what lies in its purse asks for no more. Returns the Rp taken out of the purchases, and freed.
    """
    levers: list[Lever] = [policy for policy in world.policies if hasattr(policy, "purse")]
    asked = [usable(lever, lever.asks(world)) for lever in levers]
    city = [city_share(lever.settings.funding) * rupiah for lever, rupiah in zip(levers, asked, strict=True)]
    together = sum(max(rupiah, 0.0) for rupiah in city)
    fits = min(1.0, envelope(world, goods) / max(together, 1.0))
    fits *= payable(world, goods, fits * together)
    taken = freed = 0.0
    kin: dict[str, Kin] = {}
    for lever, wanted, own in zip(levers, asked, city, strict=True):
        if wanted < 0:
            world.government.line(lever.name).spent += wanted
            freed -= wanted
        if wanted <= 0 and not (lever.purse and lever.strength(world.month)):
            lever.purse = None  # outside its months: what is left stays in the treasury
            continue
        line = world.government.line(lever.name)
        granted = fits * own
        line.released += granted
        line.refused += own - granted
        taken += granted
        if wanted > own:
            granted += _other_payer(world, lever, wanted - own, granted)
        left, dearest = (lever.purse.money, lever.purse.dearest) if lever.purse else (0, 0.0)
        whole = int(granted + line.carry)
        line.carry += granted - whole
        lever.purse = Purse(world, line, whole + left, dearest, kin.setdefault(lever.settings.programme, Kin()))
    return taken, freed


def usable(lever: Lever, asked: float) -> float:
    """Rp of what a lever asks for that it has a use for: its purse holds no more than IN_HAND such months, or two of
    the dearest places that it pays for."""
    if lever.purse is None or asked <= 0:
        return asked
    return max(0.0, min(asked, max(IN_HAND * asked, 2.0 * lever.purse.dearest) - lever.purse.money))


def promised(world: World) -> int:
    """Rp of the treasury that already lie in the levers' purses, so that nobody else can be granted them."""
    purses = (getattr(policy, "purse", None) for policy in world.policies)
    return sum(purse.money for purse in purses if purse is not None)


def city_share(funding: str) -> float:
    """Part of a lever's money that the budget line of the city pays."""
    return {"apbd": 1.0, "match": 0.5}.get(funding, 0.0)


def _other_payer(world: World, lever: Lever, wanted: float, matched: float) -> float:
    """Money of companies or of the fiscal reserve. A match adds no more than the city's own half."""
    government = world.government
    if lever.settings.funding == "reserve":
        return wanted * government.grant(lever.name, wanted, promised(world))
    limit = min(wanted, matched) if lever.settings.funding == "match" else wanted
    given = collect_from_companies(world, limit)
    line = government.line(lever.name)
    line.released += given
    line.from_companies += given
    line.refused += wanted - given
    return given


def collect_from_companies(world: World, wanted: float) -> int:
    """Take whole Rp from the companies' social funds, in proportion to what each has set aside."""
    firms = world.businesses.rows
    rows = companies_of(firms)
    funds = firms["csr_fund"][rows]
    total = funds.sum()
    if total <= 0 or wanted <= 0:
        return 0
    taken = np.floor(funds * min(1.0, wanted / total))
    firms["csr_fund"][rows] -= taken
    amount = int(taken.sum())
    world.ledger.post("company_programmes", amount)
    world.government.treasury += amount
    return amount
