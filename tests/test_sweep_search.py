"""Policy search: a planted best split is found, told honestly, and found again from the store."""

from __future__ import annotations

import known_functions as known
import numpy as np
import pytest

from sim.errors import InputError
from sim.sweep.functions import FreeDesign, Function, free_factor
from sim.sweep.sampling import Sampling
from sim.sweep.search import how_often_first, problem_of, search, sentences
from sim.sweep.splits import Proposer, plain, whole

LEVERS = ("schools", "roads", "statues")


def design(**said) -> FreeDesign:
    factors = [free_factor("need", 0, 1), *(free_factor(name, 0, 100, role="lever") for name in LEVERS)]
    choices = {"seed_list": (1, 2), "package_list": ("none", "Plan")} | said
    return FreeDesign(tuple(factors), ("trust.mean",), Sampling(method="lhs", samples=3), **choices)


def broken(values, *, seed, package, shocks):
    raise ValueError("lived although it was in the store")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    choices = {"generations": 4, "batch": 8, "fresh": 5, "workers": 1}
    answer = search(design(), problem_of(design()), folder, model=Function(known.budget, version="1"), **choices)
    return answer, folder, choices


def test_the_planted_best_split_is_found(found):
    best = found[0].finalists.iloc[0]
    assert best["schools"] == pytest.approx(80, abs=10) and best["statues"] <= 5  # 80, 20 and 0 is best
    assert found[0].finalists["trust.mean"].is_monotonic_decreasing
    assert best["than_alike_low"] > 0 and best["best_share"] > 0.5
    assert min(found[0].fresh) > max(found[0].seeds)


def test_the_proposal_says_how_sure_it_is(found):
    text = " ".join(sentences(found[0]))
    assert "on schools" in text and "seeds the search has not seen" in text
    assert "It beats sharing the money out alike" in text and "resampled futures and seeds" in text


def test_a_search_run_again_lives_nothing_and_says_the_same(found):
    answer, folder, choices = found
    again = search(design(), problem_of(design()), folder, model=Function(broken, version="1"), **choices)
    assert again.finalists.equals(answer.finalists) and again.tried.equals(answer.tried)


def test_a_search_goes_on_with_more_rounds_and_with_more_fresh_seeds(tmp_path):
    def searched(folder, **choices):
        model = Function(known.budget, version="1")
        return search(design(), problem_of(design()), tmp_path / folder, model=model, batch=4, workers=1, **choices)

    searched("one", generations=1, fresh=2)
    further = searched("one", generations=2, fresh=2)
    more = searched("one", generations=2, fresh=3)
    assert further.finalists.equals(searched("two", generations=2, fresh=2).finalists)
    assert more.fresh == (3, 4, 5) and len(more.tried) == len(further.tried) > 4


def test_every_split_spends_the_whole_budget(found):
    assert np.allclose(found[0].tried[list(LEVERS)].sum(axis=1), 100)
    assert not found[0].tried.duplicated(list(LEVERS)).any()


def test_weights_become_whole_steps():
    assert whole(np.array([1, 1, 1]), 20) == (7, 7, 6)
    assert whole(np.zeros(2), 20) == (10, 10)
    assert plain(2, 20) == [(10, 10), (20, 0), (0, 20)]


def test_proposals_repeat_with_their_seed_and_skip_what_failed():
    def first(seed: int) -> list:
        proposer = Proposer(3, 2, seed=seed)
        splits = proposer.ask(6)
        proposer.tell(splits, np.array([[k, np.nan if k == 2 else -k] for k in range(6)], float))
        return splits + proposer.ask(6)

    assert first(1) == first(1) != first(2)
    assert len(set(first(1))) == 12


def test_two_splits_as_good_as_each_other_share_the_first_place():
    gains = np.ones((2, 3, 4))
    assert how_often_first(gains).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "changes, choices, message",
    [
        ({"package_list": ("Plan",)}, {}, "compares with doing nothing"),
        ({"package_list": ("none", "A", "B")}, {}, "say which package is searched"),
        ({}, {"package": "Pln"}, "no package 'Pln'"),
        ({}, {"budget": 500.0}, "every lever of the design must reach it"),
        ({"factors": (free_factor("need", 0, 1),)}, {}, "two or more `levers`"),
        ({"seeds_as": "factor"}, {}, "seeds_as: factor"),
    ],
)
def test_designs_that_leave_nothing_to_split_are_refused(changes, choices, message):
    from dataclasses import replace

    with pytest.raises(InputError, match=message):
        problem_of(replace(design(), **changes), **choices)
