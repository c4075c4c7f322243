"""Databases of Y haplotypes: what laboratories' tables say, and what is refused."""

from __future__ import annotations

import pytest

from homeward.faults import Refusal
from homeward.formats import read_y_haplotypes

HEADER = "Sample Name,Population,Count,DYS19,DYS385,DYS390,DYF387S1a,DYF387S1b\n"


def read(tmp_path, text, name="men.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_y_haplotypes(path)


def test_one_table_a_population(tmp_path) -> None:
    text = HEADER + 'a,Ube,1,14,"11,14",24,35,36\nb,Ube,3,14,14/11,24,36,35\nc,Jeju,1,15.2,13,,0,0\n'
    found = read(tmp_path, text)
    ube, jeju = found.tables
    assert (ube.id, ube.kind, ube.counts) == ("Ube", "Y", True)
    (same,) = ube.haplotypes
    assert same.value == 4
    assert same.alleles == {"DYS19": ("14",), "DYS385": ("11", "14"), "DYS390": ("24",), "DYF387S1": ("35", "36")}
    assert jeju.haplotypes[0].alleles == {"DYS19": ("15.2",), "DYS385": ("13",), "DYF387S1": ("null",)}
    assert [f.code for f in found.findings] == ["null-allele"]


def test_a_lost_copy_is_no_null_marker(tmp_path) -> None:
    (table,) = read(tmp_path, HEADER + "a,Ube,1,14,11,24,35,0\n").tables
    assert table.haplotypes[0].alleles["DYF387S1"] == ("35",)


def test_tab_separated_haplotypes_without_names(tmp_path) -> None:
    (table,) = read(tmp_path, "DYS19\tDYS389I\tDYS390\tn\n14\t13\t24\t5\n", "danes.txt").tables
    assert (table.id, table.haplotypes[0].value) == ("danes", 5)


def test_snps_of_the_y_have_letters(tmp_path) -> None:
    text = "DYS19,DYS390,Y:M9,M122\n14,24,G,C\n"
    (own,) = read(tmp_path, text).tables
    assert own.haplotypes[0].alleles == {"DYS19": ("14",), "DYS390": ("24",), "Y:M9": ("G",)}
    (named,) = read_y_haplotypes(tmp_path / "men.csv", {"M122"}).tables
    assert named.haplotypes[0].alleles == {"DYS19": ("14",), "DYS390": ("24",), "Y:M9": ("G",), "Y:M122": ("C",)}


def test_every_fault_is_told(tmp_path) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, HEADER + "a,Ube,x,14,11,24,,\nb,Ube,1,OL,11,24.33,,\n")
    assert [(f.code, f.row, f.column) for f in refused.value.faults] == [
        ("bad-number", 2, ""), ("bad-allele", 3, "DYS19"), ("bad-allele", 3, "DYS390"),
    ]  # fmt: skip


def test_frequencies_of_single_markers_are_refused_by_name(tmp_path) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, "STR,DYS576,DYS19,DYS390\nN,436,436,436\nAllele,,,\n14,0.1,0.5,\n24,,,0.9\n")
    assert [f.code for f in refused.value.faults] == ["single-locus-frequencies"]


@pytest.mark.parametrize("text", ["Sample,TH01,FGA,vWA\na,6,20,17\n", HEADER, "words\n"])
def test_tables_without_y_haplotypes(tmp_path, text) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, text)
    assert [f.code for f in refused.value.faults] == ["no-haplotypes"]


def test_a_missing_file(tmp_path) -> None:
    with pytest.raises(Refusal) as refused:
        read_y_haplotypes(tmp_path / "none.csv")
    assert [f.code for f in refused.value.faults] == ["missing-file"]
