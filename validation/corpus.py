"""Cases of the reference corpus (`reference/README.md`) as the library's own values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus, Recombination, mutation_matrix, transformed
from homeward.likelihood import ln_likelihood_linked
from homeward.observe import called
from homeward.pedigree import Member, Pedigree

__all__ = ["Genotypes", "genotypes", "linked_pair", "loci", "matrix_of", "pedigree", "read_json"]

Floats = NDArray[np.float64]
Json = dict[str, Any]
Genotypes = dict[str, dict[str, tuple[str | None, ...]]]


def read_json(path: Path) -> Json:
    """One file, which must hold one object.

    Raises ValueError for anything else, OSError for what cannot be read.
    """
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def pedigree(
    members: Sequence[Mapping[str, Any]], inbreeding: Mapping[str, Mapping[str, float]] | None = None
) -> Pedigree:
    """The members of one pedigree, or of one hypothesis with all its unconnected parts."""
    f = inbreeding or {}
    return Pedigree(
        Member(
            m["id"],
            m["father"],
            m["mother"],
            m["sex"] or "unknown",
            m.get("twin"),
            founder_inbreeding=f.get(m["id"], {}).get("autosomal") or 0.0,
            founder_inbreeding_x=f.get(m["id"], {}).get("x") or 0.0,
        )
        for m in members
    )


def loci(markers: Sequence[Mapping[str, Any]]) -> list[Locus]:
    """The markers with frequencies as given and the mutation matrices of mothers and fathers."""
    return [_locus(m) for m in markers]


def genotypes(markers: Sequence[Mapping[str, Any]], field: str = "genotypes") -> Genotypes:
    """Marker → person → alleles, None where an allele is unknown."""
    return {m["name"]: {person: tuple(alleles) for person, alleles in (m[field] or {}).items()} for m in markers}


def _locus(marker: Mapping[str, Any]) -> Locus:
    alleles = tuple(marker["alleles"])
    p = np.array(marker["frequencies"], dtype=np.float64)
    mutation = marker.get("mutation") or {}
    return Locus(
        marker["name"],
        marker["chrom"],
        alleles,
        p,
        matrix_of(mutation.get("female"), alleles, p),
        matrix_of(mutation.get("male"), alleles, p),
        silent=alleles.index(marker["silent_allele"]) if marker.get("silent_allele") else None,
    )


def matrix_of(spec: Mapping[str, Any] | None, alleles: Sequence[str], p: Floats) -> Floats | None:
    """The matrix given, else the one its model makes, shape (alleles, alleles)."""
    if spec is None:
        return None
    if spec.get("matrix") is not None:
        return np.array(spec["matrix"], dtype=np.float64)
    made = mutation_matrix(
        spec["model"],
        alleles,
        p,
        rate=spec.get("rate") or 0.0,
        rate2=spec.get("rate2") or 0.0,
        range=spec.get("range") or 0.1,
    )
    return transformed(made, p, spec["transform"]) if spec.get("transform") else made


def linked_pair(case: Mapping[str, Any]) -> Callable[[], float]:
    """What computes the natural log likelihood of two linked markers, one recombination fraction for both sexes."""
    family = pedigree(case["pedigree"], case.get("founder_inbreeding"))
    one, other = loci(case["markers"])
    evidence = []
    for locus, marker in zip((one, other), case["markers"], strict=True):
        found = {p: called(a, locus, family[p].sex) for p, a in (marker["genotypes"] or {}).items()}
        evidence.append({p: e for p, e in found.items() if e is not None})
    rho = case["rho"][0] if isinstance(case["rho"], list) else case["rho"]
    return lambda: ln_likelihood_linked(family, (one, other), (evidence[0], evidence[1]), Recombination(rho, rho))
