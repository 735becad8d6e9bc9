"""How far a run is, on stderr: a bar on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections import deque
from itertools import pairwise
from statistics import median
from typing import Any, TextIO

EVERY = 10.0  # seconds between lines where there is no terminal


class Lines:
    """Progress as plain lines: `month 37 of 120, about 12 s left`."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.said = time.monotonic()
        self.ends: deque[float] = deque(maxlen=13)  # when each of the last months ended
        self.stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.said = stage, now
            self.ends.clear()
        self.ends.append(now)
        if now - self.said >= EVERY:
            self.said = now
            if stage == "build":
                print(f"building the city: {done} %", file=self.stream, flush=True)
                return
            what = "month" if stage == "run" else f"{stage}, month"
            print(f"{what} {done} of {total}{self.left(total - done)}", file=self.stream, flush=True)

    def left(self, months: int) -> str:
        """Time left at the usual pace of the last months; the first, which may compile, say nothing about the rest."""
        if len(self.ends) < 4:
            return ""
        usual = median(b - a for a, b in pairwise(self.ends))
        return f", about {months * usual:.0f} s left"

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
            named = {"build": "building the city, %", "run": "months"}.get(stage, f"{stage}, months")
            self.task = self.bar.add_task(named, total=total)
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
