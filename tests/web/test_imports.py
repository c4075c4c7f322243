"""The import wizard: looked at first, then whole or not at all, by its form alone, and in memory alone."""

from __future__ import annotations

import base64
import html
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from validation.formats import SAMPLES
from validation.record.people import CONSENT, CORA, PEOPLE, take_in

from homeward.formats import FORMATS, InMemory, read_case
from homeward.record import Record
from homeward.record.case_rows import case_of
from homeward.record.changes import RecordConsent, raw_file
from homeward.record.consent_csv import NEEDED, OPTIONAL, read_consents
from homeward.web.pages.upload import MOST_BYTES

ROOT = Path(__file__).parents[2]
EXAMPLE = read_case(ROOT / "docs" / "case-folder" / "valid" / "example")
FAM = sorted((ROOT / "tests" / "formats" / "fam").glob("*.fam"))
Browser = Callable[[str], TestClient]
GENEMAPPER = (
    b"Sample Name\tMarker\tAllele 1\tAllele 2\n"
    b"R-99\tTH01\t9,3\t6\nR-99\tFGA\t22\tOL\nR-99\tD3S1358\t15\t\n"
    b"V1\tTH01\t6\t7\nC2\tTH01\t6\t9.3\n"
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'case.db'}"


def token(client: TestClient) -> str:
    return client.headers["X-CSRF-Token"]


def sends(client: TestClient, files: dict[str, bytes], **fields: str):  # type: ignore[no-untyped-def]
    sent = [("file", (name, data)) for name, data in files.items()]
    return client.post("/import", data={"csrf": token(client), "action": "look", **fields}, files=sent)


def goes_on(client: TestClient, text: str, **fields: str):  # type: ignore[no-untyped-def]
    """The form of a page that was looked at, as a browser sends it, with some fields filled in otherwise."""
    form = [(n, html.unescape(v)) for n, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)]
    form += [(n, html.unescape(v)) for n, v in re.findall(r'<input name="(id-\d+)" value="([^"]*)"', text)]
    for name, options in re.findall(r'<select name="(kind-\d+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        form.append((name, re.findall(r'value="([^"]+)" selected', options)[0]))
    form += re.findall(r'<input type="radio" name="(mode)" value="(\w+)" checked', text)
    form = [(n, v) for n, v in form if n not in fields] + list(fields.items())
    return client.post("/import", files=[(n, (None, v)) for n, v in form])


def take(client: TestClient, text: str, **fields: str):  # type: ignore[no-untyped-def]
    return goes_on(client, text, action="take", **fields)


def test_from_the_file_to_the_record(record: Record, browser: Browser) -> None:
    """Two samples find their places by name, one is given its place, and the file is kept."""
    take_in(record, EXAMPLE)
    record.apply(RecordConsent("person:F1/W1", CONSENT), CORA)
    before = record.revision
    gen = browser("geneticist")
    seen = sends(gen, {"run.txt": GENEMAPPER})
    assert seen.status_code == 200 and record.revision == before
    assert "GeneMapper ID export" in seen.text
    assert re.search(r"<code>9,3</code> <code>6</code>\s*</td><td>TH01 9.3, 6", seen.text), "raw beside normalised"
    assert "off-ladder" in seen.text
    told = take(gen, seen.text, **{"kind-2": "person", "id-2": "F1/W1"})
    assert told.status_code == 409 and "preview-stale" in told.text, "what was not looked at is not taken in"
    again = goes_on(gen, seen.text, action="look", **{"kind-2": "person", "id-2": "F1/W1"})
    told = take(gen, again.text)
    assert told.status_code == 200 and "Done: change" in told.text
    assert record.revision == before + 1
    case = record.case()
    assert {t.marker: t.alleles for t in case.typings_by_sample["R-99"]} == {
        "TH01": ("9.3", "6"), "D3S1358": ("15", "15"),
    }  # fmt: skip
    assert case.remains_by_id["R-99"]
    new = next(s for s in case.samples if s.id == "C2")
    assert (new.of, new.source) == ("person", "F1/W1")
    again_typed = [t for t in case.typings_by_sample["V1"] if t.marker == "TH01"]
    assert [t.replicate for t in again_typed] == list(range(1, len(again_typed) + 1)) and len(again_typed) > 1
    with record.view() as view:
        kept = [id for id in view.all("raw-file") if id.startswith("run.txt@")]
        assert raw_file(view, kept[0]) == GENEMAPPER
        assert "9,3" in view.get("profile", "R-99").raw
        assert view.get("profile", "V1").raw.endswith("V1,5,TH01,6,7\n")
    assert record.verify() == []


def test_what_is_left_out_is_kept_nowhere(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    gen = browser("geneticist")
    seen = goes_on(
        gen, sends(gen, {"run.txt": GENEMAPPER}).text, action="look", **{"kind-2": "leave", "kind-1": "leave"}
    )
    assert "Done: change" in take(gen, seen.text).text
    with record.view() as view:
        assert [id for id in view.all("raw-file") if "run.txt" in id] == []
        assert "9,3" in view.get("profile", "R-99").raw


def test_a_second_import_of_the_same_file_takes_nothing_in(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    gen = browser("geneticist")
    table = b"Sample Name\tMarker\tAllele 1\tAllele 2\nR-99\tTH01\t9.3\t6\n"
    assert "Done" in take(gen, sends(gen, {"a.txt": table}).text).text
    told = sends(gen, {"a.txt": table})
    assert told.status_code == 422 and "nothing-chosen" in told.text


def test_faults_stand_at_their_fields_and_nothing_comes_in(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    before = record.revision
    gen = browser("geneticist")
    bad = GENEMAPPER.replace(b"9,3", b"9.3.1").replace(b"15\t", b"x!\t")
    told = sends(gen, {"run.txt": bad})
    assert told.status_code == 422
    assert len(re.findall(r"<mark>(9\.3\.1|x!)</mark><span class=\"why\">[^<]*", told.text)) == 2
    assert 'value="take"' not in told.text
    for wrong in ({"kind-0": "sample", "id-0": "nobody"}, {"kind-0": "person", "id-0": "F1/none"}, {"kind-1": "new"}):
        told = goes_on(gen, sends(gen, {"run.txt": GENEMAPPER}).text, action="take", **wrong)
        assert told.status_code == 422 and 'class="wrong"' in told.text
    assert "unknown-format" in sends(gen, {"x.txt": b"a b c"}).text
    assert "several-files" in sends(gen, {"x.txt": GENEMAPPER, "y.txt": GENEMAPPER}).text
    data = {"csrf": token(gen), "action": "look"}
    assert "missing-file" in gen.post("/import", files=[(n, (None, v)) for n, v in data.items()]).text
    assert record.revision == before


def test_no_genotype_of_a_living_person_without_consent(record: Record, browser: Browser) -> None:
    gen = browser("geneticist")
    files = {
        f"example/{p.name}": p.read_bytes()
        for p in (ROOT / "docs" / "case-folder" / "valid" / "example").iterdir()
        if p.is_file()
    }
    seen = sends(gen, files)
    assert seen.status_code == 200 and "before the consent of" in seen.text and 'value="take"' not in seen.text
    before = record.revision
    assert "consent-missing" in take(gen, seen.text).text and record.revision == before
    rows = "\n".join(f"F1/{m},identification,KR,2026-01-01" for m in ("C1",))
    consents = f"subject,purposes,countries,since\n{rows}\n".encode()
    again = gen.post(
        "/import",
        data={"csrf": token(gen), "action": "look"},
        files=[*(("file", (n, d)) for n, d in files.items()), ("consents", ("c.csv", consents))],
    )
    assert 'value="take"' in again.text, re.findall(r"<h2>.*?</h2>", again.text)
    assert "Done: change" in take(gen, again.text).text
    with record.view() as view:
        assert case_of(view).digest == EXAMPLE.digest
        assert view.all("consent")


def test_every_format_is_recognised(record: Record, browser: Browser) -> None:
    gen = browser("geneticist")
    for name, sample in SAMPLES.items():
        told = sends(gen, {name: sample.data, **sample.beside})
        assert FORMATS[sample.format].name in html.unescape(told.text), name
        assert 'name="digest"' in told.text or "bad-id" in told.text, (name, told.text)


def test_a_familias_project(record: Record, browser: Browser) -> None:
    gen = browser("geneticist")
    told = sends(gen, {FAM[0].name: FAM[0].read_bytes()})
    assert told.status_code == 200 and "Familias 3" in told.text and 'name="digest"' in told.text


def test_who_may_not_sends_nothing(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    for role in PEOPLE:
        client = browser(role)
        told = sends(client, {"run.txt": GENEMAPPER})
        allowed = role in ("coordinator", "geneticist")
        assert told.status_code == (200 if allowed else 403), role
        assert ('type="file"' in client.get("/import").text) is allowed
    assert browser("").post("/import", files=[("file", ("x", b"y"))], follow_redirects=False).status_code == 303


def test_a_form_of_another_site_sends_nothing(record: Record, browser: Browser) -> None:
    gen = browser("geneticist")
    for guess in ("", "guessed"):
        told = gen.post("/import", data={"csrf": guess, "action": "take"}, files=[("file", ("x.txt", GENEMAPPER))])
        assert told.status_code == 403 and "csrf" in told.text
    assert gen.post("/import", json={"csrf": token(gen)}).status_code == 422


def test_names_and_cells_are_text(record: Record, browser: Browser) -> None:
    """What a file says can be no markup and no path."""
    take_in(record, EXAMPLE)
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    gen = browser("geneticist")
    table = f"Sample Name\tMarker\tAllele 1\tAllele 2\n{evil}\tTH01\t6\t7\n{evil}\t{evil}\t{evil}\t{evil}\n".encode()
    for name in ("x.txt", "<img src=x onerror=alert(1)>.txt"):
        told = sends(gen, {name: table})
        assert "<script" not in told.text and "<img" not in told.text
    again = goes_on(gen, sends(gen, {"x.txt": table.rpartition(b"\n")[0].rpartition(b"\n")[0]}).text,
                    action="look", **{"id-0": evil, "kind-0": "sample"})  # fmt: skip
    assert "<script" not in again.text and "<img" not in again.text
    for name in ("../../etc/passwd", "/etc/passwd", "a/../b", "x" * 300):
        assert sends(gen, {name: GENEMAPPER}).status_code == 422, name
    encoded = base64.b64encode(GENEMAPPER).decode()
    for path, content in (("../x", encoded), ("x.txt", "no base64!")):
        data = {"csrf": token(gen), "action": "look", "path": path, "content": content}
        assert gen.post("/import", files=[(n, (None, v)) for n, v in data.items()]).status_code == 422


def test_large_files_stay_in_memory_and_too_large_ones_outside(
    record: Record, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))

    def refuse(self: object) -> None:
        raise AssertionError("a file was written to the disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    gen = browser("geneticist")
    rows = "".join(f"R-{i // 20}\tM{i % 20}\t15\t16\t{'run ' * 900}\n" for i in range(600))
    table = f"Sample Name\tMarker\tAllele 1\tAllele 2\tRun Name\n{rows}".encode()
    assert 2_000_000 < len(table) < MOST_BYTES
    told = sends(gen, {"x.txt": table})
    assert told.status_code == 200
    assert "Done: change" in take(gen, told.text).text and not list(place.rglob("*"))
    told = sends(gen, {"x.txt": b"x" * (MOST_BYTES + 1)})
    assert told.status_code == 422 and "too-large" in told.text
    assert sends(gen, {"x.txt": b"x" * (2 * MOST_BYTES + 1)}).status_code == 413


FOLDER = {
    f"example/{p.name}": p.read_bytes()
    for p in (ROOT / "docs" / "case-folder" / "valid" / "example").iterdir()
    if p.is_file()
}


def test_what_is_on_record_is_closed_only_where_that_is_ticked(record: Record, browser: Browser) -> None:
    """The safe choice is made already; closing is asked for, counted, and folded away below the buttons."""
    take_in(record, EXAMPLE)
    gen = browser("geneticist")
    assert "Done" in take(gen, sends(gen, {"run.txt": GENEMAPPER.replace(b"C2", b"R-98")}).text).text
    before = record.revision
    seen = sends(gen, FOLDER)
    assert 'value="add" checked' in seen.text and "<h1>What is in example," in seen.text
    assert 'name="close"' not in seen.text
    seen = goes_on(gen, seen.text, action="look", mode="whole")
    assert 'value="whole" checked' in seen.text
    assert re.search(r'name="close" value="yes" required> Yes, close the \d+ things', seen.text)
    at = [seen.text.index(part) for part in ('value="take"', '<details class="moved"', "close: samples")]
    assert at == sorted(at)
    told = take(gen, seen.text)
    assert told.status_code == 422 and "closing-unconfirmed" in told.text and record.revision == before
    assert 'name="mode"' in told.text, "the choice stays after a fault"
    assert "Done" in take(gen, seen.text, close="yes").text
    assert record.case().digest == EXAMPLE.digest


def test_the_look_refuses_what_the_take_would(record: Record, browser: Browser) -> None:
    """A list that grows beyond the size of the incident: told at once, with the way to where it is set."""
    take_in(record, EXAMPLE)  # of size 1, which it names
    bigger = FOLDER["example/case.toml"].replace(b"size = 1", b"size = 2")
    other = FOLDER | {"example/case.toml": bigger, "example/missing.csv": b"missing,sex\nX-1,male\n"}
    gen = browser("geneticist")
    told = sends(gen, other)
    assert told.status_code == 422 and "list-size" in told.text and 'value="take"' not in told.text
    assert 'href="/settings?key=incident.size"' in told.text and 'value="add" checked' in told.text


def test_consents_that_are_missing_are_asked_for_with_a_table_to_fill_in(record: Record, browser: Browser) -> None:
    told = sends(browser("geneticist"), FOLDER).text
    assert "Nothing can come in before the consent of one living person is on record" in told
    assert all(f"<code>{column}</code>" in told for column in (*NEEDED, *OPTIONAL))
    table = html.unescape(re.findall(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", told, re.DOTALL)[0])
    assert table.splitlines() == [",".join((*NEEDED, *OPTIONAL)), "person:F1/C1,,,,,,"]
    link = re.findall(r'download="consents.csv" href="data:text/csv;charset=utf-8,([^"]+)"', told)[0]
    assert unquote(html.unescape(link)) == table
    filled = table.replace("C1,,,,", "C1,identification,KR,2026-01-01,")
    assert list(read_consents(InMemory({"c.csv": filled.encode()}, "c.csv"))) == ["person:F1/C1"]


def test_what_came_in_is_told(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    gen = browser("geneticist")
    told = take(gen, sends(gen, {"run.txt": GENEMAPPER.replace(b"C2", b"R-98")}).text).text
    assert "<li>samples: 2</li>" in told and "<li>remains: 2</li>" in told and "<li>profiles: 3</li>" in told
    assert '<a href="/analyses">Analyse the case</a>' in told
