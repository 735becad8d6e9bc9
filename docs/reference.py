"""Writes docs/reference.md from the declarations: `python docs/reference.py` (or `make docs`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sim.catalogue import LEVERS, SHOCKS, Registry, discover
from sim.ledger import FLOWS, SECTORS
from sim.listing import kind_rows, outcome_rows, parameter_rows
from sim.month import MONTH
from sim.parameters import GROUPS, catalogue
from sim.summary import provenance

PAGE = Path(__file__).with_name("reference.md")
HEAD = """# Reference

Every parameter, outcome, flow of money and act of the month, from their declarations. This page is written by
`make docs`; change the declarations, not the page. The keys under *source* are explained in `sim/sources.toml`;
`assumption`, `calibrated` and `memory` (a figure quoted from memory) say that there is no checked source.
"""


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table."""
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    return [*lines, *("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows), ""]


def parameters() -> list[str]:
    """One table a group, in the order of the model; the group's own words first."""
    lines = ["## Parameters", "", f"{provenance(catalogue().values())}.", ""]
    for group, kind in GROUPS.items():
        said = sys.modules[kind.__module__].__doc__ or ""
        lines += [f"### {group}", "", said.strip(), ""]
        rows = [r for r in parameter_rows() if r["name"].startswith(f"{group}.")]
        lines += table(
            ("name", "default", "range", "unit", "meaning", "source"),
            [
                (
                    f"`{r['name']}`",
                    f"{r['default']:g}",
                    f"{r['low']:g} to {r['high']:g}",
                    r["unit"],
                    r["meaning"],
                    r["source"],
                )
                for r in rows
            ],
        )
    return lines


def outcomes() -> list[str]:
    """What is measured, for whom, and which way is better."""
    better = {1: "more", -1: "less", 0: "-"}
    rows = [
        (
            f"`{r['name']}`",
            r["unit"],
            "city" + ", kecamatan" * r["by_place"] + ", quintiles" * r["by_group"],
            better[r["good"]],
            r["meaning"],
            r["source"],
        )
        for r in sorted(outcome_rows(), key=lambda r: r["name"])
    ]
    return ["## Outcomes", "", *table(("name", "unit", "for", "better", "meaning", "source"), rows)]


def flows() -> list[str]:
    """The transaction-flow matrix: who pays whom."""
    rows = [(f"`{flow}`", payer, receiver) for flow, (payer, receiver) in FLOWS.items()]
    said = f"Whole rupiah between {len(SECTORS)} sectors: {', '.join(SECTORS)}."
    return ["## Flows of money", "", said, "", *table(("flow", "from", "to"), rows)]


def acts() -> list[str]:
    """The month, with the function that does each act."""
    rows = [
        (k, act.name, f"`{act.does.__module__}.{act.does.__name__}`", act.reason)
        for k, act in enumerate(MONTH, start=1)
    ]
    return ["## The month", "", *table(("", "act", "function", "why here"), rows)]


def kinds(title: str, registry: Registry) -> list[str]:
    """Shocks or levers in the order of their codes: what each does, moves, costs and rests on, and its settings."""
    lines = [f"## {title}", ""]
    for row in sorted(kind_rows(registry), key=lambda r: registry.order(r["name"])):
        kind = registry[row["name"]]
        moves = ", ".join(f"{name} {'up' if sign > 0 else 'down'}" for name, sign in kind.moves)
        said = [f"{kind.meaning[:1].upper()}{kind.meaning[1:]}.", f"Moves: {moves}." if moves else ""]
        said += [
            f"Costs: {kind.cost}." if kind.cost else "",
            f"Reach is counted in {kind.reach}." if kind.reach else "",
            f"Source: {kind.source}.",
        ]
        lines += [f"### {kind.code} `{kind.name}` ({kind.indonesian})", "", " ".join(filter(None, said)), ""]
        lines += table(("setting", "default", "range", "unit", "meaning"), [_setting(one) for one in row["settings"]])
    return lines


def _setting(one: dict) -> tuple[str, ...]:
    """One line of a kind's settings."""
    low, high = one["low"], one["high"]
    span = "-" if low is None else f"{low:g} to {high:g}"
    default = f"{one['default']:g}" if isinstance(one["default"], float) else str(one["default"])
    default = "-" if default in ("None", "[]", "()") else default
    return (f"`{one['name']}`", default, span, one["unit"] or "-", one["meaning"] or "-")


def page() -> str:
    """The whole page."""
    discover()
    parts = [acts(), parameters(), outcomes(), flows(), kinds("Levers", LEVERS), kinds("Shocks", SHOCKS)]
    return HEAD + "\n" + "\n".join(line for part in parts for line in part).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print("docs/reference.md written")
