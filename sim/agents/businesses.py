"""Formal businesses: the columns. Own-account businesses live in their owner's row of `persons`."""

import numpy as np

CLOSED, OPEN, CLOSING = range(3)  # CLOSING: stopped this month; its workers leave next month
FIRM, OFFICE, ZONE = range(3)  # a firm; an office of the city government; the jobs of an outer zone
MICRO, SMALL, MEDIUM, LARGE = range(4)
SIZE_CLASSES = ("1-4", "5-19", "20-99", "100 and more")
SIZE_BOUNDS = (1, 5, 20, 100)
SECTORS = (
    "manufacturing",
    "construction",
    "trade",
    "transport",
    "accommodation_food",
    "modern_services",
    "public_services",
    "other_services",
)
MANUFACTURING, CONSTRUCTION, TRADE, TRANSPORT, FOOD_SERVICES, MODERN, PUBLIC, OTHER = range(8)
N_SECTORS = len(SECTORS)

BUSINESS = np.dtype(
    [
        ("uid", np.uint64),
        ("wage_bill", np.float64),  # of its resident workers, Rp/month
        ("skills", np.float64),  # sum of its resident workers' efficiency units
        ("productivity", np.float64),  # Rp of sales per efficiency unit and month at full use
        ("custom", np.float64),  # customer base: its pull on demand, Rp/month
        ("demand", np.float64),  # this month's, Rp
        ("expected", np.float64),  # expected demand, Rp/month
        ("capacity", np.float64),  # Rp/month
        ("sales", np.float64),  # delivered, Rp/month
        ("profit", np.float64),  # last month's, Rp
        ("deposits", np.float64),  # Rp (negative: overdraft)
        ("loan", np.float64),  # Rp
        ("capital", np.float64),  # replacement value, Rp
        ("csr_fund", np.float64),  # set aside for social projects, Rp
        ("pull", np.float64),  # custom after price, technology and practice: its weight in the market, Rp/month
        ("workers", np.int32),  # residents employed
        ("commuters", np.int32),  # employed, living in the outer zones
        ("vacancies", np.int32),
        ("price", np.float32),  # relative to the start
        ("markup", np.float32),
        ("technology", np.float32),  # adoption, 0-1
        ("practice", np.float32),  # management practice, SD
        ("damage", np.float32),  # damaged share of capital
        ("layoff", np.float32),  # share of its workers to be laid off this month
        ("premium", np.float32),  # wage relative to the sector's, mean 1
        ("founded", np.int16),
        ("distress", np.int16),  # months in a row with an overdraft
        ("status", np.int8),
        ("kind", np.int8),
        ("sector", np.int8),
        ("district", np.int8),  # 0-29, or 30-33 for the outer zones
        ("size_class", np.int8),
        ("compliant", np.int8),  # pays the UMK and its taxes
    ],
    align=True,
)
