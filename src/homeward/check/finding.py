"""`Finding`: something about the data that a person should look at before matching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["CODES", "FALSE_ALARMS", "Action", "Finding", "Severity", "Value"]

Severity = Literal["warning", "note"]
Action = Literal[
    "add-table",
    "check-ids",
    "check-pedigree",
    "check-record",
    "check-sample",
    "compare-kin",
    "confirm-typing",
    "exclude-sample",
    "merge-persons",
    "none",
    "review-allele",
    "set-aside",
    "swap-samples",
]
Value = str | int | float | tuple[str, ...] | tuple[float, ...]

FALSE_ALARMS = 0.01
"""Probability that a sound case gets any warning of the chance kind; each kind has its share."""

CODES: Mapping[str, Action] = {
    "allele-not-in-table": "review-allele",
    "duplicate-person": "merge-persons",
    "families-merged": "check-ids",
    "markers-without-frequencies": "add-table",
    "mendelian-error": "confirm-typing",
    "mendelian-errors": "check-pedigree",
    "misattributed-parentage": "check-pedigree",
    "mixture": "set-aside",
    "off-ladder-allele": "review-allele",
    "one-body-twice": "check-record",
    "profile-does-not-fit": "check-sample",
    "provisional-population": "add-table",
    "rare-allele": "none",
    "related-remains": "compare-kin",
    "relationship-differs": "check-pedigree",
    "sample-matches-person": "exclude-sample",
    "samples-differ": "check-sample",
    "sex-differs": "check-record",
    "sex-markers-disagree": "confirm-typing",
    "staff-contamination": "exclude-sample",
    "swapped-samples": "swap-samples",
    "three-alleles": "confirm-typing",
    "undeclared-relatives": "check-pedigree",
}
"""Every code a finding can have, and what to do about it."""


@dataclass(frozen=True)
class Finding:
    """One thing about the data, as data: a stable code, whom it concerns, and the numbers behind it.

    ``persons`` are `FAMILY/PERSON`; ``samples`` and ``markers`` as in the case. ``evidence``: log10 LRs,
    probabilities and counts by name. A ``warning`` needs a person before results are believed; a ``note`` tells
    what is so and may well be right.
    """

    code: str
    severity: Severity
    persons: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    evidence: Mapping[str, Value] = field(default_factory=dict)

    @property
    def action(self) -> Action:
        """What to do, as a code."""
        return CODES[self.code]

    def as_json(self) -> dict[str, object]:
        """The form of `homeward check --json` and of the warnings of a result."""
        evidence = {k: list(v) if isinstance(v, tuple) else v for k, v in self.evidence.items()}
        return {
            "code": self.code,
            "severity": self.severity,
            "persons": list(self.persons),
            "samples": list(self.samples),
            "markers": list(self.markers),
            "evidence": evidence,
            "action": self.action,
        }
