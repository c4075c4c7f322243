"""What both sides must have agreed before a private match: panel, classes, threshold, sizes, parameters of the ring."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations_with_replacement
from math import ceil, log2

from homeward.faults import Fault, Refusal

__all__ = ["PLAIN", "PrivateLocus", "PrivateTerms", "private_locus"]

PLAIN = 65537
"""p, the integers modulo which scores are computed: a Fermat prime, so that rings up to N = 32768 pack N slots."""

LARGEST_MODULUS = {16384: 438, 32768: 881}
"""Ring N → most bits of the coefficient modulus at 128 bits of security (homomorphicencryption.org, 2018, table 1)."""
FEWEST_REMAINS = 32
"""A query has room for so many remains at least: a smaller one would need more blocks than a ring has rotations for."""


@dataclass(frozen=True)
class PrivateLocus:
    """One locus of the panel and the classes a typing falls into there.

    ``alleles``: every allele that may be shown, in the panel's order. ``copies``: 2, or 1 for a lineage marker.
    Classes, in this order: genotypes, homozygous or not, as pairs of allele positions i ≤ j by row (alleles where
    there is one copy); for every agreed drop-out level each allele seen alone, ``a/?``; last, untyped.
    """

    name: str
    alleles: tuple[str, ...]
    copies: int = 2
    levels: int = 0

    @cached_property
    def genotypes(self) -> tuple[tuple[int, ...], ...]:
        return tuple(combinations_with_replacement(range(len(self.alleles)), self.copies))

    @property
    def classes(self) -> int:
        """How many, untyped included."""
        return len(self.genotypes) + self.levels * len(self.alleles) + 1

    @property
    def untyped(self) -> int:
        return self.classes - 1

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {allele: i for i, allele in enumerate(self.alleles)}

    def seen_alone(self, level: int, allele: int) -> int:
        """The class of one allele seen, the other perhaps lost, at an agreed drop-out level."""
        return len(self.genotypes) + level * len(self.alleles) + allele

    def class_of(self, alleles: Sequence[str], level: int | None = None) -> int:
        """The class of a typing.

        ``alleles``: as typed; ``?`` and an uncertain ``8|9`` say nothing that a class can hold. ``level``: which agreed
        drop-out level the sample has, None if what it shows is taken for its genotype; then one allele with ``?`` is
        untyped. Raises KeyError for an allele that the panel does not have, ValueError for more than ``copies``.
        """
        if any("|" in a for a in alleles):
            return self.untyped
        shown = sorted({self.index[a] for a in alleles if a != "?"})
        if len(shown) > self.copies:
            raise ValueError(self.name)
        if not shown:
            return self.untyped
        if self.copies == 1:
            return shown[0]
        if len(shown) == 1 and level is not None:
            return self.seen_alone(level, shown[0])
        if len(shown) == 1 and ("?" in alleles or len(alleles) < self.copies):
            return self.untyped
        return self._row[shown[0], shown[-1]]

    @cached_property
    def _row(self) -> Mapping[tuple[int, ...], int]:
        return {g: k for k, g in enumerate(self.genotypes)}


def private_locus(name: str, alleles: Sequence[str], *, copies: int = 2, dropout: Sequence[float] = ()) -> PrivateLocus:
    """A locus with the classes that the agreed drop-out levels give it; lineage markers have none."""
    return PrivateLocus(name, tuple(alleles), copies, len(dropout) if copies == 2 else 0)


@dataclass(frozen=True)
class PrivateTerms:
    """Everything agreed of a private match. Raises `Refusal` with ``private-terms`` for what cannot be computed.

    ``threshold``: log10 LR from which a pair is a hit for certain; ``margin``: how far below it, in log10 LR, whole
    numbers may let a pair be a hit; ``max_mismatches``: in place of the two where lineages are compared. ``steps``: K,
    whole numbers from the threshold up that a score can take, a power of two. ``dropout``: heterozygote drop-out of
    each agreed level (that of a homozygote is its square). ``remains``, ``families``: the most that may take part;
    the layout is made for them whatever is there. ``statistical_bits``: what the reply tells besides hits is
    2 to the minus this, in statistical distance. ``reveal_scores``: whether hits show their score.
    ``insecure``: permits small rings, for tests alone; no agreement may carry it.
    """

    loci: tuple[PrivateLocus, ...]
    remains: int
    families: int
    min_typed_loci: int
    threshold: float = 4.0
    margin: float = 1.0
    max_mismatches: int | None = None
    steps: int = 1024
    ring: int = 32768
    statistical_bits: int = 40
    dropout: tuple[float, ...] = ()
    reveal_scores: bool = False
    insecure: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise Refusal(faults)

    @property
    def coordinates(self) -> int:
        """Length of the encrypted one-hot vector of one of the remains."""
        return sum(x.classes for x in self.loci) + self.counts

    @property
    def counts(self) -> int:
        """Classes of the count of untyped loci that every profile states: 0 up to the most allowed."""
        return len(self.loci) - self.min_typed_loci + 1

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the classes of each locus begin in the one-hot vector, and last where the count begins."""
        found = [0]
        for locus in self.loci:
            found.append(found[-1] + locus.classes)
        return tuple(found)

    @cached_property
    def width(self) -> int:
        """Slots of one block of the layout: a power of two with room for all remains.

        Larger, with fewer blocks to turn through, while all families are still in one group.
        """
        found = 1 << (max(FEWEST_REMAINS, self.remains) - 1).bit_length()
        while self.families <= self.ring // (2 * found) and found < self.ring // 32:
            found *= 2
        return found

    @property
    def blocks(self) -> int:
        """Blocks of a ciphertext: coordinates in the query, families in the reply."""
        return self.ring // self.width

    @property
    def groups(self) -> int:
        """Ciphertexts of a reply, or pairs of them where scores are revealed."""
        return -(-self.families // self.blocks)

    @property
    def outputs(self) -> int:
        """Ciphertexts of one group."""
        return 2 if self.reveal_scores else 1

    @property
    def checks(self) -> int:
        """Independent copies of the check that every profile is one: enough for all remains together."""
        return ceil((self.statistical_bits + log2(self.remains)) / log2(PLAIN))

    def as_json(self) -> dict[str, object]:
        """Plain values, the same for the same terms."""
        own = {k: v for k, v in vars(self).items() if k in self.__dataclass_fields__ and k != "loci"}
        loci = [{"name": x.name, "alleles": list(x.alleles), "copies": x.copies} for x in self.loci]
        return {**own, "dropout": list(self.dropout), "loci": loci}

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the terms: what every file of a private match begins with."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).digest()

    def _faults(self) -> Iterator[Fault]:
        if not self.loci or any(not x.alleles for x in self.loci):
            yield _fault("loci", "a locus, and an allele at each, is needed", len(self.loci))
        if len({x.name for x in self.loci}) < len(self.loci):
            yield _fault("loci", "a locus is named twice", len(self.loci))
        copies = {x.copies for x in self.loci}
        if copies - {1 if self.max_mismatches is not None else 2}:
            yield _fault("loci", "genotypes are compared at loci of two copies, lines at loci of one", sorted(copies))
        if any(x.levels != (len(self.dropout) if x.copies == 2 else 0) for x in self.loci):
            yield _fault("dropout", "every locus has the classes of the agreed drop-out levels", self.dropout)
        if not all(0.0 < d < 1.0 for d in self.dropout):
            yield _fault("dropout", "a drop-out level lies between 0 and 1", self.dropout)
        if not (self.threshold > 0 and self.margin >= 0):
            yield _fault("threshold", "the threshold is above 0 and the margin not below 0", self.threshold)
        if self.max_mismatches is not None and not 0 <= self.max_mismatches < self.steps:
            yield _fault("max_mismatches", "from 0 to below the number of steps", self.max_mismatches)
        if self.steps < 4 or self.steps & (self.steps - 1):
            yield _fault("steps", "a power of two from 4", self.steps)
        if (len(self.loci) + 2) * (self.steps + 1) >= PLAIN:
            yield _fault("steps", "so many loci and steps do not fit the integers modulo 65537", self.steps)
        if not 1 <= self.min_typed_loci <= len(self.loci):
            yield _fault("min_typed_loci", "from 1 to the number of loci", self.min_typed_loci)
        if self.statistical_bits < 40 and not self.insecure:
            yield _fault("statistical_bits", "less than 40 does not hide what is not a hit", self.statistical_bits)
        if min(self.remains, self.families) < 1:
            yield _fault("remains", "at least one on either side", min(self.remains, self.families))
        if self.ring not in LARGEST_MODULUS and not (self.insecure and self.ring in (1024, 2048, 4096, 8192)):
            yield _fault("ring", "16384 or 32768; smaller rings are not secure", self.ring)
        elif self.remains > self.ring // 8:
            yield _fault("remains", "more than an eighth of the ring", self.remains)


def _fault(column: str, message: str, value: object) -> Fault:
    return Fault("private-terms", message, "correct the terms before anybody signs", column=column, value=str(value))
