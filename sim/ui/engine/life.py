"""One household in both worlds, as a job of the crew: what `bandung follow` tells."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError, RunError
from sim.scenario import Scenario, load_scenario, to_yaml
from sim.story import Lives
from sim.ui.engine.crew import Crew

BYTES = 600  # of one month of one life, about


@dataclass(frozen=True)
class LifeJob:
    """A household to follow; 0: one whose life the package changes. Equal jobs have equal results."""

    text: str  # the scenario with one package
    scale: int
    seed: int
    months: int
    household: int = 0
    shocked: bool = True

    def lives(self, tell: Callable[[int], object]) -> Told:
        """Follow it. An impossible number is told, not raised."""
        from sim.follow import follow

        scenario = load_scenario(self.text)
        try:
            lives = follow(
                scenario,
                self.household or None,
                scale=self.scale,
                seed=self.seed,
                months=self.months,
                shocks=self.shocked,
                tell_progress=lambda stage, done, total: tell(done),
            )
        except InputError as error:
            return Told(None, error.messages[0])
        return Told(lives)


@dataclass
class Told:
    """The two lives, or why there are none."""

    lives: Lives | None
    refusal: str = ""

    @property
    def size(self) -> int:
        """Bytes, about."""
        return 2000 if self.lives is None else 2 * BYTES * len(self.lives.without.snapshots)


def life_job(scenario: Scenario, scale: int, household: int, shocked: bool) -> LifeJob:
    """The job for a scenario with one package (or none)."""
    return LifeJob(to_yaml(scenario), scale, 1, scenario.months, household, shocked)


@dataclass
class LifeAsk:
    """A life on its way: `answers()` yields shares of the work, then the story."""

    crew: Crew
    job: LifeJob
    _news: queue.SimpleQueue[tuple[str, Any]] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self.known: Told | None = self.crew.cache.get(self.job)
        if self.known is None:
            self.crew.submit(self.job, 0, self._hear)

    def cancel(self) -> None:
        self._news.put(("cancelled", None))
        if self.known is None:
            self.crew.withdraw(self.job, self._hear)

    def answers(self) -> Iterator[float | Told]:
        """Shares from 0 to 1, then the result. Raises RunError when the run fails."""
        if self.known is not None:
            yield self.known
            return
        while True:
            said, what = self._news.get()
            if said == "cancelled":
                return
            if said == "failed":
                raise what if isinstance(what, RunError) else RunError(str(what))
            if said == "done":
                yield what
                return
            yield what / self.job.months

    def _hear(self, job: Any, said: str, what: Any) -> None:
        self._news.put((said, what))
