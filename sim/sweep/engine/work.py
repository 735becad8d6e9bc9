"""Runs in a worker: a record for each, whatever happens in it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Sequence

from sim.sweep.plan import Model, Record, Spec

_one_at_a_time = threading.Lock()


def record_of(model: Model, spec: Spec) -> Record:
    """Live a run. An error inside the run becomes its record; only what would end any process gets out."""
    started = time.perf_counter()
    said: Record = {"run": spec.key, "status": "ok", "error": "", "trace": ""}
    try:
        said |= model.live(spec)
    except Exception as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        said |= {"status": "error", "error": text, "trace": traceback.format_exc(limit=-8)}
    said["seconds"] = time.perf_counter() - started
    return said


def live_job(model: Model, specs: Sequence[Spec]) -> list[Record]:
    """A job for a worker that answers once: all its runs. One at a time in a process, however many threads it has."""
    with _one_at_a_time:
        model.begin()
        return [record_of(model, spec) for spec in specs]
