"""Results kept on disk between servers, so that a page opens on figures that are there already.

Only the worlds of the scenario that a page opens with are kept. The folder is named after the code and the data that
made them, so that figures of an older model are never shown for a newer one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.city import data_hashes
from sim.compiled import cache_root, code_hash
from sim.ui.engine.job import Job, Lived

KEEP = 3  # versions of the model whose results are kept
ARRAYS = ("city", "yearly", "uid", "alive", "average")


@cache
def folder() -> Path:
    """Where this version of the model keeps its results."""
    data = json.dumps(data_hashes(), sort_keys=True)
    version = hashlib.sha256((code_hash() + data).encode()).hexdigest()[:16]
    return cache_root() / "page" / version


def _path(job: Job) -> Path:
    return folder() / f"{hashlib.sha256(repr(job).encode()).hexdigest()[:32]}.npz"


def kept(job: Job) -> Lived | None:
    """A result of an earlier server; None where there is none that can be read."""
    try:
        with np.load(_path(job), allow_pickle=False) as file:
            said = json.loads(str(file["said"]))
            born = {name.removeprefix("born_"): file[name] for name in file.files if name.startswith("born_")}
            arrays = {name: file[name] for name in ARRAYS}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    for line in said["programmes"]:
        for name in said["lists"]:
            line[name] = np.array(line[name])
    del said["lists"]
    said["outcomes"], said["months"] = tuple(said["outcomes"]), tuple(said["months"])
    return Lived(**said, **arrays, born=born)


def keep(job: Job, lived: Lived) -> None:
    """Write a result; one that cannot be written is computed again next time."""
    said: dict[str, Any] = {
        one.name: getattr(lived, one.name) for one in fields(lived) if one.name not in (*ARRAYS, "born")
    }
    lists = sorted({name for line in lived.programmes for name, value in line.items() if isinstance(value, np.ndarray)})
    text = json.dumps({**said, "lists": lists}, default=lambda value: value.tolist())
    path, arrays = _path(job), {name: getattr(lived, name) for name in ARRAYS}
    born: dict[str, Any] = {f"born_{name}": value for name, value in lived.born.items()}
    try:
        _make_room()
        partial = path.with_name(f".{path.stem}.{os.getpid()}.npz")
        np.savez_compressed(partial, said=np.array(text), **arrays, **born)
        os.replace(partial, path)
    except OSError:
        return


def _make_room() -> None:
    """The folder of this version, and only the latest few beside it."""
    home = folder()
    if home.is_dir():
        return
    home.mkdir(parents=True)
    latest = sorted(home.parent.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in latest[KEEP:]:
        shutil.rmtree(old, ignore_errors=True)
