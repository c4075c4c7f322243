"""The data grid, and a pedigree corrected by its links and forms."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, PEOPLE, take_in

from homeward.formats import read_case
from homeward.record import Record
from homeward.record.changes import CorrectPedigree, QueueAnalysis, RawInput, WithdrawConsent
from homeward.record.intake import raw_of_case
from homeward.record.worker import work
from homeward.web.pages.data import _COLUMNS, _ROWS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "case-folder" / "valid" / "example"
EXAMPLE = read_case(FOLDER)
CHOSEI = read_case(ROOT / "demo" / "chosei")
Browser = Callable[[str], TestClient]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'case.db'}"


def shown(text: str) -> list[str]:
    """The samples whose rows a page has."""
    return [html.unescape(m) for m in re.findall(r'<th scope="row"><a href="/data/sample\?id=[^"]*">([^<]*)</a>', text)]


def test_samples_and_markers_by_pages_and_filters(record: Record, browser: Browser) -> None:
    take_in(record, CHOSEI)
    gen = browser("geneticist")
    typed = [s.id for s in CHOSEI.samples if CHOSEI.typings_by_sample[s.id]]
    first, second = gen.get("/data").text, gen.get("/data", params={"part": 2}).text
    assert shown(first) == typed[:_ROWS] and shown(second) == typed[_ROWS : 2 * _ROWS]
    assert f"{len(CHOSEI.typings):,} typings" in first
    heads = re.findall(r'<th scope="col">([^<]*)</th>', first.partition("data-grid")[2])
    assert len(heads) == 1 + min(_COLUMNS, len(CHOSEI.markers))
    one = CHOSEI.typings_by_sample[typed[0]]
    assert ", ".join(one[0].alleles) in first
    of_remains = gen.get("/data", params={"of": "remains"}).text
    assert shown(of_remains) == [s.id for s in CHOSEI.samples if s.of == "remains" and s.id in typed][:_ROWS]
    found = shown(gen.get("/data", params={"find": "f001/"}).text)
    assert found == [s.id for s in CHOSEI.samples if s.id in typed and s.source.startswith("F001/")] and found
    only = gen.get("/data", params={"marker": one[0].marker, "of": "remains"}).text
    assert re.findall(r'<th scope="col">([^<]*)</th>', only.partition("data-grid")[2]) == ["Sample", one[0].marker]
    assert shown(gen.get("/data", params={"part": 999}).text) == []
    assert gen.get("/data", params={"part": 0}).status_code == 422


def test_what_the_last_analysis_found_stands_at_the_field(record: Record, browser: Browser) -> None:
    """A child that is not the mother's is told of at the marker."""
    wrong = tuple(
        replace(t, alleles=("99", "99")) if (t.sample, t.marker) == ("F1/C1", "TH01") else t for t in EXAMPLE.typings
    )
    take_in(record, replace(EXAMPLE, typings=wrong))
    record.apply(QueueAnalysis("first", 1), GEN)
    assert work(record, once=True) == 1
    gen = browser("geneticist")
    text = gen.get("/data").text
    told = shown(gen.get("/data", params={"told": "1"}).text)
    assert set(re.findall(r'>([^<>]+)</a> <span class="tag warn"', text)) == set(told)
    for sample in told:
        assert 'class="fault"' in gen.get("/data/sample", params={"id": sample}).text


def test_as_csv(record: Record, browser: Browser) -> None:
    case = replace(EXAMPLE, typings=tuple(replace(t, marker="=evil()" if t.marker == "FGA" else t.marker)
                                          for t in EXAMPLE.typings))  # fmt: skip
    take_in(record, case)
    told = browser("reviewer").get("/data/csv")
    assert told.headers["content-type"].startswith("text/csv") and "attachment" in told.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(told.text)))
    assert len(rows) == len(case.typings)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    one = browser("reviewer").get("/data/csv", params={"find": "V1", "marker": "TH01"}).text
    assert {(r["sample"], r["marker"]) for r in csv.DictReader(io.StringIO(one))} == {("V1", "TH01")}


def test_raw_beside_normalised(record: Record, browser: Browser) -> None:
    raw: tuple[RawInput, ...] = raw_of_case(EXAMPLE, FOLDER)
    take_in(record, EXAMPLE, raw=raw)
    text = browser("auditor").get("/data/sample", params={"id": "V1"}).text
    own = [line for line in (FOLDER / "profiles.csv").read_text().splitlines() if line.startswith("V1,")]
    for line in own:
        assert f"<code>{' · '.join(line.split(',')[1:])}</code>" in text, line
    for t in EXAMPLE.typings_by_sample["V1"]:
        assert re.search(rf'<th scope="row">{t.marker}</th><td>{", ".join(t.alleles)}', text)
    assert "/api/things/raw-file/content" in text


def test_who_may_read_genotypes(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    for role in PEOPLE:
        allowed = role in ("coordinator", "geneticist", "reviewer", "auditor")
        for path in ("/data", "/data/csv", "/data/sample?id=V1"):
            assert browser(role).get(path).status_code == (200 if allowed else 403), (role, path)
    assert browser("auditor").get("/data/sample", params={"id": "none"}).status_code == 404
    record.apply(WithdrawConsent("person:F1/C1"), CORA)
    text = browser("auditor").get("/data").text
    assert shown(text) == ["V1", "V2"]
    assert "F1/C1" not in browser("auditor").get("/data/csv").text
    evil = "<script>alert(1)</script>\"'"
    for path in ("/data", "/data/sample"):
        told = browser("geneticist").get(path, params={"find": evil, "of": evil, "marker": evil, "id": evil}).text
        assert evil not in told and "<script>" not in told


# -- a pedigree ---------------------------------------------------------------------------------------------


def steps_of(address: str) -> list[str]:
    from urllib.parse import parse_qs, urlsplit

    return parse_qs(urlsplit(address).query).get("do", [])


def test_a_pedigree_is_corrected_by_links_and_forms(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    cora = browser("coordinator")
    start = cora.get("/families/pedigree", params={"id": "F1"}).text
    drawing = re.search(r"<figure>.*?</svg>", start, re.DOTALL)
    assert drawing is not None
    links = {
        html.unescape(b): html.unescape(a)
        for a, b in re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', drawing[0])
    }
    assert set(links) == {"M1", "W1", "C1"}
    chosen = cora.get(links["M1"]).text
    assert 'id="chosen"' in chosen and 'name="verb" value="parents"' in chosen

    def step(verb: str, who: str, do: list[str], **parts: str) -> list[str]:
        told = cora.get("/families/pedigree", params={"id": "F1", "do": do, "verb": verb, "who": who, **parts})
        assert told.status_code == 200, told.text
        return steps_of(str(told.url))

    one = step("parents", "M1", [])
    two = step("sibling", "M1", one, a="B1", b="male", c="both")
    three = step("missing", "B1", step("missing", "M1", two, a="no"), a="yes")
    assert three == ["parents/M1//", "sibling/M1/B1/male/both", "missing/M1/no", "missing/B1/yes"]
    text = cora.get("/families/pedigree", params={"id": "F1", "do": three}).text
    undo = re.search(r'<a href="([^"]+)" data-undo>', text)
    assert undo and steps_of(html.unescape(undo[1])) == three[:3]
    bad = cora.get(
        "/families/pedigree", params={"id": "F1", "do": three, "verb": "child", "who": "B1", "a": "C1", "b": "male"}
    )
    assert bad.status_code == 422 and "duplicate-person" in bad.text and len(re.findall("<ol>.*?</ol>", bad.text)) == 1
    with record.view() as view:
        assert view.get("family", "F1").pedigree.ids == ("M1", "W1", "C1"), "nothing is saved yet"
    since = re.search(r'name="since" value="(\d+)"', text)
    assert since is not None
    form = {"csrf": cora.headers["X-CSRF-Token"], "id": "F1", "since": since[1], "do": three}
    assert "missing-value" in cora.post("/families/pedigree", data={**form, "reason": " "}).text
    told = cora.post("/families/pedigree", data={**form, "reason": "a brother was aboard"})
    assert told.url.path == "/families/one" and told.status_code == 200
    with record.view() as view:
        file = view.get("family", "F1")
    assert file.missing == ("B1",) and (file.pedigree["B1"].father, file.pedigree["M1"].father) == ("father-1",) * 2
    again = cora.post("/families/pedigree", data={**form, "reason": "again"})
    assert again.status_code == 409 and "preview-stale" in again.text
    assert record.verify() == []


def test_what_a_drawing_may_not_do(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    cora = browser("coordinator")
    before = record.revision
    with record.view() as view:
        held = view.held("family", "F1")
    assert held is not None
    form = {"csrf": cora.headers["X-CSRF-Token"], "id": "F1", "since": str(held.since), "reason": "x"}
    removed = cora.post("/families/pedigree", data={**form, "do": ["remove/C1"]})
    assert removed.status_code == 422 and "unknown-person" in removed.text, "somebody with a sample stays"
    assert cora.post("/families/pedigree", data={**form, "csrf": "guessed"}).status_code == 403
    assert cora.post("/families/pedigree", data={**form, "do": ["fly/C1"]}).status_code == 422
    assert cora.get("/families/pedigree", params={"id": "none"}).status_code == 404
    evil = "<script>alert(1)</script>"
    for do in ([f"child/M1/{evil[:40]}/male/W1"], [evil], ["parents/M1//", f"child/M1/{evil}/x/y"]):
        told = cora.get("/families/pedigree", params={"id": "F1", "do": do, "who": evil}).text
        assert "<script>" not in told
    for role in PEOPLE:
        allowed = role in ("coordinator", "geneticist")
        client = browser(role)
        assert client.get("/families/pedigree", params={"id": "F1"}).status_code == (200 if allowed else 403), role
        if not allowed:
            told = client.post("/families/pedigree", data={**form, "csrf": client.headers["X-CSRF-Token"]})
            assert told.status_code == 403
    assert record.revision == before
    record.apply(CorrectPedigree("F1", EXAMPLE.families[0].pedigree, (), "nobody is missing"), CORA)
    assert "is missing" in cora.get("/families/pedigree", params={"id": "F1", "do": ["missing/M1/yes"]}).text
