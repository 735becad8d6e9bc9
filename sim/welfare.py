"""The distribution of spending per head at the start: a Dagum fitted to the official poverty figures.

F(x) = (1 + (x/b)^-a)^-p. A lognormal through the official headcount and Gini makes poverty too deep; a Dagum fits the
line, P0, P1, P2 and the Gini together. Source: dagum_1977; kleiber_kotz_2003.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.integrate import quad
from scipy.optimize import least_squares
from scipy.special import betainc, gammaln


class Dagum(NamedTuple):
    """A Dagum distribution of money per head: tail exponent a, scale b (Rp), shape p."""

    a: float
    b: float
    p: float

    def cdf(self, x):
        """Share of people at or below x."""
        x = np.asarray(x, float)
        with np.errstate(divide="ignore"):
            return (1.0 + (x / self.b) ** -self.a) ** -self.p

    def density(self, x):
        """dF/dx at x > 0."""
        x = np.asarray(x, float)
        ratio = (x / self.b) ** -self.a
        return self.p * self.a / x * ratio * (1.0 + ratio) ** (-self.p - 1.0)

    def quantile(self, share):
        """The x below which `share` of people are: b (share^(-1/p) - 1)^(-1/a)."""
        share = np.asarray(share, float)
        with np.errstate(divide="ignore"):
            return self.b * (share ** (-1.0 / self.p) - 1.0) ** (-1.0 / self.a)

    def times(self, factor: float) -> Dagum:
        """The same distribution with all money times `factor`."""
        return self._replace(b=self.b * factor)

    @property
    def mean(self) -> float:
        """b Gamma(p + 1/a) Gamma(1 - 1/a) / Gamma(p); needs a > 1."""
        return self.b * math.exp(gammaln(self.p + 1 / self.a) + gammaln(1 - 1 / self.a) - gammaln(self.p))

    @property
    def gini(self) -> float:
        """Gamma(p) Gamma(2p + 1/a) / (Gamma(2p) Gamma(p + 1/a)) - 1."""
        a, p = self.a, self.p
        return math.exp(gammaln(p) + gammaln(2 * p + 1 / a) - gammaln(2 * p) - gammaln(p + 1 / a)) - 1.0

    def mean_below(self, x):
        """First partial moment, the integral of t dF(t) from 0 to x, in closed form (incomplete beta)."""
        with np.errstate(divide="ignore"):
            share = 1.0 / (1.0 + (np.asarray(x, float) / self.b) ** -self.a)
        return self.mean * betainc(self.p + 1 / self.a, 1 - 1 / self.a, share)

    def lorenz(self, share):
        """Share of all spending that the poorest `share` of people spend."""
        return self.mean_below(self.quantile(share)) / self.mean

    def fgt(self, line: float, alpha: int) -> float:
        """Foster-Greer-Thorbecke measure of order 0, 1 or 2 at a poverty line.

        P0 = F(z); P1 = F(z) - m(z)/z with m the partial mean; P2 = 2/z^2 * integral of (z - x) F(x), by quadrature.
        Source: foster_greer_thorbecke_1984.
        """
        if alpha == 0:
            return float(self.cdf(line))
        if alpha == 1:
            return float(self.cdf(line) - self.mean_below(line) / line)
        if alpha == 2:
            integral, _ = quad(lambda x: (line - x) * float(self.cdf(x)), 0.0, line, epsabs=0.0, epsrel=1e-10)
            return 2.0 * integral / line**2
        raise ValueError(f"order {alpha}: only 0, 1 and 2 are published")

    def poverty_elasticity(self, line: float) -> float:
        """Change of ln P0 for a proportional change of everybody's spending: -z f(z)/F(z). Source: kakwani_1993."""
        return float(-line * self.density(line) / self.cdf(line))


@lru_cache(maxsize=8)
def fit_dagum(line: float, p0: float, p1: float, p2: float, gini: float) -> Dagum:
    """The Dagum closest to the official figures of one year, by least squares on relative errors.

    Four figures, three parameters: each counts alike, so all stay within a few percent. Shares as fractions, line in
    Rp/month.
    """
    wanted = np.array([p0, p1, p2, gini])
    if not (line > 0 and np.all(wanted > 0) and gini < 1 and p0 > p1 > p2):
        raise ValueError(f"not poverty figures: line {line}, P0 {p0}, P1 {p1}, P2 {p2}, Gini {gini}")

    def error(logs: np.ndarray) -> np.ndarray:
        a, b, p = np.exp(logs)
        d = Dagum(1.0 + a, b, p)  # in units of the line
        return np.array([d.fgt(1.0, 0), d.fgt(1.0, 1), d.fgt(1.0, 2), d.gini]) / wanted - 1.0

    best = least_squares(error, np.log([1.0, 1.0, 4.0]), x_scale=0.1, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    a, b, p = np.exp(best.x)
    return Dagum(float(1.0 + a), float(b * line), float(p))
