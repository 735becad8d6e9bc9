"""Household budgets, saving, debt and the coping ladder. Rates are per month."""

from typing import NamedTuple

from sim.declare import parameter


class HouseholdRules(NamedTuple):
    permanent_speed: float = parameter(
        0.15, "1/month", 0.05, 0.4, "weight of this month's income in permanent income", "assumption"
    )
    precaution: float = parameter(
        0.03,
        "share/month",
        0.01,
        0.05,
        "response of spending to a buffer above or below its target",
        "abdul_jalil_2009",
    )
    transfer_counted: float = parameter(
        0.4,
        "share",
        0,
        0.8,
        "of a city transfer that a family takes for lasting income, as it may come late or end",
        "assumption",
    )
    buffer_median: float = parameter(1.5, "month", 0.5, 4, "median target buffer in months of income", "assumption")
    buffer_spread: float = parameter(0.9, "log points", 0.3, 1.2, "spread of target buffers", "assumption")
    engel_slope: float = parameter(
        0.12,
        "share per log point",
        0.08,
        0.16,
        "fall of the food share in log spending over the poverty line",
        "working_leser",
    )
    essential_share: float = parameter(
        0.52, "share", 0.4, 0.9, "essentials as a share of the poverty line", "assumption"
    )
    formal_loan_limit: float = parameter(
        2.0, "month", 0, 6, "most formal emergency debt in months of permanent income", "assumption"
    )
    informal_loan_limit: float = parameter(
        1.0, "month", 0, 3, "most informal debt in months of permanent income", "assumption"
    )
    bank_access: float = parameter(
        0.35, "share", 0.1, 0.8, "households that can get a bank or cooperative loan", "assumption"
    )
    formal_interest: float = parameter(0.005, "1/month", 0.002, 0.02, "interest on bank loans (KUR 6 % a year)", "kur")
    informal_interest: float = parameter(
        0.05, "1/month", 0.03, 0.1, "interest of moneylenders (rentenir)", "assumption"
    )
    repayment: float = parameter(0.08, "1/month", 0.02, 0.2, "share of a debt due each month", "assumption")
    mutual_aid: float = parameter(
        0.083,
        "share",
        0,
        0.4,
        "share of spare savings a fully trusting tie gives (prior: half at zero, half Beta(2,10))",
        "gertler_2006",
    )
    spare_months: float = parameter(
        1.0, "month", 0.5, 6, "own essentials kept back before helping others", "assumption"
    )
    fire_sale: float = parameter(0.3, "share", 0.1, 0.6, "discount on assets sold in need", "assumption")
    sale_limit: float = parameter(
        0.02, "share/month", 0, 0.2, "share of assets that can be sold in a month", "assumption"
    )
    withdrawal: float = parameter(
        0.08, "1/month", 0, 0.3, "hazard of taking a child out of school at a full gap", "assumption"
    )
    assets_years: float = parameter(
        3.0, "year", 1.5, 5, "dwelling, tools and vehicle in years of spending", "hallegatte_2016"
    )
    property_tax_yearly: float = parameter(
        600e9, "Rp of 2024/year", 200e9, 1200e9, "city's property tax (PBB) at the start", "assumption"
    )
    registry_bpnt: float = parameter(
        95175, "families", 0, 400000, "families that receive food assistance (BPNT, 2023)", "odb_kpm"
    )
    registry_pkh: float = parameter(45072, "families", 0, 400000, "families that receive PKH (2023)", "odb_kpm")
    bpnt_amount: float = parameter(200e3, "Rp of 2024/month", 0, 600e3, "food assistance to a family", "memory")
    pkh_amount: float = parameter(225e3, "Rp of 2024/month", 0, 600e3, "PKH transfer to a family, mean", "memory")
    exclusion_error: float = parameter(0.35, "share", 0.2, 0.5, "poor families that the registry misses", "memory")
    repair_speed: float = parameter(
        0.08, "1/month", 0.01, 0.5, "share of damaged assets that a household repairs if it can pay", "assumption"
    )
    repair_limit: float = parameter(
        0.25, "share", 0.05, 1, "most that repairs take of a month's cash beyond essentials", "assumption"
    )
    damaged_tools: float = parameter(
        0.5,
        "ratio",
        0,
        1,
        "takings that own-account members lose over the damaged share of the home's assets",
        "assumption",
    )
    food_need: float = parameter(
        0.52,
        "share",
        0.3,
        0.7,
        "spending on food below which a household goes short, over the poverty line",
        "assumption",
    )
    place_weight: float = parameter(
        0.3,
        "correlation",
        0,
        0.6,
        "of a household's luck in spending with its kelurahan's share off the social registry (DTKS)",
        "assumption",
    )
    welfare_correlation: float = parameter(
        0.75, "correlation", 0.5, 0.95, "of earned income and spending across households at the start", "assumption"
    )
