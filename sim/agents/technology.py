"""Rules of technology diffusion, for firms and own-account businesses alike."""

from sim.compiled import rule


@rule
def adoption_hazard(innovation, imitation, share, trained, extra):
    """Monthly hazard of taking up technology: p + q*F + extra if trained. Source: bass_1969."""
    return innovation + imitation * share + (extra if trained else 0.0)
