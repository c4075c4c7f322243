"""A whole incident with a known truth: a list of names, families with a relative or two each, and remains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.case import (
    Case,
    Family,
    Incident,
    ListedPerson,
    ModelSettings,
    PersonRecord,
    Remains,
    Run,
    Sample,
    Settings,
    Span,
    Typing,
)
from homeward.faults import Fault, Refusal
from homeward.genetics import Model, bundled_population, scenarios_of
from homeward.pedigree import Member, Pedigree, Sex
from homeward.simulate.genotypes import Alleles, blocks, drawn
from homeward.simulate.names import invented_name
from homeward.simulate.relatives import KIN, MISSING, NOBODY, RELATIVES, SECOND_MISSING, family_of, typed_of
from homeward.simulate.typings import typed as typed_alleles

__all__ = ["STRANGER", "UNREFERENCED", "Truth", "simulate_incident"]

STRANGER = "stranger"
"""In a truth: of nobody on the list. As a body to be found: one of nobody on the list."""

UNREFERENCED = "unreferenced"
"""As a body to be found: one of a listed person without references."""

_PAIRED = ("femur", "humerus", "radius", "tibia", "ulna", "clavicle", "scapula", "patella")
_ELEMENTS = (
    *((element, side) for element in _PAIRED for side in ("left", "right")),
    ("skull", ""),
    ("mandible", ""),
    ("sacrum", ""),
)
_KOREAN = 136 / 183
"""Share of Korean names on the list: that of the Chosei mine."""

Genotypes = Mapping[str, Alleles]
"""Marker → positions of one person's alleles, shape (ploidy,)."""


@dataclass(frozen=True)
class Truth:
    """What a simulated incident keeps to itself.

    ``of``: sample → the listed person it is of (`FAMILY/PERSON` or the id in the list), or `STRANGER`. ``body``:
    sample → which body, from 0. ``relative``: `FAMILY/PERSON` of each missing family member → the relationship of
    the family's typed relatives to the first of them. ``kin``: of each second missing man of a family → what he is
    to the first.
    """

    of: Mapping[str, str]
    body: Mapping[str, int]
    relative: Mapping[str, str]
    kin: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Drawn:
    """A family before it is named: members by their role in ``shape``, typed ones are ``typed``."""

    id: str
    number: int
    relative: str
    kin: str
    shape: Pedigree
    typed: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return (MISSING, SECOND_MISSING) if self.kin else (MISSING,)

    def person(self, role: str) -> str:
        """The member's id, which no other family has."""
        return f"{role}-{self.number:03d}"

    def full_id(self, role: str) -> str:
        return f"{self.id}/{self.person(role)}"


def simulate_incident(
    *,
    seed: int,
    name: str = "Simulated incident",
    size: int = 183,
    relatives: Mapping[str, int],
    second_relative: float = 0.0,
    kin: Mapping[str, int] | None = None,
    bodies: int | Sequence[str] | None,
    fragments: int | None = None,
    samples_are: Literal["bodies", "fragments"] = "fragments",
    strangers: float = 0.02,
    stranger_bodies: int = 3,
    typed: tuple[float, float] = (0.5, 1.0),
    partial: float = 1.0,
    population: str = "JPN_GF1501",
    theta: float = 0.0,
    dropout: tuple[float, float] | None = None,
    dropin: float = 0.0,
    mistyping: float = 0.0,
) -> tuple[Case, Truth]:
    """An incident whose dead are all men, and what is true of it.

    ``size``: names on the list. ``relatives``: how many families there are with one typed relative of each kind
    of `RELATIVES`; every family misses one man. ``second_relative``: chance that a second relative of his is typed.
    ``kin``: how many families, drawn at random, miss a second man who is a `KIN` of the first. ``bodies``: how many
    bodies are found, each with probability ``strangers`` of nobody on the list and else of anybody on it; or what each
    body is to be, a kind of relative, `UNREFERENCED` or `STRANGER`; None: every fragment is of a body drawn by itself,
    as the prior of fragments has it. ``fragments``: remains in all, at least one a body where bodies are said, the
    others of bodies drawn at random. ``samples_are``, ``stranger_bodies``: what the case says of them.
    ``typed``: range of the share of the markers typed in a partial profile, markers lost at random, and ``partial``
    the chance that a fragment's profile is one; references are typed whole. ``population``: a bundled one; the
    genotypes follow the model its case is computed with, mutation included. Under ``theta`` all founders of the
    incident draw from one urn. ``dropout``: chance that an allele of a heterozygote, and that a homozygote, is not
    seen in the remains, and ``dropin``, with which a third allele leaves no typing; all are stated in the case.
    ``mistyping``: of the references. Names are invented (`homeward.simulate.names`).

    Raises `Refusal` with code ``incident`` where the figures do not fit together.
    """
    kin = kin or {}
    chances = (*(dropout or ()), dropin, partial, second_relative)
    _refuse(size, relatives, kin, bodies, fragments, typed, chances)
    chance = Generator(PCG64(seed))
    settings = Settings(
        incident=Incident(size, strangers, samples_are, stranger_bodies),
        model=ModelSettings(population=((population, 1.0),), theta=theta, mutation="default", mistyping=mistyping),
        run=Run(seed=1),
    )
    model = _model(population, settings)
    drawn_families = _families(relatives, second_relative, kin, chance)
    families, listed = _named(drawn_families, size, chance)
    relative = {f.full_id(m): f.relative for f in drawn_families for m in f.missing}
    related = {f.full_id(SECOND_MISSING): f.kin for f in drawn_families if f.kin}
    if bodies is None:
        found, body = _one_by_one(fragments or 0, [*relative, *(p.id for p in listed)], settings.incident, chance)
    else:
        found = _found(bodies, relative, [p.id for p in listed], strangers, chance)
        body = _bodies(len(found), fragments, chance)
    remains = _remains(body, len(found), chance)
    genotypes, references = _everybody(drawn_families, found, model, chance)
    rates = (None, None, None) if dropout is None and not dropin else (*(dropout or (0.0, 0.0)), dropin)
    samples = [Sample(r.id, "remains", r.id, *rates) for r in remains]
    people = [Sample(p, "person", p) for p in references]
    typings = [
        t for s, b in zip(samples, body, strict=True) for t in _profile(s, genotypes[b], model, typed, partial, chance)
    ]
    typings += [t for s in people for t in _typings(s, references[s.id], model, chance)]
    case = Case(
        name,
        families=families,
        listed=listed,
        remains=remains,
        samples=(*samples, *people),
        typings=tuple(typings),
        settings=settings,
    )
    of_body = {r.id: b for r, b in zip(remains, body, strict=True)}
    return case, Truth({sample: found[b] for sample, b in of_body.items()}, of_body, relative, related)


def _refuse(
    size: int,
    relatives: Mapping[str, int],
    kin: Mapping[str, int],
    bodies: int | Sequence[str] | None,
    fragments: int | None,
    typed: tuple[float, float],
    chances: Sequence[float],
) -> None:
    faults = []
    for given, kinds in ((relatives, tuple(RELATIVES)), (kin, KIN)):
        unknown = [kind for kind in given if kind not in kinds]
        if unknown:
            faults.append(f"{', '.join(unknown)} is no kind of relative: choose among {', '.join(kinds)}")
    families, missing = sum(relatives.values()), sum(relatives.values()) + sum(kin.values())
    if sum(kin.values()) > families:
        faults.append(f"{sum(kin.values())} of {families} families cannot miss a second man")
    if missing > size:
        faults.append(f"{families} families miss {missing} men, and only {size} names are on the list")
    if bodies is not None and not isinstance(bodies, int):
        odd = [b for b in bodies if b not in relatives and b not in (STRANGER, UNREFERENCED)]
        more = sum(kin.values())
        scarce = [k for k in dict.fromkeys(bodies) if k in relatives and bodies.count(k) > relatives[k] + more]
        if list(bodies).count(UNREFERENCED) > size - missing:
            scarce.append(UNREFERENCED)
        faults += [f"a body is to be {b}, and there is no such family" for b in odd]
        faults += [f"more bodies are to be {k} than there are such persons" for k in scarce]
    count = 1 if bodies is None else bodies if isinstance(bodies, int) else len(bodies)
    if bodies is None and not fragments:
        faults.append("where no bodies are said, fragments are to be")
    if count < 1 or (fragments is not None and fragments < count) or (isinstance(bodies, int) and bodies > size):
        faults.append(f"{fragments} fragments of {count} bodies of {size} persons cannot be")
    if not 0.0 < typed[0] <= typed[1] <= 1.0:
        faults.append(f"the share of markers typed, {typed[0]:g} to {typed[1]:g}, is not within 0 to 1")
    if not all(0.0 <= chance <= 1.0 for chance in chances):
        faults.append(f"{', '.join(f'{chance:g}' for chance in chances)}: a chance is not from 0 to 1")
    if faults:
        raise Refusal(Fault("incident", message, "correct the figures of the simulation") for message in faults)


def _model(population: str, settings: Settings) -> Model:
    """The model that the finished case will be computed with: a table holds all that can be drawn from it."""
    markers = bundled_population(population).markers
    nothing = tuple(Typing("nobody", marker, ("?", "?")) for marker in markers)
    return scenarios_of(Case("", typings=nothing, settings=settings))[0].model


def _families(
    relatives: Mapping[str, int], second_relative: float, kin: Mapping[str, int], chance: Generator
) -> list[_Drawn]:
    """The families in an order that tells nothing of the relationship."""
    kinds = [kind for kind, count in relatives.items() for _ in range(count)]
    chance.shuffle(kinds)
    sexes: list[Sex] = ["male" if male else "female" for male in chance.random(len(kinds)) < 0.5]
    two = [False] * len(kinds)
    if second_relative:
        two = [
            more and kind != NOBODY
            for more, kind in zip(chance.random(len(kinds)) < second_relative, kinds, strict=True)
        ]
    also = [""] * len(kinds)
    if kin:
        seconds = [k for k, count in kin.items() for _ in range(count)]
        for at, k in zip(chance.permutation(len(kinds)).tolist(), seconds, strict=False):
            also[at] = k
    return [
        _Drawn(f"F{i:03d}", i, kind, k, family_of(kind, sex, two=t, kin=k), typed_of(kind, two=t))
        for i, (kind, sex, t, k) in enumerate(zip(kinds, sexes, two, also, strict=True), 1)
    ]


def _named(
    drawn_families: Sequence[_Drawn], size: int, chance: Generator
) -> tuple[tuple[Family, ...], tuple[ListedPerson, ...]]:
    """A name and a year of birth for everybody on the list."""
    languages = ["ko" if i < round(_KOREAN * size) else "ja" for i in range(size)]
    chance.shuffle(languages)
    names = [invented_name(x, languages[:i].count(x)) for i, x in enumerate(languages)]
    born = [Span(year, year) for year in chance.integers(1885, 1926, size=size).tolist()]
    said = iter(zip(names, born, strict=True))
    families = []
    for f in drawn_families:
        missing = tuple(f.person(m) for m in f.missing)
        records = {m: PersonRecord(name, born=year) for m, (name, year) in zip(missing, said, strict=False)}
        families.append(Family(f.id, f.shape.relabelled({p: f.person(p) for p in f.shape.ids}), missing, records))
    count = sum(len(f.missing) for f in families)
    return tuple(families), tuple(ListedPerson(f"L-{i + 1:03d}", "male", names[i], born[i]) for i in range(count, size))


def _found(
    bodies: int | Sequence[str], relative: Mapping[str, str], listed: Sequence[str], strangers: float, chance: Generator
) -> list[str]:
    """Whose each body is: listed persons at most once, `STRANGER` any number of times."""
    if isinstance(bodies, int):
        names = chance.permutation([*relative, *listed]).tolist()
        return [STRANGER if chance.random() < strangers else names[i] for i in range(bodies)]
    pools = {kind: chance.permutation([p for p, k in relative.items() if k == kind]).tolist() for kind in bodies}
    pools[UNREFERENCED] = chance.permutation(listed).tolist()
    return [STRANGER if kind == STRANGER else pools[kind].pop() for kind in bodies]


def _bodies(count: int, fragments: int | None, chance: Generator) -> list[int]:
    """Which body each of the remains is of: every body at least once, in an order that tells nothing."""
    more = 0 if fragments is None else fragments - count
    body = [*range(count), *chance.integers(count, size=more).tolist()]
    chance.shuffle(body)
    return body


def _one_by_one(
    fragments: int, names: Sequence[str], incident: Incident, chance: Generator
) -> tuple[list[str], list[int]]:
    """Whose each body is, and the body of each fragment: the list and the strangers' bodies are drawn from anew."""
    drawn_from = [
        int(chance.integers(incident.stranger_bodies)) - incident.stranger_bodies
        if chance.random() < incident.strangers
        else int(chance.integers(len(names)))
        for _ in range(fragments)
    ]
    number = {who: b for b, who in enumerate(dict.fromkeys(drawn_from))}
    return [names[who] if who >= 0 else STRANGER for who in number], [number[who] for who in drawn_from]


def _remains(body: Sequence[int], count: int, chance: Generator) -> tuple[Remains, ...]:
    """One element each; what is of one body differs in element or side."""
    left = [chance.permutation(len(_ELEMENTS)).tolist() for _ in range(count)]
    rows = []
    for i, b in enumerate(body, 1):
        element, side = _ELEMENTS[left[b].pop()] if left[b] else ("fragment", "")
        rows.append(Remains(f"R-{i:02d}", "male" if chance.random() < 0.5 else "unknown", element, side))
    return tuple(rows)


def _everybody(
    families: Sequence[_Drawn], found: Sequence[str], model: Model, chance: Generator
) -> tuple[list[Genotypes], dict[str, Genotypes]]:
    """Genotypes of the bodies and, by `FAMILY/PERSON`, of the references.

    Families of one shape are replicates of one draw; where founders share urns everybody is one draw.
    """
    if any(model.theta_at(locus) for locus in model.loci):
        return _one_world(families, found, model, chance)
    alike: dict[Pedigree, list[_Drawn]] = {}
    for family in families:
        alike.setdefault(family.shape, []).append(family)
    dead: dict[str, Genotypes] = {}
    references: dict[str, Genotypes] = {f.full_id(p): {} for f in families for p in f.typed}
    for shape, group in alike.items():
        roles = (*group[0].missing, *group[0].typed)
        rows = _draws(shape, roles, model, chance, len(group))
        for i, family in enumerate(group):
            dead |= {family.full_id(m): rows[m][i] for m in family.missing}
            references |= {family.full_id(p): rows[p][i] for p in family.typed}
    others = [i for i, person in enumerate(found) if person not in dead]
    alone = Pedigree([Member(MISSING, sex="male")])
    kinless = dict(zip(others, _draws(alone, (MISSING,), model, chance, len(others))[MISSING], strict=True))
    return [kinless[i] if i in kinless else dead[person] for i, person in enumerate(found)], references


def _one_world(
    families: Sequence[_Drawn], found: Sequence[str], model: Model, chance: Generator
) -> tuple[list[Genotypes], dict[str, Genotypes]]:
    """As `_everybody`, of one pedigree with all families and kinless bodies in it."""
    shapes = [f.shape.relabelled({role: f.full_id(role) for role in f.shape.ids}) for f in families]
    missing = {f.full_id(m) for f in families for m in f.missing}
    kinless = {i: f"body {i}" for i, person in enumerate(found) if person not in missing}
    whole = Pedigree([*(m for shape in shapes for m in shape), *(Member(b, sex="male") for b in kinless.values())])
    bodies = [kinless.get(i, person) for i, person in enumerate(found)]
    related = [f.full_id(p) for f in families for p in f.typed]
    rows = _draws(whole, (*bodies, *related), model, chance, 1)
    return [rows[b][0] for b in bodies], {r: rows[r][0] for r in related}


def _draws(
    pedigree: Pedigree, persons: Sequence[str], model: Model, chance: Generator, replicates: int
) -> dict[str, list[Genotypes]]:
    """Person → one set of genotypes a replicate."""
    rows: dict[str, list[dict[str, Alleles]]] = {p: [{} for _ in range(replicates)] for p in persons}
    for block in blocks(model):
        for locus, alleles in zip(block.loci, drawn(pedigree, block, chance, replicates), strict=True):
            for person in persons:
                for i in range(replicates):
                    rows[person][i][locus.name] = alleles[person][i]
    return {person: list(found) for person, found in rows.items()}


def _typings(sample: Sample, genotypes: Genotypes, model: Model, chance: Generator) -> list[Typing]:
    """A sample's typings at all markers; more than two alleles seen are nothing that a laboratory would give."""
    mistyping = model.mistyping if sample.of == "person" else 0.0
    found = []
    for marker, genotype in genotypes.items():
        (alleles,) = typed_alleles(model.locus[marker], genotype[None, :], sample, mistyping, chance)
        if alleles is not None and len(alleles) <= 2:
            found.append(Typing(sample.id, marker, alleles))
    return found


def _profile(
    sample: Sample,
    genotypes: Genotypes,
    model: Model,
    typed: tuple[float, float],
    partial: float,
    chance: Generator,
) -> list[Typing]:
    """What is left of a profile: markers lost at random, and of the others what is seen."""
    if partial < 1.0 and chance.random() >= partial:
        return _typings(sample, genotypes, model, chance)
    markers = list(genotypes)
    share = chance.uniform(*typed)
    kept: NDArray[np.bool_] = np.zeros(len(markers), dtype=np.bool_)
    kept[chance.permutation(len(markers))[: max(1, round(share * len(markers)))]] = True
    return _typings(sample, {m: genotypes[m] for m, k in zip(markers, kept, strict=True) if k}, model, chance)
