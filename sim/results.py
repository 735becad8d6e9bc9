"""The dataset a run leaves: a folder with tidy Parquet, a summary table and a manifest. Whole, or not there.

outcomes/*.parquet   scenario, package, shocks, draw, seed, month, place, group, outcome, value
summary.csv          one line for each city-wide outcome
scenario.yaml        the scenario as it was run
manifest.json        what was run, with which numbers and versions, and how to repeat it
"""

from __future__ import annotations

import errno
import importlib.metadata
import json
import os
import platform
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.declare import OUTCOMES as DECLARED
from sim.errors import InputError, RunError
from sim.language import ENGLISH, texts, told
from sim.strict_yaml import printed

if TYPE_CHECKING:
    import pandas as pd

    from sim.runner import RunResult
    from sim.scenario import Scenario

FORMAT = "bandung-dataset/1"
COLUMNS = ("scenario", "package", "shocks", "draw", "seed", "month", "place", "group", "outcome", "value")
RUN, COMPARISON = texts("run", "comparison")  # what a dataset is of
OUTCOMES = "outcomes"
_WORLD = re.compile(r".+-shocks_(on|off)-seed_[0-9]+\.parquet")  # what `world_name` gives
_LONG = "tidy and long: " + ", ".join(COLUMNS)
RUN_FILES = {
    "outcomes/*.parquet": _LONG,
    "summary.csv": "city-wide outcomes: first, last, mean, min, max over the months",
    "scenario.yaml": "the scenario as it was run",
    "report.html": "the run for reading",
}
COMPARISON_FILES = {
    "outcomes/*.parquet": _LONG,
    "summary.csv": "city-wide outcomes by package and shocks: first, last, mean over months, averaged over seeds",
    "effects.csv": "policy minus no policy on shared luck, with 95 % intervals",
    "resilience.csv": "loss, robustness and recovery under the shocks, and what packages change",
    "programmes.csv": "money and reach of each programme in each world",
    "losses.csv": "what the shocks take in assets, income, spending and wellbeing, by fifth, where there are any",
    "synergy.csv": "what packages that are the whole of others do beyond the sum of their parts, where there are any",
    "scenario.yaml": "the scenario as it was run",
    "report.html": "the comparison for reading",
}
OURS = {"manifest.json", *(name.partition("/")[0] for name in (*RUN_FILES, *COMPARISON_FILES))}
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


def write_world(
    folder: Path,
    scenario: str,
    package: str,
    shocks: bool,
    seed: int,
    frame: pd.DataFrame,
    units: Mapping[str, str],
) -> None:
    """Write one world's values (what `Recorder.frame` gives) into the `outcomes` folder of a dataset being made.

    units: of each outcome; they stand in the metadata of the file's schema with what the outcomes mean.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(tidy(frame, scenario, package, shocks, seed), preserve_index=False)
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), OUTCOMES: _described(units)})
    pq.write_table(table, folder / f"{world_name(package, shocks, seed)}.parquet", compression="zstd")


def _described(units: Mapping[str, str]) -> str:
    """Unit and meaning of each outcome, as JSON."""
    meanings = {name: line.meaning for name, line in DECLARED.items()}
    said = {name: {"unit": unit, "meaning": meanings.get(name, "")} for name, unit in units.items()}
    return json.dumps(said, ensure_ascii=False)


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
        "files": RUN_FILES,
    }


def check_folder(folder: Path | str, kind: str = RUN) -> Path:
    """Refuse, before any work is done, a folder that cannot be written or that holds something else than a dataset of
    this kind."""
    if not isinstance(folder, str | os.PathLike):
        raise InputError(told("out = {value}: must be a folder", value=repr(folder)))
    folder = Path(folder)
    try:
        _refuse_foreign(folder, kind)
        place = folder.resolve()  # a link stays, and what it leads to is filled
        nearest = next(p for p in place.parents if p.exists())
        if not nearest.is_dir():
            raise InputError(told("{folder}: {file} is a file, not a folder", folder=folder, file=nearest))
        trial = nearest / f".{place.name[:100]}{_PARTIAL}{os.getpid()}"
        trial.mkdir()
        trial.rmdir()
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in _FULL:
            raise RunError(told("{folder}: the disk is full", folder=folder)) from None
        raise InputError(told("{folder}: cannot be written ({why})", folder=folder, why=_reason(error))) from None
    return folder


def _refuse_foreign(folder: Path, kind: str) -> None:
    """Only a dataset of ours of the same kind, and nothing else beside it or in it, may be replaced."""
    if not folder.is_dir() and (folder.is_symlink() or folder.exists()):
        raise InputError(told("{folder}: not a folder; choose a new name", folder=folder))
    if folder.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise InputError(told("{folder}: the dataset needs a folder of its own; choose a new name", folder=folder))
    if not folder.exists():
        return
    inside = {p.name for p in folder.iterdir()}
    if not inside:
        return
    if not _is_ours(folder):
        raise InputError(
            told("{folder}: holds files that are not a dataset of this program; choose a new name", folder=folder)
        )
    if (found := _kind(folder)) != kind:
        text = "{folder}: holds the dataset of another kind ({kind}), which would be lost; choose a new name"
        raise InputError(told(text, folder=folder, kind=told(found)))
    if foreign := sorted(inside - OURS) or _foreign_outcomes(folder / OUTCOMES):
        raise InputError(
            told(
                "{folder}: '{file}' in it is not part of the dataset; move it or choose a new name",
                folder=folder,
                file=foreign[0],
            )
        )


def _foreign_outcomes(place: Path) -> list[str]:
    """What is in the folder of outcomes and is no world of ours."""
    inside = place.iterdir() if place.is_dir() else ()
    return sorted(f"{OUTCOMES}/{one.name}" for one in inside if not (_WORLD.fullmatch(one.name) and one.is_file()))


def _manifest(folder: Path) -> dict[str, Any]:
    """What a dataset says of itself; empty where there is none of ours."""
    try:
        said = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    ours = isinstance(said, dict) and str(said.get("format", "")).startswith("bandung-dataset/")
    return said if ours else {}


def _is_ours(folder: Path) -> bool:
    return bool(_manifest(folder))


def _kind(folder: Path) -> str:
    """Of which kind a dataset is; that of a run does not say it."""
    return COMPARISON if _manifest(folder).get("kind") == COMPARISON else RUN


def told_of_replaced(folder: Path, scenario: Scenario, **asked: Any) -> str:
    """What to say before another question's dataset in a folder is replaced; nothing where there is none, or the same.

    asked: what the manifest is going to say of months, scale, seeds and the like; a None is the scenario's own.
    """
    said = _manifest(folder)
    named = said.get("scenario")
    was = named if isinstance(named, dict) else {}
    now = {key: getattr(scenario, key) if value is None else value for key, value in asked.items()}
    same = all(was.get(key) == getattr(scenario, key) for key in ("name", "title"))
    if not said or (same and all(said.get(key) == value for key, value in now.items())):
        return ""
    sizes = ", ".join(f"{key} {_brief(said.get(key))}" for key in now)
    text = "{folder}: its dataset of the scenario '{name}' ({sizes}) is going to be replaced"
    return told(text, folder=folder, name=printed(str(was.get("name", "?"))), sizes=sizes)


def _brief(value: Any) -> str:
    """A value of a manifest in few signs; of several seeds the first and the last."""
    several = isinstance(value, list) and value
    return printed(str(value) if not several else "-".join(str(one) for one in dict.fromkeys((value[0], value[-1]))))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


@contextmanager
def whole_folder(folder: Path, kind: str = RUN) -> Iterator[Path]:
    """A temporary sibling that becomes `folder` when the block ends well, and vanishes when it does not."""
    folder = folder.resolve()
    temporary = folder.parent / f".{folder.name[:100]}{_PARTIAL}{os.getpid()}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        temporary.mkdir()
        yield temporary
        _put_in_place(temporary, folder, kind)
    except OSError as error:
        full = error.errno in _FULL
        why = told("the disk is full") if full else told("cannot be written ({why})", why=_reason(error))
        raise RunError(told("{folder}: {why}; nothing was left behind", folder=folder, why=why)) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, folder: Path, kind: str) -> None:
    """Rename into place; an older dataset is set aside first and put back if that fails."""
    _refuse_foreign(folder, kind)
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
    folder, before = check_folder(folder), result.dataset
    result.dataset = folder  # its command is told in what is written
    try:
        with whole_folder(folder) as temporary:
            _fill(temporary, result, language)
    except BaseException:
        result.dataset = before
        raise
    return folder


def _fill(folder: Path, result: RunResult, language: str) -> None:
    """Write all of a run's dataset into a folder that is being made."""
    from sim.repeating import write_copy
    from sim.report.of_run import write_run_report
    from sim.runner import finite

    (folder / "outcomes").mkdir()
    write_world(
        folder / "outcomes",
        result.scenario.name,
        result.package,
        result.shocks,
        result.seed,
        result.frame.copy(),
        {name: line["unit"] for name, line in result.outcomes.items()},
    )
    summary_table(result).to_csv(folder / "summary.csv", index=False)
    write_copy(result.scenario, folder)
    write_run_report(result, folder / "report.html", language)
    text = json.dumps(finite(manifest(result)), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "manifest.json").write_text(text + "\n", "utf-8")
    for path in folder.rglob("*.*"):
        flush(path)


def world_name(package: str, shocks: bool, seed: int) -> str:
    """The file name of one world: package, shocks and seed.

    It begins with a letter or a digit: readers of a folder skip names that begin with `_` or `.`.
    """
    named = "".join(c if c.isalnum() else "_" for c in package)[:40]
    if named != package or named.startswith("_") or named != named.casefold():
        # names that differ only in signs or capitals keep apart, on any disk
        named = f"{named.lstrip('_') or 'package'}-{zlib.crc32(package.encode()):08x}"
    return f"{named}-shocks_{'on' if shocks else 'off'}-seed_{seed}"


def flush(path: Path) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def load(folder: Path | str) -> Dataset:
    """Read a dataset back."""
    import pandas as pd

    if not isinstance(folder, str | os.PathLike):
        raise InputError(told("a dataset is a folder, not {value}", value=repr(folder)))
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
