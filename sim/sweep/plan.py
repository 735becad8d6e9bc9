"""All runs of a design: which row is which, what identifies each, and which are lived together.

A design of any kind has `factors, points, seed_list, seeds_as, package_list, shock_list, runs_per_point`; a model says
what determines a run (`meaning`) and which runs share work (`past`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

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
    past_names: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, design: Any, model: Model) -> Plan:
        """Work out what identifies every run."""
        version = canonical({"v": 1, "code": model.code, "data": model.data})
        keys = np.empty(design.count, f"S{KEY}")
        pasts = np.empty(design.count, np.int64)
        numbers: dict[str, int] = {}
        row = 0
        for point in range(len(design.points)):
            values = point_values(design, point)
            found = list(model.meanings(values, design.package_list, design.shock_list))
            said = [(canonical(meaning), canonical(past)) for meaning, past in found]
            for seed in seeds_at(design, point):
                for meaning, past in said:
                    number = str(seed).encode()
                    keys[row] = hashed(version, meaning, number).encode()
                    pasts[row] = numbers.setdefault(hashed(past, number), len(numbers))
                    row += 1
        return cls(design, model, keys, pasts, list(numbers))

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
        order = rows[np.argsort(plan.pasts[rows], kind="stable")]
        cuts = np.flatnonzero(np.diff(plan.pasts[order])) + 1
        self.fresh = [group for group in np.split(order, cuts) if len(group)][::-1]  # the last comes first
        self.begun: dict[str, np.ndarray] = {}

    def __bool__(self) -> bool:
        return bool(self.back or self.fresh or self.begun)

    def next(self, past: str = "") -> Job | None:
        """The next job for a worker that holds `past`."""
        if self.back:
            return self.back.pop()
        if past not in self.begun:
            if self.fresh:
                group = self.fresh.pop()
                past = self.plan.past_names[self.plan.pasts[group[0]]]
                self.begun[past] = group
            elif self.begun:
                past = max(self.begun, key=lambda one: (len(self.begun[one]), one))
            else:
                return None
        group = self.begun[past]
        taken, left = group[: self.longest], group[self.longest :]
        if len(left):
            self.begun[past] = left
        else:
            del self.begun[past]
        return Job(past, [self.plan.spec(int(row)) for row in taken])

    def give_back(self, job: Job) -> None:
        """Runs of a worker that died, to be done by another."""
        if job.specs:
            self.back.append(job)
