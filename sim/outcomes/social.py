"""Social capital: taking part, trusting, knowing others, helping."""

from __future__ import annotations

import numpy as np

from sim.declare import outcome
from sim.outcomes.figures import PLACES, Figures, everywhere, ratio
from sim.outcomes.services import weighted

outcome(
    "participation_rate",
    "share of households",
    "households that take part in community decisions",
    "grootaert_1999",
    good=1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "trust",
    "index 0-1",
    "trust in neighbours and local institutions, mean of households",
    "assumption",
    good=1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "bridging", "share of ties", "ties to another kecamatan or another fifth of spending", "assumption", good=1,
    by_place=True,
)  # fmt: skip
outcome("memberships", "groups per household", "memberships in local groups", "grootaert_1999", good=1, by_place=True,
        by_group=True)  # fmt: skip
outcome("mutual_aid_rp", "Rp/month, start prices", "help between households this month", "gertler_2006")
outcome("swadaya_rp", "Rp/month, start prices", "self-help of residents for local works", "jabarekspres_2018", good=1)


def social(f: Figures) -> dict[str, np.ndarray]:
    """The outcomes on social capital."""
    h = f.households
    bridging = f.places["bridging"]
    return {
        "participation_rate": ratio(h["takes_part"], h["households"]),
        "trust": ratio(h["trust"], h["households"]),
        "bridging": everywhere(weighted(bridging, h["households"][PLACES]), bridging),
        "memberships": ratio(h["groups"], h["households"]),
        "mutual_aid_rp": everywhere(f.city["mutual_aid"] * f.scale),
        "swadaya_rp": everywhere(f.city["swadaya"] * f.scale),
    }
