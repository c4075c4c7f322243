"""A sequence of bases as ranges and differences: where it lies on the rCRS is found, then each stretch is compared."""

from __future__ import annotations

import re
from functools import cache

from homeward.case import Span
from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.notation import BASES_OF
from homeward.genetics.mtdna.reference import GAP_POSITION, LENGTH, WHOLE, covers, merged, rcrs

__all__ = ["haplotype_of_sequence"]

_WORD = 16
"""Stretches of this many bases that the rCRS has once tell where a sequence lies."""
_FARTHEST = 200
_UNREAD = re.compile(r"N{10,}")


def haplotype_of_sequence(text: str) -> MtHaplotype:
    """The haplotype of a sequence in the light strand's letters, of any part, also across the origin.

    Ten or more N in a row, and hyphens at the ends, are not read; hyphens inside (of an alignment) are passed over.
    Raises ValueError: ``bad-sequence`` for letters that are none, ``not-mtdna`` where it cannot be placed.
    """
    bases = re.sub(r"[\s-]+", "", text.strip().strip("-")).upper().replace("U", "T")
    if not bases or not set(bases) <= set(BASES_OF):
        raise ValueError("bad-sequence")
    if re.sub(r"[\s]+", "", text).upper() == rcrs():
        return MtHaplotype(WHOLE)
    pieces: list[tuple[Span, list[str]]] = []
    at = 0
    for gap in [*_UNREAD.finditer(bases), None]:
        piece = bases[at : gap.start() if gap else len(bases)]
        at = gap.end() if gap else at
        if len(piece) >= _WORD:
            pieces.append(_placed(piece))
    if not pieces:
        raise ValueError("not-mtdna")
    ranges = merged(p for p, _ in pieces)
    texts = [t for _, found in pieces for t in found if covers(ranges, int(re.split(r"[^0-9]", t)[0]))]
    return MtHaplotype(ranges, tuple(dict.fromkeys(texts)))


@cache
def _words() -> dict[str, int]:
    """Word → where it begins in the rCRS (from 0, round the origin), for words that it has once."""
    circle = rcrs() + rcrs()[:_WORD]
    found: dict[str, int] = {}
    for i in range(LENGTH):
        word = circle[i : i + _WORD]
        found[word] = -1 if word in found else i
    return {word: i for word, i in found.items() if i >= 0}


def _placed(piece: str) -> tuple[Span, list[str]]:
    """The range of one unbroken piece, and its differences in whatever notation comes first."""
    anchors = _anchors(piece)
    if not anchors:
        raise ValueError("not-mtdna")
    first = anchors[0][1] - anchors[0][0]
    last = anchors[-1][1] + len(piece) - anchors[-1][0]
    if last - first > LENGTH + _FARTHEST:
        raise ValueError("not-mtdna")
    if len(piece) > LENGTH - _FARTHEST and -_FARTHEST < first < 0:  # the whole, with a length change near its beginning
        first = 0
    if len(piece) > LENGTH - _FARTHEST and first == 0 and abs(last - LENGTH) < _FARTHEST:
        last = LENGTH
    found: list[str] = []
    i, p = 0, first
    for a, b in [*anchors, (len(piece), last)]:
        if a >= i:
            found += _between(piece[i:a], p, b)
            i, p = min(len(piece), a + _WORD), b + _WORD
    return Span(first % LENGTH + 1, (last - 1) % LENGTH + 1), found


def _anchors(piece: str) -> list[tuple[int, int]]:
    """(place in the piece, place on the rCRS), both rising together; the rCRS counted on beyond the origin."""
    hits = [(i, _words()[w]) for i in range(len(piece) - _WORD + 1) if (w := piece[i : i + _WORD]) in _words()]
    chains: list[list[tuple[int, int]]] = []
    for i, p in hits:
        for chain in chains[-8:]:
            j, q = chain[-1]
            ahead = (p - q) % LENGTH
            if i >= j + _WORD and ahead >= _WORD and abs(ahead - (i - j)) <= _FARTHEST:
                chain.append((i, q + ahead))
                break
            if ahead == i - j < _WORD:
                break
        else:
            chains.append([(i, p)])
    return max(chains, key=len, default=[])


def _between(text: str, low: int, high: int) -> list[str]:
    """Differences of a text that stands for the rCRS from low (from 0) up to high."""
    here = [p % LENGTH for p in range(low, high)]
    reference = "".join(rcrs()[p] for p in here)
    if GAP_POSITION - 1 in here and len(text) == len(reference) - 1:  # the sequence has no letter for 3107
        at = here.index(GAP_POSITION - 1)
        text = text[:at] + "N" + text[at:]
    start = 0
    while start < min(len(text), len(reference)) and text[start] == reference[start]:
        start += 1
    end = 0
    while end < min(len(text), len(reference)) - start and text[-1 - end] == reference[-1 - end]:
        end += 1
    new, old = text[start : len(text) - end], here[start : len(here) - end]
    shared = min(len(new), len(old))
    found = [f"{p + 1}{c}" for p, c in zip(old, new, strict=False) if c != rcrs()[p] and p != GAP_POSITION - 1]
    found += [f"{p + 1}-" for p in old[shared:] if p != GAP_POSITION - 1]
    if new[shared:]:
        before = (low + start + shared - 1) % LENGTH
        found += [f"{before + 1}.{n}{c}" for n, c in enumerate(new[shared:], 1)]
    return found
