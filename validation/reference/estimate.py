"""What we claim of estimates: the maximum likelihood IBD coefficients of two typed persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeward.check import estimate_kappa
from validation.corpus import genotypes, loci
from validation.reference.registry import apart, claim, worst

__all__: list[str] = []

Json = Mapping[str, Any]


@claim("08_power", "ibd")
def ibd(case: Json) -> float:
    """Largest absolute difference of a coefficient."""
    markers = case["markers"]
    seen = genotypes(markers)
    a, b = ([seen[m["name"]].get(person, ()) for m in markers] for person in case["typed"])
    ours = dict(zip(("k0", "k1", "k2"), estimate_kappa(a, b, loci(markers)), strict=True))
    return worst([apart(ours[name], value) for name, value in case["expected"]["kappa_mle"].items()])
