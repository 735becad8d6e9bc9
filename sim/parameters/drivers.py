"""The outside world in a year without shocks."""

from typing import NamedTuple

from sim.declare import parameter


class DriverRules(NamedTuple):
    external_growth: float = parameter(
        0.0, "1/year", -0.03, 0.06, "growth of outside demand beyond that of the labour force", "assumption"
    )
    claims_growth: float = parameter(
        0.0, "1/year", -0.05, 0.05, "real growth of pensions, rents and remittances per household", "calibrated"
    )
    productivity_growth: float = parameter(
        0.0, "1/year", -0.02, 0.05, "growth of output and pay per worker beyond the start's", "assumption"
    )
