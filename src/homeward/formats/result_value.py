"""A result file and its case as a `Result` again, for faces that show what was computed long ago."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from homeward.faults import Fault, Refusal
from homeward.formats.overrides import overridden

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from homeward.case import Case
    from homeward.identify import HaplotypeRow, LineageComparison, Pair, PedigreeVariant, Result, SampleRow
    from homeward.identify.joint.answer import Conclusion, Joint
    from homeward.identify.joint.posterior import JointMethod, JointPosterior

__all__ = ["case_as_computed", "other_settings", "result_of"]

_LN10 = math.log(10.0)
_OUTSIDE = ("unreferenced", "stranger")


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
        joint=None if joint is None else _joint(joint),
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


def _warnings(rows: Sequence[Mapping[str, Any]]) -> tuple[Any, Any, tuple[PedigreeVariant, ...]]:
    """Warnings of the calculation, findings of the data, and the pedigrees a family may have."""
    from homeward.check import Finding
    from homeward.identify import PedigreeVariant, Warning

    plain, findings, variants = [], [], []
    for row in rows:
        if "action" in row:
            evidence = {k: tuple(v) if isinstance(v, list) else v for k, v in row["evidence"].items()}
            persons, samples, markers = (tuple(row[k]) for k in ("persons", "samples", "markers"))
            findings.append(Finding(row["code"], row["severity"], persons, samples, markers, evidence))
        elif "changed" in row:
            changed = tuple((c["person"], c["father"] or "", c["mother"] or "") for c in row["changed"])
            families = tuple(row["family"].split(", "))
            variants.append(PedigreeVariant(families, changed, row["prior"], row["posterior"]))
        else:
            plain.append(Warning(row["code"], {k: v for k, v in row.items() if k != "code"}))
    return tuple(plain), tuple(findings), tuple(variants)


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


def _joint(value: Mapping[str, Any]) -> Joint:
    from homeward.identify.joint.answer import BodyProfile, Fragment, Joint

    posterior = _posterior(value, value["marginals"])
    before = value.get("unconditioned")
    bodies = tuple(
        BodyProfile(
            tuple(b["samples"]),
            b["posterior"],
            b["missing"],
            tuple(Fragment(f["sample"], f["markers"], f["new"], f["log10_lr"]) for f in b["fragments"]),
            (),
        )
        for b in value.get("bodies", ())
    )
    return Joint(
        posterior,
        tuple(map(_conclusion, value["conclusions"])),
        value["all_right"],
        None if before is None else _posterior(value, before),
        tuple((c["probability"], c["names"], c["all_right"]) for c in value["complete"]),
        bodies,
        value.get("all_right_mc_error", 0.0),
    )


def _conclusion(row: Mapping[str, Any]) -> Conclusion:
    from homeward.identify.joint.answer import Conclusion, Reason, Stress, Untested

    def lr(of: Mapping[str, Any], key: str) -> float | None:
        return _lr(of[key], True) if key in of else None

    return Conclusion(
        tuple(row["samples"]),
        tuple(row["missing"]),
        row["conclusion"],
        row.get("posterior"),
        lr(row, "log10_lr"),
        lr(row, "log10_glr"),
        row.get("mc_error", 0.0),
        tuple(Reason(r["code"], {k: v for k, v in r.items() if k != "code"}) for r in row["reasons"]),
        tuple(Stress(s["change"], s["posterior"], lr(s, "log10_lr")) for s in row.get("stress", ())),
        tuple(Untested(u["change"], u["why"]) for u in row.get("untested", ())),
        tuple((r["relative"], -math.inf if r["log10_lr"] is None else r["log10_lr"]) for r in row.get("relatives", ())),
    )


def _posterior(value: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> JointPosterior:
    """Those listed without references are one column, as the file tells them."""
    import numpy as np

    from homeward.identify.joint.posterior import JointAssignment, JointPosterior

    samples = tuple(dict.fromkeys(r["sample"] for r in rows))
    who = tuple(dict.fromkeys(r["who"] for r in rows))
    names = tuple(w for w in who if w not in _OUTSIDE)
    told = {(r["sample"], r["who"]): r for r in rows}
    columns = (*names, *_OUTSIDE)

    def array(key: str) -> NDArray[np.float64]:
        return np.array([[told[s, w].get(key, 0.0) for w in columns] for s in samples], dtype=float)

    at = {s: i for i, s in enumerate(samples)}
    same = np.eye(len(samples))
    for row in value["same_individual"]:
        if row["a"] in at and row["b"] in at:
            same[at[row["a"]], at[row["b"]]] = same[at[row["b"]], at[row["a"]]] = row["posterior"]
    bodies = np.zeros(len(samples) + 1)
    for row in value["individuals"]:
        bodies[row["count"]] = row["posterior"]
    nobody = {r["missing"]: r["posterior"] for r in value["nobody_found"]}
    return JointPosterior(
        samples,
        names,
        ("unreferenced",),
        array("posterior"),
        array("mc_error"),
        same,
        bodies,
        tuple(
            JointAssignment(
                tuple(a["who"].items()), a["posterior"], -math.inf if a["log10_lr"] is None else a["log10_lr"] * _LN10
            )
            for a in value["assignments"]
        ),
        _method(value["method"]),
        np.array([nobody.get(m, 1.0) for m in names]),
    )


def _method(told: Mapping[str, Any]) -> JointMethod:
    from homeward.identify.joint.posterior import JointMethod

    evidence = told.get("log_evidence")
    return JointMethod(
        told["name"],
        told.get("states"),
        None if evidence is None else evidence * _LN10,
        told.get("chains", 0),
        told.get("max_rhat"),
        told.get("min_ess"),
        told.get("max_mc_error"),
        told["converged"],
        tuple(told.get("approximations", ())),
        told.get("theta_error"),
    )
