"""What `bandung sweep` and `bandung check` do with a design."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from sim import strict_yaml
from sim.errors import InputError
from sim.language import translated, when
from sim.paper import put
from sim.scenario import SUFFIXES, find_scenario, load_scenario
from sim.sweep.design import is_design, load_design
from sim.sweep.progress import Progress
from sim.sweep.run import Swept, sweep
from sim.sweep.size import check_size, size_of


def run_sweep(
    source: str,
    out: Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    shard: str = "1/1",
    retry_failed: bool = False,
    yes: bool = False,
) -> Swept:
    """Read a design, say what it takes, and live what is missing of it; progress on stderr."""
    part = read_shard(shard)
    if workers is not None and dask is not None:
        raise InputError("--workers counts processes of this machine; a Dask scheduler has workers of its own")
    design = load_design(source)
    found = check_size(design, workers, yes)
    print(f"{design.title}: {found}", file=sys.stderr, flush=True)
    progress = Progress()
    try:
        return sweep(design, out, workers=workers, dask=dask, shard=part, retry_failed=retry_failed, tell=progress)
    finally:
        progress.close()


def read_shard(text: str) -> tuple[int, int]:
    """`3/16` as numbers."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    index, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= index <= of:
        raise InputError(f"--shard {text!r}: must be I/N with I from 1 to N, e.g. 3/16")
    return index, of


def show_swept(made: Swept) -> None:
    """What a sweep has come to, in a few lines."""
    counts = made.counts
    lines = [
        f"{made.runs:,} runs: {counts['ok']:,} done, {counts['error'] + counts['crashed']:,} failed, "
        f"{counts['missing']:,} still missing; {made.lived:,} lived now in {made.seconds:,.1f} s",
        f"Table: {made.folder / 'runs.parquet'} (pandas.read_parquet('{made.folder}'))",
    ]
    put(lines)


def checked(path: Path | str, language: str = "en") -> str:
    """Check a scenario or design file. Gives what it is in a few words; raises InputError with all that is wrong."""
    file = find_scenario(path)
    if file.suffix in SUFFIXES and is_design(strict_yaml.load(file).data):
        design = load_design(file)
        return translated("{title} (a design: {size})", language, title=design.title, size=size_of(design))
    read = load_scenario(path)
    return translated(
        "{title} ({months} months from {start}, scale {scale})",
        language,
        title=translated(read.title, language),
        months=read.months,
        start=when(read.start, language),
        scale=read.scale,
    )
