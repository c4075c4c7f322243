"""What is uncertain is said where it matters: origin, drop-out, linkage, the register."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
from old_bones import DOUBTED, ESTIMATED, STATED, old_bones
from page_text import read, text

import homeward.identify
from homeward.case import Case
from homeward.check import Finding
from homeward.identify import Comparison, Direct, PedigreeVariant, Result, Term, Warning
from homeward.report import Words, case_html, comparison_html, pair_html, result_html, summary
from homeward.report.view import View


@pytest.fixture
def bones(result: Result) -> Result:
    return old_bones(result)


def dossier(page: str, sample: str, missing: str) -> str:
    """One candidate's part of the page."""
    return text(re.split("<section>|</section>", page[page.index(f"<h3>{sample} and {missing}") :])[0])


def test_the_page_still_nests_and_a_plain_result_says_nothing_of_all_this(result: Result, bones: Result) -> None:
    read(result_html(bones))
    plain = text(result_html(result))
    for word in ("alone the log₁₀", "By population", "provisional", "RFU", "uncertain", "(linked)", "Drop-out"):
        assert word not in plain and word in text(result_html(bones)), word


def test_the_lr_stands_under_each_population_and_its_range_beside_the_total(bones: Result) -> None:
    page = result_html(bones)
    words = dossier(page, "R-01", "F-61/M-112")
    assert "Under each population alone the log₁₀ LR is 6.44 to 8.19." in words
    assert "PopulationWeightlog₁₀ LRKOR0.76.44JPN0.38.19all, by weight7.94" in words
    assert "each row is given the rows above it" in words
    glance = page.split('id="glance"')[1].split("</section>")[0]
    assert '7.94<br><span class="soft">6.44 to 8.19</span>' in glance and "the lowest and the highest" in glance
    assert re.search(r"log₁₀ LR +By population +Posterior", summary(bones))
    assert re.search(r"7\.94 +6\.44 to 8\.19 +0\.99969", summary(bones))
    shown = text(pair_html(bones.pair["R-01", "F-61/M-112"]))
    assert "6.44 to 8.19" in shown and "JPN" in shown


def test_a_range_of_one_value_is_one_value_and_nothing_compared_is_no_end(bones: Result) -> None:
    pair = bones.pair["R-01", "F-61/M-112"]
    same = text(pair_html(replace(pair, by_population=(("A", -inf), ("B", -inf)))))
    assert "the log₁₀ LR is −∞." in same
    assert "is 2.00." in text(pair_html(replace(pair, by_population=(("A", 2.0), ("B", None)))))


def test_what_rests_on_a_population_without_a_table_is_called_provisional(bones: Result) -> None:
    page = result_html(bones)
    assert "◇ one of 2, provisional" in text(page) and "◇ one of 2, provisional" in summary(bones)
    assert "proposed, provisional" not in text(page), "another family"
    words = dossier(page, "R-02", "F-62/M-1")
    assert "Family F-62 provisional" in words
    assert "founders of family F-62 are stated to be of KOR-JEJU, of which there is no frequency table" in words
    assert ">KOR-JEJU<" in page, "under the founders' symbols"
    assert "provisional" not in dossier(page, "R-01", "F-61/M-112")


def test_a_provisional_main_population_makes_every_name_so(bones: Result) -> None:
    whole = Warning("provisional-population", {"family": "", "population": "KOR", "reason": "small-table"})
    page = text(result_html(replace(bones, warnings=(whole,))))
    assert (
        "Provisional, all of it: one of the populations of the calculation is KOR, whose frequency table is small."
        in page
    )
    assert page.count("✓ above 0.9995: proposed, provisional") == 4
    headline = (
        "These 2 names are provisional: the frequency table of one of the calculation's populations, KOR, is small"
    )
    assert headline in page and headline in summary(replace(bones, warnings=(whole,)))
    assert '<span class="tag ok">' not in result_html(replace(bones, warnings=(whole,)))


def test_alleles_seen_stand_by_replicate_with_their_heights(bones: Result) -> None:
    page = result_html(bones)
    whole = page[page.index("<h3>R-01 and F-61/M-112") :]
    typings = [t for t in bones.case.typings_by_sample["R-01"] if t.marker == "D1S1001"]
    a, b = typings[0].alleles
    assert typings[1].alleles == (a,)
    assert f"<td>{a} <small>210</small>, {b} <small>340</small> /<wbr> {a} <small>210</small></td>" in whole
    words = dossier(page, "R-01", "F-61/M-112")
    assert "/ none seen" in words and "8|9, 14" in words
    for note in (
        "height of the allele, in RFU",
        "one of the two",
        "R-01 may have lost alleles",
        "Replicates are parted",
    ):
        assert note in words, note


def test_a_linked_pair_is_one_row_with_a_line_for_each_marker(bones: Result) -> None:
    page = result_html(bones)
    row = next(r for r in page.split("<tr>") if r.startswith("<td>vWA + TH01 (linked)</td>"))
    cells = re.findall(r"<td>(.*?)</td>", row)
    own = {t.marker: t.alleles for t in bones.case.typings_by_sample[DOUBTED]}
    assert [text(x) for x in cells[2].split("<br>")] == [", ".join(own["vWA"]), ", ".join(own["TH01"])]
    sample = {t.marker: set(t.alleles) for t in bones.case.typings_by_sample["R-01"] if t.replicate == 1}
    for marker, line in zip(("vWA", "TH01"), cells[2].split("<br>"), strict=True):
        assert set(re.findall("<u>(.*?)</u>", line)) == sample[marker] & set(own[marker]), "marked by its own marker"
    assert "vWA + TH01 (linked)" in text(pair_html(bones.pair["R-01", "F-61/M-112"]))


def test_dropout_is_told_at_its_sample_estimated_or_stated(bones: Result) -> None:
    warnings = result_html(bones).split('id="warnings"')[1].split("</section>")[0]
    page = text(result_html(bones))
    assert "lost with probability 0.234 (95% interval 0.120 to 0.401). Alleles seen are 312 RFU high" in page
    assert (
        "Drop-out as stated: one allele of a heterozygote is lost with probability 0.3, a homozygote with 0.1; d"
        in page
    )
    assert f"{ESTIMATED}: drop-out estimated" in warnings
    assert f"{STATED} may have lost alleles" in page and "R-03 may have lost" not in page
    points = result_html(bones).split('id="points"')[1].split("</section>")[0]
    assert "drop-out" not in points, "nobody need do anything about it"


def test_a_drop_in_is_told_without_a_drop_out_and_beside_an_estimated_one(bones: Result) -> None:
    rates = {ESTIMATED: 0.02, "R-03": 0.05}
    samples = tuple(replace(s, dropin=rates.get(s.id, s.dropin)) for s in bones.case.samples)
    page = text(result_html(replace(bones, case=replace(bones.case, samples=samples))))
    assert "Drop-in as stated: 0.02." in page and "Drop-in as stated: 0.05." in page
    assert "R-03 may have lost" not in page
    assert "Drop-in as stated" not in text(result_html(bones))


def test_pedigrees_of_a_doubted_register_stand_with_prior_and_posterior(bones: Result) -> None:
    page = result_html(bones)
    words = dossier(page, "R-01", "F-61/M-112")
    rows = "C1: child of an unknown father and 40.070.8100as registered0.9 0.1800C1: child of unknown parents0.030.0100"
    assert rows in words
    assert ">uncertain</text>" in page and "parents uncertain" in words
    assert "Pedigrees this family may have" not in dossier(page, "R-02", "F-62/M-1")
    assert ">uncertain</text>" in case_html(bones.case)
    many = tuple(PedigreeVariant(("F-61",), ((f"F-61/{k}", "", ""),), 0.1, 0.1) for k in range(10))
    assert "and 4 less probable0.40.4000" in dossier(result_html(replace(bones, variants=many)), "R-01", "F-61/M-112")


def test_assumptions_and_settings_have_the_new_keys(bones: Result) -> None:
    page = text(result_html(bones))
    aside = page[page.index("Assumptions") :]
    for words in (
        "Mistyping of a marker, references0.001",
        "estimated where none is stated",
        "computed together: vWA + TH01",
        "counted, from the tables' chromosomes",
        "Population KORbundled; weight 0.7",
    ):
        assert words in aside, words
    assert "model.populationKOR: 0.7, JPN: 0.3" in page and "model.sampling_errortrue" in page


def test_every_warning_that_identify_gives_has_words(bones: Result) -> None:
    folder = Path(homeward.identify.__file__).parent
    source = "".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))
    codes = set(re.findall(r'Warning\(\s*"([a-z-]+)"', source)) | {w.code for w in bones.warnings}
    say = Words()
    assert {"pedigree-doubted", "families-merged", "linked-markers"} <= codes
    assert not [code for code in codes if f"warning.{code}" not in say]


@pytest.mark.parametrize(
    ("code", "parameters", "words"),
    [
        ("population-matters", {"sample": "R", "missing": "M", "total": 2.0, "low": -999.0, "high": 3.5}, "−∞ to 3.50"),
        ("linked-markers", {"markers": "a, b", "worst": -0.5, "sample": "R", "missing": "M"}, "M by −0.50, more"),
        ("theta-sampled", {"marker": "SE33", "error": 0.0123456}, "relative standard error 0.012."),
        (
            "pedigree-doubted",
            {"family": "F", "persons": "F/a", "parents": "? × F/b", "prior": 0.05, "posterior": 0.99996},
            "(F/a: child of an unknown father and F/b): its probability was 0.05, and given the typed relatives it is "
            "0.99996",
        ),
        (
            "provisional-population",
            {"family": "F", "population": "P", "reason": "missing-markers"},
            "lacks some of the markers",
        ),
        ("provisional-population", {"family": "F", "population": "P", "reason": "small-table"}, "table is small."),
        ("dropout-estimated", {"sample": "R", "mean": 0.25, "low": 0.1, "high": 0.5}, "0.250 for one"),
    ],
)
def test_figures_in_warnings_are_cut_to_what_they_tell(
    code: str, parameters: dict[str, str | float], words: str
) -> None:
    assert words in Words().warning(code, parameters)


def test_many_of_one_kind_are_one_point_that_names_the_strongest(result: Result) -> None:
    told = [
        Warning("population-matters", {"sample": f"R{k}", "missing": "M", "total": 3.0, "low": 3.0 - k, "high": 3.5})
        for k in range(4)
    ]
    told += [Warning("theta-sampled", {"marker": f"D{k}", "error": 0.01 * (1 + k)}) for k in range(3)]
    told += [
        Warning("provisional-population", {"family": f"F{k}", "population": "P", "reason": "no-table"})
        for k in range(3)
    ]
    page = text(result_html(replace(result, warnings=tuple(told))))
    assert "4 LRs depend on the population, that of R3 and M most of all (log₁₀ LR 0.00 to 3.50 under" in page
    assert "At 3 markers the sum for θ was sampled; the largest relative standard error is 0.03, at D2." in page
    assert "Founders of 3 families are stated" in page
    one = [Warning("provisional-population", {"family": "F", "population": p, "reason": "no-table"}) for p in "PQR"]
    assert "Founders of family F are stated to be of several populations" in text(
        result_html(replace(result, warnings=tuple(one)))
    )
    assert page.count("LRs depend on the population") == 1


def test_a_comparison_shows_each_population(case: Case, result: Result) -> None:
    model = result.scenarios[0].model
    ln = np.log([[0.02, 0.5], [0.002, 0.5]])
    blocks = (("TH01",), ("vWA", "D12S391"))
    alone = (("KOR", np.log([0.1, 0.001])), ("JPN", np.array([-1.0, -np.inf])))
    shown = text(comparison_html(Comparison(case, model, ("siblings", "<unrelated>"), blocks, ln, alone)))
    assert "vWA + D12S391 (linked)" in shown
    assert "Under each population alone Populationsiblings KOR2.00 JPN–".replace(" ", "") in shown.replace(" ", "")
    assert "Under each" not in text(comparison_html(Comparison(case, model, ("a", "b"), blocks, ln)))


def test_a_small_table_is_told_with_its_size_and_whose_it_is(result: Result) -> None:
    whole = Warning("provisional-population", {"family": "", "population": "KOR", "reason": "small-table"})
    evidence = {"population": "KOR", "reason": "small-table", "chromosomes": 194, "wanted": 200}
    found = Finding("provisional-population", "note", evidence=evidence)
    page = text(result_html(replace(result, warnings=(whole,), findings=(found,))))
    assert "of the calculation is KOR, whose frequency table is small (194 chromosomes at a marker used, 200" in page
    assert "the frequency table of the calculation's own population, KOR, is small or weak" in page


def test_a_conclusion_is_not_cut_on_the_terminal(bones: Result) -> None:
    whole = Warning("provisional-population", {"family": "", "population": "KOR", "reason": "small-table"})
    assert "✓ above 0.9995: proposed, provisional\n" in summary(replace(bones, warnings=(whole,)))


def test_a_doubt_that_the_references_settle_against_is_no_point(result: Result) -> None:
    def doubt(posterior: float) -> Warning:
        told = {"family": "F", "persons": "F/a", "parents": "? × F/b", "prior": 0.1, "posterior": posterior}
        return Warning("pedigree-doubted", told)

    def points(w: Warning) -> list[str]:
        return [p.code for p in View(replace(result, warnings=(w,))).points]

    assert "pedigree-doubted" not in points(doubt(0.001)), "settled"
    assert "pedigree-doubted" not in points(doubt(0.1)), "the references say nothing"
    assert "pedigree-doubted" in points(doubt(0.6))
    assert "F/a: child of an unknown father and F/b" in text(result_html(replace(result, warnings=(doubt(0.001),))))


def test_families_that_only_an_id_joins_stand_first(result: Result) -> None:
    families = {"families": "A, B", "shared": "A/gf"}
    joined = Finding("families-merged", "warning", evidence={"families": ("A", "B"), "shared": ("gf",)})
    told = replace(result, warnings=(Warning("families-merged", families),), findings=(joined,))
    view = View(told)
    assert [p.rank for p in view.points if p.code == "families-merged"] == [1]
    assert "only because an id stands in each: gf." in summary(told)
    assert [p.rank for p in View(replace(told, findings=())).points if p.code == "families-merged"] == [7]


def test_a_name_that_another_individual_has_is_said_at_the_second(result: Result) -> None:
    first, second = (a for a in View(result).answers if a.sample.id in ("R-01", "R-02"))
    assert first.best is not None
    pairs = [p for p in result.pairs if p.sample != "R-02"]
    pairs.append(replace(first.best, sample="R-02", posterior=first.best.posterior - 1e-6))
    apart = Direct("R-01", "R-02", "computed", -9.0, 14, 6)
    told = text(result_html(replace(result, pairs=tuple(pairs), direct=(apart,))))
    taken = "is already proposed for R-01, which is not the same individual (log₁₀ LR −9.00"
    assert told.count(f"(김영호) {taken}") == 1 and told.count(f"but that name {taken}") == 1
    together = replace(apart, log10_lr=9.0)
    assert taken not in text(result_html(replace(result, pairs=tuple(pairs), direct=(together,))))
    assert second.best is not None


def test_markers_without_frequencies_are_counted_and_not_called_untyped(result: Result) -> None:
    (scenario,) = result.scenarios
    row = next(s for s in result.samples if s.id == "R-01")
    lost = result.case.typings_by_sample[row.id][0].marker
    others = [m for m in result.case.markers if m != lost]
    loci = tuple(replace(scenario.model.loci[0], name=m) for m in others)
    told = replace(result, scenarios=(replace(scenario, model=replace(scenario.model, loci=loci)),))
    assert View(told).unused == {lost: "no-frequencies"}
    assert View(told).used_markers(row) == row.markers - 1
    assert f"{row.markers - 1} of {row.markers}" in summary(told)
    terms = tuple(t for t in result.pair["R-01", "F-61/M-112"].terms if lost not in t.markers)
    pairs = tuple(replace(p, terms=terms) if p.sample == "R-01" else p for p in result.pairs)
    words = dossier(result_html(replace(told, pairs=pairs)), "R-01", "F-61/M-112")
    assert "One marker of the sample is not in the population's table" in words


def test_several_x_terms_are_called_approximate(bones: Result) -> None:
    pair = bones.pair["R-01", "F-61/M-112"]
    terms = tuple(Term("X", (m,), 0.1) for m in ("DXS8378", "DXS7132"))

    def told(terms: tuple[Term, ...]) -> str:
        pairs = tuple(replace(p, terms=terms) if p == pair else p for p in bones.pairs)
        return dossier(result_html(replace(bones, pairs=pairs)), "R-01", "F-61/M-112")

    assert "the total over these 2 X terms is approximate" in told(terms)
    assert "is approximate" not in told(terms[:1])
