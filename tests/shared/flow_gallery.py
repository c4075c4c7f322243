"""Flows that a drawing must do well, and the pictures of them that were looked at and found good.

`python tests/shared/flow_gallery.py` draws all golden pictures anew; with `--sheet FILE.html` it writes one page of
all of them instead, to be opened in a browser and looked at. Whoever changes a picture looks first.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from homeward.draw import FlowLink, FlowNode, Standing, flow_svg

__all__ = ["FLOWS", "GOLDEN", "drawn"]

GOLDEN = Path(__file__).parents[1] / "draw" / "golden_flow"
Columns = tuple[list[FlowNode], list[FlowNode], list[FlowNode]]
Links = tuple[list[FlowLink], list[FlowLink]]
KEY: dict[Standing, str] = {
    "settled": "✓ above the threshold",
    "shared": "◇ a group shares these names",
    "open": "possible, below the threshold",
    "outside": "nobody in particular",
}
SAID: dict[str, Any] = {"headings": ("Samples", "Individuals", "Names"), "key": KEY, "title": "From samples to names"}


def _nodes(*labels: str) -> list[FlowNode]:
    return [FlowNode(x.rstrip("!"), x.endswith("!")) for x in labels]


def brothers() -> tuple[Columns, Links]:
    """Two samples of one body, two brothers either way round, one open, one of nobody."""
    right = _nodes("F-61/M-112", "F-62/M-1", "F-62/M-2", "F-63/M-7", "listed without references!", "not on the list!")
    into = [
        FlowLink(0, 0, 0.9999, "settled", "0.9999"),
        FlowLink(1, 0, 0.9999, "settled", "0.9999"),
        *(FlowLink(k + 1, k, 0.12, "outside") for k in range(1, 5)),
    ]
    out = [
        FlowLink(0, 0, 0.9998, "settled", "✓ 0.9998"),
        FlowLink(1, 1, 0.54, "shared", "◇ 0.54"),
        FlowLink(1, 2, 0.46, "shared", "◇ 0.46"),
        FlowLink(2, 1, 0.46, "shared", "◇ 0.46"),
        FlowLink(2, 2, 0.54, "shared", "◇ 0.54"),
        FlowLink(3, 3, 0.971, "open", "0.97"),
        FlowLink(3, 5, 0.029, "outside", "0.029"),
        FlowLink(4, 5, 0.93, "outside", "0.93"),
        FlowLink(4, 4, 0.07, "outside", "0.07"),
    ]
    left = _nodes("R-01", "R-01b", "R-02", "R-03", "R-04", "R-05")
    return (left, _nodes("1", "2", "3", "4", "5"), right), (into, out)


def one() -> tuple[Columns, Links]:
    """The smallest."""
    return (_nodes("V1"), _nodes("1"), _nodes("F1/M1")), (
        [FlowLink(0, 0, 0.12, "outside")],
        [FlowLink(0, 0, 0.9997, "settled", "✓ 0.9997")],
    )


def scripts() -> tuple[Columns, Links]:
    """Names in two scripts, and a label too long for its column."""
    names = _nodes("F-61/M-112 (김영호)", "F-62/M-1 (金本栄浩)", "the-family-with-the-very-long-label/and-a-long-id")
    out = [FlowLink(k, k, 0.9997, "settled", "✓ 0.9997") for k in range(3)]
    left = _nodes("갱도 3, 오른쪽 대퇴골", "右大腿骨", "R-03")
    return (left, _nodes("1", "2", "3"), names), ([FlowLink(k, k, 0.12, "outside") for k in range(3)], out)


def fragments() -> tuple[Columns, Links]:
    """Five fragments of one body, and four of another of whom nobody knows whether they are."""
    left = _nodes(*(f"R-{k:02}" for k in range(1, 10)))
    into = [FlowLink(k, 0, 0.9999, "settled", "0.9999") for k in range(5)]
    into += [FlowLink(k, 1, 0.6 + 0.1 * (k - 5), "open", f"{0.6 + 0.1 * (k - 5):.2f}") for k in range(5, 9)]
    out = [FlowLink(0, 0, 0.99999, "settled", "✓ 0.99999")]
    out += [FlowLink(1, k, 0.2, "open", "0.20") for k in range(6)]
    return (left, _nodes("1", "2"), _nodes(*(f"F/M{k}" for k in range(6)))), (into, out)


FLOWS: dict[str, tuple[Columns, Links, dict[str, Any]]] = {
    picture.__name__: (*picture(), SAID) for picture in (brothers, one, scripts, fragments)
}


def drawn(name: str) -> str:
    """One picture."""
    columns, links, said = FLOWS[name]
    return flow_svg(columns, links, **said)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sheet", type=Path)
    sheet = asked.parse_args().sheet
    if sheet is not None:
        pictures = "".join(f"<h2>{name}</h2>{drawn(name)}" for name in FLOWS)
        sheet.write_text(f"<!doctype html><meta charset=utf-8><body>{pictures}</body>\n", encoding="utf-8")
    else:
        GOLDEN.mkdir(exist_ok=True)
        for name in FLOWS:
            (GOLDEN / f"{name}.svg").write_text(drawn(name) + "\n", encoding="utf-8")
