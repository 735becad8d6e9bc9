"""Workers on this machine: one pipe for each, so that a dying worker takes nothing with it that others need.

A pool of the standard library loses what waits when one process is killed, or hangs; here the parent sees every end of
a worker (its pipe and its process) and gives its runs to another. A worker ends by itself when the parent is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from sim.errors import RunError
from sim.language import told
from sim.spawning import no_guard
from sim.stopping import deaf_to_ctrl_c
from sim.sweep.engine import RETRIES, crashed
from sim.sweep.engine.work import record_of
from sim.sweep.plan import Job, Model, Queue, Record

MOST_FALSE_STARTS = 3  # workers in a row that died before they were ready


def _worker(pipe: Connection, model: Model) -> None:
    """Live jobs until the parent says stop. Ctrl-C is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        try:
            model.begin()
        except RunError as error:
            pipe.send(error)
            return
        pipe.send("ready")
        while (job := pipe.recv()) is not None:
            for spec in job.specs:
                pipe.send(record_of(model, spec))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class _Slot:
    """One worker process, its pipe, and what it is doing."""

    def __init__(self, context: Any, model: Model) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_worker, args=(theirs, model), daemon=True)
        with deaf_to_ctrl_c():
            self.process.start()
        theirs.close()
        self.ready = False
        self.past = ""
        self.job: Job | None = None

    def give(self, job: Job) -> None:
        self.job, self.past = job, job.past
        self.pipe.send(job)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Local:
    """Worker processes of this machine; default: one for each core this process may use.

    Workers stay until `close`, with the cities they have built, so that another sweep of the same model goes on with
    them.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or len(os.sched_getaffinity(0))
        self.slots: list[_Slot] = []
        self.model: Model | None = None
        self.false_starts = 0

    def records(self, model: Model, queue: Queue, alone_first: bool = False) -> Iterator[Record]:
        if model != self.model:
            self.close()
        self.model = model
        count = 1 if alone_first else self.workers
        whole = False
        try:
            while True:
                self._staff(model, queue, count)
                if not queue and not any(slot.job for slot in self.slots):
                    whole = True
                    return
                for slot in self._news():
                    yield from self._hear(slot, queue)
                    if slot.past and slot.job is None:  # it has finished a job: what had to be compiled is compiled
                        count = self.workers
        finally:
            if not whole:
                self.close()

    def _staff(self, model: Model, queue: Queue, count: int) -> None:
        """Give every free worker a job, and hire while there is more to do than hands."""
        for slot in [one for one in self.slots if one.ready and one.job is None]:
            if (job := queue.next(slot.past)) is None:
                return
            try:
                slot.give(job)
            except OSError:  # it died while it waited
                slot.job = None
                queue.give_back(job)
                self.slots.remove(slot)
                slot.kill()
        context = multiprocessing.get_context("spawn")
        while queue and len(self.slots) < count:
            self.slots.append(_Slot(context, model))

    def _news(self) -> list[_Slot]:
        """The workers that have said something or died."""
        ends: dict[Any, _Slot] = {}
        for slot in self.slots:
            ends[slot.pipe] = ends[slot.process.sentinel] = slot
        return list({id(ends[one]): ends[one] for one in wait(list(ends))}.values())

    def _hear(self, slot: _Slot, queue: Queue) -> Iterator[Record]:
        """Everything a worker has said; a worker that died gives its runs back."""
        try:
            while slot.pipe.poll():
                said = slot.pipe.recv()
                if isinstance(said, RunError):
                    raise said
                if said == "ready":
                    slot.ready, self.false_starts = True, 0
                    continue
                assert slot.job is not None and said["run"] == slot.job.specs[0].key
                slot.job.specs.pop(0)
                slot.job.attempts = 0
                if not slot.job.specs:
                    slot.job = None
                yield said
            if slot.process.is_alive():
                return
        except (EOFError, OSError):
            pass
        yield from self._lost(slot, queue)

    def _lost(self, slot: _Slot, queue: Queue) -> Iterator[Record]:
        self.slots.remove(slot)
        slot.kill()
        if not slot.ready:
            self.false_starts += 1
            if self.false_starts >= MOST_FALSE_STARTS:
                code = slot.process.exitcode
                said = told("worker processes end before they begin (exit code {code})", code=code)
                raise RunError(no_guard() or said)
        job = slot.job
        if job is None:
            return
        job.attempts += 1
        if job.attempts > RETRIES:
            yield crashed(job)
            job.specs.pop(0)
            job.attempts = 0
        queue.give_back(job)

    def close(self) -> None:
        """Stop every worker at once."""
        for slot in self.slots:
            slot.process.kill()
        for slot in self.slots:
            slot.kill()
        self.slots.clear()
