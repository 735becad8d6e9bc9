"""What `bandung search` does: read a design, search below one folder, print and keep the proposal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.sweep.answers import Tables, save, show
from sim.sweep.design import load_design
from sim.sweep.progress import Progress
from sim.sweep.search import Problem, Search, problem_of, search, sentences, short
from sim.sweep.store import put
from sim.sweep.words import amount, percent, signed_span

MARK = "_search.json"


def run_search(
    source: str,
    out: Path,
    as_json: bool,
    *,
    package: str,
    budget: float | None,
    aims: Sequence[str],
    generations: int,
    batch: int,
    fresh: int,
    seed: int,
    workers: int | None,
    dask: str | None,
) -> dict[str, Any] | None:
    """Search; the answer as JSON, or printed. A search that was stopped goes on where it was."""
    if workers is not None and dask is not None:
        raise InputError("--workers counts processes of this machine; a Dask scheduler has workers of its own")
    design = load_design(source)
    problem = problem_of(design, package, budget, aims)
    _own_folder(out, design, problem, {"batch": batch, "seed": seed})
    battery = len(design.points)
    runs = (generations * batch + fresh) * battery * len(design.seed_list)
    _tell(f"{design.title}: about {runs:,} runs of {design.base.months} months, scale {design.base.scale}")
    choices: dict[str, Any] = {"generations": generations, "batch": batch, "fresh": fresh, "seed": seed}
    progress = Progress()
    try:
        found = search(design, problem, out, tell=_tell, progress=progress, workers=workers, dask=dask, **choices)
    finally:
        progress.close()
    told = sentences(found)
    from sim.sweep.figures import search_figure

    save(out, "search", {"finalists": found.finalists, "tried": found.tried}, search_figure(found), told)
    if as_json:
        return found.as_dict() | {"text": " ".join(told)}
    tables: Tables = {"Finalists on fresh seeds, the best first": finalists_table(found)}
    show(told, tables, out)
    return None


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _own_folder(out: Path, design: Any, problem: Problem, choices: dict[str, Any]) -> None:
    """Make the folder, or make sure that it holds this search. Raises InputError, and changes nothing, otherwise."""
    said = {"design": design.text, "problem": asdict(problem), **choices}
    text = json.dumps(said, indent=1, ensure_ascii=False, default=list)
    try:
        if out.is_dir() and any(out.iterdir()):
            kept = json.loads((out / MARK).read_text("utf-8"))
            if kept != json.loads(text):
                raise InputError(f"--out {out}: holds another search; choose a new folder; nothing was changed")
            return
        out.mkdir(parents=True, exist_ok=True)
        put(out / MARK, lambda file: file.write(text.encode()))
    except (OSError, ValueError) as error:
        raise InputError(f"--out {out}: cannot be used for a search ({error}); choose a new folder") from None


def finalists_table(found: Search) -> tuple[Any, Sequence[str]]:
    """The finalists as a planner reads them."""
    import pandas as pd

    rows, problem = found.finalists, found.problem
    shown: dict[str, Any] = {
        short(lever): [percent(v / problem.budget) for v in rows[lever]] for lever in problem.levers
    }
    for measure in found.measures:
        shown[measure.name] = [
            f"{amount(row[measure.name], measure.unit)} "
            f"({signed_span(row[f'{measure.name} low'], row[f'{measure.name} high'], measure.unit)})"
            for _, row in rows.iterrows()
        ]
    shown["first_in"] = [percent(v) for v in rows["best_share"]]
    table = pd.DataFrame(shown)
    return table, list(table.columns)
