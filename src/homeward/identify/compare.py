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
from homeward.identify.linked import refuse_linked_theta
from homeward.likelihood import Task, ln_likelihood_linked, ln_likelihoods
from homeward.observe import Profiles, gather
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Likelihoods of named hypotheses.

    ``ln_likelihood``: shape (hypotheses, blocks), natural log, -inf where impossible; ``blocks``: the markers of each,
    one or a linked pair. Where populations are a mixture, a block's number is what it adds to the blocks before it, so
    that rows sum to the mixture's; ``by_population``: the sum under each alone, (hypotheses,), empty unless there are
    several. ``reference``: the hypothesis the LRs are against, the last.
    """

    case: Case
    model: Model
    hypotheses: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    ln_likelihood: NDArray[np.float64]
    by_population: tuple[tuple[str, NDArray[np.float64]], ...] = ()

    @property
    def reference(self) -> str:
        return self.hypotheses[-1]

    @property
    def log10_likelihood(self) -> NDArray[np.float64]:
        """Shape (hypotheses,)."""
        return np.asarray(self.ln_likelihood.sum(axis=1) / log(10.0))

    @property
    def log10_lr(self) -> NDArray[np.float64]:
        """Shape (hypotheses, blocks), against the reference; NaN where the reference itself is impossible."""
        with np.errstate(invalid="ignore"):
            ratio = (self.ln_likelihood - self.ln_likelihood[-1]) / log(10.0)
        return np.asarray(np.where(np.isneginf(self.ln_likelihood[-1]), np.nan, ratio))

    @property
    def log10_lr_by_population(self) -> tuple[tuple[str, NDArray[np.float64]], ...]:
        """Under each population alone, shape (hypotheses,), against the reference; NaN where it is impossible there."""
        with np.errstate(invalid="ignore"):
            return tuple(
                (population, np.where(np.isneginf(ln[-1]), np.nan, (ln - ln[-1]) / log(10.0)))
                for population, ln in self.by_population
            )

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
    mentioned = _alone(chosen)
    model = scenarios[0].model
    if any(locus.kind == "X" for locus in model.loci):
        _refuse_unknown_sex(chosen)
    for scenario in scenarios:
        refuse_linked_theta(scenario.model)
    blocks = _blocks(model)
    pedigrees = [_with_everybody(h.pedigree, mentioned) for h in chosen]
    each = []
    for k, scenario in enumerate(scenarios):
        profiles = gather(case, scenario.model)
        for done, pedigree in enumerate(pedigrees):
            progress("hypotheses", k * len(chosen) + done, len(scenarios) * len(chosen))
            each.append(_ln_blocks(pedigree, profiles, scenario.model, blocks))
    progress("hypotheses", len(scenarios) * len(chosen), len(scenarios) * len(chosen))
    ln = np.array(each).reshape(len(scenarios), len(chosen), len(blocks))
    weights = np.array([s.weight for s in scenarios])
    by_population = tuple((s.label, x.sum(axis=1)) for s, x in zip(scenarios, ln, strict=True))
    return Comparison(
        case,
        model,
        tuple(h.name for h in chosen),
        blocks,
        ln[0] if len(scenarios) == 1 else _mixed(ln, weights),
        by_population if len(scenarios) > 1 else (),
    )


def _blocks(model: Model) -> tuple[tuple[str, ...], ...]:
    """The markers of each block, in the order of the loci: a linked pair stands where its first marker does."""
    partner = {p.markers[0]: p.markers[1] for p in model.linked} if model.linkage == "pairs" else {}
    partner |= {b: a for a, b in partner.items()}
    found: list[tuple[str, ...]] = []
    for name in model.locus:
        if name not in partner:
            found.append((name,))
        elif not any(name in block for block in found):
            found.append((name, partner[name]))
    return tuple(found)


def _ln_blocks(
    pedigree: Pedigree, profiles: Profiles, model: Model, blocks: Sequence[tuple[str, ...]]
) -> NDArray[np.float64]:
    """Natural log likelihood of every block under one pedigree, shape (blocks,)."""
    family = MergedFamily((), pedigree, (), {})
    members = profiles.members(family)
    evidence = {x.name: profiles.of_family(family, x, members) for x in model.loci}
    single = [b[0] for b in blocks if len(b) == 1]
    tasks = [Task(pedigree, model.locus[x], evidence[x], theta=model.theta_at(model.locus[x])) for x in single]
    found = dict(zip(single, ln_likelihoods(tasks).tolist(), strict=True))
    for pair in model.linked if model.linkage == "pairs" else ():
        a, b = (model.locus[x] for x in pair.markers)
        ln = ln_likelihood_linked(pedigree, (a, b), (evidence[a.name], evidence[b.name]), pair.recombination)
        found |= {a.name: ln, b.name: ln}
    return np.array([found[block[0]] for block in blocks])


def _mixed(ln: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each block adds to the mixture: shape (hypotheses, blocks) from (populations, hypotheses, blocks)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        running = np.log(weights)[:, None, None] + np.cumsum(ln, axis=2)
        total = np.logaddexp.reduce(running, axis=0)
        before = np.concatenate([np.zeros((total.shape[0], 1)), total[:, :-1]], axis=1)
        # once all is impossible, what is left to tell of a block is what it says by itself
        alone = np.logaddexp.reduce(np.log(weights)[:, None, None] + ln, axis=0)
        return np.asarray(np.where(np.isneginf(before), alone, total - np.where(np.isneginf(before), 0.0, before)))


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
        population = known.population or m.population
        found[m.id] = Member(m.id, sex=m.sex, founder_inbreeding=f, founder_inbreeding_x=fx, population=population)
    return found


def _with_everybody(pedigree: Pedigree, mentioned: Mapping[str, Member]) -> Pedigree:
    others = [m for p, m in mentioned.items() if p not in pedigree]
    return Pedigree([*pedigree, *others]) if others else pedigree
