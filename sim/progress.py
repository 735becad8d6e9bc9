"""How far a run is, on stderr: a bar on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections import deque
from itertools import pairwise
from statistics import median
from typing import Any, TextIO

from sim.language import ENGLISH, speaker, texts

STAGES = texts("worlds", "choosing a household")  # besides `build` and `run`
EVERY = 10.0  # seconds between lines where there is no terminal


class Lines:
    """Progress as plain lines: `month 37 of 120, about 12 s left`."""

    def __init__(self, stream: TextIO, language: str = ENGLISH) -> None:
        self.stream, self.say = stream, speaker(language)
        self.said = time.monotonic()
        self.ends: deque[tuple[float, int]] = deque(maxlen=13)  # when the last months ended, and how many were done
        self.stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.said = stage, now
            self.ends.clear()
        if self.ends and done == self.ends[-1][1]:
            return  # nothing new to say
        self.ends.append((now, done))
        if now - self.said >= EVERY:
            self.said = now
            print(self.line(stage, done, total), file=self.stream, flush=True)

    def line(self, stage: str, done: int, total: int) -> str:
        if stage == "build":
            return self.say("building the city: {done} %", done=done)
        how_far = self.say("month {done} of {total}", done=done, total=total) + self.left(total - done)
        return how_far if stage == "run" else f"{self.say(stage)}, {how_far}"

    def left(self, months: int) -> str:
        """Time left at the usual pace of the last months; the first, which may compile, say nothing about the rest."""
        if len(self.ends) < 4:
            return ""
        usual = median((now - before) / (done - fewer) for (before, fewer), (now, done) in pairwise(self.ends))
        return self.say(", about {seconds} s left", seconds=f"{months * usual:.0f}")

    def close(self) -> None:
        """Nothing to take down."""


class Bar:
    """Progress as one line that moves: months done and time left."""

    def __init__(self, stream: TextIO, language: str = ENGLISH) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self.bar = RichProgress(*columns, console=Console(file=stream), transient=True, refresh_per_second=5)
        self.say = speaker(language)
        self.task: Any = None
        self.stage = ""
        self.bar.start()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.close_task()
            self.stage = stage
            self.task = self.bar.add_task(self.name(stage), total=total)
        self.bar.update(self.task, completed=done)

    def name(self, stage: str) -> str:
        if stage == "build":
            return self.say("building the city, %")
        return self.say("months") if stage == "run" else f"{self.say(stage)}, {self.say('months')}"

    def close_task(self) -> None:
        if self.task is not None:
            self.bar.remove_task(self.task)

    def close(self) -> None:
        self.bar.stop()


def reporter(stream: TextIO | None = None, language: str = ENGLISH) -> Bar | Lines:
    """The right kind of progress for a stream (stderr unless told)."""
    stream = stream or sys.stderr
    return Bar(stream, language) if stream.isatty() else Lines(stream, language)
