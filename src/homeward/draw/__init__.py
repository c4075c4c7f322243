"""SCIENCE. Values to SVG: pedigrees, LRs, matrix, triangle, flow, skeleton, timeline. One picture for every face.

Pure: the caller brings every word (in his reader's language); the same values give the same bytes. Ink is
``currentColor`` from ``--hw-ink``, the other colours are ``--hw-accent``, ``--hw-for`` and ``--hw-against``,
each with a fallback, so that a drawing looks right alone and follows the page it stands in.
"""

from homeward.draw.flow import FlowLink, FlowNode, Standing, flow_svg
from homeward.draw.lr import log10_text, lr_bar_svg, lr_bars_svg, lr_range
from homeward.draw.matrix import Mark, matrix_svg
from homeward.draw.pedigree import pedigree_svg
from homeward.draw.share import share_bar_svg
from homeward.draw.skeleton import Presence, is_drawn, skeleton_svg
from homeward.draw.svg import Drawing, language, text_width
from homeward.draw.symbols import pedigree_key_svg
from homeward.draw.timeline import Handover, Stay, timeline_svg
from homeward.draw.triangle import COMMON_RELATIONSHIPS, triangle_svg

__all__ = [
    "COMMON_RELATIONSHIPS",
    "Drawing",
    "FlowLink",
    "FlowNode",
    "Handover",
    "Mark",
    "Presence",
    "Standing",
    "Stay",
    "flow_svg",
    "is_drawn",
    "language",
    "log10_text",
    "lr_bar_svg",
    "lr_bars_svg",
    "lr_range",
    "matrix_svg",
    "pedigree_key_svg",
    "pedigree_svg",
    "share_bar_svg",
    "skeleton_svg",
    "text_width",
    "timeline_svg",
    "triangle_svg",
]
