"""Sex as AMEL, Y and X markers show it, against the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from homeward.check.finding import FALSE_ALARMS, Finding
from homeward.check.subjects import Subject, TypedCase
from homeward.genetics import Locus, marker_kind
from homeward.pedigree import Sex

__all__ = ["sexes"]

_SHARE = FALSE_ALARMS / 10
"""False alarms allowed in a case: women all of whose X markers happen to be homozygous."""


@dataclass(frozen=True)
class _Shown:
    """What each kind of marker shows: sex → markers that show it."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    homozygous: tuple[str, ...]
    chance: float


def sexes(typed: TypedCase) -> Iterator[Finding]:
    """Findings about samples whose sex markers contradict the record, or each other."""
    shown = {s.sample.id: _shown(typed, s) for s in typed.subjects}
    asked = [s for s in typed.subjects if typed.recorded_sex(s) == "female" and shown[s.sample.id].homozygous]
    threshold = _SHARE / max(1, len(asked))
    for s in typed.subjects:
        seen, recorded = shown[s.sample.id], typed.recorded_sex(s)
        if seen.male and seen.female:
            yield _finding("sex-markers-disagree", s, recorded, "unknown", (*seen.male, *seen.female), 0.0)
        elif seen.male and recorded == "female":
            yield _finding("sex-differs", s, recorded, "male", seen.male, 0.0)
        elif seen.female and recorded == "male":
            yield _finding("sex-differs", s, recorded, "female", seen.female, 0.0)
        elif s in asked and not seen.female and seen.chance <= threshold:
            yield _finding("sex-differs", s, recorded, "male", seen.homozygous, seen.chance)


def _shown(typed: TypedCase, s: Subject) -> _Shown:
    typings = typed.profiles.typings[s.sample.id]
    clean = not typed.profiles.drops_out(s.sample)
    male, female, homozygous = [], [], []
    chances = []
    for marker, rows in typings.items():
        alleles = {a for row in rows for a in row.alleles if a != "?"}
        kind = marker_kind(marker)
        if (kind == "sex" and "Y" in alleles) or (kind == "Y" and alleles):
            male.append(marker)
        elif (kind == "sex" and alleles == {"X"} and clean) or (kind == "X" and len(alleles) > 1):
            female.append(marker)
        elif kind == "X" and len(alleles) == 1 and clean and marker in typed.model.locus:
            homozygous.append(marker)
            chances.append(_homozygosity(typed.model.locus[marker]))
    return _Shown(tuple(male), tuple(female), tuple(homozygous), prod(chances))


def _homozygosity(locus: Locus) -> float:
    return float((locus.frequencies**2).sum())


def _finding(code: str, s: Subject, recorded: Sex, shown: Sex, markers: tuple[str, ...], p: float) -> Finding:
    evidence: dict[str, str | float] = {"recorded": recorded, "shown": shown}
    if p:
        evidence["p_value"] = float(f"{p:.3g}")
    persons = (s.id,) if s.sample.of == "person" else ()
    return Finding(code, "warning", persons=persons, samples=(s.sample.id,), markers=markers, evidence=evidence)
