"""Small cases built by hand, and how a test runs one."""

from __future__ import annotations

from homeward.case import (
    Case,
    Family,
    FrequencyTable,
    Hypothesis,
    Incident,
    ListedPerson,
    ModelSettings,
    MutationRow,
    Remains,
    Sample,
    Settings,
    Typing,
)
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.pedigree import Member, Pedigree

TABLE = FrequencyTable(
    "example",
    False,
    {
        "TH01": {"6": 0.2, "7": 0.25, "8": 0.35, "9": 0.15, "9.3": 0.05},
        "TPOX": {"8": 0.5, "11": 0.5},
        "DXS8378": {"10": 0.3, "11": 0.7},
    },
)


def father(family: str, sex: str = "female") -> Family:
    """A missing father with a typed child."""
    return Family(
        family,
        Pedigree([Member("Mi", sex="male"), Member("Wi", sex="female"), Member("Ki", "Mi", "Wi", sex)]),
        ("Mi",),
    )


def case(
    families: list[Family],
    typings: dict[str, dict[str, str]],
    *,
    remains: tuple[Remains, ...] = (),
    listed: tuple[ListedPerson, ...] = (),
    dropout: dict[str, float] | None = None,
    hypotheses: tuple[Hypothesis, ...] = (),
    mutations: tuple[MutationRow, ...] = (),
    **incident: object,
) -> Case:
    """Samples named FAMILY/PERSON are of people, others of remains of the same name."""
    known = {r.id: r for r in remains}
    bones = [s for s in typings if "/" not in s]
    samples = []
    for s in typings:
        of, source = ("person", s.partition("#")[0]) if "/" in s else ("remains", s)
        d = (dropout or {}).get(s)
        samples.append(Sample(s, of, source, d, d))
    rows = []
    for s, markers in typings.items():
        for marker, texts in markers.items():
            for k, text in enumerate(texts.split("|"), 1):
                rows.append(Typing(s, marker, tuple(text.split("/")) if text else (), k))
    settings = Settings(Incident(**incident), ModelSettings(minimum_frequency=0.0))
    return Case(
        "by hand",
        tuple(families),
        listed,
        tuple(known.get(b, Remains(b)) for b in bones),
        tuple(samples),
        tuple(rows),
        (TABLE,),
        mutations,
        hypotheses,
        settings,
    )


def run(c: Case):
    return identify(c, scenarios_of(c), seed=1)


def warnings(result) -> dict[str, dict[str, object]]:
    return {w.code: dict(w.parameters) for w in result.warnings}


CHILD = {"TH01": "6/7", "TPOX": "8/11"}


def example() -> Case:
    """The worked example of the case folder's contract."""
    return case(
        [father("F1")],
        {"V1": {"TH01": "6/9.3", "TPOX": "8/8"}, "V2": {"TH01": "7/9"}, "F1/Ki": CHILD},
        remains=(Remains("V1", "male"),),
        size=1,
        strangers=0.5,
        samples_are="bodies",
    )
