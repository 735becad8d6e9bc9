"""Charts: what to draw as plain figures. The Vue part draws them and offers the same figures as table, CSV and PNG.

`unit` is that of the figures as they are written (`written`: % of persons), `measured` that of the figures as they are,
which the CSV holds (share of persons); without it the two are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from sim.ui.kit.frame import Event
from sim.ui.kit.part import part

TONES = ("baseline", "scenario", "baseline-shock", "scenario-shock", "a", "b", "c", "d")


def form(
    digits: int = 1, factor: float = 1.0, suffix: str = "", prefix: str = "", signed: bool = False
) -> dict[str, Any]:
    """How figures are written: a percentage is form(1, 100, " %"), billions of rupiah are form(1, 1e-9, "", "Rp ")."""
    return {"digits": digits, "factor": factor, "suffix": suffix, "prefix": prefix, "signed": signed}


def plain(values: Any) -> list[float | None]:
    """Numbers that JSON can carry, six digits, with None where there is none."""
    return [float(f"{v:.6g}") if isfinite(v) else None for v in np.asarray(values, float).ravel().tolist()]


def series(name: str, tone: str, mean: Any, low: Any = None, high: Any = None) -> dict[str, Any]:
    """One line or set of bars with its band. `tone` (one of TONES) is its colour and dash."""
    if tone not in TONES:
        raise ValueError(f"tone '{tone}' is none of {', '.join(TONES)}")
    made = {"id": tone, "name": name, "tone": tone, "mean": plain(mean)}
    if low is not None and high is not None:
        made |= {"low": plain(low), "high": plain(high)}
    lengths = {len(made[key]) for key in ("mean", "low", "high") if key in made}
    if len(lengths) != 1:
        raise ValueError(f"'{name}': mean and band differ in length")
    return made


def curves(
    title: str,
    unit: str,
    months: Sequence[str],
    lines: Sequence[Mapping[str, Any]],
    *,
    written: Mapping[str, Any] | None = None,
    measured: str = "",
    shock: tuple[str, str] | None = None,
    loss: tuple[str, str, str] | None = None,
) -> dict[str, Any]:
    """Paths by month (YYYY-MM) with bands.

    shock: (month, "Flood begins") marks its onset. loss: (tone of the upper line, tone of the lower line, its name)
    shades what lies between the two: the resilience triangle.
    """
    return {
        "kind": "curves", "title": title, "unit": unit, "measured": measured or unit,
        "names": list(months), "series": _checked(months, lines),
        "form": dict(written or form()), "shock": list(shock or ()), "loss": list(loss or ()),
    }  # fmt: skip


def bars(
    title: str,
    unit: str,
    names: Sequence[str],
    lines: Sequence[Mapping[str, Any]],
    *,
    written: Mapping[str, Any] | None = None,
    measured: str = "",
    stacked: bool = False,
    lying: bool = False,
) -> dict[str, Any]:
    """Bars for each name, one for each series, with whiskers where there is a band. lying: horizontal."""
    return {
        "kind": "bars", "title": title, "unit": unit, "measured": measured or unit,
        "names": list(names), "series": _checked(names, lines),
        "form": dict(written or form()), "stacked": stacked, "lying": lying,
    }  # fmt: skip


def dumbbells(
    title: str,
    unit: str,
    names: Sequence[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    written: Mapping[str, Any] | None = None,
    measured: str = "",
) -> dict[str, Any]:
    """From one value to another for each name: a ring, a line and a dot."""
    return {
        "kind": "dumbbells", "title": title, "unit": unit, "measured": measured or unit,
        "names": list(names),
        "series": _checked(names, [before, after]), "form": dict(written or form()),
    }  # fmt: skip


def effects(
    title: str,
    unit: str,
    names: Sequence[str],
    effect: Mapping[str, Any],
    *,
    written: Mapping[str, Any] | None = None,
    measured: str = "",
) -> dict[str, Any]:
    """Effects with their intervals around zero; an interval that holds zero is drawn hollow."""
    return {
        "kind": "effects", "title": title, "unit": unit, "measured": measured or unit,
        "names": list(names), "series": _checked(names, [effect]),
        "form": dict(written or form(signed=True)),
    }  # fmt: skip


def _checked(names: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The series, if each has a figure for every name and a tone of its own."""
    for line in lines:
        if len(line["mean"]) != len(names):
            raise ValueError(f"'{line['name']}' has {len(line['mean'])} figures for {len(names)} names")
    if len({line["id"] for line in lines}) != len(lines):
        raise ValueError("two series have the same tone")
    return [dict(line) for line in lines]


@part("chart.vue")
def Chart(
    *,
    spec: Mapping[str, Any] = {},  # made by curves, bars, dumbbells or effects
    summary: str = "",  # one sentence that says what the chart shows, for those who do not see it
    height: int = 300,  # px
    stale: bool = False,  # the old chart stays, greyed, while a new one is computed
    heading: bool = True,  # the title stands above the chart (h3)
    file: str = "bandung",  # name of the downloads, without ending
    locale: str = "id",
    words: Mapping[str, str] = {},
    event_pick: Event = None,  # {"name", "index", "series"} of what was clicked
) -> None:
    """A chart with its legend, its data as table and CSV, and a PNG."""
