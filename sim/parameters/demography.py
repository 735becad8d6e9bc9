"""Births, deaths, school and households."""

from typing import NamedTuple

from sim.declare import parameter


class Demography(NamedTuple):
    mortality_level: float = parameter(
        1.0, "factor", 0.7, 1.5, "death rates over those of the city's life table", "calibrated"
    )
    fertility_level: float = parameter(
        1.0, "factor", 0.7, 1.3, "birth rates over the city's age-specific fertility", "calibrated"
    )
    frailty: float = parameter(
        1.5,
        "per unit of health",
        0,
        4,
        "rise in the death rate per unit of health below what is usual at that age",
        "assumption",
    )
    fertility_unpartnered: float = parameter(
        0.1, "ratio", 0, 1, "births of women without a partner over births of women with one, same age", "assumption"
    )
    enrolled_13: float = parameter(0.99, "share", 0.9, 1, "at school at the 13th birthday", "memory")
    enrolled_16: float = parameter(0.94, "share", 0.8, 1, "at school at the 16th birthday", "memory")
    enrolled_18: float = parameter(0.78, "share", 0.6, 0.95, "at school at the 18th birthday", "memory")
    enrolled_19: float = parameter(0.52, "share", 0.3, 0.7, "at school or university at the 19th birthday", "memory")
    enrolled_22: float = parameter(0.36, "share", 0.15, 0.5, "at university at the 22nd birthday", "memory")
    enrolled_25: float = parameter(0.08, "share", 0, 0.2, "at university at the 25th birthday", "assumption")
    schooling_spread: float = parameter(
        0.5,
        "share",
        0,
        2,
        "spread of schooling within a birth cohort over that between cohorts",
        "assumption",
    )
    partnered_level: float = parameter(
        1.0, "factor", 0.7, 1.1, "women living with a husband over the usual share at their age", "calibrated"
    )
    owners: float = parameter(0.58, "share", 0.3, 0.8, "households that own their dwelling", "memory")
    human_spread: float = parameter(0.2, "SD", 0, 1, "spread of childhood human capital at the start", "assumption")
    leaving_home: float = parameter(
        0.0045, "1/month", 0, 0.03, "hazard that a working child of 25 of the house founds a household", "calibrated"
    )
    union_alone: float = parameter(
        0.015, "1/month", 0, 0.05, "hazard that someone of 25 with a job who lives alone finds a partner", "assumption"
    )
    leaving_without_job: float = parameter(
        0.5, "ratio", 0, 1, "the same without a job, over that with one", "assumption"
    )
    union_share: float = parameter(
        0.8, "share", 0, 1, "new households of a couple; the others are of one person", "assumption"
    )
    elder_joins_kin: float = parameter(
        0.02, "1/month", 0, 0.1, "hazard that someone of 65 or more who lives alone moves in with kin", "assumption"
    )
    new_ties: float = parameter(6, "ties", 1, 10, "households that a new household knows at most", "assumption")
    claims_kept: float = parameter(
        1.0,
        "share",
        0,
        1,
        "outside income that a founder of a household draws anew, over that per adult at home",
        "calibrated",
    )
