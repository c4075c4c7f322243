"""SCIENCE. Data with a known truth: founders, meioses, and whole incidents, each drawn from a seed.

What is drawn follows the same `Model` the engines compute with, so that simulated frequencies are an answer
independent of them.
"""

from homeward.simulate.genotypes import shown, simulate_genotypes
from homeward.simulate.incident import STRANGER, UNREFERENCED, Truth, simulate_incident
from homeward.simulate.relatives import RELATIVES, family_of

__all__ = [
    "RELATIVES",
    "STRANGER",
    "UNREFERENCED",
    "Truth",
    "family_of",
    "shown",
    "simulate_genotypes",
    "simulate_incident",
]
