"""All runs of a design: which row is which, what identifies each, and which are lived together.

A design of any kind has `factors, points, seed_list, seeds_as, package_list, shock_list, runs_per_point`; a model says
what determines a run (`meaning`) and which runs share work (`past`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from sim.errors import InputError
from sim.language import figure, told

MOST_RUNS = 5_000_000
KEY = 32  # hex digits that identify a run
Record = dict[str, Any]  # what is kept of a run: run, status, error, digest, cost_rp, refused_rp, seconds, outcomes


@dataclass(frozen=True)
class Spec:
    """One run: its row of the table, and the choices that make it."""

    row: int
    key: str
    values: dict[str, float]  # by column
    seed: int
    package: str
    shocks: str  # on or off


@dataclass
class Job:
    """Runs that one worker lives one after the other, because they share their past."""

    past: str
    specs: list[Spec]
    attempts: int = 0  # workers that died over the first of them


class Model(Protocol):
    """What lives the runs. Sent to every worker once, so it has to be small and picklable."""

    code: str  # version of the sources that determine the results
    data: str  # version of the data

    def prepare(self) -> bool:
        """Called once in the parent. True: the first job should run alone (it compiles for the others)."""

    def begin(self) -> None:
        """Called in a worker before its runs. Raises RunError where the worker cannot do them as the parent would."""

    def meanings(self, values: dict[str, float], packages: Sequence[str], shocks: Sequence[str]) -> Iterator[Any]:
        """What determines each package's and shock state's run at a point, but for the seed, as JSON; and its past."""

    def live(self, spec: Spec) -> Record:
        """Live one run: its outcomes by column, and digest, cost_rp, refused_rp. May raise."""


def canonical(said: Any) -> bytes:
    """The one way to write something as JSON, for hashes. Raises ValueError for what is no finite number."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def hashed(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:KEY]


@dataclass
class Plan:
    """Every run of a design, in the order of the table. Arrays: one entry a row."""

    design: Any
    model: Model
    keys: np.ndarray  # S32: what identifies each run
    pasts: np.ndarray  # which past it shares (number)
    past_names: np.ndarray  # S32, by number

    @classmethod
    def of(cls, design: Any, model: Model) -> Plan:
        """Work out what identifies every run. Raises InputError for more runs than any sweep may have."""
        if design.count > MOST_RUNS:
            counts = {"runs": figure(design.count), "most": figure(MOST_RUNS)}
            raise InputError(told("{name}: {runs} runs; the limit is {most}", name=design.name, **counts))
        version = canonical({"v": 1, "code": model.code, "data": model.data})
        keys, pasts = (np.empty(design.count, f"S{KEY}") for _ in range(2))
        row = 0
        for point in range(len(design.points)):
            values = point_values(design, point)
            found = list(model.meanings(values, design.package_list, design.shock_list))
            said = [(canonical(meaning), canonical(past)) for meaning, past in found]
            for seed in seeds_at(design, point):
                number = str(seed).encode()
                for meaning, past in said:
                    keys[row] = hashed(version, meaning, number).encode()
                    pasts[row] = hashed(past, number).encode()
                    row += 1
        names, first, numbers = np.unique(pasts, return_index=True, return_inverse=True)
        order = np.argsort(first)  # numbered as they first come in the table
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        return cls(design, model, keys, rank[numbers], names[order])

    def __len__(self) -> int:
        return len(self.keys)

    def spec(self, row: int) -> Spec:
        """The run of a row."""
        design = self.design
        point, rest = divmod(row, design.runs_per_point)
        rest, shock = divmod(rest, len(design.shock_list))
        seed, package = divmod(rest, len(design.package_list))
        return Spec(
            row,
            self.keys[row].decode(),
            point_values(design, point),
            seeds_at(design, point)[seed],
            design.package_list[package],
            design.shock_list[shock],
        )

    def shard(self, index: int, of: int) -> np.ndarray:
        """The rows of shard `index` (1 to `of`): neighbours in past, so that few pasts are lived twice."""
        return np.sort(np.array_split(np.argsort(self.pasts, kind="stable"), of)[index - 1])


def point_values(design: Any, point: int) -> dict[str, float]:
    """The varied numbers of a point, by column."""
    return dict(zip((factor.column for factor in design.factors), design.points[point].tolist(), strict=True))


def seeds_at(design: Any, point: int) -> Sequence[int]:
    """The seeds lived at a point: all, or the sampled one."""
    if design.seeds_as == "factor":
        column = [factor.kind for factor in design.factors].index("seed")
        return (int(design.points[point][column]),)
    return design.seed_list


class Queue:
    """The jobs still to do: a worker stays with a past as long as it has runs; then it takes one nobody has begun;
    in the end it helps with the longest. Jobs that come back go first."""

    def __init__(self, plan: Plan, rows: np.ndarray, longest: int) -> None:
        self.plan, self.longest = plan, longest
        self.back: list[Job] = []
        self.order = rows[np.argsort(plan.pasts[rows], kind="stable")]
        cuts = np.flatnonzero(np.diff(plan.pasts[self.order])) + 1
        self.ends = np.append(cuts, len(self.order))  # of each past's runs in `order`
        self.fresh = 0 if len(rows) else 1  # number of the first past that nobody has begun
        self.begun: dict[str, tuple[int, int]] = {}  # what is left of it, as a span of `order`

    def __bool__(self) -> bool:
        return bool(self.back or self.begun or self.fresh < len(self.ends))

    def next(self, past: str = "") -> Job | None:
        """The next job for a worker that holds `past`."""
        if self.back:
            return self.back.pop()
        if past not in self.begun:
            if self.fresh < len(self.ends):
                past = self._begin()
            elif self.begun:
                past = max(self.begun, key=lambda one: (self.begun[one][1] - self.begun[one][0], one))
            else:
                return None
        low, high = self.begun.pop(past)
        middle = min(low + self.longest, high)
        if middle < high:
            self.begun[past] = middle, high
        return Job(past, [self.plan.spec(int(row)) for row in self.order[low:middle]])

    def _begin(self) -> str:
        low = int(self.ends[self.fresh - 1]) if self.fresh else 0
        past = self.plan.past_names[self.plan.pasts[self.order[low]]].decode()
        self.begun[past] = low, int(self.ends[self.fresh])
        self.fresh += 1
        return past

    def give_back(self, job: Job) -> None:
        """Runs of a worker that died, to be done by another."""
        if job.specs:
            self.back.append(job)
