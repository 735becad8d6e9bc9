"""The crew: a few worker processes, one queue, first seeds first. A dying worker is replaced, its job tried again."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable
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

    @property
    def waiting(self) -> int:
        """Jobs that nobody works on yet."""
        return len(self._waiting)

    def close(self) -> None:
        """End the workers."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        for worker in list(self.workers.values()):
            worker.end()

    def _serve(self, place: int) -> None:
        """One worker's dispatcher: starts it, feeds it, replaces it."""
        while not self._closed:
            worker = self.workers.get(place)
            if worker is None or not worker.process.is_alive():
                self.workers[place] = worker = Worker(self.warm_bytes)
            task = self._next()
            if task is None:
                return
            try:
                said, what = self._run(worker, task)
            except (EOFError, OSError):
                worker.end()
                said, what = "died", None
            if not self._closed:
                self._finish(task, said, what)

    def _next(self) -> Task | None:
        with self._change:
            while not self._waiting and not self._closed:
                self._change.wait()
            if self._closed:
                return None
            task = min(self._waiting, key=lambda one: one.rank)
            self._waiting.remove(task)
            return task

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
            if not task.listeners and not stopping:
                stopping = True
                worker.pipe.send(STOP)

    def _finish(self, task: Task, said: str, what: Any) -> None:
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
