"""The table of a sweep: one row for each run, in the order of the design; the same bytes however it came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import InputError
from sim.language import figure, told
from sim.sweep.plan import KEY, Plan, seeds_at
from sim.sweep.store import Store, disk_error, put, read_manifest, read_part, write_all

if TYPE_CHECKING:
    import pandas as pd

TABLE = "runs.parquet"
BLOCK = 4096  # rows that are in memory at a time
NAMED = 20  # failed rows that are named


@dataclass
class Table:
    """A finished sweep read back. `frame`: one row a run; `manifest`: what it was made from."""

    folder: Path
    frame: pd.DataFrame
    manifest: dict[str, Any]

    @property
    def factors(self) -> list[dict[str, Any]]:
        """What varied: column, role, kind, low, high, default, unit, meaning, values, whole, spread."""
        return self.manifest["factors"]

    @property
    def outcomes(self) -> list[str]:
        return self.manifest["outcomes"]


def read_table(folder: Path | str, *, complete: bool = True) -> Table:
    """The table of a sweep. Raises InputError for a folder without one and, with `complete`, where runs are lacking."""
    import pandas as pd

    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        said = told(
            "{folder}: no sweep here (a folder that `bandung sweep DESIGN --out {folder}` wrote)", folder=folder
        )
        raise InputError(said)
    if not (folder / TABLE).exists():
        raise InputError(
            told("{folder}: the sweep has no table yet; run `bandung sweep` again to finish it", folder=folder)
        )
    try:
        frame = pd.read_parquet(folder / TABLE)
    except (OSError, ValueError) as error:  # pyarrow's errors are both
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        said = told(
            "{file}: cannot be read ({why}); run `bandung sweep` again to write it anew", file=folder / TABLE, why=why
        )
        raise InputError(said) from None
    if complete:
        lacking = manifest["runs"] - len(frame)
        failed = frame[frame["status"] != "ok"]
        if lacking or len(failed):
            counts = {"missing": figure(lacking), "failed": figure(len(failed))}
            said = told("{folder}: {missing} runs are missing and {failed} failed", folder=folder, **counts)
            if len(failed):
                row = failed.iloc[0]
                first = told("{run}: {error}", run=named_run(row), error=told(row["error"]))
                said = told("{said}; the first: {first}", said=said, first=first)
            raise InputError(said)
    return Table(folder, frame, manifest)


def named_run(row: Any) -> str:
    """Which run of the design a row is, in words."""
    fields = {name: row[name] for name in ("point", "seed", "package", "shocks")}
    return told("point {point}, seed {seed}, package {package}, shocks {shocks}", **fields)


def write_table(plan: Plan, store: Store, provenance: dict[str, Any]) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Write the table of what is finished; rows that are missing are left out.

    Returns counts by status, and the first rows that failed. Written in blocks under another name, then renamed.
    Raises RunError on a full disk.
    """
    for attempt in range(3):
        try:
            return _write(plan, store, provenance)
        except FileNotFoundError:  # another process has just put parts together
            if attempt == 2:
                raise
        except OSError as error:
            raise disk_error(store.folder, error) from None
    raise AssertionError


def _write(plan: Plan, store: Store, provenance: dict[str, Any]) -> tuple[dict[str, int], list[dict[str, Any]]]:
    where = _where(store)
    counts = {"ok": 0, "error": 0, "crashed": 0, "missing": 0}
    failures: list[dict[str, Any]] = []

    def blocks() -> Iterator[pa.Table]:
        for low in range(0, max(len(plan), 1), BLOCK):
            block = _block(plan, where, low, min(low + BLOCK, len(plan)), provenance, counts)
            failures.extend(_failures(block, NAMED - len(failures)))
            yield block

    put(store.folder / TABLE, lambda file: write_all(file, blocks()))
    return counts, failures


def _failures(block: pa.Table, most: int) -> list[dict[str, Any]]:
    """The first rows of a block that failed."""
    failed = block.filter(pc.not_equal(block["status"], "ok")).slice(0, most)
    return failed.select(["point", "seed", "package", "shocks", "status", "error"]).to_pylist()


@dataclass
class _Where:
    """Where each run's record stands: sorted keys, and for each the part and the row in it that count."""

    store: Store
    keys: np.ndarray
    part: np.ndarray
    row: np.ndarray
    parts: list[Path]


def _where(store: Store) -> _Where:
    parts = store.parts()
    keys, part, row, rank = [np.empty(0, f"S{KEY}")], [], [], []
    for n, path in enumerate(parts):
        mine, ranks = store.finished_in(path)
        keys.append(mine)
        part.append(np.full(len(mine), n))
        row.append(np.arange(len(mine)))
        rank.append(ranks)
    found = np.concatenate(keys)
    flat = [np.concatenate(one) if one else np.empty(0, np.int64) for one in (part, row, rank)]
    order = np.lexsort((flat[1], flat[0], flat[2], found))  # by key, the best status first
    first = np.ones(len(order), bool)
    first[1:] = found[order][1:] != found[order][:-1]
    kept = order[first]
    return _Where(store, found[kept], flat[0][kept], flat[1][kept], parts)


def _block(
    plan: Plan, where: _Where, low: int, high: int, provenance: dict[str, Any], counts: dict[str, int]
) -> pa.Table:
    """Rows low..high-1 of the design that are finished."""
    keys = plan.keys[low:high]
    place = np.searchsorted(where.keys, keys)
    there = place < len(where.keys)
    there[there] = where.keys[place[there]] == keys[there]
    counts["missing"] += int((~there).sum())
    place, rows = place[there], np.arange(low, high)[there]
    records = _records(where, place)
    for name in ("ok", "error", "crashed"):
        counts[name] += records["status"].to_pylist().count(name)
    return _laid_out(plan, rows, records, provenance)


def _records(where: _Where, place: np.ndarray) -> pa.Table:
    """The records at some places, in that order; each part is read once."""
    tables, order = [where.store.schema.empty_table()], []
    for n in np.unique(where.part[place]):
        mine = np.flatnonzero(where.part[place] == n)
        table = read_part(where.parts[n], schema=where.store.schema)
        tables.append(table.take(pa.array(where.row[place[mine]])))
        order.append(mine)
    back = np.empty(len(place), np.int64)
    back[np.concatenate([*order, np.empty(0, np.int64)]).astype(np.int64)] = np.arange(len(place))
    return pa.concat_tables(tables).take(pa.array(back)).combine_chunks()


def _laid_out(plan: Plan, rows: Sequence[int] | np.ndarray, records: pa.Table, provenance: dict[str, Any]) -> pa.Table:
    """The columns of the table: which run, what varied, what came out, how it ended, what it was made from."""
    design = plan.design
    rows = np.asarray(rows)
    point, rest = np.divmod(rows, design.runs_per_point)
    rest, shock = np.divmod(rest, len(design.shock_list))
    seed, package = np.divmod(rest, len(design.package_list))
    crossed = np.array([seeds_at(design, int(p))[int(s)] for p, s in zip(point, seed, strict=True)], np.int64)
    columns: dict[str, Any] = {
        "run": records["run"],
        "point": pa.array(point.astype(np.int64)),
        "package": pa.array([design.package_list[k] for k in package], pa.string()),
        "shocks": pa.array([design.shock_list[k] for k in shock], pa.string()),
        "seed": pa.array(crossed),
    }
    for n, factor in enumerate(design.factors):
        if factor.kind != "seed":
            columns[factor.column] = pa.array(design.points[point, n].astype(float))
    numbers = [name for name in records.column_names if name not in ("run", "status", "error", "trace", "digest")]
    for name in [one for one in numbers if one not in ("cost_rp", "refused_rp", "seconds")]:
        columns[name] = records[name]
    for name in ("cost_rp", "refused_rp", "status", "error", "digest"):
        columns[name] = records[name]
    for name, value in provenance.items():
        kind = pa.int64() if isinstance(value, int) else pa.string()
        columns[name] = pa.array([value] * len(rows), kind)
    return pa.table(columns)
