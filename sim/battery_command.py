"""The command `bandung battery`. What it does is imported when it is called."""

from __future__ import annotations

from typing import Any

import click

from sim.options import JSON, LANGUAGE, WORKERS, epilog, get_ready, print_json


@click.command(
    epilog=epilog(
        "bandung battery umkm_naik_kelas --seeds 10 --scale 200", "bandung battery my_question.yaml --seeds 10 --json"
    )
)
@click.argument("scenario")
@click.option("--seeds", type=click.IntRange(1, 1000), help="How often the city is repeated with other luck.")
@click.option("--scale", type=click.IntRange(1, 2000), help="Real agents per simulated agent; 1 is the whole city.")
@WORKERS
@click.option("--weights", metavar="NAME=N,...", help="Of the resilience index: livelihood=2,equity=0; others 1.")
@LANGUAGE
@JSON
def battery(scenario: str, weights: str | None, language: str, as_json: bool, **choices: Any) -> None:
    """Put the packages of SCENARIO through six standard shocks, each twice, in place of its own."""
    from sim.analysis.index import weights_said
    from sim.scenario import load_scenario

    chosen, read = weights_said(weights), load_scenario(scenario)
    get_ready(language)
    from sim.battery import battery as put_through
    from sim.battery_table import show
    from sim.progress import reporter

    progress = reporter(language=language)
    try:
        made = put_through(read, weights=chosen, progress=progress, **choices)
    finally:
        progress.close()
    if as_json:
        print_json(made.as_dict())
    else:
        show(made, language)
