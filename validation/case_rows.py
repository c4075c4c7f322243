"""Parts of a `Case` made of a corpus file's markers, as a reader of a case folder would hand them over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from homeward.case import FrequencyTable, MutationRow, Typing
from homeward.genetics import canonical_marker
from validation.corpus import matrix_of

__all__ = ["TABLE", "mutation_rows", "table", "typings"]

Json = Mapping[str, Any]

TABLE = "reference"
"""The table of a case with one population."""


def typings(seen: Mapping[str, Mapping[str, Sequence[str | None]]], sample: str) -> Iterator[Typing]:
    """Marker → person → alleles as rows; ``sample`` makes a sample's id of a person's."""
    for marker, people in seen.items():
        for person, alleles in people.items():
            yield Typing(
                sample.format(person), canonical_marker(marker), tuple("?" if a is None else a for a in alleles)
            )


def table(name: str, markers: Sequence[Json]) -> FrequencyTable:
    """The frequencies of one population."""
    values = {}
    for m in markers:
        p = m["frequencies"][name] if isinstance(m["frequencies"], Mapping) else m["frequencies"]
        values[canonical_marker(m["name"])] = dict(zip(m["alleles"], p, strict=True))
    return FrequencyTable(name, False, values)


def mutation_rows(marker: Json) -> Iterator[MutationRow]:
    """Matrices as they are: the corpus gives them wherever alleles mutate."""
    alleles = marker["alleles"]
    for parent, side in (("mother", "female"), ("father", "male")):
        spec = (marker.get("mutation") or {}).get(side)
        if spec is not None:
            matrix = matrix_of(spec, alleles, np.array(marker["frequencies"], dtype=np.float64))
            assert matrix is not None  # there is a specification
            rows = {a: dict(zip(alleles, row, strict=True)) for a, row in zip(alleles, matrix.tolist(), strict=True)}
            name: Literal["mother", "father"] = "mother" if parent == "mother" else "father"
            yield MutationRow(canonical_marker(marker["name"]), name, "custom", matrix=rows)
