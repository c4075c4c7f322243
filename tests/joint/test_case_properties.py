"""What must not change the joint answer of a case: untyped samples, files, names and order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from validation.joint import problem_of_case

from homeward.case import Case, Family, Remains, Sample
from homeward.genetics import scenarios_of
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.posterior import JointPosterior
from homeward.pedigree import Member, Pedigree
from homeward.simulate import simulate_incident

KINDS = {"child": 2, "grandson": 1, "brothers-son": 1}


def incident(samples_are: str, seed: int) -> Case:
    """Four families, two of which miss a brother or a cousin too, and a few listed without kin."""
    case, _ = simulate_incident(
        seed=seed,
        size=11,
        relatives=KINDS,
        kin={"brother": 1, "cousin": 1},
        bodies=4,
        fragments=5 if samples_are == "fragments" else None,
        samples_are="fragments" if samples_are == "fragments" else "bodies",
        strangers=0.1,
        typed=(0.15, 0.4),
    )
    return case


def solved(case: Case) -> JointPosterior:
    return solve_exactly(problem_of_case(case, scenarios_of(case)))


def by_name(found: JointPosterior) -> dict[tuple[str, str], float]:
    """(sample, person without the file's name) → probability; outside families by `unreferenced` and `stranger`."""
    rows = {}
    for i, sample in enumerate(found.samples):
        for k, name in enumerate(found.names):
            rows[sample, name.partition("/")[2]] = float(found.marginals[i, k])
        rows[sample, "unreferenced"] = float(found.unreferenced[i])
        rows[sample, "stranger"] = float(found.stranger[i])
    return rows


CASES = [("bodies", 1), ("bodies", 2), ("fragments", 3), ("fragments", 4)]


@pytest.mark.parametrize(("samples_are", "seed"), CASES)
def test_marginals_sum_to_one(samples_are: str, seed: int) -> None:
    found = solved(incident(samples_are, seed))
    assert found.marginals.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert found.bodies.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found.marginals >= 0).all()


@pytest.mark.parametrize(("samples_are", "seed"), CASES)
def test_samples_of_which_nothing_was_typed_change_nothing_else(samples_are: str, seed: int) -> None:
    case = incident(samples_are, seed)
    more = [f"X{k}" for k in range(3 if samples_are == "bodies" else 1)]
    wider = replace(
        case,
        remains=(*case.remains, *(Remains(x) for x in more)),
        samples=(*case.samples, *(Sample(x, "remains", x) for x in more)),
    )
    before, after = by_name(solved(case)), by_name(solved(wider))
    assert {key: after[key] for key in before} == pytest.approx(before, abs=1e-10)


@pytest.mark.parametrize(("samples_are", "seed"), CASES)
def test_a_family_split_over_two_files_is_the_same_family(samples_are: str, seed: int) -> None:
    case = incident(samples_are, seed)
    # ids that say a role mean nothing in another file: these name a person
    named = [_renamed(f, {p: f"man of {f.id} called {p}" for p in f.pedigree.ids}) for f in case.families]
    samples = tuple(
        replace(s, source=f"{s.source.partition('/')[0]}/man of {s.source.replace('/', ' called ')}")
        if s.of == "person"
        else s
        for s in case.samples
    )
    one = replace(case, families=tuple(named), samples=samples)
    families = []
    for f in named:
        first, *rest = f.missing
        families.append(replace(f, missing=(first,)))
        if rest:
            families.append(Family(f"{f.id} again", f.pedigree, tuple(rest), {}))
    assert len(families) == len(named) + 2
    two = replace(one, families=tuple(families))
    assert by_name(solved(two)) == pytest.approx(by_name(solved(one)), abs=1e-10)


@pytest.mark.parametrize(("samples_are", "seed"), CASES)
def test_neither_names_nor_order_matter(samples_are: str, seed: int) -> None:
    case = incident(samples_are, seed)
    found = by_name(solved(case))
    turned = replace(
        case,
        families=case.families[::-1],
        listed=case.listed[::-1],
        remains=case.remains[::-1],
        samples=case.samples[::-1],
        typings=case.typings[::-1],
    )
    assert by_name(solved(turned)) == pytest.approx(found, abs=1e-10)
    other = {r.id: f"Z{k}" for k, r in enumerate(case.remains)}
    renamed = replace(
        case,
        remains=tuple(replace(r, id=other[r.id]) for r in case.remains),
        samples=tuple(replace(s, id=other.get(s.id, s.id), source=other.get(s.source, s.source)) for s in case.samples),
        typings=tuple(replace(t, sample=other.get(t.sample, t.sample)) for t in case.typings),
        listed=tuple(replace(p, id=f"other {p.id}") for p in case.listed),
    )
    again = by_name(solved(renamed))
    assert again == pytest.approx({(other[s], n): p for (s, n), p in found.items()}, abs=1e-10)


@pytest.mark.parametrize(("samples_are", "seed"), CASES)
def test_listed_people_without_kin_are_alike_whether_named_or_only_counted(samples_are: str, seed: int) -> None:
    case = incident(samples_are, seed)
    found = by_name(solved(case))
    fewer = replace(case, listed=case.listed[:1])  # the size of the list stays
    assert by_name(solved(fewer)) == pytest.approx(found, abs=1e-10)
    family = Family("U", Pedigree([Member("U1", sex=case.listed[0].sex)]), ("U1",))
    as_family = replace(case, families=(*case.families, family), listed=case.listed[1:])
    assert by_name(solved(as_family)) == pytest.approx(found, abs=1e-10)


def _renamed(family: Family, names: dict[str, str]) -> Family:
    return Family(family.id, family.pedigree.relabelled(names), tuple(names[m] for m in family.missing), {})
