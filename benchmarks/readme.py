"""Paste the kept figures into the README: `python benchmarks/readme.py` (`--check`: only say whether they are there).

The other scripts of this folder measure and keep their figures; this one measures nothing. What nobody has measured
here has no section.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.keep import kept
from sim.compiled import code_hash

HOME = Path(__file__).resolve().parents[1]
README = HOME / "README.md"
LABELS = {
    "unemployment_rate": "unemployment, %",
    "poverty_headcount": "poor (P0), %",
    "poverty_gap": "poverty gap (P1), %",
    "gini": "Gini",
    "informal_share": "informal share of the employed, %",
    "household_size": "persons per household",
    "district population": "kecamatan farthest from the register, %",
    "unemployment_rate drift": "drift of unemployment, points a year",
    "informal_share drift": "drift of the informal share, points a year",
    "poverty_headcount drift": "drift of P0, points a year",
    "unemployment_rate least year": "unemployment, lowest year, %",
    "unemployment_rate most year": "unemployment, highest year, %",
    "informal_share least year": "informal share, lowest year, %",
    "informal_share most year": "informal share, highest year, %",
    "poverty_headcount least year": "P0, lowest year, %",
    "poverty_headcount most year": "P0, highest year, %",
    "treasury least": "lowest treasury over the first month's",
    "treasury most": "highest treasury over the first month's",
    "CSR least": "recorded CSR, lowest year, Rp billion",
    "CSR most": "recorded CSR, highest year, Rp billion",
    "poverty_gap drift": "drift of P1, % of its mean a year",
    "poverty_severity drift": "drift of P2, % of its mean a year",
    "near_poor_share drift": "drift of the near-poor, % of their mean a year",
    "theil_between_districts drift": "drift of the Theil between kecamatan, % of its mean a year",
}


def example() -> str:
    """The output of `make run`, shortened."""
    return f"```text\n{kept('example')['shown']}\n```"


def speed() -> str:
    """Run time, memory and the comparison with plain Mesa."""
    said = kept("speed")
    machine, mesa = said["machine"], said["mesa"]
    lines = [
        f"`{said['command']}` on {machine['processor']}, {machine['cores']} cores, Python {machine['python']}:",
        "",
        "| one agent for | persons | households | build, s | kept, s | 120 months, s | CPU, µs | peak memory, MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for r in said["runs"]:
        lines.append(
            f"| {r['scale']} | {r['persons']:,} | {r['households']:,} | {r['build_seconds']:.1f} | "
            f"{r['build_again_seconds']:.1f} | {r['run_seconds']:.2f} | {r['cpu_us_per_household_month']:.2f} | "
            f"{r['peak_memory_mb']:,.0f} |"
        )
    return "\n".join(
        [
            *lines,
            "",
            "Build and kept begin with loading the program; kept is the same city (start, scale, seed, "
            "parameters) again, read from disk. "
            "CPU is that of one household-month, all acts together. The household budget alone, "
            f"{mesa['households']:,} households: {mesa['mesa_us_per_household_month']:.1f} µs a household-month as "
            f"Python objects in Mesa {mesa['mesa_version']}, "
            f"{mesa['compiled_us_per_household_month']:.3f} µs as compiled rows, {mesa['ratio']:,.0f} times as fast.",
        ]
    )


def answer() -> str:
    """What a comparison says first."""
    return "```text\n" + "\n".join(line for one in kept("compare")["shown"] for line in wrap(one)) + "\n```"


def wrap(line: str) -> list[str]:
    """A line folded to the width of the page; list items are indented."""
    return textwrap.wrap(line, 100, subsequent_indent="  " if line.startswith("- ") else "") or [""]


def compare() -> str:
    """Seconds of comparisons, and what shared luck is worth."""
    said, luck = kept("compare"), kept("luck")
    lines = [f"`{said['command']}`:", "", "| comparison | one agent for | seeds | worlds | months | seconds |"]
    lines.append("|---|--:|--:|--:|--:|--:|")
    for r in said["runs"]:
        numbers = f"{r['scale']} | {r['seeds']} | {r['worlds']} | {r['months']} | {r['seconds']:.0f}"
        lines.append(f"| {r['scenario']} | {numbers} |")
    worth = luck["ratios"]["poverty_headcount"]
    text = f"`{luck['command']}`: the variance of a small programme's effect on poverty after twelve months is "
    return "\n".join([*lines, "", text + f"{worth:,.0f} times smaller between twins than between seeds."])


def sweep() -> str:
    """What sweeps cost: a section, or nothing where nobody has measured."""
    said = kept("sweep")
    if not said:
        return ""
    machine, over, speedup = said["machine"], said["overhead"], said["speedup"]
    lines = [
        "### Sweeps",
        "",
        f"`{said['command']}` on {machine['processor']}, {machine['cores']} cores, Python {machine['python']}; "
        f"load of the machine before it {said['load_before']:.1f}, after it {said['load_after']:.1f} (some of "
        "that its own):",
        "",
        "| sweep | runs | workers | seconds |",
        "|---|--:|--:|--:|",
        f"| runs of 0.2 s that only wait ({over['ideal_seconds']:.0f} s at best) | {over['runs']:,} | 2 | "
        f"{over['seconds']:.1f} |",
    ]
    cities = [speedup["one"], speedup["two"], *([said["large"]] if "large" in said else [])]
    design = said["design"]
    what = f"the city, one agent for {design['scale']}, {design['months']} months"
    lines += [f"| {what} | {one['runs']:,} | {one['workers']} | {one['seconds']:.0f} |" for one in cities]
    held = said["memory"]
    runs, parents, workers = (
        _listed(f"{one[name]:,.0f}" for one in held) for name in ("runs", "parent_mb", "worker_mb")
    )
    lived = _listed(f"{one['worker_mb']:.0f} MB in {one['runs']:,} runs" for one in cities[1:])
    return "\n".join(
        [
            *lines,
            "",
            f"A run costs {over['overhead_ms_per_run']:.1f} ms beyond itself; two workers are {speedup['times']:.2f} "
            f"times as fast as one. Most memory after {runs} empty runs: {parents} MB, a worker {workers} MB; "
            f"a worker that lives the city: {lived}.",
        ]
    )


def _listed(items: Iterable[str]) -> str:
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last


def fit() -> str:
    """The first month, the drift and the patterns, each with its band and its verdict, where it has one."""
    drift, patterns = kept("drift"), kept("patterns")
    lines = [f"`{drift['command']}`:", "", *_head()]
    shown = [(start, p) for start, found in drift["starts"].items() for p in found if p["name"] in LABELS]
    lines += [_line(f"{start[:4]}: {LABELS[p['name']]}", p) for start, p in shown]
    lines += ["", f"`{patterns['command']}`:", "", *_head()]
    lines += [_line(f"{p['name']}: {p['what']}", p) for p in patterns["patterns"]]
    return "\n".join(lines)


def _head() -> list[str]:
    return ["| figure | model | band | |", "|---|--:|--:|---|"]


def _line(label: str, p: dict[str, Any]) -> str:
    value = "not measured" if p["value"] is None else f"{p['value']:.3f}"
    return f"| {label} | {value} | {_band(p)} | {p['verdict']} |"


def _band(p: dict[str, Any]) -> str:
    if p["low"] is None and p["high"] is None:
        return "-"
    return f"from {p['low']:.4g}" if p["high"] is None else f"{p['low']:.4g} to {p['high']:.4g}"


NAMES = ("example", "speed", "compare", "luck", "drift", "patterns", "page", "sweep")  # of the kept figures


def page() -> str:
    """How quick the page is; nothing where that has not been measured."""
    said = kept("page")
    if not said:
        return ""
    people = f"{said['people']} people moving a lever at once on {said['cores']} cores, their browsers on them too"
    rows = [
        ("server start", said["server_start_seconds"], "s"),
        ("first paint with an empty cache: the figures can be read", said["first_paint_seconds"], "s"),
        ("first chart with an empty cache: levers can be moved", said["first_chart_seconds"], "s"),
        ("moved lever to its curve", said["lever_to_curve_seconds"], "s"),
        ("moved lever to all seeds", said["lever_to_all_seeds_seconds"], "s"),
        ("a setting that is known to its curve", said["known_to_curve_seconds"], "s"),
        (f"{people}: the slowest first curve", said["slowest_first_curve_seconds"], "s"),
        ("the slowest answer (two seeds with their band while many wait)", said["slowest_answer_seconds"], "s"),
        ("the slowest with all seeds", said["slowest_all_seeds_seconds"], "s"),
        (f"memory a session, {said['sessions']} open", said["mb_per_session"], "MB"),
    ]
    lines = ["### The page", "", f"`{said['command']}`:", "", "| figure | |", "|---|--:|"]
    return "\n".join([*lines, *(f"| {name} | {value:.3g} {unit} |" for name, value, unit in rows)])


BLOCKS: dict[str, Callable[[], str]] = {
    "answer": answer,
    "example": example,
    "speed": speed,
    "compare": compare,
    "page": page,
    "sweep": sweep,
    "fit": fit,
}


def render(text: str) -> str:
    """The README with every block between its marks replaced by the kept figures."""
    for name, block in BLOCKS.items():
        text, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m, b=block: f"{m[1]}{_lines(b())}{m[2]}", text, flags=re.S
        )
        if found != 1:
            raise ValueError(f"README.md has {found} blocks '{name}'; one is expected")
    return text


def _lines(text: str) -> str:
    """A block as lines; an empty one takes none."""
    return text + "\n" if text else ""


def outdated() -> list[str]:
    """Kept figures of another version of the code."""
    return [name for name in NAMES if kept(name) and kept(name)["code"] != code_hash()]


def main() -> int:
    text = README.read_text(encoding="utf-8")
    new = render(text)
    if old := outdated():
        print(f"measured on another version of the code: {', '.join(old)}", file=sys.stderr)
    if "--check" in sys.argv:
        print("the README shows the kept figures" if new == text else "the README does not show the kept figures")
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    print("README.md written" if new != text else "README.md: nothing to change")
    return 0


if __name__ == "__main__":
    sys.exit(main())
