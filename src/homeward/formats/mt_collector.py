"""Gathers the mitochondrial haplotypes of one file; every reader of them gives its rows to it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace

from homeward.case import MtTyping, Span
from homeward.faults import Fault
from homeward.formats.profiles import Origin, Profile, Profiles
from homeward.formats.table import shown
from homeward.genetics.mtdna import MtHaplotype, NotationError

__all__ = ["MtCollector"]

_REMEDIES = {
    "bad-difference": ("is no difference to the rCRS", "write 73G, 315.1C, 249DEL, 16189Y or 73N"),
    "bad-position": ("has no position of the mtDNA", "positions go from 1 to 16569"),
    "reference-base": ("names another base than the rCRS has there", "state differences to the rCRS (NC_012920)"),
    "contradiction": (
        "contradicts another difference of the row",
        "write a mixture as 16189Y",
    ),
    "insertion-gap": ("has no inserted base before it", "write 309.1C before 309.2C"),
    "outside-range": ("lies outside the ranges that were read", "correct the range or the difference"),
}
_WORDS = {
    "back-mutation": "differences marked ! were read as reverted: the base of the rCRS stands there",
    "unknown-length": "insertions of unknown length were read as one base",
    "repeated-typing": "the same haplotype stands in several rows and was read once",
    "same-name": "two families have a sample of this name; the second was read as FAMILY/NAME",
    "several-relationships": "one sample stands in several rows with different relationships",
    "range-assumed": "the file names no ranges: the whole mtDNA was taken as read",
}
_MOST_HAPLOTYPES = 200_000


class MtCollector:
    """What is wrong goes to ``faults``, all of it; what is worth telling becomes a finding."""

    def __init__(self, format: str, file: str, faults: list[Fault]) -> None:
        self.format, self.file, self.faults = format, file, faults
        self._said: dict[str, Profile] = {}
        self._typings: list[MtTyping] = []
        self._replicates: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        self._origins: dict[tuple[str, str, int], Origin] = {}

    def fault(self, code: str, message: str, remedy: str, *, row: int | None = None, column: str = "", value: str = "",
              sample: str = "") -> None:  # fmt: skip
        self.faults.append(Fault(code, message, remedy, self.file, row, column, value[:200], sample[:64]))

    def tell(self, code: str) -> None:
        """A finding, counted."""
        self._told[code] += 1

    def add(self, sample: str, ranges: tuple[Span, ...], differences: tuple[str, ...], *, row: int,
            haplogroup: str = "", count: int = 1, family: str = "", relationship: str = "") -> None:  # fmt: skip
        """One haplotype, as the file writes it; a sample's second one is a replicate."""
        name = unicodedata.normalize("NFC", sample).strip()
        if not name or len(name) > 200 or not name.isprintable():
            self.fault("bad-id", "the row names no sample", "give every sample a name", row=row, value=sample)
            return
        try:
            found = MtHaplotype(ranges, differences)
        except NotationError:
            self._each(name, ranges, differences, row)
            return
        self._told["back-mutation"] += sum(d.endswith("!") for d in differences)
        self._told["unknown-length"] += sum(".x" in d.lower() for d in differences)
        if len(self._typings) >= _MOST_HAPLOTYPES:
            if len(self._typings) == _MOST_HAPLOTYPES:
                self.fault("too-large", "the file has too many haplotypes", "split it", row=row)
            return
        name = self._relative(name, family, relationship)
        if relationship and any(t.sample == name and t.differences == found.differences for t in self._typings):
            self._told["repeated-typing"] += 1
            return
        self._replicates[name] += 1
        self._typings.append(MtTyping(name, found.ranges, found.differences, self._replicates[name]))
        self._origins[name, "mtDNA", self._replicates[name]] = Origin(row, "mtDNA", tuple(differences))
        group = "" if haplogroup.strip() in ("?", "-") else haplogroup.strip()
        self._said.setdefault(
            name, Profile(name, (), family=family, relationship=relationship, haplogroup=group, count=count)
        )

    def _relative(self, name: str, family: str, relationship: str) -> str:
        """The name kept: with its family where another family has one of this name."""
        known = self._said.get(name)
        if known and family and known.family and known.family != family:
            self._told["same-name"] += 1
            return f"{family}/{name}"
        if known and relationship and relationship not in known.relationship.split("; "):
            self._told["several-relationships"] += 1
            joined = "; ".join(filter(None, (known.relationship, relationship)))
            self._said[name] = replace(known, relationship=joined)
        return name

    def _each(self, name: str, ranges: tuple[Span, ...], differences: tuple[str, ...], row: int) -> None:
        """A fault for every difference that is wrong by itself, else for the first that does not go with the rest."""
        before = len(self.faults)
        for text in differences:
            try:
                MtHaplotype(ranges, (text,))
            except NotationError as problem:
                if problem.code != "insertion-gap":
                    self._wrong(problem, name, row)
        if len(self.faults) == before:
            try:
                MtHaplotype(ranges, differences)
            except NotationError as problem:
                self._wrong(problem, name, row)

    def _wrong(self, problem: NotationError, name: str, row: int) -> None:
        words, remedy = _REMEDIES[problem.code]
        self.fault(problem.code, f"{shown(problem.value)} {words}", remedy, row=row, value=problem.value, sample=name)

    def profiles(self) -> Profiles:
        """Everything gathered."""
        findings = [
            Fault(code, f"{_WORDS[code]} ({n} times)", "", self.file) for code, n in sorted(self._told.items()) if n
        ]
        said = tuple(self._said.values())
        return Profiles(self.format, said, tuple(findings), mt=tuple(self._typings), origins=self._origins)
