"""Who lives where: population, sex and age, schooling, labour-force participation, births and deaths."""

from __future__ import annotations

import numpy as np

from sim.city.algebra import ipf, whole_shares
from sim.city.reading import Sheet

MALE, FEMALE = 0, 1
SEXES = ["male", "female"]
AGE_GROUPS = tuple((5 * g, 5 * g + 4) for g in range(15)) + ((75, 99),)
SCHOOLING_LEVELS = (
    "none",
    "primary_unfinished",
    "primary",
    "junior",
    "senior",
    "d1_d2",
    "d3",
    "bachelor",
    "master",
    "doctor",
)
OLDEST = 110  # nobody grows older


def register_population(districts: Sheet, year: int) -> np.ndarray:
    """Registered residents of the nearest register year, per kecamatan."""
    nearest = min(range(2017, 2025), key=lambda y: abs(y - year))
    return districts.numbers("pop_reg_2024_s1" if nearest == 2024 else f"pop_reg_{nearest}")


def split_population(districts: Sheet, year: int, total: int) -> np.ndarray:
    """The city's population over the kecamatan as in the register, exact to the person."""
    return whole_shares(total, register_population(districts, year))


def mean_household_size(districts: Sheet, year: int, population: np.ndarray, city_mean: float) -> np.ndarray:
    """Mean household size per kecamatan: the register's pattern, scaled to the city's mean.

    Family cards are smaller than households that live together, so only the pattern is used.
    """
    nearest = min(range(2017, 2025), key=lambda y: abs(y - year))
    size = register_population(districts, nearest) / districts.numbers(f"kk_{nearest}")
    return size * city_mean * (population / size).sum() / population.sum()


def age_and_sex(demography: Sheet, mortality: np.ndarray, births_ratio: float) -> np.ndarray:
    """Shares by kecamatan, sex and five-year group (30, 2, 16), each kecamatan adding to 1.

    The register gives age and sex apart; they are joined by proportional fitting from a seed in which men and women
    are born `births_ratio` to 1 and die at the city's rates.
    """
    ages = np.stack([demography.numbers(_age_column(low)) for low, _ in AGE_GROUPS], axis=1)
    sexes = np.stack([demography.numbers("male_2024"), demography.numbers("female_2024")], axis=1)
    for table, what in ((ages, "age groups"), (sexes, "sexes")):
        for row in np.flatnonzero(table.sum(axis=1) <= 0):
            demography.fail(f"the {what} add to 0; expected the kecamatan's residents", int(row))
    alive = survivors(mortality)
    seed = np.stack([[alive[s, low : min(high, 89) + 1].mean() for low, high in AGE_GROUPS] for s in (MALE, FEMALE)])
    seed[MALE] *= births_ratio
    age_share, sex_share = (t / t.sum(axis=1, keepdims=True) for t in (ages, sexes))
    return np.stack([ipf(seed * age_share[d], [sex_share[d], age_share[d]]) for d in range(len(demography))])


def _age_column(low: int) -> str:
    return "age2023_75_plus" if low == 75 else f"age2023_{low:02d}_{low + 4:02d}"


def schooling(demography: Sheet) -> np.ndarray:
    """Shares of all residents by highest level (30, 10); small children and pupils are in the lowest levels."""
    levels = np.stack([demography.numbers(f"edu2024_{level}") for level in SCHOOLING_LEVELS], axis=1)
    return levels / levels.sum(axis=1, keepdims=True)


def survivors(mortality: np.ndarray) -> np.ndarray:
    """Share of the born still alive at each exact age (2, 110)."""
    return np.exp(-np.cumsum(np.concatenate([np.zeros((2, 1)), mortality[:, :-1]], axis=1), axis=1))


def life_expectancy(mortality: np.ndarray, births_ratio: float) -> float:
    """Expected years of life of a newborn of either sex, with constant rates within each year of age.

    e0 = sum_a l(a) (1 - exp(-m_a)) / m_a
    """
    alive = survivors(mortality)
    years = (alive * -np.expm1(-mortality) / mortality).sum(axis=1)
    years += alive[:, -1] * np.exp(-mortality[:, -1]) / mortality[:, -1]
    return float((years[MALE] * births_ratio + years[FEMALE]) / (1 + births_ratio))


def mortality_rates(table: Sheet, target: float, births_ratio: float) -> np.ndarray:
    """Deaths per person and year by sex and single age (2, 110).

    The table's rates, smooth within groups on the log scale, times one factor for which life expectancy at birth is
    the published one.
    """
    log_rate = np.empty((2, OLDEST))
    for sex, name in enumerate(SEXES):
        middle, rate = _rates(table, "deaths", name)
        log_rate[sex] = np.interp(np.arange(OLDEST) + 0.5, middle, np.log(rate))
    low, high = np.log(0.05), np.log(20.0)
    for _ in range(60):
        factor = (low + high) / 2
        if life_expectancy(np.exp(log_rate + factor), births_ratio) > target:
            low = factor
        else:
            high = factor
    return np.exp(log_rate + (low + high) / 2)


def fertility_rates(table: Sheet, total: float) -> np.ndarray:
    """Births per woman and year by single age (100,), adding to the total fertility rate."""
    rates = np.zeros(100)
    for row in _rows(table, "births", "female"):
        low, high = int(table.counts("age_from")[row]), int(table.counts("age_to")[row])
        rates[low : high + 1] = table.numbers("rate")[row]
    if rates.sum() <= 0:
        table.fail("the birth rates add to 0; expected rates per woman and year")
    return rates * total / rates.sum()


def _rows(table: Sheet, measure: str, sex: str) -> list[int]:
    pairs = zip(table.text("measure"), table.text("sex"), strict=True)
    return [row for row, pair in enumerate(pairs) if pair == (measure, sex)]


def _rates(table: Sheet, measure: str, sex: str) -> tuple[np.ndarray, np.ndarray]:
    """Middle of each age group and its rate."""
    rows = _rows(table, measure, sex)
    if not rows:
        table.fail(f"no rows for {measure}, {sex}; expected one for each age group")
    middle = (table.numbers("age_from") + table.numbers("age_to") + 1)[rows] / 2
    rate = table.numbers("rate")[rows]
    if (rate <= 0).any():
        table.fail("0 or less found; expected a rate above 0", rows[int(np.argmax(rate <= 0))], "rate")
    return middle, rate


def single_years(groups: np.ndarray, mortality: np.ndarray) -> np.ndarray:
    """Shares by sex and single age (2, 100) from shares by sex and group (2, 16): even within a group, the last
    group thinning out as people die."""
    shares = np.zeros((2, 100))
    alive = survivors(mortality)[:, :100]
    for g, (low, high) in enumerate(AGE_GROUPS):
        weights = alive[:, low : high + 1] if low == 75 else np.ones((2, high - low + 1))
        shares[:, low : high + 1] = groups[:, g : g + 1] * weights / weights.sum(axis=1, keepdims=True)
    return shares


def participation_rates(profile: Sheet, shares: np.ndarray, target: float) -> np.ndarray:
    """Share in the labour force by sex and single age (2, 100), 0 under 15.

    The profile between group middles, shifted on the logit scale until the city's participation rate is the
    published one. `shares`: residents by sex and single age.
    """
    age = np.arange(100) + 0.5
    shape = np.zeros((2, 100))
    for sex, name in enumerate(SEXES):
        rows = [row for row, cell in enumerate(profile.text("sex")) if cell == name]
        if not rows:
            profile.fail(f"no rows for {name}; expected one for each age group", column="sex")
        low = profile.numbers("age_from")[rows]
        middle = np.append(14.0, low + 2.5)
        shape[sex] = np.interp(age, middle, np.append(0.0, profile.numbers("rate")[rows]))
    logit = np.log(np.clip(shape, 1e-6, 1 - 1e-6) / (1 - np.clip(shape, 1e-6, 1 - 1e-6)))
    adult = shares * (age >= 15)
    low_shift, high_shift = -8.0, 8.0
    for _ in range(60):
        shift = (low_shift + high_shift) / 2
        if (adult / (1 + np.exp(-logit - shift))).sum() < target * adult.sum():
            low_shift = shift
        else:
            high_shift = shift
    return np.where(age >= 15, 1 / (1 + np.exp(-logit - (low_shift + high_shift) / 2)), 0.0)
