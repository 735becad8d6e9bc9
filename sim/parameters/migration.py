"""Who comes, who leaves, who moves house."""

from typing import NamedTuple

from sim.declare import parameter


class Migration(NamedTuple):
    arrivals_level: float = parameter(
        1.0, "factor", 0.5, 2.0, "arrivals over those that keep to the official population projection", "bps_proy2020"
    )
    response: float = parameter(
        1.5,
        "elasticity",
        0.7,
        3.0,
        "of arrivals to expected real income in the city over that elsewhere",
        "harris_todaro_1970",
    )
    quality_weight: float = parameter(
        0.3, "elasticity", 0, 1, "weight of public services in the value of living in the city", "assumption"
    )
    rent_weight: float = parameter(
        0.2, "elasticity", 0, 0.6, "weight of rents in the value of living in the city or a district", "assumption"
    )
    rent_response: float = parameter(
        0.6, "elasticity", 0, 2, "of a place's rent to its number of residents", "assumption"
    )
    jobs_weight: float = parameter(
        0.7, "elasticity", 0, 2, "of arrivals and movers to the jobs within reach of a district", "assumption"
    )
    reach_decay: float = parameter(
        0.045, "1/minute", 0.01, 0.15, "deterrence of travel time in what counts as within reach", "assumption"
    )
    kin_weight: float = parameter(
        0.5, "elasticity", 0, 2, "of movers to the number of own ties in a district, 1 + ties", "assumption"
    )
    distance_decay: float = parameter(
        0.08, "1/minute", 0, 0.3, "deterrence of distance from the old dwelling in moving house", "assumption"
    )
    look_rate: float = parameter(0.005, "1/month", 0, 0.02, "households that look for another dwelling", "furtado_2022")
    same_district: float = parameter(
        0.5, "share", 0.1, 0.9, "lookers who find a dwelling in their own kecamatan", "assumption"
    )
    leaving_rate: float = parameter(
        0.012, "1/year", 0.004, 0.03, "residents who leave the city in a usual year", "assumption"
    )
    leaving_no_earner: float = parameter(
        0.7, "log points", 0, 2, "rise of the leaving hazard after three months without an earner", "assumption"
    )
    leaving_hardship: float = parameter(
        0.3, "log points", 0, 1.5, "rise of the leaving hazard in a month of crisis coping", "assumption"
    )
    leaving_ties: float = parameter(
        0.08, "log points/tie", 0, 0.3, "fall of the leaving hazard with each tie in the city", "assumption"
    )
    leaving_young: float = parameter(
        1.8, "log points", 0, 3, "rise of the leaving hazard of small households under 40", "assumption"
    )
    couples: float = parameter(0.3, "share", 0, 0.7, "arrivals that come as a couple", "assumption")
    lodgers: float = parameter(
        0.4, "share", 0, 0.9, "single arrivals who move in with a household of kin or acquaintances", "assumption"
    )
    students: float = parameter(0.2, "share", 0, 0.5, "arrivals of 18 to 21 who come to study", "assumption")
    seekers: float = parameter(0.8, "share", 0.3, 1, "other arrivals who look for work at once", "assumption")
    age_rise: float = parameter(
        0.4, "1/year", 0.1, 1, "rise of arrivals with age before the peak", "rogers_castro_1981"
    )
    age_fall: float = parameter(0.1, "1/year", 0.04, 0.3, "fall of arrivals with age after it", "rogers_castro_1981")
    age_peak: float = parameter(20, "year", 17, 28, "age at which arrivals start to fall", "rogers_castro_1981")
    skill_level: float = parameter(1.0, "ratio", 0.7, 1.3, "skill of arrivals over residents like them", "assumption")
    savings_months: float = parameter(0.5, "month", 0, 3, "income that arrivals bring as savings", "assumption")
