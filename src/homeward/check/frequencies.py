"""What is weak about the population tables a case is to be computed with."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.case import Case
from homeward.check.finding import Finding, Severity, Value
from homeward.genetics import Scenario, marker_kind
from homeward.genetics.basis import table_of
from homeward.genetics.populations import FEWEST_CHROMOSOMES, bundled_populations, close_populations

__all__ = ["frequency_tables"]


def frequency_tables(case: Case, scenarios: Sequence[Scenario]) -> list[Finding]:
    """Populations without a table, with a small, weakly sourced or incomplete one, and typed markers without any.

    A population that no table is known of may be a misspelt one, and is a ``warning``; the others are notes.
    """
    reasons: dict[str, str] = {}
    for s in scenarios:
        reasons |= s.model.provisional
    used = [locus.name for locus in scenarios[0].model.loci]
    found = [_weak(case, id, reason, used) for id, reason in reasons.items()]
    without = [m for m in case.markers if m not in set(used) and marker_kind(m) in ("autosomal", "X")]
    if without:
        populations = tuple(dict.fromkeys(s.model.population for s in scenarios))
        evidence: dict[str, Value] = {"population": populations, "used": len(used)}
        found.append(Finding("markers-without-frequencies", "note", markers=tuple(without), evidence=evidence))
    return found


def _weak(case: Case, id: str, reason: str, used: Sequence[str]) -> Finding:
    """Who is of the population, what is weak about it, and how weak."""
    of_it = tuple(f.full_id(m.id) for f in case.families for m in f.pedigree if m.population == id)
    evidence: dict[str, Value] = {"population": id, "reason": reason}
    markers: tuple[str, ...] = ()
    if reason == "no-table":
        known = [*(t.population for t in case.populations), *(p.id for p in bundled_populations())]
        evidence["close"] = close_populations(id, known)
    else:
        table = table_of(case, id)
        sizes = {m: table.chromosomes(m) for m in used if m in table.markers}
        if reason == "small-table":
            markers = tuple(m for m, n in sizes.items() if n is not None and n < FEWEST_CHROMOSOMES)
            evidence |= {"chromosomes": int(min(n for n in sizes.values() if n is not None))}
            evidence |= {"wanted": FEWEST_CHROMOSOMES}
        elif reason == "missing-markers":
            markers = tuple(m for m in used if m not in sizes)
    severity: Severity = "warning" if reason == "no-table" else "note"
    return Finding("provisional-population", severity, persons=of_it, markers=markers, evidence=evidence)
