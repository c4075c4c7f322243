"""The `[DVI]` part of a `.fam` file: headings in brackets, one bracket a level, and `Key= value` lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from homeward.formats.familias.text import Broken, Lines, whole
from homeward.pedigree import Sex

__all__ = ["DviFamily", "DviPart", "DviPedigree", "DviPerson", "DviTyping", "find_dvi", "read_dvi_part"]

_HEADING = "[DVI]"
_MAX_LEVEL = 12


@dataclass(frozen=True)
class DviTyping:
    marker: str
    alleles: tuple[str, str]
    line: int


@dataclass(frozen=True)
class DviPerson:
    name: str
    sex: Sex
    typings: tuple[DviTyping, ...]
    line: int


@dataclass(frozen=True)
class DviPedigree:
    """Relations as (parent, child, line), persons by name."""

    name: str
    relations: tuple[tuple[str, str, int], ...]
    line: int


@dataclass(frozen=True)
class DviFamily:
    name: str
    persons: tuple[DviPerson, ...]
    pedigrees: tuple[DviPedigree, ...]
    line: int


@dataclass(frozen=True)
class DviPart:
    """``size``: persons in the accident, None where the file counts its own list."""

    unidentified: tuple[DviPerson, ...]
    families: tuple[DviFamily, ...]
    size: int | None


@dataclass
class _Section:
    title: str
    level: int
    line: int
    entries: list[tuple[str, str, int]] = field(default_factory=list)
    sections: list[_Section] = field(default_factory=list)

    def section(self, title: str) -> _Section | None:
        return next((s for s in self.sections if s.title.lower() == title.lower()), None)

    def value(self, key: str) -> str | None:
        return next((value for k, value, _ in self.entries if k.lower() == key.lower()), None)

    def named(self, word: str) -> Iterator[_Section]:
        """The parts `Person 1`, `Person 2`, … in their order."""
        return (s for s in self.sections if s.title.lower().rsplit(" ", 1)[0] == word.lower())


def find_dvi(lines: Lines) -> int | None:
    """Index of the line `[DVI]`, None where the file has no such part."""
    return next((i for i in range(lines.at, len(lines.lines)) if lines.lines[i].strip() == _HEADING), None)


def read_dvi_part(lines: Lines, start: int) -> DviPart:
    """Everything after the heading; `Broken` where counts and contents do not agree."""
    root = _tree(lines, start)
    dvi = root.section("DVI")
    if dvi is None:
        raise Broken(start + 1, "the part [DVI] is empty", file=lines.file)
    unidentified = dvi.section("Unidentified persons")
    references = dvi.section("Reference Families")
    return DviPart(
        tuple(_persons(unidentified, lines.file)) if unidentified else (),
        tuple(_families(references, lines.file)) if references else (),
        _size(root.section("Prior")),
    )


def _tree(lines: Lines, start: int) -> _Section:
    root = _Section("", 0, start)
    path = [root]
    for i in range(start, len(lines.lines)):
        line = lines.lines[i].strip()
        if not line:
            continue
        level = len(line) - len(line.lstrip("["))
        if level:
            if level > min(len(path), _MAX_LEVEL):
                raise Broken(i + 1, "a heading stands deeper than the one above it allows", value=line, file=lines.file)
            section = _Section(line.strip("[]").strip(), level, i + 1)
            path = path[:level]
            path[-1].sections.append(section)
            path.append(section)
        else:
            key, equals, value = line.partition("=")
            if not equals:
                raise Broken(i + 1, "a line should be a heading or `Key= value`", value=line, file=lines.file)
            path[-1].entries.append((key.strip(), value.strip(), i + 1))
    return root


def _size(prior: _Section | None) -> int | None:
    """The accident's size counts only where the file does not say that its list is complete."""
    if prior is None or (prior.value("UseList") or "").lower() != "no":
        return None
    return whole(prior.value("Size") or "")


def _agree(section: _Section, key: str, found: int, file: str) -> None:
    said = whole(section.value(key) or "")
    if said != found:
        raise Broken(
            section.line, f"{section.title} says {key}= {section.value(key)} and holds {found}", file=file, value=key
        )


def _persons(section: _Section, file: str) -> Iterator[DviPerson]:
    persons = list(section.named("Person"))
    _agree(section, "nPersons", len(persons), file)
    for person in persons:
        data = person.section("DNA data")
        typings = tuple(_typings(data, file)) if data else ()
        yield DviPerson(person.value("Name") or "", _sex(person.value("Gender")), typings, person.line)


def _sex(text: str | None) -> Sex:
    known: dict[str, Sex] = {"male": "male", "female": "female"}
    return known.get((text or "").lower(), "unknown")


def _typings(data: _Section, file: str) -> Iterator[DviTyping]:
    """Three lines a marker: its name and two alleles."""
    keys = [key.lower() for key, _, _ in data.entries if key.lower() != "nsystems"]
    rows = [(value, line) for key, value, line in data.entries if key.lower() != "nsystems"]
    for i in range(0, len(rows), 3):
        if keys[i : i + 3] != ["systemname", "allele1", "allele2"]:
            raise Broken(
                rows[i][1], "DNA data should be SystemName, Allele1 and Allele2 in this order", keys[i], file=file
            )
        yield DviTyping(rows[i][0], (rows[i + 1][0], rows[i + 2][0]), rows[i][1])
    _agree(data, "nSystems", len(rows) // 3, file)


def _families(section: _Section, file: str) -> Iterator[DviFamily]:
    families = list(section.named("Family"))
    _agree(section, "nFamilies", len(families), file)
    for family in families:
        persons, pedigrees = family.section("Persons"), family.section("Pedigrees")
        yield DviFamily(
            family.value("Name") or "",
            tuple(_persons(persons, file)) if persons else (),
            tuple(_pedigrees(pedigrees, file)) if pedigrees else (),
            family.line,
        )


def _pedigrees(section: _Section, file: str) -> Iterator[DviPedigree]:
    pedigrees = list(section.named("Pedigree"))
    _agree(section, "nPedigrees", len(pedigrees), file)
    for pedigree in pedigrees:
        pairs = [e for e in pedigree.entries if e[0].lower() in ("parent", "child")]
        relations = []
        for i in range(0, len(pairs), 2):
            if [key.lower() for key, _, _ in pairs[i : i + 2]] != ["parent", "child"]:
                raise Broken(pairs[i][2], "a relation should be Parent and then Child", pairs[i][1], file=file)
            relations.append((pairs[i][1], pairs[i + 1][1], pairs[i][2]))
        _agree(pedigree, "nRelations", len(relations), file)
        yield DviPedigree(pedigree.value("Name") or "", tuple(relations), pedigree.line)
