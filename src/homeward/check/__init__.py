"""SCIENCE. What is wrong or unlikely in a case's data: Mendel, relationships, sex, duplicates, mixtures, alleles.

Stands above `identify`, which carries the findings with its result. Findings are data; faces make words of them.
"""

from homeward.check.chosen import PairEstimate, chosen_pair
from homeward.check.finding import CODES, FALSE_ALARMS, Action, Finding, Severity
from homeward.check.frequencies import frequency_tables
from homeward.check.kappa import Kappa, estimate_kappa
from homeward.check.mixture import without_mixtures
from homeward.check.pairs import ERROR, RELATIONSHIPS
from homeward.check.run import check

__all__ = [
    "CODES",
    "ERROR",
    "FALSE_ALARMS",
    "RELATIONSHIPS",
    "Action",
    "Finding",
    "Kappa",
    "PairEstimate",
    "Severity",
    "check",
    "chosen_pair",
    "estimate_kappa",
    "frequency_tables",
    "without_mixtures",
]
