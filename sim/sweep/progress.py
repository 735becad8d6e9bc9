"""How far a sweep is, on stderr: runs done, time left, and every failure as it happens."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from sim.language import ENGLISH, number, told, translated
from sim.sweep.plan import Record
from sim.sweep.size import span

EVERY = 10.0  # seconds between lines where there is no terminal
NAMED = 10  # failures told one by one


class Progress:
    """Lines, or one moving line on a terminal. Called with runs done, runs in all, and the last record."""

    def __init__(self, stream: TextIO | None = None, language: str = ENGLISH) -> None:
        self.stream, self.language = stream or sys.stderr, language
        self.moving = self.stream.isatty()
        self.began: float | None = None
        self.before = self.failed = 0
        self.said = time.monotonic()
        self.shown = 0

    def say(self, text: str, **counts: int) -> str:
        """A text with numbers in it, in the language of the progress."""
        return translated(text, self.language, **{name: number(one, self.language) for name, one in counts.items()})

    def __call__(self, done: int, total: int, record: Record | None) -> None:
        now = time.monotonic()
        if self.began is None:
            self.began, self.before = now, done
            if done:
                self.line(self.say("{done} of {total} runs are done already", done=done, total=total))
        if record is not None and record["status"] != "ok":
            self.fail(record)
        if now - self.said >= (0.5 if self.moving else EVERY) or (self.moving and done == total):
            self.said = now
            far = self.say("run {done} of {total}", done=done, total=total)
            self.tell(far + self.left(done, total, now) + self.failures())

    def left(self, done: int, total: int, now: float) -> str:
        """Time left at the pace so far."""
        lived = done - self.before
        if lived < 2 or self.began is None or done >= total:
            return ""
        left = translated(span((now - self.began) / lived * (total - done)), self.language)
        return translated(", about {span} left", self.language, span=left)

    def failures(self) -> str:
        return self.say(", {failed} failed", failed=self.failed) if self.failed else ""

    def fail(self, record: Record) -> None:
        self.failed += 1
        if self.failed <= NAMED:
            error = translated(record["error"], self.language)
            self.line(translated("run {run} failed: {error}", self.language, run=record["run"][:12], error=error))
        elif self.failed == NAMED + 1:
            self.line(told("more runs fail; the table names all of them"))

    def tell(self, text: str) -> None:
        if not self.moving:
            self.line(text)
            return
        print(f"\r{text}{' ' * max(self.shown - len(text), 0)}", end="", file=self.stream, flush=True)
        self.shown = len(text)

    def line(self, text: str) -> None:
        self.close()
        print(translated(text, self.language), file=self.stream, flush=True)

    def close(self) -> None:
        """End the moving line."""
        if self.shown:
            print(file=self.stream, flush=True)
            self.shown = 0
