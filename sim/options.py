"""Options that several commands of `bandung` share, and how commands print."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from sim.keeping import keep_cities
from sim.language import ENGLISH, LANGUAGES, VARIABLE, translated

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
WORKERS = click.option("--workers", type=click.IntRange(1, 256), help="Processes; default: one for each core.")


def _remember(context: click.Context, _: click.Parameter, language: str) -> str:
    """Errors are said in the language of the command that made them."""
    context.find_root().ensure_object(dict)["language"] = language
    return language


LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    envvar=VARIABLE,
    show_envvar=True,
    is_eager=True,
    callback=_remember,
    help="English or Indonesian.",
)


def epilog(*lines: str) -> str:
    """Examples under the help of a command."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def announce_compilation(language: str = ENGLISH) -> None:
    """Say that the first run compiles, where it will."""
    from sim.compiled import is_cold

    if is_cold():
        said = translated("first run: compiling the rules, about a minute; kept for later runs", language)
        click.echo(said, err=True)


def get_ready(language: str = ENGLISH) -> None:
    """Before a command lives a city: cities are kept for the next time, and a wait for the first run is announced."""
    keep_cities()
    announce_compilation(language)


def print_json(said: Any) -> None:
    """One object; in pure ASCII where the stream cannot carry every letter, so that nothing of it is lost."""
    plain = "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    click.echo(json.dumps(said, ensure_ascii=plain, allow_nan=False))
