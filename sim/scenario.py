"""A scenario: what differs from today, and the question it asks. Read from a file, checked as a whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SerializeAsAny,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    field_validator,
)

from sim import strict_yaml
from sim.catalogue import Settings, did_you_mean
from sim.choices import MONTH, no_month
from sim.entries import Package, cost_problems, cost_remarks, costs_are_known, date_problems, meaning, remarks
from sim.errors import InputError
from sim.language import ENGLISH, told, translated
from sim.shape import Refused, Title, problems_besides
from sim.thousands import with_doubts

SUFFIXES = (".yaml", ".yml")
OF_A_DESIGN = {"scenario", "outcomes", "uncertainties", "sampling"}  # what designs of sweeps say and no scenario does
_NO_SCENARIO = told("a design of a sweep, not a scenario; `bandung sweep FILE --out DIR` lives it")
BY_OPTION = {"months", "scale", "seeds", "unequal_cost"}  # a command says them itself, or they change no result


class Scenario(BaseModel):
    """One scenario. Raises InputError that names everything that is wrong with it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: Title
    question: Annotated[StrictStr, Field(max_length=1000)] = ""
    start: StrictStr = "2025-01"
    months: Annotated[StrictInt, Field(ge=1, le=600, json_schema_extra={"unit": "months"})] = 120
    scale: Annotated[StrictInt, Field(ge=1, le=2000, json_schema_extra={"unit": "real agents per agent"})] = 50
    seeds: Annotated[StrictInt, Field(ge=1, le=1000, json_schema_extra={"unit": "seeds"})] = 30
    parameters: dict[str, StrictFloat] = Field(default_factory=dict)
    shocks: tuple[SerializeAsAny[Settings], ...] = ()
    packages: tuple[Package, ...] = ()
    unequal_cost: StrictBool = False  # true: the packages are meant to cost different amounts

    _name: str = PrivateAttr("")
    _file: str = PrivateAttr("")
    _text: str = PrivateAttr("")
    _kept: dict[str, Any] = PrivateAttr(default_factory=dict)  # what its file says, as `_told` gives it
    _courses: tuple[tuple[Settings, ...], ...] | None = PrivateAttr(None)  # other shocks than its own (`shaken_by`)

    def __init__(self, /, **given: Any) -> None:
        meant, problems = meaning(given)
        try:
            super().__init__(**meant)
        except ValidationError as error:
            problems += problems_besides(problems, error, type(self))
        first, months = (meant.get(name, type(self).model_fields[name].default) for name in ("start", "months"))
        if not {("start",), ("months",)} & {p.address for p in problems}:
            problems += date_problems(given, first, months)
        packages = meant.get("packages", ())
        if meant.get("unequal_cost") is not True and costs_are_known(given, packages, problems):
            problems += cost_problems(packages, _calendar(first), months)
        if problems:
            raise Refused(problems)

    @field_validator("start", mode="before")
    @classmethod
    def _start_is_no_number(cls, start: Any) -> Any:
        if isinstance(start, int | float) and not isinstance(start, bool):  # 2025, which a file need not put in quotes
            raise ValueError(no_month(start, "2025-01"))
        return start

    @field_validator("start")
    @classmethod
    def _start_has_data(cls, start: str) -> str:
        found = MONTH.fullmatch(start)
        if not found:
            raise ValueError(no_month(start, "2025-01"))
        from sim.city import available_starts

        years = sorted(available_starts())
        if int(found[1]) not in years:
            works = ", ".join(map(str, years))
            raise ValueError(
                told("no data for a start in {year}; years that work: {years}", year=found[1], years=works)
            )
        return start

    @property
    def name(self) -> str:
        """A short name for tables and files: that of the file, or made from the title."""
        return self._name or re.sub(r"[^a-z0-9]+", "_", self.title.lower()).strip("_")[:40] or "scenario"

    @property
    def reference(self) -> str:
        """What a command calls it: its file, or its name where it is ready; nothing where no file says it."""
        return self._file if self._kept == self._told() else ""

    @property
    def text(self) -> str:
        """The scenario as its author wrote it, or as YAML where there was no file."""
        return self._text or to_yaml(self)

    @property
    def courses(self) -> tuple[tuple[Settings, ...], ...]:
        """Shocks of each shocked world: its own, or those it is shaken by."""
        return (self.shocks,) if self._courses is None else self._courses

    def shaken_by(self, courses: Sequence[Sequence[Settings]]) -> Scenario:
        """The same packages under other shocks: each course of shocks strikes in worlds of its own."""
        other = self.model_copy(update={"shocks": ()})
        other._courses = tuple(map(tuple, courses))
        return other

    @property
    def start_month(self) -> tuple[int, int]:
        """Calendar year and month (1-12) of the first month."""
        return _calendar(self.start)

    def package(self, name: str | None) -> Package | None:
        """The package of that name; None for `none`. Raises InputError for a name the scenario does not have."""
        if name is None or name == "none":
            return None
        if not isinstance(name, str):
            raise InputError(told("package = {value}: must be the name of a package, or none", value=repr(name)))
        for package in self.packages:
            if package.name == name:
                return package
        names = [p.name for p in self.packages]
        known = told("it has: {names}", names=", ".join(names)) if names else told("it has no packages; use none")
        raise InputError(
            told(
                "scenario '{scenario}' has no package '{name}'; {known}{hint}",
                scenario=self.name,
                name=name,
                known=known,
                hint=did_you_mean(name, names),
            )
        )

    def remarks(self, months: int | None = None) -> list[str]:
        """What its author should know, though nothing is wrong; months: of a run, where not the scenario's own."""
        costs = cost_remarks(self.packages, self.start_month, months or self.months)
        return [*remarks(self.packages), *([] if self.unequal_cost else costs)]

    def changed(self, **values: Any) -> Scenario:
        """A copy with some values changed, checked again."""
        return Scenario(**{**dict(self), **values}).after(self)

    def under(self, parameters: Mapping[str, float] | None) -> Scenario:
        """The same under other values of these parameters, checked; itself where none are given."""
        return self.changed(parameters={**self.parameters, **parameters}) if parameters else self

    def after(self, origin: Scenario) -> Scenario:
        """The same under the name of the one it was made from, and its file as long as it says what that file says."""
        self._name, self._file, self._kept = origin.name, origin._file, origin._kept
        return self

    def _told(self) -> dict[str, Any]:
        """All that decides about its results and that no command says for itself."""
        return self.model_dump(exclude=BY_OPTION)

    def has_words_for(self, text: str) -> bool:
        """Whether a title, question or package's name may be translated: only where it is that of the ready scenario
        of this title, since what a user has written stays as it is."""
        return text in ready_texts().get(self.title, ())

    def worded(self, text: str, language: str) -> str:
        """Its title, question or a package's name in a language."""
        return translated(text, language) if language != ENGLISH and self.has_words_for(text) else text

    def spoken(self, language: str) -> Scenario:
        """The scenario with title, question and packages as a language calls them, as far as they are ready ones."""

        said: dict[str, Any] = {name: self.worded(getattr(self, name), language) for name in ("title", "question")}
        names = [self.worded(one.name, language) for one in self.packages]
        if len(set(names)) == len(names):  # two packages never get the same name
            pairs = zip(self.packages, names, strict=True)
            said["packages"] = tuple(one.model_copy(update={"name": name}) for one, name in pairs)
        other = self.model_copy(update=said)
        other._kept = other._told() if self.reference else {}
        return other

    @classmethod
    def default(cls) -> Scenario:
        """Bandung from January 2025 with every parameter at its default and nothing that disturbs it."""
        return cls(title="Bandung as it is", question="Where does the city go if nothing changes?")


def _calendar(start: str) -> tuple[int, int]:
    year, month = start.split("-")
    return int(year), int(month)


def to_yaml(scenario: Scenario) -> str:
    """The scenario as a file that `load_scenario` reads back."""
    import yaml

    said = scenario.model_dump(exclude_defaults=True) | {"start": scenario.start, "months": scenario.months}
    listed = {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}
    for package in listed.get("packages", []):
        package["policies"] = list(package.get("policies", ()))
    return yaml.dump(listed, Dumper=_dumper(), sort_keys=False, allow_unicode=True)


@cache
def _dumper() -> Any:
    """A writer that puts in quotes whatever our reader would not take for text, as 100e9."""
    import yaml

    class Dumper(yaml.SafeDumper):
        pass

    def quoted(dumper: Dumper, text: str) -> Any:
        style = None if isinstance(strict_yaml.plain(text), str) else "'"
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)

    Dumper.add_representer(str, quoted)
    return Dumper


def scenarios_folder() -> Path:
    """Where the ready scenarios are: in the installed package, or beside the checkout."""
    here = Path(__file__).parent
    packed = here / "_data" / "scenarios"
    return packed if packed.is_dir() else here.parent / "scenarios"


def ready_scenarios() -> dict[str, Path]:
    """The ready scenarios by name."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.yaml"))}


@cache
def ready_texts() -> dict[str, frozenset[str]]:
    """Title, question and names of packages of each ready scenario, by its title: what has a translation."""
    found = {}
    for path in ready_scenarios().values():
        said = strict_yaml.load(path).data
        names = (package["name"] for package in said.get("packages", ()))
        found[said["title"]] = frozenset((said["title"], said.get("question", ""), *names))
    return found


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Whether a path is a file (`Path.is_file`) or a folder; False for a name that neither can have."""
    try:
        return kind(path)
    except (OSError, ValueError):
        return False


def _stands(path: Path) -> bool:
    """Whether something is there, if only a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def find_scenario(name: str | Path) -> Path:
    """The file of a scenario given by path or by bare name."""
    path = Path(name)
    ready = ready_scenarios()
    if strict_yaml.is_stream(path):
        return path
    if (name and path.suffix in SUFFIXES) or _is(Path.is_file, path):
        if not _is(Path.is_file, path) and not _is(_stands, path) and (hint := did_you_mean(path.stem, ready)):
            raise InputError(told("{path}: no such file{hint}", path=path, hint=hint))
        return path
    if str(name) in ready:
        return ready[str(name)]
    if name and _is(Path.is_dir, path):
        return path  # who reads it is told that it is a folder
    if beside := next((path.with_name(path.name + end) for end in SUFFIXES if _beside(path, end)), None):
        raise InputError(told("no scenario '{name}'; there is a file {file}", name=str(name)[:200], file=beside))
    said = {"name": str(name)[:200], "ready": ", ".join(ready), "hint": did_you_mean(str(name), ready)}
    raise InputError(told("unknown scenario '{name}'; ready: {ready}{hint}", **said))


def _beside(path: Path, ending: str) -> bool:
    """Whether there is a file of that name with an ending."""
    return bool(path.name) and _is(Path.is_file, path.with_name(path.name + ending))


def files_of(name: str) -> list[str]:
    """The scenario files of a folder in the order of their names; of anything else the name itself."""
    if not name or not _is(Path.is_dir, Path(name)):
        return [name]
    return [str(one) for one in sorted(Path(name).iterdir()) if one.suffix in SUFFIXES]


def _is_text(source: str) -> bool:
    """YAML rather than a name or path: several lines, or one `title: ...` where no file is called so."""
    if "\n" in source or ": " not in source:
        return "\n" in source
    begins_like_one = source.partition(": ")[0] in Scenario.model_fields
    return not _is(Path.exists, Path(source)) and (begins_like_one or Path(source).suffix not in SUFFIXES)


def load_scenario(source: Scenario | Mapping | Path | str) -> Scenario:
    """A scenario from a file, a ready name (`baseline`), `-` for what is piped in, YAML text or the mapping that such a
    text stands for. Raises InputError with everything wrong."""
    if isinstance(source, Scenario):
        return source
    if isinstance(source, Mapping):
        source = json.dumps(source, indent=1, default=str)
    if not isinstance(source, str | os.PathLike):
        kind = type(source).__name__
        raise InputError(
            told("a scenario is a file, the name of a ready one, its text or a mapping, no {kind}", kind=kind)
        )
    if isinstance(source, str) and _is_text(source):
        return read_scenario(strict_yaml.loads(str(source)))
    path = find_scenario(source)
    document, name = strict_yaml.load(path), path.stem
    if strict_yaml.is_stream(path):
        return read_scenario(document)
    return read_scenario(document, name, name if ready_scenarios().get(name) == path else str(path))


def read_scenario(document: strict_yaml.Document, name: str = "", file: str = "") -> Scenario:
    """The scenario that a document says, under a name, and what a command calls its file."""
    if not isinstance(document.data, dict):
        raise InputError(document.message((), told("a scenario is a list of 'name: value' lines")))
    if len(OF_A_DESIGN & set(document.data)) > 1:
        raise InputError(document.message((), _NO_SCENARIO))
    try:
        scenario, problems = Scenario(**document.data), []
    except Refused as error:
        problems = error.problems
    if wrong := with_doubts(problems, document):
        raise Refused(wrong).located(document)
    scenario._name, scenario._file, scenario._text = name, file, document.text
    scenario._kept = scenario._told()
    return scenario
