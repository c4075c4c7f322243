"""A record with an analysis that was drawn, not computed: small, quick, and with everything that a page can show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from validation.record.analysed import drawn_result
from validation.record.people import GEN, take_in

from homeward.case import Case, Family, PersonRecord, Remains, Sample
from homeward.pedigree import Member, Pedigree
from homeward.record import Record
from homeward.record.changes import StoreAnalysis

__all__ = ["BENCH", "SAMPLES", "analysed", "drawn"]

NAMES, SAMPLES = 12, 14
_BONES = (("femur", "left"), ("skull", ""), ("rib", ""), ("tibia", "right"), ("hair", ""))
_BROTHERS = Pedigree([Member(f, None, None, s) for f, s in (("dad", "male"), ("mum", "female"))])


def _family(k: int) -> Family:
    missing = (f"M-{2 * k}", f"M-{2 * k + 1}")
    pedigree = Pedigree([*_BROTHERS, *(Member(m, "dad", "mum", "male") for m in missing)])
    return Family(f"F{k:03d}", pedigree, missing, {missing[0]: PersonRecord(f"Name {k}")})


BENCH = Case(
    "Bench",
    families=tuple(_family(k) for k in range(NAMES // 2)),
    remains=tuple(Remains(f"R-{k}", "male", *_BONES[k % len(_BONES)]) for k in range(SAMPLES)),
    samples=tuple(Sample(f"R-{k}", "remains", f"R-{k}") for k in range(SAMPLES)),
)


def drawn(**more: Any) -> dict[str, Any]:
    """The drawn result with these parts in place of its own."""
    return drawn_result(NAMES, SAMPLES, seed=5) | more


def analysed(record: Record, result: Mapping[str, Any] | None = None, id: str = "a", case: Case | None = None) -> None:
    """Take the case in, where it is not there, and store a result of it."""
    with record.view() as view:
        there = view.held("case", "case") is not None
    if not there:
        take_in(record, case or BENCH)
    digest = record.case().digest
    told = json.dumps({**(drawn() if result is None else result), "case": {"digest": digest}})
    record.apply(StoreAnalysis(id, digest, record.revision, 5, (), "0", told), GEN)
