"""`Joint`: what the joint posterior says, frozen; faces make words of its codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from homeward.identify.consensus import Consensus
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.views import OfName, OfSample, by_name, by_sample

__all__ = ["BodyProfile", "Conclusion", "ConclusionKind", "Fragment", "Joint", "Reason", "Stress", "Untested"]

ConclusionKind = Literal[
    "undisputed", "identified", "group", "probable", "inconclusive", "disputed", "excluded", "non-identifiable"
]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a stable code and its parameters."""

    code: str
    parameters: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stress:
    """A conclusion's posterior, and log10 LR where there is one, under one changed assumption, given as a code."""

    change: str
    posterior: float
    log10_lr: float | None = None


@dataclass(frozen=True, slots=True)
class Untested:
    """A changed assumption that a conclusion was not tried under, and why, both as codes.

    ``change``: the code of a stress test or its first part, ``all`` = none was made. ``why``: ``too-large``, ``signed``
    (people have signed it, and it is taken as given), ``nothing-mutates``, ``no-other-population``, ``flat-prior``,
    ``list-as-open``, ``one-body`` (two of the samples are more probably one body than not), ``family-tells-nothing``,
    ``nothing-possible``, ``no-edge``, ``no-father``; ``held`` (of ``rest``: more contends with it than was solved
    again, and stayed where it stands), ``off`` (no tests were wanted).
    """

    change: str
    why: str


@dataclass(frozen=True)
class Conclusion:
    """What is concluded of some samples.

    ``samples``: those that are one body or, in a group, those that share several names; ``missing``: one name,
    several = a symmetric group, () = nobody named. ``posterior``: that all of ``samples`` are of ``missing`` (of a
    group: of these names in some order). ``mc_error``: its standard error on the log-odds, 0 where exact.
    ``log10_glr``: generalised LR, None where it was not computed. Above a posterior of 0.9, ``stress`` and ``untested``
    tell together what was asked of it, and what was not and why. ``relatives``: a close relative of the one name, in no
    file, and log10 LR of H1: the first sample is of the name, against H2: of that relative.
    """

    samples: tuple[str, ...]
    missing: tuple[str, ...]
    conclusion: ConclusionKind
    posterior: float | None
    log10_lr: float | None = None
    log10_glr: float | None = None
    mc_error: float = 0.0
    reasons: tuple[Reason, ...] = ()
    stress: tuple[Stress, ...] = ()
    untested: tuple[Untested, ...] = ()
    relatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Fragment:
    """A sample of a body, after those before it.

    ``markers``: those typed in it, ``new`` in none of those before. ``log10_lr``: of all so far as one profile, H1: of
    the body's most probable name, H2: of somebody unrelated; None where they have nothing in common with the family
    or contradict each other.
    """

    sample: str
    markers: int
    new: int
    log10_lr: float | None


@dataclass(frozen=True)
class BodyProfile:
    """Samples judged one body: ``posterior``: of the two least surely so; ``missing``: its most probable name."""

    samples: tuple[str, ...]
    posterior: float
    missing: str
    fragments: tuple[Fragment, ...]
    markers: tuple[Consensus, ...]


@dataclass(frozen=True)
class Joint:
    """The joint answer of a case.

    ``posterior``: over remains samples, all given; ``unconditioned``: the same without the identifications that people
    have signed, None where nobody has. ``all_right``: probability that every name proposed is right. ``complete``:
    probability that the list is complete that was used (1 − `incident.strangers`), with ``all_right`` and the number of
    names proposed under others, as (probability, names proposed, all right). ``bodies``: what the samples of one body
    show together, of every body of several samples. ``all_right_error``: standard error of ``all_right``, 0 if exact.
    """

    posterior: JointPosterior
    conclusions: tuple[Conclusion, ...]
    all_right: float
    unconditioned: JointPosterior | None = None
    complete: tuple[tuple[float, int, float], ...] = ()
    bodies: tuple[BodyProfile, ...] = ()
    all_right_error: float = 0.0

    @cached_property
    def by_name(self) -> tuple[OfName, ...]:
        """AM-driven: every missing person with references, and the samples that may be of this person."""
        return by_name(self.posterior)

    @cached_property
    def by_sample(self) -> tuple[OfSample, ...]:
        """PM-driven: every sample, and who it may be of."""
        return by_sample(self.posterior)

    @cached_property
    def of_sample(self) -> Mapping[str, Conclusion]:
        """Sample → its conclusion."""
        return {sample: c for c in self.conclusions for sample in c.samples}
