"""The agreement: everything two parties decided before anything travels, in one value that both sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from homeward.case import FrequencyTable, HaplotypeTable, MutationRow, Settings
from homeward.exchange.form import Country, Day, Hash, Prose, Token, hashed, written
from homeward.faults import Fault, Refusal

__all__ = [
    "Agreement",
    "ConsentScope",
    "DropoutClass",
    "Inputs",
    "Missed",
    "Panel",
    "Party",
    "Plain",
    "Private",
    "Quotas",
    "Reveal",
    "Role",
    "Sealing",
    "Witness",
    "agreement_faults",
    "checked",
]

Role = Literal["remains", "families"]
Reveal = Literal["sex", "grouping", "element", "dropout", "mtdna"]
"""What may be said of remains besides autosomal typings: ``grouping``: which items are, or cannot be, of one body."""
Sealing = Annotated[str, r"age1[02-9ac-hj-np-z]{58}"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a party bound itself to before it saw anything: the Merkle root over its salted inputs, and how many."""

    root: Hash
    leaves: int


@dataclass(frozen=True, slots=True)
class Party:
    """One side. ``signing``: its Ed25519 public key; ``sealing``: the age recipient of letters to it."""

    name: Token
    country: Country
    signing: Hash
    sealing: Sealing
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Witness:
    """The auditor: every letter is sealed for this key too, which lies sealed until an audit is asked for."""

    name: Token
    signing: Hash
    sealing: Sealing


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """What a living person must have allowed before anything of him is computed for, or sent to, the other side."""

    purpose: Literal["exchange"]
    countries: tuple[Country, ...]


@dataclass(frozen=True, slots=True)
class DropoutClass:
    """One agreed level of what a sample may state: drop-out of a heterozygote's allele and of a homozygote, drop-in.

    ``mistyping``: None = that of the model.
    """

    heterozygote: float
    homozygote: float
    dropin: float
    mistyping: float | None


@dataclass(frozen=True)
class Panel:
    """What is compared and by which tables.

    ``tables``: allele frequencies of each population of the model or of founders, whole; ``digests``: SHA-256 of each
    one's canonical JSON, to be read out over the telephone. ``alleles``: marker → every allele that may be stated.
    ``haplotypes``: the tables of Y and mtDNA that the settings name and no program brings along.
    """

    alleles: Mapping[str, tuple[str, ...]]
    tables: tuple[FrequencyTable, ...]
    digests: tuple[Hash, ...]
    mutations: tuple[MutationRow, ...]
    haplotypes: tuple[HaplotypeTable, ...]
    dropout: tuple[DropoutClass, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """The share of true pairs of a kind that fall below the threshold, in a simulation of so many with this seed."""

    kind: Token
    share: float
    pairs: int
    seed: int


@dataclass(frozen=True)
class Plain:
    """Minimal export: remains' profiles travel, a signed list of hits comes back.

    ``posterior``: joint posterior from which a pair is a hit. ``reveals``: what is said of remains besides typings.
    ``hit_log10_lr``: whether the log10 LR of a hit is told, to one decimal; of others nothing ever is.
    """

    posterior: float
    min_typed_loci: int
    reveals: tuple[Reveal, ...]
    hit_log10_lr: bool
    missed: tuple[Missed, ...]


@dataclass(frozen=True)
class Private:
    """Private match: encrypted profiles travel, and come back as hits only.

    ``kinds``: relationships of the one typed reference to the missing person. ``threshold``: log10 LR from which a pair
    is a hit; ``margin``: how far, in log10 LR, the screen lies below it. ``steps``: K, the integers from the threshold
    up that a score can take. ``ring``: N, the degree of the polynomial ring. ``statistical_bits``: the distance that
    noise flooding keeps, 2 to the minus this. ``dropout``: heterozygote drop-out of each agreed class, which are those
    of the panel. ``reveal_scores``: whether a hit shows how many steps above the threshold it is.
    """

    kinds: tuple[Token, ...]
    threshold: float
    margin: float
    steps: int
    ring: int
    statistical_bits: int
    min_typed_loci: int
    dropout: tuple[float, ...]
    reveal_scores: bool
    missed: tuple[Missed, ...]


@dataclass(frozen=True, slots=True)
class Quotas:
    """How many remains and families may take part, and how many requests may be made, in the life of the agreement."""

    remains: int
    families: int
    exchanges: int


@dataclass(frozen=True)
class Agreement:
    """All of it. ``basis``: the law it rests on. ``since`` and ``until``: first and last day, in UTC.

    ``settings``: incident, model, lines, thresholds and run, as the text of a `case.toml`. ``retention_days``: what
    came from the other side is deleted so many days after the agreement ends, at the latest. ``program``: the version
    both sides compute with.
    """

    format: Literal["homeward-agreement 1"]
    title: Prose
    remains: Party
    families: Party
    auditor: Witness | None
    basis: Prose
    consent: ConsentScope
    panel: Panel
    settings: Annotated[str, r"[^\x00-\x09\x0b-\x1f]{1,10000}"]
    plain: Plain | None
    private: Private | None
    quotas: Quotas
    since: Day
    until: Day
    retention_days: int
    program: Prose

    @cached_property
    def hash(self) -> str:
        """What every later file names."""
        return hashed(written(self))

    @cached_property
    def case_settings(self) -> Settings:
        """What ``settings`` says. Raises `Refusal` with the codes of `case.toml`."""
        from homeward.formats import read_settings

        return read_settings(self.settings)

    @property
    def reveals(self) -> tuple[Reveal, ...]:
        """What an entry says of remains besides typings: of a private match alone, the class of drop-out it needs."""
        if self.plain is not None:
            return self.plain.reveals
        return ("dropout",) if self.private is not None and self.private.dropout else ()

    @property
    def least_loci(self) -> int:
        """Typed loci below which remains are not committed to: those of the plain comparison where it is agreed."""
        way = self.plain or self.private
        return 1 if way is None else way.min_typed_loci

    def party(self, role: Role) -> Party:
        return self.remains if role == "remains" else self.families

    def other(self, role: Role) -> Party:
        return self.families if role == "remains" else self.remains


def agreement_faults(agreement: Agreement) -> Iterator[Fault]:
    """What two people who sign it would have to be told first; all are ``exchange-terms``."""
    a, p = agreement, agreement.panel
    keys = [a.remains.signing, a.families.signing, *([a.auditor.signing] if a.auditor else [])]
    names = [a.remains.name, a.families.name, *([a.auditor.name] if a.auditor else [])]
    if len(set(keys)) < len(keys) or len(set(names)) < len(names):
        yield _fault("remains", "the parties and the auditor must differ in name and keys")
    yield from _days_faults(a)
    if not {a.remains.country, a.families.country} <= set(a.consent.countries):
        yield _fault("consent", "the countries of both parties belong into the scope of the consent")
    if a.plain is None and a.private is None:
        yield _fault("plain", "no way to compare is agreed")
    if [hashed(written(t)) for t in p.tables] != list(p.digests):
        yield _fault("panel.digests", "a digest is not that of its frequency table")
    yield from _settings_faults(a)
    for table in p.tables:
        if not all(set(rows) <= set(p.alleles.get(m, ())) for m, rows in table.markers.items()):
            yield _fault("panel.alleles", "an allele of a frequency table is not among those that may be stated")
    if not all(alleles for alleles in p.alleles.values()):
        yield _fault("panel.alleles", "a marker has no alleles")
    yield from _plain_faults(a)
    yield from _private_faults(a)
    quotas = a.quotas
    if min(quotas.remains, quotas.families, quotas.exchanges) < 1:
        yield _fault("quotas", "quotas are at least 1")


_LONGEST_RETENTION = 36525
"""Days: a hundred years."""


def _days_faults(a: Agreement) -> Iterator[Fault]:
    for name, text in (("since", a.since), ("until", a.until)):
        try:
            date.fromisoformat(text)
        except ValueError:
            yield _fault(name, "there is no such day")
    if a.until < a.since:
        yield _fault("until", "it ends before it begins")
    if a.until > "9000":
        yield _fault("until", "it ends after the year 8999")
    if not 0 <= a.retention_days <= _LONGEST_RETENTION:
        yield _fault("retention_days", f"days are from 0 to {_LONGEST_RETENTION}")


def _settings_faults(a: Agreement) -> Iterator[Fault]:
    try:
        named = {name for name, _ in a.case_settings.model.population}
    except Refusal as refusal:
        yield from (_fault("settings", f"{f.code}: {f.message}") for f in refusal.faults)
        return
    from homeward.formats import check_databases

    for fault in check_databases(a.case_settings, a.panel.haplotypes, {}):
        yield _fault("settings", f"{fault.code}: {fault.message}")
    if not named or not named <= {t.population for t in a.panel.tables}:
        yield _fault("panel.tables", "a population that the model names has no table")


def _plain_faults(a: Agreement) -> Iterator[Fault]:
    if a.plain is None:
        return
    if not 0.0 < a.plain.posterior <= 1.0:
        yield _fault("plain.posterior", "a posterior is above 0 and at most 1")
    if a.plain.min_typed_loci < 1:
        yield _fault("plain.min_typed_loci", "a profile of no locus cannot be compared")


def _private_faults(a: Agreement) -> Iterator[Fault]:
    if a.private is None:
        return
    from homeward.exchange.matching import private_terms

    try:
        private_terms(a)
    except Refusal as refusal:
        yield from (_fault(f"private.{f.column}".rstrip("."), f"{f.code}: {f.message}") for f in refusal.faults)


def _fault(column: str, message: str) -> Fault:
    return Fault("exchange-terms", message, "correct the terms before anybody signs", column=column)


def checked(agreement: Agreement) -> Agreement:
    """The agreement, or a `Refusal` with all that is wrong with it (``exchange-terms``)."""
    faults = list(agreement_faults(agreement))
    if faults:
        raise Refusal(faults)
    return agreement
