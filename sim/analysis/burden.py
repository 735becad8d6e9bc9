"""What households and businesses pay more with a package: a burden of theirs, and no cost to the city.

Some levers cost the city nothing and ask others to pay: better collection its taxpayers, a higher minimum wage
employers. The money is that of flows which the ledger posts, in Rp of the start year's prices at the city's real size.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.analysis.effects import RUN, SHOCKS, effects, told
from sim.analysis.ensemble import Ensemble
from sim.outcomes.business import PAID_BY_RULE

COLUMNS = ("package", "outcome", "asked", "rp", "low", "high", "distinguishable", "distinguishable_in_table")


def burdens(ensemble: Ensemble, asked: Mapping[str, tuple[str, ...]], shocks: bool | None = None) -> pd.DataFrame:
    """What others than the city pay more with each package over the run, against the twin without it.

    asked: by package, the outcomes that its levers ask of others (`Kind.others_pay`). A row stands where they ask it,
    and where the difference is clear of zero with all outcomes and packages tested together.

    Columns: package, outcome, asked, rp (over the run, mean over seeds), low, high (95 % t interval over the seeds),
    distinguishable, distinguishable_in_table (the flags of `effects` over the run).
    """
    table = effects(ensemble, RUN, tuple(PAID_BY_RULE), places=False, groups=False)
    table = table[table["shocks"] == SHOCKS[ensemble.state(shocks)]]
    said = [row["outcome"] in asked.get(row["package"], ()) for _, row in table.iterrows()]
    clear = [told(row) for _, row in table.iterrows()]
    amounts = table[["effect", "low", "high"]].set_axis(["rp", "low", "high"], axis=1) * len(ensemble.months)
    table = table.assign(asked=np.array(said, bool), **amounts)
    return table.loc[np.array(said, bool) | np.array(clear, bool), list(COLUMNS)].reset_index(drop=True)
