"""The pieces of work that are measured: likelihoods, hypotheses and screens, from files or made up by a seed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from homeward.genetics import Locus, Model
from homeward.identify import Column, Screen, Typed, family_tables, look_up, screen
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.posterior import JointPosterior
from homeward.likelihood import Task, ln_likelihood, ln_likelihoods
from homeward.observe import called, with_dropout
from homeward.pedigree import Member, Pedigree, Sex
from validation.bench.joint import JOINT_FIGURES
from validation.bench.lines import LINEAGE_FIGURES
from validation.bench.measure import Work
from validation.bench.private import PRIVATE_FIGURES
from validation.corpus import Genotypes, genotypes, linked_pair, loci, pedigree, read_json
from validation.incident import Incident
from validation.joint import flat_problem

__all__ = ["FIGURES", "NotClaimed", "work_of_file"]

INPUTS = Path(__file__).parents[2] / "bench" / "inputs"
CHECKED_PAIRS = 200
MOST_JOINT = 16
"""Victims up to which a file is solved jointly."""
HETEROZYGOTE, HOMOZYGOTE = 0.3, 0.1
"""Drop-out of the remains in the screen of soft evidence."""
THETA = 0.02


class NotClaimed(Exception):
    """A file whose kind is not computed; the reason is its message."""


def work_of_file(path: Path) -> Work:
    """The work a file asks for, by its keys. Raises `NotClaimed`."""
    try:
        case = read_json(path)
    except (OSError, ValueError) as error:
        raise NotClaimed(f"not a readable JSON object ({type(error).__name__})") from error
    if "victims" in case:
        return _screen_of(case)
    if "rho" in case and len(case.get("markers", ())) == 2:
        return _linked_of(case)
    if "rho" in case or "position_cM" in case:
        raise NotClaimed("more than two linked markers are not computed in this version")
    if "hypotheses" in case:
        return _hypotheses_of(case)
    if "pedigree" in case:
        return _likelihood_of(case)
    raise NotClaimed("no kind of work is known by these keys")


def _likelihood_of(case: Mapping[str, Any]) -> Work:
    family, markers, seen = pedigree(case["pedigree"]), loci(case["markers"]), genotypes(case["markers"])
    theta = case.get("theta") or 0.0
    return Work(
        run=lambda: ln_likelihood(family, markers, seen, theta),
        size={"members": len(family), "markers": len(markers)},
        units=len(markers),
        show=lambda values: _finite(float(values.sum())),
        check=lambda values: _against(values, case.get("lnlik_per_marker")),
    )


def _linked_of(case: Mapping[str, Any]) -> Work:
    work = linked_pair(case)
    return Work(
        run=work,
        size={"members": len(case["pedigree"]), "markers": 2},
        units=1,
        show=_finite,
        check=lambda value: _against(np.array([value]), [case["lnlik"]]) if case.get("lnlik") is not None else {},
    )


def _against(values: Any, expected: Sequence[float] | None) -> dict[str, Any]:
    """How far from what another program gave, where the file says."""
    if expected is None:
        return {}
    return {"checked": len(expected), "worst_difference": float(np.abs(values - np.array(expected)).max())}


def _hypotheses_of(case: Mapping[str, Any]) -> Work:
    markers, seen = loci(case["markers"]), genotypes(case["markers"])
    families = {name: pedigree(members) for name, members in case["hypotheses"].items()}
    return Work(
        run=lambda: {name: float(ln_likelihood(p, markers, seen).sum()) for name, p in families.items()},
        size={"hypotheses": len(families), "markers": len(markers)},
        units=len(families) * len(markers),
        show=lambda found: {name: _finite(value) for name, value in found.items()},
    )


def _screen_of(case: Mapping[str, Any]) -> Work:
    incident = Incident(case)
    allowed = [[incident.compatible(v, m) for m in incident.missing] for v in incident.sexes]
    pairs = _screen(incident.samples, incident.columns, incident.model)

    def show(found: tuple[Screen, tuple[JointPosterior, Sequence[int]] | None]) -> dict[str, Any]:
        alone, together = found
        table = [
            [_log10(x) if may else None for x, may in zip(row, mays, strict=True)]
            for row, mays in zip(alone.ln_lr.tolist(), allowed, strict=True)
        ]
        return {"pairwise_log10_lr": table, **({} if together is None else {"joint": _shown(*together)})}

    # what is too large to be solved exactly is compared pair by pair only
    small = len(incident.samples) <= MOST_JOINT
    return replace(
        pairs,
        run=lambda: (pairs.run(), _jointly(case) if small else None),
        show=show,
        check=lambda found: pairs.check(found[0]),
    )


def _jointly(case: Mapping[str, Any]) -> tuple[JointPosterior, Sequence[int]]:
    """The joint posterior under the flat prior, and the missing persons' places in it in the order of the file."""
    problem, places = flat_problem(case)
    return solve_exactly(problem), [places[m] for m in case["missing"]]


def _shown(found: JointPosterior, columns: Sequence[int]) -> dict[str, Any]:
    """Posterior: victims × (missing persons, then nobody); rows: assignments that the sexes allow."""
    states, ln_evidence = found.method.states, found.method.ln_evidence
    assert states is not None and ln_evidence is not None  # solved exactly
    return {
        "n_rows": int(states),
        "logsumexp_loglik": ln_evidence + math.log(states),
        "posterior": np.column_stack([found.marginals[:, list(columns)], found.stranger]).tolist(),
    }


def _screen(
    samples: Sequence[Typed],
    columns: Sequence[Column],
    model: Model,
    *,
    show: Callable[[Screen], Any] = lambda found: None,
    tables_ready: bool = False,
    clean: Work | None = None,
) -> Work:
    """All samples against all missing persons; ``tables_ready``: the look-ups alone, what new samples cost."""
    prepared = family_tables(columns, model, samples=samples) if tables_ready else None
    return Work(
        run=lambda: screen(samples, columns, model) if prepared is None else look_up(samples, prepared),
        size={"remains": len(samples), "missing": len(columns), "markers": len(model.loci)},
        units=len(samples) * len(columns),
        show=show,
        check=partial(_recomputed, samples=samples, columns=columns, model=model),
        clean=clean,
    )


def _recomputed(found: Screen, *, samples: Sequence[Typed], columns: Sequence[Column], model: Model) -> dict[str, Any]:
    """Random pairs by the single-pair engine: P(family, sample is the missing person) over P(family, a stranger)."""
    chance = random.Random(1)
    pairs = [
        (chance.randrange(len(samples)), chance.randrange(len(columns)))
        for _ in range(min(CHECKED_PAIRS if not model.theta else CHECKED_PAIRS // 10, found.ln_lr.size))
    ]
    tasks, whose = [], []
    for k, (i, j) in enumerate(pairs):
        column = columns[j]
        stranger = replace(column.pedigree[column.person], id="stranger", father=None, mother=None, twin=None)
        beside = Pedigree([*column.pedigree, stranger])
        for locus in model.loci:
            seen = column.evidence.get(locus.name)
            e = samples[i].evidence.get(locus.name, {}).get(column.ploidy(locus) or 0)
            if seen and e is not None:
                own = e.times(seen[column.person]) if column.person in seen else e
                tasks.append(Task(column.pedigree, locus, {**seen, column.person: own}, theta=model.theta))
                tasks.append(Task(beside, locus, {**seen, "stranger": e}, theta=model.theta))
                whose.append(k)
    ln = ln_likelihoods(tasks).reshape(-1, 2)
    again = np.zeros(len(pairs))
    np.add.at(again, whose, ln[:, 0] - ln[:, 1])
    ours = np.array([found.ln_lr[pair] for pair in pairs])
    differences = [0.0 if a == b else abs(a - b) for a, b in zip(ours.tolist(), again.tolist(), strict=True)]
    return {"checked": len(differences), "worst_difference": max(differences, default=0.0)}


def _made_up(
    families: int, markers_of: str, tables_ready: bool = False, theta: float = 0.0, soft: bool = False
) -> Work:
    """As many families with one missing person, as many remains: half of them the missing, half strangers.

    With ``theta`` or ``soft`` the same is measured besides without structure and with all alleles seen.
    """
    chance = random.Random(2)
    markers = loci(read_json(INPUTS / markers_of)["markers"])
    pm: Genotypes = {x.name: {} for x in markers}
    columns = []
    for k in range(families):
        family, references = _family(k)
        born = {x.name: _gene_drop(family, x, chance) for x in markers}
        if k % 2:
            for name, everybody in born.items():
                pm[name][f"V{k}"] = everybody[f"M{k}"]
        evidence = {x.name: {p: called(born[x.name][p], x, "unknown") for p in references} for x in markers}
        known = {name: {p: e for p, e in seen.items() if e is not None} for name, seen in evidence.items()}
        columns.append(Column(f"M{k}", f"M{k}", family, known))
    for k in range(0, families, 2):
        stranger = Pedigree([Member(f"V{k}")])
        for x in markers:
            pm[x.name] |= _gene_drop(stranger, x, chance)
    samples = [
        Typed(v, {x.name: {2: e} for x in markers if (e := called(pm[x.name][v], x, "unknown"))})
        for v in sorted(pm[markers[0].name])
    ]
    model = Model("bench", tuple(markers))
    work = _screen(samples, columns, model, tables_ready=tables_ready)
    if not theta and not soft:
        return work
    seen = [_faded(sample, markers, chance) for sample in samples] if soft else samples
    return _screen(seen, columns, replace(model, theta=theta), clean=work)


def _faded(sample: Typed, markers: Sequence[Locus], chance: random.Random) -> Typed:
    """The sample as it is typed when alleles drop out."""
    evidence = {}
    for x in markers:
        a, b = sample.evidence[x.name][2].genotypes[0]
        lost = HOMOZYGOTE if a == b else HETEROZYGOTE
        alleles = [x.alleles[i] for i in dict.fromkeys((a, b)) if chance.random() >= lost]
        evidence[x.name] = {2: with_dropout(alleles, x, "unknown", HETEROZYGOTE, HOMOZYGOTE)}
    return Typed(sample.id, evidence)


def _family(k: int) -> tuple[Pedigree, tuple[str, ...]]:
    """A missing man and who of his is typed: a child and its mother, two grandchildren, a brother, a nephew."""

    def man(name: str, father: str | None = None, mother: str | None = None, sex: Sex = "male") -> Member:
        return Member(
            name + str(k), None if father is None else father + str(k), None if mother is None else mother + str(k), sex
        )

    def woman(name: str) -> Member:
        return man(name, sex="female")

    parents = [man("F"), woman("G"), man("M", "F", "G")]
    kin: list[tuple[list[Member], tuple[str, ...]]] = [
        ([man("M"), woman("W"), man("C", "M", "W")], ("C", "W")),
        ([man("M"), woman("W"), man("S", "M", "W"), woman("D"), man("C", "S", "D"), man("E", "S", "D")], ("C", "E")),
        ([*parents, man("B", "F", "G")], ("B",)),
        ([*parents, man("B", "F", "G"), woman("D"), man("N", "B", "D")], ("N",)),
    ]
    members, typed = kin[k % len(kin)]
    return Pedigree(members), tuple(name + str(k) for name in typed)


def _gene_drop(family: Pedigree, locus: Locus, chance: random.Random) -> dict[str, tuple[str | None, ...]]:
    """Genotypes of everybody at one autosomal locus, without mutation."""
    found: dict[str, tuple[str, str]] = {}
    for person in family.topological:
        m = family[person]
        if m.father is None or m.mother is None:
            one, two = chance.choices(locus.alleles, weights=locus.frequencies.tolist(), k=2)
        else:
            one, two = chance.choice(found[m.father]), chance.choice(found[m.mother])
        found[person] = (one, two)
    return dict(found.items())


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _log10(ln_lr: float) -> float | str | None:
    if math.isnan(ln_lr):
        return None
    return "-inf" if ln_lr == -math.inf else ln_lr / math.log(10)


FIGURES: dict[str, Callable[[], Work]] = {
    "screen_50x50": partial(work_of_file, INPUTS / "dvi50_none.json"),
    "screen_50x50_equal": partial(work_of_file, INPUTS / "dvi50_equal.json"),
    "screen_50x50_stepwise": partial(work_of_file, INPUTS / "dvi50_stepwise.json"),
    "screen_2000x2000": partial(_made_up, 2000, "dvi50_stepwise.json"),
    "screen_soft": partial(_made_up, 200, "dvi50_stepwise.json", soft=True),
    "screen_theta": partial(_made_up, 50, "dvi50_stepwise.json", theta=THETA),
    "screen_2000x2000_look_ups": partial(_made_up, 2000, "dvi50_stepwise.json", True),
    **{path.stem: partial(work_of_file, path) for path in sorted(INPUTS.glob("lik23_*.json"))},
    **{path.stem: partial(work_of_file, path) for path in sorted(INPUTS.glob("likelihood2_*.json"))},
    **JOINT_FIGURES,
    **LINEAGE_FIGURES,
    **PRIVATE_FIGURES,
}
