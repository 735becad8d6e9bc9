"""A view's question and what is known of its answer: the old one stays, marked as such, until the new one comes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from sim.errors import RunError
from sim.ui import server
from sim.ui.engine.asking import Answer, Question


@dataclass(frozen=True)
class Asked:
    """What a view shows. `stale`: it belongs to an earlier question; `running`: more is on its way."""

    answer: Answer | None
    stale: bool
    running: bool
    share: float
    error: str
    cancelled: bool
    cancel: Callable[[], Any]
    again: Callable[[], Any]


def use_answer(question: Question) -> Asked:
    """Ask (when the question changes) and follow the answer. What is kept already is there at once."""
    latest: solara.Reactive[Answer | None] = solara.use_reactive(None)
    shown: solara.Reactive[Answer | None] = solara.use_reactive(None)  # the last answer with something in it
    turn = solara.use_reactive(0)  # raised to ask the same again
    stopped: solara.Reactive[Any] = solara.use_reactive(None)  # the question that was cancelled
    key = (question.key, turn.value)
    known = solara.use_memo(lambda: server.engine().known(question), [key])

    def begin() -> Callable[[], None] | None:
        if known is not None:
            shown.set(known)
            return None
        try:
            ask = server.engine().ask(question)
        except RunError as error:
            latest.set(Answer(question, error=str(error)))
            return None

        def follow() -> None:
            for answer in ask.answers():
                if answer.found and answer.whole | (
                    shown.peek() is None or len(answer.found) > _seeds(shown.peek(), answer)
                ):
                    shown.set(answer)
                latest.set(answer)

        threading.Thread(target=follow, daemon=True).start()
        cancels.current = ask.cancel
        return ask.cancel

    cancels: Any = solara.use_ref(lambda: None)
    solara.use_effect(begin, [key])

    def cancel() -> None:
        cancels.current()
        stopped.set(key)

    def again() -> None:
        turn.set(turn.peek() + 1)

    now = known or (latest.value if latest.value is not None and latest.value.question.key == question.key else None)
    cancelled = stopped.value == key
    good = known or (now if now is not None and now.found else shown.value)
    error = now.error if now is not None else ""
    running = not (cancelled or error or (now is not None and now.whole))
    stale = good is None or good.question.key != question.key
    return Asked(good, stale, running, now.share if now else 0.0, error, cancelled, cancel, again)


def _seeds(before: Answer | None, answer: Answer) -> int:
    """Seeds already shown of the same question."""
    return len(before.found) if before is not None and before.question.key == answer.question.key else 0
