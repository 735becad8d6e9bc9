"""Social projects of companies (TJSL/CSR): how they choose. What they set aside is in `population` (rate, recorded)."""

from typing import NamedTuple

from sim.declare import parameter


class Companies(NamedTuple):
    need: float = parameter(
        2.0, "utility", 0, 10, "weight of need, per point of missing quality (beta_n)", "assumption"
    )
    proximity: float = parameter(
        0.08, "utility/minute", 0, 0.5, "loss of appeal per minute from the plant (beta_p)", "assumption"
    )
    visibility: float = parameter(
        0.8, "utility", 0, 3, "weight of the log of residents who would see it (beta_v)", "assumption"
    )
    cofunding: float = parameter(0.5, "utility", 0, 3, "appeal of a project the city co-funds (beta_m)", "assumption")
    sector_fit: float = parameter(0.4, "utility", 0, 3, "appeal of a service near the trade (beta_s)", "assumption")
    taste: float = parameter(0.5, "log points", 0, 1.5, "spread of these weights between companies", "assumption")
    forum_need: float = parameter(
        1.0, "ratio", 0, 3, "rise of the weight of need under full coordination by the Forum TJSL", "assumption"
    )
    forum_visibility: float = parameter(
        0.6, "share", 0, 1, "fall of the weight of visibility under full coordination", "assumption"
    )
    match_gain: float = parameter(
        0.19, "ratio", 0, 0.3, "rise of giving when the city matches at least half of it", "karlan_list_2007"
    )
    overhead: float = parameter(0.15, "share", 0, 0.4, "of a project spent on running it", "assumption")
    smallest: float = parameter(
        1.0,
        "ratio",
        0.1,
        3,
        "smallest project a company runs alone, over what the mean company gives in a year",
        "assumption",
    )
    works_lag: float = parameter(4, "month", 1, 12, "from payment of a company's project to its use", "assumption")
