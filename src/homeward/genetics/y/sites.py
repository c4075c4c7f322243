"""What samples show of a Y haplotype, as sites that mutate by themselves: one a marker, all its copies together.

The states of a site are whole sets of copies (`13`, `13,17`, `null`): those the samples show, those one step from them,
and, for a marker of one copy, all in between. DYS389I and DYS389II are one site where somebody is typed at both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations_with_replacement, product

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.alleles import allele_order, alternatives, fraction, repeats
from homeward.genetics.lineage import Observed, Site
from homeward.genetics.markers import allele_kind
from homeward.genetics.rates import DEFAULT_RATE2
from homeward.genetics.y.dys389 import DYS389, PARTS, joint_evidence, joint_states, joint_transition
from homeward.genetics.y.markers import NULL, SNP_RATE, copies, spelled, split, y_rate
from homeward.genetics.y.steps import MULTISTEP, copy_transition, set_transition

__all__ = ["MISTYPING", "YTyping", "y_evidence", "y_sites"]

Floats = NDArray[np.float64]

YTyping = Mapping[str, Sequence[Sequence[str]]]
"""Y marker → the alleles each replicate shows; a replicate without alleles was not typed."""

MISTYPING = 1e-4
"""Probability that a typing shows another state than the true one; keeps one difference from being impossible."""

_UNKNOWN = "?"


def y_sites(
    observed: Sequence[YTyping],
    rates: Mapping[str, float] | None = None,
    *,
    mutates: bool = True,
    multistep: float = MULTISTEP,
    mistyping: float = MISTYPING,
    dropout: float | Sequence[float] = 0.0,
) -> tuple[tuple[Site, ...], list[Observed]]:
    """The sites of some samples' Y typings, in the order of their markers' names, and what each sample shows of them.

    ``rates``: probability per meiosis and copy, by marker; `y_rate` for the others, `SNP_RATE` for a marker whose
    alleles are no numbers of repeats. ``mutates``: False = nothing mutates and nothing is mistyped, so that one
    difference is an exclusion. ``multistep``: of the mutations, how many of k + 1 steps for one of k. ``mistyping``:
    per replicate and marker. ``dropout``: probability that one of several different alleles of a marker does not show,
    one for all samples or one for each; a typing is conditional on something being seen.

    `OL`, `<12` and other calls that are no alleles leave a replicate untyped there. `?` stands for any further alleles.
    """
    markers = {m for typing in observed for m in typing}
    dropouts = [dropout] * len(observed) if isinstance(dropout, float | int) else list(dropout)
    if len(dropouts) != len(observed):
        raise ValueError(f"{len(dropouts)} drop-out probabilities for {len(observed)} samples")
    shown = {m: [_readable(m, typing.get(m, ())) for typing in observed] for m in markers}
    error = mistyping if mutates else 0.0
    own = {m: y_rate(m) if allele_kind(m) == "STR" else SNP_RATE for m in markers} | dict(rates or {})
    found: list[tuple[Site, list[Floats | None]]] = []
    joint = _dys389(shown, error)
    if joint:
        states, evidence = joint
        change = joint_transition(states, (own[PARTS[0]], own[PARTS[1]]), multistep) if mutates else np.eye(len(states))
        found.append((Site(DYS389, states, change), evidence))
    for marker in sorted(markers - set(PARTS if joint else ()), key=_natural):
        states = _states(marker, shown[marker])
        if states:
            change = _transition(states, own[marker], multistep) if mutates else np.eye(len(states))
            each = zip(shown[marker], dropouts, strict=True)
            evidence = [_evidence(seen, states, error, lost) if seen else None for seen, lost in each]
            found.append((Site(marker, states, change), evidence))
    found.sort(key=lambda pair: _natural(pair[0].name))
    joint_at = next((i for i, (site, _) in enumerate(found) if site.name == DYS389), -1)
    seen = []
    for k in range(len(observed)):
        sites = {i: e for i, (_, evidence) in enumerate(found) if (e := evidence[k]) is not None}
        part = sum(1 << n for n, marker in enumerate(PARTS) if joint and shown[marker][k])
        seen.append(Observed(sites, {joint_at: part} if part in (1, 2) else {}))
    return tuple(site for site, _ in found), seen


def y_evidence(site: Site, replicates: Iterable[Sequence[str]], dropout: float, mistyping: float = MISTYPING) -> Floats:
    """P(the replicates of a marker | state) at one of `y_sites`, shape (states,), under another drop-out."""
    return _evidence(_readable(site.name, replicates), site.states, mistyping, dropout)


def _natural(marker: str) -> list[str | int]:
    """By name, with numbers as numbers."""
    return [int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", marker))]


def _dys389(
    shown: Mapping[str, Sequence[Sequence[tuple[str, ...]]]], error: float
) -> tuple[tuple[str, ...], list[Floats | None]] | None:
    """States and evidence of DYS389 as one site, where somebody is typed at both parts and all is whole repeats."""
    if not set(PARTS) <= set(shown):
        return None
    seen = [[[frozenset(alternatives(r[0])) for r in of] for of in shown[part]] for part in PARTS]
    every = [r for part in PARTS for of in shown[part] for r in of]
    if any(len(r) != 1 or not all(a.isdigit() for a in alternatives(r[0])) for r in every):
        return None
    differences = [
        int(b) - int(a)
        for of_first, of_second in zip(*seen, strict=True)
        for first, second in product(of_first, of_second)
        for a, b in product(first, second)
    ]
    if not differences or min(differences) < 1:
        return None
    wholes = {int(a) for of in seen[0] for options in of for a in options}
    # what is typed at II alone must be reachable from the middle of what is seen elsewhere
    alone = {int(a) for first, second in zip(*seen, strict=True) if not first for options in second for a in options}
    middle = sorted(differences)[len(differences) // 2]
    states = joint_states([*wholes, *(a - middle for a in alone)], differences)
    evidence: list[Floats | None] = []
    for first, second in zip(*seen, strict=True):
        whole = joint_evidence(states, first, 0, error) * joint_evidence(states, second, 1, error)
        evidence.append(whole if first or second else None)
    return states, evidence


def _readable(marker: str, replicates: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """The replicates in which every call is an allele."""
    return [tuple(r) for r in replicates if any(a != _UNKNOWN for a in r) and all(_is_call(marker, a) for a in r)]


def _is_call(marker: str, allele: str) -> bool:
    if allele in (_UNKNOWN, NULL):
        return True
    options = alternatives(allele)
    if allele_kind(marker) == "STR":
        return bool(options) and all(repeats(a) is not None for a in options)
    return bool(options) and not any(a.startswith(("<", ">")) or a == "OL" for a in options)


def _is_repeats(states: Iterable[tuple[str, ...]]) -> bool:
    return all(a == NULL or repeats(a) is not None for state in states for a in state)


def _states(marker: str, shown: Sequence[Sequence[tuple[str, ...]]]) -> tuple[str, ...]:
    """Everything seen and its neighbours, ordered by number of copies and alleles."""
    count = copies(marker)
    found = {state for replicates in shown for r in replicates for state in _compatible(r, count)}
    if found and _is_repeats(found):
        found |= {new for state in found for new in _neighbours(state)}
        if count == 1:
            found |= set(_between(found))
    return tuple(spelled(s) for s in sorted(found, key=lambda s: (len(s), _ranks(s))))


def _ranks(state: tuple[str, ...]) -> tuple[tuple[int, int, int, str], ...]:
    return tuple((a == NULL, repeats(a) or 0, fraction(a) or 0, a) for a in state)


def _compatible(replicate: tuple[str, ...], count: int) -> Iterable[tuple[str, ...]]:
    """The states that show exactly these alleles: of the usual number of copies, or of as many as there are alleles."""
    known = [alternatives(a) for a in replicate if a != _UNKNOWN]
    for chosen in product(*known):
        distinct = allele_order(set(chosen))
        if NULL in distinct:
            yield (NULL,)
            continue
        for extra in combinations_with_replacement(distinct, max(0, count - len(distinct))):
            yield allele_order([*distinct, *extra])


def _neighbours(state: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    for i, allele in enumerate(state):
        if allele != NULL:
            for step in (-1, 1):
                moved = _moved(allele, step)
                if moved:
                    yield allele_order([*state[:i], moved, *state[i + 1 :]])


def _moved(allele: str, step: int) -> str | None:
    whole, part = (repeats(allele) or 0) + step, fraction(allele) or 0
    return None if whole < 0 else f"{whole}.{part}" if part else str(whole)


def _between(states: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    """Single alleles that lie between two of one microvariant class."""
    by_class: dict[int, list[int]] = {}
    for (allele,) in (s for s in states if len(s) == 1 and s[0] != NULL):
        by_class.setdefault(fraction(allele) or 0, []).append(repeats(allele) or 0)
    for part, wholes in by_class.items():
        for whole in range(min(wholes), max(wholes) + 1):
            yield (f"{whole}.{part}" if part else str(whole),)


def _transition(states: tuple[str, ...], rate: float, multistep: float) -> Floats:
    sets = [split(s) for s in states]
    if not _is_repeats(sets):
        return _uniform(len(states), rate)
    alleles = allele_order({a for s in sets for a in s if a != NULL})
    return set_transition(sets, alleles, copy_transition(alleles, rate, multistep), DEFAULT_RATE2)


def _uniform(count: int, rate: float) -> Floats:
    """Any state into any other, alike."""
    if count == 1:
        return np.ones((1, 1))
    found = np.full((count, count), rate / (count - 1))
    np.fill_diagonal(found, 1 - rate)
    return found


def _evidence(replicates: Sequence[tuple[str, ...]], states: tuple[str, ...], error: float, dropout: float) -> Floats:
    """P(all replicates | state)."""
    found = np.ones(len(states))
    elsewhere = error / max(1, len(states) - 1)
    sets = [frozenset(split(s)) for s in states]
    for replicate in replicates:
        known = [frozenset(chosen) for chosen in product(*(alternatives(a) for a in replicate if a != _UNKNOWN))]
        is_open = _UNKNOWN in replicate
        right = np.array([max(_shows(state, seen, is_open, dropout) for seen in known) for state in sets])
        found *= right * (1 - error) + (1 - right) * elsewhere
    return found


def _shows(state: frozenset[str], seen: frozenset[str], is_open: bool, dropout: float) -> float:
    """P(exactly these alleles are seen | the state's different alleles), given that any is."""
    if not seen <= state:
        return 0.0
    if is_open:
        return 1.0
    lost = len(state) - len(seen)
    if not dropout:
        return float(lost == 0)
    return dropout**lost * (1 - dropout) ** len(seen) / (1 - dropout ** len(state))
