"""Where finished runs are kept while a sweep goes on: small Parquet files that are whole or not there.

DIR/runs.parquet       the table: one row for each run (see sim/sweep/table.py)
DIR/_sweep.json        what the sweep is: design, versions, libraries, columns
DIR/_store/*.part      finished runs, a batch a file (Parquet under a name that no reader takes for the table)
DIR/_store/*.lock      held by the process that works on that shard

A batch is written under a temporary name, flushed to the disk and renamed: a kill at any moment leaves whole batches.
What is lost is at most the last moments' runs, which are lived again with the same results.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import platform
import re
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import InputError, RunError
from sim.language import figure, told
from sim.strict_yaml import printed
from sim.sweep.plan import KEY, Record

FORMAT = "bandung-sweep/1"
MANIFEST, STORE = "_sweep.json", "_store"
BATCH = 256  # most records that wait for the disk
PATIENCE = (1.0, 30.0)  # seconds they wait, at least and at most: a hundredth of the time so far between these
CROWD, LARGE_PART = 100, 5000  # more small parts than this are put together, into parts of so many runs
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_TEXT = ("run", "status", "error", "trace", "digest")
RANK = {"ok": 0, "error": 1, "crashed": 2}  # which record of a run counts, where there are several


def schema(numbers: Iterable[str]) -> pa.Schema:
    """The columns of a part: texts, then cost, seconds and every outcome."""
    fields = [(name, pa.string()) for name in _TEXT]
    return pa.schema([*fields, *((name, pa.float64()) for name in ("cost_rp", "refused_rp", "seconds", *numbers))])


def as_table(records: Sequence[Record], of: pa.Schema) -> pa.Table:
    """Records as a table; what a record does not say is '' or NaN."""
    columns = []
    for field in of:
        text = pa.types.is_string(field.type)
        said = [record.get(field.name, "" if text else float("nan")) for record in records]
        columns.append(pa.array(said if text else [float(one) for one in said], field.type))
    return pa.table(columns, schema=of)


def put(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file whole: under another name in the same folder, flushed, then renamed. Raises OSError and leaves
    nothing."""
    temporary = path.with_name(f".{path.name}.{platform.node()[:60]}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        with open(temporary, "xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def write_all(file: BinaryIO, tables: Iterable[pa.Table]) -> None:
    """Tables of one schema as one Parquet file; only one is in memory at a time."""
    writer = None
    for table in tables:
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Store:
    """The finished runs of one sweep folder, and the records that wait to be written."""

    def __init__(self, folder: Path, numbers: Sequence[str]) -> None:
        self.folder, self.parts_folder = folder, folder / STORE
        self.schema = schema(numbers)
        self.waiting: list[Record] = []
        self.began = self.written = time.monotonic()
        self._locks: list[Any] = []

    def parts(self) -> list[Path]:
        return sorted(self.parts_folder.glob("*.part"))

    def lock(self, shard: str) -> None:
        """Hold a shard of the folder for this process. Raises InputError while another process holds it."""
        file = open(self.parts_folder / f"{shard}.lock", "a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                return  # a file system without locks: two sweeps at once do each other's work, and no harm
            raise InputError(told("{folder}: another sweep is working in this folder", folder=self.folder)) from None
        self._locks.append(file)

    def close(self) -> None:
        for file in self._locks:
            file.close()
        self._locks.clear()

    def add(self, record: Record) -> None:
        """Keep a finished run; written with others, soon."""
        self.waiting.append(record)
        now = time.monotonic()
        least, most = PATIENCE
        if len(self.waiting) >= BATCH or now - self.written >= min(max(least, (now - self.began) / 100), most):
            self.flush()

    def flush(self) -> None:
        """Write what waits. Raises RunError on a full disk; what waited is then lost, what was written is not."""
        if not self.waiting:
            return
        self._keep([as_table(self.waiting, self.schema)])
        self.waiting.clear()
        self.written = time.monotonic()

    def _keep(self, tables: Iterable[pa.Table]) -> None:
        path = self.parts_folder / f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}.part"
        try:
            put(path, lambda file: write_all(file, tables))
        except OSError as error:
            raise disk_error(self.folder, error) from None

    def tidy(self, merge: bool) -> None:
        """Remove what a killed process left half-written and, with `merge`, put many small parts together.

        Not while others work in the folder: they may be reading what is put together.
        """
        for left in [*self.parts_folder.glob(".*.tmp"), *self.folder.glob(".*.tmp")]:
            if _is_orphan(left):
                left.unlink(missing_ok=True)
        if not merge:
            return
        sizes = {path: read_part(path, columns=["run"]).num_rows for path in self.parts()}
        small = [path for path, rows in sizes.items() if rows < LARGE_PART]
        while len(small) > CROWD:
            taken, rows = [small.pop(0)], sizes[small[0]]
            while small and rows < LARGE_PART:
                rows += sizes[small[0]]
                taken.append(small.pop(0))
            self._keep(read_part(path, schema=self.schema) for path in taken)
            for path in taken:
                path.unlink(missing_ok=True)

    def finished(self) -> tuple[np.ndarray, np.ndarray]:
        """(keys, rank) of every record in the store; rank 0 ok, 1 error, 2 crashed."""
        found = [self.finished_in(path) for path in self.parts()]
        keys = np.concatenate([np.empty(0, f"S{KEY}"), *(keys for keys, _ in found)])
        return keys, np.concatenate([np.empty(0, np.int8), *(rank for _, rank in found)])

    @staticmethod
    def finished_in(path: Path) -> tuple[np.ndarray, np.ndarray]:
        """(keys, rank) of the records in a part."""
        table = read_part(path, columns=["run", "status"])
        keys = np.array(table["run"].to_pylist(), f"S{KEY}")
        return keys, np.array([RANK[one] for one in table["status"].to_pylist()], np.int8)


def read_part(path: Path, **choices: Any) -> pa.Table:
    """A batch of finished runs. Raises InputError for a file that something has damaged; it is never half-written."""
    try:
        return pq.read_table(path, **choices)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, pa.ArrowException) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        said = "{file}: damaged ({why}); take the file away and run the command again: its runs are lived anew"
        raise InputError(told(said, file=path, why=why[:200])) from None


def _is_orphan(temporary: Path) -> bool:
    """Whether the process of this machine that began to write a file is gone; any other's is left for a day."""
    owner = re.search(r"\.([0-9]+)-[0-9a-f]{8}\.tmp$", temporary.name)
    ours = f".{platform.node()[:60]}." in temporary.name
    if owner and ours and Path("/proc/self").exists():
        return not Path(f"/proc/{owner[1]}").exists()
    try:
        return time.time() - temporary.stat().st_mtime > 86_400
    except FileNotFoundError:
        return False


def disk_error(folder: Path, error: Exception) -> RunError:
    """What to tell about a file that cannot be written."""
    if is_full(error):
        text = told(
            "{folder}: the disk is full; what was finished is kept: make room and run the command again", folder=folder
        )
    else:
        why = getattr(error, "strerror", None) or error
        text = told("{folder}: cannot be written ({why}); what was finished is kept", folder=folder, why=why)
    return RunError(text)


def is_full(error: Exception) -> bool:
    """Whether an error says that there is no room left."""
    return getattr(error, "errno", None) in FULL


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What the folder says it is; None where it is no sweep's."""
    try:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        return None
    return said if _SAID <= said.keys() and {"hash", "title"} <= dict(said["design"]).keys() else None


_SAID = {"design", "code", "data", "runs", "points", "packages", "shocks", "seeds", "sampling", "factors", "outcomes"}


def open_folder(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Make the sweep folder, or make sure that it is this sweep's. Gives its manifest, as it was first written.

    Raises InputError, and changes nothing, for a folder of something else, of another design or of another version.
    """
    try:
        kept = _own(folder)
        if kept is not None:
            _refuse_other(folder, kept, manifest)
        (folder / STORE).mkdir(parents=True, exist_ok=True)
        if kept is None:
            text = json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
            put(folder / MANIFEST, lambda file: file.write(text.encode()))
    except (OSError, ValueError) as error:
        if is_full(error):
            raise RunError(told("{folder}: the disk is full", folder=folder)) from None
        why = getattr(error, "strerror", None) or error
        raise InputError(told("{folder}: cannot be written ({why})", folder=folder, why=why)) from None
    return kept or manifest


def _own(folder: Path) -> dict[str, Any] | None:
    """The manifest of the folder, or nothing where a sweep may begin. Raises InputError for anything else."""
    if folder.exists() and not folder.is_dir():
        raise InputError(told("{folder}: not a folder; choose a new name", folder=folder))
    kept = read_manifest(folder)
    inside = sorted(p.name for p in folder.iterdir()) if kept is None and folder.is_dir() else []
    if foreign := [name for name in inside if not _left_behind(name)]:
        said = told(
            "{folder}: holds '{file}', which is no sweep of this program; choose a new name",
            folder=folder,
            file=printed(foreign[0]),
        )
        raise InputError(said)
    return kept


def _left_behind(name: str) -> bool:
    """What a sweep killed in its first moment leaves: an empty store, a half-written manifest."""
    return name == STORE or (name.startswith(f".{MANIFEST}.") and name.endswith(".tmp"))


def _refuse_other(folder: Path, kept: dict[str, Any], ours: dict[str, Any]) -> None:
    if kept["design"]["hash"] != ours["design"]["hash"]:
        said = told(
            "{folder}: holds the sweep of another design ('{title}', {runs} runs); choose a new folder; "
            "nothing was changed",
            folder=folder,
            title=kept["design"]["title"],
            runs=figure(kept["runs"]),
        )
        raise InputError(said)
    for what, name in (("code", told("version of the model")), ("data", told("version of the data"))):
        if kept[what] != ours[what]:
            said = told(
                "{folder}: was made by another {what} ({old}, now {new}); choose a new folder; nothing was changed",
                folder=folder,
                what=name,
                old=kept[what],
                new=ours[what],
            )
            raise InputError(said)
