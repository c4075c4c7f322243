"""What a file says of samples, as an addition to the case on record: every choice, and what is kept of the file."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from homeward.case import Case, Span
from homeward.faults import Refusal
from homeward.formats import Frequencies, InMemory, Profiles, read_case, read_closely
from homeward.record.intake import Addition, addition, frequencies_as_case, kept_files, proposed

EXAMPLE = read_case(Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example")
PED = b"F1 C1 0 0 2 -9 8 9\nF2 G 0 0 1 -9 0 0\nF2 W 0 0 2 -9 0 0\nF2 K G W 1 -9 8 9\n0 X 0 0 1 -9 6 9\n"


def read(name: str, content: bytes, **beside: bytes) -> Profiles:
    files = {name: content, **{k.replace("_", "."): v for k, v in beside.items()}}
    seen = read_closely(InMemory(files, name)).content
    assert isinstance(seen, Profiles)
    return seen


def table(*rows: str) -> bytes:
    return "\n".join(["Sample Name\tMarker\tAllele 1\tAllele 2", *rows, ""]).encode()


def raw(profiles: Profiles, added: Addition) -> dict[str, str]:
    kept = kept_files(profiles, added, "x.txt", b"as it came")
    return {f.path: base64.b64decode(f.content).decode() for f in kept}


def test_what_names_say() -> None:
    seen = read("x.txt", table("V1\tTH01\t5\t6", "F1/W1\tTH01\t6\t7", "new\tTH01\t6\t7", "F9/K\tTH01\t6\t7"))
    case = replace(EXAMPLE, remains=(*EXAMPLE.remains,))
    assert proposed(seen, case) == {"V1": "sample:V1", "F1/W1": "person:F1/W1", "new": "new", "F9/K": "family"}
    again = read(
        "x.txt", table(*(f"V1\t{t.marker}\t{t.alleles[-1]}\t{t.alleles[0]}" for t in EXAMPLE.typings_by_sample["V1"]))
    )
    assert proposed(again, EXAMPLE) == {"V1": "leave"}


def test_a_pedigree_file_brings_families() -> None:
    seen = read("a.ped", PED, a_map=b"0 TH01 0 0\n")
    choices = proposed(seen, EXAMPLE)
    assert choices["F2/K"] == "family" and choices["X"] == "new" and choices["F1/C1"] == "sample:F1/C1"
    added = addition(seen, EXAMPLE, {k: v for k, v in choices.items() if k in ("F2/K", "X")})
    (family,) = added.case.families
    assert family.id == "F2" and family.pedigree["K"].father == "G"
    assert {s.id: s.source for s in added.case.samples} == {"F2/K": "F2/K", "X": "X"}
    assert added.case.remains_by_id["X"].sex == "male"


def test_a_family_by_name_alone() -> None:
    seen = read("x.txt", table("F9/K\tTH01\t6\t7", "F9/L\tTH01\t6\t8"))
    added = addition(seen, EXAMPLE, proposed(seen, EXAMPLE))
    assert [m.id for m in added.case.families[0].pedigree] == ["K", "L"] and added.case.families[0].missing == ()


def test_typed_again_and_elsewhere() -> None:
    seen = read("x.txt", table("V1\tTH01\t5\t6", "a\tTH01\t6\t7", "b\tTH01\t6\t8"))
    added = addition(seen, EXAMPLE, {"V1": "sample:V1", "a": "person:F1/W1", "b": "remains:V1"})
    before = EXAMPLE.typings_by_sample["V1"]
    now = added.case.typings_by_sample["V1"]
    assert now[: len(before)] == before and now[-1].alleles == ("5", "6")
    assert now[-1].replicate == 1 + max(t.replicate for t in before if t.marker == "TH01")
    assert {s.id: (s.of, s.source) for s in added.case.samples} == {
        "V1": ("remains", "V1"), "a": ("person", "F1/W1"), "b": ("remains", "V1"),
    }  # fmt: skip
    assert added.case.families == EXAMPLE.families, "the family comes as it is on record"
    kept = raw(seen, added)
    assert kept["x.txt"] == "as it came"
    assert kept["rows.csv"].splitlines()[1:] == ["V1,2,TH01,5,6", "a,3,TH01,6,7", "b,4,TH01,6,8"]
    some = addition(seen, EXAMPLE, {"a": "person:F1/W1"})
    assert raw(seen, some) == {"rows.csv": "sample,row,marker,cell1,cell2\na,3,TH01,6,7\n"}


def test_ids_that_are_taken_get_another() -> None:
    seen = read("x.txt", table("V1\tTH01\t5\t6"))
    added = addition(seen, EXAMPLE, {"V1": "person:F1/C1"})
    (new,) = added.case.samples
    assert (new.source, new.id) == ("F1/C1", "F1/C1-2"), "V1 and F1/C1 are samples already"


def test_mitochondrial_haplotypes() -> None:
    seen = read("x.hsd", b"m1\t16024-16365\t?\t16189C\t16223T\n")
    added = addition(seen, EXAMPLE, {"m1": "new"})
    (typing,) = added.case.mt
    assert typing.ranges == (Span(16024, 16365),) and "16189C" in typing.differences
    assert raw(seen, added)["mtdna.csv"].splitlines()[1].startswith("m1,1,mtDNA,16189C")


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ("sample:none", "bad-choice"),
        ("remains:none", "bad-choice"),
        ("fly", "bad-choice"),
        ("person:F1/none", "unknown-person"),
        ("person:none", "unknown-person"),
        ("family", "bad-choice"),
        ("leave", "nothing-chosen"),
    ],
)
def test_what_cannot_be_chosen(choice: str, code: str) -> None:
    seen = read("x.txt", table("x\tTH01\t5\t6"))
    with pytest.raises(Refusal) as refused:
        addition(seen, EXAMPLE, {"x": choice})
    assert [f.code for f in refused.value.faults] == [code]


def test_new_remains_have_new_names() -> None:
    seen = read("x.txt", table("V1\tTH01\t5\t6", "F9/K\tTH01\t5\t6"))
    with pytest.raises(Refusal) as refused:
        addition(seen, EXAMPLE, {"V1": "new", "F9/K": "new"})
    assert [f.code for f in refused.value.faults] == ["duplicate-id", "bad-id"]
    on_record = read("x.txt", table("F1/K\tTH01\t5\t6"))
    with pytest.raises(Refusal) as refused:
        addition(on_record, EXAMPLE, {"F1/K": "family"})
    assert [f.code for f in refused.value.faults] == ["unknown-person"], "F1 is on record without K"


def test_tables_of_frequencies() -> None:
    content = read_closely(InMemory({"f.csv": b"Allele,TH01\n6,0.4\n7,0.6\n"}, "f.csv")).content
    assert isinstance(content, Frequencies)
    added = frequencies_as_case(content, "x")
    assert isinstance(added.case, Case) and added.case.populations == content.tables
