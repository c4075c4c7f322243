"""What all loci share and nobody knows (the population, a sample's drop-out, a family's true pedigree) summed outside
the product over loci.

LR = Σ_z w_z Π_l P(E_l, s_l | H1, z) / Σ_z w_z Π_l P(E_l, s_l | H2, z): never locus by locus, never an average of LRs.
The terms listed are what each locus adds to what the loci before it said, so they sum to the total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf, log
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Model
from homeward.genetics.lineage import LineageKind
from homeward.identify.lineage import LineageBlock, lineage_terms
from homeward.identify.linked import LinkedBlock, linked_terms
from homeward.identify.screen import Block, Column, FamilyTables, Typed, family_tables, look_up, refuse_impossible
from homeward.identify.unrelated import ln_families, ln_families_at, ln_unrelated

__all__ = ["LINEAGES", "Found", "Piece", "View", "compare_all"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int16]
_T = TypeVar("_T")

LINEAGES: Mapping[LineageKind, str] = {"Y": "Y", "mt": "mtDNA"}
"""What the term of each line of descent is called among markers."""
_HELD = 3e7
"""Numbers held at once while samples are looked up: a quarter of a gigabyte."""


@dataclass(frozen=True, eq=False)
class View:
    """One population's look at the case, with its prior weight.

    ``samples``: each sample under every drop-out it may have; ``columns``: each missing person in every pedigree his
    family may have; both with weights that sum to one.
    """

    label: str
    weight: float
    model: Model
    samples: Sequence[Sequence[tuple[float, Typed]]]
    columns: Sequence[Sequence[tuple[float, Column]]]

    @property
    def plain(self) -> bool:
        """Whether every sample has one reading and every missing person one pedigree."""
        return all(len(readings) == 1 for readings in (*self.samples, *self.columns))


@dataclass(frozen=True, eq=False)
class Piece:
    """What one block of markers adds: ``ln_lr`` (samples, missing), NaN where one of the two is not typed there."""

    markers: tuple[str, ...]
    ln_lr: Floats


@dataclass(frozen=True, eq=False)
class Found:
    """Totals, shape (samples, missing): natural log LR, loci compared, loci impossible whatever is unknown.

    ``by_population``: the same LR under each population alone, empty unless there are several. ``ln_variants``: for
    each missing person, natural log of prior × P(references) of every pedigree his family may have. ``errors``: marker
    → relative standard error of its tables, where θ was integrated by sampling.
    """

    ln_lr: Floats
    compared: Counts
    impossible: Counts
    by_population: tuple[tuple[str, Floats], ...]
    ln_variants: tuple[Floats, ...]
    errors: Mapping[str, float]


def compare_all(
    views: Sequence[View],
    *,
    pieces: list[Piece] | None = None,
    refuse: bool = True,
    progress: Progress = silent,
) -> Found:
    """LR of every sample against every missing person, over everything that is unknown; H1 and H2 as in `screen`.

    ``pieces``, where given, takes up what each block adds. Raises `Refusal` as `screen` does; a family is
    impossible only if it is so in every pedigree and population.
    """
    if len(views) == 1 and views[0].plain:
        return _one_world(views[0], pieces, refuse, progress)
    worlds = [_World(view, progress) for view in views]
    if refuse:
        _refuse_families(worlds)
    n = len(views[0].samples)
    cells = sum(sum(map(len, view.columns)) * max(map(len, view.samples), default=1) for view in views)
    step = max(1, int(_HELD // max(1, 2 * cells * len(views[0].model.loci))))
    found = []
    for start in range(0, n, step):
        progress("screen", start, n)
        found.append(_mixed(worlds, slice(start, start + step)))
    progress("screen", n, n)
    if pieces is not None:
        for parts in zip(*(part.pieces for part in found), strict=True):
            pieces.append(Piece(parts[0].markers, np.concatenate([p.ln_lr for p in parts])))
    return _joined(worlds, found)


def _one_world(view: View, pieces: list[Piece] | None, refuse: bool, progress: Progress) -> Found:
    samples = [readings[0][1] for readings in view.samples]
    columns = [readings[0][1] for readings in view.columns]
    prepared = family_tables(columns, view.model, samples=samples, progress=progress)
    if refuse:
        refuse_impossible(prepared)

    each: list[Block] = []
    linked = linked_terms(samples, columns, view.model, progress=progress) if view.model.linkage == "pairs" else []
    wanted = pieces is not None or bool(linked)
    found = look_up(samples, prepared, each=each.append if wanted else None, progress=progress)
    lines = [Piece((block.locus.name,), block.ln_lr) for block in each]
    ln_lr, impossible, compared = found.ln_lr, found.impossible, found.compared
    if linked:
        lines = _with_pairs(lines, linked)
        ln_lr = np.sum([np.nan_to_num(line.ln_lr, nan=0.0, neginf=-inf) for line in lines], axis=0)
        impossible = np.sum([np.isneginf(line.ln_lr) for line in lines], axis=0).astype(np.int16)
    inherited = lineage_terms(samples, columns, view.model)
    if refuse:
        _refuse_lines(columns, inherited)
    for line in map(_piece, inherited):
        lines.append(line)
        typed = ~np.isnan(line.ln_lr)
        ln_lr = ln_lr + np.where(typed, line.ln_lr, 0.0)
        compared = compared + typed
        impossible = impossible + np.isneginf(line.ln_lr)
    if pieces is not None:
        pieces.extend(lines)
    ln_variants = tuple(np.array([ln]) for ln in _ln_families(prepared, linked, inherited))
    return Found(ln_lr, compared.astype(np.int16), impossible.astype(np.int16), (), ln_variants, prepared.errors)


def _refuse_lines(columns: Sequence[Column], inherited: Sequence[LineageBlock]) -> None:
    """Refuse the families whose own haplotypes are impossible in their pedigree."""
    lost = [
        (columns[k].id, block.kind)
        for block in inherited
        for k in np.flatnonzero(np.isneginf(block.ln_family)).tolist()
    ]
    if lost:
        raise Refusal(
            Fault(
                "impossible-family",
                f"the references of {missing}'s family cannot all be right in their {LINEAGES[line]}: their likelihood"
                " is zero under the declared pedigree without mutation",
                f'correct the pedigree or the typing, or allow mutation ([{line.lower()}] mutation = "default")',
                marker=LINEAGES[line],
                value=missing,
            )
            for missing, line in lost
        )


def _piece(block: LineageBlock) -> Piece:
    return Piece((LINEAGES[block.kind],), block.ln_lr)


def _ln_families(prepared: FamilyTables, linked: Sequence[LinkedBlock], inherited: Sequence[LineageBlock]) -> Floats:
    """Natural log of P(references), linked pairs taken together: shape (missing,)."""
    found = ln_families(prepared)
    for line in inherited:
        found += line.ln_family
    for block in linked:
        apart = sum(ln_families_at(prepared, marker) for marker in block.pair.markers)
        with np.errstate(invalid="ignore"):
            found += np.nan_to_num(block.ln_family - apart, nan=0.0)
    return found


def _with_pairs(lines: Sequence[Piece], linked: Sequence[LinkedBlock]) -> list[Piece]:
    """One line for both markers of a pair where linkage counts, each marker's own where it does not."""
    found = {line.markers: line.ln_lr for line in lines}
    for block in linked:
        counts = ~np.isnan(block.ln_lr)
        for marker in block.pair.markers:
            found[marker,] = np.where(counts, np.nan, found[marker,])
        found[block.pair.markers] = block.ln_lr
    return [Piece(markers, ln_lr) for markers, ln_lr in found.items()]


class _World:
    """One view with its tables made: every pedigree of every missing person."""

    def __init__(self, view: View, progress: Progress) -> None:
        self.view = view
        self.at, self.columns = _flat(view.columns)
        samples = [typed for readings in view.samples for _, typed in readings]
        self.prepared = family_tables(self.columns, view.model, samples=samples, progress=progress)
        counts = view.model.linkage == "pairs"
        linked = linked_terms([], self.columns, view.model, progress=progress) if counts else []
        inherited = lineage_terms([], self.columns, view.model)
        self.ln_families = _ln_families(self.prepared, linked, inherited)


class _Rows:
    """Some samples of one world looked up, every reading against every pedigree, locus by locus.

    ``lines``: one piece a locus and one a linked pair, NaN where one side is not typed; ``below``: natural log of P
    under H2 for each.
    """

    def __init__(self, world: _World, which: slice) -> None:
        self.world = world
        self.at, samples = _flat(world.view.samples[which])
        blocks: list[Block] = []
        look_up(samples, world.prepared, each=blocks.append)
        below: dict[tuple[str, ...], Floats] = {
            (x.name,): ln_unrelated(samples, world.prepared, x) for x in world.view.model.loci
        }
        self.lines = [Piece((block.locus.name,), block.ln_lr) for block in blocks]
        if world.view.model.linkage == "pairs":
            linked = linked_terms(samples, world.columns, world.view.model)
            self.lines = _with_pairs(self.lines, linked)
            for block in linked:
                self._below_pair(below, block)
        for inherited in lineage_terms(samples, world.columns, world.view.model):
            line = _piece(inherited)
            self.lines.append(line)
            # but for its drop-out, what the sample shows of somebody unrelated is the same in every setting
            below[line.markers] = inherited.ln_readings[:, None] + inherited.ln_family
        self.below = [below[line.markers] for line in self.lines]

    def _below_pair(self, below: dict[tuple[str, ...], Floats], block: LinkedBlock) -> None:
        """Where linkage counts, both markers' sums stand with the pair; the family's own likelihood is linked too."""
        counts = ~np.isnan(block.ln_lr)
        total = np.zeros(counts.shape)
        apart = np.zeros(len(block.ln_family))
        for marker in block.pair.markers:
            total += np.where(counts, below[marker,], 0.0)
            below[marker,] = np.where(counts, 0.0, below[marker,])
            apart += ln_families_at(self.world.prepared, marker)
        with np.errstate(invalid="ignore"):
            below[block.pair.markers] = total + np.nan_to_num(block.ln_family - apart, nan=0.0)


def _flat(groups: Sequence[Sequence[tuple[float, _T]]]) -> tuple[list[list[tuple[float, int]]], list[_T]]:
    """Everything in one list, and for each group its weights and places in it."""
    places: list[list[tuple[float, int]]] = []
    everything: list[_T] = []
    for group in groups:
        places.append([(weight, len(everything) + k) for k, (weight, _) in enumerate(group)])
        everything.extend(item for _, item in group)
    return places, everything


def _refuse_families(worlds: Sequence[_World]) -> None:
    """Refuse the families that are impossible whatever is unknown; markers named as in the registered pedigree."""
    first = worlds[0]
    lost = [
        first.columns[variants[0][1]]
        for j, variants in enumerate(first.at)
        if all(np.isneginf(w.ln_families[k]) for w in worlds for _, k in w.at[j])
    ]
    if lost:
        refuse_impossible(family_tables(lost, first.view.model))
        _refuse_lines(lost, lineage_terms([], lost, first.view.model))


@dataclass(frozen=True, eq=False)
class _Part:
    """`Found` of some samples, and their pieces."""

    ln_lr: Floats
    compared: Counts
    impossible: Counts
    by_population: tuple[Floats, ...]
    pieces: list[Piece]


def _joined(worlds: Sequence[_World], parts: Sequence[_Part]) -> Found:
    shape = (0, len(worlds[0].at))
    empty = _Part(np.zeros(shape), np.zeros(shape, np.int16), np.zeros(shape, np.int16), (), [])
    several = len(worlds) > 1
    return Found(
        np.concatenate([p.ln_lr for p in parts or [empty]]),
        np.concatenate([p.compared for p in parts or [empty]]),
        np.concatenate([p.impossible for p in parts or [empty]]),
        tuple(
            (w.view.label, np.concatenate([p.by_population[k] for p in parts]))
            for k, w in enumerate(worlds)
            if several and parts
        ),
        _ln_variants(worlds),
        {m: max(w.prepared.errors.get(m, 0.0) for w in worlds) for w in worlds for m in w.prepared.errors},
    )


def _mixed(worlds: Sequence[_World], which: slice) -> _Part:
    rows = [_Rows(world, which) for world in worlds]
    settings = _settings(rows)
    ln_prior = np.stack([s.ln_prior for s in settings])
    below, above = ln_prior.copy(), ln_prior.copy()
    compared = np.zeros(ln_prior.shape[1:], dtype=np.int16)
    impossible = np.zeros(ln_prior.shape[1:], dtype=np.int16)
    lines = rows[0].lines
    for place in range(len(lines)):
        # what only one of the two shows weighs what is unknown, and tells nothing between H1 and H2
        ln_lr, unrelated = _at_locus(rows, settings, place)
        once = np.where(np.isnan(ln_lr), unrelated, 0.0)
        below += once
        above += once
    dead = _dead(rows, settings, below)
    before = np.zeros(compared.shape)
    pieces = []
    for place, line in enumerate(lines):
        ln_lr, unrelated = _at_locus(rows, settings, place)
        both = ~np.isnan(ln_lr)
        typed = both.any(axis=0)
        now = np.where(both, unrelated, 0.0)
        below += now
        above += np.where(both, now + ln_lr, 0.0)
        compared += typed
        impossible += typed & (np.isneginf(ln_lr) | ~both | dead).all(axis=0)
        total = _log_ratio(above, below)
        lost = np.isneginf(before)
        added = total - np.where(lost, 0.0, before)
        if lost.any():
            # once all is impossible, what is left to tell of a block is what it says by itself
            alone = _log_ratio(ln_prior + np.where(both, now + ln_lr, 0.0), ln_prior + now)
            added = np.where(lost, alone, added)
        pieces.append(Piece(line.markers, np.where(typed, added, np.nan)))
        before = total
    return _Part(
        _log_ratio(above, below),
        compared,
        impossible,
        _by_population(len(worlds), settings, above, below) if len(worlds) > 1 else (),
        pieces,
    )


def _dead(rows: Sequence[_Rows], settings: Sequence[_Setting], once: Floats) -> NDArray[np.bool_]:
    """Settings that are impossible under H2 already, unless all are: (settings, samples, missing)."""
    ln = once + sum(
        np.where(np.isnan(ln_lr), 0.0, unrelated)
        for ln_lr, unrelated in (_at_locus(rows, settings, place) for place in range(len(rows[0].lines)))
    )
    dead = np.isneginf(ln)
    return np.asarray(dead & ~dead.all(axis=0))


@dataclass(frozen=True, eq=False)
class _Setting:
    """One choice of everything unknown: which world, the rows and columns it takes, its ln prior (samples, missing)."""

    world: int
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    ln_prior: Floats


def _settings(rows: Sequence[_Rows]) -> list[_Setting]:
    """Every choice that some pair has; where a sample or family has fewer readings the prior is zero."""
    found = []
    for k, part in enumerate(rows):
        view = part.world.view
        readings = range(max((len(r) for r in part.at), default=1))
        pedigrees = range(max((len(c) for c in part.world.at), default=1))
        for a, v in product(readings, pedigrees):
            at, of_row = _choice(part.at, a)
            columns, of_column = _choice(part.world.at, v)
            weight = log(view.weight) if view.weight > 0 else -inf
            found.append(_Setting(k, at, columns, weight + of_row[:, None] + of_column[None, :]))
    return found


def _choice(places: Sequence[Sequence[tuple[float, int]]], k: int) -> tuple[NDArray[np.intp], Floats]:
    at = np.array([group[min(k, len(group) - 1)][1] for group in places], dtype=np.intp)
    with np.errstate(divide="ignore"):
        ln = np.log(np.array([group[k][0] if k < len(group) else 0.0 for group in places]))
    return at, ln


def _at_locus(rows: Sequence[_Rows], settings: Sequence[_Setting], place: int) -> tuple[Floats, Floats]:
    """ln LR, and ln P under H2, of every setting at one locus: shape (settings, samples, missing)."""
    ln_lr = np.stack([rows[s.world].lines[place].ln_lr[np.ix_(s.rows, s.columns)] for s in settings])
    below = np.stack([rows[s.world].below[place][np.ix_(s.rows, s.columns)] for s in settings])
    return ln_lr, below


def _log_sum(ln: Floats) -> Floats:
    top = ln.max(axis=0)
    top = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(ln - top).sum(axis=0)) + top)


def _log_ratio(above: Floats, below: Floats) -> Floats:
    """ln of the ratio of the sums, -inf where the numerator is zero (and where both are)."""
    up, down = _log_sum(above), _log_sum(below)
    return np.asarray(np.where(np.isneginf(up), -inf, up - np.where(np.isneginf(down), 0.0, down)))


def _by_population(worlds: int, settings: Sequence[_Setting], above: Floats, below: Floats) -> tuple[Floats, ...]:
    mine = [[z for z, s in enumerate(settings) if s.world == k] for k in range(worlds)]
    return tuple(_log_ratio(above[z], below[z]) for z in mine)


def _ln_variants(worlds: Sequence[_World]) -> tuple[Floats, ...]:
    found = []
    for j in range(len(worlds[0].at)):
        with np.errstate(divide="ignore"):
            each = np.array(
                [
                    [np.log(world.view.weight) + np.log(weight) + world.ln_families[k] for weight, k in world.at[j]]
                    for world in worlds
                ]
            )
        found.append(_log_sum(each))
    return tuple(found)
