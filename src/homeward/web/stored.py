"""Results that a record keeps, as pages need them. What was read is not opened and parsed again until it changes."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from homeward.check import Finding
from homeward.formats.joint_read import read_conclusions, read_posterior
from homeward.formats.result_value import read_findings
from homeward.record.values import Analysis
from homeward.record.view import View
from homeward.report.joint_flow import in_order
from homeward.report.joint_view import SETTLED, Body, JointAnswer
from homeward.web.kept import Kept

__all__ = ["Head", "StoredResult", "heads", "newest_result", "result_of", "stored_result"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """What an analysis says of itself, besides its result."""

    revision: int
    seed: int
    by: str
    rerunnable: bool


@dataclass(frozen=True, eq=False)
class StoredResult:
    """A stored analysis. ``samples`` of remains and ``names`` that have references, in the order of the case.

    ``log10_lr``: (samples, names), NaN = not compared, -inf = an LR of 0; ``alone``: the posterior of each sample by
    itself, same shape, NaN = not compared; ``sex``: where the sexes contradict. ``source``: sample → remains.
    ``joint``: None where there is no joint answer.
    """

    id: str
    head: Head
    samples: tuple[str, ...]
    names: tuple[str, ...]
    source: Mapping[str, str]
    log10_lr: Floats
    alone: Floats
    sex: NDArray[np.bool_]
    joint: JointAnswer | None
    findings: tuple[Finding, ...]
    threshold: float

    @cached_property
    def posterior(self) -> Floats:
        """Of the joint answer, else of each sample alone; (samples, names)."""
        if self.joint is None:
            return self.alone
        p = self.joint.posterior
        rows = [self.joint.at.get(s, -1) for s in self.samples]
        cols = [self.joint.name_at.get(m, -1) for m in self.names]
        # what the joint answer lacks stands as NaN in a row and a column of its own
        padded = np.pad(p.marginals[:, : len(p.names)], ((0, 1), (0, 1)), constant_values=np.nan)
        return np.asarray(padded[np.ix_(rows, cols)])

    @cached_property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Sample and name of every conclusion above the threshold that names one person."""
        told = self.joint.conclusions if self.joint is not None else ()
        return tuple(
            (s, c.missing[0]) for c in told if c.conclusion in SETTLED and len(c.missing) == 1 for s in c.samples
        )

    @cached_property
    def individuals(self) -> tuple[Body, ...]:
        """Samples put together, as every page numbers them; each by itself where there is no joint answer."""
        if self.joint is None:
            return tuple(Body((s,), 1.0) for s in self.samples)
        put = tuple(in_order(self.joint))
        there = {s for body in put for s in body.samples}
        return put + tuple(Body((s,), 1.0) for s in self.samples if s not in there)

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """Sample → the number of its individual, counted from 1."""
        return {s: k for k, body in enumerate(self.individuals, 1) for s in body.samples}


_kept: Kept[StoredResult] = Kept(most=3)
_heads: WeakKeyDictionary[sa.Engine, dict[tuple[str, int], Head]] = WeakKeyDictionary()
_lock = threading.Lock()


def heads(view: View) -> dict[str, Head]:
    """Of every analysis that can be read, in the order of the record."""
    versions = view.since("analysis")
    with _lock:
        known = _heads.setdefault(view.connection.engine, {})
        unknown = [id for id, since in versions.items() if (id, since) not in known]
    for id in unknown:
        result = stored_result(view, id)
        if result is not None:
            with _lock:
                known[id, versions[id]] = result.head
    return {id: known[id, since] for id, since in versions.items() if (id, since) in known}


def newest_result(view: View) -> StoredResult | None:
    """The analysis of the latest state of the case that can be read; None where there is none."""
    there = heads(view)
    return stored_result(view, max(there, key=lambda id: there[id].revision)) if there else None


def stored_result(view: View, id: str) -> StoredResult | None:
    """One analysis; None where there is none, or none that can be read."""
    since = view.since("analysis").get(id)
    if since is None:
        return None
    found = _kept.get(view.connection.engine, id, since)
    if found is not None:
        return found
    analysis: Analysis | None = view.get("analysis", id)
    if analysis is None:
        return None
    return _kept.put(view.connection.engine, id, since, result_of(id, analysis))


def result_of(id: str, analysis: Analysis) -> StoredResult:
    """A stored analysis, parsed."""
    told: dict[str, Any] = json.loads(analysis.result)
    pairs = told["pairs"]
    samples = tuple(s["id"] for s in told["samples"] if s["of"] == "remains")
    names = tuple(dict.fromkeys(p["missing"] for p in pairs))
    at, name_at = {s: i for i, s in enumerate(samples)}, {m: j for j, m in enumerate(names)}
    shape = len(samples), len(names)
    log10_lr, alone, sex = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, dtype=np.bool_)
    for pair in pairs:
        i, j = at[pair["sample"]], name_at[pair["missing"]]
        if pair["status"] != "no-shared-markers":
            log10_lr[i, j] = -np.inf if pair["log10_lr"] is None else pair["log10_lr"]
            alone[i, j] = pair["posterior"]
            sex[i, j] = pair["status"] == "sex"
    joint, threshold = told.get("joint"), float(told["settings"]["thresholds"]["posterior"])
    answer = None
    if joint and joint["marginals"]:
        answer = JointAnswer(read_posterior(joint), read_conclusions(joint["conclusions"]), threshold)
    return StoredResult(
        id,
        Head(analysis.revision, analysis.seed, analysis.by, analysis.rerunnable),
        samples,
        names,
        {s["id"]: s["source"] for s in told["samples"] if s["of"] == "remains"},
        log10_lr,
        alone,
        sex,
        answer,
        read_findings(told["warnings"]),
        threshold,
    )
