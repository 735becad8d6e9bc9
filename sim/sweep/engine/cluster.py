"""The workers of a Dask scheduler, with the semantics of the local ones.

    dask scheduler --host 127.0.0.1
    dask worker tcp://127.0.0.1:8786 --nthreads 1 --nworkers 2 --death-timeout 60
    bandung sweep DESIGN --out DIR --dask tcp://127.0.0.1:8786

Only this process writes into DIR. Dask gives the job of a worker that died to another; a job over which several died
comes back as KilledWorker and is done again run by run, so that one bad run takes no neighbour with it.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from typing import Any

from sim.errors import InputError, RunError
from sim.language import ENGLISH, told, translated
from sim.sweep.engine import crashed
from sim.sweep.engine.work import live_job
from sim.sweep.plan import Job, Model, Queue, Record

AHEAD = 2  # jobs a worker has at the scheduler: one that it does, one that waits
PATIENCE = 10.0  # seconds for an answer of the scheduler, and between looks at it
GONE = told("the Dask scheduler is gone; what was finished is kept: start it and run the command again")


class Cluster:
    """Whatever workers a scheduler has while the sweep runs: they may come and go."""

    def __init__(self, address: str, language: str = ENGLISH) -> None:
        self.address, self.language = address, language
        self.live: dict[Any, Job] = {}
        self.told = False

    def connect(self) -> Any:
        try:
            from distributed import Client
        except ImportError:
            said = told("--dask needs the library distributed: pip install 'bandung-resilience[cluster]'")
            raise InputError(said) from None
        import logging

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in our own words
        try:
            return Client(self.address, timeout=PATIENCE)
        except (OSError, ValueError, TypeError) as error:
            why = (str(error).splitlines()[0] if str(error) else type(error).__name__)[:200]
            said = told("--dask {address}: no scheduler answers there ({why})", address=self.address, why=why)
            raise InputError(said) from None

    def records(self, model: Model, queue: Queue, alone_first: bool = False) -> Iterator[Record]:
        client = self.connect()
        first = alone_first  # only one job until it is done: it compiles for the workers beside it
        try:
            while queue or self.live:
                self._submit(client, model, queue, 1 if first else AHEAD * self._hands(client))
                for future in self._done(client):
                    first = False
                    yield from self._hear(future, queue)
        finally:
            self._leave(client)

    def _hands(self, client: Any) -> int:
        """Workers of the scheduler; at least one is expected to come."""
        hands = len(client.scheduler_info(n_workers=-1)["workers"])
        if not hands and not self.told:
            self.told = True
            said = translated(
                "waiting for workers: {command}", self.language, command=f"dask worker {self.address} --nthreads 1"
            )
            print(said, file=sys.stderr, flush=True)
        return max(hands, 1)

    def _submit(self, client: Any, model: Model, queue: Queue, wanted: int) -> None:
        past = ""
        while len(self.live) < wanted and (job := queue.next(past)):
            past = job.past
            key = f"bandung-{uuid.uuid4().hex}"
            self.live[client.submit(live_job, model, job.specs, key=key, pure=False)] = job

    def _done(self, client: Any) -> list[Any]:
        """Futures that have ended; none after a while without news. Raises RunError when the scheduler is gone."""
        from concurrent.futures import CancelledError

        from distributed import TimeoutError as NoNews
        from distributed import wait

        if not self.live:
            return []
        try:
            return list(wait(list(self.live), timeout=PATIENCE, return_when="FIRST_COMPLETED").done)
        except NoNews:
            found: list[Any] = []
        except (CancelledError, OSError):
            raise RunError(GONE) from None
        if client.status != "running":
            raise RunError(GONE)
        return found

    def _hear(self, future: Any, queue: Queue) -> Iterator[Record]:
        from concurrent.futures import CancelledError

        from distributed.scheduler import KilledWorker

        job = self.live.pop(future)
        try:
            yield from future.result(timeout=60)
        except KilledWorker:
            if len(job.specs) == 1:
                yield crashed(job)
            else:
                for spec in job.specs:
                    queue.give_back(Job(job.past, [spec]))
        except (CancelledError, OSError):
            raise RunError(GONE) from None

    def _leave(self, client: Any) -> None:
        """Take back what is not begun; what runs ends on its worker and is not kept."""
        from contextlib import suppress

        with suppress(Exception):
            client.cancel(list(self.live), asynchronous=False)
        self.live.clear()
        with suppress(Exception):
            client.close(timeout=2)

    def close(self) -> None:
        """Nothing of ours is left: the workers are the scheduler's."""
