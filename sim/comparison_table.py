"""What a planner reads in the terminal after a comparison: the answer in words, the effects, resilience, cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.comparison import Comparison
from sim.language import ENGLISH, months, number, speaker, translated, when
from sim.paper import WIDTH, as_text, put, table
from sim.repeating import to_save
from sim.report.changes import effect_table, price_year, synergy_tables, window
from sim.report.marks import legend
from sim.report.page import resilience_rows
from sim.report.plan import burden_notes, burden_rows, cost_notes, package_rows

HEAD = 26  # letters of a package's name at the head of a column


def text(made: Comparison, folder: Path | None = None, width: int = WIDTH, language: str = ENGLISH) -> str:
    """The whole summary as plain text; only the last lines, a path and a command to copy, may be wider."""
    return "\n".join([as_text(_parts(made, language), width), *_pointers(made, folder, language)])


def show(made: Comparison, folder: Path | None = None, language: str = ENGLISH) -> None:
    """Print the summary."""
    put(_parts(made, language), 120)
    print("\n".join(_pointers(made, folder, language)))


def _parts(made: Comparison, language: str) -> Iterable[Any]:
    from sim.analysis.verdict import verdict

    made, say = made.spoken(language), speaker(language)
    yield made.scenario.title
    if made.scenario.question:
        yield made.scenario.question
    yield ""
    for sentence in verdict(made.ensemble, language):
        yield f"- {sentence}"
    if made.ensemble.policies:
        yield ""
        yield say("Cost over the run, Rp billion, {year} prices", year=price_year(made))
        yield _costs(made, language)
        yield from cost_notes(made, language)
        yield from _burdens(made, language)
    yield from (translated(remark, language) for remark in made.remarks)
    if made.ensemble.policies:
        yield ""
        yield from _effects(made, language)
        yield from _synergies(made, language)
    if made.ensemble.has_shocks:
        yield ""
        yield say("Resilience under shock")
        yield from _resilience(made, language)
    yield ""
    yield _foot(made, language)


def _costs(made: Comparison, language: str) -> Any:
    say, found = speaker(language), package_rows(made, language)
    rows = [(r["name"], r["planned"], r["spent"], r["refused"], r["reach"] or "-") for r in found]
    numbers = (say("planned"), say("spent"), say("not payable"))
    return table((say("package"), *numbers, say("reached")), rows, right=numbers)


def _burdens(made: Comparison, language: str) -> Iterable[Any]:
    """What households and businesses pay more; nothing where there is nothing to say."""
    say, found = speaker(language), burden_rows(made, language)
    if not found:
        return
    named = dict(zip(made.ensemble.policies, _short(made.ensemble.policies), strict=True))
    amount, spread = say("more"), say("95 % interval")
    columns = (say("package"), say("who pays what"), say("asked by the policy"), amount, spread)
    rows = [
        (named[r["package"]], r["who"], r["asked"], r["amount"], ", ".join(filter(None, (r["spread"], r["said"]))))
        for r in found
    ]
    yield ""
    yield say("What others than the city pay more over the run, Rp billion, {year} prices", year=price_year(made))
    yield table(columns, rows, right=(amount,), keys=2)
    yield from burden_notes(made, language)


def _effects(made: Comparison, language: str) -> Iterable[Any]:
    """Change of each outcome at the end of the run; stars mark what can be told apart from zero."""
    say, found = speaker(language), effect_table(made, language)
    rows = []
    for row in found["rows"]:
        cells = [f"{cell['effect']} {cell['star']:<2}" for cell in row["cells"]]
        rows.append((row["name"], row["without"], *cells, row["unit"]))
    yield say("Change, mean of {window}", window=window(made, language))
    packages = _short(found["packages"])
    right = (say("no policy"), *packages)
    yield table((say("outcome"), *right, say("unit")), rows, right=right)
    yield from legend(len(made.seeds), language)


def _synergies(made: Comparison, language: str) -> Iterable[Any]:
    """What packages that are the whole of others do beyond their parts."""
    say = speaker(language)
    columns = (say("outcome"), say("together"), say("parts added up"), say("difference"), say("unit"))
    for one in synergy_tables(made, language):
        yield ""
        yield say("{whole} is {parts} together. Does it do more than they add up to?", **one)
        rows = [(r["name"], r["together"], r["added_up"], f"{r['effect']} {r['star']:<2}", r["unit"])
                for r in one["rows"]]  # fmt: skip
        if rows:
            yield table(columns, rows, right=columns[1:4])
        else:
            yield say("It changes nothing that can be told apart from zero.")


def _short(names: Sequence[str]) -> list[str]:
    """Names of packages as heads of columns: long ones are cut, as far as they stay different."""
    cut = [name if len(name) <= HEAD else name[: HEAD - 1].rstrip() + "…" for name in names]
    return cut if len(set(cut)) == len(cut) else list(names)


def _resilience(made: Comparison, language: str) -> Iterable[Any]:
    say = speaker(language)
    columns = (
        say("outcome"),
        say("package"),
        say("loss, months"),
        say("lowest"),
        say("recovery, month"),
        say("recovered"),
        say("change of loss"),
    )
    keys = ("outcome", "package", "loss", "robustness", "recovery", "recovered")
    found = resilience_rows(made, language)
    named = dict(zip(made.ensemble.policies, _short(made.ensemble.policies), strict=True))
    for row in found:
        row["package"] = named.get(row["package"], row["package"])
    rows = [(*(row[key] for key in keys), f"{row['change']} {row['star']}".strip()) for row in found]
    yield table(columns, rows, right=columns[2:6], keys=2)
    yield say("Months of loss and recovery are counted from the beginning of the first shock.")


def _foot(made: Comparison, language: str) -> str:
    say = speaker(language)
    worlds = made.ensemble.city.shape[0] * made.ensemble.city.shape[1] * len(made.seeds)
    balanced = max(made.identities.values()) <= 1e-9
    return say(
        "{worlds} world of {persons} persons in {households} households (scale {scale}), {span} from {start}, in "
        "{seconds} s. {books}"
        if worlds == 1
        else "{worlds} worlds of {persons} persons in {households} households (scale {scale}), {span} from {start}, in "
        "{seconds} s. {books}",
        worlds=number(worlds, language),
        persons=number(made.counts["persons"], language),
        households=number(made.counts["households"], language),
        scale=number(made.scale, language),
        span=months(made.months, language),
        start=when(made.scenario.start, language),
        seconds=f"{made.seconds:.0f}",
        books=say("Books balance in every one.") if balanced else say("Books do not balance."),
    )


def _pointers(made: Comparison, folder: Path | None, language: str) -> list[str]:
    say = speaker(language)
    if folder:
        kept = say("Report: {file}", file=folder / "report.html")
    else:
        kept = say("Nothing was kept; add --out DIR for the dataset and the report.")
    return [kept, say("Repeat: {command}", command=made.command), *to_save(made.scenario, made.dataset, language)]
