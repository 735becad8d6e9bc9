"""The `bandung` command. Results go to stdout, talk to stderr; exit 0 done, 1 failed, 2 wrong input, 130 stopped."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

import click

from sim.battery_command import battery
from sim.errors import InputError, Remark, RunError
from sim.language import speaker, told, translated, usual_language
from sim.options import JSON, LANGUAGE, WORKERS, announce_compilation, epilog, get_ready, print_json
from sim.stopping import handled
from sim.sweep.commands import COMMANDS

# Heavy modules are imported inside the commands: `bandung --help` answers at once.


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=epilog("bandung run baseline", "bandung new my_question.yaml", "bandung parameters labour"),
)
@click.version_option(package_name="bandung-resilience", prog_name="bandung")
def bandung() -> None:
    """Social resilience of Kota Bandung: simulate the city and ask it questions."""


@bandung.command(epilog=epilog("bandung run baseline", "bandung run baseline --scale 200 --months 24 --out runs/try"))
@click.argument("scenario")
@click.option("--scale", type=click.IntRange(1, 2000), help="Real agents per simulated agent; 1 is the whole city.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="The course of chance.")
@click.option("--months", type=click.IntRange(1, 600), help="How long; default: what the scenario says.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads; default: all this process may use.")
@click.option("--package", metavar="NAME|none", default="none", show_default=True, help="The policies to apply.")
@click.option(
    "--shocks", type=click.Choice(["on", "off"]), default="on", show_default=True, help="The scenario's shocks."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the dataset: every outcome of every month.")
@click.option("--timing", is_flag=True, help="Also say how long each act of the month took.")
@LANGUAGE
@JSON
def run(
    scenario: str, out: Path | None, shocks: str, timing: bool, language: str, as_json: bool, **choices: Any
) -> None:
    """Simulate one world: SCENARIO is a file or the name of a ready scenario."""
    from sim.results import check_folder, told_of_replaced
    from sim.scenario import load_scenario

    read = load_scenario(scenario)
    read.package(choices["package"])
    if out is not None:
        asked = {name: choices[name] for name in ("months", "scale", "package")}
        _remark(told_of_replaced(check_folder(out), read, **asked, shocks=shocks, seeds=[choices["seed"]]), language)
    get_ready(language)
    from sim.progress import reporter
    from sim.runner import run as run_world

    progress = reporter(language=language)
    try:
        result = run_world(read, shocks=shocks == "on", timing=timing, progress=progress, **choices)
    finally:
        progress.close()
    _report(result, out, language, as_json)


def _remark(text: str, language: str) -> None:
    """Say something besides the results, where there is something to say."""
    if text:
        click.echo(translated(text, language), err=True)


def _report(result: Any, out: Path | None, language: str, as_json: bool) -> None:
    """Save and print. A dataset that cannot be saved does not take the printed result with it."""
    failure: RunError | InputError | None = None
    if out is not None:
        try:
            result.save(out, language)
        except (RunError, InputError) as error:
            failure, out = error, None
    if as_json:
        print_json(result.as_dict())
    else:
        from sim.summary import show, show_timings

        show(result, dataset=out, language=language)
        show_timings(result, language)
    if failure:
        raise failure


@bandung.command(
    epilog=epilog("bandung compare umkm_naik_kelas", "bandung compare my_question.yaml --seeds 10 --out runs/mine")
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--seeds", type=click.IntRange(1, 1000), help="How often the city is repeated with other luck.")
@click.option("--scale", type=click.IntRange(1, 2000), help="Real agents per simulated agent; 1 is the whole city.")
@click.option("--months", type=click.IntRange(1, 600), help="How long; default: what the scenario says.")
@WORKERS
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the dataset and the report.")
@click.option("--weights", metavar="NAME=N,...", help="Of the resilience index: livelihood=2,equity=0; others 1.")
@LANGUAGE
@JSON
def compare(
    scenarios: tuple[str, ...], out: Path | None, weights: str | None, language: str, as_json: bool, **choices: Any
) -> None:
    """Compare the packages of each SCENARIO with doing nothing, with and without its shocks, on shared luck."""
    from sim.analysis.index import weights_said
    from sim.results import COMPARISON, check_folder, told_of_replaced
    from sim.scenario import load_scenario

    choices["weights"] = weights_said(weights)
    read = [load_scenario(scenario) for scenario in scenarios]
    names = [one.name for one in read]
    if out is not None and (twice := next((name for name in names if names.count(name) > 1), None)):
        raise InputError(told("two scenarios are called '{name}'; with --out each needs a name of its own", name=twice))
    folders = [out if out is None or len(read) == 1 else out / one.name for one in read]
    sizes = {name: choices[name] for name in ("months", "scale")}
    for one, folder in zip(read, folders, strict=True):
        if folder is not None:
            check_folder(folder, COMPARISON)
            seeds = list(range(1, (choices["seeds"] or one.seeds) + 1))
            _remark(told_of_replaced(folder, one, **sizes, seeds=seeds), language)
    get_ready(language)
    from sim.comparison import compare as compare_packages
    from sim.comparison_table import show
    from sim.progress import reporter

    said = []
    for one, folder in zip(read, folders, strict=True):
        progress = reporter(language=language)
        try:
            made = compare_packages(one, out=folder, progress=progress, language=language, **choices)
        finally:
            progress.close()
        if as_json:
            said.append(made.as_dict())
        else:
            show(made, folder, language)
    if as_json:
        from sim.runner import finite

        print_json(finite(said[0] if len(said) == 1 else {"comparisons": said}))


@bandung.command(epilog=epilog("bandung follow umkm_naik_kelas --household 12 --scale 200"))
@click.argument("scenario")
@click.option(
    "--household",
    type=click.IntRange(1),
    help="Its number, from 1 (N is households[N - 1] in Python); default: one whose life the policy changes.",
)
@click.option("--package", metavar="NAME|none", help="The policies of the second world; default: the first package.")
@click.option("--scale", type=click.IntRange(1, 2000), help="Real agents per simulated agent; 1 is the whole city.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="The course of chance.")
@click.option("--months", type=click.IntRange(1, 600), help="How long; default: what the scenario says.")
@click.option(
    "--shocks", type=click.Choice(["on", "off"]), default="on", show_default=True, help="The scenario's shocks."
)
@LANGUAGE
@JSON
def follow(scenario: str, shocks: str, language: str, as_json: bool, **choices: Any) -> None:
    """Tell the life of one household in the worlds with and without the policy."""
    from sim.scenario import load_scenario

    read = load_scenario(scenario)
    read.package(choices["package"])
    get_ready(language)
    from sim.follow import chosen_package
    from sim.follow import follow as follow_household
    from sim.progress import reporter
    from sim.span import span_of
    from sim.story import as_dict, story

    for remark in span_of(read, choices["months"], chosen_package(read, choices["package"]), shocks == "on"):
        _remark(remark, language)

    progress = reporter(language=language)
    try:
        lives = follow_household(read, shocks=shocks == "on", tell_progress=progress, **choices)
    finally:
        progress.close()
    if as_json:
        print_json(as_dict(lives))
    else:
        click.echo("\n".join(story(lives, language)))


for command in (battery, *COMMANDS):
    bandung.add_command(command)


@bandung.command(epilog=epilog("bandung check scenarios", "bandung check my_question.yaml --json"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@LANGUAGE
@JSON
def check(paths: tuple[str, ...], language: str, as_json: bool) -> None:
    """Check scenario and design files, or all of a folder, and say everything that is wrong with them."""
    from sim.scenario import files_of
    from sim.sweep.command import checked

    wrong: dict[str, list[str]] = {}
    for path in paths:
        files = files_of(path)
        if not files:
            wrong[path] = [told("{path}: no scenario or design files (.yaml) in this folder", path=path)]
        for file in files:
            wrong[file] = []
            try:
                found = checked(Path(file) if file else file, language)
                if not as_json:
                    click.echo(translated("{file}: good: {what}", language, file=file, what=found))
            except InputError as error:
                wrong[file] = error.messages
    if as_json:
        print_json({"files": [{"file": path, "good": not found, "errors": found} for path, found in wrong.items()]})
    if messages := [message for found in wrong.values() for message in found]:
        raise InputError(*messages)


@bandung.command(epilog=epilog("bandung new my_question.yaml", "bandung new my_design.yaml --design"))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--design", is_flag=True, help="A design of a sweep instead of a scenario.")
def new(path: Path, design: bool) -> None:
    """Write a commented scenario file to start from, or with --design that of a sweep."""
    from sim.template import write_new

    if design:
        from sim.sweep.template import new_design

        write_new(path, new_design)
    else:
        write_new(path)
    click.echo(f"{path} written; next: edit it, then `bandung check {path}`")


@bandung.command(epilog=epilog("bandung parameters", "bandung parameters household --json"))
@click.argument("part", required=False)
@LANGUAGE
@JSON
def parameters(part: str | None, language: str, as_json: bool) -> None:
    """List the parameters (with PART: those whose name contains it): default, unit, range, meaning, source."""
    from sim.listing import PARAMETER_COLUMNS, parameter_rows, show
    from sim.parameters import catalogue
    from sim.summary import provenance

    rows = parameter_rows(part)
    if as_json:
        print_json({"parameters": rows})
        return
    show(rows, PARAMETER_COLUMNS, ("default", "low", "high"), language)
    told_of = provenance(catalogue().values(), language)
    click.echo("\n" + translated("Of all {provenance}.", language, provenance=told_of))


@bandung.command(epilog=epilog("bandung outcomes", "bandung outcomes poverty --json"))
@click.argument("part", required=False)
@LANGUAGE
@JSON
def outcomes(part: str | None, language: str, as_json: bool) -> None:
    """List what the model measures (with PART: what has it in its name): unit, meaning, source, places and groups."""
    from sim.listing import OUTCOME_COLUMNS, outcome_rows, show

    rows = outcome_rows(part)
    if as_json:
        print_json({"outcomes": rows})
        return
    say = speaker(language)
    for row in rows:
        told_for = [say("city"), say("districts") * row["by_place"], say("quintiles") * row["by_group"]]
        row["for"] = ", ".join(filter(None, told_for))
    show(rows, OUTCOME_COLUMNS, language=language)


@bandung.command(epilog=epilog("bandung scenarios"))
@LANGUAGE
@JSON
def scenarios(language: str, as_json: bool) -> None:
    """List the ready scenarios and the question each asks."""
    from sim.listing import SCENARIO_COLUMNS, scenario_rows, show

    rows = scenario_rows()
    if as_json:
        print_json({"scenarios": rows})
    else:
        show(rows, SCENARIO_COLUMNS, ("months", "scale"), language)


@bandung.command(epilog=epilog("bandung levers", "bandung levers cash --json"))
@click.argument("part", required=False)
@LANGUAGE
@JSON
def levers(part: str | None, language: str, as_json: bool) -> None:
    """List the policy levers a package can use (with PART: those whose name contains it)."""
    _kinds("lever", part, language, as_json)


@bandung.command(epilog=epilog("bandung shocks", "bandung shocks flood --json"))
@click.argument("part", required=False)
@LANGUAGE
@JSON
def shocks(part: str | None, language: str, as_json: bool) -> None:
    """List the shocks a scenario can use (with PART: those whose name contains it)."""
    _kinds("shock", part, language, as_json)


def _kinds(word: str, part: str | None, language: str, as_json: bool) -> None:
    from sim.listing import kind_rows, registry_of, show_kinds

    registry = registry_of(word)
    if as_json:
        reserved = [name for name in registry.known if name not in registry]
        print_json({f"{word}s": kind_rows(registry, part), "reserved": reserved})
    else:
        show_kinds(registry, language, part)


@bandung.command(epilog=epilog("bandung ui", "bandung ui kolaborasi_penuh --port 8800"))
@click.argument("scenario", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 lets others in.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="Port to listen on.")
@click.option("--boundaries", type=click.Path(path_type=Path), help="GeoJSON with the 30 kecamatan, for the map.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes that compute; default: one for each core.")
@click.option("--live-scale", type=click.IntRange(50, 2000), help="Real agents per simulated one in the live curves.")
@click.option("--live-seeds", type=click.IntRange(1, 30), help="Courses of chance behind the live curves.")
@click.option("--finest", type=click.IntRange(1, 2000), help="Finest scale anybody may ask for; 1 is the whole city.")
@click.option("--most-months", type=click.IntRange(1, 600), help="Longest run anybody may ask for.")
@click.option(
    "--most-waiting", type=click.IntRange(1, 10_000), help="Worlds that may wait to be computed, of all users."
)
@click.option("--open", "browser", is_flag=True, help="Open the page in a browser once it answers.")
@click.option("--prepare", is_flag=True, help="Only compute what the page opens with, and keep it for the next start.")
def ui(
    scenario: str | None,
    host: str,
    port: int,
    boundaries: Path | None,
    browser: bool,
    prepare: bool,
    **bounds: int | None,
) -> None:
    """Serve the page: pull a lever, see Bandung change. SCENARIO is a ready one that it opens with."""
    from sim.ui import launch
    from sim.ui.limits import chosen

    launch.check_installed()
    name = launch.check_scenario(scenario)
    launch.prepare(name, chosen(bounds), boundaries)
    place = launch.address(host, port)
    if prepare:
        get_ready()
        launch.prepare_first()
        click.echo(f"`bandung ui` serves the page at {place}")
        return
    launch.check_port(host, port)
    get_ready()

    def ready() -> None:
        click.echo(place)
        sys.stdout.flush()
        if browser:
            click.launch(place)

    launch.serve(host, port, ready)


@bandung.command(epilog=epilog("bandung benchmark --scales 200,50 --months 24", "bandung benchmark --json"))
@click.option("--scales", default="200,50,10,1", show_default=True, help="Samples to measure, 1 is the whole city.")
@click.option("--months", type=click.IntRange(1, 600), default=120, show_default=True, help="Months of each run.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads; default: all this process may use.")
@JSON
def benchmark(scales: str, months: int, threads: int | None, as_json: bool) -> None:
    """Measure the speed on this machine: runs, acts, memory, and the same task in plain Mesa."""
    from sim.benchmark import measure, read_scales, show_benchmark

    chosen = read_scales(scales)
    announce_compilation()
    figures = measure(chosen, months, threads, tell=lambda line: click.echo(line, err=True))
    print_json(figures) if as_json else show_benchmark(figures)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and turn every ending into its exit code and one message."""
    signal.signal(signal.SIGTERM, _stop)
    _open_streams()
    warnings.simplefilter("ignore", Remark)  # the results say them
    sys.exit(answer(arguments))


def _open_streams() -> None:
    """What is said can always be said: with another sign where a terminal lacks one, to nobody where nobody listens."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us (`>&-`)
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt


def answer(arguments: list[str] | None) -> int:
    """Do what the arguments say; the exit code."""
    spoken = {"language": usual_language()}
    try:
        code = bandung.main(arguments, prog_name="bandung", standalone_mode=False, obj=spoken)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (click.Abort, KeyboardInterrupt) as stopped:
        if isinstance(stopped.__cause__, EOFError):  # which click takes for the end of what somebody types
            return _failed(stopped.__cause__, spoken["language"])
        handled()
        return _say(translated("interrupted; nothing was left half-written", spoken["language"]), 130)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except InputError as error:
        return _say("\n".join(error.said(spoken["language"])), 2)
    except RunError as error:
        return _say(error.said(spoken["language"]), 1)
    except MemoryError:
        return _say(translated("not enough memory; use a larger --scale", spoken["language"]), 1)
    except (BrokenPipeError, SystemExit):  # the reader of our output left, as `head` does (click answers with an exit)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("BANDUNG_DEBUG"):
            raise
        return _failed(error, spoken["language"])


def _failed(error: BaseException, language: str) -> int:
    what = f"{type(error).__name__}: {error}"
    said = translated("the run failed: {error} (BANDUNG_DEBUG=1 shows where)", language, error=what)
    return _say(said, 1)


def _say(message: str, code: int) -> int:
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        pass
    return code
