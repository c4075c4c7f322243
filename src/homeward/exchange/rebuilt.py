"""Entries as a case again: the same for both sides and the auditor, so that their results are the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from homeward.case import Case, Doubt, Family, MtTyping, Remains, Sample, Span, Typing, merge_families, variants
from homeward.exchange.agreement import Agreement
from homeward.exchange.entries import FamilyEntry, Kin, ReferenceEntry, RemainsEntry
from homeward.faults import Fault, Refusal
from homeward.pedigree import Member, Pedigree

__all__ = ["case_of", "unsound"]


def case_of(
    agreement: Agreement,
    remains: Sequence[RemainsEntry],
    families: Sequence[FamilyEntry],
    references: Sequence[ReferenceEntry],
) -> Case:
    """The case of these entries under the agreement's tables and settings; all in the order of their ids.

    Raises `Refusal` for a pedigree that cannot be.
    """
    remains = sorted(remains, key=lambda e: e.id)
    there = {e.id for e in remains}
    references = sorted(references, key=lambda e: e.id)
    full = {e.id: f"{e.family}/{e.person}" for e in references}
    samples = [_sample(agreement, e) for e in remains]
    samples += [_sample(agreement, e, full[e.id]) for e in references]
    entries: list[RemainsEntry | ReferenceEntry] = [*remains, *references]
    return Case(
        name=f"exchange {agreement.hash[:12]}",
        families=tuple(_family(f) for f in sorted(families, key=lambda f: f.id)),
        remains=tuple(
            Remains(
                e.id,
                e.sex,
                e.element,
                e.side,
                individual=e.body,
                not_same_as=tuple(sorted(there.intersection(e.apart))),
            )
            for e in remains
        ),
        samples=tuple(samples),
        typings=tuple(Typing(e.id, c.marker, c.alleles, c.replicate) for e in entries for c in e.calls),
        populations=agreement.panel.tables,
        mutations=agreement.panel.mutations,
        haplotypes=agreement.panel.haplotypes,
        settings=agreement.case_settings,
        mt=tuple(
            MtTyping(e.id, tuple(Span(*r) for r in m.ranges), m.differences, m.replicate) for e in entries for m in e.mt
        ),
    )


def _sample(agreement: Agreement, entry: RemainsEntry | ReferenceEntry, person: str = "") -> Sample:
    stated = None if entry.dropout is None else agreement.panel.dropout[entry.dropout]
    rates: tuple[float | None, ...] = (None, None, None, None)
    if stated is not None:
        drops = stated.heterozygote > 0 or stated.homozygote > 0
        both = (stated.heterozygote, stated.homozygote) if drops else (None, None)
        rates = (*both, stated.dropin or None, stated.mistyping)
    return Sample(entry.id, "person" if person else "remains", person or entry.id, *rates)


def _family(entry: FamilyEntry) -> Family:
    doubts = tuple(Doubt(d.person, d.father, d.mother, d.probability) for d in entry.doubts)
    return Family(entry.id, _pedigree(entry.members), entry.missing, doubts=doubts)


def unsound(
    agreement: Agreement,
    remains: Sequence[RemainsEntry],
    families: Sequence[FamilyEntry] = (),
    references: Sequence[ReferenceEntry] = (),
) -> Iterator[Fault]:
    """Why these entries could not be computed with: pedigrees, what is in doubt about them, alleles without tables."""
    from homeward.genetics import scenarios_of

    try:
        case = case_of(agreement, remains, families, references)
        for family in case.families:
            variants(family.id, family.pedigree, family.doubts)
        for merged in merge_families(case).families:
            variants(", ".join(merged.families), merged.pedigree, merged.doubts)
        scenarios_of(case)
    except Refusal as refusal:
        yield from refusal.faults


def _pedigree(members: Sequence[Kin]) -> Pedigree:
    """Members as a pedigree that checks itself."""
    return Pedigree(
        Member(k.id, k.father, k.mother, k.sex, k.twin, k.founder_inbreeding, k.founder_inbreeding_x, k.population)
        for k in members
    )
