"""The labour market: separations, search, matching, wages. Rates are per month."""

from typing import NamedTuple

from sim.declare import parameter


class Labour(NamedTuple):
    separation_to_unemployment: float = parameter(
        0.0132, "1/month", 0.005, 0.03, "formal employee loses the job, mean over tenures", "calibrated"
    )
    separation_to_own: float = parameter(
        0.0066, "1/month", 0.002, 0.015, "formal employee leaves for an own business", "sugiharti_2022"
    )
    tenure_effect: float = parameter(
        1.5, "share", 0, 4, "extra separation hazard of a new job over an old one", "donovan_2023"
    )
    tenure_months: float = parameter(12, "month", 3, 36, "decay of the extra hazard of new jobs", "assumption")
    own_to_unemployment: float = parameter(
        0.0139, "1/month", 0.004, 0.03, "own-account worker gives up and looks for a job", "calibrated"
    )
    unemployed_to_own: float = parameter(
        0.08, "1/month", 0.02, 0.2, "unemployed person starts an own-account business", "calibrated"
    )
    crowding_response: float = parameter(
        3.0, "elasticity", 0, 6, "of the pull of own-account work to its income over the start's", "calibrated"
    )
    crowding_floor: float = parameter(
        0.4, "share", 0.1, 1, "least pull of own-account work when its income has fallen", "assumption"
    )
    crowding_ceiling: float = parameter(
        1.3, "share", 1, 3, "greatest pull of own-account work when its income has risen", "assumption"
    )
    duration_push: float = parameter(
        0.1, "1/month", 0, 0.3, "rise per month of joblessness in the hazard of starting own work", "assumption"
    )
    duration_push_ceiling: float = parameter(2, "factor", 1, 4, "greatest push of a long jobless spell", "assumption")
    search_on_the_job: float = parameter(
        0.05, "share", 0.02, 0.6, "own-account workers who also look for a formal job in a month", "calibrated"
    )
    matching_efficiency: float = parameter(0.32, "1/month", 0.1, 1, "scale of the matching function", "calibrated")
    matching_elasticity: float = parameter(
        0.5, "elasticity", 0.3, 0.7, "of matches to seekers, Cobb-Douglas", "petrongolo_pissarides_2001"
    )
    commuting_decay: float = parameter(
        0.045, "1/minute", 0.01, 0.15, "deterrence of travel time in the choice of a work district", "assumption"
    )
    certificate_score: float = parameter(
        0.3, "log points", 0, 1, "advantage of certified training in hiring", "assumption"
    )
    referral_score: float = parameter(
        0.2, "log points", 0, 1, "advantage of community membership (a referral) in hiring", "assumption"
    )
    training_hazard_gain: float = parameter(
        0.12,
        "share",
        0,
        0.3,
        "rise in job-finding and business-start hazards after training: trained people work 2 to 5 points more",
        "prakerja_jpal",
    )
    training_skill_gain: float = parameter(
        0.05, "share", 0.01, 0.12, "rise in earnings power after worker training, before fading", "prakerja_jpal"
    )
    training_half_life: float = parameter(42, "month", 24, 60, "half-life of a training effect", "assumption")
    reservation: float = parameter(
        0.6, "share", 0.3, 1.2, "least acceptable offer relative to own-account earning power", "assumption"
    )
    return_to_schooling: float = parameter(
        0.102, "log points/year", 0.068, 0.106, "earnings gain of a year of schooling", "duflo_2001"
    )
    return_to_experience: float = parameter(
        0.025, "log points/year", 0.01, 0.05, "earnings gain of the first years of experience", "mincer_1974"
    )
    experience_peak: float = parameter(32, "year", 20, 45, "experience at which earnings peak", "mincer_1974")
    talent_spread: float = parameter(
        0.38, "log points", 0.1, 0.8, "standard deviation of lasting luck in earnings", "assumption"
    )
    formal_pay_ratio: float = parameter(
        2.0, "ratio", 1.2, 3.0, "mean formal wage over mean expenditure per head at the start", "assumption"
    )
    own_pay_ratio: float = parameter(
        1.25, "ratio", 0.7, 2.0, "mean own-account income over mean expenditure per head at the start", "assumption"
    )
    wage_drift: float = parameter(
        0.02, "1/year", 0, 0.1, "yearly wage growth per unit of tightness above the start's", "assumption"
    )
    minimum_wage_growth: float = parameter(
        0.0,
        "1/year",
        -0.05,
        0.1,
        "real growth of the UMK (PP 51/2023 gives inflation plus part of growth)",
        "assumption",
    )
    comply_micro: float = parameter(0.0, "share", 0, 1, "firms of 1-4 workers that pay the UMK (exempt)", "assumption")
    comply_small: float = parameter(0.2, "share", 0, 1, "firms of 5-19 workers that pay the UMK", "assumption")
    comply_medium: float = parameter(0.6, "share", 0, 1, "firms of 20-99 workers that pay the UMK", "assumption")
    comply_large: float = parameter(0.9, "share", 0, 1, "firms of 100 and more workers that pay the UMK", "assumption")
    commuter_share: float = parameter(
        0.12, "share", 0, 0.4, "jobs in the city held by people living in the outer zones", "assumption"
    )
    outside_share: float = parameter(
        0.07, "share", 0, 0.3, "formal employees of the city who work in the outer zones", "assumption"
    )
    turnover_young: float = parameter(
        0.04,
        "1/month",
        0.005,
        0.1,
        "speed at which people aged 15-29 move in and out of the labour force",
        "assumption",
    )
    turnover_prime: float = parameter(0.004, "1/month", 0.001, 0.02, "the same at ages 30-54", "assumption")
    turnover_old: float = parameter(0.012, "1/month", 0.004, 0.05, "the same at ages 55 and over", "assumption")
    added_worker: float = parameter(
        0.2,
        "1/month",
        0,
        0.6,
        "hazard that an inactive adult starts earning when essentials are wholly uncovered",
        "assumption",
    )
    pension_ratio: float = parameter(
        0.35,
        "share",
        0,
        0.8,
        "pension or family support of a retiring formal employee over the last wage",
        "assumption",
    )
    pension_age: float = parameter(56, "year", 50, 65, "age from which leaving work brings a pension", "assumption")
