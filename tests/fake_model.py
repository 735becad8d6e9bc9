"""A tiny model with the real one's interface, so that the command line can be tested in milliseconds."""

from __future__ import annotations

import hashlib
import os
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim.agents.businesses import BUSINESS, LARGE, OPEN
from sim.agents.households import HOUSEHOLD
from sim.agents.persons import OWN, PERSON

CODES = tuple(f"32.73.{i:02d}" for i in range(1, 31))
NAMES = tuple(f"Kecamatan {i}" for i in range(1, 31))
UNITS = {"poverty_headcount": "share", "service_access": "share", "median_wage": "Rp/month (2024)"}
LEVELS = {"poverty_headcount": 0.0387, "service_access": 0.8, "median_wage": 3.2e6}


class FakeRecorder:
    def __init__(self, seed: int, months: list[int]) -> None:
        self.seed, self.months = seed, months

    def frame(self) -> pd.DataFrame:
        rows = []
        for month in self.months:
            for outcome, level in LEVELS.items():
                value = level * (1 + 0.001 * month + 0.0001 * self.seed)
                rows.append((month, "city", "all", outcome, value))
                if outcome != "median_wage":
                    rows += [(month, c, "all", outcome, value * (0.5 + i / 30)) for i, c in enumerate(CODES)]
        frame = pd.DataFrame(rows, columns=["month", "place", "group", "outcome", "value"])
        frame["month"] = [f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in frame["month"]]
        return frame.astype({name: "category" for name in ("month", "place", "group", "outcome")})

    def digest(self) -> str:
        return hashlib.sha256(self.frame()["value"].to_numpy().tobytes()).hexdigest()

    def summary(self) -> dict:
        city = (
            self.frame()
            .query("place == 'city'")
            .groupby("outcome", observed=True)["value"]
            .agg(["first", "last", "mean"])
        )
        return {name: {"unit": UNITS[name], **city.loc[name].to_dict()} for name in LEVELS}


class FakeModel:
    def __init__(self, scenario, scale, seed, months, threads, package, shocks, progress) -> None:
        progress("jobs", 0.5)
        persons, households = np.zeros(2500 // scale + 1, PERSON), np.zeros(900 // scale + 1, HOUSEHOLD)
        firms = np.zeros(40, BUSINESS)
        persons["state"], households["alive"], firms["status"] = OWN, 1, OPEN
        firms["size_class"][:3] = LARGE
        from sim.parameters import default_parameters

        self.world = SimpleNamespace(
            persons=SimpleNamespace(rows=persons),
            households=SimpleNamespace(rows=households),
            businesses=SimpleNamespace(rows=firms),
            city=SimpleNamespace(codes=CODES, names=NAMES),
            p=default_parameters(),
        )
        self.recorder = FakeRecorder(seed, [])
        self.identities = {"money": 0.0, "people": 0.0, "jobs": 0.0}
        self.timings = {"labour market": 0.02, "goods market": 0.01}

    def step(self) -> None:
        if "FAKE_SIGNAL_FILE" in os.environ and len(self.recorder.months) == 2:
            open(os.environ["FAKE_SIGNAL_FILE"], "w").close()
        time.sleep(float(os.environ.get("FAKE_MONTH_SECONDS", "0")))
        self.recorder.months.append(len(self.recorder.months))


def main() -> None:
    """The `bandung` command on the tiny model, for tests in another process."""
    import sim.cli
    import sim.runner

    sim.runner.build = lambda **choices: FakeModel(**choices)
    sim.cli.main()


if __name__ == "__main__":
    main()
