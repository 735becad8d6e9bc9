"""The outside world in a year without shocks."""

from typing import NamedTuple

from sim.declare import parameter


class DriverRules(NamedTuple):
    external_growth: float = parameter(
        0.0035,
        "1/year",
        -0.03,
        0.06,
        "growth of outside demand beyond labour force and productivity: better schooled "
        "workers make more, and this keeps their number steady",
        "calibrated",
    )
    claims_growth: float = parameter(
        0.0, "1/year", -0.05, 0.05, "real growth of pensions, rents and remittances beyond productivity", "assumption"
    )
    productivity_growth: float = parameter(
        0.0048,
        "1/year",
        -0.02,
        0.05,
        "growth of output and pay per worker; at this pace poverty is stationary in an ageing city",
        "calibrated",
    )
