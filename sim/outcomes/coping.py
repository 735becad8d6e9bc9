"""How households get by: buffers, debts, hunger, and the steps of the coping ladder taken this month."""

from __future__ import annotations

import numpy as np

from sim.declare import outcome
from sim.outcomes.figures import Figures, counted, ratio

_RCSI, _LCS, _OWN = "maxwell_caldwell_2008", "wfp_lcs", "assumption"


def _local(name: str, unit: str, meaning: str, source: str, good: int, headline: bool = False) -> None:
    outcome(name, unit, meaning, source, good=good, by_place=True, by_group=True, headline=headline)


_local("food_insecure_share", "share of persons", "persons in households that cut food this month", _RCSI, -1, True)
_local("no_buffer_share", "share of households", "liquid savings below one month of usual spending", _OWN, -1, True)
_local("rcsi_mean", "index 0-56", "reduced coping strategies index, mean of households", _RCSI, -1)
_local("rcsi_extreme_share", "share of households", "reduced coping strategies index of 19 or more", _RCSI, -1)
_local("coping_stress_share", "share of households", "gravest step: savings, cuts, extra work, loans or help", _LCS, -1)
_local("coping_crisis_share", "share of households", "gravest step: assets sold, food cut, school left", _LCS, -1)
_local("coping_emergency_share", "share of households", "gravest step: left the city in hardship this month", _LCS, -1)
_local(
    "consumption_mean", "Rp/person/month, start prices", "average spending per head (memory: a year)", "bps_susenas", 1
)
_local("income_mean", "Rp/person/month, start prices", "this month's income per head, after obligations", _OWN, 1)
_local("food_share", "share of spending", "spending on food over all spending (Engel)", "working_leser", -1)
_local("savings_mean", "Rp/household, start prices", "liquid savings", _OWN, 1)
_local("debt_to_income", "months of income", "bank and informal debt over permanent monthly income", _OWN, -1)


def livelihood_class(coping: int, stress: int, crisis: int, emergency: int) -> int:
    """0 none, 1 stress, 2 crisis, 3 emergency: the gravest step taken. Masks say which bits belong to which class."""
    return 3 if coping & emergency else 2 if coping & crisis else 1 if coping & stress else 0


def coping(f: Figures) -> dict[str, np.ndarray]:
    """The coping outcomes of a month."""
    h = f.households
    homes, persons = counted(h["households"]), counted(h["persons"])
    return {
        "food_insecure_share": h["hungry"] / persons,
        "no_buffer_share": h["no_buffer"] / homes,
        "rcsi_mean": h["rcsi"] / homes,
        "rcsi_extreme_share": h["rcsi_extreme"] / homes,
        "coping_stress_share": h["stress"] / homes,
        "coping_crisis_share": h["crisis"] / homes,
        "coping_emergency_share": h["emergency"] / homes,
        "consumption_mean": h["x"] / persons * f.line,
        "income_mean": h["income"] / persons,
        "food_share": ratio(h["food"], h["spending"]),
        "savings_mean": h["savings"] / homes,
        "debt_to_income": ratio(h["formal_debt"] + h["informal_debt"], h["permanent"]),
    }
