"""What `bandung search` does: read a design, say what it takes, search below one folder, and give the proposal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.language import ENGLISH, told
from sim.options import announce_compilation
from sim.sweep.answers import Answer, Shown
from sim.sweep.command import announce, check_workers
from sim.sweep.design import columns, load_design
from sim.sweep.progress import Progress
from sim.sweep.search import Problem, Search, battery_of, most_splits, problem_of, search, sentences, short
from sim.sweep.size import Size, agreed, builds, expected
from sim.sweep.store import disk_error, is_full, put
from sim.sweep.words import amount, percent, signed_span

MARK = "_search.json"


def search_answer(
    source: str,
    out: Path,
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
    yes: bool,
    language: str = ENGLISH,
) -> Answer:
    """Search. A search that was stopped goes on where it was."""
    check_workers(workers, dask)
    design = load_design(source)
    problem = problem_of(design, package, budget, aims)
    size = size_of_search(design, problem, generations, batch, fresh, 1 if dask else workers)
    fewer = told("generations, splits of a round (--batch), futures or seeds")
    agreed(size, design.name, fewer, yes)
    _own_folder(out, design, problem, {"batch": batch, "seed": seed})
    announce(told("{title}: at most {size}", title=design.title, size=size.said()), language)
    announce_compilation(language)
    choices: dict[str, Any] = {"generations": generations, "batch": batch, "fresh": fresh, "seed": seed}
    progress = Progress(language=language)
    try:
        found = search(
            design, problem, out, tell=progress.line, progress=progress, workers=workers, dask=dask,
            language=language, **choices,
        )  # fmt: skip
    finally:
        progress.close()
    from sim.sweep.figures import search_figure

    kept = {"finalists": found.finalists, "tried": found.tried}
    figure = partial(search_figure, found)
    return Answer("search", sentences(found), kept, [finalists_table(found)], found.as_dict(), figure)


def size_of_search(
    design: Any, problem: Problem, generations: int, batch: int, fresh: int, workers: int | None = None
) -> Size:
    """What a search takes, at most: in every round all splits and doing nothing, in every future and on every seed."""
    futures = len(battery_of(design, problem))
    rounds, finalists = most_splits(design, problem, generations, batch)
    each = futures * len(design.shock_list)
    seeds = len(design.seed_list)
    runs = each * (seeds * (sum(rounds) + len(rounds)) + fresh * (finalists + 1))
    cities = builds(design, futures) * (len(rounds) * seeds + fresh) // seeds
    return expected(design.base, runs, cities, len(columns(design)), workers)


def _own_folder(out: Path, design: Any, problem: Problem, choices: dict[str, Any]) -> None:
    """Make the folder, or make sure that it holds this search. Raises InputError, and changes nothing, otherwise."""
    said = {"design": design.text, "problem": asdict(problem), **choices}
    text = json.dumps(said, indent=1, ensure_ascii=False, default=list)
    try:
        if out.is_dir() and any(out.iterdir()):
            kept = json.loads((out / MARK).read_text("utf-8"))
            if kept != json.loads(text):
                refusal = told("{folder}: holds another search; choose a new folder; nothing was changed", folder=out)
                raise InputError(refusal)
            return
        out.mkdir(parents=True, exist_ok=True)
        put(out / MARK, lambda file: file.write(text.encode()))
    except (OSError, ValueError) as error:
        if is_full(error):
            raise disk_error(out, error) from None
        refusal = told("{folder}: cannot be used for a search ({why}); choose a new folder", folder=out, why=error)
        raise InputError(refusal) from None


def finalists_table(found: Search) -> Shown:
    """The finalists as a planner reads them."""
    problem, cells = found.problem, []
    for row in found.finalists.to_dict("records"):
        shares = [percent(row[lever] / problem.budget) for lever in problem.levers]
        gains = [
            told(
                "{gain} ({span})",
                gain=amount(row[one.name], one.unit),
                span=signed_span(row[f"{one.name} low"], row[f"{one.name} high"], one.unit),
            )
            for one in found.measures
        ]
        cells.append([*shares, *gains, percent(row["best_share"])])
    names = [*map(short, problem.levers), *(one.name for one in found.measures), "first_in"]
    return Shown(told("Finalists on fresh seeds, the best first"), names, cells)
