"""The commented file that `bandung new --design` writes to start from."""

from __future__ import annotations

import json

EXAMPLE = "labour.matching_efficiency"
AROUND = 0.1  # how far it varies around what is usual, as in the studies of experiments/
SAMPLES = 60  # points: enough for every question

TEMPLATE = """\
# A design of a sweep for the Bandung simulator: which worlds are lived, and what is kept of each.
#   bandung check {path}                  says everything that is wrong with this file, and how long it takes
#   bandung sweep {path} --out runs/mine  lives them; again, and it goes on where it stopped

title: {title}
question: What would you like to know? Write it as one sentence with a question mark.

scenario: umkm_naik_kelas   # the base: a ready scenario, or a file beside this one
months: 60                  # left out: those of the scenario
scale: 200                  # one simulated person or household stands for 200 real ones
packages: [none, Mentoring] # of the scenario; left out: none and all of them
shocks: on                  # on, off, or both
seeds: 3                    # each point is lived with so many courses of chance

# What is not known. Ranges left out are the declared ones (`bandung parameters`, `bandung shocks`).
uncertainties:
  - parameter: {example}
    low: {low:g}               # around what is usual, {usual:g}
    high: {high:g}
  - shock: demand_slump     # one of the scenario's; `setting` left out: its intensity
    low: 0.2
    high: 1.0

# What could be decided, where it varies too: settings of levers in the packages.
levers: []
#  - lever: business_training
#    setting: budget_rp_per_year
#    low: 0
#    high: 200e9

# rebuilt: the varied parameters also hold in the years before the start, as in `bandung run`.
# shared: every run starts from the same city; the varied parameters hold from the first month on (faster).
past: rebuilt

# One number each. summary: mean, last, last_year, first, min, max or change; start and end bound the months.
outcomes:
  - poverty_headcount
  - outcome: business_survival
    summary: last

sampling:
  method: lhs               # one, grid, lhs, quasi, sobol (for Sobol indices) or morris
  samples: {samples}               # `bandung check` says which questions so many points are enough for
  seed: 1
"""


def new_design(path: str, title: str) -> str:
    """The text of a new design; `path` and `title` appear in it."""
    from sim.parameters import catalogue

    usual = catalogue()[EXAMPLE].default
    span = {"low": round(usual - AROUND, 2), "high": round(usual + AROUND, 2), "usual": usual}
    said = json.dumps(title, ensure_ascii=False)
    return TEMPLATE.format(path=path, title=said, example=EXAMPLE, samples=SAMPLES, **span)
