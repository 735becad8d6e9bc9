"""BandungModel: the whole city as a Mesa model."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import mesa

from sim import month as calendar
from sim.agents.districts import build_space, populate_space, register_companies
from sim.declare import OUTCOMES
from sim.disturbance import shocks_of
from sim.errors import Remark, RunError
from sim.intervention import levers_of
from sim.language import told
from sim.outcomes.measure import observe
from sim.outcomes.record import Recorder
from sim.parameters import check_mapping, default_parameters, with_values
from sim.population import build_world
from sim.scenario import Scenario, load_scenario
from sim.shape import MOST_MONTHS, MOST_SCALE, MOST_SEED, MOST_THREADS, on_or_off, whole_number
from sim.span import span_of
from sim.walk import set_threads
from sim.world import World

USUAL_SCALE = 200  # of a model without a scenario


class Collector(mesa.DataCollector):
    """Mesa's collector on the record that the model keeps anyway: every outcome of the city, month by month.

    Reporters of others are asked after each month, as Mesa asks them; months before they came have None.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._others = mesa.DataCollector()  # has what reporters of others have said
        super().__init__(model_reporters={name: _reporter(name) for name in OUTCOMES})
        for name in ("agent_reporters", "agenttype_reporters", "_agent_records", "_agenttype_records"):
            setattr(self._others, name, getattr(self, name))

    def collect(self, model: mesa.Model) -> None:
        """Ask the reporters of others about the last month, once; the outcomes are recorded as months are lived."""
        months, theirs = len(self._recorder), self._of_others()
        if not months:
            return
        kept = self._others.model_vars
        for name in theirs:
            kept[name] = _filled(kept.get(name, []), months - 1)
        self._others.model_reporters = {name: one for name, one in theirs.items() if len(kept[name]) < months}
        self._others.collect(model)

    def _of_others(self) -> dict[str, Any]:
        """The model reporters that are not of our making."""
        return {name: one for name, one in self.model_reporters.items() if getattr(one, "func", None) is not _latest}

    @property
    def model_vars(self) -> dict[str, list[Any]]:
        """The city's values of each outcome and what other reporters said, a list with one entry a month."""
        months, said = len(self._recorder), self._others.model_vars
        names = self._recorder.names if months else tuple(OUTCOMES)
        ours = {name: self._recorder.city(name).tolist() if months else [] for name in OUTCOMES if name in names}
        return ours | {name: _filled(said.get(name, []), months) for name in self._of_others()}

    @model_vars.setter
    def model_vars(self, value: dict) -> None:
        """Mesa starts with an empty dictionary; the record is what counts."""


def _filled(said: list[Any], months: int) -> list[Any]:
    """What a reporter said, with None for the months in which nobody asked it."""
    return said + [None] * (months - len(said))


def _reporter(name: str) -> Callable[[Any], float]:
    return partial(_latest, name=name)


def _latest(model: BandungModel, name: str) -> float:
    return model.latest.get(name, float("nan"))


class BandungModel(mesa.Model):
    """Kota Bandung, month by month: one scenario, one seed, one world.

    `scale` real agents stand behind each simulated one (1: the whole city). Keyword arguments beyond the named ones
    are parameters, with `__` for the dot (`labour__matching_efficiency=0.3`), so `mesa.batch_run` can sweep them. Its
    `iterations` tell a model nothing: they are all alike, seed 1. Vary `seed` instead (`"seed": [1, 2, 3]`).
    `shocks`: True or "on", False or "off".
    The government, companies, communities, districts and outer zones are Mesa agents on `space`, a network of the 30
    kecamatan; households, persons and businesses are rows of `households`, `persons`, `businesses`.

    Raises InputError for a scenario, scale or parameter that cannot be used.
    """

    def __init__(
        self,
        scenario: Scenario | Path | str | None = None,
        *,
        scale: int | None = None,
        seed: int | None = None,
        months: int | None = None,
        start: str | None = None,
        threads: int | None = None,
        package: str | None = None,
        shocks: bool | str = True,
        parameters: Mapping[str, float] | None = None,
        progress: Callable[[str, float], None] | None = None,
        rng: Any = None,
        **kwargs: float,  # parameters as matching__name=0.9; Mesa's SolaraViz allows them under this name only
    ) -> None:
        name, asked = ("rng", rng) if seed is None else ("seed", seed)
        chosen = whole_number(name, 1 if asked is None else asked, 0, MOST_SEED)
        super().__init__(**_mesa_seed(chosen))
        set_threads(None if threads is None else whole_number("threads", threads, 1, MOST_THREADS))
        with_shocks = on_or_off("shocks", shocks)
        self.config = _spanned(scenario, start, months, package, with_shocks)
        usual = self.config.scale if scenario is not None else USUAL_SCALE
        scale = whole_number("scale", usual if scale is None else scale, 1, MOST_SCALE)
        horizon = self.config.months if months is None else int(months)
        check_mapping(parameters or {})
        values = {**self.config.parameters, **(parameters or {})}
        values.update({name.replace("__", "."): value for name, value in kwargs.items()})
        self.horizon = horizon
        self.timings: dict[str, float] = {}
        self.world: World = build_world(
            self.config.start_month,
            with_values(default_parameters(), values),
            scale,
            chosen,
            horizon,
            live=calendar.step,
            progress=progress,
        )
        set_up(self.world, self.config, package, with_shocks)
        self.space = build_space(self, self.world.city)
        populate_space(self)
        self.recorder = Recorder(self.world.city.codes, self.config.start_month, self.world.price_year)
        self.datacollector = Collector(self.recorder)
        self.broken = ""  # why the last month could not be lived to its end, if so

    def step(self) -> None:
        """Live one month and record it. A month that fails breaks the model: every further step is a RunError."""
        if self.broken:
            self.steps, self.running = self.month, False
            text = "month {month} was not lived to its end ({why}); the city is no longer whole: build the model anew"
            raise RunError(told(text, month=self.month, why=self.broken))
        try:
            self._live()
        except BaseException as error:
            self.broken = str(error) or type(error).__name__
            self.steps, self.running = self.month, False  # Mesa has counted this month
            raise
        if isinstance(self.datacollector, Collector):  # whoever brings another collects with it
            self.datacollector.collect(self)

    def _live(self) -> None:
        calendar.step(self.world, self.timings)
        self.recorder.add(observe(self.world, self.world.counts.get("figures")))
        self.world.month += 1
        if self.world.calendar[1] == 1:
            register_companies(self)
        if self.world.month >= self.horizon:
            self.running = False  # batch runs stop here; a caller may still step on

    @property
    def month(self) -> int:
        """Months lived since the start."""
        return self.world.month

    @property
    def persons(self):
        return self.world.persons

    @property
    def households(self):
        return self.world.households

    @property
    def businesses(self):
        return self.world.businesses

    @property
    def identities(self) -> dict[str, float]:
        """Largest relative error of the books so far: money, people, jobs."""
        return dict(self.world.identities)

    @property
    def latest(self) -> dict[str, float]:
        """City outcomes of the last recorded month."""
        return self.recorder.latest


def set_up(world: World, config: Scenario, package: str | None, shocks: bool) -> None:
    """Give a world the levers of a package (None: no policy) and the scenario's shocks (False: none)."""
    chosen = config.package(package)
    world.policies = levers_of(chosen.policies, world.start) if chosen else []
    world.shocks = shocks_of(config.shocks, world.start) if shocks else []


def _spanned(scenario: Any, start: str | None, months: int | None, package: str | None, shocks: bool) -> Scenario:
    """The scenario from another start and over other months, where they are given, checked again.

    Fewer months than the scenario says leave out what begins later: a `Remark`.
    """
    config = load_scenario(scenario) if scenario is not None else Scenario.default()
    months = config.months if months is None else whole_number("months", months, 1, MOST_MONTHS)
    if start is not None or months > config.months:
        config = config.changed(
            start=config.start if start is None else start, months=max(months, config.months), unequal_cost=True
        )
    for remark in span_of(config, months, config.package(package), shocks):
        warnings.warn(remark, Remark, stacklevel=3)
    return config


def _mesa_seed(seed: int) -> dict[str, Any]:
    """Mesa 3.5 asks for `rng`, earlier versions for `seed`; the model's own luck is keyed and needs neither."""
    return {"rng": seed} if tuple(int(x) for x in mesa.__version__.split(".")[:2]) >= (3, 4) else {"seed": seed % 2**32}
