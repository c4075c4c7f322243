"""Simulated haplotypes as an answer of their own: what the engine says of them comes true."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import PCG64, Generator

from homeward.case import HaplotypeTable, KnownHaplotype, LineageSettings, Span
from homeward.genetics import Model
from homeward.genetics.haplotypes.fits import bundled_fit
from homeward.genetics.lineage import Founders, LineageModel
from homeward.genetics.y import y_sites
from homeward.identify.lineage import lineage_terms
from homeward.identify.screen import Column, Typed
from homeward.pedigree import Member, Pedigree
from homeward.simulate import founder_y, pass_on_y, simulate_incident, with_mtdna, with_y

DATABASE = "DNK_Hallenberg2005"
LINE = Pedigree(
    [
        Member("m", sex="male"),
        Member("w", sex="female"),
        Member("s", "m", "w", sex="male"),
        Member("v", sex="female"),
        Member("g", "s", "v", sex="male"),
    ]
)


def test_related_men_differ_as_often_as_the_engine_expects() -> None:
    """The LR of unrelated men averages one, that of grandfathers is high, and differences come as mutations do."""
    chance = Generator(PCG64(7))
    model = bundled_fit(DATABASE)
    men = [founder_y(model, chance) for _ in range(300)]
    grandsons = [pass_on_y(pass_on_y(m, chance), chance) for m in men]
    everybody = [*men, *grandsons]
    typings = [{k: [tuple(str(n) for n in sorted(set(v)))] for k, v in h.items()} for h in everybody]
    sites, seen = y_sites(typings)
    founders = Founders(model.weights, tuple(np.exp(model.ln_states(s.name, s.states)) for s in sites))
    names = [f"{k}" for k in range(len(everybody))]
    lineage = LineageModel("Y", sites, dict(zip(names, seen, strict=True)), lambda s, at: 1.0, founders=founders)
    n = len(men)
    columns = [Column("m", "m", LINE, {}, (("g", names[n + k]),)) for k in range(n)]
    (block,) = lineage_terms(
        [Typed(names[k], {}, (names[k],)) for k in range(n)], columns, Model("P", (), lineages=(lineage,))
    )
    own = np.diag(block.ln_lr)
    others = block.ln_lr[~np.eye(n, dtype=bool)]
    lr = np.exp(others)
    assert abs(lr.mean() - 1.0) < 4 * lr.std() / math.sqrt(n)
    assert np.median(own) > 3.0
    assert (others > np.median(own)).mean() < 0.02
    differing = sum(a != b for a, b in zip(men, grandsons, strict=True)) / n
    expected = 1.0 - math.exp(-2 * 10 * 0.0025)
    assert abs(differing - expected) < 4 * math.sqrt(expected / n) + 0.03


def test_an_incident_with_both_lines() -> None:
    asked = {"relatives": {"grandson": 4, "sisters-child": 4}, "size": 12, "bodies": 6}
    case, truth = simulate_incident(seed=2, samples_are="bodies", **asked)  # type: ignore[arg-type]
    table = HaplotypeTable(
        "mothers",
        "mt",
        True,
        tuple(
            KnownHaplotype(float(k), ranges=(Span(16024, 16365),), differences=d)
            for k, d in ((5, ()), (2, ("16223T",)))
        ),
    )
    both = with_mtdna(with_y(case, truth, DATABASE, seed=3, typed=0.5), truth, table, seed=4)
    again = with_mtdna(with_y(case, truth, DATABASE, seed=3, typed=0.5), truth, table, seed=4)
    assert both.digest == again.digest
    assert both.settings.y == LineageSettings("discrete-laplace", DATABASE)
    typed = {t.sample for t in both.mt}
    assert set(truth.of) <= typed
    markers = [t.marker for t in both.typings if t.marker.startswith("DYS") and t.sample in truth.of]
    assert 0.25 < len(markers) / (6 * 10) < 0.75
