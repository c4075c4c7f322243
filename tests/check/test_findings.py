"""Every kind of finding, planted by hand and found; numbers that pencil and paper give; sound cases left alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from validation.studies.planted import PLANTS, Plant, add_person, sound, the_model

from homeward.case import (
    Case,
    Family,
    FrequencyTable,
    ModelSettings,
    PersonRecord,
    Remains,
    Sample,
    Settings,
    Typing,
)
from homeward.check import CODES, Finding, check, without_mixtures
from homeward.check.mendel import WRONG_CALL
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.pedigree import Member, Pedigree
from homeward.report import Words, finding_text

DOCUMENT = Path(__file__).parents[2] / "docs" / "check.md"
MODEL = the_model()[0].model


def found(case: Case) -> tuple[Finding, ...]:
    return check(case, scenarios_of(case))


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    (finding,) = [f for f in findings if f.code == code]
    return finding


# -- a small case to calculate by hand ------------------------------------------------------------------------

FREQUENCIES = {m: {"6": 0.1, "7": 0.2, "8": 0.3, "9": 0.4} for m in ("TH01", "TPOX", "D5S818", "DXS8378", "DXS7132")}
TRIO = Pedigree(
    [Member("father", sex="male"), Member("mother", sex="female"), Member("child", "father", "mother", "female")]
)


def small(profiles: dict[str, dict[str, tuple[str, ...]]], mutation: str = "none", **changes: object) -> Case:
    """A trio with the child missing nobody: samples `F/…` are persons, others remains."""
    samples = [Sample(s, "person", s) if "/" in s else Sample(s, "remains", s) for s in profiles]
    case = Case(
        "small",
        families=(Family("F", TRIO, ()),),
        remains=tuple(Remains(s) for s in profiles if "/" not in s),
        samples=tuple(samples),
        typings=tuple(Typing(s, m, a) for s, p in profiles.items() for m, a in p.items()),
        populations=(FrequencyTable("p", False, FREQUENCIES),),
        settings=Settings(model=ModelSettings(mutation=mutation)),  # type: ignore[arg-type]
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def test_father_and_child_who_share_nothing_are_equally_suspect() -> None:
    case = small({"F/father": {"TH01": ("6", "6")}, "F/child": {"TH01": ("9", "9")}})
    error = only(found(case), "mendelian-error")
    assert error.severity == "warning" and error.markers == ("TH01",)
    assert error.persons == ("F/father", "F/child")
    assert error.evidence["wrong"] == pytest.approx((0.5, 0.5))
    assert error.evidence["mutation"] == 0.0


def test_the_culprit_is_whoever_leaves_a_family_that_can_be() -> None:
    """Child 6/7, mother 6/7, father 9/9: father or child may be wrong, the mother cannot mend it.

    Without the father: P(mother) P(child | mother) with P(child 6/7 | 6/7) = (p6 + p7)/2; without the child:
    P(father) P(mother). Each is multiplied by the chance of the genotype left out.
    """
    case = small({"F/father": {"TH01": ("9", "9")}, "F/mother": {"TH01": ("6", "7")}, "F/child": {"TH01": ("6", "7")}})
    p6, p7, p9 = 0.1, 0.2, 0.4
    mother, father, child = 2 * p6 * p7, p9 * p9, 2 * p6 * p7
    without_father = mother * (p6 + p7) / 2 * father
    without_child = father * mother * child
    total = without_father + without_child
    error = only(found(case), "mendelian-error")
    assert error.persons == ("F/father",)
    assert error.evidence["wrong"] == pytest.approx((without_father / total,), abs=1e-6)


def test_a_mutation_is_weighed_against_wrong_calls() -> None:
    """Odds of mutation = P(family) against WRONG_CALL · P(rest) · P(genotype), summed over both genotypes."""
    case = small({"F/father": {"TH01": ("7", "7")}, "F/child": {"TH01": ("8", "9")}}, mutation="default")
    locus = scenarios_of(case)[0].model.locus["TH01"]
    assert locus.from_father is not None
    p = dict(zip(locus.alleles, locus.frequencies.tolist(), strict=True))
    row = dict(zip(locus.alleles, locus.from_father[locus.index["7"]].tolist(), strict=True))
    related = row["8"] * p["9"] + row["9"] * p["8"]
    unrelated = 2 * WRONG_CALL * 2 * p["8"] * p["9"]
    error = only(found(case), "mendelian-error")
    assert error.severity == "note"
    assert error.evidence["mutation"] == pytest.approx(related / (related + unrelated), abs=1e-5)


def test_three_markers_are_told_together_with_who_resolves_them() -> None:
    markers = ("TH01", "TPOX", "D5S818")
    case = small(
        {
            "F/father": dict.fromkeys(markers, ("9", "9")),
            "F/mother": dict.fromkeys(markers, ("6", "7")),
            "F/child": dict.fromkeys(markers, ("6", "7")),
        }
    )
    errors = only(found(case), "mendelian-errors")
    assert errors.markers == markers
    assert errors.persons == ("F/father", "F/child")
    assert (errors.evidence["errors"], errors.evidence["resolved"]) == (3, 3)


def test_a_family_that_agrees_has_no_error() -> None:
    case = small({"F/father": {"TH01": ("6", "9")}, "F/mother": {"TH01": ("7", "7")}, "F/child": {"TH01": ("7", "9")}})
    assert found(case) == ()


def test_sex_markers_against_the_record_and_each_other() -> None:
    case = small(
        {
            "F/mother": {"AMEL": ("X", "Y")},
            "F/father": {"AMEL": ("X", "X")},
            "R": {"AMEL": ("X", "X"), "DYS391": ("10",)},
        }
    )
    findings = found(case)
    assert [(f.persons, f.evidence["recorded"], f.evidence["shown"]) for f in findings if f.code == "sex-differs"] == [
        (("F/mother",), "female", "male"),
        (("F/father",), "male", "female"),
    ]
    disagree = only(findings, "sex-markers-disagree")
    assert (disagree.samples, disagree.markers) == (("R",), ("DYS391", "AMEL"))


def test_a_woman_homozygous_at_every_x_marker_is_told_where_chance_cannot_explain_it() -> None:
    markers = [f"DXS{n}" for n in range(7001, 7013)]
    table = FrequencyTable("p", False, {m: {str(k): 0.1 for k in range(10)} for m in markers})
    case = small({"F/mother": dict.fromkeys(markers, ("3", "3"))}, populations=(table,))
    finding = only(found(case), "sex-differs")
    assert finding.evidence["p_value"] == pytest.approx(0.1 ** len(markers))
    few = small({"F/mother": {markers[0]: ("3", "3")}}, populations=(table,))
    assert found(few) == ()


def test_three_alleles_at_one_marker_leave_the_marker_out_and_at_two_the_sample() -> None:
    one = small({"R": {"TH01": ("6", "7", "8"), "TPOX": ("6", "6")}})
    assert only(found(one), "three-alleles").markers == ("TH01",)
    assert [t.marker for t in without_mixtures(one).typings] == ["TPOX"]
    two = small({"R": {"TH01": ("6", "7", "8"), "TPOX": ("6", "7", "8"), "D5S818": ("6", "6")}})
    mixture = only(found(two), "mixture")
    assert mixture.evidence == {"alleles": 3, "markers": 2, "typed": 3}
    assert without_mixtures(two).typings == ()
    result = identify(two, scenarios_of(two), seed=1)
    assert result.case == two and mixture in result.findings


def test_alleles_by_how_known_they_are() -> None:
    rare = {**FREQUENCIES, "TH01": {"6": 0.0004, "7": 0.9996}, "TPOX": {"8": 1.0}, "D5S818": {"11": 1.0}}
    case = small(
        {"R": {"TH01": ("6", "7"), "TPOX": ("8", "12"), "D5S818": ("11", "43.2")}},
        populations=(FrequencyTable("p", False, rare),),
    )
    told = {f.code: (f.severity, f.markers, f.evidence["allele"], f.evidence["in_table"]) for f in found(case)}
    assert told == {
        "rare-allele": ("note", ("TH01",), "6", 0.0004),
        "allele-not-in-table": ("note", ("TPOX",), "12", 0.0),
        "off-ladder-allele": ("warning", ("D5S818",), "43.2", 0.0),
    }


# -- twenty-one markers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("plant", [p for p in PLANTS if p.shown], ids=lambda p: p.name)
def test_a_planted_fault_is_found(plant: Plant) -> None:
    at = sound(31, MODEL)
    named = plant.put(at)
    findings = found(at.case())
    assert plant.found(findings, named), [(f.code, f.persons, f.samples) for f in findings]


@pytest.mark.parametrize("seed", range(4))
def test_a_sound_case_has_no_warning(seed: int) -> None:
    assert [f.code for f in found(sound(seed + 50, MODEL).case()) if f.severity == "warning"] == []


def test_kin_between_families_and_among_remains_are_found_when_the_lr_is_large() -> None:
    wanted = {"parent and child in two families", "brothers among the remains"}
    for plant in (p for p in PLANTS if p.name in wanted):
        hits = 0
        for seed in range(3):
            at = sound(seed, MODEL)
            named = plant.put(at)
            hits += plant.found(found(at.case()), named)
        assert hits >= 2, plant.name


def test_what_explains_the_family_is_told_with_the_next_best() -> None:
    plant = next(p for p in PLANTS if p.code == "misattributed-parentage")
    at = sound(5, MODEL)
    plant.put(at)
    finding = only(found(at.case()), "misattributed-parentage")
    assert finding.evidence["parent"] == "F0/father"
    assert finding.evidence["log10_lr"] > finding.evidence["next_log10_lr"] - 1  # type: ignore[operator]


def test_an_earlier_sample_of_the_missing_person_is_no_contamination() -> None:
    at = sound(3, MODEL)
    whole = at.profile()
    add_person(at, "F0", "missing", whole)
    at.typed["R0"] = dict(whole)
    assert "sample-matches-person" not in {f.code for f in found(at.case())}


def test_a_case_with_one_sample_is_checked() -> None:
    assert found(small({"R": {"TH01": ("6", "7")}})) == ()
    assert found(small({})) == ()


# -- families and tables as the case gives them --------------------------------------------------------------------


def twice(person: str = "GF", *, name: str = "", typed: bool = False, population: str = "") -> Case:
    """Two families that both have one id for a father of a missing child."""
    records = {person: PersonRecord(name=name)} if name else {}
    families = []
    for f in "AB":
        father = Member(person, sex="male", population=population)
        trio = [father, Member(f"wife {f}", sex="female"), Member(f"girl {f}", person, f"wife {f}", "female")]
        families.append(Family(f, Pedigree(trio), (), records=records))
    shown = {"A/wife A": {"TH01": ("6", "7")}, **({f"B/{person}": {"TH01": ("6", "7")}} if typed else {})}
    return small(shown, families=tuple(families))


def test_families_that_only_an_id_joins_are_a_warning() -> None:
    joined = only(found(twice("kim_gf")), "families-merged")
    assert joined.severity == "warning" and joined.persons == ("A/kim_gf", "B/kim_gf")
    assert joined.evidence == {"families": ("A", "B"), "shared": ("kim_gf",)}
    assert "only because an id stands in each: kim_gf." in finding_text(joined, Words())


@pytest.mark.parametrize("known", [{"name": "Kim"}, {"typed": True}])
def test_families_that_a_name_or_a_sample_joins_are_a_note(known: dict[str, object]) -> None:
    assert only(found(twice("kim_gf", **known)), "families-merged").severity == "note"  # type: ignore[arg-type]


def test_words_for_roles_join_no_families() -> None:
    assert found(twice("mother_1")) == ()


def test_a_population_without_a_table_may_be_misspelt() -> None:
    case = twice("kim_gf", population="JPN_GF150")
    told = only(found(case), "provisional-population")
    assert told.severity == "warning" and told.persons == ("A/kim_gf", "B/kim_gf")
    assert told.evidence["reason"] == "no-table" and "JPN_GF1501" in str(told.evidence["close"])
    assert "Is JPN_GF1501" in finding_text(told, Words())


def test_a_small_table_and_markers_without_frequencies_are_notes() -> None:
    case = small(
        {"F/mother": {"TH01": ("6", "7"), "DXS8378": ("10", "11")}},
        settings=Settings(model=ModelSettings(population=(("US_NIST1036_Asian", 1.0),))),
    )
    table, markers = only(found(case), "provisional-population"), only(found(case), "markers-without-frequencies")
    assert (table.severity, markers.severity) == ("note", "note")
    assert (table.evidence["chromosomes"], table.evidence["wanted"]) == (194, 200)
    assert markers.markers == ("DXS8378",) and markers.evidence["used"] == 1


# -- words and documents --------------------------------------------------------------------------------------


def test_every_code_is_documented_with_what_to_do() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert set(re.findall(r"^### `([a-z-]+)`", text, flags=re.MULTILINE)) == set(CODES)
    say = Words()
    for code, action in CODES.items():
        section = re.search(rf"^### `{code}`\n(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert section is not None and say(f"do.{action}") in " ".join(section[1].split()), code


def test_every_code_comes_up_somewhere_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    planted = {code for p in PLANTS for code in p.code.split("|")}
    assert {c for c in CODES if f'"{c}"' not in text} <= planted


def test_every_finding_can_be_said() -> None:
    say = Words()
    cases = [sound(9, MODEL) for _ in PLANTS]
    for plant, at in zip(PLANTS, cases, strict=True):
        plant.put(at)
        for f in found(at.case()):
            text = finding_text(f, say)
            assert "{" not in text and text.endswith("."), text
            assert f.as_json()["action"] == CODES[f.code]


def test_findings_are_the_same_every_time() -> None:
    at = sound(2, MODEL)
    next(p for p in PLANTS if p.code == "duplicate-person").put(at)
    case = at.case()
    assert [f.as_json() for f in found(case)] == [f.as_json() for f in found(case)]


def test_what_is_explained_is_a_note() -> None:
    at = sound(12, MODEL)
    next(p for p in PLANTS if p.code == "misattributed-parentage").put(at)
    findings = found(at.case())
    assert [f.code for f in findings if f.severity == "warning"] == ["misattributed-parentage"]
    consequences = [f for f in findings if f.evidence.get("explained_by") == "misattributed-parentage"]
    assert {"relationship-differs", "mendelian-errors"} <= {f.code for f in consequences}
