"""`MtHaplotype`: which positions were read, and what stands there; equal values are equal sequences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from homeward.case import Span
from homeward.genetics.mtdna.alignment import aligned
from homeward.genetics.mtdna.notation import Edit, NotationError, contents, differences, parsed
from homeward.genetics.mtdna.reference import GAP_POSITION, LENGTH, WHOLE, covers, merged, rcrs

__all__ = ["MtHaplotype"]


@dataclass(frozen=True)
class MtHaplotype:
    """A mitochondrial haplotype: the ranges of the rCRS that were read, and the differences in them.

    Whatever notation it is made with, it holds the one notation of its sequence (`docs/mtdna.md`), so two are
    equal where ranges and sequences are. ``places``: position → what stands there, where it differs ("" =
    deleted, "CC" = a base and one inserted after it; letters as in `notation`).

    Raises `NotationError`, besides those of the notation: ``outside-range`` for a difference at a position that
    was not read; ValueError for ranges outside 1..16569.
    """

    ranges: tuple[Span, ...]
    differences: tuple[str, ...] = ()
    places: Mapping[int, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ranges = merged(self.ranges or WHOLE)
        edits: list[Edit] = []
        for text in self.differences:
            for edit in parsed(text):
                if not covers(ranges, edit.position):
                    raise NotationError("outside-range", text)
                edits.append(edit)
        places = aligned(contents(edits), ranges)
        object.__setattr__(self, "ranges", ranges)
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "differences", differences(places))

    def at(self, position: int) -> str | None:
        """What stands at a position ("" = deleted; with all that is inserted after it); None where it was not read."""
        found = self.places.get(position)
        if found is None and covers(self.ranges, position):
            return "" if position == GAP_POSITION else rcrs()[position - 1]
        return None if found is not None and found.startswith("N") else found

    def sequences(self) -> tuple[str, ...]:
        """The sequence of each range; N = not read, a small letter = this base or none."""
        return tuple(self._text(r) for r in self.ranges)

    def _text(self, r: Span) -> str:
        parts, at = [], r.low
        for p, text in self.places.items():
            if r.low <= p <= r.high:
                parts += [rcrs()[at - 1 : p - 1], text]
                at = p + 1
        parts.append(rcrs()[at - 1 : r.high])
        whole = "".join(parts)
        # the letter of position 3107 is nobody's base
        if r.low <= GAP_POSITION <= r.high and GAP_POSITION not in self.places:
            index = len(self._before(r, GAP_POSITION))
            whole = whole[:index] + whole[index + 1 :]
        return whole

    def _before(self, r: Span, position: int) -> str:
        return "".join(self.places.get(p, rcrs()[p - 1]) for p in range(r.low, position))

    def within(self, ranges: Iterable[Span]) -> MtHaplotype:
        """What it shows of some ranges; those it does not hold are left out. Raises ValueError where none is left."""
        from homeward.genetics.mtdna.reference import intersection

        shared = intersection(self.ranges, ranges)
        if not shared:
            raise ValueError("the haplotype was not read in any of these ranges")
        kept = {p: text for p, text in self.places.items() if covers(shared, p)}
        return MtHaplotype(shared, differences(kept))

    @property
    def is_whole(self) -> bool:
        """Whether every position was read."""
        return self.ranges == WHOLE

    @property
    def length(self) -> int:
        """How many positions of the rCRS were read."""
        unread = sum(text.startswith("N") for text in self.places.values())
        return min(sum(r.high - r.low + 1 for r in self.ranges), LENGTH) - unread
