"""Businesses, companies' giving and the city's treasury."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.agents.persons import OWN
from sim.declare import outcome
from sim.outcomes.figures import CITY, PLACES, Figures, everywhere, ratio

YEAR = 12

outcome(
    "value_added_index",
    "start = 100",
    "value added of businesses, own-account included, over that of the start",
    "assumption",
    good=1,
    by_place=True,
    headline=True,
)
outcome(
    "business_survival",
    "share of businesses",
    "businesses with employees that live through twelve months, at the past year's exits",
    "kaplan_meier_1958",
    good=1,
    headline=True,
)
outcome(
    "technology_adoption", "share of businesses", "businesses, own-account included, that sell or pay digitally",
    "bass_1969", good=1, by_place=True, headline=True,
)  # fmt: skip
outcome("value_added_per_head", "Rp/person/month, start prices", "value added of businesses over residents",
        "bps_3273", good=1, by_place=True)  # fmt: skip
outcome("productivity", "Rp/job/month, start prices", "value added over jobs in the city, own-account included",
        "assumption", good=1)  # fmt: skip
outcome("export_share", "share of sales", "sales of the city's businesses to buyers outside", "assumption", good=0)
outcome("businesses", "businesses", "open businesses with employees", "umkm_bandung", good=1, by_place=True)
outcome(
    "own_account_businesses", "businesses", "own-account businesses, by owner's home", "bps_sakernas", by_place=True
)
outcome("business_exits", "businesses/month", "businesses with employees that closed", "assumption", good=-1)
outcome("business_entries", "businesses/month", "businesses with employees that opened", "assumption", good=1)
outcome("csr_rp", "Rp/month, start prices", "recorded social projects of companies (TJSL)", "bdg_tjsl2022", good=1,
        headline=True)  # fmt: skip
outcome("treasury_rp", "Rp, start prices", "money of the city government", "bukamata_apbd2025", headline=True)
outcome("absorption", "share of budget", "part of what is budgeted that can be spent", "assumption", good=1)
outcome("leverage", "ratio", "self-help and companies' money for projects and programmes over the city's usual "
        "spending (the start's budget, grown with the trend), past year", "jabarekspres_2018", good=1)  # fmt: skip
outcome("own_revenue_share", "share of revenue", "own revenue (PAD) in the past year's revenue with transfers uncut",
        "kliknusae_pad2025", good=1)  # fmt: skip
outcome("property_tax_rp", "Rp/month, start prices", "property tax (PBB) that households pay to the city",
        "godley_lavoie_2007")  # fmt: skip
outcome("business_tax_rp", "Rp/month, start prices", "local taxes and levies on turnover (PBJT and others) that "
        "businesses pay to the city", "godley_lavoie_2007")  # fmt: skip
outcome("wages_paid_rp", "Rp/month, start prices", "wages that businesses of the city pay, to residents and commuters",
        "godley_lavoie_2007")  # fmt: skip

# What households and businesses pay by the city's rules: each outcome and the flows of the ledger that it adds up.
PAID_BY_RULE = {
    "property_tax_rp": ("property_tax",),
    "business_tax_rp": ("local_tax",),
    "wages_paid_rp": ("wages", "wages_to_commuters"),
}


def paid_by_rule(sheet: Mapping[str, int]) -> dict[str, int]:
    """What a month's sheet of the ledger says of `PAID_BY_RULE`, model rupiah; 0 where nothing was posted."""
    return {name: sum([sheet.get(flow, 0) for flow in flows]) for name, flows in PAID_BY_RULE.items()}


def leverage(private: float, public: float) -> float:
    """Rupiah that households and companies add to each rupiah that the city usually spends; 0 where that is nothing.

    private: self-help, company projects and what companies pay of programmes in the past year, Rp; public: what the
    budget (APBD) of the start, grown with the trend, spends in a year, Rp. It is not what was spent: a city that has
    to save would seem to be better supported for it.
    """
    return private / public if public > 0.0 else 0.0


def twelve_month_survival(exits: list[int], open_at: list[int]) -> float:
    """Chance to live through a year at these monthly exits: prod (1 - d/n), taken to twelve months.

    Source: kaplan_meier_1958. NaN while nothing was at risk.
    """
    at_risk = [(d, n) for d, n in zip(exits, open_at, strict=True) if n > 0]
    if not at_risk:
        return float("nan")
    return math.prod(1.0 - d / n for d, n in at_risk) ** (YEAR / len(at_risk))


def business(f: Figures) -> dict[str, np.ndarray]:
    """The outcomes on businesses and public money."""
    city, places = f.city, f.places
    own, firms = f.own, places["firms"]
    adopters = f.state(OWN, flagged=True)
    local = ratio(places["firm_adopters"] + adopters[PLACES], firms + own[PLACES])
    overall = (places["firm_adopters"].sum(axis=0) + adopters[CITY]) / np.maximum(firms.sum(axis=0) + own[CITY], 1)
    value, start = places["value_added"], places["value_added_start"]
    total = value.sum(axis=0)
    jobs = places["firm_jobs"].sum(axis=0) + own[CITY]
    return {
        "value_added_index": everywhere(100.0 * total / start.sum(axis=0), 100.0 * ratio(value, start)),
        "value_added_per_head": everywhere(total / np.maximum(f.persons[CITY], 1.0), ratio(value, f.persons[PLACES])),
        "productivity": everywhere(total / np.maximum(jobs, 1.0)),
        "export_share": everywhere(city["exports"]),
        "absorption": everywhere(city["absorption"]),
        "leverage": everywhere(city["leverage"]),
        "business_survival": everywhere(city["survival"]),
        "technology_adoption": everywhere(overall, local),
        "businesses": everywhere(firms.sum(axis=0) * float(f.scale), firms * float(f.scale)),
        "own_account_businesses": everywhere(own[CITY] * float(f.scale), own[PLACES] * float(f.scale)),
        "business_exits": everywhere(city["exits"] * f.scale),
        "business_entries": everywhere(city["entries"] * f.scale),
        "csr_rp": everywhere(city["csr"] * f.scale),
        "treasury_rp": everywhere(city["treasury"] * f.scale),
        "own_revenue_share": everywhere(city["own_revenue_share"]),
        **{name: everywhere(city[name] * f.scale) for name in PAID_BY_RULE},
    }
