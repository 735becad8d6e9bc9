"""What a planner reads in the terminal after the standard battery: capacity and performance, then shock by shock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.analysis.ensemble import NONE
from sim.battery import AGAIN, ALL, Battery
from sim.language import ENGLISH, number, speaker, texts, when
from sim.paper import WIDTH, as_text, put, table
from sim.report.marks import LEGEND, digits_of, legend, signed, starred
from sim.summary import words

STARS = LEGEND[:1] + texts(
    "**: still clear of zero with all shocks and packages tested together; of these about one in twenty is chance."
)
POINT = 0.01  # changes are shown in percentage points


def text(made: Battery, width: int = WIDTH, language: str = ENGLISH) -> str:
    """The whole answer as plain text."""
    return as_text(_parts(made, language), width)


def show(made: Battery, language: str = ENGLISH) -> None:
    """Print the answer."""
    put(_parts(made, language), 120)


def _parts(made: Battery, language: str) -> Iterable[Any]:
    made, say = made.spoken(language), speaker(language)
    months, years = made.ensemble.months, AGAIN // 12
    yield say("{title}: the standard battery of shocks", title=made.scenario.title)
    first, second = (when(months[made.onset + wait], language) for wait in (0, AGAIN))
    said = (
        "Each of {count} shocks strikes in {first}, and once more in {second}, in worlds of its own. Performance is "
        "what is left of normal in the {years} years from a shock on, over all parts of the resilience index; "
        "capacity is the index in the year before."
    )
    yield say(said, count=len(made.shocks), first=first, second=second, years=years)
    yield ""
    yield from _packages(made, language)
    yield ""
    yield from _shocks(made, language)
    yield from map(say, STARS if len(made.seeds) > 1 else legend(1))
    sizes = {"seeds": number(len(made.seeds), language), "scale": number(made.scale, language)}
    yield say("{seeds} seeds, one agent for {scale}; 95 % intervals between seeds.", **sizes)


def _packages(made: Battery, language: str) -> Iterable[Any]:
    """One row a package: its capacity, and its performance over all shocks."""
    say, rows = speaker(language), []
    whole = made.table[made.table["shock"] == ALL]
    digits = digits_of([one for _, one in whole.iterrows()], "effect", POINT, 2)
    for _, one in whole.iterrows():
        name, change = say("no policy"), ""
        if one["package"] != NONE:
            name, change = one["package"], _change(one, digits, language)
        rows.append((name, number(made.capacity[one["package"]], language, 3),
                     _percent(one["performance"], language), change, _percent(one["second"], language)))  # fmt: skip
    right = (say("capacity"), say("performance, %"), say("change, points"), say("second time, %"))
    yield table((say("package"), *right), rows, right=right)


def _shocks(made: Battery, language: str) -> Iterable[Any]:
    """One row a shock: performance without a policy, and what each package changes of it."""
    say, rows = speaker(language), []
    by = made.table.set_index(["package", "shock"], drop=False)
    for shock in made.shocks:
        lines = [by.loc[(package, shock)] for package in made.ensemble.policies]
        digits = digits_of(lines, "effect", POINT, 2)
        cells = [_change(one, digits, language) for one in lines]
        none = by.loc[(NONE, shock)]
        rows.append((words(shock, language), _percent(none["performance"], language),
                     signed(none["adaptation"] / POINT, language, 2), *cells))  # fmt: skip
    yield say("Performance by shock, %, and what each package changes of it, points")
    right = (say("no policy"), say("second time, points"), *made.ensemble.policies)
    yield table((say("shock"), *right), rows, right=right)


def _change(one: Any, digits: int, language: str) -> str:
    """What a package changes, with its star."""
    return f"{signed(one['effect'] / POINT, language, digits)} {starred(one, 'effect', POINT, digits):<2}"


def _percent(value: float, language: str) -> str:
    return number(value / POINT, language, 2)
