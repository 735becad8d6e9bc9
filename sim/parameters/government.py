"""The city government: revenue, spending, programmes at their present size. Money in Rp of 2024 a year."""

from typing import NamedTuple

from sim.declare import parameter


class Government(NamedTuple):
    revenue_yearly: float = parameter(
        7.567e12,
        "Rp of 2024/year",
        5e12,
        1e13,
        "city revenue (APBD 2025; other years use their own budget)",
        "bukamata_apbd2025",
    )
    own_revenue_share: float = parameter(
        0.43, "share", 0.3, 0.6, "own revenue (PAD) in total revenue", "kliknusae_pad2025"
    )
    employees: float = parameter(
        36000, "persons", 20000, 60000, "staff paid by the city (wages about 40 % of the budget)", "assumption"
    )
    capital_share: float = parameter(0.13, "share", 0.05, 0.3, "capital works in the budget", "detik_lkpj2021")
    discretionary_share: float = parameter(
        0.12, "share", 0, 0.3, "most of the budget that policy levers may redirect in a year", "assumption"
    )
    purchases_imports: float = parameter(0.3, "share", 0.1, 0.6, "city purchases delivered from outside", "assumption")
    works_imports: float = parameter(0.25, "share", 0.1, 0.6, "materials of works from outside", "assumption")
    absorption: float = parameter(
        0.945, "share", 0.8, 1, "share of a programme's budget that is spent", "jabarekspres_2018"
    )
    reserve_months: float = parameter(1.5, "month", 0.5, 4, "spending held in the treasury at the start", "assumption")
    surplus_speed: float = parameter(
        0.06, "1/month", 0.01, 0.3, "share of the treasury above or below its reserve spent or saved", "assumption"
    )
    worker_training_seats: float = parameter(
        9000, "persons/year", 0, 40000, "people trained by the manpower office (2024)", "indoart_disnaker"
    )
    worker_training_cost: float = parameter(4e6, "Rp of 2024/seat", 2e6, 8e6, "cost of one seat", "assumption")
    training_completion: float = parameter(0.9, "share", 0.8, 0.95, "trainees who finish", "assumption")
    business_training_firms: float = parameter(
        900, "businesses/year", 0, 30000, "small businesses mentored in 2023", "antara_2023"
    )
    business_training_cost: float = parameter(
        2e6, "Rp of 2024/business", 1e6, 6e6, "mentoring of one business", "assumption"
    )
    business_training_gain: float = parameter(
        1.0, "SD", 0.2, 3, "gain in management practice from mentoring", "mckenzie_2021"
    )
    public_works_jobs: float = parameter(
        3100, "persons/year", 0, 40000, "people employed by padat karya in 2024", "pasti_padatkarya"
    )
    public_works_wage: float = parameter(0.4, "share of UMK", 0.2, 0.8, "pay of a month of padat karya", "assumption")
    grant_per_rw: float = parameter(100e6, "Rp of 2024/year", 0, 200e6, "PIPPK grant to one RW", "jabarekspres_2018")
    child_city_yearly: float = parameter(
        20e9, "Rp of 2024/year", 0, 300e9, "present spending on Kota Layak Anak activities", "assumption"
    )
    need_weight: float = parameter(
        0.3, "share", 0, 1, "weight of need against population in placing the city's purchases", "assumption"
    )
