"""Work: unemployment, informality and pay. The labour force is everybody at work or looking for work (ILO).

A month of public works is work, casual and so informal, although those who do it go on looking for a job.
"""

from __future__ import annotations

import numpy as np

from sim.agents.persons import FORMAL, OWN, UNEMPLOYED
from sim.declare import outcome
from sim.outcomes.figures import ADULT, CITY, YOUNG, Figures, everywhere, ratio

_BPS = "bps_sakernas"
outcome(
    "unemployment_rate",
    "share of labour force",
    "persons who look for work and have none (August concept)",
    _BPS,
    good=-1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "informal_share",
    "share of employed",
    "own-account, family and casual workers among the employed",
    _BPS,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "median_wage",
    "Rp/month, start prices",
    "median monthly pay of employees",
    _BPS,
    good=1,
    by_place=True,
    headline=True,
)
outcome(
    "mean_wage",
    "Rp/month, start prices",
    "mean monthly pay of employees",
    _BPS,
    good=1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome("median_own_account_income", "Rp/month, start prices", "median net income of own-account workers", _BPS, good=1)
outcome(
    "below_minimum_wage_share", "share of employees", "employees paid less than the UMK", _BPS, good=-1, by_place=True,
    by_group=True,
)  # fmt: skip
outcome(
    "labour_participation_rate", "share of persons 15+", "persons of 15 and over in the labour force (TPAK)", _BPS,
    by_place=True, by_group=True,
)  # fmt: skip
outcome(
    "youth_unemployment_rate", "share of labour force 18-24", "unemployment at ages 18 to 24", _BPS, good=-1,
    by_place=True, by_group=True,
)  # fmt: skip
outcome(
    "long_term_unemployment_rate", "share of labour force", "out of work for twelve months or more", _BPS, good=-1,
    by_place=True, by_group=True,
)  # fmt: skip
outcome("employed", "persons", "persons at work", _BPS, good=1, by_place=True, by_group=True)
outcome("vacancies_rate", "share of jobs", "open vacancies over vacancies and employees", "jolts", good=0)
outcome("hires", "persons/month", "residents who begin a job as employees", "assumption")
outcome("separations", "persons/month", "jobs of residents that end, for whatever cause", "assumption")


def labour(f: Figures) -> dict[str, np.ndarray]:
    """The labour outcomes of a month."""
    works = f.on_works()
    formal, informal, unemployed = f.formal, f.own + works, f.unemployed - works
    force = formal + informal + unemployed
    youth = f.state(FORMAL, YOUNG) + f.state(OWN, YOUNG) + f.state(UNEMPLOYED, YOUNG)
    vacancies = f.city["vacancies"]
    return {
        "unemployment_rate": ratio(unemployed, force),
        "informal_share": ratio(informal, formal + informal),
        "median_wage": everywhere(f.pay[0], f.pay[1:]),
        "mean_wage": ratio(f.paid, formal),
        "median_own_account_income": everywhere(f.own_pay),
        "below_minimum_wage_share": ratio(f.state(FORMAL, flagged=True), formal),
        "labour_participation_rate": ratio(force, f.aged(ADULT)),
        "youth_unemployment_rate": ratio(f.state(UNEMPLOYED, YOUNG) - f.on_works(YOUNG), youth),
        "long_term_unemployment_rate": ratio(f.state(UNEMPLOYED, flagged=True) - f.on_works(flagged=True), force),
        "employed": (formal + informal) * float(f.scale),
        "vacancies_rate": everywhere(vacancies / np.maximum(vacancies + formal[CITY], 1.0)),
        "hires": everywhere(f.city["hires"] * f.scale),
        "separations": everywhere(f.city["separations"] * f.scale),
    }
