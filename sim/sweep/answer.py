"""A function as the model of a sweep. Workers import this and the function's own module, and nothing heavy."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.sweep.plan import Record, Spec, hashed

Answer = Callable[..., Mapping[str, float]]  # function(values, *, seed, package, shocks) -> outcomes by column


@dataclass
class Function:
    """A function as the model of a sweep. It has to stand in a module that workers can import."""

    answer: Answer
    version: str = ""  # left out: the text of the function itself
    data: str = ""

    @property
    def code(self) -> str:
        text = self.version or inspect.getsource(self.answer)
        return hashed(text.encode())[:16]

    def prepare(self) -> bool:
        return False

    def begin(self) -> None:
        pass

    def meanings(self, values: dict[str, float], packages: Sequence[str], shocks: Sequence[str]) -> Iterator[Any]:
        for package in packages:
            for state in shocks:
                yield {"values": values, "package": package, "shocks": state}, values

    def live(self, spec: Spec) -> Record:
        said = self.answer(spec.values, seed=spec.seed, package=spec.package, shocks=spec.shocks)
        return {"cost_rp": 0.0, "refused_rp": 0.0, **said}
