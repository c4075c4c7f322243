"""What `case.toml` can say; every key has a default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "HaplotypeEstimator",
    "Incident",
    "LineageSettings",
    "LinkedMarkers",
    "ModelSettings",
    "Run",
    "Settings",
    "Thresholds",
]

HaplotypeEstimator = Literal["discrete-laplace", "brenner-kappa", "augmented-count", "clopper-pearson", "stated"]


@dataclass(frozen=True, slots=True)
class Incident:
    """Who can be among the samples, as the prior of `docs/case-folder.md` has it.

    ``size``: names on the list, N; None = members marked missing + rows of missing.csv. ``strangers``: probability π
    that a sample is of nobody on the list. ``samples_are``: every sample another body, or each drawn from any body.
    ``stranger_bodies``: how many bodies strangers' fragments may come from. ``prior``: this one, or every assignment
    alike.
    """

    size: int | None = None
    strangers: float = 0.02
    samples_are: Literal["bodies", "fragments"] = "fragments"
    stranger_bodies: int = 3
    prior: Literal["incident", "flat-assignments"] = "incident"


@dataclass(frozen=True, slots=True)
class LinkedMarkers:
    """Two markers on one chromosome, with the recombination fraction in a mother's and in a father's meiosis."""

    markers: tuple[str, str]
    mother: float
    father: float


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How likelihoods are computed.

    ``population``: (id, weight) pairs; one pair of weight 1 is a plain population, none = the only
    table of the case. ``sex_error``: probability that the recorded sex of a sample is wrong. ``mistyping``:
    probability that a marker's typing of a living person's sample is of some other genotype. ``dropout``: whether
    remains without stated drop-out have it estimated. ``linkage``: linked pairs are one term (``pairs``), or
    unlinked with the worst difference told (``report``) or not (``ignore``); ``linked``: pairs besides the bundled
    ones. ``sampling_error``: the frequencies are known only as well as the table's counts allow.
    """

    population: tuple[tuple[str, float], ...] = ()
    theta: float = 0.0
    mutation: Literal["file", "none", "default"] = "file"
    unseen_allele: Literal["minimum", "add-count", "refuse"] = "minimum"
    minimum_frequency: float = 0.001
    sum_policy: Literal["as given", "rescale", "rest"] = "rescale"
    sex_error: float = 0.001
    mistyping: float = 0.0
    dropout: Literal["stated", "estimated"] = "stated"
    linkage: Literal["report", "pairs", "ignore"] = "report"
    linked: tuple[LinkedMarkers, ...] = ()
    sampling_error: bool = False


@dataclass(frozen=True, slots=True)
class LineageSettings:
    """How one line of descent is weighed: the Y haplotype, or the mtDNA.

    ``database``: id of a table of haplotypes, the case's or a bundled one; empty = what was typed is not weighed.
    ``estimator``: how the frequency of a haplotype is estimated from it, fixed before the run. ``theta``: probability
    that two presumed unrelated persons have one haplotype from a common forefather or foremother; ``theta_clan``: the
    same of two of one clan or village. ``mutation``: the bundled rates, or none.
    """

    estimator: HaplotypeEstimator
    database: str = ""
    theta: float = 0.0
    theta_clan: float = 0.0
    mutation: Literal["default", "none"] = "default"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a laboratory draws its lines: posterior, and the LR called undisputed."""

    posterior: float = 0.9995
    undisputed_lr: float = 10000.0


@dataclass(frozen=True, slots=True)
class Run:
    """How this calculation is run.

    ``joint``: how the joint posterior is solved; ``auto`` = exactly where that can be done, else sampled; ``off`` =
    every sample by itself. ``seconds``: the most that sampling may take. ``stress``: how much of what contends with a
    conclusion is solved again under changed assumptions; ``off`` = no such tests.
    """

    seed: int = 1
    joint: Literal["auto", "exact", "sampled", "off"] = "auto"
    seconds: float = 60.0
    stress: Literal["quick", "deep", "off"] = "quick"


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them; sections and keys are those of `case.toml`."""

    incident: Incident = field(default_factory=Incident)
    model: ModelSettings = field(default_factory=ModelSettings)
    y: LineageSettings = field(default_factory=lambda: LineageSettings("discrete-laplace"))
    mt: LineageSettings = field(default_factory=lambda: LineageSettings("augmented-count"))
    thresholds: Thresholds = field(default_factory=Thresholds)
    run: Run = field(default_factory=Run)
