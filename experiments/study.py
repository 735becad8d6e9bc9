"""What the studies of this folder share: their options, their designs, and how they end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim import strict_yaml
from sim.errors import InputError, RunError
from sim.sweep.answers import check_out, save, show
from sim.sweep.design import Design
from sim.sweep.futures import Futures
from sim.sweep.progress import Progress
from sim.sweep.run import sweep
from sim.sweep.size import check_size, size_of

HERE = Path(__file__).parent


def options(about: str, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """`--out`, and what makes a study smaller or larger than its design says."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--out", type=Path, required=True, help="folder for the runs and the answer")
    parser.add_argument("--workers", type=int, help="processes; default: one for each core")
    for name, text in (("scale", "real agents per agent"), ("months", "horizon"), ("samples", "of the sampling")):
        parser.add_argument(f"--{name}", type=int, help=f"{text}; default: what the design says")
    parser.add_argument("--seeds", type=int, help="how many seeds; default: what the design says")
    parser.add_argument("--yes", action="store_true", help="start even what takes very long or much disk")
    return parser.parse_args(arguments)


def design(name: str, chosen: argparse.Namespace, **changes: Any) -> Design:
    """The design of that name beside this file, with the options' and other changes."""
    path = HERE / f"{name}.yaml"
    data = dict(strict_yaml.load(path).data) | changes
    for key in ("scale", "months", "seeds"):
        if getattr(chosen, key) is not None:
            data[key] = getattr(chosen, key)
    if chosen.samples is not None:
        data["sampling"] = {**data.get("sampling", {}), "samples": chosen.samples}
    made = Design(_home=HERE, **data)
    check_size(made, chosen.workers, chosen.yes)
    return made


def lived(made: Design, folder: Path, workers: int | None) -> Futures:
    """Sweep the design, or what is missing of it, and give its futures."""
    progress = Progress()
    print(f"{made.title}: {size_of(made, workers)}", file=sys.stderr)
    try:
        sweep(made, folder, workers=workers, tell=progress)
    finally:
        progress.close()
    return Futures.read(folder)


def answer(out: Path, name: str, tables: dict[str, Any], figure: Any, told: Sequence[str]) -> None:
    """Keep the figure, the tables and the paragraph in OUT/answer, and print the paragraph."""
    folder = out / "answer"
    check_out(folder)
    save(folder, name, tables, figure, told)
    show(told, (), folder)


def main(study: Any) -> None:
    """Run a study from the command line: one message for wrong input (exit 2) and a full disk (exit 1)."""
    try:
        study(None)
    except InputError as error:
        print("\n".join(error.messages), file=sys.stderr)
        sys.exit(2)
    except RunError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
