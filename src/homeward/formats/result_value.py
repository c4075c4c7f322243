"""A result file and its case as a `Result` again, for faces that show what was computed long ago."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from homeward.faults import Fault, Refusal
from homeward.formats.joint_read import read_joint
from homeward.formats.overrides import overridden

if TYPE_CHECKING:
    from homeward.case import Case
    from homeward.check import Finding
    from homeward.identify import HaplotypeRow, LineageComparison, Pair, PedigreeVariant, Result, SampleRow

__all__ = ["case_as_computed", "other_settings", "read_findings", "result_of"]


def case_as_computed(case: Case, value: Mapping[str, Any]) -> Case:
    """The case under the settings that a result states, and with the inputs that it names.

    Raises `Refusal` (``other-case``) where the result is of another case.
    """
    from dataclasses import replace

    from homeward.case import InputFile
    from homeward.formats.results import settings_json
    from homeward.genetics import scenarios_of

    computed = case
    if case.digest != value["case"]["digest"]:
        message = "the result is of another case, or of this case before it was changed"
        other = Refusal([Fault("other-case", message, "give the case that it was computed from")])
        try:
            ours = settings_json(case, scenarios_of(case), case.settings.run.seed)
            computed = overridden(case, other_settings(ours, value["settings"]), "RESULT")
        except Refusal as refusal:  # its settings are of another case
            raise other from refusal
        if computed.digest != value["case"]["digest"]:
            raise other
    inputs = tuple(InputFile(f["path"], f["sha256"]) for f in value["case"]["inputs"])
    return replace(computed, inputs=inputs)


def other_settings(ours: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """`section.key` → stated value, where the two differ."""
    return {
        f"{section}.{key}": value
        for section, keys in stated.items()
        if isinstance(keys, dict)
        for key, value in keys.items()
        if ours.get(section, {}).get(key) != value
    }


def result_of(value: Mapping[str, Any], case: Case) -> Result:
    """The `Result` that a result file tells of. ``case``: as computed (`case_as_computed`).

    What a result file does not tell is empty: which sites of a line were compared and what a reference shows there,
    kinship between remains, the consensus of a body, and of sampled states all but their figures.
    """
    from homeward.genetics import scenarios_of
    from homeward.identify import Direct, MissingRow, Outside, Result

    plain, findings, variants = _warnings(value["warnings"])
    joint = value.get("joint")
    return Result(
        case=case,
        scenarios=tuple(scenarios_of(case)),
        seed=value["seed"],
        missing=tuple(MissingRow(m["id"], m["sex"], m["references"]) for m in value["missing"]),
        samples=tuple(map(_sample, value["samples"])),
        pairs=tuple(map(_pair, value["pairs"])),
        outside=tuple(Outside(o["sample"], o["stranger"], o["unreferenced"]) for o in value["pairwise_posterior"]),
        direct=tuple(
            Direct(
                d["a"], d["b"], d["status"], _lr(d["log10_lr"], d["status"] == "computed"), d["markers"],
                d["mismatches"],
            )
            for d in value["direct"]
        ),
        kinship=(),
        warnings=plain,
        findings=findings,
        variants=variants,
        joint=None if joint is None else read_joint(joint),
        lineages=tuple(map(_lineage, value.get("lineages", ()))),
        haplotypes=tuple(map(_haplotype, value.get("haplotypes", ()))),
    )  # fmt: skip


def _lr(told: float | None, compared: bool) -> float | None:
    """A log10 LR: null is an LR of 0, or nothing to compare."""
    return -math.inf if told is None and compared else told


def _sample(row: Mapping[str, Any]) -> SampleRow:
    from homeward.identify import Dropout, SampleRow

    d = row.get("dropout")
    dropout = None if d is None else Dropout(d["mean"], d["low"], d["high"], d["heights"])
    return SampleRow(row["id"], row["of"], row["source"], row["sex"], row["markers"], dropout)


def _pair(row: Mapping[str, Any]) -> Pair:
    from homeward.identify import Pair, Term

    compared = bool(row["terms"])
    terms = tuple(
        Term(t["kind"], tuple(t["markers"]), -math.inf if t.get("impossible") else t["log10_lr"]) for t in row["terms"]
    )
    by_population = tuple((p["population"], _lr(p["log10_lr"], compared)) for p in row.get("by_population", ()))
    lr = _lr(row["log10_lr"], compared)
    return Pair(
        row["sample"], row["missing"], row["status"], lr, row["exclusions"], terms, row["posterior"], by_population
    )


def read_findings(rows: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What `check` found, of a result's ``warnings``; its other warnings have no severity."""
    from homeward.check import Finding

    found = []
    for row in rows:
        if "severity" in row:
            evidence = {k: tuple(v) if isinstance(v, list) else v for k, v in row["evidence"].items()}
            persons, samples, markers = (tuple(row[k]) for k in ("persons", "samples", "markers"))
            found.append(Finding(row["code"], row["severity"], persons, samples, markers, evidence))
    return tuple(found)


def _warnings(rows: Sequence[Mapping[str, Any]]) -> tuple[Any, Any, tuple[PedigreeVariant, ...]]:
    """Warnings of the calculation, findings of the data, and the pedigrees a family may have."""
    from homeward.identify import PedigreeVariant, Warning

    plain, variants = [], []
    for row in rows:
        if "severity" in row:
            continue
        if "changed" in row:
            changed = tuple((c["person"], c["father"] or "", c["mother"] or "") for c in row["changed"])
            families = tuple(row["family"].split(", "))
            variants.append(PedigreeVariant(families, changed, row["prior"], row["posterior"]))
        else:
            plain.append(Warning(row["code"], {k: v for k, v in row.items() if k != "code"}))
    return tuple(plain), read_findings(rows), tuple(variants)


def _lineage(row: Mapping[str, Any]) -> LineageComparison:
    from homeward.identify import Difference, LineageComparison

    chance = _lr(row["log10_chance"], True)
    differences = tuple(Difference(d["site"], d["sample"], "", d["mutations"]) for d in row["differences"])
    where = (row["kind"], row["sample"], row["missing"], row["reference"], row["meioses"], ("",) * row["sites"])
    return LineageComparison(*where, differences, -math.inf if chance is None else chance, row["frequency"])


def _haplotype(row: Mapping[str, Any]) -> HaplotypeRow:
    from homeward.genetics.haplotypes.estimators import Estimate
    from homeward.identify import HaplotypeRow

    keys = ("method", "frequency", "low", "high", "matches", "size", "theta")
    estimates = tuple(Estimate(*(e[k] for k in keys)) for e in row["estimates"])
    return HaplotypeRow(row["sample"], row["kind"], row["database"], row["estimator"], estimates)
