"""A worker process: takes one job after the other from a pipe, tells how far it is, and stops when told to."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from sim.stopping import deaf_to_ctrl_c

EVERY = 0.25  # seconds between words on how far a job is
STOP = "stop"


class Stopped(Exception):
    """The one who asked does not want the result any more."""


def work(pipe: Connection, warm_bytes: int) -> None:
    """Answer each job with ('done', Lived), ('failed', text) or ('stopped', None); before it ('at', months)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from sim.ui.engine.warm import Warm
    from sim.walk import set_threads

    set_threads(1)
    warm = Warm(warm_bytes)
    try:
        pipe.send(("ready", None))
        while True:
            job = pipe.recv()
            if job != STOP:  # a stop that came when its job had just ended
                pipe.send(_answer(warm, job, pipe))
    except (EOFError, OSError):  # the server has gone
        return


def _answer(warm: Any, job: Any, pipe: Connection) -> tuple[str, Any]:
    """Live a job and say how it ended."""
    from sim.ui.engine.job import Job

    told = time.monotonic()

    def tell(months: int) -> None:
        nonlocal told
        if pipe.poll():
            pipe.recv()
            raise Stopped
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            pipe.send(("at", months))

    try:
        return "done", warm.live(job, tell) if isinstance(job, Job) else job.lives(tell)
    except Stopped:
        return "stopped", None
    except Exception as error:  # the page shows it; the next job is not touched
        if os.environ.get("BANDUNG_DEBUG"):
            raise
        return "failed", f"{type(error).__name__}: {error}"


class Worker:
    """The parent's end of one worker process."""

    def __init__(self, warm_bytes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=work, args=(far, warm_bytes), daemon=True, name="bandung-ui-worker")
        with deaf_to_ctrl_c():
            self.process.start()
        far.close()

    def end(self) -> None:
        """Stop the process, whatever it does. May be called twice, and while another thread listens to it."""
        self.process.terminate()
        self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
        with suppress(OSError):
            self.pipe.close()
