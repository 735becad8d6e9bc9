"""Twin worlds: one city and one luck, with and without each package, with and without the shocks.

All worlds of a seed share one build and one past: each parts from its parent in the first month in which something
differs, so what differs afterwards comes from that and from nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import month as calendar
from sim.disturbance import Shock, shocks_of
from sim.intervention import levers_of
from sim.outcomes.measure import observe
from sim.outcomes.record import Recorder
from sim.parameters import default_parameters, with_values
from sim.population import build_world
from sim.scenario import Scenario
from sim.world import World

YEAR = 12
NOTICED = 0.01  # change of a household's consumption that counts as a gain or a loss
GROUPS, PLACES = 5, 30

Key = tuple[int, int]  # package (0: none), shocks (0 off, 1 on, or which of several courses of shocks)


@dataclass(frozen=True)
class Fork:
    """A world that parts from `parent` at the start of `month`."""

    key: Key
    parent: Key
    month: int


@dataclass(frozen=True)
class Plan:
    """Which worlds are lived, and which are the same as another because nothing ever differs."""

    packages: tuple[str, ...]  # first is none
    courses: int  # of shocks, each in worlds of its own
    onset: int | None
    forks: tuple[Fork, ...]
    same: dict[Key, Key]
    shock_count: int = 0  # how many are felt within the run

    @property
    def states(self) -> int:
        """1 without shocks, 2 with, more with several courses of them."""
        return 1 + self.courses

    @property
    def keys(self) -> list[Key]:
        return [(k, s) for k in range(len(self.packages)) for s in range(self.states)]

    def months(self, horizon: int) -> int:
        """Months lived by all worlds together."""
        return horizon + sum(horizon - fork.month for fork in self.forks)


def plan(scenario: Scenario, months: int) -> Plan:
    """The tree of worlds of a scenario over `months`."""
    courses = [_within(course, scenario, months) for course in scenario.courses]
    felt = [[max(one.first, 0) for one in shocks if one.settings.intensity > 0] for shocks in courses]
    onsets = [min(course, default=None) for course in felt] if any(courses) else []
    firsts = [None, *(_first_month(package.policies, scenario, months) for package in scenario.packages)]
    forks: list[Fork] = []
    same: dict[Key, Key] = {}
    for k, first in enumerate(firsts):
        if k and first is None:
            same[k, 0] = (0, 0)
        elif k:
            forks.append(Fork((k, 0), (0, 0), first or 0))
        for s, onset in enumerate(onsets, 1):
            if onset is None:
                same[k, s] = (k, 0)
            elif k == 0 or (first is not None and first <= onset):
                forks.append(Fork((k, s), (k, 0), onset))
            elif first is None:
                same[k, s] = (0, s)
            else:
                forks.append(Fork((k, s), (0, s), first))
    names = ("none", *(package.name for package in scenario.packages))
    begins = [month for course in felt for month in course]
    roots = {key: _root(same, key) for key in same}
    return Plan(names, len(onsets), min(begins, default=None), tuple(forks), roots, len(begins))


def _within(course: Any, scenario: Scenario, months: int) -> list[Shock]:
    """The shocks of a course that begin within the run."""
    return [one for one in shocks_of(course, scenario.start_month) if one.first < months]


def _first_month(policies: Any, scenario: Scenario, months: int) -> int | None:
    """First month in which a lever of the package does something; None when none ever does."""
    levers = levers_of(policies, scenario.start_month)
    firsts = [max(one.first, 0) for one in levers if not one.settings.idle and one.last >= max(one.first, 0)]
    first = min(firsts, default=None)
    return None if first is None or first >= months else first


def _root(same: dict[Key, Key], key: Key) -> Key:
    while key in same:
        key = same[key]
    return key


@dataclass
class Branch:
    """One world that is being lived, with its record."""

    world: World
    recorder: Recorder


@dataclass
class SeedResult:
    """What one seed's worlds did. Arrays: package, shocks, then as said."""

    seed: int
    outcomes: tuple[str, ...]
    months: tuple[str, ...]
    city: np.ndarray  # (package, shocks, month, outcome)
    yearly: np.ndarray  # (package, shocks, year, outcome, 36): means over each twelve months from the start
    gains: dict[str, np.ndarray]  # each (package, shocks, 35): fifths, then kecamatan, at the start
    programmes: list[dict[str, Any]]
    digests: dict[Key, str]
    identities: dict[str, float]
    counts: dict[str, int]


def live(
    scenario: Scenario,
    scale: int,
    seed: int,
    months: int,
    tell: Callable[[int], object] = lambda done: None,
    keep: Callable[[str, bool, Recorder], object] | None = None,
) -> SeedResult:
    """Build a city and live all its worlds. `tell` gets the months lived so far; `keep` each finished record."""
    tree = plan(scenario, months)
    start = scenario.start_month
    p = with_values(default_parameters(), scenario.parameters)
    world = build_world(start, p, scale, seed, months, live=calendar.step)
    recorder = Recorder(world.city.codes, start, world.price_year)
    rows = world.households.rows[: world.households.n]
    born = {name: rows[name].copy() for name in ("uid", "quintile", "district", "alive")}
    counts = _heads(world)
    waiting: dict[Key, Branch] = {(0, 0): Branch(world, recorder)}
    done: dict[Key, Branch] = {}
    lived = 0
    del world, recorder, rows
    while waiting:
        key, branch = waiting.popitem()
        children = [fork for fork in tree.forks if fork.parent == key]
        while branch.world.month < months:
            for fork in children:
                if fork.month == branch.world.month:
                    waiting[fork.key] = _part(branch, key, fork.key, scenario)
            step(branch)
            lived += 1
            tell(lived)
        done[key] = _finish(branch, len(born["uid"]))
        if keep is not None:
            keep(tree.packages[key[0]], bool(key[1]), branch.recorder)
    if keep is not None:
        for key, twin in tree.same.items():  # never lived, because nothing ever differs from their twin
            keep(tree.packages[key[0]], bool(key[1]), done[twin].recorder)
    return _gather(tree, done, seed, born, counts, scale)


def step(branch: Branch) -> None:
    """Live one month and record it."""
    world = branch.world
    calendar.step(world)
    branch.recorder.add(observe(world, world.counts.get("figures")))
    world.month += 1


def _part(branch: Branch, own: Key, key: Key, scenario: Scenario) -> Branch:
    """A twin that goes its own way: it gets the policies or the shocks that its parent does not have."""
    twin = Branch(branch.world.twin(), branch.recorder.twin())
    if key[0] != own[0]:
        twin.world.policies = levers_of(scenario.packages[key[0] - 1].policies, scenario.start_month)
    if key[1] != own[1]:
        twin.world.shocks = shocks_of(scenario.courses[key[1] - 1], scenario.start_month)
    return twin


class _Ended:
    """What is kept of a world that has been lived to its end: its record, its books and its first households."""

    def __init__(self, branch: Branch, first: int) -> None:
        world = branch.world
        rows = world.households.rows[:first]
        self.recorder = branch.recorder
        self.uid, self.alive = rows["uid"].copy(), rows["alive"] == 1
        self.average = rows["average"].copy()
        self.identities = dict(world.identities)
        names = [policy.name for policy in world.policies]
        self.lines = [world.government.programmes[name] for name in names if name in world.government.programmes]


def _finish(branch: Branch, first: int) -> Any:
    ended = _Ended(branch, first)
    let_go(branch)
    return ended


def let_go(branch: Branch) -> None:
    """Nobody lives on in this city: without the levers, whose purses know it, its memory is free at once."""
    branch.world.policies = []


def _heads(world: World) -> dict[str, int]:
    from sim.agents.persons import GONE

    return {
        "persons": int((world.persons.rows["state"] != GONE).sum()),
        "households": int((world.households.rows["alive"] == 1).sum()),
    }


def _gather(tree: Plan, done: dict[Key, Any], seed: int, born: dict, counts: dict, scale: int) -> SeedResult:
    """All worlds of a seed as arrays; those never lived because nothing differs point at their twin."""
    ended = {key: done[tree.same.get(key, key)] for key in tree.keys}
    first = ended[0, 0].recorder
    shape = (len(tree.packages), tree.states)
    values = {key: one.recorder.values for key, one in ended.items()}
    city = np.array([[values[k, s][:, :, 0] for s in range(shape[1])] for k in range(shape[0])])
    yearly = np.array([[_yearly(values[k, s]) for s in range(shape[1])] for k in range(shape[0])])
    gains = {name: np.full((*shape, GROUPS + PLACES), np.nan) for name in ("share_up", "share_down", "mean_change")}
    for (k, s), one in ended.items():
        for name, found in household_gains(born, ended[0, s], one).items():
            gains[name][k, s] = found
    programmes = [
        {"package": tree.packages[k], "shock": s, "seed": seed, **programme_figures(line, scale)}
        for (k, s), one in ended.items()
        for line in one.lines
    ]
    errors = {name: max(one.identities[name] for one in done.values()) for name in ended[0, 0].identities}
    digests = {key: one.recorder.digest() for key, one in ended.items()}
    return SeedResult(seed, first.names, tuple(first.months), city, yearly, gains, programmes, digests, errors, counts)


def _yearly(values: np.ndarray) -> np.ndarray:
    """Means over each twelve months from the start (the last year may be shorter)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows an outcome is not declared for stay NaN
        return np.array([np.nanmean(values[t : t + YEAR], axis=0) for t in range(0, len(values), YEAR)])


def household_gains(born: dict[str, np.ndarray], without: Any, with_: Any) -> dict[str, np.ndarray]:
    """Household by household: who spends more and who less per head than the same household without the package.

    born: uid, quintile, district, alive at the start. Only households alive in both worlds with the same id count;
    consumption is the twelve-month average at the end. Returns share_up, share_down (beyond 1 %) and mean_change (of
    logarithms, so that chance leaves it at zero) by fifth (5) and kecamatan (30) of the start.
    """
    stayed = (born["alive"] == 1) & without.alive & with_.alive
    stayed &= (without.uid == born["uid"]) & (with_.uid == born["uid"])
    change = np.log(np.maximum(with_.average[stayed], 1.0) / np.maximum(without.average[stayed], 1.0))
    cells = (born["quintile"][stayed].astype(np.int64), born["district"][stayed].astype(np.int64) + GROUPS)
    found = {}
    values = {"share_up": change > np.log1p(NOTICED), "share_down": change < -np.log1p(NOTICED), "mean_change": change}
    heads = sum(np.bincount(cell, minlength=GROUPS + PLACES) for cell in cells)
    for name, value in values.items():
        total = sum(np.bincount(cell, value, GROUPS + PLACES) for cell in cells)
        found[name] = np.where(heads > 0, total / np.maximum(heads, 1), np.nan)
    return found


def programme_figures(line: Any, scale: int) -> dict[str, Any]:
    """A programme's reach and money at the city's real size."""
    money = ("released", "spent", "refused", "leaked", "from_companies")
    return {
        "programme": line.name.removeprefix("policy: "),
        **{name: float(getattr(line, name)) * scale for name in money},
        "reached": int(line.reached) * scale,
        "by_quintile": line.by_quintile * scale,
        "by_district": line.by_district * scale,
        "received_by_quintile": line.received_by_quintile * scale,
    }
