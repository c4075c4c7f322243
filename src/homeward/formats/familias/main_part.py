"""The first part of a `.fam` file, one value a line: persons, relations, pedigrees, the marker database.

The order of the lines was learnt from files and from what the readers of other programs expect of them;
each function reads one block of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from homeward.faults import Fault
from homeward.formats.familias.text import Lines
from homeward.pedigree import Sex

__all__ = ["Database", "FamPedigree", "FamPerson", "MainPart", "Marker", "Mutation", "read_main_part"]

MAX_PEDIGREES = 1000
MAX_EXTRAS = 100
"""Unnamed persons a pedigree may ask for; they cost memory but no lines, so the file's length does not bound them."""

_REAL = r"([0-9.eE+-]+(?:,[0-9]+)?)"
"""A number, its decimal comma included, so that `0,01` is refused and not read as 0."""

_THETA = re.compile(rf"Theta/Kinship/Fst:\s*{_REAL}")
_DATABASES = re.compile(r"#Databases:\s*([0-9]{1,6})")
_INFO = {
    "dropout": re.compile(rf"Dropout probability\s*=\s*{_REAL}"),
    "minor": re.compile(rf"Minor allele frequency\s*=\s*{_REAL}"),
}


@dataclass(frozen=True)
class FamPerson:
    """A person with genotypes as (first allele, second allele, marker), positions in the database."""

    name: str
    sex: Sex
    consider_dropout: bool
    genotypes: tuple[tuple[int, int, int], ...]
    line: int
    genotype_lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class FamPedigree:
    """Relations (parent, child) between positions: persons, then the file's extras, then the pedigree's."""

    name: str
    extra_females: int
    extra_males: int
    relations: tuple[tuple[int, int], ...]
    line: int


@dataclass(frozen=True)
class Mutation:
    """One parent's model: code 0 equal, 1 proportional, 2 stepwise, 3 stepwise stationary, 4 extended stepwise."""

    code: int
    rate: float
    range: float
    rate2: float


@dataclass(frozen=True)
class Marker:
    name: str
    female: Mutation
    male: Mutation
    silent: float
    dropout: float
    minor_frequency: float
    alleles: tuple[tuple[str, float], ...]
    line: int
    allele_lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Database:
    name: str
    theta: float
    markers: tuple[Marker, ...]


@dataclass
class MainPart:
    persons: tuple[FamPerson, ...]
    known: FamPedigree
    pedigrees: tuple[FamPedigree, ...]
    database: Database
    faults: list[Fault] = field(default_factory=list)


def read_main_part(lines: Lines) -> MainPart:
    """Reads from the first line to the end of the database; `Broken` where the order is not kept."""
    faults: list[Fault] = []
    _preamble(lines)
    persons = tuple(_person(lines) for _ in range(lines.count("the number of persons", 6)))
    if lines.text("the heading") != "Known relations":
        raise lines.broken('the heading "Known relations" should follow the persons', lines.lines[lines.at - 1])
    heading = lines.at
    known = _relations(lines, "", heading, faults)
    pedigrees = tuple(
        _pedigree(lines, faults) for _ in range(lines.count("the number of pedigrees", 5, most=MAX_PEDIGREES))
    )
    return MainPart(persons, known, pedigrees, _database(lines, faults), faults)


def _preamble(lines: Lines) -> None:
    if "familias" not in lines.text("the first line").lower():
        raise lines.broken(
            "the first line does not say that this is output of Familias",
            lines.lines[lines.at - 1],
            "give a .fam file saved by Familias (PLINK .fam files are another format)",
        )
    lines.raw("the second line")
    lines.raw("the version")
    if lines.peek().strip() in ('""', ""):
        lines.raw("the case's title")
    elif lines.peek().startswith('"'):
        lines.text("the case's title")


def _person(lines: Lines) -> FamPerson:
    name = lines.text("a person's name")
    line = lines.at
    lines.raw("a person's first flag")
    consider = "consider dropout" in lines.raw("a person's year of birth").lower()
    lines.raw("a person's second flag")
    sex: Sex = "male" if lines.flag("whether the person is male") else "female"
    genotypes, at = [], []
    for _ in range(lines.count("the number of genotypes", 3)):
        at.append(lines.at + 1)
        genotypes.append(
            (lines.number("an allele"), lines.number("an allele"), lines.number("the marker of a genotype"))
        )
    return FamPerson(name, sex, consider, tuple(genotypes), line, tuple(at))


def _pedigree(lines: Lines, faults: list[Fault]) -> FamPedigree:
    lines.number("the number of a pedigree")
    name = lines.text("the name of a pedigree")
    return _relations(lines, name, lines.at, faults)


def _relations(lines: Lines, name: str, line: int, faults: list[Fault]) -> FamPedigree:
    females = lines.number("the number of extra females", high=MAX_EXTRAS)
    males = lines.number("the number of extra males", high=MAX_EXTRAS)
    relations = []
    for _ in range(lines.count("the number of relations", 2)):
        if "direct" in lines.peek().lower():
            lines.raw("a relation")
            lines.raw("a relation")
            faults.append(
                Fault(
                    "unsupported-direct-relation",
                    "two persons are declared one person or identical twins by a direct relation",
                    "remove the relation in Familias and mark the twins in a case folder",
                    file=lines.file,
                    row=lines.at - 1,
                )
            )
            continue
        relations.append((lines.number("a parent"), lines.number("a child")))
    return FamPedigree(name, females, males, tuple(relations), line)


def _database(lines: Lines, faults: list[Fault]) -> Database:
    head = lines.raw("the heading of the databases")
    if head.startswith("#TRUE#"):
        raise lines.broken(
            "the file holds computed pedigree probabilities, whose lines are not known to this reader",
            remedy="save the file in Familias without computed probabilities",
        )
    if not head.startswith("#FALSE#"):
        raise lines.broken("the heading of the databases should begin with #TRUE# or #FALSE#", head)
    number = _DATABASES.search(head)
    if number and int(number[1]) > 1:
        raise lines.broken(f"{number[1]} databases in one file; only one can be read", head, "keep one database")
    theta = _info(lines, head, _THETA)
    count = lines.count("the number of markers", 13)
    name = ""
    if lines.flag("whether the database has a name"):
        name = lines.text("the name of the database")
    markers = tuple(_marker(lines) for _ in range(count))
    return Database(name, theta, markers)


def _info(lines: Lines, text: str, pattern: re.Pattern[str]) -> float:
    found = pattern.search(text)
    if not found:
        return 0.0
    return lines.real("a value of this line", high=1.0, of=found[1])


def _marker(lines: Lines) -> Marker:
    name = lines.text("the name of a marker")
    line = lines.at
    rates = [lines.real(f"the {sex} mutation rate", high=1.0) for sex in ("female", "male")]
    codes = [lines.number(f"the {sex} mutation model", high=4) for sex in ("female", "male")]
    lines.number("the number of alleles with the silent one")
    ranges = [lines.real(f"the {sex} mutation range") for sex in ("female", "male")]
    rates2 = [lines.real(f"the {sex} second mutation rate", high=1.0) for sex in ("female", "male")]
    silent = lines.flag("whether there is a silent allele")
    silent_frequency = lines.real("the frequency of the silent allele", high=1.0)
    info = lines.raw("the number of alleles")
    count = lines.count("the number of alleles", 2, of=info.split("(")[0])
    dropout, minor = (_info(lines, info, _INFO[key]) for key in ("dropout", "minor"))
    alleles, at = [], []
    for _ in range(count):
        at.append(lines.at + 1)
        alleles.append((lines.text("an allele"), lines.real("an allele's frequency", high=1.0)))
    female, male = (Mutation(*values) for values in zip(codes, rates, ranges, rates2, strict=True))
    return Marker(
        name, female, male, silent_frequency if silent else 0.0, dropout, minor, tuple(alleles), line, tuple(at)
    )
