"""Which fields a check compares, and which function of ours computes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["CHECKS", "Check", "apart", "claim", "ln"]

Comparison = Callable[[Mapping[str, Any]], float]
Remark = Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True)
class Check:
    """One line of the contract's table.

    A file has the check if all its ``fields`` are in `expected` and not null (``a|b``: one of them), and it is of the
    ``stratum`` if one is named, and has the ``key`` if one is. ``compare`` gives the worst difference of the fields
    that are there, inf where something is plainly wrong. ``remark``: what must be known of a file, None = nothing.
    """

    category: str
    name: str
    fields: tuple[str, ...]
    tolerance: float = 0.0
    stratum: str = ""
    key: str = ""
    null_means_zero: bool = False
    compare: Comparison | None = None
    remark: Remark | None = None

    def counts(self, case: Mapping[str, Any]) -> bool:
        """Whether the file has all that this check compares."""
        return self._of_kind(case) and all(self._there(case, f) for f in self.fields)

    def applies(self, case: Mapping[str, Any]) -> bool:
        """Whether the file has anything that this check compares."""
        return self._of_kind(case) and any(self._there(case, f) for f in self.fields)

    def _of_kind(self, case: Mapping[str, Any]) -> bool:
        return (not self.stratum or case.get("stratum") == self.stratum) and (not self.key or self.key in case)

    def _there(self, case: Mapping[str, Any], fields: str) -> bool:
        expected = case["expected"]
        return any(f in expected and (self.null_means_zero or expected[f] is not None) for f in fields.split("|"))


def _checks(
    category: str, *rows: tuple[str, tuple[str, ...], float] | tuple[str, tuple[str, ...], float, str]
) -> list[Check]:
    return [Check(category, *row) for row in rows]


CHECKS: list[Check] = [
    Check("01_single_lik", "likelihood", ("lnlik",), 1e-9, null_means_zero=True),
    Check("02_kinship_lr", "lr", ("lnlik", "lnLR_total", "lik_per_marker"), 1e-7),
    *_checks(
        "03_dvi",
        ("pairwise", ("pairings", "loglik0", "pairwise_LR"), 1e-7),
        ("exclusions", ("exclusion_matrix", "find_excluded_maxIncomp2"), 0.0),
        ("direct", ("direct_match",), 1e-7),
        ("joint", ("n_assignments", "joint", "best"), 1e-6),
        ("workflow", ("undisputed_1e4_strict", "undisputed_1e4_nonstrict"), 0.0),
    ),
    *_checks("04_linked", ("pairs", ("lnlik",), 1e-9, "likelihood2"), ("map", ("lnlik",), 1e-9, "multimarker")),
    *_checks(
        "05_familias",
        ("theta", ("values",), 1e-9, "theta"),
        ("silent", ("likelihood", "likelihood_untyped_pruned"), 1e-9, "silent"),
        ("dropout", ("likelihood_H1", "likelihood_H2_unrelated", "LR"), 1e-9, "dropout"),
    ),
    *_checks(
        "06_mutation",
        ("matrix", ("matrix",), 1e-10),
        ("flags", ("overall_rate", "stationary", "reversible", "always_lumpable"), 1e-10),
    ),
    *_checks(
        "07_ibd",
        ("kinship", ("kinship",), 1e-9),
        ("kappa", ("pairs",), 1e-9),
        ("identity", ("pairs",), 1e-9),
        ("two_locus", ("pairs",), 1e-9),
        ("three_person", ("three_person_ibd",), 1e-9),
    ),
    *_checks(
        "08_power",
        ("ibd", ("kappa_mle",), 1e-4),
        ("exact", ("missingPersonEP|EP_total|expected_LR",), 1e-7),
        ("simulated", ("missingPersonIP",), 0.0),
    ),
    *_checks("10_joint", ("exact", ("posterior",), 1e-9), ("sampled", ("posterior",), 4.0)),
    Check("11_hard", "theta", ("pairwise",), 1e-6),
    Check("11_hard", "joint", ("posterior_exact_common_urn",), 1e-6),
    Check("11_hard", "lineage", ("posterior|autosomal_LR|autosomal_only|P_same_body",), 1e-6, key="lineage"),
    Check("11_hard", "population", ("LR",), 1e-6, key="populations"),
    Check("11_hard", "pedigree", ("LR_grandfather|LR_great_uncle|posterior",), 1e-6, key="pedigree_prior"),
]


def claim(category: str, name: str, remark: Remark | None = None) -> Callable[[Comparison], Comparison]:
    """Mark a function as the one that computes this check, and another as what remarks on a file's own figures."""

    def add(compare: Comparison) -> Comparison:
        at = next(i for i, c in enumerate(CHECKS) if (c.category, c.name) == (category, name))
        CHECKS[at] = replace(CHECKS[at], compare=compare, remark=remark)
        return compare

    return add


def ln(value: float | None) -> float:
    """A natural log as the corpus writes it: null is -infinity."""
    return -math.inf if value is None else value


def apart(ours: float, theirs: float) -> float:
    """How far two numbers are apart; equal infinities are not, anything not a number is wholly."""
    if ours == theirs:
        return 0.0
    difference = abs(ours - theirs)
    return math.inf if math.isnan(difference) else difference


def worst(differences: Sequence[float]) -> float:
    """The largest, 0 of none."""
    return max(differences, default=0.0)
