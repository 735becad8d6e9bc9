"""Who gets the money and who gains: benefit incidence by quintile, winners and losers by quintile and kecamatan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.cost import totals
from sim.analysis.effects import SHOCKS
from sim.analysis.ensemble import GAINS, GROUPS, Ensemble
from sim.analysis.paired import benjamini_hochberg, flagged, flags, paired

AGREE = 0.8  # share of seeds that must agree before a place is called a winner or a loser
WINNER, LOSER, OPEN = "winner", "loser", "open"
MONEY, REACHED = "money", "reached"
_FIELDS = {MONEY: "received_by_quintile", REACHED: "by_quintile"}
GAIN_COLUMNS = (
    "package", "shocks", "place", "place_name", "group", "share_up", "share_down", "net", "low", "high", "mean_change",
    "seeds_up", "seeds_down", "distinguishable", "distinguishable_in_table", "verdict",
)  # fmt: skip


def concentration_index(amount: np.ndarray, people: np.ndarray | None = None) -> float:
    """Concentration of an amount over people ranked from the poorest: 1 - sum p_i (C_i + C_(i-1)).

    amount: what each group receives in all, poorest first; people: size of each group (equal when not given). -1: all
    to the poorest, 0: equal a head, 1: all to the richest; five quintiles reach from -0.8 to 0.8. NaN if nothing is
    received. Source: odonnell_2008.
    """
    amount = np.asarray(amount, float)
    people = np.ones_like(amount) if people is None else np.asarray(people, float)
    if amount.sum() <= 0:
        return float("nan")
    up_to = np.cumsum(amount) / amount.sum()
    before = np.concatenate([[0.0], up_to[:-1]])
    return float(1.0 - np.sum(people / people.sum() * (up_to + before)))


def incidence(ensemble: Ensemble, shocks: bool | None = None) -> pd.DataFrame:
    """Benefit incidence of each package, over all its programmes.

    Columns: package, of ('money': Rp received, 'reached': times reached), total (mean over seeds), q1 ... q5 (shares of
    the total over all seeds, poorest first), concentration, low, high (95 % t interval over seeds), poorest40 (share of
    q1 and q2). NaN where a package hands out nothing.
    """
    rows = []
    for of, field in _FIELDS.items():
        table = totals(ensemble, field, shocks)
        if table.ndim == 2:  # no programme at all
            table = np.zeros((*table.shape, len(GROUPS)))
        for k, package in enumerate(ensemble.packages[1:], start=1):
            each = np.array([concentration_index(seed) for seed in table[k]])
            found = paired(each)
            received = table[k].sum(axis=0)
            shares = received / received.sum() if received.sum() > 0 else np.full(len(GROUPS), np.nan)
            rows.append(
                {"package": package, "of": of, "total": float(table[k].sum(axis=1).mean())}
                | dict(zip(GROUPS, shares, strict=True))
                | {"concentration": concentration_index(received), "low": float(found.low), "high": float(found.high)}
                | {"poorest40": float(shares[:2].sum())}
            )
    columns = ["package", "of", "total", *GROUPS, "concentration", "low", "high", "poorest40"]
    return pd.DataFrame(rows, columns=columns)


def winners_and_losers(ensemble: Ensemble, shocks: bool | None = None) -> pd.DataFrame:
    """Households against their own twins without the package, by their quintile and kecamatan at the start.

    What is judged is `net`, the share of households clearly up minus the share clearly down: twins also drift apart by
    chance, which leaves `net` at zero but lifts the mean of relative changes (`mean_change`, shown only).
    `verdict` is 'winner' or 'loser' only if at least 80 % of the seeds agree on the sign of `net` and it is clear of
    zero with all kecamatan (or all quintiles) of all packages tested together (Benjamini-Hochberg): thirty tests a
    package would otherwise name one or two places by chance. Else 'open'. With one seed everything is open.
    Columns: `GAIN_COLUMNS`; `seeds_up` and `seeds_down` are the shares of seeds with `net` above and below zero.
    """
    state = ensemble.state(shocks)
    labels = [("city", "Kota Bandung", group) for group in GROUPS]
    labels += [(code, name, "all") for code, name in zip(ensemble.places, ensemble.place_names, strict=True)]
    up, down, change = (ensemble.gains[name][:, state] for name in GAINS)
    net = up - down
    found = paired(net, axis=1)
    known = np.maximum((~np.isnan(net)).sum(axis=1), 1)
    seeds_up, seeds_down = (net > 0).sum(axis=1) / known, (net < 0).sum(axis=1) / known
    whole = np.full(found.p.shape, np.nan)
    for level in (slice(None, len(GROUPS)), slice(len(GROUPS), None)):
        tested = found.p[1:, level]
        whole[1:, level] = benjamini_hochberg(tested.ravel()).reshape(tested.shape)
    clear, sure = (flags(p, np.ones_like(found.agrees)) for p in (found.p, whole))  # that seeds agree is asked below
    values = (_mean(up), _mean(down), found.mean, found.low, found.high, _mean(change), seeds_up, seeds_down)
    rows = []
    for k, package in enumerate(ensemble.packages[1:], start=1):
        for j, label in enumerate(labels):
            said = _verdict(sure[k, j], seeds_up[k, j], seeds_down[k, j])
            rows.append((package, SHOCKS[state], *label, *(one[k, j] for one in (*values, clear, sure)), said))
    table = pd.DataFrame(rows, columns=list(GAIN_COLUMNS))
    return flagged(table)


def _verdict(clear: bool | None, up: float, down: float) -> str:
    if not clear:
        return OPEN
    return WINNER if up >= AGREE else LOSER if down >= AGREE else OPEN


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over seeds (axis 1) of what is known."""
    known = ~np.isnan(values)
    return np.where(
        known.any(axis=1), np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1), np.nan
    )
