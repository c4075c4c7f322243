"""The Japanese example of RelSearch: autosomal STRs, Y and mtDNA of 24 remains in one joint posterior."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from homeward.formats import read_case
from homeward.genetics import scenarios_of
from homeward.identify import Result, identify
from homeward.report import result_html

FOLDER = Path(__file__).parent / "relsearch"
SURE = {f"V{k}": f"F{k}/M" for k in (1, 2, 3, 4, 5, 7, 9, 10, 13, 16, 17, 19)}


@pytest.fixture(scope="module")
def result() -> Result:
    """Only what the lines change is asked here: one by one, and jointly without the stress tests' other models."""
    case = read_case(FOLDER)
    case = replace(case, settings=replace(case.settings, run=replace(case.settings.run, joint="off")))
    return identify(case, scenarios_of(case), seed=1)


def test_every_sure_name_is_the_one_of_the_example(result: Result) -> None:
    for sample, missing in SURE.items():
        assert result.candidates(sample)[0].missing == missing


def test_all_kinds_of_terms_stand_in_one_lr(result: Result) -> None:
    pair = result.pair["V5", "F5/M"]
    assert {t.kind for t in pair.terms} == {"autosomal", "Y", "mt"}
    assert pair.log10_lr == pytest.approx(sum(t.log10_lr for t in pair.terms))
    assert next(t.log10_lr for t in pair.terms if t.kind == "Y") > 2.0
    # a father's mtDNA is not his son's: nothing is said of it
    assert "mt" not in {t.kind for t in result.pair["V1", "F1/M"].terms}


def test_a_maternal_line_speaks_against_what_autosomes_propose(result: Result) -> None:
    """V22 fits as the brother of R22 by his STRs; brother and sister would have one mtDNA, and these have not."""
    pair = result.pair["V22", "F21/M"]
    autosomal = sum(t.log10_lr for t in pair.terms if t.kind == "autosomal")
    assert autosomal > 4.0
    assert next(t.log10_lr for t in pair.terms if t.kind == "mt") < -autosomal
    assert pair.posterior < 1e-3


def test_what_was_compared_can_be_checked(result: Result) -> None:
    y = next(c for c in result.lineages if (c.kind, c.sample, c.missing) == ("Y", "V5", "F5/M"))
    assert (y.reference, y.meioses) == ("R5", 2)
    assert y.mutations == sum(d.mutations for d in y.differences)
    assert {e.method for h in result.haplotypes if h.kind == "Y" for e in h.estimates} >= {
        "augmented-count",
        "brenner-kappa",
        "clopper-pearson-upper",
        "discrete-laplace",
    }


def test_the_report_tells_of_lines(result: Result) -> None:
    page = result_html(result)
    assert "Lines of descent" in page
    assert "How rare the haplotype is" in page
