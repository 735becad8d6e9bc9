"""What a run says in one row: outcomes over a window of months, each as one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, StrictStr

from sim.catalogue import did_you_mean
from sim.choices import Month, _district, district_rows, month_number
from sim.declare import OUTCOMES, Outcome
from sim.language import told
from sim.outcomes.figures import CITY, GROUPS, PLACES
from sim.scenario import Scenario
from sim.shape import ColumnName, Problem
from sim.strict_yaml import Address, printed

Summary = Literal["mean", "last", "last_year", "first", "min", "max", "change"]
Group = Literal["all", "q1", "q2", "q3", "q4", "q5"]


class Wanted(BaseModel):
    """One outcome as one number: of the city, a kecamatan or a fifth, over the whole run or a window of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: StrictStr
    summary: Summary = "mean"  # change: last minus first month; last_year: mean of the last twelve months
    start: Month | None = None  # first month of the window
    end: Month | None = None  # its last month
    place: StrictStr = "city"
    group: Group = "all"
    name: ColumnName | None = None  # of the column

    @property
    def column(self) -> str:
        """`poverty_headcount.mean`, with the place, the fifth and the window where they are not the usual ones."""
        if self.name is not None:
            return self.name
        parts = [self.outcome, self.summary, *([self.code] if self.place != "city" else [])]
        parts += [self.group] if self.group != "all" else []
        window = f" {self.start or ''}..{self.end or ''}" if self.start or self.end else ""
        return ".".join(parts) + window

    @property
    def code(self) -> str:
        return "city" if self.place == "city" else _district(self.place)

    @property
    def row(self) -> int:
        """Row among the 36 of a record."""
        if self.group != "all":
            return range(GROUPS.start, GROUPS.stop)[int(self.group[1]) - 1]
        return CITY if self.place == "city" else PLACES.start + district_rows()[self.code]

    def months(self, start: tuple[int, int], length: int) -> slice:
        """The months of the run that count."""
        begin = start[0] * 12 + start[1] - 1
        first = 0 if self.start is None else month_number(self.start) - begin
        last = length - 1 if self.end is None else month_number(self.end) - begin
        return slice(first, last + 1)


def known_outcomes() -> dict[str, Outcome]:
    """Every outcome that is measured, by name."""
    import sim.outcomes.measure  # noqa: F401 - declares them

    return OUTCOMES


def wanted_problems(one: Wanted, scenario: Scenario, address: Address) -> list[Problem]:
    """Unknown outcomes, places and groups an outcome is not declared for, windows outside the run."""
    known = known_outcomes()
    if one.outcome not in known:
        hint = did_you_mean(one.outcome, known) or told("; `bandung outcomes` lists them")
        return [
            Problem((*address, "outcome"), told("unknown outcome '{name}'{hint}", name=printed(one.outcome), hint=hint))
        ]
    line, problems = known[one.outcome], []
    if one.place != "city":
        try:
            _district(one.place)
        except ValueError as error:
            problems.append(Problem((*address, "place"), error.args[0]))
        if not line.by_place:
            text = told("{name} is measured for the city only", name=one.outcome)
            problems.append(Problem((*address, "place"), text))
    if one.group != "all" and not line.by_group:
        text = told("{name} is not measured for fifths of households", name=one.outcome)
        problems.append(Problem((*address, "group"), text))
    if one.group != "all" and one.place != "city":
        text = told("fifths are those of the whole city; leave out `place`")
        problems.append(Problem((*address, "group"), text))
    return problems + _window_problems(one, scenario, address)


def _window_problems(one: Wanted, scenario: Scenario, address: Address) -> list[Problem]:
    from sim.choices import month_name

    begin = month_number(scenario.start)
    first, last = begin, begin + scenario.months - 1
    span = {"first": month_name(first), "last": month_name(last)}
    problems = []
    for end in ("start", "end"):
        month = getattr(one, end)
        if month is not None and not first <= month_number(month) <= last:
            text = told("{month} is outside the run; the run is {first} to {last}", month=month, **span)
            problems.append(Problem((*address, end), text))
    if one.start and one.end and month_number(one.end) < month_number(one.start):
        text = told("{end} is before the start, {start}", end=one.end, start=one.start)
        problems.append(Problem((*address, "end"), text))
    return problems


def summarise(wanted: Sequence[Wanted], recorder: Any) -> dict[str, float]:
    """Each wanted number of a finished record; NaN where nothing was measured."""
    places = {name: k for k, name in enumerate(recorder.names)}
    values = recorder.values
    found = {}
    for one in wanted:
        window = one.months(recorder.start, len(values))
        found[one.column] = reduced(one.summary, values[window, places[one.outcome], one.row])
    return found


def reduced(summary: str, series: np.ndarray) -> float:
    """A series of months as one number; months in which nothing was measured (NaN) do not count."""
    known = series[~np.isnan(series)]
    if not len(known):
        return float("nan")
    if summary == "last_year":
        return float(np.mean(known[-12:]))
    if summary == "change":
        return float(known[-1] - known[0])
    ends = {"first": 0, "last": -1}
    return float(known[ends[summary]]) if summary in ends else float(getattr(np, summary)(known))
