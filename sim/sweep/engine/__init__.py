"""Engines live the jobs of a queue and give one record for each run, in whatever order they end.

All have the same semantics, so that a table does not depend on the engine:
- a run that raises gives a record with its error, and the rest goes on;
- a worker that dies (killed, out of memory) gives its runs back; a run over which RETRIES + 1 workers died is recorded
  as `crashed`, and lived again when the sweep is started anew;
- closing the generator (Ctrl-C, a full disk) stops everything at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from sim.language import ENGLISH, texts
from sim.sweep.plan import Job, Model, Queue, Record

RETRIES = 2
CHUNK = 8  # most runs a job holds


class Engine(Protocol):
    def records(self, model: Model, queue: Queue, alone_first: bool) -> Iterator[Record]:
        """Every run's record. `alone_first`: one worker finishes a job before the others begin."""

    def close(self) -> None:
        """Stop the workers that are this engine's own."""


def crashed(job: Job) -> Record:
    """The record of a job's first run, over which workers died."""
    (text,) = texts("worker processes died over this run, again and again (not enough memory?)")
    return {"run": job.specs[0].key, "status": "crashed", "error": text}


def open_engine(workers: int | None, address: str | None, language: str = ENGLISH) -> Engine:
    """Processes of this machine, or the workers of a Dask scheduler; it speaks a language."""
    if address is not None:
        from sim.sweep.engine.cluster import Cluster

        return Cluster(address, language)
    from sim.sweep.engine.local import Local

    return Local(workers)
