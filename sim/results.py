"""The dataset a run leaves: a folder with tidy Parquet, a summary table and a manifest. Whole, or not there.

outcomes/*.parquet   scenario, package, shocks, draw, seed, month, place, group, outcome, value
summary.csv          one line for each city-wide outcome
manifest.json        what was run, with which numbers and versions, and how to repeat it
"""

from __future__ import annotations

import errno
import importlib.metadata
import json
import os
import platform
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, RunError
from sim.language import ENGLISH, told

if TYPE_CHECKING:
    import pandas as pd

    from sim.runner import RunResult

FORMAT = "bandung-dataset/1"
COLUMNS = ("scenario", "package", "shocks", "draw", "seed", "month", "place", "group", "outcome", "value")
OURS = {
    "outcomes",
    "summary.csv",
    "effects.csv",
    "resilience.csv",
    "programmes.csv",
    "manifest.json",
    "report.html",
}
PACKAGES = ("bandung-resilience", "mesa", "numpy", "numba", "scipy", "pandas", "pyarrow", "networkx")
_PARTIAL = ".partial-"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass
class Dataset:
    """A dataset read back: every outcome value, the summary and the manifest."""

    folder: Path
    frame: pd.DataFrame
    summary: pd.DataFrame
    manifest: dict[str, Any]


def tidy(frame: pd.DataFrame, scenario: str, package: str, shocks: bool, seed: int) -> pd.DataFrame:
    """Every outcome value of one world (what `Recorder.frame` gives) in the dataset's columns."""
    import pandas as pd

    said = {"scenario": scenario, "package": package, "shocks": "on" if shocks else "off"}
    for name, value in said.items():
        frame[name] = pd.Categorical.from_codes([0] * len(frame), [value])
    frame["draw"], frame["seed"], frame["month"] = 0, seed, frame["month"].cat.as_ordered()
    return frame[list(COLUMNS)]


def write_world(folder: Path, scenario: str, package: str, shocks: bool, seed: int, frame: pd.DataFrame) -> None:
    """Write one world's values (what `Recorder.frame` gives) into the `outcomes` folder of a dataset being made."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(tidy(frame, scenario, package, shocks, seed), preserve_index=False)
    pq.write_table(table, folder / f"{world_name(package, shocks, seed)}.parquet", compression="zstd")


def summary_table(result: RunResult) -> pd.DataFrame:
    """One line for each city-wide outcome: unit, first, last, mean, least and most."""
    import pandas as pd

    city = result.frame[(result.frame["place"] == "city") & (result.frame["group"] == "all")]
    spread = city.groupby("outcome", observed=True)["value"].agg(["min", "max"])
    lines = [
        {"outcome": name, **line, "min": spread["min"].get(name), "max": spread["max"].get(name)}
        for name, line in result.outcomes.items()
    ]
    return pd.DataFrame(lines, columns=["outcome", "unit", "first", "last", "mean", "min", "max"])


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that can change a result."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def manifest(result: RunResult) -> dict[str, Any]:
    """Everything needed to know and to repeat a run."""
    from sim.city import data_hashes
    from sim.compiled import CODE

    return {
        "format": FORMAT,
        "command": result.command,
        "scenario": {"name": result.scenario.name, "title": result.scenario.title, "text": result.scenario.text},
        **{name: getattr(result, name) for name in ("start", "months", "scale", "package")},
        "shocks": "on" if result.shocks else "off",
        "seeds": [result.seed],
        "parameters": result.parameters,
        "parameters_changed": sorted(result.scenario.parameters),
        "counts": result.counts,
        "seconds": result.seconds,
        "digest": result.digest,
        "identities": result.identities,
        "versions": versions(),
        "code": CODE,
        "data": data_hashes(),
        "files": {
            "outcomes/*.parquet": "tidy and long: " + ", ".join(COLUMNS),
            "summary.csv": "city-wide outcomes: first, last, mean, min, max over the months",
        },
    }


def check_folder(folder: Path | str) -> Path:
    """Refuse, before any work is done, a folder that cannot be written or that holds something else."""
    folder = Path(folder)
    try:
        _refuse_foreign(folder)
        place = folder.resolve()  # a link stays, and what it leads to is filled
        nearest = next(p for p in place.parents if p.exists())
        if not nearest.is_dir():
            raise InputError(told("--out {folder}: {file} is a file, not a folder", folder=folder, file=nearest))
        trial = nearest / f".{place.name[:100]}{_PARTIAL}{os.getpid()}"
        trial.mkdir()
        trial.rmdir()
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in _FULL:
            raise RunError(told("--out {folder}: the disk is full", folder=folder)) from None
        raise InputError(told("--out {folder}: cannot be written ({why})", folder=folder, why=_reason(error))) from None
    return folder


def _refuse_foreign(folder: Path) -> None:
    """Only a dataset of ours, and nothing else beside it, may be replaced."""
    if not folder.is_dir() and (folder.is_symlink() or folder.exists()):
        raise InputError(told("--out {folder}: not a folder; choose a new name", folder=folder))
    if folder.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise InputError(
            told("--out {folder}: the dataset needs a folder of its own; choose a new name", folder=folder)
        )
    if not folder.exists():
        return
    inside = {p.name for p in folder.iterdir()}
    if not inside:
        return
    if not _is_ours(folder):
        raise InputError(
            told("--out {folder}: holds files that are not a dataset of this program; choose a new name", folder=folder)
        )
    if foreign := sorted(inside - OURS):
        raise InputError(
            told(
                "--out {folder}: '{file}' in it is not part of the dataset; move it or choose a new name",
                folder=folder,
                file=foreign[0],
            )
        )


def _is_ours(folder: Path) -> bool:
    try:
        said = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and str(said.get("format", "")).startswith("bandung-dataset/")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A temporary sibling that becomes `folder` when the block ends well, and vanishes when it does not."""
    folder = folder.resolve()
    temporary = folder.parent / f".{folder.name[:100]}{_PARTIAL}{os.getpid()}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        temporary.mkdir()
        yield temporary
        _put_in_place(temporary, folder)
    except OSError as error:
        full = error.errno in _FULL
        why = told("the disk is full") if full else told("cannot be written ({why})", why=_reason(error))
        raise RunError(told("{folder}: {why}; nothing was left behind", folder=folder, why=why)) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename into place; an older dataset is set aside first and put back if that fails."""
    _refuse_foreign(folder)
    if not folder.exists():
        os.rename(temporary, folder)
        return
    aside = temporary.with_name(temporary.name + ".old")
    os.rename(folder, aside)
    try:
        os.rename(temporary, folder)
    except BaseException:
        os.rename(aside, folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed run of another process left behind."""
    for left in folder.parent.glob(f".{folder.name[:100]}{_PARTIAL}*"):
        owner = left.name.rpartition(_PARTIAL)[2]
        if left.is_dir() and owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)


def save(result: RunResult, folder: Path | str, language: str = ENGLISH) -> Path:
    """Write the dataset of a run, with its report; the folder appears whole or not at all."""
    from sim.report.of_run import write_run_report
    from sim.runner import finite

    folder = check_folder(folder)
    with whole_folder(folder) as temporary:
        (temporary / "outcomes").mkdir()
        write_world(
            temporary / "outcomes",
            result.scenario.name,
            result.package,
            result.shocks,
            result.seed,
            result.frame.copy(),
        )
        summary_table(result).to_csv(temporary / "summary.csv", index=False)
        write_run_report(result, temporary / "report.html", language)
        text = json.dumps(finite(manifest(result)), indent=1, ensure_ascii=False, allow_nan=False)
        (temporary / "manifest.json").write_text(text + "\n", "utf-8")
        for path in temporary.rglob("*.*"):
            flush(path)
    return folder


def world_name(package: str, shocks: bool, seed: int) -> str:
    """The file name of one world: package, shocks and seed."""
    named = "".join(c if c.isalnum() else "_" for c in package)[:60]
    if named != package:  # two names that differ only in signs keep apart
        named += f"-{zlib.crc32(package.encode()):08x}"
    return f"{named}-shocks_{'on' if shocks else 'off'}-seed_{seed}"


def flush(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def load(folder: Path | str) -> Dataset:
    """Read a dataset back."""
    import pandas as pd

    folder = Path(folder)
    if not _is_ours(folder):
        raise InputError(
            told(
                "{folder}: no dataset here (a folder with a manifest.json that `bandung run --out` wrote)",
                folder=folder,
            )
        )
    parts = [pd.read_parquet(p) for p in sorted((folder / "outcomes").glob("*.parquet"))]
    if not parts:
        raise InputError(told("{folder}: the dataset has no outcomes", folder=folder))
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    return Dataset(folder, pd.concat(parts, ignore_index=True), pd.read_csv(folder / "summary.csv"), said)
