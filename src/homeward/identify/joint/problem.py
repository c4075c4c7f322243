"""The joint problem without genetics: samples, places for them, what each place weighs, and the prior.

Every sample is of exactly one body, and a body has one place: a *name* of a family, a name without kin (all such names
of one group are alike), or nobody on the list. Weights are against the state in which all samples are of unrelated
persons: ln P(families, samples placed so) − Σ ln P(family) − Σ ln P(sample).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, lgamma, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bodies", "Family", "Group", "Held", "Prior", "PriorKind", "Problem", "Ways"]

Floats = NDArray[np.float64]

PriorKind = Literal["bodies", "fragments", "flat-assignments"]

Held = tuple[tuple[int, ...], ...]
"""Which samples each name of a family holds, in order; () = nobody found."""

Ways = tuple[NDArray[np.intp], Floats]
"""What each name of a family holds and what that weighs, as `Family.ways` says."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The incident: N names, probability π of a stranger, and how many bodies strangers' fragments may come from.

    ``bodies``: every sample another body; a state with k of n samples on the list weighs πⁿ⁻ᵏ (1−π)ᵏ (N−k)!/N!.
    ``fragments``: every sample is of a given name with (1−π)/N, of a given stranger body with π/B.
    ``flat-assignments``: every assignment of samples, each a body, alike.
    """

    kind: PriorKind
    names: int
    strangers: float
    stranger_bodies: int = 3

    @property
    def ln_on_list(self) -> float:
        """ln of the prior of one sample at one name, as far as it is a factor of its own."""
        if self.kind != "fragments":
            return 0.0
        return log((1.0 - self.strangers) / self.names) if self.strangers < 1 and self.names else -inf

    @property
    def ln_on_stranger(self) -> float:
        """The same of one sample at one stranger's body."""
        if self.kind != "fragments":
            return 0.0
        return log(self.strangers / self.stranger_bodies) if self.strangers > 0 and self.stranger_bodies else -inf

    def ln_listed(self, listed: int, samples: int) -> float:
        """ln of the prior of ``listed`` samples being on the list, where bodies are drawn without replacement."""
        if self.kind == "flat-assignments":
            return 0.0
        if listed > self.names:
            return -inf
        strange = samples - listed
        if (strange and self.strangers <= 0) or (listed and self.strangers >= 1):
            return -inf
        ln = lgamma(self.names - listed + 1) - lgamma(self.names + 1)
        ln += strange * log(self.strangers) if strange else 0.0
        return ln + (listed * log(1.0 - self.strangers) if listed else 0.0)


@dataclass(frozen=True, eq=False)
class Family:
    """The listed persons of one family.

    ``names``: their places in `Problem.names`. ``ln_given(at, held)``: for every sample, natural log of how much more
    the family's data weigh with it also at its name ``at``, given what its names hold: shape (samples,), -inf where
    impossible. ``held`` is what names hold before; starting from nothing, any order leads to the same total.
    ``ways(bodies, may)``: where a family knows them all at once, every way to fill its names that is not impossible,
    nobody found first: (ways, names) the place among ``bodies`` that each name holds, -1 for nobody, and (ways,) the
    total. ``bodies``: subsets of samples, bit i = sample i; ``may``: (bodies, names). None where it does not know.
    """

    names: tuple[int, ...]
    ln_given: Callable[[int, Held], Floats]
    ways: Callable[[Sequence[int], NDArray[np.bool_]], Ways | None] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Listed persons without kin in the case whom nothing tells apart: how many, and `Problem.ln_fit` of any of them.

    ``label``: a person's id where there is only one, else what they share. ``ln_fit``: (samples,).
    """

    label: str
    size: int
    ln_fit: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Bodies:
    """What bodies of several samples weigh, many asked for at once, where that takes no table a body.

    ``may_be_one``: (samples, samples), False where two cannot be one body. ``ln_weights(bodies)``: natural log weight
    of each body at each name by itself and, last, of somebody unrelated, against its samples all apart: (bodies,
    names + 1), NaN at names that are not alone in their families.
    """

    may_be_one: NDArray[np.bool_]
    ln_weights: Callable[[Sequence[tuple[int, ...]]], Floats]


@dataclass(frozen=True, eq=False)
class Problem:
    """All a joint solver knows.

    ``names``: ids of all names of families. ``ln_fit``: (samples, names) natural log likelihood of what is not DNA
    (sex, age, place, …), 0 where nothing is known, -inf where decisions or a hard rule forbid it;
    ``ln_fit_stranger``: (samples,). ``apart``: pairs of samples, lower first, that cannot be one body.
    ``ln_body(held)``: for every sample, ln of how much more the samples ``held`` weigh with it as one body of somebody
    unrelated, (samples,). ``ln_base``: natural log likelihood of everything with all samples of unrelated persons.
    ``bodies``: the same weights asked for body by body; None where only the chain rule knows them.
    """

    samples: tuple[str, ...]
    names: tuple[str, ...]
    families: tuple[Family, ...]
    groups: tuple[Group, ...]
    prior: Prior
    ln_fit: Floats
    ln_fit_stranger: Floats
    ln_body: Callable[[tuple[int, ...]], Floats]
    apart: frozenset[tuple[int, int]] = frozenset()
    ln_base: float = 0.0
    bodies: Bodies | None = None

    @property
    def one_sample_a_body(self) -> bool:
        return self.prior.kind != "fragments"

    def together(self, held: Sequence[int], sample: int) -> bool:
        """Whether a sample may be of one body with those held."""
        if self.one_sample_a_body:
            return not held
        return all((min(i, sample), max(i, sample)) not in self.apart for i in held)
