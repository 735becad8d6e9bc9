"""Prints the patterns of the model with their bands: `python benchmarks/patterns.py --scale 50`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import keep
from sim.patterns import RUN, Pattern, measure_patterns


def table(found: list[Pattern]) -> str:
    """One line a pattern: name, value, band, verdict, meaning."""
    lines = [f"{'pattern':20s} {'value':>8s}  {'band':>16s}  verdict    what"]
    for p in found:
        band = f"{p.low:g} to {p.high:g}" if p.low is not None else "-"
        value = f"{p.value:8.3f}" if math.isfinite(p.value) else "     nan"
        lines.append(f"{p.name:20s} {value}  {band:>16s}  {p.verdict:9s}  {p.what}")
    failing = [p.name for p in found if p.verdict == "FAILS"]
    judged = sum(p.low is not None for p in found)
    lines.append(
        f"{judged - len(failing)} of {judged} inside their bands"
        + (f"; failing: {', '.join(failing)}" if failing else "")
    )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=50, help="real agents behind each simulated one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", default="2025-01", help="first month, YYYY-MM")
    parser.add_argument("--months", type=int, default=RUN)
    parser.add_argument("--json", action="store_true", help="print one JSON list and nothing else")
    parser.add_argument("--keep", action="store_true", help="also write patterns.json, which the README shows")
    chosen = parser.parse_args()
    found = measure_patterns(
        chosen.scale, chosen.seed, chosen.start, chosen.months, lambda text: print(text, file=sys.stderr)
    )
    print(json.dumps([p.as_dict() for p in found], indent=1) if chosen.json else table(found))
    if chosen.keep:
        options = {"scale": chosen.scale, "seed": chosen.seed, "start": chosen.start, "months": chosen.months}
        keep("patterns", "".join(f" --{k} {v}" for k, v in options.items()), {"patterns": [p.as_dict() for p in found]})


if __name__ == "__main__":
    main()
