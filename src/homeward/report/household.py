"""A family as it was computed: one file, or several that share a person and were merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from homeward.case import Case, MergedFamily, PersonRecord, merge_families
from homeward.pedigree import Pedigree, relabel

__all__ = ["Household", "households"]


@dataclass(frozen=True)
class Household:
    """A pedigree over ids short enough to read, and what is known of its members by those ids.

    ``samples``: member → his typed samples, pre-mortem samples of a missing person included. ``short``: full id →
    id in the pedigree. ``doubted``: members whose registered parents may not be the true ones.
    """

    title: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    samples: Mapping[str, tuple[str, ...]]
    records: Mapping[str, PersonRecord]
    families: tuple[str, ...] = ()
    short: Mapping[str, str] = field(default_factory=dict)
    doubted: tuple[str, ...] = ()


def households(case: Case) -> Mapping[str, tuple[Household, str]]:
    """`FAMILY/PERSON` of each missing person → the household and his id in it."""
    found: dict[str, tuple[Household, str]] = {}
    samples: dict[str, list[str]] = {}
    for s in case.samples:
        if s.of == "person":
            samples.setdefault(s.source, []).append(s.id)
    records = {f.full_id(p): r for f in case.families for p, r in f.records.items()}
    for merged in merge_families(case).families:
        home, short = _household(merged, samples, records)
        for full in merged.missing:
            found[full] = home, short[full]
        for full, known in merged.alias.items():
            if known in merged.missing:
                found[full] = home, short[known]
    return found


def _household(
    merged: MergedFamily, samples: Mapping[str, list[str]], records: Mapping[str, PersonRecord]
) -> tuple[Household, Mapping[str, str]]:
    also: dict[str, list[str]] = {}
    for alias, full in merged.alias.items():
        also.setdefault(full, []).append(alias)
    own = [full.partition("/")[2] for full in merged.pedigree.ids]
    short = {full: name if own.count(name) == 1 else full for full, name in zip(merged.pedigree.ids, own, strict=True)}
    typed: dict[str, tuple[str, ...]] = {}
    known: dict[str, PersonRecord] = {}
    for full, name in short.items():
        for one in (full, *also.get(full, ())):
            typed[name] = (*typed.get(name, ()), *samples.get(one, ()))
            if one in records:
                known[name] = _joined(known.get(name), records[one])
    home = Household(
        " + ".join(merged.families),
        relabel(merged.pedigree, short),
        tuple(short[m] for m in merged.missing),
        {name: s for name, s in typed.items() if s},
        known,
        merged.families,
        {**short, **{alias: short[full] for alias, full in merged.alias.items()}},
        tuple(dict.fromkeys(short.get(d.person, d.person) for d in merged.doubts)),
    )
    return home, short


def _joined(a: PersonRecord | None, b: PersonRecord) -> PersonRecord:
    if a is None:
        return b
    return replace(
        a, name=a.name or b.name, died=a.died or b.died, deceased=a.deceased or b.deceased, clan=a.clan or b.clan
    )
