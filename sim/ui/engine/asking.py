"""Questions of the page and their answers, which grow seed by seed."""

from __future__ import annotations

import queue
import time
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from sim.comparison import Comparison
from sim.errors import RunError
from sim.scenario import Scenario
from sim.twins import Key, SeedResult
from sim.ui.engine import store
from sim.ui.engine.cache import Cache
from sim.ui.engine.crew import Crew
from sim.ui.engine.deep import Depth
from sim.ui.engine.job import Job
from sim.ui.engine.seeds import comparison_of, jobs_of, seed_result
from sim.ui.limits import Detail, Limits

Made = TypeVar("Made")
LATEST = 8  # whole answers that are kept though nobody looks at them
ENOUGH = 2  # seeds that make an answer, with its band, while many wait; the others follow when there is time
CROWDED = 4  # worlds of others that wait for each worker: then many wait


@dataclass(frozen=True)
class Question:
    """A scenario with the packages asked about, and how finely to look."""

    scenario: Scenario
    detail: Detail
    months: int

    @cached_property
    def jobs(self) -> dict[int, dict[Key, Job]]:
        """By seed: its worlds."""
        seeds = range(1, self.detail.seeds + 1)
        return {seed: jobs_of(self.scenario, self.detail.scale, seed, self.months) for seed in seeds}

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What determines the answer, names of packages included."""
        names = tuple(package.name for package in self.scenario.packages)
        return names, tuple(tuple(jobs.items()) for jobs in self.jobs.values())

    @cached_property
    def text(self) -> tuple[Any, ...]:
        """The question word for word, titles included: equal texts have one answer, for all who ask."""
        return self.scenario.reference, self.scenario.model_dump_json(), self.detail, self.months


@dataclass(frozen=True, eq=False)
class Answer:
    """What is known so far. `share`: of the work, 0 to 1; `whole`: nothing more will come.

    enough: what is still missing comes when fewer wait, and nobody needs to wait for it.
    """

    question: Question
    found: tuple[SeedResult, ...] = ()
    share: float = 0.0
    whole: bool = False
    error: str = ""
    seconds: float = 0.0
    enough: bool = False
    _made: dict[Any, Any] = field(default_factory=dict)

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What is made of this answer under a name, made once for all who look at it."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made

    @cached_property
    def comparison(self) -> Comparison:
        """The seeds found so far, as `bandung compare` gives them; the seeds are parts of it from then on."""
        made = comparison_of(self.question.scenario, self.question.detail.scale, self.found, self.seconds)
        for place, one in enumerate(self.found):
            one.city, one.yearly = made.ensemble.city[:, :, place], made.ensemble.yearly[:, :, place]
        return made


class Engine:
    """Everything behind the page: one for a server, shared by all who use it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cache = Cache(limits.cache_bytes)
        self.crew = Crew(limits.workers, limits.most_waiting, self.cache, limits.warm_bytes)
        self.depth = Depth(limits.most_deep, limits.workers)
        self._answers: weakref.WeakValueDictionary[tuple[Any, ...], Answer] = weakref.WeakValueDictionary()
        self._latest: deque[Answer] = deque(maxlen=LATEST)  # of these also what was drawn is kept

    def known(self, question: Question) -> Answer | None:
        """The whole answer, where everything it needs is kept; else None."""
        if (shared := self._answers.get(question.text)) is not None:
            return shared
        found = [self._seed(question, seed) for seed in question.jobs]
        if any(one is None for one in found):
            return None
        return self.shared(Answer(question, tuple(one for one in found if one is not None), 1.0, True, enough=True))

    def shared(self, answer: Answer) -> Answer:
        """A whole answer as everybody who looks at it holds it: once."""
        kept = self._answers.setdefault(answer.question.text, answer)
        self._latest.append(kept)
        return kept

    def ask(self, question: Question) -> Ask:
        """Begin to answer. Raises Busy where too much waits already."""
        if question.detail.name == "live":
            return LiveAsk(self, question)
        return DeepAsk(self, question)

    def recall(self, question: Question) -> Answer | None:
        """The whole answer as an earlier server kept it; from then on it is known."""
        for job in _jobs(question):
            if self.cache.get(job) is None:
                lived = store.kept(job)
                if lived is None:
                    return None
                self.cache.put(job, lived)
        return self.known(question)

    def warm(self, question: Question) -> None:
        """Have every worker build the cities of a question, so that the first moved lever finds them."""
        self.crew.prepare([job for job in _jobs(question) if not job.policies])

    def retain(self, question: Question) -> None:
        """Keep a known answer for later servers."""
        for job in _jobs(question):
            lived = self.cache.get(job)
            if lived is not None:
                store.keep(job, lived)

    def close(self) -> None:
        self.crew.close()
        self.depth.close()

    def _seed(self, question: Question, seed: int) -> SeedResult | None:
        """A seed's worlds out of the cache, where all are there."""
        jobs = question.jobs[seed]
        deep = self.cache.get(_deep_key(question, seed))
        if deep is not None:
            return deep.result
        worlds = {key: self.cache.get(job) for key, job in jobs.items()}
        if any(one is None for one in worlds.values()):
            return None
        return seed_result(question.scenario, seed, question.months, worlds)


def _jobs(question: Question) -> list[Job]:
    """The worlds of a question, each once."""
    return list(dict.fromkeys(job for jobs in question.jobs.values() for job in jobs.values()))


def _deep_key(question: Question, seed: int) -> tuple[Any, ...]:
    return ("deep", tuple(package.name for package in question.scenario.packages), tuple(question.jobs[seed].items()))


@dataclass(frozen=True)
class _Kept:
    """A seed of a long look, with its size for the cache."""

    result: SeedResult

    @property
    def size(self) -> int:
        return self.result.city.nbytes + self.result.yearly.nbytes


class Ask:
    """An answer on its way: `answers()` yields it as it grows, `cancel()` ends it."""

    def __init__(self, engine: Engine, question: Question) -> None:
        self.engine, self.question = engine, question
        self.began = time.monotonic()
        self.cancelled = False
        self._news: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def cancel(self) -> None:
        """The answer is not wanted any more: its jobs are dropped or stopped."""
        self.cancelled = True
        self._news.put(("cancelled", None))
        self._withdraw()

    def answers(self) -> Iterator[Answer]:
        """The answer as it grows; the last is whole or tells an error, unless the ask was cancelled."""
        raise NotImplementedError

    def _withdraw(self) -> None:
        raise NotImplementedError

    def _crowded(self) -> bool:
        """Whether so many others wait that an answer may be given before all its seeds are there."""
        return False

    def _answer(self, found: dict[int, SeedResult], share: float, whole: bool = False, error: str = "") -> Answer:
        seeds = tuple(found[seed] for seed in sorted(found))
        enough = whole or (len(seeds) >= ENOUGH and self._crowded())
        answer = Answer(self.question, seeds, share, whole, error, time.monotonic() - self.began, enough)
        return self.engine.shared(answer) if whole else answer


class LiveAsk(Ask):
    """Lived by the crew, world by world; the first seeds of everybody come first."""

    def __init__(self, engine: Engine, question: Question) -> None:
        super().__init__(engine, question)
        every = [job for jobs in question.jobs.values() for job in dict.fromkeys(jobs.values())]
        self.left = {job for job in every if engine.cache.get(job) is None}
        self.all = max(len(every), 1)
        self.at: dict[Job, float] = {}
        try:
            for position, jobs in enumerate(question.jobs.values()):
                # a shocked world first: the one without the shock begins where it has been
                for job in reversed(dict.fromkeys(jobs.values())):
                    if job in self.left:
                        engine.crew.submit(job, position, self._hear)
        except RunError:
            self._withdraw()
            raise

    def _crowded(self) -> bool:
        return self.engine.crew.waiting_beside(self.left) > CROWDED * self.engine.limits.workers

    def _hear(self, job: Job, said: str, what: Any) -> None:
        self._news.put((said, (job, what)))

    def _withdraw(self) -> None:
        for job in list(self.left):
            self.engine.crew.withdraw(job, self._hear)

    def answers(self) -> Iterator[Answer]:
        found = self._complete({})
        yield self._answer(found, self._share(), whole=not self.left)
        while self.left and not self.cancelled:
            said, value = self._news.get()
            if said == "cancelled":
                return
            job, what = value
            if said == "failed":
                self._withdraw()
                yield self._answer(found, self._share(), error=str(what))
                return
            if said == "at":
                self.at[job] = what / job.months
            else:
                self.left.discard(job)
                before, found = len(found), self._complete(found)
                if len(found) == before and self.left:
                    continue
            if not self.cancelled:
                yield self._answer(found, self._share(), whole=not self.left)

    def _share(self) -> float:
        begun = sum(share for job, share in self.at.items() if job in self.left)
        return (self.all - len(self.left) + 0.9 * begun) / self.all

    def _complete(self, found: dict[int, SeedResult]) -> dict[int, SeedResult]:
        """The seeds whose worlds have all been lived."""
        more = dict(found)
        for seed, jobs in self.question.jobs.items():
            if seed not in more and not self.left.intersection(jobs.values()):
                made = self.engine._seed(self.question, seed)
                if made is not None:
                    more[seed] = made
        return more


class DeepAsk(Ask):
    """Lived in a process of its own, seed after seed."""

    def __init__(self, engine: Engine, question: Question) -> None:
        super().__init__(engine, question)
        detail = question.detail
        found = {seed: engine._seed(question, seed) for seed in question.jobs}
        self.found = {seed: one for seed, one in found.items() if one is not None}
        missing = tuple(seed for seed in question.jobs if seed not in self.found)
        self.dive = missing and engine.depth.submit(
            question.scenario, detail.scale, missing, question.months, lambda said, what: self._news.put((said, what))
        )

    def _withdraw(self) -> None:
        if self.dive:
            self.engine.depth.withdraw(self.dive)

    def answers(self) -> Iterator[Answer]:
        yield self._answer(self.found, 0.0, whole=not self.dive)
        share = 0.0
        while self.dive and not self.cancelled:
            said, what = self._news.get()
            if said == "cancelled":
                return
            if said == "at":
                share = what
            elif said == "seed":
                self.found[what.seed] = what
                self.engine.cache.put(_deep_key(self.question, what.seed), _Kept(what))
            elif said == "failed":
                yield self._answer(self.found, share, error=str(what))
                return
            yield self._answer(self.found, share, whole=said == "done")
            if said == "done":
                return
