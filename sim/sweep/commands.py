"""The commands of `bandung` that live sweeps and answer from them. What they do is imported when they are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.options import JSON, LANGUAGE, WORKERS, epilog, print_json

YES = click.option("--yes", is_flag=True, help="Start even a design that takes very long or much disk.")
FOLDER = click.argument("folder", type=click.Path(path_type=Path))
OUTCOME = click.option("--outcome", "outcomes", multiple=True, metavar="COLUMN", help="Only this one; may be repeated.")
ANSWER = click.option("--out", type=click.Path(path_type=Path), help="Folder for tables, the figure and the paragraph.")


@click.command(
    epilog=epilog(
        "bandung sweep experiments/what_matters.yaml --out runs/sweep",
        "bandung sweep my_design.yaml --out runs/sweep --dask tcp://127.0.0.1:8786",
        "bandung sweep my_design.yaml --out runs/sweep --shard 3/16",
    )
)
@click.argument("design")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the table and the runs so far.")
@WORKERS
@click.option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler instead, e.g. tcp://host:8786.")
@click.option("--shard", metavar="I/N", default="1/1", show_default=True, help="Do only the I-th of N parts.")
@click.option("--retry-failed", is_flag=True, help="Also try again the runs that raised an error.")
@YES
@LANGUAGE
@JSON
def sweep(design: str, out: Path, language: str, as_json: bool, **choices: Any) -> None:
    """Live all runs of a DESIGN file and keep one row for each; run it again and it goes on where it stopped."""
    from sim.sweep.command import run_sweep, show_swept

    made = run_sweep(design, out, language=language, **choices)
    if as_json:
        print_json(made.as_dict())
    else:
        show_swept(made, language)
    made.raise_for_failures()


def _answers(study: str, out: Path | None, language: str, as_json: bool, *arguments: Any, **choices: Any) -> None:
    """Do a study of sim/sweep/studies.py, keep its answer in OUT, and print it."""
    from sim.sweep import studies
    from sim.sweep.answers import check_out, give

    check_out(out)
    made: Callable[..., Any] = getattr(studies, study)
    if said := give(made(*arguments, **choices), out, as_json, language):
        print_json(said)


@click.command(
    epilog=epilog(
        "bandung sensitivity runs/sweep --out runs/answer",
        "bandung sensitivity runs/sweep --outcome poverty_headcount.mean --package Mentoring --against none",
    )
)
@FOLDER
@OUTCOME
@click.option("--package", default="", metavar="NAME", help="Whose runs; default: doing nothing, or the first.")
@click.option("--against", default="", metavar="NAME", help="Explain the difference from this package instead.")
@click.option("--factor", "only", multiple=True, metavar="COLUMN", help="Show only this factor; may be repeated.")
@ANSWER
@LANGUAGE
@JSON
def sensitivity(folder: Path, out: Path | None, language: str, as_json: bool, **choices: Any) -> None:
    """What drives the outcomes of the sweep in FOLDER: Morris, Sobol' or given-data indices, with chance as a cause."""
    _answers("sensitivity_answer", out, language, as_json, folder, **choices)


@click.command(
    epilog=epilog(
        "bandung robust runs/sweep --out runs/answer",
        "bandung robust runs/sweep --succeed 'poverty_headcount.last < 0.05' --succeed 'business_survival.last > 0.9'",
    )
)
@FOLDER
@OUTCOME
@click.option("--succeed", multiple=True, metavar="CONDITION", help="When a future goes well; all have to hold.")
@ANSWER
@LANGUAGE
@JSON
def robust(folder: Path, out: Path | None, language: str, as_json: bool, **choices: Any) -> None:
    """Which package of the sweep in FOLDER holds up over all futures: regret, share that goes well, cost and result."""
    _answers("robust_answer", out, language, as_json, folder, **choices)


@click.command(
    epilog=epilog(
        "bandung discover runs/sweep --package Mentoring --out runs/answer",
        "bandung discover runs/sweep --package none --fails 'poverty_headcount.max > 0.06'",
    )
)
@FOLDER
@click.option("--package", required=True, metavar="NAME", help="The package, or none.")
@click.option("--fails", multiple=True, metavar="CONDITION", help="What a failure is; default: worse than nothing.")
@OUTCOME
@click.option("--density", type=click.FloatRange(0.05, 1), default=0.8, show_default=True, help="Least share failing.")
@ANSWER
@LANGUAGE
@JSON
def discover(folder: Path, out: Path | None, language: str, as_json: bool, **choices: Any) -> None:
    """Under which conditions a package of the sweep in FOLDER fails (PRIM), in words."""
    _answers("discovery_answer", out, language, as_json, folder, **choices)


@click.command(epilog=epilog("bandung search experiments/best_split.yaml --out runs/search --workers 2"))
@click.argument("design")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the runs and the answer.")
@click.option("--package", default="", metavar="NAME", help="The package whose levers share the money.")
@click.option("--budget", type=float, help="Money to split, as the levers count it; default: their lowest `high`.")
@click.option("--aim", "aims", multiple=True, metavar="COLUMN", help="What to improve, the first most; repeatable.")
@click.option("--generations", type=click.IntRange(1, 500), default=6, show_default=True, help="Rounds of proposals.")
@click.option("--batch", type=click.IntRange(1, 500), default=10, show_default=True, help="Splits of a round.")
@click.option("--fresh", type=click.IntRange(2, 1000), default=10, show_default=True, help="New seeds for finalists.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Of the optimiser.")
@WORKERS
@click.option("--dask", metavar="ADDRESS", help="Use the workers of this Dask scheduler instead.")
@YES
@LANGUAGE
@JSON
def search(design: str, out: Path, language: str, as_json: bool, **choices: Any) -> None:
    """Propose the best split of a budget over the levers of a DESIGN, against its futures, and say how sure it is."""
    from sim.sweep.answers import give
    from sim.sweep.search_command import search_answer

    if said := give(search_answer(design, out, language=language, **choices), out, as_json, language):
        print_json(said)


@click.command(epilog=epilog("bandung calibrate --out runs/history", "bandung hindcast runs/history"))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the runs; go on where it is.")
@click.option("--samples", type=click.IntRange(10, 100_000), default=60, show_default=True, help="Combinations tried.")
@click.option("--seeds", type=click.IntRange(1, 1000), default=3, show_default=True, help="Seeds of each.")
@click.option("--scale", type=click.IntRange(1, 2000), default=200, show_default=True, help="Real agents per agent.")
@WORKERS
@YES
@LANGUAGE
@JSON
def calibrate(out: Path, language: str, as_json: bool, **choices: Any) -> None:
    """Fit to the years up to 2021: which combinations of uncertain numbers the published figures do not rule out."""
    from sim.sweep.answers import give
    from sim.sweep.studies import calibration_answer

    if said := give(calibration_answer(out, language=language, **choices), None, as_json, language):
        print_json(said)


@click.command(epilog=epilog("bandung hindcast runs/history --out runs/answer"))
@FOLDER
@ANSWER
@LANGUAGE
@JSON
def hindcast(folder: Path, out: Path | None, language: str, as_json: bool) -> None:
    """Predict the years after 2021 with the calibration in FOLDER, and score it against carrying the last figure on."""
    _answers("hindcast_answer", out, language, as_json, folder)


COMMANDS = (sweep, sensitivity, robust, discover, search, calibrate, hindcast)
