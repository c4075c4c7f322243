"""What a file says of samples, as an addition to the case on record: who each sample is of is chosen one by one.

A choice is a word: `leave` = it does not come in; `new` = new remains of its name; `family` = a member of a family
that the file brings; `sample:ID` = a further typing of that sample; `person:FAMILY/PERSON` and `remains:ID` = a new
sample of these.
"""

from __future__ import annotations

import base64
import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from homeward.case import Case, Family, MtTyping, Remains, Sample, Typing
from homeward.faults import Fault, Refusal
from homeward.formats.profiles import Frequencies, Profile, Profiles
from homeward.formats.profiles_case import family_of, left_out
from homeward.formats.source import Place, file_bytes
from homeward.formats.table import id_problem
from homeward.pedigree import Member, Pedigree
from homeward.record.changes import RawInput, rows_by_sample

__all__ = ["Addition", "addition", "frequencies_as_case", "kept_files", "proposed", "raw_of_case"]


@dataclass(frozen=True)
class Addition:
    """A case to be added to the one on record. ``told``: what of the file is not in it; ``ids``: sample of the file →
    sample of the case."""

    case: Case
    told: tuple[Fault, ...]
    ids: Mapping[str, str]


def proposed(profiles: Profiles, case: Case) -> dict[str, str]:
    """A choice for every sample of a file, by its name alone; what is on record already is left."""
    persons = {f.full_id(m.id) for f in case.families for m in f.pedigree}
    return {p.sample: _proposed(p, profiles, case, persons) for p in profiles.profiles}


def _proposed(p: Profile, profiles: Profiles, case: Case, persons: set[str]) -> str:
    if p.sample in case.typings_by_sample:
        known = {(t.marker, *sorted(t.alleles)) for t in case.typings_by_sample[p.sample]}
        mt = {(t.ranges, t.differences) for t in case.mt_by_sample.get(p.sample, ())}
        again = all((t.marker, *sorted(t.alleles)) in known for t in p.typings)
        again = again and all((t.ranges, t.differences) in mt for t in profiles.mt if t.sample == p.sample)
        return "leave" if again else f"sample:{p.sample}"
    family, person = family_of(p, profiles.families)
    if f"{family}/{person}" in persons:
        return f"person:{family}/{person}"
    if family:
        return "family"
    return f"remains:{p.sample}" if p.sample in case.remains_by_id else "new"


def addition(profiles: Profiles, case: Case, choices: Mapping[str, str]) -> Addition:
    """The samples that are chosen, with what the record must know of them.

    Raises `Refusal` with every fault: ``bad-choice``, ``bad-id``, ``duplicate-id``, ``unknown-person``,
    ``nothing-chosen``.
    """
    draft = _Draft(case, profiles)
    for p in profiles.profiles:
        choice = choices.get(p.sample, "leave")
        if choice != "leave":
            draft.take(p, choice)
    if not draft.ids and not draft.faults:
        draft.fault("nothing-chosen", "no sample of the file comes in", "choose where one belongs", "")
    if draft.faults:
        raise Refusal(draft.faults)
    return draft.addition()


def frequencies_as_case(frequencies: Frequencies, name: str) -> Addition:
    """Tables of populations, which join those on record."""
    return Addition(Case(name, populations=frequencies.tables, marker_names=frequencies.marker_names), (), {})


class _Draft:
    """The addition in the making."""

    def __init__(self, case: Case, profiles: Profiles) -> None:
        self.known, self.profiles = case, profiles
        self.samples_known = {s.id: s for s in case.samples}
        self.families: dict[str, Family] = {}
        self.remains: dict[str, Remains] = {}
        self.samples: dict[str, Sample] = {}
        self.ids: dict[str, str] = {}
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, remedy: str, sample: str) -> None:
        self.faults.append(Fault(code, message, remedy, sample=sample))

    def take(self, p: Profile, choice: str) -> None:
        """Where one sample belongs."""
        kind, _, id = choice.partition(":")
        if kind == "sample" and id in self.samples_known:
            self._of(p, self.samples_known[id])
        elif kind == "person":
            self._of_person(p, *id.partition("/")[::2])
        elif kind == "remains" and id in self.known.remains_by_id:
            self.remains[id] = self.known.remains_by_id[id]
            self._of(p, Sample(self._free(p.sample, id), "remains", id))
        elif kind == "family":
            self._of_new_member(p)
        elif kind == "new":
            self._of_new_remains(p)
        else:
            self.fault("bad-choice", "there is nothing of this id on record", "choose another", p.sample)

    def _of(self, p: Profile, sample: Sample) -> None:
        if sample.of == "person" and sample.source.partition("/")[0] not in self.families:
            family = next(f for f in self.known.families if f.id == sample.source.partition("/")[0])
            self.families[family.id] = family
        if sample.of == "remains" and sample.source in self.known.remains_by_id:
            self.remains[sample.source] = self.known.remains_by_id[sample.source]
        self.samples[sample.id] = sample
        self.ids[p.sample] = sample.id

    def _of_person(self, p: Profile, family: str, person: str) -> None:
        known = next((f for f in self.known.families if f.id == family), None)
        if known is None or person not in known.pedigree:
            message, remedy = "nobody of this id is in a family", "enter him in the pedigree first, or choose another"
            self.fault("unknown-person", message, remedy, p.sample)
            return
        full = known.full_id(person)
        self.families[family] = known
        self._of(p, Sample(self._free(p.sample, full), "person", full))

    def _of_new_member(self, p: Profile) -> None:
        family, person = family_of(p, self.profiles.families)
        if any(f.id == family for f in self.known.families):
            message, remedy = "the family is on record without this person", "enter him in its pedigree first"
            self.fault("unknown-person", message, remedy, p.sample)
            return
        if not family:
            self.fault("bad-choice", "the file names no family of the sample", "choose another", p.sample)
            return
        drawn = next((f for f in self.profiles.families if f.id == family), None)
        if drawn is None:
            before = self.families.get(family)
            members = [m for m in (before.pedigree if before else ()) if m.id != person]
            drawn = Family(family, Pedigree([*members, Member(person, sex=p.sex)]), ())
        self.families[family] = drawn
        self.ids[p.sample] = full = drawn.full_id(person)
        self.samples[full] = Sample(full, "person", full)

    def _of_new_remains(self, p: Profile) -> None:
        problem = id_problem(p.sample)
        if problem is not None:
            self.fault("bad-id", f"the name {problem}", "choose remains or a person on record", p.sample)
        elif p.sample in self.known.remains_by_id or p.sample in self.samples_known:
            message, remedy = "remains or a sample of this name are on record", "choose these"
            self.fault("duplicate-id", message, remedy, p.sample)
        else:
            self.remains[p.sample] = Remains(p.sample, p.sex)
            self._of(p, Sample(p.sample, "remains", p.sample))

    def _free(self, name: str, source: str) -> str:
        """An id for a new sample: its name in the file, what it is of, or that with a number."""
        taken = self.samples_known.keys() | self.samples.keys()
        numbered = (f"{source}-{n}" for n in range(2, len(taken) + 3))
        sound = [n for n in (name,) if id_problem(n) is None or n == source]
        return next(n for n in (*sound, source, *numbered) if n not in taken)

    def addition(self) -> Addition:
        chosen = tuple(p for p in self.profiles.profiles if p.sample in self.ids)
        mt = tuple(t for t in self.profiles.mt if t.sample in self.ids)
        part = replace(self.profiles, profiles=chosen, mt=mt)
        typings = [t for id in self.samples for t in self.known.typings_by_sample.get(id, ())]
        typings = _continued(typings, [replace(t, sample=self.ids[t.sample]) for t in part.weighable], _marker)
        mt_typings = [t for id in self.samples for t in self.known.mt_by_sample.get(id, ())]
        mt_typings = _continued(mt_typings, [replace(t, sample=self.ids[t.sample]) for t in mt], lambda t: "")
        case = Case(
            self.known.name,
            families=tuple(self.families.values()),
            remains=tuple(self.remains.values()),
            samples=tuple(self.samples.values()),
            typings=tuple(typings),
            settings=self.known.settings,
            marker_names=self.profiles.marker_names,
            mt=tuple(mt_typings),
        )
        return Addition(case, tuple(left_out(part)), self.ids)


def _marker(typing: Typing | MtTyping) -> str:
    return typing.marker if isinstance(typing, Typing) else ""


def _continued(known: Sequence[Any], new: Sequence[Any], marker: Any) -> list[Any]:
    """Further typings of what is typed already are further replicates."""
    count = Counter((t.sample, marker(t)) for t in known)
    found = list(known)
    for t in new:
        count[t.sample, marker(t)] += 1
        found.append(replace(t, replicate=count[t.sample, marker(t)]))
    return found


def raw_of_case(case: Case, folder: Place) -> tuple[RawInput, ...]:
    """The files of a case as they came."""
    found = ((i.path, file_bytes(folder / i.path, i.path, [])) for i in case.inputs)
    return tuple(RawInput(path, base64.b64encode(data).decode()) for path, data in found if data is not None)


def kept_files(profiles: Profiles, added: Addition, file: str, data: bytes) -> tuple[RawInput, ...]:
    """What is kept of the file: the rows of each sample with its profile, and the file as it came.

    Of a file of which some samples are left, their rows are kept nowhere.
    """
    whole = RawInput(file, base64.b64encode(data).decode())
    if all(p.sample in added.ids for p in profiles.profiles):
        split = rows_by_sample((whole,), added.case)
        return (whole,) if split else (whole, *_rows(profiles, added))
    return _rows(profiles, added)


def _rows(profiles: Profiles, added: Addition) -> tuple[RawInput, ...]:
    """The cells of every typing that comes in, by sample; those of the mtDNA apart."""
    found: dict[str, list[list[str]]] = {}
    for (sample, marker, _), origin in profiles.origins.items():
        if sample in added.ids:
            path = "mtdna.csv" if marker == "mtDNA" else "rows.csv"
            row = "" if origin.row is None else str(origin.row)
            found.setdefault(path, []).append([added.ids[sample], row, origin.marker, *origin.cells])
    return tuple(RawInput(path, base64.b64encode(_csv(rows)).decode()) for path, rows in found.items())


def _csv(rows: list[list[str]]) -> bytes:
    widest = max(len(r) for r in rows)
    head = ["sample", "row", "marker", *(f"cell{i + 1}" for i in range(widest - 3))]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue().encode()
