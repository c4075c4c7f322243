"""Samples that are one body, and bodies that share several names: what a conclusion is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.posterior import JointPosterior

__all__ = ["LARGEST_GROUP", "bodies_of", "sharing"]

Floats = NDArray[np.float64]
Body = tuple[int, ...]

LARGEST_GROUP = 6
"""Names up to which a group says enough to be told."""


def bodies_of(posterior: JointPosterior, threshold: float) -> list[Body]:
    """Samples every two of which are one body with at least this probability, the surest joined first."""
    n = len(posterior.samples)
    same = posterior.same_body
    body = {i: [i] for i in range(n)}
    pairs = [(i, j) for i, j in np.argwhere(np.triu(same >= threshold, 1)).tolist()]
    for i, j in sorted(pairs, key=lambda ij: -same[ij]):
        one, other = body[i], body[j]
        if one is not other and bool((same[np.ix_(one, other)] >= threshold).all()):
            one.extend(other)
            body.update(dict.fromkeys(other, one))
    found = {id(members): tuple(sorted(members)) for members in body.values()}
    return sorted(found.values())


def sharing(supports: dict[Body, frozenset[int]]) -> Iterator[tuple[list[Body], frozenset[int]]]:
    """Sets of bodies and the names they may share, larger sets first: linked by a name, of the same names, alone.

    ``supports``: the names each body is one of. No more than `LARGEST_GROUP` names, and at least as many as bodies.
    """
    parts: list[list[Body]] = []
    for body, names in supports.items():
        linked = [p for p in parts if any(supports[b] & names for b in p)]
        parts = [p for p in parts if p not in linked]
        parts.append([body, *(b for p in linked for b in p)])
    alike = _alike(supports, lambda body: supports[body])
    for bodies in (*parts, *alike, *([body] for body in supports)):
        names = frozenset().union(*(supports[b] for b in bodies))
        if len(bodies) <= len(names) <= LARGEST_GROUP:
            yield sorted(bodies), names


def _alike(bodies: Sequence[Body] | dict[Body, frozenset[int]], key: Callable[[Body], object]) -> list[list[Body]]:
    found: dict[object, list[Body]] = {}
    for body in bodies:
        found.setdefault(key(body), []).append(body)
    return list(found.values())
