"""Functions with known answers, for the sweep's machinery. Workers import them from here."""

import math


def ishigami(values, *, seed, package, shocks):
    """Indices known in closed form: S1 0.3139, 0.4424, 0; ST 0.5576, 0.4424, 0.2437."""
    x1, x2, x3 = (values[name] for name in ("x1", "x2", "x3"))
    return {"y": math.sin(x1) + 7 * math.sin(x2) ** 2 + 0.1 * x3**4 * math.sin(x1)}


def noise(seed, point):
    """A number between -1/2 and 1/2 that looks like chance, the same for the same seed and point."""
    return math.modf(abs(math.sin(seed * 12.9898 + point * 78.233)) * 43758.5453)[0] - 0.5


def linear(values, *, seed, package, shocks):
    """Variances: a 16/12, b 1/12, c none, chance 4/12: S1 0.762, 0.048, 0, and chance 0.190."""
    point = values["a"] * 13.7 + values["b"] * 5.1 + values["c"] * 3.3
    return {"y": 4 * values["a"] + values["b"] + 2 * noise(seed, point)}


def chancy(values, *, seed, package, shocks):
    """Chance is the seed's own luck, the same everywhere: variances 1/12 of `a`, 9/12 of the seed."""
    return {"y": values["a"] + 3 * noise(values["seed"], 0.0)}


def packages(values, *, seed, package, shocks):
    """A poverty rate. `Roads` fails where demand is low and prices are high; `Cash` always helps a little and costs
    much; `Waste` costs and does nothing."""
    demand, prices = values["demand"], values["prices"]
    base = 0.10 - 0.02 * demand
    if package == "Roads":
        base += 0.02 if demand < 0.4 and prices > 0.5 else -0.03
    elif package == "Cash":
        base -= 0.01
    cost = {"none": 0.0, "Roads": 50e9, "Cash": 80e9, "Waste": 90e9}[package]
    shocked = 0.03 * prices if shocks == "on" else 0.0
    rest = 0.0002 * noise(seed, demand)
    return {"poverty_headcount.mean": base + shocked * (0.5 if package == "Cash" else 1.0) + rest, "cost_rp": cost}


def budget(values, *, seed, package, shocks):
    """The gain of a package grows with the root of each lever's money, more for `schools` than for `roads`, none for
    `statues`: of 100 the best split is about 80, 20 and 0 (weights 1 and 1/2 squared)."""
    worth = {"schools": 1.0, "roads": 0.5, "statues": 0.0}
    gain = sum(weight * (values[name] / 100) ** 0.5 for name, weight in worth.items()) if package != "none" else 0.0
    luck = noise(seed, 1.0) + (0.02 * noise(seed, values["schools"]) if package != "none" else 0.0)
    return {"trust.mean": 50 + 10 * gain * (1 + 0.2 * values["need"]) + luck, "cost_rp": 100.0 * (package != "none")}
