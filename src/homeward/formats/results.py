"""`homeward-result 1`: a result as canonical JSON (`docs/result.schema.json`), and such a file read again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homeward.case import canonical_json
from homeward.faults import Fault, Refusal
from homeward.formats.joint_json import joint_json
from homeward.formats.source import file_bytes

if TYPE_CHECKING:
    from homeward.case import Case
    from homeward.genetics import Scenario
    from homeward.identify import (
        Direct,
        HaplotypeRow,
        LineageComparison,
        Pair,
        PedigreeVariant,
        Result,
        SampleRow,
        Term,
        Warning,
    )

__all__ = ["FORMAT", "read_result_json", "result_json", "result_value", "settings_json"]

FORMAT = "homeward-result 1"
_DOUBTED = "pedigree-doubted"
"""Told in full by the pedigrees a family may have, which stand in place of the shorter warning."""
_PARTS: dict[str, type] = {
    "engine": dict,
    "case": dict,
    "settings": dict,
    "seed": int,
    "missing": list,
    "samples": list,
    "pairs": list,
    "pairwise_posterior": list,
    "direct": list,
    "warnings": list,
}


def result_json(result: Result) -> bytes:
    """The bytes of `homeward identify CASE --json FILE`: keys sorted, rows in file order, one line.

    Every log is base 10; an LR of 0 is null. Raises ValueError for a number that is not finite elsewhere.
    """
    from homeward import __version__

    value: dict[str, Any] = {
        "format": FORMAT,
        "engine": {"version": __version__},
        "case": {
            "name": result.case.name,
            "digest": result.case.digest,
            "inputs": [{"path": f.path, "sha256": f.sha256} for f in result.case.inputs],
        },
        "settings": settings_json(result.case, result.scenarios, result.seed),
        "frequency_changes": [
            {
                "population": c.population,
                "marker": c.marker,
                "allele": c.allele,
                "from": float(c.before),
                "to": float(c.after),
                "reason": c.reason,
            }
            for c in result.frequency_changes
        ],
        "seed": result.seed,
        "missing": [{"id": m.id, "sex": m.sex, "references": m.references} for m in result.missing],
        "samples": [_sample(s) for s in result.samples],
        "pairs": [_pair(p) for p in result.pairs],
        "pairwise_posterior": [
            {"sample": o.sample, "stranger": float(o.stranger), "unreferenced": float(o.unreferenced)}
            for o in result.outside
        ],
        "direct": [_direct(d) for d in result.direct],
        "warnings": [
            *(_warning(w) for w in result.warnings if not (result.variants and w.code == _DOUBTED)),
            *(_variant(v) for v in result.variants),
            *(f.as_json() for f in result.findings),
        ],
    }
    if result.lineages:
        value["lineages"] = [_lineage(c) for c in result.lineages]
    if result.haplotypes:
        value["haplotypes"] = [_haplotype(h) for h in result.haplotypes]
    if result.joint is not None:
        value["joint"] = joint_json(result, result.joint)
    return canonical_json(value) + b"\n"


def read_result_json(path: str | Path) -> dict[str, Any]:
    """The value of a result file. Raises `Refusal` (``bad-json``, ``bad-result``) for anything else."""
    where = Path(path)
    faults: list[Fault] = []
    data = file_bytes(where, where.name, faults)
    if data is None:
        raise Refusal(faults)
    return result_value(data, where.name)


def result_value(data: bytes, file: str) -> dict[str, Any]:
    """The value of a result's bytes; ``file``: how faults call it. Raises `Refusal` as `read_result_json` does."""
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        fault = Fault("bad-json", "the file is not JSON", "give the file that identify wrote", file, row)
        raise Refusal([fault]) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        message = f"the file is no {FORMAT}"
        raise Refusal([Fault("bad-result", message, "give the file that identify wrote", file)])
    faults = [
        Fault("bad-result", f"{key} is missing or of another kind", "write the file anew", file, column=key)
        for key, kind in _PARTS.items()
        if not isinstance(value.get(key), kind)
    ]
    if faults:
        raise Refusal(faults)
    return value


def settings_json(case: Case, scenarios: Iterable[Scenario], seed: int) -> dict[str, Any]:
    """Every key of `case.toml` as used: the list's size counted, the populations those of the scenarios."""
    settings = asdict(case.settings)
    settings["incident"]["size"] = case.list_size
    weights: dict[str, float] = {}
    for scenario in scenarios:
        name = scenario.model.population
        weights[name] = weights.get(name, 0.0) + float(scenario.weight)
    parts = [{"id": name, "weight": weight} for name, weight in weights.items()]
    settings["model"]["population"] = parts[0]["id"] if len(parts) == 1 else parts
    settings["run"]["seed"] = seed
    return settings


def _lineage(c: LineageComparison) -> dict[str, Any]:
    """Of the reference, a living person's, only where it differs is told, not what it shows."""
    return {
        "kind": c.kind,
        "sample": c.sample,
        "missing": c.missing,
        "reference": c.reference,
        "meioses": c.meioses,
        "sites": len(c.sites),
        "differences": [{"site": d.site, "sample": d.sample, "mutations": d.mutations} for d in c.differences],
        "log10_chance": _log10(c.log10_chance),
        "frequency": float(c.frequency),
    }


def _haplotype(h: HaplotypeRow) -> dict[str, Any]:
    return {
        "sample": h.sample,
        "kind": h.kind,
        "database": h.database,
        "estimator": h.estimator,
        "estimates": [
            {
                "method": e.method,
                "frequency": float(e.frequency),
                "low": None if e.low is None else float(e.low),
                "high": None if e.high is None else float(e.high),
                "matches": e.matches,
                "size": e.size,
                "theta": float(e.theta),
            }
            for e in h.estimates
        ],
    }


def _log10(value: float | None) -> float | None:
    """A log10 LR; nothing compared and an LR of 0 are both null, told apart by the status."""
    return None if value is None or value == -math.inf else float(value)


def _term(term: Term) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": term.kind, "markers": list(term.markers), "log10_lr": _log10(term.log10_lr)}
    if term.log10_lr == -math.inf:
        row["impossible"] = True
    return row


def _sample(sample: SampleRow) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": sample.id,
        "of": sample.of,
        "source": sample.source,
        "sex": sample.sex,
        "markers": sample.markers,
    }
    if (d := sample.dropout) is not None:
        heights = None if d.heights is None else float(d.heights)
        row["dropout"] = {"mean": float(d.mean), "low": float(d.low), "high": float(d.high), "heights": heights}
    return row


def _pair(pair: Pair) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sample": pair.sample,
        "missing": pair.missing,
        "status": pair.status,
        "log10_lr": _log10(pair.log10_lr),
        "exclusions": pair.exclusions,
        "posterior": float(pair.posterior),
        "terms": [_term(t) for t in pair.terms],
    }
    if pair.by_population:
        row["by_population"] = [{"population": p, "log10_lr": _log10(x)} for p, x in pair.by_population]
    return row


def _warning(warning: Warning) -> dict[str, Any]:
    return {"code": warning.code, **warning.parameters}


def _variant(variant: PedigreeVariant) -> dict[str, Any]:
    changed = [
        {"person": person, "father": father or None, "mother": mother or None}
        for person, father, mother in variant.changed
    ]
    return {
        "code": _DOUBTED,
        "family": ", ".join(variant.families),
        "changed": changed,
        "prior": float(variant.prior),
        "posterior": float(variant.posterior),
    }


def _direct(direct: Direct) -> dict[str, Any]:
    return {
        "a": direct.a,
        "b": direct.b,
        "status": direct.status,
        "log10_lr": _log10(direct.log10_lr),
        "markers": direct.markers,
        "mismatches": direct.mismatches,
    }
