"""What stands beside drawings, in English. Keys are stable."""

from __future__ import annotations

__all__ = ["ENGLISH_DRAWINGS"]

ENGLISH_DRAWINGS: dict[str, str] = {
    "triangle": "Relationships in question",
    "triangle.note": "Each pair by its estimated probabilities to share no (κ₀) and two (κ₂) alleles by descent, "
    "numbered as below. A square with an arrow: the arrow leads from what the record says. Crosses: MZ identical twins "
    "or one individual, PO parent and child, S full siblings, H,U,G half siblings, uncle, grandparent, FC and SC "
    "first and second cousins, DFC double first cousins, Q quadruple half first cousins, UN unrelated. Without "
    "inbreeding nobody lies in the grey region; estimates may, for they are uncertain with few markers.",
}
