"""The example folders of the format: valid ones are read and written back, invalid ones give exactly their faults."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from homeward.case import Case, Doubt, Identification, LinkedMarkers, MutationRow, NonDna, Sample, Span, Typing
from homeward.case.units import apart, units
from homeward.faults import Fault, Refusal
from homeward.formats import read_case, write_case
from homeward.genetics import scenarios_of
from homeward.identify import identify

EXAMPLES = Path(__file__).parents[2] / "docs" / "case-folder"
VALID = sorted(p for p in (EXAMPLES / "valid").iterdir() if p.is_dir())
INVALID = sorted(p for p in (EXAMPLES / "invalid").iterdir() if p.is_dir())


def name(folder: Path) -> str:
    return folder.name


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(Refusal) as refused:
        read_case(path)
    return refused.value.faults


@pytest.mark.parametrize("folder", INVALID, ids=name)
def test_an_invalid_folder_has_exactly_its_faults(folder: Path) -> None:
    expected = json.loads(folder.with_name(f"{folder.name}.faults.json").read_text(encoding="utf-8"))
    found = faults_of(folder)
    assert {(f.code, f.file, f.row, f.column) for f in found} == {
        (f["code"], f["file"], f["row"], f["column"]) for f in expected
    }
    assert all(f.message and f.remedy for f in found), "every fault says what is wrong and what to do"


@pytest.mark.parametrize("folder", VALID, ids=name)
def test_a_valid_folder_is_the_same_case_when_written_and_read_again(folder: Path, tmp_path: Path) -> None:
    case = read_case(folder)
    assert write_case(case, tmp_path / "again") == ()
    again = read_case(tmp_path / "again")
    assert again == case
    assert again.digest == case.digest


@pytest.mark.parametrize("folder", VALID, ids=name)
def test_inputs_are_the_files_read_with_their_digests(folder: Path) -> None:
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and p.name != "NOTES.md"}
    inputs = read_case(folder).inputs
    assert [f.path for f in inputs] == sorted(files)
    assert all(f.sha256 == hashlib.sha256(files[f.path].read_bytes()).hexdigest() for f in inputs)


def test_the_worked_example() -> None:
    case = read_case(EXAMPLES / "valid" / "example")
    assert case.missing == ("F1/M1",)
    assert case.samples[0] == Sample("V1", "remains", "V1")
    assert case.samples[2] == Sample("F1/C1", "person", "F1/C1")
    assert case.typings[0] == Typing("V1", "TH01", ("6", "9.3"))
    assert case.populations[0].markers["TH01"] == {"6": 0.2, "7": 0.25, "8": 0.35, "9": 0.15, "9.3": 0.05}
    assert (case.list_size, case.settings.model.mutation) == (1, "none")


@pytest.fixture(scope="module")
def everything() -> Case:
    folder = EXAMPLES / "valid" / "everything"
    # the example is worth nothing as a proof if an editor has made it plain
    assert (folder / "pedigrees.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in (folder / "profiles.csv").read_bytes()
    return read_case(folder)


def test_everything_people(everything: Case) -> None:
    family, second = everything.families
    assert (family.id, second.pedigree.ids) == ("家族1", ("007",))
    assert everything.missing == ("家族1/M1", "家族1/M2", "F2/007")
    assert family.pedigree.twins == (("M1", "M2"),)
    assert family.pedigree["G1"].founder_inbreeding == 0.0625
    assert family.pedigree["G2"].founder_inbreeding_x == 0.125
    assert family.records["G1"].died == Span(1902, 1910)
    assert family.records["G1"].deceased
    assert family.records["M1"].name == 'Alt, Karl "der Jüngere"'
    assert family.records["C1"].name.splitlines() == ["two", "lines"]
    assert [p.id for p in everything.listed] == ["L1", "L2"]
    assert everything.list_size == 12


def test_everything_remains_and_samples(everything: Case) -> None:
    first, second = everything.remains[:2]
    assert (first.age, first.stature_cm, first.place) == (Span(20, 35), Span(160, 170), "grid 4, east")
    assert (second.sex, second.individual, second.not_same_as) == ("unknown", "B1", ("R3", "R4"))
    assert everything.samples[0] == Sample("R1a", "remains", "R1", 0.2, 0.05, 0.01)
    assert everything.samples[3] == Sample("brush", "person", "家族1/M1", 0.1)
    assert [s.of for s in everything.samples[4:]] == ["effect", "staff"]


def test_everything_typings(everything: Case) -> None:
    typings = everything.typings
    assert typings[0] == Typing("R1a", "Penta E", ("9", "12"), 1, (310.0, 95.5))
    assert typings[1] == Typing("R1a", "Penta E", ("12",), 2, (220.0,))
    assert typings[2] == Typing("R1a", "TH01", ())
    assert typings[3] == Typing("R2a", "TH01", ("9.3", "?"))
    assert Typing("brush", "DXS8378", ("11",)) in typings, "a man's allele, written twice, is his one allele"
    assert Typing("家族1/C1", "DXS8378", ("10", "10")) in typings
    assert Typing("lab", "DXS8378", ("11",)) in typings, "somebody of unknown sex may have one allele"
    assert [t.sample for t in typings][-2:] == ["lab", "lab"], "profiles/b.csv comes after profiles/a.csv"


def test_everything_model(everything: Case) -> None:
    assert everything.settings.model.population == (("north", 0.75), ("south", 0.25))
    assert [t.counts for t in everything.populations] == [True, True]
    assert everything.populations[1].markers["Penta E"] == {"9": 8.0, "12": 72.0}
    assert everything.mutations[0] == MutationRow(
        "TH01", "father", "stepwise", 0.0021, 1e-6, 0.1, transform="stationary"
    )
    assert everything.mutations[2].matrix == {"12": {"9": 0.002, "12": 0.998}, "9": {"9": 0.999, "12": 0.001}}


def test_hypotheses_name_members_with_their_family() -> None:
    case = read_case(EXAMPLES / "valid" / "kinship")
    assert [h.name for h in case.hypotheses] == ["half-siblings", "unrelated"]
    assert case.hypotheses[0].pedigree["F1/A"].father == "F1/F"
    assert case.hypotheses[1].pedigree.ids == ("F1/A", "F1/B")


@pytest.fixture(scope="module")
def old_register() -> Case:
    return read_case(EXAMPLES / "valid" / "old-register")


def test_doubts_and_populations_of_an_old_register(old_register: Case) -> None:
    (family,) = old_register.families
    assert family.doubts == (
        Doubt("C1", "Uncle", "W1", 0.1),
        Doubt("C1", None, "W1", 0.05),
        Doubt("C3", None, None, 0.01),
    )
    assert {m.id: m.population for m in family.pedigree if m.population} == {"G1": "south", "W1": "east"}
    assert {s.id: s.mistyping for s in old_register.samples} == {"V1a": None, "V1b": 0.01, "C1": 0.0, "C3": None}


def test_unresolved_alleles_are_spelt_in_one_way(old_register: Case) -> None:
    called = {(t.sample, t.marker, t.replicate): t.alleles for t in old_register.typings}
    assert called["V1a", "TH01", 1] == ("8|9", "6")
    assert called["V1a", "TH01", 2] == ("6",), "where drop-out is estimated an allele may stand alone"
    assert called["V1a", "D12S391", 1] == ()
    assert called["V1a", "Indel7", 1] == ("del|ins", "?")
    assert called["V1b", "vWA", 1] == ("15|16",), "an alternative given twice is one"
    assert called["C1", "TH01", 1] == ("6", "8"), "8|8 is 8"
    assert called["C3", "DXS8378", 1] == ("10|11",)


def test_silent_alleles_and_the_model_of_old_bones(old_register: Case) -> None:
    north = old_register.populations[0].markers
    assert (north["TH01"]["silent"], north["DXS8378"]["silent"], north["Indel7"]["silent"]) == (4.0, 5.0, 1.0)
    model = old_register.settings.model
    assert (model.mistyping, model.dropout, model.linkage, model.sampling_error) == (0.002, "estimated", "ignore", True)
    assert model.linked == (
        LinkedMarkers(("vWA", "D12S391"), 0.1, 0.08),
        LinkedMarkers(("DXS8378", "DXS10103"), 0.25, 0.5),
    )


@pytest.fixture(scope="module")
def incident() -> Case:
    return read_case(EXAMPLES / "valid" / "incident")


def test_what_is_stated_besides_dna(incident: Case) -> None:
    assert incident.non_dna[0] == NonDna("R1a", "Abe/Abe_Ken", "age", 6.5, 'sutures open, "20 to 25"')
    assert incident.non_dna[3] == NonDna("R1a", "L1", "place", 0.2, "seen in shaft 4 that morning")
    assert [n.missing for n in incident.non_dna[1:3]] == ["stranger", "unreferenced"]
    assert len(incident.non_dna) == 10


def test_who_signed_is_told_apart_by_more_than_letters_and_spaces(incident: Case) -> None:
    first, second = incident.identifications[:2]
    assert first == Identification("R1b", "Abe/Abe_Ken", ("Inoue Sadao", "Park Minji"), "2026-03-09")
    assert (second.signed, second.date) == (("EX-1", "EX-2", "EX-3"), "")
    assert [(i.sample, i.missing) for i in incident.identifications[2:]] == [
        ("R3a", "Abe/Abe_Jiro"),
        ("R5a", "Abe/Abe_Jiro"),
    ]


def test_the_units_of_an_incident(incident: Case) -> None:
    joined = units(incident)
    assert [[s.id for s in unit] for unit in joined] == [["R1a", "R1b", "R2a"], ["R3a"], ["R4a"], ["R5a"], ["R6a"]]
    assert apart(incident, joined) == {(0, 1), (0, 2)}, "two left femurs; and a rib that is not of the skull"
    assert (incident.settings.run.joint, incident.settings.run.seconds) == ("exact", 90.5)


@pytest.mark.parametrize("name", ["incident", "linked", "old-register", "laboratory-files"])
def test_what_the_format_can_say_can_be_computed(name: str) -> None:
    case = read_case(EXAMPLES / "valid" / name)
    result = identify(case, scenarios_of(case), seed=1)
    assert result.pairs and all(p.log10_lr is not None for p in result.pairs)
    kinds = {term.kind for p in result.pairs for term in p.terms}
    assert ("linked" in kinds) == (name == "linked")


def test_the_lines_of_descent_can_be_computed_without_any_other_marker() -> None:
    case = read_case(EXAMPLES / "valid" / "lineages")
    result = identify(case, scenarios_of(case), seed=1)
    weighed = {(p.sample, p.missing): {t.kind for t in p.terms} for p in result.pairs if p.log10_lr is not None}
    assert weighed == {
        ("bone-1", "Kim/Kim_Min"): {"Y"},
        ("bone-1", "Lee/Lee_Dal"): {"mt"},
        ("bone-2", "Lee/Lee_Dal"): {"mt"},
    }
    assert result.joint is not None
