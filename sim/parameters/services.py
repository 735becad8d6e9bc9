"""Public services of the 30 kecamatan: what they cost, how they wear out, what their quality does.

Replacement values are per user and add up to about Rp 8.6 million a resident, so that wear of 4 % a year costs what
the city spends on capital works (Rp 0.7-1.0 trillion a year).
"""

from typing import NamedTuple

from sim.declare import parameter


class Services(NamedTuple):
    cost_roads: float = parameter(
        3.5e6, "Rp of 2024/user", 1e6, 15e6, "replacement value of roads and transport per daytime user", "assumption"
    )
    cost_water: float = parameter(
        1.6e6, "Rp of 2024/user", 5e5, 6e6, "replacement value of water and sanitation per resident", "assumption"
    )
    cost_drainage: float = parameter(
        1.0e6, "Rp of 2024/user", 2e5, 5e6, "replacement value of drainage per resident", "assumption"
    )
    cost_health: float = parameter(
        0.8e6, "Rp of 2024/user", 2e5, 4e6, "replacement value of health centres per resident", "assumption"
    )
    cost_education: float = parameter(
        5.0e6, "Rp of 2024/user", 1e6, 20e6, "replacement value of basic schools per child under 15", "assumption"
    )
    cost_green: float = parameter(
        0.4e6, "Rp of 2024/user", 1e5, 2e6, "replacement value of parks and child space per resident", "assumption"
    )
    cost_waste: float = parameter(
        0.3e6, "Rp of 2024/user", 1e5, 2e6, "replacement value of waste services per resident or visitor", "assumption"
    )
    decay_roads: float = parameter(0.045, "1/year", 0.03, 0.06, "depreciation of maintained roads", "assumption")
    decay_buildings: float = parameter(
        0.035,
        "1/year",
        0.02,
        0.06,
        "depreciation of maintained pipes, drains, schools, health centres and parks",
        "assumption",
    )
    decay_waste: float = parameter(0.05, "1/year", 0.03, 0.12, "depreciation of waste vehicles and sites", "assumption")
    neglect: float = parameter(
        1.0, "ratio", 0.5, 2, "extra depreciation of wholly unmaintained capital (psi_m)", "assumption"
    )
    upkeep_follows: float = parameter(
        0.5, "share", 0, 1, "how far upkeep follows a cut of the purchases it is part of (0: is spared)", "assumption"
    )
    user_care: float = parameter(
        0.05, "share", 0, 0.2, "depreciation that full participation of users avoids (e_m)", "assumption"
    )
    quality_mean: float = parameter(0.9, "index", 0.7, 1.05, "mean quality of a service at the start", "assumption")
    quality_spread: float = parameter(
        0.10, "index", 0, 0.2, "spread of start quality for one SD of the observed facilities", "assumption"
    )
    reach: float = parameter(
        0.10, "1/minute", 0.02, 0.4, "distance decay of visits to health centres, schools and parks", "assumption"
    )
    elasticity: float = parameter(
        0.10,
        "elasticity",
        0.03,
        0.2,
        "of business productivity to the quality of services (eps_G)",
        "bom_ligthart_2014",
    )
    weight_roads: float = parameter(0.25, "weight", 0, 1, "roads and transport in overall quality", "assumption")
    weight_water: float = parameter(0.20, "weight", 0, 1, "water and sanitation in overall quality", "assumption")
    weight_drainage: float = parameter(0.12, "weight", 0, 1, "drainage in overall quality", "assumption")
    weight_health: float = parameter(0.15, "weight", 0, 1, "health in overall quality", "assumption")
    weight_education: float = parameter(0.15, "weight", 0, 1, "basic education in overall quality", "assumption")
    weight_green: float = parameter(0.06, "weight", 0, 1, "green and child space in overall quality", "assumption")
    weight_waste: float = parameter(0.07, "weight", 0, 1, "waste services in overall quality", "assumption")
    works_lag: float = parameter(9, "month", 3, 24, "from the payment of public works to their use", "assumption")
