"""SCIENCE. P(evidence | pedigree), one value a block: the exact engine and the brute-force oracle."""

from homeward.likelihood.engine import GenotypeTable, Task, likelihoods, ln_likelihood, ln_likelihoods, tables
from homeward.likelihood.oracle import oracle_likelihood

__all__ = ["GenotypeTable", "Task", "likelihoods", "ln_likelihood", "ln_likelihoods", "oracle_likelihood", "tables"]
