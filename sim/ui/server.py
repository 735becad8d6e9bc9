"""What one server shares between all its readers: the engine, the limits, the map's shapes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sim.ui.engine.asking import Answer, Engine, Question
from sim.ui.limits import Limits, handed_over

OPENS = "BANDUNG_UI_OPENS"  # name of the scenario that the page opens with
SETTLING = 1.0  # seconds from a page that has come until its charts are drawn
SHAPES = "BANDUNG_UI_BOUNDARIES"  # a file of real boundaries; empty: schematic shapes


@cache
def limits() -> Limits:
    return handed_over()


@cache
def engine() -> Engine:
    """The engine; its workers start with the first use."""
    return Engine(limits())


def opens() -> str:
    """The scenario of an address that names none."""
    from sim.ui.state.place import USUAL

    return os.environ.get(OPENS, USUAL)


@cache
def shapes() -> tuple[list[dict[str, Any]], str, bool]:
    """What the map draws, its viewBox, and whether it is schematic."""
    from sim.ui.kit.shapes import boundaries, drawn, schematic

    file = os.environ.get(SHAPES, "")
    found = boundaries(Path(file)) if file else schematic()
    return *drawn(found), not file


def first_question() -> Question:
    """What the page asks when it opens."""
    from sim.ui.state import edits
    from sim.ui.state.place import LIVE, opening

    place = opening(opens(), limits())
    return Question(edits.only(place.scenario, 0), limits().detail(LIVE), place.scenario.months)


_recalling = threading.Lock()
_seen = threading.Event()  # somebody has the page before them


def known(question: Question) -> Answer | None:
    """The whole answer, where it is there: in memory or, to what the page opens with, as an earlier server kept it."""
    with _recalling:
        found = engine().known(question)
        return engine().recall(question) if found is None and question.text == first_question().text else found


def seen() -> None:
    """A reader has the page: what makes the first moved lever quick may be prepared now."""
    _seen.set()


def warm_up(tell: Callable[[float], object] = lambda share: None, patience: float = 0.0) -> str:
    """Have the first answer ready: from an earlier server's, or computed now. Returns what went wrong, or nothing.

    patience: seconds to wait for a first reader before the cores are used for what the next questions need.
    """
    from sim.analysis.index import weightings

    question, error = first_question(), ""
    if known(question) is None:
        for answer in engine().ask(question).answers():
            tell(answer.share)
            error = answer.error
        engine().retain(question)
    if patience:
        if _seen.wait(patience):
            time.sleep(SETTLING)
        engine().warm(question)
    weightings()  # compiles what the views need, before somebody waits for it
    return error
