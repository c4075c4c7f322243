"""Findings about pairs appear in the relationship triangle."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from homeward.check import Finding
from homeward.report.relationships import relationship_triangle
from homeward.report.words import Words

SVG = "{http://www.w3.org/2000/svg}"


def pair(code: str, a: str, b: str, severity: str = "warning", log10_lr: float = 5.0) -> Finding:
    evidence = {
        "declared_kappa": (0.0, 1.0, 0.0),
        "estimated_kappa": (0.9, 0.1, 0.0),
        "log10_lr": log10_lr,
        "relationship": "unrelated",
    }
    return Finding(code, severity, persons=(a, b), samples=(f"{a}-s", f"{b}-s"), evidence=evidence)  # type: ignore[arg-type]


def test_warnings_about_pairs_are_drawn_and_others_are_not() -> None:
    findings = [
        pair("relationship-differs", "F/<a>", "F/b"),
        pair("undeclared-relatives", "F/c", "G/d"),
        pair("undeclared-relatives", "F/e", "G/f", "note"),
        Finding("mixture", "warning", samples=("R-1",), markers=("TH01",)),
    ]
    said = relationship_triangle(findings, Words())
    svg = ET.fromstring(said[said.index("<svg") : said.index("</svg>") + 6])
    texts = [t.text for t in svg.iter(f"{SVG}text")]
    assert {"1", "2"} <= set(texts)
    assert "<li>F/&lt;a&gt; – F/b</li><li>F/c – G/d</li>" in said and "G/f" not in said
    assert len(list(svg.iter(f"{SVG}circle"))) == 1, "only what was declared otherwise gets another shape"


def test_pairs_at_one_place_are_one_point() -> None:
    said = relationship_triangle([pair("undeclared-relatives", f"F/{i}", "G/x") for i in range(3)], Words())
    assert ">1, 2, 3</text>" in said and said.count("<li>") == 3


def test_many_are_cut_to_the_likeliest() -> None:
    findings = [pair("undeclared-relatives", f"F/{i:02}", "G/x", log10_lr=float(i)) for i in range(30)]
    said = relationship_triangle(findings, Words())
    assert "F/29" in said and "F/10" in said and "F/09" not in said


def test_nothing_to_show_is_no_section() -> None:
    assert relationship_triangle([], Words()) == ""
