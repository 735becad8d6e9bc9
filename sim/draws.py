"""Keyed random numbers: every draw is a pure function of (seed, decision, month, agent id).

The generator is Philox 4x32 with ten rounds, a counter-based generator that passes BigCrush
(Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11). The counter holds the
agent's permanent id, the month and the decision; the key holds the seed. One call yields four independent numbers,
so a decision with up to four questions needs one call. Nothing is shared and nothing advances: one more birth
changes nobody else's luck.
"""

import math

import numpy as np

from sim.compiled import rule


def _decision(number: int) -> int:
    """A whole number of NumPy's: a plain int would be compiled into each rule that gets it, once for every number."""
    return np.int64(number)  # type: ignore[return-value]


# Decisions. The numbers are part of every result: never reuse or renumber one.
BUILD_PERSON = _decision(1)
BUILD_HOUSEHOLD = _decision(2)
BUILD_BUSINESS = _decision(3)
BUILD_JOB = _decision(4)
BUILD_TIES = _decision(5)
BUILD_WELFARE = _decision(6)
LIFE = _decision(10)
NEW_ID = _decision(11)
MIGRATION = _decision(12)
MIGRANT = _decision(13)
MOVE = _decision(14)
FORMATION = _decision(15)
PLAN = _decision(20)
HIRING = _decision(21)
LABOUR = _decision(22)
SEARCH = _decision(23)
VACANCY = _decision(24)
WAGE = _decision(25)
OWN_BUSINESS = _decision(26)
PARTICIPATION_IN_LABOUR = _decision(27)
BUDGET = _decision(30)
COPING = _decision(31)
MUTUAL_AID = _decision(32)
EXIT = _decision(40)
ENTRY = _decision(41)
GROWTH = _decision(42)
CSR = _decision(43)
TRAINING = _decision(50)
TECHNOLOGY = _decision(51)
COMMUNITY = _decision(60)
CHILD = _decision(61)
ARISAN = _decision(62)
VOTE = _decision(63)
PROGRAMME = _decision(70)
HAZARD = _decision(80)
LEVER = _decision(100)  # plus the number of the lever (L1-L19)
SHOCK = _decision(140)  # plus the number of the shock in the catalogue
INDEX_WEIGHTS = _decision(170)  # weights of the index's dimensions

BATCH = 256  # ids whose numbers a walk draws at a time

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_SCALE = 1.0 / 4294967296.0
_EXPONENT = np.uint64(0x4330000000000000)  # the bits of 2^52 as a float: a word put into its last bits is added to it
_HALF_LESS = 4503599627370496.0 - 0.5  # 2^52 - 1/2


@rule
def uniform(word):
    """The middle of a 32-bit word's place in (0, 1): (word + 1/2) / 2^32, exact.

    The word becomes a float by its bits: the processor turns no long whole numbers into floats several at a time.
    """
    return (np.uint64(word | _EXPONENT).view(np.float64) - _HALF_LESS) * _SCALE


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox 4x32: four 32-bit words from a 128-bit counter and a 64-bit key. Source: salmon_2011."""
    c0, c1, c2, c3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    k0, k1 = np.uint64(k0), np.uint64(k1)
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _LOW, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


def batch() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Room for the rows, the ids, the four numbers and one number of BATCH agents, for `many_draws`."""
    return np.empty(BATCH, np.int64), np.empty(BATCH, np.uint64), np.empty((4, BATCH)), np.empty(BATCH)


def rows_of_a_batch() -> np.ndarray:
    """Room for the rows of BATCH agents."""
    return np.empty(BATCH, np.int64)


@rule
def _round(c0, c1, c2, c3, k0, k1):
    """One round of Philox 4x32."""
    p0, p1 = _M0 * c0, _M1 * c2
    return (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _LOW, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _LOW


@rule
def _ten_rounds(uid, c2, c3, k0, k1):
    """Philox 4x32 of an id: the ten rounds written out, so that the compiler works on eight ids at a time."""
    a, b, c, d = _round(uid & _LOW, uid >> _SHIFT, c2, c3, k0, k1)
    p, q = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    a, b, c, d = _round(a, b, c, d, p, q)
    p, q = (p + _W0) & _LOW, (q + _W1) & _LOW
    return _round(a, b, c, d, p, q)


@rule
def many_draws(seed, decision, month, uids, count, luck):
    """`draws` of each of the first `count` ids, as the columns of `luck` (4, n): the same, five times as fast."""
    seed, c2, c3 = np.uint64(seed), np.uint64(month) & _LOW, np.uint64(decision)
    k0, k1 = seed & _LOW, seed >> _SHIFT
    for k in range(count):
        a, b, c, d = _ten_rounds(uids[k], c2, c3, k0, k1)
        luck[0, k], luck[1, k] = uniform(a), uniform(b)
        luck[2, k], luck[3, k] = uniform(c), uniform(d)


@rule
def draw_columns(seed, decision, month, uids, first, second, third, fourth):
    """`many_draws` of all ids into four columns of their own (n,): for tables too long for a batch."""
    seed, c2, c3 = np.uint64(seed), np.uint64(month) & _LOW, np.uint64(decision)
    k0, k1 = seed & _LOW, seed >> _SHIFT
    for k in range(uids.shape[0]):
        a, b, c, d = _ten_rounds(uids[k], c2, c3, k0, k1)
        first[k] = uniform(a)
        second[k] = uniform(b)
        third[k] = uniform(c)
        fourth[k] = uniform(d)


@rule
def many_draws_at(seed, decision, months, uids, count, luck):
    """`many_draws` with a month for each id: `months` (n,) int64."""
    seed, c3 = np.uint64(seed), np.uint64(decision)
    k0, k1 = seed & _LOW, seed >> _SHIFT
    for k in range(count):
        a, b, c, d = _ten_rounds(uids[k], np.uint64(months[k]) & _LOW, c3, k0, k1)
        luck[0, k], luck[1, k] = uniform(a), uniform(b)
        luck[2, k], luck[3, k] = uniform(c), uniform(d)


@rule
def draws(seed, decision, month, uid):
    """Four independent uniforms in (0, 1), never 0 and never 1, at one address."""
    uid, seed = np.uint64(uid), np.uint64(seed)
    a, b, c, d = philox(
        uid & _LOW, uid >> _SHIFT, np.uint64(month) & _LOW, np.uint64(decision), seed & _LOW, seed >> _SHIFT
    )
    return uniform(a), uniform(b), uniform(c), uniform(d)


@rule
def new_uid(seed, month, parent, ordinal):
    """A permanent 63-bit id for an agent born of `parent` (its `ordinal`-th in that month)."""
    parent, seed = np.uint64(parent), np.uint64(seed)
    where = np.uint64(NEW_ID) + (np.uint64(ordinal) << np.uint64(8))
    a, b, _, _ = philox(
        parent & _LOW, parent >> _SHIFT, np.uint64(month) & _LOW, where & _LOW, seed & _LOW, seed >> _SHIFT
    )
    return ((a << np.uint64(31)) ^ b) | (np.uint64(1) << np.uint64(62))


@rule
def normal(u1, u2):
    """A standard normal from two uniforms. Source: box_muller_1958."""
    return math.sqrt(-2.0 * math.log(u1)) * math.cos(2.0 * math.pi * u2)


@rule
def gumbel(u):
    """A standard Gumbel from one uniform: the noise that turns scores into logit choices."""
    return -math.log(-math.log(u))


@rule
def stochastic_round(x, u):
    """A whole number with mean x (x >= 0)."""
    whole = math.floor(x)
    return int(whole) + (1 if u < x - whole else 0)


@rule
def pick(cumulative, u):
    """The index drawn from a cumulative table whose last entry is its total."""
    target = u * cumulative[-1]
    low, high = 0, cumulative.shape[0] - 1
    while low < high:
        middle = (low + high) // 2
        if cumulative[middle] > target:
            high = middle
        else:
            low = middle + 1
    return low
