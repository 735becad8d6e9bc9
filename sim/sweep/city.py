"""The runs of the city: each is the world that `bandung run` lives, and shares what it can with the runs beside it.

A worker keeps the last cities it built. Runs of one seed and the same parameters start from one build and burn-in; as
long as nothing differs (no lever, no shock yet) they share the months as well, and part from that trunk when something
does. The results are those of `bandung run`, bit for bit: twins part exactly (tests/test_twins.py).

`past: shared` lets every run of a seed start from the city that the base scenario's parameters built; the run's own
parameters hold from the start month on.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.errors import RunError
from sim.scenario import Scenario
from sim.sweep.factors import Factor, applied
from sim.sweep.plan import Record, Spec
from sim.sweep.summaries import Wanted, summarise

if TYPE_CHECKING:
    from sim.sweep.design import Design
    from sim.twins import Branch

KEPT = 2  # cities a worker keeps


def model_version() -> str:
    """Version of the sources that determine a run's numbers: the model without page, report and command line."""
    from sim.compiled import HERE, code_hash
    from sim.sweep.plan import hashed

    own = [(HERE / "sweep" / name).read_bytes() for name in ("city.py", "factors.py", "summaries.py")]
    outside = ("ui/", "sweep/", "report/", "analysis/", "cli.py", "listing.py", "summary.py", "template.py")
    return hashed(code_hash(outside).encode(), *own)[:16]


def data_version() -> str:
    """Version of the data tables."""
    from sim.results import data_hashes
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
            raise RunError("a worker has another version of the model than this command; use the same one everywhere")

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
        from sim.twins import programme_figures, step

        while branch.world.month < world.months:
            step(branch)
        lines = [branch.world.government.programmes.get(policy.name) for policy in branch.world.policies]
        paid = [programme_figures(line, world.scale) for line in lines if line is not None]
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


@dataclass
class _Past:
    """A built city at month 0, and the same city lived on undisturbed (the trunk), as far as anyone needed."""

    born: Branch
    trunk: Branch


_pasts: OrderedDict[Any, _Past] = OrderedDict()


def parted(city: City, world: Scenario, spec: Spec) -> Branch:
    """A city of one's own in the month from which the run differs from the undisturbed one."""
    from sim.disturbance import shocks_of
    from sim.intervention import levers_of
    from sim.parameters import default_parameters, with_values
    from sim.twins import step

    shared = city.past == "shared"
    built = city.base.parameters if shared else world.parameters
    past = _past_of(world, dict(built), spec.seed)
    package = world.package(spec.package)
    levers = levers_of(package.policies, world.start_month) if package else []
    shocks = shocks_of(world.shocks, world.start_month) if spec.shocks == "on" else []
    values = with_values(default_parameters(), world.parameters)
    own_rules = values != past.born.world.p
    month = 0 if own_rules else _first_month(levers, shocks, world.months)
    if month < past.trunk.world.month:
        past.trunk = _copied(past.born)
    while past.trunk.world.month < month:
        step(past.trunk)
    branch: Branch = _copied(past.trunk)
    branch.world.policies, branch.world.shocks = levers, shocks
    if own_rules:
        branch.world.p = values
    return branch


def _first_month(levers: Any, shocks: Any, months: int) -> int:
    """First month in which a lever or a shock does something; `months` when none ever does."""
    firsts = [max(one.first, 0) for one in levers if not one.settings.idle and one.last >= max(one.first, 0)]
    firsts += [max(one.first, 0) for one in shocks if one.settings.intensity > 0]
    return min([*firsts, months])


def _copied(branch: Branch) -> Branch:
    from sim.twins import Branch

    return Branch(branch.world.twin(), branch.recorder.twin())


def _past_of(world: Scenario, parameters: dict[str, float], seed: int) -> _Past:
    """The city of a seed and its parameters, built if this process does not hold it."""
    key = (world.start, world.scale, world.months, seed, tuple(sorted(parameters.items())))
    if key in _pasts:
        _pasts.move_to_end(key)
        return _pasts[key]
    while len(_pasts) >= KEPT:
        _pasts.popitem(last=False)
    from sim import month as calendar
    from sim.outcomes.record import Recorder
    from sim.parameters import default_parameters, with_values
    from sim.population import build_world
    from sim.twins import Branch

    start, p = world.start_month, with_values(default_parameters(), parameters)
    built = build_world(start, p, world.scale, seed, world.months, live=calendar.step)
    born = Branch(built, Recorder(built.city.codes, start, built.price_year))
    _pasts[key] = _Past(born, _copied(born))
    return _pasts[key]
