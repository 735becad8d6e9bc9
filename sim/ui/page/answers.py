"""The page's question and what is known of its answer: the old one stays, marked as such, until the new one comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import solara

from sim.errors import RunError
from sim.ui import server
from sim.ui.engine.asking import Answer, Ask, Question

IDLE, RUNNING, CANCELLED, FAILED = "idle", "running", "cancelled", "failed"
TOLD = 0.05  # how much more of the work must be done before the page says so again


@dataclass(frozen=True)
class Shown:
    """What a view shows. `stale`: it belongs to an earlier question than the one that is being answered."""

    answer: Answer
    stale: bool


class Asking:
    """One reader's question. Its parts change at their own pace, so that a moving bar redraws no chart."""

    def __init__(self) -> None:
        self.shown: solara.Reactive[Shown | None] = solara.reactive(None)
        self.status = solara.reactive(IDLE)
        self.share = solara.reactive(0.0)  # of the work, while it runs
        self.error = solara.reactive("")
        self.turn = solara.reactive(0)  # raised to ask the same again
        self._ask: Ask | None = None

    def begin(self, question: Question) -> Callable[[], None]:
        """Ask, and follow the answer in the background. Returns what ends it."""
        if (known := server.engine().known(question)) is not None:
            self._settle(known, IDLE)
            return lambda: None
        before = self.shown.peek()
        if before is not None:
            self.shown.set(Shown(before.answer, stale=before.answer.question.key != question.key))
        self.share.set(0.0)
        self.error.set("")
        try:
            ask = server.engine().ask(question)
        except RunError as error:
            self.error.set(str(error))
            self.status.set(FAILED)
            return lambda: None
        self._ask = ask
        self.status.set(RUNNING)
        threading.Thread(target=self._follow, args=(ask,), daemon=True).start()
        return ask.cancel

    def cancel(self) -> None:
        """Stop what runs; the last result stays."""
        if self._ask is not None and self.status.peek() == RUNNING:
            self._ask.cancel()
            self.status.set(CANCELLED)

    def again(self) -> None:
        """Ask the same once more."""
        self.turn.set(self.turn.peek() + 1)

    def _follow(self, ask: Ask) -> None:
        seeds = 0
        for answer in ask.answers():
            if ask is not self._ask or ask.cancelled:
                return
            if answer.error:
                self.error.set(answer.error)
                self.status.set(FAILED)
            elif len(answer.found) > seeds or answer.whole:
                seeds = len(answer.found)
                self._settle(answer, IDLE if answer.enough else RUNNING)
            elif abs(answer.share - self.share.peek()) > TOLD:
                self.share.set(answer.share)

    def _settle(self, answer: Answer, status: str) -> None:
        """Show an answer; seeds that are still missing are added as they come."""
        self.error.set("")
        self.shown.set(Shown(answer, stale=False))
        self.share.set(answer.share)
        self.status.set(status)


def use_asking(asking: Asking, question: Question) -> None:
    """Ask whenever the question changes; what ran for an earlier one ends."""
    solara.use_effect(lambda: asking.begin(question), [question.key, asking.turn.value])
