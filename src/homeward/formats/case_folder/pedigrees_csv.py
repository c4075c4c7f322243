"""`pedigrees.csv` and `hypotheses/NAME.csv`: members by family, and pedigrees checked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from homeward.case import Family, Hypothesis, PersonRecord
from homeward.faults import Fault, Refusal
from homeward.formats.case_folder.listing import Listing
from homeward.formats.table import Row, Table, id_problem, shown
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["FILE", "HYPOTHESES", "NEEDED", "OPTIONAL", "People", "read_families", "read_hypotheses", "read_hypothesis"]

FILE = "pedigrees.csv"
HYPOTHESES = "hypotheses"
NEEDED = ("family", "person", "father", "mother", "sex")
OPTIONAL = (
    "missing",
    "name",
    "born",
    "died",
    "twin",
    "deceased",
    "founder_inbreeding",
    "founder_inbreeding_x",
    "population",
    "clan",
)
SEXES: tuple[Sex, ...] = ("male", "female", "unknown")


@dataclass(frozen=True)
class People:
    """Everybody a sample can be of: sex by `FAMILY/PERSON`. ``sound`` is false when somebody may be lacking."""

    sex: Mapping[str, Sex]
    families: frozenset[str]
    sound: bool

    def with_hypotheses(self, hypotheses: Iterable[Hypothesis], sound: bool) -> People:
        """Also those who stand in a hypothesis only."""
        more = {m.id: m.sex for h in hypotheses for m in h.pedigree}
        families = self.families | {person.partition("/")[0] for person in more}
        return People({**more, **self.sex}, families, self.sound and sound)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row: the member it makes, and what else it says."""

    row: Row
    family: str
    member: Member
    missing: bool
    record: PersonRecord


def read_families(listing: Listing) -> tuple[tuple[Family, ...], People]:
    """The families in the order of their first rows."""
    table = listing.table(FILE, needed=NEEDED, optional=OPTIONAL)
    lines, complete = _lines(table)
    families = []
    for family, members in _by_family(lines).items():
        pedigree = _pedigree(members, table.sound, complete)
        if pedigree is not None:
            missing = tuple(line.member.id for line in members if line.missing)
            records = {line.member.id: line.record for line in members if line.record != PersonRecord()}
            families.append(Family(family, pedigree, missing, records))
    sex = {f"{line.family}/{line.member.id}": line.member.sex for line in lines}
    return tuple(families), People(sex, frozenset(line.family for line in lines), complete)


def read_hypotheses(listing: Listing) -> tuple[tuple[Hypothesis, ...], bool]:
    """The hypotheses by name, members written `FAMILY/PERSON`, and whether all files could be read.

    The columns that say something of persons rather than kinship are checked and not kept.
    """
    found, sound = [], True
    for file in listing.csv_files(HYPOTHESES):
        hypothesis, complete = _hypothesis(listing, file, PurePosixPath(file).stem)
        sound = sound and complete
        if hypothesis is not None:
            found.append(hypothesis)
    return tuple(found), sound


def read_hypothesis(path: str | Path, name: str) -> Hypothesis:
    """One hypothesis from a file anywhere, under a name of the reader's choice. Raises `Refusal` with all faults."""
    where, faults = Path(path), list[Fault]()
    hypothesis, _ = _hypothesis(Listing(where.parent, faults), where.name, name)
    if faults or hypothesis is None:
        raise Refusal(faults)
    return hypothesis


def _hypothesis(listing: Listing, file: str, name: str) -> tuple[Hypothesis | None, bool]:
    """The hypothesis in a file if it is sound, and whether the file could be read to its end."""
    table = listing.table(file, needed=NEEDED, optional=OPTIONAL)
    problem = id_problem(name)
    if problem:
        remedy = "name the file with 1 to 64 characters in normal form C"
        listing.faults.append(Fault("bad-id", f"hypothesis {shown(name)} {problem}", remedy, file=file))
    lines, complete = _lines(table)
    pedigrees = [_pedigree(members, table.sound, complete) for members in _by_family(lines).values()]
    if problem or not all(p is not None for p in pedigrees):
        return None, complete
    return Hypothesis(name, Pedigree(_full(line) for line in lines)), complete


def _full(line: _Line) -> Member:
    m, of = line.member, f"{line.family}/"
    parents = (None if p is None else of + p for p in (m.father, m.mother))
    father, mother = parents
    return replace(m, id=of + m.id, father=father, mother=mother)


def _by_family(lines: Iterable[_Line]) -> dict[str, list[_Line]]:
    families: dict[str, list[_Line]] = {}
    for line in lines:
        families.setdefault(line.family, []).append(line)
    return families


def _lines(table: Table) -> tuple[list[_Line], bool]:
    """One line per row that names a family and a person, and whether no row was lost."""
    lines = [_line(row) for row in table]
    named = [line for line in lines if line.family and line.member.id]
    return named, table.sound and len(named) == len(lines)


def _line(row: Row) -> _Line:
    family = row.id("family")
    sex = row.choice("sex", SEXES, "unknown")
    twin = row.id("twin", needed=False) or None
    member = Member(
        row.id("person"),
        row.id("father", needed=False) or None,
        row.id("mother", needed=False) or None,
        sex,
        twin,
        row.number("founder_inbreeding", 0.0, 1.0) or 0.0,
        row.number("founder_inbreeding_x", 0.0, 1.0) or 0.0,
        row.id("population", needed=False),
    )
    clan = row.id("clan", needed=False)
    record = PersonRecord(row.text("name"), row.span("born"), row.span("died"), row.yes("deceased"), clan)
    return _Line(row, family, member, row.yes("missing"), record)


def _pedigree(lines: list[_Line], sound: bool, complete: bool) -> Pedigree | None:
    """One family's pedigree, or None and its faults at the rows they concern.

    Faults that only follow from a cell already reported are left out.
    """
    try:
        return Pedigree(line.member for line in lines)
    except Refusal as refusal:
        rows: dict[str, list[_Line]] = {}
        for line in lines:
            rows.setdefault(line.member.id, []).append(line)
        repeats = dict.fromkeys(rows, 0)
        for fault in refusal.faults if sound else ():
            found = rows[fault.value]
            line = found[0]
            if fault.code == "duplicate-person":
                repeats[fault.value] += 1
                line = found[repeats[fault.value]]
            elif len(found) > 1:
                line = _line_at_fault(fault, found)
            if not _follows(fault, line, rows) and (complete or fault.code != "unknown-parent"):
                line.row.fault(fault.code, _column(fault, line.member), fault.message, fault.remedy)
        return None


def _line_at_fault(fault: Fault, lines: list[_Line]) -> _Line:
    """Which row of a person who stands twice a fault is about: the first that shows it."""
    shows: dict[str, Callable[[Member], bool]] = {
        "one-parent": lambda m: (m.father is None) != (m.mother is None),
        "unknown-parent": lambda m: getattr(m, fault.column) is not None,
        "parent-sex": lambda m: getattr(m, fault.column) is not None,
        "inbreeding-range": lambda m: bool(m.founder_inbreeding or m.founder_inbreeding_x) and not m.is_founder,
        "founder-population": lambda m: bool(m.population) and not m.is_founder,
    }
    shown_by = shows.get(fault.code)
    return next((line for line in lines if shown_by is None or shown_by(line.member)), lines[0])


def _follows(fault: Fault, line: _Line, rows: Mapping[str, list[_Line]]) -> bool:
    """Whether a fault of the pedigree only follows from a faulty cell."""
    if fault.code == "one-parent":
        return bool(line.row.faulty & {"father", "mother"})
    if fault.code == "parent-sex":
        parent = rows.get(str(getattr(line.member, fault.column)), [])
        return any("sex" in p.row.faulty for p in parent)
    if fault.code == "twins":
        twins = [p for group in rows.values() for p in group if p.member.twin == line.member.twin]
        return any(p.row.faulty & {"sex", "father", "mother"} for p in twins)
    if fault.code in ("inbreeding-range", "founder-population"):
        return bool(line.row.faulty & {"father", "mother"})
    return False


def _column(fault: Fault, member: Member) -> str:
    """The column a fault of the pedigree concerns."""
    if fault.column:
        return fault.column
    if fault.code == "one-parent":
        return "father" if member.father is None else "mother"
    if fault.code == "twins":
        return "twin"
    if fault.code == "inbreeding-range":
        return "founder_inbreeding" if member.founder_inbreeding else "founder_inbreeding_x"
    return "person"
