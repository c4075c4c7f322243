"""Two linked markers in one pedigree, as pedprobr and MERLIN compute them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from validation.corpus import linked_pair
from validation.reference.registry import claim, ln

__all__: list[str] = []


@claim("04_linked", "pairs")
def pairs(case: Mapping[str, Any]) -> float:
    """Relative difference of the likelihood."""
    ours, theirs = linked_pair(case)(), ln(case["expected"]["lnlik"])
    if math.isinf(ours) or math.isinf(theirs):
        return 0.0 if ours == theirs else math.inf
    return abs(math.expm1(ours - theirs))
