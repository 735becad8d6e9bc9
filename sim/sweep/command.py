"""What `bandung sweep` and `bandung check` do with a design."""

from __future__ import annotations

import re
import sys
from functools import reduce
from pathlib import Path
from typing import Any

from sim import strict_yaml
from sim.errors import InputError
from sim.language import ENGLISH, months, number, speaker, told, translated, when
from sim.options import announce_compilation
from sim.paper import put
from sim.scenario import SUFFIXES, Scenario, find_scenario, load_scenario, read_scenario
from sim.strict_yaml import printed
from sim.sweep.design import Design, is_design, load_design, read_design
from sim.sweep.enough import enough_for, left_out
from sim.sweep.progress import Progress
from sim.sweep.run import Swept, sweep
from sim.sweep.size import check_size, size_of
from sim.sweep.table import TABLE


def run_sweep(
    source: str,
    out: Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    shard: str = "1/1",
    language: str = ENGLISH,
    **choices: Any,
) -> Swept:
    """Read a design, say what it takes, and live what is missing of it; progress on stderr."""
    part = read_shard(shard)
    check_workers(workers, dask)
    return lived(load_design(source), out, workers=workers, dask=dask, shard=part, language=language, **choices)


def lived(
    design: Design,
    out: Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    yes: bool = False,
    language: str = ENGLISH,
    **choices: Any,
) -> Swept:
    """Say what a design takes, refuse an absurd size, and live what is missing; progress on stderr."""
    found = check_size(design, 1 if dask else workers, yes)
    announce(told("{title}: {size}", title=design.title, size=found.said()), language)
    for warning in left_out(design):
        announce(warning, language)
    announce_compilation(language)
    progress = Progress(language=language)
    try:
        return sweep(design, out, workers=workers, dask=dask, tell=progress, language=language, **choices)
    finally:
        progress.close()


def announce(text: str, language: str) -> None:
    """Say something on stderr."""
    print(translated(text, language), file=sys.stderr, flush=True)


def check_workers(workers: int | None, dask: str | None) -> None:
    """Processes are counted on this machine only."""
    if workers is not None and dask is not None:
        raise InputError(told("--workers counts processes of this machine; a Dask scheduler has workers of its own"))


def read_shard(text: str) -> tuple[int, int]:
    """`3/16` as numbers."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    index, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= index <= of:
        raise InputError(told("--shard '{given}': must be I/N with I from 1 to N, e.g. 3/16", given=printed(text)))
    return index, of


def show_swept(made: Swept, language: str = ENGLISH) -> None:
    """What a sweep has come to, in a few lines."""
    counts, say = made.counts, speaker(language)
    fields = {
        "runs": number(made.runs, language),
        "done": number(counts["ok"], language),
        "failed": number(counts["error"] + counts["crashed"], language),
        "missing": number(counts["missing"], language),
        "lived": number(made.lived, language),
        "seconds": number(made.seconds, language, 1),
    }
    put(
        [
            say(
                "{runs} runs: {done} done, {failed} failed, {missing} still missing; {lived} lived now in {seconds} s",
                **fields,
            ),
            say("Table: {file} ({python})", file=made.folder / TABLE, python=f"pandas.read_parquet('{made.folder}')"),
        ]
    )


def _checked_design(design: Design) -> str:
    """What a design is: its size, which questions it is large enough for, and what in it may be a mistake."""
    able = enough_for(design)
    size = told("{size}; {enough}", size=size_of(design).said(), enough=able) if able else size_of(design).said()
    said = told("{title} (a design: {size})", title=design.title, size=size)
    return reduce(lambda text, line: told("{text}\n  {line}", text=text, line=line), left_out(design), said)


def checked(path: Path | str, language: str = "en") -> str:
    """Check a scenario or design file. Gives what it is in a few words; raises InputError with all that is wrong."""
    file = find_scenario(path)
    if strict_yaml.is_stream(file):
        document = strict_yaml.load(file)  # which can be read only once
        if is_design(document.data):
            return translated(_checked_design(read_design(document, "", None)), language)
        return _checked_scenario(read_scenario(document), language)
    if file.suffix in SUFFIXES and is_design(strict_yaml.load(file).data):
        return translated(_checked_design(load_design(file)), language)
    return _checked_scenario(load_scenario(path), language)


def _checked_scenario(read: Scenario, language: str) -> str:
    """What a scenario is in a few words, and what its author should know."""
    said = translated(
        "{title} ({span} from {start}, scale {scale})",
        language,
        title=read.worded(read.title, language),
        span=months(read.months, language),
        start=when(read.start, language),
        scale=number(read.scale, language),
    )
    return "\n".join([said, *(f"  {translated(remark, language)}" for remark in read.remarks())])
