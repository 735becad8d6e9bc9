"""Tables of the report on the index, value for money, incidence, and where services reach their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.capacity import LIMIT, capacity_warnings
from sim.analysis.cost import cost_effectiveness, costs
from sim.analysis.incidence import incidence, winners_and_losers
from sim.analysis.index import NAMES, dimension_profile, rank_table
from sim.summary import words

if TYPE_CHECKING:
    from sim.analysis.ensemble import Ensemble


def spoken(package: str) -> str:
    """The package as a reader knows it."""
    return "no policy" if package == "none" else package


def index_table(ensemble: Ensemble) -> dict[str, Any]:
    """The six dimensions and the index before the shock and at the end, performance under the shock, and ranks."""
    profile, ranks = dimension_profile(ensemble), rank_table(ensemble).set_index("package")
    rows = []
    for _, one in profile.iterrows():
        rank = ranks.loc[one["package"]]
        said = "" if len(profile) < 2 else f"{rank['rank']} ({rank['rank_low']} to {rank['rank_high']})"
        rows.append(
            {
                "package": spoken(one["package"]),
                "dimensions": [f"{one[name]:.3f}" for name in NAMES],
                "capacity": f"{one['capacity']:.3f}",
                "end": f"{one['end']:.3f}",
                "performance": f"{one['performance']:.3f}" if np.isfinite(one["performance"]) else "-",
                "rank": said,
                "first": f"{100 * rank['first']:.0f} %",
            }
        )
    return {"names": [words(name) for name in NAMES], "rows": rows, "ranked": len(profile) > 1}


def money_rows(ensemble: Ensemble) -> list[dict[str, str]]:
    """Cost per unit of each result that can be told apart from zero."""
    rows = []
    for _, one in cost_effectiveness(ensemble).iterrows():
        if not np.isfinite(one["cost_per_unit"]):
            continue
        if one["measure"] == "wellbeing":
            said = f"{one['units_per_rp']:.2f} Rp of wellbeing for each Rp"
        else:
            said = f"Rp {one['cost_per_unit'] / 1e6:,.2f} million"
        spread = ""
        if np.isfinite(one["per_unit_low"]) and np.isfinite(one["per_unit_high"]) and one["measure"] != "wellbeing":
            spread = f"{one['per_unit_low'] / 1e6:,.2f} to {one['per_unit_high'] / 1e6:,.2f}"
        rows.append({"package": one["package"], "unit": one["unit"], "said": said, "spread": spread})
    return rows


def leverage_rows(ensemble: Ensemble) -> list[dict[str, str]]:
    """Private money (self-help and companies) for each public rupiah, where it is known."""
    table = costs(ensemble)
    if "leverage" not in table:
        return []
    known = table[(table["package"] != "none") & np.isfinite(table["leverage"])]
    return [{"package": one["package"], "leverage": f"{one['leverage']:.2f}"} for _, one in known.iterrows()]


def incidence_rows(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Who is reached: shares of the fifths, poorest first."""
    rows = []
    for _, one in incidence(ensemble).iterrows():
        if not np.isfinite(one["concentration"]):
            continue
        what = "money received" if one["of"] == "money" else "times reached"
        shares = [f"{100 * one[f'q{k}']:.0f} %" for k in range(1, 6)]
        said = f"{one['concentration']:+.2f}"
        rows.append({"package": one["package"], "of": what, "shares": shares, "concentration": said})
    return rows


def district_verdicts(ensemble: Ensemble) -> list[dict[str, str]]:
    """Kecamatan whose households gain or lose in at least 80 % of the seeds."""
    table = winners_and_losers(ensemble)
    table = table[table["group"] == "all"]
    rows = []
    for package in ensemble.policies:
        mine = table[table["package"] == package]
        named = {said: sorted(mine[mine["verdict"] == said]["place_name"]) for said in ("winner", "loser")}
        rows.append(
            {
                "package": package,
                "winners": ", ".join(named["winner"]) or "none for sure",
                "losers": ", ".join(named["loser"]) or "none for sure",
            }
        )
    return rows


def warnings_of(ensemble: Ensemble) -> list[dict[str, str]]:
    """Services of kecamatan that fall below the limit without a policy, and when."""
    table = capacity_warnings(ensemble, shocks=None)
    table = table[(table["package"] == "none") & (table["first"] >= LIMIT)]
    return [
        {
            "service": words(one["outcome"].removesuffix("_quality")),
            "place": one["place_name"],
            "year": one["year"][:4],
            "last": f"{one['last']:.2f}",
        }
        for _, one in table.iterrows()
    ]
