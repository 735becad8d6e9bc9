"""One household watched month by month, in the world with a policy and in the one without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim import month as calendar
from sim.agents.persons import NOBODY
from sim.entries import Package
from sim.errors import InputError
from sim.language import told
from sim.model import set_up
from sim.parameters import default_parameters, with_values
from sim.population import build_world
from sim.scenario import Scenario
from sim.story import Life, Lives, Member, Snapshot
from sim.world import World


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
    chosen = chosen_package(scenario, package)
    sample, horizon = scale or scenario.scale, months or scenario.months
    p = with_values(default_parameters(), scenario.parameters)
    world = build_world(scenario.start_month, p, sample, seed, horizon, live=calendar.step)
    rows = np.flatnonzero(world.households.rows["alive"] == 1)
    if household is None:
        household = 1 + int(
            np.searchsorted(rows, most_changed(world, scenario, chosen, shocks, horizon, tell_progress))
        )
    if not 1 <= household <= len(rows):
        raise InputError(
            told(
                "--household {number}: at scale {scale} the city has households 1 to {last}",
                number=household,
                scale=sample,
                last=len(rows),
            )
        )
    row = int(rows[household - 1])
    worlds = [(Life(told("without the policy") if chosen else told("as it is")), world)]
    if chosen:
        name = told(chosen.name) if scenario.has_words_for(chosen.name) else chosen.name
        worlds.append((Life(told("with '{package}'", package=name)), world.twin()))
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


def chosen_package(scenario: Scenario, name: str | None) -> Package | None:
    """The package of that name; without a name the first."""
    names = [one.name for one in scenario.packages]
    return scenario.package(name if name is not None or not names else names[0])


def most_changed(world: World, scenario: Scenario, chosen: Any, shocks: bool, months: int, tell: Any) -> int:
    """Row of the household, among the poorer half, whose spending at the end differs most between the two worlds.

    Of those that the package's programmes have reached, if they reach any, else of those of the kecamatan that the
    package works in: the others' lives differ by chance meetings.
    """
    poorer = np.flatnonzero((world.households.rows["alive"] == 1) & (world.households.rows["quintile"] < 3))
    if chosen is None:
        return int(poorer[0])
    worlds = [world.twin(), world.twin()]
    for one, package in zip(worlds, (None, chosen.name), strict=True):
        set_up(one, scenario, package, shocks)
    reached: list[np.ndarray] = [np.zeros(0, np.int64)]
    worlds[1].reached = reached
    for done in range(months):
        tell("choosing a household", done, months)
        for one in worlds:
            calendar.step(one)
            one.month += 1
    uid = world.households.rows["uid"][poorer]
    rows = [one.households.rows[poorer] for one in worlds]
    same = (rows[0]["uid"] == uid) & (rows[1]["uid"] == uid) & (rows[0]["alive"] == 1) & (rows[1]["alive"] == 1)
    change = np.abs(rows[1]["average"] / np.maximum(rows[0]["average"], 1.0) - 1.0)
    helped = same & np.isin(poorer, np.concatenate(reached))
    near = same & works_in(chosen)[world.households.rows["district"][poorer]]
    among = next((one for one in (helped, near) if one.any()), same)
    return int(poorer[np.argmax(np.where(among, change, -1.0))])


def works_in(package: Package) -> np.ndarray:
    """For each kecamatan whether a lever of the package works there; all where none is named."""
    places = [policy.places() for policy in package.policies if hasattr(policy, "places")]
    return np.any(places, axis=0) if places else np.ones(30, bool)


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
