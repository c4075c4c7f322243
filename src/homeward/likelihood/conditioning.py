"""Summing some meiosis selectors outermost, where that is cheaper than summing alleles.

Once it is fixed which grandparental allele each child of an untyped couple got, half of the transmission
factors are constant and the rest link only two alleles each: the couple's four alleles no longer meet in
one array of alleles⁴ numbers, but 2^selectors small networks are to be added up. They are compiled into one
programme in which nothing that two of them share is computed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.execute import LARGEST, Move, eliminate, in_chunks, left_over, move_of
from homeward.likelihood.planner import Plan, Scope, plan_elimination

__all__ = ["Gate", "add_up"]

Floats = NDArray[np.float64]

_CHEAP = 1e6
"""Below this many multiplications a locus nothing is gained by looking further."""
_MOST = 12
"""Most selectors summed outermost: 4,096 networks."""
_HELD = 64
"""Arrays of the largest size a programme is taken to hold at once."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The two factors of a selector: ``first`` is constant where the selector is 1, ``second`` where it is 0."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """Make one array: of ``a`` alone the slice ``opened`` of its first variable, or the move of ``a`` and ``b``.

    ``done_with``: arrays nothing later needs.
    """

    a: int
    b: int | None
    opened: int | None
    move: Move | None
    done_with: tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Programme:
    """Instructions, numbered on from the factors, and the sum of their products.

    ``terms``: (weight, the arrays to multiply with their scopes), one a setting of the selectors.
    """

    instructions: tuple[Instruction, ...]
    terms: tuple[tuple[float, tuple[tuple[int, Scope], ...]], ...]
    largest: float


def add_up(
    factors: Sequence[Floats], scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope, gates: tuple[Gate, ...]
) -> Floats:
    """Like `eliminate`, free to sum the selectors of ``gates`` outermost."""
    programme = _cheaper(scopes, dims, keep, gates)
    if programme is None:
        return eliminate(factors, scopes, dims, keep)
    loci = max(len(f) for f in factors)
    chunk = max(1, int(LARGEST // (programme.largest * _HELD)))
    return np.concatenate([_run(programme, rows, dims, keep) for rows in in_chunks(factors, loci, chunk)])


def _run(programme: Programme, factors: Sequence[Floats], dims: tuple[int, ...], keep: Scope) -> Floats:
    arrays: dict[int, Floats] = dict(enumerate(factors))
    for new, do in enumerate(programme.instructions, len(factors)):
        if do.move is None:
            arrays[new] = arrays[do.a][:, do.opened]
        else:
            arrays[new] = do.move.join(arrays[do.a], None if do.b is None else arrays[do.b])
        for slot in do.done_with:
            del arrays[slot]
    loci = max(len(f) for f in factors)
    total = np.zeros((loci, *(dims[v] for v in keep)))
    for weight, remaining in programme.terms:
        total += weight * left_over([(arrays[slot], scope) for slot, scope in remaining], loci, dims, keep)
    return total


@lru_cache(maxsize=1024)
def _cheaper(
    scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope, gates: tuple[Gate, ...]
) -> Programme | None:
    """The programme that saves work, or None where the plain order is as cheap."""
    plain = plan_elimination(scopes, dims, keep).work(dims)
    if plain < _CHEAP or not 0 < len(gates) <= _MOST:
        return None
    compiler = Compiler(scopes, dims, keep, gates)
    return compiler.programme() if compiler.work < plain else None


class Compiler:
    """Writes the networks of all settings of the selectors as one programme."""

    def __init__(self, scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope, gates: tuple[Gate, ...]) -> None:
        self.dims = dims
        self.keep = keep
        self.factors = len(scopes)
        self.made: dict[tuple[object, ...], int] = {}
        self.moves: list[tuple[int, int | None, int | None, Move | None]] = []
        self.terms: list[tuple[float, tuple[tuple[int, Scope], ...]]] = []
        self.work = 0.0
        self.largest = 1.0
        gated = {f for g in gates for f in (g.first, g.second)}
        guarded = {v for f in gated for v in scopes[f]} | set(keep)
        outside = plan_elimination(scopes, dims, tuple(sorted(guarded)))
        slots = self._write(outside, list(range(self.factors)))
        for setting in product((0, 1), repeat=len(gates)):
            self._setting([(slots[slot], slot, scope) for slot, scope in outside.remaining], gates, setting)

    def programme(self) -> Programme:
        last: dict[int, int] = {}
        needed = {slot for _, remaining in self.terms for slot, _ in remaining}
        for new, (a, b, _, _) in enumerate(self.moves, self.factors):
            last[a] = new
            if b is not None:
                last[b] = new
        done: dict[int, list[int]] = {}
        for slot, new in last.items():
            if slot not in needed:
                done.setdefault(new, []).append(slot)
        instructions = tuple(
            Instruction(*move, tuple(done.get(new, ()))) for new, move in enumerate(self.moves, self.factors)
        )
        return Programme(instructions, tuple(self.terms), self.largest)

    def _setting(
        self, network: list[tuple[int, int, Scope]], gates: tuple[Gate, ...], setting: tuple[int, ...]
    ) -> None:
        """One network: a gate whose selector points elsewhere is constant and drops out, the other opens."""
        opened = {g.second if chosen else g.first: chosen for g, chosen in zip(gates, setting, strict=True)}
        closed = {g.first if chosen else g.second for g, chosen in zip(gates, setting, strict=True)}
        slots: list[int] = []
        scopes: list[Scope] = []
        for array, factor, scope in network:
            if factor in closed:
                continue
            if factor in opened:
                # a gate's selector is its first variable
                slots.append(self._slot(array, None, opened[factor], None))
                scopes.append(scope[1:])
            else:
                slots.append(array)
                scopes.append(scope)
        plan = plan_elimination(tuple(scopes), self.dims, self.keep, quick=True)
        final = self._write(plan, slots)
        # the first of a gate's two factors carries the selector's half
        self.terms.append((0.5 ** sum(setting), tuple((final[slot], scope) for slot, scope in plan.remaining)))

    def _write(self, plan: Plan, slots: list[int]) -> list[int]:
        """Append a plan's steps; ``slots``: the array in each of its slots, to which the new ones are added."""
        for step in plan.steps:
            b = None if step.b is None else slots[step.b]
            before = len(self.moves)
            slots.append(self._slot(slots[step.a], b, None, move_of(step, self.dims)))
            if len(self.moves) > before:
                one = Plan((step,), (), 0.0, 0.0)
                self.work += one.work(self.dims)
                self.largest = max(self.largest, float(np.prod([self.dims[v] for v in step.scope])))
        return slots

    def _slot(self, a: int, b: int | None, opened: int | None, move: Move | None) -> int:
        key = (a, b, opened, move)
        if key not in self.made:
            self.made[key] = self.factors + len(self.moves)
            self.moves.append((a, b, opened, move))
        return self.made[key]
