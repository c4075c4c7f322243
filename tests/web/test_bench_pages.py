"""Matrix, individuals, checks, jobs and settings: what each page answers, to whom, and what it lets him do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bench_record import BENCH, SAMPLES, analysed, drawn
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, PEOPLE, take_in

from homeward.case import Settings
from homeward.check import Finding
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.record import Record, queue
from homeward.record.changes import CHANGES, CorrectSettings, QueueAnalysis, WithdrawConsent
from homeward.record.database import job, working
from homeward.report import Words
from homeward.web.pace import Pace
from homeward.web.stored import newest_result

ROOT = Path(__file__).parents[2]
EXAMPLE = read_case(ROOT / "docs" / "case-folder" / "valid" / "example")
Browser = Callable[[str], TestClient]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'case.db'}"


def form(client: TestClient, page: str = "/") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def rows(html: str) -> list[list[str]]:
    """The cells of the page's last table, without tags."""
    body = html.rpartition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL) for row in body.split("<tr>")[1:]]
    return [[re.sub(r"<[^>]*>", "", c).strip() for c in row] for row in cells]


def finding(code: str, persons: tuple[str, ...], samples: tuple[str, ...], **evidence: Any) -> dict[str, Any]:
    """A warning as a result has it, of a pair."""
    told = Finding(code, "warning", persons, samples, (), evidence | {"estimated_kappa": (0.0, 0.0, 1.0)})
    return dict(told.as_json())


def test_answers_are_for_those_who_work_on_the_case(record: Record, browser: Browser) -> None:
    analysed(record)
    paths = ("/matrix", "/matrix/data", "/individuals", "/individuals/one?sample=R-1", "/findings")
    for role in PEOPLE:
        client = browser(role)
        status = 403 if role in ("liaison", "administrator") else 200
        assert [client.get(path).status_code for path in paths] == [status] * len(paths), role
    assert {browser("").get(path, follow_redirects=False).status_code for path in paths} == {303}


def test_without_an_analysis_every_page_says_what_to_do(record: Record, browser: Browser) -> None:
    take_in(record, BENCH)
    client = browser("geneticist")
    for path in ("/matrix", "/individuals", "/findings", "/jobs"):
        told = client.get(path)
        assert told.status_code == 200 and 'href="/analyses"' in told.text.partition("<main")[2], path
    assert client.get("/matrix/data").status_code == 404
    assert client.get("/matrix?analysis=no").status_code == 404


# -- matrix -----------------------------------------------------------------------------------------------------


def test_the_table_behind_the_matrix(record: Record, browser: Browser) -> None:
    analysed(record)
    client = browser("reviewer")
    told = client.get("/matrix").text
    assert "14 samples, of 7 individuals, against 12 missing persons" in told
    assert "11 samples have a name above the threshold" in told and "2 share groups" in told
    assert "168 pairs." in told and "Page 1 of 4" in told
    shown = rows(told)
    posteriors = [float(r[4].replace("\u2007", "")) for r in shown]
    assert posteriors == sorted(posteriors, reverse=True) and len(shown) == 50
    by_lr = client.get("/matrix?sort=lr&reverse=1").text
    assert 'aria-sort="ascending"' in by_lr
    lrs = [float(r[3].replace("−", "-").replace("\u2007", "")) for r in rows(by_lr)]
    assert lrs == sorted(lrs)
    one = rows(client.get("/matrix", params={"sample": "R-3", "missing": "F001/M-2"}).text)
    assert [r[:3] for r in one] == [["F001/M-2", "R-3", one[0][2]]]
    assert [r[1] for r in rows(client.get("/matrix?sort=sample&part=4").text)][-1] == "R-9"
    for wrong in ("measure=none", "sort=no", "part=x"):
        assert client.get(f"/matrix?{wrong}").status_code == 422


def test_a_result_without_a_joint_answer_is_shown_alone(record: Record, browser: Browser) -> None:
    result = drawn()
    del result["joint"]
    analysed(record, result)
    client = browser("reviewer")
    assert "No sample has a name" in client.get("/matrix").text
    assert "has no joint answer" in client.get("/individuals").text
    assert "R-1" in client.get("/individuals/one?sample=R-1").text


def test_what_is_said_in_a_result_is_text(record: Record, browser: Browser) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    case = replace(BENCH, name=evil)
    result = drawn()
    result["warnings"] = [finding("related-remains", (evil,), (evil, evil), relationship="siblings", log10_lr=5.0)]
    analysed(record, result, case=case)
    client = browser("geneticist")
    for path in (
        "/",
        "/matrix",
        "/individuals",
        "/findings",
        "/settings",
        f"/matrix?sample={evil}",
        f"/settings?key={evil}",
    ):
        text = client.get(path).text.replace('<script src="/static/matrix.js" defer></script>', "")
        assert "<script" not in text and "<img" not in text, path


def test_what_was_read_is_not_shown_after_a_withdrawal(record: Record, browser: Browser) -> None:
    """A withdrawal writes an analysis anew; what was held in memory of the old one is let go."""
    take_in(record, EXAMPLE)
    analysed(record, drawn())
    with record.view() as view:
        before = newest_result(view)
        assert before is newest_result(view), "it is read once"
    assert before is not None and before.head.rerunnable
    record.apply(WithdrawConsent("person:F1/C1"), CORA)
    with record.view() as view:
        after = newest_result(view)
    assert after is not None and after is not before and not after.head.rerunnable


# -- individuals ------------------------------------------------------------------------------------------------


def test_individuals_are_told_and_recorded_as_one(record: Record, browser: Browser) -> None:
    differ = finding("samples-differ", (), ("R-4", "R-9"), relationship="unrelated", log10_lr=7.25)
    analysed(record, drawn(warnings=[differ]))
    client = browser("coordinator")
    told = client.get("/individuals").text
    assert "Most probably 7 individuals in 14 samples" in told
    assert told.count("record as one: the answer puts them together") == SAMPLES // 2
    assert "Name " in told and "<svg" in told and "the profiles differ (log₁₀ LR 7.25" in told
    one = client.get("/individuals/one?sample=R-1").text
    assert "left femur" in one and "skull" in one and "more often than one body has it" not in one
    data = {"csrf": form(client), "sample": "R-1", "remains": ["R-0", "R-1"], "id": "B-1", "reason": "one grave"}
    assert client.post("/individuals/record", data=data).status_code == 200
    with record.view() as view:
        assert {view.get("remains", r).individual for r in ("R-0", "R-1")} == {"B-1"}
        assert view.get("remains", "R-2").individual == ""
    assert client.get("/individuals").text.count("record as one: the answer") == SAMPLES // 2 - 1
    assert 'action="/individuals/record"' not in client.get("/individuals/one?sample=R-1").text
    assert 'action="/individuals/record"' not in browser("reviewer").get("/individuals/one?sample=R-2").text
    assert client.post("/individuals/record", data=data | {"reason": " "}).status_code == 422
    assert client.get("/individuals/one?sample=none").status_code == 404


# -- checks -----------------------------------------------------------------------------------------------------


def test_warnings_stand_on_the_board_and_two_samples_are_compared(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    found = finding("duplicate-person", ("F1/C1", "F1/C2"), ("F1/C1", "F1/C2"), log10_lr=9.0)
    analysed(record, drawn(warnings=[found, found | {"severity": "note"}]))
    client = browser("geneticist")
    assert "F1/C1, F1/C2 have profiles of one person" in client.get("/").text
    told = client.get("/findings").text
    assert "One warning needs a person." in told and "One note besides." in told and "1. " not in told
    assert 'id="triangle"' in told and told.count("have profiles of one person") == 2
    assert client.get("/findings?kind=note").text.count("have profiles of one person") == 1
    with record.view() as view:
        typed = sorted(view.ids("profile"))
    two = client.get("/findings", params={"first": typed[0], "second": typed[1]}).text
    assert f"{typed[0]} and {typed[1]} fit best as:" in two and two.count("<svg") == 2
    same = client.get("/findings", params={"first": typed[0], "second": typed[0]})
    assert same.status_code == 422
    assert client.get("/findings", params={"first": typed[0], "second": "no"}).status_code == 422


# -- jobs -------------------------------------------------------------------------------------------------------


def queued(record: Record, id: str, state: str, **columns: Any) -> None:
    record.apply(QueueAnalysis(id, 1), GEN)
    with working(record.engine) as connection:
        connection.execute(sa.update(job).where(job.c.id == id).values(state=state, **columns))


def test_jobs_tell_how_far_they_are_and_why_they_failed(record: Record, browser: Browser) -> None:
    take_in(record, BENCH)
    queued(
        record, "one", "running", worker="w", stage="joint-sampling", done=20, total=60, lease_until=time.time() + 60
    )
    queued(record, "two", "failed", outcome="consent-missing")
    queued(record, "three", "failed", outcome="defect:KeyError", attempts=3)
    queued(record, "four", "queued")
    client = browser("geneticist")
    told = client.get("/jobs").text
    assert "One job is running." in told and "2 failed." in told and 'http-equiv="refresh"' in told
    assert "20 / 60" in told and "about 40 seconds left" in told and "sampling assignments" in told
    assert "a consent that it needs is missing" in told and "a defect of Homeward" in told and "begun 3 times" in told
    assert len(rows(client.get("/jobs?state=failed").text)) == 2
    assert browser("liaison").get("/jobs").status_code == 403
    assert browser("reviewer").get("/jobs").text.count('name="action"') == 0
    adam = browser("administrator")
    shown = adam.get("/jobs").text
    assert shown.count('value="cancel"') == 2 and 'value="resume"' not in shown
    adam.post("/jobs", data={"csrf": form(adam), "action": "cancel", "id": "four"})
    client.post("/jobs", data={"csrf": form(client), "action": "resume", "id": "two"})
    with record.view() as view:
        states = {j.id: j.state for j in queue.jobs(view.connection)}
    assert states == {"one": "running", "two": "queued", "three": "failed", "four": "cancelled"}
    refused = adam.post("/jobs", data={"csrf": form(adam), "action": "resume", "id": "three"})
    assert (
        refused.status_code == 403
        and client.post("/jobs", data={"csrf": form(client), "action": "no", "id": "x"}).status_code == 422
    )


def test_time_left_is_told_once_a_stage_was_watched() -> None:
    pace = Pace()
    at = queue.Job("j", "identify", "running", "gen", {}, "w", 1, False, "screen", 10, 100, "")
    assert pace.left([at], 0.0) == {}
    assert pace.left([replace(at, done=11)], 1.0) == {}, "too short a time to tell"
    assert pace.left([replace(at, done=20)], 5.0) == {"j": 40.0}
    assert pace.left([replace(at, stage="stress", done=1, total=9)], 6.0) == {}, "another stage"
    assert pace.left([replace(at, done=5)], 50.0) == {}, "begun again"
    assert pace.left([], 60.0) == {}


# -- settings ---------------------------------------------------------------------------------------------------


def test_settings_are_changed_by_those_who_may(record: Record, browser: Browser) -> None:
    analysed(record)
    gen, cora, rey = browser("geneticist"), browser("coordinator"), browser("reviewer")
    assert "The last analysis used other settings" not in gen.get("/settings").text
    for client, key, value, status in (
        (cora, "incident.strangers", "0.2", 200),
        (cora, "model.theta", "0.01", 403),
        (gen, "model.theta", "0.01", 200),
        (gen, "model.theta", "0.01", 422),
        (gen, "model.theta", "2", 422),
        (gen, "incident.samples_are", "bodies", 200),
        (rey, "incident.strangers", "0.3", 403),
    ):
        data = {"csrf": form(client), "key": key, "value": value, "reason": "as published"}
        assert client.post("/settings", data=data).status_code == status, (key, value)
    told = gen.get("/settings").text
    assert "The last analysis used other settings" in told and "each of another body" in told
    history = told.partition('class="timeline"')[2]
    assert history.count("as published") == 3 and "<code>model.theta</code> 0 → <b>0.01</b>" in history
    assert "as published" not in browser("administrator").get("/settings").text
    assert 'action="/settings"' not in rey.get("/settings").text
    assert "<option>model.theta" not in cora.get("/settings").text
    kept = gen.post(
        "/settings", data={"csrf": form(gen), "key": "model.theta", "value": "2", "reason": "a typing slip"}
    )
    assert 'value="2"' in kept.text and "a typing slip" in kept.text and "bad-number" in kept.text
    with record.view() as view:
        assert view.get("case", "case").settings.model.theta == 0.01
    assert record.verify() == []


def test_a_setting_that_does_not_go_with_the_case_is_refused(record: Record) -> None:
    take_in(record, EXAMPLE)
    before = record.revision
    for settings, code in (
        (("model.population=nowhere",), "no-population"),
        (("incident.size=0",), "list-size"),
        (("model.nothing=1",), "unknown-field"),
        (("theta",), "bad-argument"),
    ):
        with pytest.raises(Refusal) as refused:
            record.apply(CorrectSettings(settings, "why"), GEN)
        assert refused.value.faults[0].code == code
    assert record.revision == before


def test_every_setting_is_told_in_words() -> None:
    sections = {"y": "line", "mt": "line"}
    keys = [
        f"settings.{sections.get(section.name, section.name)}.{f.name}"
        for section in fields(Settings)
        for f in fields(getattr(Settings(), section.name))
    ]
    assert [key for key in keys if key not in Words("en")] == []


def test_who_may_ask_for_an_analysis_is_told_where_one_is_missing(record: Record, browser: Browser) -> None:
    take_in(record, BENCH)
    for path in ("/analyses", "/individuals", "/matrix", "/findings"):
        assert "asked for by a geneticist" in browser("reviewer").get(path).text, path
        assert "asked for by a geneticist" not in browser("geneticist").get(path).text, path
    record.apply(QueueAnalysis("first", 1), GEN)
    for path in ("/analyses", "/individuals", "/matrix", "/findings"):
        assert "An analysis waits for a worker." in browser("reviewer").get(path).text, path


def test_every_change_has_words() -> None:
    say = Words()
    assert [code for code in CHANGES if f"change.{code}" not in say] == []
