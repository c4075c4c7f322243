"""Simulated incidents: as many as asked for, true to themselves, and a case like any other."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pytest

from homeward import Refusal, scenarios_of
from homeward.case.elements import conflict
from homeward.formats import read_case, write_case
from homeward.likelihood import ln_likelihood
from homeward.pedigree import kinship
from homeward.simulate import KIN, NOBODY, RELATIVES, STRANGER, UNREFERENCED, family_of, simulate_incident, typed_of
from homeward.simulate.names import invented_name

RELATED = {"child": 2, "sister": 1, "grandson": 2, "father": 1}
BODIES = ["child", "grandson", "father", UNREFERENCED, STRANGER]


def incident(**changes):
    asked = {"seed": 1, "size": 12, "relatives": RELATED, "bodies": BODIES, "fragments": 9} | changes
    return simulate_incident(**asked)


def test_an_incident_holds_what_was_asked_for():
    case, truth = incident()
    assert (case.list_size, len(case.families), len(case.listed), len(case.remains)) == (12, 6, 6, 9)
    assert sorted(truth.relative.values()) == ["child", "child", "father", "grandson", "grandson", "sister"]
    kinds = {truth.body[s]: truth.relative.get(p, UNREFERENCED if p != STRANGER else p) for s, p in truth.of.items()}
    assert [kinds[b] for b in sorted(kinds)] == BODIES
    assert list(truth.of) == [r.id for r in case.remains]
    assert {p for p in truth.of.values() if p != STRANGER} <= {*case.missing, *(p.id for p in case.listed)}


def test_fragments_of_one_body_can_be_one_body_and_are_of_one_person():
    case, truth = incident(fragments=40)
    for a in case.remains:
        for b in case.remains:
            if a.id < b.id and truth.body[a.id] == truth.body[b.id]:
                assert not conflict(a, b)
                assert truth.of[a.id] == truth.of[b.id]


def test_fragments_of_one_body_never_contradict_and_those_of_others_do():
    case, truth = incident(fragments=20)
    rows = {s: {t.marker: t.alleles for t in case.typings_by_sample[s]} for s in truth.of}
    for a in rows:
        for b in rows:
            shared = rows[a].keys() & rows[b].keys()
            same = all(rows[a][m] == rows[b][m] for m in shared)
            assert same == (truth.body[a] == truth.body[b])


def test_fragments_drawn_one_by_one_are_of_everybody_alike():
    """The prior of fragments: π of strangers, B bodies of theirs alike, and every name alike."""
    case, truth = incident(bodies=None, fragments=3000, strangers=0.25, stranger_bodies=2, typed=(0.05, 0.05))
    assert len(case.remains) == 3000
    counts = Counter(truth.of.values())
    strangers = counts.pop(STRANGER)
    assert strangers == pytest.approx(750, abs=4 * sqrt(3000 * 0.25 * 0.75))
    assert set(counts) == {*case.missing, *(p.id for p in case.listed)}
    expected = (3000 - strangers) / 12
    assert sum((n - expected) ** 2 / expected for n in counts.values()) < 31.3  # 99.9% of χ² with 11 degrees
    of_strangers = Counter(truth.body[s] for s, person in truth.of.items() if person == STRANGER)
    assert len(of_strangers) == 2
    assert min(of_strangers.values()) == pytest.approx(strangers / 2, abs=2 * sqrt(strangers))
    assert len({truth.body[s] for s in truth.of}) == 14


def test_fragments_drawn_one_by_one_need_their_number():
    with pytest.raises(Refusal, match="fragments are to be"):
        incident(bodies=None, fragments=None)


def test_remains_are_typed_in_part_and_references_whole():
    case, _ = incident(typed=(0.3, 0.5))
    counts = {s.of: set() for s in case.samples}
    for sample in case.samples:
        counts[sample.of].add(len(case.typings_by_sample[sample.id]))
    assert counts["person"] == {21}
    assert min(counts["remains"]) >= 6
    assert max(counts["remains"]) <= 11


def test_the_true_man_fits_his_family_under_the_cases_own_model():
    case, truth = incident(typed=(1.0, 1.0))
    (scenario,) = scenarios_of(case)
    assert not [c for c in scenario.model.changes if c.reason == "added"]  # the table holds all that was drawn
    typed = {s.source: {t.marker: t.alleles for t in case.typings_by_sample[s.id]} for s in case.samples}
    for family in case.families:
        relative = next(family.full_id(p) for p in family.pedigree.ids if family.full_id(p) in typed)
        for sample, person in truth.of.items():
            if person not in case.missing or not person.startswith(f"{family.id}/"):
                continue
            people = {person.split("/")[1]: sample, relative.split("/")[1]: relative}
            genotypes = {
                x.name: {p: typed[source][x.name] for p, source in people.items()} for x in scenario.model.loci
            }
            assert (ln_likelihood(family.pedigree, scenario.model.loci, genotypes) > -40).all()


def test_the_seed_fixes_the_case():
    assert incident()[0].digest == incident()[0].digest
    assert incident()[0].digest != incident(seed=2)[0].digest


def test_an_incident_is_a_case_folder_like_any_other(tmp_path: Path):
    case, _ = incident()
    assert write_case(case, tmp_path / "case") == ()
    assert read_case(tmp_path / "case").digest == case.digest


def test_bodies_drawn_at_random_are_of_different_persons():
    case, truth = incident(bodies=12, fragments=None, strangers=0.0)
    assert sorted(truth.of.values()) == sorted([*case.missing, *(p.id for p in case.listed)])
    _, foreign = incident(bodies=12, fragments=None, strangers=1.0)
    assert set(foreign.of.values()) == {STRANGER}
    assert len(set(foreign.body.values())) == 12


@pytest.mark.parametrize("relative", RELATIVES)
def test_every_relationship_is_a_family(relative: str):
    pedigree = family_of(relative, "female")
    assert {"M", *typed_of(relative)} <= set(pedigree.ids)
    assert len(pedigree.components) == 1


# kinship to the missing man by the relationship: a parent, child or sibling ¼, halved with every further generation
KINSHIP = {"father": 4, "child": 4, "brother": 4, "sister": 4, "grandson": 8, "grandchild": 8, "brothers-son": 8}
KINSHIP |= {"sisters-child": 8, "brothers-grandson": 16}


@pytest.mark.parametrize("relative", [r for r in RELATIVES if r != NOBODY])
@pytest.mark.parametrize("kin", KIN)
def test_second_relatives_and_missing_kin_are_what_they_are_called(relative: str, kin: str):
    pedigree = family_of(relative, "male", two=True, kin=kin)
    assert len(pedigree.components) == 1
    for person in typed_of(relative, two=True):
        assert kinship(pedigree, "M", person) == 1 / KINSHIP[relative]
    assert kinship(pedigree, "M", "K") == {"brother": 1 / 4, "cousin": 1 / 16, "son": 1 / 4}[kin]
    assert pedigree["K"].sex == "male"


def test_kin_are_missing_together_with_and_without_references():
    changes = {"relatives": {"grandson": 3, NOBODY: 2}, "kin": {"brother": 3, "cousin": 2}, "size": 12, "bodies": 12}
    case, truth = incident(**changes, fragments=None, strangers=0.0, second_relative=1.0)
    assert (len(case.missing), len(case.listed), case.list_size) == (10, 2, 12)
    assert sorted(truth.kin.values()) == ["brother", "brother", "brother", "cousin", "cousin"]
    assert set(truth.kin) < set(truth.relative) == set(case.missing)
    assert sorted(truth.of.values()) == sorted([*case.missing, *(p.id for p in case.listed)])
    assert len([s for s in case.samples if s.of == "person"]) == 6


def test_brothers_among_the_dead_share_alleles():
    case, truth = incident(
        relatives={NOBODY: 40}, kin={"brother": 40}, size=80, bodies=80, fragments=None, strangers=0.0, typed=(1.0, 1.0)
    )
    rows = {truth.of[s]: {t.marker: set(t.alleles) for t in case.typings_by_sample[s]} for s in truth.of}

    def shared(a: str, b: str) -> float:
        return sum(bool(rows[a][m] & rows[b][m]) for m in rows[a]) / len(rows[a])

    brothers = [shared(*(f.full_id(m) for m in f.missing)) for f in case.families]
    firsts = [f.full_id(f.missing[0]) for f in case.families]
    strangers = [shared(a, b) for a, b in pairwise(firsts)]
    # brothers share nothing at a marker only if neither parent gave both the same: less than ¼ of the markers
    assert sum(brothers) / 40 > 0.75 > sum(strangers) / 39 + 0.05


def test_a_share_of_the_profiles_is_partial():
    case, _ = incident(size=183, bodies=120, fragments=None, typed=(0.3, 0.5), partial=0.2)
    counts = [len(case.typings_by_sample[r.id]) for r in case.remains]
    assert set(counts) <= {*range(6, 12), 21}
    assert 8 <= sum(c < 21 for c in counts) <= 42  # 24 expected, four standard errors


def test_what_the_case_says_of_its_samples():
    case, _ = incident(samples_are="bodies", stranger_bodies=7, fragments=None, strangers=0.25)
    told = case.settings.incident
    assert (told.samples_are, told.stranger_bodies, told.strangers) == ("bodies", 7, 0.25)


def test_names_are_distinct_and_of_their_script():
    for language, low, high in (("ko", "가", "힣"), ("ja", "一", "龠")):
        names = [invented_name(language, i) for i in range(1120)]
        assert len(set(names)) == 1120
        assert all(low <= name[0] <= high for name in names)


@pytest.mark.parametrize(
    "wrong",
    [
        {"relatives": {"neighbour": 1}, "bodies": 2},
        {"size": 5},
        {"bodies": ["sister", "sister"]},
        {"bodies": ["brother"]},
        {"bodies": [UNREFERENCED] * 7},
        {"bodies": [], "fragments": None},
        {"fragments": 4},
        {"bodies": 13, "fragments": None},
        {"typed": (0.0, 1.0)},
        {"typed": (0.8, 0.5)},
        {"kin": {"uncle": 1}},
        {"kin": {"brother": 7}},
        {"kin": {"brother": 6}, "size": 11},
        {"partial": 1.5},
    ],
)
def test_figures_that_do_not_fit_together_are_refused(wrong):
    with pytest.raises(Refusal) as refused:
        incident(**wrong)
    assert {f.code for f in refused.value.faults} == {"incident"}
