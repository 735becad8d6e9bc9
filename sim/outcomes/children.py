"""Children: at school or not, and how they develop."""

from __future__ import annotations

import numpy as np

from sim.agents.children import BLOCKS
from sim.declare import outcome
from sim.outcomes.figures import CITY, GROUPS, PLACES, SCHOOL, Figures, everywhere, ratio

outcome(
    "out_of_school_share",
    "share of children 7-17",
    "children of school age who are not enrolled",
    "bps_aps",
    good=-1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome(
    "child_development",
    "SD",
    "human-capital index of children under 18, mean",
    "jeong_2021",
    good=1,
    by_place=True,
    by_group=True,
    headline=True,
)
outcome("child_development_gap", "SD", "child development, richest fifth minus poorest fifth", "jeong_2021", good=-1)
outcome(
    "child_city_coverage",
    "share of children",
    "children reached by Kota Layak Anak",
    "assumption",
    good=1,
    by_place=True,
)

outcome(
    "child_city_score",
    "points of 1000",
    "Kota Layak Anak score: the city's own assessment of June 2024, moved by what the model measures",
    "ekpos_kla2024",
    good=1,
)


BLOCK_NAMES = tuple(
    f"child_city_{word}" for word in ("institutions", "rights", "family", "health", "education", "protection", "local")
)
for _name, _block in zip(BLOCK_NAMES, BLOCKS, strict=True):
    outcome(_name, "points", f"Kota Layak Anak score, block: {_block}", "ekpos_kla2024", good=1)
outcome("school_age_children", "persons", "children aged 7 to 17", "bps_3273", by_place=True, by_group=True)


def children(f: Figures) -> dict[str, np.ndarray]:
    """The outcomes on children."""
    development = ratio(f.human, f.aged(slice(0, 3)))
    poorest, richest = development[GROUPS][[0, -1]]
    coverage = f.places["child_coverage"]
    young = f.aged(slice(0, 3))
    return {
        "child_city_score": everywhere(f.city["child_city_score"]),
        **{name: everywhere(f.city[name]) for name in BLOCK_NAMES},
        "school_age_children": f.aged(SCHOOL) * float(f.scale),
        "out_of_school_share": ratio(f.aged(SCHOOL, not_enrolled=True), f.aged(SCHOOL)),
        "child_development": development,
        "child_development_gap": everywhere(richest - poorest),
        "child_city_coverage": everywhere(
            (coverage * young[PLACES]).sum(axis=0) / np.maximum(young[CITY], 1), coverage
        ),
    }
