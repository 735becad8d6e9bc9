"""What the verdict says, before it is put into words: who leads on what, who ties, what nobody moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from sim.analysis.effects import contrasts, effects, told
from sim.analysis.ensemble import Ensemble, good
from sim.declare import OUTCOMES

# What a mayor asks about first; what the compared levers are for stands before it, others are named by the caller.
FOCUS = (
    "poverty_headcount",
    "unemployment_rate",
    "food_insecure_share",
    "no_buffer_share",
    "out_of_school_share",
    "child_development",
    "business_survival",
    "value_added_index",
    "service_access",
    "participation_rate",
    "trust",
    "wellbeing",
)
MOST_AIMS = 6  # outcomes beyond those, that levers are for, in sentences that can still be read. Source: assumption
SMALL = 0.005  # effects below this share of the level are not worth a sentence. Source: assumption


class Tie(NamedTuple):
    """Packages that cannot be told apart at the top, and those of them that are clearly better than doing nothing.

    between: packages that rank between those of the tie and are clearly behind the first all the same: the last of the
    tie varies more from run to run than they do.
    """

    packages: tuple[str, ...]
    better: tuple[str, ...]
    between: tuple[str, ...] = ()


@dataclass
class Findings:
    """Rows of `effects` by what they say; every outcome of the focus stands in exactly one of the first three."""

    leads: dict[str, list[pd.Series]] = field(default_factory=dict)  # package: outcomes it leads alone
    ties: dict[Tie, list[str]] = field(default_factory=dict)  # packages that cannot be told apart at the top
    nothing: list[str] = field(default_factory=list)  # outcomes that no package moves in the good direction
    harms: list[pd.Series] = field(default_factory=list)  # effects in the wrong direction


def focus_of(ensemble: Ensemble, focus: Sequence[str] | None, aims: bool = True) -> tuple[str, ...]:
    """Outcomes to speak of: those asked for, or what the levers are for and the usual ones, as far as recorded and good
    or bad at all. aims: with what the levers are for, which says nothing of where a shock hits hardest."""

    def told_of(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in dict.fromkeys(names) if name in ensemble.outcomes and good(name))

    if focus is not None or not aims:
        return told_of(FOCUS if focus is None else focus)
    more = told_of([name for name in ensemble.aims if name not in FOCUS])[:MOST_AIMS]
    return told_of([*(name for name in ensemble.aims if name in FOCUS or name in more), *FOCUS])


def find(ensemble: Ensemble, focus: Sequence[str] | None = None, shocks: bool | None = None) -> Findings:
    """Sort the effects at the end of the run on the outcomes of the focus; flags are those of the whole table."""
    names, found = focus_of(ensemble, focus), Findings()
    table = effects(ensemble, "end", names, places=False, groups=False)
    table = table[table["shocks"] == ("on" if ensemble.state(shocks) else "off")]
    pairs = contrasts(ensemble, names, shocks)
    for name in names:
        rows = table[table["outcome"] == name]
        clear = rows[[noticed(row) for _, row in rows.iterrows()]]
        found.harms += [row for _, row in clear.iterrows() if row["effect"] * row["good"] < 0]
        helps = clear[clear["effect"] * clear["good"] > 0]
        gains = {row["package"]: row["effect"] * row["good"] for _, row in rows.iterrows()}
        better = [row["package"] for _, row in rows.iterrows() if told(row) and gains[row["package"]] > 0]
        if helps.empty:
            found.nothing.append(name)
            continue
        best = helps.loc[(helps["effect"] * helps["good"]).idxmax()]
        mine = pairs[pairs["outcome"] == name]
        even = [p for p in ensemble.policies if p == best["package"] or not _apart(mine, best["package"], p)]
        if len(even) > 1:
            least = min(gains[p] for p in even)
            between = tuple(p for p in ensemble.policies if p not in even and gains[p] > least)
            tie = Tie(tuple(even), tuple(p for p in even if p in better), between)
            found.ties.setdefault(tie, []).append(name)
        else:
            found.leads.setdefault(best["package"], []).append(best)
    return found


def noticed(row: pd.Series) -> bool:
    """Beyond chance in the whole table, and not too small to speak of."""
    line = OUTCOMES.get(row["outcome"])
    scale = 1.0 if line is not None and line.unit == "SD" else abs(row["without"])
    return told(row) and abs(row["effect"]) >= SMALL * scale


def _apart(pairs: pd.DataFrame, one: str, other: str) -> bool:
    """Can these two packages be told apart, with all pairs and outcomes tested together?"""
    mine = pairs[
        ((pairs["first"] == one) & (pairs["second"] == other)) | ((pairs["first"] == other) & (pairs["second"] == one))
    ]
    return told(mine.iloc[0])
