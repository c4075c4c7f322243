"""A case taken apart into entries and put together again weighs the same, whatever it holds."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from exchange_sides import split
from exchange_terms import an_agreement

from homeward.case import Case, Family
from homeward.exchange.agreement import Agreement
from homeward.exchange.drawn import (
    family_entries,
    names_of_families,
    names_of_remains,
    reference_entries,
    remains_entries,
)
from homeward.exchange.entries import Call, family_faults, loci, reference_faults, remains_faults
from homeward.exchange.form import read_form, written
from homeward.exchange.keys import new_keys
from homeward.exchange.proposal import Terms, panel_of, propose, read_terms
from homeward.exchange.rebuilt import case_of
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.formats.overrides import overridden
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.pedigree import Pedigree

FOLDER = Path(__file__).parents[2] / "docs" / "case-folder" / "valid"
EVERYTHING = ("sex", "grouping", "element", "dropout", "mtdna")
TERMS = """title = "A test"
basis = "none"
countries = ["JP", "KR"]
since = "2026-01-01"
until = "2026-12-31"
retention_days = 0
[alleles]
AMEL = ["X", "Y"]
[[dropout]]
heterozygote = 0.2
homozygote = 0.05
dropin = 0.01
[[dropout]]
heterozygote = 0.2
homozygote = 0.04
dropin = 0.0
mistyping = 0.01
[[dropout]]
heterozygote = 0.0
homozygote = 0.0
dropin = 0.0
mistyping = 0.0
[plain]
posterior = 0.9
min_typed_loci = 1
reveals = ["sex", "grouping", "element", "dropout", "mtdna"]
hit_log10_lr = true
[quotas]
remains = 9
families = 9
exchanges = 9
[missed]
kinds = []
pairs = 1
seed = 1
"""


def terms(text: str = TERMS) -> Terms:
    return read_terms(text.encode(), "terms.toml")


def agreed(case: Case, text: str = TERMS) -> Agreement:
    mine, theirs = new_keys("a", "JP").card, new_keys("b", "KR").card
    signed = propose(case, terms(text), "remains", mine, theirs, None)
    return read_form(Agreement, written(signed.agreement))


@pytest.mark.parametrize("name", ["old-register", "lineages", "paternal-line", "linked", "incident"])
def test_a_case_weighs_the_same_after_a_journey(name: str) -> None:
    """Doubted pedigrees, twins, kin in two files, Y and mtDNA, X and linked markers: every LR of every pair."""
    # what the exchange leaves out is left out here: the list but for its length, effects, what is not DNA
    case = overridden(read_case(FOLDER / name), {"run.stress": "off", "y.theta_clan": 0.0, "mt.theta_clan": 0.0})
    case = overridden(replace(case, non_dna=(), identifications=()), {"incident.size": case.list_size})
    case = replace(case, listed=(), samples=tuple(s for s in case.samples if s.of in ("remains", "person")))
    kept = {s.id for s in case.samples}
    case = replace(case, typings=tuple(t for t in case.typings if t.sample in kept))
    case = replace(case, families=tuple(map(_of_known_populations, case.families)))
    agreement = agreed(case)
    remains, families = split(case)
    ours, theirs = names_of_remains(remains), names_of_families(families)
    entries = remains_entries(remains, agreement.panel, EVERYTHING, ours)
    trees = family_entries(families, theirs)
    references = reference_entries(families, agreement.panel, EVERYTHING, theirs)
    again = [read_form(type(e), written(e)) for e in (*entries.values(), *trees.values(), *references.values())]
    assert again == [*entries.values(), *trees.values(), *references.values()]
    assert not [f for e in entries.values() for f in remains_faults(agreement, e, EVERYTHING, 0)]
    assert not [f for e in trees.values() for f in family_faults(agreement, e)]
    assert not [f for e in references.values() for f in reference_faults(agreement, e)]
    rebuilt = case_of(agreement, list(entries.values()), list(trees.values()), list(references.values()))

    def weighed(one: Case, sample: dict[str, str], person: dict[str, str]) -> dict[tuple[str, str], float | None]:
        result = identify(one, scenarios_of(one), seed=1, joint=False)
        return {(sample[p.sample], person[p.missing]): p.log10_lr for p in result.pairs}

    before = weighed(
        case,
        {s.id: ours[f"sample:{s.id}"] for s in case.samples if s.of == "remains"},
        {m: theirs[f"person:{m}"] for m in case.missing},
    )
    after = weighed(rebuilt, {e.id: e.id for e in entries.values()}, {m: m.partition("/")[2] for m in rebuilt.missing})
    assert after.keys() == before.keys() and before
    assert [after[k] for k in before] == pytest.approx([before[k] for k in before], abs=1e-9)


def _of_known_populations(family: Family) -> Family:
    """A founder of a population without a table takes no part: its name would tell where he is from."""
    members = (replace(m, population="" if m.population == "east" else m.population) for m in family.pedigree)
    return replace(family, pedigree=Pedigree(members))


def test_a_founder_of_a_population_without_a_table_is_not_told_of() -> None:
    case = read_case(FOLDER / "old-register")
    agreement = agreed(replace(case, non_dna=()))
    told = family_entries(case, names_of_families(case)).values()
    assert {f.code for e in told for f in family_faults(agreement, e)} == {"exchange-outside"}


def test_bodies_and_what_cannot_be_one_are_said_without_elements() -> None:
    case = read_case(FOLDER / "incident")
    names = names_of_remains(case)
    agreement = agreed(case)
    entries = remains_entries(case, agreement.panel, ("grouping",), names)
    rebuilt = case_of(agreement, list(entries.values()), [], [])
    from homeward.case import apart, units

    def told(one: Case, of: dict[str, str]) -> tuple[set[frozenset[str]], set[frozenset[frozenset[str]]]]:
        bodies = [frozenset(of[s.id] for s in unit) for unit in units(one)]
        return set(bodies), {frozenset((bodies[i], bodies[j])) for i, j in apart(one, units(one))}

    of_names = {s.id: names[f"sample:{s.id}"] for s in case.samples if s.of == "remains"}
    assert told(case, of_names) == told(rebuilt, {e.id: e.id for e in entries.values()})
    assert {e.element for e in entries.values()} == {""} and {e.sex for e in entries.values()} == {"unknown"}


def test_a_drop_out_that_is_no_agreed_level_is_refused() -> None:
    case = read_case(FOLDER / "dropout")
    stated = next(s for s in case.samples if s.states_dropout)
    fitting = replace(stated, dropout_het=0.2, dropout_hom=0.05, dropin=0.01)
    others = tuple(s for s in case.samples if s.id != stated.id and not s.states_dropout and not s.dropin)
    ids = {stated.id, *(s.id for s in others)}
    case = replace(case, samples=(fitting, *others), typings=tuple(t for t in case.typings if t.sample in ids))
    agreement = agreed(case)
    names = names_of_remains(case)
    (found,) = [e for e in remains_entries(case, agreement.panel, EVERYTHING, names).values() if e.dropout is not None]
    assert found.dropout == 0
    rebuilt = case_of(agreement, [found], [], [])
    assert rebuilt.samples[0].dropout_het == 0.2 and rebuilt.samples[0].dropin == 0.01
    other = replace(case, samples=(replace(fitting, dropout_het=0.21), *others))
    with pytest.raises(Refusal) as refused:
        remains_entries(other, agreement.panel, EVERYTHING, names)
    assert [f.code for f in refused.value.faults] == ["exchange-outside"]


def test_ids_are_random_and_of_one_form() -> None:
    case = read_case(FOLDER / "incident")
    first, second = names_of_families(case), names_of_families(case)
    assert first.keys() == second.keys() and set(first.values()).isdisjoint(second.values())
    assert all(re.fullmatch("[bcdfghjklmnpqrstvwxz]{16}", id) for id in first.values())


def test_the_panel_is_that_of_the_case_and_what_was_added() -> None:
    case = overridden(read_case(FOLDER / "example"), {})
    panel = panel_of(case, terms())
    (table,) = panel.tables
    assert table.markers.keys() <= panel.alleles.keys() and panel.alleles["AMEL"] == ("X", "Y")
    for marker, rows in table.markers.items():
        assert set(rows) < set(panel.alleles[marker])
    agreement = an_agreement()
    assert agreement.panel.alleles.keys() >= agreement.panel.tables[0].markers.keys()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bad-toml", "title ="),
        ("exchange-form", TERMS.replace("retention_days = 0\n", "")),
        ("exchange-form", TERMS.replace('"sex"', '"name"')),
        ("exchange-form", TERMS + "more = 1\n"),
        ("exchange-form", TERMS.replace('"2026-01-01"', "2026-01-01")),
    ],
)
def test_terms_that_cannot_be_read(code: str, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        terms(text)
    assert {f.code for f in refused.value.faults} == {code}
    assert all("other side" not in f.remedy for f in refused.value.faults)


def test_misses_are_simulated_from_the_seed() -> None:
    case = read_case(Path(__file__).parents[2] / "demo" / "chosei")
    asked = TERMS.replace("kinds = []\npairs = 1", 'kinds = ["child", "grandson"]\npairs = 40')
    first, again = (agreed(case, asked).plain for _ in range(2))
    assert first is not None and again is not None and first.missed == again.missed
    shares = {m.kind: m.share for m in first.missed}
    assert shares["child"] < 0.1 < 0.6 < shares["grandson"]
    with pytest.raises(Refusal) as refused:
        agreed(case, asked.replace('"grandson"', '"friend"'))
    assert [f.code for f in refused.value.faults] == ["incident"]


@pytest.mark.parametrize(("alleles", "count"), [((), 0), (("?", "?"), 0), (("8", "?"), 1), (("8", "9"), 1)])
def test_a_typing_that_says_nothing_is_no_locus(alleles: tuple[str, ...], count: int) -> None:
    panel = an_agreement().panel
    marker = next(m for table in panel.tables for m in table.markers)
    assert loci(panel, (Call(marker, alleles, 1),)) == count
