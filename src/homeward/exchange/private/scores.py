"""Integer score tables: what a class at a locus adds for a family, and from which sum on a pair is a hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.exchange.private.terms import PrivateLocus, PrivateTerms
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Locus, Model
from homeward.identify import Column, Typed, family_tables, look_up
from homeward.observe import Evidence, with_dropout

__all__ = ["Scores", "exact_log10_lr", "lineage_scores", "plain_hits", "score_tables", "whole_numbers"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_TRIED = np.geomspace(0.02, 1.0, 60)
"""Shares of the finest resolution that are tried: one has to fit, and a coarser one may round better."""
_FINEST = 1000.0
_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Scores:
    """The tables of the families' side; none of it ever leaves it.

    ``steps``: (families, classes of all loci in order); ``thresholds``: (families,) sum from which a pair is a hit, so
    that x = sum − threshold is from 0 to K − 1 for every hit there can be; ``resolution``: (families,) steps to one
    unit of log10 LR, NaN for lineages; ``lowest``: (families,) below this log10 LR no pair is a hit, infinite where
    none can be; ``error``: (families,) width, in log10 LR, of what one score may stand for.
    """

    ids: tuple[str, ...]
    steps: Integers
    thresholds: Integers
    resolution: Floats
    lowest: Floats
    error: Floats

    def log10_lr(self, family: int, score: int) -> tuple[float, float]:
        """The log10 LR that a hit's score stands for: from, to."""
        least = float(self.lowest[family] + score / self.resolution[family])
        return least, least + float(self.error[family])


def exact_log10_lr(
    terms: PrivateTerms, columns: Sequence[Column], model: Model, *, progress: Progress = silent
) -> Floats:
    """log10 LR of every class at every locus against every missing person, shape (columns, classes of all loci).

    Made by the same tables as `screen`: H1, of the missing person; H2, of somebody unrelated to the family. A class of
    an allele seen alone is the ratio of its two sums over genotypes; untyped, and a locus without typed relatives,
    is 0; -inf where it is impossible. Raises `Refusal` with ``private-panel`` where the model's loci are not those of
    the terms.
    """
    _refuse_other_panel(terms, model)
    prepared = family_tables(columns, model, progress=progress)
    found = np.zeros((len(columns), terms.starts[-1]))
    evidence = {x.name: _evidence(x, model.locus[x.name], terms) for x in terms.loci}
    samples = [
        Typed(str(k), {name: {2: rows[k]} for name, rows in evidence.items() if k < len(rows)})
        for k in range(max(len(rows) for rows in evidence.values()))
    ]
    ratios: dict[str, Floats] = {}
    look_up(samples, prepared, each=lambda block: ratios.update({block.locus.name: block.ln_lr}))
    for start, locus in zip(terms.starts, terms.loci, strict=False):
        rows = ratios[locus.name][: locus.untyped]
        found[:, start : start + locus.untyped] = np.where(np.isnan(rows), 0.0, rows).T / log(10.0)
    return found


def _evidence(locus: PrivateLocus, at: Locus, terms: PrivateTerms) -> list[Evidence]:
    """What each class but untyped says of the genotype."""
    position = [at.index[a] for a in locus.alleles]
    found = [Evidence(2, (tuple(sorted(position[a] for a in g)),), (1.0,)) for g in locus.genotypes]
    for d in terms.dropout:
        found += [with_dropout([a], at, "unknown", d, d * d) for a in locus.alleles]
    return found


def _refuse_other_panel(terms: PrivateTerms, model: Model) -> None:
    faults = []
    for locus in terms.loci:
        at = model.locus.get(locus.name)
        if at is None or at.kind != "autosomal" or set(at.alleles) - _silent(at) != set(locus.alleles):
            text = "the model's locus is not the agreed one: an autosomal locus with the agreed alleles"
            faults.append(Fault("private-panel", text, "use the panel of the agreement", marker=locus.name))
    if faults:
        raise Refusal(faults)


def _silent(locus: Locus) -> set[str]:
    return set() if locus.silent is None else {locus.alleles[locus.silent]}


def score_tables(
    terms: PrivateTerms, columns: Sequence[Column], model: Model, *, progress: Progress = silent
) -> Scores:
    """The integer tables of every missing person, each family with the resolution its largest LR allows.

    No pair whose exact LR reaches the threshold is ever missed; how far below it a pair may still be a hit is
    ``lowest``. Raises `Refusal`: ``private-margin`` for every family where that is further than the agreed margin, and
    the codes of `exact_log10_lr`.
    """
    exact = exact_log10_lr(terms, columns, model, progress=progress)
    return whole_numbers(terms, tuple(c.id for c in columns), exact)


def whole_numbers(terms: PrivateTerms, ids: tuple[str, ...], exact: Floats) -> Scores:
    """Integer tables of exact log10 LRs, shape (families, classes of all loci). Raises as `score_tables`."""
    rows = [_row(terms, row) for row in exact]
    found = Scores(
        ids,
        np.array([r[0] for r in rows], dtype=np.int64).reshape(len(rows), terms.starts[-1]),
        np.array([r[1] for r in rows], dtype=np.int64),
        *(np.array([r[k] for r in rows], dtype=np.float64) for k in (2, 3, 4)),
    )
    wide = np.flatnonzero(found.lowest < terms.threshold - terms.margin - _TINY)
    if wide.size:
        raise Refusal(
            Fault(
                "private-margin",
                f"whole numbers would let pairs of this family be hits from log10 LR {found.lowest[k]:.2f} on",
                "agree on more steps or a wider margin, or use the plain mode for this family",
                value=ids[k],
            )
            for k in wide
        )
    return found


def _row(terms: PrivateTerms, exact: Floats) -> tuple[Integers, int, float, float, float]:
    """One family: steps, threshold, resolution, lowest, error."""
    parts = [exact[a:b] for a, b in zip(terms.starts, terms.starts[1:], strict=False)]
    best = np.array([part.max() for part in parts])
    room = float(best.sum()) - terms.threshold
    if not room >= 0:
        return np.zeros(terms.starts[-1], dtype=np.int64), 1, np.nan, np.inf, 0.0
    # a class so low that all others at their best do not make up for it is never in a hit: it needs no precision
    parts = [np.where(part >= top - room - _TINY, part, -np.inf) for part, top in zip(parts, best, strict=True)]
    resolutions = min(_FINEST, (terms.steps - 1) / max(room, 1e-9)) * _TRIED
    offsets, errors = np.array([_rounding(part, resolutions) for part in parts]).transpose(1, 0, 2)
    for k in np.argsort(errors.sum(axis=0) / resolutions, kind="stable"):
        s, o, e = float(resolutions[k]), offsets[:, k], float(errors[:, k].sum()) + _TINY
        made = [np.floor(s * part - x + 1e-9) for part, x in zip(parts, o, strict=True)]
        threshold = int(np.ceil(s * terms.threshold - o.sum() - e - _TINY))
        most = [int(q.max()) for q in made]
        if sum(most) - threshold < terms.steps:
            rows = [np.maximum(q, top - terms.steps) for q, top in zip(made, most, strict=True)]
            lowest = (threshold + float(o.sum())) / s
            return np.concatenate(rows).astype(np.int64), threshold, s, lowest, e / s
    raise AssertionError("the coarsest resolution always fits")


def _rounding(values: Floats, resolutions: Floats) -> tuple[Floats, Floats]:
    """Where to begin whole numbers so that rounding down loses least, and the most it then loses: (resolutions,) each.

    The fractions of all values lie on a circle; whole numbers begin where its largest gap ends.
    """
    fractions = np.sort(np.mod(np.outer(resolutions, values[np.isfinite(values)]), 1.0), axis=1)
    gaps = fractions - np.roll(fractions, 1, axis=1)
    gaps[:, 0] += 1.0
    widest = gaps.argmax(axis=1)
    rows = np.arange(len(resolutions))
    return fractions[rows, widest], 1.0 - gaps[rows, widest]


def lineage_scores(terms: PrivateTerms, ids: Sequence[str], haplotypes: Sequence[Mapping[str, str]]) -> Scores:
    """The tables by which at most so many mismatches are a hit; ``haplotypes``: locus → allele of each family's line.

    A locus that either side has not typed is no mismatch. Raises `Refusal` with ``private-panel`` for an allele that
    the terms do not have.
    """
    assert terms.max_mismatches is not None
    steps = np.zeros((len(haplotypes), terms.starts[-1]), dtype=np.int64)
    faults = []
    for row, (id, haplotype) in enumerate(zip(ids, haplotypes, strict=True)):
        for start, locus in zip(terms.starts, terms.loci, strict=False):
            allele = haplotype.get(locus.name)
            if allele is None:
                continue
            if allele not in locus.index:
                text = "an allele of a family's line is not among those agreed"
                faults.append(
                    Fault("private-panel", text, "agree on it, or leave the locus out", marker=locus.name, value=id)
                )
                continue
            steps[row, start : start + locus.untyped] = -1
            steps[row, start + locus.index[allele]] = 0
    if faults:
        raise Refusal(faults)
    n = len(haplotypes)
    nothing = np.full(n, np.nan)
    return Scores(tuple(ids), steps, np.full(n, -terms.max_mismatches, dtype=np.int64), nothing, nothing, nothing)


def plain_hits(terms: PrivateTerms, profiles: Sequence[Sequence[int]], scores: Scores) -> dict[tuple[int, int], int]:
    """The same answers from the same whole numbers in clear: (remains, family) → score, of hits only."""
    at = np.array(profiles, dtype=np.int64).reshape(len(profiles), len(terms.loci)) + terms.starts[:-1]
    x = scores.steps[:, at].sum(axis=2) - scores.thresholds[:, None]
    return {(int(r), int(f)): int(x[f, r]) for f, r in np.argwhere((x >= 0) & (x < terms.steps))}
