"""The runs of the city: each is the world that `bandung run` lives, and shares what it can with the runs beside it.

A worker keeps the last cities it built. Runs of one seed and the same parameters start from one build and burn-in; as
long as nothing differs (no lever, no shock yet) they share the months as well, and part when something does. The
results are those of `bandung run`, bit for bit: twins part exactly (tests/test_twins.py, tests/test_sweep_city.py).

`past: shared` lets every run of a seed start from the city that the base scenario's parameters built; the run's own
parameters hold from the start month on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.errors import RunError
from sim.language import told
from sim.memory import give_back
from sim.scenario import Scenario
from sim.sweep.factors import Factor, applied
from sim.sweep.plan import Record, Spec, canonical
from sim.sweep.summaries import Wanted, summarise

if TYPE_CHECKING:
    from sim.sweep.design import Design
    from sim.twins import Branch

KEPT, SMALL = 2, 20  # builds a worker keeps; only one of cities larger than one agent for so many


def model_version() -> str:
    """Version of the sources that determine a run's numbers: the model without page, report and command line."""
    from sim.compiled import HERE, code_hash
    from sim.sweep.plan import hashed

    own = [(HERE / "sweep" / name).read_bytes() for name in ("city.py", "factors.py", "summaries.py")]
    outside = (
        "ui/",
        "sweep/",
        "report/",
        "analysis/",
        "cli.py",
        "options.py",
        "listing.py",
        "summary.py",
        "template.py",
    )
    return hashed(code_hash(outside).encode(), *own)[:16]


def data_version() -> str:
    """Version of the data tables."""
    from sim.city import data_hashes
    from sim.sweep.plan import canonical, hashed

    return hashed(canonical(data_hashes()))[:16]


@dataclass
class City:
    """What a worker needs to live the runs of a design."""

    base: Scenario
    factors: tuple[Factor, ...]
    wanted: tuple[Wanted, ...]
    past: str  # rebuilt or shared
    code: str
    data: str

    @classmethod
    def of(cls, design: Design) -> City:
        return cls(design.base, design.factors, design.outcomes, design.past, model_version(), data_version())

    def prepare(self) -> bool:
        from sim.compiled import is_cold

        return is_cold()

    def begin(self) -> None:
        """One thread, and the sources that the sweep began with: they may have changed, or be others elsewhere."""
        from sim.walk import set_threads

        set_threads(1)
        if _own_version() != self.code:
            said = told("a worker has another version of the model than this command; use the same one everywhere")
            raise RunError(said)

    def meanings(self, values: dict[str, float], packages: Sequence[str], shocks: Sequence[str]) -> Iterator[Any]:
        world = self.scenario(values)
        parameters = _changed(world.parameters)
        built = _changed(self.base.parameters) if self.past == "shared" else parameters
        past = {"parameters": built, "start": world.start, "scale": world.scale, "months": world.months}
        disturbed = [one.model_dump(mode="json") for one in world.shocks]
        for name in packages:
            package = world.package(name)
            policies = [one.model_dump(mode="json") for one in package.policies] if package else []
            for state in shocks:
                own = {"policies": policies, "shocks": disturbed if state == "on" else [], "parameters": parameters}
                yield past | own | {"past": built}, past

    def scenario(self, values: dict[str, float]) -> Scenario:
        """The scenario of a point."""
        return applied(self.base, self.factors, values)

    def live(self, spec: Spec) -> Record:
        world = self.scenario(spec.values)
        branch = parted(self, world, spec)
        from sim.twins import let_go, programme_figures, step

        while branch.world.month < world.months:
            step(branch)
        lines = [branch.world.government.programmes.get(policy.name) for policy in branch.world.policies]
        paid = [programme_figures(line, world.scale) for line in lines if line is not None]
        let_go(branch)
        return {
            "cost_rp": sum(one["spent"] for one in paid),
            "refused_rp": sum(one["refused"] for one in paid),
            "digest": branch.recorder.digest(),
            **summarise(self.wanted, branch.recorder),
        }


def _changed(parameters: Mapping[str, float]) -> dict[str, float]:
    """The parameters that are not at their declared default: naming a default changes nothing."""
    from sim.parameters import catalogue

    known = catalogue()
    return {name: float(value) for name, value in parameters.items() if float(value) != known[name].default}


@cache
def _own_version() -> str:
    return model_version()


class _Past:
    """What a worker keeps of one build: the city at month 0, and copies of it in later months.

    Copies are named by what has happened to them: nothing, or the levers or shocks that came first. As many are kept as
    the size of the cities allows.
    """

    def __init__(self, born: Branch, scale: int) -> None:
        self.born = born
        self.most = max(1, min(8, scale // 12))
        self.kept: OrderedDict[tuple[bytes, int], Branch] = OrderedDict()

    def at(self, name: bytes, month: int, make: Callable[[], Branch]) -> Branch:
        """The city of that name in a month (not to be changed): lived on from the latest that is kept, or from
        `make`."""
        from sim.twins import let_go, step

        earlier = [then for what, then in self.kept if what == name and then <= month]
        if earlier and max(earlier) == month:
            self.kept.move_to_end((name, month))
            return self.kept[name, month]
        branch = copied(self.kept[name, max(earlier)]) if earlier else make()
        while branch.world.month < month:
            step(branch)
        self.kept[name, month] = branch
        while len(self.kept) > self.most:
            let_go(self.kept.popitem(last=False)[1])
        return branch

    def close(self) -> None:
        """Let go of every copy that is kept."""
        from sim.twins import let_go

        for branch in self.kept.values():
            let_go(branch)


_pasts: OrderedDict[Any, _Past] = OrderedDict()


def parted(city: City, world: Scenario, spec: Spec) -> Branch:
    """A city of one's own in the month from which the run differs from what is kept, with its levers and shocks."""
    from sim.disturbance import shocks_of
    from sim.intervention import levers_of
    from sim.parameters import default_parameters, with_values

    built = city.base.parameters if city.past == "shared" else world.parameters
    past = _past_of(world, dict(built), spec.seed)
    package = world.package(spec.package)
    levers = levers_of(package.policies, world.start_month) if package else []
    shocks = shocks_of(world.shocks, world.start_month) if spec.shocks == "on" else []
    values = with_values(default_parameters(), world.parameters)
    if values != past.born.world.p:  # a shared past: other rules from the start on
        branch = copied(past.born)
        branch.world.p = values
        branch.world.policies, branch.world.shocks = levers, shocks
        return branch
    return _at_second_event(past, world.months, levers, shocks)


def _at_second_event(past: _Past, months: int, levers: list, shocks: list) -> Branch:
    """Live undisturbed until the first lever or shock, then with it alone until the other; both may be kept."""
    acts = min([max(one.first, 0) for one in levers if _acts(one)], default=months)
    strikes = min([max(one.first, 0) for one in shocks if one.settings.intensity > 0], default=months)
    first, second = min(acts, strikes, months), min(max(acts, strikes), months)
    quiet = past.at(b"", first, lambda: copied(past.born))
    if first == second or second == months:
        branch = copied(quiet)
        branch.world.policies, branch.world.shocks = levers, shocks
        return branch

    def disturbed() -> Branch:
        branch = copied(quiet)
        branch.world.policies, branch.world.shocks = (levers, []) if acts < strikes else ([], shocks)
        return branch

    settings = [one.settings.model_dump(mode="json") for one in (levers if acts < strikes else shocks)]
    branch = copied(past.at(canonical([acts < strikes, settings]), second, disturbed))
    if acts < strikes:
        branch.world.shocks = shocks
    else:
        branch.world.policies = levers
    return branch


def _acts(lever: Any) -> bool:
    """Whether a lever ever does something."""
    return not lever.settings.idle and lever.last >= max(lever.first, 0)


def copied(branch: Branch) -> Branch:
    """A twin of a city and its record."""
    from sim.twins import Branch

    return Branch(branch.world.twin(), branch.recorder.twin())


def born(world: Scenario, parameters: dict[str, float], seed: int) -> Branch:
    """The city of a scenario, some parameters and a seed at month 0 (not to be changed)."""
    return _past_of(world, parameters, seed).born


def _past_of(world: Scenario, parameters: dict[str, float], seed: int) -> _Past:
    """The city of a seed and its parameters, built if this process does not hold it."""
    key = (world.start, world.scale, world.months, seed, tuple(sorted(parameters.items())))
    if key in _pasts:
        _pasts.move_to_end(key)
        return _pasts[key]
    while len(_pasts) >= (KEPT if world.scale >= SMALL else 1):
        _pasts.popitem(last=False)[1].close()
        give_back()
    from sim import month as calendar
    from sim.outcomes.record import Recorder
    from sim.parameters import default_parameters, with_values
    from sim.population import build_world
    from sim.twins import Branch

    start, p = world.start_month, with_values(default_parameters(), parameters)
    built = build_world(start, p, world.scale, seed, world.months, live=calendar.step)
    _pasts[key] = _Past(Branch(built, Recorder(built.city.codes, start, built.price_year)), world.scale)
    return _pasts[key]
