"""What a planner reads in the terminal after a comparison: the answer in words, the effects, resilience, cost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.comparison import Comparison
from sim.paper import WIDTH, as_text, put, table
from sim.report.page import effect_table, package_rows, resilience_rows


def text(made: Comparison, folder: Path | None = None, width: int = WIDTH) -> str:
    """The whole summary as plain text; only the last lines, a path and a command to copy, may be wider."""
    return "\n".join([as_text(_parts(made), width), *_pointers(made, folder)])


def show(made: Comparison, folder: Path | None = None) -> None:
    """Print the summary."""
    put(_parts(made), 120)
    print("\n".join(_pointers(made, folder)))


def _parts(made: Comparison) -> Iterable[Any]:
    from sim.analysis.verdict import verdict

    yield made.scenario.title
    if made.scenario.question:
        yield made.scenario.question
    yield ""
    for sentence in verdict(made.ensemble):
        yield f"- {sentence}"
    if made.ensemble.policies:
        yield ""
        yield "Cost over the run, Rp billion"
        yield _costs(made)
        yield ""
        yield from _effects(made)
    if made.ensemble.has_shocks:
        yield ""
        yield "Resilience under the shock"
        yield _resilience(made)
    yield ""
    yield _foot(made)


def _costs(made: Comparison) -> Any:
    rows = [(r["name"], r["planned"], r["spent"], r["refused"], r["reach"] or "-") for r in package_rows(made)]
    numbers = ("planned", "spent", "not payable")
    return table(("package", *numbers, "times reached"), rows, right=numbers)


def _effects(made: Comparison) -> Iterable[Any]:
    """Change of each outcome in the last year; a star marks what can be told apart from zero."""
    found = effect_table(made)
    rows = []
    for row in found["rows"]:
        cells = [f"{cell['effect']}{' *' if cell['clear'] == 'yes' else '  '}" for cell in row["cells"]]
        rows.append((row["name"], row["without"], *cells, row["unit"]))
    yield "Change by the last year (* can be told apart from zero on 95 % intervals)"
    packages = [name if len(name) <= 26 else name[:25] + "…" for name in found["packages"]]
    yield table(("outcome", "no policy", *packages, "unit"), rows, right=("no policy", *packages))


def _resilience(made: Comparison) -> Any:
    columns = ("outcome", "package", "loss, months", "lowest", "recovery, month", "recovered", "change of loss")
    keys = ("outcome", "package", "loss", "robustness", "recovery", "recovered", "change")
    rows = [tuple(row[key] for key in keys) for row in resilience_rows(made)]
    return table(columns, rows, right=columns[2:6])


def _foot(made: Comparison) -> str:
    worlds = made.ensemble.city.shape[0] * made.ensemble.city.shape[1] * len(made.seeds)
    balanced = max(made.identities.values()) <= 1e-9
    return (
        f"{worlds} worlds of {made.counts['persons']:,} persons in {made.counts['households']:,} households "
        f"(scale {made.scale}), {made.months} months from {made.scenario.start}, in {made.seconds:.0f} s. "
        + ("Books balance in every one." if balanced else "Books do not balance.")
    )


def _pointers(made: Comparison, folder: Path | None) -> list[str]:
    kept = (
        f"Report: {folder / 'report.html'}"
        if folder
        else "Nothing was kept; add --out DIR for the dataset and the report."
    )
    return [kept, f"Repeat: {made.command}"]
