"""Rules of one business in the market and at the end of its month: pull on custom, sales, profit, payout, exit."""

import math

import numpy as np

from sim.compiled import rule


@rule
def market_pull(custom, price, technology, practice, price_pull, technology_pull, practice_pull):
    """Weight of a firm in its market, Rp/month: custom * p**-e * exp(b_tau*tau + b_m*m). Source: huff_1964."""
    if price == 1.0 and technology == 0.0 and practice == 0.0:
        return custom
    return custom * math.exp(-price_pull * math.log(price) + technology_pull * technology + practice_pull * practice)


@rule
def delivered(demand, capacity):
    """Sales of the first round, whole Rp: what is asked for, up to capacity."""
    return np.floor(max(min(demand, capacity), 0.0))


@rule
def dearer_inputs(share, input_price, price, markup, start_markup):
    """Inputs over sales when their price is `input_price` times the start's, of which sellers have passed on what
    their own price shows beyond the mark-up: share * p_in / [price (1 + mu_0) / (1 + mu)].
    """
    return share * input_price * (1.0 + markup) / (price * (1.0 + start_markup))


def unit_cost(share, markup, input_price, unit_wages=1.0):
    """Cost of a unit over the start's when inputs cost `input_price` times as much, and its wages `unit_wages` times; 1
    when both cost the same.

    1 + w (p_in - 1) + (1 - w) (W - 1), w = share / (share + (1 - share) / (1 + markup)): inputs in the cost of a unit,
    wages the rest. Source: delli_gatti_2011.
    """
    weight = share / (share + (1.0 - share) / (1.0 + markup))
    return 1.0 + weight * (input_price - 1.0) + (1.0 - weight) * (unit_wages - 1.0)


@rule
def commuter_wages(wage_bill, workers, commuters, sector_wage):
    """Wages of workers from the outer zones, whole Rp: the firm's mean wage, or the sector's if it has no residents."""
    return np.floor(commuters * (wage_bill / workers if workers > 0 else sector_wage))


@rule
def local_tax(sales, sales_tax, food_services_tax, is_food_services):
    """City taxes on turnover, whole Rp; hotels and restaurants pay their own tax on top."""
    return np.floor(sales * (sales_tax + (food_services_tax if is_food_services else 0.0)))


@rule
def payout(deposits, target, share):
    """Cash paid out to owners, whole Rp: a share of what exceeds the target."""
    return np.floor(share * max(deposits - target, 0.0))


@rule
def custom_luck(custom, n, spread):
    """Proportional growth of a firm's custom with mean zero: the process behind Zipf's law. Source: gibrat_1931."""
    return custom * math.exp(spread * n - 0.5 * spread * spread)


@rule
def exit_hazard(size_class, micro, small, medium, large):
    """Voluntary exit in a month by size class."""
    if size_class == 0:
        return micro
    if size_class == 1:
        return small
    return medium if size_class == 2 else large
