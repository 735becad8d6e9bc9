"""One world from a scenario to its results."""

from __future__ import annotations

import math
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.entries import remarks
from sim.language import ENGLISH, check_language
from sim.repeating import called
from sim.scenario import Scenario, load_scenario
from sim.shape import MOST_MONTHS, MOST_SCALE, MOST_SEED, MOST_THREADS, on_or_off, whole_number
from sim.span import span_of

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int, int], object]  # stage, done, of: ("build", percent, 100), then ("run", month, months)


@dataclass
class RunResult:
    """What one world did: every outcome value, the books, the time it took, and what it was made from."""

    scenario: Scenario
    scale: int
    seed: int
    months: int
    package: str
    shocks: bool
    frame: pd.DataFrame
    outcomes: dict[str, dict[str, Any]]
    digest: str
    identities: dict[str, float]
    seconds: dict[str, float]
    counts: dict[str, int]
    parameters: dict[str, float]
    places: dict[str, str] = field(default_factory=dict)  # district names by code
    timings: dict[str, float] = field(default_factory=dict)
    dataset: Path | None = None  # where it was saved

    @property
    def start(self) -> str:
        return self.scenario.start

    @property
    def command(self) -> str:
        """The command that repeats this run; SCENARIO.yaml in it stands for `scenario.text`, where no file says it."""
        scenario = called(self.scenario, self.dataset)
        parts = ["bandung", "run", scenario, "--scale", str(self.scale), "--seed", str(self.seed)]
        parts += ["--months", str(self.months)]
        parts += ["--package", self.package] if self.package != "none" else []
        parts += ["--shocks", "off"] if not self.shocks else []
        return shlex.join(parts)

    @property
    def remarks(self) -> list[str]:
        """What of the scenario lies outside the run, and what the author of the package should know."""
        package = self.scenario.package(self.package)
        found = span_of(self.scenario, self.months, package, self.shocks)
        return [*found, *remarks([package] if package else [])]

    def save(self, folder: Path | str, language: str = ENGLISH) -> Path:
        """Write the dataset of this run; `language`: of its report."""
        from sim.results import save

        return save(self, folder, language)

    def as_dict(self) -> dict[str, Any]:
        """What `bandung run --json` prints."""
        said = {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "scale": self.scale,
            "start": self.start,
            "months": self.months,
            "package": self.package,
            "shocks": "on" if self.shocks else "off",
            **self.counts,
            "seconds": self.seconds,
            "digest": self.digest,
            "identities": self.identities,
            "outcomes": self.outcomes,
        }
        return finite(said | ({"timings": self.timings} if self.timings else {}))


def run(
    scenario: Scenario | Path | str,
    *,
    scale: int | None = None,
    seed: int = 1,
    months: int | None = None,
    threads: int | None = None,
    package: str | None = None,
    shocks: bool | str = True,
    parameters: Mapping[str, float] | None = None,
    out: Path | str | None = None,
    progress: Progress | None = None,
    timing: bool = False,
    language: str = ENGLISH,
) -> RunResult:
    """Simulate one world. `scale` and `months` default to the scenario's; `out` also writes the dataset, with its
    report in `language`.

    shocks: True or "on", False or "off". parameters: values by name, over those of the scenario.
    """
    check_language(language)
    scenario = load_scenario(scenario).under(parameters)
    scale = scenario.scale if scale is None else scale
    months = scenario.months if months is None else months
    scale, months = whole_number("scale", scale, 1, MOST_SCALE), whole_number("months", months, 1, MOST_MONTHS)
    seed = whole_number("seed", seed, 0, MOST_SEED)
    threads = None if threads is None else whole_number("threads", threads, 1, MOST_THREADS)
    chosen, shocks = scenario.package(package), on_or_off("shocks", shocks)
    if out is not None:
        from sim.results import check_folder

        check_folder(out)
    tell = progress or (lambda stage, done, total: None)
    tell("build", 0, 100)
    started = time.perf_counter()
    name = chosen.name if chosen else None
    model = build(
        scenario=scenario,
        scale=scale,
        seed=seed,
        months=months,
        threads=threads,
        package=name,
        shocks=shocks,
        progress=lambda stage, share: tell("build", int(100 * share), 100),
    )
    try:
        counts, built = head_counts(model.world), time.perf_counter()
        for month in range(months):
            tell("run", month, months)
            model.step()
        tell("run", months, months)
        seconds = {"build": round(built - started, 3), "run": round(time.perf_counter() - built, 3)}
        result = RunResult(
            scenario=scenario,
            scale=scale,
            seed=seed,
            months=months,
            package=name or "none",
            shocks=shocks,
            frame=by_month(model.recorder.frame()),
            outcomes=model.recorder.summary(),
            digest=model.recorder.digest(),
            identities=dict(model.identities),
            seconds=seconds,
            counts=counts,
            parameters=parameter_values(model.world.p),
            places=dict(zip(model.world.city.codes, model.world.city.names, strict=True)),
            timings=dict(model.timings) if timing else {},
        )
    finally:
        forget(model)
    if out is not None:
        result.save(out, language)
    return result


def by_month(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its months in their order, so that they can be compared: `frame["month"] >= "2025-07"`."""
    frame["month"] = frame["month"].cat.as_ordered()
    return frame


def finite(value: Any) -> Any:
    """The same, with None for what JSON cannot say (not measured, infinite)."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def build(**choices: Any) -> Any:
    """The model of one world (tests put a smaller one in its place)."""
    from sim.model import BandungModel

    return BandungModel(**choices)


def head_counts(world: Any) -> dict[str, int]:
    """How many agents of each kind live in a world, by simulated agents (each stands for `scale` real ones)."""
    from sim.agents.businesses import FIRM, LARGE, OPEN
    from sim.agents.persons import GONE, OWN

    state, firms = world.persons.rows["state"], world.businesses.rows
    trading = (firms["status"] == OPEN) & (firms["kind"] == FIRM)
    return {
        "persons": int((state != GONE).sum()),
        "households": int((world.households.rows["alive"] == 1).sum()),
        "businesses": int(trading.sum()),
        "own_account": int((state == OWN).sum()),
        "companies": int((trading & (firms["size_class"] == LARGE)).sum()),
    }


def parameter_values(p: Any) -> dict[str, float]:
    """Every parameter value of a world by its full name."""
    return {
        f"{group}.{name}": value for group, values in p._asdict().items() for name, value in values._asdict().items()
    }


def forget(model: Any) -> None:
    """Let go of a finished model: Mesa 3.3 keeps every model that had an agent in its id counter for ever."""
    import mesa

    getattr(mesa.Agent, "_ids", {}).pop(model, None)
