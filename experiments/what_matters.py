"""What matters most: a screening by Morris, then Sobol' indices of what is left.

python experiments/what_matters.py --out runs/what_matters
"""

from __future__ import annotations

from collections.abc import Sequence

from study import answer, design, lived, main, options

from sim.sweep.figures import sensitivity_figure
from sim.sweep.sensitivity import SEED, sensitivity, sentences

KEPT, SAMPLES = 6, 64  # numbers that go into the Sobol' design, and its base points


def study(arguments: Sequence[str] | None) -> None:
    chosen = options(__doc__ or "", arguments)
    screening = design("what_matters", chosen)
    screened = sensitivity(lived(screening, chosen.out / "morris", chosen.workers))
    answer(chosen.out, "morris", {"morris": screened.table}, sensitivity_figure(screened), sentences(screened))

    kept = strongest(screened.table)
    entries = [
        {key: value for key, value in entry.model_dump(exclude_none=True, exclude_defaults=True).items()}
        for entry, factor in zip(screening.uncertainties, screening.factors, strict=False)
        if factor.column in kept
    ]
    chosen.samples = SAMPLES if chosen.samples is None else 16
    second = design("what_matters", chosen, uncertainties=entries, sampling={"method": "sobol"})
    found = sensitivity(lived(second, chosen.out / "sobol", chosen.workers))
    answer(chosen.out, "sobol", {"sobol": found.table}, sensitivity_figure(found), sentences(found))


def strongest(table) -> list[str]:
    """The numbers that are among the strongest for any outcome: by mu*, as a share of the largest of that outcome."""
    table = table[table["factor"] != SEED]
    share = table["mu_star"] / table.groupby("outcome")["mu_star"].transform("max").where(lambda top: top > 0, 1.0)
    ranked = share.groupby(table["factor"]).max().sort_values(ascending=False, kind="stable")
    return list(ranked.index[:KEPT])


if __name__ == "__main__":
    main(study)
