"""The figures of the README, and the scripts that measure them."""
