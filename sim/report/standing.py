"""Tables of the report on the index, value for money, incidence, and where services reach their limits."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.capacity import LIMIT, capacity_warnings
from sim.analysis.cost import cost_effectiveness, costs, reach
from sim.analysis.incidence import AGREE, incidence, winners_and_losers
from sim.analysis.losses import KINDS
from sim.analysis.words import listing
from sim.catalogue import reach_units
from sim.language import ENGLISH, number, percent, speaker, translated
from sim.report.marks import signed, star
from sim.summary import words

if TYPE_CHECKING:
    from sim.analysis.ensemble import Ensemble
    from sim.comparison import Comparison


def spoken(package: str, language: str = ENGLISH) -> str:
    """The package as a reader knows it."""
    return translated("no policy", language) if package == "none" else package


def money_rows(ensemble: Ensemble, language: str = ENGLISH) -> list[dict[str, str]]:
    """Cost per unit of each result that is clear of zero with all of them tested together."""
    say, rows = speaker(language), []
    for _, one in cost_effectiveness(ensemble).iterrows():
        if not np.isfinite(one["cost_per_unit"]):
            continue
        if one["measure"] == "wellbeing":
            said = say("Rp {amount} of wellbeing for each Rp", amount=number(one["units_per_rp"], language, 2))
            ends = [one[end] / one["cost_rp"] for end in ("low", "high")]
        else:
            said = say("Rp {amount} million", amount=number(one["cost_per_unit"] / 1e6, language, 2))
            ends = [one[end] / 1e6 for end in ("per_unit_low", "per_unit_high")]
        low, high = (number(end, language, 2) for end in ends)
        spread = say("{low} to {high}", low=low, high=high) if np.isfinite(ends).all() else ""
        rows.append({"package": one["package"], "unit": say(one["unit"]), "said": said, "spread": spread})
    return rows


def leverage_rows(ensemble: Ensemble, language: str = ENGLISH) -> list[dict[str, str]]:
    """Private money (self-help and companies) for each public rupiah, where it is clear of zero and not next to it."""
    say, rows = speaker(language), []
    for _, one in costs(ensemble).iterrows():
        if not one["leverage_told"] or not round(one["leverage"], 2):
            continue
        low, high = sorted(abs(one[end]) for end in ("leverage_low", "leverage_high"))
        amount, low, high = (number(x, language, 2) for x in (abs(one["leverage"]), low, high))
        text = (
            "Rp {amount} more of self-help and recorded company money for each public rupiah ({low} to {high})"
            if one["leverage"] > 0
            else "Rp {amount} less of self-help and recorded company money for each public rupiah ({low} to {high})"
        )
        said = say(text, amount=amount, low=low, high=high)
        rows.append({"package": one["package"], "said": said})
    return rows


def agreeing(seeds: int) -> int:
    """How many of so many seeds must agree before a place is named."""
    return ceil(AGREE * seeds - 1e-9)


def units_said(ensemble: Ensemble, package: str, language: str = ENGLISH) -> str:
    """The units in which the programmes of a package count whom they reach: `seats and household-months`."""
    units = dict.fromkeys(reach_units(reach(ensemble, package)).values())
    return listing([translated(unit, language) for unit in units], language)


def incidence_rows(ensemble: Ensemble, language: str = ENGLISH) -> list[dict[str, Any]]:
    """Who is reached: shares of the fifths, poorest first."""
    say, rows = speaker(language), []
    for _, one in incidence(ensemble).iterrows():
        if not np.isfinite(one["concentration"]):
            continue
        units = units_said(ensemble, one["package"], language)
        counted = say("reached ({units})", units=units) if units else say("reached")
        what = say("money received") if one["of"] == "money" else counted
        shares = [percent(one[f"q{k}"], language, 0) for k in range(1, 6)]
        said = signed(one["concentration"], language, 2)
        rows.append({"package": one["package"], "of": what, "shares": shares, "concentration": said})
    return rows


def district_verdicts(ensemble: Ensemble, language: str = ENGLISH) -> list[dict[str, str]]:
    """Kecamatan whose households clearly gain or lose, of the packages that have any."""
    table = winners_and_losers(ensemble)
    table = table[table["group"] == "all"]
    nobody, rows = translated("none for sure", language), []
    for package in ensemble.policies:
        mine = table[table["package"] == package]
        named = {said: sorted(mine[mine["verdict"] == said]["place_name"]) for said in ("winner", "loser")}
        if any(named.values()):
            said = {who: ", ".join(places) or nobody for who, places in named.items()}
            rows.append({"package": package, "winners": said["winner"], "losers": said["loser"]})
    return rows


def warnings_of(ensemble: Ensemble, language: str = ENGLISH) -> list[dict[str, str]]:
    """Services of kecamatan that fall below the limit without a policy, and when.

    In the worlds without shocks: what an earthquake breaks and the city repairs is no limit of the service.
    """
    table = capacity_warnings(ensemble, shocks=False)
    table = table[(table["package"] == "none") & (table["first"] >= LIMIT)]
    return [
        {
            "service": words(one["outcome"].removesuffix("_quality"), language),
            "place": one["place_name"],
            "year": one["year"][:4],
            "last": number(one["last"], language, 2),
        }
        for _, one in table.iterrows()
    ]


def loss_table(made: Comparison, language: str = ENGLISH) -> dict[str, Any]:
    """What the shocks take without a policy and with each package, Rp billion, and how the poorest fifth bears it."""
    table = made.losses
    if table.empty:
        return {"rows": [], "poorest": ""}
    city, poorest = (table[table["group"] == group].set_index("package") for group in ("all", "q1"))
    rows = []
    for package, one in city.iterrows():
        amounts = {kind: number(one[f"{kind}_rp"] / 1e9, language, 1) for kind in KINDS}
        effect = "" if package == "none" else f"{signed(one['effect'] / 1e9, language, 1)} {star(one)}".strip()
        spread = _between(one["low"], one["high"], language) if package != "none" else ""
        ratios = {key: _ratio(one[key], language) for key in ("resilience", "resilience_income")}
        rows.append(
            {"package": spoken(str(package), language), **amounts, **ratios, "effect": effect, "spread": spread}
        )
    lost = city.loc["none"]
    if not np.isfinite(lost["resilience_income"]) or lost["spending_rp"] <= 0:
        return {"rows": rows, "poorest": ""}
    shares = {
        kind: percent(max(poorest.loc["none", f"{kind}_rp"], 0.0) / lost[f"{kind}_rp"], language, 0)
        for kind in ("spending", "wellbeing")
    }
    said = translated(
        "Without a policy the poorest fifth bears {spending} of the lost spending, {wellbeing} of the lost wellbeing.",
        language,
        **shares,
    )
    return {"rows": rows, "poorest": said}


def _between(low: float, high: float, language: str) -> str:
    """An interval in Rp billion; nothing where there is none."""
    if not np.isfinite(low):
        return ""
    ends = (signed(end / 1e9, language, 1) for end in (low, high))
    return translated("{low} to {high}", language, **dict(zip(("low", "high"), ends, strict=True)))


def _ratio(value: float, language: str) -> str:
    return number(value, language, 2) if np.isfinite(value) else "-"
