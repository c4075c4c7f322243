"""SCIENCE. Data with a known truth: founders, meioses, typings and whole incidents, each drawn from a seed.

What is drawn follows the same `Model` the engines compute with, so that simulated frequencies are an answer
independent of them.
"""

from homeward.simulate.family import Draws, simulate_family
from homeward.simulate.genotypes import shown, simulate_genotypes
from homeward.simulate.haplotypes import founder_y, pass_on_y, with_mtdna, with_y
from homeward.simulate.incident import STRANGER, UNREFERENCED, Truth, simulate_incident
from homeward.simulate.matching_males import QUANTILES, MatchingMales, matching_males
from homeward.simulate.relatives import KIN, NOBODY, RELATIVES, family_of, typed_of
from homeward.simulate.typings import simulate_typings

__all__ = [
    "KIN",
    "NOBODY",
    "QUANTILES",
    "RELATIVES",
    "STRANGER",
    "UNREFERENCED",
    "Draws",
    "MatchingMales",
    "Truth",
    "family_of",
    "founder_y",
    "matching_males",
    "pass_on_y",
    "shown",
    "simulate_family",
    "simulate_genotypes",
    "simulate_incident",
    "simulate_typings",
    "typed_of",
    "with_mtdna",
    "with_y",
]
