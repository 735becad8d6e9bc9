"""Rules of water and shaking: how deep, how strong, what breaks, who is hurt."""

import math

from sim.compiled import rule

# Damage states of a building and the part of its value that repair costs. Source: assumption.
NONE, SLIGHT, MODERATE, HEAVY, COMPLETE = range(5)
REPAIR_RATIO = (0.0, 0.05, 0.25, 0.60, 1.0)
# Deaths and injuries by damage state over the deaths in complete damage: about fifteen injured for each death, as in
# Cianjur 2022. Source: memory (shape), bnpb_cianjur_2022.
DEADLY = (0.0, 0.0, 0.0, 0.01, 1.0)
INJURED = (0.0, 0.0, 0.3, 2.0, 10.0)
RAREST = 100.0  # years: the flood that fills the whole flood zone
USUAL = 10.0  # years: the flood whose depth is declared


@rule
def depth_damage(depth):
    """Part of the exposed value lost under `depth` metres of water, residential buildings in Asia.

    0.5 m .33, 1 m .49, 1.5 m .62, 2 m .72, 3 m and more .87, straight lines between. Source: jrc_2017.
    """
    if depth <= 0.0:
        return 0.0
    if depth < 0.5:
        return 0.33 * depth / 0.5
    if depth < 1.0:
        return 0.33 + 0.16 * (depth - 0.5) / 0.5
    if depth < 1.5:
        return 0.49 + 0.13 * (depth - 1.0) / 0.5
    if depth < 2.0:
        return 0.62 + 0.10 * (depth - 1.5) / 0.5
    return min(0.87, 0.72 + 0.15 * (depth - 2.0))


@rule
def flood_reach(years):
    """Part of the flood zone under water in a flood of return period `years`: ln T / ln 100, within 0-1.

    Extremes grow with the logarithm of their return period (Gumbel's law). Source: assumption.
    """
    return min(max(math.log(years) / math.log(RAREST), 0.0), 1.0)


@rule
def flood_water(depth, years):
    """Median depth of a flood of return period `years`, m, from that of one in 10 years: d ln T / ln 10."""
    return depth * math.log(years) / math.log(USUAL)


@rule
def kept_dry(basins, each):
    """Share of flooded homes that `basins` retention basins keep dry: 1 - (1 - each)^basins. Source: assumption."""
    return 1.0 - (1.0 - each) ** basins


@rule
def damaged_more(before, loss):
    """Damaged share after losing `loss` of what was still whole."""
    return 1.0 - (1.0 - before) * (1.0 - loss)


@rule
def ground_acceleration(magnitude, km, soft, basin):
    """Median peak ground acceleration, g, `km` from the surface projection of the rupture.

        log10 PGA = b1 + b2 M + b3 M^2 + (b4 + b5 M) log10 sqrt(R^2 + b6^2) + b7 S_soft + b8 S_stiff   (cm/s^2)

    Shallow crustal earthquakes of Mw 5-7.6 up to 100 km, strike-slip; coefficients of the revised model. soft: 1 for
    soft ground (Vs30 < 360 m/s), 0 for stiff; basin: amplification beyond that. Source: akkar_bommer_2010.
    """
    distance = math.sqrt(km * km + 7.74959 * 7.74959)
    size = 1.43525 + 0.74866 * magnitude - 0.06520 * magnitude * magnitude
    path = (-2.72950 + 0.25139 * magnitude) * math.log10(distance)
    ground = 0.08320 if soft > 0.5 else 0.00766
    return basin * 10.0 ** (size + path + ground) / 980.665


@rule
def exceedance(shaking, median, spread):
    """Chance of at least a damage state: Phi(ln(PGA / theta) / beta), lognormal fragility."""
    if shaking <= 0.0:
        return 0.0
    return 0.5 * (1.0 + math.erf(math.log(shaking / median) / (spread * math.sqrt(2.0))))


@rule
def damage_state(shaking, strength, p, u):
    """Damage of a building by one number u in (0, 1): NONE ... COMPLETE. `strength` multiplies its medians."""
    if u < exceedance(shaking, p.fragility_complete * strength, p.fragility_spread):
        return COMPLETE
    if u < exceedance(shaking, p.fragility_heavy * strength, p.fragility_spread):
        return HEAVY
    if u < exceedance(shaking, p.fragility_moderate * strength, p.fragility_spread):
        return MODERATE
    if u < exceedance(shaking, p.fragility_slight * strength, p.fragility_spread):
        return SLIGHT
    return NONE


@rule
def mean_damage(shaking, strength, p):
    """Expected repair cost over value: sum of P(state) times its repair ratio."""
    slight = exceedance(shaking, p.fragility_slight * strength, p.fragility_spread)
    moderate = exceedance(shaking, p.fragility_moderate * strength, p.fragility_spread)
    heavy = exceedance(shaking, p.fragility_heavy * strength, p.fragility_spread)
    complete = exceedance(shaking, p.fragility_complete * strength, p.fragility_spread)
    return 0.05 * (slight - moderate) + 0.25 * (moderate - heavy) + 0.60 * (heavy - complete) + complete


@rule
def closed_capacity(share, weeks):
    """Output capacity left in a month in which a share of businesses is shut for `weeks`: 1 - 0.5 s w / 4.3."""
    return 1.0 - 0.5 * share * min(weeks, 4.3) / 4.3
