"""A worker's memory: worlds without policies, kept at some of their months, from which other worlds part.

A lever that acts from month 12 on changes nothing before: its world begins as a copy of the world without it, in
month 12. So a moved lever costs only the months that it can change, and no city is built twice. Likewise a world with
a lever and a later shock leaves a copy from the month in which the shock strikes, where the one without it goes on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from sim import month as calendar
from sim.disturbance import shocks_of
from sim.intervention import levers_of
from sim.outcomes.record import Recorder
from sim.parameters import default_parameters, with_values
from sim.population import build_world
from sim.runner import head_counts
from sim.twins import YEAR, Branch, _yearly, programme_figures, step
from sim.ui.engine.job import Job, Lived

Tell = Callable[[int], object]  # months lived so far; may raise to stop


class Warm:
    """Branches by job (without policies) and month, the least used forgotten first beyond `room` bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._kept: OrderedDict[tuple[Job, int], Branch] = OrderedDict()
        self._sizes: dict[tuple[Job, int], int] = {}

    def live(self, job: Job, tell: Tell = lambda months: None) -> Lived:
        """Live a world to its end. Nothing is lost when `tell` raises."""
        first, onset = job.first, job.onset
        if first is None:
            branch = self._at(job, job.months, tell)
            return _lived(job, branch, self._birth(job))
        left = None if onset is not None else self._latest(job, job.months)
        if left is not None:
            branch = left
        else:
            struck_before = onset is not None and onset < first
            branch = self._at(job.without(policies=True, shocks=not struck_before), first, tell)
            branch.world.policies = levers_of(job.policies, job.start)
            if onset is not None and onset > first:
                branch = self._at_shock(job, onset, branch, tell)
            branch.world.shocks = shocks_of(job.shocks, job.start)
        while branch.world.month < job.months:
            step(branch)
            tell(branch.world.month)
        return _lived(job, branch, self._birth(job))

    def _at_shock(self, job: Job, onset: int, branch: Branch, tell: Tell) -> Branch:
        """A world with policies at the month in which the shock strikes; a copy is left for the world without it."""
        calm = self._latest(job.kin, onset)
        if calm is not None:
            return calm
        while branch.world.month < onset:
            step(branch)
            tell(branch.world.month)
        self._keep(job.kin, branch)
        return branch

    def _at(self, job: Job, month: int, tell: Tell) -> Branch:
        """A world without policies at the start of a month, free to go its own way."""
        branch = self._latest(job, month)
        if branch is None and job.shocks:
            branch = self._at(job.without(shocks=True), min(job.onset or 0, month), tell)
            branch.world.shocks = shocks_of(job.shocks, job.start)
        elif branch is None:
            branch = _built(job)
            self._keep(job, branch)
        while branch.world.month < month:
            step(branch)
            tell(branch.world.month)
            if branch.world.month % (2 * YEAR) == 0 and branch.world.month < job.months:
                self._keep(job, branch)
        if month < job.months:
            self._keep(job, branch)
        return branch

    def _latest(self, job: Job, month: int) -> Branch | None:
        """A copy of the latest branch kept of this world, not after `month`."""
        months = [kept for one, kept in self._kept if one == job and kept <= month]
        if not months:
            return None
        key = job, max(months)
        self._kept.move_to_end(key)
        return _copy(self._kept[key])

    def _keep(self, job: Job, branch: Branch) -> None:
        key = job, branch.world.month
        if key in self._kept:
            return
        self._kept[key] = _copy(branch)
        self._sizes[key] = _size(branch)
        while sum(self._sizes.values()) > self.room and len(self._kept) > 1:
            old, _ = self._kept.popitem(last=False)
            del self._sizes[old]

    def _birth(self, job: Job) -> tuple[dict[str, np.ndarray], dict[str, int]]:
        """The households of the first day, and how many of all there are."""
        root = job.without(policies=True, shocks=True)
        first = self._kept.get((root, 0)) or _built(root)
        self._keep(root, first)
        world = first.world
        rows = world.households.rows[: world.households.n]
        born = {name: rows[name].copy() for name in ("uid", "quintile", "district", "alive")}
        return born, head_counts(world)


def _built(job: Job) -> Branch:
    p = with_values(default_parameters(), dict(job.parameters))
    world = build_world(job.start, p, job.scale, job.seed, job.months, live=calendar.step)
    return Branch(world, Recorder(world.city.codes, job.start, world.price_year))


def _copy(branch: Branch) -> Branch:
    return Branch(branch.world.twin(), branch.recorder.twin())


def _size(branch: Branch) -> int:
    world = branch.world
    tables = (world.persons.rows, world.households.rows, world.businesses.rows, world.ties, branch.recorder._values)
    return sum(one.nbytes for one in tables)


def _lived(job: Job, branch: Branch, birth: tuple[dict[str, np.ndarray], dict[str, int]]) -> Lived:
    born, counts = birth
    world, values = branch.world, branch.recorder.values
    rows = world.households.rows[: len(born["uid"])]
    lines: dict[str, Any] = world.government.programmes
    names = [policy.name for policy in world.policies]
    return Lived(
        outcomes=branch.recorder.names,
        months=tuple(branch.recorder.months),
        city=values[:, :, 0].copy(),
        yearly=_yearly(values),
        born=born,
        uid=rows["uid"].copy(),
        alive=rows["alive"] == 1,
        average=rows["average"].copy(),
        programmes=[programme_figures(lines[name], job.scale) for name in names if name in lines],
        identities=dict(world.identities),
        digest=branch.recorder.digest(),
        counts=counts,
    )
