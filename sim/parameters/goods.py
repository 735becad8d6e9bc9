"""Businesses and the goods market. Rates are per month."""

from typing import NamedTuple

from sim.declare import parameter


class Goods(NamedTuple):
    expectation_speed: float = parameter(
        0.25, "1/month", 0.15, 0.35, "weight of this month's demand in expected demand", "assumption"
    )
    utilisation_target: float = parameter(0.85, "share", 0.7, 0.95, "planned use of capacity", "assumption")
    hiring_gap: float = parameter(
        0.06, "share", 0, 0.15, "work that waits for vacancies to be filled in steady flow", "calibrated"
    )
    hiring_speed: float = parameter(
        0.5, "1/month", 0.3, 0.7, "share of missing workers sought each month", "assumption"
    )
    firing_speed: float = parameter(
        0.18, "1/month", 0.08, 0.25, "share of surplus workers laid off each month", "assumption"
    )
    hoarding: float = parameter(0.03, "share", 0, 0.2, "surplus workers kept without layoffs", "assumption")
    distress_layoffs: float = parameter(
        0.1, "1/month", 0, 0.3, "extra layoffs of a business with an overdraft", "assumption"
    )
    price_change: float = parameter(
        0.2, "1/month", 0.05, 0.6, "businesses that may change their price in a month", "furtado_2022"
    )
    markup: float = parameter(0.15, "share", 0.05, 0.4, "mark-up over unit cost at the start", "furtado_2022")
    markup_response: float = parameter(
        0.05, "share", 0, 0.3, "response of the mark-up to use of capacity above target", "assumption"
    )
    price_pull: float = parameter(2.0, "elasticity", 0.5, 5, "loss of custom per unit of log price", "assumption")
    technology_pull: float = parameter(0.05, "log points", 0, 0.25, "gain of custom from full adoption", "assumption")
    practice_pull: float = parameter(
        0.05,
        "log points/SD",
        0,
        0.1,
        "gain of a firm's custom from one standard deviation of management practice",
        "mckenzie_2021",
    )
    technology_output: float = parameter(
        0.10, "share", 0, 0.25, "gain of capacity from full technology adoption", "assumption"
    )
    practice_output: float = parameter(
        0.07,
        "share/SD",
        0.02,
        0.12,
        "gain of an own-account business's selling power from one standard deviation of management practice",
        "mckenzie_2021",
    )
    practice_output_firms: float = parameter(
        0.01, "share/SD", 0, 0.07, "gain of a firm's capacity from one standard deviation of practice", "assumption"
    )
    import_leakage: float = parameter(
        0.30, "share", 0.2, 0.45, "household purchases delivered from outside the city", "assumption"
    )
    market_expansion: float = parameter(
        0.67,
        "share",
        0,
        1,
        "extra sales of improved businesses that replace imports or win new custom (psi); the rest comes from rivals",
        "mckenzie_puerto_2021",
    )
    shopping_decay: float = parameter(0.10, "1/minute", 0.02, 0.3, "deterrence of travel time in shopping", "huff_1964")
    own_account_inputs: float = parameter(
        0.5, "share", 0.3, 0.7, "purchases of own-account businesses over their takings", "assumption"
    )
    segment_elasticity: float = parameter(
        0.5,
        "elasticity",
        0,
        1,
        "of a segment's share of demand to its size (own-account against firms)",
        "assumption",
    )
    local_cap: float = parameter(
        0.85,
        "share",
        0.5,
        1,
        "most of a district's sector sales that local households can buy at the start",
        "assumption",
    )
    cash_months: float = parameter(3, "month", 1, 6, "wage bills a business holds as cash at the start", "assumption")
    payout: float = parameter(
        0.15, "1/month", 0.02, 0.5, "share of cash above its target that is paid out each month", "assumption"
    )
    outside_owners: float = parameter(
        0.5, "share", 0.3, 0.7, "profits of firms of 100 and more workers that go to owners outside", "assumption"
    )
    national_tax: float = parameter(0.10, "share", 0, 0.25, "national tax on profits, effective", "assumption")
    food_services_tax: float = parameter(
        0.06, "share", 0.02, 0.1, "hotel and restaurant tax (10 %) times compliance", "assumption"
    )
    sales_tax: float = parameter(0.004, "share", 0, 0.02, "other local taxes and levies over turnover", "calibrated")
    loan_limit: float = parameter(1.0, "month", 0, 6, "most business debt in months of sales", "assumption")
    loan_access: float = parameter(0.5, "share", 0.1, 1, "businesses that can borrow from a bank", "assumption")
    exit_micro: float = parameter(0.006, "1/month", 0, 0.02, "voluntary exit of firms of 1-4 workers", "assumption")
    exit_small: float = parameter(0.003, "1/month", 0, 0.02, "voluntary exit of firms of 5-19 workers", "assumption")
    exit_medium: float = parameter(0.001, "1/month", 0, 0.02, "voluntary exit of firms of 20-99 workers", "assumption")
    exit_large: float = parameter(
        0.0003, "1/month", 0, 0.02, "voluntary exit of firms of 100 and more workers", "assumption"
    )
    distress_exit: float = parameter(3, "month", 1, 12, "months of overdraft before a business closes", "assumption")
    entry_response: float = parameter(1.0, "elasticity", 0, 3, "of entry to profit relative to the start", "assumption")
    entry_capital: float = parameter(
        3, "month", 1, 12, "founder's capital in months of the new firm's wage bill", "assumption"
    )
    custom_shock: float = parameter(
        0.02, "log points/month", 0, 0.06, "spread of monthly luck in a firm's custom", "gibrat_1931"
    )
    size_tail: float = parameter(1.06, "exponent", 0.9, 1.3, "Zipf exponent of firm sizes at the start", "axtell_2001")
    largest_share: float = parameter(
        0.01, "share", 0.002, 0.05, "most jobs that one simulated business may hold", "assumption"
    )
    adoption_innovation: float = parameter(0.003, "1/month", 0, 0.02, "technology adoption on one's own", "bass_1969")
    adoption_imitation: float = parameter(
        0.03, "1/month", 0, 0.1, "technology adoption by imitation in the district and sector", "bass_1969"
    )
    adoption_trained: float = parameter(
        0.03, "1/month", 0, 0.2, "extra adoption hazard after business training", "assumption"
    )
    obsolescence: float = parameter(
        0.025, "1/month", 0, 0.06, "hazard that an adopter falls behind the moving frontier", "calibrated"
    )
    practice_fading: float = parameter(
        0.0165, "1/month", 0.005, 0.03, "fading of trained management practice (half-life 42 months)", "assumption"
    )
    start_technology: float = parameter(
        0.35, "share", 0.1, 0.7, "firms that use digital tools at the start", "assumption"
    )
    start_technology_own: float = parameter(
        0.35, "share", 0.05, 0.6, "own-account businesses that use digital tools at the start", "assumption"
    )
    recovery: float = parameter(0.08, "1/month", 0.01, 0.5, "share of damaged business capital repaired", "assumption")
    training_women: float = parameter(
        1.0, "times", 0.8, 1.3, "effect of business training on women's businesses over men's", "assumption"
    )
    adoption_support: float = parameter(
        1.0, "1", 0.2, 2.0, "adoption hazard that a business's support adds (1: two in three adopt)", "assumption"
    )
    grant_return: float = parameter(
        0.05, "1/month", 0.02, 0.08, "income of a man's own-account business from a rupiah granted", "de_mel_2008"
    )
    grant_return_women: float = parameter(
        0.0, "1/month", 0, 0.03, "the same for a woman's business (about zero on average)", "de_mel_2008"
    )
    loan_return: float = parameter(
        0.0, "1/month", 0, 0.03, "income of an own-account business from a rupiah lent (about zero)", "yang_stanley"
    )
    grant_invested: float = parameter(
        0.8, "share", 0.5, 1, "of a business grant that buys stock and equipment", "bpum_antara"
    )
    capital_wear: float = parameter(
        0.006,
        "1/month",
        0.003,
        0.03,
        "fading of what granted or lent capital adds to an own-account business",
        "assumption",
    )
