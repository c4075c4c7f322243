"""Profiles that show more than two alleles at a marker: no one person's genotype."""

from __future__ import annotations

from dataclasses import replace

from homeward.case import Case
from homeward.check.finding import Finding
from homeward.genetics import marker_kind

__all__ = ["mixtures", "without_mixtures"]

_SEVERAL = 2
"""Markers with more than two alleles from which on a profile is of more than one person."""


def mixtures(case: Case) -> list[Finding]:
    """Samples with more than two alleles: at several markers of several persons, at one perhaps one person's own."""
    found = []
    for sample in case.samples:
        many = _too_many(case, sample.id)
        if many:
            found.append(
                Finding(
                    "mixture" if len(many) >= _SEVERAL else "three-alleles",
                    "warning",
                    persons=(sample.source,) if sample.of == "person" else (),
                    samples=(sample.id,),
                    markers=tuple(many),
                    evidence={
                        "alleles": max(many.values()),
                        "markers": len(many),
                        "typed": len({t.marker for t in case.typings_by_sample[sample.id]}),
                    },
                )
            )
    return found


def without_mixtures(case: Case) -> Case:
    """The case as it can be computed: a mixture set aside whole, a marker with three alleles left out of its sample."""
    left_out: set[tuple[str, str]] = set()
    for finding in mixtures(case):
        (sample,) = finding.samples
        whole = finding.code == "mixture"
        left_out |= {(sample, t.marker) for t in case.typings_by_sample[sample] if whole or t.marker in finding.markers}
    if not left_out:
        return case
    return replace(case, typings=tuple(t for t in case.typings if (t.sample, t.marker) not in left_out))


def _too_many(case: Case, sample: str) -> dict[str, int]:
    """Markers with more than two alleles in one typing → how many."""
    counts: dict[str, int] = {}
    for t in case.typings_by_sample[sample]:
        if len(t.alleles) > 2:
            n = len(set(t.alleles) - {"?"})
            if n > 2 and marker_kind(t.marker) in ("autosomal", "X"):
                counts[t.marker] = max(n, counts.get(t.marker, 0))
    return counts
