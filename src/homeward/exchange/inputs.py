"""What of a side's case may be used on a day: committed as it still is, and covered by the consents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from homeward.case import Case
from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.allowed import allowed_case, without
from homeward.exchange.committed import Committed, commit
from homeward.exchange.drawn import (
    family_entries,
    names_of_families,
    names_of_remains,
    reference_entries,
    remains_entries,
)
from homeward.exchange.entries import FamilyEntry, ReferenceEntry, RemainsEntry, family_faults, reference_faults
from homeward.exchange.entries import remains_faults as remains_faults_of
from homeward.exchange.merkle import Proof
from homeward.exchange.messages import FamilyOpening, ReferenceOpening, RemainsOpening
from homeward.exchange.side import Side
from homeward.exchange.state import refuse
from homeward.faults import Fault

__all__ = ["Families", "Source", "commit_inputs", "families_of", "remains_of"]


@dataclass(frozen=True)
class Source:
    """Where a side's data are, and the day of the work.

    ``consents``: of a case that is no record. ``leave_out``: what may not be used is left out, and told, in place of a
    refusal.
    """

    case: str
    day: str
    consents: Path | None = None
    leave_out: bool = False


@dataclass(frozen=True)
class Families:
    """Families and references that may be used, and why others may not."""

    families: tuple[FamilyOpening, ...]
    references: tuple[ReferenceOpening, ...]
    left_out: tuple[Fault, ...]


def commit_inputs(agreement: Agreement, role: Role, source: Source) -> tuple[Committed, list[Fault]]:
    """Fresh ids and salts for everything of a case that may take part, and why the rest may not.

    Left out are samples with too few loci or something outside the agreement, living persons without consent, and
    families of which nobody is typed.
    """
    case, uncovered = allowed_case(source.case, agreement.other(role).country, source.day, source.consents)
    if role == "remains":
        names = names_of_remains(case)
        found, left = _sound_remains(agreement, case, names)
        return commit(role, names, list(found.values())), left
    case = without(case, {f.sample for f in uncovered})
    names = names_of_families(case)
    families, references, left = _sound_families(agreement, case, names)
    return commit(role, names, [*families.values(), *references.values()]), [*uncovered, *left]


def _sound_remains(
    agreement: Agreement, case: Case, names: dict[str, str]
) -> tuple[dict[str, RemainsEntry], list[Fault]]:
    """Entries without a fault; a sample that is left out loses its id, so that no other entry speaks of it."""
    reveals, least = agreement.reveals, agreement.least_loci
    found = remains_entries(case, agreement.panel, reveals, names)
    left: list[Fault] = []
    for sample, entry in found.items():
        faults = list(remains_faults_of(agreement, entry, reveals, least))
        left += [_at_home(f, sample) for f in faults]
        if faults:
            del names[f"sample:{sample}"]
    return remains_entries(case, agreement.panel, reveals, names), left


def _sound_families(
    agreement: Agreement, case: Case, names: Mapping[str, str]
) -> tuple[dict[str, FamilyEntry], dict[str, ReferenceEntry], list[Fault]]:
    reveals = agreement.reveals
    left: list[Fault] = []
    references = {}
    for sample, entry in reference_entries(case, agreement.panel, reveals, names).items():
        faults = list(reference_faults(agreement, entry))
        left += [_at_home(f, sample) for f in faults]
        if not faults:
            references[sample] = entry
    typed = {r.person for r in references.values()}
    families = {}
    for id, family in family_entries(case, names).items():
        faults = [_at_home(f, id) for f in family_faults(agreement, family)]
        left += faults
        if not faults and typed & {k.id for k in family.members}:
            families[id] = family
    kept = {f.id for f in families.values()}
    return families, {s: r for s, r in references.items() if r.family in kept}, left


def _at_home(fault: Fault, name: str) -> Fault:
    """The fault under the name that the thing has at home."""
    return Fault(fault.code, fault.message, fault.remedy, sample=name, marker=fault.marker)


def remains_of(side: Side, source: Source, only: Sequence[str] = ()) -> tuple[tuple[RemainsOpening, ...], list[Fault]]:
    """The committed remains (or those samples of them) with their proofs, and what is not as it was committed.

    Raises `Refusal` (a rule) ``exchange-commitment`` unless that may be left out.
    """
    agreement, committed = side.agreement, side.committed
    case, _ = allowed_case(source.case, agreement.other(side.role).country, source.day, source.consents)
    known = {name: id for name, id in committed.names.items() if id in committed.ids or name.startswith("body:")}
    reveals = agreement.reveals
    entries = remains_entries(case, agreement.panel, reveals, known)
    wanted = [f"sample:{s}" for s in only] or [n for n in known if n.startswith("sample:")]
    proofs = committed.openings(list(entries.values()))
    left = [_changed(n.partition(":")[2]) for n in wanted if known.get(n) not in proofs]
    if not source.leave_out:
        refuse(left)
    chosen = {known[n] for n in wanted if n in known}
    told = sorted((e for e in entries.values() if e.id in proofs and e.id in chosen), key=lambda e: e.id)
    return tuple(RemainsOpening(e, proofs[e.id]) for e in told), left


def families_of(side: Side, source: Source) -> Families:
    """The committed families and references that consents still cover, with their proofs.

    Raises `Refusal` (a rule) with the codes of the consents and ``exchange-commitment`` unless those may be left out.
    """
    agreement, committed = side.agreement, side.committed
    case, uncovered = allowed_case(source.case, agreement.other(side.role).country, source.day, source.consents)
    known = dict(committed.names)
    reveals = agreement.reveals
    bound = _bound_persons(committed, case)
    left = [f for f in uncovered if f.sample in bound]
    if not source.leave_out:
        refuse(left)
    case = without(case, {f.sample for f in uncovered})
    families = {e.id: e for e in family_entries(case, known).values()}
    references = {e.id: e for e in reference_entries(case, agreement.panel, reveals, known).values()}
    proofs = committed.openings([*families.values(), *references.values()])
    told = {f.sample for f in left}
    left += list(_gone(committed, proofs, told, case))
    if not source.leave_out:
        refuse(left)
    open_families = tuple(FamilyOpening(e, proofs[id]) for id, e in sorted(families.items()) if id in proofs)
    there = {o.entry.id for o in open_families}
    open_references = tuple(
        ReferenceOpening(e, proofs[id]) for id, e in sorted(references.items()) if id in proofs and e.family in there
    )
    return Families(open_families, open_references, tuple(left))


def _bound_persons(committed: Committed, case: Case) -> set[str]:
    """`FAMILY/PERSON` of everybody of whom a sample was committed."""
    return {s.source for s in case.samples if committed.names.get(f"sample:{s.id}") in committed.ids}


def _gone(committed: Committed, proofs: Mapping[str, Proof], told: set[str], case: Case) -> Iterator[Fault]:
    """Committed samples and families that are not as they were, but for those of persons already told of."""
    source = {s.id: s.source for s in case.samples}
    for prefix in ("family", "sample"):
        for id, name in committed.home(prefix).items():
            if id in committed.ids and id not in proofs and source.get(name, name) not in told:
                yield _changed(name)


def _changed(name: str) -> Fault:
    message = "it is not in the case as it was committed"
    remedy = "work without it (--leave-out), or agree anew with the inputs as they are now"
    return Fault("exchange-commitment", message, remedy, sample=name)
