"""How the synthetic city is put together."""

from typing import NamedTuple

from sim.declare import parameter


class PopulationRules(NamedTuple):
    household_size: float = parameter(3.4, "persons", 2.9, 3.8, "mean household size at the start", "memory")
    burn_in: float = parameter(36, "month", 6, 60, "months the city lives before the start", "assumption")
    company_profit_share: float = parameter(
        0.02,
        "share",
        0,
        0.05,
        "profit set aside for social projects by a company that gives (Perda 13/2012)",
        "bdg_tjsl2022",
    )
    csr_recorded: float = parameter(
        0.05, "share", 0.005, 1, "part of that which reaches the recorded Forum TJSL programme", "calibrated"
    )
