"""`compare`: the likelihoods of named hypotheses over one set of typed people, and their LRs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Hypothesis, MergedFamily
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Model, Scenario
from homeward.identify.run import one_model
from homeward.likelihood import Task, ln_likelihoods
from homeward.observe import gather
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Likelihoods of named hypotheses.

    ``ln_likelihood``: shape (hypotheses, loci), natural log, -inf where impossible. ``reference``: the
    hypothesis the LRs are against, the last.
    """

    case: Case
    model: Model
    hypotheses: tuple[str, ...]
    ln_likelihood: NDArray[np.float64]

    @property
    def reference(self) -> str:
        return self.hypotheses[-1]

    @property
    def log10_likelihood(self) -> NDArray[np.float64]:
        """Shape (hypotheses,)."""
        return np.asarray(self.ln_likelihood.sum(axis=1) / log(10.0))

    @property
    def log10_lr(self) -> NDArray[np.float64]:
        """Shape (hypotheses, loci), against the reference; NaN where the reference itself is impossible."""
        with np.errstate(invalid="ignore"):
            ratio = (self.ln_likelihood - self.ln_likelihood[-1]) / log(10.0)
        return np.asarray(np.where(np.isneginf(self.ln_likelihood[-1]), np.nan, ratio))

    def _repr_html_(self) -> str:
        from homeward.report import comparison_html

        return comparison_html(self)


def compare(
    case: Case,
    scenarios: Sequence[Scenario],
    hypotheses: Sequence[Hypothesis] | None = None,
    *,
    progress: Progress = silent,
) -> Comparison:
    """Likelihood of everything typed in the case under each hypothesis, the last being the reference.

    ``hypotheses``: those of the case if None. A typed person whom a hypothesis does not mention is unrelated to
    everybody in it. Raises `Refusal` with ``no-hypotheses``, where there are X markers
    ``sex-needed`` for people of unknown sex and ``sex-differs`` for people of two, and the codes of `gather`.
    """
    chosen = tuple(case.hypotheses if hypotheses is None else hypotheses)
    if not chosen:
        raise Refusal(
            [
                Fault(
                    "no-hypotheses",
                    "no hypothesis is given",
                    "add files to hypotheses/ or name them with --hypothesis NAME=FILE.csv",
                )
            ]
        )
    model = one_model(scenarios)
    profiles = gather(case, model)
    mentioned = _alone(chosen)
    if any(locus.kind == "X" for locus in model.loci):
        _refuse_unknown_sex(chosen)
    rows = []
    for done, hypothesis in enumerate(chosen):
        progress("hypotheses", done, len(chosen))
        pedigree = _with_everybody(hypothesis.pedigree, mentioned)
        family = MergedFamily((), pedigree, (), {})
        members = profiles.members(family)
        tasks = [
            Task(pedigree, locus, profiles.of_family(family, locus, members), theta=model.theta) for locus in model.loci
        ]
        rows.append(ln_likelihoods(tasks))
    progress("hypotheses", len(chosen), len(chosen))
    return Comparison(case, model, tuple(h.name for h in chosen), np.array(rows))


def _refuse_unknown_sex(hypotheses: Sequence[Hypothesis]) -> None:
    sexes: dict[str, set[Sex]] = {}
    for h in hypotheses:
        for m in h.pedigree:
            sexes.setdefault(m.id, set()).add(m.sex)
    faults = [
        Fault(
            "sex-differs",
            f"{person} is male in one hypothesis and female in another, and X markers are inherited by sex",
            "give one sex in every hypothesis, or leave the X markers out",
            value=person,
        )
        for person, found in sexes.items()
        if {"male", "female"} <= found
    ]
    faults += [
        Fault(
            "sex-needed",
            f"the sex of {person} is not known, and X markers are inherited by sex",
            "give the sex, or leave the X markers out",
            value=person,
        )
        for person, found in sexes.items()
        if "unknown" in found
    ]
    if faults:
        raise Refusal(faults)


def _alone(hypotheses: Sequence[Hypothesis]) -> dict[str, Member]:
    """Everybody whom a hypothesis mentions as a person without kin: his inbreeding as a founder stays his."""
    found: dict[str, Member] = {}
    for m in (m for h in hypotheses for m in h.pedigree):
        known = found.get(m.id, m)
        f = max(known.founder_inbreeding, m.founder_inbreeding)
        fx = max(known.founder_inbreeding_x, m.founder_inbreeding_x)
        found[m.id] = Member(m.id, sex=m.sex, founder_inbreeding=f, founder_inbreeding_x=fx)
    return found


def _with_everybody(pedigree: Pedigree, mentioned: Mapping[str, Member]) -> Pedigree:
    others = [m for p, m in mentioned.items() if p not in pedigree]
    return Pedigree([*pedigree, *others]) if others else pedigree
