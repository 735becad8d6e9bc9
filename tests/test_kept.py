"""Cities kept on disk: the same as built ones, known by all they depend on, never in the way."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim import keeping
from sim.city import data_folder
from sim.errors import InputError
from sim.model import BandungModel
from sim.parameters import default_parameters, with_values
from sim.population import assemble, kept
from sim.tables import Table

SCALE, START = 2000, (2025, 1)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The folder of kept cities, empty; half a gigabyte may be kept."""
    monkeypatch.setenv(keeping.VARIABLE, "0.5")
    monkeypatch.setenv("BANDUNG_CACHE_DIR", str(tmp_path))
    return tmp_path / "cities"


@pytest.fixture
def builds(monkeypatch) -> list:
    """The seeds of the cities that were really built."""
    seeds: list[int] = []
    build = assemble._new_world

    def counted(city, start, p, scale, seed, *others):
        seeds.append(seed)
        return build(city, start, p, scale, seed, *others)

    monkeypatch.setattr(assemble, "_new_world", counted)
    return seeds


def digest(months: int = 14, **choices) -> str:
    model = BandungModel(scale=SCALE, seed=choices.pop("seed", 3), months=choices.pop("horizon", 24), **choices)
    for _ in range(months):
        model.step()
    return model.recorder.digest()


def test_a_kept_city_lives_as_the_built_one_to_the_last_bit(folder, builds, monkeypatch):
    built = digest(threads=2)
    assert digest(threads=1) == built
    assert builds == [3], "the second city was read"
    monkeypatch.setenv(keeping.VARIABLE, "0")
    assert digest() == built
    assert builds == [3, 3], "nothing is read where nothing is kept"


def test_a_run_of_another_length_reads_the_same_city(folder, builds):
    longer = digest(months=3, horizon=60)
    assert digest(months=3, horizon=12) == longer, "three months do not know how long the run will be"
    assert builds == [3]


def test_whatever_a_city_depends_on_is_in_its_name(folder, tmp_path, monkeypatch):
    p = default_parameters()
    other = with_values(p, {"labour.matching_efficiency": p.labour.matching_efficiency * 1.01})
    names = [
        kept.place_of(*question)
        for question in (
            (START, p, SCALE, 3), ((2019, 1), p, SCALE, 3), ((2025, 2), p, SCALE, 3), (START, other, SCALE, 3),
            (START, p, 1000, 3), (START, p, SCALE, 4),
        )
    ]  # fmt: skip
    figures = tmp_path / "figures"
    shutil.copytree(data_folder(None), figures)
    monkeypatch.setenv("BANDUNG_DATA", str(figures))
    assert kept.place_of(START, p, SCALE, 3) == names[0], "the same figures elsewhere"
    with open(figures / "shocks.csv", "a", encoding="utf-8") as table:
        table.write("\n")
    names.append(kept.place_of(START, p, SCALE, 3))
    monkeypatch.setattr(kept, "_model", lambda: "another model")
    names.append(kept.place_of(START, p, SCALE, 3))
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("harm", ["cut short", "one bit", "empty", "not a city"])
def test_a_damaged_file_is_not_read(folder, builds, harm):
    sound = digest(months=1)
    (file,) = folder.iterdir()
    content = bytearray(file.read_bytes())
    if harm == "one bit":
        content[len(content) // 2] ^= 1
    else:
        content = {"cut short": content[: len(content) // 3], "empty": b"", "not a city": b"not a city" * 50}[harm]
    file.write_bytes(content)
    assert digest(months=1) == sound
    assert builds == [3, 3]
    assert digest(months=1) == sound
    assert builds == [3, 3], "a whole one took its place"


def test_a_file_of_somebody_else_is_not_read(folder, builds, monkeypatch):
    digest(months=0)
    monkeypatch.setattr(os, "getuid", lambda: 12345, raising=False)
    digest(months=0)
    assert builds == [3, 3]


def test_those_used_longest_ago_are_forgotten(folder, builds, monkeypatch):
    for seed in (1, 2, 3):
        digest(months=0, seed=seed)
        (newest,) = [path for path in folder.iterdir() if path.stat().st_mtime > 1e6]
        os.utime(newest, (seed, seed))
    size = max(path.stat().st_size for path in folder.iterdir())
    digest(months=0, seed=1)  # used again just now
    monkeypatch.setenv(keeping.VARIABLE, str(3.5 * size / keeping.GIGABYTE))
    digest(months=0, seed=4)
    assert len(list(folder.iterdir())) == 3
    assert builds == [1, 2, 3, 4]
    for seed in (1, 3, 4, 2):
        digest(months=0, seed=seed)
    assert builds == [1, 2, 3, 4, 2], "the second was the one unused for longest"


@pytest.mark.parametrize("said", ["0", "", "-1", "0.0001"])
def test_nothing_is_kept_without_room(folder, said, monkeypatch):
    monkeypatch.setenv(keeping.VARIABLE, said)
    digest(months=0)
    assert not folder.exists() or not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_is_no_trouble(folder, builds):
    folder.write_text("a file stands where the folder should be")
    assert digest(months=0) == digest(months=0)
    assert builds == [3, 3]


def test_ctrl_c_leaves_nothing_half_written(folder, monkeypatch):
    def stopped(file, parts):
        file.write(b"begun")
        raise KeyboardInterrupt

    monkeypatch.setattr(kept, "_write_parts", stopped)
    with pytest.raises(KeyboardInterrupt):
        digest(months=0)
    assert list(folder.iterdir()) == []


def test_commands_keep_cities_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv(keeping.VARIABLE)
    assert keeping.room() == 0, "a library keeps nothing by itself"
    keeping.keep_cities()
    assert keeping.room() == float(keeping.USUAL) * keeping.GIGABYTE
    monkeypatch.setenv(keeping.VARIABLE, "0")
    keeping.keep_cities()
    assert keeping.room() == 0


@pytest.mark.parametrize("said", ["abc", "1e400", "nan"])
def test_room_that_is_no_number_is_refused_before_any_work(said, monkeypatch):
    monkeypatch.setenv(keeping.VARIABLE, said)
    with pytest.raises(InputError, match=f"BANDUNG_KEEP_CITIES={said}: must be a number of gigabytes"):
        keeping.keep_cities()


def test_a_table_is_kept_without_its_spare_rows(folder):
    table = Table("stall", np.dtype([("uid", "u8"), ("till", "f8")]), capacity=100)
    table.add(3)
    table.rows["till"] = (1.0, 2.0, 4.0)
    state = table.__getstate__()
    assert len(state["rows"]) == 3
    again = Table.__new__(Table)
    again.__setstate__(state)
    first = again.add(2)
    assert first == 3
    assert again.rows["till"].tolist() == [1.0, 2.0, 4.0, 0.0, 0.0]
    assert again.seats().shape == (100,)
