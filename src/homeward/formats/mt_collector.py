"""Gathers the mitochondrial haplotypes of one file; every reader of them gives its rows to it."""

from __future__ import annotations

import unicodedata
from collections import Counter

from homeward.case import MtTyping, Span
from homeward.faults import Fault
from homeward.formats.profiles import Profile, Profiles
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
_MOST_HAPLOTYPES = 200_000


class MtCollector:
    """What is wrong goes to ``faults``, all of it; what is worth telling becomes a finding."""

    def __init__(self, format: str, file: str, faults: list[Fault]) -> None:
        self.format, self.file, self.faults = format, file, faults
        self._said: dict[str, Profile] = {}
        self._typings: list[MtTyping] = []
        self._replicates: Counter[str] = Counter()
        self._told: Counter[str] = Counter()

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
        self._replicates[name] += 1
        self._typings.append(MtTyping(name, found.ranges, found.differences, self._replicates[name]))
        group = "" if haplogroup.strip() in ("?", "-") else haplogroup.strip()
        self._said.setdefault(
            name, Profile(name, (), family=family, relationship=relationship, haplogroup=group, count=count)
        )

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
        words = {
            "back-mutation": "differences marked ! were read as reverted: the base of the rCRS stands there",
            "unknown-length": "insertions of unknown length were read as one base",
            "range-assumed": "the file names no ranges: the whole mtDNA was taken as read",
        }
        findings = [
            Fault(code, f"{words[code]} ({n} times)", "", self.file) for code, n in sorted(self._told.items()) if n
        ]
        return Profiles(self.format, tuple(self._said.values()), tuple(findings), mt=tuple(self._typings))
