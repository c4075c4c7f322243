"""Lines of descent in the report: who was compared, where they differ, who else is of the line, how rare it is."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf

import pytest
from page_text import read, text

from homeward.case import ListedPerson, MtTyping, PersonRecord, Sample, Span, Typing
from homeward.genetics.haplotypes import augmented_count, brenner_kappa
from homeward.genetics.lineage import LineageModel
from homeward.identify import Difference, HaplotypeRow, LineageComparison, Result, Term
from homeward.report import Words, result_html

Y = {"DYS19": ("15", "16"), "DYS390": ("24", "24"), "DYS385": ("11,14", "11,14")}
READ = (Span(73, 340), Span(16024, 16365))


@pytest.fixture
def lines(result: Result) -> Result:
    """R-02 against M-1 of a family with two missing brothers: his son by the Y, the brothers' mother by mtDNA."""
    case = result.case
    typings = list(case.typings)
    for marker, shown in Y.items():
        for sample, alleles in zip(("R-02", "F-62/C3"), shown, strict=True):
            typings.append(Typing(sample, marker, tuple(alleles.split(","))))
    mt = (
        MtTyping("R-02", READ, ("73G", "263G", "16223T", "16362C")),
        MtTyping("F-62/할머니", READ[1:], ("16223T", "16311C")),
    )
    case = replace(
        case,
        typings=tuple(typings),
        mt=mt,
        samples=(*case.samples, Sample("F-62/할머니", "person", "F-62/할머니")),
    )
    terms = (Term("Y", ("Y",), 2.5), Term("mt", ("mtDNA",), -1.0))
    pairs = tuple(
        replace(p, terms=(*p.terms, *terms)) if (p.sample, p.missing) == ("R-02", "F-62/M-1") else p
        for p in result.pairs
    )
    models = [LineageModel(kind, (), {}, lambda sample, at: 0.5) for kind in ("Y", "mt")]
    scenarios = tuple(replace(s, model=replace(s.model, lineages=tuple(models))) for s in result.scenarios)
    one = Difference("DYS19", "15", "16", 1)
    compared = (
        LineageComparison("Y", "R-02", "F-62/M-1", "F-62/C3", 1, tuple(Y), (one,), -2.6, 0.001),
        LineageComparison(
            "mt", "R-02", "F-62/M-1", "F-62/할머니", 3, ("mt 16311", "mt 16362"),
            (Difference("mt 16311", "T", "C", 1), Difference("mt 16362", "C", "T", 1)), -inf, 3.2e-5,
        ),
    )  # fmt: skip
    rows = (
        HaplotypeRow(
            "R-02", "Y", "KOR_Y", "brenner-kappa",
            tuple(e.corrected(0.01) for e in (augmented_count(0, 99), brenner_kappa(0, 99, 49))),
        ),
        HaplotypeRow("R-02", "mt", "KOR_mt", "augmented-count", (augmented_count(0, 99),)),
    )  # fmt: skip
    return replace(result, case=case, scenarios=scenarios, pairs=pairs, lineages=compared, haplotypes=rows)


def dossier(page: str, sample: str, missing: str) -> str:
    return re.split("<section>|</section>", page[page.index(f"<h3>{sample} and {missing}") :])[0]


def test_each_comparison_is_a_sentence_and_an_exclusion_says_what_it_would_take(lines: Result) -> None:
    page = result_html(lines)
    read(page)
    words = text(dossier(page, "R-02", "F-62/M-1"))
    assert "Y haplotype: held against F-62/C3 (one meiosis from F-62/M-1 (金本栄浩)), at 3 sites." in words
    assert "They differ at one site: DYS19 15 in the sample, 16 in the reference." in words
    assert "That takes at least one mutation in one meiosis." in words
    assert "with probability 0.0025, somebody of the population, θ left aside, with 0.001." in words
    assert "at the positions read in both, 16024–16365." in words
    assert "16311 T in the sample, C in the reference; 16362 C in the sample, T in the reference." in words
    assert "That takes at least 2 mutations in 3 meioses." in words
    assert "with probability 0, somebody of the population, θ left aside, with 3.2 · 10⁻⁵." in words


def test_kinsmen_of_the_line_who_are_listed_are_named(lines: Result) -> None:
    words = text(dossier(result_html(lines), "R-02", "F-62/M-1"))
    told = "Of this line by the registered pedigree, and on the list too: F-62/M-2 (金本英洙)."
    assert words.count(told) == 2, "brothers are of one line by father and by mother"
    alone = replace(lines.lineages[0], sample="R-01", missing="F-61/M-112")
    words = text(dossier(result_html(replace(lines, lineages=(alone,))), "R-01", "F-61/M-112"))
    assert "Nobody else in this family is both of this line and on the list." in words


def test_clansmen_who_are_rivals_are_named(lines: Result) -> None:
    """U-1 is of the clan of M-1's son and nothing of his own line is typed; U-2 is of another clan, W-1 a woman."""
    family = next(f for f in lines.case.families if f.id == "F-62")
    of_clan = replace(family, records={**family.records, "C3": PersonRecord(clan="Gimhae")})
    families = tuple(of_clan if f is family else f for f in lines.case.families)
    listed = (
        ListedPerson("U-1", "male", clan="Gimhae"),
        ListedPerson("U-2", "male", clan="Miryang"),
        ListedPerson("W-1", "female", clan="Gimhae"),
    )
    case = replace(lines.case, families=families, listed=(*lines.case.listed, *listed))
    scenarios = tuple(
        replace(s, model=replace(s.model, lineages=tuple(replace(x, theta_clan=0.2) for x in s.model.lineages)))
        for s in lines.scenarios
    )
    words = text(dossier(result_html(replace(lines, case=case, scenarios=scenarios)), "R-02", "F-62/M-1"))
    assert "Of the clan Gimhae too, and nothing of their own lines was typed: U-1. By a common forefather" in words
    assert "U-2" not in words
    assert "Of the clan" not in text(dossier(result_html(replace(lines, case=case)), "R-02", "F-62/M-1"))


def test_haplotypes_stand_side_by_side_with_what_they_share_marked(lines: Result) -> None:
    part = dossier(result_html(lines), "R-02", "F-62/M-1")
    assert "<td>DYS19</td><td>15</td><td>16</td>" in part
    assert "<td>DYS385</td><td>11, 14</td><td><u>11</u>, <u>14</u></td>" in part
    assert "<td>73–340, 16024–16365</td><td>73G 263G 16223T 16362C</td>" in part
    assert "<td>16024–16365</td><td><u>16223T</u> 16311C</td>" in part


def test_markers_that_a_line_weighs_are_not_said_to_be_unused(lines: Result) -> None:
    page = result_html(lines)
    assert "Y marker" not in text(dossier(page, "R-02", "F-62/M-1"))
    row = next(r for r in dossier(page, "R-02", "F-62/M-1").split("<tr>") if r.startswith("<td>Y haplotype</td>"))
    assert '<span class="soft">below</span>' in row
    other = text(dossier(page, "R-02", "F-62/M-2"))
    assert "3 Y markers of the sample are typed in no relative of the paternal line and were not used." in other


def test_estimators_stand_side_by_side_with_theta_and_the_one_used(lines: Result) -> None:
    page = result_html(lines)
    words = text(page)
    assert '<strong>Brenner’s κ</strong> <span class="tag">used</span>' in page
    assert "How rare the haplotype is: Y haplotype, in KOR_Y" in words and "θ = 0.01." in words
    assert "<td>augmented count</td>" in page and page.count('<span class="tag">used</span>') == 2
    assert re.search(r"Haplogroup \S+ \(PhyloTree 17\), quality [01]\.\d\d of 1; read: 73–340, 16024–16365\.", words)


def test_without_lines_nothing_is_said_of_them(result: Result) -> None:
    page = text(result_html(result))
    assert "Lines of descent" not in page and "Haplogroup" not in page


@pytest.mark.parametrize(
    ("code", "parameters", "told"),
    [
        ("haplotypes-not-weighed", {"line": "Y", "samples": "R-1, R-2"}, "typed in references and in R-1, R-2, but"),
        ("small-haplotype-database", {"line": "Y", "database": "D", "size": 185}, "D has 185 persons, few"),
        ("haplotype-population", {"line": "mtDNA", "database": "D", "population": "Danes"}, "D is of Danes, which"),
        ("loci-not-in-database", {"line": "Y", "database": "D", "markers": "DYS19, DYS576"}, "(DYS19, DYS576)."),
    ],
)
def test_warnings_of_lines_are_in_words(code: str, parameters: dict[str, str | int], told: str) -> None:
    assert told in Words().warning(code, parameters)


def test_a_long_list_of_samples_is_cut() -> None:
    samples = ", ".join(f"R-{k}" for k in range(40))
    assert "R-9 and 30 more" in Words().warning("haplotypes-not-weighed", {"line": "Y", "samples": samples})
