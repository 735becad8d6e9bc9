"""Ctrl-C reaches every process of a terminal at once: who is to hear it, and what is left of it afterwards."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started here never hear Ctrl-C, not even while they begin; this one hears it afterwards."""
    resource_tracker.ensure_running()  # its start lifts the block that is set here, so it must be there already
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def handled() -> None:
    """An interruption has been answered: the process may end with an exit code of its own.

    Python notes one that passes through the text of an `exec`, as named tuples and data classes have while they are
    imported, and would end by the signal itself whatever was caught later; another `exec` takes the note away.
    """
    exec("", {})
