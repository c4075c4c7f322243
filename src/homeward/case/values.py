"""`Case` and what it holds: everything a calculation starts from, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from homeward.case.settings import Settings
from homeward.pedigree import Pedigree, Sex

__all__ = [
    "Case",
    "Doubt",
    "Family",
    "FrequencyTable",
    "HaplotypeTable",
    "Hypothesis",
    "Identification",
    "InputFile",
    "KnownHaplotype",
    "ListedPerson",
    "MtTyping",
    "MutationRow",
    "NonDna",
    "NonDnaKind",
    "PersonRecord",
    "Remains",
    "Sample",
    "SampleOf",
    "Span",
    "Typing",
]

SampleOf = Literal["remains", "person", "effect", "staff"]
NonDnaKind = Literal["age", "stature", "dentition", "place", "effects", "sex", "other"]
MutationName = Literal["none", "equal", "proportional", "random", "onestep", "stepwise", "dawid", "custom"]
TransformName = Literal["stationary", "MH", "BA", "PR"]


@dataclass(frozen=True, slots=True)
class Span:
    """A closed range of whole numbers, `1902..1910`; one number is a range of one."""

    low: int
    high: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What the register says of a family member besides his kinship.

    ``clan``: men of equal clans (a clan seat, a village) may have one forefather whom no pedigree shows.
    """

    name: str = ""
    born: Span | None = None
    died: Span | None = None
    deceased: bool = False
    clan: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """With this probability a member's true parents are these two and not the registered ones.

    ``father`` / ``mother``: a member, or None = somebody unknown and unrelated. Doubts about one person are
    alternatives to each other; doubts about different persons are independent.
    """

    person: str
    father: str | None
    mother: str | None
    probability: float


@dataclass(frozen=True)
class Family:
    """AM data: a pedigree, and which of its members are missing.

    ``records`` holds only members with something to say. ``doubts``: what may be wrong in the register.
    """

    id: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    records: Mapping[str, PersonRecord] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()

    def full_id(self, person: str) -> str:
        """`FAMILY/PERSON`."""
        return f"{self.id}/{person}"


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A missing person on the list without a family in the case. ``clan``: as in `PersonRecord`."""

    id: str
    sex: Sex = "unknown"
    name: str = ""
    born: Span | None = None
    clan: str = ""


@dataclass(frozen=True, slots=True)
class Remains:
    """A recovered item. ``individual``: equal values are known to be one body."""

    id: str
    sex: Sex = "unknown"
    element: str = ""
    side: str = ""
    age: Span | None = None
    stature_cm: Span | None = None
    place: str = ""
    individual: str = ""
    not_same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Something that was typed. ``source``: remains id, `FAMILY/PERSON`, effect id or staff id.

    ``dropout_het`` / ``dropout_hom`` / ``dropin``: see `observe.with_dropout`; all None = no drop-out is stated.
    ``mistyping``: probability that a marker's typing is of some other genotype; None = that of the model.
    """

    id: str
    of: SampleOf
    source: str
    dropout_het: float | None = None
    dropout_hom: float | None = None
    dropin: float | None = None
    mistyping: float | None = None

    @property
    def states_dropout(self) -> bool:
        """Whether its drop-out is given: then none is estimated, whatever the model says."""
        return self.dropout_het is not None or self.dropout_hom is not None


@dataclass(frozen=True, slots=True)
class Typing:
    """One typing of one marker of one sample; alleles canonical, `?` = unknown allele, `8|9` = one of these.

    An empty ``alleles`` is a typing in which nothing was seen (only for samples with drop-out).
    """

    sample: str
    marker: str
    alleles: tuple[str, ...]
    replicate: int = 1
    heights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class MtTyping:
    """One typing of the mtDNA of one sample: the positions read, and where they differ from the rCRS.

    ``ranges``: rCRS positions, 1 to 16569; one that wraps the origin is written as two. ``differences``: canonical,
    such as `263G`, `315.1C`, `249-` (deleted), `16189Y` (a mixture), `73N` (not read).
    """

    sample: str
    ranges: tuple[Span, ...]
    differences: tuple[str, ...]
    replicate: int = 1


@dataclass(frozen=True)
class KnownHaplotype:
    """One haplotype of a table: how often it was seen, or its frequency.

    Of the Y: ``alleles``, marker → alleles. Of the mtDNA: ``ranges`` and ``differences`` as in `MtTyping`.
    """

    value: float
    alleles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: tuple[Span, ...] = ()
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class HaplotypeTable:
    """Haplotypes of one population. ``counts``: their values are numbers of persons, else stated frequencies.

    ``source`` is provenance and no part of the digest.
    """

    id: str
    kind: Literal["Y", "mt"]
    counts: bool
    haplotypes: tuple[KnownHaplotype, ...]
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class FrequencyTable:
    """Allele frequencies or counts of one population: marker → allele → value.

    ``counts`` tells which of the two the values are; a marker's counts sum to 2N chromosomes.
    ``source`` is provenance and no part of the digest.
    """

    population: str
    counts: bool
    markers: Mapping[str, Mapping[str, float]]
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class MutationRow:
    """The mutation model of one marker for one parent (``both`` = father and mother).

    ``matrix`` (model ``custom``): allele → allele → probability, parental allele first.
    """

    marker: str
    parent: Literal["father", "mother", "both"]
    model: MutationName
    rate: float = 0.0
    rate2: float = 0.0
    range: float = 0.1
    transform: TransformName | None = None
    matrix: Mapping[str, Mapping[str, float]] | None = None


@dataclass(frozen=True)
class Hypothesis:
    """A named alternative of a kinship case: the pedigree over members `FAMILY/PERSON`."""

    name: str
    pedigree: Pedigree


@dataclass(frozen=True, slots=True)
class NonDna:
    """How likely what is known besides DNA of a sample's remains is, if they are of this name.

    ``missing``: `FAMILY/PERSON`, the id of a `ListedPerson`, ``unreferenced`` (every listed person without
    references who has no row of his own for the sample) or ``stranger``. ``likelihood`` is above 0, and relative: a
    name of which nothing is stated has 1. Statements of different kinds multiply.
    """

    sample: str
    missing: str
    kind: NonDnaKind
    likelihood: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Identification:
    """An identification that people have signed: this sample is of this name.

    ``missing``: `FAMILY/PERSON` or the id of a `ListedPerson`. ``signed``: names or ids of at least two persons.
    ``date``: YYYY-MM-DD, empty where it is not known.
    """

    sample: str
    missing: str
    signed: tuple[str, ...]
    date: str = ""


@dataclass(frozen=True, slots=True)
class InputFile:
    """Where a value came from; provenance, not part of the digest."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Case:
    """One identification case. Rows keep the order of the files they came from.

    The marker names are canonical; ``marker_names`` maps canonical to the name as given where they
    differ. ``inputs`` is provenance and not part of `digest`.
    """

    name: str
    families: tuple[Family, ...] = ()
    listed: tuple[ListedPerson, ...] = ()
    remains: tuple[Remains, ...] = ()
    samples: tuple[Sample, ...] = ()
    typings: tuple[Typing, ...] = ()
    populations: tuple[FrequencyTable, ...] = ()
    mutations: tuple[MutationRow, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    settings: Settings = field(default_factory=Settings)
    marker_names: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[InputFile, ...] = field(default=(), compare=False)
    non_dna: tuple[NonDna, ...] = ()
    identifications: tuple[Identification, ...] = ()
    mt: tuple[MtTyping, ...] = ()
    haplotypes: tuple[HaplotypeTable, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of this value, the same wherever it came from."""
        from homeward.case.canonical import digest

        return digest(self)

    @property
    def missing(self) -> tuple[str, ...]:
        """`FAMILY/PERSON` of every missing family member, in the order of the files."""
        return tuple(f.full_id(p) for f in self.families for p in f.missing)

    @property
    def list_size(self) -> int:
        """N: names on the list, from the settings or counted."""
        counted = len(self.missing) + len(self.listed)
        size = self.settings.incident.size
        return counted if size is None else size

    @cached_property
    def remains_by_id(self) -> Mapping[str, Remains]:
        return {r.id: r for r in self.remains}

    @cached_property
    def typings_by_sample(self) -> Mapping[str, tuple[Typing, ...]]:
        """Every sample's typings in the order given; samples without typings have ()."""
        found: dict[str, list[Typing]] = {s.id: [] for s in self.samples}
        for t in self.typings:
            found[t.sample].append(t)
        return {sample: tuple(rows) for sample, rows in found.items()}

    @cached_property
    def mt_by_sample(self) -> Mapping[str, tuple[MtTyping, ...]]:
        """The typings of the mtDNA of every sample that has any."""
        found: dict[str, list[MtTyping]] = {}
        for t in self.mt:
            found.setdefault(t.sample, []).append(t)
        return {sample: tuple(rows) for sample, rows in found.items()}

    @cached_property
    def markers(self) -> tuple[str, ...]:
        """Markers with at least one typing, in order of first appearance."""
        return tuple(dict.fromkeys(t.marker for t in self.typings))

    def _repr_html_(self) -> str:
        from homeward.report import case_html

        return case_html(self)
