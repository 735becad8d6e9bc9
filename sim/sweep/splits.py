"""Splits of a budget over levers, proposed by an optimiser that learns from those already tried (Optuna).

A split is whole steps of the budget, say twentieths, that add up to all of it. First come the plain ones (everything
on one lever, all alike), then what the optimiser asks for. The same seed and answers give the same proposals, so a
search that was stopped goes on by being run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.language import told

Split = tuple[int, ...]  # steps of the budget for each lever
TRIES = 40  # proposals that were tried before, until the batch is left smaller


def plain(levers: int, steps: int) -> list[Split]:
    """All alike, then everything on one lever."""
    alone = [tuple(steps if k == j else 0 for k in range(levers)) for j in range(levers)]
    return list(dict.fromkeys([whole(np.ones(levers), steps), *alone]))


def whole(weights: np.ndarray, steps: int) -> Split:
    """Weights as whole steps that add up: the largest remainders are rounded up. All zero: alike."""
    weights = np.asarray(weights, float)
    weights = weights if weights.sum() > 0 else np.ones(len(weights))
    exact = weights / weights.sum() * steps
    floor = np.floor(exact + 1e-9).astype(int)
    rest = np.argsort(-(exact - floor), kind="stable")[: steps - int(floor.sum())]
    floor[rest] += 1
    return tuple(int(one) for one in floor)


class Proposer:
    """Asks an optimiser for splits and tells it what came of them; several aims, each to be as large as can be."""

    def __init__(self, levers: int, aims: int, steps: int = 20, seed: int = 1) -> None:
        self.optuna = _optuna()
        self.levers, self.steps = levers, steps
        sampler = self.optuna.samplers.TPESampler(n_startup_trials=0, multivariate=True, seed=seed)
        self.study = self.optuna.create_study(directions=["maximize"] * aims, sampler=sampler)
        self.known: dict[Split, tuple[float, ...]] = {}
        self.waiting: dict[Split, Any] = {}
        self.first = plain(levers, steps) + _spread(levers, steps, seed)

    def take(self, splits: Sequence[Split]) -> None:
        """Take splits that somebody else chose as asked for."""
        for split in splits:
            self.first = [one for one in self.first if one != split]
            self._enqueue(split)
            self.waiting[split] = self._weights(self.study.ask())[1]

    def ask(self, count: int) -> list[Split]:
        """Up to `count` splits that were not asked before."""
        batch: list[Split] = []
        for _ in range(count + TRIES):
            if len(batch) == count:
                break
            split, trial = self._next()
            if split in self.known:
                self.study.tell(trial, self.known[split])
            elif split in self.waiting:
                self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)
            else:
                self.waiting[split] = trial
                batch.append(split)
        return batch

    def _next(self) -> tuple[Split, Any]:
        if self.first:
            self._enqueue(self.first.pop(0))
        return self._weights(self.study.ask())

    def _enqueue(self, split: Split) -> None:
        self.study.enqueue_trial({f"w{k}": steps for k, steps in enumerate(split)})

    def _weights(self, trial: Any) -> tuple[Split, Any]:
        weights = [trial.suggest_int(f"w{k}", 0, self.steps) for k in range(self.levers)]
        return whole(np.array(weights), self.steps), trial

    def tell(self, splits: Sequence[Split], values: np.ndarray) -> None:
        """What came of splits, (splits, aims); a row that is not finite counts as failed."""
        for split, row in zip(splits, np.asarray(values, float).tolist(), strict=True):
            trial = self.waiting.pop(split)
            if np.isfinite(row).all():
                self.known[split] = tuple(row)
                self.study.tell(trial, row)
            else:
                self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)


def _spread(levers: int, steps: int, seed: int) -> list[Split]:
    """Two splits for each lever, spread evenly over all that there are."""
    from scipy.stats import qmc

    points = qmc.LatinHypercube(levers, rng=seed).random(2 * levers)
    return [whole(-np.log(np.maximum(row, 1e-9)), steps) for row in points]


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        said = told("the policy search needs Optuna: pip install 'bandung-resilience[sweep]'")
        raise InputError(said) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna
