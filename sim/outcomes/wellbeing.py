"""Wellbeing: constant relative risk aversion, in money people would need. A poor household's loss weighs more."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.declare import outcome
from sim.outcomes.figures import Figures, ratio

ETA, RHO, LEAST = 1.5, 0.05, 0.3  # inequality aversion; discount rate per year; floor of spending over the line

outcome(
    "wellbeing",
    "Rp/person/month, start prices",
    "equal spending per head that is worth as much as the actual one (CRRA, eta 1.5, floor 0.3 lines)",
    "atkinson_1970",
    good=1,
    by_place=True,
    by_group=True,
    headline=True,
)


def utility(c, eta: float = ETA):
    """u(c) = c^(1-eta)/(1-eta); ln c at eta = 1. Source: hallegatte_2017."""
    c = np.asarray(c, float)
    return np.log(c) if eta == 1 else c ** (1 - eta) / (1 - eta)


def equivalent(c: np.ndarray, weight: np.ndarray, eta: float = ETA, least: float = 0.0) -> float:
    """Equally distributed equivalent: everybody's c whose utility is the mean utility. Source: atkinson_1970."""
    mean = np.dot(weight, utility(np.maximum(c, least), eta)) / np.sum(weight)
    return float(np.exp(mean) if eta == 1 else ((1 - eta) * mean) ** (1 / (1 - eta)))


def discounted_loss(before, after, dt: float, eta: float = ETA, rho: float = RHO, weight=1.0, least: float = 0.0):
    """Wellbeing lost: sum over time (last axis) of dt e^(-rho t) n [u(before) - u(after)], t at mid-step, in years.

    Source: hallegatte_2017.
    """
    before, after = np.maximum(before, least), np.maximum(after, least)
    when = (np.arange(np.shape(after)[-1]) + 0.5) * dt
    return np.sum(weight * (utility(before, eta) - utility(after, eta)) * np.exp(-rho * when) * dt, axis=-1)


def consumption_loss(lost_wellbeing: float, mean_consumption: float, eta: float = ETA) -> float:
    """The equal loss of consumption worth that much wellbeing: dW / u'(c_mean). Source: hallegatte_2017."""
    return float(lost_wellbeing * mean_consumption**eta)


class Class(NamedTuple):
    """Poor or non-poor people: share of all, consumption a year, share exposed, loss of exposed capital, and the part
    of income that comes from transfers."""

    share: float
    consumption: float
    exposed: float
    vulnerability: float
    transfers: float


class Disaster(NamedTuple):
    """Economy-wide figures: productivity of capital, years to rebuild 95 %, vulnerability behind transfers, alpha."""

    productivity: float
    rebuild_years: float
    shared_vulnerability: float = 0.0
    alpha: float = 1.0


def production_factor(d: Disaster, rho: float = RHO) -> float:
    """Present income lost per unit of capital lost: Gamma = (alpha mu + lambda)/(rho + lambda), lambda = ln 20 / T.

    Source: hallegatte_2016.
    """
    rebuild = math.log(20.0) / d.rebuild_years
    return (d.alpha * d.productivity + rebuild) / (rho + rebuild)


def asset_loss(classes: list[Class], d: Disaster) -> float:
    """Capital lost per head: sum n f v c / mu. Source: hallegatte_2016."""
    return sum(k.share * k.exposed * k.vulnerability * k.consumption / d.productivity for k in classes)


def equivalent_loss(classes: list[Class], d: Disaster, eta: float = ETA, rho: float = RHO) -> float:
    """Consumption-equivalent loss per head: wellbeing loss over u' at mean consumption.

    Exposed people lose Gamma (1 - tau) v k of their own; everybody of a class loses Gamma tau v_s f k of transfers;
    consumption counts as the stream c/rho. Source: hallegatte_2016; unbreakable_code.
    """
    gamma, lost = production_factor(d, rho), 0.0
    for k in classes:
        capital, stream = k.consumption / d.productivity, k.consumption / rho
        shared = gamma * k.transfers * d.shared_vulnerability * k.exposed * capital
        own = gamma * (1 - k.transfers) * k.vulnerability * capital
        hit = utility(stream, eta) - utility(stream - own - shared, eta)
        spared = utility(stream, eta) - utility(stream - shared, eta)
        lost += k.share * (k.exposed * hit + (1 - k.exposed) * spared)
    mean = sum(k.share * k.consumption for k in classes)
    return float(lost * (mean / rho) ** eta)


def socioeconomic_resilience(classes: list[Class], d: Disaster, eta: float = ETA, rho: float = RHO) -> float:
    """R = asset loss over consumption-equivalent loss. Source: hallegatte_2016."""
    return asset_loss(classes, d) / equivalent_loss(classes, d, eta, rho)


def wellbeing(f: Figures) -> dict[str, np.ndarray]:
    """The wellbeing outcome of a month, from this month's spending per head."""
    return {"wellbeing": f.line * ratio(f.households["inverse_root"], f.households["persons"]) ** -2.0}
