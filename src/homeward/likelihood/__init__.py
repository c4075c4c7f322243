"""SCIENCE. P(evidence | pedigree), one value a block: the exact engine and the brute-force oracle."""

from homeward.likelihood.combinations import Part, combinations
from homeward.likelihood.engine import (
    GenotypeTable,
    Shapes,
    Task,
    likelihoods,
    ln_likelihood,
    ln_likelihoods,
    ln_likelihoods_with_errors,
    stacked_tables,
    tables,
)
from homeward.likelihood.linked import linked_inbreeding, linked_table, ln_likelihood_linked
from homeward.likelihood.oracle import oracle_likelihood, oracle_likelihood_linked

__all__ = [
    "GenotypeTable",
    "Part",
    "Shapes",
    "Task",
    "combinations",
    "likelihoods",
    "linked_inbreeding",
    "linked_table",
    "ln_likelihood",
    "ln_likelihood_linked",
    "ln_likelihoods",
    "ln_likelihoods_with_errors",
    "oracle_likelihood",
    "oracle_likelihood_linked",
    "stacked_tables",
    "tables",
]
