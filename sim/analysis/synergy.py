"""Does a portfolio do more than the sum of its parts? Packages whose levers are those of other packages together."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.analysis.effects import END, SHOCKS, values_of
from sim.analysis.ensemble import Ensemble, chosen, good, unit
from sim.analysis.paired import paired, tested
from sim.outcomes.figures import CITY

COLUMNS = (
    "whole", "parts", "outcome", "unit", "good", "shocks", "period", "without", "together", "added_up", "difference",
    "low", "high", "p", "distinguishable", "distinguishable_in_table",
)  # fmt: skip


def synergy(
    ensemble: Ensemble, outcomes: Sequence[str] | None = None, shocks: bool | None = None, period: str = END
) -> pd.DataFrame:
    """Effect of each whole on city outcomes, less the sum of its parts' effects, seed by seed on shared luck.

    The contrast of a factorial design, [Y(whole) - Y(none)] - sum over parts of [Y(part) - Y(none)]: mean over seeds
    with its 95 % t interval. In the good direction, the parts strengthen each other. Columns: `COLUMNS`; parts: their
    names with ' + ' between; without: mean without a policy; distinguishable_in_table: with all recorded outcomes
    tested together (Benjamini-Hochberg), whichever were asked for. No rows where no package is the whole of others.
    """
    asked, names, state = chosen(ensemble, outcomes), ensemble.outcomes, ensemble.state(shocks)
    values = values_of(ensemble, names, period)[:, state, :, :, CITY]  # (package, seed, outcome)
    effect = dict(zip(ensemble.packages, values - values[:1], strict=True))
    rows = []
    for whole, parts in ensemble.parts.items():
        added_up = sum(effect[part] for part in parts)
        found = paired(effect[whole] - added_up, axis=0)
        for k, name in enumerate(names):
            rows.append(
                {
                    "whole": whole,
                    "parts": " + ".join(parts),
                    "outcome": name,
                    "unit": unit(name),
                    "good": good(name),
                    "shocks": SHOCKS[state],
                    "period": period,
                    "without": values[0, :, k].mean(),
                    "together": effect[whole][:, k].mean(),
                    "added_up": added_up[:, k].mean(),
                    "difference": found.mean[k],
                    "low": found.low[k],
                    "high": found.high[k],
                    "p": found.p[k],
                    "agrees": found.agrees[k],
                }
            )
    table = tested(pd.DataFrame(rows, columns=[*COLUMNS[:-2], "agrees"]))
    return table[table["outcome"].isin(asked)].reset_index(drop=True)
