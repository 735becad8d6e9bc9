"""The dataset a comparison leaves: every world's values, the tables of effects and resilience, the report, how to
repeat it.

outcomes/*.parquet   scenario, package, shocks, draw, seed, month, place, group, outcome, value (one file a world)
summary.csv          one line for each city-wide outcome, package and state of the shocks
effects.csv          policy minus no policy on shared luck, with intervals
resilience.csv       loss, robustness, recovery, and what each package changes
losses.csv           what the shocks take in assets, income, spending and wellbeing, by fifth, where there are any
programmes.csv       what each programme cost and reached
synergy.csv          what packages that are the whole of others do beyond the sum of their parts, where there are any
report.html          the same for reading
scenario.yaml        the scenario as it was run
manifest.json        what was run, with which numbers and versions, and how to repeat it
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.catalogue import reach_units
from sim.city import data_hashes
from sim.declare import OUTCOMES
from sim.language import ENGLISH
from sim.repeating import write_copy
from sim.results import COMPARISON, COMPARISON_FILES, FORMAT, flush, versions
from sim.runner import finite

if TYPE_CHECKING:
    import pandas as pd

    from sim.comparison import Comparison


def write_comparison(made: Comparison, folder: Path, language: str = ENGLISH) -> None:
    """Write everything but the worlds into a folder that is being made."""
    summary(made).to_csv(folder / "summary.csv", index=False)
    made.effects.to_csv(folder / "effects.csv", index=False)
    made.resilience.to_csv(folder / "resilience.csv", index=False)
    programmes(made).to_csv(folder / "programmes.csv", index=False)
    if made.ensemble.has_shocks:
        made.losses.to_csv(folder / "losses.csv", index=False)
    if made.ensemble.parts:
        made.synergy.to_csv(folder / "synergy.csv", index=False)
    write_copy(made.scenario, folder)
    made.report(folder / "report.html", language)
    text = json.dumps(finite(manifest(made)), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "manifest.json").write_text(text + "\n", "utf-8")
    for path in folder.rglob("*.*"):
        flush(path)


def summary(made: Comparison) -> pd.DataFrame:
    """First, last and mean of each city-wide outcome in each world, averaged over seeds."""
    import pandas as pd

    one = made.ensemble
    lines = []
    for k, package in enumerate(one.packages):
        for s in range(one.city.shape[1]):
            for n, name in enumerate(one.outcomes):
                series = one.city[k, s, :, :, n].mean(axis=0)
                known = series[~np.isnan(series)]
                lines.append(
                    {
                        "package": package,
                        "shocks": "on" if s else "off",
                        "outcome": name,
                        "unit": OUTCOMES[name].unit,
                        "first": series[0],
                        "last": series[-1],
                        "mean": known.mean() if len(known) else np.nan,
                    }
                )
    return pd.DataFrame(lines)


def programmes(made: Comparison) -> pd.DataFrame:
    """One line for each programme in each world, money and people at the city's real size."""
    import pandas as pd

    plain = ("package", "shock", "seed", "programme", "released", "spent", "refused", "leaked", "from_companies")
    rows = []
    for record in made.ensemble.programmes:
        row = {name: record[name] for name in (*plain, "reached")}
        row["reached_unit"] = reach_units([record["programme"]]).get(record["programme"], "")
        row |= {f"reached_q{q + 1}": int(n) for q, n in enumerate(record["by_quintile"])}
        row |= {f"received_q{q + 1}_rp": float(rp) for q, rp in enumerate(record["received_by_quintile"])}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else [*plain, "reached", "reached_unit"])


def manifest(made: Comparison) -> dict[str, Any]:
    """Everything needed to know and to repeat a comparison."""
    from sim.compiled import CODE

    scenario = made.scenario
    return {
        "format": FORMAT,
        "kind": COMPARISON,
        "command": made.command,
        "scenario": {"name": scenario.name, "title": scenario.title, "text": scenario.text},
        "start": scenario.start,
        "months": made.months,
        "scale": made.scale,
        "seeds": list(made.seeds),
        "packages": list(made.ensemble.packages),
        "parameters": made.parameters,
        "parameters_changed": sorted(scenario.parameters),
        "counts": made.counts,
        "seconds": made.seconds,
        "digests": made.digests,
        "identities": made.identities,
        "versions": versions(),
        "code": CODE,
        "data": data_hashes(),
        "files": COMPARISON_FILES,
    }
