"""How far a run is, on stderr: a bar on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

EVERY = 10.0  # seconds between lines where there is no terminal


class Lines:
    """Progress as plain lines: `month 37 of 120, about 12 s left`."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.started = self.last = time.monotonic()
        self.stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.started, self.last = stage, now, now
        elif now - self.last >= EVERY:
            self.last = now
            if stage == "build":
                print(f"building the city: {done} %", file=self.stream, flush=True)
                return
            left = (now - self.started) / max(done, 1) * (total - done)
            print(f"month {done} of {total}, about {left:.0f} s left", file=self.stream, flush=True)

    def close(self) -> None:
        """Nothing to take down."""


class Bar:
    """Progress as one line that moves: months done and time left."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self.bar = RichProgress(*columns, console=Console(file=stream), transient=True, refresh_per_second=5)
        self.task: Any = None
        self.stage = ""
        self.bar.start()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.close_task()
            self.stage = stage
            self.task = self.bar.add_task("building the city, %" if stage == "build" else "months", total=total)
        self.bar.update(self.task, completed=done)

    def close_task(self) -> None:
        if self.task is not None:
            self.bar.remove_task(self.task)

    def close(self) -> None:
        self.bar.stop()


def reporter(stream: TextIO | None = None) -> Bar | Lines:
    """The right kind of progress for a stream (stderr unless told)."""
    stream = stream or sys.stderr
    return Bar(stream) if stream.isatty() else Lines(stream)
