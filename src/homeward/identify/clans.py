"""Men of one clan seat or village may have one forefather whom no pedigree shows: what that makes of a haplotype.

A listed person of whose own line nobody was typed, but somebody of whose clan was, shows what that one shows with
θ_clan + (1 − θ_clan) f, not with θ + (1 − θ) f as anybody does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Merging
from homeward.genetics import Model
from homeward.genetics.dropout import sample_of
from homeward.identify.line_weights import LineageWeights, weights_of
from homeward.identify.screen import Column, Typed
from homeward.pedigree import Sex

__all__ = ["clan_terms"]

Floats = NDArray[np.float64]


def clan_terms(
    case: Case, merging: Merging, model: Model, samples: Sequence[Typed], columns: Sequence[Column]
) -> Mapping[str, Floats]:
    """Name on the list → natural log of how much likelier its clan makes each sample's haplotypes: (samples,).

    ``columns``: all missing persons of families. Only names of whose clan somebody was typed are in it, and none whose
    own line was: that speaks by itself.
    """
    clan = _clans(case, merging)
    found: dict[str, Floats] = {}
    for lineage in model.lineages if clan else ():
        if lineage.theta_clan <= 0:
            continue
        weights = weights_of(lineage)
        shown, silent = _lines(weights, columns, clan)
        persons: list[tuple[str, Sex]] = [(c.id, c.pedigree[c.person].sex) for c in columns if c.id in silent]
        persons += [(p.id, p.sex) for p in case.listed if p.clan]
        for id, sex in persons:
            known = shown.get(clan.get(id, ""), ())
            if known and not (lineage.kind == "Y" and sex == "female"):
                ln = np.array([_ln(weights, [*map(sample_of, s.haplotypes)], known) for s in samples])
                found[id] = found[id] + ln if id in found else ln
    return found


def _clans(case: Case, merging: Merging) -> dict[str, str]:
    """Person → clan, members of families by the id they go by."""
    found = {p.id: p.clan for p in case.listed if p.clan}
    for family in case.families:
        for person, record in family.records.items():
            if record.clan:
                full = family.full_id(person)
                found[merging.alias.get(full, full)] = record.clan
    return found


def _lines(
    weights: LineageWeights, columns: Sequence[Column], clan: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Clan → what was typed of its lines; and the missing persons of whose own line nothing was."""
    shown: dict[str, tuple[str, ...]] = {}
    silent: set[str] = set()
    for column in columns:
        for line in weights.lines(column.pedigree):
            samples = tuple(s for _, s in weights.in_line(line, column.haplotypes))
            for c in {clan[p] for p in line.place if p in clan}:
                shown[c] = tuple(dict.fromkeys((*shown.get(c, ()), *samples)))
            if column.person in line.place and not samples:
                silent.add(column.id)
    return shown, silent


def _ln(weights: LineageWeights, own: Sequence[str], known: Sequence[str]) -> float:
    """ln of how much likelier a clan makes it than anybody, by the sighting that agrees best; 0 if none shares one."""
    theta = weights.model.theta_clan
    best = 0.0
    for sample in (s for s in own if s in weights.mask):
        for reference in known:
            shared = weights.mask[sample] & weights.mask[reference]
            f = weights.frequency(sample, shared) if shared else 0.0
            if f > 0:
                match = weights.match(reference, sample, shared)
                anybody = weights.model.theta * match + (1.0 - weights.model.theta) * f
                ln = log((theta * match + (1.0 - theta) * f) / anybody)
                best = ln if best == 0.0 else max(best, ln)
    return best
