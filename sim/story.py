"""A household's life in sentences: what happened in each month, in the world with a policy and in the one without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.agents import households as homes
from sim.agents.businesses import SECTORS
from sim.agents.persons import CHILD, FORMAL, INACTIVE, NEVER, OWN, UNEMPLOYED
from sim.choices import month_name, month_number
from sim.language import ENGLISH, capital, figure, months, number, speaker, told, translated, when
from sim.paper import fitting
from sim.sheet import fold
from sim.world import World

NOTABLE = 0.25  # change of a month's income that is told
LUCK = told(
    "One life differs between the two worlds by luck as well as by the policy: this is an illustration, not an effect."
)
STEPS = {
    homes.BORROWED: told("borrows"),
    homes.AIDED: told("is helped by neighbours and kin"),
    homes.SOLD: told("sells belongings"),
    homes.HUNGRY: told("cuts food"),
    homes.WITHDREW: told("takes a child out of school"),
}
WORK = {
    FORMAL: told("an employee"),
    OWN: told("own-account"),
    UNEMPLOYED: told("jobless"),
    INACTIVE: told("not looking for work"),
}


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
        """How a sentence about the person begins."""
        if self.age < 18:
            return told("The girl of {age}", age=self.age) if self.sex else told("The boy of {age}", age=self.age)
        return told("The woman of {age}", age=self.age) if self.sex else told("The man of {age}", age=self.age)


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

    def month(self, number: int, language: str = ENGLISH) -> str:
        return when(month_name(month_number(self.start) + number), language)


def tell(before: Snapshot, now: Snapshot, world: World) -> list[str]:
    """What happened between two months, in sentences."""
    if not before.members:
        return []
    if not now.members:
        return [told("The household leaves the city or dissolves.")]
    said = [*_people(before, now), *_money(before, now)]
    if now.district != before.district:
        old, new = world.city.names[before.district], world.city.names[now.district]
        said.append(told("They move from {old} to {new}.", old=old, new=new))
    if now.damage > before.damage + 0.005:
        said.append(told("Their home is damaged: {share} % of what they own.", share=figure(100 * now.damage)))
    elif before.damage > 0.005 >= now.damage:
        said.append(told("Their home is repaired."))
    if now.takes_part != before.takes_part:
        begin, stop = told("They begin to take part in their neighbourhood."), told("They stop taking part.")
        said.append(begin if now.takes_part else stop)
    if now.poor != before.poor:
        fall, rise = told("They fall below the poverty line."), told("They rise above the poverty line.")
        said.append(fall if now.poor else rise)
    return said


def _people(before: Snapshot, now: Snapshot) -> list[str]:
    old, new = {m.uid: m for m in before.members}, {m.uid: m for m in now.members}
    born = (told("A boy is born."), told("A girl is born."))
    said: list[str] = [born[m.sex] for uid, m in new.items() if uid not in old and m.age == 0]
    said += [told("{who} joins.", who=m.who) for uid, m in new.items() if uid not in old and m.age > 0]
    said += [told("{who} is no longer with them.", who=m.who) for uid, m in old.items() if uid not in new]
    for uid, m in new.items():
        if uid in old:
            said += _work(old[uid], m)
    return said


def _work(old: Member, new: Member) -> list[str]:
    """What changed in one person's work, training and school."""
    said: list[str] = []
    who = new.who
    if old.state != new.state and new.state in WORK and CHILD not in (old.state, new.state):
        place = pay = ""
        if new.state in (FORMAL, OWN) and new.sector >= 0:
            place = told(" in {sector}", sector=told(SECTORS[new.sector].replace("_", " ")))
        if new.state == FORMAL:
            pay = told(", Rp {amount} million a month", amount=figure(new.pay / 1e6, 1))
        said.append(told("{who} is now {work}{place}{pay}.", who=who, work=WORK[new.state], place=place, pay=pay))
    if new.certified > max(old.certified, NEVER):
        said.append(told("{who} finishes a training.", who=who))
    if new.practice > old.practice + 0.3:
        said.append(told("{who} is mentored in running the business.", who=who))
    if new.state == OWN and new.technology > 0.5 >= old.technology:
        said.append(told("{who} begins to sell or pay digitally.", who=who))
    if new.age < 18 and old.enrolled and not new.enrolled and new.age < 16:
        said.append(told("{who} leaves school.", who=who))
    return said


def _money(before: Snapshot, now: Snapshot) -> list[str]:
    said: list[str] = []
    change = now.income / before.income - 1.0 if before.income > 0 else 0.0
    if abs(change) > NOTABLE and abs(now.income - before.income) > 5e5:
        ends = {"old": figure(before.income / 1e6, 1), "new": figure(now.income / 1e6, 1)}
        rises = told("Income rises from Rp {old} to {new} million.", **ends)
        said.append(rises if change > 0 else told("Income falls from Rp {old} to {new} million.", **ends))
    if now.aid > 0 and before.aid <= 0:
        said.append(told("They receive Rp {amount} thousand from a programme.", amount=figure(now.aid / 1e3)))
    elif before.aid > 0 >= now.aid:
        said.append(told("They no longer receive money from a programme."))
    begun = now.coping & ~before.coping
    said += [told("The household {step}.", step=words) for step, words in STEPS.items() if begun & step]
    if now.debt > 0 and before.debt <= 0:
        said.append(told("They owe Rp {amount} million.", amount=figure(now.debt / 1e6, 1)))
    return said


def story(lives: Lives, language: str = ENGLISH, width: int | None = None) -> list[str]:
    """The lives as lines of text: who they are, month by month in both worlds, and the balance at the end.

    Lines are folded to a width, left out to that of the terminal.
    """
    width = width or fitting()
    say = speaker(language)
    shared, own = _common(lives)
    lines = [introduced(lives, language), ""]
    if lives.with_ is not None:
        lines.append(say("In both worlds:") if shared else say("Nothing notable happens in both worlds alike."))
    lines += [_event(lives, event, language, width) for event in shared]
    for life, events in own:
        lines += ["", f"{_opening(life, say)}:"]
        told_of = [_event(lives, event, language, width) for event in events]
        lines += told_of or ["  " + say("nothing else worth telling")]
    lines += ["", *_balance(lives, language)]
    if lives.with_ is not None:
        lines += ["", say(LUCK)]
    return [part for line in lines for part in fold(line, width).split("\n")]


def introduced(lives: Lives, language: str = ENGLISH) -> str:
    """Who they are, in a sentence or two."""
    say, first = speaker(language), lives.without.snapshots[0]
    return say(
        "Household {number}, {place}: {people}. Income Rp {income} million, spending Rp {spending} million, savings "
        "Rp {savings} million.",
        number=lives.household,
        place=lives.places[first.district],
        people=", ".join(_described(m, say) for m in first.members),
        **{name: number(getattr(first, name) / 1e6, language, 1) for name in ("income", "spending", "savings")},
    )


def _event(lives: Lives, event: tuple[int, str], language: str, width: int) -> str:
    """A month and what happened in it; further lines stand under the first word of what happened."""
    begin = f"  {lives.month(event[0], language)}  "
    return fold(translated(event[1], language), width, hang=len(begin), begin=begin)


def _described(m: Member, say: Callable[..., str]) -> str:
    doing = say(WORK.get(m.state, told("at school") if m.enrolled else told("a child")))
    if m.age < 18:
        said = say("a girl of {age} ({doing})", age=m.age, doing=doing)
        return said if m.sex else say("a boy of {age} ({doing})", age=m.age, doing=doing)
    said = say("a woman of {age} ({doing})", age=m.age, doing=doing)
    return said if m.sex else say("a man of {age} ({doing})", age=m.age, doing=doing)


def _common(lives: Lives) -> tuple[list[tuple[int, str]], list[tuple[Life, list[tuple[int, str]]]]]:
    """Events of both worlds, and those of one alone."""
    if lives.with_ is None:
        return lives.without.events, []
    a, b = lives.without.events, lives.with_.events
    both = set(a) & set(b)
    shared = [event for event in a if event in both]
    return shared, [(life, [e for e in life.events if e not in both]) for life in (lives.without, lives.with_)]


def _opening(life: Life, say: Callable[..., str]) -> str:
    return capital(say(life.name))


def _balance(lives: Lives, language: str) -> list[str]:
    """The last year in one line for each world."""
    say, lines = speaker(language), []
    for life in (lives.without, lives.with_):
        if life is None:
            continue
        last = [one for one in life.snapshots[1:][-12:] if one.members]
        if not last:
            lines.append(say("{world}: the household is no longer in the city at the end.", world=_opening(life, say)))
            continue
        line = say(
            "{world}: in its last {span} the household spends Rp {spent} million a month and cuts food in {hungry} of "
            "them; at the end its savings are Rp {saved} million."
            if len(last) > 1
            else "{world}: in its last month the household spends Rp {spent} million; at the end its savings are Rp "
            "{saved} million.",
            world=_opening(life, say),
            spent=number(float(np.mean([s.spending for s in last])) / 1e6, language, 2),
            saved=number(last[-1].savings / 1e6, language, 1),
            hungry=sum(bool(s.coping & homes.HUNGRY) for s in last),
            span=months(len(last), language),
        )
        lines.append(line)
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
