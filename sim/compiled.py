"""How rules and kernels are compiled, and where the machine code is kept between runs.

`rule` marks a pure function about one agent, `part` a piece of a kernel that changes rows, `kernel` a loop over many.
All three go through Numba with plain IEEE arithmetic. The compiled code is cached in a folder named after a hash of
the model's source, so a change in any rule can never be answered by stale machine code.
"""

import hashlib
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import caching
from numba.extending import typeof_impl

from sim.language import told, translated, usual_language

HERE = Path(__file__).parent
KEEP_CACHES = 8  # code versions whose machine code is kept, and any used within the last day
DAY = 86_400.0


def code_hash(without: tuple[str, ...] = ("ui/", "sweep/")) -> str:
    """Sixteen hex digits over every Python file of the model (not its page or its sweeps)."""
    digest = hashlib.sha256()
    for path in sorted(HERE.rglob("*.py")):
        name = path.relative_to(HERE).as_posix()
        if not name.startswith(without):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


# What no compiled code of the core calls: a new lever or another word in the report compiles nothing anew. Compiled
# code of these files is kept by their own date (Numba's) in the folder of the core that it calls.
LEAVES = ("ui/", "sweep/", "report/", "analysis/", "policies/", "shocks/", "cli.py", "listing.py", "summary.py")


CODE = code_hash()  # of the code that runs: its files may be changed while it does


def cache_root() -> Path:
    """The folder for what can be made again: $BANDUNG_CACHE_DIR, else one among the user's other caches."""
    chosen = os.environ.get("BANDUNG_CACHE_DIR")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bandung-resilience"


def _cache_folder() -> Path:
    folder = cache_root() / "kernels" / code_hash(LEAVES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "used").touch()
        latest_first = sorted(folder.parent.iterdir(), key=_last_used, reverse=True)
        for path in latest_first[KEEP_CACHES:]:
            if time.time() - _last_used(path) > DAY:
                shutil.rmtree(path, ignore_errors=True)
    except OSError:  # a read-only home: compile into a temporary folder, every time
        return Path(tempfile.mkdtemp(prefix="bandung-kernels-"))
    return folder


def _last_used(folder: Path) -> float:
    """When a run last took machine code from a folder; 0 if another process has just removed it."""
    try:
        mark = folder / "used"
        return (mark if mark.exists() else folder).stat().st_mtime
    except FileNotFoundError:
        return 0.0


CACHE = _cache_folder()
numba.config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]


class _Kept(caching.IndexDataCacheFile):
    """Machine code on disk. A file that cannot be read (cut short, overwritten) is dropped and made again."""

    def _load_index(self) -> dict:
        try:
            return super()._load_index()
        except OSError:
            raise
        except Exception:  # unpickling damaged bytes can raise anything
            _drop(self._index_path)
            return {}

    def _load_data(self, name: str) -> Any:
        try:
            return super()._load_data(name)
        except OSError:
            raise
        except Exception as error:
            _drop(self._data_path(name))
            raise FileNotFoundError(name) from error  # which Numba takes for code that is not there yet


def _drop(file: str) -> None:
    Path(file).unlink(missing_ok=True)
    _tell_of_damage()


@cache
def _tell_of_damage() -> None:
    """Once is enough, however many files there are."""
    said = told("machine code kept in {folder} was damaged; it is compiled again", folder=CACHE)
    print(translated(said, usual_language()), file=sys.stderr, flush=True)


caching.IndexDataCacheFile = _Kept  # type: ignore[misc]

# Without Numba's runtime nothing counts references to arrays: counting costs more than many a rule does. So compiled
# code makes no arrays, but for the few kernels that say so.
PLAIN: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}

# Rules are put in place where they are used: handing over fifty parameters costs more than most rules.
rule = numba.njit(**PLAIN, forceinline=True)
# A compiled piece of a kernel that changes rows; tested through its kernel.
part = numba.njit(**PLAIN, forceinline=True)
kernel = numba.njit(**PLAIN, nogil=True)


@rule
def at(place):
    """A row or cell that is never below 0: of any other number compiled code asks whether it counts from the end."""
    return np.uint64(place)


allocating_kernel = numba.njit(cache=True, error_model="numpy", nogil=True)


@cache
def floats_only(group: type) -> None:
    """Tell Numba once that every field of a NamedTuple is a float: else it asks each of them at each call (20 us)."""
    fields = group._fields  # type: ignore[attr-defined]
    kind = types.NamedUniTuple(types.float64, len(fields), group)
    typeof_impl.register(group)(lambda value, context: kind)


def same_arrays(group: type) -> None:
    """Tell Numba to look at the arrays of a NamedTuple once, as long as it is called with the same one."""
    ask, last = typeof_impl.dispatch(tuple), [None, None]

    def kind(value, context):
        if value is not last[0]:
            last[:] = value, ask(value, context)
        return last[1]

    typeof_impl.register(group)(kind)


def same_kinds(group: type) -> None:
    """Tell Numba to look at the fields of a NamedTuple once, as long as new ones hold values of the same kinds."""
    ask, known = typeof_impl.dispatch(tuple), {}

    def kind(value, context):
        kinds = tuple([_kind(field) for field in value])
        if kinds not in known:
            known[kinds] = ask(value, context)
        return known[kinds]

    typeof_impl.register(group)(kind)


def _kind(field: Any) -> Any:
    """All that the compiled code for a value depends on: of arrays their items, axes and place in memory."""
    if isinstance(field, np.ndarray):
        return field.dtype, field.ndim, field.flags.num
    if isinstance(field, int):
        return int, field.bit_length() > 63
    return type(field)


def is_cold() -> bool:
    """True when no city has been built with machine code of this version that is kept: the first run compiles."""
    return not (CACHE / "complete").exists()


def now_warm() -> None:
    """A city has been built: all that takes long is compiled."""
    with suppress(OSError):
        (CACHE / "complete").touch()
