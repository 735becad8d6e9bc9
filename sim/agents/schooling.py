"""School: what share of each age is enrolled, who leaves when, years of schooling by level."""

from __future__ import annotations

import numpy as np

from sim.compiled import rule
from sim.parameters.demography import Demography

LEVELS = (
    "none",
    "primary unfinished",
    "primary",
    "junior",
    "senior",
    "d1-d2",
    "d3",
    "bachelor",
    "master",
    "doctor",
)
LEVEL_YEARS = np.array([0, 3, 6, 9, 12, 14, 15, 16, 18, 18])
LEVEL_AGE = np.array([0, 0, 12, 15, 18, 20, 21, 22, 24, 28])  # youngest holder
ENTRY = 72  # months of age in July at which school begins
END = 30 * 12  # nobody older is enrolled
MOST_YEARS = 18


def enrolment_profile(p: Demography) -> np.ndarray:
    """Share enrolled by age in months 0..END, of those old enough to have entered."""
    ages = np.array([0, 7, 13, 16, 18, 19, 22, 25, 28])
    shares = np.array(
        [1.0, 0.998, p.enrolled_13, p.enrolled_16, p.enrolled_18, p.enrolled_19, p.enrolled_22, p.enrolled_25, 0.0]
    )
    return np.interp(np.arange(END + 1) / 12.0, ages, np.minimum.accumulate(shares))


def leaving_hazard(p: Demography) -> np.ndarray:
    """Monthly hazard of leaving school by age in months: 1 - S(a + 1)/S(a), which keeps the profile S stationary."""
    share = enrolment_profile(p)
    hazard = np.ones(END + 1)
    hazard[:-1] = np.where(share[:-1] > 0.0, 1.0 - share[1:] / np.maximum(share[:-1], 1e-12), 1.0)
    return hazard


@rule
def completed_years(age_months, months_since_july):
    """School years behind a pupil who entered in the first July after the sixth birthday and never failed."""
    return max((age_months - months_since_july - ENTRY) // 12, 0)
