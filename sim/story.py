"""A household's life in sentences: what happened in each month, in the world with a policy and in the one without."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.agents import households as homes
from sim.agents.businesses import SECTORS
from sim.agents.persons import CHILD, FORMAL, INACTIVE, NEVER, OWN, UNEMPLOYED
from sim.choices import month_name, month_number
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
