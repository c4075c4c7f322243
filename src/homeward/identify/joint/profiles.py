"""What the samples of one body show together, and how much each of them adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite, log

import numpy as np

from homeward.case import Sample
from homeward.identify.consensus import consensus
from homeward.identify.joint.answer import BodyProfile, Conclusion, Fragment
from homeward.identify.joint.groups import bodies_of
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.weights import joined_readings
from homeward.identify.mixture import View, compare_all
from homeward.identify.screen import Typed
from homeward.observe import Profiles

__all__ = ["body_profiles"]


def body_profiles(
    posterior: JointPosterior,
    conclusions: Sequence[Conclusion],
    samples: Mapping[str, Sample],
    views: Sequence[View],
    profiles: Sequence[Profiles],
    threshold: float,
) -> tuple[BodyProfile, ...]:
    """Every body of several samples: those concluded to be of one name, else those joined above the threshold.

    ``samples``: by id. The consensus is as the first view's population has it, LRs are over all of them.
    """
    bodies = _bodies(posterior, conclusions, threshold)
    if not bodies or not posterior.names:
        return ()
    place = {sample: i for i, sample in enumerate(posterior.samples)}
    names = [posterior.names[_leading(posterior, [place[s] for s in body])] for body in bodies]
    so_far = [(body[: k + 1], name) for body, name in zip(bodies, names, strict=True) for k in range(len(body))]
    log10_lr = iter(_log10_lrs(views, so_far))
    found = []
    for body, name in zip(bodies, names, strict=True):
        at = [place[s] for s in body]
        together = float(posterior.same_body[np.ix_(at, at)].min())
        seen: set[str] = set()
        fragments = []
        for sample in body:
            typed = {t for t in profiles[0].typings[sample] if t in views[0].model.locus}
            fragments.append(Fragment(sample, len(typed), len(typed - seen), next(log10_lr)))
            seen |= typed
        shown = consensus(profiles[0], [samples[s] for s in body], views[0].model)
        found.append(BodyProfile(body, min(together, 1.0), name, tuple(fragments), shown))
    return tuple(found)


def _bodies(posterior: JointPosterior, conclusions: Sequence[Conclusion], threshold: float) -> list[tuple[str, ...]]:
    found = {c.samples for c in conclusions if len(c.missing) == 1 and len(c.samples) > 1}
    taken = {s for body in found for s in body}
    for at in bodies_of(posterior, threshold):
        body = tuple(posterior.samples[i] for i in at)
        if len(body) > 1 and not taken.intersection(body):
            found.add(body)
    place = {sample: i for i, sample in enumerate(posterior.samples)}
    return sorted(found, key=lambda body: [place[s] for s in body])


def _leading(posterior: JointPosterior, at: Sequence[int]) -> int:
    return int(posterior.marginals[at, : len(posterior.names)].mean(axis=0).argmax())


def _log10_lrs(views: Sequence[View], asked: Sequence[tuple[Sequence[str], str]]) -> list[float | None]:
    """log10 LR of several samples as one, against a name, for each of these."""
    names = list(dict.fromkeys(name for _, name in asked))
    narrow = []
    for view in views:
        read = {readings[0][1].id: readings for readings in view.samples}
        column = {pedigrees[0][1].id: pedigrees for pedigrees in view.columns}
        samples = [_possible(joined_readings([read[s] for s in body])) for body, _ in asked]
        narrow.append(replace(view, samples=samples, columns=[column[name] for name in names]))
    found = compare_all(narrow, refuse=False)
    told: list[float | None] = []
    for k, (_, name) in enumerate(asked):
        at = names.index(name)
        ln = float(found.ln_lr[k, at])
        told.append(ln / log(10.0) if found.compared[k, at] and isfinite(ln) else None)
    return told


def _possible(readings: Sequence[tuple[float, Typed]]) -> Sequence[tuple[float, Typed]]:
    """The same, with nothing typed where samples contradict each other however they are read."""
    if any(all(e.genotypes for read in typed.evidence.values() for e in read.values()) for _, typed in readings):
        return readings
    return [(1.0, replace(readings[0][1], evidence={}))]
