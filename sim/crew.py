"""Many seeds on all cores: each seed is one job that builds its city and lives all its worlds."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sim.compiled import CODE, is_cold
from sim.errors import RunError
from sim.language import told
from sim.memory import give_back
from sim.scenario import Scenario
from sim.spawning import no_guard
from sim.stopping import deaf_to_ctrl_c
from sim.twins import SeedResult, live, plan
from sim.walk import set_threads

Tell = Callable[[int, int], object]  # months lived by all worlds, of all
POLL = 0.2  # seconds between looks at how far the workers are

_lived: Any = None  # in a worker: months lived by the whole crew


def live_all(
    scenario: Scenario,
    scale: int,
    seeds: Sequence[int],
    months: int,
    workers: int | None = None,
    folder: Path | None = None,
    tell: Tell = lambda done, total: None,
) -> Iterator[SeedResult]:
    """Every seed's worlds, in the order of the seeds. With a folder, each world's record is written there as it ends.

    One seed or one worker stays in this process and uses its threads; else each worker process has one thread.
    Raises RunError when a worker dies (for want of memory, say).
    """
    count = min(workers or len(os.sched_getaffinity(0)), len(seeds))
    total = plan(scenario, months).months(months) * len(seeds)
    if count <= 1:
        yield from _here(scenario, scale, seeds, months, folder, tell, total, workers)
    else:
        yield from _in_processes(scenario, scale, seeds, months, folder, tell, total, count)


def _here(
    scenario: Scenario,
    scale: int,
    seeds: Sequence[int],
    months: int,
    folder: Path | None,
    tell: Tell,
    total: int,
    threads: int | None,
) -> Iterator[SeedResult]:
    set_threads(threads)
    for index, seed in enumerate(seeds):
        sofar = partial(_add, tell, total // len(seeds) * index, total)
        yield live(scenario, scale, seed, months, sofar, _keeper(folder, scenario, seed))


def _add(tell: Tell, before: int, total: int, months: int) -> None:
    tell(before + months, total)


def _in_processes(
    scenario: Scenario,
    scale: int,
    seeds: Sequence[int],
    months: int,
    folder: Path | None,
    tell: Tell,
    total: int,
    count: int,
) -> Iterator[SeedResult]:
    context = multiprocessing.get_context("spawn")
    lived = context.Value("q", 0)
    with _pool(count, context, lived) as pool:
        jobs: list[Future] = []
        for position, seed in enumerate(seeds):
            with deaf_to_ctrl_c():
                jobs.append(pool.submit(_job, CODE, scenario, scale, seed, months, folder))
            if position == 0 and is_cold():  # one worker compiles the rules, the others find them
                _watch(jobs, lived, tell, total)
        _watch(jobs, lived, tell, total)
        for job in jobs:
            yield job.result()


def _watch(jobs: list[Future], lived: Any, tell: Tell, total: int) -> None:
    """Tell how far the crew is until all jobs are done; the first that fails ends the wait."""
    open_jobs = set(jobs)
    while open_jobs:
        done, open_jobs = wait(open_jobs, POLL, FIRST_COMPLETED)
        for job in done:
            try:
                job.result()
            except BrokenProcessPool:
                said = told("a worker process ended unexpectedly (not enough memory?); use fewer --workers")
                raise RunError(no_guard() or said) from None
        tell(lived.value, total)


@contextmanager
def _pool(count: int, context: Any, lived: Any) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(count, context, _start, (lived,))
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown(wait=True)


def _start(lived: Any) -> None:
    """A worker leaves Ctrl-C to its parent, works with one thread, and counts the months it lives."""
    global _lived
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_threads(1)
    _lived = lived


def _job(code: str, scenario: Scenario, scale: int, seed: int, months: int, folder: Path | None) -> SeedResult:
    """One seed, with the code of the process that asks: `code` is its hash."""
    if code != CODE:
        raise RunError(told("the model's files have changed since this command began; start it again"))
    seen = 0

    def tell(done: int) -> None:
        nonlocal seen
        with _lived.get_lock():
            _lived.value += done - seen
        seen = done

    result = live(scenario, scale, seed, months, tell, _keeper(folder, scenario, seed))
    give_back()
    return result


def _keeper(folder: Path | None, scenario: Scenario, seed: int) -> Any:
    """What writes a finished world's record into the folder; nothing without one."""
    if folder is None:
        return None
    from sim.results import write_world

    return lambda package, shocked, recorder: write_world(
        folder,
        scenario.name,
        package,
        shocked,
        seed,
        recorder.frame(),
        {one: recorder.unit(one) for one in recorder.names},
    )
