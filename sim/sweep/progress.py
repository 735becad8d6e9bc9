"""How far a sweep is, on stderr: runs done, time left, and every failure as it happens."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from sim.sweep.plan import Record
from sim.sweep.size import span

EVERY = 10.0  # seconds between lines where there is no terminal
NAMED = 10  # failures told one by one


class Progress:
    """Lines, or one moving line on a terminal. Called with runs done, runs in all, and the last record."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.moving = self.stream.isatty()
        self.began: float | None = None
        self.before = self.failed = 0
        self.said = time.monotonic()
        self.shown = 0

    def __call__(self, done: int, total: int, record: Record | None) -> None:
        now = time.monotonic()
        if self.began is None:
            self.began, self.before = now, done
            if done:
                self.line(f"{done:,} of {total:,} runs are done already")
        if record is not None and record["status"] != "ok":
            self.fail(record)
        if now - self.said >= (0.5 if self.moving else EVERY) or (self.moving and done == total):
            self.said = now
            self.tell(f"run {done:,} of {total:,}{self.left(done, total, now)}{self.failures()}")

    def left(self, done: int, total: int, now: float) -> str:
        """Time left at the pace so far."""
        lived = done - self.before
        if lived < 2 or self.began is None or done >= total:
            return ""
        return f", about {span((now - self.began) / lived * (total - done))} left"

    def failures(self) -> str:
        return f", {self.failed:,} failed" if self.failed else ""

    def fail(self, record: Record) -> None:
        self.failed += 1
        if self.failed <= NAMED:
            self.line(f"run {record['run'][:12]} failed: {record['error']}")
        elif self.failed == NAMED + 1:
            self.line("more runs fail; the table names all of them")

    def tell(self, text: str) -> None:
        if not self.moving:
            self.line(text)
            return
        print(f"\r{text}{' ' * max(self.shown - len(text), 0)}", end="", file=self.stream, flush=True)
        self.shown = len(text)

    def line(self, text: str) -> None:
        self.close()
        print(text, file=self.stream, flush=True)

    def close(self) -> None:
        """End the moving line."""
        if self.shown:
            print(file=self.stream, flush=True)
            self.shown = 0
