"""Child development, schooling and Kota Layak Anak (the child-friendly city programme)."""

from typing import NamedTuple

from sim.declare import parameter


class Children(NamedTuple):
    persistence: float = parameter(
        0.9, "per year", 0.7, 0.99, "of a child's human-capital index from year to year", "assumption"
    )
    parents_schooling: float = parameter(
        0.07, "SD per year", 0.02, 0.15, "child index per year of the best-schooled adult's schooling", "assumption"
    )
    school_quality: float = parameter(
        0.5, "SD per log point", 0, 1.5, "child index per log point of school quality over the start", "assumption"
    )
    health_quality: float = parameter(
        0.3, "SD per log point", 0, 1.5, "child index per log point of health services over the start", "assumption"
    )
    hunger: float = parameter(
        1.0, "SD", 0, 3, "child index lost at the highest food-coping score (rCSI 56)", "assumption"
    )
    parenting_effect: float = parameter(
        0.32, "SD", 0.1, 0.5, "effect of parenting programmes on cognition at ages 0-3 (102 trials)", "jeong_2021"
    )
    scale_up: float = parameter(
        0.4, "share", 0.2, 0.6, "part of the trial effect that survives a city-wide programme (a_s)", "assumption"
    )
    unit_cost: float = parameter(
        200e3, "Rp of 2024/child/year", 1e5, 6e5, "cost of covering one child under 7 (c_K)", "assumption"
    )
    coverage_scale: float = parameter(
        0.9,
        "ratio",
        0.3,
        1.5,
        "coverage when money just meets unit cost at the start's volunteers (kappa_K)",
        "assumption",
    )
    co_production: float = parameter(0.3, "exponent", 0, 0.8, "weight of volunteers in coverage (xi)", "assumption")
    displacement: float = parameter(
        0.25, "share", 0, 0.5, "covered children who only changed from another kindergarten", "brinkman_2015"
    )
    dropout_primary: float = parameter(
        0.0002, "1/month", 0, 0.002, "hazard of leaving school at ages 7-12", "assumption"
    )
    dropout_junior: float = parameter(
        0.0010, "1/month", 0, 0.01, "hazard of leaving school at ages 13-15", "assumption"
    )
    dropout_senior: float = parameter(
        0.0060, "1/month", 0, 0.03, "hazard of leaving school at ages 16-17", "assumption"
    )
    dropout_hardship: float = parameter(
        4.0, "ratio", 0, 10, "extra hazard in a household in hardship, over the usual hazard", "assumption"
    )
    re_entry: float = parameter(
        0.003, "1/month", 0, 0.05, "hazard of a return to school under 18, outside hardship", "assumption"
    )
    dropout_coverage: float = parameter(
        0.15,
        "share",
        0,
        0.3,
        "fall of drop-out, and rise of return, under full child-friendly coverage (e_d)",
        "assumption",
    )
    forum_joining: float = parameter(
        0.3, "ratio", 0, 1, "facilitation that a full children's forum stands for, for joining", "assumption"
    )
    dropout_assisted: float = parameter(
        0.5, "ratio", 0.2, 1, "hazard under 15 in families that receive conditional transfers", "cahyadi_2020"
    )
    transfer_gain: float = parameter(
        0.02,
        "SD/year",
        0,
        0.045,
        "child index gained under 7 in families with conditional transfers (stunting -23 % in six years: 0.045)",
        "cahyadi_2020",
    )
    teachers_per_child: float = parameter(
        0.05, "persons/child", 0.02, 0.1, "teachers who take part per covered child at school", "assumption"
    )
    children_forum: float = parameter(
        0.02, "share", 0, 0.2, "covered children of 10-17 active in a children's forum", "assumption"
    )
