"""mtDNA, Y evidence and tables of haplotypes in a case folder: what is read alike, and what may not be said."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from homeward.case import Case, HaplotypeTable, KnownHaplotype, MtTyping, Sample, Span, Typing
from homeward.faults import Refusal
from homeward.formats import Profiles, read_case, read_file, write_case
from homeward.formats.convert import converted

VALID = Path(__file__).parents[2] / "docs" / "case-folder" / "valid"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the worked example."""
    return Path(shutil.copytree(VALID / "example", tmp_path / "case"))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the case with files of the laboratory."""
    return Path(shutil.copytree(VALID / "laboratory-files", tmp_path / "case"))


def typed(folder: Path, ranges: str, haplotype: str) -> MtTyping:
    (folder / "mtdna.csv").write_text(f'sample,range,haplotype\nV1,"{ranges}","{haplotype}"\n', encoding="utf-8")
    (found,) = read_case(folder).mt
    return found


def found(folder: Path) -> list[tuple[str, str, int | None, str]]:
    with pytest.raises(Refusal) as refused:
        read_case(folder)
    return [(f.code, f.file, f.row, f.column) for f in refused.value.faults]


@pytest.mark.parametrize("ranges", ["16024..16365;73..340", "16024-16365 73-340", "73..200,201..340; 16024–16365"])
@pytest.mark.parametrize("haplotype", ["16223T 263G 315.1C", "315+C;A263G,16223T", "m.16223C>T, m.263A>G 315.1C"])
def test_one_haplotype_has_one_form(folder: Path, ranges: str, haplotype: str) -> None:
    assert typed(folder, ranges, haplotype) == MtTyping(
        "V1", (Span(73, 340), Span(16024, 16365)), ("263G", "315.1C", "16223T")
    )


def test_a_range_over_the_origin_is_two_and_one_position_is_one(folder: Path) -> None:
    assert typed(folder, "16024-576", "rCRS").ranges == (Span(1, 576), Span(16024, 16569))
    assert typed(folder, "263", "263G").ranges == (Span(263, 263),)


def test_two_notations_of_one_sequence_are_one_typing(folder: Path) -> None:
    """A deletion in a run of one base has no place of its own."""
    assert typed(folder, "500..540", "523- 524-") == typed(folder, "500..540", "515- 516-")


def test_a_case_of_mtdna_alone_is_a_case(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text('name = "Bones"\n')
    (tmp_path / "pedigrees.csv").write_text("family,person,father,mother,sex,missing\nF,A,,,female,\n")
    (tmp_path / "remains.csv").write_text("remains\nR\n")
    assert found(tmp_path) == [("missing-file", "profiles.csv", None, "")]
    (tmp_path / "mtdna.csv").write_text("sample,range,haplotype\nF/A,73..340,263G\nR,73..340,263G\n")
    case = read_case(tmp_path)
    assert case.samples == (Sample("F/A", "person", "F/A"), Sample("R", "remains", "R"))
    assert write_case(case, tmp_path / "again") == ()
    assert read_case(tmp_path / "again").digest == case.digest


def test_samples_that_are_listed_are_those_of_the_mtdna_too(folder: Path) -> None:
    (folder / "samples.csv").write_text("sample,of,id,family\nV1,remains,V1,\nV2,remains,V2,\nF1/C1,person,C1,F1\n")
    (folder / "mtdna.csv").write_text("sample,range,haplotype\nV1,73..340,263G\nF1/W1,73..340,263G\n")
    assert found(folder) == [("unknown-sample", "mtdna.csv", 3, "sample")]


def test_a_sample_whose_mtdna_could_not_be_read_is_not_blamed_on_others(folder: Path) -> None:
    (folder / "remains.csv").write_text("remains\nV1\nV2\nV3\n")
    (folder / "mtdna.csv").write_text("sample,range,haplotype\nV1,73..340\n")
    (folder / "identifications.csv").write_text("sample,missing,signed\nV3,F1/M1,A; B\n")
    assert found(folder) == [("row-length", "mtdna.csv", 2, "")]


def test_evidence_is_what_its_typings_in_profiles_would_be(files: Path, tmp_path: Path) -> None:
    case = read_case(files)
    assert [(t.marker, t.replicate) for t in case.typings if t.sample == "V1"] == [
        ("DYS19", 1),
        ("TH01", 1),
        ("DYS19", 2),
        ("DYS385", 1),
        ("DYS389I", 1),
    ]
    assert write_case(case, tmp_path / "again") == ()
    assert not (tmp_path / "again" / "evidence").exists()
    assert read_case(tmp_path / "again").digest == case.digest


def test_what_a_kit_types_besides_the_y_is_read_as_profiles(folder: Path, tmp_path: Path) -> None:
    """GlobalFiler has DYS391 among its STRs: one export, one entry; each marker checked as in profiles.csv."""
    (folder / "evidence").mkdir()
    run = folder / "evidence" / "globalfiler.csv"
    toml = folder / "case.toml"
    toml.write_text(toml.read_text() + '\n[[evidence]]\npath = "evidence/globalfiler.csv"\nkind = "ystr"\n')
    run.write_text("sample,marker,allele1,allele2\nV1,D3S1358,15,16\nV1,DYS391,10,\nV1,AMEL,X,Y\nV1,DXS10103,17,\n")
    case = read_case(folder)
    added = {t.marker: t.alleles for t in case.typings if t.sample == "V1"}
    assert {m: added[m] for m in ("D3S1358", "DYS391", "AMEL", "DXS10103")} == {
        "D3S1358": ("15", "16"),
        "DYS391": ("10",),
        "AMEL": ("X", "Y"),
        "DXS10103": ("17",),
    }
    assert write_case(case, tmp_path / "again") == ()
    assert read_case(tmp_path / "again").digest == case.digest
    run.write_text("sample,marker,allele1,allele2\nV1,D3S1358,15,16\n")
    assert found(folder) == [("other-marker", "evidence/globalfiler.csv", None, "")]


def test_a_case_names_its_snps_of_the_y(folder: Path, tmp_path: Path) -> None:
    """M122 and rs2032597 are of the Y where the case says so; Y:M9 says so itself. Written, all say so themselves."""
    with (folder / "profiles.csv").open("a") as profiles:
        profiles.write("V1,M122,C,\nV1,rs2032597,A,\nV1,Y:M9,G,\n")
    assert found(folder)
    toml = folder / "case.toml"
    toml.write_text(toml.read_text() + '\n[y]\nsnps = ["M122", "rs2032597"]\n')
    table = "table,haplotype,marker,allele1,count\nmen,A,M122,C,3\nmen,A,DYS19,14,3\nmen,B,M122,T,9\nmen,B,DYS19,15,9\n"
    (folder / "y_haplotypes.csv").write_text(table)
    case = read_case(folder)
    typed = {t.marker: t.alleles for t in case.typings if t.marker.startswith("Y:")}
    assert typed == {"Y:M122": ("C",), "Y:rs2032597": ("A",), "Y:M9": ("G",)}
    assert [set(h.alleles) for h in case.haplotypes[0].haplotypes] == [{"Y:M122", "DYS19"}] * 2
    assert write_case(case, tmp_path / "again") == ()
    assert read_case(tmp_path / "again").digest == case.digest
    toml.write_text(toml.read_text().replace('"M122"', '"DYS19"'))
    assert ("bad-value", "case.toml", 15, "y.snps") in found(folder)


@pytest.mark.parametrize(
    "text",
    ["Population,n,DYS19,DYS390,M122\nmen,3,14,24,C\nmen,9,15,23,T\n",
     "sample,marker,allele1\na,DYS19,14\na,DYS390,24\na,M122,C\nb,DYS19,15\nb,DYS390,23\nb,M122,T\n"],
    ids=["a column a marker", "a row a typing"],
)  # fmt: skip
def test_files_of_the_laboratory_name_snps_of_the_y_as_the_case_does(folder: Path, tmp_path: Path, text: str) -> None:
    (folder / "bank").mkdir()
    (folder / "bank" / "men.csv").write_text(text)
    (folder / "bank" / "snps.csv").write_text("sample,marker,allele1\nV1,M122,C\n")
    toml = folder / "case.toml"
    entries = '\n[[haplotypes]]\npath = "bank/men.csv"\nkind = "ystr"\nid = "men"\n'
    entries += '\n[[evidence]]\npath = "bank/snps.csv"\nkind = "ystr"\n'
    toml.write_text(toml.read_text() + '\n[y]\nsnps = ["M122"]\n' + entries)
    case = read_case(folder)
    alleles = [h.alleles for h in case.haplotypes[0].haplotypes]
    assert {(a["DYS19"], a["Y:M122"]) for a in alleles} == {(("14",), ("C",)), (("15",), ("T",))}
    assert Typing("V1", "Y:M122", ("C",)) in case.typings
    assert write_case(case, tmp_path / "again") == ()
    assert read_case(tmp_path / "again").digest == case.digest


def test_men_of_one_haplotype_are_counted_and_unresolved_markers_are_not_typed(files: Path) -> None:
    table, hills, coast = read_case(files).haplotypes
    assert (table.id, table.kind, table.counts) == ("our men", "Y", True)
    assert table.haplotypes == (
        KnownHaplotype(2.0, {"DYS19": ("15",), "DYS385": ("13", "17")}),
        KnownHaplotype(1.0, {"DYS19": ("16",)}),
    )
    assert hills.haplotypes == (
        KnownHaplotype(7.0, {"DYS19": ("15",), "DYS385": ("13", "17"), "DYS391": ("10",)}),
        KnownHaplotype(1.0, {"DYS19": ("14",), "DYS385": ("12",), "DYS391": ("null",)}),
    )
    ranges = (Span(73, 340), Span(16024, 16365))
    assert (coast.id, coast.kind, coast.counts) == ("coast", "mt", True)
    assert coast.haplotypes == (
        KnownHaplotype(4.0, ranges=ranges, differences=("263G", "16223T")),
        KnownHaplotype(2.0, ranges=ranges, differences=("263G",)),
    )


def test_evidence_of_mtdna_is_of_the_sample_it_is_said_to_be_of(files: Path) -> None:
    ranges = (Span(73, 340), Span(16024, 16365))
    assert read_case(files).mt == (
        MtTyping("V2", (Span(16024, 16365),), ("16223T",)),
        MtTyping("F1/W1", ranges, ("263G", "315.1C", "16223T")),
        MtTyping("V1", (Span(1, 576), Span(16024, 16569)), ("263G", "16223T")),
        MtTyping("V2", ranges, ("263G", "16223T"), 2),
    )


def test_a_file_that_was_changed_is_refused(files: Path) -> None:
    run = files / "evidence" / "run-17.csv"
    run.write_bytes(run.read_bytes().replace(b",15,", b",16,"))
    assert found(files) == [("digest-mismatch", "case.toml", 12, "evidence.sha256")]
    toml = (files / "case.toml").read_text()
    old = toml.split('sha256 = "')[1].split('"')[0]
    (files / "case.toml").write_text(toml.replace(old, hashlib.sha256(run.read_bytes()).hexdigest()))
    assert next(t for t in read_case(files).typings if t.replicate == 2).alleles == ("16",)


def test_a_path_out_of_the_folder_by_a_link_is_refused(files: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("sample,marker,allele1\nV1,DYS19,15\n")
    (files / "evidence" / "kin.csv").unlink()
    (files / "evidence" / "kin.csv").symlink_to(tmp_path / "outside.csv")
    assert found(files) == [("bad-path", "case.toml", 15, "evidence.path")]


def test_an_unknown_table_is_named_with_those_close_to_it(folder: Path) -> None:
    with (folder / "case.toml").open("a") as toml:
        toml.write('\n[y]\ndatabase = "CHN_Han_YFiler"\n')
    with pytest.raises(Refusal) as refused:
        read_case(folder)
    (fault,) = refused.value.faults
    assert (fault.code, fault.value) == ("unknown-database", "CHN_Han_YFiler") and "CHN_Han_Yfiler" in fault.remedy


def test_a_marker_without_product_is_kept_or_told_of(tmp_path: Path) -> None:
    case = VALID / "lineages"
    files, told = converted(case, tmp_path / "a.csv")
    assert not isinstance(files, Case)
    (tmp_path / "a.csv").write_bytes(files[tmp_path / "a.csv"])
    profiles = read_file(tmp_path / "a.csv")
    assert isinstance(profiles, Profiles)
    assert Typing("Kim/Kim_Jun", "DYS391", ("null",)) in profiles.typings
    assert not any("gives no product" in f.message for f in told)
    files, told = converted(case, tmp_path / "a.xlsx")
    assert not isinstance(files, Case)
    (tmp_path / "a.xlsx").write_bytes(files[tmp_path / "a.xlsx"])
    profiles = read_file(tmp_path / "a.xlsx")
    assert isinstance(profiles, Profiles)
    assert {t.marker for t in profiles.typings} == {"DYS19", "DYS385", "DYF387S1"}
    words = " ".join(f.message for f in told)
    assert "gives no product" in words and "tables of haplotypes" in words and "clans" in words


def test_what_a_folder_would_say_otherwise_is_told(tmp_path: Path) -> None:
    known = KnownHaplotype(1.0, ranges=(Span(73, 340),), differences=("263G",))
    tables = (
        HaplotypeTable("m", "mt", True, (known,)),
        HaplotypeTable("y", "Y", True, (KnownHaplotype(1.0, {"DYS19": ("14",)}),)),
    )
    assert [f.code for f in write_case(Case("Order", haplotypes=tables), tmp_path / "case")] == ["not-held"]
