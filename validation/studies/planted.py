"""Cases with a known fault: a sound incident is drawn, and one thing is made wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import PCG64, Generator

from homeward.case import Case, Family, ModelSettings, Remains, Sample, Settings, Typing
from homeward.check import Finding
from homeward.genetics import Model, Scenario, bundled_population, scenarios_of
from homeward.pedigree import Member, Pedigree, Sex, half_sibs, nuclear
from homeward.simulate import shown, simulate_genotypes

__all__ = ["PLANTS", "Drawn", "Plant", "sound", "the_model"]

POPULATION = "JPN_GF1501"
FAMILIES, REMAINS, STAFF = 10, 8, 3
SHARE_TYPED = (0.6, 1.0)
"""Share of the markers that remains still show."""

_SETTINGS = Settings(model=ModelSettings(population=((POPULATION, 1.0),), mutation="default"))
_PARENTS = (Member("father", sex="male"), Member("mother", sex="female"))
_SHAPES: tuple[tuple[tuple[str, ...], tuple[Member, ...]], ...] = (
    (
        ("father", "mother", "brother", "sister"),
        (
            *_PARENTS,
            Member("missing", "father", "mother", "male"),
            Member("brother", "father", "mother", "male"),
            Member("sister", "father", "mother", "female"),
        ),
    ),
    (
        ("wife", "son", "daughter"),
        (
            Member("missing", sex="male"),
            Member("wife", sex="female"),
            Member("son", "missing", "wife", "male"),
            Member("daughter", "missing", "wife", "female"),
        ),
    ),
    (("father", "mother"), (*_PARENTS, Member("missing", "father", "mother", "male"))),
    (
        ("brother", "nephew"),
        (
            *_PARENTS,
            Member("missing", "father", "mother", "male"),
            Member("brother", "father", "mother", "male"),
            Member("sister-in-law", sex="female"),
            Member("nephew", "brother", "sister-in-law", "male"),
        ),
    ),
)

Profile = Mapping[str, tuple[str, ...]]


@dataclass
class Drawn:
    """A case while something is made wrong in it: who is typed with what, and what is on record."""

    families: dict[str, Pedigree]
    typed: dict[str, dict[str, tuple[str, ...]]]
    remains: dict[str, Remains]
    of: dict[str, Sample]
    chance: Generator
    model: Model

    def case(self) -> Case:
        """As the laboratory hands it over."""
        return Case(
            "planted",
            families=tuple(Family(f, p, ("missing",)) for f, p in self.families.items()),
            remains=tuple(self.remains.values()),
            samples=tuple(self.of.values()),
            typings=tuple(Typing(s, m, a) for s, profile in self.typed.items() for m, a in profile.items()),
            settings=_SETTINGS,
        )

    def profile(self, sex: Sex = "male") -> dict[str, tuple[str, ...]]:
        """Of somebody unrelated to everybody."""
        return drawn(Pedigree([Member("x", sex=sex)]), ("x",), self)["x"]

    def family(self, shape: int) -> str:
        """The first family of a shape."""
        return f"F{shape}"


def the_model() -> tuple[Scenario, ...]:
    """The model all cases are drawn from and checked with: every marker of the population, default mutation."""
    nothing = tuple(Typing("nobody", m, ("?", "?")) for m in bundled_population(POPULATION).markers)
    return scenarios_of(Case("", typings=nothing, settings=_SETTINGS))


def drawn(pedigree: Pedigree, persons: Sequence[str], at: Drawn) -> dict[str, dict[str, tuple[str, ...]]]:
    """Profiles of some members, AMEL included."""
    seed = int(at.chance.integers(2**62))
    genotypes = simulate_genotypes(pedigree, at.model.loci, seed=seed, persons=persons)
    found = {p: {x.name: shown(x, genotypes[x.name][p][0]) for x in at.model.loci} for p in persons}
    for p in persons:
        found[p]["AMEL"] = ("X", "Y") if pedigree[p].sex == "male" else ("X", "X")
    return found


def sound(seed: int, model: Model) -> Drawn:
    """Nothing is wrong: ten families, eight remains of strangers, three of the staff."""
    at = Drawn({}, {}, {}, {}, Generator(PCG64(seed)), model)
    for k in range(FAMILIES):
        references, members = _SHAPES[k % len(_SHAPES)]
        family = f"F{k}"
        at.families[family] = Pedigree(members)
        for person, profile in drawn(at.families[family], references, at).items():
            add_person(at, family, person, profile)
    for k in range(REMAINS):
        add_remains(at, f"R{k}", at.profile())
    for k in range(STAFF):
        at.of[f"T{k}"] = Sample(f"T{k}", "staff", f"T{k}")
        at.typed[f"T{k}"] = at.profile("female")
    return at


def add_person(at: Drawn, family: str, person: str, profile: Profile) -> None:
    full = f"{family}/{person}"
    at.of[full] = Sample(full, "person", full)
    at.typed[full] = dict(profile)


def add_remains(at: Drawn, item: str, profile: Profile) -> None:
    """A male's remains that still show part of the profile."""
    at.remains[item] = Remains(item, "male")
    at.of[item] = Sample(item, "remains", item)
    at.typed[item] = part(at, profile)


def part(at: Drawn, profile: Profile) -> dict[str, tuple[str, ...]]:
    share = at.chance.uniform(*SHARE_TYPED)
    kept = set(at.chance.permutation(list(profile))[: round(share * len(profile))].tolist())
    return {m: a for m, a in profile.items() if m in kept}


# -- what can be wrong ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plant:
    """One kind of fault. ``put`` makes it and names whom a finding of ``code`` must name.

    ``shown``: whether these data can show it in at least 95 of 100 cases; else the power is only reported.
    """

    name: str
    code: str
    put: Callable[[Drawn], tuple[str, ...]]
    shown: bool = True

    def found(self, findings: Sequence[Finding], named: Sequence[str]) -> bool:
        codes = self.code.split("|")
        return any(f.code in codes and set(named) <= {*f.persons, *f.samples, *f.markers} for f in findings)


def _wrong_call(at: Drawn) -> tuple[str, ...]:
    """One allele of a child of two typed parents becomes one that neither parent has."""
    f = at.family(0)
    child, marker = at.typed[f"{f}/brother"], at.model.loci[int(at.chance.integers(len(at.model.loci)))]
    theirs = {*at.typed[f"{f}/father"][marker.name], *at.typed[f"{f}/mother"][marker.name]}
    others = [a for a in marker.alleles if a not in theirs]
    weights = np.array([marker.frequencies[marker.index[a]] for a in others])
    new = others[int(at.chance.choice(len(others), p=weights / weights.sum()))]
    child[marker.name] = (child[marker.name][0], new)
    return (marker.name,)


def _other_father(at: Drawn) -> tuple[str, ...]:
    f = at.family(0)
    members = [Member("x", sex="male"), Member("mother", sex="female"), Member("father", sex="male")]
    true = Pedigree(
        [*members, Member("brother", "x", "mother", "male"), Member("sister", "father", "mother", "female")]
    )
    for person, profile in drawn(true, ("father", "mother", "brother", "sister"), at).items():
        at.typed[f"{f}/{person}"] = profile
    return (f"{f}/brother",)


def _half_siblings(at: Drawn) -> tuple[str, ...]:
    f = at.family(1)
    members = [Member("missing", sex="male"), Member("wife", sex="female"), Member("x", sex="male")]
    true = Pedigree([*members, Member("son", "x", "wife", "male"), Member("daughter", "missing", "wife", "female")])
    for person, profile in drawn(true, ("wife", "son", "daughter"), at).items():
        at.typed[f"{f}/{person}"] = profile
    return ()


def _exchanged(at: Drawn, a: str, b: str) -> tuple[str, ...]:
    at.typed[a], at.typed[b] = at.typed[b], at.typed[a]
    return a, b


def _exchanged_between(at: Drawn) -> tuple[str, ...]:
    return _exchanged(at, "F0/brother", "F4/brother")


def _exchanged_within(at: Drawn) -> tuple[str, ...]:
    return _exchanged(at, "F0/father", "F0/brother")


def _somebody_elses(at: Drawn) -> tuple[str, ...]:
    at.typed["F0/mother"] = at.profile("female")
    return ("F0/mother",)


def _twice(at: Drawn) -> tuple[str, ...]:
    at.typed["F1/son"] = dict(at.typed["F3/nephew"])
    return "F1/son", "F3/nephew"


def _kin_between(at: Drawn, first: str, second: str, true: Pedigree, a: str, b: str) -> tuple[str, ...]:
    """Two references of different families, each the only one who could tell, are kin."""
    profiles = drawn(true, (a, b), at)
    for full, person in ((first, a), (second, b)):
        family = full.partition("/")[0]
        at.families[family] = Pedigree(_SHAPES[2][1])
        for other in [s for s in at.of if s.startswith(f"{family}/")]:
            del at.of[other], at.typed[other]
        add_person(at, family, "father", profiles[person])
    return first, second


def _parent_between(at: Drawn) -> tuple[str, ...]:
    return _kin_between(at, "F2/father", "F6/father", nuclear(1), "1", "3")


def _brothers_between(at: Drawn) -> tuple[str, ...]:
    return _kin_between(at, "F2/father", "F6/father", nuclear(2), "3", "4")


def _half_between(at: Drawn) -> tuple[str, ...]:
    return _kin_between(at, "F2/father", "F6/father", half_sibs(), *half_sibs().ids[-2:])


def _adopted(at: Drawn) -> tuple[str, ...]:
    """Declared uncle's brother and his son are not father and son."""
    at.typed["F3/nephew"] = at.profile()
    return "F3/brother", "F3/nephew"


def _two_samples(at: Drawn) -> tuple[str, ...]:
    at.of["again"] = Sample("again", "person", "F2/mother")
    at.typed["again"] = at.profile("female")
    return ("again",)


def _one_body(at: Drawn) -> tuple[str, ...]:
    at.typed["R1"] = part(at, whole := at.profile())
    at.typed["R0"] = part(at, whole)
    at.remains["R0"] = replace(at.remains["R0"], not_same_as=("R1",))
    return "R0", "R1"


def _kin_remains(at: Drawn) -> tuple[str, ...]:
    brothers = drawn(nuclear(2), ("3", "4"), at)
    at.typed["R0"], at.typed["R1"] = brothers["3"], brothers["4"]
    return "R0", "R1"


def _living(at: Drawn) -> tuple[str, ...]:
    at.typed["R0"] = part(at, at.typed["F1/wife"])
    at.remains["R0"] = replace(at.remains["R0"], sex="unknown")
    return "R0", "F1/wife"


def _staff(at: Drawn) -> tuple[str, ...]:
    at.typed["R0"] = part(at, at.typed["T0"])
    at.remains["R0"] = replace(at.remains["R0"], sex="unknown")
    return "R0", "T0"


def _sex(at: Drawn) -> tuple[str, ...]:
    at.typed["F1/wife"]["AMEL"] = ("X", "Y")
    return ("F1/wife",)


def _mixture(at: Drawn) -> tuple[str, ...]:
    a, b = at.profile(), at.profile()
    at.typed["R0"] = {m: tuple(dict.fromkeys((*a[m], *b[m]))) for m in a if m != "AMEL"}
    at.typed["R0"] = {m: x if len(x) > 1 else x * 2 for m, x in at.typed["R0"].items()}
    return ("R0",)


def _off_ladder(at: Drawn) -> tuple[str, ...]:
    at.typed["R0"]["TH01"] = ("6", "25")
    return "R0", "TH01"


PLANTS: tuple[Plant, ...] = (
    Plant("a call neither parent can have passed on", "mendelian-error|mendelian-errors", _wrong_call),
    Plant("another father, parents and a sibling typed", "misattributed-parentage", _other_father),
    Plant(
        "half siblings declared full, mother typed",
        "misattributed-parentage|relationship-differs",
        _half_siblings,
        False,
    ),
    Plant("two profiles exchanged between families of four", "swapped-samples", _exchanged_between),
    Plant("father and son exchanged, mother and daughter typed", "swapped-samples", _exchanged_within),
    Plant(
        "a profile of a stranger, father and two children typed",
        "profile-does-not-fit|misattributed-parentage",
        _somebody_elses,
    ),
    Plant("one person in two families", "duplicate-person", _twice),
    Plant("parent and child in two families", "undeclared-relatives", _parent_between, False),
    Plant("full siblings in two families", "undeclared-relatives", _brothers_between, False),
    Plant("half siblings in two families", "undeclared-relatives", _half_between, False),
    Plant("father and son who are strangers", "relationship-differs", _adopted),
    Plant("two samples of one person that differ", "samples-differ", _two_samples),
    Plant("one body under two numbers said to differ", "one-body-twice", _one_body),
    Plant("brothers among the remains", "related-remains", _kin_remains, False),
    Plant("remains with a living reference's DNA", "sample-matches-person", _living),
    Plant("remains with staff DNA", "staff-contamination", _staff),
    Plant("AMEL against the recorded sex", "sex-differs", _sex),
    Plant("DNA of two persons", "mixture", _mixture),
    Plant("an allele on no ladder", "off-ladder-allele", _off_ladder),
)
