"""The resilience index in the report: dimensions, ranks, and which package beats which under other weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.index import NAMES, beats, dimension_profile, rank_table, ranks_told
from sim.language import ENGLISH, number, percent, translated
from sim.report.standing import spoken
from sim.summary import words

if TYPE_CHECKING:
    from sim.analysis.ensemble import Ensemble

Weights = Mapping[str, float] | None


def index_table(ensemble: Ensemble, language: str = ENGLISH, weights: Weights = None) -> dict[str, Any]:
    """The six dimensions and the index before the shock and at the end, performance under the shock, and ranks."""
    profile, ranked = dimension_profile(ensemble, weights), bool(ensemble.policies) and len(ensemble.seeds) > 1
    ranks = rank_cells(ensemble, language, weights) if ranked else {}
    rows = []
    for _, one in profile.iterrows():
        rank, first = ranks.get(one["package"], ("", ""))
        rows.append(
            {
                "package": spoken(one["package"], language),
                "dimensions": [number(one[name], language, 3) for name in NAMES],
                "capacity": number(one["capacity"], language, 3),
                "end": number(one["end"], language, 3),
                "performance": number(one["performance"], language, 3) if np.isfinite(one["performance"]) else "-",
                "rank": rank,
                "first": first,
            }
        )
    names = [words(name, language) for name in NAMES]
    said = [f"{words(name, language)} {plain(weight, language)}" for name, weight in (weights or {}).items()]
    return {"names": names, "rows": rows, "ranked": ranked, "weights": ", ".join(said)}


def rank_cells(ensemble: Ensemble, language: str = ENGLISH, weights: Weights = None) -> dict[str, tuple[str, str]]:
    """Rank with its range, and in how many weightings and seeds a package is the best.

    One that cannot be told apart from another has a range alone, of every rank that it may have, and is best in "-":
    its seeds do not say, however the weights fall.
    """
    table, told = rank_table(ensemble, weights).set_index("package"), ranks_told(ensemble, weights)
    cells = {}
    for package, (best, worst) in told.items():
        one = table.loc[package]
        ends = min(best, one["rank_low"]), max(worst, one["rank_high"])
        low, high = (number(end, language) for end in ends)
        if best == worst:
            said = translated("{rank} ({low} to {high})", language, rank=number(best, language), low=low, high=high)
            cells[package] = said, percent(one["first"], language, 0)
        else:
            cells[package] = translated("{low} to {high}", language, low=low, high=high), "-"
    return cells


def pair_table(ensemble: Ensemble, language: str = ENGLISH) -> list[dict[str, Any]]:
    """For each package the share of weightings, aggregations and seeds in which its index is above each other's."""
    if not ensemble.policies:
        return []
    shares = beats(ensemble).set_index(["first", "second"])["share"]
    return [
        {
            "package": spoken(one, language),
            "cells": ["" if one == other else percent(shares[one, other], language, 0) for other in ensemble.packages],
        }
        for one in ensemble.packages
    ]


def plain(weight: float, language: str) -> str:
    """A weight as it was given."""
    return f"{weight:g}" if language == ENGLISH else f"{weight:g}".replace(".", ",")
