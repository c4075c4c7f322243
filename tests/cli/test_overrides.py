"""`--set` with the keys that old bones need, and settings that come back from a result as they were."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from homeward.case import Case, LinkedMarkers, ModelSettings
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.formats.overrides import overridden, parsed

FOLDERS = Path(__file__).parents[2] / "docs" / "case-folder" / "valid"


@pytest.fixture(scope="module")
def old() -> Case:
    return read_case(FOLDERS / "old-register")


def changed(case: Case, *arguments: str) -> ModelSettings:
    return overridden(case, parsed(arguments)).settings.model


def refused(case: Case, *arguments: str) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refusal:
        changed(case, *arguments)
    assert all(f.file == "--set" and f.row is None and f.remedy for f in refusal.value.faults)
    return [(f.code, f.column) for f in refusal.value.faults]


def test_what_is_not_set_stays_linked_pairs_included(old: Case) -> None:
    model = changed(old, "model.theta=0.02")
    assert model.theta == 0.02
    assert model.linked == old.settings.model.linked and len(model.linked) == 2
    assert (model.mistyping, model.dropout, model.linkage, model.sampling_error) == (0.002, "estimated", "ignore", True)


def test_every_new_key_can_be_set(old: Case) -> None:
    pair = 'model.linked=[{markers = ["THO1", "TPOX"], mother = 0.1, father = 0}]'
    model = changed(old, pair, "model.sampling_error=false", "model.linkage=report", "model.mistyping=0.5")
    assert model.linked == (LinkedMarkers(("TH01", "TPOX"), 0.1, 0.0),)
    assert (model.mistyping, model.linkage, model.sampling_error) == (0.5, "report", False)
    assert changed(old, "model.linked=[]").linked == ()


def test_how_lineages_are_weighed_can_be_set() -> None:
    case = read_case(FOLDERS / "lineages")
    again = overridden(
        case, parsed(["y.theta=0.01", "y.database=CHN_Han_Yfiler", "mt.database=", "mt.estimator=brenner-kappa"])
    )
    settings = again.settings
    assert (settings.y.theta, settings.y.theta_clan, settings.y.database) == (0.01, 0.05, "CHN_Han_Yfiler")
    assert (settings.mt.database, settings.mt.estimator, settings.mt.theta) == ("", "brenner-kappa", 0.001)
    assert refused(case, "y.theta=1") == [("bad-number", "y.theta")]
    assert refused(case, "mt.estimator=discrete-laplace") == [("bad-value", "mt.estimator")]
    assert refused(case, "y.estimator=stated", "mt.database=harbour") == [
        ("estimator-table", "y.estimator"),
        ("unknown-database", "mt.database"),
    ]
    with pytest.raises(Refusal, match="CHN_Han_Yfiler"):
        overridden(case, parsed(["y.database=CHN_Han_Yfile"]))


def test_settings_come_back_from_json(old: Case) -> None:
    """As `verify` takes them from a result."""
    stated = json.loads(json.dumps(asdict(old.settings)))["model"]
    plain = read_case(FOLDERS / "example")
    values = {f"model.{key}": value for key, value in stated.items() if key != "population"}
    again = overridden(plain, values).settings.model
    assert asdict(again) | {"population": ()} == asdict(old.settings.model) | {"population": ()}


@pytest.mark.parametrize(
    ("argument", "code", "column"),
    [
        ("model.mistyping=1", "bad-number", "model.mistyping"),
        ("model.dropout=guessed", "bad-value", "model.dropout"),
        ("model.linkage=true", "bad-value", "model.linkage"),
        ("model.sampling_error=yes", "bad-value", "model.sampling_error"),
        ("model.linked=TH01", "bad-value", "model.linked"),
        ('model.linked=[{markers = ["TH01", "TPOX"], mother = 0.1}]', "bad-number", "model.linked.father"),
        ('model.linked=[{markers = ["TH01"], mother = 0.1, father = 0.1}]', "bad-value", "model.linked.markers"),
        ('model.linked=[{markers = ["TH01", "AMEL"], mother = 0, father = 0}]', "bad-value", "model.linked.markers"),
    ],
)
def test_what_they_cannot_be_is_refused(old: Case, argument: str, code: str, column: str) -> None:
    assert refused(old, argument) == [(code, column)]


def test_single_alleles_are_no_homozygotes_when_drop_out_is_no_longer_estimated(old: Case) -> None:
    assert refused(old, "model.dropout=stated") == [("single-allele", "model.dropout")]
    whole = read_case(FOLDERS / "example")
    assert changed(whole, "model.dropout=stated").dropout == "stated"
    stated = read_case(FOLDERS / "dropout")
    assert changed(stated, "model.dropout=stated").dropout == "stated"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("theta=0.1", "write model.theta"),
        ("model.thetaa=0.1", "theta may be meant"),
        ("model.theta=abc", "'abc' is no number"),
        ('model.population=[{id = "north", weight = 0.5}, {id = "JPN_GF1501", weight = 0.1}]', "sum to 0.6"),
        ("model.population=JPN_GF150", "choose JPN_GF1501"),
        ("model.dropout=stated", "in: V1a"),
    ],
)
def test_what_is_refused_says_what_to_write(old: Case, argument: str, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        overridden(old, parsed([argument]))
    (fault,) = refusal.value.faults
    assert words in fault.line() and fault.file == "--set"
