"""The joint posterior, whoever computed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["STRANGER", "UNREFERENCED", "JointAssignment", "JointMethod", "JointPosterior"]

Floats = NDArray[np.float64]

UNREFERENCED, STRANGER = "unreferenced", "stranger"


@dataclass(frozen=True, slots=True)
class JointMethod:
    """How a posterior was found: ``states`` of non-zero prior if exact; chains, errors and convergence if sampled.

    ``ln_evidence``: natural log of Σ prior × likelihood, the prior normalised over the admissible states.
    ``approximations``: codes of those made, () where there is none; ``theta_error``: the largest difference of a
    marginal that an urn for each family instead of one for all makes, where it was measured.
    """

    name: Literal["exact", "sampled"]
    states: float | None = None
    ln_evidence: float | None = None
    chains: int = 0
    max_rhat: float | None = None
    min_ess: float | None = None
    max_mc_error: float | None = None
    converged: bool = True
    approximations: tuple[str, ...] = ()
    theta_error: float | None = None


@dataclass(frozen=True, slots=True)
class JointAssignment:
    """Who is who for all samples: sample → name, `unreferenced` or `stranger`; posterior and ln likelihood ratio."""

    who: tuple[tuple[str, str], ...]
    posterior: float
    ln_lr: float


@dataclass(frozen=True, eq=False)
class JointPosterior:
    """Probabilities of every sample and pair of samples.

    ``marginals``: (samples, names + groups + 1): P(sample is of this name / of this group together / of a stranger);
    ``mc_error``: standard errors of the same shape, zero where exact. ``same_body``: (samples, samples).
    ``bodies``: (samples + 1,) P(number of distinct bodies). ``assignments``: the best, at most 100. ``no_sample``:
    (names,) P(no sample is of this name). ``ln_glr``: (samples, names) natural log of the generalised LR, the best
    likelihood of an assignment with the pairing over the best of one without it; None where it was not computed.
    ``states``: (states, samples) of states drawn, the place of each sample as a column of ``marginals``; None where
    nothing was drawn.
    """

    samples: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    marginals: Floats
    mc_error: Floats
    same_body: Floats
    bodies: Floats
    assignments: tuple[JointAssignment, ...]
    method: JointMethod
    no_sample: Floats
    ln_glr: Floats | None = None
    states: NDArray[np.intp] | None = None

    def error_of(self, sample: int, columns: Sequence[int]) -> float:
        """Standard error of P(sample is of any of these columns of ``marginals``).

        From theirs or the other columns', whichever is less: what goes to and fro between columns changes no sum.
        """
        variance = self.mc_error[sample] ** 2
        own = list(columns)
        return float(np.sqrt(min(variance[own].sum(), np.delete(variance, own).sum())))

    @property
    def unreferenced(self) -> Floats:
        """P(sample is of a listed person without kin in the case), shape (samples,)."""
        return np.asarray(self.marginals[:, len(self.names) : -1].sum(axis=1))

    @property
    def stranger(self) -> Floats:
        """P(sample is of nobody on the list), shape (samples,)."""
        return np.asarray(self.marginals[:, -1])
