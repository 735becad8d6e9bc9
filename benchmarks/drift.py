"""Is the baseline stationary and does it start on the official figures? `python benchmarks/drift.py --scale 50`."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep
from sim.patterns import Pattern
from sim.stationarity import Path as Lived
from sim.stationarity import mean_of, of_the_run, of_the_start, walk, yearly

STARTS = (("2025-01", 120), ("2019-01", 1))  # the second only for its first month
COLUMNS = (  # heading, outcome or sector, factor, digits
    ("u %", "unemployment_rate", 100, 2),
    ("informal %", "informal_share", 100, 2),
    ("P0 %", "poverty_headcount", 100, 2),
    ("P1 %", "poverty_gap", 100, 3),
    ("Gini", "gini", 1, 4),
    ("output", "value_added_index", 1, 2),
    ("Rp m a head", "consumption_mean", 1e-6, 3),
    ("firms", "businesses", 1, 0),
    ("own account", "own_account_businesses", 1, 0),
    ("treasury bn", "treasury_rp", 1e-9, 0),
    ("CSR bn", "csr_rp", 12e-9, 1),
    ("homes tn", "households", 1e-12, 2),
    ("firms tn", "businesses", 1e-12, 2),
)


def by_year(path: Lived) -> list[str]:
    """Means of each year; the last two columns are deposits at the end of the year."""
    rows = [[heading for heading, *_ in COLUMNS]]
    whole = path.months // 12
    for year in range(whole):
        rows.append([_cell(path, k, year) for k in range(len(COLUMNS))])
    widths = [max(len(row[k]) for row in rows) for k in range(len(COLUMNS))]
    labels = ["year", *(str(path.start[0] + year) for year in range(whole))]
    lines = zip(labels, rows, strict=True)
    return [f"{label:5s} " + "  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for label, row in lines]


def _cell(path: Lived, column: int, year: int) -> str:
    _, name, factor, digits = COLUMNS[column]
    stock = column >= len(COLUMNS) - 2
    value = path.deposits[name][12 * year + 11] if stock else yearly(path.outcomes[name])[year]
    return f"{factor * value:,.{digits}f}"


def table(found: list[Pattern]) -> list[str]:
    """One line a figure: value, band, verdict."""
    lines = []
    for p in found:
        band = (
            "-" if p.low is None else f"from {p.low:.4g}" if math.isinf(p.high or 0) else f"{p.low:.4g} to {p.high:.4g}"
        )
        verdict = "" if p.low is None else p.verdict
        lines.append(f"  {p.name:26s} {p.value:9.3f}  {band:>18s}  {verdict:7s} {p.what}")
    return lines


def report(start: str, months: int, scale: int, seeds: list[int]) -> tuple[list[str], list[Pattern]]:
    """Figures of one start, averaged over the seeds, and the path of the first seed."""
    paths = []
    for seed in seeds:
        print(f"{start}, {months} months, scale {scale}, seed {seed}", file=sys.stderr)
        paths.append(walk(scale, seed, start, months))
    judge = (of_the_start, of_the_run) if months > 24 else (of_the_start,)
    found = mean_of([[p for part in judge for p in part(path)] for path in paths])
    seeds_said = "seed " + ", ".join(map(str, seeds))
    lines = [f"Start {start}, {months} months, scale {scale}, {seeds_said}; prices of {paths[0].price_year}"]
    lines += table(found)
    if months > 24:
        worst = float(np.mean([np.abs(p.districts).mean() for p in paths]))
        lines += ["", f"  mean distance of a kecamatan from the register {100 * worst:.3f} %", ""]
        lines += ["  " + line for line in by_year(paths[0])]
    return lines, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=50, help="real agents behind each simulated one")
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one or more; the figures are their means")
    parser.add_argument("--months", type=int, default=120, help="length of the run from 2025")
    parser.add_argument("--only", choices=["2025", "2019"], help="one start instead of both")
    parser.add_argument("--keep", action="store_true", help="also write drift.json, which the README shows")
    chosen = parser.parse_args()
    kept: dict[str, list[dict]] = {}
    failing: list[str] = []
    for start, months in STARTS:
        if chosen.only and not start.startswith(chosen.only):
            continue
        lines, found = report(start, min(months, chosen.months), chosen.scale, chosen.seed)
        print("\n".join(lines), end="\n\n", flush=True)
        kept[start] = [p.as_dict() for p in found]
        failing += [f"{start[:4]} {p.name}" for p in found if p.verdict == "FAILS"]
    judged = sum(p["verdict"] != "no target" for found in kept.values() for p in found)
    print(f"{judged - len(failing)} of {judged} inside" + (f"; FAILS: {', '.join(failing)}" if failing else ""))
    if chosen.keep:
        options = f" --scale {chosen.scale} --seed {' '.join(map(str, chosen.seed))} --months {chosen.months}"
        keep("drift", options, {"starts": kept})
    return 0


if __name__ == "__main__":
    sys.exit(main())
