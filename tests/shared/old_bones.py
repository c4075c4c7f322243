"""The invented incident as old bones and old registers give it: partial, of unsure origin, with doubted parents."""

from __future__ import annotations

from dataclasses import replace

from homeward.case import Case, Doubt, ModelSettings, Settings, Typing
from homeward.genetics import LinkedPair, Recombination, Scenario
from homeward.identify import Dropout, Pair, PedigreeVariant, Result, Term, Warning
from homeward.pedigree import Member, Pedigree

POPULATIONS = (("KOR", 0.7), ("JPN", 0.3))
DOUBTED, ESTIMATED, STATED = "F-61/C1", "R-01", "R-02"


def old_bones(result: Result) -> Result:
    """The same result from a mixture of populations, with every kind of soft evidence somewhere in it."""
    case = _case(result.case)
    pairs = tuple(_linked(_mixed(p)) for p in result.pairs)
    (scenario,) = result.scenarios
    linked = (LinkedPair(("vWA", "TH01"), Recombination(0.1, 0.08)),)
    scenarios = tuple(
        Scenario(label, weight, replace(scenario.model, population=label, linked=linked))
        for label, weight in POPULATIONS
    )
    estimated = Dropout(0.2345, 0.1201, 0.4009, 312.4)
    samples = tuple(replace(s, dropout=estimated) if s.id == ESTIMATED else s for s in result.samples)
    variants = (
        PedigreeVariant(("F-61",), (), 0.9, 0.18),
        PedigreeVariant(("F-61",), ((DOUBTED, "", "F-61/4"),), 0.07, 0.81),
        PedigreeVariant(("F-61",), ((DOUBTED, "", ""),), 0.03, 0.01),
    )
    warnings = (
        Warning("provisional-population", {"family": "F-62", "population": "KOR-JEJU", "reason": "no-table"}),
        Warning(
            "population-matters",
            {"sample": "R-01", "missing": "F-61/M-112", "total": 7.94, "low": 6.44, "high": 8.19},
        ),
        Warning("linked-markers", {"markers": "vWA, TH01", "worst": -0.312, "sample": "R-01", "missing": "F-61/M-112"}),
        Warning("theta-sampled", {"marker": "SE33", "error": 0.0123456}),
        Warning(
            "pedigree-doubted",
            {"family": "F-61", "persons": DOUBTED, "parents": "? × F-61/4", "prior": 0.07, "posterior": 0.81},
        ),
        Warning("dropout-estimated", {"sample": ESTIMATED, "mean": 0.2345, "low": 0.1201, "high": 0.4009}),
    )
    return replace(
        result, case=case, scenarios=scenarios, samples=samples, pairs=pairs, warnings=warnings, variants=variants
    )


def _mixed(pair: Pair) -> Pair:
    lr = pair.log10_lr
    return pair if lr is None else replace(pair, by_population=(("KOR", lr - 1.5), ("JPN", lr + 0.25)))


def _linked(pair: Pair) -> Pair:
    """vWA and TH01 as one term, where both were compared."""
    both = [t for t in pair.terms if t.markers[0] in ("vWA", "TH01")]
    if len(both) < 2:
        return pair
    one = Term("linked", ("vWA", "TH01"), sum(t.log10_lr for t in both))
    return replace(pair, terms=(*(t for t in pair.terms if t not in both), one))


def _case(case: Case) -> Case:
    f61, f62, *others = case.families
    f61 = replace(f61, doubts=(Doubt("C1", None, "4", 0.07), Doubt("C1", None, None, 0.03)))
    founder = {"할아버지": "KOR-JEJU", "할머니": "KOR-JEJU"}
    rows: list[Member] = [replace(m, population=founder.get(m.id, "")) for m in f62.pedigree]
    f62 = replace(f62, pedigree=Pedigree(rows))
    model = ModelSettings(
        population=POPULATIONS, theta=0.01, mistyping=0.001, dropout="estimated", linkage="pairs", sampling_error=True
    )
    samples = tuple(
        replace(s, dropout_het=0.3, dropout_hom=0.1, dropin=0.05) if s.id == STATED else s for s in case.samples
    )
    typings: list[Typing] = []
    for t in case.typings:
        if t.sample in (ESTIMATED, STATED):
            heights = tuple(210.0 + 130 * i for i in range(len(t.alleles)))
            typings.append(replace(t, heights=heights))
            typings.append(replace(t, alleles=t.alleles[:1], replicate=2, heights=heights[:1]))
            if t.marker in ("FGA", "SE33"):
                typings[-1] = replace(typings[-1], alleles=(), heights=())
        else:
            typings.append(t)
    unresolved = next(i for i, t in enumerate(typings) if t.sample == DOUBTED and t.marker == "SE33")
    typings[unresolved] = replace(typings[unresolved], alleles=("8|9", "14"))
    return replace(
        case,
        families=(f61, f62, *others),
        samples=samples,
        typings=tuple(typings),
        settings=Settings(incident=case.settings.incident, model=model),
    )
