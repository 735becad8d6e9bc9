"""How the synthetic city is put together."""

from typing import NamedTuple

from sim.declare import parameter


class PopulationRules(NamedTuple):
    household_size: float = parameter(3.4, "persons", 2.9, 3.8, "mean household size at the start", "memory")
    burn_in: float = parameter(48, "month", 6, 84, "months the city lives before the start", "assumption")
    company_profit_share: float = parameter(
        0.02,
        "share",
        0,
        0.05,
        "profit set aside for social projects by a company that gives (Perda 13/2012)",
        "bdg_tjsl2022",
    )
    csr_yearly: float = parameter(
        29e9,
        "Rp of 2024/year",
        10e9,
        100e9,
        "social projects of companies on the books of the Forum TJSL at the start (27 bn in 2015, 32 bn in 2016)",
        "antara_csr2017",
    )
