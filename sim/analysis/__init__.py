"""Answers from an ensemble of twin worlds: effects, resilience, index, cost, incidence, and the verdict in words.

Pure functions: an `Ensemble` goes in, a table (pandas) or a few sentences come out. Nothing here runs a world.
"""
