"""Profiles as a case: families where the file has them, remains for the samples that are nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from homeward.case import Case, Family, Remains, Sample
from homeward.faults import Fault, Refusal
from homeward.formats.profiles import Frequencies, Profile, Profiles, set_aside
from homeward.formats.table import id_problem
from homeward.pedigree import Member, Pedigree

__all__ = ["case_of", "family_of", "frequencies_of", "left_out", "profiles_of"]


def case_of(profiles: Profiles, name: str, file: str = "") -> tuple[Case, tuple[Fault, ...]]:
    """A case with every typing that can be weighed, and what it does not hold (``not-held``, ``set-aside``).

    A pedigree's members keep their families; a sample with a family but no pedigree becomes a family's member
    without kin (its relationship is told of, to be drawn), as does one called `FAMILY/PERSON`; every other sample is of
    remains of its name. Raises `Refusal` (``bad-id``, at ``file``) for names that are no ids.
    """
    families, kin_left = _families(profiles)
    persons = {f"{f.id}/{m.id}" for f in families for m in f.pedigree}
    _refuse_ids(profiles, persons, file)
    owner = {p.sample: _owner(p.sample, p.family, persons) for p in profiles.profiles}
    told = [*kin_left, *left_out(profiles)]
    remains = tuple(Remains(owner[p.sample], p.sex) for p in profiles.profiles if owner[p.sample] not in persons)
    samples = tuple(
        Sample(owner[p.sample], "person" if owner[p.sample] in persons else "remains", owner[p.sample])
        for p in profiles.profiles
    )
    typings = tuple(replace(t, sample=owner[t.sample]) for t in profiles.weighable)
    mt = tuple(replace(t, sample=owner[t.sample]) for t in profiles.mt)
    with_typings = {t.sample for t in typings} | {t.sample for t in mt}
    case = Case(
        name,
        families=tuple(families),
        remains=remains,
        samples=tuple(s for s in samples if s.id in with_typings or s.of == "remains"),
        typings=typings,
        marker_names=dict(profiles.marker_names),
        mt=mt,
    )
    if any(p.category for p in profiles.profiles):
        told.append(Fault("not-held", "a case does not hold the categories of samples", "note them in NOTES.md"))
    return case, tuple(told)


def _families(profiles: Profiles) -> tuple[list[Family], list[Fault]]:
    families = list(profiles.families)
    if families:
        return families, []
    members: dict[str, list[Member]] = {}
    told = []
    for p in profiles.profiles:
        family, person = _member(p)
        if family:
            members.setdefault(family, []).append(Member(person, sex=p.sex))
            kin = p.relationship or f"the relationship of {person}"
            told.append(
                Fault(
                    "not-held",
                    f"family {family} has no pedigree: {kin} was not drawn",
                    "draw it in pedigrees.csv, with the missing person",
                    sample=p.sample,
                )
            )
    return [Family(f, Pedigree(rows), ()) for f, rows in members.items()], told


def _member(p: Profile) -> tuple[str, str]:
    """The family and person a sample names, by a column of the file or as `FAMILY/PERSON`; ("", "") if none."""
    family, slash, person = p.sample.partition("/")
    if not slash:
        family, person = p.family, p.sample
    sound = id_problem(family) is None and id_problem(person) is None
    return (family, person) if family and sound else ("", "")


def family_of(p: Profile, families: Sequence[Family]) -> tuple[str, str]:
    """The family and person of a sample, by the file's pedigrees, else by its name; ("", "") where it is nobody's."""
    for family in families:
        for member in family.pedigree:
            if p.sample == family.full_id(member.id):
                return family.id, member.id
    return _member(p)


def _refuse_ids(profiles: Profiles, persons: set[str], file: str) -> None:
    """Refuse, once each, the samples that are nobody's and whose names are no ids of remains."""
    bad = {
        p.sample: problem
        for p in profiles.profiles
        if _owner(p.sample, p.family, persons) not in persons and (problem := id_problem(p.sample)) is not None
    }
    if bad:
        remedy = "call the sample FAMILY/PERSON, or by 1 to 64 characters without a slash"
        raise Refusal(
            Fault("bad-id", f"sample {s[:64]!r} {problem}", remedy, file, value=s[:200], sample=s)
            for s, problem in bad.items()
        )


def _owner(sample: str, family: str, persons: set[str]) -> str:
    """The remains or member of a sample, by the id a case knows."""
    return next((p for p in (sample, f"{family}/{sample}", f"{sample}/{sample}") if p in persons), sample)


def left_out(profiles: Profiles) -> list[Fault]:
    """What of profiles no case holds, for it cannot be weighed (``set-aside``)."""
    mixtures = profiles.mixtures
    told = [
        Fault("set-aside", "the sample is a mixture and was left out", "deconvolve it first", sample=s)
        for s in sorted(mixtures)
    ]
    told += [
        Fault("set-aside", f"left out: {code}", "give the allele", sample=t.sample, marker=t.marker)
        for t in profiles.typings
        if t.sample not in mixtures and (code := set_aside(t))
    ]
    return told


def profiles_of(case: Case) -> Profiles:
    """A case's samples as profiles, with the sexes and families of the persons they are of."""
    people = {f.full_id(m.id): m.sex for f in case.families for m in f.pedigree}
    typings = case.typings_by_sample
    found = []
    for s in case.samples:
        kin = s.source.partition("/")[0] if s.source in people else ""
        sex = people.get(s.source) or (
            case.remains_by_id[s.source].sex if s.source in case.remains_by_id else "unknown"
        )
        found.append(Profile(s.id, typings.get(s.id, ()), sex, family=kin))
    return Profiles("case-folder", tuple(found), families=case.families, marker_names=case.marker_names, mt=case.mt)


def frequencies_of(case: Case) -> Frequencies:
    """A case's own population tables."""
    return Frequencies("case-folder", case.populations, marker_names=case.marker_names)
