"""Cities that were built before: a start year, a scale, a seed and parameters are built once, then read from disk.

A city is kept at month 0 of its start under a name that stands for all it depends on: the model's source, the tables
of figures, the parameters, and the machine's arithmetic. So another rule or another figure is another city, and what is
read is bit for bit what would be built. `keeping` says how much room they have; those used longest ago are forgotten.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import shutil
import struct
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import llvmlite.binding as llvm
import numba
import numpy as np

from sim.city import City, data_hashes
from sim.compiled import LEAVES, cache_root, code_hash
from sim.keeping import GIGABYTE, room

if TYPE_CHECKING:
    from sim.parameters import Parameters
    from sim.world import World

NUMBER = struct.Struct("<Q")
UNFINISHED = ".unfinished-"
HOUR = 3_600.0


def place_of(start: tuple[int, int], p: Parameters, scale: int, seed: int) -> Path | None:
    """The file of a city at month 0; None when none are kept."""
    if not room():
        return None
    values = repr((start, scale, seed, [tuple(group) for group in p], data_hashes()))
    name = hashlib.sha256(f"{_model()}\n{values}".encode()).hexdigest()
    return cache_root() / "cities" / name[:32]


@cache
def _model() -> str:
    """What calculates: the core's source, and all that decides how its numbers are rounded."""
    versions = platform.python_version(), np.__version__, numba.__version__, llvm.get_host_cpu_name()
    return " ".join((code_hash(LEAVES), *versions, str(numba.config.DISABLE_JIT)))  # type: ignore[attr-defined]


def read(place: Path | None, city: City, p: Parameters) -> World | None:
    """The city kept there, with the figures and parameters it was built from; None when there is none that is whole."""
    if place is None:
        return None
    try:
        with open(place, "rb") as file:
            if not _is_ours(file):
                return None  # what another user has left there could do anything when it is read
            world = _unpacked(file)
        os.utime(place)
    except (OSError, ValueError, EOFError, MemoryError, pickle.UnpicklingError):
        return None  # never kept, gone, or cut short: it is built again
    world.city, world.p = city, p
    return world


def write(place: Path | None, world: World) -> None:
    """Keep a city for the next time. What cannot be written is not kept: nothing else depends on it."""
    if place is None:
        return
    description, arrays = _packed(replace(world, city=None, p=None))  # type: ignore[arg-type]
    size = len(description) + sum(one.nbytes for one in arrays)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not _make_room(place.parent, size):
            return
        handle, unfinished = tempfile.mkstemp(dir=place.parent, prefix=UNFINISHED)
        try:
            with os.fdopen(handle, "wb") as file:
                _write_parts(file, [memoryview(description), *arrays])
            os.replace(unfinished, place)
        except BaseException:  # Ctrl-C too leaves nothing half-written
            Path(unfinished).unlink(missing_ok=True)
            raise
    except OSError:
        return


def _is_ours(file: BinaryIO) -> bool:
    """Whether the user who runs the model owns a file; true on systems that know no users."""
    return not hasattr(os, "getuid") or os.fstat(file.fileno()).st_uid == os.getuid()


def _packed(world: World) -> tuple[bytes, list[memoryview]]:
    """All of a world but its arrays, and the bytes of each of them."""
    arrays: list[pickle.PickleBuffer] = []
    description = pickle.dumps(world, protocol=5, buffer_callback=arrays.append)
    return description, [one.raw() for one in arrays]


def _write_parts(file: BinaryIO, parts: Sequence[memoryview]) -> None:
    """How many parts, each with its length, and a checksum of them all."""
    check = 0
    file.write(NUMBER.pack(len(parts)))
    for part in parts:
        file.write(NUMBER.pack(part.nbytes))
        file.write(part)
        check = zlib.crc32(part, check)
    file.write(NUMBER.pack(check))


def _unpacked(file: BinaryIO) -> World:
    """What `_write_parts` wrote, as a world. Raises ValueError or EOFError when it is not whole."""
    check, parts, left = 0, [], os.fstat(file.fileno()).st_size
    for _ in range(_number(file)):
        length = _number(file)
        if length > left:
            raise EOFError
        part = np.empty(length, np.uint8)  # of its own, so that it begins where the processor likes it
        if file.readinto(part.data) != length:  # type: ignore[attr-defined]
            raise EOFError
        check = zlib.crc32(part.data, check)
        parts.append(part)
    if _number(file) != check:
        raise ValueError("the checksum differs")
    return pickle.loads(parts[0].data, buffers=parts[1:])


def _number(file: BinaryIO) -> int:
    said = file.read(NUMBER.size)
    if len(said) < NUMBER.size:
        raise EOFError
    return NUMBER.unpack(said)[0]


def _make_room(folder: Path, size: int) -> bool:
    """Forget the cities used longest ago until another `size` bytes may be kept; False when they never may."""
    if size > room() or shutil.disk_usage(folder).free < size + GIGABYTE:
        return False
    found = []
    for path in folder.iterdir():
        try:
            said = path.stat()
        except FileNotFoundError:  # another process has forgotten it
            continue
        if path.name.startswith(UNFINISHED) and time.time() - said.st_mtime < HOUR:
            continue  # somebody is writing it
        found.append((said.st_mtime, said.st_size, path))
    total = size + sum(one for _, one, _ in found)
    for _, freed, path in sorted(found):
        if total <= room():
            break
        path.unlink(missing_ok=True)
        total -= freed
    return True
