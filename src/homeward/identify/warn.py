"""What a person must know besides the numbers, as codes and parameters; the faces make words of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, log10
from typing import TYPE_CHECKING

from homeward.case import Case, Merging
from homeward.genetics import Model, Scenario, marker_kind
from homeward.genetics.lineage import LineageKind
from homeward.identify.posterior import contradicts
from homeward.identify.result import BoneKinship, Direct, Outside, Pair, PedigreeVariant, SampleRow, Warning
from homeward.identify.screen import Column
from homeward.observe import Profiles

if TYPE_CHECKING:
    from homeward.genetics.haplotypes import DatabaseDoubt

__all__ = ["case_warnings", "latent_warnings", "origin_warnings", "result_warnings"]

_KIN_WORTH_TELLING = log10(100.0)
_LR_WORTH_TELLING = 2.0
"""log10 LR in one population from which it is told how another changes it ..."""
_RANGE_WORTH_TELLING = 1.0
"""... if by a factor of ten."""
_ORIGIN_WORTH_TELLING = 0.3
"""log10 LR of a stated population alone from which it is told: a factor of two."""


def case_warnings(
    case: Case, profiles: Profiles, merging: Merging, columns: Sequence[Column], scenarios: Sequence[Scenario]
) -> list[Warning]:
    """What was found while reading the case: merged families, markers not used, sexes that cannot be."""
    model = scenarios[0].model
    return [
        *_merge_warnings(merging),
        *_marker_warnings(case, model, " or ".join(dict.fromkeys(s.model.population for s in scenarios))),
        *_line_warnings(case, model),
        *_x_warnings(columns, model),
        *_unread_x_warnings(case, merging, model),
        *_sex_warnings(case, profiles),
    ]


def latent_warnings(
    merging: Merging,
    scenarios: Sequence[Scenario],
    pairs: Sequence[Pair],
    samples: Sequence[SampleRow],
    variants: Sequence[PedigreeVariant],
) -> list[Warning]:
    """What nobody knows and the numbers had to be summed over, or rest on provisionally."""
    return [
        *_provisional_warnings(merging, scenarios),
        *_population_warnings(pairs),
        *(
            Warning(
                "pedigree-doubted",
                {
                    "family": ", ".join(v.families),
                    "persons": ", ".join(person for person, _, _ in v.changed),
                    "parents": "; ".join(f"{father or '?'} × {mother or '?'}" for _, father, mother in v.changed),
                    "prior": v.prior,
                    "posterior": round(v.posterior, 9),
                },
            )
            for v in variants
            if v.changed
        ),
        *(
            Warning(
                "dropout-estimated",
                {"sample": s.id, "mean": s.dropout.mean, "low": s.dropout.low, "high": s.dropout.high},
            )
            for s in samples
            if s.dropout is not None
        ),
    ]


def origin_warnings(pairs: Sequence[Pair], columns: Sequence[Column]) -> list[Warning]:
    """Pairs that owe much to markers no relative is typed at: there a stated population alone speaks."""
    of_person = {c.id: c for c in columns}
    told = []
    for pair in pairs:
        column = of_person[pair.missing]
        part = sum(
            t.log10_lr
            for t in pair.terms
            if t.kind in ("autosomal", "X", "linked")
            and t.log10_lr > -inf
            and not any(column.evidence.get(marker) for marker in t.markers)
        )
        if part >= _ORIGIN_WORTH_TELLING and (pair.log10_lr or 0.0) >= 0:
            told.append(
                Warning("origin-speaks", {"sample": pair.sample, "missing": pair.missing, "log10_lr": round(part, 6)})
            )
    return told


def _provisional_warnings(merging: Merging, scenarios: Sequence[Scenario]) -> list[Warning]:
    """Families, or the whole calculation, whose population has no sound table."""
    reasons: dict[str, str] = {}
    for s in scenarios:
        reasons |= s.model.provisional
    main = [s.model.population for s in scenarios if s.model.population in reasons]
    told = [Warning("provisional-population", {"family": "", "population": p, "reason": reasons[p]}) for p in main]
    for family in merging.families:
        stated = dict.fromkeys(m.population for m in family.pedigree if m.population in reasons)
        told += [
            Warning(
                "provisional-population",
                {"family": ", ".join(family.families), "population": p, "reason": reasons[p]},
            )
            for p in stated
        ]
    return told


def _population_warnings(pairs: Sequence[Pair]) -> list[Warning]:
    """Pairs that one population makes much of and another little."""
    told = []
    for pair in pairs:
        each = [lr for _, lr in pair.by_population if lr is not None]
        if not each or pair.log10_lr is None or max(each) < _LR_WORTH_TELLING:
            continue
        if max(each) - min(each) >= _RANGE_WORTH_TELLING:
            told.append(
                Warning(
                    "population-matters",
                    {
                        "sample": pair.sample,
                        "missing": pair.missing,
                        "total": round(pair.log10_lr, 6),
                        # an LR of 0 has no finite logarithm
                        "low": round(max(min(each), -999.0), 6),
                        "high": round(max(each), 6),
                    },
                )
            )
    return told


def result_warnings(
    case: Case,
    pairs: Sequence[Pair],
    outside: Sequence[Outside],
    direct: Sequence[Direct],
    kinship: Sequence[BoneKinship],
) -> list[Warning]:
    """What the numbers say that nobody asked for."""
    return [
        *_kin_warnings(kinship, {(d.a, d.b): d for d in direct}),
        *_individual_warnings(case, direct),
        *_nobody_warnings(pairs, outside),
    ]


def _nobody_warnings(pairs: Sequence[Pair], outside: Sequence[Outside]) -> list[Warning]:
    """Samples that nobody the prior allows can have left: a closed list, and every LR is 0."""
    possible = {p.sample for p in pairs if p.posterior > 0}
    possible |= {o.sample for o in outside if o.stranger > 0 or o.unreferenced > 0}
    return [Warning("nobody-possible", {"sample": o.sample}) for o in outside if o.sample not in possible]


def _merge_warnings(merging: Merging) -> list[Warning]:
    told = [
        Warning("families-merged", {"families": ", ".join(families), "shared": ", ".join(shared)})
        for families, shared in merging.believed
    ]
    apart: dict[tuple[tuple[str, ...], str], dict[str, None]] = {}
    for a, b, shared, reason in merging.doubted:
        apart.setdefault((shared, reason), {}).update({a: None, b: None})
    told += [
        Warning("same-id-kept-apart", {"families": ", ".join(families), "persons": ", ".join(shared), "reason": reason})
        for (shared, reason), families in apart.items()
    ]
    return told


def _marker_warnings(case: Case, model: Model, populations: str) -> list[Warning]:
    """Typed markers that no LR uses, because nothing tells their frequencies."""
    unknown = [m for m in case.markers if m not in model.locus and marker_kind(m) in ("autosomal", "X")]
    if not unknown:
        return []
    return [Warning("markers-without-frequencies", {"markers": ", ".join(unknown), "population": populations})]


_LINES: Mapping[LineageKind, str] = {"Y": "Y", "mt": "mtDNA"}
_DOUBTED = {"small-haplotype-database": "size", "haplotype-population": "population", "loci-not-in-database": "markers"}
"""Doubt about a table of haplotypes → what its value is."""


def _line_warnings(case: Case, model: Model) -> list[Warning]:
    """Haplotypes that could be held against references and are not, and doubts about the tables of those that are."""
    typed: dict[LineageKind, set[str]] = {
        "Y": {t.sample for t in case.typings if t.alleles and marker_kind(t.marker) == "Y"},
        "mt": {t.sample for t in case.mt},
    }
    told = []
    weighed = {lineage.kind for lineage in model.lineages}
    for kind, line in _LINES.items():
        of = {s.id: s.of for s in case.samples if s.id in typed[kind]}
        if kind not in weighed and {"remains", "person"} <= set(of.values()):
            remains = ", ".join(s for s, what in of.items() if what == "remains")
            told.append(Warning("haplotypes-not-weighed", {"line": line, "samples": remains}))
    told += [
        Warning(d.code, {"line": _LINES[lineage.kind], "database": d.database, _DOUBTED[d.code]: _value(d)})
        for lineage in model.lineages
        for d in lineage.doubts
    ]
    return told


def _value(doubt: DatabaseDoubt) -> str | int:
    if doubt.code == "small-haplotype-database":
        return int(doubt.value)
    return doubt.value.replace(",", ", ") if doubt.code == "loci-not-in-database" else doubt.value


def _x_warnings(columns: Sequence[Column], model: Model) -> list[Warning]:
    """Missing persons whose X markers tell nothing, because a sex in the family is not known."""
    x = [locus for locus in model.loci if locus.kind == "X"]
    return [Warning("x-not-used", {"missing": c.id}) for c in columns if any(c.ploidy(locus) is None for locus in x)]


def _unread_x_warnings(case: Case, merging: Merging, model: Model) -> list[Warning]:
    """Family members typed at X markers whose sex is not known: those typings are left out."""
    x = {locus.name for locus in model.loci if locus.kind == "X"}
    sexes = {m.id: m.sex for family in merging.families for m in family.pedigree}
    sexes |= {full: sexes[person] for family in merging.families for full, person in family.alias.items()}
    return [
        Warning("x-typing-not-used", {"person": s.source})
        for s in case.samples
        if s.of == "person"
        and sexes.get(s.source) == "unknown"
        and any(t.marker in x for t in case.typings_by_sample[s.id])
    ]


def _sex_warnings(case: Case, profiles: Profiles) -> list[Warning]:
    """Samples whose sex on record their own DNA contradicts."""
    told = []
    for sample in case.samples:
        if sample.of != "remains":
            continue
        recorded, shown = profiles.sex[sample.id], profiles.shown[sample.id]
        if contradicts(recorded, shown):
            told.append(Warning("sex-contradicted", {"sample": sample.id, "recorded": recorded, "shown": shown}))
    return told


def _individual_warnings(case: Case, direct: Sequence[Direct]) -> list[Warning]:
    """Remains said to be one body, or one item sampled twice, whose samples cannot be of one individual."""
    remains = {s.id: case.remains_by_id[s.source] for s in case.samples if s.of == "remains"}
    told = []
    for d in direct:
        a, b = remains.get(d.a), remains.get(d.b)
        if a is None or b is None or d.log10_lr is None or d.log10_lr >= 0:
            continue
        if a is b or (a.individual and a.individual == b.individual):
            told.append(Warning("one-body-differs", {"a": d.a, "b": d.b, "mismatches": d.mismatches}))
    return told


def _kin_warnings(kinship: Sequence[BoneKinship], direct: Mapping[tuple[str, str], Direct]) -> list[Warning]:
    """Pairs of remains that look like kin, each under its best relationship, and not rather like one individual."""
    best: dict[tuple[str, str], BoneKinship] = {}
    for k in kinship:
        known = best.get((k.a, k.b))
        if k.log10_lr is not None and (known is None or k.log10_lr > (known.log10_lr or 0.0)):
            best[k.a, k.b] = k
    return [
        Warning(
            "related-remains",
            {"a": k.a, "b": k.b, "relationship": k.relationship, "log10_lr": round(k.log10_lr, 6)},
        )
        for k in best.values()
        if k.log10_lr is not None
        and k.log10_lr >= _KIN_WORTH_TELLING
        and k.log10_lr > (_or_nothing(direct.get((k.a, k.b))))
    ]


def _or_nothing(direct: Direct | None) -> float:
    """log10 LR of one individual, -inf where nothing was compared."""
    return -inf if direct is None or direct.log10_lr is None else direct.log10_lr
