"""Profiles outside a case: long and wide tables of one laboratory are the same typings."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeward.case import Typing
from homeward.faults import Refusal
from homeward.formats import read_profiles

TYPINGS = (
    Typing("R1", "TH01", ("6", "9.3")),
    Typing("R1", "VWA", ("16", "17")),
    Typing("R1", "DYS385", ("11", "14")),
    Typing("R2", "TH01", ("7", "7")),
)


def read(tmp_path: Path, text: str) -> tuple[Typing, ...]:
    path = tmp_path / "profiles.csv"
    path.write_text(text, encoding="utf-8")
    return read_profiles(path)


def refused(tmp_path: Path, text: str) -> set[tuple[str, int | None, str]]:
    with pytest.raises(Refusal) as refusal:
        read(tmp_path, text)
    return {(f.code, f.row, f.column) for f in refusal.value.faults}


def canonical(typings: tuple[Typing, ...]) -> list[Typing]:
    from homeward.genetics import canonical_marker

    return [Typing(t.sample, canonical_marker(t.marker), t.alleles) for t in typings]


@pytest.mark.parametrize("header", ["sample,marker,allele1,allele2", "Sample Name,Marker,Allele 1,Allele 2"])
def test_long(tmp_path: Path, header: str) -> None:
    text = f"{header}\nR1,TH01,6,9.3\nR1,vWA,16,17\nR1,DYS385,11,14\nR2,TH01,7,7\n"
    assert list(read(tmp_path, text)) == canonical(TYPINGS)


@pytest.mark.parametrize(
    "pair", ["TH01,TH01,vWA,vWA", "TH01_1,TH01_2,vWA_1,vWA_2", "TH01 1,TH01 2,VWA 1,vwa 2"], ids=["twice", "_", "blank"]
)
def test_wide(tmp_path: Path, pair: str) -> None:
    text = f'SampleName,{pair},DYS385,x_kit\nR1,6,9.3,16,17,"11,14",A\nR2,7,7,,,,A\n'
    assert list(read(tmp_path, text)) == canonical(TYPINGS)


def test_a_number_that_belongs_to_the_name_is_not_a_pair(tmp_path: Path) -> None:
    text = "sample,D21S11,D21S11,D2S441,D2S441\nR1,29,30,10,11\n"
    assert [(t.marker, t.alleles) for t in read(tmp_path, text)] == [("D21S11", ("29", "30")), ("D2S441", ("10", "11"))]


def test_wide_faults_name_the_cell(tmp_path: Path) -> None:
    text = "sample,TH01_1,TH01_2,FGA,FGA\nR1,6,,20,21\nR2,6,OL,20,21\nR1,,,22,22\n,6,7,20,21\n"
    assert refused(tmp_path, text) == {
        ("single-allele", 2, "TH01_2"),
        ("bad-allele", 3, "TH01_2"),
        ("duplicate-typing", 4, "FGA"),
        ("missing-value", 5, "sample"),
    }


def test_columns_without_their_fellow(tmp_path: Path) -> None:
    text = "sample,Family,TH01,FGA,FGA,FGA\nR1,F1,6,20,21,22\n"
    assert refused(tmp_path, text) == {
        ("unknown-field", 1, "Family"),
        ("unknown-field", 1, "TH01"),
        ("duplicate-column", 1, "FGA"),
    }


def test_no_sample_column_and_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path, "TH01,TH01\n6,7\n") == {("missing-column", 1, "sample")}
    with pytest.raises(Refusal) as refusal:
        read_profiles(tmp_path / "none.csv")
    assert [f.code for f in refusal.value.faults] == ["missing-file"]
