"""LR bars and the match matrix say what their values say."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import inf

import pytest

from homeward.draw import log10_text, lr_bar_svg, lr_bars_svg, lr_range, matrix_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [t.text or "" for t in ET.fromstring(svg).iter(f"{SVG}text")]


def bars(svg: str) -> list[tuple[float, float]]:
    return [(float(r.attrib["x"]), float(r.attrib["width"])) for r in ET.fromstring(svg).iter(f"{SVG}rect")]


@pytest.mark.parametrize(
    ("value", "words"),
    [(7.944, "7.94"), (-0.14, "−0.14"), (-0.001, "0.00"), (0.0, "0.00"), (-inf, "−∞"), (inf, "∞"), (None, "–")],
)
def test_log10_text(value: float | None, words: str) -> None:
    assert log10_text(value) == words


def test_each_bar_starts_where_the_running_total_stands() -> None:
    terms = [("A", 1.0), ("B", 2.0), ("C", -1.5)]
    (a, aw), (b, bw), (c, cw) = bars(lr_bars_svg(terms))
    assert b == pytest.approx(a + aw, abs=0.2)
    assert bw == pytest.approx(2 * aw, abs=0.3)
    assert c + cw == pytest.approx(b + bw, abs=0.2)
    shown = texts(lr_bars_svg(terms, headings={"total": "All"}))
    assert [shown[i] for i in range(len(shown)) if shown[i] in ("1.00", "3.00", "1.50", "−1.50")].count("1.50") == 2


def test_an_impossible_term_ends_the_sum() -> None:
    shown = texts(lr_bars_svg([("A", 1.0), ("B", -inf), ("C", 0.5)]))
    assert shown.count("−∞") == 4  # the term, the running total twice, the whole
    assert len(bars(lr_bars_svg([("A", 1.0), ("B", -inf), ("C", 0.5)]))) == 2


def test_a_bar_lies_on_its_side_of_zero_and_against_is_hatched() -> None:
    low, high = lr_range([-1.0, 2.0, -inf])
    assert (low, high) == (-1.0, 2.0)
    ((x_for, _),) = bars(lr_bar_svg(1.0, low, high))
    ((x_against, width),) = bars(lr_bar_svg(-1.0, low, high))
    assert x_against + width == pytest.approx(x_for, abs=0.2)
    assert lr_bar_svg(-1.0, low, high).count("<path") > lr_bar_svg(1.0, low, high).count("<path")
    assert lr_range([]) == (-0.5, 0.5)


def test_matrix_prints_values_and_signs() -> None:
    values = {(0, 0): 7.94, (0, 1): -inf, (1, 0): None, (1, 1): -12.4}
    svg = matrix_svg(["R-1", "R-2"], ["M<1", "M2"], values, {(0, 0): "best", (1, 1): "sex"})
    assert texts(svg) == ["M<1", "M2", "R-1", "7.9", "×", "R-2", "·", "−12"]
    assert len(bars(svg)) == 5, "four cells and a frame"
    assert svg == matrix_svg(["R-1", "R-2"], ["M<1", "M2"], values, {(0, 0): "best", (1, 1): "sex"})


def test_strength_of_colour_is_symmetric_and_fades_at_zero() -> None:
    svg = matrix_svg(["r"], list("abcde"), {(0, j): v for j, v in enumerate((6.0, -6.0, 0.0, 60.0, -inf))})
    shades = [r.attrib["fill-opacity"] for r in ET.fromstring(svg).iter(f"{SVG}rect")]
    assert shades == ["0.55", "0.55", "0.00", "0.55", "0.00"]


def test_headings_stand_clear_of_the_words_for_and_against() -> None:
    words = {"term": "Marker", "against": "against", "for": "for"}
    root = ET.fromstring(lr_bars_svg([("M1", 1.0)], headings=words))
    height = {t.text: float(t.attrib["y"]) for t in root.iter(f"{SVG}text")}
    assert height["Marker"] - height["against"] >= 12 and height["against"] == height["for"]
