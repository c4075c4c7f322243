"""Whether the parts of the case still go together after a change, as the reader of a case folder would ask."""

from __future__ import annotations

from collections.abc import Iterator

from homeward.case import Case, names_on_list
from homeward.faults import Fault
from homeward.formats.overrides import settings_faults
from homeward.record.case_rows import case_of
from homeward.record.view import View

__all__ = ["unsound"]


def unsound(view: View) -> list[Fault]:
    """Every fault of the case as it would be; none where there is no case yet."""
    if view.held("case", "case") is None:
        return []
    case = case_of(view)
    return [*_lost(case), *settings_faults(case, "case")]


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
    for id in dict.fromkeys([*(t.sample for t in case.typings), *(t.sample for t in case.mt)]):
        if id not in samples:
            yield Fault("unknown-sample", "a profile is of a sample that is not there", sample=id)
    stated = [(said.sample, said.missing) for said in case.identifications]
    stated += [(said.sample, said.missing) for said in case.non_dna]
    for sample_id, name in stated:
        if sample_id not in samples:
            yield Fault("unknown-sample", "something is stated of a sample that is not there", sample=sample_id)
        if name not in names:
            yield Fault("unknown-person", "something is stated of a name that is not there", sample=sample_id)
