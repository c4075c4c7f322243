"""What is told of haplotypes that are not weighed, and of tables that are weak."""

from __future__ import annotations

from dataclasses import replace

from homeward.case import Case, LineageSettings, MtTyping, Sample, Settings, Span, Typing, merge_families
from homeward.genetics import scenarios_of
from homeward.identify import Warning
from homeward.identify.warn import case_warnings
from homeward.observe import gather


def made(y: str = "", mt: str = "") -> Case:
    """A bone and a reference, both typed at two Y markers and in HVS-I."""
    samples = (Sample("B", "remains", "B"), Sample("R", "person", "F/R"))
    read = (Span(16024, 16365),)
    chosen = Settings(y=LineageSettings("discrete-laplace", y), mt=LineageSettings("augmented-count", mt))
    return Case(
        "lines",
        samples=samples,
        typings=tuple(Typing(s.id, m, (a,)) for s in samples for m, a in (("DYS19", "14"), ("DYS576", "18"))),
        mt=tuple(MtTyping(s.id, read, ("16223T",)) for s in samples),
        settings=replace(chosen, model=replace(chosen.model, population=(("JPN_ID1350", 1.0),))),
    )


def told(case: Case) -> list[Warning]:
    scenarios = scenarios_of(case)
    profiles = gather(case, scenarios[0].model)
    return [w for w in case_warnings(case, profiles, merge_families(case), (), scenarios) if "line" in w.parameters]


def test_haplotypes_of_remains_and_references_without_a_table_are_told() -> None:
    assert [(w.code, dict(w.parameters)) for w in told(made())] == [
        ("haplotypes-not-weighed", {"line": "Y", "samples": "B"}),
        ("haplotypes-not-weighed", {"line": "mtDNA", "samples": "B"}),
    ]


def test_nothing_is_told_where_there_is_nobody_to_compare_with() -> None:
    case = made()
    alone = replace(
        case,
        typings=tuple(t for t in case.typings if t.sample == "B"),
        mt=tuple(t for t in case.mt if t.sample == "R"),
    )
    assert told(alone) == []


def test_doubts_about_the_tables_are_told() -> None:
    assert [(w.code, dict(w.parameters)) for w in told(made("DNK_Hallenberg2005", "1000G_JPT"))] == [
        ("small-haplotype-database", {"line": "Y", "database": "DNK_Hallenberg2005", "size": 185}),
        (
            "haplotype-population",
            {"line": "Y", "database": "DNK_Hallenberg2005", "population": "Danes, 10 markers"},
        ),
        ("loci-not-in-database", {"line": "Y", "database": "DNK_Hallenberg2005", "markers": "DYS576"}),
        ("small-haplotype-database", {"line": "mtDNA", "database": "1000G_JPT", "size": 83}),
    ]
