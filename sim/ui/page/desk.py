"""One reader's choices, and what the page tells them. Every change of the page goes through here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import solara

from sim.errors import InputError
from sim.language import LANGUAGES
from sim.ui import server
from sim.ui.page import files
from sim.ui.page.answers import Asking
from sim.ui.state import links
from sim.ui.state.place import LIVE, Place
from sim.ui.words import language, number, say

SETTLED = 2.0  # seconds after which the next move of a slider is a new step of the back button
MOST_STEPS = 50  # that are remembered


class Desk:
    """One reader's choices, and what the page tells them."""

    def __init__(self, address: str) -> None:
        place, notes = links.read(address, server.limits(), server.opens())
        self.place = solara.reactive(place)
        self.notes: solara.Reactive[Any] = solara.reactive(("warning", list(notes)) if notes else None)
        self.copy = solara.reactive(0)  # raised to copy the address
        self.content: solara.Reactive[Any] = solara.reactive(None)  # a file for the browser to save
        self.asking = Asking()
        self.rev = solara.reactive(0)  # raised when the panel shall take the scenario's values
        self.push = solara.reactive(0)  # raised when the next address is a step of the back button
        self.seen = address.lstrip("?")  # the address that was read, until the reader moves on from it
        self.asked = "lang=" in self.seen  # the first address says the language
        self.been: dict[str, Place] = {}  # by address: what a step back brings back, with what no address holds
        self.last: tuple[Any, float] = (None, 0.0)  # what was last moved, and when
        language.set(place.language)

    def go(self, address: str) -> None:
        """Follow an address: a link, the back button."""
        if address.lstrip("?") in (self.seen, links.written(self.place.peek())):
            return
        self.seen = address.lstrip("?")
        self.last = (None, 0.0)
        if (known := self.been.get(self.seen)) is not None:
            self.notes.set(None)
            self.settle(replace(known, detail=LIVE))
            return
        place, notes = links.read(address, server.limits(), server.opens())
        self.notes.set(("warning", list(notes)) if notes else None)
        self.settle(place)

    def step(self) -> None:
        """The next address is a step of the back button, which comes back to this place."""
        here = self.place.peek()
        self.been[links.written(here)] = here
        while len(self.been) > MOST_STEPS:
            del self.been[next(iter(self.been))]
        self.push.set(self.push.peek() + 1)

    def settle(self, place: Place) -> None:
        """Take a whole new place; the panel follows."""
        language.set(place.language)
        self.place.set(place)
        self.rev.set(self.rev.peek() + 1)

    def change(self, step: bool = False, **values: Any) -> None:
        """Look elsewhere. step: the back button comes back here."""
        if step:
            self.step()
        if "language" in values:
            language.set(values["language"])
        self.seen = ""
        self.place.set(replace(self.place.peek(), **values))

    def attempt(self, how: Callable[[Place], Place], settle: bool = True, what: Any = None) -> None:
        """Change the scenario; what cannot be is told, and nothing changes. The back button undoes it.

        what: which setting is moved; one that is moved on within SETTLED seconds makes no step of its own.
        """
        try:
            place = how(self.place.peek())
        except InputError as error:
            self.say("error", *error.messages)
            self.rev.set(self.rev.peek() + 1)
            return
        self.notes.set(None)
        moved_on = what is not None and what == self.last[0] and monotonic() - self.last[1] < SETTLED
        self.last = (what, monotonic())
        if not moved_on and links.written(place) != links.written(self.place.peek()):
            self.step()
        self.seen = ""
        if settle:
            self.settle(place)
        else:
            self.place.set(place)

    def say(self, kind: str, *lines: str) -> None:
        """Tell the reader something: kind `note`, `warning` or `error`."""
        self.notes.set((kind, [say(line) for line in lines]))

    def cancel(self) -> None:
        """Stop what runs. After a longer look the quick one, which is known, is shown again."""
        self.asking.cancel()
        if self.place.peek().detail != LIVE:
            self.change(detail=LIVE)
            self.say("note", "The run was cancelled; the last result is shown.")

    def copied(self, done: bool) -> None:
        """The browser has copied the address, or has refused to."""
        self.say("note", "The link is copied." if done else "Copy the link from the address line.")

    def ready(self, browser: dict[str, Any]) -> None:
        """The page is there: without a language in the address the browser's counts."""
        server.seen()
        spoken = str(browser.get("language", ""))[:2].lower()
        if not self.asked and spoken in LANGUAGES and spoken != language.peek():
            self.change(language=spoken)

    def load(self, file: dict[str, Any]) -> None:
        """A scenario file that the reader gives."""
        if file.get("error"):
            most = number(server.limits().upload_bytes)
            self.say("error", say("{name}: larger than {most} bytes", name=files.shown(file["name"]), most=most))
            return
        self.attempt(lambda now: files.loaded(file["name"], file["text"], now, server.limits()))

    def want(self, which: str) -> None:
        """A file that the reader wants."""
        place, shown = self.place.peek(), self.asking.shown.peek()
        if which == "scenario" or shown is None:
            made = files.scenario_file(place)
        else:
            answer = shown.answer
            made = (
                files.figures_file(place, answer)
                if which == "figures"
                else files.report_file(place, answer, language.peek())
            )
        before = self.content.peek()
        self.content.set({"n": 1 + (before or {"n": 0})["n"], "name": made.name, "type": made.type, "text": made.text})
