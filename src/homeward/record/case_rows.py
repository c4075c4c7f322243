"""A `Case` as things of the record, and back: the same digest on both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeward.case import Case, Family, MtTyping, PersonRecord, Sample, Typing
from homeward.record.values import CaseHead, FamilyFile, MtProfile, Profile
from homeward.record.view import Held, View

__all__ = [
    "CASE_KINDS",
    "Entry",
    "case_about",
    "case_from",
    "case_of",
    "entries_of",
    "living",
    "person_key",
    "staff_key",
    "subjects",
]

CASE_KINDS = (
    "case",
    "population",
    "mutation",
    "hypothesis",
    "haplotypes",
    "family",
    "person",
    "listed",
    "remains",
    "sample",
    "profile",
    "mt-profile",
    "non-dna",
    "identification",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a case as a thing. ``subject``: the living person whose data it is."""

    kind: str
    id: str
    value: Any
    position: int
    owner: str = ""
    subject: str | None = None


def person_key(full_id: str) -> str:
    """The id of a family member's data key."""
    return f"person:{full_id}"


def staff_key(source: str) -> str:
    """The id of the data key of somebody typed for elimination."""
    return f"staff:{source}"


def living(family: FamilyFile | Family, person: str, record: PersonRecord | None) -> bool:
    """Whether a member counts as living: he is not missing, and nothing says that he died."""
    died = record is not None and (record.deceased or record.died is not None)
    return person not in family.missing and not died


def entries_of(case: Case) -> Iterator[Entry]:
    """Every part of a case, in its order."""
    yield Entry("case", "case", CaseHead(case.name, case.settings, case.marker_names, case.inputs), 1)
    yield from _numbered("population", ((t.population, t) for t in case.populations))
    yield from _numbered("mutation", ((f"{m.marker}/{m.parent}/{i}", m) for i, m in enumerate(case.mutations)))
    yield from _numbered("hypothesis", ((h.name, h) for h in case.hypotheses))
    yield from _numbered("haplotypes", ((t.id, t) for t in case.haplotypes))
    yield from _families(case)
    yield from _numbered("listed", ((p.id, p) for p in case.listed))
    yield from _numbered("remains", ((r.id, r) for r in case.remains))
    yield from _samples(case)
    yield from _numbered("non-dna", ((f"{n.sample}/{n.missing}/{n.kind}", n) for n in case.non_dna))
    signed = ((f"{said.sample}/{said.missing}", said) for said in case.identifications)
    yield from _numbered("identification", signed)


def _numbered(kind: str, things: Iterable[tuple[str, Any]]) -> Iterator[Entry]:
    for position, (id, value) in enumerate(things, 1):
        yield Entry(kind, id, value, position)


def _families(case: Case) -> Iterator[Entry]:
    place = 0
    for position, family in enumerate(case.families, 1):
        yield Entry("family", family.id, FamilyFile(family.pedigree, family.missing, family.doubts), position)
        for person, record in family.records.items():
            place += 1
            full = family.full_id(person)
            subject = person_key(full) if living(family, person, record) else None
            yield Entry("person", full, record, place, f"family:{family.id}", subject)


def subjects(case: Case) -> dict[str, str | None]:
    """Sample → the key of the living person it is of, None for remains, effects and the dead."""
    living_ids = {f.full_id(m.id) for f in case.families for m in f.pedigree if living(f, m.id, f.records.get(m.id))}
    return {s.id: _subject(s, living_ids) for s in case.samples}


def _subject(sample: Sample, living_ids: set[str]) -> str | None:
    if sample.of == "staff":
        return staff_key(sample.source)
    return person_key(sample.source) if sample.of == "person" and sample.source in living_ids else None


def _samples(case: Case) -> Iterator[Entry]:
    subject_of = subjects(case)
    for position, sample in enumerate(case.samples, 1):
        yield Entry("sample", sample.id, sample, position, _owner(sample))
    autosomal: dict[str, list[tuple[int, Typing]]] = {}
    for row, typing in enumerate(case.typings):
        autosomal.setdefault(typing.sample, []).append((row, typing))
    mt: dict[str, list[tuple[int, MtTyping]]] = {}
    for row, mt_typing in enumerate(case.mt):
        mt.setdefault(mt_typing.sample, []).append((row, mt_typing))
    for position, (id, rows) in enumerate(autosomal.items(), 1):
        profile = Profile(tuple(t for _, t in rows), tuple(n for n, _ in rows))
        yield Entry("profile", id, profile, position, f"sample:{id}", subject_of[id])
    for position, (id, mt_rows) in enumerate(mt.items(), 1):
        mt_profile = MtProfile(tuple(t for _, t in mt_rows), tuple(n for n, _ in mt_rows))
        yield Entry("mt-profile", id, mt_profile, position, f"sample:{id}", subject_of[id])


def _owner(sample: Sample) -> str:
    if sample.of == "person":
        return f"person:{sample.source}"
    return f"remains:{sample.source}" if sample.of == "remains" else f"{sample.of}:{sample.source}"


def case_of(view: View) -> Case:
    """The case as the record holds it; data of persons who withdrew are not there any more."""
    return case_from({kind: view.all(kind) for kind in CASE_KINDS})


def case_from(things: Mapping[str, Mapping[str, Held]]) -> Case:
    """The case that things make up. ``things``: kind → id → thing, of every kind of `CASE_KINDS`."""
    parts = {kind: {id: h for id, h in held.items() if h.value is not None} for kind, held in things.items()}
    head: CaseHead = parts["case"]["case"].value

    def values(kind: str) -> tuple[Any, ...]:
        return tuple(held.value for held in parts[kind].values())

    return Case(
        name=head.name,
        families=tuple(_case_families(parts["family"], parts["person"])),
        listed=values("listed"),
        remains=values("remains"),
        samples=values("sample"),
        typings=_in_order(values("profile")),
        populations=values("population"),
        mutations=values("mutation"),
        hypotheses=values("hypothesis"),
        settings=head.settings,
        marker_names=head.marker_names,
        inputs=head.inputs,
        non_dna=values("non-dna"),
        identifications=values("identification"),
        mt=_in_order(values("mt-profile")),
        haplotypes=values("haplotypes"),
    )


def case_about(view: View, samples: Sequence[str]) -> Case:
    """The part of the case that two or three samples are in: they, their families, tables and settings."""
    head: CaseHead = view.get("case", "case")
    taken = [s for s in (view.get("sample", id) for id in samples) if s is not None]
    ids = dict.fromkeys(s.source.partition("/")[0] for s in taken if s.of == "person")
    families = {id: h for id in ids if (h := view.held("family", id)) is not None}
    persons = {
        full: h for id in families for full, h in view.all("person", f"family:{id}").items() if h.value is not None
    }
    remains = (view.get("remains", s.source) for s in taken if s.of == "remains")

    def all_of(kind: str) -> tuple[Any, ...]:
        return tuple(h.value for h in view.all(kind).values())

    return Case(
        name=head.name,
        families=tuple(_case_families(families, persons)),
        remains=tuple({r.id: r for r in remains if r is not None}.values()),
        samples=tuple(taken),
        typings=_in_order([p for s in taken if (p := view.get("profile", s.id)) is not None]),
        populations=all_of("population"),
        mutations=all_of("mutation"),
        haplotypes=all_of("haplotypes"),
        settings=head.settings,
        marker_names=head.marker_names,
    )


def _in_order(profiles: Iterable[Any]) -> tuple[Any, ...]:
    rows = [(row, typing) for p in profiles for row, typing in zip(p.rows, p.typings, strict=True)]
    return tuple(typing for _, typing in sorted(rows, key=lambda pair: pair[0]))


def _case_families(files: Mapping[str, Held], persons: Mapping[str, Held]) -> Iterator[Family]:
    records: dict[str, dict[str, PersonRecord]] = {}
    for full, held in persons.items():
        records.setdefault(held.owner.removeprefix("family:"), {})[full.partition("/")[2]] = held.value
    for id, held in files.items():
        file: FamilyFile = held.value
        yield Family(id, file.pedigree, file.missing, records.get(id, {}), file.doubts)
