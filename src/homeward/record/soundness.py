"""Whether the parts of the case still go together after a change, as the reader of a case folder would ask."""

from __future__ import annotations

from collections.abc import Iterator

from homeward.case import Case, names_on_list
from homeward.faults import Fault
from homeward.formats.overrides import settings_faults
from homeward.record.case_rows import case_of
from homeward.record.view import View

__all__ = ["case_faults", "torn", "unsound"]


def unsound(view: View) -> list[Fault]:
    """Every fault of the case as it would be; none where there is no case yet."""
    if view.held("case", "case") is None:
        return []
    return case_faults(case_of(view))


def case_faults(case: Case) -> list[Fault]:
    """Every fault of a case that the record is to hold."""
    if faults := torn(case):
        return faults
    return [*_lost(case), *settings_faults(case, "case")]


def torn(case: Case) -> list[Fault]:
    """What keeps a case from being taken apart and put together at all, which no reader of a folder lets through."""
    return [*_twice(case), *_not_of_family(case), *_of_no_sample(case)]


def _twice(case: Case) -> Iterator[Fault]:
    """Two things of one id."""
    ids: dict[str, list[str]] = {
        "families": [f.id for f in case.families],
        "listed": [p.id for p in case.listed],
        "remains": [r.id for r in case.remains],
        "samples": [s.id for s in case.samples],
        "populations": [t.population for t in case.populations],
        "hypotheses": [h.name for h in case.hypotheses],
        "haplotypes": [t.id for t in case.haplotypes],
        "non_dna": [f"{n.sample}/{n.missing}/{n.kind}" for n in case.non_dna],
        "identifications": [f"{said.sample}/{said.missing}" for said in case.identifications],
    }
    for column, found in ids.items():
        if len(set(found)) < len(found):
            yield Fault("duplicate-id", "an id stands for two things", "give each its own", column=column)


def _not_of_family(case: Case) -> Iterator[Fault]:
    """Somebody who is said to be missing, or a parent, and is not in the pedigree."""
    for family in case.families:
        doubted = [p for d in family.doubts for p in (d.person, d.father, d.mother) if p is not None]
        if any(p not in family.pedigree for p in (*family.missing, *doubted, *family.records)):
            remedy = "correct missing, doubts or records"
            yield Fault("unknown-person", "somebody who is not in the pedigree is named", remedy, sample=family.id)


def _of_no_sample(case: Case) -> Iterator[Fault]:
    samples = {s.id for s in case.samples}
    for id in dict.fromkeys([*(t.sample for t in case.typings), *(t.sample for t in case.mt)]):
        if id not in samples:
            yield Fault("unknown-sample", "a profile is of a sample that is not there", sample=id)


def _lost(case: Case) -> Iterator[Fault]:
    """What is said of something that is not there."""
    persons = {f.full_id(m.id) for f in case.families for m in f.pedigree}
    samples = {s.id for s in case.samples}
    names = {*names_on_list(case), "stranger", "unreferenced"}
    for sample in case.samples:
        if sample.of == "remains" and sample.source not in case.remains_by_id:
            yield Fault("unknown-remains", "a sample is of remains that are not there", sample=sample.id)
        if sample.of == "person" and sample.source not in persons:
            yield Fault("unknown-person", "a sample is of a person who is not there", sample=sample.id)
    stated = [(said.sample, said.missing) for said in case.identifications]
    stated += [(said.sample, said.missing) for said in case.non_dna]
    for sample_id, name in stated:
        if sample_id not in samples:
            yield Fault("unknown-sample", "something is stated of a sample that is not there", sample=sample_id)
        if name not in names:
            yield Fault("unknown-person", "something is stated of a name that is not there", sample=sample_id)
