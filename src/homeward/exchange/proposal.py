"""A proposal: terms that people wrote, and the panel, tables and settings of a case, as an agreement nobody signed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import inf, log10
from typing import Any

from homeward.case import Case, FrequencyTable
from homeward.exchange.agreement import (
    Agreement,
    ConsentScope,
    DropoutClass,
    Missed,
    Panel,
    Party,
    Plain,
    Private,
    Quotas,
    Reveal,
    Role,
    Witness,
    checked,
)
from homeward.exchange.form import Country, Day, Prose, hashed, read_form, written
from homeward.exchange.keys import Card
from homeward.exchange.missed import Simulation, missed
from homeward.exchange.shared import program
from homeward.exchange.signing import UNBOUND, Signed
from homeward.faults import Fault, Refusal
from homeward.formats.overrides import settings_toml
from homeward.genetics import NULL

__all__ = ["Terms", "panel_of", "propose", "read_terms"]

_REMEDY = "correct the terms, see docs/exchange/specification.md#terms"
_STEPS = (-2, -1, 1, 2)
"""Repeats by which alleles beside those of a table may still be stated."""


@dataclass(frozen=True)
class PlainTerms:
    posterior: float
    min_typed_loci: int
    reveals: tuple[Reveal, ...]
    hit_log10_lr: bool


@dataclass(frozen=True)
class PrivateTerms:
    threshold: float
    margin: float
    steps: int
    ring: int
    statistical_bits: int
    min_typed_loci: int
    dropout: tuple[float, ...]
    reveal_scores: bool


@dataclass(frozen=True)
class Terms:
    """The file of terms, `docs/exchange/specification.md#terms`; every key is needed, `private` may be left out."""

    title: Prose
    basis: Prose
    countries: tuple[Country, ...]
    since: Day
    until: Day
    retention_days: int
    alleles: Mapping[str, tuple[str, ...]]
    dropout: tuple[DropoutClass, ...]
    plain: PlainTerms | None
    private: PrivateTerms | None
    quotas: Quotas
    missed: Simulation


def read_terms(data: bytes, file: str = "") -> Terms:
    """Terms from TOML. Raises `Refusal`: ``bad-toml``, ``exchange-form``."""
    try:
        found: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise Refusal([Fault("bad-toml", "the terms are no TOML", "correct the line", file=file)]) from error
    found = {"alleles": {}, "dropout": [], "plain": None, "private": None, **found}
    try:
        found["dropout"] = [{"mistyping": None, **level} for level in found["dropout"]]
        return read_form(Terms, written(found), file)
    except Refusal as refusal:
        raise Refusal(replace(f, remedy=_REMEDY) for f in refusal.faults) from refusal
    except (TypeError, ValueError) as error:
        message = "a value is of no kind that terms have"
        raise Refusal([Fault("exchange-form", message, _REMEDY, file=file)]) from error


def panel_of(case: Case, terms: Terms) -> Panel:
    """The markers of a case that its tables have, the tables whole, its mutation model, and the alleles beside them."""
    tables = _tables(_with_population(case))
    shared = [m for m in tables[0].markers if all(m in t.markers for t in tables)]
    named = {t.population for t in tables}
    tables += [t for t in case.populations if t.population not in named]  # founders may be of these
    tables = [replace(t, markers={m: t.markers[m] for m in shared if m in t.markers}) for t in tables]
    alleles = {m: _beside({a for t in tables for a in t.markers.get(m, ())}) for m in shared}
    alleles |= {marker: _beside(found) for marker, found in _y_alleles(case).items() if marker not in alleles}
    for marker, more in terms.alleles.items():
        alleles[marker] = tuple(dict.fromkeys((*alleles.get(marker, ()), *more)))
    return Panel(
        alleles,
        tuple(tables),
        tuple(hashed(written(t)) for t in tables),
        tuple(m for m in case.mutations if m.marker in shared),
        tuple(t for t in case.haplotypes if t.id in (case.settings.y.database, case.settings.mt.database)),
        terms.dropout,
    )


def _with_population(case: Case) -> Case:
    """The case with its only table named, where its settings leave that open."""
    model = case.settings.model
    if model.population or len(case.populations) != 1:
        return case
    named = replace(model, population=((case.populations[0].population, 1.0),))
    return replace(case, settings=replace(case.settings, model=named))


def _tables(case: Case) -> list[FrequencyTable]:
    """The tables that the case's model names, its own or bundled."""
    from homeward.genetics import bundled_population, bundled_populations

    own = {t.population: t for t in case.populations}
    bundled = {p.id for p in bundled_populations()}
    named = [name for name, _ in case.settings.model.population]
    if not named or not set(named) <= own.keys() | bundled:
        message = "the case does not say by which tables it is computed"
        raise Refusal([Fault("no-population", message, "name them in [model] population of its case.toml")])
    return [own[name] if name in own else bundled_population(name) for name in named]


def _y_alleles(case: Case) -> dict[str, set[str]]:
    """Y marker → alleles, of the table of haplotypes that the case's settings name."""
    id = case.settings.y.database
    own = [h.alleles for t in case.haplotypes if t.id == id and t.kind == "Y" for h in t.haplotypes]
    if id and not own:
        from homeward.genetics.haplotypes import bundled_database

        own = [haplotype for haplotype, _ in bundled_database(id).haplotypes]
    found: dict[str, set[str]] = {}
    for haplotype in own:
        for marker, seen in haplotype.items():
            found.setdefault(marker, {NULL}).update(seen)
    return found


def _beside(alleles: set[str]) -> tuple[str, ...]:
    """The alleles of a table, and those a repeat or two away, which mutation and rare variants lead to."""
    from homeward.genetics import allele_order, fraction, repeats

    found = set(alleles)
    for allele in alleles:
        whole, part = repeats(allele), fraction(allele)
        if whole is not None:
            found |= {f"{whole + s}.{part}" if part else str(whole + s) for s in _STEPS if whole + s > 0}
    return allele_order(found)


def propose(case: Case, terms: Terms, role: Role, mine: Card, theirs: Card, auditor: Card | None) -> Signed:
    """The agreement as it would be signed but for both sides' inputs. Raises `Refusal` ``exchange-terms``."""
    cards = {role: mine, "families" if role == "remains" else "remains": theirs}
    parties = {r: Party(c.name, c.country, c.signing, c.sealing, UNBOUND) for r, c in cards.items()}
    panel = panel_of(case, terms)
    of_plain, of_private = _missed(terms, case)
    agreement = Agreement(
        "homeward-agreement 1",
        terms.title,
        parties["remains"],
        parties["families"],
        None if auditor is None else Witness(auditor.name, auditor.signing, auditor.sealing),
        terms.basis,
        ConsentScope("exchange", terms.countries),
        panel,
        settings_toml(_with_population(case).settings),
        _plain(terms.plain, of_plain),
        _private(terms.private, terms.missed.kinds, of_private),
        terms.quotas,
        terms.since,
        terms.until,
        terms.retention_days,
        program(),
    )
    return Signed("homeward-signed-agreement 1", checked(agreement), None, None)


def _missed(terms: Terms, case: Case) -> list[tuple[Missed, ...]]:
    """What the plain and the private threshold miss; the joint posterior of a pair taken alone grows with its LR."""
    prior = (1.0 - case.settings.incident.strangers) / case.list_size
    p, q = terms.plain, terms.private
    posterior = p.posterior if p is not None else 0.5
    needed = inf if posterior >= 1.0 else log10(posterior * (1.0 - prior) / ((1.0 - posterior) * prior))
    return missed(case, terms.missed, (needed, q.threshold - q.margin if q is not None else inf))


def _plain(terms: PlainTerms | None, missed: tuple[Missed, ...]) -> Plain | None:
    if terms is None:
        return None
    return Plain(terms.posterior, terms.min_typed_loci, terms.reveals, terms.hit_log10_lr, missed)


def _private(terms: PrivateTerms | None, kinds: tuple[str, ...], missed: tuple[Missed, ...]) -> Private | None:
    return None if terms is None else Private(kinds=kinds, missed=missed, **asdict(terms))
