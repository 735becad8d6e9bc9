"""Which package for which future: regret, futures that go well, cost against loss, and where each package fails.

python experiments/which_package.py --out runs/which_package
"""

from __future__ import annotations

from collections.abc import Sequence

from study import answer, design, lived, main, options

from sim.sweep import discovery, robust
from sim.sweep.figures import discovery_figure, robust_figure

FAILS = ("poverty > 0.062",)  # more than 6.2 % poor on average since March 2028


def study(arguments: Sequence[str] | None) -> None:
    chosen = options(__doc__ or "", arguments)
    futures = lived(design("which_package", chosen), chosen.out / "sweep", chosen.workers)
    found = robust.robustness(futures)
    tables = {"robust": found.standing, "regret": found.table}
    answer(chosen.out, "robust", tables, robust_figure(found), robust.sentences(found))
    for package in futures.packages:
        where = discovery.discover(futures, package, FAILS)
        name = "fails_" + package.lower().replace(" ", "_")
        told = discovery.sentences(where)
        answer(chosen.out, name, {name: discovery.limits_table(where)}, discovery_figure(where), told)


if __name__ == "__main__":
    main(study)
