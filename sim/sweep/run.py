"""A sweep from its design to its table; started again, it does what is missing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import RunError
from sim.language import ENGLISH, figure, told
from sim.sweep.engine import CHUNK, Engine, open_engine
from sim.sweep.plan import Model, Plan, Queue, Record, canonical, hashed
from sim.sweep.store import FORMAT, Store, open_folder, read_manifest
from sim.sweep.table import named_run, write_table

Tell = Callable[[int, int, Record | None], object]  # runs done, of all, the last one's record


@dataclass
class Swept:
    """What a sweep has come to."""

    folder: Path
    runs: int
    lived: int  # by this call
    counts: dict[str, int]  # of the whole table: ok, error, crashed, missing
    seconds: float

    failures: list[dict[str, Any]]  # the first runs that failed: point, seed, package, error

    def as_dict(self) -> dict[str, Any]:
        """What `bandung sweep --json` prints."""
        return {**asdict(self), "folder": str(self.folder), "seconds": round(self.seconds, 3)}

    def raise_for_failures(self) -> None:
        """Raises RunError when a run failed."""
        failed = self.counts["error"] + self.counts["crashed"]
        if failed:
            first = self.failures[0]
            said = told(
                "{failed} of {runs} runs failed (column `error`); the first: {run}: {error}",
                failed=figure(failed),
                runs=figure(self.runs),
                run=named_run(first),
                error=told(first["error"]),
            )
            raise RunError(said)


def sweep(
    design: Any,
    out: Path | str,
    *,
    model: Model | None = None,
    workers: int | None = None,
    dask: str | None = None,
    shard: tuple[int, int] = (1, 1),
    retry_failed: bool = False,
    tell: Tell | None = None,
    engine: Engine | None = None,
    language: str = ENGLISH,
) -> Swept:
    """Live what is missing of a design's runs and write the table of all that are finished.

    `design`: a design, its file or its text. `model`: what lives the runs, by default the city. `shard`: (i, n) does
    the i-th of n parts of the runs. `engine`: of `open_engine`, whose workers then stay for another sweep.
    `language`: of what is said while it runs. Raises InputError for a design or folder that cannot be used, RunError
    for a full disk.
    """
    if model is None:
        from sim.sweep.city import City
        from sim.sweep.design import load_design
        from sim.sweep.shared import refuse_idle

        design = load_design(design)
        model = City.of(design)
        if read_manifest(Path(out)) is None:
            refuse_idle(design)
    started = time.perf_counter()
    plan = Plan.of(design, model)
    folder = Path(out)
    open_folder(folder, manifest(design, model, plan))
    store = Store(folder, outcome_columns(design))
    store.lock(f"{shard[0]}-of-{shard[1]}")
    own = open_engine(workers, dask, language) if engine is None else None
    try:
        store.tidy(merge=shard[1] == 1)
        said = provenance(design, model)
        try:
            lived = _live(plan, store, model, engine or own, shard, retry_failed, tell or _silent)
        except KeyboardInterrupt:
            write_table(plan, store, said)
            raise
        counts, failures = write_table(plan, store, said)
    finally:
        store.close()
        if own is not None:
            own.close()
    return Swept(folder, len(plan), lived, counts, time.perf_counter() - started, failures)


def _silent(done: int, total: int, record: Record | None) -> None:
    pass


def _live(
    plan: Plan, store: Store, model: Model, engine: Any, shard: tuple[int, int], retry_failed: bool, tell: Tell
) -> int:
    """Live every run that is missing; the number of them. Whatever ends it, finished runs are kept."""
    mine = plan.shard(*shard)
    missing = _missing(plan, store, mine, retry_failed)
    done, lived = len(mine) - len(missing), 0
    tell(done, len(mine), None)
    if not len(missing):
        return 0
    unique = missing[np.sort(np.unique(plan.keys[missing], return_index=True)[1])]
    done = len(mine) - len(unique)
    records = engine.records(model, Queue(plan, unique, CHUNK), model.prepare())
    try:
        for record in records:
            store.add(record)
            lived += 1
            tell(done + lived, len(mine), record)
    finally:
        records.close()
        store.flush()
    return lived


def _missing(plan: Plan, store: Store, rows: np.ndarray, retry_failed: bool) -> np.ndarray:
    """The rows that have no record that counts: a run that raised counts unless it is to be tried again."""
    keys, rank = store.finished()
    counts = keys[rank <= (0 if retry_failed else 1)]
    return rows[~np.isin(plan.keys[rows], counts)]


def outcome_columns(design: Any) -> list[str]:
    return [one if isinstance(one, str) else one.column for one in design.outcomes]


def provenance(design: Any, model: Model) -> dict[str, Any]:
    """The columns that say what a row was made from."""
    base = getattr(design, "base", None)
    return {
        "design": design_hash(design)[:16],
        "scenario": base.name if base else "",
        "start": base.start if base else "",
        "months": base.months if base else 0,
        "scale": base.scale if base else 0,
        "past": getattr(design, "past", ""),
        "code": model.code,
        "data": model.data,
    }


def design_hash(design: Any) -> str:
    """What the design means, whatever its text: its base scenario, columns, points, seeds and packages."""
    base = getattr(design, "base", None)
    said = {
        "base": base.model_dump(mode="json", exclude={"title", "question", "seeds"}) if base else None,
        "past": getattr(design, "past", ""),
        "factors": [one.column for one in design.factors],
        "outcomes": [str(one) if isinstance(one, str) else one.model_dump(mode="json") for one in design.outcomes],
        "packages": list(design.package_list),
        "shocks": list(design.shock_list),
        "seeds": list(design.seed_list) if design.seeds_as == "crossed" else "factor",
    }
    return hashed(canonical(said), np.ascontiguousarray(design.points, "<f8").tobytes())


def manifest(design: Any, model: Model, plan: Plan) -> dict[str, Any]:
    """What the folder says it is."""
    from sim.results import versions

    base = getattr(design, "base", None)
    return {
        "format": FORMAT,
        "design": {"name": design.name, "title": design.title, "hash": design_hash(design), "text": design.text},
        "scenario": {"name": base.name, "text": base.text} if base else None,
        "code": model.code,
        "data": model.data,
        "versions": versions(),
        "runs": len(plan),
        "points": len(design.points),
        "packages": list(design.package_list),
        "shocks": list(design.shock_list),
        "seeds": list(design.seed_list),
        "seeds_as": design.seeds_as,
        "sampling": design.sampling.model_dump(),
        "factors": [{**asdict(one), "places": len(one.places)} for one in design.factors],
        "outcomes": outcome_columns(design),
        "measured": {one.column: one.outcome for one in design.outcomes if not isinstance(one, str)},
    }
