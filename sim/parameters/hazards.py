"""Natural hazards: who is reached by water or shaking, what it breaks, what protects, how the city rebuilds."""

from typing import NamedTuple

from sim.declare import parameter


class HazardRules(NamedTuple):
    flood_zone: float = parameter(
        0.058,
        "share",
        0.01,
        0.6,
        "homes that the rarest flood reaches in the most exposed kecamatan: 400 houses in Gedebage, once in 10 years",
        "gedebage_flood_2020; marselina2022",
    )
    flood_depth: float = parameter(
        0.75, "m", 0.2, 2, "median water in flooded homes of a flood once in 10 years", "gedebage_flood_2020"
    )
    flood_spread: float = parameter(0.4, "log points", 0, 1, "spread of water between flooded homes", "assumption")
    flood_home_value: float = parameter(
        0.12,
        "share",
        0.03,
        1,
        "part of a home's assets that water can spoil, so that a family loses Rp 10-15 million",
        "mp_2018flood",
    )
    flood_firm_value: float = parameter(
        0.08, "share", 0.02, 1, "part of a firm's capital that water can spoil", "wijayanti2017"
    )
    flood_public_value: float = parameter(
        0.1, "share", 0, 1, "part of roads, pipes and drains under water that it can spoil", "assumption"
    )
    warning_saves: float = parameter(
        0.2, "share", 0, 0.4, "of the loss avoided by those whom an early warning reaches", "unbreakable_code"
    )
    warning_start: float = parameter(0.0, "share", 0, 1, "residents whom a warning reaches at the start", "assumption")
    warning_fade: float = parameter(
        0.02, "1/month", 0, 0.2, "reach of warnings lost when nobody pays for them", "assumption"
    )
    drain_effect: float = parameter(
        1.0, "elasticity", 0, 3, "of the homes a flood reaches to drains worse than at the start", "assumption"
    )
    basin_protection: float = parameter(
        0.25, "share", 0.05, 0.6, "of a kecamatan's flooded homes that one retention basin keeps dry", "assumption"
    )
    protection_depth: float = parameter(
        0.5, "ratio", 0, 1, "fall of the water's depth over the fall of the chance, where protected", "assumption"
    )
    basin_amplification: float = parameter(
        1.15, "ratio", 0.9, 1.6, "shaking of the old lake bed over that of other soft ground", "hussain_2023; bmkg2017"
    )
    fragility_slight: float = parameter(0.15, "g", 0.08, 0.3, "median shaking of slight damage", "assumption")
    fragility_moderate: float = parameter(0.25, "g", 0.12, 0.5, "median shaking of moderate damage", "assumption")
    fragility_heavy: float = parameter(0.40, "g", 0.2, 0.8, "median shaking of heavy damage", "assumption")
    fragility_complete: float = parameter(0.60, "g", 0.3, 1.2, "median shaking of complete damage", "assumption")
    fragility_spread: float = parameter(0.6, "log points", 0.3, 0.9, "spread of fragility (beta)", "assumption")
    retrofit_gain: float = parameter(
        0.5, "share", 0.1, 1.5, "rise of a retrofitted house's median shaking at every damage", "assumption"
    )
    engineered_gain: float = parameter(
        0.3, "share", 0, 1, "the same for business premises and public works over simple houses", "assumption"
    )
    deaths_complete: float = parameter(
        0.015, "share", 0.002, 0.05, "of people indoors killed in completely damaged houses", "memory"
    )
    repair_local: float = parameter(
        0.6, "share", 0, 1, "of repair spending of households that hires local builders", "assumption"
    )
    rebuild_months: float = parameter(
        24, "month", 6, 120, "over which the city rebuilds what a hazard destroyed, as money allows", "assumption"
    )
