"""What a file of profiles says, whatever its format: one value for all readers and writers, and how it is filled."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from homeward.case import Family, FrequencyTable, MtTyping, Typing
from homeward.faults import Fault
from homeward.formats.calls import EMPTY, is_pseudo_marker, kind_of, name_of, token_of
from homeward.formats.table import shown
from homeward.genetics import NULL
from homeward.pedigree import Sex

__all__ = ["Collector", "Frequencies", "Origin", "Profile", "Profiles", "set_aside"]

MOST_TYPINGS = 2_000_000
_MIXTURE_MARKERS = 2


@dataclass(frozen=True, slots=True)
class Profile:
    """One sample of a file: its name as given (NFC) and everything typed of it.

    ``typings`` have canonical marker names and hold also what cannot be weighed: third alleles, `OL`,
    `<12`, sequences. A homozygote has its allele twice, except at Y markers and where `sex` makes it
    hemizygous. ``category`` is what kind of sample the file says it is; ``family`` and ``relationship``
    (of the missing person to this one) are words of the file, as is the mtDNA's ``haplogroup``; ``count``: how many
    persons a row of a database stands for.
    """

    sample: str
    typings: tuple[Typing, ...]
    sex: Sex = "unknown"
    family: str = ""
    relationship: str = ""
    category: str = ""
    haplogroup: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in its file a typing stands: the (first) row, and the marker and the cells as the file has them."""

    row: int | None
    marker: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Profiles:
    """What a file of profiles says. ``findings``: what was set aside, guessed or left away, each with its place.

    ``families``: pedigrees, where the format holds them. ``marker_names``: canonical name → name as given,
    where they differ. ``mt``: mitochondrial haplotypes, of samples that stand among ``profiles``. ``origins``: (sample,
    marker, replicate) → where a typing stands, if the file was read closely; provenance.
    """

    format: str
    profiles: tuple[Profile, ...]
    findings: tuple[Fault, ...] = ()
    families: tuple[Family, ...] = ()
    marker_names: Mapping[str, str] = field(default_factory=dict)
    mt: tuple[MtTyping, ...] = ()
    origins: Mapping[tuple[str, str, int], Origin] = field(default_factory=dict, compare=False)

    def __getitem__(self, sample: str) -> Profile:
        """The profile of a sample. Raises KeyError."""
        for profile in self.profiles:
            if profile.sample == sample:
                return profile
        raise KeyError(sample)

    @property
    def typings(self) -> tuple[Typing, ...]:
        """Everything typed, in the order of the file."""
        return tuple(t for p in self.profiles for t in p.typings)

    @property
    def mixtures(self) -> frozenset[str]:
        """Samples with more than two alleles at several markers."""
        return frozenset(f.sample for f in self.findings if f.code == "mixture")

    @property
    def weighable(self) -> tuple[Typing, ...]:
        """The typings that a calculation can use: no mixture, no third allele, no allele off the ladder."""
        mixtures = self.mixtures
        return tuple(t for t in self.typings if t.sample not in mixtures and not set_aside(t))


@dataclass(frozen=True)
class Frequencies:
    """What a file of allele frequencies says; ``findings`` as in `Profiles`."""

    format: str
    tables: tuple[FrequencyTable, ...]
    findings: tuple[Fault, ...] = ()
    marker_names: Mapping[str, str] = field(default_factory=dict)


def set_aside(typing: Typing) -> str:
    """Why a typing cannot be weighed (a finding's code), "" when it can."""
    for allele in typing.alleles:
        if allele == "OL":
            return "off-ladder"
        if allele[0] in "<>≤≥":
            return "beyond-ladder"
        if len(allele) > 1 and set(allele) <= set("ACGTN"):
            return "sequence-only"
        if typing.marker.startswith("rs") and not set(allele.split("|")) <= {"A", "C", "G", "T", "?"}:
            return "coded-allele"
    if len(typing.alleles) == 1 and typing.marker.startswith("rs"):
        return "single-allele"
    if len(typing.alleles) > 2 and kind_of(typing.marker) != "Y":
        return "three-alleles"
    return ""


_MESSAGES = {
    "off-ladder": ("an allele lies off the ladder", "give its number, or leave the marker out"),
    "beyond-ladder": ("an allele lies beyond the ladder", "give its number, or leave the marker out"),
    "sequence-only": ("an allele is given by its sequence only", "give its number"),
    "coded-allele": ("an allele is a code, not a base", "give the bases A C G T"),
    "three-alleles": ("more than two alleles at one marker", "the marker is set aside"),
    "mixture": ("more than two alleles at several markers: a mixture", "the sample is set aside; deconvolve it first"),
    "homozygote-once": ("one allele at an autosomal marker, read as a homozygote", ""),
    "sequence-left-out": ("of alleles given by number and sequence, the numbers were read", ""),
    "pseudo-marker": ("a kit's quality control is no marker and was left out", ""),
    "repeated-typing": ("the same typing stands in several sheets or rows and was read once", ""),
    "same-name": ("two families have a sample of this name; it was read as FAMILY/NAME", "give every sample a name"),
    "several-relationships": ("the sample stands in several rows with different relationships", ""),
    "single-allele": ("one allele of a marker on a sex chromosome", "it is set aside"),
    "ladder": ("an allelic ladder is nobody's profile and was left out", ""),
    "no-typings": ("the sample has no alleles at any marker", ""),
}


class Collector:
    """Gathers the samples of one file. What is wrong goes to ``faults``, what is worth telling to ``findings``."""

    def __init__(self, format: str, file: str, faults: list[Fault]) -> None:
        self.format, self.file, self.faults = format, file, faults
        self.findings: list[Fault] = []
        self.families: list[Family] = []
        self._typings: dict[str, list[Typing]] = {}
        self._said: dict[str, Profile] = {}
        self._given: dict[str, str] = {}
        self._replicates: Counter[tuple[str, str]] = Counter()
        self._counts: Counter[str] = Counter()
        self._number = 0
        self.origins: dict[tuple[str, str, int], Origin] | None = None
        """Where every typing stands, where somebody asks for it."""
        self.part = 0
        """The sheet being read: what two sheets say alike is one typing."""
        self._parts: dict[tuple[str, str, tuple[str, ...]], int] = {}

    def fault(self, code: str, message: str, remedy: str, *, row: int | None = None, column: str = "", value: str = "",
              sample: str = "", marker: str = "") -> None:  # fmt: skip
        self.faults.append(Fault(code, message, remedy, self.file, row, column[:200], value[:200], sample, marker[:64]))

    def sample(self, name: str, *, row: int | None = None, column: str = "", sex: Sex = "unknown", family: str = "",
               relationship: str = "", category: str = "") -> str:  # fmt: skip
        """The sample's name as kept, "" and a fault when it is none; what the file says of it is remembered."""
        text = unicodedata.normalize("NFC", name).strip()
        if not 1 <= len(text) <= 200 or any(unicodedata.category(c) in ("Cc", "Cs", "Cn") for c in text):
            message = f"{shown(name)} is no sample's name"
            self.fault("bad-id", message, "give every sample a name", row=row, column=column, value=name)
            return ""
        if "ladder" in f"{text} {category}".casefold():
            self._counts["ladder"] += 1
            return ""
        known = self._said.get(text)
        if known and family.strip() and known.family and known.family != family.strip():
            self.find("same-name", sample=text, row=row)
            text = f"{family.strip()}/{text}"
        elif known and relationship.strip() and relationship.strip() not in known.relationship.split("; "):
            joined = "; ".join(filter(None, (known.relationship, relationship.strip())))
            self._said[text] = replace(known, relationship=joined)
            self.find("several-relationships", sample=text, row=row)
        if text not in self._said:
            self._typings[text] = []
            self._said[text] = Profile(text, (), sex, family.strip(), relationship.strip(), category.strip())
        return text

    def add(self, sample: str, marker: str, cells: Sequence[str], heights: Sequence[str] = (), *,
            row: int | None = None, columns: Sequence[str] = (), hemizygous: bool = False) -> None:  # fmt: skip
        """One typing, from the cells as the file has them; nothing is added where no cell has an allele.

        ``hemizygous``: the file says that one allele is all there can be.
        """
        if not sample or not marker.strip():
            return
        if is_pseudo_marker(marker):
            self._counts["pseudo-marker"] += 1
            return
        name = name_of(marker)
        if not 1 <= len(name) <= 64 or not name.isprintable():
            message = f"{shown(marker)} is no marker name"
            self.fault("bad-value", message, "use 1 to 64 printable characters", row=row, value=marker, sample=sample)
            return
        self._given.setdefault(name, unicodedata.normalize("NFC", marker).strip())
        alleles, values = self._alleles(sample, name, cells, heights, row, columns)
        if not alleles:
            return
        if self._number >= MOST_TYPINGS:
            if self._number == MOST_TYPINGS:
                self.fault("too-large", "the file has too many typings", "split it", row=row)
            self._number += 1
            return
        seen = self._parts.setdefault((sample, name, tuple(sorted(alleles))), self.part)
        if seen != self.part:
            self._counts["repeated-typing"] += 1
            return
        self._number += 1
        self._replicates[sample, name] += 1
        kind = kind_of(name)
        if len(alleles) == 1 and not hemizygous and kind in ("autosomal", "sex") and alleles[0] not in ("OL", "?"):
            alleles = alleles * 2
            self._counts["homozygote-once"] += kind == "autosomal"
        typing = Typing(sample, name, tuple(alleles), self._replicates[sample, name], tuple(values))
        self._typings[sample].append(typing)
        if self.origins is not None:
            self.origins[sample, name, typing.replicate] = Origin(row, marker.strip(), tuple(cells))
        if code := set_aside(typing):
            self.find(code, sample=sample, marker=name, row=row, value=" ".join(alleles))

    def add_sequences(self, sample: str, marker: str, sequences: Sequence[str], heights: Sequence[str] = (), *,
                      row: int | None = None) -> None:  # fmt: skip
        """One typing whose alleles are given by their bases."""
        name = name_of(marker)
        bases = [s.strip().upper() for s in sequences]
        for text in bases:
            if not text or not set(text) <= set("ACGTN") or len(text) > 10_000:
                message = f"{shown(text)} is no sequence"
                self.fault("bad-allele", message, "write the bases A C G T", row=row, value=text, marker=marker)
                return
        values = [self._height(h, sample, name, row) for h in heights]
        if not sample or not name or not bases:
            return
        self._given.setdefault(name, unicodedata.normalize("NFC", marker).strip())
        self._replicates[sample, name] += 1
        known = tuple(v for v in values if v is not None)
        typing = Typing(sample, name, tuple(bases), self._replicates[sample, name],
                        known if len(known) == len(bases) else ())  # fmt: skip
        self._typings[sample].append(typing)
        if self.origins is not None:
            self.origins[sample, name, typing.replicate] = Origin(row, marker.strip(), tuple(sequences))
        self.find("sequence-only", sample=sample, marker=name, row=row)

    def find(self, code: str, *, sample: str = "", marker: str = "", row: int | None = None, value: str = "") -> None:
        """A finding with the words that belong to its code."""
        message, remedy = _MESSAGES[code]
        self.findings.append(Fault(code, message, remedy, self.file, row, "", value[:200], sample, marker[:64]))

    def note(self, code: str, message: str, remedy: str = "", *, row: int | None = None, column: str = "") -> None:
        """A finding in words of its own."""
        self.findings.append(Fault(code, message, remedy, self.file, row, column[:200]))

    def _alleles(self, sample: str, marker: str, cells: Sequence[str], heights: Sequence[str], row: int | None,
                 columns: Sequence[str]) -> tuple[list[str], list[float]]:  # fmt: skip
        alleles: list[str] = []
        values: list[float] = []
        for i, cell in enumerate(cells):
            if cell == NULL and self.format == "homeward-csv" and kind_of(marker) == "Y":
                alleles.append(NULL)  # elsewhere the word says that nothing was typed
                continue
            try:
                token = token_of(cell, marker)
            except ValueError:
                column = columns[i] if i < len(columns) else ""
                message = f"{shown(cell)} is no allele of {marker}"
                remedy = "write an STR allele as 9.3, a SNP's as A C G T, AMEL as X Y"
                self.fault("bad-allele", message, remedy, row=row, column=column, value=cell, sample=sample,
                           marker=marker)  # fmt: skip
                continue
            if token is None:
                continue
            self._counts["sequence-left-out"] += token.code == "sequence-left-out"
            alleles.append(token.allele)
            height = self._height(heights[i] if i < len(heights) else "", sample, marker, row)
            if height is not None and len(values) == len(alleles) - 1:
                values.append(height)
        whole = len(values) == len(alleles) or (len(set(alleles)) == 1 and len(values) == 1)
        return alleles, values if whole else []

    def _height(self, text: str, sample: str, marker: str, row: int | None) -> float | None:
        plain = unicodedata.normalize("NFKC", text).strip()
        if plain.upper() in EMPTY:
            return None
        try:
            value = float(plain.replace(",", ".") if plain.count(",") == 1 else plain)
        except ValueError:
            value = -1.0
        if not 0 <= value < 1e12:
            message = f"{shown(text)} is no peak height"
            self.fault("bad-number", message, "write a number", row=row, value=text, sample=sample, marker=marker)
            return None
        return value

    def profiles(self) -> Profiles:
        """Everything gathered; samples with more than two alleles at several markers are told of as mixtures."""
        crowded = Counter(f.sample for f in self.findings if f.code == "three-alleles")
        for sample in self._typings:
            if crowded[sample] >= _MIXTURE_MARKERS:
                self.findings.append(replace(self._finding("mixture"), sample=sample))
            if not self._typings[sample]:
                told = self._finding("no-typings")
                self.findings.append(replace(told, message=f"{sample}: {told.message}", sample=sample))
        for code, count in sorted(self._counts.items()):
            if count:
                finding = self._finding(code)
                self.findings.append(replace(finding, message=f"{finding.message} ({count} times)"))
        profiles = tuple(replace(self._said[s], typings=tuple(rows)) for s, rows in self._typings.items())
        given = {canonical: name for canonical, name in self._given.items() if name != canonical}
        origins = self.origins or {}
        return Profiles(self.format, profiles, tuple(self.findings), tuple(self.families), given, origins=origins)

    def _finding(self, code: str) -> Fault:
        message, remedy = _MESSAGES[code]
        return Fault(code, message, remedy, self.file)
