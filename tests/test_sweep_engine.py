"""Sweeps that survive: the same table from any engine, after kills, errors, a full disk; folders that are refused."""

import json
import os
import platform
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toy_models import Elsewhere, Unready
from toy_sweep import toy, toy_design, toy_sweep

from sim.errors import InputError, RunError
from sim.sweep.engine.local import Local
from sim.sweep.functions import Function
from sim.sweep.plan import Plan, Queue
from sim.sweep.run import sweep
from sim.sweep.store import Store
from sim.sweep.table import read_table

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("sweeps") / "undisturbed"
    made = toy_sweep(out, workers=1)
    assert made.runs == made.lived == 64
    return out


def table_bytes(out: Path) -> bytes:
    return (out / "runs.parquet").read_bytes()


def test_one_row_for_each_run_in_the_order_of_the_design(undisturbed):
    frame = read_table(undisturbed, complete=False).frame
    design = toy_design()
    assert frame["point"].tolist() == list(np.repeat(np.arange(16), 4))
    assert frame["seed"].tolist() == [1, 1, 2, 2] * 16
    assert frame["package"].tolist() == ["none", "aid"] * 32
    assert frame[["x", "y"]].to_numpy() == pytest.approx(np.repeat(design.points, 4, axis=0), abs=0)
    assert frame["run"].is_unique
    row = frame.iloc[5]
    values = {"x": row["x"], "y": row["y"]}
    assert toy(values, seed=row["seed"], package=row["package"], shocks="on")["mean"] == row["mean"]


def test_pandas_and_pyarrow_read_the_folder_and_nothing_but_the_table(undisturbed):
    assert len(pd.read_parquet(undisturbed)) == len(pq.read_table(undisturbed)) == 64
    assert [p.name for p in undisturbed.rglob("*.parquet")] == ["runs.parquet"]
    visible = [p.name for p in undisturbed.iterdir() if not p.name.startswith("_")]
    assert visible == ["runs.parquet"]


def test_duckdb_reads_the_folder(undisturbed):
    duckdb = pytest.importorskip("duckdb")
    assert duckdb.sql(f"select count(*), sum(point) from '{undisturbed}/**/*.parquet'").fetchall() == [(64, 480)]


def test_a_run_that_raises_is_recorded_with_its_error_and_the_rest_goes_on(undisturbed):
    frame = read_table(undisturbed, complete=False).frame
    failed = frame[frame["status"] != "ok"]
    assert set(failed["error"]) == {f"ValueError: y = {frame['y'].max():.3f} is too much"}
    assert len(failed) == 4 and failed["mean"].isna().all() and frame["mean"].notna().sum() == 60
    with pytest.raises(InputError, match="0 runs are missing and 4 failed; the first: point"):
        read_table(undisturbed)


def test_two_workers_give_the_same_bytes_and_a_second_call_does_nothing(undisturbed, tmp_path):
    assert toy_sweep(tmp_path / "two", workers=2).lived == 64
    assert table_bytes(tmp_path / "two") == table_bytes(undisturbed)
    assert toy_sweep(tmp_path / "two", workers=2).lived == 0
    assert toy_sweep(tmp_path / "two", workers=2, retry_failed=True).lived == 4
    assert table_bytes(tmp_path / "two") == table_bytes(undisturbed)


def test_shards_give_the_same_bytes_in_any_order(undisturbed, tmp_path):
    lived = [toy_sweep(tmp_path, workers=1, shard=(i, 3)) for i in (2, 3, 1)]
    assert [made.counts["missing"] for made in lived[:2]] != [0, 0] and lived[2].counts["missing"] == 0
    assert sum(made.lived for made in lived) == 64
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_killed_worker_loses_nothing(undisturbed, tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_SECONDS", "0.01")
    killed: list[int] = []
    engine = Local(2)

    def kill_now_and_then(done, total, record):
        if done % 15 == 14:
            victim = engine.slots[len(killed) % len(engine.slots)].process
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(victim.pid)

    monkeypatch.setattr("sim.sweep.run.open_engine", lambda workers, dask, language: engine)
    made = toy_sweep(tmp_path, tell=kill_now_and_then)
    assert len(set(killed)) >= 3 and made.counts["crashed"] == 0
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_run_that_kills_its_worker_is_recorded_alone_and_tried_again_later(tmp_path, monkeypatch):
    fatal = tmp_path / "fatal"
    fatal.touch()
    monkeypatch.setenv("TOY_FATAL", str(fatal))
    design = toy_design(2, package_list=("none", "fatal", "aid"), seed_list=(1,))
    made = toy_sweep(tmp_path / "out", design=design, workers=2)
    assert made.counts == {"ok": 4, "error": 0, "crashed": 2, "missing": 0}
    frame = read_table(tmp_path / "out", complete=False).frame
    assert frame.loc[frame["status"] == "crashed", "package"].tolist() == ["fatal", "fatal"]
    fatal.unlink()
    made = toy_sweep(tmp_path / "out", design=design, workers=2)
    assert made.lived == 2 and made.counts["ok"] == 6


def test_workers_of_an_engine_stay_for_the_next_sweep_and_a_dead_one_is_replaced(tmp_path, undisturbed):
    engine = Local(2)
    try:
        toy_sweep(tmp_path / "one", engine=engine)
        first = {slot.process.pid for slot in engine.slots}
        toy_sweep(tmp_path / "two", 17, engine=engine)
        assert {slot.process.pid for slot in engine.slots} == first
        os.kill(min(first), signal.SIGKILL)
        toy_sweep(tmp_path / "three", engine=engine)
        assert min(first) not in {slot.process.pid for slot in engine.slots}
    finally:
        engine.close()
    assert not engine.slots
    assert table_bytes(tmp_path / "one") == table_bytes(tmp_path / "three") == table_bytes(undisturbed)


def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process(tmp_path, undisturbed, monkeypatch):
    monkeypatch.setenv("TOY_SECONDS", "0.01")
    engine = Local(2)
    processes: list = []

    def press(done, total, record):
        processes[:] = [slot.process for slot in engine.slots]
        if done == 20:
            raise KeyboardInterrupt

    monkeypatch.setattr("sim.sweep.run.open_engine", lambda workers, dask, language: engine)
    with pytest.raises(KeyboardInterrupt):
        toy_sweep(tmp_path, tell=press)
    assert len(processes) == 2
    assert not any(process.is_alive() for process in processes)
    assert len(pd.read_parquet(tmp_path)) == 20
    monkeypatch.undo()
    assert toy_sweep(tmp_path, workers=1).lived == 44
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_full_disk_says_so_and_keeps_what_was_finished(tmp_path, undisturbed, monkeypatch):
    import resource

    monkeypatch.setattr("sim.sweep.store.BATCH", 10)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(done, total, record):
        if done == 32:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with pytest.raises(RunError, match="the disk is full; what was finished is kept"):
            toy_sweep(tmp_path, workers=1, tell=fill)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert not list(tmp_path.rglob(".*.tmp"))
    made = toy_sweep(tmp_path, workers=1)
    assert 20 <= 64 - made.lived < 40
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_folder_of_another_design_or_version_is_refused_and_left_alone(tmp_path, undisturbed):
    toy_sweep(tmp_path / "out", workers=1)
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    with pytest.raises(InputError, match=r"holds the sweep of another design .*nothing was changed"):
        toy_sweep(tmp_path / "out", 17)
    with pytest.raises(InputError, match=r"made by another version of the model .*nothing was changed"):
        sweep(toy_design(), tmp_path / "out", model=Function(toy, version="2"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"holds 'thesis.txt', which is no sweep"):
        toy_sweep(tmp_path / "other")
    with pytest.raises(InputError, match="not a folder"):
        toy_sweep(tmp_path / "other" / "thesis.txt")
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before
    assert [p.name for p in (tmp_path / "other").iterdir()] == ["thesis.txt"]


def test_two_sweeps_at_once_in_one_folder_are_refused_but_shards_are_not(tmp_path, undisturbed):
    toy_sweep(tmp_path, workers=1)
    store = Store(tmp_path, ["mean", "worst"])
    store.lock("1-of-1")
    try:
        with pytest.raises(InputError, match="another sweep is working in this folder"):
            toy_sweep(tmp_path)
        toy_sweep(tmp_path, shard=(1, 2))
    finally:
        store.close()


def test_runs_determined_by_the_same_choices_are_lived_once(tmp_path):
    design = toy_design(2)
    design = design.with_points(np.array([[0.25, 0.5], [0.75, 0.5], [0.25, 0.5]]))
    made = toy_sweep(tmp_path, design=design, workers=1)
    assert made.runs == 12 and made.lived == 8
    frame = pd.read_parquet(tmp_path)
    assert frame.loc[frame["point"] == 0, "mean"].tolist() == frame.loc[frame["point"] == 2, "mean"].tolist()


def test_a_table_in_blocks_and_a_store_of_many_parts_say_the_same(tmp_path, undisturbed, monkeypatch):
    monkeypatch.setattr("sim.sweep.store.BATCH", 1)
    monkeypatch.setattr("sim.sweep.table.BLOCK", 7)
    toy_sweep(tmp_path, workers=1)
    assert len(list((tmp_path / "_store").glob("*.part"))) == 64
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path), pd.read_parquet(undisturbed))
    monkeypatch.setattr("sim.sweep.store.CROWD", 10)
    monkeypatch.setattr("sim.sweep.store.LARGE_PART", 20)
    monkeypatch.setattr("sim.sweep.table.BLOCK", 4096)
    (tmp_path / "_store" / f".left.part.{platform.node()[:60]}.999999999-01234567.tmp").write_bytes(b"half")
    toy_sweep(tmp_path, workers=1)
    left = [p for p in (tmp_path / "_store").iterdir() if p.name != "1-of-1.lock"]
    assert len(left) <= 10 and {p.suffix for p in left} == {".part"}
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_damaged_batch_is_named_and_lived_anew_once_it_is_taken_away(tmp_path, undisturbed):
    toy_sweep(tmp_path, workers=1)
    part = sorted((tmp_path / "_store").glob("*.part"))[0]
    part.write_bytes(part.read_bytes()[:200])
    with pytest.raises(InputError, match=rf"{part.name}: damaged .* take the file away"):
        toy_sweep(tmp_path, workers=1)
    part.unlink()
    assert toy_sweep(tmp_path, workers=1).lived > 0
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


@pytest.mark.parametrize("said", ['{"format": "bandung-sweep/1"}', '{"format": "bandung-sweep/0"}', "[", ""])
def test_a_folder_whose_manifest_is_not_ours_is_refused_and_left_as_it_is(said, tmp_path):
    toy_sweep(tmp_path, workers=1)
    (tmp_path / "_sweep.json").write_text(said)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match=r"holds '_sweep\.json', which is no sweep of this program"):
        toy_sweep(tmp_path, workers=1)
    with pytest.raises(InputError, match="no sweep here"):
        read_table(tmp_path)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_damaged_table_is_named_and_written_anew(tmp_path, undisturbed):
    toy_sweep(tmp_path, workers=1)
    (tmp_path / "runs.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"runs\.parquet: cannot be read"):
        read_table(tmp_path)
    assert toy_sweep(tmp_path, workers=1).lived == 0
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_name_that_no_folder_can_have_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        toy_sweep(tmp_path / ("a" * 300), workers=1)


def test_the_better_of_two_records_of_a_run_counts(tmp_path, undisturbed):
    toy_sweep(tmp_path, workers=1)
    part = sorted((tmp_path / "_store").glob("*.part"))[0]
    table = pq.read_table(part)
    n = table.column_names.index("status")
    worse = table.set_column(n, "status", pa.array(["crashed"] * len(table)))
    pq.write_table(worse, part.with_name("0" + part.name))
    pq.write_table(worse, part.with_name("9" + part.name))
    assert toy_sweep(tmp_path, workers=1).lived == 0
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_a_worker_stays_with_a_past_and_helps_with_the_longest_in_the_end():
    design = toy_design(3)
    plan = Plan.of(design, Function(toy, version="1"))
    assert len(plan) == 12 and len(set(plan.pasts)) == 6
    queue = Queue(plan, np.arange(12), 1)
    first, other = queue.next(), queue.next()
    assert first.past != other.past and [s.row for s in first.specs] == [0]
    again = queue.next(first.past)
    assert again.past == first.past and [s.row for s in again.specs] == [1]
    rest = [queue.next("") for _ in range(9)]
    assert queue.next() is None and sorted(s.row for j in [first, other, again, *rest] for s in j.specs) == list(
        range(12)
    )
    queue.give_back(replace(again))
    assert queue.next().specs[0].row == 1


def test_workers_that_cannot_begin_end_the_sweep_with_one_message(tmp_path):
    with pytest.raises(RunError, match="worker processes end before they begin"):
        sweep(toy_design(2), tmp_path, model=Unready(toy, version="1"), workers=1)


def test_a_worker_of_another_version_ends_the_sweep(tmp_path):
    with pytest.raises(RunError, match="another version"):
        sweep(toy_design(2), tmp_path, model=Elsewhere(toy, version="1"), workers=1)


def test_what_the_parent_keeps_in_memory_does_not_grow_with_the_records(tmp_path, monkeypatch):
    longest = 0
    monkeypatch.setattr("sim.sweep.store.BATCH", 8)
    add = Store.add

    def watched(self, record):
        nonlocal longest
        add(self, record)
        longest = max(longest, len(self.waiting))

    monkeypatch.setattr(Store, "add", watched)
    toy_sweep(tmp_path, 32, workers=2)
    assert longest < 8


def test_killed_at_random_moments_and_started_again_the_table_is_the_same():
    """Two kills of everything; `python tests/torture_sweep.py --count 50` does it thoroughly."""
    said = subprocess.run(
        [sys.executable, str(HERE / "torture_sweep.py"), "--count", "2", "--samples", "16", "--no-dask"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "every table equals the undisturbed one" in said.stdout


def test_dask_workers_give_the_same_bytes_even_when_one_is_killed(tmp_path, undisturbed, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("TOY_SECONDS", "0.02")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        killed = threading.Event()

        def kill_one(done, total, record):
            if done >= 8 and not killed.is_set():
                os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
                killed.set()

        toy_sweep(tmp_path, dask=cluster.scheduler_address, tell=kill_one)
        assert killed.is_set()
    assert table_bytes(tmp_path) == table_bytes(undisturbed)


def test_no_scheduler_is_said_in_one_message(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.sweep.engine.cluster.PATIENCE", 1.0)
    with pytest.raises(InputError, match="no scheduler answers there"):
        toy_sweep(tmp_path, dask="tcp://127.0.0.1:9")


def test_the_manifest_says_what_the_table_was_made_from(undisturbed):
    said = json.loads((undisturbed / "_sweep.json").read_text())
    assert said["runs"] == 64 and said["outcomes"] == ["mean", "worst"]
    assert [factor["column"] for factor in said["factors"]] == ["x", "y"]
    assert said["versions"]["numpy"] == np.__version__
