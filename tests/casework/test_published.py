"""Published cases, from file to figure: what others have printed about them is what we compute."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from homeward.case import (
    Case,
    Family,
    FrequencyTable,
    Incident,
    ModelSettings,
    Remains,
    Sample,
    Settings,
    Typing,
)
from homeward.faults import silent
from homeward.formats.case_folder import read_case_folder
from homeward.formats.familias import read_familias
from homeward.genetics import Model, scenarios_of
from homeward.identify import Result, compare, identify
from homeward.likelihood import ln_likelihood
from homeward.pedigree import Member, Pedigree

HERE = Path(__file__).parent
FAM = HERE.parent / "formats" / "fam"
FOLDERS = sorted(p.parent.name for p in HERE.glob("*/case.toml"))


@dataclass(frozen=True)
class Published:
    victims: list[str]
    missing: list[str]
    lr: list[list[float | None]]
    exclusions: list[list[int | None]]


PUBLISHED = {
    name: Published(**figures)
    for name, figures in json.loads((HERE / "published.json").read_text(encoding="utf-8"))["cases"].items()
}


def identified(case: Case) -> Result:
    return identify(case, scenarios_of(case), seed=1, joint=False, progress=silent)


@cache
def folder(name: str) -> Result:
    return identified(read_case_folder(HERE / name))


def genotypes(case: Case) -> dict[str, dict[str, tuple[str, ...]]]:
    """Marker → `FAMILY/PERSON` or remains → alleles."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    sources = {s.id: s.source for s in case.samples}
    for t in case.typings:
        found.setdefault(t.marker, {})[sources[t.sample]] = t.alleles
    return found


def ln(pedigree: Pedigree, model: Model, typed: dict[str, dict[str, tuple[str, ...]]]) -> float:
    return float(np.sum(ln_likelihood(pedigree, model.loci, typed)))


# --- every case is read and identified ---


@pytest.mark.parametrize("name", FOLDERS)
def test_every_case_is_identified(name: str) -> None:
    result = folder(name)
    case = result.case
    assert len(result.pairs) == len(case.remains) * len(case.missing)
    for body in case.remains:
        places = sum(p.posterior for p in result.pairs if p.sample == body.id)
        outside = next(o for o in result.outside if o.sample == body.id)
        assert places + outside.stranger + outside.unreferenced == pytest.approx(1, abs=1e-9)


# --- pairwise LRs and exclusions ---


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_pairwise_lr_as_published(name: str) -> None:
    result, figures = folder(name), PUBLISHED[name]
    full = {m.split("/")[1]: m for m in result.case.missing}
    for victim, row in zip(figures.victims, figures.lr, strict=True):
        for missing, lr in zip(figures.missing, row, strict=True):
            pair = result.pair[victim, full[missing]]
            if lr is None:
                assert pair.status == "sex", (victim, missing)
            elif lr == 0:
                assert pair.log10_lr == -math.inf, (victim, missing)
            else:
                assert pair.log10_lr == pytest.approx(math.log10(lr), abs=1e-7), (victim, missing)
                assert sum(t.log10_lr for t in pair.terms) == pytest.approx(pair.log10_lr, abs=1e-9)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_exclusions_as_published(name: str) -> None:
    result, figures = folder(name), PUBLISHED[name]
    full = {m.split("/")[1]: m for m in result.case.missing}
    for victim, row in zip(figures.victims, figures.exclusions, strict=True):
        for missing, count in zip(figures.missing, row, strict=True):
            if count is not None:
                assert result.pair[victim, full[missing]].exclusions == count, (victim, missing)


@pytest.mark.parametrize("name", ["KETPchap481", "KETPchap484", "KETPexer497", "KETPexer498", "fire", "icmp"])
def test_the_engine_asked_pair_by_pair_agrees(name: str) -> None:
    """LR = P(family with the victim in the missing person's place) / P(family) P(victim), without any table."""
    result = folder(name)
    case, model = result.case, result.scenarios[0].model
    typed = genotypes(case)
    for family in case.families:
        pedigree = family.pedigree.relabelled({p: family.full_id(p) for p in family.pedigree.ids})
        alone = ln(pedigree, model, typed)
        for missing in family.missing:
            person = family.full_id(missing)
            for body in case.remains:
                pair = result.pair[body.id, person]
                if pair.status != "computed" or pair.log10_lr in (None, -math.inf):
                    continue
                assert pair.log10_lr is not None
                placed = {m: {person if p == body.id else p: a for p, a in g.items()} for m, g in typed.items()}
                single = ln(Pedigree([Member(body.id, sex=body.sex)]), model, typed)
                lr = (ln(pedigree, model, placed) - alone - single) / math.log(10)
                assert pair.log10_lr == pytest.approx(lr, abs=1e-8), (body.id, person)


@pytest.mark.parametrize(("genotype", "lr"), [(("1", "1"), 25.0), (("2", "2"), 1 / (4 * 0.9**2))])
def test_a_trio_by_algebra(genotype: tuple[str, str], lr: float) -> None:
    """dvir's synthetic trio: both parents 1/2, so the child is 1/1 with ¼ against p²."""
    family = Family(
        "F", Pedigree([Member("fa", sex="male"), Member("mo", sex="female"), Member("M", "fa", "mo")]), ("M",)
    )
    calls = {"V": genotype, "F/fa": ("1", "2"), "F/mo": ("1", "2")}
    case = Case(
        "trio",
        families=(family,),
        remains=(Remains("V"),),
        samples=tuple(Sample(s, "remains" if s == "V" else "person", s) for s in calls),
        typings=tuple(Typing(s, "m", alleles) for s, alleles in calls.items()),
        populations=(FrequencyTable("P", False, {"m": {"1": 0.1, "2": 0.9}}),),
        settings=Settings(Incident(samples_are="bodies"), ModelSettings(minimum_frequency=0.0, sum_policy="as given")),
    )
    found = identified(case).pair["V", "F/M"].log10_lr
    assert found is not None
    assert 10**found == pytest.approx(lr, rel=1e-12)


# --- .fam files ---


def kinship_lr(case: Case, hypothesis: str) -> float:
    """LR against the last hypothesis of the file."""
    found = compare(case, scenarios_of(case))
    return float(10 ** found.log10_lr[found.hypotheses.index(hypothesis)].sum())


def test_paternity_as_pedfamilias_prints_it() -> None:
    """Its page gives LR(H1:H2) = 760.3445 for extended stepwise mutation, other rates for mothers and fathers."""
    assert kinship_lr(read_familias(HERE / "fam" / "paternity.fam"), "H1") == pytest.approx(760.3445, abs=5e-5)
    assert kinship_lr(read_case_folder(HERE / "paternity"), "H1") == pytest.approx(760.3445, abs=5e-5)


def test_half_siblings_of_practice_have_the_lr_of_sharing_half() -> None:
    """With mutation set aside, each marker has LR ½ + ½·(parent–child LR): κ = (½, ½, 0) against (1, 0, 0)."""
    case = read_case_folder(HERE / "halfsib-test")
    model = scenarios_of(case)[0].model.without_mutation()
    typed = genotypes(case)
    half, unrelated = (h.pedigree for h in case.hypotheses)
    a, b = "FAM/P1", "FAM/P2"
    parent = Pedigree([Member(a, sex="male"), Member("other", sex="female"), Member(b, a, "other", "male")])
    apart = ln_likelihood(unrelated, model.loci, typed)
    expected = 0.5 + 0.5 * np.exp(ln_likelihood(parent, model.loci, typed) - apart)
    np.testing.assert_allclose(np.exp(ln_likelihood(half, model.loci, typed) - apart), expected, rtol=1e-9)


def test_half_and_full_siblings_by_algebra() -> None:
    """6/9.3 and 7/9.3 share an allele of 0.05, 8/8 and 8/11 one of 0.5: parent–child LRs 5 and 1, no κ₂ term."""
    case = read_familias(FAM / "half_siblings.fam")
    assert kinship_lr(case, "Half siblings") == pytest.approx((0.5 + 0.5 * 5) * 1, rel=1e-12)
    assert kinship_lr(case, "Full siblings") == pytest.approx((0.25 + 0.5 * 5) * (0.25 + 0.5), rel=1e-12)


def test_father_and_daughter_at_an_x_marker_by_algebra() -> None:
    """Father 17, daughter 17/19: p(19) against 2·p(17)·p(19)."""
    assert kinship_lr(read_familias(FAM / "x_marker.fam"), "Father and daughter") == pytest.approx(1 / 0.6, rel=1e-12)


def test_one_missing_father_by_algebra() -> None:
    """Victim 6/9.3, 8/8; wife untyped; child 6/7, 8/11: LR 1/(4·0.2) and 1/(2·0.5)."""
    pair = identified(read_familias(FAM / "one_missing.fam")).pair["V1", "F1/Missing person"]
    assert [10**t.log10_lr for t in pair.terms] == pytest.approx([1.25, 1.0], rel=1e-12)


def test_fire_through_a_familias_file_is_fire_through_a_folder() -> None:
    """The same figures as a `[DVI]` file: names differ (Missing person for M1), no figure does."""
    names = {"M1": "Missing person", "M2": "Missing female 2", "M3": "Missing female 3"}
    result = identified(read_familias(HERE / "fam" / "fire.fam"))
    for pair in folder("fire").pairs:
        other = result.pair[pair.sample, f"F1/{names[pair.missing.split('/')[1]]}"]
        assert other.log10_lr == pair.log10_lr
        assert other.posterior == pytest.approx(pair.posterior, abs=1e-12)
