"""The engine behind the page: the same worlds as the command line, shared, cancelled, bounded; a dead worker costs
nobody their page."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import RunError
from sim.scenario import Scenario
from sim.twins import live
from sim.ui.engine import store
from sim.ui.engine.asking import CROWDED, Engine, LiveAsk, Question
from sim.ui.engine.cache import Cache
from sim.ui.engine.crew import Busy, Crew
from sim.ui.engine.job import job_of
from sim.ui.engine.life import LifeAsk, Told, life_job
from sim.ui.limits import Detail, Limits
from sim.ui.state import edits

MONTHS, SCALE = 14, 2000
LIVE = Detail("live", SCALE, 2)


def scenario(budget: float = 50e9, **more) -> Scenario:
    """A small slump and one lever, from month 2; the shock from month 6."""
    said = {
        "title": "Small",
        "start": "2025-01",
        "months": MONTHS,
        "shocks": [{"kind": "demand_slump", "start": "2025-07", "intensity": 0.5}],
        "packages": [
            {
                "name": "Cash",
                "policies": [{"lever": "cash_transfer", "budget_rp_per_year": budget, "start": "2025-03"}],
            }
        ],
    }
    return Scenario(**{**said, **more})


def question(budget: float = 50e9, detail: Detail = LIVE, **more) -> Question:
    asked = scenario(budget, **more)
    return Question(asked, detail, asked.months)


@pytest.fixture(scope="module")
def engine():
    made = Engine(Limits(workers=1, live_scale=SCALE, live_seeds=2, most_waiting=40))
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(engine):
    """The answer to the usual question."""
    return list(engine.ask(question()).answers())


def test_an_answer_grows_seed_by_seed(whole):
    counts = [len(one.found) for one in whole]
    assert counts == sorted(counts) and set(counts) >= {1, 2}
    assert whole[-1].whole and whole[-1].share == 1.0 and not whole[-1].error
    assert [one.whole for one in whole[:-1]] == [False] * (len(whole) - 1)


def test_the_worlds_are_those_of_the_command_line(whole):
    """Bit for bit: what was put together from parts is what `bandung compare` lives in one go."""
    for ours in whole[-1].found:
        theirs = live(scenario(), SCALE, ours.seed, MONTHS)
        assert ours.digests == theirs.digests
        np.testing.assert_array_equal(ours.yearly, theirs.yearly)
        for name in theirs.gains:
            np.testing.assert_array_equal(ours.gains[name], theirs.gains[name])
        assert [line["spent"] for line in ours.programmes] == [line["spent"] for line in theirs.programmes]


def test_a_lever_that_starts_after_the_shock_parts_from_the_shocked_world(engine):
    late = scenario(
        packages=[
            {
                "name": "Cash",
                "policies": [{"lever": "cash_transfer", "budget_rp_per_year": 9e9, "start": "2025-10"}],
            }
        ]
    )
    *_, last = engine.ask(Question(late, Detail("live", SCALE, 1), MONTHS)).answers()
    assert last.found[0].digests == live(late, SCALE, 1, MONTHS).digests


def test_what_is_known_is_answered_at_once(engine, whole):
    known = engine.known(question())
    assert known is not None and known.whole
    assert [one.digests for one in known.found] == [one.digests for one in whole[-1].found]


def test_another_lever_lives_only_the_worlds_it_changes(engine, whole):
    asked = question(70e9)
    left = engine.ask(asked)
    assert len(left.left) == 2 * 2  # with the package, without and with shock, for each seed: none without it
    left.cancel()


def test_a_name_is_no_reason_to_compute(engine, whole):
    renamed = edits.renamed(scenario(), 0, "Another name")
    known = engine.known(Question(renamed, LIVE, MONTHS))
    assert known is not None
    assert known.comparison.ensemble.policies == ("Another name",)


def test_two_who_ask_the_same_share_the_work(engine):
    asked = question(33e9)
    first, second = engine.ask(asked), engine.ask(asked)
    with ThreadPoolExecutor(2) as both:
        ends = list(both.map(lambda ask: list(ask.answers())[-1], (first, second)))
    assert all(one.whole for one in ends)
    assert ends[0].found[0].digests == ends[1].found[0].digests


def test_a_cancelled_question_leaves_the_queue(engine):
    ask = engine.ask(question(41e9, months=60))
    following = threading.Thread(target=lambda: list(ask.answers()))
    following.start()
    ask.cancel()
    following.join(10)
    assert not following.is_alive()
    end = time.monotonic() + 20
    while engine.crew.tasks and time.monotonic() < end:
        time.sleep(0.05)
    assert not engine.crew.tasks
    assert engine.known(ask.question) is None


def test_the_crew_works_on_after_a_cancel(engine, whole):
    *_, last = engine.ask(question(42e9)).answers()
    assert last.whole


def test_a_dead_worker_is_replaced_and_its_job_done(engine):
    ask = engine.ask(question(55e9, months=40))
    while not any(engine.crew.tasks[job] not in engine.crew._waiting for job in list(engine.crew.tasks)):
        time.sleep(0.01)
    before = engine.crew.workers[0].process.pid
    os.kill(before, signal.SIGKILL)
    *_, last = ask.answers()
    assert last.whole and not last.error
    assert engine.crew.workers[0].process.pid != before


def test_a_world_that_fails_says_so_and_harms_nobody(engine):
    bad = question(56e9, parameters={"population.burn_in": 24.0})
    broken = job_of(bad.scenario, 1, True, 10**9, 1, MONTHS)  # nobody would be left in such a city
    heard = []
    engine.crew.submit(broken, 0, lambda job, said, what: heard.append((said, what)))
    end = time.monotonic() + 60
    while not any(said in ("failed", "done") for said, _ in heard) and time.monotonic() < end:
        time.sleep(0.05)
    said, what = heard[-1]
    assert said == "failed" and isinstance(what, RunError)
    *_, last = engine.ask(question(57e9)).answers()
    assert last.whole


def test_the_queue_is_bounded(engine):
    full = Crew(0, 3, Cache(10**6), 10**6)
    jobs = [job_of(scenario(10e9 + k), 1, False, SCALE, 1, MONTHS) for k in range(4)]
    for job in jobs[:3]:
        full.submit(job, 0, print)
    with pytest.raises(Busy):
        full.submit(jobs[3], 0, print)
    full.submit(jobs[0], 0, print)  # joining somebody else's job is always possible
    assert full.waiting == 3


def test_a_reader_alone_waits_for_every_seed_and_among_many_for_two(engine):
    idle = SimpleNamespace(
        crew=Crew(0, 400, Cache(10**6), 10**6), cache=Cache(10**6), limits=Limits(workers=1), _seed=lambda *_: None
    )
    mine = LiveAsk(idle, question(62e9, Detail("live", SCALE, 6)))
    assert idle.crew.waiting > CROWDED and not mine._crowded()
    LiveAsk(idle, question(63e9, Detail("live", SCALE, 6)))
    assert mine._crowded()


def test_first_seeds_come_first():
    crew = Crew(0, 10, Cache(10**6), 10**6)
    second, first = (job_of(scenario(), 0, False, SCALE, seed, MONTHS) for seed in (2, 1))
    crew.submit(second, 1, print)
    crew.submit(first, 0, print)
    assert crew._next().job == first


def test_a_long_look_gives_the_same_and_is_kept(engine):
    asked = question(detail=Detail("careful", SCALE, 1))
    *_, last = engine.ask(asked).answers()
    assert last.whole and last.found[0].digests == live(scenario(), SCALE, 1, MONTHS).digests
    assert engine.known(asked) is not None


def test_a_long_look_can_be_cancelled(engine):
    ask = engine.ask(question(58e9, Detail("careful", 500, 3), months=120))
    answers = ask.answers()
    next(answers)
    ask.cancel()
    assert list(answers) == []


def test_no_more_long_looks_than_allowed():
    small = Engine(Limits(workers=1, most_deep=0))
    with pytest.raises(Busy):
        small.ask(question(59e9, Detail("careful", SCALE, 1)))
    small.close()


def test_the_cache_forgets_the_least_used():
    class Sized:
        size = 40

    cache = Cache(100)
    for name in "ab":
        cache.put(name, Sized())
    cache.get("a")
    cache.put("c", Sized())
    assert cache.get("b") is None and cache.get("a") is not None and len(cache) == 2


def test_results_are_kept_on_disk_for_the_next_server(engine, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "v1")
    engine.retain(question())
    other = Engine(Limits(workers=1))
    try:
        found = other.recall(question())
        assert found is not None
        assert [one.digests for one in found.found] == [one.digests for one in whole[-1].found]
        np.testing.assert_array_equal(found.found[0].city, whole[-1].found[0].city)
        np.testing.assert_array_equal(
            found.found[0].programmes[0]["by_quintile"], whole[-1].found[0].programmes[0]["by_quintile"]
        )
        next((tmp_path / "v1").glob("*.npz")).write_bytes(b"half a file")
        assert Engine.recall(other, question(61e9)) is None
    finally:
        other.close()


def test_a_half_written_result_is_computed_again(tmp_path, monkeypatch, whole, engine):
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "v1")
    job = job_of(scenario(), 0, False, SCALE, 1, MONTHS)
    store.keep(job, engine.cache.get(job))
    (path,) = (tmp_path / "v1").glob("*.npz")
    path.write_bytes(path.read_bytes()[:1000])
    assert store.kept(job) is None


def test_a_household_is_followed_in_both_worlds(engine):
    job = life_job(scenario(), SCALE, 3, True)
    *shares, told = LifeAsk(engine.crew, job).answers()
    assert isinstance(told, Told) and told.lives.household == 3 and told.lives.with_ is not None
    assert all(0 <= share <= 1 for share in shares)
    assert list(LifeAsk(engine.crew, job).answers()) == [told]  # kept


def test_a_household_that_is_not_there_is_told(engine):
    *_, told = LifeAsk(engine.crew, life_job(scenario(), SCALE, 10**6, True)).answers()
    assert told.lives is None and "households 1 to" in told.refusal


def test_limits_bound_what_may_be_asked():
    assert [one.name for one in Limits().details()] == ["live", "careful", "whole"]
    assert [one.name for one in Limits(least_scale=100).details()] == ["live", "careful"]
    assert Limits(least_scale=100).detail("whole").name == "live"
