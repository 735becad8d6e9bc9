"""The first run compiles: with a second process, which begins at the other end of the month.

Numba compiles one kernel at a time in a process, and the month's kernels are four fifths of the work. While this
process builds its city (compiling what building needs), a second one loads the program and waits. When the months
before the start begin, it lives a month of its own in another order (`compile_along`). Each finds on disk what the
other has compiled. Results do not depend on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sim.compiled import CACHE, HERE, cache_root, is_cold, now_warm

HELPER = "from sim.compile_along import help_out; help_out()"
VARIABLE = "BANDUNG_COMPILES_ALONE"  # set for the second process, which asks for no third


@contextmanager
def second_compiler() -> Iterator[Callable[[], object]]:
    """A second process to compile with, where that is of use; call what is handed over when the months begin."""
    cold = is_cold()
    helper = _start() if cold and _of_use() else None
    try:
        yield (lambda: None) if helper is None else (lambda: _tell(helper))
        if cold:
            now_warm()
    finally:
        if helper is not None:
            helper.kill()
            helper.communicate()


def _of_use() -> bool:
    """Two processors, a folder that the second process finds too, and no second one already."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1 and CACHE.is_relative_to(cache_root()) and VARIABLE not in os.environ


def _start() -> subprocess.Popen | None:
    """The second process, waiting; None where none can be started: it is of use, not needed."""
    path = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
    env = {**os.environ, "PYTHONPATH": path, VARIABLE: "1", "BANDUNG_KEEP_CITIES": "0"}
    try:
        return subprocess.Popen(
            [sys.executable, "-c", HELPER], env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None


def _tell(helper: subprocess.Popen) -> None:
    """Now: what building needs is compiled."""
    with suppress(OSError):
        helper.stdin.write(b"\n")  # type: ignore[union-attr]
        helper.stdin.flush()  # type: ignore[union-attr]
