"""Familias files: what each block means, what is refused by name, and that no bytes end in a traceback."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from homeward.case import Case, MutationRow
from homeward.faults import Refusal
from homeward.formats import read_case, write_case
from homeward.formats.familias import read_familias

HERE = Path(__file__).parent / "fam"
FILES = sorted(HERE.glob("*.fam"))


def read(name: str) -> Case:
    return read_familias(HERE / f"{name}.fam")


def edited(tmp_path: Path, name: str, *changes: tuple[str, str], encoding: str = "utf-8") -> Path:
    """A copy of a file with the first occurrence of each text replaced."""
    text = (HERE / f"{name}.fam").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / f"{name}.fam"
    path.write_bytes(text.encode(encoding))
    return path


def codes(path: Path) -> set[str]:
    with pytest.raises(Refusal) as refused:
        read_familias(path)
    assert all(f.file == path.name for f in refused.value.faults)
    return {f.code for f in refused.value.faults}


def genotypes(case: Case, sample: str) -> dict[str, tuple[str, ...]]:
    return {t.marker: t.alleles for t in case.typings_by_sample[sample]}


def parents(case: Case, family: str) -> dict[str, tuple[str | None, str | None]]:
    pedigree = next(f.pedigree for f in case.families if f.id == family)
    return {m.id: (m.father, m.mother) for m in pedigree}


# --- kinship cases ---


def test_genotypes_point_into_the_alleles_of_their_marker() -> None:
    case = read("trio")
    assert [s.id for s in case.samples] == ["FAM/AF", "FAM/Mother", "FAM/Child"]
    assert genotypes(case, "FAM/AF") == {"TH01": ("7", "9.3"), "TPOX": ("8", "10"), "CSF1PO": ("8", "11")}
    assert genotypes(case, "FAM/Child") == {"TH01": ("6", "9.3"), "TPOX": ("8", "8"), "L1": ("a", "b")}


def test_frequencies_and_theta_are_as_given() -> None:
    case = read("trio")
    (table,) = case.populations
    assert table.population == "Invented"
    assert not table.counts
    assert table.markers["TH01"] == {"6": 0.2, "7": 0.25, "8": 0.35, "9": 0.15, "9.3": 0.05}
    model = case.settings.model
    assert model.theta == 0.01
    assert (model.sum_policy, model.minimum_frequency, model.unseen_allele) == ("as given", 0.0, "refuse")
    assert case.settings.incident.samples_are == "bodies"


def test_mutation_codes() -> None:
    """0 equal, 1 proportional, 2 stepwise, 3 stepwise made stationary, 4 stepwise with a second rate."""
    rows: dict[str, list[MutationRow]] = {}
    for row in read("trio").mutations:
        rows.setdefault(row.marker, []).append(row)
    assert rows["TH01"] == [MutationRow("TH01", "both", "none")]
    for marker, model, transform in (
        ("TPOX", "equal", None),
        ("CSF1PO", "proportional", None),
        ("D5S818", "stepwise", None),
        ("D7S820", "stepwise", "stationary"),
    ):
        found = [(r.parent, r.model, r.rate, r.rate2, r.transform) for r in rows[marker]]
        assert found == [("father", model, 0.002, 0.0, transform), ("mother", model, 0.001, 0.0, transform)]
    assert rows["D3S1358"] == [MutationRow("D3S1358", "both", "stepwise", 0.001, 1e-6, 0.1)]
    # the file's order is female, male: here the female code is 1 with rate 0, the male code 0 with rate 0.002
    assert rows["Penta E"] == [
        MutationRow("Penta E", "father", "equal", 0.002),
        MutationRow("Penta E", "mother", "none"),
    ]


def test_hypotheses_add_their_relations_to_the_known_ones() -> None:
    case = read("trio")
    father, unrelated = case.hypotheses
    assert (father.name, unrelated.name) == ("Father", "Unrelated")
    child = father.pedigree["FAM/Child"]
    assert (child.father, child.mother) == ("FAM/AF", "FAM/Mother")
    child = unrelated.pedigree["FAM/Child"]
    assert (child.father, child.mother) == ("FAM/added_1", "FAM/Mother")
    assert unrelated.pedigree["FAM/AF"].is_founder
    (family,) = case.families
    assert family.missing == ()
    assert family.pedigree["Child"].mother == "Mother"
    assert family.pedigree["AF"].is_founder


def test_extras_are_females_then_males_and_idle_persons_leave_the_hypotheses() -> None:
    half, full, unrelated = read("half_siblings").hypotheses
    assert half.pedigree["FAM/A"].father == half.pedigree["FAM/B"].father == "FAM/extra_1"
    assert half.pedigree["FAM/A"].mother != half.pedigree["FAM/B"].mother
    assert full.pedigree["FAM/extra_1"].sex == "female"
    assert (full.pedigree["FAM/A"].father, full.pedigree["FAM/A"].mother) == ("FAM/extra_2", "FAM/extra_1")
    assert unrelated.pedigree.ids == ("FAM/A", "FAM/B")


def test_a_mans_homozygote_at_an_x_marker_is_one_allele() -> None:
    case = read("x_marker")
    assert genotypes(case, "FAM/Father") == {"DXS10103": ("17",)}
    assert genotypes(case, "FAM/Daughter") == {"DXS10103": ("17", "19")}


# --- [DVI] ---


def test_one_missing_person() -> None:
    case = read("one_missing")
    assert [(r.id, r.sex) for r in case.remains] == [("V1", "male"), ("V2", "unknown")]
    assert genotypes(case, "V1") == {"TH01": ("6", "9.3"), "TPOX": ("8", "8")}
    assert case.missing == ("F1/Missing person",)
    assert parents(case, "F1")["C1"] == ("Missing person", "W1")
    assert case.families[0].pedigree["Missing person"].sex == "male"
    assert [(s.id, s.of) for s in case.samples] == [("V1", "remains"), ("V2", "remains"), ("F1/C1", "person")]
    assert case.hypotheses == ()


def test_the_size_counts_only_where_the_files_own_list_is_not_complete() -> None:
    assert read("one_missing").settings.incident.size == 183
    assert read("several_missing").settings.incident.size is None


def test_several_missing_and_a_rest_allele() -> None:
    case = read("several_missing")
    assert case.missing == (
        "0101/Missing person",
        "0101/Missing male 2",
        "0101/Missing female 3",
        "0102/Missing person",
    )
    assert parents(case, "0101")["Missing female 3"] == ("Missing male 2", "added_1")
    assert parents(case, "0102")["Missing person"] == ("Father", "Mother")
    assert {f.id: f.pedigree["Missing person"].sex for f in case.families} == {"0101": "male", "0102": "female"}
    assert case.listed == ()
    assert case.marker_names == {"vWA": "VWA"}
    assert case.populations[0].markers["vWA"] == {"14": 0.1, "15": 0.2, "16": 0.3}
    assert case.settings.model.sum_policy == "rest"


def test_recorded_sexes_are_not_believed_once_a_pedigree_contradicts_one(tmp_path: Path) -> None:
    """`Missing male 1` of family 0101 is a husband; were he recorded female, 0102's record says nothing either."""
    path = edited(
        tmp_path, "several_missing", ("Name= Missing male 1\nGender= Male", "Name= Missing male 1\nGender= Female")
    )
    sexes = {f.id: f.pedigree["Missing person"].sex for f in read_familias(path).families}
    assert sexes == {"0101": "male", "0102": "unknown"}


def test_a_missing_parent_takes_the_bodies_sex_or_stays_of_unknown_sex(tmp_path: Path) -> None:
    lonely = (
        ("nRelations= 2\nParent= W1\nChild= C1\nParent=", "nRelations= 1\nParent="),
        ("Name= Missing male 1\nGender= Male", "Name= Missing male 1\nGender= Unknown"),
    )
    unsure = read_familias(edited(tmp_path, "one_missing", *lonely)).families[0].pedigree
    assert (unsure["C1"].father, unsure["C1"].mother) == ("Missing person", "added_1")
    assert {unsure["Missing person"].sex, unsure["added_1"].sex} == {"unknown"}
    case = read_familias(edited(tmp_path, "one_missing", *lonely, ("Gender= Unknown", "Gender= Male")))
    assert parents(case, "F1")["C1"] == ("Missing person", "added_1")


def test_a_missing_person_without_relations_is_listed(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        "one_missing",
        ("nPersons= 3\n[[[[[Person 1]]]]]", "nPersons= 4\n[[[[[Person 1]]]]]"),
        ("[[[[Pedigrees]]]]", "[[[[[Person 4]]]]]\nName= Missing female 2\nGender= Female\n[[[[Pedigrees]]]]"),
    )
    case = read_familias(path)
    assert [(p.id, p.sex) for p in case.listed] == [("F1: Missing female 2", "female")]


def test_templates_that_differ_are_refused(tmp_path: Path) -> None:
    path = edited(
        tmp_path,
        "one_missing",
        ("nPedigrees= 2", "nPedigrees= 3"),
        (
            "[Prior]",
            "[[[[[Pedigree 3]]]]]\nName= Template 2\nnRelations= 1\nParent= C1\nChild= Missing person\n[Prior]",
        ),
    )
    assert codes(path) == {"several-template-pedigrees"}


# --- silent alleles and drop-out ---


def test_a_silent_allele_stands_in_the_table_with_its_frequency(tmp_path: Path) -> None:
    """Where all alleles sum to 1 the table is used as given; where they do so without the silent one, rescaled."""
    beside = read_familias(edited(tmp_path, "trio", *SILENT_TH01))
    assert beside.populations[0].markers["TH01"]["silent"] == 0.01
    assert beside.settings.model.sum_policy == "rescale"
    exact = read_familias(edited(tmp_path, "trio", *SILENT_TH01, ('"8"\n0.35', '"8"\n0.34')))
    assert exact.settings.model.sum_policy == "as given"
    named = read_familias(edited(tmp_path, "trio", ('"8"\n0.35', '"Silent"\n0.35')))
    assert named.populations[0].markers["TH01"] == {"6": 0.2, "7": 0.25, "silent": 0.35, "9": 0.15, "9.3": 0.05}
    assert "silent" not in read("trio").populations[0].markers["TH01"]


def test_a_silent_allele_survives_the_case_folder(tmp_path: Path) -> None:
    case = read_familias(edited(tmp_path, "trio", *SILENT_TH01))
    write_case(case, tmp_path / "case")
    assert read_case(tmp_path / "case").populations[0].markers == case.populations[0].markers


def test_one_drop_out_of_all_markers_becomes_the_samples(tmp_path: Path) -> None:
    """Only of whom it is to be considered for; both alleles of a homozygote drop out with the square."""
    text = (
        (HERE / "trio.fam")
        .read_text(encoding="utf-8")
        .replace("Dropout probability = 0 ", "Dropout probability = 0.2 ")
    )
    path = tmp_path / "trio.fam"
    path.write_text(text.replace(*CONSIDER_DROPOUT[0], 1), encoding="utf-8")
    father, mother, child = read_familias(path).samples
    assert (father.dropout_het, father.dropout_hom, father.dropin) == (0.2, 0.2 * 0.2, None)
    assert {mother.dropout_het, mother.dropout_hom, child.dropout_het} == {None}
    assert [t.alleles for t in read_familias(path).typings] == [t.alleles for t in read("trio").typings]


def test_drop_out_of_a_mans_x_allele_is_not_the_square(tmp_path: Path) -> None:
    text = (HERE / "x_marker.fam").read_text(encoding="utf-8")
    text = text.replace("Dropout probability = 0 ", "Dropout probability = 0.2 ")
    path = tmp_path / "x.fam"
    path.write_text(text.replace('"Father"\n#FALSE#\n-1', '"Father"\n#FALSE#\n-1 (Consider dropouts)', 1), "utf-8")
    assert codes(path) == {"unsupported-dropout"}


# --- what is refused by name ---


SILENT_TH01 = [("#FALSE#\n0\n5\t", "#TRUE#\n0.01\n5\t")]
CONSIDER_DROPOUT = [
    ('"AF"\n#FALSE#\n-1', '"AF"\n#FALSE#\n-1 (Consider dropouts)'),
    ("Dropout probability = 0", "Dropout probability = 0.1"),
]


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        ("trio", CONSIDER_DROPOUT, "unsupported-dropout"),
        ("trio", [("Fst: 0.01 ", "Fst: 0,01 ")], "bad-fam"),
        ("trio", [("Dropout probability = 0 ", "Dropout probability = 0,1 ")], "bad-fam"),
        ("trio", [('"7"\n0.25', '"silent"\n0.25')], "silent-typed"),
        ("trio", [*SILENT_TH01, ('"8"\n0.35', '"silent"\n0.35')], "duplicate-allele"),
        ("trio", [("1\n1\n2\n2\n0", "1\n1 (Direct)\n2\n2\n0")], "unsupported-direct-relation"),
        ("trio", [("Minor allele frequency = 0 ", "Minor allele frequency = 0.01 ")], "unsupported-minor-frequency"),
        ("trio", [("#FALSE# (#Databases", "#TRUE# (#Databases")], "bad-fam"),
        ("trio", [("#Databases: 1", "#Databases: 2")], "bad-fam"),
        ("trio", [('"D5S818"', '"tpox"')], "duplicate-marker"),
        ("trio", [('"8"\n0.35', '"8x"\n0.35')], "bad-allele"),
        ("trio", [('"8"\n0.35', '"80000000000000000000"\n0.35')], "bad-allele"),
        ("trio", [('"9.3"', '"9.0"')], "duplicate-allele"),
        ("trio", [('"Mother"', '"AF"')], "duplicate-id"),
        ("trio", [('"Mother"', '"A/B"')], "bad-id"),
        ("trio", [('"Unrelated"', '"Father"')], "duplicate-id"),
        ("trio", [("#FALSE#\n1\n0\n1\n0\n", "#FALSE#\n1\n0\n77\n0\n")], "unknown-allele"),
        ("half_siblings", [("0\n1\n2\n3\n0\n3\n1", "0\n1\n2\n3\n0\n0\n3")], "own-ancestor"),
        ("half_siblings", [("1\n1\n4\n3\n0", "0\n2\n4\n3\n0")], "two-parents-of-one-sex"),
        ("half_siblings", [("0\n1\n2\n3\n0\n3\n1", "0\n1\n2\n8\n0\n3\n1")], "bad-fam"),
        ("one_missing", [("Allele2= 9.3", "Allele2= 10")], "unknown-allele"),
        ("one_missing", [("SystemName= TPOX", "SystemName= D1S1656")], "unknown-marker"),
        ("one_missing", [("SystemName= TPOX", "SystemName= TH01")], "duplicate-typing"),
        ("one_missing", [("Name= V2", "Name= V1")], "duplicate-id"),
        ("one_missing", [("nRelations= 2\nParent= W1", "nRelations= 2\nParent= W2")], "unknown-person"),
        ("several_missing", [("Allele2= 15", "Allele2= Rest allele")], "rest-allele-typed"),
    ],
)  # fmt: skip
def test_refused_by_name(tmp_path: Path, name: str, changes: list[tuple[str, str]], code: str) -> None:
    assert codes(edited(tmp_path, name, *changes)) == {code}


def test_a_fault_names_its_line(tmp_path: Path) -> None:
    path = edited(tmp_path, "one_missing", ("Allele2= 9.3", "Allele2= 10"))
    with pytest.raises(Refusal) as refused:
        read_familias(path)
    (fault,) = refused.value.faults
    lines = path.read_text(encoding="utf-8").splitlines()
    assert fault.row is not None
    assert lines[fault.row - 1 : fault.row + 2] == ["SystemName= TH01", "Allele1= 6", "Allele2= 10"]
    assert fault.marker == "TH01"


def test_all_faults_at_once(tmp_path: Path) -> None:
    path = edited(
        tmp_path, "one_missing", ("Allele2= 9.3", "Allele2= 10"), ("Name= V2", "Name= V1"), ("Name= F1", "Name= ")
    )
    assert codes(path) == {"unknown-allele", "duplicate-id", "bad-id"}


def test_a_minor_allele_frequency_of_all_markers_is_the_minimum(tmp_path: Path) -> None:
    text = (HERE / "one_missing.fam").read_text(encoding="utf-8")
    path = tmp_path / "case.fam"
    text = text.replace("Minor allele frequency = 0 ", "Minor allele frequency = 0.002 ")
    path.write_text(text.replace("Allele2= 9.3", "Allele2= 10"), encoding="utf-8")
    model = read_familias(path).settings.model
    assert (model.minimum_frequency, model.unseen_allele, model.sum_policy) == (0.002, "minimum", "rescale")


# --- bytes ---

HEAD = b'"Output from Familias, version 3.3"\n"DO NOT EDIT!"\n3.3\n""\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_read_alike(tmp_path: Path, encoding: str) -> None:
    case = read_familias(edited(tmp_path, "trio", ('"Mother"', '"Mère"'), encoding=encoding))
    assert "FAM/Mère" in [s.id for s in case.samples]
    assert case.digest == read_familias(edited(tmp_path, "trio", ('"Mother"', '"Mère"'))).digest


def test_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "one_missing.fam"
    path.write_bytes((HERE / "one_missing.fam").read_bytes().replace(b"\n", b"\r\n"))
    assert read_familias(path) == read("one_missing")


def test_the_case_says_which_file_it_came_from() -> None:
    (source,) = read("trio").inputs
    assert source.path == "trio.fam"
    assert source.sha256 == hashlib.sha256((HERE / "trio.fam").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 4000,
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf\xff",
        b"1 1 0 0 1 -9\n",
        HEAD + b"99999999\n",
        HEAD + b"9" * 5000 + b"\n",
        HEAD + b'0\n"Known relations"\n99999999\n99999999\n0\n0\n',
        bytes(range(256)) * 20,
    ],
)
def test_what_is_no_familias_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.fam"
    path.write_bytes(content)
    assert codes(path) == {"bad-fam"}


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert codes(tmp_path) == {"not-a-file"}
    assert codes(tmp_path / "none.fam") == {"missing-file"}


def test_mutated_files_end_in_a_case_or_a_refusal(tmp_path: Path) -> None:
    """500 files: lines dropped, doubled, swapped, replaced by another file's, bytes flipped."""
    rng = random.Random(20260203)
    pool = [line for f in FILES for line in f.read_bytes().split(b"\n")]
    extra = [
        b"-1",
        b"99999999",
        b"1e400",
        b"nan",
        b"[[[[[[[[[[x",
        b"#TRUE#",
        b'"',
        b"",
        b"Name= ",
        b"Parent= Missing person",
    ]
    path = tmp_path / "mutated.fam"
    refused = 0
    for _ in range(500):
        lines = rng.choice(FILES).read_bytes().split(b"\n")
        for _ in range(rng.randint(1, 4)):
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            match rng.randrange(6):
                case 0:
                    del lines[i]
                case 1:
                    lines.insert(i, lines[j])
                case 2:
                    lines[i], lines[j] = lines[j], lines[i]
                case 3:
                    lines[i] = rng.choice(pool)
                case 4:
                    lines[i] = rng.choice(extra)
                case _:
                    lines[i] = bytes(b ^ (1 << rng.randrange(8)) for b in lines[i])
        path.write_bytes(b"\n".join(lines))
        try:
            assert isinstance(read_familias(path), Case)
        except Refusal as refusal:
            refused += 1
            assert all(f.code and f.message and f.file == "mutated.fam" for f in refusal.faults)
    assert 50 < refused < 500
