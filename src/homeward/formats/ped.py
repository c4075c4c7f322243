"""PED text, as PLINK and MERLIN read it: persons with parents, sex and genotypes; marker names stand beside it."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.case import Family
from homeward.faults import Fault, Refusal
from homeward.formats.profiles import Collector, Profiles
from homeward.formats.source import Place, file_bytes
from homeward.formats.table import shown
from homeward.formats.text import text_of
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["FORMAT", "is_ped", "read_ped", "write_ped"]

FORMAT = "ped"
_NONE = {"0", "", "x", "X", "NA"}
_SEXES: dict[str, Sex] = {"1": "male", "2": "female", "M": "male", "F": "female", "m": "male", "f": "female",
                          "male": "male", "female": "female"}  # fmt: skip
_SEX_WORDS = {*_SEXES, "0", "-9", "3", "other", "unknown", "U"}
MOST_PERSONS = 20_000

Person = tuple[int, list[str]]


def is_ped(text: str) -> bool:
    """Whether the lines are PED: five columns of persons with a sex in the fifth, and rows of one length."""
    rows = [line.split() for line in text[:200_000].splitlines()[:200] if line.strip() and not line.startswith("#")]
    if not rows or any("," in c or ";" in c for c in rows[0][:6]):
        return False
    rows = rows[:-1] or rows
    return (
        all(len(r) >= 5 for r in rows)
        and len({len(r) for r in rows}) <= 2
        and sum(r[4] in _SEX_WORDS for r in rows) >= 0.9 * len(rows)
    )


def read_ped(text: str, path: Place, into: Collector) -> None:
    """Persons, families and genotypes. Marker names come from the `.map` (PLINK) or `.dat` (MERLIN) of that name.

    Samples are `FAMILY/PERSON`; family `0` is none. Parents without a line of their own become untyped
    founders (``parent-added``). Without names the markers are called `L1`, `L2`, … (``no-map``).
    """
    rows: list[Person] = [
        (number, _cells(line))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    if len(rows) > MOST_PERSONS:
        into.fault("too-large", "the file has too many persons", "split it", row=rows[MOST_PERSONS][0])
        return
    if not rows:
        into.fault("no-profiles", "the file has no persons", "write a line for each")
        return
    markers, first = _markers(rows, path, into)
    width = first + 2 * len(markers)
    families: dict[str, list[Person]] = {}
    for number, cells in rows:
        if len(cells) < max(5, width if markers else 5):
            message = f"the line has {len(cells)} columns, not {width}"
            into.fault("row-length", message, "give every person all columns", row=number)
            continue
        family, person = cells[0], cells[1]
        families.setdefault(person if family == "0" else family, []).append((number, cells))
        name, kin = (person, "") if family == "0" else (f"{family}/{person}", family)
        sample = into.sample(name, row=number, sex=_SEXES.get(cells[4], "unknown"), family=kin)
        for i, marker in enumerate(markers):
            alleles = [c for c in cells[first + 2 * i : first + 2 * i + 2] if c not in ("0", "-9", "x")]
            into.add(sample, marker, alleles, row=number, columns=[marker] * 2)
    for family, persons in families.items():
        pedigree = _pedigree(persons, into)
        if pedigree is not None:
            into.families.append(Family(family, pedigree, ()))


def _cells(line: str) -> list[str]:
    """A line's columns; MERLIN also writes a genotype as `A/G`."""
    cells = line.split()
    return cells[:5] + [part for cell in cells[5:] for part in cell.split("/")] if "/" in line else cells


def _markers(rows: Sequence[Person], path: Place, into: Collector) -> tuple[list[str], int]:
    """Marker names and the column (from 0) where genotypes begin."""
    found = _beside(path)
    width = len(rows[0][1])
    for first in (6, 5):
        if found and width == first + 2 * len(found):
            return found, first
    if found:
        message = f"{len(found)} markers are named, and the lines have {width} columns"
        into.fault("row-length", message, "give the .map or .dat that belongs to the file", row=rows[0][0])
        return [], 6
    if width <= 6 or not all(_is_allele(c) for _, cells in rows[:50] for c in cells[6:]):
        if width > 6:
            into.note("column-left-out", "columns after the sixth hold no genotypes and were left out")
        return [], 6
    first = 6 if width % 2 == 0 else 5
    into.note("no-map", "no .map or .dat names the markers: they are called L1, L2 and so on")
    return [f"L{i + 1}" for i in range((width - first) // 2)], first


def _is_allele(text: str) -> bool:
    return text in ("A", "C", "G", "T", "-9", "x") or (len(text) <= 4 and text.replace(".", "", 1).isdigit())


def _beside(path: Place) -> list[str]:
    """The names in the `.map` or `.dat` beside the file, [] where there is none."""
    for suffix in (".map", ".dat"):
        data = file_bytes(path.with_suffix(suffix), suffix, []) if path.suffix.lower() != suffix else None
        text = text_of(data, suffix, [], []) if data else None
        if text is None:
            continue
        lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        if suffix == ".dat":
            return [cells[1] for cells in lines if len(cells) > 1 and cells[0].upper() == "M"]
        if lines and lines[0][0].upper() not in ("CHROMOSOME", "CHR"):
            return [cells[1] for cells in lines if len(cells) > 1]
    return []


def _pedigree(persons: Sequence[Person], into: Collector) -> Pedigree | None:
    rows = {cells[1]: cells for _, cells in persons}
    members: list[Member] = []
    added: dict[str, Member] = {}
    for number, cells in persons:
        person, father, mother = cells[1], cells[2], cells[3]
        parents: list[str | None] = [None, None]
        if father not in _NONE or mother not in _NONE:
            for i, (parent, sex) in enumerate(((father, "male"), (mother, "female"))):
                name = parent if parent not in _NONE else f"{'father' if i == 0 else 'mother'} of {person}"
                if name not in rows and name not in added:
                    added[name] = Member(name, sex="male" if sex == "male" else "female")
                    into.note("parent-added", f"the parent {shown(name)} has no line and was added", row=number)
                parents[i] = name
        members.append(Member(person, parents[0], parents[1], _SEXES.get(cells[4], "unknown")))
    try:
        return Pedigree([*members, *added.values()])
    except Refusal as refusal:
        into.faults.extend(
            Fault(f.code, f.message, f.remedy, into.file, persons[0][0], value=f.value) for f in refusal.faults
        )
        return None


def write_ped(profiles: Profiles) -> tuple[dict[str, bytes], tuple[Fault, ...]]:
    """The `.ped` and `.map` texts by suffix, and what they cannot hold. Positions are written as 0."""
    from homeward.formats.writing import held_once, not_held

    faults = list(not_held(profiles, {"sex", "family", "pedigree"}))
    once, left = held_once(profiles)
    faults += left
    markers = list(dict.fromkeys(t.marker for t in once.typings if len(t.alleles) <= 2))
    by_sample = {p.sample: {t.marker: t.alleles for t in p.typings} for p in once.profiles}
    if any(len(t.alleles) > 2 or "?" in t.alleles for t in once.typings):
        faults.append(Fault("not-held", "the new file does not hold third and unknown alleles", "keep the original"))
    rows = [
        (f.id, m.id, m.father or "0", m.mother or "0", m.sex, by_sample.pop(f"{f.id}/{m.id}", {}))
        for f in profiles.families
        for m in f.pedigree
    ]
    sexes = {p.sample: p.sex for p in once.profiles}
    rows += [("0", sample, "0", "0", sexes[sample], calls) for sample, calls in by_sample.items()]
    lines = []
    for family, person, father, mother, sex, calls in rows:
        cells = [family, person, father, mother, {"male": "1", "female": "2"}.get(sex, "0"), "-9"]
        for marker in markers:
            alleles = calls.get(marker, ())
            full = (alleles * 2)[:2] if 1 <= len(alleles) <= 2 and "?" not in alleles else ("0", "0")
            cells += full
        lines.append("\t".join(c.replace(" ", "_") or "0" for c in cells))
    names = "".join(f"0\t{m.replace(' ', '_')}\t0\t0\n" for m in markers)
    return {".ped": ("\n".join(lines) + "\n").encode(), ".map": names.encode()}, tuple(faults)
