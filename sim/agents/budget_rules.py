"""Rules of one household's budget: what it wants to spend, on what, and how it copes when it cannot."""

import math

import numpy as np

from sim.compiled import rule


@rule
def permanent_income(permanent, income, speed):
    """Income a household counts on, Rp/month: Y_p + speed*(Y - Y_p). Source: carroll_1997."""
    return permanent + speed * (income - permanent)


@rule
def buffer_months(savings, debts, permanent):
    """Net liquid savings in months of permanent income."""
    return (savings - debts) / max(permanent, 1.0)


@rule
def desired_consumption(permanent, buffer, target, precaution):
    """Spending a household would like this month, Rp: c* = Y_p * (1 + kappa*clip(b - b*, -3, 3)).

    Buffer-stock behaviour with a weak precautionary motive. Source: carroll_1997; abdul_jalil_2009.
    """
    return permanent * (1.0 + precaution * min(max(buffer - target, -3.0), 3.0))


@rule
def food_share(per_head, line, intercept, slope):
    """Share of spending that goes to food: clip(alpha - beta*ln(c/z), 0.15, 0.75). Source: working_leser."""
    return min(max(intercept - slope * math.log(max(per_head, 1.0) / line), 0.15), 0.75)


@rule
def rupiah_buys(food_share, food_price, other_price):
    """What a rupiah of spending buys at the start's prices, Rp: f / p_food + (1 - f) / p_other."""
    return food_share / food_price + (1.0 - food_share) / other_price


@rule
def lasting_average(average, now):
    """Spending per head averaged over the past months, Rp/month: average + (now - average) / 12.

    Each month counts a twelfth less than the one after it, and all are 11 months old on the mean (those of a plain mean
    of twelve months, which would have to keep twelve figures of every household, 5.5). Source: assumption.
    """
    return average + (now - average) / 12.0


@rule
def essentials(share, line, size, price):
    """Spending a household cannot do without, Rp/month."""
    return share * line * size * price


@rule
def obligations_due(earned, share, needs):
    """What leaves a household's earnings (income tax, insurance, support of kin elsewhere), whole Rp.

    share * (earnings - essentials) where positive: nobody is asked for what the family must eat.
    """
    return np.floor(share * max(earned - needs, 0.0))


@rule
def loan_room(limit_months, permanent, debt):
    """What a lender would still give, Rp: limit*Y_p minus what is owed."""
    return max(0.0, limit_months * permanent - debt)


@rule
def debt_service(debt, share, interest, affordable):
    """Principal and interest paid this month, whole Rp. Interest first; never more than is affordable."""
    cost = min(np.floor(debt * interest), np.floor(max(affordable, 0.0)))
    principal = min(np.floor(debt * share) + 1.0, debt, np.floor(max(affordable - cost, 0.0)))
    return principal, cost


@rule
def food_gap(food, need):
    """Missing share of the food a household needs, 0-1."""
    return max(0.0, 1.0 - food / max(need, 1.0))


@rule
def reduced_coping_index(gap, borrowed_or_helped):
    """rCSI, 0-56: days a week of five food strategies, weighted 1, 2, 1, 3, 1.

    Days rise with the food gap: less preferred food first, restricting adults last. Source: wfp_lcs.
    """
    if gap <= 0.0:
        return 0.0
    preferred = 7.0 * min(1.0, gap / 0.05)
    borrow = 7.0 if borrowed_or_helped else 0.0
    portions = 7.0 * min(1.0, gap / 0.15)
    restrict = 7.0 * min(1.0, gap / 0.35)
    meals = 7.0 * min(1.0, gap / 0.25)
    return preferred + 2.0 * borrow + portions + 3.0 * restrict + meals


@rule
def home_repair(assets, damage, speed, affordable):
    """Spent on repairing the dwelling and tools this month, whole Rp: min(speed * damage * assets, what is left over).

    `damage` is the damaged share of assets. Source: hallegatte_2016.
    """
    return np.floor(min(speed * damage * assets, max(affordable, 0.0)))


@rule
def fire_sale(gap, assets, limit, discount):
    """Assets given up to cover a gap, whole Rp of replacement value; they bring (1 - discount) of it."""
    return min(np.ceil(gap / (1.0 - discount)), np.floor(assets * limit))
