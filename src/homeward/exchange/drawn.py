"""Entries of a case: what of it may be said at all, under ids that tell nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence

from homeward.case import Case, Family, Sample, apart, merge_families, units
from homeward.exchange.agreement import DropoutClass, Panel, Reveal
from homeward.exchange.entries import Call, FamilyEntry, Kin, KinDoubt, MtCall, ReferenceEntry, RemainsEntry
from homeward.faults import Fault, Refusal

__all__ = [
    "Names",
    "family_entries",
    "names_of_families",
    "names_of_remains",
    "new_id",
    "reference_entries",
    "remains_entries",
]


_LETTERS = "bcdfghjklmnpqrstvwxz"
Names = Mapping[str, str]
"""What a thing is called at home → its opaque id: `sample:ID`, `body:ID`, `family:ID`, `person:FAMILY/PERSON`."""


def new_id() -> str:
    """A random opaque id: letters only, so that nobody takes it for a label or a number."""
    return "".join(secrets.choice(_LETTERS) for _ in range(16))


def names_of_remains(case: Case) -> dict[str, str]:
    """A fresh opaque id for every sample of remains, and for every body of several samples."""
    bodies = [f"body:{unit[0].id}" for unit in units(case) if len(unit) > 1]
    return {name: new_id() for name in [*(f"sample:{s.id}" for s in case.samples if s.of == "remains"), *bodies]}


def names_of_families(case: Case) -> dict[str, str]:
    """A fresh opaque id for every family file, sample and person; a person in two files has one."""
    alias = merge_families(case).alias
    persons = [f.full_id(p) for f in case.families for p in f.pedigree.ids]
    of_person = {p: new_id() for p in persons if p not in alias}
    return {
        **{f"family:{f.id}": new_id() for f in case.families},
        **{f"person:{p}": of_person[alias.get(p, p)] for p in persons},
        **{f"sample:{s.id}": new_id() for s in case.samples if s.of == "person"},
    }


def remains_entries(case: Case, panel: Panel, reveals: Sequence[Reveal], names: Names) -> dict[str, RemainsEntry]:
    """Sample → its entry, of every sample of remains that has an opaque id.

    Raises `Refusal` ``exchange-outside`` for drop-out that is no class of the panel. Markers outside the panel,
    heights, places, ages, statures and whatever is not in ``reveals`` are left out.
    """
    known = case.remains_by_id
    samples = [s for s in case.samples if s.of == "remains" and f"sample:{s.id}" in names]
    body, away = _grouping(case, names) if "grouping" in reveals else ({}, {})
    faults: list[Fault] = []
    found = {}
    for s in samples:
        item = known[s.source]
        element = (item.element, item.side) if "element" in reveals else ("", "")
        dropout = _dropout(s, panel, faults) if "dropout" in reveals else None
        mt = _mt(case, s) if "mtdna" in reveals else ()
        sex = item.sex if "sex" in reveals else "unknown"
        id = names[f"sample:{s.id}"]
        found[s.id] = RemainsEntry(
            id, sex, *element, body.get(s.id, ""), away.get(s.id, ()), dropout, _calls(case, s, panel), mt
        )
    if faults:
        raise Refusal(faults)
    return found


def _grouping(case: Case, names: Names) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Sample → opaque id of its body, and of the samples that cannot be of it; only among samples that have an id."""
    every = units(case)
    held = [[s for s in unit if f"sample:{s.id}" in names] for unit in every]
    body = {
        s.id: names[f"body:{unit[0].id}"]
        for unit, mine in zip(every, held, strict=True)
        for s in mine
        if len(mine) > 1 and f"body:{unit[0].id}" in names
    }
    away: dict[str, set[str]] = {}
    for i, j in apart(case, every):
        for here, there in ((i, j), (j, i)):
            for s in held[here]:
                away.setdefault(s.id, set()).update(names[f"sample:{o.id}"] for o in held[there])
    return body, {sample: tuple(sorted(ids)) for sample, ids in away.items()}


def _dropout(sample: Sample, panel: Panel, faults: list[Fault]) -> int | None:
    rates = (sample.dropout_het or 0.0, sample.dropout_hom or 0.0, sample.dropin or 0.0)
    stated = DropoutClass(*rates, sample.mistyping)
    if stated == DropoutClass(0.0, 0.0, 0.0, None):
        return None
    if stated in panel.dropout:
        return panel.dropout.index(stated)
    message = "its drop-out, drop-in and mistyping are no agreed level"
    remedy = "agree on the level ([[dropout]] of the terms), or state one that is agreed"
    faults.append(Fault("exchange-outside", message, remedy, sample=sample.id))
    return None


def _calls(case: Case, sample: Sample, panel: Panel) -> tuple[Call, ...]:
    rows = [t for t in case.typings_by_sample[sample.id] if t.marker in panel.alleles]
    return tuple(Call(t.marker, t.alleles, t.replicate) for t in sorted(rows, key=lambda t: (t.marker, t.replicate)))


def _mt(case: Case, sample: Sample) -> tuple[MtCall, ...]:
    return tuple(
        MtCall(tuple((r.low, r.high) for r in t.ranges), t.differences, t.replicate)
        for t in case.mt_by_sample.get(sample.id, ())
    )


def family_entries(case: Case, names: Names) -> dict[str, FamilyEntry]:
    """Family → its entry, of every family that has an opaque id."""
    return {
        f.id: _family(f, {p: names[f"person:{f.full_id(p)}"] for p in f.pedigree.ids}, names)
        for f in case.families
        if f"family:{f.id}" in names
    }


def _family(family: Family, opaque: Mapping[str, str], names: Names) -> FamilyEntry:
    def called(person: str | None) -> str | None:
        return None if person is None else opaque[person]

    marks = {t: _mark(i) for i, twins in enumerate(family.pedigree.twins) for t in twins}
    members = [
        Kin(
            opaque[m.id],
            called(m.father),
            called(m.mother),
            m.sex,
            marks.get(m.id),
            m.founder_inbreeding,
            m.founder_inbreeding_x,
            m.population,
        )
        for m in family.pedigree
    ]
    doubts = tuple(KinDoubt(opaque[d.person], called(d.father), called(d.mother), d.probability) for d in family.doubts)
    missing = tuple(opaque[p] for p in family.missing)
    return FamilyEntry(names[f"family:{family.id}"], tuple(sorted(members, key=lambda k: k.id)), missing, doubts)


def _mark(i: int) -> str:
    """a, b, … z, ba, …"""
    letters = ""
    while True:
        i, digit = divmod(i, 26)
        letters = chr(ord("a") + digit) + letters
        if not i:
            return letters


def reference_entries(case: Case, panel: Panel, reveals: Sequence[Reveal], names: Names) -> dict[str, ReferenceEntry]:
    """Sample → its entry, of every typed sample of a family's member that has an opaque id.

    Raises `Refusal` ``exchange-outside`` for drop-out that is no class of the panel.
    """
    faults: list[Fault] = []
    found = dict(_references(case, panel, reveals, names, faults))
    if faults:
        raise Refusal(faults)
    return found


def _references(
    case: Case, panel: Panel, reveals: Sequence[Reveal], names: Names, faults: list[Fault]
) -> Iterator[tuple[str, ReferenceEntry]]:
    for s in case.samples:
        if s.of != "person" or f"sample:{s.id}" not in names:
            continue
        family = s.source.partition("/")[0]
        person = names[f"person:{s.source}"]
        mt = _mt(case, s) if "mtdna" in reveals else ()
        calls = _calls(case, s, panel)
        if calls or mt:
            id, dropout = names[f"sample:{s.id}"], _dropout(s, panel, faults)
            yield s.id, ReferenceEntry(id, names[f"family:{family}"], person, dropout, calls, mt)
