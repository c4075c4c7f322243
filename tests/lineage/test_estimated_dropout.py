"""A drop-out that nobody stated is one number for all markers of a sample, autosomal and Y: one mixture outside all."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from homeward.case import (
    Case,
    Family,
    HaplotypeTable,
    KnownHaplotype,
    LineageSettings,
    ModelSettings,
    Remains,
    Sample,
    Settings,
    Typing,
)
from homeward.genetics import scenarios_of
from homeward.genetics.dropout import GRID
from homeward.identify import Result, identify
from homeward.observe import gather
from homeward.pedigree import Member, Pedigree

FATHER = Pedigree([Member("m", sex="male"), Member("w", sex="female"), Member("c", "m", "w", sex="male")])


def case(estimator: str, *, bones: tuple[str, ...] = ("B",)) -> Case:
    """The bone shows one allele of DYS385, its son two; a heterozygous and two homozygous autosomal calls."""
    men = [KnownHaplotype(n, {"DYS385": a, "DYS19": ("14",)}) for n, a in ((6.0, ("11", "14")), (4.0, ("11",)))]
    men += [KnownHaplotype(9.0, {"DYS385": ("13", "15"), "DYS19": ("15",)})]
    typings = [Typing("R", "TH01", ("6", "9")), Typing("R", "TPOX", ("8", "11")), Typing("R", "CSF1PO", ("10", "12"))]
    typings += [Typing("R", "DYS385", ("11", "14")), Typing("R", "DYS19", ("14",))]
    for bone in bones:
        typings += [Typing(bone, "TH01", ("6",)), Typing(bone, "TPOX", ("8",)), Typing(bone, "CSF1PO", ("10", "11"))]
        typings += [Typing(bone, "DYS385", ("11",)), Typing(bone, "DYS19", ("14",))]
    return Case(
        "worn",
        families=(Family("F", FATHER, ("m",)),),
        remains=tuple(Remains(b) for b in bones),
        samples=(*(Sample(b, "remains", b) for b in bones), Sample("R", "person", "F/c")),
        typings=tuple(typings),
        haplotypes=(HaplotypeTable("men", "Y", True, tuple(men)),),
        settings=Settings(
            model=ModelSettings(population=(("JPN_GF1501", 1.0),), mutation="none", dropout="estimated"),
            y=LineageSettings(estimator, "men"),  # type: ignore[arg-type]
        ),
    )


def answer(of: Case) -> Result:
    return identify(of, scenarios_of(of), seed=1)


def stated(of: Case, d: float) -> Case:
    samples = [replace(s, dropout_het=d, dropout_hom=d * d) if s.of == "remains" else s for s in of.samples]
    return replace(of, samples=tuple(samples))


@pytest.mark.parametrize("estimator", ["augmented-count", "discrete-laplace"])
def test_the_lr_is_one_mixture_over_autosomal_and_y_markers(estimator: str) -> None:
    """Σ w_d P_d(H1) / Σ w_d P_d(H2) over the grid, each LR and each P(H2) from a sample that states its drop-out."""
    given = case(estimator)
    above, below = [], []
    for d in GRID:
        of = stated(given, d)
        (scenario,) = scenarios_of(of)
        profiles = gather(of, scenario.model)
        chance = 1.0
        for locus in scenario.model.loci:
            e = profiles.evidence(of.samples[0], locus, "unknown")
            assert e is not None
            chance *= e.chance(locus.frequencies)
        (line,) = scenario.model.lineages
        if line.founders is None:
            chance *= math.prod(float(e.max()) for e in line.seen["B"].sites.values())
        else:
            sites = [line.founders.sites[i] @ e for i, e in line.seen["B"].sites.items()]
            chance *= float(line.founders.weights @ np.prod(sites, axis=0))
        lr = answer(of).pair["B", "F/m"].log10_lr
        assert lr is not None
        above.append(10**lr * chance)
        below.append(chance)
    found = answer(given).pair["B", "F/m"].log10_lr
    assert found == pytest.approx(math.log10(sum(above) / sum(below)), abs=1e-9)
    # what is estimated reaches the Y: one allele seen excludes nobody who has two
    assert found is not None and found > -2


def test_two_bones_of_estimated_dropout_are_compared_and_joined() -> None:
    of = case("augmented-count", bones=("B", "B2"))
    result = answer(of)
    assert result.joint is not None
    assert np.isfinite(result.joint.posterior.marginals).all()
    assert {c.sample for c in result.lineages} == {"B", "B2"}
    assert {h.sample for h in result.haplotypes} >= {"B", "B2"}
