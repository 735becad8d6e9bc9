"""What the page calls certain: what the words of the verdict would, and nothing with too few courses of chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import effects
from sim.analysis.ensemble import Ensemble
from sim.analysis.paired import sure
from sim.ui.words import interval, say

LEAST = 3  # courses of chance: two may agree by luck, and say next to nothing of how far a third would be


def is_clear(flag: object, seeds: int) -> bool:
    """Whether an effect can be told from chance. flag: what the analysis says (NA: it cannot say)."""
    return seeds >= LEAST and sure(flag)


def told_effects(ensemble: Ensemble, names: Sequence[str]) -> pd.DataFrame:
    """Effects on the city in the last year, in the shocked worlds where there are any, with `clear`."""
    table = effects(ensemble, outcomes=names, places=False, groups=False)
    table = table[table["shocks"] == ("on" if ensemble.state() else "off")]
    return table.assign(clear=[is_clear(flag, len(ensemble.seeds)) for flag in table["distinguishable_in_table"]])


def share_interval(low: float, high: float, seeds: int, how: dict[str, Any]) -> str:
    """The interval of a balance of shares, which cannot go beyond all of them; a word where there are too few seeds."""
    if seeds < LEAST:
        return too_few()
    return interval(float(np.maximum(low, -1.0)), float(np.minimum(high, 1.0)), how)


def too_few() -> str:
    """Why nothing is certain."""
    return say("too few courses of chance")
