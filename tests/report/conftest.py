"""A small invented incident and its result, made by hand: the report is tested without the engines."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from random import Random

import numpy as np
import pytest

import homeward.pedigree as hp
from homeward.case import (
    Case,
    Family,
    Incident,
    InputFile,
    ListedPerson,
    PersonRecord,
    Remains,
    Sample,
    Settings,
    Typing,
)
from homeward.genetics import FrequencyChange, Locus, Model, Scenario
from homeward.identify import BoneKinship, Direct, MissingRow, Outside, Pair, Result, SampleRow, Term, Warning
from homeward.pedigree import Member, Pedigree

MARKERS = (*(f"D{n}S{1000 + n}" for n in range(1, 18)), "TH01", "vWA", "FGA", "SE33")


def _grandson() -> Pedigree:
    p = hp.linear(2)
    return hp.relabel(p, {"1": "M-112", "5": "C1", "3": "아들"})


def _brothers() -> Pedigree:
    rows = [
        Member("할아버지", sex="male"),
        Member("할머니", sex="female"),
        Member("M-1", "할아버지", "할머니", "male"),
        Member("M-2", "할아버지", "할머니", "male"),
        Member("W2", sex="female"),
        Member("조카", "M-2", "W2", "female"),
        Member("W1", sex="female"),
        Member("김순자", "M-1", "W1", "female"),
        Member("C3", "M-1", "W1", "male"),
    ]
    return Pedigree(rows)


def families() -> tuple[Family, ...]:
    dead = PersonRecord(deceased=True)
    return (
        Family(
            "F-61",
            _grandson(),
            ("M-112",),
            {"M-112": PersonRecord("김영호"), "아들": dead, "C1": PersonRecord("Living <Person>")},
        ),
        Family(
            "F-62",
            _brothers(),
            ("M-1", "M-2"),
            {"M-1": PersonRecord("金本栄浩"), "M-2": PersonRecord("金本英洙"), "할아버지": dead, "할머니": dead},
        ),
        Family("F-63", hp.relabel(hp.nuclear(2, "female"), {"1": "M-7", "3": "D1", "4": "D2"}), ("M-7",)),
        Family("F-64", hp.relabel(hp.avuncular(2), {"5": "M-9"}), ("M-9",)),
    )


REFERENCES = ("F-61/C1", "F-62/조카", "F-62/김순자", "F-62/C3", "F-63/D1", "F-63/D2", "F-63/2", "F-64/8")


def make_case() -> Case:
    chance = Random(4)
    remains = (
        Remains("R-01", "male", "femur", "right", place="gallery 3"),
        Remains("R-02", "male", "skull", place="gallery 3"),
        Remains("R-03", "unknown", "humerus", "left"),
        Remains("R-04", "female", "femur", "left"),
        Remains("R-05", "male", "radius", "left"),
    )
    samples = (
        *(Sample(r.id, "remains", r.id) for r in remains),
        Sample("R-01b", "remains", "R-01"),
        *(Sample(x, "person", x) for x in REFERENCES),
    )
    typings = []
    for s in samples:
        for m in MARKERS:
            if s.of == "remains" and chance.random() < 0.2:
                continue
            alleles = tuple(
                sorted((str(chance.randint(11, 19)), str(chance.randint(11, 19)) + chance.choice(["", ".3"])))
            )
            typings.append(Typing(s.id, m, alleles))
    return Case(
        "Invented incident <simulated>",
        families(),
        (ListedPerson("L-1", "male", "李"), ListedPerson("L-2", "male")),
        remains,
        samples,
        tuple(typings),
        settings=Settings(incident=Incident(size=183, strangers=0.02)),
        inputs=(InputFile("case.toml", "ab" * 32), InputFile("profiles.csv", "cd" * 32)),
    )


# (sample, missing) -> log10 LR, posterior; what is absent is a weak no
_FOUND = {
    ("R-01", "F-61/M-112"): (7.94, 0.99969),
    ("R-01", "F-62/M-1"): (2.21, 0.0002),
    ("R-02", "F-62/M-1"): (5.3, 0.54),
    ("R-02", "F-62/M-2"): (5.2, 0.4599),
    ("R-03", "F-63/M-7"): (2.4, 0.62),
    ("R-03", "F-61/M-112"): (0.4, 0.011),
    ("R-04", "F-63/M-7"): (9.1, 0.99996),
    ("R-05", "F-64/M-9"): (-0.3, 0.004),
    ("R-01b", "F-61/M-112"): (6.02, 0.99951),
}
_OUTSIDE = {
    "R-01": (0.0000012, 0.00009),
    "R-02": (0.00002, 0.00005),
    "R-03": (0.02, 0.3),
    "R-04": (0.0, 0.00002),
    "R-05": (0.021, 0.93),
    "R-01b": (0.0001, 0.0003),
}


def make_result() -> Result:
    case = make_case()
    chance = Random(9)
    typed = {s: {t.marker for t in rows} for s, rows in case.typings_by_sample.items()}
    pairs = []
    for s in (x for x in case.samples if x.of == "remains"):
        for m in case.missing:
            lr, posterior = _FOUND.get((s.id, m), (-inf if chance.random() < 0.6 else chance.uniform(-6, -1), 0.0))
            used = [x for x in MARKERS if x in typed[s.id]]
            parts = [chance.gauss(0.2, 0.5) for _ in used]
            terms = [Term("autosomal", (x,), v) for x, v in zip(used, parts, strict=True)]
            rest = lr - sum(parts[:-1])
            terms[-1] = replace(terms[-1], log10_lr=rest if lr != -inf else -inf)
            if lr > 2:
                spread = (lr - sum(parts)) / len(parts)
                terms = [Term("autosomal", (x,), v + spread) for x, v in zip(used, parts, strict=True)]
            status = "sex" if s.id == "R-04" else "computed"
            exclusions = 3 if lr == -inf else 1 if s.id == "R-01b" and lr > 0 else 0
            pairs.append(Pair(s.id, m, status, lr, exclusions, tuple(terms), posterior))  # type: ignore[arg-type]
    locus = Locus("TH01", "autosomal", ("6", "9.3"), np.array([0.5, 0.5]))
    changes = (
        FrequencyChange("JPN_GF1501", "TH01", "11.3", 0.0, 0.001, "added"),
        FrequencyChange("JPN_GF1501", "TH01", "6", 0.2214, 0.22118, "rescaled"),
    )
    sex = {r.id: r.sex for r in case.remains}
    rows = [SampleRow(s.id, s.of, s.source, sex.get(s.source, "unknown"), len(typed[s.id])) for s in case.samples]
    return Result(
        case=case,
        scenarios=(Scenario("JPN_GF1501", 1.0, Model("JPN_GF1501", (locus,), changes=changes)),),
        seed=1,
        missing=(
            *(MissingRow(f.full_id(p), f.pedigree[p].sex, 2) for f in case.families for p in f.missing),
            MissingRow("L-1", "male", 0),
            MissingRow("L-2", "male", 0),
        ),
        samples=tuple(rows),
        pairs=tuple(pairs),
        outside=tuple(Outside(s, *o) for s, o in _OUTSIDE.items()),
        direct=(
            Direct("R-01", "R-01b", "computed", 21.35, 16, 0),
            Direct("R-01", "R-02", "computed", -inf, 15, 11),
            Direct("R-02", "R-03", "no-shared-markers", None, 0, 0),
        ),
        kinship=(BoneKinship("R-02", "R-05", "siblings", 2.91, 14), BoneKinship("R-02", "R-03", "siblings", -1.0, 14)),
        warnings=(Warning("something-new", {"family": "F-62", "n": 2}),),
    )


@pytest.fixture
def result() -> Result:
    return make_result()


@pytest.fixture
def case() -> Case:
    return make_case()
