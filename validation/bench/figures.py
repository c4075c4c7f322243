"""The pieces of work that are measured: likelihoods, hypotheses and screens, from files or made up by a seed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from homeward.genetics import Locus, Model
from homeward.identify import Column, Screen, Typed, family_tables, look_up, screen
from homeward.likelihood import ln_likelihood
from homeward.observe import called
from homeward.pedigree import Member, Pedigree, Sex
from validation.bench.measure import Work
from validation.corpus import Genotypes, genotypes, linked_pair, loci, pedigree, read_json
from validation.incident import Incident

__all__ = ["FIGURES", "NotClaimed", "work_of_file"]

INPUTS = Path(__file__).parents[2] / "bench" / "inputs"
CHECKED_PAIRS = 200


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
    return _screen(
        incident.samples,
        incident.columns,
        incident.model,
        pm=incident.pm,
        am=incident.am,
        show=lambda found: {
            "pairwise_log10_lr": [
                [_log10(x) if may else None for x, may in zip(row, mays, strict=True)]
                for row, mays in zip(found.ln_lr.tolist(), allowed, strict=True)
            ]
        },
    )


def _screen(
    samples: Sequence[Typed],
    columns: Sequence[Column],
    model: Model,
    *,
    pm: Genotypes,
    am: Genotypes,
    show: Callable[[Screen], Any] = lambda found: None,
    tables_ready: bool = False,
) -> Work:
    """All samples against all missing persons; ``tables_ready``: the look-ups alone, what new samples cost."""
    prepared = family_tables(columns, model, samples=samples) if tables_ready else None
    return Work(
        run=lambda: screen(samples, columns, model) if prepared is None else look_up(samples, prepared),
        size={"remains": len(samples), "missing": len(columns), "markers": len(model.loci)},
        units=len(samples) * len(columns),
        show=show,
        check=partial(_recomputed, samples=samples, columns=columns, model=model, pm=pm, am=am),
    )


def _recomputed(
    found: Screen,
    *,
    samples: Sequence[Typed],
    columns: Sequence[Column],
    model: Model,
    pm: Genotypes,
    am: Genotypes,
) -> dict[str, Any]:
    """Random pairs by the single-pair engine: P(family, sample is the missing person) over P(family)·P(sample)."""
    chance = random.Random(1)
    differences = []
    for _ in range(min(CHECKED_PAIRS, found.ln_lr.size)):
        i, j = chance.randrange(len(samples)), chance.randrange(len(columns))
        sample, column = samples[i], columns[j]
        stranger = Pedigree([Member(sample.id)])
        typed = {name: {p: a for p, a in seen.items() if p in column.pedigree} for name, seen in am.items()}
        used = [x for x in model.loci if typed.get(x.name) and sample.id in pm.get(x.name, {})]
        related = {x.name: typed[x.name] | {column.person: pm[x.name][sample.id]} for x in used}
        h1 = ln_likelihood(column.pedigree, used, related).sum()
        h2 = ln_likelihood(column.pedigree, used, typed).sum() + ln_likelihood(stranger, used, pm).sum()
        ours, again = float(found.ln_lr[i, j]), float(h1 - h2)
        differences.append(0.0 if ours == again else abs(ours - again))
    return {"checked": len(differences), "worst_difference": max(differences, default=0.0)}


def _made_up(families: int, markers_of: str, tables_ready: bool = False) -> Work:
    """As many families with one missing person, as many remains: half of them the missing, half strangers."""
    chance = random.Random(2)
    markers = loci(read_json(INPUTS / markers_of)["markers"])
    pm: Genotypes = {x.name: {} for x in markers}
    am: Genotypes = {x.name: {} for x in markers}
    columns = []
    for k in range(families):
        family, references = _family(k)
        born = {x.name: _gene_drop(family, x, chance) for x in markers}
        for name, everybody in born.items():
            am[name] |= {p: everybody[p] for p in references}
            if k % 2:
                pm[name][f"V{k}"] = everybody[f"M{k}"]
        evidence = {x.name: {p: e for p in references if (e := called(am[x.name][p], x, "unknown"))} for x in markers}
        columns.append(Column(f"M{k}", f"M{k}", family, evidence))
    for k in range(0, families, 2):
        stranger = Pedigree([Member(f"V{k}")])
        for x in markers:
            pm[x.name] |= _gene_drop(stranger, x, chance)
    samples = [
        Typed(v, {x.name: {2: e} for x in markers if (e := called(pm[x.name][v], x, "unknown"))})
        for v in sorted(pm[markers[0].name])
    ]
    return _screen(samples, columns, Model("bench", tuple(markers)), pm=pm, am=am, tables_ready=tables_ready)


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
    "screen_2000x2000_look_ups": partial(_made_up, 2000, "dvi50_stepwise.json", True),
    **{path.stem: partial(work_of_file, path) for path in sorted(INPUTS.glob("lik23_*.json"))},
    **{path.stem: partial(work_of_file, path) for path in sorted(INPUTS.glob("likelihood2_*.json"))},
}
