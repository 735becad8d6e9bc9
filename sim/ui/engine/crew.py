"""The crew: a few worker processes, one queue, first seeds first. A dying worker is replaced, its job tried again.

Worlds that are the same until a shock strikes (`kin`) go to one worker, one after the other, as long as there is other
work for the rest: the second then begins where the first has been. A worker starts with its first job.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import RunError
from sim.language import told
from sim.ui.engine.cache import Cache
from sim.ui.engine.worker import STOP, Worker

TRIES = 2  # a job that took a worker down with it twice is given up
POLL = 0.02  # seconds between looks at a running job

# What a listener is told: ('at', months), ('done', result), ('failed', RunError).
Listener = Callable[[Any, str, Any], object]


class Busy(RunError):
    """More waits in the queue than this server takes on."""


@dataclass
class Task:
    """A job in the queue or at work, and who waits for it."""

    job: Hashable  # a Job or a LifeJob
    rank: tuple[int, int]
    listeners: list[Listener] = field(default_factory=list)
    tries: int = 0
    quiet: bool = False  # nobody waits for it: it makes way for whatever is asked

    @property
    def kin(self) -> Hashable:
        """What its world is until a shock strikes."""
        return getattr(self.job, "kin", self.job)

    @property
    def root(self) -> Hashable:
        """The city that it begins with."""
        return getattr(self.job, "root", self.job)


class Crew:
    """Lives jobs in `count` worker processes. `most_waiting`: jobs the queue takes."""

    def __init__(self, count: int, most_waiting: int, cache: Cache, warm_bytes: int) -> None:
        self.cache, self.most_waiting, self.warm_bytes = cache, most_waiting, warm_bytes
        self.tasks: dict[Hashable, Task] = {}  # waiting or at work
        self._waiting: list[Task] = []
        self._numbers = itertools.count()
        self._change = threading.Condition()
        self._closed = False
        self.workers: dict[int, Worker] = {}
        self._quiet: dict[int, list[Task]] = {place: [] for place in range(count)}
        self._kin: dict[int, Hashable] = {}  # by worker: of what it lives or has lived last
        self._busy: set[int] = set()
        self._threads = [threading.Thread(target=self._serve, args=(k,), daemon=True) for k in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Hashable, urgency: int, listener: Listener) -> None:
        """Queue a job; two who want the same share it. `urgency`: small first. Raises Busy when the queue is full."""
        with self._change:
            task = self.tasks.get(job)
            if task is None:
                if len(self._waiting) >= self.most_waiting:
                    raise Busy(told("the server is busy; try again in a minute"))
                task = self.tasks[job] = Task(job, (urgency, next(self._numbers)))
                self._waiting.append(task)
                self._change.notify()
            task.listeners.append(listener)

    def withdraw(self, job: Hashable, listener: Listener) -> None:
        """No longer wait for a job; one that nobody waits for is dropped, or stopped where it has begun."""
        with self._change:
            task = self.tasks.get(job)
            if task is None or listener not in task.listeners:
                return
            task.listeners.remove(listener)
            if not task.listeners and task in self._waiting:
                self._waiting.remove(task)
                del self.tasks[job]

    def prepare(self, jobs: Sequence[Hashable]) -> None:
        """Have every worker live these jobs when there is nothing else to do: what they leave behind helps later."""
        with self._change:
            for tasks in self._quiet.values():
                tasks += [Task(job, (0, 0), [lambda job, said, what: None], quiet=True) for job in jobs]
            self._change.notify_all()

    @property
    def waiting(self) -> int:
        """Jobs that nobody works on yet."""
        return len(self._waiting)

    def waiting_beside(self, own: Collection[Hashable]) -> int:
        """Jobs that nobody works on yet and others wait for."""
        with self._change:
            return sum(task.job not in own for task in self._waiting)

    def close(self) -> None:
        """End the workers."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        for worker in list(self.workers.values()):
            worker.end()

    def _serve(self, place: int) -> None:
        """One worker's dispatcher: starts it, feeds it, replaces it."""
        while (task := self._next(place)) is not None:
            worker = self.workers.get(place)
            if worker is None or not worker.process.is_alive():
                self.workers[place] = worker = Worker(self.warm_bytes)
            if self._closed:
                worker.end()
                return
            try:
                said, what = self._run(worker, task)
            except (EOFError, OSError):
                worker.end()
                said, what = "died", None
            if not self._closed:
                self._finish(task, said, what, place)

    def _next(self, place: int = 0) -> Task | None:
        """What a worker does next; None when the crew is closed."""
        with self._change:
            self._busy.discard(place)
            quiet = self._quiet.get(place, [])
            while not self._waiting and not quiet and not self._closed:
                self._change.wait()
            if self._closed:
                return None
            if not self._waiting:
                return quiet.pop(0)
            task = self._choice(place)
            self._waiting.remove(task)
            self._kin[place] = task.kin
            quiet[:] = [one for one in quiet if one.root != task.root]  # this job leaves behind what those would
            self._busy.add(place)
            return task

    def _choice(self, place: int) -> Task:
        """Among the most urgent: kin of what the worker has just lived, then what no other worker has the kin of."""
        urgency = min(one.rank[0] for one in self._waiting)
        urgent = sorted((one for one in self._waiting if one.rank[0] == urgency), key=lambda one: one.rank)
        own, others = self._kin.get(place), {self._kin[k] for k in self._busy if k != place}
        near = next((one for one in urgent if one.kin == own), None)
        return near or next((one for one in urgent if one.kin not in others), urgent[0])

    def _run(self, worker: Worker, task: Task) -> tuple[str, Any]:
        """Have a worker live a job. Raises EOFError or OSError when the worker dies."""
        stopping = False
        worker.pipe.send(task.job)
        while True:
            if worker.pipe.poll(POLL):
                said, what = worker.pipe.recv()
                if said == "at":
                    self._tell(task, said, what)
                elif said != "ready":
                    return said, what
            elif not worker.process.is_alive():
                raise EOFError
            unwanted = not task.listeners or (task.quiet and self._waiting)
            if unwanted and not stopping:
                stopping = True
                worker.pipe.send(STOP)

    def _finish(self, task: Task, said: str, what: Any, place: int) -> None:
        if task.quiet:
            if said == "stopped":
                self._quiet[place].insert(0, task)
            return
        if said == "done":
            self.cache.put(task.job, what)
        with self._change:
            again = said == "stopped" or (said == "died" and task.tries + 1 < TRIES)
            if again and task.listeners:  # somebody came to want it while it was being stopped, or its worker died
                task.tries += said == "died"
                self._waiting.append(task)
                self._change.notify()
                return
            del self.tasks[task.job]
        if said == "died":
            self._tell(task, "failed", RunError(told("a worker process ended unexpectedly (not enough memory?)")))
        elif said == "failed":
            self._tell(task, "failed", RunError(what))
        elif said == "done":
            self._tell(task, "done", what)

    def _tell(self, task: Task, said: str, what: Any) -> None:
        for listener in list(task.listeners):
            listener(task.job, said, what)
