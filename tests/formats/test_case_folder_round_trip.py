"""Any case the format can say is the same case after it is written and read."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.case import (
    Case,
    Doubt,
    Family,
    FrequencyTable,
    HaplotypeTable,
    Hypothesis,
    Identification,
    Incident,
    KnownHaplotype,
    LineageSettings,
    LinkedMarkers,
    ListedPerson,
    ModelSettings,
    MtTyping,
    MutationRow,
    NonDna,
    PersonRecord,
    Remains,
    Run,
    Sample,
    Settings,
    Span,
    Thresholds,
    Typing,
)
from homeward.case.elements import ELEMENTS
from homeward.case.settings import HaplotypeEstimator
from homeward.formats import read_case, write_case
from homeward.formats.table import id_problem
from homeward.genetics import SILENT, allele_order
from homeward.pedigree import Member, Pedigree, Sex

SEXES: tuple[Sex, ...] = ("male", "female", "unknown")
# names of markers as given: canonical name → spelling
SPELT = {"Penta E": "PENTA_E", "TH01": "th-01", "DXS8378": "dxs8378"}
ALLELES = {
    "TH01": ("6", "7", "9", "9.3"),
    "Penta E": ("5", "12"),
    "DXS8378": ("10", "11"),
    "rs1490413": ("A", "G"),
    "Indel7": ("ins", "del"),
}
# haplotypes of the mtDNA as a case keeps them
HV1, HV2, WHOLE = (Span(16024, 16365),), (Span(73, 340),), (Span(1, 16569),)
MT = (
    (HV1, ("16189C", "16223T")),
    (HV2, ()),
    (HV2 + HV1, ("263G", "309.1C", "315.1C", "16189Y")),
    (WHOLE, ("73N", "249-", "523-", "524-", "16193c")),
)
# as the format spells what could not be told apart
UNRESOLVED = {m: (*a, "|".join(allele_order(a))) for m, a in ALLELES.items()}

ids = st.text(st.characters(exclude_characters="/;", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda text: id_problem(text) is None
)
# a file's name has its own limits, so hypotheses are called plainly
plain = st.text("abcäß漢", min_size=1, max_size=5).filter(lambda text: id_problem(text) is None)
words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=15) | st.just('a\nb,"c"')
spans = st.none() | st.tuples(st.integers(0, 2000), st.integers(0, 90)).map(lambda t: Span(t[0], t[0] + t[1]))
rates = st.floats(0.0, 1.0)
clans = st.just("") | ids
optional_rates = st.none() | rates
errors = st.none() | st.floats(0.0, 1.0, exclude_max=True)


@st.composite
def families(draw: st.DrawFn, name: str) -> Family:
    people = draw(st.lists(ids, min_size=3, max_size=5, unique=True))
    father, mother, *children = people
    twin = draw(st.none() | ids)
    members = [
        Member(father, sex="male", founder_inbreeding=draw(rates), population=draw(st.just("") | ids)),
        Member(mother, sex="female", founder_inbreeding_x=draw(rates), population=draw(st.just("") | ids)),
    ]
    sexes = draw(st.lists(st.sampled_from(SEXES), min_size=len(children), max_size=len(children)))
    if twin is not None:
        sexes = [sexes[0]] * len(sexes)
    members += [Member(c, father, mother, s, twin) for c, s in zip(children, sexes, strict=True)]
    records = st.builds(PersonRecord, words, spans, spans, st.booleans(), clans)
    kept = {p: draw(records) for p in people}
    missing = tuple(p for p in people if draw(st.booleans()))
    order = draw(st.permutations(members))
    pedigree = Pedigree(order)
    ordered = tuple(p for p in pedigree.ids if p in missing)
    told = {p: r for p, r in kept.items() if r != PersonRecord()}
    return Family(name, pedigree, ordered, told, draw(doubts(father, mother, children[0])))


@st.composite
def doubts(draw: st.DrawFn, father: str, mother: str, child: str) -> tuple[Doubt, ...]:
    parents = [(father, None), (None, mother), (None, None), (father, mother)]
    chosen = draw(st.lists(st.sampled_from(parents), max_size=3, unique=True))
    return tuple(Doubt(child, f, m, draw(st.floats(0.0, 0.3))) for f, m in chosen)


@st.composite
def typings(draw: st.DrawFn, sample: str, sex: Sex, dropout: bool) -> list[Typing]:
    found = []
    for marker in draw(st.lists(st.sampled_from(sorted(ALLELES)), unique=True)):
        a, b = (draw(st.sampled_from((*UNRESOLVED[marker], "?"))) for _ in range(2))
        alleles: tuple[str, ...] = (a,) if marker == "DXS8378" and sex != "female" else (a, b)
        if dropout:
            alleles = alleles[: draw(st.integers(0, 2))]
        heights = draw(st.lists(st.floats(0, 1e6), max_size=len(alleles)))
        found.append(Typing(sample, marker, alleles, draw(st.integers(1, 9)), tuple(heights)))
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = draw(st.lists(ids, max_size=3, unique=True))
    kin = tuple(draw(families(n)) for n in names)
    remains = tuple(
        Remains(
            name,
            draw(st.sampled_from(SEXES)),
            draw(st.sampled_from(("", *ELEMENTS))),
            draw(st.sampled_from(("", "left", "right", "middle"))),
            draw(spans),
            draw(spans),
            draw(words),
            draw(st.just("") | ids),
        )
        for name in draw(st.lists(ids.filter(lambda text: text == text.strip()), max_size=4, unique=True))
    )
    if len(remains) > 1 and not remains[0].individual:
        # nobody's body: it may be set apart from anything
        remains = (replace(remains[0], not_same_as=tuple(r.id for r in remains[1:])), *remains[1:])
    samples, sexes = draw(sampled(kin, remains))
    typed = [t for s in samples for t in draw(typings(s.id, sexes[s.id], s.dropout_het is not None))]
    marker_names = {m: SPELT[m] for m in SPELT if draw(st.booleans()) and any(t.marker == m for t in typed)}
    tables = draw(populations())
    haplotypes = (*draw(y_tables()), *draw(mt_tables()))
    hypotheses = sorted(draw(st.lists(plain, max_size=2, unique=True)))
    listed = draw(st.lists(ids.filter(lambda text: text not in ("stranger", "unreferenced")), max_size=2, unique=True))
    names_on_list = (*(f.full_id(p) for f in kin for p in f.missing), *listed)
    return Case(
        name=draw(words.filter(lambda text: text.isprintable() and text)),
        families=kin,
        listed=tuple(
            ListedPerson(p, draw(st.sampled_from(SEXES)), draw(words), draw(spans), draw(clans)) for p in listed
        ),
        remains=remains,
        samples=tuple(samples),
        typings=tuple(typed),
        populations=tables,
        mutations=tuple(draw(mutations())),
        hypotheses=tuple(
            Hypothesis(name, Pedigree([Member(f"{name}/A", sex="male"), Member(f"{name}/B")])) for name in hypotheses
        ),
        non_dna=draw(non_dna(samples, names_on_list)),
        identifications=draw(identifications(samples, names_on_list)),
        settings=draw(chosen([t.population for t in tables], haplotypes)),
        marker_names=marker_names,
        mt=draw(mt_typings([s.id for s in samples])),
        haplotypes=haplotypes,
    )


@st.composite
def non_dna(draw: st.DrawFn, samples: list[Sample], names: tuple[str, ...]) -> tuple[NonDna, ...]:
    bones = [s.id for s in samples if s.of == "remains"]
    if not bones:
        return ()
    kinds = st.sampled_from(("age", "stature", "dentition", "place", "effects", "sex", "other"))
    names_or_words = st.sampled_from((*names, "stranger", "unreferenced"))
    likelihoods = st.floats(0, exclude_min=True, allow_infinity=False)
    rows = st.builds(NonDna, st.sampled_from(bones), names_or_words, kinds, likelihoods, words)
    return tuple(draw(st.lists(rows, max_size=4, unique_by=lambda n: (n.sample, n.missing, n.kind))))


@st.composite
def identifications(draw: st.DrawFn, samples: list[Sample], names: tuple[str, ...]) -> tuple[Identification, ...]:
    """At most one: two of them may contradict."""
    bones = [s.id for s in samples if s.of == "remains"]
    if not bones or not names or draw(st.booleans()):
        return ()
    signed = st.sampled_from((("Inoue Sadao", "朴 敏智"), ("1", "2", 'x "y", z')))
    dates = st.just("") | st.dates().map(str)
    return (draw(st.builds(Identification, st.sampled_from(bones), st.sampled_from(names), signed, dates)),)


@st.composite
def sampled(
    draw: st.DrawFn, kin: tuple[Family, ...], remains: tuple[Remains, ...]
) -> tuple[list[Sample], dict[str, Sex]]:
    """Samples under ids of their own (some with drop-out), or none but what the profiles name."""
    sexes: dict[str, Sex] = {}
    found: list[Sample] = []
    for r in remains:
        name = f"sample of {r.id}"[:64]
        if name not in sexes and id_problem(name) is None:
            sexes[name] = r.sex
            found.append(Sample(name, "remains", r.id, draw(optional_rates), None, draw(optional_rates), draw(errors)))
    for family in kin:
        for m in family.pedigree:
            full = family.full_id(m.id)
            sexes[full] = m.sex
            found.append(Sample(full, "person", full))
    if draw(st.booleans()):
        found.append(Sample("a comb", "effect", "comb", draw(rates)))
        sexes["a comb"] = "unknown"
    return found, sexes


@st.composite
def populations(draw: st.DrawFn) -> tuple[FrequencyTable, ...]:
    counts = draw(st.booleans())
    silent = (SILENT,) if draw(st.booleans()) else ()
    values = st.integers(1, 5000).map(float) if counts else st.floats(1e-9, 1.0)
    return tuple(
        FrequencyTable(
            name, counts, {m: {a: draw(values) for a in (*alleles, *silent)} for m, alleles in ALLELES.items()}
        )
        for name in draw(st.lists(ids, max_size=2, unique=True))
    )


@st.composite
def mutations(draw: st.DrawFn) -> list[MutationRow]:
    stepwise = MutationRow(
        "TH01",
        draw(st.sampled_from(("father", "mother", "both"))),
        draw(st.sampled_from(("equal", "proportional", "onestep", "stepwise", "dawid"))),
        draw(rates),
        draw(rates),
        draw(st.floats(1e-6, 10.0)),
        draw(st.sampled_from((None, "stationary", "MH", "BA", "PR"))),
    )
    p = draw(st.floats(0.0, 1.0))
    matrix = {"5": {"5": 1 - p, "12": p}, "12": {"5": p, "12": 1 - p}}
    return [stepwise, MutationRow("Penta E", "both", "custom", matrix=matrix)][: draw(st.integers(0, 2))]


@st.composite
def chosen(draw: st.DrawFn, tables: list[str], haplotypes: tuple[HaplotypeTable, ...]) -> Settings:
    wanted = (
        [(p, w) for p, w in zip(tables, (0.25, 0.75), strict=False)] if len(tables) == 2 else [(p, 1.0) for p in tables]
    )
    return Settings(
        Incident(
            draw(st.none() | st.integers(20, 500)),
            draw(rates),
            draw(st.sampled_from(("bodies", "fragments"))),
            draw(st.integers(1, 9)),
            draw(st.sampled_from(("incident", "flat-assignments"))),
        ),
        ModelSettings(
            tuple(wanted) if draw(st.booleans()) else (),
            draw(st.floats(0, 0.5)),
            draw(st.sampled_from(("file", "none", "default"))),
            draw(st.sampled_from(("minimum", "add-count", "refuse"))),
            draw(st.floats(0, 0.5)),
            draw(st.sampled_from(("as given", "rescale", "rest"))),
            draw(st.floats(0, 0.5)),
            draw(st.floats(0, 0.5)),
            draw(st.sampled_from(("stated", "estimated"))),
            draw(st.sampled_from(("report", "pairs", "ignore"))),
            draw(linked()),
            draw(st.booleans()),
        ),
        draw(lineage([t for t in haplotypes if t.kind == "Y"], "discrete-laplace")),
        draw(lineage([t for t in haplotypes if t.kind == "mt"], "clopper-pearson")),
        Thresholds(draw(rates), draw(st.floats(1, 1e9))),
        Run(
            draw(st.integers(0, 2**53)),
            draw(st.sampled_from(("auto", "exact", "sampled", "off"))),
            draw(st.floats(1, 604800)),
        ),
    )


@st.composite
def lineage(draw: st.DrawFn, tables: list[HaplotypeTable], estimator: HaplotypeEstimator) -> LineageSettings:
    """Settings of one line of descent; the estimator is one that its table serves."""
    used = draw(st.none() | st.sampled_from(tables)) if tables else None
    of_table: HaplotypeEstimator = "stated" if used and not used.counts else estimator
    thetas = st.floats(0.0, 1.0, exclude_max=True)
    return LineageSettings(
        of_table, used.id if used else "", draw(thetas), draw(thetas), draw(st.sampled_from(("default", "none")))
    )


@st.composite
def mt_typings(draw: st.DrawFn, samples: list[str]) -> tuple[MtTyping, ...]:
    if not samples:
        return ()
    typed = st.builds(
        lambda s, h, n: MtTyping(s, h[0], h[1], n), st.sampled_from(samples), st.sampled_from(MT), st.integers(1, 3)
    )
    return tuple(draw(st.lists(typed, max_size=4, unique_by=lambda t: (t.sample, t.replicate))))


@st.composite
def y_tables(draw: st.DrawFn) -> tuple[HaplotypeTable, ...]:
    alleles = st.fixed_dictionaries(
        {"DYS19": st.sampled_from((("14",), ("15.2",), ("null",)))},
        optional={"DYS385": st.sampled_from((("13", "17"), ("13", "13"), ("9", "11", "12")))},
    )
    return draw(haplotype_tables("Y", alleles.map(lambda a: KnownHaplotype(1.0, a))))


@st.composite
def mt_tables(draw: st.DrawFn) -> tuple[HaplotypeTable, ...]:
    known = st.sampled_from(MT).map(lambda h: KnownHaplotype(1.0, {}, *h))
    return draw(haplotype_tables("mt", known))


@st.composite
def haplotype_tables(
    draw: st.DrawFn, kind: Literal["Y", "mt"], haplotypes: st.SearchStrategy[KnownHaplotype]
) -> tuple[HaplotypeTable, ...]:
    """Tables of counts or of frequencies; the ids tell the kinds apart."""
    found = []
    for name in draw(st.lists(ids.filter(lambda text: len(text) < 9), max_size=2, unique=True)):
        counts = draw(st.booleans())
        values = st.integers(1, 5000).map(float) if counts else st.floats(1e-9, 0.2)
        rows = draw(st.lists(haplotypes, min_size=1, max_size=4))
        found.append(
            HaplotypeTable(f"{kind} {name}", kind, counts, tuple(replace(h, value=draw(values)) for h in rows))
        )
    return tuple(found)


@st.composite
def linked(draw: st.DrawFn) -> tuple[LinkedMarkers, ...]:
    pairs = draw(st.lists(st.sampled_from([("TH01", "Penta E"), ("DXS8378", "DXS10103")]), unique=True))
    fractions = st.floats(0.0, 0.5)
    return tuple(LinkedMarkers(p, draw(fractions), draw(fractions)) for p in pairs)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
def test_written_and_read_is_the_same_case(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case"
        assert write_case(case, path) == ()
        again = read_case(path)
        assert again == case
        assert again.digest == case.digest
        assert [p.name for p in Path(folder).iterdir()] == ["case"], "nothing is left beside the folder"
