"""The life of one household, month by month, in the world with a policy and in the one without, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim import month as calendar
from sim.agents import households as homes
from sim.agents.businesses import SECTORS
from sim.agents.persons import CHILD, FORMAL, INACTIVE, NEVER, NOBODY, OWN, UNEMPLOYED
from sim.choices import month_name, month_number
from sim.errors import InputError
from sim.model import set_up
from sim.parameters import default_parameters, with_values
from sim.population import build_world
from sim.scenario import Scenario
from sim.world import World

NOTABLE = 0.25  # change of a month's income that is told
STEPS = {
    homes.BORROWED: "borrows",
    homes.AIDED: "is helped by neighbours and kin",
    homes.SOLD: "sells belongings",
    homes.HUNGRY: "cuts food",
    homes.WITHDREW: "takes a child out of school",
}
WORK = {FORMAL: "an employee", OWN: "own-account", UNEMPLOYED: "jobless", INACTIVE: "not looking for work"}


@dataclass(frozen=True)
class Member:
    """A person of the household in one month."""

    uid: int
    age: int
    sex: int
    state: int
    sector: int
    pay: float
    certified: int
    technology: float
    practice: float
    enrolled: int

    @property
    def who(self) -> str:
        kind = ("boy", "girl") if self.age < 18 else ("man", "woman")
        return f"the {kind[self.sex]} of {self.age}"


@dataclass(frozen=True)
class Snapshot:
    """The household in one month; `members` is empty when it is no more."""

    month: int
    members: tuple[Member, ...]
    income: float
    spending: float
    savings: float
    debt: float
    aid: float  # Rp that programmes paid this month
    coping: int
    damage: float
    district: int
    takes_part: int
    poor: bool


@dataclass
class Life:
    """One household in one world: its months and what happened in each."""

    name: str
    snapshots: list[Snapshot] = field(default_factory=list)
    events: list[tuple[int, str]] = field(default_factory=list)

    def add(self, now: Snapshot, world: World) -> None:
        before = self.snapshots[-1] if self.snapshots else None
        self.snapshots.append(now)
        if before is not None:
            self.events += [(now.month, said) for said in tell(before, now, world)]


@dataclass
class Lives:
    """The same household in both worlds."""

    household: int
    start: str
    without: Life
    with_: Life | None
    places: tuple[str, ...]

    def month(self, number: int) -> str:
        return month_name(month_number(self.start) + number)


def follow(
    scenario: Scenario,
    household: int | None = None,
    *,
    package: str | None = None,
    scale: int | None = None,
    seed: int = 1,
    months: int | None = None,
    shocks: bool = True,
    tell_progress: Callable[[str, int, int], object] = lambda stage, done, total: None,
) -> Lives:
    """Live the scenario without and with a package (the first where none is named) and watch one household.

    household: its number, 1 to the number of households; none: one of the poorer half for which the package changes
    most. Raises InputError for a number or package that is not there.
    """
    names = [one.name for one in scenario.packages]
    chosen = scenario.package(package if package is not None or not names else names[0])
    sample, horizon = scale or scenario.scale, months or scenario.months
    p = with_values(default_parameters(), scenario.parameters)
    world = build_world(scenario.start_month, p, sample, seed, horizon, live=calendar.step)
    rows = np.flatnonzero(world.households.rows["alive"] == 1)
    if household is None:
        household = 1 + int(
            np.searchsorted(rows, most_changed(world, scenario, chosen, shocks, horizon, tell_progress))
        )
    if not 1 <= household <= len(rows):
        raise InputError(f"--household {household}: at scale {sample} the city has households 1 to {len(rows)}")
    row = int(rows[household - 1])
    worlds = [(Life("without the policy" if chosen else "as it is"), world)]
    if chosen:
        worlds.append((Life(f"with '{chosen.name}'"), world.twin()))
    for index, (_, one) in enumerate(worlds):
        set_up(one, scenario, chosen.name if index and chosen else None, shocks)
    uid = int(world.households.rows["uid"][row])
    for life, one in worlds:
        life.add(snapshot(one, row, uid), one)
    for done in range(horizon):
        tell_progress("run", done, horizon)
        for life, one in worlds:
            paid = live_month(one, row)
            life.add(snapshot(one, row, uid, paid), one)
    tell_progress("run", horizon, horizon)
    lives = [life for life, _ in worlds]
    return Lives(household, scenario.start, lives[0], lives[1] if chosen else None, tuple(world.city.names))


def most_changed(world: World, scenario: Scenario, chosen: Any, shocks: bool, months: int, tell: Any) -> int:
    """Row of the household, among the poorer half, whose spending at the end differs most between the two worlds."""
    poorer = np.flatnonzero((world.households.rows["alive"] == 1) & (world.households.rows["quintile"] < 3))
    if chosen is None:
        return int(poorer[0])
    worlds = [world.twin(), world.twin()]
    for one, package in zip(worlds, (None, chosen.name), strict=True):
        set_up(one, scenario, package, shocks)
    for done in range(months):
        tell("choosing a household", done, months)
        for one in worlds:
            calendar.step(one)
            one.month += 1
    uid = world.households.rows["uid"][poorer]
    rows = [one.households.rows[poorer] for one in worlds]
    same = (rows[0]["uid"] == uid) & (rows[1]["uid"] == uid) & (rows[0]["alive"] == 1) & (rows[1]["alive"] == 1)
    change = np.abs(rows[1]["average"] / np.maximum(rows[0]["average"], 1.0) - 1.0)
    return int(poorer[np.argmax(np.where(same, change, -1.0))])


def live_month(world: World, row: int) -> float:
    """Live a month; returns the Rp that programmes paid the household of row `row`, which its budget then spends."""
    paid = [0.0]

    def watch(act: str, world: World) -> None:
        if act == "budget":
            paid[0] = float(world.households.rows["aid"][row])

    calendar.step(world, watch=watch)
    world.month += 1
    return paid[0]


def snapshot(world: World, row: int, uid: int, paid: float = 0.0) -> Snapshot:
    """The household of row `row` now; without members when it has left or dissolved. paid: Rp by programmes."""
    home = world.households.rows[row]
    here = home["alive"] == 1 and int(home["uid"]) == uid
    return Snapshot(
        month=world.month - 1,
        members=members_of(world, row) if here else (),
        income=float(home["income"]),
        spending=float(home["spending"]),
        savings=float(home["savings"]),
        debt=float(home["formal_debt"] + home["informal_debt"]),
        aid=paid,
        coping=int(home["coping"]),
        damage=float(home["damage"]),
        district=int(home["district"]),
        takes_part=int(home["takes_part"]),
        poor=bool(home["average"] < world.market.line),
    )


def members_of(world: World, row: int) -> tuple[Member, ...]:
    """The people of a household, in the order of its list."""
    persons, found = world.persons.rows, []
    i = int(world.households.rows["first"][row])
    while i != NOBODY:
        one = persons[i]
        found.append(
            Member(
                uid=int(one["uid"]),
                age=int((world.month - one["born"]) // 12),
                sex=int(one["sex"]),
                state=int(one["state"]),
                sector=int(one["sector"]),
                pay=float(one["pay"]),
                certified=int(one["certified"]),
                technology=float(one["technology"]),
                practice=float(one["practice"]),
                enrolled=int(one["enrolled"]),
            )
        )
        i = int(one["next"])
    return tuple(found)


def tell(before: Snapshot, now: Snapshot, world: World) -> list[str]:
    """What happened between two months, in sentences."""
    if not before.members:
        return []
    if not now.members:
        return ["The household leaves the city or dissolves."]
    said = [*_people(before, now), *_money(before, now)]
    if now.district != before.district:
        said.append(f"They move from {world.city.names[before.district]} to {world.city.names[now.district]}.")
    if now.damage > before.damage + 0.005:
        said.append(f"Their home is damaged: {100 * now.damage:.0f} % of what they own.")
    elif before.damage > 0.005 >= now.damage:
        said.append("Their home is repaired.")
    if now.takes_part != before.takes_part:
        said.append("They begin to take part in their neighbourhood." if now.takes_part else "They stop taking part.")
    if now.poor != before.poor:
        said.append("They fall below the poverty line." if now.poor else "They rise above the poverty line.")
    return said


def _people(before: Snapshot, now: Snapshot) -> list[str]:
    old, new = {m.uid: m for m in before.members}, {m.uid: m for m in now.members}
    said = [f"A {('boy', 'girl')[m.sex]} is born." for uid, m in new.items() if uid not in old and m.age == 0]
    said += [f"{m.who.capitalize()} joins." for uid, m in new.items() if uid not in old and m.age > 0]
    said += [f"{m.who.capitalize()} is no longer with them." for uid, m in old.items() if uid not in new]
    for uid, m in new.items():
        if uid in old:
            said += _work(old[uid], m)
    return said


def _work(old: Member, new: Member) -> list[str]:
    """What changed in one person's work, training and school."""
    said, who = [], new.who.capitalize()
    if old.state != new.state and new.state in WORK and CHILD not in (old.state, new.state):
        place = f" in {SECTORS[new.sector].replace('_', ' ')}" if new.state in (FORMAL, OWN) and new.sector >= 0 else ""
        pay = f", Rp {new.pay / 1e6:.1f} million a month" if new.state == FORMAL else ""
        said.append(f"{who} is now {WORK[new.state]}{place}{pay}.")
    if new.certified > max(old.certified, NEVER):
        said.append(f"{who} finishes a training.")
    if new.practice > old.practice + 0.3:
        said.append(f"{who} is mentored in running the business.")
    if new.state == OWN and new.technology > 0.5 >= old.technology:
        said.append(f"{who} begins to sell or pay digitally.")
    if new.age < 18 and old.enrolled and not new.enrolled and new.age < 16:
        said.append(f"{who} leaves school.")
    return said


def _money(before: Snapshot, now: Snapshot) -> list[str]:
    said = []
    change = now.income / before.income - 1.0 if before.income > 0 else 0.0
    if abs(change) > NOTABLE and abs(now.income - before.income) > 5e5:
        verb = "rises" if change > 0 else "falls"
        said.append(f"Income {verb} from Rp {before.income / 1e6:.1f} to {now.income / 1e6:.1f} million.")
    if now.aid > 0 and before.aid <= 0:
        said.append(f"They receive Rp {now.aid / 1e3:,.0f} thousand from a programme.")
    elif before.aid > 0 >= now.aid:
        said.append("They no longer receive money from a programme.")
    begun = now.coping & ~before.coping
    said += [f"The household {words}." for step, words in STEPS.items() if begun & step]
    if now.debt > 0 and before.debt <= 0:
        said.append(f"They owe Rp {now.debt / 1e6:.1f} million.")
    return said


def story(lives: Lives) -> list[str]:
    """The lives as lines of text: who they are, month by month in both worlds, and the balance at the end."""
    first = lives.without.snapshots[0]
    people = ", ".join(_described(m) for m in first.members)
    lines = [
        f"Household {lives.household}, {lives.places[first.district]}: {people}. Income Rp {first.income / 1e6:.1f} "
        f"million, spending Rp {first.spending / 1e6:.1f} million, savings Rp {first.savings / 1e6:.1f} million.",
        "",
    ]
    shared, own = _common(lives)
    if lives.with_ is not None:
        lines.append("In both worlds:" if shared else "Nothing notable happens in both worlds alike.")
    lines += [f"  {lives.month(month)}  {said}" for month, said in shared]
    for life, events in own:
        lines += ["", f"{_opening(life)}:"]
        lines += [f"  {lives.month(month)}  {said}" for month, said in events] or ["  nothing else worth telling"]
    return [*lines, "", *_balance(lives)]


def _described(m: Member) -> str:
    doing = WORK.get(m.state, "at school" if m.enrolled else "a child")
    return f"a {('boy', 'girl')[m.sex] if m.age < 18 else ('man', 'woman')[m.sex]} of {m.age} ({doing})"


def _common(lives: Lives) -> tuple[list[tuple[int, str]], list[tuple[Life, list[tuple[int, str]]]]]:
    """Events of both worlds, and those of one alone."""
    if lives.with_ is None:
        return lives.without.events, []
    a, b = lives.without.events, lives.with_.events
    both = set(a) & set(b)
    shared = [event for event in a if event in both]
    return shared, [(life, [e for e in life.events if e not in both]) for life in (lives.without, lives.with_)]


def _opening(life: Life) -> str:
    return life.name[0].upper() + life.name[1:]


def _balance(lives: Lives) -> list[str]:
    """The last year in one line for each world."""
    lines = []
    for life in (lives.without, lives.with_):
        if life is None:
            continue
        last = [one for one in life.snapshots[1:][-12:] if one.members]
        if not last:
            lines.append(f"{_opening(life)}: the household is no longer in the city at the end.")
            continue
        spent, saved = np.mean([s.spending for s in last]), last[-1].savings
        hungry = sum(bool(s.coping & homes.HUNGRY) for s in last)
        lines.append(
            f"{_opening(life)}: spends Rp {spent / 1e6:.2f} million a month in the last year, "
            f"saves Rp {saved / 1e6:.1f} million, cuts food in {hungry} of its last {len(last)} months."
        )
    return lines


def as_dict(lives: Lives) -> dict[str, Any]:
    """What `bandung follow --json` prints."""
    worlds = [life for life in (lives.without, lives.with_) if life is not None]
    keys = ("income", "spending", "savings", "debt", "aid", "damage")
    return {
        "household": lives.household,
        "start": lives.start,
        "worlds": [
            {
                "name": life.name,
                "events": [{"month": lives.month(month), "text": said} for month, said in life.events],
                "months": [
                    {"month": lives.month(s.month), "members": len(s.members), "district": lives.places[s.district]}
                    | {key: getattr(s, key) for key in keys}
                    for s in life.snapshots[1:]
                ],
            }
            for life in worlds
        ],
    }
