"""Haplotypes in populations: reference databases, and how probable a haplotype is, by several published estimators."""

from homeward.genetics.haplotypes.bundled import bundled_database, bundled_databases
from homeward.genetics.haplotypes.database import Comparison, HaplotypeDatabase, y_key, y_matches
from homeward.genetics.haplotypes.estimators import (
    LEVEL,
    Estimate,
    augmented_count,
    brenner_kappa,
    clopper_pearson,
    clopper_pearson_upper,
    estimates,
    theta_corrected,
)
from homeward.genetics.haplotypes.fit import MOST_COPIES, fit_discrete_laplace, laplace_loci
from homeward.genetics.haplotypes.laplace import DiscreteLaplace
from homeward.genetics.haplotypes.reliability import FEWEST, DatabaseDoubt, database_doubts, mt_database_doubts

__all__ = [
    "FEWEST",
    "LEVEL",
    "MOST_COPIES",
    "Comparison",
    "DatabaseDoubt",
    "DiscreteLaplace",
    "Estimate",
    "HaplotypeDatabase",
    "augmented_count",
    "brenner_kappa",
    "bundled_database",
    "bundled_databases",
    "clopper_pearson",
    "clopper_pearson_upper",
    "database_doubts",
    "estimates",
    "fit_discrete_laplace",
    "laplace_loci",
    "mt_database_doubts",
    "theta_corrected",
    "y_key",
    "y_matches",
]
