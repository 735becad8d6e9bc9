"""Random numbers: the published generator bit for bit, and uniform and independent along every address."""

import itertools

import numpy as np
import pytest
from scipy import stats

from sim.compiled import kernel
from sim.draws import (
    BATCH,
    draw_columns,
    draws,
    gumbel,
    many_draws,
    many_draws_at,
    new_uid,
    normal,
    philox,
    pick,
    stochastic_round,
    uniform,
)

ALPHA = 1e-4  # chance that one sound test fails; the addresses are fixed, so the outcome is too
N = 40_000


@pytest.mark.parametrize(
    "counter, key, words",
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_philox_gives_the_published_words(counter, key, words):
    """Known answers of Random123 (kat_vectors, philox4x32 10)."""
    assert tuple(int(w) for w in philox(*counter, *key)) == words


@kernel
def many(seeds, decisions, months, uids, out):
    for i in range(out.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = draws(seeds[i], decisions[i], months[i], uids[i])


def along(which, count=N, step=1, **fixed):
    """Four lanes of draws while one part of the address counts up."""
    base = {"seed": 7, "decision": 22, "month": 5, "uid": 123_456} | fixed
    columns = [np.full(count, value, np.int64) for value in base.values()]
    columns[list(base).index(which)] += np.arange(count) * step
    out = np.empty((count, 4))
    many(*columns, out)
    return out


ADDRESS = [("seed", 1), ("decision", 1), ("month", 1), ("uid", 1), ("uid", 1 << 32), ("seed", 1 << 32)]


@pytest.mark.parametrize("which, step", ADDRESS)
def test_draws_are_uniform_along_every_part_of_the_address(which, step):
    u = along(which, step=step)
    assert ((u > 0) & (u < 1)).all()
    for lane in range(4):
        assert stats.kstest(u[:, lane], "uniform").pvalue > ALPHA
        counts = np.bincount((u[:, lane] * 256).astype(int), minlength=256)
        assert stats.chisquare(counts).pvalue > ALPHA
        low_bits = np.bincount((u[:, lane] * 2.0**32).astype(np.int64) & 255, minlength=256)
        assert stats.chisquare(low_bits).pvalue > ALPHA


@pytest.mark.parametrize("which, step", ADDRESS)
def test_neighbours_in_the_address_know_nothing_of_each_other(which, step):
    u = along(which, step=step)
    for lane, lag in itertools.product(range(4), (1, 2, 12)):
        a, b = u[:-lag, lane], u[lag:, lane]
        assert abs(np.corrcoef(a, b)[0, 1]) * np.sqrt(len(a)) < 4.5
        table = np.histogram2d(a, b, bins=12, range=[[0, 1], [0, 1]])[0]
        assert stats.chi2_contingency(table).pvalue > ALPHA


@pytest.mark.parametrize("first, second", list(itertools.combinations(range(4), 2)))
def test_the_four_answers_of_one_call_are_independent(first, second):
    u = along("uid", 4 * N)
    assert abs(np.corrcoef(u[:, first], u[:, second])[0, 1]) * np.sqrt(len(u)) < 4.5
    table = np.histogram2d(u[:, first], u[:, second], bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chi2_contingency(table).pvalue > ALPHA


@pytest.mark.parametrize("which", ["seed", "decision", "month"])
def test_everybody_s_luck_is_new_in_another_month_decision_or_seed(which):
    """The same people at two neighbouring addresses."""
    one = along("uid", **{which: 30})
    other = along("uid", **{which: 31})
    for lane in range(4):
        assert abs(np.corrcoef(one[:, lane], other[:, lane])[0, 1]) * np.sqrt(N) < 4.5
        table = np.histogram2d(one[:, lane], other[:, lane], bins=12, range=[[0, 1], [0, 1]])[0]
        assert stats.chi2_contingency(table).pvalue > ALPHA


def test_negative_months_of_the_burn_in_are_addresses_of_their_own():
    assert draws(1, 2, -1, 3) != draws(1, 2, 1, 3)
    assert draws(1, 2, -24, 3) != draws(1, 2, -23, 3)


def test_one_address_always_gives_the_same_numbers():
    assert draws(7, 22, 5, 99) == draws(7, 22, 5, 99)
    u = along("uid")
    assert u[17].tolist() == list(draws(7, 22, 5, 123_456 + 17))


def test_one_more_person_changes_nobody_else_s_luck():
    assert along("uid", 1000)[:999].tolist() == along("uid", 999).tolist()


def test_new_people_get_ids_that_nobody_has():
    """Four children each of 20,000 parents in three months: all different, none a small number."""
    ids = {int(new_uid(1, month, parent, k)) for month in range(3) for parent in range(20_000) for k in range(4)}
    assert len(ids) == 3 * 20_000 * 4
    assert min(ids) >= 1 << 62
    assert max(ids) < 1 << 63


def test_normals_have_the_normal_distribution():
    u = along("uid")
    z = np.array([normal(a, b) for a, b in u[:, :2]])
    assert stats.kstest(z, "norm").pvalue > ALPHA
    assert abs(z.mean()) < 4 / np.sqrt(N)
    assert abs(z.std() - 1) < 4 / np.sqrt(2 * N)


def test_gumbels_have_the_gumbel_distribution():
    g = np.array([gumbel(a) for a in along("month")[:, 2]])
    assert stats.kstest(g, "gumbel_r").pvalue > ALPHA


def test_the_best_of_scores_plus_gumbels_is_a_logit_choice():
    noise = np.array([[gumbel(a) for a in row] for row in along("uid")[:, :3]])
    scores = np.array([0.0, 0.5, 1.2])
    counts = np.bincount((noise + scores).argmax(axis=1), minlength=3)
    shares = np.exp(scores) / np.exp(scores).sum()
    assert stats.chisquare(counts, N * shares).pvalue > ALPHA


def test_rounding_keeps_the_mean():
    u = along("uid")[:, 0]
    whole = np.array([stochastic_round(2.3, a) for a in u])
    assert set(whole) == {2, 3}
    assert stats.binomtest(int((whole == 3).sum()), N, 0.3).pvalue > ALPHA
    assert {stochastic_round(4.0, a) for a in u[:100]} == {4}
    assert stochastic_round(0.0, 0.001) == 0


def test_picking_follows_the_weights_and_never_picks_an_empty_one():
    weights = np.array([0.0, 2.0, 0.0, 1.0, 5.0, 0.0])
    cumulative = np.cumsum(weights)
    picked = np.bincount([pick(cumulative, a) for a in along("seed")[:, 1]], minlength=6)
    assert picked[weights == 0].sum() == 0
    assert stats.chisquare(picked[weights > 0], N * weights[weights > 0] / 8).pvalue > ALPHA
    assert pick(cumulative, 1 - 2.0**-33) == 4
    assert pick(cumulative, 2.0**-33) == 1


def test_a_two_state_labour_market_goes_to_its_closed_form():
    """s = 0.016, f = 0.165: u* = s/(s+f) = 0.0884; the distance shrinks by 1 - s - f a month."""
    s, f, people = 0.016, 0.165, 60_000
    out = np.zeros(people, bool)
    shares = []
    for month in range(80):
        u = along("uid", people, month=month)[:, 0]
        out = np.where(out, u >= f, u < s)
        shares.append(out.mean())
    steady = s / (s + f)
    assert steady == pytest.approx(0.08840, abs=5e-6)
    error = np.sqrt(steady * (1 - steady) / people)
    assert np.mean(shares[60:]) == pytest.approx(steady, abs=3 * error)
    expected = steady * (1 - (1 - s - f) ** np.arange(1, 13))
    assert shares[:12] == pytest.approx(expected, abs=5 * error)


@pytest.mark.parametrize("count", [0, 1, 255, 256])
def test_numbers_drawn_together_are_the_numbers_drawn_one_by_one(count):
    uids = np.arange(BATCH, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    luck = np.full((4, BATCH), -1.0)
    many_draws(2**62 + 5, 22, -7, uids, count, luck)
    assert luck[:, :count].T.tolist() == [list(draws(2**62 + 5, 22, -7, uid)) for uid in uids[:count]]
    assert (luck[:, count:] == -1.0).all()
    columns = np.full((4, count), -1.0)
    draw_columns(2**62 + 5, 22, -7, uids[:count], *columns)
    assert (columns == luck[:, :count]).all()
    months = np.arange(-100, BATCH - 100)
    many_draws_at(2**62 + 5, 22, months, uids, count, luck)
    each = zip(months[:count], uids[:count], strict=True)
    assert luck[:, :count].T.tolist() == [list(draws(2**62 + 5, 22, month, uid)) for month, uid in each]


def test_a_word_becomes_the_middle_of_its_place_between_nought_and_one():
    words = [0, 1, 2**31, 2**32 - 2, 2**32 - 1, 123_456_789]
    assert [uniform(np.uint64(word)) for word in words] == [(word + 0.5) / 2**32 for word in words]
