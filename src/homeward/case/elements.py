"""The vocabulary of `element` in remains.csv, and which items cannot be of one body."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from homeward.case.values import Remains

__all__ = ["ELEMENTS", "ElementCount", "conflict"]

ElementCount = Literal["single", "paired", "several"]

_SINGLE = """body head skull cranium mandible frontal occipital sphenoid ethmoid vomer hyoid atlas axis sacrum coccyx
manubrium sternum torso pelvis"""
_PAIRED = """maxilla zygomatic nasal lacrimal palatine parietal temporal clavicle scapula humerus radius ulna hand hip
ilium ischium pubis femur patella tibia fibula foot talus calcaneus navicular cuboid medial-cuneiform
intermediate-cuneiform lateral-cuneiform scaphoid lunate triquetral pisiform trapezium trapezoid capitate hamate arm
leg ear eye metacarpal-1 metacarpal-2 metacarpal-3 metacarpal-4 metacarpal-5 metatarsal-1 metatarsal-2 metatarsal-3
metatarsal-4 metatarsal-5"""
_SEVERAL = """fragment bone long-bone flat-bone tooth incisor canine premolar molar rib vertebra cervical-vertebra
thoracic-vertebra lumbar-vertebra carpal metacarpal tarsal metatarsal phalanx hand-phalanx foot-phalanx sesamoid
ossicle skull-fragment muscle skin soft-tissue cartilage hair nail blood organ tissue ash other"""


def _vocabulary() -> dict[str, ElementCount]:
    counts: tuple[tuple[str, ElementCount], ...] = ((_SINGLE, "single"), (_PAIRED, "paired"), (_SEVERAL, "several"))
    return {word: count for words, count in counts for word in words.split()}


ELEMENTS: Mapping[str, ElementCount] = MappingProxyType(_vocabulary())
"""Element → how many a body has: one, one of each side, or several (or a part that tells nothing)."""


def conflict(a: Remains, b: Remains) -> bool:
    """Whether two items cannot be of one body.

    They cannot when one is listed under the other's `not_same_as`, when both are the same single element
    (unless they are its left and right parts), or the same paired element of the same known side. Two items
    of equal `individual` are known to be one body, whatever their elements.
    """
    if a.id in b.not_same_as or b.id in a.not_same_as:
        return True
    if a.individual and a.individual == b.individual:
        return False
    if a.element != b.element:
        return False
    count = ELEMENTS.get(a.element, "several")
    if count == "single":
        return {a.side, b.side} != {"left", "right"}
    return count == "paired" and a.side == b.side and a.side != ""
