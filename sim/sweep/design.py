"""A design: which worlds a sweep lives, and what it keeps of each. Read from a file, checked as a whole.

Rows are points x seeds x packages x shocks, in that order; a point is one value for every varied number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StrictInt, StrictStr, ValidationError

from sim import strict_yaml
from sim.catalogue import did_you_mean, discover
from sim.errors import InputError
from sim.language import told
from sim.scenario import SUFFIXES, Scenario, find_scenario, load_scenario, ready_scenarios
from sim.shape import Problem, Refused, Title, mapping_problem, problems_besides, problems_of, shown
from sim.strict_yaml import Address, printed
from sim.sweep.factors import Factor, Varied, bind
from sim.sweep.sampling import Crossed, Sampling, checked_points, sampling_problems
from sim.sweep.summaries import Wanted, wanted_problems
from sim.thousands import with_doubts

# Columns that every table has; no varied number and no outcome can be called like one of them.
FIXED_COLUMNS = (
    "run",
    "point",
    "package",
    "shocks",
    "seed",
    "cost_rp",
    "refused_rp",
    "status",
    "error",
    "digest",
    "design",
    "scenario",
    "start",
    "months",
    "scale",
    "past",
    "code",
    "data",
)


STORED_COLUMNS = ("seconds", "trace")  # what the store keeps of a run besides


class Design(Crossed, BaseModel):
    """One design. Raises InputError that names everything that is wrong with it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, ignored_types=(cached_property,))

    title: Title
    question: Annotated[StrictStr, Field(max_length=1000)] = ""
    scenario: StrictStr = "baseline"  # the base: a ready scenario or a file (beside the design, or from here)
    months: Annotated[StrictInt | None, Field(ge=1, le=600, json_schema_extra={"unit": "months"})] = None
    scale: Annotated[StrictInt | None, Field(ge=1, le=2000, json_schema_extra={"unit": "real agents per agent"})] = None
    packages: tuple[StrictStr, ...] | None = None  # of the scenario, and `none`; left out: none and all of them
    shocks: Literal["on", "off", "both"] = "on"
    seeds: Annotated[StrictInt, Field(ge=1, le=100_000)] | tuple[StrictInt, ...] = 1  # how many, or which
    seeds_as: Literal["crossed", "factor"] = "crossed"  # factor: the seed is one of the sampled numbers
    past: Literal["rebuilt", "shared"] = "rebuilt"  # whether varied parameters also hold in the years before the start
    uncertainties: tuple[Varied, ...] = ()
    levers: tuple[Varied, ...] = ()
    outcomes: tuple[Wanted, ...]
    sampling: Sampling = Field(default_factory=Sampling)

    _name: str = PrivateAttr("")
    _text: str = PrivateAttr("")
    _base: Scenario = PrivateAttr()
    _factors: tuple[Factor, ...] = PrivateAttr(())
    _given: Any = PrivateAttr(None)

    def __init__(self, /, _home: Path | None = None, **given: Any) -> None:
        entries, problems = _entries_of(given)
        meant = dict(given) | {key: tuple(one for _, one in found) for key, found in entries.items()}
        if isinstance(meant.get("packages"), list):
            meant["packages"] = tuple(meant["packages"])
        try:
            super().__init__(**meant)
        except ValidationError as error:
            problems += problems_besides(problems, error, type(self))
        said = _readable(type(self), meant, problems)
        base, known, found = _base_of(said, _home)
        problems += found
        if base is not None:
            factors, found = _meet(said, entries, base, known)
            problems += found
            if not problems:
                self._base, self._factors = base, (*(factor for _, factor in factors), *_seed_factor(self))
                problems = sampling_problems(self.sampling, self._factors) + _column_problems(self, factors)
        if problems:
            raise Refused(problems)

    @property
    def name(self) -> str:
        """A short name for files: that of the design's file."""
        return self._name or "design"

    @property
    def text(self) -> str:
        """The design as its author wrote it."""
        return self._text

    @property
    def base(self) -> Scenario:
        """The scenario every run changes, with the design's months and scale."""
        return self._base

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What varies, in the order of the columns (the seed last where it is one of them)."""
        return self._factors

    @property
    def seed_list(self) -> tuple[int, ...]:
        return tuple(range(1, self.seeds + 1)) if isinstance(self.seeds, int) else self.seeds

    @property
    def package_list(self) -> tuple[str, ...]:
        return self.packages if self.packages is not None else ("none", *(p.name for p in self.base.packages))

    @property
    def shock_list(self) -> tuple[str, ...]:
        return ("off", "on") if self.shocks == "both" else (self.shocks,)

    @property
    def given(self) -> np.ndarray | None:
        """Points of one's own choice, instead of sampled ones."""
        return self._given

    def with_points(self, points: Any) -> Design:
        """The same design at points of one's own choice, (points, factors), instead of sampled ones."""
        other = self.model_copy()
        other.__dict__.pop("points", None)
        other._given = checked_points(points, self.factors)
        return other


def _seed_factor(design: Design) -> tuple[Factor, ...]:
    if design.seeds_as == "crossed":
        return ()
    listed = tuple(map(float, design.seed_list))
    text = "which course of chance"
    return (Factor("seed", "seed", "seed", min(listed), max(listed), listed[0], "", text, True, listed),)


_LISTS: dict[str, type[BaseModel]] = {"uncertainties": Varied, "levers": Varied, "outcomes": Wanted}
Entries = dict[str, list[tuple[int, Any]]]  # by list: place in the file, entry


def _entries_of(given: Mapping[str, Any]) -> tuple[Entries, list[Problem]]:
    """The entries of a design's lists that are well-formed, and what is wrong with the others."""
    entries: Entries = {}
    problems: list[Problem] = []
    for key, model in _LISTS.items():
        value = given.get(key, ())
        entries[key] = []
        if not isinstance(value, (list, tuple)):
            problems.append(Problem((key,), told("must be a list, not {value}", value=shown(value))))
            continue
        for n, one in enumerate(value):
            made, found = _entry(one, model, (key, n))
            problems += found
            entries[key] += [(n, made)] if made is not None else []
    if given.get("outcomes") in ([], ()):
        problems.append(Problem(("outcomes",), told("at least one outcome is needed")))
    if "outcomes" not in given:
        entries.pop("outcomes")
    for key, model in (("sampling", Sampling),):
        if key in given:
            _, found = _entry(given[key], model, (key,))
            problems += found
    return entries, problems + _seed_problems(given.get("seeds", 1)) + _name_problems(given.get("packages"))


def _name_problems(packages: Any) -> list[Problem]:
    if not isinstance(packages, (list, tuple)):
        wanted = told("must be a list, not {value}", value=shown(packages))
        return [] if packages is None else [Problem(("packages",), wanted)]
    wrong = [(n, one) for n, one in enumerate(packages) if not isinstance(one, str)]
    text = "must be the name of a package, not {value}"
    return [Problem(("packages", n), told(text, value=shown(one))) for n, one in wrong]


def _seed_problems(seeds: Any) -> list[Problem]:
    if not isinstance(seeds, (list, tuple)):
        whole = isinstance(seeds, int) and not isinstance(seeds, bool)
        if whole and 1 <= seeds <= 100_000:
            return []
        said = told("must be how many (1 to 100000) or a list of seeds, not {value}", value=shown(seeds))
        return [Problem(("seeds",), said)]
    wrong = [
        Problem(("seeds", n), told("must be a whole number from 0, not {value}", value=shown(one)))
        for n, one in enumerate(seeds)
        if isinstance(one, bool) or not isinstance(one, int) or not 0 <= one < 2**53
    ]
    if not wrong and (not seeds or len(set(seeds)) < len(seeds)):
        wrong = [Problem(("seeds",), told("a list of seeds needs at least one, and none twice"))]
    return wrong


def _entry(entry: Any, model: type[BaseModel], address: Address) -> tuple[Any, list[Problem]]:
    if isinstance(entry, model):
        return entry, []
    if isinstance(entry, str) and model is Wanted:
        entry = {"outcome": entry}
    if not isinstance(entry, Mapping):
        return None, mapping_problem(entry, address)
    listed = {str(key): tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    try:
        return model(**listed), []
    except ValidationError as error:
        return None, problems_of(error, model, address)


def _readable(model: type[BaseModel], meant: Mapping[str, Any], problems: Sequence[Problem]) -> dict[str, Any]:
    """Every setting that can be relied on in looking for further mistakes; defaults for the others."""
    wrong = {p.address[0] for p in problems if p.address}
    defaults = {name: info.get_default(call_default_factory=True) for name, info in model.model_fields.items()}
    return defaults | {key: value for key, value in meant.items() if key in defaults and key not in wrong}


def _base_of(said: Mapping[str, Any], home: Path | None) -> tuple[Scenario | None, list[str], list[Problem]]:
    """The base scenario with the design's horizon, scale and packages, and its shocks unless they are off; the names
    of all its packages; and why it cannot be had."""
    try:
        whole = load_scenario(_scenario_path(said["scenario"], home))
    except InputError as error:
        return None, [], [Problem(("scenario",), message) for message in error.messages]
    months = whole.months if said["months"] is None else said["months"]
    scale = whole.scale if said["scale"] is None else said["scale"]
    chosen = [one for one in whole.packages if said["packages"] is None or one.name in said["packages"]]
    shocks = () if said["shocks"] == "off" else whole.shocks
    names = [package.name for package in whole.packages]
    try:
        made = whole.changed(months=months, scale=scale, packages=tuple(chosen), shocks=shocks, unequal_cost=True)
        return made, names, []
    except Refused as error:
        text = "scenario '{name}' over {months} months: {what}"
        fields = {"name": whole.name, "months": months}
        return None, [], [Problem(("months",), told(text, what=p.said, **fields)) for p in error.problems]


def _scenario_path(name: str, home: Path | None) -> str | Path:
    """A scenario beside the design comes first, then one from here, then a ready one."""
    beside = home / name if home is not None and name.endswith(SUFFIXES) else None
    if beside is not None and beside.is_file():
        return beside
    return find_scenario(name) if name not in ready_scenarios() else name


def _meet(
    said: Mapping[str, Any], entries: Entries, base: Scenario, known: list[str]
) -> tuple[list[tuple[Address, Factor]], list[Problem]]:
    """Every entry as a factor of the base scenario, and what does not go with it."""
    discover()
    problems = _choice_problems(said, base, known)
    packages = [package.name for package in base.packages]
    factors: list[tuple[Address, Factor]] = []
    for key, role in (("uncertainties", "uncertainty"), ("levers", "lever")):
        for n, entry in entries[key]:
            address: Address = (key, n)
            if entry.shock is not None and said["shocks"] == "off":
                problems.append(Problem((*address, "shock"), told("this design has its shocks off")))
                continue
            found = bind(entry, role, base, packages, address)
            if isinstance(found, list):
                problems += found
                continue
            if any(set(found.places) & set(one.places) for _, one in factors if one.kind == found.kind):
                text = told("'{name}' varies something that an entry before it varies", name=found.column)
                problems.append(Problem(address, text))
            factors.append((address, found))
    for n, one in entries.get("outcomes", ()):
        problems += wanted_problems(one, base, ("outcomes", n))
    return factors, problems


def _choice_problems(said: Mapping[str, Any], base: Scenario, packages: list[str]) -> list[Problem]:
    """Packages the scenario does not have, and shocks that cannot be switched."""
    known, chosen = ["none", *packages], said["packages"]
    problems = []
    for n, name in enumerate(chosen or ()):
        if name not in known:
            hint = did_you_mean(name, known) or told("; it has: {names}", names=", ".join(known))
            text = "scenario '{scenario}' has no package '{name}'{hint}"
            said_of = told(text, scenario=base.name, name=printed(name), hint=hint)
            problems.append(Problem(("packages", n), said_of))
        elif name in chosen[:n]:
            problems.append(Problem(("packages", n), told("'{name}' is named twice", name=printed(name))))
    if chosen is not None and not chosen:
        problems.append(Problem(("packages",), told("at least one package (or `none`) is needed")))
    if said["shocks"] == "both" and not base.shocks:
        text = told("scenario '{name}' has no shocks to switch off", name=base.name)
        problems.append(Problem(("shocks",), text))
    return problems


def _column_problems(design: Design, factors: Sequence[tuple[Address, Factor]]) -> list[Problem]:
    """Columns that would be called alike."""
    taken = dict.fromkeys((*FIXED_COLUMNS, *STORED_COLUMNS), told("every table"))
    named = [(address, factor.column, told("a varied number")) for address, factor in factors]
    named += [(("outcomes", n), one.column, told("an outcome")) for n, one in enumerate(design.outcomes)]
    problems = []
    for address, column, what in named:
        if column in taken:
            text = "the column '{name}' is already that of {what}; give this one another `name`"
            problems.append(Problem(address, told(text, name=printed(column), what=taken[column])))
        taken[column] = what
    return problems


def is_design(data: Any) -> bool:
    """Whether a file's content is meant as a design rather than a scenario."""
    own = {"sampling", "uncertainties", "outcomes", "scenario", "seeds_as", "past"}
    return isinstance(data, Mapping) and bool(own & set(data))


_NO_DESIGN = told("a scenario, not a design of a sweep; `bandung new my_design.yaml --design` writes one to start from")


def load_design(source: Design | Path | str) -> Design:
    """A design from a file or YAML text. Raises InputError with everything that is wrong."""
    if isinstance(source, Design):
        return source
    if isinstance(source, str) and "\n" in source:
        return read_design(strict_yaml.loads(source), "", None)
    path = Path(source)
    if str(source) in ready_scenarios() and not path.exists():
        raise InputError(told("{where}: {what}", where=source, what=_NO_DESIGN))
    return read_design(strict_yaml.load(path), path.stem, path.parent)


def read_design(document: strict_yaml.Document, name: str, home: Path | None) -> Design:
    """The design that a document says; `home`: the folder in which its scenario is looked for first."""
    if not isinstance(document.data, dict):
        raise InputError(document.message((), told("a design is a list of 'name: value' lines")))
    if not is_design(document.data):
        raise InputError(document.message((), _NO_DESIGN))
    try:
        design = Design(_home=home, **{str(k): v for k, v in document.data.items() if not str(k).startswith("_")})
        problems = []
    except Refused as error:
        problems = error.problems
    if wrong := with_doubts(problems, document):
        raise Refused(wrong).located(document)
    design._name, design._text = name, document.text
    return design


def columns(design: Design) -> list[str]:
    """The columns of the table, in order."""
    factors = [factor.column for factor in design.factors if factor.kind != "seed"]
    outcomes = [one.column for one in design.outcomes]
    return [*FIXED_COLUMNS[:5], *factors, *outcomes, *FIXED_COLUMNS[5:]]
