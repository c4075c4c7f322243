"""A marker has one name, however it is written; the page lists every alias."""

import runpy
from pathlib import Path

import pytest

from homeward.genetics import allele_kind, canonical_marker, known_markers, marker_kind

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("THO1", "TH01"),
        ("th01", "TH01"),
        ("ACTBP2", "SE33"),
        ("VWA", "vWA"),
        ("vWF A31", "vWA"),
        ("PENTA_E", "Penta E"),
        ("PentaE", "Penta E"),
        ("PENTA E", "Penta E"),
        ("Penta-D", "Penta D"),
        ("AMELOGENIN", "AMEL"),
        ("FES/FPS", "FESFPS"),
        ("d5 s818", "D5S818"),
        ("D5S818 ", "D5S818"),
        ("Ｄ５Ｓ８１８", "D5S818"),
        ("DYS389 II", "DYS389II"),
        ("Y-GATA-H4", "YGATAH4"),
        ("Yindel", "YIndel"),
        ("CSF1P0", "CSF1PO"),
        ("D22GATA198b05", "D22GATA198B05"),
        ("DYS385a/b", "DYS385"),
    ],
)
def test_spellings(written, name):
    assert canonical_marker(written) == name


def test_an_unknown_name_is_kept():
    assert canonical_marker(" My_Marker-1 ") == "My_Marker-1"
    assert canonical_marker("か\u3099") == "が"


@pytest.mark.parametrize(
    ("name", "kind", "alleles"),
    [
        ("TH01", "autosomal", "STR"),
        ("dxs10074", "X", "STR"),
        ("HPRTB", "X", "STR"),
        ("DYS19", "Y", "STR"),
        ("YINDEL", "Y", "STR"),
        ("Amelogenin", "sex", "AMEL"),
        ("DXS99999", "X", "STR"),
        ("DYS9999", "Y", "STR"),
        ("D9S9999", "autosomal", "STR"),
        ("rs671", "autosomal", "SNP"),
        ("M1", "autosomal", "other"),
        ("Y:M122", "Y", "SNP"),
        ("y:rs2032597", "Y", "SNP"),
    ],
)
def test_kinds(name, kind, alleles):
    assert marker_kind(name) == kind
    assert allele_kind(name) == alleles


def test_no_spelling_means_two_markers():
    for marker in known_markers():
        for spelling in (marker.name, *marker.aliases, marker.name.upper(), marker.name.lower()):
            assert canonical_marker(spelling) == marker.name


@pytest.mark.parametrize("name", ["markers.md", "populations.md"])
def test_the_pages_are_current(name):
    page = runpy.run_path(str(DOCS / "tables.py"))["PAGES"][name]()
    assert (DOCS / name).read_text(encoding="utf-8") == page


def test_the_page_lists_every_alias():
    page = (DOCS / "markers.md").read_text(encoding="utf-8")
    for marker in known_markers():
        assert f"| {marker.name} |" in page
        assert ", ".join(marker.aliases) in page
