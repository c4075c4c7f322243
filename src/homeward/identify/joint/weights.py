"""From a case to a `Problem`: every weight is a look-up in a table of a family with evidence added.

ln_given(name, held) is the LR of every sample against the missing person once the samples held count as typings of
the persons who hold them: the chain rule, one table a step. A body of nobody's family is a family of one founder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Merging, Sample, apart, names_on_list
from homeward.genetics import Model
from homeward.genetics.dropout import sample_of
from homeward.identify.clans import clan_terms
from homeward.identify.joint.coupled import Coupled, can_couple
from homeward.identify.joint.merged import Merged, can_merge
from homeward.identify.joint.problem import Bodies, Family, Group, Held, Prior, Problem
from homeward.identify.joint.tabulated import Tabulated, can_tabulate
from homeward.identify.lineage import ln_readings
from homeward.identify.mixture import Found, View, compare_all
from homeward.identify.posterior import contradicts
from homeward.identify.screen import Column, Typed
from homeward.observe import Evidence, Profiles, averaged
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["joined_readings", "problem_of"]

Floats = NDArray[np.float64]
Readings = Sequence[tuple[float, Typed]]
Columns = Sequence[tuple[float, Column]]

_BODY = "body"
_MOST_READINGS = 169
"""Combinations of the samples' drop-outs that are summed for one body: two estimated samples."""
_ALL_AT_ONCE = 40
"""Samples up to which a step of the chain rule is made for every sample that may have been placed before."""


def problem_of(
    case: Case, view: View, profiles: Profiles, merging: Merging, units: Sequence[Sequence[Sample]]
) -> Problem:
    """The joint problem of a case as one population sees it.

    ``view``: its samples are the remains samples of the case, its columns all missing persons, those of a family
    together and in the order of ``merging``; ``units``: remains samples that are known to be of one body. Which units
    cannot be one body, what is not DNA, and what people have signed come from the case.
    """
    place = {readings[0][1].id: k for k, readings in enumerate(view.samples)}
    readings = [joined_readings([view.samples[place[s.id]] for s in unit]) for unit in units]
    sexes = [_sex([profiles.sex[s.id] for s in unit]) for unit in units]
    genetics = _Genetics(view.model, readings, sexes)
    families, names, alone, ln_references = _families(genetics, view.columns, merging)
    first = [pedigrees[0][1] for pedigrees in view.columns]
    clans = clan_terms(case, merging, view.model, [each[0][1] for each in readings], first)
    fits = _Fits(case, view.model, units, sexes, clans)
    groups = _groups(case, merging, alone, names, fits)
    incident = case.settings.incident
    kind = "flat-assignments" if incident.prior == "flat-assignments" else incident.samples_are
    return Problem(
        tuple(unit[0].id for unit in units),
        tuple(c.id for c in names),
        families,
        groups,
        Prior(kind, _list_size(case, merging), incident.strangers, incident.stranger_bodies),
        fits.of_names(names),
        fits.of("stranger", "unknown"),
        genetics.ln_body,
        apart(case, units),
        genetics.ln_alone + ln_references,
        genetics.bodies(len(names)),
    )


def joined_readings(samples: Sequence[Readings]) -> list[tuple[float, Typed]]:
    """The readings of samples of one body: every combination, or each sample's average where those are too many."""
    if len(samples) == 1:
        return list(samples[0])
    if np.prod([len(r) for r in samples]) > _MOST_READINGS:
        samples = [[(1.0, _average(readings))] for readings in samples]
    found = []
    for choice in product(*samples):
        weight = float(np.prod([w for w, _ in choice]))
        haplotypes = tuple(h for _, typed in choice for h in typed.haplotypes)
        found.append((weight, Typed(choice[0][1].id, _times([typed.evidence for _, typed in choice]), haplotypes)))
    return found


def _average(readings: Readings) -> Typed:
    weights = [w for w, _ in readings]
    first = readings[0][1]
    evidence: dict[str, dict[int, Evidence]] = {}
    for marker, read in first.evidence.items():
        for ploidy in read:
            e = averaged([typed.evidence[marker].get(ploidy) for _, typed in readings], weights)
            if e is not None:
                evidence.setdefault(marker, {})[ploidy] = e
    return Typed(first.id, evidence, tuple(dict.fromkeys(map(sample_of, first.haplotypes))))


def _times(each: Sequence[Mapping[str, Mapping[int, Evidence]]]) -> dict[str, dict[int, Evidence]]:
    found: dict[str, dict[int, Evidence]] = {}
    for evidence in each:
        for marker, read in evidence.items():
            known = found.setdefault(marker, {})
            for ploidy, e in read.items():
                known[ploidy] = known[ploidy].times(e) if ploidy in known else e
    return found


def _sex(sexes: Sequence[Sex]) -> Sex:
    known = {s for s in sexes if s != "unknown"}
    return known.pop() if len(known) == 1 else "unknown"


def _list_size(case: Case, merging: Merging) -> int:
    size = case.settings.incident.size
    return sum(len(f.missing) for f in merging.families) + len(case.listed) if size is None else size


class _Genetics:
    """The samples, read as the model reads them, and every table asked of them."""

    def __init__(self, model: Model, readings: Sequence[Readings], sexes: Sequence[Sex]) -> None:
        self.model = model
        self.readings = readings
        self.sexes = sexes
        self._bodies: dict[tuple[int, ...], Floats] = {}
        self.merged: Merged | None = None
        self.merged_at: dict[int, int] = {}
        """Names whose column among merged samples is known."""

    def merge(self, columns: Sequence[Columns], merging: Merging) -> dict[int, int]:
        """Prepare the look-up of merged samples: place of a name alone in its one pedigree → its column there."""
        if not can_merge(self.model, self.readings):
            return {}
        found: dict[int, int] = {}
        at = 0
        for family in merging.families:
            if len(family.missing) == 1 and len(columns[at]) == 1:
                found[at] = len(found)
            at += len(family.missing)
        samples = [readings[0][1] for readings in self.readings]
        self.merged = Merged(self.model, samples, [columns[k][0][1] for k in found])
        return found

    def bodies(self, names: int) -> Bodies | None:
        """`Problem.bodies`."""
        merged = self.merged
        if merged is None:
            return None
        places, columns = list(self.merged_at), list(self.merged_at.values())

        def ln_weights(bodies: Sequence[tuple[int, ...]]) -> Floats:
            found = np.full((len(bodies), names + 1), np.nan)
            ln = merged.ln_weights(bodies)
            found[:, places] = ln[:, columns]
            found[:, -1] = ln[:, -1]
            return found

        return Bodies(merged.may_be_one, ln_weights)

    def against(self, columns: Sequence[Columns], readings: Sequence[Readings] | None = None) -> Floats:
        """Natural log LR of every sample against each of these, shape (samples, columns)."""
        return self.compared(columns, readings).ln_lr

    def compared(self, columns: Sequence[Columns], readings: Sequence[Readings] | None = None) -> Found:
        """The same with all that `compare_all` finds."""
        samples = self.readings if readings is None else readings
        view = View(self.model.population, 1.0, self.model, samples, columns)
        return compare_all([view], refuse=False)

    def held(self, column: Columns, holders: Sequence[tuple[Column, tuple[int, ...]]]) -> Columns:
        """The column with what its family's persons hold among the evidence, for every reading of what is held."""
        units = [(person, i) for person, units in holders for i in units]
        choices = [self.readings[i] for _, i in units]
        if np.prod([len(c) for c in choices]) > _MOST_READINGS:
            choices = [[(1.0, _average(c))] for c in choices]
        found = []
        for weight, own in column:
            for choice in product(*choices):
                evidence = {marker: dict(seen) for marker, seen in own.evidence.items()}
                for (holder, _), (_, typed) in zip(units, choice, strict=True):
                    self._add(evidence, holder, typed)
                chance = weight * float(np.prod([w for w, _ in choice]))
                shown = (
                    (h.person, s) for (h, _), (_, typed) in zip(units, choice, strict=True) for s in typed.haplotypes
                )
                found.append((chance, replace(own, evidence=evidence, haplotypes=(*own.haplotypes, *shown))))
        return found

    def _add(self, evidence: dict[str, dict[str, Evidence]], holder: Column, typed: Typed) -> None:
        for locus in self.model.loci:
            ploidy = holder.ploidy(locus)
            e = typed.evidence.get(locus.name, {}).get(ploidy) if ploidy is not None else None
            if e is not None:
                seen = evidence.setdefault(locus.name, {})
                seen[holder.person] = e.times(seen[holder.person]) if holder.person in seen else e

    def ln_body(self, held: tuple[int, ...]) -> Floats:
        """`Problem.ln_body`; on the X only what is known to be of a man or of a woman is compared."""
        key = tuple(sorted(held))
        if self.merged is not None and key:
            return self.merged.ln_body(key)
        if key not in self._bodies:
            others = range(len(self.readings)) if len(self.readings) <= _ALL_AT_ONCE else key[-1:]
            asked = [(*key[:-1], i) for i in others if key and i not in key[:-1]] or [key]
            asked = [tuple(sorted(k)) for k in asked]
            columns = [self.held([(1.0, self._body(k))], [(self._body(k), k)]) for k in asked]
            ln = self.against(columns, self._outside)
            self._bodies.update({k: ln[:, c] for c, k in enumerate(asked)})
        return self._bodies[key]

    def _body(self, held: Sequence[int]) -> Column:
        sex = _sex([self.sexes[i] for i in held])
        return Column(_BODY, _BODY, Pedigree([Member(_BODY, sex=sex)]), {})

    @cached_property
    def _outside(self) -> Sequence[Readings]:
        x = {locus.name for locus in self.model.loci if locus.kind == "X"}
        return [
            readings
            if sex != "unknown"
            else [(w, replace(t, evidence={m: e for m, e in t.evidence.items() if m not in x})) for w, t in readings]
            for readings, sex in zip(self.readings, self.sexes, strict=True)
        ]

    @property
    def ln_alone(self) -> float:
        """Natural log of P(all samples), each of somebody unrelated."""
        total = 0.0
        for readings in self.readings:
            each = [(log(w) if w > 0 else -inf) + self._ln_typed(typed) for w, typed in readings]
            total += float(np.logaddexp.reduce(each))
        return total

    def _ln_typed(self, typed: Typed) -> float:
        total = 0.0
        for locus in self.model.loci:
            read = typed.evidence.get(locus.name)
            if read:
                chance = read[max(read)].chance(locus.frequencies, self.model.theta_at(locus))
                total += log(chance) if chance > 0 else -inf
        return total + float(ln_readings([typed], self.model)[0])


def _families(
    genetics: _Genetics, columns: Sequence[Columns], merging: Merging
) -> tuple[tuple[Family, ...], list[Column], list[Column], float]:
    """Families with their weights, all their names, the names that nothing ties to anybody typed or listed, and
    natural log of P(references) over all families."""
    found = genetics.compared(columns)
    singles, ln_references = found.ln_lr, 0.0
    merged_at = genetics.merge(columns, merging)
    families: list[Family] = []
    names: list[Column] = []
    alone: list[Column] = []
    at = 0
    for merged in merging.families:
        own = columns[at : at + len(merged.missing)]
        ln_single = singles[:, at : at + len(own)]
        if own:
            ln_references += float(np.logaddexp.reduce(found.ln_variants[at]))
        alike = merged_at.get(at)
        at += len(own)
        first = [pedigrees[0][1] for pedigrees in own]
        if len(own) == 1 and not first[0].speaks_at_all and not _stated(first[0], genetics.model):
            alone.append(first[0])
        elif own:
            places = tuple(range(len(names), len(names) + len(own)))
            names.extend(first)
            if alike is not None:
                genetics.merged_at[places[0]] = alike
            ways, coupled = None, None
            if len(own) > 1 and can_tabulate(genetics.model, genetics.readings, own):
                samples = [readings[0][1] for readings in genetics.readings]
                ways = Tabulated(genetics.model, samples, first, ln_single).ways
                if len(samples) > _ALL_AT_ONCE and can_couple(genetics.model, samples):
                    coupled = Coupled(genetics.model, samples, first)
            families.append(Family(places, _Chain(genetics, own, ln_single, alike, coupled).ln_given, ways))
    return tuple(families), names, alone, ln_references


def _stated(column: Column, model: Model) -> bool:
    return any(column.speaks(locus) for locus in model.loci)


class _Chain:
    """The weights of one family, found as they are asked for."""

    def __init__(
        self,
        genetics: _Genetics,
        columns: Sequence[Columns],
        ln_single: Floats,
        merged: int | None = None,
        coupled: Coupled | None = None,
    ) -> None:
        self.genetics = genetics
        self.columns = columns
        self.merged = merged
        self.coupled = coupled
        nobody = ((),) * len(columns)
        self._known: dict[tuple[int, Held], Floats] = {(k, nobody): ln_single[:, k] for k in range(len(columns))}

    def ln_given(self, at: int, held: Held) -> Floats:
        """`Family.ln_given`."""
        held = tuple(tuple(sorted(h)) for h in held)
        if self.merged is not None and self.genetics.merged is not None and held[0]:
            return self.genetics.merged.ln_given(self.merged, held[0])
        if (at, held) not in self._known and self.coupled is not None:
            found = self.coupled.ln_given(at, held)
            if found is not None:
                return found
        if (at, held) not in self._known:
            asked = self._alike(at, held)
            columns = [
                self.genetics.held(
                    self.columns[at], [(c[0][1], h) for c, h in zip(self.columns, one, strict=True) if h]
                )
                for one in asked
            ]
            ln = self.genetics.against(columns)
            self._known.update({(at, one): ln[:, k] for k, one in enumerate(asked)})
        return self._known[at, held]

    def _alike(self, at: int, held: Held) -> list[Held]:
        """What may be asked next: the same with any other sample in place of the last, if samples are few."""
        samples = len(self.genetics.readings)
        last = max(k for k, h in enumerate(held) if h)
        # a pair of names is asked for with every sample at the first: much cheaper together
        pair = at != last and sum(len(h) for h in held) == 1
        if samples > _ALL_AT_ONCE and not pair:
            return [held]
        others = {i for k, h in enumerate(held) for i in (h if k != last else h[:-1])}
        found = [held]
        for i in range(samples):
            body = tuple(sorted((*held[last][:-1], i)))
            if i not in others and body != held[last] and (at != last or self._has_room(body)):
                found.append(tuple(body if k == last else h for k, h in enumerate(held)))
        return found

    def _has_room(self, body: tuple[int, ...]) -> bool:
        """Whether any other sample can be of one body with these."""
        ln = self.genetics.ln_body(body)
        return any(ln[j] > -inf for j in range(len(ln)) if j not in body)


class _Fits:
    """What is known besides kinship: sex, clan, and likelihoods stated by name; and what people have signed."""

    def __init__(
        self,
        case: Case,
        model: Model,
        units: Sequence[Sequence[Sample]],
        sexes: Sequence[Sex],
        clans: Mapping[str, Floats],
    ) -> None:
        self.sexes = sexes
        self.clans = clans
        flat = case.settings.incident.prior == "flat-assignments"
        self.contradiction = -inf if flat or model.sex_error <= 0 else log(model.sex_error)
        unit_of = {s.id: k for k, unit in enumerate(units) for s in unit}
        self.stated: dict[tuple[int, str], float] = {}
        name = names_on_list(case)
        for row in case.non_dna:
            key = unit_of[row.sample], name.get(row.missing, row.missing)
            self.stated[key] = self.stated.get(key, 0.0) + log(row.likelihood)
        self.signed = {unit_of[row.sample]: name.get(row.missing, row.missing) for row in case.identifications}

    def of(self, id: str, sex: Sex) -> Floats:
        """ln likelihood of every unit if it is of this person, or of `stranger`: shape (units,)."""
        found = self.clans[id].copy() if id in self.clans else np.zeros(len(self.sexes))
        for k, own in enumerate(self.sexes):
            found[k] += self.contradiction if contradicts(own, sex) else 0.0
            found[k] += self.stated.get((k, id), 0.0)
            if self.signed.get(k, id) != id:
                found[k] = -inf
        return found

    def of_names(self, names: Sequence[Column]) -> Floats:
        found = [self.of(c.id, c.pedigree[c.person].sex) for c in names]
        return np.array(found).reshape(len(names), len(self.sexes)).T


def _groups(
    case: Case, merging: Merging, alone: Sequence[Column], names: Sequence[Column], fits: _Fits
) -> tuple[Group, ...]:
    """Listed persons without kin in the case, those together whom nothing tells apart."""
    persons = [(c.id, fits.of(c.id, c.pedigree[c.person].sex)) for c in alone]
    persons += [(p.id, fits.of(p.id, p.sex)) for p in case.listed]
    unnamed = fits.of("unreferenced", "unknown")
    together: dict[tuple[float, ...], list[str]] = {}
    for id, fit in persons:
        together.setdefault(tuple((fit + _of_all(fits, unnamed, id)).tolist()), []).append(id)
    sizes = {fit: len(ids) for fit, ids in together.items()}
    nameless = _list_size(case, merging) - len(names) - len(persons)
    if nameless > 0:
        key = tuple(unnamed.tolist())
        sizes[key] = sizes.get(key, 0) + nameless
        together.setdefault(key, [])
    return tuple(
        Group(ids[0] if len(ids) == 1 and sizes[fit] == 1 else f"unreferenced {k}", sizes[fit], fit)
        for k, (fit, ids) in enumerate(together.items())
    )


def _of_all(fits: _Fits, unnamed: Floats, id: str) -> Floats:
    """What was stated of all unreferenced persons counts for each, unless the person has a row of his own."""
    found = np.zeros(len(unnamed))
    for k in range(len(unnamed)):
        if (k, id) not in fits.stated:
            found[k] = fits.stated.get((k, "unreferenced"), 0.0)
    return found
