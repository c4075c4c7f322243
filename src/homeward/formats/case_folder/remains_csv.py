"""`missing.csv`, `remains.csv` and `samples.csv`: who is on the list, what was found, what was typed."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from homeward.case import ListedPerson, Remains, Sample, SampleOf
from homeward.case.elements import ELEMENTS
from homeward.faults import Fault
from homeward.formats.case_folder.listing import Listing
from homeward.formats.case_folder.pedigrees_csv import SEXES, People
from homeward.formats.table import Row, Table, id_problem, shown
from homeward.pedigree import Sex

__all__ = ["Sources", "read_listed", "read_remains"]

RESERVED = ("stranger", "unreferenced")
SIDES = ("left", "right", "middle")
OF: tuple[SampleOf, ...] = ("remains", "person", "effect", "staff")


def read_listed(listing: Listing) -> tuple[ListedPerson, ...]:
    """Listed missing persons without a family; none where there is no file."""
    file = "missing.csv"
    if not listing.has(file):
        return ()
    table = listing.table(file, needed=("missing",), optional=("sex", "name", "born", "clan"))
    found: dict[str, ListedPerson] = {}
    for row in table:
        person = _new_id(row, "missing", found)
        if person in RESERVED:
            remedy = "choose another id: the result uses this word for itself"
            row.fault("bad-id", "missing", f"{shown(person)} is a reserved word", remedy)
        sex, clan = row.choice("sex", SEXES, "unknown"), row.id("clan", needed=False)
        listed = ListedPerson(person, sex, row.text("name"), row.span("born"), clan)
        if person:
            found.setdefault(person, listed)
    return tuple(found.values())


def read_remains(listing: Listing) -> tuple[tuple[Remains, ...], bool]:
    """The recovered items, and whether all rows could be read; none where there is no file."""
    file = "remains.csv"
    if not listing.has(file):
        return (), True
    optional = ("sex", "element", "side", "age", "stature_cm", "place", "individual", "not_same_as")
    table = listing.table(file, needed=("remains",), optional=optional)
    found: dict[str, Remains] = {}
    rows: dict[str, Row] = {}
    sound = table.sound
    for row in table:
        remains = _remains(row, _new_id(row, "remains", found))
        # others may name in vain a row whose id could not be read
        sound = sound and bool(remains.id)
        if remains.id and remains.id not in found:
            found[remains.id], rows[remains.id] = remains, row
    for remains in found.values():
        _check_apart(remains, found, rows[remains.id], sound)
    return tuple(found.values()), sound


def _remains(row: Row, remains: str) -> Remains:
    element = row.choice("element", ("", *ELEMENTS), "")
    others = tuple(part.strip() for part in row.cells.get("not_same_as", "").split(";") if part.strip())
    return Remains(
        remains,
        row.choice("sex", SEXES, "unknown"),
        element,
        row.choice("side", ("", *SIDES), ""),
        row.span("age"),
        row.span("stature_cm"),
        row.text("place"),
        row.id("individual", needed=False),
        others,
    )


def _check_apart(remains: Remains, found: dict[str, Remains], row: Row, sound: bool) -> None:
    """`not_same_as` names other remains of the file, none of them known to be the same body."""
    for other in remains.not_same_as:
        if other == remains.id:
            row.fault("bad-value", "not_same_as", f"{shown(other)} is this row itself", "name other remains")
        elif other not in found:
            if sound:
                remedy = "name remains of this file, separated by ;"
                row.fault("unknown-remains", "not_same_as", f"{shown(other)} is not in remains.csv", remedy)
        elif remains.individual and found[other].individual == remains.individual:
            row.fault(
                "individual-conflict",
                "not_same_as",
                f"{remains.id} and {other} are said to be one body and not one body",
                "correct individual or not_same_as",
            )


def _new_id(row: Row, column: str, taken: Container[str]) -> str:
    value = row.id(column)
    if value in taken:
        row.fault("duplicate-id", column, f"{shown(value)} stands in an earlier row", "give every row an id of its own")
    return value


@dataclass
class Sources:
    """The samples of a case: those of samples.csv, or, where there is none, those the profiles name."""

    people: People
    remains: dict[str, Remains]
    remains_sound: bool
    has_remains_file: bool
    faults: list[Fault]
    samples: dict[str, Sample] = field(default_factory=dict)
    sound: bool = True
    listed: bool = False
    _asked_for_remains: bool = False

    def read(self, listing: Listing) -> None:
        """Read samples.csv where there is one."""
        file = "samples.csv"
        self.listed = listing.has(file)
        if not self.listed:
            return
        optional = ("family", "dropout_het", "dropout_hom", "dropin", "mistyping")
        table: Table = listing.table(file, needed=("sample", "of", "id"), optional=optional)
        self.sound = table.sound
        for row in table:
            self._row(row)

    def _row(self, row: Row) -> None:
        name = _sample_id(row)
        self.sound = self.sound and bool(name)
        if name in self.samples:
            remedy = "give every row an id of its own"
            row.fault("duplicate-id", "sample", f"{shown(name)} stands in an earlier row", remedy)
        row.needed("of")
        of = row.choice("of", OF, "staff")
        source = row.id("id")
        if of == "person":
            source = self._person(row, source)
        elif row.has("family") and "of" not in row.faulty:
            row.fault("bad-value", "family", "only a sample of a person has a family", "leave the cell empty")
        elif of == "remains" and source:
            self._check_remains(row, source)
        rates = [row.number(column, 0.0, 1.0) for column in ("dropout_het", "dropout_hom", "dropin", "mistyping")]
        if rates[3] == 1.0:
            row.fault("bad-number", "mistyping", "a typing that is always wrong says nothing", "write less than 1")
        if "/" in name and source and name != source:
            row.fault("bad-id", "sample", f"{shown(name)} names somebody else", "use an id without a slash")
        if name:
            self.samples.setdefault(name, Sample(name, of, source, *rates))

    def _person(self, row: Row, person: str) -> str:
        if not row.has("family"):
            row.fault("missing-value", "family", "a sample of a person needs its family", "fill in family")
            return ""
        family = row.id("family")
        full = f"{family}/{person}" if family and person else ""
        if full and self.people.sound and full not in self.people.sex:
            known = family in self.people.families
            code, column = ("unknown-person", "id") if known else ("unknown-family", "family")
            row.fault(code, column, f"{shown(full)} is not in pedigrees.csv", "correct the row, or add the member")
        return full

    def _check_remains(self, row: Row, remains: str) -> None:
        if self.has_remains_file:
            if self.remains_sound and remains not in self.remains:
                remedy = "correct the row, or add the remains"
                row.fault("unknown-remains", "id", f"{shown(remains)} is not in remains.csv", remedy)
        elif not self._asked_for_remains:
            self._asked_for_remains = True
            message = "samples.csv lists samples of remains, and there is no remains.csv"
            self.faults.append(Fault("missing-file", message, "add remains.csv", file="remains.csv"))

    def check(self, row: Row) -> None:
        """Report a profile row whose sample is nobody's; make the sample where there is no samples.csv."""
        name = row.cells["sample"]
        if name in self.samples:
            return
        if self.listed:
            if self.sound:
                remedy = "correct the row, or add the sample to samples.csv"
                row.fault("unknown-sample", "sample", f"{shown(name)} is not in samples.csv", remedy)
            return
        if name in self.remains:
            self.samples[name] = Sample(name, "remains", name)
        elif name in self.people.sex:
            self.samples[name] = Sample(name, "person", name)
        elif self.people.sound if "/" in name else self.remains_sound:
            remedy = "write a remains id or FAMILY/PERSON, or add samples.csv"
            row.fault("unknown-sample", "sample", f"{shown(name)} is neither remains nor FAMILY/PERSON", remedy)

    def sex(self, sample: str) -> Sex:
        """The sex of whom a sample is of, where known."""
        found = self.samples.get(sample)
        if found is None:
            return "unknown"
        if found.of == "remains" and found.source in self.remains:
            return self.remains[found.source].sex
        return self.people.sex.get(found.source, "unknown") if found.of == "person" else "unknown"

    def dropout(self, *, estimated: bool) -> frozenset[str]:
        """Samples with drop-out parameters; where it is estimated, also those of remains."""
        stated = {s.id for s in self.samples.values() if s.dropout_het is not None or s.dropout_hom is not None}
        if not estimated:
            return frozenset(stated)
        return frozenset(stated | {s.id for s in self.samples.values() if s.of == "remains"} | set(self._implied()))

    def _implied(self) -> Iterable[str]:
        """Samples of remains that the profiles may name without a samples.csv."""
        return () if self.listed else self.remains


def _sample_id(row: Row) -> str:
    """An id, or `FAMILY/PERSON`, which only a sample of that person may be called."""
    text = row.cells.get("sample", "")
    family, slash, person = text.partition("/")
    if slash and id_problem(family) is None and id_problem(person) is None:
        return text
    return row.id("sample")
