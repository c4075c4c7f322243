"""An agreement's private match: its terms for the engine, and what each side's entries are in those terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import isclose

from homeward.case import Case, Sample, Typing
from homeward.exchange.agreement import Agreement, Private
from homeward.exchange.entries import RemainsEntry
from homeward.exchange.form import read_form, written
from homeward.exchange.private.terms import PrivateLocus, PrivateTerms, private_locus
from homeward.faults import Fault, Refusal
from homeward.genetics import Model, Scenario, marker_kind, scenarios_of

__all__ = ["private_scenario", "private_terms", "profile_of"]

_PANEL = "panel"


def private_terms(agreement: Agreement, *, ring_for_tests: int | None = None) -> PrivateTerms:
    """What the engine computes with under an agreement.

    Loci are the autosomal ones of the panel with every allele that may be stated; the most that take part are the
    quotas. ``ring_for_tests``: another ring, which may be insecure; the digest of such terms is never that of an
    agreement. Raises `Refusal` with every fault, all ``private-terms`` or a code of `scenarios_of`.
    """
    private = agreement.private
    if private is None:
        raise Refusal([_fault("", "no private match is agreed on", "none")], rule=True)
    faults = list(_faults(agreement, private))
    scenarios = _scenarios(written(agreement))
    if len(scenarios) != 1:
        faults.append(_fault("settings", "it is computed with one population, not with several", len(scenarios)))
    if faults:
        raise Refusal(faults)
    return PrivateTerms(
        _loci(scenarios[0].model, private.dropout),
        agreement.quotas.remains,
        agreement.quotas.families,
        private.min_typed_loci,
        private.threshold,
        private.margin,
        None,
        private.steps,
        ring_for_tests or private.ring,
        private.statistical_bits,
        private.dropout,
        private.reveal_scores,
        insecure=ring_for_tests is not None,
    )


def private_scenario(agreement: Agreement) -> Scenario:
    """The model of a private match: of the agreement alone, whatever either side has typed."""
    return _scenarios(written(agreement))[0]


@lru_cache(maxsize=2)
def _scenarios(agreement: bytes) -> tuple[Scenario, ...]:
    """The models of a case in which every allele that may be stated was seen."""
    agreed = read_form(Agreement, agreement)
    typings = tuple(
        Typing(_PANEL, marker, (allele, allele))
        for marker, alleles in agreed.panel.alleles.items()
        if marker_kind(marker) == "autosomal"
        for allele in alleles
    )
    panel = agreed.panel
    return scenarios_of(
        Case(
            name=_PANEL,
            samples=(Sample(_PANEL, "remains", _PANEL),),
            typings=typings,
            populations=panel.tables,
            mutations=panel.mutations,
            haplotypes=panel.haplotypes,
            settings=agreed.case_settings,
        )
    )


def _loci(model: Model, dropout: tuple[float, ...]) -> tuple[PrivateLocus, ...]:
    return tuple(
        private_locus(x.name, [a for i, a in enumerate(x.alleles) if i != x.silent], dropout=dropout)
        for x in model.loci
    )


def _faults(agreement: Agreement, private: Private) -> Iterator[Fault]:
    """What the engine has no classes or tables for."""
    levels = agreement.panel.dropout
    if private.dropout != tuple(d.heterozygote for d in levels):
        yield _fault("dropout", "its levels are those of the panel, in the same order", private.dropout)
    if any(not isclose(d.homozygote, d.heterozygote**2) or d.dropin or d.mistyping for d in levels):
        message = "it knows levels without drop-in and mistyping where a homozygote's drop-out is the square"
        yield _fault("dropout", message, private.dropout)
    if private.dropout and "dropout" not in agreement.reveals:
        yield _fault("dropout", "what a sample may have lost is not agreed to be stated (plain.reveals)", "dropout")
    if agreement.case_settings.model.dropout == "estimated":
        yield _fault("settings", "drop-out is stated in levels, and cannot be estimated", "estimated")


def _fault(column: str, message: str, value: object) -> Fault:
    return Fault("private-terms", message, "correct the terms before anybody signs", column=column, value=str(value))


def profile_of(terms: PrivateTerms, entry: RemainsEntry) -> tuple[int, ...]:
    """The class of one of the remains at every locus; a locus whose replicates differ is untyped."""
    return tuple(_class(locus, entry) for locus in terms.loci)


def _class(locus: PrivateLocus, entry: RemainsEntry) -> int:
    calls: Sequence[tuple[str, ...]] = sorted({tuple(sorted(c.alleles)) for c in entry.calls if c.marker == locus.name})
    return locus.class_of(calls[0], entry.dropout) if len(calls) == 1 else locus.untyped
