"""SCIENCE. P(evidence | pedigree), one value a block: the exact engine and the brute-force oracle."""

from homeward.likelihood.engine import (
    GenotypeTable,
    Shapes,
    Task,
    likelihoods,
    ln_likelihood,
    ln_likelihoods,
    stacked_tables,
    tables,
)
from homeward.likelihood.oracle import oracle_likelihood

__all__ = [
    "GenotypeTable",
    "Shapes",
    "Task",
    "likelihoods",
    "ln_likelihood",
    "ln_likelihoods",
    "oracle_likelihood",
    "stacked_tables",
    "tables",
]
