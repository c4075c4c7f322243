"""A probability as a bar, for a cell of a table."""

from __future__ import annotations

from homeward.draw.svg import Drawing, colour, document, element

__all__ = ["share_bar_svg"]

_TALL = 12.0


def share_bar_svg(p: float, *, width: float = 96.0) -> Drawing:
    """A bar from 0 to a probability on a frame from 0 to 1; the figure stands beside it, from the caller."""
    wide = min(max(p, 0.0), 1.0) * (width - 1)
    frame = element(
        "rect", x=0.5, y=0.5, width=width - 1, height=_TALL - 1, fill="none", stroke="currentColor", stroke_opacity=0.3
    )
    bar = element("rect", x=0.5, y=0.5, width=wide, height=_TALL - 1, fill_opacity=0.6, **colour("accent", "#1f5f8b"))
    return document(width, _TALL, [bar, frame], role="presentation")
