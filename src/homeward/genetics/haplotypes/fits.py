"""The mixtures of the bundled databases, fitted once: a fit is a property of its database, not of a run.

`python -m validation.haplotype_fits` makes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from homeward.genetics.haplotypes.bundled import bundled_database
from homeward.genetics.haplotypes.fit import irregular_of
from homeward.genetics.haplotypes.laplace import DiscreteLaplace

__all__ = ["bundled_fit", "fit_as_data"]


@cache
def bundled_fit(id: str) -> DiscreteLaplace:
    """The discrete Laplace mixture of a bundled database. Raises FileNotFoundError for an id without one."""
    path = files("homeward.genetics") / "data" / "haplotypes" / f"{id}.json"
    return _fit_of(json.loads(path.read_text(encoding="ascii")))


def fit_as_data(model: DiscreteLaplace) -> dict[str, Any]:
    """A fit as plain values, for a file."""
    return {
        "database": model.database,
        "loci": list(model.loci),
        "columns": list(model.columns),
        "weights": [float(f"{w:.10g}") for w in model.weights],
        "locations": model.locations.tolist(),
        "dispersions": [[float(f"{p:.10g}") for p in row] for row in model.dispersions],
        "size": model.size,
        "ln_likelihood": float(f"{model.ln_likelihood:.10g}"),
        "bic": {str(c): float(f"{value:.10g}") for c, value in model.bic.items()},
    }


def _fit_of(data: Mapping[str, Any]) -> DiscreteLaplace:
    weights = np.array(data["weights"], dtype=np.float64)
    return DiscreteLaplace(
        database=data["database"],
        loci=tuple(data["loci"]),
        columns=tuple(data["columns"]),
        weights=weights / weights.sum(),
        locations=np.array(data["locations"], dtype=np.int64),
        dispersions=np.array(data["dispersions"], dtype=np.float64),
        irregular=irregular_of(bundled_database(data["database"]), data["loci"]),
        size=int(data["size"]),
        ln_likelihood=float(data["ln_likelihood"]),
        bic={int(c): float(value) for c, value in data["bic"].items()},
    )
