"""Founders of random populations for random families."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
from random_families import Scene

from homeward import Pedigree


def mixed(scene: Scene, seed: int) -> Scene:
    """The scene with founders of up to three populations, one of which no locus knows."""
    rng = Random(seed)
    n = len(scene.locus.alleles)
    elsewhere = {}
    for population in ("x", "y"):
        weights = np.array([rng.choice([0.0, 0.1, 0.5, 1.0]) for _ in range(n - 1)] + [0.3])
        elsewhere[population] = weights / weights.sum()
    members = [
        replace(m, population=rng.choice(["", "x", "x", "y", "unheard of"])) if m.is_founder else m
        for m in scene.pedigree
    ]
    return Scene(Pedigree(members), replace(scene.locus, elsewhere=elsewhere), scene.evidence)
