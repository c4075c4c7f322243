"""The same posterior from either side: the samples that may be of a missing person, and who a sample may be of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointPosterior

__all__ = ["OfName", "OfSample", "by_name", "by_sample"]


@dataclass(frozen=True, slots=True)
class OfName:
    """A missing person: samples with posterior and its standard error, best first; P(no sample is of him)."""

    missing: str
    samples: tuple[tuple[str, float, float], ...]
    nobody: float


@dataclass(frozen=True, slots=True)
class OfSample:
    """A sample: names, `unreferenced` and `stranger` with posterior and its standard error, best first."""

    sample: str
    who: tuple[tuple[str, float, float], ...]


def by_name(posterior: JointPosterior, *, least: float = 0.0) -> tuple[OfName, ...]:
    """AM-driven: every name with the samples whose posterior is above ``least``; ties in the order of the samples."""
    found = []
    for k, name in enumerate(posterior.names):
        column, error = posterior.marginals[:, k], posterior.mc_error[:, k]
        order = [i for i in np.argsort(-column, kind="stable").tolist() if column[i] > least]
        rows = tuple((posterior.samples[i], float(column[i]), float(error[i])) for i in order)
        found.append(OfName(name, rows, float(posterior.no_sample[k])))
    return tuple(found)


def by_sample(posterior: JointPosterior, *, least: float = 0.0) -> tuple[OfSample, ...]:
    """PM-driven: every sample with who it may be of, above ``least``; ties in the order of the names."""
    names = len(posterior.names)
    found = []
    for i, sample in enumerate(posterior.samples):
        row, error = posterior.marginals[i], posterior.mc_error[i]
        who = [(name, float(row[k]), float(error[k])) for k, name in enumerate(posterior.names)]
        together = float(np.sqrt((error[names:-1] ** 2).sum()))
        who.append((UNREFERENCED, float(posterior.unreferenced[i]), together))
        who.append((STRANGER, float(row[-1]), float(error[-1])))
        found.append(OfSample(sample, tuple(sorted((w for w in who if w[1] > least), key=lambda w: -w[1]))))
    return tuple(found)
