"""Long looks (the whole city, many seeds): one at a time in a process of their own, at low priority, ended at once."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from sim.errors import RunError
from sim.language import told
from sim.scenario import Scenario
from sim.stopping import deaf_to_ctrl_c
from sim.ui.engine.crew import POLL, Busy

NICE = 10  # the live curves of others come first
EVERY = 6  # months between words on how far it is

# Told as it goes: ('at', share of the whole), ('seed', SeedResult), ('failed', RunError), ('done', None).
Listener = Callable[[str, Any], object]


def dig(pipe: Connection, scenario: Scenario, scale: int, seeds: tuple[int, ...], months: int, threads: int) -> None:
    """In the process: live every seed's worlds and send each as it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICE)
    from sim.twins import live, plan
    from sim.walk import set_threads

    set_threads(threads)
    total = plan(scenario, months).months(months) * len(seeds)
    try:
        for index, seed in enumerate(seeds):
            before = total // len(seeds) * index

            def tell(lived: int, before: int = before) -> None:
                if lived % EVERY == 0:
                    pipe.send(("at", (before + lived) / total))

            pipe.send(("seed", live(scenario, scale, seed, months, tell)))
        pipe.send(("done", None))
    except Exception as error:
        pipe.send(("failed", f"{type(error).__name__}: {error}"))


@dataclass
class Dive:
    """One long look in the queue."""

    scenario: Scenario
    scale: int
    seeds: tuple[int, ...]
    months: int
    listener: Listener
    number: int
    gone: threading.Event = field(default_factory=threading.Event)  # nobody wants it any more


class Depth:
    """The queue of long looks."""

    def __init__(self, most_waiting: int, threads: int) -> None:
        self.most_waiting, self.threads = most_waiting, threads
        self._waiting: list[Dive] = []
        self._numbers = itertools.count(1)
        self._change = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def submit(self, scenario: Scenario, scale: int, seeds: tuple[int, ...], months: int, listener: Listener) -> Dive:
        """Queue a long look. Raises Busy when too many wait."""
        with self._change:
            if len(self._waiting) >= self.most_waiting:
                raise Busy(told("too many long runs wait; try again in a few minutes"))
            dive = Dive(scenario, scale, seeds, months, listener, next(self._numbers))
            self._waiting.append(dive)
            self._change.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, daemon=True)
                self._thread.start()
        return dive

    def withdraw(self, dive: Dive) -> None:
        """Drop it, or end its process."""
        dive.gone.set()
        with self._change:
            if dive in self._waiting:
                self._waiting.remove(dive)

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._change.notify_all()

    def _serve(self) -> None:
        while True:
            with self._change:
                while not self._waiting and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                dive = self._waiting.pop(0)
            self._dive(dive)

    def _dive(self, dive: Dive) -> None:
        context = multiprocessing.get_context("spawn")
        pipe, far = context.Pipe()
        what = (far, dive.scenario, dive.scale, dive.seeds, dive.months, self.threads)
        process = context.Process(target=dig, args=what, daemon=True, name="bandung-ui-deep")
        with deaf_to_ctrl_c():
            process.start()
        far.close()
        try:
            while not (dive.gone.is_set() or self._closed):
                if pipe.poll(POLL):
                    said, value = pipe.recv()
                    dive.listener(said, RunError(value) if said == "failed" else value)
                    if said in ("done", "failed"):
                        break
        except (EOFError, OSError):
            dive.listener("failed", RunError(told("the run ended unexpectedly (not enough memory?)")))
        process.terminate()
        process.join()
        pipe.close()
