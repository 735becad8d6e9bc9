"""One run in a worker: its record, whatever happens in it."""

from __future__ import annotations

import time
import traceback

from sim.sweep.plan import Model, Record, Spec


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
