"""`read_familias`: a `.fam` file as a `Case`."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field, replace

from homeward.case import (
    Case,
    Family,
    FrequencyTable,
    Hypothesis,
    Incident,
    InputFile,
    ListedPerson,
    Remains,
    Sample,
    Settings,
    Typing,
)
from homeward.faults import Fault, Refusal
from homeward.formats.familias.database import Loci, loci_of
from homeward.formats.familias.dvi_part import DviPart, DviPerson, find_dvi, read_dvi_part
from homeward.formats.familias.families import read_families
from homeward.formats.familias.kin import Relation, pedigree_of
from homeward.formats.familias.main_part import FamPedigree, FamPerson, MainPart, read_main_part
from homeward.formats.familias.text import Lines, decode
from homeward.formats.source import Place, file_bytes, place_of
from homeward.pedigree import Pedigree, Sex

__all__ = ["MAX_BYTES", "read_familias"]

MAX_BYTES = 64 * 2**20
"""Larger files are refused unread; the largest seen in practice has a few megabytes."""

MAIN_FAMILY = "FAM"


def read_familias(path: str | Place) -> Case:
    """The case a Familias `.fam` file holds.

    Without a `[DVI]` part: a kinship case, one family `FAM` with what all pedigrees agree on and one
    hypothesis a pedigree over `FAM/PERSON`. With it: unidentified persons as remains (each a body of its
    own), reference families with the persons called `Missing…` as missing.

    Frequencies, mutation and theta are used as the file gives them. Raises `Refusal`: ``bad-fam`` where
    the lines are not in the format's order, and by name whatever the file asks for that cannot be
    calculated (``unsupported-…``). Format: Familias 3; Kling, Tillmar & Egeland (2014), FSI Genet 13:121.
    """
    path = place_of(path)
    file = path.name
    unread: list[Fault] = []
    raw = file_bytes(path, file, unread, MAX_BYTES + 1)
    if raw is None:
        raise Refusal(unread)
    if len(raw) > MAX_BYTES:
        limit = f"the file is larger than {MAX_BYTES // 2**20} MB"
        raise Refusal([Fault("too-large", limit, "split it by families", file=file)])
    lines = Lines(file, [unicodedata.normalize("NFC", line) for line in decode(raw, file)])
    main = read_main_part(lines)
    start = find_dvi(lines)
    dvi = None if start is None else read_dvi_part(lines, start)
    draft = _Draft(file, loci_of(main.database, file), faults=list(main.faults))
    draft.faults += draft.loci.faults
    if dvi is not None:
        draft.add_dvi(dvi)
    typed = any(p.genotypes for p in main.persons)
    if typed or (dvi is None and main.persons):
        draft.add_main(main)
    if draft.faults:
        raise Refusal(dict.fromkeys(draft.faults))
    return draft.case(path.stem, main, InputFile(file, hashlib.sha256(raw).hexdigest()))


@dataclass
class _Draft:
    """The case while it is put together, and everything found wrong on the way."""

    file: str
    loci: Loci
    families: list[Family] = field(default_factory=list)
    listed: list[ListedPerson] = field(default_factory=list)
    remains: list[Remains] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    typings: list[Typing] = field(default_factory=list)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    size: int | None = None

    def fault(self, code: str, message: str, remedy: str, line: int, value: str = "", marker: str = "") -> None:
        self.faults.append(Fault(code, message, remedy, file=self.file, row=line, value=value, marker=marker))

    def check_id(self, name: str, what: str, line: int) -> None:
        """Ids: 1–64 characters, no control characters, no `/`."""
        if not 1 <= len(name) <= 64 or "/" in name or any(unicodedata.category(c) == "Cc" for c in name):
            self.fault(
                "bad-id",
                f"the name of {what} has {len(name)} characters, a slash or a control character",
                "rename in Familias: 1 to 64 characters, no slash",
                line,
                name[:80],
            )

    def check_new(self, name: str, seen: set[str], what: str, line: int) -> None:
        self.check_id(name, what, line)
        if name in seen:
            self.fault("duplicate-id", f"two of the {what}s are called {name}", "rename one in Familias", line, name)
        seen.add(name)

    # --- [DVI] ---

    def add_dvi(self, dvi: DviPart) -> None:
        seen: set[str] = set()
        for body in dvi.unidentified:
            self.check_new(body.name, seen, "unidentified person", body.line)
            self.remains.append(Remains(body.name, body.sex))
            self.samples.append(Sample(body.name, "remains", body.name))
            self.add_dvi_typings(body, body.name, body.sex)
        families: set[str] = set()
        for family in dvi.families:
            self.check_new(family.name, families, "reference family", family.line)
            persons: set[str] = set()
            for person in family.persons:
                self.check_new(person.name, persons, f"person of family {family.name}", person.line)
        found, self.listed, wrong = read_families(dvi.families, (r.sex for r in self.remains), self.file)
        self.families += found
        self.faults += wrong
        sexes = {f.full_id(m.id): m.sex for f in found for m in f.pedigree}
        for family in dvi.families:
            for person in family.persons:
                if person.typings:
                    full = f"{family.name}/{person.name}"
                    self.samples.append(Sample(full, "person", full))
                    self.add_dvi_typings(person, full, sexes.get(full, person.sex))
        counted = sum(len(f.missing) for f in found) + len(self.listed)
        self.size = dvi.size if dvi.size is not None and dvi.size >= max(counted, 1) else None

    def add_dvi_typings(self, person: DviPerson, sample: str, sex: Sex) -> None:
        seen: set[str] = set()
        for typing in person.typings:
            if typing.marker in seen:
                self.fault(
                    "duplicate-typing", "one marker is typed twice", "keep one", typing.line, marker=typing.marker
                )
            seen.add(typing.marker)
            if any(typing.alleles):
                try:
                    self.typings.append(self.loci.typing(sample, sex, typing.marker, typing.alleles))
                except ValueError as error:
                    self.bad_typing(error, typing.line, typing.marker)

    def bad_typing(self, error: ValueError, line: int, marker: str = "") -> None:
        code, message, remedy = error.args
        self.fault(code, message, remedy, line, marker=marker)

    # --- the main part ---

    def add_main(self, main: MainPart) -> None:
        family = MAIN_FAMILY
        while any(f.id == family for f in self.families):
            family += "_"
        seen: set[str] = set()
        for person in main.persons:
            self.check_new(person.name, seen, "person", person.line)
        known, wrong = _pedigree(main, None, self.file)
        self.faults += wrong
        if known is not None:
            self.families.append(Family(family, known, ()))
        names: set[str] = set()
        for pedigree in main.pedigrees:
            self.check_new(pedigree.name, names, "pedigree", pedigree.line)
            found, wrong = _pedigree(main, pedigree, self.file)
            self.faults += wrong
            if found is not None:
                full = {m.id: f"{family}/{m.id}" for m in found}
                self.hypotheses.append(Hypothesis(pedigree.name, found.relabelled(full)))
        self.add_main_typings(main, family)

    def add_main_typings(self, main: MainPart, family: str) -> None:
        for person in main.persons:
            if not person.genotypes:
                continue
            full = f"{family}/{person.name}"
            self.samples.append(self.main_sample(main, person, full))
            seen: set[int] = set()
            for (first, second, marker), line in zip(person.genotypes, person.genotype_lines, strict=True):
                if marker in seen:
                    self.fault("duplicate-typing", "one marker is typed twice", "keep one", line)
                seen.add(marker)
                try:
                    name, alleles = _named(main, first, second, marker)
                    self.typings.append(self.loci.typing(full, person.sex, name, alleles))
                except ValueError as error:
                    self.bad_typing(error, line)

    def main_sample(self, main: MainPart, person: FamPerson, full: str) -> Sample:
        """A person's sample with the drop-out his markers have; Familias' homozygotes drop out twice, by the square."""
        markers = main.database.markers
        typed = [markers[m] for _, _, m in person.genotypes if m < len(markers)]
        rates = {m.dropout for m in typed} if person.consider_dropout else {0.0}
        if not any(rates):
            return Sample(full, "person", full)
        on_x = person.sex == "male" and any(self.loci.by_name.get(m.name) in self.loci.on_x for m in typed)
        if len(rates) > 1 or on_x:
            why = "whose X alleles drop out otherwise" if on_x else "whose markers differ in their probability"
            self.fault(
                "unsupported-dropout",
                f"drop-out is to be considered for {person.name}, {why}",
                "give all his markers one probability in Familias, or write a case folder with two samples of him",
                person.line,
                person.name,
            )
        (rate, *_) = rates
        return Sample(full, "person", full, rate, rate * rate)

    # --- the whole ---

    def case(self, name: str, main: MainPart, source: InputFile) -> Case:
        model = replace(self.loci.model, theta=main.database.theta)
        return Case(
            name=name,
            families=tuple(self.families),
            listed=tuple(self.listed),
            remains=tuple(self.remains),
            samples=tuple(self.samples),
            typings=tuple(self.typings),
            populations=(FrequencyTable(_population(main.database.name), False, self.loci.frequencies, "Familias"),),
            mutations=self.loci.mutations,
            hypotheses=tuple(self.hypotheses),
            settings=Settings(Incident(size=self.size, samples_are="bodies"), model),
            marker_names=self.loci.given_names,
            inputs=(source,),
        )


def _population(name: str) -> str:
    """The database's name where it can be an id."""
    plain = "".join(c for c in name if unicodedata.category(c) != "Cc").replace("/", "-").strip()
    return plain[:64] or "Familias"


def _named(main: MainPart, first: int, second: int, marker: int) -> tuple[str, tuple[str, str]]:
    markers = main.database.markers
    if marker >= len(markers) or max(first, second) >= len(markers[marker].alleles):
        raise ValueError(
            "unknown-allele", "a genotype points to a marker or an allele that the database does not have", ""
        )
    alleles = markers[marker].alleles
    return markers[marker].name, (alleles[first][0], alleles[second][0])


def _pedigree(main: MainPart, of: FamPedigree | None, file: str) -> tuple[Pedigree | None, list[Fault]]:
    """One pedigree with the relations known for all; without ``of`` these alone.

    Persons neither typed nor related are left out of a hypothesis: they change no likelihood.
    """
    parts = [main.known] if of is None else [main.known, of]
    sexes: dict[str, Sex] = {p.name: p.sex for p in main.persons}
    order = [p.name for p in main.persons]
    for part in parts:
        for sex, number in (("female", part.extra_females), ("male", part.extra_males)):
            for _ in range(number):
                name = f"extra_{len(order) - len(main.persons) + 1}"
                while name in sexes:
                    name += "_"
                sexes[name] = "male" if sex == "male" else "female"
                order.append(name)
    line, title = (main.known.line, "the known relations") if of is None else (of.line, f"pedigree {of.name}")
    pairs = dict.fromkeys(pair for part in parts for pair in part.relations)
    if any(i >= len(order) for pair in pairs for i in pair):
        return None, [Fault("bad-fam", f"a relation of {title} names nobody", "save the file again", file, line)]
    relations = [Relation(order[a], order[b], line) for a, b in pairs]
    if of is not None:
        keep = {p.name for p in main.persons if p.genotypes} | {n for r in relations for n in (r.parent, r.child)}
        sexes = {name: sex for name, sex in sexes.items() if name in keep}
    return pedigree_of(sexes, relations, file, line, title)
