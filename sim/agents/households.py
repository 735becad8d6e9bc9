"""Households: the columns. What many walks read stands first, so that it shares a line of the processor's memory."""

import numpy as np

TIES = 10  # most ties a household keeps

# Coping steps, bits of `coping` (model: Maxwell and Caldwell 2008; WFP livelihood coping). The last one, to leave the
# city in hardship, stays with the row that is left behind.
SAVINGS, CUT, EARNER, BORROWED, AIDED, SOLD, HUNGRY, WITHDREW, LEFT = (1 << step for step in range(9))
OWNER, RENTER, KOS = range(3)

HOUSEHOLD = np.dtype(
    [
        ("uid", np.uint64),
        ("size", np.int16),
        ("children", np.int16),  # members under 15
        ("earners", np.int16),
        ("moved_in", np.int16),  # month it came to this dwelling; of those who have left the city, when they did
        ("coping", np.int16),  # bits of the steps taken this month
        ("hardship", np.int16),  # months in a row with a crisis step
        ("district", np.int8),  # 0-29
        ("kelurahan", np.uint8),  # 0-150
        ("quintile", np.int8),  # 0 poorest - 4 richest, by average consumption
        ("takes_part", np.int8),  # joins community decisions
        ("groups", np.int8),  # memberships: the neighbourhood's life, and a savings circle
        ("registered", np.int8),  # on the social registry (DTKS)
        ("tenure", np.int8),  # OWNER, RENTER, KOS
        ("alive", np.int8),
        ("arisan", np.int32),  # savings circle, -1 if none
        ("first", np.int32),  # first member (person row)
        ("trust", np.float32),  # 0-1
        ("satisfaction", np.float32),  # with local services and decisions, 0-1
        ("obligations", np.float32),  # share of earnings above essentials that leaves (taxes, insurance, kin elsewhere)
        ("shares", np.float32),  # claim on local distributed profits, relative
        ("buffer_target", np.float32),  # months of permanent income
        ("food_share", np.float32),
        ("shortage", np.float32),  # share of essentials that own cash did not cover this month, before any help
        ("rcsi", np.float32),  # reduced coping strategies index, 0-56
        ("damage", np.float32),  # damaged share of assets
        ("savings", np.float64),  # liquid, Rp (whole)
        ("average", np.float64),  # consumption per head, 12-month moving average, Rp/month
        ("formal_debt", np.float64),  # bank, KUR, Rp
        ("informal_debt", np.float64),  # rentenir, Rp
        ("assets", np.float64),  # dwelling, tools, vehicle at replacement value, Rp
        ("income", np.float64),  # this month's, after obligations, Rp
        ("permanent", np.float64),  # permanent income, Rp/month (moving average)
        ("claims", np.float64),  # income from outside: pensions, rents, remittances, Rp/month
        ("spending", np.float64),  # this month's consumption, Rp
        ("spare", np.float64),  # savings that could help others this month, Rp
        ("gap", np.float64),  # essentials not yet covered this month, Rp
        ("aid", np.float64),  # received this month: mutual aid and emergency help, Rp
    ],
    align=True,
)
