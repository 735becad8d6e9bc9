"""Where the README's figures wait: one JSON file a script, with the command that repeats it and the code it ran."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.compiled import code_hash
from sim.runner import finite

HERE = Path(__file__).resolve().parent


def keep(name: str, options: str, figures: dict[str, Any]) -> Path:
    """Write `name`.json beside this file."""
    said = {"command": f"python benchmarks/{name}.py{options}", "code": code_hash(), **figures}
    path = HERE / f"{name}.json"
    path.write_text(json.dumps(finite(said), indent=1) + "\n", encoding="utf-8")
    return path


def is_kept(name: str) -> bool:
    return (HERE / f"{name}.json").is_file()


def kept(name: str) -> dict[str, Any]:
    """Read it back."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
